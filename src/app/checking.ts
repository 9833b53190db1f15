/**
 * The journal held against what was made of it: replayed from the first fact and from each snapshot to the same world, and folded into an
 * archive beside the one that is there, to the same bytes. Of the other stores, which nothing tells twice, SQLite's own words. Reads one
 * moment of a data folder, whether the program runs on it or not.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ArchiveDump } from '#adapters/sqlite/archive.ts'
import type { Disagreement } from '#adapters/sqlite/check/disagreement.ts'
import { JournalCheck } from '#adapters/sqlite/check/journal-check.ts'
import { pagesFault } from '#adapters/sqlite/check/pages.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import { isCorrupt, sqliteCode } from '#adapters/sqlite/rpc.ts'
import type { Recorded } from '#core/facts.ts'
import { rebuildArchive } from './rebuilding.ts'
import { Replay } from './replay.ts'

/** A piece that leaves takes milliseconds, and there are rests between: the next try hits one. */
const MOMENT_TRIES = 50

export interface Report {
  /** A line each, in the order they were looked at. */
  readonly checked: readonly string[]
  /** The first; what comes after it was not looked at. */
  readonly disagreement: Disagreement | null
}

export interface CheckOptions {
  readonly folder: string
  readonly progress?: (facts: number) => void
}

type Step = () => Disagreement | string

