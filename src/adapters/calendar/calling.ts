/** When a contact may be rung by its own clock: the campaign's calling hours, its daily periods, and the contact's own window, all at once. */
import type { Temporal } from 'temporal-polyfill'
import type { CallingHours, Window } from '#core/campaign/settings.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { CallingNow } from '#ports/clock.ts'
import { DAY_MINUTES, type Minutes, minutes, WEEKDAYS, type WindowsOf, type ZoneClock } from './zone.ts'

/** How far ahead the next change is looked for: past a year, so that every holiday and both change-over days are met. */
const HORIZON_DAYS = 400

const ALL_DAY: readonly Minutes[] = [{ from: 0, to: DAY_MINUTES }]

const inMinutes = (windows: readonly Window[]): readonly Minutes[] =>
  windows.map(({ from, to }) => ({ from: minutes(from), to: minutes(to) }))

const overlap = (a: Minutes, b: Minutes): Minutes => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) })
const within = (windows: readonly Minutes[], bounds: readonly Minutes[]): readonly Minutes[] =>
  windows.flatMap((one) => bounds.map((other) => overlap(one, other))).filter(({ from, to }) => from < to)

/** `period` counts the daily periods in their order; null where there are not two to tell apart. */
interface Cut extends Minutes {
  readonly period: number | null
}

interface Asked {
  readonly hours: CallingHours
  readonly periods: readonly Window[]
  readonly own: Window | null
}

const isAlways = ({ hours, periods, own }: Asked): boolean =>
  periods.length === 0 &&
  own === null &&
  Object.keys(hours.holidays).length === 0 &&
  WEEKDAYS.every((day) => hours.days[day]?.some(({ from, to }) => from === '00:00' && to === '24:00') === true)

/** The windows of each date, cut by period. */
function cuts({ hours, periods, own }: Asked): (date: Temporal.PlainDate) => readonly Cut[] {
  const week = WEEKDAYS.map((day) => inMinutes(hours.days[day] ?? []))
  const dates = new Map(Object.entries(hours.holidays).map(([date, windows]) => [date, inMinutes(windows)]))
  const bounds = own === null ? ALL_DAY : inMinutes([own])
  return (date) => {
    const day = within(dates.get(date.toString()) ?? week[date.dayOfWeek - 1] ?? [], bounds)
    if (periods.length < 2) return within(day, periods.length === 0 ? ALL_DAY : inMinutes(periods)).map((one) => ({ ...one, period: null }))
    return inMinutes(periods).flatMap((one, period) => within(day, [one]).map((cut) => ({ ...cut, period })))
  }
}

/** What stands at an instant, and what is to change in it. */
export function callingNow(clock: ZoneClock, asked: Asked, at: Ms): CallingNow {
  if (isAlways(asked)) return { open: true, until: null, period: null, turnsAt: null }
  const cutsOf = cuts(asked)
  const windows: WindowsOf = cutsOf
  /** undefined: closed. */
  const periodAt = (instant: Ms): number | null | undefined =>
    cutsOf(clock.local(instant).toPlainDate())[clock.place(windows, instant)]?.period
  const now = periodAt(at)
  let turnsAt: Ms | null = null
  const today = clock.local(at).toPlainDate()
  for (let day = 0; day <= HORIZON_DAYS; day += 1) {
    for (const edge of clock.edges(windows, today.add({ days: day }))) {
      const then = edge <= at ? now : periodAt(edge)
      if (then === now) continue
      turnsAt ??= edge
      // From one period into another it stays open.
      if ((then === undefined) !== (now === undefined)) return { open: now !== undefined, until: edge, period: now ?? null, turnsAt }
    }
  }
  return { open: now !== undefined, until: null, period: now ?? null, turnsAt }
}
