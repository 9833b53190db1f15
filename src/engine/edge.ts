/**
 * Where the outside comes in: telephony events and people's commands become inputs of the rules, with numbers turned into persons.
 */
import type { Callee, PeopleCommand } from '#core/commands.ts'
import type { Called, Input, PeopleInput } from '#core/inputs.ts'
import type { LegId, Ms, PersonId } from '#core/kernel/kernel.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import type { SolutionKit } from '#ports/engine.ts'
import type { Batch, PersonRow, Persons } from '#ports/journal.ts'
import type { Telephony, TelephonyEvent } from '#ports/telephony.ts'
import { Collector, type KeyedIn } from './collector.ts'
import { People } from './people.ts'

const LINES_KEPT_MAX = 10_000
/** More digits than this are no extension. */
const EXTENSION_DIGITS_MAX = 10

/** An input, and what belongs to it and may not stand in a fact: words, and how somebody is called if it is not refused. */
interface Heard<I extends Input = Input> {
  readonly input: I
  readonly notes?: NonNullable<Batch['notes']>
  readonly named?: PersonRow
}

export class Edge {
  readonly people: People
  readonly collector: Collector
  readonly #clock: Clock
  readonly #chance: Chance
  readonly #telephony: Telephony
  readonly #kit: () => SolutionKit
  /** How far time in facts is ahead of the wall, by which the network tells. */
  readonly #ahead: () => Ms
  readonly #playing: (legId: LegId) => string
  readonly #lines = new Map<string, string>()
  #linesOf: SolutionKit | null = null

