/** Opening hours, days and calling hours, in the zones they are meant in. */
import { Temporal } from 'temporal-polyfill'
import { Bug, type HoursId, type Ms } from '#core/kernel/kernel.ts'
import type { Calendar, HoursNow } from '#ports/clock.ts'
import type { FileHours } from '#wire/solution.ts'
import { callingNow } from './calling.ts'
import { type Minutes, minutes, WEEKDAYS, type WindowsOf, ZoneClock } from './zone.ts'

/** How far ahead the next change is looked for: past a year, so that every holiday and both change-over days are met. */
const HORIZON_DAYS = 400

const windows = (list: readonly string[]): Minutes[] =>
  list.map((text) => {
    const [from, to] = text.split('-')
    return { from: minutes(from), to: minutes(to) }
  })

/** `mon-fri,sun` → 0,1,2,3,4,6; `fri-mon` goes round. */
function weekdays(key: string): number[] {
  return key.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-')
    const from = WEEKDAYS.indexOf(first)
    const length = ((WEEKDAYS.indexOf(last) - from + 7) % 7) + 1
    return Array.from({ length }, (_, step) => (from + step) % 7)
  })
}

function rulesOf(hours: FileHours): WindowsOf {
  const week: Minutes[][] = WEEKDAYS.map(() => [])
  for (const [key, list] of Object.entries(hours)) {
    if (key === 'holidays' || !Array.isArray(list)) continue
    for (const day of weekdays(key)) week[day]?.push(...windows(list))
  }
  const dates = new Map(Object.entries(hours.holidays ?? {}).map(([date, list]) => [date, windows(list)]))
  return (date) => dates.get(date.toString()) ?? week[date.dayOfWeek - 1] ?? []
}

/** Opening hours of one solution. Throws `Bug` for hours the solution does not have: the file was checked. */
export function calendar(zone: string, hours: Readonly<Record<HoursId, FileHours>>): Calendar {
  const rules = new Map(Object.entries(hours).map(([id, one]) => [id, rulesOf(one)]))
  const own = new ZoneClock(zone)
  const clocks = new Map([[zone, own]])
  const isOpen = (rule: WindowsOf, at: Ms): boolean => own.place(rule, at) >= 0
  const clockOf = (of: string): ZoneClock => {
    const clock = clocks.get(of) ?? new ZoneClock(of)
    clocks.set(of, clock)
    return clock
  }

  /** Changes after `at`, one by one: when, and whether it is open from then on. */
  function* changes(rule: WindowsOf, at: Ms): Generator<{ at: Ms; open: boolean }> {
    let open = isOpen(rule, at)
    const today = own.local(at).toPlainDate()
    for (let day = 0; day <= HORIZON_DAYS; day++) {
      for (const edge of own.edges(rule, today.add({ days: day }))) {
        if (edge <= at || isOpen(rule, edge) === open) continue
        open = !open
        yield { at: edge, open }
      }
    }
  }

  /** Closings from now on, each with the local day it belongs to: one at midnight belongs to the day before. */
  function closings(rule: WindowsOf, at: Ms): { today: Ms | null; nextDay: Ms | null } {
    const end = own.midnight(own.local(at).toPlainDate().add({ days: 1 }))
    let today: Ms | null = null
    let nextDay: Ms | null = null
    let nextEnd = 0
    for (const change of changes(rule, at)) {
      if (change.open) continue
      if (change.at <= end || (today === null && isOpen(rule, at))) today = change.at
      else if (nextDay === null || change.at <= nextEnd) {
        nextDay = change.at
        nextEnd = own.midnight(
          own
            .local(change.at - 1)
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
      const date = own.local(at).toPlainDate()
      return { from: own.midnight(date), to: own.midnight(date.add({ days: 1 })) }
    },
    calling: ({ zone: of, ...asked }, at) => callingNow(clockOf(of), asked, at),
    monthsBefore: (at, months) => own.local(at).subtract({ months }).epochMilliseconds,
    instant: (local, of) => clockOf(of).instant(Temporal.PlainDateTime.from(local)),
  }
}
