/**
 * The tables of `contacts.db`, and where a contact stands in them.
 *
 * What people brought is in `cards` (one row of a file each, never changed after) and `do_not_call`; how far each contact has come is in
 * `contacts`, small rows, a projection of facts. A contact stands on a shelf, and a draw takes from the front of each:
 *
 *     fresh  never tried, or put back: by sort keys, then in the order of the import
 *     ripe   tried, and due again: likewise
 *     later  due at `wake`; moved to fresh or ripe when that is over
 *     asked  rescheduled, due at `wake`, perhaps for one agent only, or for one until `anyone_at`
 *     none   not called: under way, over, filtered out, no number left that may be rung
 *
 * Shelves differ by campaign and slot (a zone, and hours of the contact's own), and tried ones by the daily period they were tried in,
 * because all of these say whether it may be rung now: the front of a shelf is what may be called, and no row is looked at in vain.
 */
import type { ContactState } from '#ports/contacts.ts'

export const CONTACTS_FORMAT = 1

/** In the place of a number on a do-not-call list: its keyed hash in hex follows, and the number is known no more. No number begins so. */
export const ERASED_BEGINS = '#'

export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO meta (key, value) VALUES ('format', ${CONTACTS_FORMAT}), ('position', 0);
  CREATE TABLE IF NOT EXISTS campaigns (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, sort TEXT NOT NULL DEFAULT '[]', filters TEXT NOT NULL DEFAULT '[]',
    arranging INTEGER) STRICT;
  CREATE TABLE IF NOT EXISTS learnt (campaign TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS slots (
    id INTEGER PRIMARY KEY, zone TEXT NOT NULL, opens TEXT NOT NULL, shuts TEXT NOT NULL, UNIQUE (zone, opens, shuts)) STRICT;
  CREATE TABLE IF NOT EXISTS campaign_slots (campaign INTEGER NOT NULL, slot INTEGER NOT NULL, PRIMARY KEY (campaign, slot)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS shelves (campaign INTEGER NOT NULL, period INTEGER, agent TEXT, UNIQUE (campaign, period, agent)) STRICT;
  CREATE TABLE IF NOT EXISTS imports (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, campaign INTEGER NOT NULL, at INTEGER NOT NULL, user TEXT NOT NULL,
    file_name TEXT NOT NULL, how TEXT NOT NULL, hash TEXT, state TEXT NOT NULL, called INTEGER NOT NULL DEFAULT 0, columns TEXT NOT NULL DEFAULT '[]',
    counts TEXT NOT NULL, bytes INTEGER NOT NULL DEFAULT 0, first INTEGER, last INTEGER, moved INTEGER NOT NULL DEFAULT 0, settled_at INTEGER) STRICT;
  CREATE INDEX IF NOT EXISTS imports_of ON imports (campaign, key);
  CREATE TABLE IF NOT EXISTS faults (
    import INTEGER NOT NULL, seq INTEGER NOT NULL, row INTEGER NOT NULL, line INTEGER NOT NULL, "column" TEXT, code TEXT NOT NULL,
    value TEXT, earlier INTEGER, since INTEGER, PRIMARY KEY (import, row, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS cards (
    id INTEGER PRIMARY KEY AUTOINCREMENT, import INTEGER NOT NULL, row INTEGER NOT NULL, line INTEGER NOT NULL, phone TEXT NOT NULL, phone2 TEXT,
    external_id TEXT, name TEXT, slot INTEGER NOT NULL, language TEXT, from_at INTEGER, to_at INTEGER, "values" TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS contacts (
    id INTEGER PRIMARY KEY, campaign INTEGER, import INTEGER NOT NULL, slot INTEGER NOT NULL, phone TEXT NOT NULL, phone2 TEXT,
    from_at INTEGER, to_at INTEGER, wanted INTEGER NOT NULL, rank BLOB NOT NULL, stage INTEGER NOT NULL DEFAULT 0, before INTEGER NOT NULL DEFAULT 0,
    state INTEGER NOT NULL DEFAULT 0, bars INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, number INTEGER NOT NULL DEFAULT 0,
    period INTEGER NOT NULL DEFAULT -1, due INTEGER, wake INTEGER NOT NULL DEFAULT 0, for_agent TEXT, after_silent INTEGER NOT NULL DEFAULT 0,
    outcome TEXT, tried_at INTEGER, shelf INTEGER, gone_by INTEGER, anyone_at INTEGER, barred TEXT) STRICT;
  CREATE INDEX IF NOT EXISTS contacts_fresh ON contacts (campaign, slot, period, rank, id) WHERE shelf = 1;
  CREATE INDEX IF NOT EXISTS contacts_ripe ON contacts (campaign, slot, period, rank, id) WHERE shelf = 2;
  CREATE INDEX IF NOT EXISTS contacts_later ON contacts (campaign, wake) WHERE shelf = 3;
  CREATE INDEX IF NOT EXISTS contacts_asked ON contacts (campaign, for_agent, wake) WHERE shelf = 4;
  CREATE INDEX IF NOT EXISTS contacts_ending ON contacts (campaign, to_at) WHERE to_at IS NOT NULL AND shelf IS NOT NULL;
  CREATE INDEX IF NOT EXISTS contacts_listed ON contacts (campaign, state, id, tries) WHERE campaign IS NOT NULL;
  CREATE INDEX IF NOT EXISTS contacts_gone ON contacts (gone_by) WHERE gone_by IS NOT NULL;
  CREATE INDEX IF NOT EXISTS contacts_by_phone ON contacts (phone);
  CREATE INDEX IF NOT EXISTS contacts_by_phone2 ON contacts (phone2) WHERE phone2 IS NOT NULL;
  CREATE TABLE IF NOT EXISTS tries (
    contact INTEGER NOT NULL, position INTEGER NOT NULL, call TEXT NOT NULL, topics TEXT, PRIMARY KEY (contact, position)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS hours (
    campaign INTEGER NOT NULL, at INTEGER NOT NULL, calls INTEGER NOT NULL, reached INTEGER NOT NULL, silent INTEGER NOT NULL,
    PRIMARY KEY (campaign, at)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS do_not_call (
    number TEXT NOT NULL, campaign TEXT NOT NULL, source TEXT NOT NULL, reason TEXT, until INTEGER, added_at INTEGER NOT NULL,
    lapsed INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (number, campaign)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS do_not_call_until ON do_not_call (until) WHERE until IS NOT NULL AND lapsed = 0;
  CREATE TABLE IF NOT EXISTS erased (hash TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS mappings (
    campaign TEXT NOT NULL, header TEXT NOT NULL, mapping TEXT NOT NULL, PRIMARY KEY (campaign, header)) STRICT, WITHOUT ROWID;`

/** Columns that came after their table was first made: added to one that has not got them. */
export const COLUMNS_ADDED: readonly { readonly table: string; readonly name: string; readonly type: string }[] = [
  { table: 'contacts', name: 'anyone_at', type: 'INTEGER' },
  { table: 'contacts', name: 'barred', type: 'TEXT' },
  { table: 'faults', name: 'value', type: 'TEXT' },
  { table: 'faults', name: 'earlier', type: 'INTEGER' },
  { table: 'faults', name: 'since', type: 'INTEGER' },
]

/** Stored as their place in this list. */
export const STATES: readonly ContactState[] = [
  'waiting',
  'paused',
  'asked',
  'underWay',
  'reached',
  'exhausted',
  'neverCall',
  'doNotCall',
  'notInUse',
]
export const stateCode = (state: ContactState): number => STATES.indexOf(state)
export const stateOf = (code: number): ContactState => STATES[code] ?? 'waiting'

export const SHELF = { fresh: 1, ripe: 2, later: 3, asked: 4 } as const

/** Why a number is not rung, as bits: on a do-not-call list, not in use, or barred by the rules of numbers when its turn came. */
export const BAR = { listed: [1, 2], notInUse: [4, 8], ruled: [16, 32] } as const

/** A row of `contacts`, as far as it is read by the rules here. */
export interface Standing {
  readonly id: number
  readonly campaign: number | null
  readonly import: number
  readonly slot: number
  readonly phone: string
  readonly phone2: string | null
  readonly from_at: number | null
  readonly to_at: number | null
  readonly wanted: number
  readonly rank: Buffer
  readonly stage: number
  readonly before: number
  readonly state: number
  readonly bars: number
  readonly tries: number
  /** Of the last try; 0: there was none. */
  readonly number: number
  /** The daily period of the last try, where it is to be tried in another; -1: none. */
  readonly period: number
  readonly due: number | null
  readonly wake: number
  readonly for_agent: string | null
  /** From then on anyone's. */
  readonly anyone_at: number | null
  /** Why a number of it was barred by the rules of numbers. */
  readonly barred: string | null
  readonly after_silent: number
  readonly outcome: string | null
  readonly tried_at: number | null
  readonly shelf: number | null
}

type Numbered = Pick<Standing, 'phone2' | 'bars'>

/** Its numbers that may be rung, as far as lists and former tries tell. */
export const numbersLeft = ({ phone2, bars }: Numbered): readonly (1 | 2)[] => {
  const isFree = (number: 1 | 2): boolean => Object.values(BAR).every((bits) => (bars & (bits[number - 1] ?? 0)) === 0)
  return ([1, 2] as const).filter((number) => (number === 1 || phone2 !== null) && isFree(number))
}

/** Phone and second phone by turns; who asked to be called, or got a silent call, is called on the same one. */
export function numberNext(contact: Pick<Standing, 'phone2' | 'bars' | 'number' | 'stage'>): 1 | 2 | null {
  const left = numbersLeft(contact)
  const isSame = contact.stage === stateCode('asked')
  const wanted = contact.number === 0 ? 1 : isSame ? contact.number : 3 - contact.number
  return left.find((number) => number === wanted) ?? left[0] ?? null
}

/** Only a do-not-call list may let go of a number again. */
const barredAs = ({ phone2, bars }: Numbered): ContactState =>
  numbersLeft({ phone2, bars: bars & ~(BAR.listed[0] | BAR.listed[1]) }).length > 0 ? 'doNotCall' : 'neverCall'

const OPEN: readonly number[] = [stateCode('waiting'), stateCode('paused'), stateCode('asked')]

/** What is shown of a contact, and the shelf it stands on, by all the rest of its row. */
export function placed(contact: Omit<Standing, 'state' | 'shelf' | 'wake'>): Pick<Standing, 'state' | 'shelf' | 'wake'> {
  const { stage, bars, phone2, wanted, campaign, due, from_at } = contact
  const isOver = numbersLeft(contact).length === 0
  const dead = (bars & BAR.notInUse[0]) !== 0 && (phone2 === null || (bars & BAR.notInUse[1]) !== 0)
  const wake = Math.max(due ?? 0, from_at ?? 0)
  const isOpen = OPEN.includes(stage)
  if (isOver && (isOpen || stage === stateCode('exhausted')))
    return { state: stateCode(dead ? 'notInUse' : isOpen ? barredAs(contact) : 'exhausted'), shelf: null, wake }
  if (!isOpen || wanted === 0 || campaign === null) return { state: stage, shelf: null, wake }
  if (stage === stateCode('asked')) return { state: stage, shelf: SHELF.asked, wake }
  return { state: stage, shelf: wake > 0 ? SHELF.later : stage === stateCode('waiting') ? SHELF.fresh : SHELF.ripe, wake }
}

export const contactIdOf = (id: number): string => `k${id.toString(36)}`

/** 0 where it is none of ours: no row has that. */
export const rowOf = (contactId: string): number => {
  const id = /^k[0-9a-z]{1,10}$/u.test(contactId) ? Number.parseInt(contactId.slice(1), 36) : 0
  return Number.isSafeInteger(id) ? id : 0
}
