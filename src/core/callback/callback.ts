/**
 * A callback: the same entry, off the line, through all its attempts.
 *
 * none ──order──▶ waiting ──start──▶ offered ──dial──▶ dialling ──reach──▶ talking ──settle──▶ closed (reached)
 *        │          ▲ ▲                 │                 │ │                 └──marked as voicemail, retried──▶ pausing
 *        ▼ notYet ──┘ │                 │ not counted     │ │ counted, attempts left ──▶ pausing ──due──▶ waiting (END)
 *                     ├──── FRONT ──────┴─────────────────┘ │ network ──▶ networkWait ──due──▶ waiting (FRONT)
 *                     │                                     └ counted, none left ──▶ closed (unreached)
 *                     └ withdraw, expire from everything but dialling and talking ──▶ closed (deleted)
 *
 * Which attempts count is the table of `calls.md` 2.
 */
import type { CallbackFact, LegFact, LegOutcome, NotCounted } from '../facts.ts'
import {
  type AgentId,
  Bug,
  type CallId,
  type Decision,
  type EntryId,
  type LegId,
  type Ms,
  type PersonId,
  refuse,
} from '../kernel/kernel.ts'

export type Fact = Exclude<CallbackFact, { type: 'callback.orderStarted' | 'callback.orderLeft' | 'callback.merged' }>
export type Refusal = 'callback.inAttempt' | 'callback.hastened' | 'callback.notWaiting' | 'callback.noVoicemail'

export type Status = 'notYet' | 'waiting' | 'offered' | 'dialling' | 'talking' | 'pausing' | 'networkWait' | 'closed'

export interface State {
  readonly entryId: EntryId
  readonly callId: CallId
  readonly personId: PersonId
  /** Several people stand behind that number: that it is on another line says nothing of this one. */
  readonly switchboard: boolean
  readonly status: Status
  readonly orderedAt: Ms
  /** Attempts that counted. */
  readonly attempts: number
  readonly attemptsMax: number
  /** When notYet, a pause or a wait for the network ends. */
  readonly dueAt: Ms | null
  readonly expiresAt: Ms | null
  /** Times in this attempt that an agent left before the customer's phone had rung long enough. */
  readonly agentsLeft: number
  readonly unknownsInARow: number
  readonly networkFailuresInARow: number
  /** The agent who left last: not offered to again unless alone. */
  readonly notTo: AgentId | null
  /** The customer himself is on the line in this call. */
  readonly heldBy: CallId | null
  /** Somebody pressed Call now, and no attempt was made since. */
  readonly hastened: boolean
  readonly voicemail: boolean
}

/** The queue's settings that judge an attempt. */
export interface Settings {
  readonly pauseMs: Ms
  readonly retryVoicemail: boolean
}

export type Command =
  | { readonly type: 'start'; readonly agentId: AgentId }
  | { readonly type: 'reach' }
  /** The customer's leg ended without an answer. `calling`: he was on another line to us just then. */
  | { readonly type: 'fail'; readonly outcome: LegOutcome; readonly calling: boolean }
  | { readonly type: 'agentMissed' }
  /** The customer came on the line himself while the agent was being rung. */
  | { readonly type: 'recall' }
  /** The agent's leg ended while the customer's phone rang, for so long. */
  | { readonly type: 'agentLeft'; readonly rungMs: Ms }
  /** The engine was away: nobody dialled the customer, joined him, or saw what came of it. `rung`: his phone may have rung. */
  | { readonly type: 'unattended'; readonly rung: boolean }
  | { readonly type: 'due'; readonly since: Ms }
  | { readonly type: 'markVoicemail'; readonly legId: LegId; readonly agentId: AgentId }
  /** The conversation and its wrap-up are over: nobody can mark it any more. */
  | { readonly type: 'settle' }
  | { readonly type: 'hasten'; readonly by: 'supervisor' | 'agent' | 'customer' | 'campaign' | 'system'; readonly user?: string }
  | { readonly type: 'hold'; readonly other: CallId }
  | { readonly type: 'release' }

