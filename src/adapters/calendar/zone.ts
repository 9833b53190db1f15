/**
 * A zone's clock and windows on it, through Temporal. A window is tested at an instant: UTC → local time → inside? So a local hour
 * that is skipped in spring does not happen, and one repeated in autumn counts twice.
 */
import { Temporal } from 'temporal-polyfill'
import type { Ms } from '#core/kernel/kernel.ts'

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
export const DAY_MINUTES = 24 * 60

/** Minutes of the local clock since 00:00, half open. */
export interface Minutes {
  readonly from: number
  readonly to: number
}

/** The windows of a local date. */
export type WindowsOf = (date: Temporal.PlainDate) => readonly Minutes[]

export const minutes = (clock = ''): number => {
  const [hour = 0, minute = 0] = clock.split(':').map(Number)
  return hour * 60 + minute
}

export class ZoneClock {
  readonly #zone: string

  constructor(zone: string) {
    this.#zone = zone
  }

  local(at: Ms): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(this.#zone)
  }

  midnight(date: Temporal.PlainDate): Ms {
    return date.toZonedDateTime(this.#zone).epochMilliseconds
  }

  /** In which of the day's windows an instant lies, the first of several; -1: in none. */
  place(windows: WindowsOf, at: Ms): number {
    const now = this.local(at)
    const minute = now.hour * 60 + now.minute
    return windows(now.toPlainDate()).findIndex(({ from, to }) => from <= minute && minute < to)
  }

  /** The instants of one local day at which something may change, in order: edges of windows, both times when repeated, and the change-over itself. */
  edges(windows: WindowsOf, date: Temporal.PlainDate): Ms[] {
    const start = this.midnight(date)
    const end = this.midnight(date.add({ days: 1 }))
    const found = new Set<Ms>([start])
    for (const minute of windows(date).flatMap(({ from, to }) => [from, to])) {
      if (minute >= DAY_MINUTES) continue
      const clock = date.toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 })
      for (const disambiguation of ['earlier', 'later'] as const)
        found.add(clock.toZonedDateTime(this.#zone, { disambiguation }).epochMilliseconds)
    }
    const turn = this.local(start).getTimeZoneTransition('next')?.epochMilliseconds
    if (turn !== undefined && turn < end) found.add(turn)
    return [...found].filter((at) => at >= start && at < end).sort((a, b) => a - b)
  }

  /** When a local time is: one that is skipped when the gap ends, one that is repeated the first time. */
  instant(local: Temporal.PlainDateTime): Ms {
    const earlier = local.toZonedDateTime(this.#zone, { disambiguation: 'earlier' })
    if (earlier.toPlainDateTime().equals(local)) return earlier.epochMilliseconds
    return earlier.getTimeZoneTransition('next')?.epochMilliseconds ?? earlier.epochMilliseconds
  }
}
