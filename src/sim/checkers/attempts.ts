/** An account of its own of attempts: those counted against those made in the network, for callbacks and contacts alike. */
import type { Fact, LegOutcome, Recorded } from '#core/facts.ts'
import type { CallId, ContactId, EntryId, LegId } from '#core/kernel/kernel.ts'
import type { Say } from './laws.ts'

/** Of a customer's leg. */
interface Ring {
  readonly legId: LegId
  outcome: LegOutcome | null
}

interface Promised {
  readonly attemptsMax: number
  counted: number
  /** The customer's legs of the attempt under way. */
  rings: Ring[]
}

/** A phone was rung to its end, or said no: the attempt counts, unless the customer was calling us just then. */
const RUNG: ReadonlySet<LegOutcome> = new Set(['unanswered', 'busy', 'rejected', 'notInUse'])

export class Attempts {
  readonly #say: Say
  readonly #callbacks = new Map<EntryId, Promised>()
  readonly #tries = new Map<ContactId, number>()
  readonly #calls = new Map<CallId, { readonly contactId: ContactId; readonly rings: Ring[] }>()
  readonly #legs = new Map<LegId, Ring>()
  /** Legs the network was asked to ring. */
  readonly #asked = new Set<LegId>()

  constructor(say: Say) {
    this.#say = say
  }

  /** The engine asks the network to ring. */
  ring(legId: LegId): void {
    this.#asked.add(legId)
  }

  /** Counted. */
  triesOf(contactId: ContactId): number {
    return this.#tries.get(contactId) ?? 0
  }

  take(facts: readonly Recorded[]): void {
    for (const { fact } of facts) this.#fact(fact)
  }

  #fact(fact: Fact): void {
    switch (fact.type) {
      case 'callback.ordered':
        this.#callbacks.set(fact.entryId, { attemptsMax: fact.attemptsMax, counted: 0, rings: [] })
        break
      case 'callback.attemptStarted':
        this.#started(fact)
        break
      case 'callback.attemptEnded':
        this.#ended(fact)
        break
      case 'entry.left':
        this.#callbacks.delete(fact.entryId)
        break
      case 'contact.dealt':
        if (fact.tries !== (this.#tries.get(fact.contactId) ?? 0))
          this.#say(
            'attempt.counted',
            `contact ${fact.contactId} is dealt after ${fact.tries} tries, has ${this.#tries.get(fact.contactId) ?? 0}`,
          )
        this.#calls.set(fact.callId, { contactId: fact.contactId, rings: [] })
        break
      case 'contact.settled':
        this.#settled(fact)
        break
      case 'leg.requested':
        if (fact.party === 'customer') this.#rings(fact)
        break
      case 'leg.ended': {
        const ring = this.#legs.get(fact.legId)
        if (ring !== undefined) ring.outcome = fact.outcome
        this.#legs.delete(fact.legId)
        break
      }
      default:
    }
  }

  #rings(fact: Extract<Fact, { type: 'leg.requested' }>): void {
    const ring: Ring = { legId: fact.legId, outcome: null }
    this.#legs.set(fact.legId, ring)
    if (fact.entryId !== undefined) this.#callbacks.get(fact.entryId)?.rings.push(ring)
    this.#calls.get(fact.callId)?.rings.push(ring)
  }

  #started({ entryId, attempt }: Extract<Fact, { type: 'callback.attemptStarted' }>): void {
    const promised = this.#callbacks.get(entryId)
    if (promised === undefined) return void this.#say('attempt.counted', `entry ${entryId}: an attempt, and no callback was ordered`)
    if (attempt !== promised.counted + 1)
      this.#say('attempt.counted', `entry ${entryId}: attempt ${attempt} begins after ${promised.counted} that counted`)
    if (attempt > promised.attemptsMax)
      this.#say('attempt.counted', `entry ${entryId}: attempt ${attempt} begins, of ${promised.attemptsMax} promised`)
    promised.rings = []
  }

  #ended({ entryId, outcome, counted, notCounted }: Extract<Fact, { type: 'callback.attemptEnded' }>): void {
    const promised = this.#callbacks.get(entryId)
    if (promised === undefined) return
    if (counted) promised.counted += 1
    this.#judge(`entry ${entryId}`, promised.rings, outcome, counted, notCounted === 'customerCalling')
    promised.rings = []
  }

  #settled({ contactId, callId, outcome, counted, tries, next }: Extract<Fact, { type: 'contact.settled' }>): void {
    const before = this.#tries.get(contactId) ?? 0
    if (tries !== before + (counted ? 1 : 0))
      this.#say(
        'attempt.counted',
        `contact ${contactId} is settled with ${tries} tries, had ${before} and this one ${counted ? '' : 'not '}counted`,
      )
    this.#tries.set(contactId, tries)
    const rings = this.#calls.get(callId)?.rings ?? []
    this.#calls.delete(callId)
    if (outcome !== 'notCalled') this.#judge(`contact ${contactId}`, rings, outcome, counted, next === 'back')
  }

  /** `excused`: the customer was calling us, or the agent left before the phone had rung long enough. */
  #judge(who: string, rings: readonly Ring[], outcome: string, counted: boolean, excused: boolean): void {
    const last = rings.at(-1)
    if (counted && outcome !== 'unknown' && (last === undefined || !this.#asked.has(last.legId)))
      this.#say('attempt.counted', `${who}: an attempt counts as ${outcome}, and nobody was rung`)
    if (!counted && !excused && last?.outcome != null && RUNG.has(last.outcome) && outcome === last.outcome)
      this.#say('attempt.counted', `${who}: leg ${last.legId} was ${last.outcome}, and the attempt does not count`)
  }
}
