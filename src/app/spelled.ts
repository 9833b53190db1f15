/** How a number kept as E.164 may be written, by the rules of its country. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Spelled } from '#adapters/sqlite/scrub/spellings.ts'

const digitsOf = (text: string): string => text.replaceAll(/\D/gu, '')

export function spelledOf(number: string): Spelled {
  const digits = digitsOf(number)
  const parsed = number.startsWith('+') ? parsePhoneNumberFromString(number) : undefined
  if (parsed === undefined) return { international: digits, national: digits, bare: digits }
  return { international: digits, national: digitsOf(parsed.formatNational()), bare: parsed.nationalNumber }
}
