/**
 * Whether those are joined in the switch who talk by the facts. A join may be lost on the way, or answered and not done: two people would
 * hear nothing for ever, or somebody what is not meant for him. Asked for again at every look, for most are merely lost; one that
 * the switch refuses for good is asked for ever more seldom, and people are told. calls.md 7
 */
import type * as Call from '#core/call/call.ts'
import { legsUp } from '#core/call/call.ts'
import type { CallId, LegId, Ms } from '#core/kernel/kernel.ts'
import { hearing } from '#core/world/sounding.ts'
import type { World } from '#core/world/world.ts'
import type { LegAlive } from '#ports/telephony.ts'

/** By call, who is in which bridge, as one text to compare. */
export type Wanted = ReadonlyMap<CallId, string>

/** So often in vain, and people are told. */
const TRIES_UNTOLD = 3
/**
 * The pause before another attempt, as a part of the time it has been in vain: whatever passes costs those two no more than that part of
 * what it has cost them already. For the first two minutes it is less than the time from one look to the next.
 */
const PAUSE_SHARE = 1 / 30
const PAUSE_MS_MAX = 60_000

/** What one look at the switch has shown. */
export interface Found {
  /** Those to be joined again now. */
  readonly apart: Wanted
  /** Joined again and again in vain, and nobody has been told yet. */
  readonly inVain: readonly CallId[]
  /** People were told of these, and they are as they should be, or over. */
  readonly mended: readonly CallId[]
}

/** Attempts to have one and the same thing carried out in a call. */
interface Row {
  readonly wanted: string
  /** Monotonic, as are all instants here. */
  readonly since: Ms
  tries: number
  nextAt: Ms
  told: boolean
}

export class Joins {
  readonly #world: World
  /** Where the switch had it otherwise when it was last asked, and what was wanted then. */
  #doubtful: Wanted = new Map()
  readonly #rows = new Map<CallId, Row>()

  constructor(world: World) {
    this.#world = world
  }

  /** Taken before the switch is asked: who is joined or parted while it answers is none of its answer. */
  wanted(): Wanted {
    return new Map([...this.#world.calls.values()].filter(isOfSeveral).map((call) => [call.id, textOf(call)]))
  }

  /** Only where the switch has it otherwise for the second time, and the same was wanted all the while. `at`: monotonic. */
  look(before: Wanted, alive: readonly LegAlive[], at: Ms): Found {
    const there = new Map(alive.map((leg) => [leg.legId, leg]))
    const judged = this.still(before)
    const doubtful = new Map(judged.filter((call) => isOtherwise(call, there)).map((call) => [call.id, textOf(call)]))
    const twice = [...doubtful].filter(([callId, wanted]) => this.#doubtful.get(callId) === wanted)
    this.#doubtful = doubtful
    const rows = twice.map(([callId, wanted]) => ({ callId, wanted, row: this.#rowOf(callId, wanted, at) }))
    const apart = rows.filter(({ row }) => row.nextAt <= at).map(({ callId, wanted }) => [callId, wanted] as const)
    const told = rows.filter(({ row }) => row.tries >= TRIES_UNTOLD && !row.told)
    for (const { row } of told) row.told = true
    const sure = new Set(judged.map(({ id }) => id))
    const isFine = (callId: CallId): boolean => !doubtful.has(callId) && (sure.has(callId) || !before.has(callId))
    return { apart: new Map(apart), inVain: told.map(({ callId }) => callId), mended: this.#mended(isFine) }
  }

  /** These are joined again now: whether for the first time. Not counted where the switch was told everything anew meanwhile. */
  tried(callId: CallId, at: Ms): boolean {
    const row = this.#rows.get(callId)
    if (row === undefined) return false
    row.tries += 1
    row.nextAt = at + Math.min((at - row.since) * PAUSE_SHARE, PAUSE_MS_MAX)
    return row.tries === 1
  }

  /** Calls in which the switch does not do it, as far as people have been told. */
  get inVain(): number {
    return [...this.#rows.values()].filter(({ told }) => told).length
  }

  /** The switch is told everything anew. */
  forget(): void {
    this.#rows.clear()
  }

  #rowOf(callId: CallId, wanted: string, at: Ms): Row {
    const known = this.#rows.get(callId)
    if (known?.wanted === wanted) return known
    // Another wish is tried at once again; people know already that this call has no luck.
    const row: Row = { wanted, since: at, tries: 0, nextAt: at, told: known?.told ?? false }
    this.#rows.set(callId, row)
    return row
  }

  /** Also of those told of before a start. */
  #mended(isFine: (callId: CallId) => boolean): readonly CallId[] {
    const fine = [...this.#rows].filter(([callId]) => isFine(callId))
    for (const [callId] of fine) this.#rows.delete(callId)
    const alarms = [...this.#world.alarms.values()].flatMap(({ alarm, callId }) =>
      alarm === 'notJoined' && callId !== undefined && isFine(callId) ? [callId] : [],
    )
    return [...new Set([...fine.flatMap(([callId, { told }]) => (told ? [callId] : [])), ...alarms])]
  }

  /** Those of these calls that go on, and in which the same is wanted still. */
  still(wanted: Wanted): readonly Call.State[] {
    return [...wanted].flatMap(([callId, text]) => {
      const call = this.#world.calls.get(callId)
      return call !== undefined && textOf(call) === text ? [call] : []
    })
  }
}

/** Of whom two may be joined. */
const isOfSeveral = (call: Call.State): boolean => legsUp(call).length > 1

const textOf = (call: Call.State): string => JSON.stringify([hearing(call, 'main'), hearing(call, 'consult')])

/** Of those who are on the line here and there. Whose line is over, and not there any more, is another matter. */
function isOtherwise(call: Call.State, there: ReadonlyMap<LegId, LegAlive>): boolean {
  const up = legsUp(call).filter(({ id, status }) => status === 'answered' && there.get(id)?.state === 'answered')
  const ids = new Set(up.map(({ id }) => id))
  const bridges = [hearing(call, 'consult'), hearing(call, 'main')]
  return up.some(({ id }) => {
    const wanted = bridges.find((legs) => legs.includes(id)) ?? []
    const joined = new Set(there.get(id)?.joinedWith)
    return [...ids].some((other) => other !== id && wanted.includes(other) !== joined.has(other))
  })
}
