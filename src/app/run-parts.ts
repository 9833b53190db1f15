/** What a running contact centre is made of, and what it is when it runs. */
import type { DemoUser, Log } from '#adapters/http/deps.ts'
import type { SqliteJournal } from '#adapters/sqlite/journal.ts'
import type { Engine } from '#engine/engine.ts'
import type { Accounts } from '#ports/accounts.ts'
import type { Audit } from '#ports/audit.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Directory } from '#ports/directory.ts'
import type { JournalOpened } from '#ports/journal.ts'
import type { Telephony } from '#ports/telephony.ts'
import type { Config } from './config.ts'
import type { KitReader } from './kit.ts'
import type { Projector } from './projector/projector.ts'
import type { SolutionRead } from './solution.ts'
import type { Switch } from './switch/switch.ts'

/** The data folder, held by this process. */
export interface Data {
  readonly folder: string
  readonly journal: SqliteJournal
  readonly opened: JournalOpened
  readonly read: KitReader
}

export interface RunParts {
  readonly config: Config
  readonly data: Data
  readonly file: string
  readonly kit: SolutionRead
  readonly telephony: Telephony
  /** The switch behind it; null: the simulated network, which serves every solution. */
  readonly asterisk?: Switch | null
  /** Told when another solution is taken. */
  readonly onSolution?: (kit: SolutionRead) => void
  /** The engine's clock: virtual at first in the demonstration. */
  readonly clock: Clock
  /** The clock of sessions and pages. */
  readonly wallClock: Clock
  readonly chance: Chance
  readonly log: Log
  readonly demoUsers: readonly DemoUser[]
  /** Facts from one snapshot to the next, where it is not the usual number. */
  readonly snapshotEvery?: number
}

export interface Running {
  readonly address: string
  readonly engine: Engine
  readonly accounts: Accounts
  readonly audit: Audit
  readonly directory: Directory
  readonly contacts: Contacts
  readonly projector: Projector
  readonly atDesk: (agentId: string) => boolean
  close(): Promise<void>
}