  constructor(
    parts: {
      readonly persons: Persons
      readonly chance: Chance
      readonly clock: Clock
      readonly telephony: Telephony
      readonly log: (line: string) => void
    },
    kit: () => SolutionKit,
    put: (heard: Heard) => void,
    playing: (legId: LegId) => string,
    ahead: () => Ms,
  ) {
    this.#ahead = ahead
    this.#playing = playing
    this.#clock = parts.clock
    this.#chance = parts.chance
    this.#telephony = parts.telephony
    this.#kit = kit
    this.people = new People(parts.persons, parts.chance)
    this.collector = new Collector(parts.clock, (keyed) => {
      const heard = keyed.what === 'extension' ? this.#extension(keyed) : this.#keyed(keyed)
      if (!(heard instanceof Promise)) return put(heard)
      void heard
        .catch((error: unknown): Heard => {
          parts.log(`a number keyed in could not be looked up; the caller is asked again: ${String(error)}`)
          return this.#unusable(keyed)
        })
        .then(put)
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
        return ending(event, this.#ahead())
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
      case 'phone.lost':
        return { type: 'phone.lose', agentId: event.agentId }
      case 'phone.found':
        return { type: 'phone.find', agentId: event.agentId }
    }
  }

  /** `barred`: why the contact on the card may not be rung at this instant. */
  async ask(command: PeopleCommand, barred: string | null): Promise<Heard<PeopleInput>> {
    if (command.type === 'card.call') return { input: { ...command, barred } }
    if (command.type === 'callback.order') return this.#order(command)
    if (command.type === 'call.dial') return this.#dial(command)
    if (command.type === 'talk.consult') return { input: { ...command, to: await this.#called(command.to) } }
    if (command.type === 'talk.transfer') {
      const { to, ...rest } = command
      return { input: to === undefined ? rest : { ...rest, to: await this.#called(to) } }
    }
    if (command.type === 'entry.delete' && command.note !== undefined && command.note !== '') {
      const { note, ...rest } = command
      const kept = this.#note(note)
      return { input: { ...rest, noteId: kept.noteId }, notes: [kept] }
    }
    if (command.type === 'doNotCall.add') {
      const { number, reason, ...rest } = command
      const input = { ...rest, person: await this.#personOf(number) }
      if (reason === undefined || reason === '') return { input }
      const kept = this.#note(reason)
      return { input: { ...input, noteId: kept.noteId }, notes: [kept] }
    }
    if (command.type === 'doNotCall.remove') {
      const { number, ...rest } = command
      return { input: { ...rest, person: await this.#personOf(number) } }
    }
    return { input: command }
  }

  /** What is no number is nobody: the rules say no. */
  async #personOf(text: string): Promise<PersonId> {
    const { number, barred } = this.#kit().numbers.read(text)
    return barred === 'invalid' ? '' : this.people.idOf(number, this.#now())
  }

  /** A name is the person's own, but behind a switchboard: there it says whom to ask for, as an extension does wherever it is given. */
  async #order(command: Extract<PeopleCommand, { type: 'callback.order' }>): Promise<Heard<PeopleInput>> {
    const { number, name, extension, ...rest } = command
    const read = this.#kit().numbers.read(number)
    const known = { ...rest, line: this.#anyLine(), barred: read.barred }
    const person = await this.people.idOf(read.number, this.#now())
    const behind = read.switchboard === true
    const input = { ...known, person, ...(behind ? { switchboard: true } : {}) }
    const ours = this.#kit().lines.some((line) => line.personId === person)
    const named =
      behind || ours || name === undefined ? {} : { named: { personId: person, number: read.number, kind: 'person', name } as const }
    const words = [behind ? name : undefined, extension].filter((word) => word !== undefined && word !== '')
    if (words.length === 0) return { input, ...named }
    const kept = this.#note(words.join(', '))
    return { input: { ...input, noteId: kept.noteId }, notes: [kept], ...named }
  }

  async #dial(command: Extract<PeopleCommand, { type: 'call.dial' }>): Promise<Heard<PeopleInput>> {
    const { to, callerId, ...rest } = command
    const called = await this.#called(to)
    if (callerId === undefined) return { input: { ...rest, to: called } }
    const shown = this.#kit().numbers.read(callerId).number
    // One that is none of ours is nobody's line: the rules say no.
    const line = this.#kit().lines.find(({ number }) => number === shown)?.personId ?? ''
    return { input: { ...rest, to: called, callerId: line } }
  }

  /** What cannot be called is nobody: no person is made of it. */
  async #called(to: Callee): Promise<Called> {
    if (!('number' in to)) return to
    const { number, barred } = this.#kit().numbers.read(to.number)
    return { person: barred === 'invalid' ? '' : await this.people.idOf(number, this.#now()), barred }
  }

  #note(text: string): { readonly noteId: string; readonly text: string } {
    return { noteId: `n${this.#chance.id(this.#now())}`, text }
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
      ...(read?.switchboard === true ? { switchboard: true } : {}),
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

  #keyed({ callId, digits }: KeyedIn): Heard | Promise<Heard> {
    const read = this.#kit().numbers.read(digits)
    if (digits === '' || read.barred !== null) return this.#unusable({ callId })
    const kind = read.switchboard === true ? { switchboard: true } : {}
    const found = (person: PersonId): Heard => ({ input: { type: 'number.enter', callId, person, callable: true, ...kind } })
    const person = this.people.idOf(read.number, this.#now())
    return person instanceof Promise ? person.then(found) : found(person)
  }

  #unusable({ callId }: Pick<KeyedIn, 'callId'>): Heard {
    return { input: { type: 'number.enter', callId, person: null, callable: false } }
  }

  /** # alone says that there is none; silence is no answer. */
  #extension({ callId, digits, closed }: KeyedIn): Heard {
    const entered = { type: 'extension.enter', callId } as const
    if (digits === '') return { input: { ...entered, noteId: null, usable: closed } }
    if (digits.length > EXTENSION_DIGITS_MAX) return { input: { ...entered, noteId: null, usable: false } }
    const kept = this.#note(digits)
    return { input: { ...entered, noteId: kept.noteId, usable: true }, notes: [kept] }
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

/** A leg the switch gave up ended when the last was heard of it. */
function ending({ legId, outcome, by, cause, lost }: Extract<TelephonyEvent, { type: 'leg.ended' }>, aheadMs: Ms): Input {
  const swept = lost === undefined ? {} : { reconciled: true, swept: lost.what, happenedAt: lost.since + aheadMs }
  return { type: 'leg.end', legId, outcome, by, cause, ...swept }
}
