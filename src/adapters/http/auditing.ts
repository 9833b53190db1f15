/**
 * The one place where the server writes the audit log. Each route says what it is (`Route.audit`); who asked, from where, of what and with
 * what outcome is known here, and a handler adds what only it knows. What happens where the log cannot be written: docs/decisions/audit.md.
 */
import type { FastifyRequest } from 'fastify'
import type { Ms } from '#core/kernel/kernel.ts'
import type { TokenRow, User } from '#ports/accounts.ts'
import type { ActorKind, Audit, AuditDetails, AuditEntry, AuditThing } from '#ports/audit.ts'
import type { Clock } from '#ports/clock.ts'
import { PortError } from '#ports/errors.ts'
import { refusals } from '#wire/refusals.ts'
import { cleanDetails, cleanThing } from './audit-words.ts'
import type { Log } from './deps.ts'
import { refused } from './problems.ts'

/**
 * `look`: personal data is shown when the entry is durable, or not at all. `change`: refused while the log is known to fail.
 * `work`: telephones and whatever protects people go on; the entry is kept and written later.
 */
export interface Audited {
  readonly what: string
  /** What else it may be, as the handler says: a search may be an export. */
  readonly or?: readonly string[]
  readonly as: 'look' | 'change' | 'work'
  /** Asked at every key or by every page: one entry in so long for an account. */
  readonly everyMs?: Ms
}
/** What a route writes, or why it writes nothing. */
export type RouteAudit = Audited | { readonly nothing: string }

/** What only the handler knows. */
export interface AuditNote {
  readonly what?: string
  /** Who it turned out to be, where nobody was signed in. */
  readonly user?: User
  readonly on?: readonly AuditThing[]
  readonly details?: AuditDetails
}

interface Actor {
  readonly by: ActorKind
  readonly who: string | null
}
const NOBODY: Actor = { by: 'nobody', who: null }

/** One request's entry in the making. */
export interface Draft {
  readonly audit: Audited
  readonly address: string | null
  actor: Actor
  readonly on: AuditThing[]
  what: string
  details: AuditDetails
}

/** Entries kept while the log cannot be written; more are lost, and counted. */
const KEPT_MAX = 1_000
const RETRY_MS = 5_000
/** Of refused sign-ins in a minute that many are told each by itself, the rest as a number: a flood must not fill the disk. */
const NOBODY_MAX = 300
const MINUTE_MS = 60_000
const SPARSE_MAX = 10_000
/** Nothing was tried: the request was not understood, or came from nobody and said nothing of who it is. */
const UNTOLD = new Set([400, 406, 413, 415, 421, 500])
const UNTOLD_CODES = new Set(['session.required', 'request.forged', 'audit.unavailable'])

export const actorOf = (user: User, token?: TokenRow): Actor =>
  token === undefined ? { by: 'user', who: user.name } : { by: 'token', who: token.id }

export interface AuditingParts {
  readonly audit: Audit
  readonly clock: Clock
  readonly log: Log
}

export class Auditing {
  readonly #parts: AuditingParts
  readonly #drafts = new WeakMap<FastifyRequest, Draft>()
  readonly #under = new Set<Promise<void>>()
  readonly #sparse = new Map<string, Ms>()
  #kept: AuditEntry[] = []
  #flushing: Promise<void> | null = null
  #retry: NodeJS.Timeout | null = null
  #nobody = { since: 0, told: 0, left: 0 }
  /** Entries that could be kept no longer. */
  lost = 0

  constructor(parts: AuditingParts) {
    this.#parts = parts
  }

  /** Entries waiting for a log that cannot be written. */
  get waiting(): number {
    return this.#kept.length
  }

  begin(audit: RouteAudit, request: FastifyRequest, things: readonly AuditThing[]): Draft | null {
    if ('nothing' in audit) return null
    // Of a connection that is closed by now nobody knows any more where it came from, though the types say so.
    const address: string | undefined = request.ip
    const draft: Draft = { audit, address: address ?? null, actor: NOBODY, on: things.map(cleanThing), what: audit.what, details: {} }
    this.#drafts.set(request, draft)
    return draft
  }

  draftOf(request: FastifyRequest): Draft | null {
    return this.#drafts.get(request) ?? null
  }

  note(draft: Draft | null, { what, user, on = [], details = {} }: AuditNote): void {
    if (draft === null) return
    if (what !== undefined && what !== draft.audit.what && draft.audit.or?.includes(what) !== true)
      throw new Error(`${what} is not what this route says it audits`)
    draft.what = what ?? draft.what
    if (user !== undefined) draft.actor = actorOf(user)
    draft.on.push(...on.map(cleanThing))
    draft.details = { ...draft.details, ...cleanDetails(details) }
  }

