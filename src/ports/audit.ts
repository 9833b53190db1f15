/**
 * The audit log: who looked at, exported, changed or was refused what, and from where. Kept apart from the journal and from accounts: it
 * outlives calls and people's accounts. Rows are added and never changed; only what has outlived its retention goes, oldest first.
 * Nothing in it names a customer: things are told by their ids.
 */
import type { Ms } from '#core/kernel/kernel.ts'

/** `nobody`: a refused sign-in. `commandLine`: whoever may run `samtal` on the machine. `system`: the program by itself, as its retention. */
export const ACTORS = ['user', 'token', 'commandLine', 'system', 'nobody'] as const
export type ActorKind = (typeof ACTORS)[number]

/** A thing something was done to: `{ kind: 'call', id }`. A person by `personId`, an account by its name, a program by the id of its token. */
export interface AuditThing {
  readonly kind: string
  readonly id: string
}

/** Filters, counts, formats, names of fields that changed; never a number, a name or free text about a customer. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

export interface AuditEntry {
  readonly at: Ms
  readonly by: ActorKind
  /** An account's name, a token's id, the machine's own name of who ran the command; null where there is none. */
  readonly who: string | null
  /** The network address it came from; null from the machine itself. */
  readonly address: string | null
  /** What was asked for, `noun.verb`: `call.read`, `calls.exported`, `user.roleSet` … One string a deed, done or refused. */
  readonly what: string
  readonly on: readonly AuditThing[]
  /** `done`, or the code it was refused with. */
  readonly outcome: string
  readonly details: AuditDetails
}

export interface AuditRow extends AuditEntry {
  /** Position in the log: later is greater. */
  readonly seq: number
}

export interface AuditQuery {
  readonly from?: Ms
  /** Before it. */
  readonly to?: Ms
  /** As in the entry; large and small letters are the same. */
  readonly who?: string
  /** `noun.verb`, or a noun alone: every deed of it. */
  readonly what?: string
  readonly on?: AuditThing
  readonly outcome?: 'done' | 'refused'
  /** Rows before this one; null: from the newest. */
  readonly before: number | null
  readonly limit: number
}

export interface AuditPage {
  /** Newest first. */
  readonly rows: readonly AuditRow[]
  /** For `before`; null: there is no more. */
  readonly next: number | null
}

/** Entries that may wait for the disk; one more is refused with `retry`. */
export const AUDIT_WAITING_MAX = 2_000

/** Everything rejects with `PortError` where the store fails; `retry` true: nothing was written, and it may work later. */
export interface Audit {
  /** Durable when it resolves. Whatever must not happen unseen waits for it. */
  write(entry: AuditEntry): Promise<void>
  search(query: AuditQuery): Promise<AuditPage>
  /** Removes every row from before this instant, for good; how many. Called by the retention alone. */
  forget(before: Ms): Promise<number>
  close(): Promise<void>
}

/** The noun of a deed, `call` of `call.read`. */
export const nounOf = (what: string): string => what.slice(0, Math.max(0, what.indexOf('.')))
