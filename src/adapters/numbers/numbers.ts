/**
 * How numbers are written and what kind they are, by libphonenumber-js with its full metadata (only that knows types).
 * That library holds no short numbers and calls 112 invalid, so emergency numbers are a list of our own.
 */
import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { NumberFacts, Numbers } from '#ports/numbers.ts'
import { emergencyNumbers } from './emergency.ts'

/** What may be called from a solution. Countries are ISO 3166 codes, prefixes E.164 with plus. */
export interface NumberRules {
  readonly country: string
  /** Further countries that may be called. */
  readonly countries: readonly string[]
  readonly barredPrefixes: readonly string[]
  readonly shortNumbers: readonly string[]
  readonly premium: boolean
  readonly sharedCost: boolean
}

/** Longer text is no number: E.164 has 15 digits, the rest is how people space them. */
const TEXT_MAX = 40

type Country = Parameters<typeof parsePhoneNumberFromString>[1]

/** 070…, 4670…, 004670… and +4670… all occur: the first reading that is a number one can call. */
function parse(text: string, country: string): PhoneNumber | undefined {
  const national = parsePhoneNumberFromString(text, country as Country)
  if (national?.isValid()) return national
  const digits = text.replace(/\D/g, '')
  if (text.trim().startsWith('+') || digits.startsWith('0')) return undefined
  const international = parsePhoneNumberFromString(`+${digits}`)
  return international?.isValid() ? international : undefined
}

/** Also an emergency number dressed up: 0112, +46112, 00112. Rather too many are refused than one called by a machine. */
function isEmergency(digits: string, listed: ReadonlySet<string>, calling: string): boolean {
  const bare = digits.replace(/^0+/, '')
  const national = calling !== '' && bare.startsWith(calling) ? bare.slice(calling.length).replace(/^0+/, '') : bare
  return listed.has(digits) || listed.has(bare) || listed.has(national)
}

/** Numbers by the rules of one solution. */
export function numbers(rules: NumberRules): Numbers {
  const countries = new Set([rules.country, ...rules.countries])
  const short = new Set(rules.shortNumbers)
  const listed = emergencyNumbers(rules.country)
  const calling = parsePhoneNumberFromString('2345678', rules.country as Country)?.countryCallingCode ?? ''
  const barredOf = (number: PhoneNumber): NumberFacts['barred'] => {
    const type = number.getType()
    if (type === 'PREMIUM_RATE' && !rules.premium) return 'premium'
    if (type === 'SHARED_COST' && !rules.sharedCost) return 'sharedCost'
    if (number.country === undefined || !countries.has(number.country)) return 'country'
    return rules.barredPrefixes.some((prefix) => number.number.startsWith(prefix)) ? 'prefix' : null
  }
  return {
    read(text) {
      const digits = text.replace(/\D/g, '')
      const asWritten = { number: text.trim().startsWith('+') ? `+${digits}` : digits, country: null }
      if (isEmergency(digits, listed, calling)) return { ...asWritten, barred: 'emergency' }
      if (short.has(digits)) return { number: digits, country: rules.country, barred: null }
      if (text.length > TEXT_MAX || /[A-Za-z]/.test(text)) return { ...asWritten, barred: 'invalid' }
      const number = parse(text, rules.country)
      if (number === undefined) return { ...asWritten, barred: 'invalid' }
      return { number: number.number, country: number.country ?? null, barred: barredOf(number) }
    },
  }
}