  /** Before a change: refuses it while the log cannot be written. */
  async before(draft: Draft | null): Promise<void> {
    if (draft?.audit.as !== 'change' || this.#kept.length === 0) return
    await this.#flush()
    if (this.#kept.length > 0) throw refused('audit.unavailable', { retryAfter: RETRY_MS / 1000 })
  }

  /** Before what a look found is shown, after a change and after work. */
  async done(draft: Draft | null): Promise<void> {
    if (draft === null || this.#toldLately(draft)) return
    const entry = this.#entryOf(draft, 'done')
    if (draft.audit.as === 'look') return this.#first(entry)
    const written = this.#later(entry)
    if (draft.audit.as === 'change') await written
  }

  /** A request that was refused, with its code. Never fails. */
  async refused(draft: Draft | null, code: string): Promise<void> {
    if (draft === null || UNTOLD_CODES.has(code) || UNTOLD.has(refusals[code]?.status ?? 500)) return
    const entry = this.#entryOf(draft, code)
    if (draft.actor.by === 'nobody' && !this.#tellsNobody(entry)) return
    await this.#later(entry)
  }

  /** Writes what is under way and what was kept, or says that it is lost. */
  async close(): Promise<void> {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#sumUp()
    await Promise.allSettled(this.#under)
    await this.#flush()
    if (this.#retry !== null) clearTimeout(this.#retry)
    if (this.#kept.length > 0) this.#parts.log('error', 'entries of the audit log are lost', { entries: this.#kept.length })
  }

  #entryOf({ what, on, details, actor, address }: Draft, outcome: string): AuditEntry {
    return { at: this.#parts.clock.now(), ...actor, address, what, on, outcome, details }
  }

  #toldLately({ audit, actor, what }: Draft): boolean {
    if (audit.everyMs === undefined) return false
    const now = this.#parts.clock.monotonic()
    const key = `${actor.who} ${what}`
    const told = this.#sparse.get(key)
    if (told !== undefined && now - told < audit.everyMs) return true
    this.#sparse.delete(key)
    this.#sparse.set(key, now)
    if (this.#sparse.size > SPARSE_MAX) for (const oldest of this.#sparse.keys().take(1)) this.#sparse.delete(oldest)
    return false
  }

  async #first(entry: AuditEntry): Promise<void> {
    try {
      await this.#parts.audit.write(entry)
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      this.#parts.log('error', 'the audit log cannot be written: what was asked for is not shown', {
        what: entry.what,
        error: error.message,
      })
      throw refused('audit.unavailable', { retryAfter: RETRY_MS / 1000 })
    }
  }

  /** Resolves when it is written, or kept. */
  #later(entry: AuditEntry): Promise<void> {
    const written = this.#kept.length > 0 ? Promise.resolve(this.#keep(entry)) : this.#write(entry)
    this.#under.add(written)
    return written.finally(() => this.#under.delete(written))
  }

  async #write(entry: AuditEntry): Promise<void> {
    try {
      await this.#parts.audit.write(entry)
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      if (this.#kept.length === 0) this.#parts.log('error', 'the audit log cannot be written: entries are kept', { error: error.message })
      this.#keep(entry)
    }
  }

  #keep(entry: AuditEntry): void {
    if (this.#kept.length < KEPT_MAX) this.#kept.push(entry)
    else {
      this.lost += 1
      if (this.lost === 1) this.#parts.log('error', 'entries of the audit log are lost: as many are kept as may be', { kept: KEPT_MAX })
    }
    this.#retry ??= setTimeout(() => {
      this.#retry = null
      void this.#flush()
    }, RETRY_MS).unref()
  }

  /** Writes what was kept, in its order, as far as it goes. */
  #flush(): Promise<void> {
    this.#flushing ??= this.#empty().finally(() => {
      this.#flushing = null
    })
    return this.#flushing
  }

  async #empty(): Promise<void> {
    if (this.#kept.length === 0) return
    for (let next = this.#kept[0]; next !== undefined; next = this.#kept[0]) {
      try {
        await this.#parts.audit.write(next)
        this.#kept.shift()
      } catch (error) {
        if (!(error instanceof PortError)) throw error
        this.#retry ??= setTimeout(() => {
          this.#retry = null
          void this.#flush()
        }, RETRY_MS).unref()
        return
      }
    }
    this.#parts.log('info', 'the audit log is written again')
  }

  /** Whether this refusal of somebody unknown is told by itself. */
  #tellsNobody({ at }: AuditEntry): boolean {
    if (at - this.#nobody.since >= MINUTE_MS || at < this.#nobody.since) this.#sumUp(at)
    if (this.#nobody.told < NOBODY_MAX) {
      this.#nobody.told += 1
      return true
    }
    this.#nobody.left += 1
    return false
  }

  #sumUp(since = this.#parts.clock.now()): void {
    const { left } = this.#nobody
    this.#nobody = { since, told: 0, left: 0 }
    if (left === 0) return
    const many = {
      at: since,
      by: 'nobody',
      who: null,
      address: null,
      what: 'sessions.refused',
      on: [],
      outcome: 'session.refused',
    } as const
    void this.#later({ ...many, details: { tries: left } })
  }
}
