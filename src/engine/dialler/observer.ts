/**
 * What happened to a campaign's calls and agents, as a pacing is told of it. It keeps of each call what its facts leave behind, for a
 * call may begin and be over within one turn.
 */
import { isContactFirst } from '#core/campaign/settings.ts'
import { takesPart } from '#core/campaign/spoken.ts'
import type { PacingFact } from '#core/dialler/pacing.ts'
import type { Fact, Recorded } from '#core/facts.ts'
import type { AgentId, CallId, CampaignId, LegId, Ms } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { World } from '#core/world/world.ts'

interface Try {
  readonly campaignId: CampaignId
  readonly agentFirst: boolean
  dialledAt: Ms
  answeredAt: Ms | null
  /** The contact's leg, of several the last. */
  legId: LegId | null
  readonly agents: Map<LegId, { readonly agentId: AgentId; joinedAt: Ms | null }>
}

type Told = (campaignId: CampaignId, fact: PacingFact) => void

export class Observer {
  readonly #world: World
  readonly #solution: () => Solution
  readonly #tell: Told
  readonly #tries = new Map<CallId, Try>()
  readonly #wraps = new Map<AgentId, { readonly campaignId: CampaignId; readonly at: Ms }>()

  constructor(world: World, solution: () => Solution, tell: Told) {
    this.#world = world
    this.#solution = solution
    this.#tell = tell
    for (const call of world.calls.values()) if (call.contact !== null) this.#takeUp(call.id)
  }

  observe(recorded: readonly Recorded[]): void {
    for (const { at, fact } of recorded) {
      if (fact.type.startsWith('agent.')) this.#ofAgent(fact, at)
      else if (fact.type === 'contact.dealt') this.#dealt(fact, at)
      else if ('callId' in fact) this.#ofCall(fact, fact.callId, at)
    }
  }

  #dealt(fact: Extract<Fact, { type: 'contact.dealt' }>, at: Ms): void {
    const { callId, campaignId, agentFirst } = fact
    this.#tries.set(callId, { campaignId, agentFirst, dialledAt: at, answeredAt: null, legId: null, agents: new Map() })
  }

  /** After a restart: as the world remembers it. */
  #takeUp(callId: CallId): void {
    const call = this.#world.calls.get(callId)
    if (call?.contact == null) return
    const { campaignId, agentFirst, answeredAt } = call.contact
    const legs = [...call.legs.values()]
    const leg = legs.findLast(({ party }) => party === 'customer')
    const agents = legs.flatMap((one) =>
      one.agentId === null ? [] : [[one.id, { agentId: one.agentId, joinedAt: one.answeredAt }] as const],
    )
    const dialledAt = leg?.requestedAt ?? call.startedAt
    this.#tries.set(callId, { campaignId, agentFirst, dialledAt, answeredAt, legId: leg?.id ?? null, agents: new Map(agents) })
  }

  #ofCall(fact: Fact, callId: CallId, at: Ms): void {
    const one = this.#tries.get(callId)
    if (one === undefined) return
    switch (fact.type) {
      case 'leg.requested':
        if (fact.party === 'agent' && fact.agentId !== undefined) one.agents.set(fact.legId, { agentId: fact.agentId, joinedAt: null })
        if (fact.party !== 'customer') return
        one.legId = fact.legId
        if (one.agentFirst) one.dialledAt = at
        return
      case 'leg.answered':
        if (fact.legId !== one.legId) return
        one.answeredAt = at
        if (!one.agentFirst) this.#tell(one.campaignId, { atMs: at, type: 'answered', ringMs: at - one.dialledAt })
        return
      case 'leg.ended':
        this.#legEnded(one, fact, at)
        return
      case 'contact.silent':
        this.#tell(one.campaignId, { atMs: at, type: 'silent' })
        return
      case 'entry.left':
        if (fact.reason === 'answered') this.#joined(one, fact.agentId, at)
        return
      case 'call.ended':
        this.#tries.delete(callId)
        return
      default:
    }
  }

  #joined(one: Try, agentId: AgentId | undefined, at: Ms): void {
    for (const agent of one.agents.values()) if (agent.agentId === agentId) agent.joinedAt ??= at
    if (one.agentFirst || one.answeredAt === null) return
    this.#tell(one.campaignId, { atMs: at, type: 'connected', waitedMs: at - one.answeredAt })
  }

  #legEnded(one: Try, fact: Extract<Fact, { type: 'leg.ended' }>, at: Ms): void {
    const agent = one.agents.get(fact.legId)
    if (agent !== undefined && agent.joinedAt !== null) {
      this.#tell(one.campaignId, { atMs: at, type: 'talkEnded', talkMs: at - agent.joinedAt })
      one.agents.delete(fact.legId)
    }
    if (fact.legId !== one.legId || one.answeredAt !== null || one.agentFirst) return
    const ringMs = at - one.dialledAt
    if (fact.outcome === 'unanswered') this.#tell(one.campaignId, { atMs: at, type: 'noAnswer', ringMs })
    else this.#tell(one.campaignId, { atMs: at, type: fact.outcome === 'withdrawn' ? 'hungUp' : 'failed', ringMs })
  }

  #ofAgent(fact: Fact, at: Ms): void {
    switch (fact.type) {
      case 'agent.wrapUpStarted': {
        const campaignId = this.#tries.get(fact.callId)?.campaignId
        if (campaignId !== undefined) this.#wraps.set(fact.agentId, { campaignId, at })
        return
      }
      case 'agent.wrapUpEnded': {
        const wrap = this.#wraps.get(fact.agentId)
        this.#wraps.delete(fact.agentId)
        if (wrap !== undefined) this.#tell(wrap.campaignId, { atMs: at, type: 'wrapEnded', wrapMs: at - wrap.at })
        return
      }
      default: {
        const type = told(fact)
        if (type !== null && 'agentId' in fact && fact.agentId !== undefined) this.#ofTheirs(fact.agentId, { atMs: at, type })
      }
    }
  }

  /** Every campaign that runs and the agent takes part in. */
  #ofTheirs(agentId: AgentId, fact: PacingFact): void {
    for (const campaign of this.#world.campaigns.values()) {
      if (campaign.status !== 'running' || !isContactFirst(campaign.settings.mode)) continue
      if (takesPart(this.#solution(), campaign, agentId)) this.#tell(campaign.id, fact)
    }
  }
}

/** What it says of whether an agent can be counted on; null: nothing. */
function told(fact: Fact): 'agentReady' | 'agentPaused' | 'agentLoggedOut' | null {
  switch (fact.type) {
    case 'agent.loggedOn':
    case 'agent.returned':
    case 'agent.reachable':
      return 'agentReady'
    case 'agent.wished':
      return fact.wish !== null && fact.effectAt !== undefined ? 'agentPaused' : null
    case 'agent.paused':
    case 'agent.rested':
    case 'agent.unreachable':
      return 'agentPaused'
    case 'agent.loggedOff':
      return 'agentLoggedOut'
    default:
      return null
  }
}
