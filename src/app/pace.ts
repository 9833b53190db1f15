/** A shift of a made-up campaign on the real engine, as a function: for the command line, the web page and tests. */
import { calendar } from '#adapters/calendar/calendar.ts'
import { MemoryContacts } from '#adapters/memory/contacts.ts'
import type { Story } from '#core/archive/story.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import { Engine } from '#engine/engine.ts'
import type { CreatePacing } from '#engine/parts.ts'
import type { SolutionKit } from '#ports/engine.ts'
import type { PaceResult, PaceShift } from '#ports/pace.ts'
import { PassingJournal } from '#sim/pace/journal.ts'
import { agentIdAt, runPace } from '#sim/pace/pace.ts'
import { readSolution } from './solution.ts'

/** Bounds: a page of a running centre asks for such shifts, too. */
export const PACE_LIMITS = { agents: 300, hours: 12 } as const

export interface PaceOptions {
  readonly pacing?: CreatePacing
  readonly onProgress?: (share: number) => void
  readonly onStory?: (story: Story) => void
  readonly log?: (line: string) => void
}

/** A solution of so many agents and nothing else. */
function kitOf({ agents }: PaceShift): SolutionKit {
  const settings = { numbers: { '+46850000000': { hangUp: true } }, limits: { liveCallsMax: 100_000, outboundLiveMax: 100_000 } }
  const text = JSON.stringify({ settings })
  const ids = Array.from({ length: agents }, (_, place) => agentIdAt(place))
  const read = readSolution(text, { personOf: () => 'line', under: ['settings'], agents: ids })
  if ('errors' in read) throw new Error(read.errors.map(({ message }) => message).join('; '))
  const { solution, lines } = read
  // Its numbers are made up and written as they are dialled.
  const numbers = { read: (number: string) => ({ number, country: 'SE', barred: null }) }
  return { solution, text, lines, numbers, calendar: calendar(solution.zone, {}) }
}

export async function pace(
  shift: PaceShift,
  { pacing = createPacing, log = () => undefined, ...options }: PaceOptions = {},
): Promise<PaceResult> {
  const kit = kitOf(shift)
  const contacts = new MemoryContacts()
  return runPace(shift, {
    ...options,
    contacts,
    startEngine: (ports, onFacts) => {
      const journal = new PassingJournal(onFacts)
      const made: CreatePacing = (settings) => pacing({ ...settings, seed: shift.seed })
      return Engine.start({ ...ports, journal, persons: journal, kit, read: async () => kit, log, dialler: { contacts, pacing: made } })
    },
  })
}
