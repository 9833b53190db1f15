/** Which column of a table means what, told by its heading, in Swedish and English and as common programs export them. */

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
