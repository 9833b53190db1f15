/**
 * The lists of campaigns: who is to be reached, what is known of them, and how far each has come. Numbers, names and columns of people
 * live here, in `persons` and in the directory, and nowhere else. What happened to a contact (taken up, tried, rescheduled) is a
 * projection of facts: `apply` is told of them in the journal's order, remembers the position, and is harmless when repeated; the
 * engine tells it again, from there, what it missed. What people bring (imports, edits, do-not-call lists) is its own.
 *
 * Everything rejects with `PortError` where the store fails; `retry` true: nothing was written.
 */
import type { Filter, SortKey, Window } from '#core/campaign/settings.ts'
import type { ContactNext, ContactOutcome, NumberBar } from '#core/facts.ts'
import type { AgentId, CallId, CampaignId, ContactId, Ms } from '#core/kernel/kernel.ts'

/** What a column of a file may be, by its heading there; a column that is none of these is one of the list's own. */
export interface ListMapping {
  readonly phone: string
  readonly phone2?: string
  readonly externalId?: string
  readonly name?: string
  /** IANA zones. */
  readonly zone?: string
  readonly language?: string
  /** Days (`2027-03-28`) or instants, not before and not after. */
  readonly from?: string
  readonly to?: string
  /** HH:MM by the contact's own clock, within the campaign's hours. */
  readonly fromTime?: string
  readonly toTime?: string
  /** Not kept. */
  readonly skip?: readonly string[]
}

/** Bounds: generous for people, bounds for machines. */
export const LIST_LIMITS = {
  columns: 100,
  columnNameLength: 100,
  valueLength: 2_000,
  /** Of a whole row of a file, in bytes. */
  rowBytes: 256 * 1024,
  contactsPerCampaign: 5_000_000,
} as const

/** How a contact stands. `waiting`: never tried, or put back. `paused`: tried, due later. `asked`: rescheduled. `underWay`: taken up. */
export type ContactState = 'waiting' | 'paused' | 'asked' | 'underWay' | 'reached' | 'exhausted' | 'neverCall' | 'doNotCall' | 'notInUse'

/** One row of a file, read and judged by the one validator (`#app`'s, used by page, API and command alike). */
export interface ContactDraft {
  /** E.164. */
  readonly phone: string
  readonly phone2: string | null
  readonly externalId: string | null
  readonly name: string | null
  /** IANA zone: its column, else its country's if that has one, else the solution's. */
  readonly zone: string
  readonly language: string | null
  /** Not before and not after, as instants; and by its own clock, within the campaign's hours. */
  readonly from: Ms | null
  readonly to: Ms | null
  readonly window: Window | null
  /** Columns of its own, by name. */
  readonly columns: Readonly<Record<string, string>>
}

/** `row`: of the file, 1 the first after the header. `column`: of the file, by its name there. */
export interface RowFault {
  readonly row: number
  readonly line: number
  readonly column: string | null
  readonly code: string
  /** What stood there, at most `FAULT_VALUE_LENGTH` characters of it: the number where it could be read, else the text. */
  readonly value?: string
  /** `duplicateInFile`: the line on which the number stood first. */
  readonly earlierLine?: number
  /** `duplicateInList`: since when it has been in the list. */
  readonly since?: Ms
}
export const FAULT_VALUE_LENGTH = 40

export interface ImportCounts {
  readonly rows: number
  readonly valid: number
  readonly invalid: number
  /** Of the valid ones' numbers: met before in this file; in the list already; on a do-not-call list. None of these is called. */
  readonly duplicateInFile: number
  readonly duplicateInList: number
  readonly doNotCall: number
  /** Would be added, or was. */
  readonly added: number
}

export interface ImportRow {
  readonly id: string
  readonly campaignId: CampaignId
  readonly at: Ms
  readonly user: string
  readonly fileName: string
  readonly how: 'add' | 'replace'
  /** `reading` while rows arrive, `ready` for a confirmation, then `confirmed`, `undone` or `abandoned`. */
  readonly state: 'reading' | 'ready' | 'confirmed' | 'undone' | 'abandoned'
  readonly counts: ImportCounts
  /** Of the file's bytes, read so far. */
  readonly bytes: number
}

