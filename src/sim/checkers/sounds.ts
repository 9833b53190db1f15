/** Who should hear whom by the facts, and who should hear something, made of what the account has open. */
import type { CallId, LegId } from '#core/kernel/kernel.ts'
import type { CallAccount, EntryAccount, LegAccount } from './account.ts'

export interface Sources {
  /** Those that have not ended. */
  readonly legs: ReadonlyMap<LegId, LegAccount>
  readonly calls: ReadonlyMap<CallId, CallAccount>
  /** Those of them, and of the entries, that are not over. */
  readonly open: { readonly calls: ReadonlySet<CallAccount>; readonly entries: ReadonlySet<EntryAccount> }
}

export class Sounds {
  readonly #of: Sources

  constructor(sources: Sources) {
    this.#of = sources
  }

  /** The legs each live leg should hear by the facts: those of its bridge that are neither on hold nor muted; on hold, nobody. */
  joined(): ReadonlyMap<LegId, readonly LegId[]> {
    const { legs, open } = this.#of
    const joined = new Map<LegId, readonly LegId[]>()
    for (const call of open.calls) {
      for (const there of this.#together(call)) {
        const heard = there.filter((legId) => legs.get(legId)?.muted === false)
        for (const legId of there) joined.set(legId, heard.filter((other) => other !== legId).sort())
      }
    }
    for (const leg of legs.values()) if (leg.held) joined.set(leg.legId, [])
    return joined
  }

  /** Who should hear music: the legs on hold, callers who wait in a queue, and agents who ask one; some of them a message now and then. */
  wait(): readonly LegId[] {
    const { legs, calls, open } = this.#of
    const inLine = new Set(
      [...open.entries].flatMap(({ callId, outbound, dialler, callback, askedBy }) =>
        outbound || dialler || callback || askedBy !== null || calls.get(callId)?.inMenu === true ? [] : callId,
      ),
    )
    const callers = [...legs.values()].filter(
      ({ callId, party, answered, held }) => party === 'customer' && answered && !held && inLine.has(callId),
    )
    const held = [...legs.values()].filter((leg) => leg.held)
    return [...this.#asking(), ...[...held, ...callers].map(({ legId }) => legId)]
  }

  /**
   * Who is with nobody in a conversation, and did not put the others on hold: while one of it asks somebody no one is left so. He hears
   * music, or that a phone rings.
   */
  alone(): readonly LegId[] {
    const { legs, open } = this.#of
    return [...open.calls]
      .flatMap((call) => {
        const puttingOnHold = !call.consulting && [...call.bridges.values()].flat().some((legId) => legs.get(legId)?.held === true)
        return puttingOnHold ? [] : this.#together(call).filter(({ length }) => length === 1)
      })
      .flat()
  }

  /** By bridge: those in it who are on the line, and neither on hold nor waiting for a queue. */
  #together({ bridges }: CallAccount): readonly (readonly LegId[])[] {
    const { legs } = this.#of
    const asking = this.#asking()
    return [...bridges.values()].map((there) =>
      there.filter((legId) => legs.get(legId)?.answered === true && legs.get(legId)?.held === false && !asking.has(legId)),
    )
  }

  /** Agents who ask a queue for somebody. */
  #asking(): ReadonlySet<LegId> {
    return new Set([...this.#of.open.entries].flatMap(({ askedBy }) => askedBy ?? []))
  }
}
