/**
 * The thread that looks at contacts, so that a page or an export holds up no draw. It also brings the log of what was written into the file
 * from time to time: that waits for the disk, and a draw that had to would be late.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Bug, type CampaignId, type ContactId } from '#core/kernel/kernel.ts'
import type { Contact, Contacts, ContactsOfNumber, ContactsQuery, DoNotCallListed, ImportRow, Progress, RowFault } from '#ports/contacts.ts'
import { type Block, ContactsKeeping, ContactsReading } from './contacts-read.ts'
import { failureOf, serve } from './rpc.ts'

const CHECKPOINT_MS = 250

export interface ContactsReadOps {
  contact(contactId: ContactId): Contact | null
  contacts(query: ContactsQuery): Block<Contact>
  withNumber(number: string): ContactsOfNumber
  columns(campaignId: CampaignId): readonly string[]
  progress(campaignId: CampaignId): Progress
  revivable(arg: { readonly campaignId: CampaignId; readonly attemptsMax: number }): number
  imports(campaignId: CampaignId): readonly ImportRow[]
  import(id: string): ImportRow | null
  faults(arg: { readonly id: string; readonly after: string | null; readonly limit: number }): Block<RowFault>
  doNotCall(query: Parameters<Contacts['doNotCall']>[0]): Block<DoNotCallListed>
  close(arg: null): void
}

if (parentPort === null) throw new Bug('contacts are looked at in a thread of its own')
const { folder } = workerData as { readonly folder: string }
const reading = new ContactsReading(folder)
const keeping = new ContactsKeeping(folder)

const timer = setInterval(() => {
  try {
    keeping.checkpoint()
  } catch (error) {
    // The disk is full or failing: the next commit tells it to whoever waits for it, and this is tried again.
    process.emitWarning(`contacts.db: ${failureOf(error).message}`)
  }
}, CHECKPOINT_MS)

serve<ContactsReadOps>(parentPort, {
  contact: (contactId) => reading.contact(contactId),
  contacts: (query) => reading.contacts(query),
  withNumber: (number) => reading.withNumber(number),
  columns: (campaignId) => reading.columns(campaignId),
  progress: (campaignId) => reading.progress(campaignId),
  revivable: ({ campaignId, attemptsMax }) => reading.revivable(campaignId, attemptsMax),
  imports: (campaignId) => reading.imports(campaignId),
  import: (id) => reading.import(id),
  faults: (asked) => reading.faults(asked),
  doNotCall: (query) => reading.doNotCall(query),
  close: () => {
    clearInterval(timer)
    reading.close()
    keeping.close()
  },
})