/** A contact that may be called now. */
export interface Drawn {
  readonly contactId: ContactId
  readonly phone: string
  readonly number: 1 | 2
  readonly numbersLeft: 1 | 2
  readonly tries: number
  readonly zone: string
  readonly window: Window | null
  readonly to: Ms | null
  readonly agentFirst: boolean
  readonly afterSilent: boolean
  /** Still this one's alone, until `anyoneAt` where there is such a time. */
  readonly forAgent: AgentId | null
  readonly anyoneAt: Ms | null
  readonly language: string | null
}

/** Contacts of one clock: a zone, and hours of their own in it. What may be called is asked by these. */
export interface Slot {
  readonly zone: string
  readonly window: Window | null
}

export interface DrawAsked {
  readonly campaignId: CampaignId
  readonly count: number
  readonly at: Ms
  /** The slots that are within calling hours now, each with the daily period it is in (null: none are set). */
  readonly open: readonly (Slot & { readonly period: number | null })[]
  /** Under way or dealt already: passed over. */
  readonly except: readonly ContactId[]
  readonly retriesFirst: boolean
  /**
   * null: for anyone; who is still one agent's alone is left to that one. Agents: only who is still one of theirs alone; `rest` is then
   * `none` where nobody in the list is any agent's alone.
   */
  readonly whose: readonly AgentId[] | null
}

export interface Draw {
  readonly contacts: readonly Drawn[]
  /** Where fewer came than were asked for: none at all are left (`none`), or only later ones (`later`, the next at `dueAt` where one is known), or only in slots that are closed (`closed`). */
  readonly rest: 'more' | 'later' | 'closed' | 'none'
  readonly dueAt: Ms | null
}

/** What a fact means for a contact. In the journal's order, each with its position. */
export type ContactChange =
  | { readonly position: number; readonly type: 'dealt'; readonly contactId: ContactId; readonly callId: CallId; readonly at: Ms }
  | {
      readonly position: number
      readonly type: 'settled'
      readonly contactId: ContactId
      readonly callId: CallId
      readonly at: Ms
      readonly outcome: ContactOutcome
      readonly counted: boolean
      readonly tries: number
      readonly next: ContactNext
      readonly dueAt: Ms | null
      readonly number: 1 | 2
      readonly inUse: boolean
      readonly forAgent: AgentId | null
      /** From then on anyone's. */
      readonly anyoneAt: Ms | null
      /** The daily period it was tried in. */
      readonly period: number | null
    }
  /** Its turn came, and this number may not be called any more. With none left the contact is never called. */
  | {
      readonly position: number
      readonly type: 'barred'
      readonly contactId: ContactId
      readonly number: 1 | 2
      readonly why: NumberBar
      readonly at: Ms
    }
  | {
      readonly position: number
      readonly type: 'topics'
      readonly callId: CallId
      readonly contactId: ContactId
      readonly topics: readonly string[]
    }
  | {
      readonly position: number
      readonly type: 'listed'
      readonly number: string
      readonly campaignId: CampaignId | null
      readonly source: string
      readonly reason: string | null
      readonly until: Ms | null
      readonly at: Ms
    }
  | { readonly position: number; readonly type: 'lifted'; readonly number: string; readonly campaignId: CampaignId | null }

export interface Contact {
  readonly contactId: ContactId
  readonly campaignId: CampaignId
  readonly importId: string
  readonly phone: string
  readonly phone2: string | null
  readonly externalId: string | null
  readonly name: string | null
  readonly zone: string
  /** Hours of its own by its clock, within the campaign's. */
  readonly window: Window | null
  readonly language: string | null
  readonly columns: Readonly<Record<string, string>>
  readonly state: ContactState
  readonly tries: number
  readonly outcome: ContactOutcome | null
  readonly dueAt: Ms | null
  readonly triedAt: Ms | null
  /** Rescheduled to this agent: until `anyoneAt`, where there is such a time. */
  readonly forAgent: AgentId | null
  readonly anyoneAt: Ms | null
  /** Why one of its numbers, of two the last, was not rung when its turn came. */
  readonly barred: NumberBar | null
  readonly topics: readonly string[]
  readonly calls: readonly CallId[]
}

