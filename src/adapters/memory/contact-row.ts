/** One contact as the list in memory holds it, and what a fact makes of it. */
import type { Filter, SortKey } from '#core/campaign/settings.ts'
import type { ContactOutcome, NumberBar } from '#core/facts.ts'
import { type AgentId, Bug, type CallId, type CampaignId, type ContactId, type Ms } from '#core/kernel/kernel.ts'
import type { Contact, ContactChange, ContactDraft, ContactState, Slot } from '#ports/contacts.ts'

/** How it stands, and when it is due: what `back` brings back. */
interface Standing {
  readonly state: ContactState
  readonly dueAt: Ms | null
  readonly forAgent: AgentId | null
  /** From then on anyone's. */
  readonly anyoneAt: Ms | null
  readonly afterSilent: boolean
}

export interface Row {
  readonly contactId: ContactId
  readonly campaignId: CampaignId
  readonly importId: string
  readonly draft: ContactDraft
  /** Its place in the order of imports. */
  readonly sequence: number
  /** Its place among those of its campaign that are called, by sort keys and then import; null: filtered out. */
  rank: number | null
  standing: Standing
  /** As it stood when it was taken up. */
  before: Standing | null
  tries: number
  outcome: ContactOutcome | null
  triedAt: Ms | null
  /** The number that is next. */
  next: 1 | 2
  inUse: readonly [boolean, boolean]
  /** Of its numbers, why one may not be called by the rules of numbers. */
  bars: readonly [NumberBar | null, NumberBar | null]
  /** The last of these. */
  barred: NumberBar | null
  /** The daily period it was tried in last and is not tried in next. */
  avoid: number | null
  topics: readonly string[]
  calls: readonly CallId[]
}

const NEW: Standing = { state: 'waiting', dueAt: null, forAgent: null, anyoneAt: null, afterSilent: false }

export const newRow = (draft: ContactDraft, of: Pick<Row, 'contactId' | 'campaignId' | 'importId' | 'sequence'>): Row => ({
  ...of,
  draft,
  rank: null,
  standing: NEW,
  before: null,
  tries: 0,
  outcome: null,
  triedAt: null,
  next: 1,
  inUse: [true, draft.phone2 !== null],
  bars: [null, null],
  barred: null,
  avoid: null,
  topics: [],
  calls: [],
})

export const isOpen = (row: Row): boolean => ['waiting', 'paused', 'asked'].includes(row.standing.state)
/** Never tried, and not put off: waits for its turn in the list. */
export const isFresh = (row: Row): boolean => row.standing.state === 'waiting' && row.standing.dueAt === null

export const numberOf = (row: Row, number: 1 | 2): string | null => (number === 1 ? row.draft.phone : row.draft.phone2)
export const slotKey = ({ zone, window }: Slot): string => `${zone} ${window === null ? '' : `${window.from}-${window.to}`}`

/** The agent whose alone it is at an instant; null: anyone's. */
export const ownerOf = ({ standing: { forAgent, anyoneAt } }: Row, at: Ms): AgentId | null =>
  anyoneAt !== null && anyoneAt <= at ? null : forAgent

const other = (number: 1 | 2): 1 | 2 => (number === 1 ? 2 : 1)

/** Its numbers that are in use and may be called by the rules of numbers. */
export const callable = (row: Row): readonly (1 | 2)[] =>
  ([1, 2] as const).filter((number) => row.inUse[number - 1] === true && row.bars[number - 1] === null)

/** Numbers alternate: after a try of one the other is next, where it is in use. */
function nextNumber(row: Row, tried: 1 | 2, keeps: boolean): 1 | 2 {
  const wanted = keeps ? tried : other(tried)
  return row.inUse[wanted - 1] === true ? wanted : other(wanted)
}

type Settled = Extract<ContactChange, { type: 'settled' }>

function finished({ outcome, next }: Settled, row: Row): ContactState {
  if (next === 'never') return 'neverCall'
  if (outcome === 'answered') return 'reached'
  return row.inUse.includes(true) ? 'exhausted' : 'notInUse'
}

