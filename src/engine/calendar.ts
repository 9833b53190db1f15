/** Opening hours and days reach the rules as instants: here the calendar is asked for them. */
import type { Input, TimerInput } from '#core/inputs.ts'
import type { HoursId, Ms } from '#core/kernel/kernel.ts'
import type { Calendar } from '#ports/clock.ts'
import type { SolutionKit } from '#ports/engine.ts'
import type { Time } from './time.ts'

const hoursTurn = (calendar: Calendar, hoursId: HoursId, now: Ms): Input => ({
  type: 'hours.turn',
  hoursId,
  ...calendar.hours(hoursId, now),
})

function dayTurn(calendar: Calendar, now: Ms): Input {
  const day = calendar.day(now)
  return { type: 'day.turn', from: day.from, until: day.to }
}

/** Opening hours are kept when the wall says so; a day that has begun in facts is not left again. */
type Present = Pick<Time, 'wall' | 'now'>

/** What a solution that is taken says of the present. */
export const solutionInputs = (kit: SolutionKit, time: Present): readonly Input[] => [
  ...kit.solution.hours.map((hoursId) => hoursTurn(kit.calendar, hoursId, time.wall())),
  { type: 'solution.take', version: kit.solution.version },
  dayTurn(kit.calendar, time.now()),
]

/** A timer that asks the calendar becomes its answer; any other is itself. */
export function asked(timer: TimerInput, calendar: Calendar, time: Present): Input {
  if (timer.type === 'hours.timeOut') return hoursTurn(calendar, timer.hoursId, time.wall())
  return timer.type === 'day.timeOut' ? dayTurn(calendar, time.now()) : timer
}
