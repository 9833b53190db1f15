/** Asks the server about campaigns, their contacts, and whom nobody may call. */
import type {
  Campaign,
  CampaignDay,
  CampaignPace,
  CampaignProgress,
  CampaignSettings,
  Campaigns,
  PaceAsked,
  PaceTable,
} from '#wire/campaigns.ts'
import type { CampaignContacts, CampaignImport, DoNotCallRow, ImportLook, ImportMapping } from '#wire/contacts.ts'
import { ask, BASE, problemOf, Refused } from './api.ts'

const id = encodeURIComponent

const queryOf = (asked: object): string => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(asked))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  return query.toString()
}

/** A file as it is, with how it is to be read in the address. `key`: the same press sent twice is one import. */
const sendFile = async <T>(path: string, asked: object, file: Blob, key: string = crypto.randomUUID()): Promise<T> => {
  const answer = await fetch(`${BASE}${path}?${queryOf(asked)}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      'accept-language': document.documentElement.lang,
      'x-samtal': '1',
      'idempotency-key': key,
      'content-type': 'application/octet-stream',
    },
    body: file,
  }).catch((error: unknown) => {
    throw new Refused(0, 'network', error instanceof Error ? error.message : String(error))
  })
  if (!answer.ok) throw await problemOf(answer)
  return (await answer.json()) as T
}

export const PACE_RANGES = ['quarter', 'today', 'all'] as const
export type PaceRange = (typeof PACE_RANGES)[number]

export interface UploadAsked {
  readonly fileName: string
  readonly how: 'add' | 'replace'
  readonly mapping: ImportMapping
  readonly encoding?: string
  readonly delimiter?: string
}

const of = (campaignId: string): string => `/campaigns/${id(campaignId)}`

/** When a contact is called again: `me` for so many minutes, then anyone. */
export interface Rescheduled {
  readonly at: string
  readonly for: 'me' | 'anyone'
  readonly forMinutes?: number
}

export const campaignsApi = {
  list: () => ask<Campaigns>('GET', '/campaigns'),
  one: (campaignId: string) => ask<Campaign>('GET', of(campaignId)),
  create: (settings: CampaignSettings) => ask<Campaign>('POST', '/campaigns', settings),
  /** `revision`: of what was read, so that nothing somebody else has written since is lost. */
  replace: (campaignId: string, settings: CampaignSettings, revision: string, revive: boolean | null) =>
    ask<Campaign>('PUT', `${of(campaignId)}${revive === null ? '' : `?${queryOf({ revive })}`}`, { ...settings, revision }),
  remove: (campaignId: string) => ask<void>('DELETE', of(campaignId)),
  act: (campaignId: string, what: 'start' | 'pause' | 'stop') => ask<void>('POST', `${of(campaignId)}/${what}`),
  revivable: (campaignId: string, attempts: number) =>
    ask<{ readonly contacts: number }>('GET', `${of(campaignId)}/revivable?${queryOf({ attempts })}`),
  overTime: (campaignId: string, range: PaceRange) => ask<CampaignPace>('GET', `${of(campaignId)}/pace?${queryOf({ range })}`),
  progress: (campaignId: string) => ask<CampaignProgress>('GET', `${of(campaignId)}/progress`),
  days: (campaignId: string) => ask<{ readonly items: readonly CampaignDay[] }>('GET', `${of(campaignId)}/days`),

  contacts: (
    campaignId: string,
    asked: { readonly state?: string; readonly q?: string; readonly after?: string; readonly limit: number },
  ) => ask<CampaignContacts>('GET', `${of(campaignId)}/contacts?${queryOf(asked)}`),
  daysFile: (campaignId: string) => fetch(`${BASE}${of(campaignId)}/days`, { credentials: 'same-origin', headers: { accept: 'text/csv' } }),
  exportOf: (campaignId: string, format: 'csv' | 'ndjson') =>
    fetch(`${BASE}${of(campaignId)}/contacts`, {
      credentials: 'same-origin',
      headers: { accept: format === 'csv' ? 'text/csv' : 'application/x-ndjson' },
    }),

  imports: (campaignId: string) => ask<{ readonly items: readonly CampaignImport[] }>('GET', `${of(campaignId)}/imports`),
  /** Only its beginning is sent. */
  look: (campaignId: string, file: File, asked: { readonly encoding?: string; readonly delimiter?: string }) =>
    sendFile<ImportLook>(`${of(campaignId)}/imports/look`, asked, file.slice(0, 256 * 1024)),
  upload: (campaignId: string, file: File, { mapping, ...asked }: UploadAsked, key: string) => {
    const { skip, ...fields } = mapping
    const skipped = skip === undefined || skip.length === 0 ? {} : { skip: JSON.stringify(skip) }
    return sendFile<CampaignImport>(`${of(campaignId)}/imports`, { ...asked, ...fields, ...skipped }, file, key)
  },
  import: (campaignId: string, importId: string) => ask<CampaignImport>('GET', `${of(campaignId)}/imports/${id(importId)}`),
  faultsAddress: (campaignId: string, importId: string) => `${BASE}${of(campaignId)}/imports/${id(importId)}/faults`,
  confirm: (campaignId: string, importId: string) => ask<CampaignImport>('POST', `${of(campaignId)}/imports/${id(importId)}/confirm`),
  undo: (campaignId: string, importId: string) => ask<CampaignImport>('POST', `${of(campaignId)}/imports/${id(importId)}/undo`),

  doNotCall: (asked: { readonly campaign?: string; readonly digits?: string; readonly after?: string; readonly limit: number }) =>
    ask<{ readonly items: readonly DoNotCallRow[]; readonly next: string | null }>('GET', `/do-not-call?${queryOf(asked)}`),
  addDoNotCall: (row: {
    readonly number: string
    readonly campaignId: string | null
    readonly reason?: string
    readonly until?: string | null
  }) => ask<void>('POST', '/do-not-call', row),
  liftDoNotCall: (row: { readonly id: string } | { readonly number: string; readonly campaign?: string }) =>
    ask<void>('DELETE', `/do-not-call?${queryOf(row)}`),
  doNotCallFile: (file: File, asked: { readonly campaign?: string; readonly reason?: string; readonly until?: string }) =>
    sendFile<{ readonly rows: number; readonly added: number; readonly invalid: number }>('/do-not-call/imports', asked, file),

  pace: (asked: PaceAsked) => ask<PaceTable>('POST', '/pace', asked),

  card: (callId: string, what: 'call' | 'reject' | 'cancel') => ask<void>('POST', `/offers/${id(callId)}/${what}`),
  rescheduleCard: (callId: string, when: Rescheduled) => ask<void>('POST', `/offers/${id(callId)}/reschedule`, when),
  reschedule: (callId: string, when: Rescheduled) => ask<void>('POST', `/calls/${id(callId)}/reschedule`, when),
  topics: (callId: string, topics: readonly string[]) => ask<void>('POST', `/calls/${id(callId)}/topics`, { topics }),
}
