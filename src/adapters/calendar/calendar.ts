/**
 * Opening hours and days by a zone's clock, through Temporal. A window is tested at an instant: UTC → local time → inside? So a
 * local hour that is skipped in spring does not happen, and one repeated in autumn counts twice.
 */
import { Temporal } from 'temporal-polyfill'
import { Bug, type HoursId, type Ms } from '#core/kernel/kernel.ts'
import type { Calendar, HoursNow } from '#ports/clock.ts'
import type { FileHours } from '#wire/solution.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
/** How far ahead the next change is looked for: past a year, so that every holiday and both change-over days are met. */
const HORIZON_DAYS = 400

/** Minutes of the local clock since 00:00, half open. */
interface Window {
  readonly from: number
  readonly to: number
}

interface Rules {
  /** By weekday, Monday first. */
  readonly week: readonly (readonly Window[])[]
  readonly dates: ReadonlyMap<string, readonly Window[]>
}

const minutes = (clock = ''): number => {
  const [hour = 0, minute = 0] = clock.split(':').map(Number)
  return hour * 60 + minute
}

const windows = (list: readonly string[]): Window[] =>
  list.map((text) => {
    const [from, to] = text.split('-')
    return { from: minutes(from), to: minutes(to) }
  })

/** `mon-fri,sun` → 0,1,2,3,4,6; `fri-mon` goes round. */
function weekdays(key: string): number[] {
  return key.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-')
    const from = DAYS.indexOf(first)
    const length = ((DAYS.indexOf(last) - from + 7) % 7) + 1
    return Array.from({ length }, (_, step) => (from + step) % 7)
  })
}

function rulesOf(hours: FileHours): Rules {
  const week: Window[][] = DAYS.map(() => [])
  for (const [key, list] of Object.entries(hours)) {
    if (key === 'holidays' || !Array.isArray(list)) continue
    for (const day of weekdays(key)) week[day]?.push(...windows(list))
  }
  return { week, dates: new Map(Object.entries(hours.holidays ?? {}).map(([date, list]) => [date, windows(list)])) }
}

/** Opening hours of one solution. Throws `Bug` for hours the solution does not have: the file was checked. */
export function calendar(zone: string, hours: Readonly<Record<HoursId, FileHours>>): Calendar {
  const rules = new Map(Object.entries(hours).map(([id, one]) => [id, rulesOf(one)]))
  const local = (at: Ms) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  const midnight = (date: Temporal.PlainDate): Ms => date.toZonedDateTime(zone).epochMilliseconds

  const of = ({ week, dates }: Rules, date: Temporal.PlainDate) => dates.get(date.toString()) ?? week[date.dayOfWeek - 1] ?? []
  const isOpen = (rule: Rules, at: Ms): boolean => {
    const now = local(at)
    const minute = now.hour * 60 + now.minute
    return of(rule, now.toPlainDate()).some(({ from, to }) => from <= minute && minute < to)
  }

  /** The instants of one local day at which its hours may change, in order: edges of windows, both times when repeated, and the change-over itself. */
  function edges(rule: Rules, date: Temporal.PlainDate): Ms[] {
    const start = midnight(date)
    const end = midnight(date.add({ days: 1 }))
    const found = new Set<Ms>([start])
    for (const minute of of(rule, date).flatMap(({ from, to }) => [from, to])) {
      if (minute >= 24 * 60) continue
      const clock = date.toPlainDateTime({ hour: Math.floor(minute / 60), minute: minute % 60 })
      for (const disambiguation of ['earlier', 'later'] as const)
        found.add(clock.toZonedDateTime(zone, { disambiguation }).epochMilliseconds)
    }
    const turn = local(start).getTimeZoneTransition('next')?.epochMilliseconds
    if (turn !== undefined && turn < end) found.add(turn)
    return [...found].filter((at) => at >= start && at < end).sort((a, b) => a - b)
  }

  /** Changes after `at`, one by one: when, and whether it is open from then on. */
  function* changes(rule: Rules, at: Ms): Generator<{ at: Ms; open: boolean }> {
    let open = isOpen(rule, at)
    const today = local(at).toPlainDate()
    for (let day = 0; day <= HORIZON_DAYS; day++) {
      for (const edge of edges(rule, today.add({ days: day }))) {
        if (edge <= at || isOpen(rule, edge) === open) continue
        open = !open
        yield { at: edge, open }
      }
    }
  }

  /** Closings from now on, each with the local day it belongs to: one at midnight belongs to the day before. */
  function closings(rule: Rules, at: Ms): { today: Ms | null; nextDay: Ms | null } {
    const end = midnight(local(at).toPlainDate().add({ days: 1 }))
    let today: Ms | null = null
    let nextDay: Ms | null = null
    let nextEnd = 0
    for (const change of changes(rule, at)) {
      if (change.open) continue
      if (change.at <= end || (today === null && isOpen(rule, at))) today = change.at
      else if (nextDay === null || change.at <= nextEnd) {
        nextDay = change.at
        nextEnd = midnight(
          local(change.at - 1)
            .toPlainDate()
            .add({ days: 1 }),
        )
      } else break
    }
    return { today, nextDay }
  }

  return {
    hours(hoursId, at): HoursNow {
      const rule = rules.get(hoursId)
      if (rule === undefined) throw new Bug(`no hours ${hoursId}`)
      const [next] = changes(rule, at).take(1)
      const { today, nextDay } = closings(rule, at)
      return { open: isOpen(rule, at), until: next?.at ?? null, closesAt: today, nextDayClosesAt: nextDay }
    },
    day(at) {
      const date = local(at).toPlainDate()
      return { from: midnight(date), to: midnight(date.add({ days: 1 })) }
    },
  }
}
