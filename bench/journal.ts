/**
 * How many facts the journal takes in a second, how much of that is the engine's own thread, and how long one small commit takes.
 *
 *     npm run bench -- --only journal
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { openSqliteJournal, type SqliteJournal } from '#adapters/sqlite/journal.ts'
import type { Fact, Recorded } from '#core/facts.ts'
import type { PersonRow } from '#ports/journal.ts'
import { conditions, type Figure, percentile, print } from './figures.ts'

const MEASURE_MS = 10_000
const CALLS_A_BATCH = 10
/** Appends posted and not yet durable. */
const IN_FLIGHT = 4
const SMALL_COMMITS = 300
const SMALL_COMMIT_EVERY_MS = 10
const SNAPSHOT_FACTS = 20_000

/** One inbound call: menu, queue, conversation. */
const factsOfCall = (call: string, at: number): Fact[] => [
  { type: 'call.started', callId: call, direction: 'inbound', from: { person: `p${call}` }, to: { person: 'line' }, customer: `p${call}` },
  { type: 'leg.arrived', callId: call, legId: `${call}a`, personId: `p${call}` },
  { type: 'leg.answered', callId: call, legId: `${call}a` },
  { type: 'menu.entered', callId: call, menuId: 'main', what: 'menu', legs: [`${call}a`] },
  { type: 'menu.left', callId: call, menuId: 'main', how: 'choice', choice: '1' },
  { type: 'entry.joined', callId: call, entryId: `${call}e`, queueId: 'support', kind: 'line', place: 'end', since: at, leavesAt: null },
  { type: 'leg.requested', callId: call, legId: `${call}b`, party: 'agent', agentId: 'anna', entryId: `${call}e`, ringUntil: at + 30_000 },
  { type: 'leg.answered', callId: call, legId: `${call}b` },
  { type: 'entry.left', callId: call, entryId: `${call}e`, queueId: 'support', reason: 'answered', agentId: 'anna' },
  { type: 'bridge.joined', callId: call, bridge: 'main', legs: [`${call}a`, `${call}b`] },
  { type: 'leg.ended', callId: call, legId: `${call}a`, outcome: 'answered', by: 'party', cause: 16 },
  { type: 'leg.ended', callId: call, legId: `${call}b`, outcome: 'answered', by: 'us', cause: 16 },
  { type: 'call.ended', callId: call },
]

class Source {
  #calls = 0
  position = 0

  batch(calls: number): { expected: number; facts: Recorded[]; persons: PersonRow[] } {
    const expected = this.position
    const facts: Recorded[] = []
    const persons: PersonRow[] = []
    for (let index = 0; index < calls; index++) {
      this.#calls += 1
      const at = 1_795_000_000_000 + this.#calls
      const call = at.toString(36)
      persons.push({ personId: `p${call}`, number: `+4670${1_000_000 + this.#calls}`, kind: 'person' })
      for (const fact of factsOfCall(call, at)) {
        this.position += 1
        facts.push({ position: this.position, at, fact })
      }
    }
    return { expected, facts, persons }
  }
}

async function throughput(journal: SqliteJournal, source: Source): Promise<Figure[]> {
  const began = performance.now()
  const first = source.position
  let ownMs = 0
  const flow = async (): Promise<void> => {
    while (performance.now() - began < MEASURE_MS) {
      const { expected, facts, persons } = source.batch(CALLS_A_BATCH)
      const posted = performance.now()
      const appended = journal.append(expected, { facts, persons })
      ownMs += performance.now() - posted
      await appended
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, flow))
  const ms = performance.now() - began
  const facts = source.position - first
  return [
    { name: 'facts appended, with a new person a call', value: (facts / ms) * 1_000, unit: 'facts/s', aim: { atLeast: 25_000 } },
    { name: "of it in the engine's own thread", value: (ownMs * 1_000) / facts, unit: 'µs/fact' },
  ]
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function latency(journal: SqliteJournal, source: Source): Promise<Figure[]> {
  const ms: number[] = []
  for (let index = 0; index < SMALL_COMMITS; index++) {
    await pause(SMALL_COMMIT_EVERY_MS)
    const { expected, facts } = source.batch(1)
    const began = performance.now()
    await journal.append(expected, { facts })
    ms.push(performance.now() - began)
  }
  return [
    { name: 'commit of 13 facts at low load, p50', value: percentile(ms, 0.5), unit: 'ms' },
    { name: 'the same, p99', value: percentile(ms, 0.99), unit: 'ms', aim: { atMost: 20 } },
  ]
}

/** The same commits while `samtal backup` copies the folder in a process of its own. */
async function whileBackedUp(journal: SqliteJournal, source: Source, folder: string): Promise<Figure[]> {
  const main = path.resolve(import.meta.dirname, '../src/app/main.ts')
  const child = spawn(process.execPath, [main, 'backup', '--json', '--data', folder, '--out', `${folder}-backup`])
  const ended = once(child, 'exit')
  let over = false
  void ended.then(() => {
    over = true
  })
  const said = text(child.stdout)
  const ms: number[] = []
  while (!over) {
    await pause(SMALL_COMMIT_EVERY_MS)
    const { expected, facts } = source.batch(1)
    const began = performance.now()
    await journal.append(expected, { facts })
    ms.push(performance.now() - began)
  }
  rmSync(`${folder}-backup`, { recursive: true })
  const { bytes, seconds } = JSON.parse(await said) as { readonly bytes: number; readonly seconds: number }
  return [
    { name: `commit of 13 facts while ${Math.round(bytes / 1e6)} MB are backed up, p50`, value: percentile(ms, 0.5), unit: 'ms' },
    { name: 'the same, p99', value: percentile(ms, 0.99), unit: 'ms', aim: { atMost: 50 } },
    { name: 'backed up in', value: seconds, unit: 's' },
  ]
}

async function reopening(journal: SqliteJournal, source: Source, folder: string): Promise<Figure[]> {
  await journal.saveSnapshot({ position: source.position - SNAPSHOT_FACTS, state: '{}'.padEnd(10_000_000) })
  await journal.kill()
  const began = performance.now()
  const again = openSqliteJournal({ folder })
  const opened = await again.open()
  let read = 0
  for await (const block of again.read(opened.snapshot?.position ?? 0)) read += block.length
  const ms = performance.now() - began
  await again.close()
  if (opened.position !== source.position || read !== SNAPSHOT_FACTS)
    throw new Error(`${opened.position} of ${source.position} facts are there`)
  return [
    {
      name: `opened after a kill, and ${read} facts read behind the snapshot, of ${opened.position}`,
      value: ms,
      unit: 'ms',
      aim: { atMost: 2_000 },
    },
  ]
}

export async function benchJournal(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'samtal-bench-journal-'))
  try {
    const journal = openSqliteJournal({ folder })
    await journal.open()
    const source = new Source()
    return [
      ...(await throughput(journal, source)),
      ...(await latency(journal, source)),
      ...(await whileBackedUp(journal, source, folder)),
      ...(await reopening(journal, source, folder)),
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) {
  console.log(conditions({ 'PRAGMA synchronous': 'FULL', 'facts a batch': CALLS_A_BATCH * 13, 'batches in flight': IN_FLIGHT }))
  process.exitCode = print(await benchJournal()) ? 0 : 1
}
