/** An account of its own of who stands where in a queue, and that nobody is passed over. calls.md 1 (matching) and 2 */
import type { Fact, Recorded } from '#core/facts.ts'
import type { AgentId, CallId, EntryId, LegId, Ms, PersonId, QueueId } from '#core/kernel/kernel.ts'
import type { Say } from './laws.ts'

interface Waiting {
  readonly queueId: QueueId
  readonly callId: CallId
  person: PersonId | null
  callback: boolean
  /** Its number among those put at the front; null: in line by its waiting. */
  front: number | null
  since: Ms
  /** An agent may be rung for it. */
  open: boolean
  offered: boolean
  /** The customer is on another line with us. */
  held: boolean
  /** The last attempt counted: it is to come back at the end. */
  toTheEnd: boolean
  readonly refusedBy: Set<AgentId>
}

const goesBefore = (one: Waiting, other: Waiting): boolean => {
  if (one.front !== null && other.front !== null) return one.front < other.front
  if (one.front !== null || other.front !== null) return one.front !== null
  return one.since < other.since
}

export class Queues {
  readonly #say: Say
  readonly #entries = new Map<EntryId, Waiting>()
  readonly #offers = new Map<LegId, { readonly entryId: EntryId; readonly agentId: AgentId }>()
  /** How many lines each person is on, and how many to its customer each call has. */
  readonly #lines = new Map<PersonId | CallId, number>()
  readonly #whose = new Map<LegId, readonly (PersonId | CallId)[]>()

  constructor(say: Say) {
    this.#say = say
  }

  take(facts: readonly Recorded[]): void {
    for (const { position, at, fact } of facts) {
      if (fact.type === 'leg.requested' || fact.type === 'leg.arrived') this.#begins(fact)
      else if (fact.type === 'leg.ended') this.#ends(fact.legId)
      else if (fact.type === 'entry.joined') this.#joins(fact, position)
      else if (fact.type === 'clock.stepped') this.#steps(fact.movedMs ?? 0)
      else if ('entryId' in fact && fact.entryId !== undefined) this.#ofEntry(fact, fact.entryId, position, at)
    }
  }

  #joins(fact: Extract<Fact, { type: 'entry.joined' }>, position: number): void {
    const { entryId, queueId, kind, place, since } = fact
    if (kind !== 'line' && kind !== 'web') return
    this.#entries.set(entryId, {
      ...{
        queueId,
        callId: fact.callId,
        person: null,
        callback: kind === 'web',
        since,
        open: kind === 'line',
        offered: false,
        held: false,
        toTheEnd: false,
      },
      front: place === 'front' ? position : null,
      refusedBy: new Set(),
    })
  }

  #ofEntry(fact: Fact, entryId: EntryId, position: number, at: Ms): void {
    const entry = this.#entries.get(entryId)
    if (entry === undefined) return
    switch (fact.type) {
      case 'entry.left':
        this.#entries.delete(entryId)
        break
      case 'callback.orderStarted':
      case 'callback.attemptStarted':
        entry.open = false
        break
      case 'callback.orderLeft':
        entry.open = true
        break
      case 'callback.ordered':
        Object.assign(entry, { callback: true, person: fact.personId, open: fact.notBefore === null })
        break
      case 'callback.heldBack':
      case 'callback.released':
        entry.held = fact.type === 'callback.heldBack'
        break
      case 'callback.hastened':
        Object.assign(entry, { front: position, open: true, toTheEnd: false })
        break
      case 'callback.attemptEnded':
        entry.toTheEnd = fact.next === 'pause'
        entry.open = fact.next === 'front' || fact.next === 'place'
        if (fact.next === 'front') entry.front = position
        break
      case 'callback.voicemailMarked':
        entry.toTheEnd = fact.retried
        break
      case 'callback.requeued':
        this.#requeued(fact, entry, position, at)
        break
      default:
    }
  }

  /** Nobody has waited for longer because time in facts jumped. */
  #steps(movedMs: Ms): void {
    for (const entry of this.#entries.values()) entry.since += movedMs
  }

  /** At the end its waiting counts from now; at the front it stands behind those who came there before. */
  #requeued(fact: Extract<Fact, { type: 'callback.requeued' }>, entry: Waiting, position: number, at: Ms): void {
    const { entryId, place, since } = fact
    if (entry.toTheEnd && (place !== 'end' || since < at)) {
      this.#say(
        'queue.order',
        `entry ${entryId} comes back after an attempt that counted at the ${place}, waiting since ${at - since} ms ago`,
      )
    }
    Object.assign(entry, { front: place === 'front' ? position : null, since, open: true, toTheEnd: false })
  }

  #begins(fact: Extract<Fact, { type: 'leg.requested' | 'leg.arrived' }>): void {
    if (fact.personId !== undefined) {
      const whose = [fact.personId, fact.callId]
      this.#whose.set(fact.legId, whose)
      for (const one of whose) this.#lines.set(one, (this.#lines.get(one) ?? 0) + 1)
    }
    if (fact.type !== 'leg.requested' || fact.party !== 'agent' || fact.agentId === undefined || fact.entryId === undefined) return
    const entry = this.#entries.get(fact.entryId)
    if (entry === undefined) return
    const { agentId, entryId } = fact
    for (const [otherId, other] of this.#entries) {
      if (other === entry || other.queueId !== entry.queueId || !this.#mayBeOffered(other, agentId)) continue
      // Whether a callback may be carried out just now, its queue's hours say: where one is, the others may be too.
      if (other.callback && !entry.callback) continue
      if (goesBefore(other, entry)) this.#say('queue.order', `agent ${agentId} is rung for ${entryId}, and ${otherId} stands before it`)
    }
    entry.offered = true
    this.#offers.set(fact.legId, { entryId, agentId })
  }

  /** Whoever is on another line is not called; whoever ordered it hears us out first. */
  #mayBeOffered({ open, offered, held, callback, person, callId, refusedBy }: Waiting, agentId: AgentId): boolean {
    if (!open || offered || held || refusedBy.has(agentId)) return false
    return !callback || ![person ?? '', callId].some((whose) => (this.#lines.get(whose) ?? 0) > 0)
  }

  #ends(legId: LegId): void {
    for (const one of this.#whose.get(legId) ?? []) this.#lines.set(one, (this.#lines.get(one) ?? 1) - 1)
    this.#whose.delete(legId)
    const offer = this.#offers.get(legId)
    this.#offers.delete(legId)
    const entry = offer === undefined ? undefined : this.#entries.get(offer.entryId)
    if (offer === undefined || entry === undefined) return
    entry.offered = false
    entry.refusedBy.add(offer.agentId)
  }
}
