/**
 * The thread that writes contacts. What concerns a whole list is done step by step, so that between two steps draws and facts have their
 * turn; what nobody waits for (moving due contacts to their shelves, letting go of replaced ones) likewise.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { Bug, type CampaignId, type ContactId, type Ms } from '#core/kernel/kernel.ts'
import {
  type Block,
  type ContactChange,
  type Contacts,
  type ContactsErased,
  type DoNotCallRow,
  type Draw,
  type DrawAsked,
  type ImportRow,
  type ListMapping,
  type RowFault,
  type Slot,
  type StagedRow,
  unpacked,
} from '#ports/contacts.ts'
import { ContactsFile, type Steps } from './contacts-file.ts'
import { failureOf, serve } from './rpc.ts'

/** Numbers put on the list at a time. */
const LISTED_AT_ONCE = 200

export interface ContactsOps {
  position(arg: null): number
  apply(arg: { readonly changes: readonly ContactChange[]; readonly position: number }): void
  arrange(arg: { readonly campaignId: CampaignId; readonly how: Parameters<Contacts['arrange']>[1] }): Promise<void>
  slots(campaignId: CampaignId): readonly Slot[]
  draw(asked: DrawAsked): Draw
  barred(arg: { readonly contactId: ContactId; readonly number: 1 | 2; readonly at: Ms }): string | null
  mapping(arg: { readonly campaignId: CampaignId; readonly headings: readonly string[] }): ListMapping | null
  rememberMapping(arg: { readonly campaignId: CampaignId; readonly headings: readonly string[]; readonly mapping: ListMapping }): void
  startImport(
    asked: Parameters<Contacts['startImport']>[0],
  ): { readonly id: string; readonly key: number } | { readonly confirmed: ImportRow }
  addToImport(arg: {
    readonly key: number
    readonly rows: Block<StagedRow>
    readonly faults: Block<RowFault>
    readonly bytes: number
  }): void
  finishImport(arg: { readonly key: number; readonly hash: string | null }): ImportRow
  abandonImport(key: number): void
  confirm(arg: { readonly id: string; readonly at: Ms }): Promise<ImportRow | 'unknown' | 'notReady'>
  undo(id: string): Promise<ImportRow | 'unknown' | 'called' | 'notConfirmed'>
  revive(arg: { readonly campaignId: CampaignId; readonly attemptsMax: number }): Promise<number>
  removeCampaign(campaignId: CampaignId): void
  forgetContacts(campaignId: CampaignId): Promise<boolean>
  latestAsked(campaigns: readonly CampaignId[]): Ms | null
  learnt(campaignId: CampaignId): string | null
  keepLearnt(arg: { readonly campaignId: CampaignId; readonly text: string | null }): void
  listDoNotCall(rows: readonly DoNotCallRow[]): Promise<number>
  erase(arg: { readonly number: string; readonly until: Ms }): ContactsErased
  close(arg: null): void
}

if (parentPort === null) throw new Bug('contacts are written in a thread of its own')
const file = new ContactsFile((workerData as { readonly folder: string }).folder)
let isClosed = false

const finish = async (steps: Steps): Promise<void> => {
  while (!isClosed && steps()) await turn()
}

/** A queue of the same work is not begun twice. */
const begun = new Set<string>()
const inTime = (name: string, steps: Steps): void => {
  if (begun.has(name)) return
  begun.add(name)
  finish(steps)
    .catch((error: unknown) => {
      // A disk that is full or failing: it is tried again by the next draw, or when the file is opened. Facts and draws tell the same failure.
      process.emitWarning(`contacts.db: ${failureOf(error).message}`)
    })
    .finally(() => begun.delete(name))
}

for (const [index, steps] of file.unfinished(Date.now()).entries()) inTime(`begun before, ${index}`, steps)

const draw = (asked: DrawAsked): Draw => {
  const { draw: drawn, more } = file.draw(asked)
  if (more !== null) inTime(`due in ${asked.campaignId}`, more)
  return drawn
}

const revive = async (campaignId: CampaignId, attemptsMax: number): Promise<number> => {
  let [all, after]: [number, number | null] = [0, 0]
  while (after !== null && !isClosed) {
    const { row, revived } = file.reviveStep(campaignId, attemptsMax, after)
    all += revived
    after = row
    await turn()
  }
  return all
}

const listDoNotCall = async (rows: readonly DoNotCallRow[]): Promise<number> => {
  let isNew = 0
  for (let from = 0; from < rows.length && !isClosed; from += LISTED_AT_ONCE) {
    isNew += file.listDoNotCall(rows.slice(from, from + LISTED_AT_ONCE))
    await turn()
  }
  return isNew
}

/** What was decided for an import is carried out before it is told. */
async function carriedOut<T extends string>(id: string, decided: { readonly key: number } | ImportRow | T): Promise<ImportRow | T> {
  if (typeof decided === 'string' || !('key' in decided)) return decided
  await finish(() => file.imports.step(decided.key))
  const row = file.imports.row(id)
  if (row === null) throw new Bug(`import ${id} is gone`)
  return row
}

serve<ContactsOps>(parentPort, {
  position: () => file.position(),
  apply: ({ changes, position }) => {
    for (const [index, steps] of file.apply(changes, position).entries()) inTime(`replaced, ${position}.${index}`, steps)
  },
  arrange: async ({ campaignId, how }) => {
    if (file.arrange(campaignId, how)) await finish(() => file.arrangeStep(campaignId))
  },
  slots: (campaignId) => file.slots(campaignId),
  draw,
  barred: ({ contactId, number, at }) => file.barred(contactId, number, at),
  latestAsked: (campaigns) => file.latestAsked(campaigns),
  learnt: (campaignId) => file.learnt(campaignId),
  keepLearnt: ({ campaignId, text }) => file.keepLearnt(campaignId, text),
  mapping: ({ campaignId, headings }) => file.mapping(campaignId, headings),
  rememberMapping: ({ campaignId, headings, mapping }) => file.rememberMapping(campaignId, headings, mapping),
  startImport: (asked) => file.imports.start(asked),
  addToImport: ({ key, rows, faults, bytes }) => file.imports.add(key, unpacked(rows), unpacked(faults), bytes),
  finishImport: ({ key, hash }) => {
    const row = file.imports.finish(key, hash)
    if (row.state === 'confirmed') inTime(`let go, ${key}`, () => file.imports.step(key))
    return row
  },
  abandonImport: (key) => {
    file.imports.abandon(key)
    inTime(`let go, ${key}`, () => file.imports.step(key))
  },
  confirm: ({ id, at }) => carriedOut(id, file.imports.confirm(id, at)),
  undo: (id) => carriedOut(id, file.imports.undo(id)),
  revive: ({ campaignId, attemptsMax }) => revive(campaignId, attemptsMax),
  removeCampaign: (campaignId) => {
    const key = file.removeCampaign(campaignId)
    if (key !== null) inTime(`removed, ${key}`, () => file.removeStep(key))
  },
  forgetContacts: async (campaignId) => {
    const key = file.forgetContacts(campaignId)
    if (key !== null) await finish(() => file.removeStep(key))
    return key !== null
  },
  listDoNotCall,
  erase: ({ number, until }) => file.erase(number, until),
  close: () => {
    isClosed = true
    file.close()
  },
})
