/**
 * What has outlived its retention leaves, by itself, once a night (calls.md 7): whole calls with their facts, notes and rows in the
 * archive; facts of no call; persons nobody refers to; contacts of campaigns that ended; entries of the audit log. In small pieces with a rest between, so that
 * nobody who calls or works meanwhile waits. Each piece is decided durably first: an interruption is made up for at the next start.
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
  }) => Promise<unknown>
  readonly audit: Pick<Audit, 'forget'>
  /** Campaigns that are over, and since when. */
  readonly ended: () => readonly { readonly id: CampaignId; readonly at: Ms }[]
  readonly kit: () => Pick<SolutionKit, 'solution' | 'calendar'>
  readonly clock: Pick<Clock, 'now' | 'wake'>
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

  constructor(plan: RetentionPlan) {
    this.#plan = plan
  }

  /** Makes up for what was interrupted, then runs every night. */
  begin(): void {
    this.#inTurn(() => this.#finish()).catch((error: unknown) => this.#failed(error))
    this.#nextNight()
  }

  /** Once, now. */
  run(): Promise<Retained> {
    return this.#inTurn(() => this.#run())
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

  #nextNight(): void {
    const { clock, kit } = this.#plan
    const now = clock.now()
    const { from, to } = kit().calendar.day(now)
    const tonight = from + QUIET_AFTER_MS
    this.#cancel = clock.wake(tonight > now ? tonight : to + QUIET_AFTER_MS, () => {
      this.run()
        .then((retained) => this.#plan.told(retained))
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
    const horizons = this.#horizons()
    const before = await this.#finish()
    await snapshot()
    const upTo = Math.min(await journal.leavableUpTo(), (unreadFrom ?? Number.MAX_SAFE_INTEGER) - 1)
    const left = await this.#leave(horizons, upTo)
    const others = await this.#leaveOthers(earliest(horizons))
    const campaigns = await this.#leaveContacts(horizons)
    const auditEntries = await audit.forget(horizons.audit)
    const persons = await this.#leavePersons()
    const retained = { calls: before.calls + left.calls, facts: before.facts + left.facts + others, campaigns, auditEntries, persons }
    if (Object.values(retained).some((count) => count > 0)) await wipe()
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
        facts += await this.#forget(piece)
        calls += piece.length
        await this.#plan.rest()
      }
    }
    return { calls, facts }
  }

  /** Out of the archive first: what is decided to leave the journal is passed over by whoever compares the two. */
  async #forget(calls: readonly CallId[]): Promise<number> {
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
        }
        const lists = number === null ? null : await contacts.withNumber(number)
        if (lists === null || number === null) await forget()
        else if (lists.contacts.length + lists.listings.length === 0) await letGo({ number, persons: [personId], forget })
      }
      after = found.next
    }
    if (!this.#closing) await journal.keepPersons()
    return persons
  }
}
