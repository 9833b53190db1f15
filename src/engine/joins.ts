/**
 * Whether those are joined in the switch who talk by the facts. A join may be lost on the way, or answered and not done: two people would
 * hear nothing for ever, or somebody what is not meant for him. calls.md 7
 */
import type * as Call from '#core/call/call.ts'
import { legsUp } from '#core/call/call.ts'
import type { CallId, LegId } from '#core/kernel/kernel.ts'
import { hearing } from '#core/world/sounding.ts'
import type { World } from '#core/world/world.ts'
import type { LegAlive } from '#ports/telephony.ts'

/** By call, who is in which bridge, as one text to compare. */
export type Wanted = ReadonlyMap<CallId, string>

export class Joins {
  readonly #world: World
  /** Where the switch had it otherwise when it was last asked, and what was wanted then. */
  #doubtful: Wanted = new Map()

  constructor(world: World) {
    this.#world = world
  }

  /** Taken before the switch is asked: who is joined or parted while it answers is none of its answer. */
  wanted(): Wanted {
    return new Map([...this.#world.calls.values()].filter(isOfSeveral).map((call) => [call.id, textOf(call)]))
  }

  /** Calls in which the switch has it otherwise for the second time, and the same was wanted all the while. */
  differing(before: Wanted, alive: readonly LegAlive[]): Wanted {
    const there = new Map(alive.map((leg) => [leg.legId, leg]))
    const doubtful = this.still(before).flatMap((call): readonly (readonly [CallId, string])[] =>
      isOtherwise(call, there) ? [[call.id, textOf(call)]] : [],
    )
    const twice = doubtful.filter(([callId, wanted]) => this.#doubtful.get(callId) === wanted)
    this.#doubtful = new Map(doubtful)
    return new Map(twice)
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
