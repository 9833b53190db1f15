/**
 * What a list of parts sounds like, as names of prompts in `prompts/manifest.json`, in the order they are played. Both telephone
 * networks use it, so that the same words are said, and take the same time, on either.
 */
import { Bug } from '#core/kernel/kernel.ts'
import type { Spoken } from './telephony.ts'

/** Counts are said up to this. */
export const countMax = 99

const countNames = (count: number): readonly string[] => {
  if (!Number.isInteger(count) || count < 0 || count > countMax) throw new Bug(`a count of 0 to ${countMax} is said, not ${count}`)
  if (count <= 20 || count % 10 === 0) return [`count.${count}`]
  return [`count.${count - (count % 10)}`, `count.${count % 10}`]
}

/** A number's digits one by one, a leading plus said; anything else in it is not said. */
const digitNames = (digits: string): readonly string[] =>
  [...digits].flatMap((sign) => (sign === '+' ? ['plus'] : /[0-9]/.test(sign) ? [`digit.${sign}`] : []))

export const promptNames = (parts: readonly Spoken[]): readonly string[] =>
  parts.flatMap((part) => ('prompt' in part ? [part.prompt] : 'digits' in part ? digitNames(part.digits) : countNames(part.count)))
