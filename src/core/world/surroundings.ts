/**
 * What befalls the solution as a whole: a start, another file, opening hours, the day, the clock, the switch, trunks, and what people
 * must be told of.
 */
import type { Fact } from '../facts.ts'
import type { Consequence, Input } from '../inputs.ts'
import type { Ms } from '../kernel/kernel.ts'
import { seen } from './sweeping.ts'
import { alarmId, type World } from './world.ts'

type SolutionInput = Extract<
  Input | Consequence,
  {
    type:
      | 'engine.start'
      | 'trunk.fail'
      | 'solution.take'
      | 'hours.turn'
      | 'day.turn'
      | 'clock.step'
      | 'alarm.raise'
      | 'switch.lose'
      | 'switch.find'
      | 'switch.see'
      | 'hours.timeOut'
      | 'day.timeOut'
  }
>

export function ofSolution(world: World, input: SolutionInput, at: Ms): readonly Fact[] {
  switch (input.type) {
    case 'engine.start':
      return [{ type: 'engine.started' }]
    case 'trunk.fail':
      return raise(world, { alarm: 'trunk', about: input.trunk })
    case 'solution.take':
      return input.version === world.solution ? [] : [{ type: 'solution.taken', version: input.version }]
    case 'hours.turn': {
      const { type, ...said } = input
      const known = world.hours.get(input.hoursId)
      const same =
        known?.open === said.open &&
        known.until === said.until &&
        known.closesAt === said.closesAt &&
        known.nextDayClosesAt === said.nextDayClosesAt
      return same ? [] : [{ type: 'hours.turned', ...said }]
    }
    case 'day.turn':
      return world.day?.from === input.from ? [] : [{ type: 'day.turned', from: input.from, until: input.until }]
    case 'clock.step':
      return [
        { type: 'clock.stepped', byMs: input.byMs, ...(input.jumpedMs > 0 ? { movedMs: input.jumpedMs } : {}) },
        { type: 'alarm.raised', alarm: 'clock' },
      ]
    case 'alarm.raise': {
      const { type, ...said } = input
      return raise(world, said)
    }
    case 'switch.lose':
      return world.switchAway ? [] : [{ type: 'switch.lost' }, { type: 'alarm.raised', alarm: 'switch' }]
    case 'switch.find':
      return world.switchAway ? [{ type: 'switch.found' }, { type: 'alarm.cleared', alarm: 'switch' }] : []
    case 'switch.see':
      return seen(world, at)
    case 'hours.timeOut':
    case 'day.timeOut':
      return []
  }
}

/** One that stands already is not raised again; another of its kind, about something else, is. */
const raise = (world: World, said: Omit<Extract<Fact, { type: 'alarm.raised' }>, 'type'>): readonly Fact[] =>
  world.alarms.has(alarmId(said)) ? [] : [{ type: 'alarm.raised', ...said }]