/** Rung this long, an attempt that its agent leaves counts as unanswered. calls.md 2 */
export const RUNG_LONG_ENOUGH_MS = 15_000
const NETWORK_WAIT_MS = 30_000
const NETWORK_WAIT_MS_MAX = 600_000
const AGENTS_LEFT_MAX = 3
const UNKNOWNS_MAX = 2

/** How an attempt may end in each of its steps; anywhere else it cannot. */
const ENDS_IN: Readonly<Partial<Record<Command['type'], readonly Status[]>>> = {
  agentMissed: ['offered'],
  recall: ['offered'],
  fail: ['dialling'],
  agentLeft: ['dialling'],
  unattended: ['offered', 'dialling', 'talking'],
  reach: ['talking'],
}

export function decide(callback: State, command: Command, settings: Settings, at: Ms): Decision<Fact, Refusal> {
  if (ENDS_IN[command.type]?.includes(callback.status) === false)
    throw new Bug(`${command.type} for a callback that is ${callback.status}, in call ${callback.callId}`)
  const who = { callId: callback.callId, entryId: callback.entryId }
  const attempt = callback.attempts + 1
  const counts = (outcome: LegOutcome): readonly Fact[] => {
    const more = attempt < callback.attemptsMax && outcome !== 'notInUse'
    return [
      {
        type: 'callback.attemptEnded',
        ...who,
        attempt,
        outcome,
        counted: true,
        next: more ? 'pause' : 'close',
        dueAt: more ? at + settings.pauseMs : null,
      },
    ]
  }
  const countsNot = (outcome: LegOutcome, notCounted: NotCounted, next: 'front' | 'place' = 'front'): readonly Fact[] => [
    { type: 'callback.attemptEnded', ...who, attempt, outcome, counted: false, notCounted, next, dueAt: null },
  ]
  const unknown = (): readonly Fact[] => (callback.unknownsInARow + 1 < UNKNOWNS_MAX ? countsNot('unknown', 'unknown') : counts('unknown'))
  switch (command.type) {
    case 'start':
      if (callback.status !== 'waiting') return refuse('callback.notWaiting')
      return [{ type: 'callback.attemptStarted', ...who, attempt, agentId: command.agentId }]
    case 'reach':
      if (settings.retryVoicemail && attempt < callback.attemptsMax) return []
      return [{ type: 'callback.attemptEnded', ...who, attempt, outcome: 'answered', counted: true, next: 'close', dueAt: null }]
    case 'settle': {
      if (callback.status !== 'talking') return []
      const again = callback.voicemail && attempt < callback.attemptsMax
      return [
        {
          type: 'callback.attemptEnded',
          ...who,
          attempt,
          outcome: 'answered',
          counted: true,
          next: again ? 'pause' : 'close',
          dueAt: again ? at + settings.pauseMs : null,
        },
      ]
    }
    case 'fail':
      if (command.calling && command.outcome === 'busy') return countsNot(command.outcome, 'customerCalling', 'place')
      if (command.outcome === 'failed') {
        const waitMs = Math.min(NETWORK_WAIT_MS * 2 ** Math.min(callback.networkFailuresInARow, 10), NETWORK_WAIT_MS_MAX)
        return [
          {
            type: 'callback.attemptEnded',
            ...who,
            attempt,
            outcome: 'failed',
            counted: false,
            notCounted: 'network',
            next: 'retryNetwork',
            dueAt: at + waitMs,
          },
        ]
      }
      return command.outcome === 'unknown' ? unknown() : counts(command.outcome)
    case 'agentMissed':
      return countsNot('withdrawn', 'agentNoAnswer')
    case 'recall':
      return countsNot('withdrawn', 'customerCalling', 'place')
    case 'agentLeft':
      if (command.rungMs >= RUNG_LONG_ENOUGH_MS || callback.agentsLeft + 1 >= AGENTS_LEFT_MAX) return counts('withdrawn')
      return countsNot('withdrawn', 'agentLeft')
    case 'unattended':
      return command.rung ? unknown() : countsNot('withdrawn', 'unknown')
    case 'due':
      if (callback.status === 'networkWait') return [{ type: 'callback.requeued', ...who, place: 'front', since: command.since }]
      if (callback.status === 'pausing' || callback.status === 'notYet')
        return [{ type: 'callback.requeued', ...who, place: 'end', since: at }]
      return []
    case 'markVoicemail':
      if (callback.status !== 'talking') return refuse('callback.noVoicemail')
      if (callback.voicemail) return []
      return [{ type: 'callback.voicemailMarked', ...who, legId: command.legId, agentId: command.agentId, retried: true, dueAt: null }]
    case 'hasten':
      if (callback.status === 'offered' || callback.status === 'dialling' || callback.status === 'talking')
        return refuse('callback.inAttempt')
      if (callback.status === 'closed') return refuse('callback.notWaiting')
      if (callback.hastened) return refuse('callback.hastened')
      return [{ type: 'callback.hastened', ...who, by: command.by, ...(command.user === undefined ? {} : { user: command.user }) }]
    case 'hold':
      return callback.heldBy === null && callback.status !== 'closed' ? [{ type: 'callback.heldBack', ...who, other: command.other }] : []
    case 'release':
      return callback.heldBy === null || callback.status === 'closed' ? [] : [{ type: 'callback.released', ...who }]
  }
}

