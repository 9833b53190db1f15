/** What the HTTP server needs from the rest of the program. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Story } from '#core/archive/story.ts'
import type { Recorded } from '#core/facts.ts'
import type { AgentId, CallId } from '#core/kernel/kernel.ts'
import type { Accounts, Role } from '#ports/accounts.ts'
import type { ArchiveReader } from '#ports/archive.ts'
import type { Audit } from '#ports/audit.ts'
import type { CampaignFigures } from '#ports/campaign-figures.ts'
import type { Calendar, Clock } from '#ports/clock.ts'
import type { ContactFiles } from '#ports/contact-files.ts'
import type { ContactLists } from '#ports/contact-lists.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Directory } from '#ports/directory.ts'
import type { EnginePort, LiveCampaigns } from '#ports/engine.ts'
import type { Forgetting } from '#ports/forgetting.ts'
import type { SignInProvider } from '#ports/identity.ts'
import type { DoneOnce, Persons } from '#ports/journal.ts'
import type { Numbers } from '#ports/numbers.ts'
import type { Pace } from '#ports/pace.ts'
import type { DeskPhone, Telephony } from '#ports/telephony.ts'

/** One line of the log. Fields hold ids and counts, never a number or a name of a customer. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>) => void

/** An account of the demonstration, signed in by one click on loopback. */
export interface DemoUser {
  readonly user: string
  readonly name: string
  readonly role: Role
}

/** The websocket of one browser's phone, asked for and not yet answered. */
export interface PhoneAsked {
  readonly request: IncomingMessage
  readonly socket: Socket
  /** What came behind the request. */
  readonly head: Buffer
}

/** Open: whose it is, by the session's hash, and whether it may stay open. */
export interface PhoneHeld {
  readonly holder: string
  /** Its session lives; or what began in it is not over: nobody who talks is cut off for it. */
  mayStay(): Promise<boolean>
}

/** Where they lead. */
export interface PhoneWay {
  /** How many there are, of this holder or of all; those being opened too. */
  count(holder?: string): number
  /** Asks the switch. How to open it, for whoever still holds the connection; null: the switch does not take it, or cannot be reached. */
  lead(asked: PhoneAsked, held: PhoneHeld): Promise<(() => void) | null>
  /** Ends all. */
  close(): void
}

export interface HttpDeps {
  readonly engine: EnginePort
  readonly archive: ArchiveReader
  readonly persons: Persons
  readonly accounts: Accounts
  readonly audit: Audit
  readonly directory: Directory
  readonly contactFiles: ContactFiles
  /** Campaigns as they stand; their contacts; files of these. */
  readonly campaigns: LiveCampaigns
  readonly figures: CampaignFigures
  readonly contacts: Contacts
  readonly contactLists: ContactLists
  readonly pace: Pace
  readonly forgetting: Forgetting
  readonly clock: Clock
  readonly log: Log
  /** The journal's facts of one call. */
  readonly factsOf: (callId: CallId) => Promise<readonly Recorded[]>
  /** What was done under a key, before a restart too. */
  readonly doneBefore: (key: string) => Promise<DoneOnce | null>
  /** By the solution in force. */
  readonly numbers: () => Numbers
  /** Of the solution in force. */
  readonly calendar: () => Calendar
  /** What is known of agents' phones. */
  readonly phones: Pick<Telephony, 'answersFromDesk' | 'phoneSeenAt'>
  /** What an agent's phone in the browser registers with; null: the agent has none. For nobody else to see. */
  readonly deskPhone: (agentId: AgentId) => DeskPhone | null
  /** The way of these phones to the switch; null: there are none. Closed by whoever made it. */
  readonly phoneWay: PhoneWay | null
  /** Tells of stories that changed, each whole, after they are in the archive. Returns how to stop it. */
  readonly onStories: (listener: (stories: readonly Story[]) => void) => () => void
  /** Whom people may sign in with beside their passwords; null: nobody. */
  readonly signInProvider: SignInProvider | null
  /** Empty: no sign-in without a password. */
  readonly demoUsers: readonly DemoUser[]
  /** Host names beside 127.0.0.1 and localhost, without port. */
  readonly hosts: readonly string[]
  /** The folder of the built web application; null: none is served. */
  readonly webFolder: string | null
  /** Addresses of proxies whose forwarding headers are believed. */
  readonly trustedProxies: readonly string[]
  /** Of the solution's own, the same after a restart: seals positions in lists and ids of rows that would name a number. */
  readonly sealingSecret: Buffer
  /** The position of the last fact in the archive. */
  readonly archivePosition: () => number
}