/** What SQLite cannot read, or a rule cannot take, is a disagreement too. */
function guarded(file: string, step: Step): Disagreement | string {
  try {
    return step()
  } catch (error) {
    const known = error instanceof SyntaxError || isCorrupt(error) || sqliteCode(error).startsWith('SQLITE_')
    if (!known) throw error
    return { file, position: null, what: `it cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}

const count = (many: number, one: string): string => (many === 1 ? `1 ${one}` : `${many} ${one}s`)
const told = <T>(found: Disagreement | T, line: (value: T) => string): Disagreement | string =>
  typeof found === 'object' && found !== null && 'what' in found ? found : line(found as T)

function* journalSteps(journal: JournalCheck, progress: (facts: number) => void): Generator<Step> {
  yield () => journal.whole() ?? 'journal.db: pages, indexes and tables are whole'
  yield () => journal.snapshotsFault() ?? `journal.db: ${count(journal.snapshots().length, 'snapshot')} as written`
  yield () =>
    told(journal.persons(), (persons) => `journal.db: ${count(persons, 'person')}, each number that of its hash; erasures as on the list`)
  yield () => told(journal.rows(), (rows) => `journal.db: ${count(rows, 'row')} of names, notes, solutions and answers as written`)
  yield () => {
    const replay = new Replay(journal.snapshots())
    const facts = journal.facts((block) => {
      const objection = replay.take(block)
      progress(block.at(-1)?.position ?? 0)
      return objection
    })
    const end = 'what' in facts ? facts : replay.end()
    if (end !== null) return end
    return told(facts, ({ facts: many, last, left, lost }) => {
      const gaps = [...(left === 0 ? [] : [`${left} left with their calls`]), ...(lost === 0 ? [] : [`${lost} lost as damaged`])]
      const without = gaps.length === 0 ? '' : ` (${gaps.join(', ')})`
      return `journal.db: ${count(many, 'fact')} up to ${last}${without}, sealed, in order of time\n${replay.says()}`
    })
  }
}

/** Where in the journal a call was told of last. */
const lastFactOf = (reader: JournalReader, callId: string): number | null =>
  (JSON.parse(reader.factsOfAsJson(callId)) as Recorded[]).at(-1)?.position ?? null

const callIn = (line: string): string => (JSON.parse(line) as [string])[0]

/** The archive and the facts it is made of, so that no call left the journal between the two. */
interface Moment {
  readonly dump: ArchiveDump
  readonly reader: JournalReader
}

/** The archive's moment first: the journal of a later one tells all it is made of, but for calls that leave meanwhile. */
function momentOf(folder: string): Moment {
  for (let tries = 1; ; tries++) {
    const before = new JournalReader(folder)
    const gone = before.gone()
    before.close()
    const dump = new ArchiveDump(folder)
    const reader = new JournalReader(folder, { moment: true })
    if (reader.gone() === gone || tries === MOMENT_TRIES) return { dump, reader }
    dump.close()
    reader.close()
  }
}

/** What the archive tells of calls that are not about to leave. */
function* linesIn(dump: ArchiveDump, reader: JournalReader): Generator<string> {
  const leaving = reader.leaving()
  for (const line of dump.lines()) if (leaving.size === 0 || !leaving.has(callIn(line))) yield line
}

const NO_FACT = 'is told of, and no fact is'

/** Both in the same order; the first line that differs. */
function firstDifference(there: Moment, anew: ArchiveDump): Disagreement | number {
  const expected = anew.lines()
  let calls = 0
  const differs = (line: string, what: string): Disagreement => {
    const callId = callIn(line)
    return { file: 'archive.db', position: lastFactOf(there.reader, callId), what: `call ${callId} ${what}` }
  }
  /** One of two calls is told of in one place only. */
  const missing = (line: string, anew: string): Disagreement =>
    lastFactOf(there.reader, callIn(line)) === null ? differs(line, NO_FACT) : differs(anew, 'is not told of')
  try {
    for (const line of linesIn(there.dump, there.reader)) {
      const { value, done } = expected.next()
      if (done === true) return differs(line, NO_FACT)
      if (line !== value) return callIn(line) === callIn(value) ? differs(value, 'is not told as its facts tell it') : missing(line, value)
      calls += 1
    }
    const more = expected.next()
    return more.done === true ? calls : differs(more.value, 'is not told of')
  } finally {
    expected.return(undefined)
  }
}

function archiveAgrees(folder: string, moment: Moment): Disagreement | string {
  const beside = mkdtempSync(path.join(folder, 'check-'))
  try {
    const { position } = moment.dump
    rebuildArchive({ folder: moment.reader, into: beside, upTo: position })
    const anew = new ArchiveDump(beside)
    try {
      const same = firstDifference(moment, anew)
      return told(same, (calls) => `archive.db: ${count(calls, 'call')}, the same bytes as made anew from the facts up to ${position}`)
    } finally {
      anew.close()
    }
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}

/** Beside journal and archive: their rows have no sums, so it is said what was looked at. */
const OTHERS = ['contacts.db', 'directory.db', 'accounts.db', 'audit.db', 'figures.db']
const otherSteps = (folder: string): readonly (readonly [string, Step])[] =>
  OTHERS.filter((file) => existsSync(path.join(folder, file))).map((file) => [
    file,
    () => pagesFault(folder, file) ?? `${file}: pages and indexes are whole; its rows have no sums`,
  ])

/** The folder must have a journal. */
export function checkFolder({ folder, progress = () => undefined }: CheckOptions): Report {
  const checked: string[] = []
  const take = (file: string, step: Step): Disagreement | null => {
    const found = guarded(file, step)
    if (typeof found !== 'string') return found
    checked.push(...found.split('\n'))
    return null
  }
  const archive = { moment: null as Moment | null }
  const openArchive: Step = () => {
    if (!existsSync(path.join(folder, 'archive.db'))) return { file: 'archive.db', position: null, what: 'it is not there' }
    archive.moment = momentOf(folder)
    return archive.moment.dump.fault() ?? 'archive.db: pages, indexes and tables are whole'
  }
  const journal = { check: null as JournalCheck | null }
  try {
    const noArchive = guarded('archive.db', openArchive)
    const opened = take('journal.db', () => {
      journal.check = new JournalCheck(folder)
      return 'journal.db: opened'
    })
    if (opened !== null) return { checked: [], disagreement: opened }
    checked.pop()
    for (const step of journalSteps(journal.check as JournalCheck, progress)) {
      const found = take('journal.db', step)
      if (found !== null) return { checked, disagreement: found }
    }
    const agrees: Step = () => archiveAgrees(folder, archive.moment as Moment)
    for (const [file, step] of [['archive.db', () => noArchive] as const, ['archive.db', agrees] as const, ...otherSteps(folder)]) {
      const found = take(file, step)
      if (found !== null) return { checked, disagreement: found }
    }
    return { checked, disagreement: null }
  } finally {
    journal.check?.close()
    archive.moment?.dump.close()
    archive.moment?.reader.close()
  }
}
