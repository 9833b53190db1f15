/**
 * An agent's state, as `calls.md` 1 has it.
 *
 * logged off ──log on──▶ ready ──rung──▶ connecting ──answers──▶ connected ──ends──▶ wrap-up ──time, Ready──▶ ready
 *      ▲                   ▲                  │ rejects, does not answer                        │
 *      └─── log off ───────┤                  ▼                                                 ▼ (wish)
 *                          ├──time──── rejected, no answer ──three in a row──▶ paused ◀── pause, asked for at any time
 *                          └──return─────────────────────────────────────────────┘
 *
 * Pause and log-off asked for in a matter are wishes: they take effect after it, and the last one counts. Who called for help while
 * logged off is logged off again after it, and until then nothing can be asked of him that takes one who is logged on.
 */
import type { AgentFact, By, ContactFact, LegFact } from '../facts.ts'
import {
  type AgentId,
  type CallId,
  type CampaignId,
  type Decision,
  type EntryId,
  isRefused,
  type LegId,
  type Ms,
  refuse,
} from '../kernel/kernel.ts'

export type Fact = AgentFact
export type Refusal = 'agent.loggedOn' | 'agent.loggedOff' | 'agent.ready' | 'agent.inCall' | 'agent.unreachable' | 'agent.notInWrapUp'

export type Status = 'loggedOff' | 'ready' | 'connecting' | 'connected' | 'wrapUp' | 'rejected' | 'noAnswer' | 'paused' | 'unreachable'

/** What was asked for in a matter, or while a campaign counted on the agent. */
export interface Wish {
  readonly state: 'paused' | 'loggedOff'
  readonly reason: string
  readonly by: By
  readonly user: string | null
  readonly at: Ms
  /** Asked for while ready: it takes effect then at the latest. */
  readonly effectAt: Ms | null
  /** The campaign that counted on the agent: it takes effect when the calls are settled that were in the air for it. */
  readonly campaignId: CampaignId | null
  /** He was logged off already when he called for help: only logging on ends that. calls.md 1 */
  readonly stays?: true
}

/** He goes from one campaign to another when the calls are settled that were in the air for the first at that instant. */
export interface Promised {
  readonly from: CampaignId
  readonly to: CampaignId
  readonly at: Ms
}

export interface State {
  readonly id: AgentId
  readonly status: Status
  readonly since: Ms
  readonly reason: string | null
  /** When a wrap-up or a rest ends. */
  readonly until: Ms | null
  readonly wish: Wish | null
  /** Offers not answered or failed in a row; a rejection shows that somebody is there. */
  readonly missed: number
  readonly matter: { readonly callId: CallId; readonly legId: LegId; readonly entryId: EntryId | null } | null
  /** The call whose wrap-up this is. */
  readonly wrapUpOf: CallId | null
  /** Unreachable: what the agent was before, and is again if the phone is back soon. */
  readonly before: 'ready' | 'paused' | 'rejected' | 'noAnswer' | null
  /** When the rest ends that he was in. */
  readonly beforeUntil: Ms | null
  /** Whether the phone answers the liveness check. */
  readonly phone: 'there' | 'gone'
  /** The Preview card on the desk. */
  readonly card: { readonly callId: CallId; readonly entryId: EntryId } | null
  readonly promise: Promised | null
}

/** A phone back after longer than this: its agent may not be at the desk any more. calls.md 1 */
const BACK_SOON_MS = 60_000
/** A phone gone for so long: its agent is logged off. */
const GONE_MS = 600_000

