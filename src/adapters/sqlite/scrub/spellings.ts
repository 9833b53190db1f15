/**
 * A number as it may be written: +46701234567, 0046…, 0701234567, 070-123 45 67, +46 (0)70 …, as bytes of one or two a character. Digits
 * in the midst of longer digits are not it, unless the country's code or the trunk prefix goes before: 17 of a time in milliseconds
 * begins many a mobile number.
 */

export interface Spelled {
  /** Country code and national number, digits alone; of a short number, its digits. */
  readonly international: string
  /** As dialled at home, digits alone: with the trunk prefix. */
  readonly national: string
  /** Without country code and trunk prefix. */
  readonly bare: string
}

const BETWEEN = '[ \\-./()\\u00a0]{0,3}'
const spaced = (digits: string): string => [...digits].join(BETWEEN)
const wide = (digits: string): string => [...digits].join('\\u0000')

/** To be used on text whose characters are bytes (latin1), or on text as it was written. Of several numbers, any of them. */
export const patternOf = (...all: readonly Spelled[]): RegExp => new RegExp(all.flatMap(formsOf).join('|'), 'gu')

const formsOf = ({ international, national, bare }: Spelled): readonly string[] => {
  const forms = [spaced(international), spaced(national), wide(international), wide(national)]
  if (international.endsWith(bare) && international !== bare) forms.push(spaced(`${international.slice(0, -bare.length)}0${bare}`))
  forms.push(`(?<![0-9])${bare}(?![0-9])`)
  return forms
}

/** The longest spelling, in bytes: a block of a file is read on by so much. */
export const SPELLING_BYTES_MAX = 128
