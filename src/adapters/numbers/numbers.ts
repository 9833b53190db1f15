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
  /** Numbers behind which several people stand, E.164. */
  readonly switchboards: readonly string[]
}

/** Longer text is no number: E.164 has 15 digits, the rest is how people space them. */
const TEXT_MAX = 40

type Country = Parameters<typeof parsePhoneNumberFromString>[1]

type Kind = NonNullable<ReturnType<PhoneNumber['getType']>>

/** A number of no type is invalid: asking once for the type answers both, and it is the dearest question about a number. */
function valid(number: PhoneNumber | undefined): { readonly number: PhoneNumber; readonly kind: Kind } | undefined {
  const kind = number?.getType()
  return number === undefined || kind === undefined ? undefined : { number, kind }
}

/** 070…, 4670…, 004670… and +4670… all occur: the first reading that is a number one can call. */
function parse(text: string, country: string): ReturnType<typeof valid> {
  const national = valid(parsePhoneNumberFromString(text, country as Country))
  if (national !== undefined) return national
  const digits = text.replace(/\D/g, '')
  return text.trim().startsWith('+') || digits.startsWith('0') ? undefined : valid(parsePhoneNumberFromString(`+${digits}`))
}

/** Also an emergency number dressed up: 0112, +46112, 00112. Rather too many are refused than one called by a machine. */
function isEmergency(digits: string, listed: ReadonlySet<string>, calling: string): boolean {
  const bare = digits.replace(/^0+/, '')
  const national = calling !== '' && bare.startsWith(calling) ? bare.slice(calling.length).replace(/^0+/, '') : bare
  return listed.has(digits) || listed.has(bare) || listed.has(national)
}

/** How one country writes numbers. */
interface Writing {
  readonly country: string
  readonly emergency: ReadonlySet<string>
  readonly calling: string
}

const writingOf = (country: string): Writing => ({
  country,
  emergency: emergencyNumbers(country),
  calling: parsePhoneNumberFromString('2345678', country as Country)?.countryCallingCode ?? '',
})

/** Numbers by the rules of one solution. */
export function numbers(rules: NumberRules): Numbers {
  const countries = new Set([rules.country, ...rules.countries])
  const short = new Set(rules.shortNumbers)
  const switchboards = new Set(rules.switchboards)
  const own = writingOf(rules.country)
  const writings = new Map([[rules.country, own]])
  const writing = (country: string): Writing => {
    const known = writings.get(country) ?? writingOf(country)
    writings.set(country, known)
    return known
  }
  const barredOf = (number: PhoneNumber, kind: Kind): NumberFacts['barred'] => {
    if (kind === 'PREMIUM_RATE' && !rules.premium) return 'premium'
    if (kind === 'SHARED_COST' && !rules.sharedCost) return 'sharedCost'
    if (number.country === undefined || !countries.has(number.country)) return 'country'
    return rules.barredPrefixes.some((prefix) => number.number.startsWith(prefix)) ? 'prefix' : null
  }
  return {
    read(text, country) {
      const { emergency, calling, ...at } = country === undefined ? own : writing(country)
      const digits = text.replace(/\D/g, '')
      const asWritten = { number: text.trim().startsWith('+') ? `+${digits}` : digits, country: null }
      if (isEmergency(digits, emergency, calling)) return { ...asWritten, barred: 'emergency' }
      if (short.has(digits)) return { number: digits, country: rules.country, barred: null }
      if (text.length > TEXT_MAX || /[A-Za-z]/.test(text)) return { ...asWritten, barred: 'invalid' }
      const parsed = parse(text, at.country)
      if (parsed === undefined) return { ...asWritten, barred: 'invalid' }
      const { number, kind } = parsed
      const marked = switchboards.has(number.number) ? { switchboard: true as const } : {}
      return { number: number.number, country: number.country ?? null, ...marked, barred: barredOf(number, kind) }
    },
  }
}