type Who = { readonly by: By; readonly user?: string }
export type Command =
  | (Who & { readonly type: 'agent.logOn' })
  | (Who & { readonly type: 'agent.logOff' })
  | (Who & { readonly type: 'agent.pause'; readonly reason: string })
  | (Who & { readonly type: 'agent.return' })
  | (Who & { readonly type: 'agent.extendWrapUp'; readonly byMs: Ms })
  | { readonly type: 'wrapUp.timeOut' }
  | { readonly type: 'rest.timeOut' }
  /** The liveness check of the agent's phone failed, or is answered again. */
  | { readonly type: 'phone.lose' }
  | { readonly type: 'phone.find' }
  | { readonly type: 'phone.timeOut' }
  /** Pause or log-off, asked for while this campaign counts on the agent: it takes effect then at the latest. */
  | (Who & {
      readonly type: 'wish'
      readonly state: Wish['state']
      readonly reason?: string
      readonly effectAt: Ms
      readonly campaignId: CampaignId
    })
  /** Nothing is in the air any more that counts on the agent, or the time is over. */
  | { readonly type: 'wish.settle' }
  /** A Preview card was rejected, or left alone. */
  | { readonly type: 'card.decline'; readonly how: 'rejected' | 'noAnswer'; readonly restMs: Ms; readonly missedMax: number }
  /** The agent's leg ended. */
  | {
      readonly type: 'agent.free'
      readonly how: 'talked' | 'rejected' | 'noAnswer' | 'released'
      readonly callId: CallId
      readonly wrapUpMs: Ms
      readonly restMs: Ms
      readonly missedMax: number
    }

const who = (command: Who): Who => (command.user === undefined ? { by: command.by } : { by: command.by, user: command.user })

export function decide(agent: State, command: Command, at: Ms): Decision<Fact, Refusal> {
  const decided = wanted(agent, command, at)
  if (isRefused(decided) || agent.phone === 'there' || command.type === 'phone.find') return decided
  // With no phone to ring, nobody is ready.
  const ready = decided.some((fact) => fact.type === 'agent.returned' || fact.type === 'agent.loggedOn')
  return ready ? [...decided, { type: 'agent.unreachable', agentId: agent.id }] : decided
}

/** Logged off, or in a call for help he made while he was, or in its wrap-up. */
export const isOff = ({ status, wish }: State): boolean => status === 'loggedOff' || wish?.stays === true

