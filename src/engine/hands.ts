/**
 * Carries effects out, in their order, once their facts are durable: looks up the numbers they need and hands them to telephony.
 */
import type { Effect, PromptPart } from '#core/effects.ts'
import type { LegId, PersonId } from '#core/kernel/kernel.ts'
import type { Spoken, Telephony } from '#ports/telephony.ts'
import type { Collector } from './collector.ts'
import type { People } from './people.ts'
import { Plays } from './plays.ts'

export interface HandsPlan {
  readonly telephony: Telephony
  readonly people: People
  readonly collector: Collector
  readonly log: (line: string) => void
  /** Whether a leg is still to be rung: it may have been withdrawn while its number was looked up. */
  readonly rings: (legId: LegId) => boolean
}

export class Hands {
  readonly #telephony: Telephony
  readonly #people: People
  readonly #collector: Collector
  readonly #log: (line: string) => void
  readonly #rings: (legId: LegId) => boolean
  /** Effects behind one whose number is being looked up. */
  readonly #waiting: Effect[] = []
  #working: Promise<void> | null = null
  readonly plays: Plays

  constructor({ telephony, people, collector, log, rings }: HandsPlan) {
    this.#telephony = telephony
    this.#people = people
    this.#collector = collector
    this.#log = log
    this.#rings = rings
    this.plays = new Plays(telephony)
  }

  idle(): boolean {
    return this.#working === null
  }

  async whenIdle(): Promise<void> {
    while (this.#working !== null) await this.#working
  }

  carryOut(effect: Effect): void {
    if (this.#working === null && this.#unknownIn(effect) === null) {
      this.#send(effect)
      return
    }
    this.#waiting.push(effect)
    this.#begin()
  }

  #begin(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = null
      // One more may have come between the last that was worked off and now: nobody else would begin again for it.
      if (this.#waiting.length > 0) this.#begin()
    })
  }

  async #work(): Promise<void> {
    for (let effect = this.#waiting[0]; effect !== undefined; effect = this.#waiting[0]) {
      const unknown = this.#unknownIn(effect)
      if (unknown === null) {
        this.#waiting.shift()
        this.#send(effect)
        continue
      }
      try {
        await unknown()
      } catch (error) {
        this.#waiting.shift()
        this.#log(`a number needed for ${effect.type} could not be looked up: ${String(error)}`)
      }
    }
  }

  /** How to look up what it names and is not at hand: a person's number, or an extension. */
  #unknownIn(effect: Effect): (() => Promise<void>) | null {
    const persons: PersonId[] = []
    const notes: string[] = []
    if (effect.type === 'leg.ring') {
      if ('person' in effect.to) persons.push(effect.to.person)
      if (effect.callerId !== null) persons.push(effect.callerId)
    }
    if (effect.type === 'prompt.play') {
      for (const part of effect.parts) {
        if ('number' in part) persons.push(part.number)
        if ('note' in part) notes.push(part.note)
      }
    }
    const person = persons.find((one) => this.#people.numberOf(one) === undefined)
    if (person !== undefined) return () => this.#people.load(person)
    const note = notes.find((one) => this.#people.noteOf(one) === undefined)
    return note === undefined ? null : () => this.#people.loadNote(note)
  }

  #send(effect: Effect): void {
    switch (effect.type) {
      case 'digits.collect':
        this.#collector.begin(effect.callId, effect.legId, effect)
        return
      case 'digits.dismiss':
        this.#collector.dismiss(effect.legId)
        return
      case 'leg.ring': {
        if (!this.#rings(effect.legId)) return
        const to = 'agent' in effect.to ? { agent: effect.to.agent } : { number: this.#people.numberOf(effect.to.person) ?? '' }
        const callerId = effect.callerId === null ? null : (this.#people.numberOf(effect.callerId) ?? null)
        this.#telephony.send({ ...effect, to, callerId })
        return
      }
      case 'prompt.play':
        this.plays.begun(effect.playId)
        this.#telephony.send({ ...effect, parts: effect.parts.map((part) => this.#spoken(part)) })
        return
      case 'prompt.stop':
        this.plays.over(effect.playId)
        this.#telephony.send(effect)
        return
      // The switch has no part in it: the engine's dialler draws.
      case 'contacts.draw':
        return
      default:
        this.#telephony.send(effect)
    }
  }

  #spoken(part: PromptPart): Spoken {
    if ('note' in part) return { digits: this.#people.noteOf(part.note) ?? '' }
    return 'number' in part ? { digits: this.#people.numberOf(part.number) ?? '' } : part
  }
}
