/** Imports of contacts in memory: staged, judged against file, list and do-not-call lists, confirmed whole, undone until the first call. */
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import {
  type ContactDraft,
  type Contacts,
  type ImportCounts,
  type ImportRow,
  type RowFault,
  type StagedImport,
  unpacked,
} from '#ports/contacts.ts'
import type { Row } from './contact-row.ts'

interface Staged {
  readonly row: number
  readonly line: number
  readonly draft: ContactDraft
}

interface Kept {
  row: ImportRow
  hash: string | null
  readonly staged: Staged[]
  readonly faults: RowFault[]
  /** Of staged rows that will not be called, worked out when the file was read. */
  judged: RowFault[]
  added: readonly Row[]
  /** Those that left the list for it, and come back when it is undone. */
  left: readonly Row[]
  confirmedAt: Ms
}

export interface ImportsOf {
  readonly numbersIn: (campaignId: CampaignId) => readonly Row[]
  readonly isListed: (number: string, campaignId: CampaignId, at: Ms) => boolean
  readonly add: (campaignId: CampaignId, importId: string, draft: ContactDraft) => Row
  readonly put: (row: Row) => void
  readonly remove: (row: Row) => void
}

const NOTHING: ImportCounts = { rows: 0, valid: 0, invalid: 0, duplicateInFile: 0, duplicateInList: 0, doNotCall: 0, added: 0 }
/** Of a number's end: as many digits as are the same however it is written. */
const DIGITS = 7
const untold = (fault: RowFault, number: string): RowFault => {
  const { value, ...rest } = fault
  return value?.replace(/\D/gu, '').includes(number.slice(-DIGITS)) === true ? rest : fault
}
const isUnderWay = (row: Row): boolean => row.standing.state === 'underWay'

export class ContactImports {
  readonly #kept = new Map<string, Kept>()
  #started = 0
  /** In the order they came. */
  readonly #confirmations: string[] = []
  readonly #list: ImportsOf

  constructor(list: ImportsOf) {
    this.#list = list
  }

  start({
    campaignId,
    at,
    user,
    fileName,
    how,
    hash,
  }: Parameters<Contacts['startImport']>[0]): StagedImport | { readonly confirmed: ImportRow } {
    const confirmed = this.#confirmed(campaignId, how, hash)
    if (confirmed !== null) return { confirmed }
    this.#started += 1
    const id = `i${this.#started}`
    const row: ImportRow = { id, campaignId, at, user, fileName, how, state: 'reading', counts: NOTHING, bytes: 0 }
    const kept: Kept = { row, hash, staged: [], faults: [], judged: [], added: [], left: [], confirmedAt: at }
    this.#kept.set(id, kept)
    return {
      id,
      add: async (rows, faults, bytes) => {
        kept.staged.push(...unpacked(rows))
        kept.faults.push(...unpacked(faults))
        const [valid, invalid] = [kept.staged.length, new Set(kept.faults.map((fault) => fault.row)).size]
        kept.row = { ...kept.row, bytes, counts: { ...NOTHING, rows: valid + invalid, valid, invalid } }
      },
      finish: async (file) => {
        kept.hash ??= file?.hash ?? null
        const confirmed = this.#confirmed(campaignId, how, kept.hash)
        if (confirmed !== null) {
          this.#kept.delete(id)
          return confirmed
        }
        this.#judge(kept, at)
        kept.row = { ...kept.row, state: 'ready' }
        return kept.row
      },
      abandon: async () => {
        kept.row = { ...kept.row, state: 'abandoned' }
        kept.staged.length = 0
      },
    }
  }

