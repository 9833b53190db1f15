/**
 * What every machine is made of: how a rule answers, how a number of milliseconds
 * and an id are written, and how a bug is told from a refusal.
 */

/** Milliseconds: an instant is UTC since 1970-01-01, a duration says so in its name (`ringMs`). */
export type Ms = number

export type CallId = string
export type LegId = string
export type EntryId = string
/** Whoever has a number. Random, one per number and solution; the number itself lives in `persons` only. */
export type PersonId = string
/** The ids below are chosen by people, in the solution file. */
export type AgentId = string
export type QueueId = string
export type MenuId = string
export type HoursId = string
export type CampaignId = string
export type ContactId = string

/** One of the two ends of a call. A number is never written here, only who has it. */
export type Party = { readonly person: PersonId } | { readonly agent: AgentId }

/** What `decide` gives back: facts, or one refusal. */
export type Decision<F, R extends string> = readonly F[] | Refused<R>

/** The rules say no. `code` is stable, `noun.reason`, with a row in docs/refusals.md; `field` is the part of the command at fault. */
export interface Refused<R extends string = string> {
  readonly refused: R
  readonly field?: string
}

export const refuse = <R extends string>(code: R, field?: string): Refused<R> =>
  field === undefined ? { refused: code } : { refused: code, field }

export const isRefused = <F, R extends string>(decision: Decision<F, R>): decision is Refused<R> => !Array.isArray(decision)

/** A pair of state and command that cannot happen. Sets that one call aside with an alarm; never the process. */
export class Bug extends Error {
  override readonly name = 'Bug'
}