function wanted(agent: State, command: Command, at: Ms): Decision<Fact, Refusal> {
  const agentId = agent.id
  const inMatter = agent.status === 'connecting' || agent.status === 'connected'
  /** A timer may come late: what it was set for may have been extended meanwhile. */
  const isDue = agent.until !== null && at >= agent.until
  const endWrapUp = (by: By): readonly Fact[] =>
    agent.status === 'wrapUp' && agent.wrapUpOf !== null ? [{ type: 'agent.wrapUpEnded', agentId, callId: agent.wrapUpOf, by }] : []
  const settle = (): readonly Fact[] => {
    const wish = agent.wish
    if (wish === null) return [{ type: 'agent.returned', agentId, by: 'system' }]
    const asked: Who = wish.user === null ? { by: wish.by } : { by: wish.by, user: wish.user }
    return wish.state === 'loggedOff'
      ? [{ type: 'agent.loggedOff', agentId, ...asked }]
      : [{ type: 'agent.paused', agentId, reason: wish.reason, ...asked }]
  }
  switch (command.type) {
    case 'agent.logOn':
      if (!isOff(agent)) return refuse('agent.loggedOn')
      if (inMatter) return refuse('agent.inCall')
      return [...endWrapUp(command.by), { type: 'agent.loggedOn', agentId, ...who(command) }]
    case 'agent.logOff':
      if (isOff(agent)) return refuse('agent.loggedOff')
      if (inMatter) return [{ type: 'agent.wished', agentId, wish: 'loggedOff', ...who(command) }]
      return [...endWrapUp(command.by), { type: 'agent.loggedOff', agentId, ...who(command) }]
    case 'agent.pause':
      if (isOff(agent)) return refuse('agent.loggedOff')
      if (agent.status === 'unreachable') return refuse('agent.unreachable')
      if (inMatter) return [{ type: 'agent.wished', agentId, wish: 'paused', reason: command.reason, ...who(command) }]
      return [...endWrapUp(command.by), { type: 'agent.paused', agentId, reason: command.reason, ...who(command) }]
    case 'agent.return':
      if (isOff(agent)) return refuse('agent.loggedOff')
      if (agent.status === 'unreachable') return refuse('agent.unreachable')
      if (inMatter) return agent.wish === null ? refuse('agent.inCall') : [{ type: 'agent.wished', agentId, wish: null, ...who(command) }]
      if (agent.status === 'ready')
        return agent.wish === null ? refuse('agent.ready') : [{ type: 'agent.wished', agentId, wish: null, ...who(command) }]
      return [...endWrapUp(command.by), { type: 'agent.returned', agentId, ...who(command) }]
    case 'agent.extendWrapUp':
      if (agent.status !== 'wrapUp' || agent.wrapUpOf === null || agent.until === null) return refuse('agent.notInWrapUp')
      return [{ type: 'agent.wrapUpExtended', agentId, callId: agent.wrapUpOf, until: agent.until + command.byMs }]
    case 'wrapUp.timeOut':
      return agent.status === 'wrapUp' && isDue ? [...endWrapUp('system'), ...settle()] : []
    case 'rest.timeOut':
      return (agent.status === 'rejected' || agent.status === 'noAnswer') && isDue
        ? [{ type: 'agent.returned', agentId, by: 'system' }]
        : []
    case 'phone.lose':
      if (agent.phone === 'gone') return []
      return [...(agent.status === 'ready' && agent.wish !== null ? settle() : []), { type: 'agent.unreachable', agentId }]
    case 'phone.find': {
      if (agent.phone === 'there') return []
      const late = agent.status === 'unreachable' && at - agent.since > BACK_SOON_MS && agent.before !== 'paused'
      const paused: Fact = { type: 'agent.paused', agentId, reason: 'phone', by: 'system' }
      return [{ type: 'agent.reachable', agentId }, ...(late ? [paused] : [])]
    }
    case 'phone.timeOut':
      return agent.status === 'unreachable' && isDue ? [{ type: 'agent.loggedOff', agentId, by: 'system' }] : []
    case 'wish': {
      const { state, effectAt, campaignId, reason } = command
      if (agent.status !== 'ready' || agent.wish !== null) return []
      return [
        { type: 'agent.wished', agentId, wish: state, ...(reason === undefined ? {} : { reason }), ...who(command), effectAt, campaignId },
      ]
    }
    case 'wish.settle':
      return agent.status === 'ready' && agent.wish !== null ? settle() : []
    case 'card.decline':
      return agent.status === 'ready' ? declined(agent, command.how, command, at) : []
    case 'agent.free':
      if (!inMatter) return []
      if (command.how === 'talked' && command.wrapUpMs > 0)
        return [{ type: 'agent.wrapUpStarted', agentId, callId: command.callId, until: at + command.wrapUpMs }]
      if (command.how === 'talked' || command.how === 'released' || agent.wish !== null) return settle()
      return declined(agent, command.how, command, at)
  }
}

/** Who rejects an offer rests; who misses it too, and after some in a row is paused. */
function declined(
  agent: State,
  how: 'rejected' | 'noAnswer',
  { restMs, missedMax }: { readonly restMs: Ms; readonly missedMax: number },
  at: Ms,
): readonly Fact[] {
  const agentId = agent.id
  if (how === 'rejected') return [{ type: 'agent.rested', agentId, why: how, until: at + restMs, inARow: 0 }]
  if (agent.missed + 1 >= missedMax) return [{ type: 'agent.paused', agentId, reason: 'noAnswer', by: 'system' }]
  return [{ type: 'agent.rested', agentId, why: how, until: at + restMs, inARow: agent.missed + 1 }]
}

export const initial = (id: AgentId): State => ({
  id,
  status: 'loggedOff',
  since: 0,
  reason: null,
  until: null,
  wish: null,
  missed: 0,
  matter: null,
  wrapUpOf: null,
  before: null,
  beforeUntil: null,
  phone: 'there',
  card: null,
  promise: null,
})

const idle = { reason: null, until: null, wish: null, matter: null, wrapUpOf: null, before: null, beforeUntil: null } as const

