/**
 * A shift of a contact-first campaign without an engine: agents, contacts, and a dialler asked every 500 ms. Fast enough for hundreds of
 * shifts, and harsher than the product: a pause or log-off takes effect at once, also for an agent a call in the air counted on, and
 * nobody but the pacing guards the day's limit.
 */
import type { Decision, PacingFact, Snapshot } from '#core/dialler/pacing.ts'
import { type SeededChance, seededChance } from '../chance.ts'
import { Agenda } from './agenda.ts'
import { type Assumptions, assumptionsOf, drawManner, drawPresences, drawTalk, drawWrap, type Kind, SHIFT_MS, type Turn } from './kinds.ts'

export interface Dialler {
  decide(snapshot: Snapshot): Decision
  observe(fact: PacingFact): void
}

export interface ShiftSettings {
  readonly kind: Kind
  readonly agents: number
  readonly seed: number
  readonly shiftMs?: number
}

/** Rules of every shift: how often the dialler is asked, until when a contact may wait, how long a call rings, what may be ended early. */
export const DECIDE_MS = 500
export const SILENT_AFTER_MS = 2_000
export const RING_TIMEOUT_MS = 25_000
const HANG_UP_FROM_MS = 15_000
const HALF_HOUR = 1_800_000

export interface Outcome {
  readonly placed: number
  readonly answered: number
  readonly silent: number
  /** Ended through hangUp. */
  readonly ended: number
  /** Agents' time, logged on and not paused. */
  readonly idleMs: number
  readonly busyMs: number
  /** (talk + wrap-up) / (idle + talk + wrap-up) */
  readonly share: number
  /** Of the clock's half-hours with 20 answers and more, the one with the largest share of silent calls. */
  readonly worst: number
}

interface Agent {
  state: 'away' | 'idle' | 'talking' | 'wrapping'
  since: number
  /** Of what is to happen to him in this state: other numbers are out of date. */
  turn: number
  /** Logged on; else away means gone. */
  there: boolean
  paused: boolean
  machine: boolean
  /** Paused politely: takes one more call until then. */
  settlesAt: number
}

interface Call {
  readonly dialledAt: number
  readonly machine: boolean
  state: 'ringing' | 'waiting' | 'over'
  answeredAt: number
}

type Happening =
  | { readonly type: 'answer' | 'fail' | 'ringOut' | 'silent'; readonly call: Call }
  | { readonly type: 'talkOver' | 'wrapOver'; readonly agent: Agent; readonly turn: number }
  | { readonly type: 'logOn' | 'logOff' | 'pause' | 'return'; readonly agent: Agent }

class Shift {
  readonly #kind: Kind
  readonly #given: Assumptions
  readonly #dialler: Dialler
  readonly #chance: SeededChance
  readonly #turn: Turn
  readonly #agenda = new Agenda<Happening>()
  readonly #agents: Agent[]
  readonly #lengthMs: number
  #ringing: Call[] = []
  readonly #waiting: Call[] = []
  readonly #totals = { placed: 0, answered: 0, connected: 0, silent: 0, noAnswer: 0, failed: 0 }
  readonly #halves: { answered: number; silent: number }[] = []
  #ended = 0
  #idleMs = 0
  #busyMs = 0
  #now = 0

