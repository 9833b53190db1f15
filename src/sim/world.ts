/**
 * One seed: a drawn world in which people do everything at once and things fail, then a quiet phase in which all must drain. Checkers
 * look on all the time. The seed and the commit decide everything.
 */
import { apply, begin, type CallStory, projectCall, storyOf } from '#core/archive/projection.ts'
import { callOf, type Recorded } from '#core/facts.ts'
import type { CallId, Ms } from '#core/kernel/kernel.ts'
import { evolve } from '#core/world/evolve.ts'
import { initial, save } from '#core/world/world.ts'
import { Engine } from '#engine/engine.ts'
import type { Clock } from '#ports/clock.ts'
import type { Telephony, TelephonyCommand, TelephonyEvent } from '#ports/telephony.ts'
import { type SeededChance, seededChance } from './chance.ts'
import { Account } from './checkers/account.ts'
import { storyFaults } from './checkers/story.ts'
import { settled, VirtualClock } from './clock.ts'
import { Crowd } from './crowd.ts'
import { type NetworkFault, SimulatedNetwork } from './network.ts'
import { storiesOf } from './player.ts'
import { promptLengths } from './prompts.ts'
import { drawKit, drawOptions, type Options } from './random.ts'
import { Store, StoreJournal } from './store.ts'

export interface Outcome {
  readonly seed: string
  readonly options: Options
  /** Sentences; empty: all held. */
  readonly broken: readonly string[]
  readonly calls: number
  readonly facts: readonly Recorded[]
  readonly restarts: number
  readonly results: Readonly<Record<string, number>>
}

const MINUTE: Ms = 60_000
const HOUR: Ms = 3_600_000
/** A Monday, 08:30 UTC. */
const BEGINS: Ms = Date.UTC(2026, 10, 23, 8, 30)
/** Callbacks wait for an opening hour, at most a day, and drain within some hours of it. */
const QUIET_MS: Ms = 80 * HOUR
const BROKEN_MAX = 20

/** What an engine holds on to the world by: let go, it can do nothing any more, as after kill -9. */
class Lifeline {
  alive = true
  readonly #cut = Promise.withResolvers<void>()
  /** Resolves when it is let go: what its engine still waits for will never come. */
  readonly gone = this.#cut.promise

  cut(): void {
    this.alive = false
    this.#cut.resolve()
  }

  clock(real: Clock): Clock {
    return {
      now: () => real.now(),
      monotonic: () => real.monotonic(),
      wake: (at, call) => real.wake(at, () => this.alive && call()),
    }
  }
  telephony(real: Telephony): Telephony {
    return {
      answersFromDesk: (agentId) => real.answersFromDesk(agentId),
      phoneSeenAt: (agentId) => real.phoneSeenAt(agentId),
      start: (handler: (event: TelephonyEvent) => void) => real.start((event) => this.alive && handler(event)),
      send: (command: TelephonyCommand) => (this.alive ? real.send(command) : undefined),
      alive: () => real.alive(),
      past: (legId) => real.past(legId),
      stop: async () => (this.alive ? real.stop() : undefined),
    }
  }
}

export async function playSeed(seed: string): Promise<Outcome> {
  const world = new World(seed)
  await world.run()
  return world.outcome()
}

class World {
  readonly #seed: string
  readonly #chance: SeededChance
  readonly #options: Options
  readonly #clock = new VirtualClock(BEGINS)
  readonly #network: SimulatedNetwork
  readonly #store = new Store()
  readonly #account = new Account()
  readonly #folded = new Map<CallId, CallStory>()
  readonly #crowd: Crowd
  readonly #kit: ReturnType<typeof drawKit>
  readonly #broken: string[] = []
  #engine: Engine | null = null
  #journal: StoreJournal | null = null
  #lifeline = new Lifeline()
  #restarts = -1
  #faults = 0