  #isReplaced({ id, campaignId }: ImportRow): boolean {
    const since = this.#confirmations.indexOf(id)
    return this.#confirmations.slice(since + 1).some((later) => {
      const row = this.#kept.get(later)?.row
      return row?.campaignId === campaignId && row.how === 'replace' && row.state === 'confirmed'
    })
  }

  /** The import of this very file that holds: confirmed, and replaced by none since. */
  #confirmed(campaignId: CampaignId, how: ImportRow['how'], hash: string | null): ImportRow | null {
    for (const { row, hash: known } of this.#kept.values()) {
      const same = hash !== null && known === hash && row.campaignId === campaignId && row.how === how
      if (same && row.state === 'confirmed' && !this.#isReplaced(row)) return row
    }
    return null
  }

  of(campaignId: CampaignId): readonly ImportRow[] {
    return [...this.#kept.values()].flatMap(({ row }) => (row.campaignId === campaignId ? row : []))
  }

  row(id: string): ImportRow | null {
    return this.#kept.get(id)?.row ?? null
  }

  faults(id: string): readonly RowFault[] {
    const kept = this.#kept.get(id)
    return kept === undefined ? [] : [...kept.faults, ...kept.judged].sort((a, b) => a.row - b.row)
  }

  confirm(id: string, at: Ms): ImportRow | 'unknown' | 'notReady' {
    const kept = this.#kept.get(id)
    if (kept === undefined) return 'unknown'
    const { state, campaignId, how } = kept.row
    if (state === 'confirmed') return kept.row
    if (state !== 'ready') return 'notReady'
    const taken = this.#judge(kept, at)
    kept.left = how === 'add' ? [] : this.#list.numbersIn(campaignId).filter((row) => !isUnderWay(row))
    for (const row of kept.left) this.#list.remove(row)
    kept.added = taken.map((draft) => this.#list.add(campaignId, id, draft))
    kept.row = { ...kept.row, state: 'confirmed' }
    kept.confirmedAt = at
    this.#confirmations.push(id)
    return kept.row
  }

  undo(id: string): ImportRow | 'unknown' | 'called' | 'notConfirmed' {
    const kept = this.#kept.get(id)
    if (kept === undefined) return 'unknown'
    if (kept.row.state !== 'confirmed') return 'notConfirmed'
    if (kept.added.some((row) => row.calls.length > 0)) return 'called'
    for (const row of kept.added) this.#list.remove(row)
    for (const row of kept.left) this.#list.put(row)
    kept.row = { ...kept.row, state: 'undone' }
    return kept.row
  }

  removeCampaign(campaignId: CampaignId): void {
    for (const [id, { row }] of this.#kept) if (row.campaignId === campaignId) this.#kept.delete(id)
  }

  /** Nobody with this number is brought by a file any more, nor put back by an import that is undone. */
  erase(number: string, until: Ms): number {
    const has = ({ phone, phone2 }: ContactDraft): boolean => phone === number || phone2 === number
    let gone = 0
    for (const kept of this.#kept.values()) {
      if (kept.row.at > until) continue
      kept.left = kept.left.filter(({ draft }) => !has(draft))
      kept.added = kept.added.filter(({ draft, standing }) => !has(draft) || standing.state === 'underWay')
      for (const faults of [kept.faults, kept.judged]) faults.splice(0, faults.length, ...faults.map((fault) => untold(fault, number)))
      if (kept.row.state !== 'reading' && kept.row.state !== 'ready') continue
      const stay = kept.staged.filter(({ draft }) => !has(draft))
      gone += kept.staged.length - stay.length
      kept.staged.splice(0, kept.staged.length, ...stay)
    }
    return gone
  }

  /** Which of the staged would be called, and why the others would not. */
  #judge(kept: Kept, at: Ms): readonly ContactDraft[] {
    const { campaignId, how } = kept.row
    const stay = this.#list.numbersIn(campaignId).filter((row) => how === 'add' || isUnderWay(row))
    const inList = new Map(stay.map((row) => [row.draft.phone, this.#kept.get(row.importId)?.confirmedAt]))
    const inFile = new Map<string, number>()
    const taken: ContactDraft[] = []
    const counts = { duplicateInFile: 0, duplicateInList: 0, doNotCall: 0 }
    kept.judged = []
    for (const { row, line, draft } of kept.staged) {
      const { phone } = draft
      const [earlierLine, since] = [inFile.get(phone), inList.get(phone)]
      const isListed = this.#list.isListed(phone, campaignId, at)
      if (earlierLine === undefined) inFile.set(phone, line)
      const told = { row, line, column: null, value: phone }
      if (earlierLine !== undefined) kept.judged.push({ ...told, code: 'duplicateInFile', earlierLine })
      else if (since !== undefined) kept.judged.push({ ...told, code: 'duplicateInList', since })
      else if (isListed) kept.judged.push({ ...told, code: 'doNotCall' })
      else {
        taken.push(draft)
        continue
      }
      if (earlierLine !== undefined) counts.duplicateInFile += 1
      else if (since !== undefined) counts.duplicateInList += 1
      else counts.doNotCall += 1
    }
    kept.row = { ...kept.row, counts: { ...kept.row.counts, ...counts, added: taken.length } }
    return taken
  }
}