export function deal(row: Row, change: Extract<ContactChange, { type: 'dealt' }>): void {
  row.before = row.standing
  row.standing = { ...row.standing, state: 'underWay' }
  row.calls = [...row.calls, change.callId]
}

export function settle(row: Row, change: Settled): void {
  const { next, outcome, dueAt, number, tries } = change
  const before = row.before
  if (before === null) throw new Bug(`contact ${row.contactId} is settled and was not dealt`)
  row.before = null
  row.outcome = outcome
  row.triedAt = change.at
  row.tries = tries
  if (!change.inUse) row.inUse = number === 1 ? [false, row.inUse[1]] : [row.inUse[0], false]
  if (next === 'back') {
    row.standing = { ...before, dueAt: dueAt ?? before.dueAt }
    return
  }
  row.next = nextNumber(row, number, next === 'asked')
  row.avoid = next === 'again' ? change.period : null
  if (next === 'again') row.standing = { ...NEW, state: 'paused', dueAt }
  else if (next === 'asked') {
    const { forAgent, anyoneAt } = change
    row.standing = { state: 'asked', dueAt, forAgent, anyoneAt, afterSilent: outcome === 'silent' }
  } else row.standing = { ...NEW, state: finished(change, row) }
}

export function bar(row: Row, { number, why }: Extract<ContactChange, { type: 'barred' }>): void {
  row.bars = number === 1 ? [why, row.bars[1]] : [row.bars[0], why]
  row.barred = why
}

const included = (row: Row, filters: readonly Filter[]): boolean =>
  filters.every(({ column, values }) => values.includes(row.draft.columns[column] ?? ''))

/** Compared by one key; what has no value, or no number where numbers are compared, comes last either way. */
function byKey(a: Row, b: Row, { column, descending, numeric }: SortKey): number {
  const [left, right] = [a, b].map((row) => {
    const value = row.draft.columns[column] ?? ''
    if (!numeric) return value
    return value.trim() === '' || Number.isNaN(Number(value)) ? '' : Number(value)
  })
  if (left === undefined || right === undefined || left === right) return 0
  if (left === '') return 1
  if (right === '') return -1
  return left < right === descending ? 1 : -1
}

/** Those that are called, in their order; each gets its rank. */
export function ranked(rows: Iterable<Row>, how: { readonly sort: readonly SortKey[]; readonly filters: readonly Filter[] }): Row[] {
  const called: Row[] = []
  for (const row of rows) {
    row.rank = null
    if (included(row, how.filters)) called.push(row)
  }
  called.sort((a, b) => {
    for (const key of how.sort) {
      const difference = byKey(a, b, key)
      if (difference !== 0) return difference
    }
    return a.sequence - b.sequence
  })
  called.forEach((row, rank) => {
    row.rank = rank
  })
  return called
}

/** What is left of a contact in line none of whose numbers may be called. */
function overFor(row: Row): ContactState {
  if (callable(row).length > 0) return 'doNotCall'
  return row.inUse.includes(true) ? 'neverCall' : 'notInUse'
}

/** `barred`: none of its numbers may be called. */
export const shown = (row: Row, barred: boolean): Contact => ({
  contactId: row.contactId,
  campaignId: row.campaignId,
  importId: row.importId,
  phone: row.draft.phone,
  phone2: row.draft.phone2,
  externalId: row.draft.externalId,
  name: row.draft.name,
  zone: row.draft.zone,
  window: row.draft.window,
  language: row.draft.language,
  columns: row.draft.columns,
  state: barred && isOpen(row) ? overFor(row) : row.standing.state,
  tries: row.tries,
  outcome: row.outcome,
  dueAt: row.standing.dueAt,
  triedAt: row.triedAt,
  forAgent: row.standing.forAgent,
  anyoneAt: row.standing.anyoneAt,
  barred: row.barred,
  topics: row.topics,
  calls: row.calls,
})