  constructor(seed: string) {
    this.#seed = seed
    this.#chance = seededChance(seed)
    this.#options = drawOptions(this.#chance.fork('options'))
    this.#kit = drawKit(this.#options, this.#chance.fork('solution'))
    const lengths = { welcome: 8_000, connected: 2_000, 'callback.choose': 6_000, 'callback.readBack': 9_000 }
    this.#network = new SimulatedNetwork({
      clock: this.#clock,
      chance: this.#chance.fork('network'),
      lengthMs: promptLengths({}, lengths),
    })
    this.#network.onCommand = (command) => {
      if (command.type === 'leg.ring') this.#account.ring(command.legId)
    }
    this.#store.onFacts = (facts) => this.#durable(facts)
    this.#crowd = new Crowd({
      clock: this.#clock,
      chance: this.#chance.fork('crowd'),
      network: this.#network,
      options: this.#options,
      agents: Object.keys(this.#kit.solution.agents),
      engine: () => this.#engine,
      failed: (sentence) => this.#broken.push(sentence),
    })
  }

  async run(): Promise<void> {
    const until = BEGINS + this.#options.hours * HOUR
    await this.#start()
    this.#crowd.begin(until)
    this.#trouble(until)
    await this.#pass(until)
    // Faults that began before end within minutes; then quiet.
    await this.#pass(until + 10 * MINUTE)
    this.#crowd.calmDown()
    for (let now = this.#clock.now(); now < until + QUIET_MS && this.#open() > 0; now += 10 * MINUTE) await this.#pass(now + 10 * MINUTE)
    await this.#pass(this.#clock.now() + 10 * MINUTE)
    await this.#judge()
  }

  outcome(): Outcome {
    const results: Record<string, number> = {}
    for (const story of storiesOf(this.#store.facts)) results[story.result] = (results[story.result] ?? 0) + 1
    return {
      seed: this.#seed,
      options: this.#options,
      broken: [...this.#broken, ...this.#account.broken].slice(0, BROKEN_MAX),
      calls: this.#account.calls.begun,
      facts: this.#store.facts,
      restarts: this.#restarts,
      results,
    }
  }

  #open(): number {
    return this.#account.calls.open
  }

  async #pass(until: Ms): Promise<void> {
    await this.#clock.run(until, async () => {
      await settled()
      if (this.#broken.length + this.#account.broken.length > BROKEN_MAX) throw new Error('too much is broken to go on')
    })
    this.#listen()
  }

  /* ------------------------------------------------------------ the engine, and what happens to it */

  async #start(): Promise<void> {
    this.#restarts += 1
    const lifeline = new Lifeline()
    this.#lifeline = lifeline
    const journal = new StoreJournal(this.#store, () => this.#crashed(lifeline))
    this.#journal = journal
    const starting = Engine.start({
      journal,
      persons: journal,
      telephony: lifeline.telephony(this.#network),
      clock: lifeline.clock(this.#clock),
      chance: this.#chance.fork(`ids${this.#restarts}`),
      kit: this.#kit,
      read: async () => this.#kit,
      log: (line) => this.#said(line),
      snapshotEvery: this.#options.snapshotEvery,
    })
    const engine = await Promise.race([starting, lifeline.gone])
    if (lifeline.alive && engine !== undefined) this.#engine = engine
  }

  #said(line: string): void {
    if (line.includes('bug')) this.#broken.push(line)
  }

  /** kill -9, and somebody who starts it again a little later. */
  #crashed(lifeline: Lifeline): void {
    if (!lifeline.alive) return
    lifeline.cut()
    this.#engine = null
    this.#clock.wake(this.#clock.now() + this.#chance.between(0, 20_000), () => this.#startAgain())
  }

  #startAgain(): void {
    this.#start().catch((error: unknown) => this.#broken.push(`the engine did not start: ${String(error)}`))
  }

  #restart(): void {
    const [engine, lifeline] = [this.#engine, this.#lifeline]
    if (engine === null) return
    this.#engine = null
    void Promise.race([engine.stop(), lifeline.gone]).then(() => {
      // A crash on the way starts it again by itself.
      if (!lifeline.alive) return
      lifeline.cut()
      this.#clock.wake(this.#clock.now() + this.#chance.between(0, 5_000), () => this.#startAgain())
    })
  }

  #trouble(until: Ms): void {
    const { options } = { options: this.#options }
    const chance = this.#chance.fork('trouble')
    const often = (perHour: number, deed: () => void): void => {
      if (perHour === 0) return
      const at = this.#clock.now() + chance.wait(HOUR / perHour)
      if (at >= until) return
      this.#clock.wake(Math.round(at), () => {
        deed()
        often(perHour, deed)
      })
    }
    const fault = (name: NetworkFault, mostMs: Ms, trunk?: string) => (): void => {
      this.#network.begin(name, trunk)
      this.#faults += 1
      this.#clock.wake(this.#clock.now() + chance.between(0, mostMs), () => this.#network.end(name, trunk))
    }
    often(options.restartsPerHour, () => this.#restart())
    often(options.crashesPerHour, () => {
      if (this.#journal !== null) this.#journal.dies = chance.pick(['before', 'after'] as const)
    })
    often(options.refusalsPerHour, () => {
      if (this.#journal !== null) this.#journal.refuses = chance.between(1, 4)
    })
    often(options.trunkDownPerHour, fault('trunkDown', 3 * MINUTE))
    often(options.trunkDownPerHour, fault('trunkDown', 3 * MINUTE, 'main'))
    often(options.repeatsPerHour, fault('repeatEvents', 5 * MINUTE))
    often(options.slowPerHour, fault('slow', 2 * MINUTE))
    often(options.lossesPerHour, fault('loseEvents', MINUTE))
  }

  /* ------------------------------------------------------------ what is checked */

  #durable(facts: readonly Recorded[]): void {
    this.#account.take(facts)
    for (const recorded of facts) {
      const callId = callOf(recorded.fact)
      if (callId === undefined) continue
      const folded = this.#folded.get(callId)
      if (folded === undefined) this.#folded.set(callId, begin(recorded))
      else apply(folded, recorded)
    }
  }

  /** Where nothing is under way, who hears whom is what the facts say. */
  #listen(): void {
    if (this.#engine === null || this.#engine.figures().inbox > 0) return
    for (const [legId, legs] of this.#account.joined()) {
      const heard = [...this.#network.hears(legId).legs].sort()
      if (heard.join() !== legs.join()) this.#broken.push(`leg ${legId} hears [${heard.join()}], by the facts [${legs.join()}]`)
    }
    for (const legId of this.#account.held())
      if (this.#network.hears(legId).music === null) this.#broken.push(`leg ${legId} is on hold without music`)
  }

  async #judge(): Promise<void> {
    this.#account.drained()
    for (const legId of this.#network.rungTwice) this.#broken.push(`leg ${legId} was rung twice`)
    const { facts } = this.#store
    for (const story of storiesOf(facts)) this.#broken.push(...storyFaults(story))
    for (const [callId, folded] of this.#folded) {
      const own = facts.filter((recorded) => callOf(recorded.fact) === callId)
      if (JSON.stringify(storyOf(folded)) !== JSON.stringify(projectCall(own)))
        this.#broken.push(`call ${callId}: replay tells another story`)
    }
    const replayed = initial()
    for (const recorded of facts) evolve(replayed, recorded)
    await this.#engine?.snapshot()
    if (this.#engine !== null && save(replayed) !== this.#store.snapshot?.state) this.#broken.push('replay gives another world')
  }
}
