/** Reads a solution file, or the settings of a scenario: checked whole, or refused with every fault at its line and field. */
import { createHash } from 'node:crypto'
import { Compile } from 'typebox/compile'
import { calendar } from '#adapters/calendar/calendar.ts'
import { type NumberRules, numbers as numbersBy } from '#adapters/numbers/numbers.ts'
import type { Ms, PersonId } from '#core/kernel/kernel.ts'
import type { SolutionKit } from '#ports/engine.ts'
import { type FileHours, type FileTrunk, Settings, type SettingsFile, SolutionFile } from '#wire/solution.ts'
import { buildSolution } from './solution/build.ts'
import { type FileError, type Path, readPlaces } from './solution/places.ts'
import { referenceFaults } from './solution/references.ts'
import { schemaFaults } from './solution/sentences.ts'

export type { FileError } from './solution/places.ts'

export interface ReadOptions {
  /** The person id of a number of ours: the same for the same number, whatever the caller chooses it to be. */
  readonly personOf: (number: string) => PersonId
  /** Where the settings stand in a larger file, as `['settings']`: then nothing in them is required, nor that they are there. */
  readonly under?: Path
  /** Agents to be there with every default, where the file does not have them. */
  readonly agents?: readonly string[]
  /** Names of the prompts that are recorded; left out: not judged. */
  readonly prompts?: readonly string[]
}

/** A solution with everything its file decides. */
export interface SolutionRead extends SolutionKit {
  readonly hours: Readonly<Record<string, FileHours>>
  readonly numberRules: NumberRules
  /** Lengths of prompts the file sets; 0: not played. */
  readonly promptMs: Readonly<Record<string, Ms>>
  readonly trunks: Readonly<Record<string, FileTrunk & { readonly endpoint: string; readonly country: string }>>
}

const wholeFile = Compile(SolutionFile)
const settings = Compile(Settings)

const rulesOf = (file: SettingsFile): NumberRules => ({
  country: file.country ?? 'SE',
  countries: file.limits?.countries ?? [],
  barredPrefixes: file.limits?.barredPrefixes ?? [],
  shortNumbers: file.limits?.shortNumbers ?? [],
  premium: file.limits?.premium ?? false,
  sharedCost: file.limits?.sharedCost ?? false,
  switchboards: file.switchboards ?? [],
})

function taken(text: string, file: SettingsFile, options: ReadOptions): SolutionRead {
  const version = createHash('sha256').update(text).digest('hex')
  const solution = buildSolution(file, { version, personOf: options.personOf, agents: options.agents ?? [] })
  const rules = rulesOf(file)
  return {
    solution,
    text,
    calendar: calendar(solution.zone, file.hours ?? {}),
    lines: Object.keys(file.numbers ?? {}).map((number) => {
      const personId = options.personOf(number)
      return { personId, number, name: solution.lines[personId]?.name ?? number }
    }),
    hours: file.hours ?? {},
    numbers: numbersBy(rules),
    numberRules: rules,
    promptMs: Object.fromEntries(Object.entries(file.prompts ?? {}).map(([name, seconds]) => [name, Math.round(seconds * 1000)])),
    trunks: Object.fromEntries(
      Object.entries<FileTrunk>(file.trunks ?? { main: {} }).map(([id, trunk]) => [
        id,
        { ...trunk, endpoint: trunk.endpoint ?? id, country: trunk.country ?? rules.country },
      ]),
    ),
  }
}

/** The solution a text describes, or every fault of it in order of place. Nothing is taken from a text with a fault. */
export function readSolution(text: string, options: ReadOptions): SolutionRead | { readonly errors: readonly FileError[] } {
  const places = readPlaces(text)
  if (places.faults.length > 0) return { errors: places.faults }
  const under = options.under ?? []
  let value: unknown = places.value
  for (const step of under) value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined
  if (options.under !== undefined && value === undefined) value = {}
  const check = options.under === undefined ? wholeFile : settings
  if (!settings.Check(value) || !check.Check(value)) {
    return {
      errors: options.under === undefined ? schemaFaults(wholeFile, value, places, under) : schemaFaults(settings, value, places, under),
    }
  }
  const prompts = options.prompts ?? null
  const errors = referenceFaults({ file: value, places, under, numbers: numbersBy(rulesOf(value)), prompts })
  return errors.length > 0 ? { errors } : taken(text, value, options)
}
