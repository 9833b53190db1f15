/**
 * How people are looked for by name or number: what counts as the same letter, what a word is, and which digits a writing of a number
 * may stand for. Pure text; every place that searches names asks here, so that contacts, agents and queues are found alike.
 */

const ALIKE: Readonly<Record<string, string>> = { æ: 'ä', ø: 'ö', ß: 'ss', đ: 'd', ð: 'd', ł: 'l', þ: 'th', œ: 'oe' }

/**
 * Small letters without accents. Å, ä and ö are letters of their own in Swedish and stay; Danish and Norwegian æ and ø are read as
 * their Swedish neighbours. Unicode's own decomposition (NFD) tells what an accent is.
 */
export const lettersOf = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/a\u030a/gu, 'å')
    .replace(/a\u0308/gu, 'ä')
    .replace(/o\u0308/gu, 'ö')
    .replace(/\p{M}+/gu, '')
    .replace(/[æøßđðłþœ]/gu, (letter) => ALIKE[letter] ?? letter)

/** The same with å and ä as a, ö as o: what somebody types whose keyboard lacks them. `letters` as of `lettersOf`. */
export const bareOf = (letters: string): string => letters.replace(/[åä]/gu, 'a').replace(/ö/gu, 'o')

/** Letters and digits between anything else: `Anna-Karin O'Brien` has four. */
export const wordsOf = (letters: string): readonly string[] => letters.match(/[\p{L}\p{N}]+/gu) ?? []

/** A text to be searched: every word with a space before it, so that a beginning of a word is `' ' + beginning` inside it. */
export const searchable = (text: string): string => wordsOf(lettersOf(text)).reduce((all, word) => `${all} ${word}`, '')

/** Whether every word is the beginning of some word of a searchable text. None: everything is. */
export const hasBeginnings = (searched: string, words: readonly string[]): boolean => words.every((word) => searched.includes(` ${word}`))

/** Digits by which numbers are looked for. */
export interface DigitsWanted {
  /** As typed: at the beginning, the end, or inside of a number. */
  readonly digits: string
  /** What it reads as at the beginning of an international number (E.164 without plus). */
  readonly beginning: string
}

/** Two digits are in nearly every number. */
const DIGITS_MIN = 3

/**
 * The digits of a text that is some writing of a number, or a part of one; null where it is none. `callingCode`: of the country
 * whose numbers begin with 0 when written at home (46).
 */
export function digitsIn(text: string, callingCode: string | null): DigitsWanted | null {
  const written = text.trim()
  if (!/^\+?[\d\s().\-/\u00a0\u2010-\u2015]+$/u.test(written)) return null
  const abroad = /^(?:\+|00)/u.test(written)
  const digits = (abroad ? written.replace(/\(0\)/u, '') : written).replace(/\D/gu, '')
  if (digits.length < DIGITS_MIN) return null
  if (abroad) {
    const international = digits.replace(/^00/u, '')
    return { digits: international, beginning: international }
  }
  const isNational = digits.startsWith('0') && callingCode !== null
  return { digits, beginning: isNational ? callingCode + digits.slice(1) : digits }
}
