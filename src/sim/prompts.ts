/** How long prompts last in the simulated network: as the recorded ones, unless a solution or scenario says otherwise. */
import type { Ms } from '#core/kernel/kernel.ts'
import { promptNames } from '#ports/spoken.ts'
import type { Spoken } from '#ports/telephony.ts'

/** Milliseconds by language and name, from the manifest of the recorded prompts. */
export type PromptManifest = Readonly<Record<string, Readonly<Record<string, Ms>>>>

/** Of a prompt nobody recorded: one of a solution's own. */
const UNKNOWN_MS: Ms = 4_000

/**
 * `own`: lengths of whole prompts in milliseconds that go before the manifest's. A prompt with such a length lasts so long with all
 * that is read out in it: digits and counts beside it add nothing.
 */
export function promptLengths(
  manifest: PromptManifest,
  own: Readonly<Record<string, Ms>>,
): (parts: readonly Spoken[], language: string) => Ms {
  return (parts, language) => {
    const whole = parts.some((part) => 'prompt' in part && own[part.prompt] !== undefined)
    const heard = whole ? parts.filter((part) => 'prompt' in part) : parts
    return promptNames(heard).reduce((sum, name) => sum + (own[name] ?? manifest[language]?.[name] ?? UNKNOWN_MS), 0)
  }
}
