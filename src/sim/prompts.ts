/** How long prompts last in the simulated network: as the recorded ones, unless a scenario says otherwise. */
import type { Ms } from '#core/kernel/kernel.ts'
import type { Spoken } from '#ports/telephony.ts'

/** Milliseconds by language and name, from the manifest of the recorded prompts. Digits are `digit.0` … `digit.9`, `digit.plus`. */
export type PromptManifest = Readonly<Record<string, Readonly<Record<string, Ms>>>>

/** Of a prompt nobody recorded: one of a solution's own. */
const UNKNOWN_MS: Ms = 4_000
const DIGIT_MS: Ms = 600

/**
 * `own`: lengths of whole prompts in milliseconds that go before the manifest's. A prompt with such a length lasts so long with all
 * that is read out in it: digits and counts beside it add nothing.
 */
export function promptLengths(
  manifest: PromptManifest,
  own: Readonly<Record<string, Ms>>,
): (parts: readonly Spoken[], language: string) => Ms {
  const recorded = (language: string, name: string): Ms | undefined => manifest[language]?.[name]
  const digits = (language: string, text: string): Ms =>
    [...text].reduce((sum, digit) => sum + (recorded(language, digit === '+' ? 'digit.plus' : `digit.${digit}`) ?? DIGIT_MS), 0)
  const lasts = (part: Spoken, language: string): Ms => {
    if ('prompt' in part) return recorded(language, part.prompt) ?? UNKNOWN_MS
    return digits(language, 'digits' in part ? part.digits : String(part.count))
  }
  return (parts, language) => {
    const given = parts.flatMap((part) => ('prompt' in part && own[part.prompt] !== undefined ? [own[part.prompt] ?? 0] : []))
    if (given.length === 0) return parts.reduce((sum, part) => sum + lasts(part, language), 0)
    const others = parts.filter((part) => 'prompt' in part && own[part.prompt] === undefined)
    return given.reduce((sum, ms) => sum + ms, 0) + others.reduce((sum, part) => sum + lasts(part, language), 0)
  }
}
