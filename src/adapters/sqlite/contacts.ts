/**
 * Contacts of campaigns in SQLite, `contacts.db` in the data folder: a thread that writes and draws, and one that looks. A file of its own,
 * so that a list of a million on its way in never stands before a commit of the journal. Several processes may have it open.
 */
import { mkdirSync } from 'node:fs'
import type { CampaignId } from '#core/kernel/kernel.ts'
import type { Contact, Contacts, RowFault } from '#ports/contacts.ts'
import type { ContactsOps } from './contacts.worker.ts'
import type { ContactsReadOps } from './contacts-reader.worker.ts'
import { WorkerClient } from './rpc.ts'

/** Rows of a file live until they are written, some hundred at a time: more room would only be filled. */
const YOUNG_MB = 12
const BLOCK_CONTACTS = 500
const BLOCK_FAULTS = 5_000

class SqliteContacts implements Contacts {
  readonly #writer: WorkerClient<ContactsOps>
  /** Opened once the writer has made the file. */
  readonly #reader: Promise<WorkerClient<ContactsReadOps>>

  constructor(folder: string) {
    this.#writer = new WorkerClient('contacts', new URL('./contacts.worker.ts', import.meta.url), { folder }, { youngMb: YOUNG_MB })
    this.#reader = this.#writer
      .ask('position', null)
      .then(() => new WorkerClient<ContactsReadOps>('contacts', new URL('./contacts-reader.worker.ts', import.meta.url), { folder }))
    // Whoever asks is told; nobody may have asked yet.
    this.#reader.catch(() => undefined)
  }

  position: Contacts['position'] = () => this.#writer.ask('position', null)
  apply: Contacts['apply'] = (changes, position) => this.#writer.ask('apply', { changes, position })
  arrange: Contacts['arrange'] = (campaignId, how) => this.#writer.ask('arrange', { campaignId, how })
  slots: Contacts['slots'] = (campaignId) => this.#writer.ask('slots', campaignId)
  draw: Contacts['draw'] = (asked) => this.#writer.ask('draw', asked)
  barred: Contacts['barred'] = (contactId, number, at) => this.#writer.ask('barred', { contactId, number, at })
  mapping: Contacts['mapping'] = (campaignId, headings) => this.#writer.ask('mapping', { campaignId, headings })
  rememberMapping: Contacts['rememberMapping'] = (campaignId, headings, mapping) =>
    this.#writer.ask('rememberMapping', { campaignId, headings, mapping })
  confirm: Contacts['confirm'] = (id, at) => this.#writer.ask('confirm', { id, at })
  undo: Contacts['undo'] = (id) => this.#writer.ask('undo', id)
  revive: Contacts['revive'] = (campaignId, attemptsMax) => this.#writer.ask('revive', { campaignId, attemptsMax })
  forgetContacts: Contacts['forgetContacts'] = (campaignId) => this.#writer.ask('forgetContacts', campaignId)
  removeCampaign: Contacts['removeCampaign'] = (campaignId) => this.#writer.ask('removeCampaign', campaignId)
  learnt: Contacts['learnt'] = (campaignId) => this.#writer.ask('learnt', campaignId)
  keepLearnt: Contacts['keepLearnt'] = (campaignId, text) => this.#writer.ask('keepLearnt', { campaignId, text })
  listDoNotCall: Contacts['listDoNotCall'] = (rows) => this.#writer.ask('listDoNotCall', rows)
  erase: Contacts['erase'] = (number, until) => this.#writer.ask('erase', { number, until })

  latestAsked: Contacts['latestAsked'] = (campaigns) => this.#writer.ask('latestAsked', campaigns)
  contact: Contacts['contact'] = async (contactId) => (await this.#reader).ask('contact', contactId)
  columns: Contacts['columns'] = async (campaignId) => (await this.#reader).ask('columns', campaignId)
  progress: Contacts['progress'] = async (campaignId) => (await this.#reader).ask('progress', campaignId)
  withNumber: Contacts['withNumber'] = async (number) => (await this.#reader).ask('withNumber', number)
  imports: Contacts['imports'] = async (campaignId) => (await this.#reader).ask('imports', campaignId)
  import: Contacts['import'] = async (id) => (await this.#reader).ask('import', id)
  doNotCall: Contacts['doNotCall'] = async (query) => (await this.#reader).ask('doNotCall', query)
  revivable: Contacts['revivable'] = async (campaignId, attemptsMax) => (await this.#reader).ask('revivable', { campaignId, attemptsMax })
  contacts: Contacts['contacts'] = async (query) => {
    const { rows, next } = await (await this.#reader).ask('contacts', query)
    return { contacts: rows, next }
  }

  async *all(campaignId: CampaignId): AsyncIterable<readonly Contact[]> {
    const reader = await this.#reader
    let after: string | null = null
    do {
      const block: { readonly rows: readonly Contact[]; readonly next: string | null } = await reader.ask('contacts', {
        ...{ campaignId, state: null, text: null, after, limit: BLOCK_CONTACTS },
      })
      if (block.rows.length > 0) yield block.rows
      after = block.next
    } while (after !== null)
  }

  async *faults(id: string): AsyncIterable<readonly RowFault[]> {
    const reader = await this.#reader
    let after: string | null = null
    do {
      const block: { readonly rows: readonly RowFault[]; readonly next: string | null } = await reader.ask('faults', {
        ...{ id, after, limit: BLOCK_FAULTS },
      })
      if (block.rows.length > 0) yield block.rows
      after = block.next
    } while (after !== null)
  }

  startImport: Contacts['startImport'] = async (asked) => {
    const started = await this.#writer.ask('startImport', asked)
    if ('confirmed' in started) return started
    const { id, key } = started
    return {
      id,
      add: (rows, faults, bytes) => this.#writer.ask('addToImport', { key, rows, faults, bytes }),
      finish: (file) => this.#writer.ask('finishImport', { key, hash: file?.hash ?? null }),
      abandon: () => this.#writer.ask('abandonImport', key),
    }
  }

  async close(): Promise<void> {
    const reader = await this.#reader.catch(() => null)
    await Promise.all([this.#writer.close('close', null), reader?.close('close', null)])
  }
}

/** To be closed by whoever opened it. */
export const openContacts = ({ folder }: { readonly folder: string }): Contacts => {
  mkdirSync(folder, { recursive: true })
  return new SqliteContacts(folder)
}
