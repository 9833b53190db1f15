/** Time and chance, which reach the rules only as fields of an input. */
import type { CallingHours, Window } from '#core/campaign/settings.ts'
import type { HoursId, Ms } from '#core/kernel/kernel.ts'

export interface Clock {
  /** UTC milliseconds by the wall. */
  now(): Ms
  /** Milliseconds that never step, for waiting. */
  monotonic(): Ms
  /** Calls once at or after `at` (by waiting, not by the wall). Returns how to take it back. */
  wake(at: Ms, call: () => void): () => void
}

export interface Chance {
  /** A new id: sortable by time, 80 random bits. Never a counter. */
  id(at: Ms): string
}

/** What opening hours say at an instant, in the solution's zone. */
export interface HoursNow {
  readonly open: boolean
  /** When that changes; null: never. */
  readonly until: Ms | null
  /** The last closing of the local day that is open now. */
  readonly closesAt: Ms | null
  readonly nextDayClosesAt: Ms | null
}

/** Whose clock is asked, and what stands on it. */
export interface CallingAsked {
  /** IANA. */
  readonly zone: string
  readonly hours: CallingHours
  /** Daily periods: within the hours, only in these. Empty: the whole of the hours. */
  readonly periods: readonly Window[]
  /** The contact's own hours; null: none. */
  readonly own: Window | null
}

/** Whether contacts of one clock may be rung at an instant. */
export interface CallingNow {
  readonly open: boolean
  /** When that changes; null: never. */
  readonly until: Ms | null
  /** Which of the daily periods it is in, from 0; null: closed, or there are not two to tell apart. */
  readonly period: number | null
  /** When any of this changes; null: never. */
  readonly turnsAt: Ms | null
}

/** Local rules and a zone into UTC instants. A window is tested at an instant, never by adding hours to a midnight. */
export interface Calendar {
  hours(hoursId: HoursId, at: Ms): HoursNow
  /** Local midnight before or at the instant, and the next one: 23, 24 or 25 h apart. */
  day(at: Ms): { readonly from: Ms; readonly to: Ms }
  /** A contact's calling hours, by the contact's clock. The hour skipped in spring does not happen, the one repeated in autumn counts twice. */
  calling(asked: CallingAsked, at: Ms): CallingNow
  /** When a local time (2026-03-29T02:30) is: one that is skipped when the gap ends, one that is repeated the first time. */
  instant(local: string, zone: string): Ms
  /** The same local time so many calendar months earlier; of a month that is too short, its last day. */
  monthsBefore(at: Ms, months: number): Ms
}
