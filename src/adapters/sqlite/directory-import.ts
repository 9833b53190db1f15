/** What the drafts of a file make of the contacts that are there: worked out whole before anything is written. */
import { lettersOf } from '#core/directory/words.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import { CONTACT_LIMITS, type Contact, type ContactDraft, type ContactWritten, type ImportCounts } from '#ports/directory.ts'

export interface ImportPlan {
  readonly counts: ImportCounts
  /** Contacts new or changed, as they are to be. */
  readonly written: readonly Contact[]
}

const nameKey = (name: string, number: string): string => `${lettersOf(name)}\n${number}`

const isSame = (a: ContactWritten, b: ContactWritten): boolean =>
  a.name === b.name &&
  a.company === b.company &&
  JSON.stringify(a.numbers) === JSON.stringify(b.numbers) &&
  JSON.stringify(Object.entries(a.fields).sort()) === JSON.stringify(Object.entries(b.fields).sort())

/** Of an export of ours: what the row says, whole. Found by name and number: what the row says beside what was there. */
function merged(there: Contact, { id, name, company, numbers, fields }: ContactDraft): ContactWritten {
  if (id === there.id) return { name, company, numbers, fields }
  const labels = new Map(there.numbers.map(({ number, label }) => [number, label]))
  const given = new Set(numbers.map(({ number }) => number))
  const all = [
    ...numbers.map(({ number, label }) => ({ number, label: label ?? labels.get(number) ?? null })),
    ...there.numbers.filter(({ number }) => !given.has(number)),
  ]
  // The order people gave stays where the file brings nothing new.
  const known = all.every(({ number, label }) => labels.get(number) === label) && all.length === there.numbers.length
  return {
    name,
    company: company ?? there.company,
    numbers: (known ? there.numbers : all).slice(0, CONTACT_LIMITS.numbers),
    fields: Object.fromEntries(Object.entries({ ...there.fields, ...fields }).slice(0, CONTACT_LIMITS.fields)),
  }
}

/** `newId` gives a new random id each time. */
export function planImport(contacts: Iterable<Contact>, drafts: readonly ContactDraft[], at: Ms, newId: () => string): ImportPlan {
  const byId = new Map<string, Contact>()
  const byKey = new Map<string, string>()
  const note = (contact: Contact): void => {
    byId.set(contact.id, contact)
    for (const { number } of contact.numbers) byKey.set(nameKey(contact.name, number), contact.id)
  }
  for (const contact of contacts) note(contact)
  const written = new Map<string, Contact>()
  let [added, changed, unchanged] = [0, 0, 0]
  const write = (contact: Contact): void => {
    note(contact)
    written.set(contact.id, contact)
  }
  for (const draft of drafts) {
    const key = draft.numbers.map(({ number }) => byKey.get(nameKey(draft.name, number))).find((id) => id !== undefined)
    const there = (draft.id === null ? undefined : byId.get(draft.id)) ?? (key === undefined ? undefined : byId.get(key))
    if (there === undefined) {
      const { name, company, numbers, fields } = draft
      write({ id: newId(), name, company, numbers, fields, revision: 1, changedAt: at })
      added += 1
      continue
    }
    const next = merged(there, draft)
    if (isSame(there, next)) {
      unchanged += 1
      continue
    }
    write({ ...next, id: there.id, revision: there.revision + 1, changedAt: at })
    changed += 1
  }
  return { counts: { added, changed, unchanged }, written: [...written.values()] }
}
