/**
 * One seed: a drawn world in which people do everything at once and things fail, then a quiet phase in which all must drain. Checkers
 * look on all the time. The seed and the commit decide everything.
 */
import { apply, begin, type CallStory, projectCall, storyOf } from '#core/archive/projection.ts'
import type { PeopleCommand } from '#core/commands.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import { callOf, type Recorded } from '#core/facts.ts'
import type { CallId, Ms } from '#core/kernel/kernel.ts'
import { evolve } from '#core/world/evolve.ts'
import { initial, save } from '#core/world/world.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Answer } from '#ports/engine.ts'
import type { Snapshot } from '#ports/journal.ts'
import { type SeededChance, seededChance } from './chance.ts'
import { Account } from './checkers/account.ts'
import type { Broken, Law } from './checkers/laws.ts'
import { storyFaults } from './checkers/story.ts'
import { settled, VirtualClock } from './clock.ts'
import { Crowd } from './crowd.ts'
import { Coverage, type Hits } from './faults/coverage.ts'
import { Trouble } from './faults/trouble.ts'
import { Host } from './host.ts'
import { SimulatedNetwork } from './network.ts'
import { drawOptions, type Options } from './options.ts'
import { storiesOf } from './player.ts'
import { promptLengths } from './prompts.ts'
import { drawKit } from './random.ts'
import { Store } from './store.ts'

export interface Outcome {
  readonly seed: string
  readonly options: Options
  /** Empty: all held. */
  readonly broken: readonly Broken[]
  readonly calls: number
  readonly facts: readonly Recorded[]
  readonly restarts: number
  readonly results: Readonly<Record<string, number>>
  readonly hits: Hits
}

/** What a world is made with from outside: the lists of campaigns, empty. */
export interface WorldParts {
  readonly contacts: () => Contacts
}

const SECOND: Ms = 1_000
const MINUTE: Ms = 60_000
const HOUR: Ms = 3_600_000
/** A Monday, 08:30 UTC. */
const BEGINS: Ms = Date.UTC(2026, 10, 23, 8, 30)
/** Callbacks wait for an opening hour, at most a day, and drain within some hours of it. */
const QUIET_MS: Ms = 80 * HOUR
const BROKEN_MAX = 20
const LENGTHS = { welcome: 8_000, connected: 2_000, 'callback.choose': 6_000, 'callback.readBack': 9_000, 'campaign.silent': 7_000 }

export async function playSeed(seed: string, parts: WorldParts): Promise<Outcome> {
  const world = new World(seed, parts)
  await world.run()
  return world.outcome()
}

class TooMuch extends Error {}

class World {
  readonly #seed: string
  readonly #chance: SeededChance
  readonly #options: Options
  readonly #clock = new VirtualClock(BEGINS)
  readonly #network: SimulatedNetwork
  readonly #store = new Store()
  readonly #account = new Account()
  readonly #folded = new Map<CallId, CallStory>()
  /** Made of the durable facts alone. */
  readonly #shadow = initial()
  readonly #coverage = new Coverage()
  readonly #crowd: Crowd
  readonly #host: Host
  readonly #trouble: Trouble
  readonly #broken: Broken[] = []

  constructor(seed: string, parts: WorldParts) {
    this.#seed = seed
    this.#chance = seededChance(seed)
    this.#options = drawOptions(this.#chance.fork('options'))
    const kit = drawKit(this.#options, this.#chance.fork('solution'))
    const contacts = parts.contacts()
    const [clock, options, agents] = [this.#clock, this.#options, Object.keys(kit.solution.agents)]
    const network = new SimulatedNetwork({ clock, chance: this.#chance.fork('network'), lengthMs: promptLengths({}, LENGTHS) })
    this.#network = network
    network.onCommand = (command) => {
      if (command.type === 'leg.ring') this.#account.ring(command.legId)
    }
    this.#store.appendMs = options.appendMs
    this.#store.onFacts = (facts) => this.#durable(facts)
    this.#store.onSnapshot = (snapshot) => this.#kept(snapshot)
    this.#host = new Host({
      ...{ clock, network, contacts, kit, pacing: createPacing, store: this.#store },
      chance: this.#chance.fork('host'),
      snapshotEvery: options.snapshotEvery,
      clockSteps: 'clock.forward' in options.faults || 'clock.back' in options.faults,
      said: (line) => line.includes('bug') && this.#say('engine.answers', line),
      failed: (sentence) => this.#say('engine.answers', sentence),
    })
    this.#crowd = new Crowd({
      ...{ clock, network, options, agents, contacts },
      chance: this.#chance.fork('crowd'),
      engine: () => this.#host.engine,
      failed: (broken) => this.#broken.push(broken),
      asked: (command) => this.#asked(command),
    })
    this.#trouble = new Trouble({
      ...{ clock, network, options, agents, host: this.#host, store: this.#store },
      chance: this.#chance.fork('trouble'),
      hit: (fault, met) => this.#coverage.hit(fault, this.#shadow, met),
    })
  }

