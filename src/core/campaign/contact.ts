/**
 * One try to reach one contact, from when it was taken up until it is settled.
 *
 * contact first: dialling ──answers──▶ answered ──agent there in time──▶ joined ──▶ settled
 *                    │                     └──limit, hangs up──▶ silent ──▶ settled
 *                    └──no answer──▶ gone ──▶ settled
 * agent first:   waiting ──show──▶ shown ──Call──▶ calling ──answers──▶ joined ──▶ settled
 *                 ▲  │               │  │             │ │
 *                 │  │ deleted       │  └─Cancel──┐   │ └─no answer, Cancel──▶ gone ──▶ settled
 *                 │  └─▶ gone        │            └──▶ gone
 *                 └──rejected, left──┘   own phone not answered: waiting
 *
 * What a try counts as, and what becomes of the contact, is the last step: `settle`. calls.md 2, dialler.md 2 and 4.
 */
import type { Fact as AnyFact, ContactFact, ContactNext, ContactOutcome, DeletedReason, LegOutcome } from '../facts.ts'
import {
  type AgentId,
  type CallId,
  type CampaignId,
  type ContactId,
  type Decision,
  type EntryId,
  type Ms,
  refuse,
} from '../kernel/kernel.ts'
import { spoiltWaitMs, type Uncounted } from './campaign.ts'
import type { Settings } from './settings.ts'

export type Fact = ContactFact
export type Refusal = 'contact.notTalked' | 'contact.callsAt' | 'contact.outlives' | 'contact.alone'

export interface State {
  readonly callId: CallId
  readonly campaignId: CampaignId
  readonly contactId: ContactId
  readonly entryId: EntryId
  readonly number: 1 | 2
  readonly numbersLeft: 1 | 2
  readonly tries: number
  readonly until: Ms | null
  readonly agentFirst: boolean
  readonly afterSilent: boolean
  readonly forAgent: AgentId | null
  /** On how many agents its campaign counted when it was dialled; null: not known, or an agent is first. */
  readonly agents: number | null
  readonly status: 'dialling' | 'answered' | 'waiting' | 'shown' | 'calling' | 'joined' | 'silent' | 'gone' | 'settled'
  /** Its phone was rung at least once. */
  readonly placed: boolean
  readonly answeredAt: Ms | null
  readonly silentAt: Ms | null
  readonly card: { readonly agentId: AgentId; readonly until: Ms } | null
  /** Why it was taken out of the queue, where it was. */
  readonly deleted: DeletedReason | null
  /** What the agent said of it; the last word counts. */
  readonly said: 'unanswered' | { readonly at: Ms; readonly forAgent: AgentId | null; readonly anyoneAt?: Ms | null } | null
  /** In this call it asked not to be called any more. */
  readonly doNotCall: boolean
  /** What the agent said the call was about. */
  readonly topics: readonly string[]
}

export type Command =
  | { readonly type: 'answer'; readonly answeredAt: Ms; readonly silentAfterMs: Ms }
  | { readonly type: 'fallSilent' }
  | { readonly type: 'show'; readonly agentId: AgentId; readonly cardMs: Ms; readonly autoCallMs: Ms | null }
  | { readonly type: 'hide'; readonly why: Extract<Fact, { type: 'card.gone' }>['why'] }
  | { readonly type: 'mark'; readonly agentId: AgentId }
  | {
      readonly type: 'reschedule'
      readonly agentId: AgentId
      readonly at: Ms
      readonly forAgent: AgentId | null
      readonly aloneMs?: Ms
      readonly opensAt?: Ms
      /** The call it is promised in is kept at least so long. */
      readonly keptMs?: Ms
    }
  | { readonly type: 'release' }
  | { readonly type: 'setTopics'; readonly agentId: AgentId; readonly topics: readonly string[] }
  | ({ readonly type: 'settle'; readonly settings: Settings } & Ended)

