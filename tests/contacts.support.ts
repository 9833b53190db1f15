/** A list of contacts on the stage of a test: what is put into it, and what facts make of it. */
import { expect } from 'vitest'
import type { Contact, ContactChange, ContactDraft, Contacts, DrawAsked, ImportRow, StagedImport } from '#ports/contacts.ts'

export interface ContactsBench {
  readonly contacts: Contacts
  /** The same contacts as a restart finds them. */
  again(): Promise<Contacts>
  done(): Promise<void>
}

export const T0 = 1_795_000_000_000
export const MINUTE = 60_000
export const CAMPAIGN = 'spring'
export const STOCKHOLM = { zone: 'Europe/Stockholm', window: null } as const
export const NEW_YORK = { zone: 'America/New_York', window: null } as const

let made = 0
/** A number of its own for each contact. */
export const number = (): string => `+4670174${String(1_000 + made++)}`
const draft = (more: Partial<ContactDraft> = {}): ContactDraft => ({
  phone: number(),
  phone2: null,
  externalId: null,
  name: null,
  zone: STOCKHOLM.zone,
  language: null,
  from: null,
  to: null,
  window: null,
  columns: {},
  ...more,
})
export const named = (name: string, more: Partial<ContactDraft> = {}): ContactDraft => draft({ name, ...more })

export const asked = (more: Partial<DrawAsked> = {}): DrawAsked => ({
  campaignId: CAMPAIGN,
  count: 10,
  at: T0,
  open: [
    { ...STOCKHOLM, period: null },
    { ...NEW_YORK, period: null },
  ],
  except: [],
  retriesFirst: false,
  whose: null,
  ...more,
})

type Applied<T extends ContactChange['type']> = Omit<Extract<ContactChange, { type: T }>, 'position'>

export class ListStage {
  readonly #bench: ContactsBench
  contacts: Contacts
  position = 0

  constructor(bench: ContactsBench) {
    this.#bench = bench
    this.contacts = bench.contacts
  }

  start(how: 'add' | 'replace' = 'add', hash: string | null = null): Promise<StagedImport | { readonly confirmed: ImportRow }> {
    return this.contacts.startImport({ campaignId: CAMPAIGN, at: T0, user: 'sam', fileName: 'list.csv', how, hash })
  }

  async staging(how: 'add' | 'replace' = 'add', hash: string | null = null): Promise<StagedImport> {
    const started = await this.start(how, hash)
    if ('confirmed' in started) throw new Error('it was confirmed before')
    return started
  }

  async stage(drafts: readonly ContactDraft[], how: 'add' | 'replace' = 'add'): Promise<ImportRow> {
    const staged = await this.staging(how)
    await staged.add(rowsOf(drafts), [], 100)
    return staged.finish({ hash: staged.id })
  }

  async load(...drafts: readonly ContactDraft[]): Promise<string> {
    const { id } = await this.stage(drafts)
    expect(await this.contacts.confirm(id, T0)).toMatchObject({ id, state: 'confirmed' })
    return id
  }

  async byName(wanted: string): Promise<Contact> {
    const query = { campaignId: CAMPAIGN, state: null, text: null, after: null, limit: 1_000 }
    const { contacts: found } = await this.contacts.contacts(query)
    const one = found.find((contact) => contact.name === wanted)
    if (one === undefined) throw new Error(`no contact ${wanted}`)
    return one
  }

  async apply(
    change: Applied<'settled'> | Applied<'dealt'> | Applied<'barred'> | Applied<'topics'> | Applied<'listed'> | Applied<'lifted'>,
  ): Promise<void> {
    this.position += 1
    await this.contacts.apply([{ ...change, position: this.position }], this.position)
  }

  async deal(wanted: string, at = T0): Promise<void> {
    await this.apply({ type: 'dealt', contactId: (await this.byName(wanted)).contactId, callId: `c-${wanted}`, at })
  }

  /** It is taken up and tried; unanswered and due again in an hour, unless said. */
  async tried(wanted: string, more: Partial<Applied<'settled'>> = {}, at = T0): Promise<void> {
    const { contactId, tries } = await this.byName(wanted)
    await this.deal(wanted, at)
    const settled = { contactId, callId: `c-${wanted}`, at, outcome: 'unanswered', counted: true, tries: tries + 1 } as const
    const next = { next: 'again', dueAt: at + 60 * MINUTE, number: 1, inUse: true, forAgent: null, anyoneAt: null, period: null } as const
    await this.apply({ type: 'settled', ...settled, ...next, ...more })
  }

  /** Of those drawn, in order. */
  async names(more: Partial<DrawAsked> = {}): Promise<(string | null)[]> {
    const drawn = await this.contacts.draw(asked(more))
    return Promise.all(drawn.contacts.map(async ({ contactId }) => (await this.contacts.contact(contactId))?.name ?? null))
  }

  async listed(digits: string, campaignId: string | null = null, until: number | null = null): Promise<void> {
    await this.apply({ type: 'listed', number: digits, campaignId, source: 'page', reason: null, until, at: T0 })
  }

  async restart(): Promise<void> {
    this.contacts = await this.#bench.again()
  }
}

export const rowsOf = (drafts: readonly ContactDraft[]) => drafts.map((one, index) => ({ row: index + 1, line: index + 2, draft: one }))
