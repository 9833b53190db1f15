/**
 * The archive's file: `archive.db`, a projection that may be dropped and rebuilt. A row of `calls` holds what is searched, a row of
 * `stories` the whole story as JSON. The searching threads keep the rows of `calls` in memory (`call-index.ts`) and follow `change`,
 * so there are no indexes to keep up while calls are written. Synchronous, for the projecting thread.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { outsideParties, ownersOf } from '#core/archive/parties.ts'
import type { EventKind, Story } from '#core/archive/story.ts'
import type { CallId, PersonId } from '#core/kernel/kernel.ts'
import type { ArchiveWriter } from '#ports/archive.ts'
import type { Disagreement } from './check/disagreement.ts'
import { wholeFault } from './check/whole.ts'
import { isCorrupt } from './rpc.ts'

/** A file of another format is dropped: the journal has it all. */
const FORMAT = 2
const CACHE_KIB = 64 * 1024
const CHECKPOINT_PAGES = 4_000
/** Persons whose row is remembered, so as not to be looked up at each write. */
const PEOPLE_REMEMBERED_MAX = 50_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS calls (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, change INTEGER NOT NULL,
    started_at INTEGER NOT NULL, ended_at INTEGER, direction TEXT NOT NULL, origin TEXT, mode TEXT, campaign TEXT, contact TEXT,
    result TEXT NOT NULL, queues TEXT NOT NULL, agents TEXT NOT NULL, owners TEXT NOT NULL, kinds INTEGER NOT NULL, people TEXT NOT NULL,
    unanswered INTEGER NOT NULL, wait_ms INTEGER, speak_ms INTEGER NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS calls_changed ON calls (change);
  CREATE TABLE IF NOT EXISTS stories (row INTEGER PRIMARY KEY, story TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS people (row INTEGER PRIMARY KEY, person_id TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE IF NOT EXISTS removed (change INTEGER PRIMARY KEY, row INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO meta (key, value)
    VALUES ('format', ${FORMAT}), ('position', 0), ('change', 0), ('drops', 0), ('removed', 0), ('pruned', 0);
  INSERT OR IGNORE INTO meta (key, value) SELECT 'sum', sum(value) FROM meta;`
/** So that none of them changes unseen. */
const SUM_META = `UPDATE meta SET value = (SELECT sum(value) FROM meta WHERE key <> 'sum') WHERE key = 'sum'`

/** Rows of calls that left are told to the searching threads, which look every second, until so many newer ones have left. */
const REMOVED_KEPT = 20_000
const PRUNE = `
  UPDATE meta SET value = max(value, coalesce((SELECT change FROM removed ORDER BY change DESC LIMIT 1 OFFSET ${REMOVED_KEPT}), 0)) WHERE key = 'pruned';
  DELETE FROM removed WHERE change <= (SELECT value FROM meta WHERE key = 'pruned');
  UPDATE meta SET value = (SELECT coalesce(sum(row + change), 0) FROM removed) WHERE key = 'removed';`

export const archivePath = (folder: string): string => join(folder, 'archive.db')

const KINDS: readonly EventKind[] = ['menu', 'queue', 'queueCallback', 'conversation', 'consult', 'consultToQueue', 'deleted']

/** A set of kinds as bits; a word that is no kind adds none. */
export const kindBits = (kinds: readonly string[]): number =>
  KINDS.reduce((bits, kind, index) => (kinds.includes(kind) ? bits | (1 << index) : bits), 0)

const UPSERT = `
  INSERT INTO calls (id, change, started_at, ended_at, direction, origin, mode, campaign, contact, result, queues, agents, owners, kinds,
    people, unanswered, wait_ms, speak_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET change = excluded.change, started_at = excluded.started_at, ended_at = excluded.ended_at,
    direction = excluded.direction, origin = excluded.origin, mode = excluded.mode, campaign = excluded.campaign,
    contact = excluded.contact, result = excluded.result, queues = excluded.queues, agents = excluded.agents, owners = excluded.owners,
    kinds = excluded.kinds, people = excluded.people, unanswered = excluded.unanswered, wait_ms = excluded.wait_ms, speak_ms = excluded.speak_ms
  RETURNING row`

export class SqliteArchiveWriter implements ArchiveWriter {
  readonly #db: Database.Database
  readonly #upsert: Database.Statement
  readonly #story: Database.Statement
  readonly #person: Database.Statement
  readonly #newPerson: Database.Statement
  readonly #get: Database.Statement
  readonly #set: Database.Statement
  readonly #sum: Database.Statement
  readonly #people = new Map<PersonId, number>()

  constructor(folder: string) {
    this.#db = openSound(archivePath(folder))
    this.#upsert = this.#db.prepare(UPSERT).pluck()
    this.#story = this.#db.prepare('INSERT OR REPLACE INTO stories (row, story) VALUES (?, ?)')
    this.#person = this.#db.prepare('SELECT row FROM people WHERE person_id = ?').pluck()
    this.#newPerson = this.#db.prepare('INSERT INTO people (person_id) VALUES (?) RETURNING row').pluck()
    this.#get = this.#db.prepare('SELECT value FROM meta WHERE key = ?').pluck()
    this.#set = this.#db.prepare('UPDATE meta SET value = ? WHERE key = ?')
    this.#sum = this.#db.prepare(SUM_META)
  }

  position(): number {
    return Number(this.#get.get('position'))
  }

  write(stories: readonly Story[], position: number): void {
    const latest = new Map(stories.map((story) => [story.id, story]))
    try {
      this.#db
        .transaction(() => {
          let change = Number(this.#get.get('change'))
          for (const story of latest.values()) {
            change += 1
            this.#writeStory(story, change)
          }
          this.#set.run(change, 'change')
          this.#set.run(position, 'position')
          this.#sum.run()
        })
        .immediate()
    } catch (error) {
      this.#people.clear()
      throw error
    }
  }

  #writeStory(story: Story, change: number): void {
    const row = this.#upsert.get(
      story.id,
      change,
      story.startedAt,
      story.endedAt,
      story.direction,
      story.origin ?? null,
      story.mode ?? null,
      story.campaignId ?? null,
      story.contactId ?? null,
      story.result,
      JSON.stringify(story.queues),
      JSON.stringify(story.agents.map((agent) => agent.id)),
      JSON.stringify(ownersOf(story)),
      kindBits(story.events.map((event) => event.kind)),
      outsideParties(story)
        .map((person) => this.#rowOf(person))
        .join(','),
      story.unanswered,
      story.waitMs,
      story.speakMs,
    )
    this.#story.run(row, JSON.stringify(story))
  }

  forgetCalls(calls: readonly CallId[]): number {
    const row = this.#db.prepare('SELECT row FROM calls WHERE id = ?').pluck()
    const remove = [this.#db.prepare('DELETE FROM calls WHERE row = ?'), this.#db.prepare('DELETE FROM stories WHERE row = ?')]
    const tell = this.#db.prepare('INSERT INTO removed (change, row) VALUES (?, ?)')
    this.#db.pragma('secure_delete = ON')
    try {
      return this.#db
        .transaction(() => {
          const rows = calls.flatMap((callId) => (row.get(callId) as number | undefined) ?? [])
          let change = Number(this.#get.get('change'))
          for (const gone of rows) {
            change += 1
            for (const statement of remove) statement.run(gone)
            tell.run(change, gone)
          }
          this.#set.run(change, 'change')
          this.#db.exec(PRUNE)
          this.#sum.run()
          return rows.length
        })
        .immediate()
    } finally {
      this.#db.pragma('secure_delete = OFF')
    }
  }

  #rowOf(person: PersonId): number {
    const remembered = this.#people.get(person)
    if (remembered !== undefined) return remembered
    const row = Number(this.#person.get(person) ?? this.#newPerson.get(person))
    if (this.#people.size >= PEOPLE_REMEMBERED_MAX) this.#people.clear()
    this.#people.set(person, row)
    return row
  }

  drop(): void {
    this.#people.clear()
    this.#db
      .transaction(() => {
        this.#db.exec(`DELETE FROM calls; DELETE FROM stories; DELETE FROM people; DELETE FROM removed;
          UPDATE meta SET value = 0 WHERE key IN ('position', 'change', 'removed', 'pruned'); UPDATE meta SET value = value + 1 WHERE key = 'drops'; ${SUM_META}`)
      })
      .immediate()
  }

  close(): void {
    this.#db.close()
  }
}

const open = (path: string): Database.Database => {
  const db = new Database(path)
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma(`cache_size = -${CACHE_KIB}`)
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    db.exec(SCHEMA)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

const isOurs = (db: Database.Database): boolean => db.prepare(`SELECT value FROM meta WHERE key = 'format'`).pluck().get() === FORMAT

/** What cannot be read, or is of another format, is thrown away: the projector then begins at position 0. */
const openSound = (path: string): Database.Database => {
  try {
    const db = open(path)
    if (isOurs(db)) return db
    db.close()
  } catch (error) {
    if (!isCorrupt(error)) throw error
  }
  remove(path)
  return open(path)
}

const remove = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
}

/** For a journal that lost facts: what it tells of them must go too. To be called while nobody has the archive open. */
export const forgetArchive = (folder: string): void => remove(archivePath(folder))

/** The archive as one moment left it, beside whoever writes. */
export class ArchiveDump {
  readonly #db: Database.Database
  /** The position of the last fact it tells of. */
  readonly position: number

  constructor(folder: string) {
    this.#db = new Database(archivePath(folder), { readonly: true })
    this.#db.exec('BEGIN')
    this.position = Number(this.#db.prepare(`SELECT value FROM meta WHERE key = 'position'`).pluck().get())
  }

  /**
   * All there is in the archive, a line a call, in the order of their start, and nothing that depends on when or how often it was
   * written: two archives of one journal give the same bytes.
   */
  *lines(): Generator<string> {
    const people = new Map(this.#db.prepare('SELECT row, person_id FROM people').raw().all() as [number, string][])
    const rows =
      this.#db.prepare(`SELECT id, started_at, ended_at, direction, origin, mode, campaign, contact, result, queues, agents, owners, kinds,
        unanswered, wait_ms, speak_ms, people, story
      FROM calls JOIN stories USING (row) ORDER BY started_at, id`)
    for (const row of rows.raw().iterate() as IterableIterator<(string | number | null)[]>) {
      const named = String(row[16])
        .split(',')
        .map((number) => people.get(Number(number)) ?? '')
      yield `${JSON.stringify([...row.slice(0, 16), named, row[17]])}\n`
    }
  }

  /** What the lines do not tell: the file itself, and how far it goes. */
  fault(): Disagreement | null {
    const found = wholeFault(this.#db, 'archive.db', (db) => db.exec(SCHEMA))
    if (found !== null) return found
    const meta = this.#db.prepare('SELECT key, value FROM meta').raw().all() as [string, number][]
    const { sum, ...told } = Object.fromEntries(meta)
    const agrees = sum === Object.values(told).reduce((all, one) => all + one, 0) && told['format'] === FORMAT
    const unread = this.#db
      .prepare(`SELECT (SELECT count(*) FROM calls) <> (SELECT count(*) FROM stories) OR (SELECT max(change) FROM calls) > @change
        OR (SELECT max(change) FROM removed) > @change OR (SELECT coalesce(sum(row + change), 0) FROM removed) <> @removed`)
      .pluck()
      .get({ change: told['change'], removed: told['removed'] })
    return agrees && unread !== 1
      ? null
      : { file: 'archive.db', position: null, what: 'it does not tell how far it goes as it was written' }
  }

  close(): void {
    this.#db.close()
  }
}

/** `ArchiveDump.lines` of an archive nobody writes. */
export function* dumpArchive(folder: string): Generator<string> {
  const dump = new ArchiveDump(folder)
  try {
    yield* dump.lines()
  } finally {
    dump.close()
  }
}
