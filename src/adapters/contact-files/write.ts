/** Contacts as files that the reader beside this makes the same contacts of. */
import type { Contact } from '#ports/directory.ts'
import { guarded } from './formulas.ts'

function cell(value: string): string {
  const safe = guarded(value)
  return /[",;\t\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const row = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`

export interface Columns {
  readonly fields: readonly string[]
  readonly numbersMax: number
}

/** RFC 4180, with a byte order mark, without which Excel takes UTF-8 for something else. */
export function csvWriter({ fields, numbersMax }: Columns): { head: string; contact: (contact: Contact) => string } {
  const counted = Array.from({ length: Math.max(1, numbersMax) }, (_, index) => index)
  const headings = counted.flatMap((index) => [`phone ${index + 1}`, `label ${index + 1}`])
  return {
    head: `\ufeff${row(['id', 'name', 'company', ...headings, ...fields])}`,
    contact: (contact) =>
      row([
        contact.id,
        contact.name,
        contact.company ?? '',
        ...counted.flatMap((index) => [contact.numbers[index]?.number ?? '', contact.numbers[index]?.label ?? '']),
        ...fields.map((field) => contact.fields[field] ?? ''),
      ]),
  }
}

const escaped = (text: string): string => text.replace(/[\\,;]/gu, '\\$&').replace(/\r\n|\r|\n/gu, '\\n')
const param = (text: string): string => `"${text.replaceAll('"', "'").replace(/\s+/gu, ' ')}"`

/** RFC 6350, 3.2: no line over 75 octets, and none broken inside a character. */
function folded(line: string): string {
  let [out, octets] = ['', 0]
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > 75) {
      out += '\r\n '
      octets = 1
    }
    out += character
    octets += size
  }
  return `${out}\r\n`
}

const TYPES: Readonly<Record<string, string>> = { mobile: 'cell', work: 'work', home: 'home' }

/** vCard 4.0 (RFC 6350). A number's label that is no type of the standard goes beside it, as Apple writes it. */
function vcardOf({ id, name, company, numbers, fields }: Contact): string {
  const telephones = numbers.flatMap(({ number, label }, index) => {
    const type = label === null ? undefined : TYPES[label]
    if (label === null) return [`TEL:${escaped(number)}`]
    if (type !== undefined) return [`TEL;TYPE=${type}:${escaped(number)}`]
    return [`item${index + 1}.TEL:${escaped(number)}`, `item${index + 1}.X-ABLabel:${escaped(label)}`]
  })
  const lines = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    `UID:${id}`,
    `FN:${escaped(name)}`,
    ...(company === null ? [] : [`ORG:${escaped(company)}`]),
    ...telephones,
    ...Object.entries(fields).map(([field, value]) => `X-SAMTAL-FIELD;NAME=${param(field)}:${escaped(value)}`),
    'END:VCARD',
  ]
  return lines.map(folded).join('')
}

export const vcardWriter = { head: '', contact: vcardOf } as const