/** How the try ended. */
export interface Ended {
  /** Of the last leg to the contact; null: it was never rung. */
  readonly outcome: LegOutcome | null
  /** How long the contact's phone has really rung. */
  readonly rungMs: Ms
  /** The contact was on another line with us just then. */
  readonly calling: boolean
  /** An agent, and not the pacing, took the ring back. */
  readonly byAgent: boolean
  /** The contact's tries before this one that were not counted. */
  readonly before: Uncounted
  readonly endedAt: Ms
}

/** An agent who leaves sooner has not let the contact's phone ring. calls.md 2 */
const RUNG_MS = 15_000
/** So many such tries, and the last counts: somebody must come to an end with it. calls.md 2 */
const LEFT_MAX = 3
const UNKNOWN_MAX = 2
/** One agent may have a contact for himself so long: shorter is nobody's time, and longer than a week is a list of his own. */
const ALONE_MS_MIN: Ms = 60_000
const ALONE_MS_MAX: Ms = 7 * 24 * 3_600_000

export function decide(contact: State, command: Command, at: Ms): Decision<Fact, Refusal> {
  const { callId, entryId, status } = contact
  switch (command.type) {
    case 'answer':
      if (status !== 'dialling') return []
      return [{ type: 'contact.answered', callId, silentAt: command.answeredAt + command.silentAfterMs }]
    case 'fallSilent':
      return status === 'answered' ? [{ type: 'contact.silent', callId }] : []
    case 'show': {
      if (status !== 'waiting') return []
      const callsAt = command.autoCallMs === null ? null : at + command.autoCallMs
      return [{ type: 'card.shown', callId, entryId, agentId: command.agentId, until: at + command.cardMs, callsAt }]
    }
    case 'hide':
      if (status !== 'shown' || contact.card === null) return []
      return [{ type: 'card.gone', callId, entryId, agentId: contact.card.agentId, why: command.why }]
    case 'mark':
      if (status !== 'joined') return refuse('contact.notTalked')
      return [{ type: 'contact.markedUnanswered', callId, agentId: command.agentId }]
    case 'reschedule':
      if (status !== 'joined' && status !== 'shown') return refuse('contact.notTalked')
      if (command.at <= at) return refuse('contact.callsAt', 'at')
      if (command.keptMs !== undefined && command.at > at + command.keptMs) return refuse('contact.outlives', 'at')
      return isAlone(command) ? [rescheduled(callId, command)] : refuse('contact.alone', 'forMinutes')
    case 'release':
      return UNCALLED.includes(status) && contact.forAgent !== null ? [{ type: 'contact.released', callId, entryId }] : []
    case 'setTopics':
      if (status !== 'joined' && status !== 'shown') return refuse('contact.notTalked')
      return [{ type: 'contact.topicsSet', callId, agentId: command.agentId, topics: command.topics }]
    case 'settle':
      return status === 'joined' || status === 'silent' || status === 'gone' ? [settled(contact, command)] : []
  }
}

/** Not talked with yet: an own phone that nobody answers leaves it waiting, and then it is anyone's. */
const UNCALLED: readonly State['status'][] = ['waiting', 'shown', 'calling']

type Reschedule = Extract<Command, { type: 'reschedule' }>

/** So long is a time one agent may have it for himself; without one, nothing is to be said against it. */
const isAlone = ({ forAgent, aloneMs }: Reschedule): boolean =>
  aloneMs === undefined || (forAgent !== null && aloneMs >= ALONE_MS_MIN && aloneMs <= ALONE_MS_MAX)

/** His time counts from when the contact may be called: hours that are closed then are not taken off it. */
const rescheduled = (callId: CallId, { agentId, at, forAgent, aloneMs, opensAt = at }: Reschedule): Fact => ({
  type: 'contact.rescheduled',
  callId,
  agentId,
  at,
  forAgent,
  ...(aloneMs === undefined ? {} : { anyoneAt: Math.max(at, opensAt) + aloneMs }),
})

