/**
 * A list of a million read, judged and staged, with 12 columns and with 100, one row in twenty bad and quoted line breaks in the cells. Reading
 * alone takes one core; then into the database, with what it costs in memory and how long others wait for their turn meanwhile.
 *
 *     npm run bench -- --only import
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'
import { pipeline } from 'node:stream/promises'
import { contactLists } from '#adapters/contact-lists/contact-lists.ts'
import { numbers } from '#adapters/numbers/numbers.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import type { ContactLists } from '#ports/contact-lists.ts'
import { conditions, type Figure, print } from './figures.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const ROWS = 1_000_000
const WIDE_ROWS = ROWS / 10
const BAD = 0.05
const T0 = 1_795_000_000_000
const MEMORY_MAX_MB = 300

const RULES = {
  numbers: numbers({
    ...{ country: 'SE', countries: [], barredPrefixes: [], shortNumbers: [], premium: false, sharedCost: false, switchboards: [] },
  }),
  country: 'SE',
  zone: 'Europe/Stockholm',
}
const HOW = { encoding: null, delimiter: null, mapping: null, rules: RULES }

/** By the command for it, in a process of its own, so that its memory is not counted here. */
async function written(file: string, rows: number, columns: number): Promise<void> {
  const words = [path.join(ROOT, 'scripts/contacts-file.ts'), '--rows', rows, '--columns', columns, '--seed', 1, '--bad', BAD].map(String)
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  await Promise.all([pipeline(child.stdout, createWriteStream(file)), once(child, 'close')])
  if (child.exitCode !== 0) throw new Error(`the file was not written: ${child.exitCode}`)
}

interface Pace {
  readonly perSecond: number
  /** Of this thread's processor time alone: what it would be with a core to itself. */
  readonly perCpuSecond: number
}

/** Rows a second. Throws where the file was not read as it was written. */
async function read(file: string, rows: number, take: Parameters<ContactLists['read']>[2]): Promise<Pace> {
  const began = performance.now()
  const cpu = process.threadCpuUsage()
  const done = await contactLists.read(createReadStream(file), HOW, take)
  if ('code' in done || done.rows !== rows) throw new Error(`the file was read wrongly: ${JSON.stringify(done)}`)
  const { user, system } = process.threadCpuUsage(cpu)
  return { perSecond: rows / ((performance.now() - began) / 1_000), perCpuSecond: rows / ((user + system) / 1e6) }
}

async function readAlone(file: string, rows: number): Promise<Pace> {
  let [good, bad] = [0, 0]
  const pace = await read(file, rows, async (some, faults) => {
    good += some.length
    bad += faults.length
  })
  if (good + bad !== rows || Math.abs(bad / rows - BAD) > 0.01) throw new Error(`${good} good rows and ${bad} bad ones of ${rows}`)
  return pace
}

async function staged(folder: string, file: string, rows: number): Promise<readonly Figure[]> {
  const contacts = openContacts({ folder })
  try {
    const asked = { campaignId: 'spring', at: T0, user: 'bench', fileName: 'list.csv', how: 'add', hash: null } as const
    const staging = await contacts.startImport(asked)
    if ('confirmed' in staging) throw new Error('it was confirmed before')
    const delay = monitorEventLoopDelay({ resolution: 1 })
    const rssBefore = process.memoryUsage.rss()
    let rssMost = 0
    delay.enable()
    const { perSecond } = await read(file, rows, async (some, faults, bytes) => {
      await staging.add(some, faults, bytes)
      rssMost = Math.max(rssMost, process.memoryUsage.rss())
    })
    const { id, counts } = await staging.finish()
    delay.disable()
    if (counts.rows !== rows || counts.added !== counts.valid) throw new Error(`judged wrongly: ${JSON.stringify(counts)}`)
    const began = performance.now()
    await contacts.confirm(id, T0)
    return [
      { name: `${rows} rows into the database`, value: perSecond, unit: 'rows/s', aim: { atLeast: 30_000 } },
      { name: 'memory of the process, at most', value: rssMost / 2 ** 20, unit: 'MB', aim: { atMost: MEMORY_MAX_MB } },
      { name: 'before', value: rssBefore / 2 ** 20, unit: 'MB' },
      { name: 'others wait meanwhile, p99', value: delay.percentile(99) / 1e6, unit: 'ms', aim: { atMost: 20 } },
      { name: 'confirmed', value: (performance.now() - began) / 1_000, unit: 's' },
    ]
  } finally {
    await contacts.close()
  }
}

const paces = (name: string, { perSecond, perCpuSecond }: Pace, atLeast: number): readonly Figure[] => [
  { name, value: perSecond, unit: 'rows/s', aim: { atLeast } },
  { name: `${' '.repeat(name.length)} by processor time`, value: perCpuSecond, unit: 'rows/s' },
]

mkdirSync(path.join(ROOT, 'data'), { recursive: true })
const folder = mkdtempSync(path.join(ROOT, 'data/bench-import-'))
try {
  console.log(`  ${conditions({ rows: ROWS, bad: `${BAD * 100} %` })}`)
  const [narrow, wide] = [path.join(folder, 'narrow.csv'), path.join(folder, 'wide.csv')]
  await written(narrow, ROWS, 12)
  await written(wide, WIDE_ROWS, 100)
  const figures: Figure[] = [
    ...(await staged(folder, narrow, ROWS)),
    ...paces('read and judged, 12 columns', await readAlone(narrow, ROWS), 30_000),
    ...paces('read and judged, 100 columns', await readAlone(wide, WIDE_ROWS), 10_000),
  ]
  process.exitCode = print(figures) ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
