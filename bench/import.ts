/**
 * A list of a million read, judged and staged, with 12 columns and with 100, one row in twenty bad and quoted line breaks in the cells. Into
 * the database as the program does it, beside an engine that is asked for something all the time: what that costs in memory, and how long
 * whoever asks waits. Then reading alone, on one core. A short run comes first, because TypeScript is stripped at the first start of all and
 * kept from then on: what strips it takes 100 MB.
 *
 *     npm run bench -- --only import
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { contactLists } from '#adapters/contact-files/contact-lists.ts'
import { memoryJournal, memoryStore } from '#adapters/memory/journal.ts'
import { numbers } from '#adapters/numbers/numbers.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { listsElsewhere } from '#app/lists-thread.ts'
import type { Engine } from '#engine/engine.ts'
import type { ContactLists } from '#ports/contact-lists.ts'
import { unpacked } from '#ports/contacts.ts'
import { waits } from './engine-waits.ts'
import { conditions, type Figure, percentile, print } from './figures.ts'
import { AGENTS, Stage } from './stage-engine.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const ALL = 1_000_000
const FEW = 10_000
const ROWS = Number(process.argv[2])
const WIDE_ROWS = ROWS / 10
const BAD = 0.05
const T0 = 1_795_000_000_000
const MEMORY_MAX_MB = 300

const QUIET_MS = ROWS === ALL ? 5_000 : 0

const NUMBERS = {
  ...{ country: 'SE', countries: [], barredPrefixes: [], shortNumbers: [], premium: false, sharedCost: false, switchboards: [] },
}
const HOW = { encoding: null, delimiter: null, mapping: null, rules: { country: 'SE', zone: 'Europe/Stockholm' } }
const here = contactLists(() => numbers(NUMBERS))
const elsewhere = listsElsewhere(() => NUMBERS)

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
async function read(lists: ContactLists, file: string, rows: number, take: Parameters<ContactLists['read']>[2]): Promise<Pace> {
  const began = performance.now()
  const cpu = process.threadCpuUsage()
  const done = await lists.read(createReadStream(file), HOW, take)
  if ('code' in done || done.rows !== rows) throw new Error(`the file was read wrongly: ${JSON.stringify(done)}`)
  const { user, system } = process.threadCpuUsage(cpu)
  return { perSecond: rows / ((performance.now() - began) / 1_000), perCpuSecond: rows / ((user + system) / 1e6) }
}

async function readAlone(file: string, rows: number): Promise<Pace> {
  let [good, bad] = [0, 0]
  const pace = await read(here, file, rows, async (some, faults) => {
    good += unpacked(some).length
    bad += unpacked(faults).length
  })
  if (good + bad !== rows || Math.abs(bad / rows - BAD) > 0.01) throw new Error(`${good} good rows and ${bad} bad ones of ${rows}`)
  return pace
}

const asked = (engine: Engine, over: Promise<unknown>) =>
  waits(over, (nth) => engine.submit({ type: 'agent.logOn', by: 'system', agentId: `agent${nth % AGENTS}` }))

async function staged(folder: string, file: string, rows: number): Promise<readonly Figure[]> {
  const contacts = openContacts({ folder })
  const engine = await new Stage().start(memoryJournal(memoryStore()))
  try {
    const list = { campaignId: 'spring', at: T0, user: 'bench', fileName: 'list.csv', how: 'add', hash: null } as const
    const staging = await contacts.startImport(list)
    if ('confirmed' in staging) throw new Error('it was confirmed before')
    const quiet = await asked(engine, setTimeout(QUIET_MS))
    const rssBefore = process.memoryUsage.rss()
    let rssMost = 0
    const reading = read(elsewhere, file, rows, async (some, faults, bytes) => {
      await staging.add(some, faults, bytes)
      rssMost = Math.max(rssMost, process.memoryUsage.rss())
    })
    const meanwhile = await asked(engine, reading)
    const { perSecond } = await reading
    const { id, counts } = await staging.finish()
    if (counts.rows !== rows || counts.added !== counts.valid) throw new Error(`judged wrongly: ${JSON.stringify(counts)}`)
    const began = performance.now()
    await contacts.confirm(id, T0)
    return [
      { name: `${rows} rows into the database`, value: perSecond, unit: 'rows/s', aim: { atLeast: 30_000 } },
      { name: 'memory of the process, at most', value: rssMost / 2 ** 20, unit: 'MB', aim: { atMost: MEMORY_MAX_MB } },
      { name: 'before', value: rssBefore / 2 ** 20, unit: 'MB' },
      { name: 'the engine answers meanwhile, p99', value: percentile(meanwhile, 0.99), unit: 'ms', aim: { atMost: 20 } },
      { name: 'before, p99', value: percentile(quiet, 0.99), unit: 'ms' },
      { name: 'confirmed', value: (performance.now() - began) / 1_000, unit: 's' },
    ]
  } finally {
    await engine.stop()
    await contacts.close()
  }
}

const paces = (name: string, { perSecond, perCpuSecond }: Pace, atLeast: number): readonly Figure[] => [
  { name, value: perSecond, unit: 'rows/s', aim: { atLeast } },
  { name: `${' '.repeat(name.length)} by processor time`, value: perCpuSecond, unit: 'rows/s' },
]

async function measured(): Promise<boolean> {
  // As the program's threads are begun (`src/app/main.ts`).
  setFlagsFromString('--max-semi-space-size=0')
  mkdirSync(path.join(ROOT, 'data'), { recursive: true })
  const folder = mkdtempSync(path.join(ROOT, 'data/bench-import-'))
  try {
    const [narrow, wide] = [path.join(folder, 'narrow.csv'), path.join(folder, 'wide.csv')]
    await written(narrow, ROWS, 12)
    await written(wide, WIDE_ROWS, 100)
    console.log(`  ${conditions({ rows: ROWS, bad: `${BAD * 100} %` })}`)
    return print([
      ...(await staged(folder, narrow, ROWS)),
      ...paces('read and judged, 12 columns', await readAlone(narrow, ROWS), 30_000),
      ...paces('read and judged, 100 columns', await readAlone(wide, WIDE_ROWS), 10_000),
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** In a process of its own. */
async function aRun(rows: number, output: 'inherit' | 'ignore'): Promise<boolean> {
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, String(rows)], { stdio: ['ignore', output, 'inherit'] })
  await once(child, 'close')
  return child.exitCode === 0
}

if (process.argv[2] === undefined) await aRun(FEW, 'ignore')
process.exitCode = (await (process.argv[2] === undefined ? aRun(ALL, 'inherit') : measured())) ? 0 : 1
