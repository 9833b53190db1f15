/** Time and chance, which reach the rules only as fields of an input. */
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

/** Local rules and a zone into UTC instants. A window is tested at an instant, never by adding hours to a midnight. */
export interface Calendar {
  hours(hoursId: HoursId, at: Ms): HoursNow
  /** Local midnight before or at the instant, and the next one: 23, 24 or 25 h apart. */
  day(at: Ms): { readonly from: Ms; readonly to: Ms }
}
