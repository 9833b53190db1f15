/**
 * The disk is full while people talk, on a real Asterisk: the kernel lets the running program's files grow no further (RLIMIT_FSIZE), as
 * no disk would. calls.md 8: no new calls but a message, no new dialling, talks go on, one alarm; and when it can be written again all
 * that waited is done, once.
 */
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allCalls } from '../drill/closing.ts'
import { Place } from '../drill/place.ts'
import { Standing } from '../drill/standing.ts'
import { lineOf } from './campaigns.ts'
import { noSipp } from './network.ts'
import { until } from './until.ts'

const suite = 'a full disk amid calls on a real Asterisk'
/** Long enough that whatever would be dialled would have been. */
const FULL_MS = 6_000

describe.skipIf(noSipp(suite))(suite, () => {
  let place: Place
  let standing: Standing

  beforeAll(async () => {
    place = await Place.open()
    standing = new Standing(place)
  }, 120_000)
  afterAll(() => place.close())

  const alarms = async (): Promise<number> => Number(/^samtal_alarms (\d+)/m.exec(await place.metrics())?.[1] ?? Number.NaN)
  const isReady = async (): Promise<boolean> => (await fetch(`${place.address}/health/ready`)).ok

  test('nothing new begins, nothing is cut off, and afterwards everything goes on', async () => {
    const { child } = await place.start()
    const grow = (most: string): void => void execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${most}:unlimited`])
    await standing.begin()
    await until('contacts are rung', () => standing.contactsRung().length > 5)
    const [quiet, queue] = [await alarms(), JSON.stringify(await standing.queue())]

    grow('1')
    const from = Date.now()
    await until('it says so', async () => !(await isReady()), 20_000, 100)
    const fullAt = Date.now()
    expect(await alarms()).toBe(quiet + 1)
    const [, , , , , late] = place.callers
    const refused = await place.carrier.call(late, place.line.brief)
    await until('the caller hears a message', () => refused.state === 'up' && refused.speech?.heard.some(({ other }) => other))
    await until('and it is over', () => refused.state === 'over', 30_000)
    await until('some time has passed', () => Date.now() > fullAt + FULL_MS)
    const rungBefore = standing.contactsRung()
    expect(lineOf(place.site.people, 'cilla', 'up')).toBeUndefined()

    grow('unlimited')
    await until('it can be written again', isReady, 20_000, 100)
    const to = Date.now()
    await until('the campaign goes on', () => standing.contactsRung().length > rungBefore.length, 30_000)
    expect(standing.faults(from, to, null)).toEqual([])
    expect(JSON.stringify(await standing.queue())).toBe(queue)
    // Who rang while it was full had been asked for before: on the way to the switch, or in a log that is read a moment later.
    const calls = await allCalls(place)
    const askedAt = new Map(calls.flatMap(({ legs }) => legs.map((leg) => [leg.number, Date.parse(leg.requestedAt)])))
    const rungMeanwhile = rungBefore.filter(({ log: [invite] }) => (invite?.at ?? fullAt) >= fullAt)
    for (const { number } of rungMeanwhile) expect(askedAt.get(number)).toBeLessThan(fullAt)
    const rung = standing.contactsRung().map(({ number }) => number)
    expect(rung).toHaveLength(new Set(rung).size)
    const next = await place.carrier.call(late, place.line.brief, { staysMs: 1_500 })
    await until('a new call is answered', () => next.state === 'up')
    await until('and is over', () => next.state === 'over')
    expect((await place.agents()).filter(({ state }) => state === 'loggedOff').map(({ id }) => id)).toEqual(['gone'])
  }, 180_000)
})
