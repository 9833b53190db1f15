/** A conversation to try things in: agent1 and a customer who waited 40 s, joined at T0; and who hears whom, by the effects alone. */
import { T0 } from '../archive/cases/script.ts'
import type { Effect } from '../effects.ts'
import type { Called } from '../inputs.ts'
import type { LegId } from '../kernel/kernel.ts'
import type { Queue } from '../solution/solution.ts'
import { agentOf, queueOf, Stage, solutionOf } from './stage.support.ts'
import type { TalkInput } from './talking.ts'

type Word = Exclude<TalkInput['type'], 'talk.consult' | 'talk.digits' | 'talk.hangUp'>
export const AGENTS = ['agent1', 'agent2', 'agent3'] as const
const only = (...agents: readonly string[]): Partial<Queue> => ({ skill: agents.join('') })

/** A call that waited 40 s, and has been agent1's since T0. Support is agent1's alone, sales agent2's and agent3's as the story needs. */
export class Talk extends Stage {
  readonly line: LegId
  constructor(sales = 'agent2', agents: readonly string[] = AGENTS) {
    const skills = (id: string) => ({ ...(id === 'agent1' ? { support: 1 } : {}), ...(id === sales ? { sales: 1 } : {}) })
    const solution = solutionOf(
      [queueOf('support', only('support')), queueOf('sales', only('sales'))],
      AGENTS.map((id) => agentOf(id, { skills: skills(id) })),
    )
    super(solution, T0 - 40_000)
    this.logOn(...agents)
    this.ask({ type: 'agent.pause', by: 'agent', agentId: 'agent1', reason: 'lunch' })
    this.line = this.joins('1')
    this.wait(40_000)
    this.ask({ type: 'agent.return', by: 'agent', agentId: 'agent1' })
    this.answers(this.phoneOf('agent1'))
  }
  get callId() {
    return this.all('call.started')[0]?.callId ?? ''
  }
  says(type: Word, agentId = 'agent1') {
    return this.do({ type, by: 'agent', agentId, callId: this.callId }).refused
  }
  consult(to: Called) {
    return this.do({ type: 'talk.consult', by: 'agent', agentId: 'agent1', callId: this.callId, to }).refused
  }
  transfer(to: Called) {
    return this.do({ type: 'talk.transfer', by: 'agent', agentId: 'agent1', callId: this.callId, to }).refused
  }
  until(seconds: number): this {
    this.wait(T0 + seconds * 1000 - this.at)
    return this
  }
  /** The customer hangs up at 180, if nobody has before. */
  end(): this {
    this.until(180)
    this.ends(this.line)
    return this
  }
  /** How often this leg was rung. */
  rungTimes(legId: LegId): number {
    return this.effects.filter((effect) => effect.type === 'leg.ring' && effect.legId === legId).length
  }
  /** By the effects alone: who is joined with whom, and who hears what music. */
  heard(): { readonly joined: readonly (readonly string[])[]; readonly music: Readonly<Record<string, string>> } {
    const names = new Map<LegId, string>([[this.line, 'customer']])
    for (const fact of this.all('leg.requested')) names.set(fact.legId, fact.agentId ?? 'outside')
    const bridges = new Map<string, readonly LegId[]>()
    const music = new Map<LegId, string>()
    const take = (effect: Effect): void => {
      if (effect.type === 'bridge.join') {
        for (const [name, legs] of bridges)
          bridges.set(
            name,
            legs.filter((id) => !effect.legs.includes(id)),
          )
        bridges.set(`${effect.callId} ${effect.bridge}`, effect.legs)
        for (const id of effect.legs) music.delete(id)
      }
      if (effect.type === 'music.start') music.set(effect.legId, effect.music)
      if (effect.type === 'leg.hangUp') music.delete(effect.legId)
    }
    for (const effect of this.effects) take(effect)
    const up = (id: LegId): boolean => this.world.callOfLeg.has(id) && this.call(id)?.legs.get(id)?.status === 'answered'
    return {
      joined: [...bridges.values()].map((legs) => legs.filter(up).map((id) => names.get(id) ?? id)).filter((legs) => legs.length > 1),
      music: Object.fromEntries([...music].filter(([id]) => up(id)).map(([id, name]) => [names.get(id) ?? id, name])),
    }
  }
}

export const agent2: Called = { agentId: 'agent2' }
export const outside: Called = { person: 'p-out', barred: null }
export const sales: Called = { queueId: 'sales' }

export function fail(): never {
  throw new Error('not there')
}
