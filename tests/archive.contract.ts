/** What every archive keeps, whatever it is made of. Run against each adapter from beside it. */
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { outsideParties } from '#core/archive/parties.ts'
import { RESULTS, type Story } from '#core/archive/story.ts'
import type { ArchiveFilter, ArchiveReader, ArchiveWriter } from '#ports/archive.ts'
import type { PersonRow } from '#ports/journal.ts'

export interface ArchiveBench {
  readonly writer: ArchiveWriter
  readonly reader: ArchiveReader
  /** Makes these known to `persons`. */
  persons(rows: readonly PersonRow[]): void
  done(): Promise<void>
}

const T0 = 1_795_000_000_000

const PERSONS: readonly PersonRow[] = [
  { personId: 'p1', number: '+46701234567', kind: 'person' },
  { personId: 'p2', number: '+46701234568', kind: 'person' },
  { personId: 'p3', number: '+4670123456', kind: 'person' },
  { personId: 'p4', number: '+12125550100', kind: 'person' },
  { personId: 'p5', number: '555', kind: 'person' },
  { personId: 'p6', number: null, kind: 'person' },
  { personId: 'p7', number: null, kind: 'person' },
  { personId: 'line', number: '+46701230000', kind: 'line' },
]
/** `p8` was erased: known to stories only. */
const PEOPLE = [...PERSONS.map((person) => person.personId).filter((id) => id !== 'line'), 'p8']

export const storyOf = (fields: Partial<Story> & { id: string }): Story => ({
  direction: 'inbound',
  startedAt: T0,
  endedAt: T0 + 60_000,
  caller: 'p1',
  from: { person: 'p1' },
  to: { person: 'line' },
  queues: ['support'],
  agents: [],
  result: 'abandoned',
  waitMs: 1_000,
  waitToCustomerMs: null,
  speakMs: 0,
  unanswered: 0,
  relatedCalls: [],
  events: [],
  legs: [],
  position: 1,
  ...fields,
})

const agent = (id: string) => ({ id, speakMs: 1, holdMs: 0, wrapMs: 0 })
const legWith = (personId: string): Story['legs'][number] => ({
  id: `leg-${personId}`,
  party: 'external',
  personId,
  requestedAt: T0,
  ringingAt: null,
  answeredAt: null,
  endedAt: null,
  holds: [],
  outcome: null,
  cause: null,
})

/* ------------------------------------------------------------ the plain reading of a filter, written apart from every adapter */

const numbers = new Map(PERSONS.map((person) => [person.personId, person.number]))

const hasNumber = (story: Story, wanted: NonNullable<ArchiveFilter['number']>): boolean =>
  outsideParties(story).some((id) => {
    const number = numbers.get(id)
    if (wanted === 'withheld') return number === null
    const digits = wanted.digits.replaceAll(/[^0-9]/gu, '')
    const own = number?.replace('+', '')
    if (own === undefined || digits === '') return false
    return { exact: own === digits, prefix: own.startsWith(digits), suffix: own.endsWith(digits), inside: own.includes(digits) }[wanted.how]
  })

const within = (value: number | null, range: { readonly min?: number; readonly max?: number } | undefined): boolean =>
  range === undefined || (value !== null && value >= (range.min ?? -1) && value < (range.max ?? Number.POSITIVE_INFINITY))

const isFound = (story: Story, filter: ArchiveFilter): boolean => {
  const agents = story.agents.map(({ id }) => id)
  const own = [...agents, story.orderedBy ?? '', 'agent' in story.from ? story.from.agent : '']
  const kinds = story.events.map(({ kind }) => kind as string)
  const { seenBy } = filter
  const checks: boolean[] = [
    story.startedAt >= (filter.from ?? 0) && story.startedAt < (filter.to ?? Number.POSITIVE_INFINITY),
    filter.number === undefined || hasNumber(story, filter.number),
    filter.person === undefined || outsideParties(story).includes(filter.person),
    filter.queue === undefined || filter.queue.some((queue) => story.queues.includes(queue)),
    filter.agent === undefined || filter.agent.some((id) => agents.includes(id)),
    filter.direction?.includes(story.direction) ?? true,
    filter.origin?.includes(String(story.origin)) ?? true,
    filter.mode?.includes(String(story.mode)) ?? true,
    filter.campaign === undefined || filter.campaign === story.campaignId,
    filter.contact === undefined || filter.contact === story.contactId,
    filter.result?.includes(story.result) ?? true,
    filter.kind === undefined || filter.kind.some((kind) => kinds.includes(kind)),
    filter.unanswered === undefined || filter.unanswered === story.unanswered > 0,
    filter.live === undefined || filter.live === (story.endedAt === null),
    within(story.endedAt === null ? null : story.endedAt - story.startedAt, filter.durationMs),
    within(story.speakMs, filter.speakMs),
    within(story.waitMs, filter.waitMs),
    seenBy === undefined ||
      own.some((id) => seenBy.agents?.includes(id)) ||
      story.queues.some((id) => seenBy.queues?.includes(id)) ||
      (seenBy.campaigns !== undefined && story.campaignId !== undefined),
  ]
  return checks.every(Boolean)
}

