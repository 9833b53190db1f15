/** The stage of the engine's figures: a solution, a network, an engine on a journal, and callers. */
import { calendar } from '#adapters/calendar/calendar.ts'
import { readSolution } from '#app/solution.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import { Engine } from '#engine/engine.ts'
import type { SolutionKit } from '#ports/engine.ts'
import type { Journal, Persons } from '#ports/journal.ts'
import type { LegAlive } from '#ports/telephony.ts'
import { seededChance } from '#sim/chance.ts'
import { VirtualClock } from '#sim/clock.ts'
import { SimulatedNetwork } from '#sim/network.ts'

export const AGENTS = 800
const QUEUES = 10
const TALK_MS: Ms = 5_000
/** From our answer: somebody listens to the menu first. */
const PRESSES_AFTER_MS: Ms = 2_000
const STARTS_AT = Date.parse('2026-11-23T08:00:00Z')
export const LINE = '+46850000000'
/** Calls of a second of virtual time: about 550 of the agents are talking or being rung. */
const CALLS_PER_SECOND = 100
/** While more inputs than this wait for the journal, virtual time waits too: so many share a commit, as they do in a busy hour. */
const INPUTS_AHEAD_MAX = 256
/** People who call, one after the other, where more is offered than may come in. */
const NUMBERS = 40_000
/** So much time passes at most before Node's loop turns: what is written meanwhile is told then. */
const PIECE_MS: Ms = 10
const ENDING_STEP_MS: Ms = 200
/** A turn of the engine and the release of its commit in memory are chains of promises no longer than this. */
const PROMISES_LONG = 12

/** Lets promises come to rest without a turn of Node's loop: that costs more than a call's whole turn, and is the clock's, not the engine's. */
async function promisesSettled(): Promise<void> {
  for (let step = 0; step < PROMISES_LONG; step += 1) await undefined
}

/** As a solution file. Its limits are for who starts the program on it; here the stage's own count. */
export const text = JSON.stringify({
  name: 'Bench',
  limits: { callsPerSecondMax: 1_000, liveCallsMax: 100_000 },
  trunks: { carrier: { host: '127.0.0.1' } },
  numbers: { [LINE]: { menu: 'main' } },
  menus: {
    main: {
      prompt: 'welcome',
      choices: Object.fromEntries(Array.from({ length: QUEUES }, (_, index) => [String(index), { queue: `q${index}` }])),
    },
  },
  queues: Object.fromEntries(Array.from({ length: QUEUES }, (_, index) => [`q${index}`, { slaSeconds: 20, waitingMax: 100_000 }])),
  agents: Object.fromEntries(Array.from({ length: AGENTS }, (_, index) => [`agent${index}`, { queues: [`q${index % QUEUES}`] }])),
})

/** How much is let in; usually everything. */
interface Limits {
  readonly callsPerSecondMax: number
  readonly liveCallsMax: number
}
const NO_LIMITS: Limits = { callsPerSecondMax: Number.POSITIVE_INFINITY, liveCallsMax: Number.POSITIVE_INFINITY }

function kitOf(text: string, limits: Limits): SolutionKit {
  const read = readSolution(text, { personOf: (number) => `line${number}` })
  if ('errors' in read) throw new Error(read.errors.map(({ field, message }) => `${field} ${message}`).join('; '))
  const solution = { ...read.solution, ...limits }
  return { solution, text, numbers: read.numbers, calendar: calendar(read.solution.zone, read.hours), lines: read.lines }
}

export class Stage {
  readonly clock: VirtualClock
  readonly #chance = seededChance('bench')
  readonly #network: SimulatedNetwork
  readonly #limits: Limits
  #callers = 0

  constructor(limits = NO_LIMITS, startsAt = STARTS_AT) {
    this.#limits = limits
    this.clock = new VirtualClock(startsAt)
    this.#network = new SimulatedNetwork({ clock: this.clock, chance: this.#chance.fork('network'), lengthMs: () => 4_000 })
  }

  /** What the switch has: it outlives the engine. */
  lines(): Promise<readonly LegAlive[]> {
    return this.#network.alive()
  }

  /** Nobody calls until then. */
  async passUntil(at: Ms): Promise<void> {
    if (at > this.clock.now()) await this.clock.run(at, promisesSettled)
  }

