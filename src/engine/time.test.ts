/** A step of the wall clock while nothing else happens. calls.md 7 */
import { describe, expect, it } from 'vitest'
import { initial } from '#core/world/world.ts'
import { EngineStage, kitOf, NINE, SETTINGS } from '../../tests/stage.support.ts'
import { Time } from './time.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const OFFICE = { ...SETTINGS, hours: { office: { 'mon-fri': ['08:00-17:00'] } }, queues: { support: { hours: 'office' }, sales: {} } }

/** Nine in the morning, looked at every second. */
async function quiet(): Promise<EngineStage> {
  const stage = new EngineStage(kitOf(OFFICE))
  stage.clockWatchMs = SECOND
  await stage.start()
  return stage
}
const closed = (stage: EngineStage): boolean => stage.facts('hours.turned').at(-1)?.open === false

describe('a step of the clock', () => {
  it.each([HOUR, -HOUR, 2_001])('of %i ms is told within a second, with an alarm, and once', async (byMs) => {
    const stage = await quiet()
    stage.steppedMs = byMs
    await stage.wait(SECOND)
    expect(stage.facts('clock.stepped')).toEqual([{ type: 'clock.stepped', byMs, ...(byMs > 0 ? { movedMs: byMs } : {}) }])
    await stage.wait(5 * SECOND)
    expect(stage.facts('clock.stepped')).toHaveLength(1)
    expect(stage.facts('alarm.raised')).toEqual([{ type: 'alarm.raised', alarm: 'clock' }])
  })

  it.each([2_000, -2_000])('of %i ms is none', async (byMs) => {
    const stage = await quiet()
    stage.steppedMs = byMs
    await stage.wait(5 * SECOND)
    expect(stage.facts('clock.stepped')).toEqual([])
  })

  it('towards closing time: the queue closes when the wall says so', async () => {
    const stage = await quiet()
    stage.steppedMs = 7.5 * HOUR
    await stage.wait(0.5 * HOUR - 1)
    expect(closed(stage)).toBe(false)
    await stage.wait(1)
    expect(closed(stage)).toBe(true)
  })

  it('past closing time: the queue is closed within a second', async () => {
    const stage = await quiet()
    stage.steppedMs = 9 * HOUR
    await stage.wait(SECOND)
    expect(closed(stage)).toBe(true)
  })

  it('back, while nobody waits: who waits for the next millisecond of it is not woken in each until the wall has caught up', async () => {
    const { clock } = new EngineStage()
    const time = new Time({ clock, world: initial(), stepped: () => undefined, everyMs: undefined })
    time.now()
    clock.step(-HOUR)
    let woken = 0
    const again = (): void => {
      woken += 1
      time.clock.wake(time.now() + 1, again)
    }
    again()
    await clock.run(clock.now() + 10 * SECOND)
    expect(time.now()).toBe(NINE)
    expect(woken).toBe(21)
  })

  it('an engine that has stopped looks no more', async () => {
    const stage = await quiet()
    await stage.engine.stop()
    expect(stage.clock.waiting).toBe(0)
  })
})
