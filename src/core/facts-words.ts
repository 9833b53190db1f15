/** The words facts are made of: who, why, how something ended. Read through `facts.ts`, which everybody imports. */
import type { CallId, Ms } from './kernel/kernel.ts'

/** Who asked for something. */
export type By = 'agent' | 'supervisor' | 'customer' | 'campaign' | 'system'

/** Why a request was taken out of a queue. */
export type DeletedReason =
  | 'cancelled'
  | 'neverCallAgain'
  | 'supervisor'
  | 'customer'
  | 'reachedOtherwise'
  | 'expired'
  | 'stopped'
  | 'outsideHours'
  | 'doNotCall'

/** How a leg ended. `withdrawn`: by us before an answer. `unknown`: the engine was away and nobody could tell. */
/** Its sound, or the word of its far end that it is there, did not come any more; or it was up for longer than a call may be. */
export type Swept = 'noMedia' | 'sessionTimer' | 'tooLong'
export type LegOutcome = 'answered' | 'unanswered' | 'busy' | 'rejected' | 'notInUse' | 'failed' | 'withdrawn' | 'unknown'

/** Why an attempt of a callback used up none of its attempts. */
export type NotCounted = 'agentNoAnswer' | 'agentLeft' | 'network' | 'unknown' | 'customerCalling'

/**
 * How an entry left its queue. `answered`: an agent has it (a callback: the customer was reached);
 * `merged`: the customer already had a callback here; `unreached`: the last attempt of a callback or of an
 * outbound or dialler call reached nobody; `withdrawn`: a consult to a queue was aborted.
 */
export type EntryLeftReason =
  | 'answered'
  | 'hungUp'
  | 'full'
  | 'closed'
  | 'noAgents'
  | 'timedOut'
  | 'transferred'
  | 'digit'
  | 'deleted'
  | 'failed'
  | 'merged'
  | 'unreached'
  | 'withdrawn'

/**
 * `line`: a caller waits on the line. `web`: a callback ordered by API, never on the line.
 * `outbound`: an agent's own call being set up. `dialler`: a contact of a campaign. `consult`: an agent waits
 * for a colleague while the customer hears music.
 */
export type EntryKind = 'line' | 'web' | 'outbound' | 'dialler' | 'consult'

export type DiallerMode = 'preview' | 'progressive' | 'power' | 'predictive'

export type AlarmKind =
  | 'trunk'
  | 'switch'
  | 'disk'
  | 'clock'
  | 'callSetAside'
  | 'unknownLeg'
  | 'journalTail'
  | 'pacing'
  | 'longCall'
  | 'notJoined'

export type OfCall = { readonly callId: CallId }
/** An instant learnt after the fact (a restart asked the switch): what really happened then; `at` of the record is when we learnt it. */
export type Learnt = { readonly happenedAt?: Ms }
