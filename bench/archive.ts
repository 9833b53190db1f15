/**
 * How quickly the archive writes and is searched: a million made-up calls, and the searches of `searches.json` through the API of
 * the running program, each for its first page and for a later one.
 *
 *     npm run bench -- --only archive
 *     node bench/archive.ts --calls 100000 --rounds 10 --every
 *     node bench/archive.ts --folder /tmp/archive      (made there the first time, and kept)
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { filterOf } from '#adapters/http/search.ts'
import { numbers } from '#adapters/numbers/numbers.ts'
import { openArchiveReader, openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { openJournalFile } from '#adapters/sqlite/journal-salvage.ts'
import type { CallQuery } from '#wire/calls.ts'
import { type Query, type Served, serveArchive } from './archive-served.ts'
import { DAYS, PERSONS, persons, stories } from './archive-stories.ts'
import { conditions, type Figure, percentile, print } from './figures.ts'

const CALLS = 1_000_000
const SEED = 1
const STORIES_A_WRITE = 500
const PERSONS_A_WRITE = 5_000
const PAGE = 50
/** The later page is this many pages on, or the last there is. */
const PAGES_ON = 10
const ROUNDS = 100
const SWEDISH = { country: 'SE', countries: [], barredPrefixes: [], shortNumbers: [], premium: false, sharedCost: false, switchboards: [] }

interface Search {
  readonly name: string
  readonly query: CallQuery & Query
  readonly p99MsMax: number
}

interface Timed extends Search {
  readonly later: string | null
  readonly firstMs: number[]
  readonly laterMs: number[]
  found: number
}

const sinceMs = (began: number): number => performance.now() - began

/** In blocks of this size, the last one shorter. */
function* blocks<T>(all: Iterable<T>, size: number): Generator<T[]> {
  let block: T[] = []
  for (const one of all) {
    block.push(one)
    if (block.length < size) continue
    yield block
    block = []
  }
  if (block.length > 0) yield block
}

function fillPersons(folder: string): void {
  const { file } = openJournalFile(folder)
  for (const block of blocks(persons(), PERSONS_A_WRITE)) file.transaction(() => file.write({ expected: 0, lines: '', persons: block }))
  file.close()
}

/** Calls written per second, the making of them not counted. */
function fillStories(folder: string, calls: number): number {
  const writer = openArchiveWriter({ folder })
  let ms = 0
  for (const block of blocks(stories(calls, SEED), STORIES_A_WRITE)) {
    const began = performance.now()
    // Position 0: the journal beside it is empty, and the program goes on from there.
    writer.write(block, 0)
    ms += sinceMs(began)
  }
  writer.close()
  return (calls / ms) * 1_000
}

async function countEach(folder: string, searches: readonly Search[]): Promise<number[]> {
  const reader = openArchiveReader({ folder })
  const counts: number[] = []
  for (const { query } of searches) counts.push(await reader.count(filterOf(query, numbers(SWEDISH), 'SE'), Number.MAX_SAFE_INTEGER))
  await reader.close()
  return counts
}

async function prepare(served: Served, search: Search, found: number): Promise<Timed> {
  let later: string | null = null
  for (let on = 0; on < PAGES_ON; on++) {
    const { page } = await served.calls({ ...search.query, limit: PAGE, ...(later !== null && { after: later }) })
    if (page.next === null) break
    later = page.next
  }
  return { ...search, later, found, firstMs: [], laterMs: [] }
}

async function time(served: Served, { query, later, firstMs, laterMs }: Timed): Promise<void> {
  firstMs.push((await served.calls({ ...query, limit: PAGE })).ms)
  if (later !== null) laterMs.push((await served.calls({ ...query, limit: PAGE, after: later })).ms)
}

const worstP99 = (search: Timed): number =>
  Math.max(percentile(search.firstMs, 0.99), search.laterMs.length > 0 ? percentile(search.laterMs, 0.99) : 0)

function figuresOf(searches: readonly Timed[], every: boolean): Figure[] {
  const slowest = [50, 500].flatMap((aim): Figure[] => {
    const group = searches.filter(({ p99MsMax }) => p99MsMax === aim)
    const worst = group.reduce((a, b) => (worstP99(a) >= worstP99(b) ? a : b))
    return [{ name: `slowest p99 of ${group.length} searches: ${worst.name}`, value: worstP99(worst), unit: 'ms', aim: { atMost: aim } }]
  })
  const each = searches.map(
    (search): Figure => ({
      name: `${search.name} (${search.found} found), p99 of first and later page`,
      value: worstP99(search),
      unit: 'ms',
      aim: { atMost: search.p99MsMax },
    }),
  )
  return [...slowest, ...each.filter((figure) => every || figure.value > Number(figure.aim && 'atMost' in figure.aim && figure.aim.atMost))]
}

/** Null where it was filled before. */
export function fill(folder: string, calls: number): number | null {
  if (existsSync(path.join(folder, 'archive.db'))) return null
  fillPersons(folder)
  return fillStories(folder, calls)
}

async function measure(folder: string, { calls, rounds, every }: Options): Promise<Figure[]> {
  const written = fill(folder, calls)
  const file: { searches: Search[] } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'searches.json'), 'utf8'))
  const counts = await countEach(folder, [{ name: 'all', query: {}, p99MsMax: 0 }, ...file.searches])
  const served = await serveArchive(folder)
  try {
    const began = performance.now()
    const { page } = await served.calls({ limit: Math.min(rounds, 200) })
    const ready = performance.now() - began
    const searches: Timed[] = []
    for (const [index, search] of file.searches.entries()) searches.push(await prepare(served, search, counts[index + 1] ?? 0))
    for (let round = 0; round < rounds; round++) for (const search of searches) await time(served, search)
    const single: number[] = []
    for (const { id } of page.items) single.push(await served.call(id))
    return [
      { name: 'calls in the archive', value: counts[0] ?? 0, unit: 'calls', aim: { atLeast: calls } },
      ...(written === null ? [] : [{ name: 'written', value: written, unit: 'calls/s', aim: { atLeast: 3_000 } }]),
      { name: 'from the first request to its answer, right after the start', value: ready, unit: 'ms' },
      ...figuresOf(searches, every),
      { name: 'one call, p99', value: percentile(single, 0.99), unit: 'ms', aim: { atMost: 10 } },
    ]
  } finally {
    await served.close()
  }
}

export interface Options {
  readonly calls: number
  readonly rounds: number
  /** Shows every search, not only the slowest and those over their aim. */
  readonly every: boolean
  /** Kept, and used again as it is; without it one is made and removed. */
  readonly folder?: string
}

export async function benchArchive(options: Partial<Options> = {}): Promise<Figure[]> {
  const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), 'samtal-bench-archive-'))
  mkdirSync(folder, { recursive: true })
  try {
    return await measure(folder, { calls: CALLS, rounds: ROUNDS, every: false, ...options })
  } finally {
    if (options.folder === undefined) rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { calls: { type: 'string' }, rounds: { type: 'string' }, every: { type: 'boolean' }, folder: { type: 'string' } },
  })
  const { every = false, folder } = values
  const calls = Number(values.calls ?? CALLS)
  const rounds = Number(values.rounds ?? ROUNDS)
  console.log(conditions({ calls, days: DAYS, persons: PERSONS, 'PRAGMA synchronous': 'NORMAL', page: PAGE, rounds }))
  process.exitCode = print(await benchArchive({ calls, rounds, every, ...(folder && { folder }) })) ? 0 : 1
}