interface Verdict {
  readonly outcome: ContactOutcome
  readonly counted: boolean
  readonly next: ContactNext
  readonly dueAt?: Ms
  readonly inUse?: false
  readonly forAgent?: AgentId
  readonly anyoneAt?: Ms
}

function settled(contact: State, ended: Extract<Command, { type: 'settle' }>): Fact {
  const found = verdict(contact, ended)
  const { outcome, counted, dueAt = null, inUse = true } = found
  return {
    type: 'contact.settled',
    callId: contact.callId,
    campaignId: contact.campaignId,
    contactId: contact.contactId,
    outcome,
    counted,
    tries: contact.tries + (counted ? 1 : 0),
    next: contact.doNotCall ? 'never' : found.next,
    dueAt: contact.doNotCall ? null : dueAt,
    number: contact.number,
    inUse,
    ...(found.forAgent === undefined || contact.doNotCall ? {} : { forAgent: found.forAgent }),
    ...(found.anyoneAt === undefined || contact.doNotCall ? {} : { anyoneAt: found.anyoneAt }),
  }
}

function verdict(contact: State, ended: Extract<Command, { type: 'settle' }>): Verdict {
  const { said, deleted, status } = contact
  if (said !== null && said !== 'unanswered')
    return {
      outcome: status === 'joined' ? 'answered' : 'notCalled',
      counted: status === 'joined',
      next: 'asked',
      dueAt: said.at,
      ...(said.forAgent === null ? {} : { forAgent: said.forAgent }),
      ...(said.anyoneAt == null ? {} : { anyoneAt: said.anyoneAt }),
    }
  if (said === 'unanswered') return counted(contact, ended, 'voicemail', true)
  if (status === 'joined') return { outcome: 'answered', counted: true, next: 'done' }
  if (status === 'silent') return silent(contact, ended)
  if (deleted === 'stopped' || deleted === 'outsideHours') return { outcome: 'notCalled', counted: false, next: 'back' }
  if (deleted !== null) {
    const placed = ended.outcome !== null
    // Taken back before its phone rang: what took long to write was never asked of the network.
    return { outcome: placed ? 'cancelled' : 'notCalled', counted: placed && ended.rungMs > 0, next: 'never' }
  }
  return unreached(contact, ended)
}

/** A try that uses up an attempt, and is followed by another while there are attempts left and the owner wants it. */
function counted(
  contact: State,
  { settings, endedAt }: Extract<Command, { type: 'settle' }>,
  outcome: ContactOutcome,
  retried: boolean,
): Verdict {
  const again = retried && contact.tries + 1 < settings.attemptsMax
  return again ? { outcome, counted: true, next: 'again', dueAt: endedAt + settings.pauseMs } : { outcome, counted: true, next: 'done' }
}

/** Not within 72 h (setting) again; or at once, with an agent first, and once only. */
function silent(contact: State, ended: Extract<Command, { type: 'settle' }>): Verdict {
  const { silentCallback, silentAgainAfterMs } = ended.settings
  if (silentCallback && !contact.afterSilent) return { outcome: 'silent', counted: true, next: 'asked', dueAt: ended.endedAt }
  const after = counted(contact, ended, 'silent', true)
  return after.next === 'again' ? { ...after, dueAt: ended.endedAt + silentAgainAfterMs } : after
}