export interface ContactsQuery {
  readonly campaignId: CampaignId
  readonly state: ContactState | null
  /** Beginning of a name or external id, or digits of a number. */
  readonly text: string | null
  /** Of this whole number alone, E.164, as either of theirs. */
  readonly number?: string
  readonly after: string | null
  readonly limit: number
}

export interface Progress {
  readonly byState: Readonly<Record<ContactState, number>>
  /** How many contacts have been tried 0, 1, 2 … times (counted tries). */
  readonly byTries: readonly number[]
  /** Tries over, by local-less hour (UTC hour start) of their end, of the last 48. */
  readonly hours: readonly { readonly at: Ms; readonly calls: number; readonly reached: number; readonly silent: number }[]
}

export interface DoNotCallRow {
  readonly number: string
  readonly campaignId: CampaignId | null
  readonly source: string
  readonly reason: string | null
  readonly until: Ms | null
  readonly addedAt: Ms
}

/** One listing holds longer than another of the same number; `until` null: for ever. */
export const outlasts = (until: Ms | null, other: Ms | null): boolean => other !== null && (until === null || until > other)

/** As it is looked at; `number` null: whoever it was is erased, and a keyed hash in its place still keeps the number from being called. */
export type DoNotCallListed = Omit<DoNotCallRow, 'number'> & { readonly number: string | null }

/** `underWay`: contacts being called just now; they stay until that is over. `listings`: on do-not-call lists, which hold on without the number. */
export interface ContactsErased {
  readonly contacts: number
  readonly underWay: number
  readonly listings: number
}

export interface ContactsOfNumber {
  readonly contacts: readonly Contact[]
  readonly listings: readonly DoNotCallListed[]
}

/** A good row of a file. */
export interface StagedRow {
  readonly row: number
  readonly line: number
  readonly draft: ContactDraft
}

/** As they are, or as JSON where whoever hands them on does not look at them: a text crosses threads at no cost, a table of objects is copied twice. */
export type Block<T> = readonly T[] | { readonly json: string }

export const unpacked = <T>(block: Block<T>): readonly T[] => ('json' in block ? (JSON.parse(block.json) as readonly T[]) : block)

/** A file on its way in: rows are staged, seen by nobody, until it is confirmed. */
export interface StagedImport {
  readonly id: string
  /** In the order of the file, as many at a time as is handy. */
  add(rows: Block<StagedRow>, faults: Block<RowFault>, bytes: number): Promise<void>
  /**
   * The file is read: what it would do. `hash`: its sha-256, hex, where it was not known at the start. The same file was confirmed for this campaign in this way
   * before: it is that import, and what was staged is dropped.
   */
  finish(file?: { readonly hash: string }): Promise<ImportRow>
  abandon(): Promise<void>
}

export interface Contacts {
  /** The position of the last fact applied. */
  position(): Promise<number>
  apply(changes: readonly ContactChange[], position: number): Promise<void>
  /** How a campaign's contacts are to be ordered and which are called; worked out anew where it changed. */
  arrange(campaignId: CampaignId, how: { readonly sort: readonly SortKey[]; readonly filters: readonly Filter[] }): Promise<void>
  slots(campaignId: CampaignId): Promise<readonly Slot[]>
  /** The next that may be called. Changes nothing: a contact is taken up by the fact that says so. At most 5 ms among 1,000,000. */
  draw(asked: DrawAsked): Promise<Draw>
  /** Whether this number of a contact may be rung at this instant by the lists and dates alone. null: it may; else `doNotCall`, `gone`. */
  barred(contactId: ContactId, number: 1 | 2, at: Ms): Promise<string | null>