export const initial = (fact: Extract<Fact, { type: 'callback.ordered' }>, at: Ms): State => ({
  entryId: fact.entryId,
  callId: fact.callId,
  personId: fact.personId,
  switchboard: fact.switchboard ?? false,
  status: fact.notBefore === null ? 'waiting' : 'notYet',
  orderedAt: at,
  attempts: 0,
  attemptsMax: fact.attemptsMax,
  dueAt: fact.notBefore,
  expiresAt: fact.expiresAt,
  agentsLeft: 0,
  unknownsInARow: 0,
  networkFailuresInARow: 0,
  notTo: null,
  heldBy: null,
  hastened: false,
  voicemail: false,
})

const NEXT: Readonly<Record<Extract<Fact, { type: 'callback.attemptEnded' }>['next'], Status>> = {
  close: 'closed',
  pause: 'pausing',
  front: 'waiting',
  place: 'waiting',
  retryNetwork: 'networkWait',
}

/** Reads the callback's own facts, and those of the customer's leg in an attempt. */
export function evolve(
  callback: State,
  fact: Exclude<Fact, { type: 'callback.ordered' }> | Extract<LegFact, { type: 'leg.requested' | 'leg.answered' }>,
): State {
  switch (fact.type) {
    case 'leg.requested':
      return { ...callback, status: 'dialling' }
    case 'leg.answered':
      return { ...callback, status: 'talking' }
    case 'callback.attemptStarted':
      return { ...callback, status: 'offered', hastened: false, notTo: fact.agentId }
    case 'callback.attemptEnded':
      return {
        ...callback,
        status: NEXT[fact.next],
        attempts: fact.counted ? fact.attempt : callback.attempts,
        dueAt: fact.dueAt,
        agentsLeft: fact.counted ? 0 : callback.agentsLeft + (fact.notCounted === 'agentLeft' ? 1 : 0),
        unknownsInARow: fact.outcome === 'unknown' ? callback.unknownsInARow + 1 : 0,
        networkFailuresInARow: fact.notCounted === 'network' ? callback.networkFailuresInARow + 1 : 0,
        notTo: fact.notCounted === 'agentLeft' ? callback.notTo : null,
        voicemail: false,
      }
    case 'callback.requeued':
      return { ...callback, status: 'waiting', dueAt: null }
    case 'callback.hastened':
      return { ...callback, status: 'waiting', dueAt: null, hastened: true }
    case 'callback.voicemailMarked':
      return { ...callback, voicemail: fact.retried }
    case 'callback.heldBack':
      return { ...callback, heldBy: fact.other }
    case 'callback.released':
      return { ...callback, heldBy: null }
  }
}