/** What an agent is again whose phone is back soon; from anything else he is ready. */
const KEPT = ['paused', 'rejected', 'noAnswer'] as const
const STAYS: readonly Status[] = ['connecting', 'connected', 'wrapUp', 'loggedOff']

/** Who was paused, or logged off, when an own call or a colleague's began is so again after it. calls.md 1 */
function backTo({ status, reason, since }: State): Wish | null {
  if (status !== 'paused' && status !== 'loggedOff') return null
  const wish: Wish = { state: status, reason: reason ?? '', by: 'agent', user: null, at: since, effectAt: null, campaignId: null }
  return status === 'loggedOff' ? { ...wish, stays: true } : wish
}

type Reads =
  | Fact
  | Extract<LegFact, { type: 'leg.requested' | 'leg.answered' }>
  | Extract<ContactFact, { type: 'card.shown' | 'card.gone' }>

/** Reads the agent's own facts, those of the agent's leg, and those of the card on the desk. */
export function evolve(agent: State, fact: Reads, at: Ms): State {
  switch (fact.type) {
    case 'card.shown':
      return { ...agent, card: { callId: fact.callId, entryId: fact.entryId } }
    case 'card.gone':
      return { ...agent, card: null }
    case 'leg.requested':
      return {
        ...agent,
        ...idle,
        card: agent.card?.callId === fact.callId ? null : agent.card,
        wish: agent.wish ?? backTo(agent),
        status: 'connecting',
        since: at,
        matter: { callId: fact.callId, legId: fact.legId, entryId: fact.entryId ?? null },
      }
    case 'leg.answered':
      return { ...agent, status: 'connected', since: at, missed: 0 }
    case 'agent.loggedOn':
      return { ...agent, ...idle, status: 'ready', since: at, missed: 0 }
    case 'agent.loggedOff':
      return { ...agent, ...idle, promise: null, status: 'loggedOff', since: at, missed: 0 }
    case 'agent.paused':
      return { ...agent, ...idle, status: 'paused', since: at, reason: fact.reason, missed: 0 }
    case 'agent.returned':
      return { ...agent, ...idle, status: 'ready', since: at }
    // What became of it is told by the facts that follow.
    case 'agent.released':
      return agent
    case 'agent.wished':
      return {
        ...agent,
        wish:
          fact.wish === null
            ? null
            : {
                state: fact.wish,
                reason: fact.reason ?? '',
                by: fact.by,
                user: fact.user ?? null,
                at,
                effectAt: fact.effectAt ?? null,
                campaignId: fact.campaignId ?? null,
              },
      }
    case 'agent.promised':
      return { ...agent, promise: fact.to === null ? null : { from: fact.from, to: fact.to, at } }
    case 'agent.rested':
      return { ...agent, ...idle, status: fact.why, since: at, until: fact.until, missed: fact.inARow }
    case 'agent.wrapUpStarted':
      return { ...agent, ...idle, wish: agent.wish, status: 'wrapUp', since: at, until: fact.until, wrapUpOf: fact.callId }
    case 'agent.wrapUpExtended':
      return { ...agent, until: fact.until }
    case 'agent.wrapUpEnded':
      return agent
    case 'agent.unreachable':
      // Who is in a matter is still in it, for its leg tells of that; and a wrap-up is honoured to its end.
      if (STAYS.includes(agent.status)) return { ...agent, phone: 'gone' }
      return {
        ...agent,
        ...idle,
        phone: 'gone',
        status: 'unreachable',
        since: at,
        until: at + GONE_MS,
        before: KEPT.find((status) => status === agent.status) ?? 'ready',
        beforeUntil: agent.status === 'rejected' || agent.status === 'noAnswer' ? agent.until : null,
        reason: agent.status === 'paused' ? agent.reason : null,
      }
    case 'agent.reachable':
      if (agent.status !== 'unreachable') return { ...agent, phone: 'there' }
      return {
        ...agent,
        phone: 'there',
        status: agent.before ?? 'ready',
        since: at,
        until: agent.beforeUntil,
        before: null,
        beforeUntil: null,
      }
  }
}