  async run(): Promise<void> {
    const until = this.#options.hours * HOUR
    await this.#crowd.prepare()
    const starting = this.#host.start()
    try {
      await this.#pass(SECOND)
      await starting
      this.#crowd.begin(until)
      this.#trouble.begin(until)
      await this.#pass(until)
      // Faults that began before end within minutes; then quiet.
      await this.#pass(10 * MINUTE)
      this.#crowd.calmDown()
      // Callbacks expire by the wall, which may have been set back.
      const over = (): boolean => Math.min(this.#clock.monotonic(), this.#clock.now() - BEGINS) > until + QUIET_MS
      while (this.#account.calls.open > 0 && !over()) await this.#pass(10 * MINUTE)
      await this.#pass(20 * MINUTE)
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error
    }
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
      restarts: this.#host.restarts,
      results,
      hits: this.#coverage.hits,
    }
  }

  #say(law: Law, what: string): void {
    this.#broken.push({ law, what })
  }

  async #pass(ms: Ms): Promise<void> {
    await this.#clock.run(this.#clock.now() + ms, async () => {
      await settled()
      if (this.#broken.length + this.#account.broken.length > BROKEN_MAX) throw new TooMuch()
    })
    this.#listen()
  }

  /* ------------------------------------------------------------ what is checked */

  #durable(facts: readonly Recorded[]): void {
    this.#account.take(facts)
    for (const recorded of facts) {
      evolve(this.#shadow, recorded)
      const callId = callOf(recorded.fact)
      if (callId === undefined) continue
      const folded = this.#folded.get(callId)
      if (folded === undefined) this.#folded.set(callId, begin(recorded))
      else apply(folded, recorded)
    }
    this.#shadow.touched.length = 0
  }

  /** What is kept is the world of the facts so far, or the next start begins with another. */
  #kept({ position, state }: Snapshot): void {
    if (position !== this.#shadow.position)
      this.#say('replay.world', `a snapshot at fact ${position} was kept after fact ${this.#shadow.position}`)
    else if (state !== save(this.#shadow))
      this.#say('replay.world', `the snapshot at fact ${position} is another world than the facts make`)
  }

  #asked(_command: PeopleCommand): (answer: Answer) => void {
    return () => undefined
  }

  /** Where nothing is under way, who hears whom is what the facts say. */
  #listen(): void {
    const { engine } = this.#host
    if (engine === null || engine.figures().inbox > 0 || engine.figures().position !== this.#store.facts.length) return
    for (const [legId, legs] of this.#account.joined()) {
      const heard = [...this.#network.hears(legId).legs].sort()
      if (heard.join() !== legs.join()) this.#say('sound.right', `leg ${legId} hears [${heard.join()}], by the facts [${legs.join()}]`)
    }
    for (const legId of this.#account.held())
      if (this.#network.hears(legId).music === null) this.#say('sound.right', `leg ${legId} is on hold without music`)
  }

  async #judge(): Promise<void> {
    this.#account.drained()
    for (const legId of this.#network.rungTwice) this.#say('leg.rungOnce', `leg ${legId} was rung twice`)
    const { facts } = this.#store
    for (const story of storiesOf(facts)) for (const what of storyFaults(story)) this.#say('story.law', what)
    const own = Map.groupBy(facts, ({ fact }) => callOf(fact))
    for (const [callId, folded] of this.#folded)
      if (JSON.stringify(storyOf(folded)) !== JSON.stringify(projectCall(own.get(callId) ?? [])))
        this.#say('replay.archive', `call ${callId}: replay tells another story`)
    const replayed = initial()
    for (const recorded of facts) evolve(replayed, recorded)
    if (save(replayed) !== save(this.#shadow)) this.#say('replay.world', 'replay gives another world')
    await this.#host.engine?.snapshot()
  }
}
