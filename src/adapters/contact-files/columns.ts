/** Which column of a table means what: told by its heading, in Swedish and English and as common programs export them, or by hand. */
import type { ColumnUse, FaultReason } from '#ports/contact-files.ts'

export type Meaning =
  | { readonly is: 'id' | 'name' | 'given' | 'middle' | 'family' | 'company' }
  | { readonly is: 'number'; readonly label: string | null }
  /** Of the number in the column with this index. */
  | { readonly is: 'label'; readonly of: number }
  /** One of the organisation's own. */
  | { readonly is: 'field'; readonly name: string }
  | { readonly is: 'nothing' }

const PLAIN: readonly (readonly [RegExp, Meaning & { readonly is: 'id' | 'name' | 'given' | 'middle' | 'family' | 'company' }])[] = [
  [/^id$/u, { is: 'id' }],
  [/^(?:name|namn|full ?name|fullständigt namn|display ?name|visningsnamn|kontakt|contact|kontaktperson|file as)$/u, { is: 'name' }],
  [/^(?:first|given|för)[ -]?(?:name|namn)$|^tilltalsnamn$/u, { is: 'given' }],
  [/^(?:middle|additional)[ -]?name$|^mellannamn$/u, { is: 'middle' }],
  [/^(?:last|family|sur|efter)[ -]?(?:name|namn)$/u, { is: 'family' }],
  [/^(?:company|company name|företag|företagsnamn|organi[sz]ation(?: name)?|firma|bolag)$/u, { is: 'company' }],
]

const NUMBER = /\b(?:tele)?phone\b|telefon|\btel\b|\bmobile?\b|\bmobil|^nummer$|^number$|telnr|\bcell\b/u
const NO_NUMBER = /\bfax\b|pager|\bsökare\b/u
const LABEL = /^(?:label|etikett|typ|type) (\d+)$|^phone (\d+) - (?:label|type)$/u
const PLAIN_NUMBER = /^(?:phone|telephone|telefon|tel|nummer|number|telefonnummer|phone number)(?: \d+)?$|^phone \d+ - value$/u

const heading = (text: string): string => text.replaceAll(/[_*]+/gu, ' ').replace(/\s+/gu, ' ').trim().toLowerCase()

/** A column without a heading means nothing. */
export function meaningsOf(headings: readonly string[]): readonly Meaning[] {
  const plain = headings.map(heading)
  const isNumber = (text: string): boolean => NUMBER.test(text) && !NO_NUMBER.test(text) && !LABEL.test(text)
  return headings.map((text, index): Meaning => {
    const own = plain[index] ?? ''
    if (own === '') return { is: 'nothing' }
    const known = PLAIN.find(([pattern]) => pattern.test(own))
    if (known !== undefined) return known[1]
    if (isNumber(own)) return { is: 'number', label: PLAIN_NUMBER.test(own) ? null : text.trim() }
    const [, counted, counted2] = LABEL.exec(own) ?? []
    const of = counted ?? counted2
    const number = of === undefined ? -1 : plain.findIndex((other) => isNumber(other) && new RegExp(`\\b${of}\\b`, 'u').test(other))
    if (number !== -1) return { is: 'label', of: number }
    return { is: 'field', name: text.trim() }
  })
}

/** There is one of each at most. */
const SINGLE: ReadonlySet<ColumnUse> = new Set(['id', 'name', 'given', 'middle', 'family', 'company'])

/** What each column was taken for. Of two that say the same thing only the first is read. */
export function usesOf(meanings: readonly Meaning[]): readonly ColumnUse[] {
  const uses = meanings.map(({ is }): ColumnUse => (is === 'nothing' ? 'skip' : is))
  return uses.map((use, index) => (SINGLE.has(use) && uses.indexOf(use) < index ? 'skip' : use))
}

/** What is wrong with columns named by hand; `column` from 1, null: the header as a whole. */
export function wrongUses(
  headings: readonly string[],
  uses: readonly ColumnUse[],
): { readonly column: number | null; readonly reason: FaultReason } | null {
  if (uses.length !== headings.length) return { column: null, reason: 'header.columns' }
  const taken = new Set<string>()
  for (const [index, use] of uses.entries()) {
    const column = index + 1
    const name = (headings[index] ?? '').trim()
    if (use === 'field' && name === '') return { column, reason: 'header.unnamed' }
    const one = SINGLE.has(use) ? use : use === 'field' ? `field ${name}` : null
    if (one !== null && taken.has(one)) return { column, reason: 'header.twice' }
    if (one !== null) taken.add(one)
  }
  return null
}

/** As said by hand. A label belongs to the number its heading names, else to the one before it, else after it. */
export function meaningsBy(headings: readonly string[], uses: readonly ColumnUse[]): readonly Meaning[] {
  const told = meaningsOf(headings)
  const isNumber = (index: number): boolean => uses[index] === 'number'
  const labelled = (index: number): number => {
    const meant = told[index]
    if (meant?.is === 'label' && isNumber(meant.of)) return meant.of
    const before = uses.lastIndexOf('number', index)
    return before === -1 ? uses.indexOf('number', index) : before
  }
  return uses.map((use, index): Meaning => {
    const name = (headings[index] ?? '').trim()
    switch (use) {
      case 'number':
        return { is: 'number', label: name === '' || PLAIN_NUMBER.test(heading(name)) ? null : name }
      case 'label': {
        const of = labelled(index)
        return of === -1 ? { is: 'nothing' } : { is: 'label', of }
      }
      case 'field':
        return { is: 'field', name }
      case 'skip':
        return { is: 'nothing' }
      default:
        return { is: use }
    }
  })
}
