/**
 * A day of calls for the demonstration: customers who call, wait, lose patience, order callbacks, do or do not answer; agents who come,
 * pause and go; a supervisor who looks in. Only what people do is made up here: all that is then in the archive comes from the engine.
 * The same functions go on in real time, with calls trickling in.
 */
import type { PeopleCommand } from '#core/commands.ts'
import type { AgentId, Ms } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { SeededChance } from './chance.ts'
import type { DayParts } from './day-parts.ts'
import { Office } from './office.ts'
import type { Behaviour, OwnCall } from './people.ts'

const SECOND: Ms = 1_000
const MINUTE: Ms = 60_000
const HOUR: Ms = 3_600_000
const LOOKS_IN_EVERY: Ms = 40 * MINUTE

/** Numbers set aside for films and books by the Swedish authority PTS: nobody has them. */
const SERIES: readonly (readonly [string, number])[] = [
  ['+46701740', 605],
  ['+46313900', 600],
  ['+46406280', 400],
  ['+46980319', 200],
]
const numberAt = (place: number): string => {
  const [prefix, first] = SERIES[place % SERIES.length] ?? ['+46701740', 605]
  return `${prefix}${first + (Math.floor(place / SERIES.length) % 95)}`
}
const PEOPLE = 95 * SERIES.length
/** Of all customers there are. */
export const CUSTOMER_NUMBERS: readonly string[] = Array.from({ length: PEOPLE }, (_, place) => numberAt(place))
/** Kept apart so that a day always has them: who answers only the second attempt, who never does, whose line is busy at first. */
const SECOND_TIME = 60
const NEVER = 60
const BUSY_FIRST = 30
const PATIENT = SECOND_TIME + NEVER + BUSY_FIRST

/** A softphone that answers by itself. */
const BEEP_MS: Ms = 200

const AT_ONCE = 14
const AT_ONCE_EVERY: Ms = 800

/** A company of the demonstration’s solution, of the same series, and who orders from there. */
const SWITCHBOARD = '+46846500490'
const COLLEAGUES = [{ name: 'Eva Ek' }, { name: 'Kjell Borg' }, { extension: '214' }, { name: 'Amira Said', extension: '33' }]

/** How busy each hour of the local day is, next to the busiest. */
const BUSY: readonly number[] = [
  0.02, 0.02, 0.01, 0.01, 0.02, 0.04, 0.1, 0.3, 0.75, 1, 0.95, 0.8, 0.7, 0.9, 0.85, 0.75, 0.6, 0.35, 0.25, 0.2, 0.15, 0.1, 0.06, 0.03,
]

/** Who takes callers: those who only call for campaigns have nothing to do in a day that has none. */
export const whoTakesCallers = (solution: Solution): readonly AgentId[] =>
  Object.values(solution.agents).flatMap(({ id, profile }) => (profile?.length === 0 ? [] : [id]))

export class Day {
  readonly #parts: DayParts
  readonly #chance: SeededChance
  #office: Office | null = null

