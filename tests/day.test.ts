/** The demonstration's day: what the engine makes of it must hold every kind of story the archive is shown with. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { calendar } from '#adapters/calendar/calendar.ts'
import { memoryJournal, memoryStore } from '#adapters/memory/journal.ts'
import { recordedPrompts } from '#app/play.ts'
import { readSolution } from '#app/solution.ts'
import type { Story } from '#core/archive/story.ts'
import { Engine } from '#engine/engine.ts'
import { seededChance } from '#sim/chance.ts'
import { VirtualClock } from '#sim/clock.ts'
import { Day, whoTakesCallers } from '#sim/day.ts'
import { SimulatedNetwork } from '#sim/network.ts'
import { storiesOf } from '#sim/player.ts'
import { promptLengths } from '#sim/prompts.ts'

const HOUR = 3_600_000
/** Midnight in Stockholm before a Monday. */
const MIDNIGHT = Date.UTC(2026, 10, 22, 23)

async function playDay(seed: string, calls: number): Promise<{ stories: readonly Story[]; said: readonly string[] }> {
  const text = readFileSync(new URL('../demo/solution.json', import.meta.url), 'utf8')
  const read = readSolution(text, { personOf: (number) => `line${number.slice(-4)}` })
  if ('errors' in read) throw new Error(JSON.stringify(read.errors))
  const said: string[] = []
  const log = (line: string): void => void said.push(line)
  const clock = new VirtualClock(MIDNIGHT)
  const chance = seededChance(seed)
  const network = new SimulatedNetwork({ clock, chance: chance.fork('network'), lengthMs: promptLengths(recordedPrompts(), read.promptMs) })
  const store = memoryStore()
  const journal = memoryJournal(store)
  const { solution, numbers, lines } = read
  const kit = { solution, text, numbers, calendar: calendar(solution.zone, read.hours), lines }
  const engine = await Engine.start({ journal, persons: journal, telephony: network, clock, chance, kit, read: async () => kit, log })
  const day = new Day({
    clock,
    chance,
    network,
    engine: () => engine,
    numbers: lines.map((line) => line.number),
    choices: ['1', '2', '3'],
    atDesk: () => false,
    supervisor: 'sam',
    log,
  })
  day.fill(MIDNIGHT, MIDNIGHT + 24 * HOUR, calls, whoTakesCallers(solution), (at) => ((at - MIDNIGHT) / HOUR) % 24)
  await clock.run(MIDNIGHT + 24 * HOUR)
  await engine.stop()
  return { stories: storiesOf(store.facts), said }
}

describe('a day of the demonstration', () => {
  it('has everything the archive is shown with, and no bug on the way', async () => {
    const { stories, said } = await playDay('demonstration', 450)
    expect(said).toEqual([])
    expect(stories.length).toBeGreaterThan(300)
    expect(stories.length).toBeLessThan(600)
    const callback = (story: Story) => story.events.find((event) => event.kind === 'queueCallback')
    const is = {
      answered: (story: Story) => story.result === 'answered',
      abandoned: (story: Story) => story.result === 'abandoned',
      unanswered: (story: Story) => story.legs.some((leg) => leg.party === 'customer' && leg.outcome === 'unanswered'),
      busy: (story: Story) => story.legs.some((leg) => leg.outcome === 'busy'),
      deleted: (story: Story) => story.events.some((event) => event.kind === 'deleted' && event.by === 'supervisor'),
      reached: (story: Story) => story.result === 'callbackReached' && callback(story)?.unanswered === undefined && story.origin !== 'web',
      secondReached: (story: Story) => story.result === 'callbackReached' && callback(story)?.unanswered === 1 && story.origin !== 'web',
      thirdUnreached: (story: Story) => story.result === 'callbackUnreached' && story.unanswered === 3 && story.origin !== 'web',
      backInTheQueue: (story: Story) => story.events.filter((event) => event.kind === 'queue').length > 1 && story.result === 'answered',
      web: (story: Story) => story.origin === 'web',
      closed: (story: Story) => story.result === 'closed',
      ownAnswered: (story: Story) => story.direction === 'outbound' && story.result === 'answered',
      ownBusy: (story: Story) => story.direction === 'outbound' && story.result === 'busy',
      ownUnanswered: (story: Story) => story.direction === 'outbound' && story.result === 'unanswered',
      ownCancelled: (story: Story) => story.direction === 'outbound' && story.events.some((event) => event.reason === 'cancelled'),
      toAColleague: (story: Story) => story.direction === 'internal' && story.agents.length === 2,
      consulted: (story: Story) => story.direction === 'inbound' && story.events.some((event) => event.kind === 'consult'),
      transferred: (story: Story) =>
        story.direction === 'inbound' &&
        new Set(story.events.flatMap((event) => (event.kind === 'conversation' ? event.agents : []))).size > 1,
    }
    expect(Object.entries(is).flatMap(([kind, holds]) => (stories.some(holds) ? [] : [kind]))).toEqual([])
  })

  it('has agents’ own calls in a share one believes, and leaves nobody on the line for hours', async () => {
    const { stories } = await playDay('share', 450)
    const share = (direction: Story['direction']) => stories.filter((story) => story.direction === direction).length / stories.length
    expect([share('outbound') > 0.05, share('outbound') < 0.3, share('internal') > 0.01, share('internal') < 0.1]).toEqual([
      true,
      true,
      true,
      true,
    ])
    const talked = Math.max(...stories.map((story) => story.speakMs))
    expect(talked).toBeLessThan(HOUR)
  })

  it('is the same for the same seed', async () => {
    const [one, same] = [await playDay('twice', 60), await playDay('twice', 60)]
    expect(JSON.stringify(same.stories)).toBe(JSON.stringify(one.stories))
  })
})
