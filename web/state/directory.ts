/** What is found in the directory, as rows to choose from; and a contact as it is being written. */
import type { Contact, DirectoryItem, WriteContact } from '#wire/directory.ts'

/** What somebody chose to call. */
export type Picked =
  | { readonly kind: 'number'; readonly number: string; readonly name: string | null }
  | { readonly kind: 'agent'; readonly id: string; readonly name: string }
  | { readonly kind: 'queue'; readonly id: string; readonly name: string }

export interface Choice {
  readonly key: string
  readonly picked: Picked
  /** null: the number that was typed. */
  readonly item: DirectoryItem | null
  readonly label: string | null
}

/** Digits enough to be dialled, in any writing. */
export const isNumber = (text: string): boolean => /^\+?[\d\s().\-/]{3,40}$/u.test(text.trim()) && text.replace(/\D/gu, '').length >= 3

/** One row a number for contacts; oneself is not to be called; a number typed stands first, to be called as it is. */
export function choicesOf(
  items: readonly DirectoryItem[],
  { typed, self, kinds }: { readonly typed: string; readonly self: string | null; readonly kinds: readonly Picked['kind'][] },
): readonly Choice[] {
  const number = isNumber(typed) && kinds.includes('number') ? typed.trim() : null
  const own: readonly Choice[] =
    number === null ? [] : [{ key: 'typed', picked: { kind: 'number', number, name: null }, item: null, label: null }]
  const found = items.flatMap((item): readonly Choice[] => {
    if (item.kind === 'contact') {
      if (!kinds.includes('number')) return []
      return item.numbers.map(({ number: one, label }) => ({
        key: `contact ${item.id} ${one}`,
        picked: { kind: 'number', number: one, name: item.name },
        item,
        label,
      }))
    }
    if (!kinds.includes(item.kind) || (item.kind === 'agent' && item.id === self)) return []
    return [{ key: `${item.kind} ${item.id}`, picked: { kind: item.kind, id: item.id, name: item.name }, item, label: null }]
  })
  return [...own, ...found]
}

/** A contact in a form: rows may be empty, and keep their keys while others come and go. */
export interface Draft {
  readonly name: string
  readonly company: string
  readonly numbers: readonly { readonly key: number; readonly number: string; readonly label: string }[]
  readonly fields: readonly { readonly key: number; readonly name: string; readonly value: string }[]
}

export function draftOf(contact: Contact | null, written: (number: string) => string): Draft {
  if (contact === null) return { name: '', company: '', numbers: [{ key: 0, number: '', label: '' }], fields: [] }
  return {
    name: contact.name,
    company: contact.company ?? '',
    numbers: contact.numbers.map(({ number, label }, key) => ({ key, number: written(number), label: label ?? '' })),
    fields: Object.entries(contact.fields).map(([name, value], key) => ({ key, name, value })),
  }
}

export const nextKey = (rows: readonly { readonly key: number }[]): number => Math.max(-1, ...rows.map(({ key }) => key)) + 1

/** What is sent, and which row of the form each number sent stands in. Empty rows are left out. */
export function writtenOf(draft: Draft): { readonly contact: WriteContact; readonly numberKeys: readonly number[] } {
  const numbers = draft.numbers.filter(({ number }) => number.trim() !== '')
  const fields = draft.fields.filter(({ name, value }) => name.trim() !== '' && value.trim() !== '')
  return {
    contact: {
      name: draft.name,
      company: draft.company.trim() === '' ? null : draft.company,
      numbers: numbers.map(({ number, label }) => ({ number, label: label.trim() === '' ? null : label })),
      fields: Object.fromEntries(fields.map(({ name, value }) => [name.trim(), value])),
    },
    numberKeys: numbers.map(({ key }) => key),
  }
}
