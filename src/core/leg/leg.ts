/**
 * One party's telephone connection.
 *
 * none ──request──▶ requested ──ring──▶ ringing ──answer──▶ answered ──end──▶ ended
 *                       │                  │                    ▲
 *                       ├──answer──────────┼────────────────────┘
 *                       └──end─────────────┴──▶ ended
 * none ──arrive──▶ ringing (a line rings us)
 *
 * Ended is for good: what the switch still says of an ended leg is late or repeated, and changes nothing. So an answer after our
 * own ringing timeout is never joined.
 */
import type { LegFact, LegOutcome, Swept } from '../facts.ts'
import type { AgentId, CallId, Decision, EntryId, LegId, Ms, PersonId } from '../kernel/kernel.ts'

export type Fact = Extract<LegFact, { legId: LegId }>

export interface State {
  readonly id: LegId
  readonly callId: CallId
  readonly party: 'customer' | 'agent' | 'external'
  readonly inbound: boolean
  readonly agentId: AgentId | null
  readonly personId: PersonId | null
  readonly entryId: EntryId | null
  readonly attempt: number | null
  /** Over which it is rung, where that is a number outside. */
  readonly trunk: string | null
  readonly emergency: boolean
  readonly status: 'requested' | 'ringing' | 'answered' | 'ended'
  readonly requestedAt: Ms
  readonly ringingAt: Ms | null
  readonly answeredAt: Ms | null
  /** null: it is up, or ended while we were away and nobody can tell when. */
  readonly endedAt: Ms | null
  readonly ringUntil: Ms | null
  /** Warned of: it is up for too long, and is ended then. */
  readonly endsAt: Ms | null
  readonly held: boolean
  readonly muted: boolean
  /** What it was rung for, where no entry tells. */
  readonly purpose: 'consult' | 'transfer' | 'rungBack' | null
  /** Whose consult or transfer it is rung for, where it is a number outside. */
  readonly askedBy: AgentId | null
  /** Not rung before its phone is found. */
  readonly waits: boolean
  /** With whom it has been joined: with the customer, or with a colleague alone. null: with nobody. */
  readonly joined: 'main' | 'consult' | null
  readonly outcome: LegOutcome | null
  readonly endedBy: 'party' | 'us' | 'network' | null
}

export type Command =
  | { readonly type: 'ring'; readonly happenedAt?: Ms }
  | { readonly type: 'answer'; readonly happenedAt?: Ms }
  /** `unheard`: the switch is away, and what became of a ring that was asked for nobody can tell. */
  | { readonly type: 'timeOut'; readonly unheard?: boolean }
  | {
      readonly type: 'end'
      readonly outcome: LegOutcome
      readonly by: 'party' | 'us' | 'network'
      readonly cause: number | null
      readonly happenedAt?: Ms
      /** Answered before it ended, and only learnt now. */
      readonly answeredAt?: Ms
      readonly reconciled?: boolean
      readonly swept?: Swept
    }
export type Refusal = never

const when = (command: { readonly happenedAt?: Ms }): { happenedAt?: Ms } =>
  command.happenedAt === undefined ? {} : { happenedAt: command.happenedAt }

export function decide(leg: State, command: Command): Decision<Fact, Refusal> {
  if (leg.status === 'ended') return []
  const who = { callId: leg.callId, legId: leg.id }
  switch (command.type) {
    case 'ring':
      return leg.status === 'requested' ? [{ type: 'leg.ringing', ...who, ...when(command) }] : []
    case 'answer':
      return leg.status === 'answered' ? [] : [{ type: 'leg.answered', ...who, ...when(command) }]
    case 'timeOut':
      if (leg.status === 'answered') return []
      return leg.status === 'requested' && command.unheard === true
        ? [{ type: 'leg.ended', ...who, outcome: 'unknown', by: 'us', cause: null }]
        : [{ type: 'leg.ended', ...who, outcome: 'unanswered', by: 'us', cause: 19 }]
    case 'end': {
      const missed: readonly Fact[] =
        command.answeredAt === undefined || leg.status === 'answered'
          ? []
          : [{ type: 'leg.answered', ...who, happenedAt: command.answeredAt }]
      const outcome =
        leg.status === 'answered' || missed.length > 0 ? 'answered' : command.outcome === 'answered' ? 'failed' : command.outcome
      return [
        ...missed,
        {
          type: 'leg.ended',
          ...who,
          outcome,
          by: command.by,
          cause: command.cause,
          ...when(command),
          ...(command.reconciled === undefined ? {} : { reconciled: command.reconciled }),
          ...(command.swept === undefined ? {} : { swept: command.swept }),
        },
      ]
    }
  }
}

export function initial(fact: Extract<Fact, { type: 'leg.arrived' | 'leg.requested' }>, at: Ms): State {
  const asked = fact.type === 'leg.requested'
  return {
    id: fact.legId,
    callId: fact.callId,
    party: asked ? fact.party : 'customer',
    inbound: !asked,
    agentId: asked ? (fact.agentId ?? null) : null,
    personId: fact.personId ?? null,
    entryId: asked ? (fact.entryId ?? null) : null,
    attempt: asked ? (fact.attempt ?? null) : null,
    trunk: asked ? (fact.trunk ?? null) : null,
    emergency: asked && fact.emergency === true,
    status: asked ? 'requested' : 'ringing',
    requestedAt: at,
    ringingAt: asked ? null : at,
    answeredAt: null,
    endedAt: null,
    ringUntil: asked ? fact.ringUntil : null,
    endsAt: null,
    held: false,
    muted: false,
    purpose: asked ? (fact.purpose ?? null) : null,
    askedBy: asked ? (fact.askedBy ?? null) : null,
    waits: asked && fact.waits === true,
    joined: null,
    outcome: null,
    endedBy: null,
  }
}

export function evolve(leg: State, fact: Exclude<Fact, { type: 'leg.arrived' | 'leg.requested' }>, at: Ms): State {
  switch (fact.type) {
    case 'leg.ringing':
      return { ...leg, status: 'ringing', ringingAt: fact.happenedAt ?? at }
    case 'leg.answered':
      return { ...leg, status: 'answered', answeredAt: fact.happenedAt ?? at }
    case 'leg.warned':
      return { ...leg, endsAt: fact.until }
    case 'leg.held':
      return { ...leg, held: true }
    case 'leg.resumed':
      return { ...leg, held: false }
    case 'leg.muted':
      return { ...leg, muted: true }
    case 'leg.unmuted':
      return { ...leg, muted: false }
    case 'leg.ended':
      return {
        ...leg,
        status: 'ended',
        endedAt: fact.happenedAt ?? (fact.reconciled === true ? null : at),
        outcome: fact.outcome,
        endedBy: fact.by,
      }
  }
}

/** Joined with somebody in this bridge. */
export const joinedIn = (leg: State, bridge: 'main' | 'consult'): State =>
  leg.joined === 'main' || leg.joined === bridge ? leg : { ...leg, joined: bridge }

/** How long it has really rung at an instant; 0 before the far end rang. */
export const rungMs = (leg: State, at: Ms): Ms => (leg.ringingAt === null ? 0 : (leg.answeredAt ?? at) - leg.ringingAt)
export const isUp = (leg: State): boolean => leg.status !== 'ended'