function unreached(contact: State, ended: Extract<Command, { type: 'settle' }>): Verdict {
  const { outcome, settings, endedAt } = ended
  const back = (why: ContactOutcome, afterMs: Ms): Verdict => ({ outcome: why, counted: false, next: 'back', dueAt: endedAt + afterMs })
  switch (outcome) {
    case null:
      return back('notCalled', spoiltWaitMs(1))
    case 'unanswered':
    case 'withdrawn':
      if (ended.byAgent && ended.rungMs < RUNG_MS && ended.before.left + 1 < LEFT_MAX) return back('unanswered', spoiltWaitMs(1))
      return counted(contact, ended, 'unanswered', settings.retry.unanswered)
    case 'busy':
      return ended.calling ? back('busy', 0) : counted(contact, ended, 'busy', settings.retry.busy)
    case 'rejected':
      return counted(contact, ended, 'rejected', settings.retry.rejected)
    case 'notInUse':
      return { ...counted(contact, ended, 'notInUse', contact.numbersLeft > 1), inUse: false }
    case 'failed':
      return settings.retry.failed
        ? back('failed', spoiltWaitMs(ended.before.failed + 1))
        : { outcome: 'failed', counted: false, next: 'done' }
    // Answered, and nobody is known to have been there: the engine was away.
    case 'answered':
    case 'unknown':
      return ended.before.unknown + 1 < UNKNOWN_MAX ? back('unknown', spoiltWaitMs(1)) : counted(contact, ended, 'unknown', true)
  }
}

export const initial = (fact: Extract<Fact, { type: 'contact.dealt' }>): State => ({
  callId: fact.callId,
  campaignId: fact.campaignId,
  contactId: fact.contactId,
  entryId: fact.entryId,
  number: fact.number,
  numbersLeft: fact.numbersLeft,
  tries: fact.tries,
  until: fact.until,
  agentFirst: fact.agentFirst,
  afterSilent: fact.afterSilent ?? false,
  forAgent: fact.forAgent ?? null,
  agents: fact.agents ?? null,
  status: fact.agentFirst ? 'waiting' : 'dialling',
  placed: false,
  answeredAt: null,
  silentAt: null,
  card: null,
  deleted: null,
  said: null,
  doNotCall: false,
  topics: [],
})

type Reads =
  | Exclude<Fact, { type: 'contact.dealt' }>
  | Extract<AnyFact, { type: 'leg.requested' | 'leg.ended' | 'entry.left' | 'doNotCall.listed' }>

/** Reads its own facts, those of the legs rung for it, and how its entry left the queue. `party`: whose leg it is. */
export function evolve(contact: State, fact: Reads, at: Ms, party: 'customer' | 'agent' | 'external' | null = null): State {
  switch (fact.type) {
    case 'contact.answered':
      return { ...contact, status: 'answered', answeredAt: at, silentAt: fact.silentAt }
    case 'contact.silent':
      return { ...contact, status: 'silent' }
    case 'contact.markedUnanswered':
      return { ...contact, said: 'unanswered' }
    case 'contact.rescheduled':
      return { ...contact, said: { at: fact.at, forAgent: fact.forAgent, anyoneAt: fact.anyoneAt ?? null } }
    case 'contact.released':
      return { ...contact, forAgent: null }
    case 'contact.topicsSet':
      return { ...contact, topics: fact.topics }
    case 'contact.settled':
      return { ...contact, status: 'settled' }
    case 'card.shown':
      return { ...contact, status: 'shown', card: { agentId: fact.agentId, until: fact.until } }
    case 'card.gone':
      return { ...contact, status: 'waiting', card: null }
    case 'leg.requested':
      if (party === 'customer') return { ...contact, placed: true }
      return contact.status === 'shown' || contact.status === 'waiting' ? { ...contact, status: 'calling', card: null } : contact
    case 'leg.ended':
      // The agent's own phone, before the contact was rung: as if the card had never been called.
      return party === 'agent' && contact.status === 'calling' && !contact.placed ? { ...contact, status: 'waiting' } : contact
    case 'entry.left':
      if (contact.status === 'silent') return contact
      if (fact.reason === 'answered') return { ...contact, status: 'joined', answeredAt: contact.answeredAt ?? at }
      return { ...contact, status: 'gone', card: null, deleted: fact.why ?? null }
    case 'doNotCall.listed':
      return { ...contact, doNotCall: true }
  }
}
