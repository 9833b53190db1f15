/** What an engine is made of. */
import type { Pacing, PacingSettings, PacingState } from '#core/dialler/pacing.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { SolutionKit } from '#ports/engine.ts'
import type { Journal, Persons } from '#ports/journal.ts'
import type { Telephony } from '#ports/telephony.ts'

/** Makes what decides how many calls of a campaign are started. What one can `save` it has again after the engine's next start. */
export type CreatePacing = (
  settings: PacingSettings,
  saved?: PacingState,
) => Pick<Pacing, 'decide' | 'observe'> & Partial<Pick<Pacing, 'save'>>

export interface EngineParts {
  readonly journal: Journal
  readonly persons: Persons
  readonly telephony: Telephony
  readonly clock: Clock
  readonly chance: Chance
  /** The solution new calls are handled by. */
  readonly kit: SolutionKit
  /** Reads a solution's text again, for calls that began under an older one. */
  readonly read: (text: string) => Promise<SolutionKit>
  /** One clear line when something is wrong; silence otherwise. */
  readonly log: (line: string) => void
  /** A snapshot is made on the engine's own thread after so many facts; 0: somebody else makes them. */
  readonly snapshotEvery?: number
  /** How often the clock is looked at for a step; left out: when a deadline falls due, for a clock that only waiting moves. */
  readonly clockWatchMs?: Ms
  /** How often the switch is asked whether it has the legs we believe in; left out: after a start and when it is back. */
  readonly sweepMs?: Ms
  /** The lists of campaigns and what paces them. Left out: campaigns are kept and none is dialled. Whoever opened the lists closes them. */
  readonly dialler?: { readonly contacts: Contacts; readonly pacing: CreatePacing }
}
