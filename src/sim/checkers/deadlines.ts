/**
 * What began with an end has come to it: rings, wrap-ups, rests, waits, cards, pauses between attempts, the limit of a silent call. The
 * account keeps the time in facts going by waiting, as it must (`calls.md` 7), and asks only where nothing has been wrong for a while.
 */
import type { Fact, Recorded } from '#core/facts.ts'
import type { EntryId, Ms } from '#core/kernel/kernel.ts'
import type { Say } from './laws.ts'

/** Late by less is nobody's fault: a turn, an append, what was under way. */
const GRACE_MS: Ms = 60_000

export class Deadlines {
  readonly #say: Say
  /** By what waits. */
  readonly #ends = new Map<string, Ms>()
  /** Entries that are being offered, ordered or called: their own end waits for that. */
  readonly #busy = new Set<EntryId>()
  readonly #legs = new Map<string, EntryId>()
  #at: Ms = 0
  #monotonic: Ms = 0

  constructor(say: Say) {
    this.#say = say
  }

  /** `monotonic`: when it is. */
  take(facts: readonly Recorded[], monotonic: Ms): void {
    for (const { at, fact } of facts) {
      this.#at = at
      this.#fact(fact)
    }
    this.#monotonic = monotonic
  }

  /** Nothing has been wrong for `calmMs`. */
  look(monotonic: Ms, calmMs: Ms): void {
    if (calmMs < GRACE_MS) return
    const now = this.#at + monotonic - this.#monotonic
    for (const [what, end] of this.#ends) {
      if (now <= end + GRACE_MS || this.#busy.has(what.slice('entry '.length))) continue
      this.#say('deadline.kept', `${what} should have ended ${now - end} ms ago`)
      this.#ends.delete(what)
    }
  }

  #set(what: string, at: Ms | null): void {
    if (at === null) this.#ends.delete(what)
    else this.#ends.set(what, at)
  }

  #fact(fact: Fact): void {
    switch (fact.type) {
      case 'clock.stepped':
        for (const [what, at] of this.#ends) this.#ends.set(what, at + (fact.movedMs ?? 0))
        break
      case 'leg.requested':
        this.#set(`leg ${fact.legId}`, fact.ringUntil)
        // Whoever is called, or calls, rests no more; what is wished meanwhile comes after it.
        for (const what of ['rest', 'wish', 'card']) if (fact.agentId !== undefined) this.#set(`${what} of ${fact.agentId}`, null)
        if (fact.entryId === undefined) break
        this.#busy.add(fact.entryId)
        this.#legs.set(fact.legId, fact.entryId)
        break
      case 'leg.answered':
        this.#set(`leg ${fact.legId}`, null)
        break
      case 'leg.ended': {
        this.#set(`leg ${fact.legId}`, null)
        const entryId = this.#legs.get(fact.legId)
        if (this.#legs.delete(fact.legId) && entryId !== undefined) this.#busy.delete(entryId)
        break
      }
      case 'callback.orderStarted':
        this.#busy.add(fact.entryId)
        break
      case 'callback.orderLeft':
        this.#busy.delete(fact.entryId)
        break
      case 'entry.joined':
        this.#set(`entry ${fact.entryId}`, fact.leavesAt)
        break
      case 'callback.ordered':
      case 'entry.left':
        this.#set(`entry ${fact.entryId}`, null)
        if (fact.type === 'entry.left') this.#set(`wait of ${fact.callId}`, null)
        this.#set(`pause ${fact.entryId}`, null)
        break
      case 'callback.attemptEnded':
        this.#set(`pause ${fact.entryId}`, fact.next === 'pause' || fact.next === 'retryNetwork' ? fact.dueAt : null)
        break
      case 'callback.requeued':
      case 'callback.hastened':
        this.#set(`pause ${fact.entryId}`, null)
        break
      default:
        this.#ofAgent(fact)
    }
  }

  #ofAgent(fact: Fact): void {
    switch (fact.type) {
      case 'agent.wrapUpStarted':
      case 'agent.wrapUpExtended':
        return void this.#set(`wrap-up of ${fact.agentId}`, fact.until)
      case 'agent.wrapUpEnded':
        return void this.#set(`wrap-up of ${fact.agentId}`, null)
      case 'agent.rested':
        return void this.#set(`rest of ${fact.agentId}`, fact.until)
      case 'agent.wished':
        return void this.#set(`wish of ${fact.agentId}`, fact.wish === null ? null : (fact.effectAt ?? null))
      case 'agent.paused':
      case 'agent.loggedOff':
      case 'agent.returned':
      case 'agent.unreachable':
      case 'agent.loggedOn':
        this.#set(`rest of ${fact.agentId}`, null)
        return void this.#set(`wish of ${fact.agentId}`, null)
      case 'contact.answered':
        return void this.#set(`wait of ${fact.callId}`, fact.silentAt)
      case 'contact.silent':
      case 'contact.settled':
      case 'call.ended':
        return void this.#set(`wait of ${fact.callId}`, null)
      case 'card.shown':
        return void this.#set(`card of ${fact.agentId}`, fact.until)
      case 'card.gone':
        return void this.#set(`card of ${fact.agentId}`, null)
      default:
    }
  }
}
