/**
 * The file of campaigns' figures: `figures.db`, a projection that may be dropped and made anew from the journal. A row is one campaign's
 * figures of one span; what is told is added to it, in one transaction with the state of the fold that told it. Synchronous, for the
 * projecting thread.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Figures, NO_FIGURES, plus, type Span, type Spanned } from '#core/campaign/figures.ts'
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { FiguresRow } from '#ports/campaign-figures.ts'
import { isCorrupt } from './rpc.ts'

/** A file of another format is dropped: the journal has it all. */
const FORMAT = 1
const DAY_MS: Ms = 86_400_000
/** How long rows are kept; those of all time are kept for as long as their campaign. */
const KEPT_MS: Readonly<Record<Exclude<Span, 'all'>, Ms>> = { minute: 3 * DAY_MS, hour: 400 * DAY_MS, day: 400 * DAY_MS }

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS figures (campaign TEXT NOT NULL, span TEXT NOT NULL, at INTEGER NOT NULL, figures TEXT NOT NULL,
    PRIMARY KEY (campaign, span, at)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  INSERT OR IGNORE INTO meta (key, value) VALUES ('format', '${FORMAT}');`

const pathIn = (folder: string): string => join(folder, 'figures.db')
const remove = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
}

/** To be called while nobody has them open: they are made anew from the whole journal. */
export const forgetFigures = (folder: string): void => remove(pathIn(folder))

export interface Told {
  readonly rows: readonly Spanned[]
  /** Campaigns whose rows go before these are added. */
  readonly removed: readonly CampaignId[]
  /** Of the fold, with the position it stands at. */
  readonly state: string
  /** The instant of its last fact. */
  readonly at: Ms
}

export class SqliteFigures {
  readonly #db: Database.Database
  readonly #row: Database.Statement
  readonly #rows: Database.Statement
  readonly #put: Database.Statement
  readonly #removed: Database.Statement
  readonly #old: Database.Statement
  readonly #get: Database.Statement
  readonly #set: Database.Statement

  constructor(folder: string) {
    this.#db = openSound(pathIn(folder))
    this.#row = this.#db.prepare('SELECT figures FROM figures WHERE campaign = ? AND span = ? AND at = ?').pluck()
    this.#rows = this.#db.prepare('SELECT at, figures FROM figures WHERE campaign = ? AND span = ? AND at >= ? ORDER BY at')
    this.#put = this.#db.prepare('INSERT OR REPLACE INTO figures (campaign, span, at, figures) VALUES (?, ?, ?, ?)')
    this.#removed = this.#db.prepare('DELETE FROM figures WHERE campaign = ?')
    this.#old = this.#db.prepare('DELETE FROM figures WHERE span = ? AND at < ?')
    this.#get = this.#db.prepare('SELECT value FROM meta WHERE key = ?').pluck()
    this.#set = this.#db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)')
  }

  /** The state it was told with last; null: nothing was told yet. */
  state(): string | null {
    return (this.#get.get('state') as string | undefined) ?? null
  }

  add({ rows, removed, state, at }: Told): void {
    this.#db
      .transaction(() => {
        for (const campaignId of removed) this.#removed.run(campaignId)
        for (const { campaignId, span, at: from, figures } of rows)
          this.#put.run(campaignId, span, from, JSON.stringify(plus(this.figures(campaignId, span, from), figures)))
        // A day that begins is when something is too old.
        if (rows.some(({ span }) => span === 'day')) for (const [span, ms] of Object.entries(KEPT_MS)) this.#old.run(span, at - ms)
        this.#set.run('state', state)
      })
      .immediate()
  }

  figures(campaignId: CampaignId, span: Span, at: Ms): Figures {
    const found = this.#row.get(campaignId, span, at) as string | undefined
    return found === undefined ? NO_FIGURES : (JSON.parse(found) as Figures)
  }

  rows(campaignId: CampaignId, span: Span, from: Ms): FiguresRow[] {
    const found = this.#rows.all(campaignId, span, from) as { readonly at: Ms; readonly figures: string }[]
    return found.map(({ at, figures }) => ({ at, figures: JSON.parse(figures) as Figures }))
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
    db.exec(SCHEMA)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

const openSound = (path: string): Database.Database => {
  try {
    const db = open(path)
    if (db.prepare(`SELECT value FROM meta WHERE key = 'format'`).pluck().get() === String(FORMAT)) return db
    db.close()
  } catch (error) {
    if (!isCorrupt(error)) throw error
  }
  remove(path)
  return open(path)
}
