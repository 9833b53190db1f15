/** A row of any file as a draft, or what is wrong with it. What holds for both kinds of file stands here. */
import type { FaultReason } from '#ports/contact-files.ts'
import { CONTACT_LIMITS, type ContactDraft, type ContactNumber } from '#ports/directory.ts'
import type { NumberFacts, Numbers } from '#ports/numbers.ts'

/** A value with where it stands in its file, so that a fault can say. */
export interface Placed {
  readonly text: string
  readonly line: number
  readonly column: number | null
  readonly field: string | null
}

export interface Row {
  readonly line: number
  readonly id: string | null
  readonly name: Placed | null
  readonly company: Placed | null
  readonly numbers: readonly (Placed & { readonly label: string | null })[]
  readonly fields: readonly (readonly [name: string, value: Placed])[]
}

export interface Wrong {
  readonly at: Omit<Placed, 'text'>
  readonly reason: FaultReason
}

const LETTERS_MAX_IN_NUMBER = 60
/** Numbers that are no number at all; one that is barred today may be allowed tomorrow, and is a number. */
const isNumber = ({ barred }: NumberFacts): boolean => barred !== 'invalid'

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim()

const faultOf = (place: Placed, reason: FaultReason): Wrong => ({
  at: { line: place.line, column: place.column, field: place.field },
  reason,
})

function numbersOf(row: Row, read: Numbers): { readonly numbers: readonly ContactNumber[]; readonly wrong: readonly Wrong[] } {
  const numbers = new Map<string, ContactNumber>()
  const wrong: Wrong[] = []
  for (const written of row.numbers) {
    const text = oneLine(written.text)
    const facts = text.length > LETTERS_MAX_IN_NUMBER ? null : read.read(text)
    const label = written.label === null ? null : oneLine(written.label).slice(0, CONTACT_LIMITS.labelLength) || null
    if (facts === null || !isNumber(facts)) wrong.push(faultOf(written, 'number.invalid'))
    else if (!numbers.has(facts.number)) numbers.set(facts.number, { number: facts.number, label })
  }
  return { numbers: [...numbers.values()], wrong }
}

function fieldsOf(row: Row): { readonly fields: Readonly<Record<string, string>>; readonly wrong: readonly Wrong[] } {
  const wrong: Wrong[] = []
  const fields = new Map<string, string>()
  for (const [name, value] of row.fields) {
    const text = value.text.trim()
    if (text === '') continue
    if (text.length > CONTACT_LIMITS.fieldLength || name.length > CONTACT_LIMITS.fieldNameLength)
      wrong.push(faultOf(value, 'value.tooLong'))
    fields.set(name, text)
  }
  return { fields: Object.fromEntries(fields), wrong }
}

/** Every fault of the row, or the draft. */
export function draftOf(row: Row, read: Numbers): ContactDraft | { readonly wrong: readonly Wrong[] } {
  const whole: Omit<Placed, 'text'> = { line: row.line, column: null, field: null }
  const name = oneLine(row.name?.text ?? '')
  const company = oneLine(row.company?.text ?? '')
  const { numbers, wrong: wrongNumbers } = numbersOf(row, read)
  const { fields, wrong: wrongFields } = fieldsOf(row)
  const wrong: Wrong[] = [...wrongNumbers, ...wrongFields]
  if (name === '' && company === '') wrong.push({ at: row.name ?? whole, reason: 'name.missing' })
  if (row.name !== null && name.length > CONTACT_LIMITS.nameLength) wrong.push(faultOf(row.name, 'value.tooLong'))
  if (row.company !== null && company.length > CONTACT_LIMITS.companyLength) wrong.push(faultOf(row.company, 'value.tooLong'))
  if (row.numbers.length === 0) wrong.push({ at: whole, reason: 'number.missing' })
  if (numbers.length > CONTACT_LIMITS.numbers || Object.keys(fields).length > CONTACT_LIMITS.fields) {
    wrong.push({ at: whole, reason: 'value.tooMany' })
  }
  if (wrong.length > 0) return { wrong: wrong.map(({ at: { line, column, field }, reason }) => ({ at: { line, column, field }, reason })) }
  return { id: row.id, name: name === '' ? company : name, company: company === '' ? null : company, numbers, fields }
}