const newestFirst = (a: Story, b: Story): number => b.startedAt - a.startedAt || (b.id < a.id ? -1 : 1)
const naively = (stories: readonly Story[], filter: ArchiveFilter): Story[] =>
  [...new Map(stories.map((story) => [story.id, story])).values()].filter((story) => isFound(story, filter)).sort(newestFirst)

/* ------------------------------------------------------------ stories and filters at random, small enough to collide */

const QUEUES = ['support', 'sales', 'orders']
const AGENTS = ['anna', 'bo', 'cilla']
const KINDS = ['menu', 'queue', 'queueCallback', 'conversation', 'consult', 'consultToQueue', 'deleted'] as const
const shortMs = fc.integer({ min: 0, max: 5 })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 1 })

const someStory: fc.Arbitrary<Story> = fc
  .record({
    id: fc.integer({ min: 0, max: 60 }).map((number) => `c${number}`),
    direction: fc.constantFrom('inbound', 'outbound', 'internal'),
    origin: maybe(fc.constantFrom('web', 'desk', 'api')),
    mode: maybe(fc.constantFrom('preview', 'power')),
    campaignId: maybe(fc.constantFrom('spring', 'autumn')),
    contactId: maybe(fc.constantFrom('k1', 'k2', 'k3')),
    startedAt: shortMs.map((ms) => T0 + ms),
    lasts: fc.option(shortMs),
    caller: fc.option(fc.constantFrom(...PEOPLE)),
    queues: fc.subarray(QUEUES),
    agents: fc.subarray(AGENTS),
    from: fc.oneof(
      fc.constant({ person: 'p1' }),
      fc.constantFrom(...AGENTS).map((id) => ({ agent: id })),
    ),
    orderedBy: maybe(fc.constantFrom(...AGENTS)),
    result: fc.constantFrom(...RESULTS),
    waitMs: fc.option(shortMs),
    speakMs: shortMs,
    unanswered: fc.integer({ min: 0, max: 2 }),
    legs: fc.subarray(PEOPLE, { maxLength: 2 }),
    kinds: fc.subarray([...KINDS], { maxLength: 3 }),
    to: maybe(fc.constantFrom(...PEOPLE)),
  })
  .map(({ lasts, origin, mode, campaignId, contactId, orderedBy, agents, legs, kinds, to, ...rest }) =>
    storyOf({
      ...rest,
      ...(origin && { origin }),
      ...(mode && { mode }),
      ...(campaignId && { campaignId }),
      ...(contactId && { contactId }),
      ...(orderedBy && { orderedBy }),
      endedAt: lasts === null ? null : rest.startedAt + lasts,
      agents: agents.map(agent),
      legs: legs.map(legWith),
      events: kinds.map((kind, index) => ({ id: `e${index}`, kind, startedAt: T0, endedAt: T0, agents: [], ...(to && { to }) })),
    }),
  )

