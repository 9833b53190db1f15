/** An account of its own of agents: who may be counted on, and whether what is thought of each is so. */
import type { Fact } from '#core/facts.ts'
import type { AgentId, LegId } from '#core/kernel/kernel.ts'
import type { AgentStateName } from '#ports/engine.ts'
import type { Say } from './laws.ts'

interface Agent {
  there: boolean
  paused: boolean
  rests: boolean
  wrapsUp: boolean
  phoneGone: boolean
  legs: Set<LegId>
}

const fresh = (): Agent => ({
  there: false,
  paused: false,
  rests: false,
  wrapsUp: false,
  phoneGone: false,
  legs: new Set(),
})

export class Agents {
  readonly #say: Say
  readonly #agents = new Map<AgentId, Agent>()
  readonly #ofLeg = new Map<LegId, Agent>()

  constructor(say: Say) {
    this.#say = say
  }

  /** Those who may be counted on now. */
  count(): number {
    let ready = 0
    for (const agent of this.#agents.values())
      if (agent.there && !agent.paused && !agent.rests && !agent.wrapsUp && !agent.phoneGone && agent.legs.size === 0) ready += 1
    return ready
  }

  /** What the engine shows of an agent, where nothing is under way. */
  look(agentId: AgentId, state: AgentStateName): void {
    const up = (this.#agents.get(agentId)?.legs.size ?? 0) > 0
    const busy = state === 'connecting' || state === 'connected'
    if (busy !== up) this.#say('agent.settles', `agent ${agentId} is ${state}, and by the facts ${up ? 'on' : 'on no'} line`)
  }

  fact(fact: Fact): void {
    if (fact.type === 'leg.requested' && fact.agentId !== undefined) {
      const agent = this.#of(fact.agentId)
      agent.legs.add(fact.legId)
      agent.rests = false
      this.#ofLeg.set(fact.legId, agent)
    }
    if (fact.type === 'leg.ended') {
      this.#ofLeg.get(fact.legId)?.legs.delete(fact.legId)
      this.#ofLeg.delete(fact.legId)
    }
    if (!('agentId' in fact) || fact.agentId === undefined) return
    const agent = this.#of(fact.agentId)
    switch (fact.type) {
      case 'agent.loggedOn':
        Object.assign(agent, { there: true, paused: false, rests: false, phoneGone: false })
        break
      case 'agent.loggedOff':
        agent.there = false
        break
      case 'agent.paused':
        Object.assign(agent, { paused: true, rests: false })
        break
      case 'agent.returned':
        Object.assign(agent, { paused: false, rests: false, phoneGone: false })
        break
      case 'agent.rested':
        agent.rests = true
        break
      case 'agent.wrapUpStarted':
      case 'agent.wrapUpEnded':
        agent.wrapsUp = fact.type === 'agent.wrapUpStarted'
        break
      case 'agent.unreachable':
      case 'agent.reachable':
        agent.phoneGone = fact.type === 'agent.unreachable'
        break
      default:
    }
  }

  #of(agentId: AgentId): Agent {
    const known = this.#agents.get(agentId) ?? fresh()
    this.#agents.set(agentId, known)
    return known
  }
}