  constructor(parts: DayParts) {
    this.#parts = parts
    this.#chance = parts.chance.fork('day')
    for (let place = 0; place < PEOPLE; place++) parts.network.phone(numberAt(place)).decides((time) => this.#called(place, time))
    parts.network.phone(SWITCHBOARD).decides(() => ({ answersAfterMs: this.#seconds(4, 15), talksMs: this.#seconds(60, 240) }))
    parts.network.phone(SWITCHBOARD).manyLines = true
  }

  /**
   * Puts a day into the clock: about so many calls between two instants, as busy as the local hours are. `localHour`: of an instant,
   * 0–23.9. Agents who are not at their desks come, pause and go as well.
   */
  fill(from: Ms, to: Ms, calls: number, agents: readonly AgentId[], localHour: (at: Ms) => number): void {
    const minutes = Array.from({ length: Math.ceil((to - from) / MINUTE) }, (_, minute) => {
      const at = from + minute * MINUTE
      const hour = localHour(at)
      return { at, hour, busy: BUSY[Math.floor(hour) % 24] ?? 0 }
    })
    const sum = minutes.reduce((all, { busy }) => all + busy, 0)
    for (const { at, busy } of minutes) {
      const expected = sum === 0 ? 0 : (calls * busy) / sum
      const many = Math.floor(expected) + (this.#chance.often(expected % 1) ? 1 : 0)
      for (let one = 0; one < many; one++) this.#at(at + this.#chance.between(0, MINUTE - 1), () => this.#calls())
    }
    for (let at = from + LOOKS_IN_EVERY; at < to; at += LOOKS_IN_EVERY) this.#at(at, () => this.#looksIn())
    for (let at = from; at < to; at += 3 * HOUR) this.#at(at + this.#chance.between(0, 3 * HOUR), () => this.#orders())
    for (const agentId of agents) this.#works(agentId, minutes)
    this.#office = this.#officeOf(agents)
    for (const agentId of agents) this.#office.works(agentId, (at) => at < to)
  }

  /** Some at once, so that whoever looks finds people talking and people waiting. Then calls go on coming in, about so many an hour, for as long as the process lives. Returns how to stop it. */
  goOn(callsPerHour: number, agents: readonly AgentId[]): () => void {
    const { clock } = this.#parts
    let stopped = false
    const next = (): void => {
      if (stopped) return
      clock.wake(clock.now() + Math.max(SECOND, this.#chance.wait(HOUR / callsPerHour)), () => {
        if (stopped) return
        this.#calls()
        next()
      })
    }
    for (const agentId of agents) this.#agentPhone(agentId)
    for (const agentId of agents) this.#staysOn(agentId, () => stopped)
    this.#office = this.#officeOf(agents)
    for (const agentId of agents) this.#office.works(agentId, () => !stopped)
    for (let early = 0; early < AT_ONCE; early += 1) this.#in(early * AT_ONCE_EVERY, () => !stopped && this.#calls())
    next()
    return () => {
      stopped = true
    }
  }

  #officeOf(agents: readonly AgentId[]): Office {
    return new Office({ ...this.#parts, agents, customer: () => numberAt(this.#chance.between(PATIENT, PEOPLE - 1)) })
  }

  #at(at: Ms, deed: () => void): void {
    this.#parts.clock.wake(at, deed)
  }

  #in(ms: Ms, deed: () => void): void {
    this.#at(this.#parts.clock.now() + ms, deed)
  }

  #seconds(least: number, most: number): Ms {
    return this.#chance.between(least * 10, most * 10) * 100
  }

  #submit(command: PeopleCommand): void {
    // A refusal is an answer like another: somebody was quicker.
    this.#parts
      .engine()
      .submit(command)
      .catch((error: unknown) => this.#parts.log(`${command.type} failed: ${String(error)}`))
  }

  #talkMs(): Ms {
    return Math.min(Math.round(25 * SECOND + this.#chance.wait(200 * SECOND)), 25 * MINUTE)
  }

  /** What a customer does when we ring. */
  #called(place: number, time: number): Behaviour {
    const answers: Behaviour = { answersAfterMs: this.#seconds(3, 14), talksMs: this.#talkMs() }
    if (place < SECOND_TIME) return time % 2 === 0 ? { ringsMs: 60 * SECOND } : answers
    if (place < SECOND_TIME + NEVER) return { ringsMs: 60 * SECOND }
    if (place < PATIENT) return time % 2 === 0 ? { busyAfterMs: this.#seconds(1, 3) } : answers
    const die = this.#chance.random()
    if (die < 0.62) return answers
    if (die < 0.74) return { ringsMs: 60 * SECOND }
    if (die < 0.9) return { busyAfterMs: this.#seconds(1, 3) }
    if (die < 0.94) return { rejectsAfterMs: this.#seconds(2, 8) }
    return { voicemailAfterMs: this.#seconds(12, 18), talksMs: this.#seconds(15, 40) }
  }

  #calls(): void {
    const place = this.#chance.between(0, PEOPLE - 1)
    const { network, numbers } = this.#parts
    const to = this.#chance.often(0.75) ? numbers[0] : this.#chance.pick(numbers)
    if (to === undefined) return
    const call = network.call(numberAt(place), to, { withheld: place >= PATIENT && this.#chance.often(0.05) })
    if (call === undefined) return
    const patient = place < PATIENT
    call.onAnswer(() => this.#inMenu(call, patient))
    call.onJoin(() => {
      const talkMs = this.#talkMs()
      this.#in(talkMs, () => this.#endsTalk(call))
      this.#office?.talksWith(call, talkMs)
    })
  }

  #inMenu(call: OwnCall, patient: boolean): void {
    const die = this.#chance.random()
    if (!patient && die < 0.04) {
      this.#in(this.#seconds(2, 15), () => call.hangUp())
      return
    }
    const press = (after: Ms): void =>
      this.#in(after, () => {
        call.press(this.#chance.often(0.5) ? (this.#parts.choices[0] ?? '1') : this.#chance.pick(this.#parts.choices))
        this.#waits(call, patient)
      })
    if (die < 0.08) this.#in(this.#seconds(3, 7), () => call.press('9'))
    press(die < 0.08 ? this.#seconds(10, 15) : this.#seconds(2, 9))
  }

  /** In the queue, or soon: patience is limited, and some would rather be rung. */
  #waits(call: OwnCall, patient: boolean): void {
    const die = this.#chance.random()
    if (patient || die < 0.3) this.#in(this.#seconds(8, 50), () => this.#ordersByPhone(call))
    else if (die < 0.4) this.#in(this.#seconds(1, 20), () => this.#leavesUnlessTalking(call))
    else this.#in(Math.round(45 * SECOND + this.#chance.wait(240 * SECOND)), () => this.#leavesUnlessTalking(call))
  }

  #talks(call: OwnCall): boolean {
    return this.#parts.network.hears(call.legId).legs.length > 0
  }

  #leavesUnlessTalking(call: OwnCall): void {
    if (!this.#talks(call)) call.hangUp()
  }

  #ordersByPhone(call: OwnCall): void {
    if (this.#talks(call)) return
    call.press('2')
    const press = (after: Ms, digits: string): void => this.#in(after, () => !this.#talks(call) && call.press(digits))
    const die = this.#chance.random()
    if (die < 0.05) press(this.#seconds(3, 8), '*')
    else if (die < 0.08) this.#in(this.#seconds(2, 6), () => this.#leavesUnlessTalking(call))
    else if (die < 0.14) {
      press(3 * SECOND, '2')
      press(this.#seconds(7, 12), `0${numberAt(this.#chance.between(0, PEOPLE - 1)).slice(3)}#`)
      press(24 * SECOND, '1')
    } else {
      press(this.#seconds(3, 9), '1')
      press(this.#seconds(13, 20), '1')
    }
    // Where none could be ordered he is still waiting.
    this.#in(this.#seconds(120, 400), () => this.#leavesUnlessTalking(call))
  }

  /** Mostly it is the customer who hangs up. */
  #endsTalk(call: OwnCall): void {
    const other = this.#parts.network.hears(call.legId).legs[0]
    const phone = other === undefined || this.#chance.often(0.8) ? undefined : this.#parts.network.phoneOf(other)
    if (phone === undefined || phone.line !== other) {
      call.hangUp()
      return
    }
    phone.hangUp()
    // Where others talk on (a conference one agent has left), the customer ends it before long.
    this.#in(this.#seconds(20, 90), () => call.hangUp())
  }

  /** A callback ordered on the web, now and then by somebody behind a switchboard. */
  #orders(): void {
    const queueId = this.#callbackQueues()[0]
    if (queueId === undefined) return
    const order = { type: 'callback.order', by: 'customer', queueId } as const
    if (this.#chance.often(0.3)) this.#submit({ ...order, number: SWITCHBOARD, ...this.#chance.pick(COLLEAGUES) })
    else this.#submit({ ...order, number: numberAt(this.#chance.between(PATIENT, PEOPLE - 1)) })
  }

  #callbackQueues(): readonly string[] {
    const { queues } = this.#parts.engine().solution()
    return Object.values(queues).flatMap((queue) => (queue.callback === null ? [] : [queue.id]))
  }

  /** Deletes a callback now and then. */
  #looksIn(): void {
    const engine = this.#parts.engine()
    const waiting = this.#callbackQueues().flatMap((id) => engine.queue(id)?.entries.filter((entry) => entry.kind === 'callback') ?? [])
    const entry = waiting.length > 0 && this.#chance.often(0.5) ? this.#chance.pick(waiting) : undefined
    if (entry === undefined) return
    const note = 'Kunden har fått hjälp på annat sätt'
    this.#submit({ type: 'entry.delete', by: 'supervisor', user: this.#parts.supervisor, entryId: entry.entryId, note })
  }

  #agentPhone(agentId: AgentId): void {
    this.#parts.network.agentPhone(agentId).decides(() => {
      // Rung for a contact it answers by itself, whoever sits there.
      if (this.#parts.engine().agent(agentId)?.matter?.kind === 'dialler') return { answersAfterMs: BEEP_MS }
      if (this.#parts.atDesk(agentId)) return { byHand: true }
      const die = this.#chance.random()
      if (die < 0.02) return { ringsMs: 60 * SECOND }
      if (die < 0.035) return { rejectsAfterMs: this.#seconds(2, 6) }
      return { answersAfterMs: this.#seconds(1, 4) }
    })
  }

  #agent(agentId: AgentId, type: 'agent.logOn' | 'agent.logOff' | 'agent.return'): void {
    if (!this.#parts.atDesk(agentId)) this.#submit({ type, by: 'agent', agentId })
  }

  #pauses(agentId: AgentId, forMs: Ms): void {
    const reasons = this.#parts.engine().solution().pauseReasons
    if (this.#parts.atDesk(agentId)) return
    this.#submit({ type: 'agent.pause', by: 'agent', agentId, reason: reasons.length > 0 ? this.#chance.pick(reasons) : 'paus' })
    this.#in(forMs, () => this.#agent(agentId, 'agent.return'))
  }

  /** A shift of each local day, the first perhaps under way: on in the morning, lunch, two breaks, off in the afternoon. One in four works the evening. */
  #works(agentId: AgentId, minutes: readonly { readonly at: Ms; readonly hour: number }[]): void {
    this.#agentPhone(agentId)
    const evening = this.#chance.often(0.25)
    const begins = (evening ? 13 : 7) + this.#chance.random()
    const at = (hour: number, deed: () => void): void => {
      for (const minute of minutes) if (minute.hour <= hour && hour < minute.hour + 1 / 60) this.#at(minute.at, deed)
    }
    const first = minutes[0]
    const underWay = first !== undefined && begins < first.hour && first.hour < begins + 9
    if (underWay) this.#at(first.at, () => this.#agent(agentId, 'agent.logOn'))
    at(begins, () => this.#agent(agentId, 'agent.logOn'))
    at(begins + 2 + this.#chance.random(), () => this.#pauses(agentId, 15 * MINUTE))
    at(begins + 4 + this.#chance.random(), () => this.#pauses(agentId, 35 * MINUTE))
    at(begins + 6.5 + this.#chance.random(), () => this.#pauses(agentId, 10 * MINUTE))
    at(begins + 9, () => this.#agent(agentId, 'agent.logOff'))
  }

  /** In the live demonstration somebody is always there; each pauses now and then. */
  #staysOn(agentId: AgentId, stopped: () => boolean): void {
    this.#agent(agentId, 'agent.logOn')
    const look = (): void =>
      this.#in(this.#seconds(300, 1_500), () => {
        if (stopped()) return
        const state = this.#parts.engine().agent(agentId)?.state
        if (state === 'loggedOff') this.#agent(agentId, 'agent.logOn')
        else if (state === 'paused') this.#agent(agentId, 'agent.return')
        else if (this.#chance.often(0.15)) this.#pauses(agentId, this.#seconds(60, 400))
        look()
      })
    look()
  }
}