  /** Sent again (same file by its hash, same campaign, same way) after it was confirmed, it is that import, and nothing is staged. */
  startImport(asked: {
    readonly campaignId: CampaignId
    readonly at: Ms
    readonly user: string
    readonly fileName: string
    readonly how: 'add' | 'replace'
    /** sha-256 of the file, hex; null: not known beforehand. */
    readonly hash: string | null
  }): Promise<StagedImport | { readonly confirmed: ImportRow }>
  /** What the columns of a file with these headings, in this order, were said to be when it was read last. */
  mapping(campaignId: CampaignId, headings: readonly string[]): Promise<ListMapping | null>
  rememberMapping(campaignId: CampaignId, headings: readonly string[], mapping: ListMapping): Promise<void>
  imports(campaignId: CampaignId): Promise<readonly ImportRow[]>
  import(id: string): Promise<ImportRow | null>
  faults(id: string): AsyncIterable<readonly RowFault[]>
  /** All of it or nothing. `replace`: contacts of the list that are not under way leave it first. Confirmed before: the same again. */
  confirm(id: string, at: Ms): Promise<ImportRow | 'unknown' | 'notReady'>
  /** Until its first call. `called`: somebody of it was called or is under way. */
  undo(id: string): Promise<ImportRow | 'unknown' | 'called' | 'notConfirmed'>

  contact(contactId: ContactId): Promise<Contact | null>
  contacts(query: ContactsQuery): Promise<{ readonly contacts: readonly Contact[]; readonly next: string | null }>
  /** Of all contacts of a campaign, in blocks: for exports. */
  all(campaignId: CampaignId): AsyncIterable<readonly Contact[]>
  /** The latest instant a contact of these campaigns was promised a call for; null: none was. */
  latestAsked(campaigns: readonly CampaignId[]): Promise<Ms | null>
  /** Names of the columns its contacts have, in order of first import. */
  columns(campaignId: CampaignId): Promise<readonly string[]>
  progress(campaignId: CampaignId): Promise<Progress>
  /** How many finished contacts would be tried again with so many attempts. */
  revivable(campaignId: CampaignId, attemptsMax: number): Promise<number>
  revive(campaignId: CampaignId, attemptsMax: number): Promise<number>
  removeCampaign(campaignId: CampaignId): Promise<void>
  /**
   * Contacts of a campaign that ended have outlived their retention: its lists go, with their files' faults and what they were told by;
   * who is not to be called for it stays so. Whether there was any list. A list brought after it is a first one.
   */
  forgetContacts(campaignId: CampaignId): Promise<boolean>

  /** What the pacing of a campaign has learnt, as its engine wrote it down: no truth, and lost without harm. null: nothing is kept. */
  learnt(campaignId: CampaignId): Promise<string | null>
  /** null: what is kept is let go. Goes with its campaign. Need not be durable when it resolves. */
  keepLearnt(campaignId: CampaignId, text: string | null): Promise<void>

  doNotCall(query: {
    readonly campaignId: CampaignId | null | undefined
    /** Inside the number. */
    readonly digits: string | null
    /** This whole number alone, E.164. */
    readonly number?: string
    readonly after: string | null
    readonly limit: number
    readonly at: Ms
  }): Promise<{ readonly rows: readonly DoNotCallListed[]; readonly next: string | null }>
  /** Many at once, from a file; how many were new. */
  listDoNotCall(rows: readonly DoNotCallRow[]): Promise<number>
  /** Whoever has this number, E.164: contacts of any campaign by either number, and listings. */
  withNumber(number: string): Promise<ContactsOfNumber>
  /**
   * Takes the contacts who have this number out of all lists for good, files that wait for a confirmation among them. What came after
   * `until`, the instant of the erasure, stays: somebody brought it anew.
   */
  erase(number: string, until: Ms): Promise<ContactsErased>
  close(): Promise<void>
}