  constructor({ kind, agents, seed, shiftMs }: ShiftSettings, dialler: Dialler) {
    const chance = seededChance(`${seed}/${kind.name}/${agents}`)
    this.#kind = kind
    this.#dialler = dialler
    this.#lengthMs = shiftMs ?? SHIFT_MS
    this.#given = assumptionsOf(chance.fork('assumptions'))
    this.#chance = chance.fork('calls')
    const turns = new Map<string, number>()
    this.#turn = (stretch, salt) => {
      const name = `${salt}/${stretch}`
      const known = turns.get(name) ?? chance.fork(name).random()
      turns.set(name, known)
      return known
    }
    this.#agents = drawPresences(kind, agents, chance.fork('presences')).map((spans) => {
      const agent: Agent = { state: 'away', since: 0, turn: 0, there: false, paused: false, machine: false, settlesAt: -1 }
      for (const { fromMs, toMs, pauses } of spans) {
        this.#agenda.add(fromMs, { type: 'logOn', agent })
        if (toMs < SHIFT_MS) this.#agenda.add(toMs, { type: 'logOff', agent })
        for (const { atMs, forMs } of pauses) {
          this.#agenda.add(atMs, { type: 'pause', agent })
          this.#agenda.add(atMs + forMs, { type: 'return', agent })
        }
      }
      return agent
    })
  }

  run(): Outcome {
    for (let at = 0; at <= this.#lengthMs; at += DECIDE_MS) {
      this.#until(at)
      const { dial, hangUp } = this.#dialler.decide(this.#snapshot())
      this.#end(hangUp)
      for (let left = Math.min(dial, 2_000); left > 0; left -= 1) this.#dial()
    }
    // The day is over: nobody is dialled any more, but whoever answers still counts.
    this.#until(this.#lengthMs)
    const counted = { idle: this.#idleMs, busy: this.#busyMs }
    for (const agent of this.#agents) {
      const spent = this.#lengthMs - agent.since
      if (agent.state === 'idle') counted.idle += spent
      else if (agent.state !== 'away') counted.busy += spent
    }
    this.#until(this.#lengthMs + RING_TIMEOUT_MS + SILENT_AFTER_MS + 1)
    const { placed, answered, silent } = this.#totals
    const worst = Math.max(0, ...this.#halves.filter((half) => (half?.answered ?? 0) >= 20).map((half) => half.silent / half.answered))
    return {
      placed,
      answered,
      silent,
      ended: this.#ended,
      idleMs: counted.idle,
      busyMs: counted.busy,
      share: counted.busy / Math.max(1, counted.idle + counted.busy),
      worst,
    }
  }

  #until(at: number): void {
    while (this.#agenda.nextAt <= at) {
      this.#now = this.#agenda.nextAt
      const next = this.#agenda.take()
      if (next) this.#happen(next)
    }
    this.#now = at
  }

  #happen(what: Happening): void {
    switch (what.type) {
      case 'answer':
        this.#answered(what.call)
        break
      case 'fail':
        this.#unanswered(what.call, 'failed')
        break
      case 'ringOut':
        this.#unanswered(what.call, 'noAnswer')
        break
      case 'silent':
        this.#silent(what.call)
        break
      case 'talkOver':
        this.#talkOver(what.agent, what.turn)
        break
      case 'wrapOver':
        this.#wrapOver(what.agent, what.turn)
        break
      default:
        this.#moved(what.agent, what.type)
    }
  }

  #dial(): void {
    const manner = drawManner(this.#kind, this.#given, this.#now, this.#turn, this.#chance)
    const setUp = 500 + 1_000 * this.#chance.random()
    const machine = manner.type === 'answers' && manner.machine
    const call: Call = { dialledAt: this.#now, machine, state: 'ringing', answeredAt: 0 }
    this.#totals.placed += 1
    this.#ringing.push(call)
    const rungMs = manner.type === 'rings' ? Number.POSITIVE_INFINITY : setUp + manner.afterMs
    if (rungMs >= RING_TIMEOUT_MS) this.#agenda.add(this.#now + RING_TIMEOUT_MS, { type: 'ringOut', call })
    else this.#agenda.add(this.#now + rungMs, { type: manner.type === 'answers' ? 'answer' : 'fail', call })
  }

  /** The longest-ringing first, and only those that have rung long enough. */
  #end(count: number): void {
    let left = count
    for (const call of this.#ringing) {
      if (left <= 0 || this.#now - call.dialledAt < HANG_UP_FROM_MS) break
      if (call.state !== 'ringing') continue
      left -= 1
      call.state = 'over'
      this.#ended += 1
      this.#dialler.observe({ atMs: this.#now, type: 'hungUp', ringMs: this.#now - call.dialledAt })
    }
  }

  #answered(call: Call): void {
    if (call.state !== 'ringing') return
    call.state = 'waiting'
    call.answeredAt = this.#now
    this.#totals.answered += 1
    this.#half(this.#now).answered += 1
    this.#dialler.observe({ atMs: this.#now, type: 'answered', ringMs: this.#now - call.dialledAt })
    this.#waiting.push(call)
    this.#agenda.add(this.#now + SILENT_AFTER_MS, { type: 'silent', call })
    this.#match()
  }

  #unanswered(call: Call, how: 'failed' | 'noAnswer'): void {
    if (call.state !== 'ringing') return
    call.state = 'over'
    this.#totals[how] += 1
    this.#dialler.observe({ atMs: this.#now, type: how, ringMs: this.#now - call.dialledAt })
  }

  #silent(call: Call): void {
    if (call.state !== 'waiting') return
    call.state = 'over'
    this.#waiting.splice(this.#waiting.indexOf(call), 1)
    this.#totals.silent += 1
    this.#half(call.answeredAt).silent += 1
    this.#dialler.observe({ atMs: this.#now, type: 'silent' })
  }

  #match(): void {
    while (this.#waiting.length > 0) {
      const agent = this.#longestReady()
      const call = agent && this.#waiting.shift()
      if (!agent || !call) return
      call.state = 'over'
      this.#totals.connected += 1
      this.#dialler.observe({ atMs: this.#now, type: 'connected', waitedMs: this.#now - call.answeredAt })
      this.#enter(agent, 'talking')
      agent.machine = call.machine
      const talkMs = drawTalk(this.#kind, this.#given, this.#now, call.machine, this.#turn, this.#chance)
      this.#agenda.add(this.#now + talkMs, { type: 'talkOver', agent, turn: agent.turn })
    }
  }

  #longestReady(): Agent | undefined {
    let found: Agent | undefined
    let polite: Agent | undefined
    for (const agent of this.#agents) {
      if (agent.state === 'idle' && (!found || agent.since < found.since)) found = agent
      if (agent.state === 'away' && agent.there && agent.settlesAt > this.#now) polite = agent
    }
    return found ?? polite
  }

  #talkOver(agent: Agent, turn: number): void {
    if (agent.turn !== turn) return
    this.#dialler.observe({ atMs: this.#now, type: 'talkEnded', talkMs: this.#now - agent.since })
    this.#enter(agent, 'wrapping')
    this.#agenda.add(this.#now + drawWrap(this.#given, agent.machine, this.#chance), { type: 'wrapOver', agent, turn: agent.turn })
  }

  #wrapOver(agent: Agent, turn: number): void {
    if (agent.turn !== turn) return
    this.#dialler.observe({ atMs: this.#now, type: 'wrapEnded', wrapMs: this.#now - agent.since })
    this.#ready(agent)
  }

  #ready(agent: Agent): void {
    const stays = agent.there && !agent.paused
    this.#enter(agent, stays ? 'idle' : 'away')
    this.#dialler.observe({ atMs: this.#now, type: stays ? 'agentReady' : agent.there ? 'agentPaused' : 'agentLoggedOut' })
    if (stays) this.#match()
  }

  #moved(agent: Agent, how: 'logOn' | 'logOff' | 'pause' | 'return'): void {
    if (how === 'logOn' || how === 'logOff') agent.there = how === 'logOn'
    else agent.paused = how === 'pause'
    if (how === 'logOn') agent.paused = false
    const working = agent.state === 'talking'
    const comes = agent.there && !agent.paused
    if (working || comes === (agent.state !== 'away')) return
    if (how === 'pause' && this.#kind.politePauses && agent.state === 'idle')
      agent.settlesAt = this.#now + RING_TIMEOUT_MS + SILENT_AFTER_MS
    this.#ready(agent)
  }

  #enter(agent: Agent, state: Agent['state']): void {
    const spent = this.#now <= this.#lengthMs ? this.#now - agent.since : 0
    if (agent.state === 'idle') this.#idleMs += spent
    else if (agent.state !== 'away') this.#busyMs += spent
    agent.state = state
    agent.since = this.#now
    agent.turn += 1
  }

  #half(at: number): { answered: number; silent: number } {
    const place = Math.floor(at / HALF_HOUR)
    const half = this.#halves[place] ?? { answered: 0, silent: 0 }
    this.#halves[place] = half
    return half
  }

  #snapshot(): Snapshot {
    const talkingMs: number[] = []
    const wrappingMs: number[] = []
    let idle = 0
    let paused = 0
    for (const agent of this.#agents) {
      if (agent.state === 'idle') idle += 1
      else if (agent.state === 'talking') talkingMs.push(this.#now - agent.since)
      else if (agent.state === 'wrapping') wrappingMs.push(this.#now - agent.since)
      else if (agent.there) paused += 1
    }
    this.#ringing = this.#ringing.filter(({ state }) => state === 'ringing')
    return {
      nowMs: this.#now,
      closesAtMs: this.#lengthMs,
      idle,
      paused,
      loggedIn: idle + paused + talkingMs.length + wrappingMs.length,
      talkingMs,
      wrappingMs,
      ringingMs: this.#ringing.map(({ dialledAt }) => this.#now - dialledAt),
      waitingMs: this.#waiting.map(({ answeredAt }) => this.#now - answeredAt),
      totals: { ...this.#totals },
    }
  }
}

export const playShift = (settings: ShiftSettings, dialler: Dialler): Outcome => new Shift(settings, dialler).run()
