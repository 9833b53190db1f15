/**
 * What has outlived its retention leaves, by itself, once a night (calls.md 7), or after the start where a night was missed: whole calls
 * with their facts, notes and rows in the archive; facts of no call; persons nobody refers to; contacts of campaigns that ended; entries
 * of the audit log. In small pieces with a rest between, so that nobody who calls or works meanwhile waits. Each piece is decided durably
 * first: an interruption is made up for at the next start.
 */
import { earliest, type Horizons } from '#core/archive/outlived.ts'
import type { CallId, CampaignId, Ms, PersonId } from '#core/kernel/kernel.ts'
import type { Audit } from '#ports/audit.ts'
import type { Clock } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { SolutionKit } from '#ports/engine.ts'
import type { Retaining } from '#ports/journal.ts'

/** What was over before these instants has outlived its retention. */
export interface AllHorizons extends Horizons {
  /** Of campaigns that ended before it the contacts leave. */
  readonly contacts: Ms
  readonly audit: Ms
}

/** What left, or would. */
export interface Retained {
  readonly calls: number
  /** Facts of these calls, and of none. */
  readonly facts: number
  /** Campaigns whose contacts left. */
  readonly campaigns: number
  readonly auditEntries: number
  /** Whom no call, list or promise that is kept refers to. */
  readonly persons: number
}

/** How far a run has come. */
export interface RetentionProgress extends Pick<Retained, 'calls' | 'facts' | 'persons'> {
  readonly doing: 'snapshot' | 'calls' | 'facts' | 'contacts' | 'audit' | 'persons' | 'wipe'
}
const NOTHING_YET: RetentionProgress = { doing: 'snapshot', calls: 0, facts: 0, persons: 0 }

export interface RetentionPlan {
  readonly journal: Retaining
  /** `null`: nothing is made of facts here that would have to be taken away. */
  readonly archive: { forgetCalls(calls: readonly CallId[]): Promise<void> } | null
  readonly contacts: Pick<Contacts, 'forgetContacts' | 'withNumber'>
  /** Calls `forget` where nothing is under way with somebody, and lets nothing begin meanwhile (`EnginePort.letGo`). */
  readonly letGo: (asked: {
    readonly number: string
    readonly persons: readonly PersonId[]
    readonly forget: () => Promise<void>
    readonly unlessOpen: true
  }) => Promise<unknown>
  readonly audit: Pick<Audit, 'forget'>
  /** Campaigns that are over, and since when. */
  readonly ended: () => readonly { readonly id: CampaignId; readonly at: Ms }[]
  readonly kit: () => Pick<SolutionKit, 'solution' | 'calendar'>
  readonly clock: Pick<Clock, 'now' | 'wake'>
  /** When it ran last, by itself or because it was asked to; null: that is not known. */
  readonly lastRun: () => Promise<Ms | null>
  /** Keeps a snapshot, so that what it holds may leave as soon as another is behind it; all that reads facts has read them then. */
  readonly snapshot: () => Promise<void>
  /** Facts from here on stay, whatever the snapshots hold: somebody has not read them yet. */
  readonly unreadFrom?: number
  /** Between two pieces. */
  readonly rest: () => Promise<void>
  /** Writes over what deleted rows may have left in the files. */
  readonly wipe: () => Promise<void>
  /** They went: what is kept at hand of their numbers is to go too. */
  readonly forgotten: (persons: readonly PersonId[]) => Promise<void>
  /** After each night. */
  readonly told: (retained: Retained) => Promise<void>
  readonly log: (line: string) => void
}

/** Calls decided and deleted in one turn of the journal: a few hundred facts, some milliseconds. */
const CALLS_A_PIECE = 10
/** After local midnight: when nearly nobody calls. */
const QUIET_AFTER_MS: Ms = 3 * 3_600_000

/** By the months of a solution, back from an instant by the solution's calendar. */
export function horizonsAt(at: Ms, { solution, calendar }: Pick<SolutionKit, 'solution' | 'calendar'>): AllHorizons {
  const back = (months: number): Ms => calendar.monthsBefore(at, months)
  const own = Object.values(solution.queues).filter(({ retentionMonths }) => retentionMonths !== null)
  return {
    calls: back(solution.retention.callsMonths),
    queues: Object.fromEntries(own.map(({ id, retentionMonths }) => [id, back(retentionMonths ?? 0)])),
    contacts: back(solution.retention.contactsMonths),
    audit: back(solution.retention.auditMonths),
  }
}

