/**
 * How long it takes until a person is erased, among a million calls of the running program, and until every file has been searched for
 * the number afterwards. Half of those erased called often, about a thousand times each; half a few times.
 *
 *     npm run bench -- --only erasure
 *     node bench/erasure.ts --calls 100000 --folder /tmp/archive      (made there the first time, and kept; ten times, then all who
 *                                                                      call often are erased)
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { readErasures } from '#adapters/sqlite/erasure-list.ts'
import type { Scrubbed } from '#adapters/sqlite/scrub/scrub.ts'
import { scrub } from '#app/scrubbing.ts'
import type { PersonErased } from '#wire/persons.ts'
import { fill } from './archive.ts'
import { persons } from './archive-stories.ts'
import { conditions, type Figure, percentile, print } from './figures.ts'
import { serve } from './program-served.ts'

const CALLS = 1_000_000
const EACH = 10
/** The first hundred call often. */
const OFTEN = 100

/** Nobody who was erased in this folder before. */
const numbersOf = (folder: string): { readonly often: readonly string[]; readonly seldom: readonly string[] } => {
  const all = [...persons()].flatMap(({ number, kind }) => (kind === 'line' || number === null ? [] : [number]))
  const from = readErasures(folder).length / 2
  return { often: all.slice(from, from + EACH), seldom: all.slice(OFTEN * 10 + from, OFTEN * 10 + from + EACH) }
}

interface Erased {
  readonly ms: number
  readonly calls: number
}

async function measure(folder: string, calls: number): Promise<Figure[]> {
  fill(folder, calls)
  const { often, seldom } = numbersOf(folder)
  const served = await serve(folder)
  try {
    await served.get('calls?limit=1')
    // The night that was missed is made up for at the start, and overwrites what rows have left in every file: another program's search would meet it.
    while ((await served.get<{ readonly items: readonly unknown[] }>('audit?what=retention.done')).body.items.length === 0)
      await setTimeout(500)
    const erase = async (number: string): Promise<Erased> => {
      const began = performance.now()
      const done = await served.post<PersonErased>('persons/erase', JSON.stringify({ number }), 'application/json')
      if (done.status !== 'erased') throw new Error(`not erased: ${JSON.stringify(done)}`)
      return { ms: performance.now() - began, calls: done.calls }
    }
    const [first, second]: [Erased[], Erased[]] = [[], []]
    for (const number of often) first.push(await erase(number))
    for (const number of seldom) second.push(await erase(number))
    const began = performance.now()
    const searched: Scrubbed = await scrub(folder, [...often, ...seldom])
    const searchedMs = performance.now() - began
    const all = [...first, ...second].map(({ ms }) => ms)
    return [
      { name: 'calls', value: calls, unit: 'calls', aim: { atLeast: calls } },
      { name: 'calls of those who called often, mean', value: first.reduce((sum, one) => sum + one.calls, 0) / EACH, unit: 'calls' },
      {
        name: 'erased of those, p50',
        value: percentile(
          first.map(({ ms }) => ms),
          0.5,
        ),
        unit: 'ms',
      },
      { name: 'erased, p50', value: percentile(all, 0.5), unit: 'ms' },
      { name: 'erased, slowest', value: Math.max(...all), unit: 'ms', aim: { atMost: 1_000 } },
      { name: 'all files searched', value: searchedMs / 1_000, unit: 's', aim: { atMost: 60 } },
      { name: 'bytes searched', value: searched.bytes / 1e6, unit: 'MB' },
      { name: 'files that still hold it', value: searched.left.length, unit: 'files', aim: { atMost: 0 } },
    ]
  } finally {
    await served.close()
  }
}

const { values } = parseArgs({ options: { calls: { type: 'string' }, folder: { type: 'string' } } })
const calls = Number(values.calls ?? CALLS)
const folder = values.folder ?? mkdtempSync(path.join(tmpdir(), 'samtal-bench-erasure-'))
mkdirSync(folder, { recursive: true })
console.log(conditions({ calls }))
try {
  process.exitCode = print(await measure(folder, calls)) ? 0 : 1
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true })
}
