/** A scenario file read, checked whole, and played: what stands behind `samtal play` and the test of every scenario. */
import { readFileSync } from 'node:fs'
import { Temporal } from 'temporal-polyfill'
import { Compile } from 'typebox/compile'
import { calendar } from '#adapters/calendar/calendar.ts'
import { MemoryContacts } from '#adapters/memory/contacts.ts'
import { memoryJournal, memoryStore } from '#adapters/memory/journal.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import type { PersonId } from '#core/kernel/kernel.ts'
import { Engine } from '#engine/engine.ts'
import type { SolutionKit } from '#ports/engine.ts'
import { type Played, play, type Stage } from '#sim/player.ts'
import { type PromptManifest, promptLengths } from '#sim/prompts.ts'
import { type Scenario, STARTS_AT } from '#sim/scenario.ts'
import { ScenarioFile } from '#wire/scenario.ts'
import { deedFaults } from './deeds.ts'
import { type Path, type Places, readPlaces } from './solution/places.ts'
import { schemaFaults } from './solution/sentences.ts'
import { type FileError, readSolution, type SolutionRead } from './solution.ts'

const whole = Compile(ScenarioFile)

export interface ScenarioRead {
  readonly scenario: Scenario
  readonly settings: SolutionRead
  readonly text: string
}

/** The scenario a text describes, or every fault of it with line and field, in order of place. */
export function readScenario(text: string): ScenarioRead | { readonly errors: readonly FileError[] } {
  const places = readPlaces(text)
  if (places.faults.length > 0) return { errors: places.faults }
  const value = places.value
  if (!whole.Check(value)) return { errors: schemaFaults(whole, value, places, []) }
  const scenario: Scenario = value
  const settings = readSolution(text, { personOf: lines(), under: ['settings'], agents: Object.keys(scenario.agents ?? {}) })
  if ('errors' in settings) return settings
  const errors = faultsOf(scenario, settings, places)
  return errors.length > 0 ? { errors } : { scenario, settings, text }
}

/** The persons that are our own lines: the same for the same number. */
function lines(): (number: string) => PersonId {
  const known = new Map<string, PersonId>()
  return (number) => {
    const personId = known.get(number) ?? `line${known.size + 1}`
    known.set(number, personId)
    return personId
  }
}

const ANSWERS: readonly string[] = ['answersAfter', 'voicemailAfter']

/** A reaction is one thing, and only who answers can talk. */
function reactionFaults(reactions: readonly object[] | undefined, path: Path, places: Places): readonly FileError[] {
  return (reactions ?? []).flatMap((reaction, index) => {
    const kinds = Object.keys(reaction).filter((name) => name !== 'talks')
    if (kinds.length === 1 && (!('talks' in reaction) || ANSWERS.includes(kinds[0] ?? ''))) return []
    const message = 'should be one of answersAfter, rings, busyAfter, rejectsAfter, failsWith, voicemailAfter; talks goes with an answer'
    return [places.fault([...path, index], message)]
  })
}

/** What a schema cannot say: that the numbers, queues and trunks named are there, and that no time is given twice. */
function faultsOf(scenario: Scenario, settings: SolutionRead, places: Places): readonly FileError[] {
  const faults: FileError[] = []
  const ours = new Set(settings.lines.map((line) => line.number))
  for (const [id, agent] of Object.entries(scenario.agents ?? {}))
    faults.push(...reactionFaults(agent.whenCalled, ['agents', id, 'whenCalled'], places))
  for (const [number, person] of Object.entries(scenario.people ?? {})) {
    faults.push(...reactionFaults(person.whenCalled, ['people', number, 'whenCalled'], places))
    for (const [index, call] of (person.calls ?? []).entries()) {
      const here = ['people', number, 'calls', index]
      if (!ours.has(call.to)) faults.push(places.fault([...here, 'to'], `${call.to} is no number of the settings`))
      for (const [which, press] of (call.presses ?? []).entries()) {
        const both = press.at !== undefined && press.afterAnswer !== undefined
        if (both || (press.at === undefined && press.afterAnswer === undefined))
          faults.push(places.fault([...here, 'presses', which], 'exactly one of at and afterAnswer is given'))
      }
    }
    for (const [index, order] of (person.orders ?? []).entries()) {
      if (settings.solution.queues[order.queue]?.callback == null)
        faults.push(
          places.fault(['people', number, 'orders', index, 'queue'], `no queue ${order.queue} that takes callbacks is in the settings`),
        )
    }
  }
  for (const [index, { trunk }] of (scenario.network ?? []).entries())
    if (trunk !== undefined && !settings.solution.trunks.includes(trunk))
      faults.push(places.fault(['network', index, 'trunk'], `no trunk ${trunk} is in the settings`))
  faults.push(...deedFaults(scenario, settings, places))
  return faults.sort((a, b) => a.line - b.line)
}

interface RecordedPrompts {
  readonly [language: string]: Readonly<Record<string, { readonly ms: number }>>
}

/** Lengths of the recorded prompts, by language and name. */
export function recordedPrompts(file = new URL('../../prompts/manifest.json', import.meta.url)): PromptManifest {
  const manifest: RecordedPrompts = JSON.parse(readFileSync(file, 'utf8'))
  const lengths = (prompts: RecordedPrompts[string]) => Object.fromEntries(Object.entries(prompts).map(([name, { ms }]) => [name, ms]))
  return Object.fromEntries(Object.entries(manifest).map(([language, prompts]) => [language, lengths(prompts)]))
}

function stageOf({ scenario, settings, text }: ScenarioRead, log: (line: string) => void): Stage {
  const { solution } = settings
  const kit: SolutionKit = {
    solution,
    text,
    numbers: settings.numbers,
    calendar: calendar(solution.zone, settings.hours),
    lines: settings.lines,
  }
  const store = memoryStore()
  const contacts = new MemoryContacts({ idOf: ({ externalId }) => externalId })
  return {
    contacts,
    zone: solution.zone,
    country: solution.country,
    lineOf: (number) => settings.lines.find((line) => line.number === settings.numbers.read(number).number)?.personId,
    startsAt: Temporal.PlainDateTime.from(scenario.startsAt ?? STARTS_AT).toZonedDateTime(solution.zone).epochMilliseconds,
    queues: Object.keys(solution.queues),
    pauseReason: solution.pauseReasons[0] ?? 'pause',
    lengthMs: promptLengths(recordedPrompts(), settings.promptMs),
    startEngine: (ports) => {
      const journal = memoryJournal(store)
      return Engine.start({
        ...ports,
        journal,
        persons: journal,
        kit,
        read: async () => kit,
        log,
        dialler: { contacts, pacing: createPacing },
      })
    },
    personWith: async (number) => store.byNumber.get(settings.numbers.read(number).number),
    facts: async () => store.facts,
    numberOf: (person) => store.persons.get(person)?.number ?? null,
    noteOf: (noteId) => store.notes.get(noteId) ?? null,
    isSwitchboard: (number) => settings.numbers.read(number).switchboard === true,
  }
}

/** Plays it through the engine in virtual time. `log`: what the engine has to say, one line each. */
export const playScenario = (read: ScenarioRead, log: (line: string) => void): Promise<Played> => play(read.scenario, stageOf(read, log))
