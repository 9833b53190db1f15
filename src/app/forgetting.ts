/** Persons forgotten, wired to the stores of one data folder. */
import { patternOf } from '#adapters/sqlite/scrub/spellings.ts'
import { PersonForgetting } from '#engine/forgetting.ts'
import type { ArchiveReader } from '#ports/archive.ts'
import type { Audit } from '#ports/audit.ts'
import type { Clock } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Directory } from '#ports/directory.ts'
import type { EnginePort } from '#ports/engine.ts'
import type { Forgetting } from '#ports/forgetting.ts'
import type { Erasures, Persons } from '#ports/journal.ts'
import type { Controls } from './control.ts'
import { personControls } from './person-controls.ts'
import type { Projector } from './projector/projector.ts'
import { Scrubbing } from './scrubbing.ts'
import type { SolutionRead } from './solution.ts'
import { spelledOf } from './spelled.ts'

export interface ForgettingParts {
  readonly data: { readonly folder: string; readonly journal: Erasures & Persons }
  readonly engine: EnginePort
  readonly archive: ArchiveReader
  readonly projector: Pick<Projector, 'reached'>
  readonly contacts: Contacts
  readonly directory: Directory
  readonly audit: Audit
  readonly clock: Clock
  readonly kit: () => SolutionRead
  readonly log: (line: string) => void
}

export interface ForgettingOpen {
  readonly forgetting: Forgetting
  /** What the command line asks. */
  readonly controls: Controls
  /** Lets what is under way finish; the stores are still open. */
  close(): Promise<void>
}

export function openForgetting({ data, kit, audit, projector, ...parts }: ForgettingParts): ForgettingOpen {
  const { folder, journal } = data
  const scrubbing = new Scrubbing(folder, parts.log)
  const forgetting = new PersonForgetting({
    ...parts,
    archived: () => projector.reached(parts.engine.figures().position),
    erasures: journal,
    persons: journal,
    isOurs: (number) => kit().text.search(patternOf(spelledOf(number))) !== -1,
    isEmergency: (number) => kit().numbers.read(number).barred === 'emergency',
    scrub: (number) => scrubbing.ask(number),
  })
  return {
    forgetting,
    controls: personControls({ forgetting, scrubbing, kit, audit, persons: journal }),
    async close() {
      await forgetting.close()
      await scrubbing.done()
    },
  }
}