const range = fc.record({ min: shortMs, max: shortMs }, { requiredKeys: [] })
const digits = fc.constantFrom('+46 70-123 45 67', '4670123456', '46', '0123', '4567', '55', '12125550100', '555', '', '9')
const someFilter: fc.Arbitrary<ArchiveFilter> = fc.record(
  {
    from: shortMs.map((ms) => T0 + ms),
    to: shortMs.map((ms) => T0 + ms),
    number: fc.oneof(fc.record({ how: fc.constantFrom('exact', 'prefix', 'suffix', 'inside'), digits }), fc.constant('withheld' as const)),
    person: fc.constantFrom(...PEOPLE, 'nobody'),
    queue: fc.subarray([...QUEUES, 'none']),
    agent: fc.subarray([...AGENTS, 'none']),
    direction: fc.subarray(['inbound', 'outbound', 'internal']),
    origin: fc.subarray(['web', 'desk', 'api']),
    mode: fc.subarray(['preview', 'power', 'predictive']),
    campaign: fc.constantFrom('spring', 'autumn', 'none'),
    contact: fc.constantFrom('k1', 'k2', 'none'),
    result: fc.subarray([...RESULTS]),
    kind: fc.subarray([...KINDS, 'none']),
    unanswered: fc.boolean(),
    durationMs: range,
    speakMs: range,
    waitMs: range,
    live: fc.boolean(),
    seenBy: fc.record(
      { agents: fc.subarray(AGENTS), queues: fc.subarray(QUEUES), campaigns: fc.constant('any' as const) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)
/** Few conditions at a time, or nothing would be found. */
const fewConditions = fc.tuple(someFilter, fc.array(fc.nat(), { maxLength: 3 })).map(([filter, picked]): ArchiveFilter => {
  const keys = Object.keys(filter)
  const chosen = new Set(picked.map((number) => keys[number % Math.max(keys.length, 1)]))
  return Object.fromEntries(Object.entries(filter).filter(([key]) => chosen.has(key)))
})

const everyPage = async (reader: ArchiveReader, filter: ArchiveFilter, limit: number): Promise<Story[]> => {
  const found: Story[] = []
  let after: string | null = null
  do {
    const page: { readonly stories: readonly Story[]; readonly next: string | null } = await reader.search(filter, { after, limit })
    expect(page.stories.length).toBeLessThanOrEqual(limit)
    if (page.next !== null) expect(page.stories).toHaveLength(limit)
    found.push(...page.stories)
    after = page.next
  } while (after !== null)
  return found
}

const ids = (stories: readonly Story[]): string[] => stories.map((story) => story.id)

const written = (bench: () => ArchiveBench): void => {
  test('an empty archive finds nothing and stands at position 0', async () => {
    expect(bench().writer.position()).toBe(0)
    expect(await bench().reader.search({}, { after: null, limit: 10 })).toEqual({ stories: [], next: null })
    expect(await bench().reader.story('c1')).toBeNull()
  })

  test('a story is read back as it was written, and as it was written last', async () => {
    const first = storyOf({ id: 'c1', endedAt: null, result: 'live', relatedCalls: ['c "å"'] })
    bench().writer.write([first], 3)
    expect(await bench().reader.story('c1')).toEqual(first)
    expect(ids(await everyPage(bench().reader, { live: true }, 10))).toEqual(['c1'])
    const second = storyOf({ id: 'c1', position: 9 })
    bench().writer.write([first, second], 9)
    expect(bench().writer.position()).toBe(9)
    expect(await bench().reader.story('c1')).toEqual(second)
    expect(await everyPage(bench().reader, { live: true }, 10)).toEqual([])
    expect(await everyPage(bench().reader, { live: false }, 10)).toEqual([second])
  })

  test('dropped, it is empty, and is filled anew', async () => {
    bench().writer.write([storyOf({ id: 'c1' }), storyOf({ id: 'c2' })], 2)
    expect(await bench().reader.count({}, 10)).toBe(2)
    bench().writer.drop()
    expect(bench().writer.position()).toBe(0)
    expect(await bench().reader.count({}, 10)).toBe(0)
    bench().writer.write([storyOf({ id: 'c2' })], 1)
    expect(ids(await everyPage(bench().reader, {}, 10))).toEqual(['c2'])
  })

  test('calls that left are found no more, and those that come after are', async () => {
    const { writer, reader } = bench()
    const call = (number: number, caller = 'p1') => storyOf({ id: `c${number}`, startedAt: T0 + number, caller })
    writer.write(
      [1, 2, 3, 4, 5].map((number) => call(number)),
      5,
    )
    const first = await reader.search({}, { after: null, limit: 2 })
    expect(await reader.count({ person: 'p1' }, 10)).toBe(5)
    expect([writer.forgetCalls(['c5', 'c3', 'c1', 'nobody']), writer.forgetCalls(['c3'])]).toEqual([3, 0])
    expect(writer.position()).toBe(5)
    expect(ids(await everyPage(reader, {}, 1))).toEqual(['c4', 'c2'])
    expect(ids(await everyPage(reader, { person: 'p1' }, 10))).toEqual(['c4', 'c2'])
    expect(ids((await reader.search({}, { after: first.next, limit: 9 })).stories)).toEqual(['c2'])
    expect([await reader.story('c3'), (await reader.story('c2'))?.id]).toEqual([null, 'c2'])
    writer.write([call(6, 'p2'), call(0, 'p2')], 7)
    expect(ids(await everyPage(reader, {}, 2))).toEqual(['c6', 'c4', 'c2', 'c0'])
    expect(ids(await everyPage(reader, { person: 'p2' }, 2))).toEqual(['c6', 'c0'])
    writer.forgetCalls(['c6', 'c4', 'c2', 'c0'])
    expect(await reader.count({}, 10)).toBe(0)
    writer.write([call(7)], 8)
    expect(ids(await everyPage(reader, {}, 2))).toEqual(['c7'])
  })

  test('a page goes on behind the last row, whatever began meanwhile', async () => {
    const { writer, reader } = bench()
    writer.write(
      [1, 2, 3, 4, 5].map((number) => storyOf({ id: `c${number}`, startedAt: T0 + number })),
      1,
    )
    const first = await reader.search({}, { after: null, limit: 2 })
    expect(ids(first.stories)).toEqual(['c5', 'c4'])
    writer.write([storyOf({ id: 'c9', startedAt: T0 + 9 })], 2)
    const second = await reader.search({}, { after: first.next, limit: 2 })
    expect(ids(second.stories)).toEqual(['c3', 'c2'])
    expect(ids((await reader.search({}, { after: second.next, limit: 2 })).stories)).toEqual(['c1'])
  })

  test('calls of the same millisecond keep one order over pages', async () => {
    bench().writer.write(
      ['c3', 'c1', 'c2'].map((id) => storyOf({ id })),
      1,
    )
    expect(ids(await everyPage(bench().reader, {}, 1))).toEqual(['c3', 'c2', 'c1'])
  })

  test('a number is found in any writing, at its beginning, its end and inside, by customer and by whoever was rung; our lines are not', async () => {
    const { writer, reader } = bench()
    writer.write(
      [storyOf({ id: 'c1' }), storyOf({ id: 'c2', caller: 'p4', legs: [legWith('p2')] }), storyOf({ id: 'c3', caller: 'p6' })],
      1,
    )
    const by = async (how: 'exact' | 'prefix' | 'suffix' | 'inside', text: string) =>
      ids(await everyPage(reader, { number: { how, digits: text } }, 10))
    expect(await by('exact', '+46 (70) 123 45 67')).toEqual(['c1'])
    expect(await by('exact', '4670123456')).toEqual([])
    expect(await by('prefix', '4670 123')).toEqual(['c2', 'c1'])
    expect(await by('suffix', '4568')).toEqual(['c2'])
    expect(await by('inside', '25550')).toEqual(['c2'])
    expect(await by('inside', '1230000')).toEqual([])
    expect(ids(await everyPage(reader, { number: 'withheld' }, 10))).toEqual(['c3'])
  })
}

export const archiveContract = (name: string, makeBench: () => ArchiveBench): void => {
  describe(`archive: ${name}`, () => {
    let bench: ArchiveBench
    beforeAll(() => {
      bench = makeBench()
      bench.persons(PERSONS)
    })
    beforeEach(() => bench.writer.drop())
    afterAll(() => bench.done())
    written(() => bench)

    test('whatever was written in whatever order, a search finds what reading every story would', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.array(someStory, { maxLength: 30 }), fc.nat(20)), { minLength: 1, maxLength: 4 }),
          fc.array(fewConditions, { minLength: 1, maxLength: 8 }),
          fc.integer({ min: 1, max: 7 }),
          async (batches, filters, limit) => {
            bench.writer.drop()
            let stories: Story[] = []
            for (const [batch, leave] of batches) {
              bench.writer.write(batch, stories.length)
              stories.push(...batch)
              const gone = ids(stories.slice(0, leave))
              bench.writer.forgetCalls(gone)
              stories = stories.filter(({ id }) => !gone.includes(id))
              for (const filter of filters) {
                const expected = naively(stories, filter)
                expect(await everyPage(bench.reader, filter, limit)).toEqual(expected)
                expect(await bench.reader.count(filter, limit)).toBe(Math.min(limit, expected.length))
              }
            }
            const all: Story[] = []
            for await (const block of bench.reader.all(filters[0] ?? {})) all.push(...block)
            expect(all).toEqual(naively(stories, filters[0] ?? {}))
          },
        ),
        { numRuns: 40 },
      )
    }, 60_000)

    test('whoever is asked for, by number or as a person, all their calls are found, also after others have taken their part', async () => {
      const everyone: ArchiveFilter[] = [
        { number: 'withheld' },
        ...PEOPLE.map((person): ArchiveFilter => ({ person })),
        ...['46', '4567', '0123', '555'].flatMap((digits) =>
          (['exact', 'prefix', 'suffix', 'inside'] as const).map((how): ArchiveFilter => ({ number: { how, digits } })),
        ),
      ]
      const batches = fc.array(fc.array(someStory, { minLength: 20, maxLength: 40 }), { minLength: 2, maxLength: 3 })
      await fc.assert(
        fc.asyncProperty(batches, async (batches) => {
          bench.writer.drop()
          const stories: Story[] = []
          for (const batch of batches) {
            bench.writer.write(batch, stories.length)
            stories.push(...batch)
            for (const filter of everyone) expect(ids(await everyPage(bench.reader, filter, 50))).toEqual(ids(naively(stories, filter)))
          }
        }),
        { numRuns: 10 },
      )
    }, 60_000)
  })
}