  start(journal: Journal & Persons): Promise<Engine> {
    const { clock } = this
    const read = async (text: string): Promise<SolutionKit> => kitOf(text, this.#limits)
    const log = (line: string): void => console.error(line)
    return Engine.start({
      journal,
      persons: journal,
      telephony: this.#network,
      clock,
      chance: this.#chance,
      kit: kitOf(text, this.#limits),
      read,
      log,
    })
  }

  async logOn(engine: Engine): Promise<void> {
    for (let index = 0; index < AGENTS; index += 1) {
      this.#network.agentPhone(`agent${index}`).whenCalled({ answersAfterMs: 500 })
      await engine.submit({ type: 'agent.logOn', by: 'system', agentId: `agent${index}` })
    }
  }

  /** Nobody is there to answer: who calls now waits. */
  async pause(engine: Engine): Promise<void> {
    const reason = engine.solution().pauseReasons[0] ?? ''
    for (let index = 0; index < AGENTS; index += 1)
      await engine.submit({ type: 'agent.pause', by: 'system', agentId: `agent${index}`, reason })
  }

  /** So many calls at an even rate: the menu, a queue, and a conversation of 5 s if somebody answers. Resolves when virtual time has passed them. */
  async call(engine: Engine, count: number, perSecond = CALLS_PER_SECOND, afterMs: Ms = 60_000): Promise<void> {
    const from = this.clock.now() + 1_000
    const next = (index: number): void => {
      if (index === count) return
      this.clock.wake(from + Math.floor((index * 1_000) / perSecond), () => {
        next(index + 1)
        this.#caller()
      })
    }
    next(0)
    const lastAt = from + (count * 1_000) / perSecond
    await this.clock.run(lastAt, async () => {
      await promisesSettled()
      while (engine.figures().inbox > INPUTS_AHEAD_MAX) await this.#nextCommit(engine)
    })
    // With nobody new, time would run away from what is still to be written.
    for (let until = lastAt; until < lastAt + afterMs; until += ENDING_STEP_MS) {
      await engine.settled()
      await this.clock.run(until, promisesSettled)
    }
    await engine.settled()
  }

  /**
   * So many calls a second of the wall's time, for so long, whatever the engine does with them: who is let in and not joined in
   * `patienceMs` hangs up. `tick`: after every piece of time that passed. Resolves when the last has been offered: how many were.
   */
  async offer(perSecond: number, ms: Ms, patienceMs: Ms, tick: () => Promise<void>): Promise<number> {
    let made = 0
    const [from, began] = [this.clock.now(), performance.now()]
    for (let [offered, passed] = [0, 0]; passed < ms; ) {
      passed = Math.min(ms, passed + PIECE_MS, performance.now() - began)
      for (; offered < (passed * perSecond) / 1_000; offered += 1) made += this.#caller(patienceMs) ? 1 : 0
      await this.clock.run(from + passed, promisesSettled)
      await tick()
    }
    return made
  }

  /** As much time as passes on the wall, nobody calling. */
  async pass(ms: Ms, tick: () => Promise<void>): Promise<void> {
    await this.offer(0, ms, 0, tick)
  }

  #nextCommit(engine: Engine): Promise<void> {
    return new Promise((resolve) => {
      const off = engine.onCommit(() => {
        off()
        resolve()
      })
    })
  }

  /** Somebody new calls, chooses a queue, and hangs up when the conversation has lasted. */
  #caller(patienceMs?: Ms): boolean {
    const caller = this.#callers++
    const call = this.#network.call(`+467${String(10_000_000 + (patienceMs === undefined ? caller : caller % NUMBERS))}`, LINE)
    // He talks still.
    if (call === undefined) return false
    call.onAnswer(() => void this.clock.wake(this.clock.now() + PRESSES_AFTER_MS, () => call.press(String(caller % QUEUES))))
    if (patienceMs !== undefined) {
      let joined = false
      call.onJoin(() => {
        joined = true
      })
      call.onAnswer(() => void this.clock.wake(this.clock.now() + PRESSES_AFTER_MS + patienceMs, () => joined || call.hangUp()))
    }
    call.onJoin(() => void this.clock.wake(this.clock.now() + TALK_MS, () => call.hangUp()))
    return true
  }
}
