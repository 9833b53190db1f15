/**
 * Where the outside comes in: telephony events and people's commands become inputs of the rules, with numbers turned into persons.
 */
import type { PeopleCommand } from '#core/commands.ts'
import type { Input, PeopleInput } from '#core/inputs.ts'
import type { LegId, Ms, PersonId } from '#core/kernel/kernel.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import type { SolutionKit } from '#ports/engine.ts'
import type { Batch, Persons } from '#ports/journal.ts'
import type { Telephony, TelephonyEvent } from '#ports/telephony.ts'
import { Collector } from './collector.ts'
import { People } from './people.ts'

const LINES_KEPT_MAX = 10_000

export class Edge {
  readonly people: People
  readonly collector: Collector
  readonly #clock: Clock
  readonly #chance: Chance
  readonly #telephony: Telephony
  readonly #kit: () => SolutionKit
  readonly #playing: (legId: LegId) => string
  readonly #lines = new Map<string, string>()
  #linesOf: SolutionKit | null = null

  constructor(
    parts: { readonly persons: Persons; readonly chance: Chance; readonly clock: Clock; readonly telephony: Telephony },
    kit: () => SolutionKit,
    put: (input: Input) => void,
    playing: (legId: LegId) => string,
  ) {
    this.#playing = playing
    this.#clock = parts.clock
    this.#chance = parts.chance
    this.#telephony = parts.telephony
    this.#kit = kit
    this.people = new People(parts.persons, parts.chance)
    this.collector = new Collector(parts.clock, (callId, digits) => {
      const keyed = this.#keyed(digits)
      if (keyed instanceof Promise) void keyed.then((found) => put({ type: 'number.enter', callId, ...found }))
      else put({ type: 'number.enter', callId, ...keyed })
    })
  }

  /** null: nothing for the rules. A promise: a number is being looked up. */
  hear(event: TelephonyEvent): Input | Promise<Input> | null {
    switch (event.type) {
      case 'leg.arrived':
        return this.#arrived(event.legId, event.from, event.to)
      case 'leg.rang':
        return { type: 'leg.ring', legId: event.legId }
      case 'leg.answered':
        return { type: 'leg.answer', legId: event.legId }
      case 'leg.ended':
        this.collector.dismiss(event.legId)
        return { type: 'leg.end', legId: event.legId, outcome: event.outcome, by: event.by, cause: event.cause }
      case 'digit.pressed': {
        const taken = this.collector.press(event.legId, event.digit)
        if (taken === 'first') this.#telephony.send({ type: 'prompt.stop', playId: this.#playing(event.legId), legs: [event.legId] })
        return taken === 'no' ? { type: 'digit.press', legId: event.legId, digit: event.digit } : null
      }
      case 'prompt.finished':
        this.collector.prompted(event.playId.slice(0, event.playId.lastIndexOf('.')))
        return { type: 'prompt.finish', playId: event.playId }
      case 'switch.lost':
        return { type: 'switch.lose' }
      case 'switch.found':
        return { type: 'switch.find' }
    }
  }

  async ask(command: PeopleCommand): Promise<{ readonly input: PeopleInput; readonly notes?: Batch['notes'] }> {
    if (command.type === 'callback.order') {
      const { number, name, ...rest } = command
      const read = this.#kit().numbers.read(number)
      const person = await this.people.idOf(read.number, this.#now(), name)
      return { input: { ...rest, person, line: this.#anyLine(), barred: read.barred } }
    }
    if (command.type === 'entry.delete' && command.note !== undefined && command.note !== '') {
      const { note, ...rest } = command
      const noteId = `n${this.#chance.id(this.#now())}`
      return { input: { ...rest, noteId }, notes: [{ noteId, text: note }] }
    }
    return { input: command }
  }

  #arrived(legId: string, from: string | null, to: string): Input | Promise<Input> {
    const at = this.#now()
    const { numbers } = this.#kit()
    const line = this.#line(to, at)
    const read = from === null ? null : numbers.read(from)
    const caller = read === null ? this.people.withheld(at) : this.people.idOf(read.number, at)
    const made = (caller: PersonId, line: PersonId): Input => ({
      type: 'leg.arrive',
      legId,
      line,
      caller,
      callable: read !== null && read.barred === null,
    })
    return line instanceof Promise || caller instanceof Promise
      ? Promise.all([caller, line]).then(([c, l]) => made(c, l))
      : made(caller, line)
  }

  /** Our own numbers are few: those called stay read. */
  #line(to: string, at: Ms): PersonId | Promise<PersonId> {
    const kit = this.#kit()
    if (this.#linesOf !== kit) {
      this.#lines.clear()
      this.#linesOf = kit
    }
    let number = this.#lines.get(to)
    if (number === undefined) {
      number = kit.numbers.read(to).number
      if (this.#lines.size < LINES_KEPT_MAX) this.#lines.set(to, number)
    }
    return this.people.idOf(number, at)
  }

  #keyed(digits: string): { person: PersonId | null; callable: boolean } | Promise<{ person: PersonId; callable: boolean }> {
    const read = this.#kit().numbers.read(digits)
    if (digits === '' || read.barred !== null) return { person: null, callable: false }
    const person = this.people.idOf(read.number, this.#now())
    return person instanceof Promise ? person.then((found) => ({ person: found, callable: true })) : { person, callable: true }
  }

  /** Whoever has this number, as the switch writes it; null: withheld. */
  personOf(number: string | null): PersonId | Promise<PersonId> {
    return number === null ? this.people.withheld(this.#now()) : this.people.idOf(this.#kit().numbers.read(number).number, this.#now())
  }

  /** The line a web order is filed under: the solution's first. */
  #anyLine(): PersonId {
    return Object.keys(this.#kit().solution.lines)[0] ?? ''
  }

  #now(): Ms {
    return Math.floor(this.#clock.now())
  }
}