export class Retention {
  readonly #plan: RetentionPlan
  #work: Promise<unknown> = Promise.resolve()
  #cancel: (() => void) | null = null
  #closing = false
  /** Rows were deleted, or may have been by a process before this one, which was killed. */
  #unwiped = true
  #progress = NOTHING_YET
  #watch: ((progress: RetentionProgress) => void) | null = null

  constructor(plan: RetentionPlan) {
    this.#plan = plan
  }

  /** Makes up for what was interrupted and for a night that was missed, then runs every night. To be called when calls are taken. */
  begin(): void {
    this.#inTurn(() => this.#finish()).catch((error: unknown) => this.#failed(error))
    this.#makeUp().catch((error: unknown) => this.#failed(error))
    this.#nextNight()
  }

  /** Once, now. `watch` is told after each piece how far it has come. */
  run(watch: (progress: RetentionProgress) => void = () => undefined): Promise<Retained> {
    return this.#inTurn(async () => {
      this.#progress = NOTHING_YET
      this.#watch = watch
      try {
        return await this.#run()
      } finally {
        this.#watch = null
      }
    })
  }

  /** What would leave now; nothing does. Calls among them that no two snapshots hold yet leave a night later. */
  async due(): Promise<Pick<Retained, 'calls' | 'campaigns'> & { readonly horizons: AllHorizons }> {
    const horizons = this.#horizons()
    let calls = 0
    for await (const found of this.#outlived(horizons, Number.MAX_SAFE_INTEGER)) calls += found.length
    return { calls, campaigns: this.#ended(horizons).length, horizons }
  }

  /** What is under way ends with its piece. */
  async close(): Promise<void> {
    this.#closing = true
    this.#cancel?.()
    await this.#work
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work)
    this.#work = done.catch(() => undefined)
    return done
  }

  #failed(error: unknown): void {
    if (!this.#closing) this.#plan.log(`what has outlived its retention could not leave; it is tried again next night: ${String(error)}`)
  }

  #at(progress: Partial<RetentionProgress>): void {
    this.#progress = { ...this.#progress, ...progress }
    this.#watch?.(this.#progress)
  }

  async #night(): Promise<void> {
    await this.#plan.told(await this.run())
  }

  /** Where the program was off at the last hour for it, or it failed then. */
  async #makeUp(): Promise<void> {
    const { clock, kit, lastRun } = this.#plan
    const { calendar } = kit()
    const { from } = calendar.day(clock.now())
    const due = from + QUIET_AFTER_MS <= clock.now() ? from : calendar.day(from - 1).from
    const last = await lastRun()
    if (!this.#closing && (last === null || last < due + QUIET_AFTER_MS)) await this.#night()
  }

  #nextNight(): void {
    const { clock, kit } = this.#plan
    const now = clock.now()
    const { from, to } = kit().calendar.day(now)
    const tonight = from + QUIET_AFTER_MS
    this.#cancel = clock.wake(tonight > now ? tonight : to + QUIET_AFTER_MS, () => {
      this.#night()
        .catch((error: unknown) => this.#failed(error))
        .finally(() => this.#closing || this.#nextNight())
    })
  }

  #horizons(): AllHorizons {
    return horizonsAt(this.#plan.clock.now(), this.#plan.kit())
  }

  #ended(horizons: AllHorizons): readonly CampaignId[] {
    return this.#plan.ended().flatMap(({ id, at }) => (at < horizons.contacts ? [id] : []))
  }

  async #run(): Promise<Retained> {
    const { journal, audit, snapshot, unreadFrom, wipe } = this.#plan
    this.#at({ doing: 'snapshot' })
    const horizons = this.#horizons()
    const before = await this.#finish()
    await snapshot()
    const upTo = Math.min(await journal.leavableUpTo(), (unreadFrom ?? Number.MAX_SAFE_INTEGER) - 1)
    this.#at({ doing: 'calls', ...before })
    const left = await this.#leave(horizons, upTo)
    this.#at({ doing: 'facts' })
    const others = await this.#leaveOthers(earliest(horizons))
    this.#at({ doing: 'contacts' })
    const campaigns = await this.#leaveContacts(horizons)
    this.#at({ doing: 'audit' })
    const auditEntries = await audit.forget(horizons.audit)
    this.#at({ doing: 'persons' })
    const persons = await this.#leavePersons()
    this.#at({ doing: 'wipe' })
    const retained = { calls: before.calls + left.calls, facts: before.facts + left.facts + others, campaigns, auditEntries, persons }
    if (this.#unwiped || Object.values(retained).some((count) => count > 0)) await wipe()
    this.#unwiped = this.#closing
    return retained
  }

  async #finish(): Promise<Pick<Retained, 'calls' | 'facts'>> {
    const leaving = await this.#plan.journal.leaving()
    if (leaving.length === 0) return { calls: 0, facts: 0 }
    await this.#plan.snapshot()
    return { calls: leaving.length, facts: await this.#forget(leaving) }
  }

  async #leave(horizons: Horizons, upTo: number): Promise<Pick<Retained, 'calls' | 'facts'>> {
    let [calls, facts] = [0, 0]
    for await (const found of this.#outlived(horizons, upTo)) {
      for (let from = 0; from < found.length && !this.#closing; from += CALLS_A_PIECE) {
        const piece = found.slice(from, from + CALLS_A_PIECE)
        await this.#plan.journal.markLeaving(piece)
        const left = await this.#forget(piece)
        facts += left
        calls += piece.length
        this.#at({ calls: this.#progress.calls + piece.length, facts: this.#progress.facts + left })
        await this.#plan.rest()
      }
    }
    return { calls, facts }
  }

  /** Out of the archive first: what is decided to leave the journal is passed over by whoever compares the two. */
  async #forget(calls: readonly CallId[]): Promise<number> {
    this.#unwiped = true
    await this.#plan.archive?.forgetCalls(calls)
    return this.#plan.journal.forgetCalls(calls)
  }

  async *#outlived(horizons: Horizons, upTo: number): AsyncGenerator<readonly CallId[]> {
    for (let after: number | null = 0; after !== null && !this.#closing; ) {
      const found: Awaited<ReturnType<Retaining['outlived']>> = await this.#plan.journal.outlived({ after, upTo, horizons })
      yield found.calls
      after = found.next
    }
  }

  /** Facts of no call are kept as long as the calls that are kept longest: they tell what was so around them. */
  async #leaveOthers(before: Ms): Promise<number> {
    let facts = 0
    for (let after: number | null = 0; after !== null && !this.#closing; ) {
      const step: Awaited<ReturnType<Retaining['forgetOthers']>> = await this.#plan.journal.forgetOthers({ after, before })
      facts += step.facts
      after = step.next
      this.#at({ facts: this.#progress.facts + step.facts })
      if (step.facts > 0) await this.#plan.rest()
    }
    return facts
  }

  async #leaveContacts(horizons: AllHorizons): Promise<number> {
    let campaigns = 0
    for (const id of this.#ended(horizons)) if (await this.#plan.contacts.forgetContacts(id)) campaigns += 1
    return campaigns
  }

  /** Who is in a list, or on one of those nobody calls, stays; so does whoever was met in the meantime. */
  async #leavePersons(): Promise<number> {
    const { journal, contacts, letGo, forgotten } = this.#plan
    let persons = 0
    for (let after: number | null = 0; after !== null && !this.#closing; ) {
      const from: number = after
      const found: Awaited<ReturnType<Retaining['unmentioned']>> = await journal.unmentioned({ after })
      for (const { personId, number } of found.persons) {
        const forget = async (): Promise<void> => {
          const gone = await journal.forgetPersons({ persons: [personId], behind: from })
          persons += gone.length
          if (gone.length > 0) await forgotten(gone)
          this.#at({ persons })
        }
        const lists = number === null ? null : await contacts.withNumber(number)
        if (lists === null || number === null) await forget()
        else if (lists.contacts.length + lists.listings.length === 0) await letGo({ number, persons: [personId], forget, unlessOpen: true })
      }
      after = found.next
    }
    if (!this.#closing) await journal.keepPersons()
    return persons
  }
}
