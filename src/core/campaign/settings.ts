/**
 * What the owner of a campaign has decided: one list of contacts, one dialler queue (of the campaign's own id), and how it is worked.
 * Local rules (calling hours, days) are here as they were written: the engine's edge asks the calendar and brings instants.
 */
import type { DiallerMode } from '../facts-words.ts'
import type { Ms, PersonId } from '../kernel/kernel.ts'

/** `from` and `to` as HH:MM on the contact's clock, from ≤ t < to. */
export interface Window {
  readonly from: string
  readonly to: string
}

/** When contacts may be rung, by each contact's own clock. */
export interface CallingHours {
  /** By weekday, `mon` … `sun`; a day left out is closed. */
  readonly days: Readonly<Record<string, readonly Window[]>>
  /** By date, YYYY-MM-DD: instead of the weekday's; empty: nobody is rung. */
  readonly holidays: Readonly<Record<string, readonly Window[]>>
}

/** Which contacts are called: those whose column has one of these values. */
export interface Filter {
  readonly column: string
  readonly values: readonly string[]
}

export interface SortKey {
  readonly column: string
  readonly descending: boolean
  /** Compared as numbers; else as words. */
  readonly numeric: boolean
}

export interface Settings {
  readonly name: string
  readonly mode: DiallerMode
  /** The skill an agent needs; null: none. */
  readonly skill: string | null
  /** Higher first, among campaigns that want the same agent. 0–1000. */
  readonly priority: number
  /** Power: calls per idle agent, 1.0–6.0. */
  readonly ratio: number
  /** Attempts a contact may use up, 1–20. */
  readonly attemptsMax: number
  /** From the end of a try to the next of the same contact at the earliest. */
  readonly pauseMs: Ms
  /** How long a contact is rung, at least 15 s. */
  readonly ringMs: Ms
  /** After which endings a contact is tried again while attempts are left. Not in use: never that number again. */
  readonly retry: { readonly unanswered: boolean; readonly busy: boolean; readonly rejected: boolean; readonly failed: boolean }
  /** Due retries go before contacts never tried. */
  readonly retriesFirst: boolean
  /** At most three, the first counts most; then the order of the import. */
  readonly sort: readonly SortKey[]
  readonly filters: readonly Filter[]
  readonly hours: CallingHours
  /** Several daily periods: an unanswered contact is tried in another of them next. Empty: the whole of the calling hours. */
  readonly periods: readonly Window[]
  /** When a scheduled campaign begins; null: when somebody starts it. */
  readonly startsAt: Ms | null
  readonly wrapUpMs: Ms
  readonly ringAgentMs: Ms
  /** A Preview card left alone so long goes to the next agent. */
  readonly cardMs: Ms
  /** A Preview card presses Call by itself after so long; null: never. */
  readonly autoCallMs: Ms | null
  /** A caller for whom only agents spoken for are left: he gets one of them (`inbound`), or waits (`dialler`). */
  readonly whenAllSpokenFor: 'inbound' | 'dialler'
  /** Share of answered contacts that may be silent calls in a day, above 0, at most 0.1. */
  readonly silentTarget: number
  /** From a contact's answer until an agent must be there. */
  readonly silentAfterMs: Ms
  /** Switched off only with a reason. `reason` null: it is on. */
  readonly silentMessage: { readonly on: boolean; readonly reason: string | null }
  /** Nobody who got a silent call is called again within this, unless `silentCallback`. */
  readonly silentAgainAfterMs: Ms
  /** Who got a silent call is called again with an agent reserved first, as soon as can be, once. */
  readonly silentCallback: boolean
  /** The pacing may end calls that have rung 15 s when nobody will be ready. */
  readonly mayHangUp: boolean
  /** The line shown to contacts; null: the solution's default. */
  readonly callerId: PersonId | null
  /** By whose rules numbers of its lists are read, and whose zone they are in where the country has one. ISO 3166. */
  readonly country: string
  /** What agents say of a call, beside its result. */
  readonly topics: readonly string[]
  /** Numbers rung or talked with for this campaign at one time, at most. */
  readonly liveMax: number
}

/** Bounds, for the door and for the rules alike. */
export const LIMITS = {
  ratio: { min: 1, max: 6 },
  attempts: { min: 1, max: 20 },
  ringMs: { min: 15_000, max: 120_000 },
  silentTarget: { min: 0.001, max: 0.1 },
  silentAfterMs: { min: 1_000, max: 10_000 },
  cardMs: { min: 5_000, max: 3_600_000 },
  pauseMs: { min: 0, max: 30 * 86_400_000 },
  priority: { min: 0, max: 1_000 },
  liveMax: { min: 1, max: 10_000 },
  sortKeys: 3,
} as const

/** Preview rings the agent first; the others the contact. */
export const isContactFirst = (mode: DiallerMode): boolean => mode !== 'preview'
