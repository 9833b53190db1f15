/**
 * One seed: a drawn world in which people do everything at once and things fail, then a quiet phase in which all must drain. Checkers
 * look on all the time. The seed and the commit decide everything.
 */
import { apply, begin, type CallStory, projectCall, storyOf } from '#core/archive/projection.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import { callOf, type Recorded } from '#core/facts.ts'
import type { AgentId, CallId, LegId, Ms } from '#core/kernel/kernel.ts'
import { evolve } from '#core/world/evolve.ts'
import { initial, save } from '#core/world/world.ts'
import type { Engine } from '#engine/engine.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Snapshot } from '#ports/journal.ts'
import { type SeededChance, seededChance } from './chance.ts'
import { Checkers } from './checkers/all.ts'
import type { Broken, Law } from './checkers/laws.ts'
import { storyFaults } from './checkers/story.ts'
import { settled, VirtualClock } from './clock.ts'
import { Crowd } from './crowd.ts'
import { Coverage, type Hits } from './faults/coverage.ts'
import type { Fault } from './faults/kinds.ts'
import { type Met, Trouble } from './faults/trouble.ts'
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
const LOOKS_EVERY_MS: Ms = 20_000
/** After something was wrong: what was to be heard is put right by then. */
const LISTENS_AFTER_MS: Ms = 30_000
/** A hang-up that was lost is made good by the sweep, once commands are lost no more: that lasts five minutes at most. */
const LEFT_UP_MS: Ms = 6 * MINUTE
/** A join that was lost is asked for again within ten seconds, and a slow network takes its time for each of three steps. */
const JOINED_AFTER_MS: Ms = 20_000
/** Music stops for a message; that it has been heard may be lost on the way, and is then found out within ten seconds. */
const SILENT_MS_MAX: Ms = 10_000
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
  readonly #checkers = new Checkers()
  readonly #folded = new Map<CallId, CallStory>()
  /** Made of the durable facts alone. */
  readonly #shadow = initial()
  readonly #coverage = new Coverage()
  readonly #crowd: Crowd
  readonly #host: Host
  readonly #trouble: Trouble
  readonly #agents: readonly AgentId[]
  readonly #contacts: Contacts
  /** When a line was first found up that is over by the facts, by waiting. */
  readonly #leftUpSince = new Map<LegId, Ms>()
  /** When it was last lost who is to be in a bridge of a call, by waiting. */
  readonly #joinLost = new Map<CallId, Ms>()
  /** Since when nothing is wrong, by waiting; null: something is. */
  #calmSince: Ms | null = null

  constructor(seed: string, parts: WorldParts) {
    this.#seed = seed
    this.#chance = seededChance(seed)
    this.#options = drawOptions(this.#chance.fork('options'))
    const kit = drawKit(this.#options, this.#chance.fork('solution'))
    const contacts = parts.contacts()
    const [clock, options, agents] = [this.#clock, this.#options, Object.keys(kit.solution.agents)]
    this.#agents = agents
    this.#contacts = contacts
    const network = new SimulatedNetwork({ clock, chance: this.#chance.fork('network'), lengthMs: promptLengths({}, LENGTHS) })
    this.#network = network
    network.onCommand = (command) => {
      if (command.type === 'leg.ring') this.#checkers.ring(command.legId)
    }
    this.#store.appendMs = options.appendMs
    this.#store.onFacts = (facts) => this.#durable(facts)
    this.#store.onSnapshot = (snapshot) => this.#kept(snapshot)
    this.#host = new Host({
      ...{ clock, network, contacts, kit, pacing: createPacing, store: this.#store },
      chance: this.#chance.fork('host'),
      snapshotEvery: options.snapshotEvery,
      clockSteps: 'clock.forward' in options.faults || 'clock.back' in options.faults,
      said: (line) => line.includes('bug') && this.#checkers.say('engine.answers', line),
      failed: (sentence) => this.#checkers.say('engine.answers', sentence),
    })
    this.#crowd = new Crowd({
      ...{ clock, network, options, agents, contacts },
      chance: this.#chance.fork('crowd'),
      engine: () => this.#host.engine,
      failed: ({ law, what }) => this.#checkers.say(law, what),
      asked: (command) => this.#checkers.asked(command),
      listed: (one) => this.#checkers.listed(one),
    })
    this.#trouble = new Trouble({
      ...{ clock, network, options, agents, host: this.#host, store: this.#store },
      chance: this.#chance.fork('trouble'),
      hit: (fault, met) => this.#hit(fault, met),
    })
  }

  async run(): Promise<void> {
    const until = this.#options.hours * HOUR
    await this.#crowd.prepare()
    const starting = this.#host.start()
    try {
      await this.#pass(SECOND)
      await starting
      this.#looks()
      this.#crowd.begin(until)
      this.#trouble.begin(until)
      await this.#pass(until)
      // Faults that began before end within minutes; then quiet.
      await this.#pass(10 * MINUTE)
      this.#crowd.calmDown()
      // Callbacks expire by the wall, which may have been set back.
      const over = (): boolean => Math.min(this.#clock.monotonic(), this.#clock.now() - BEGINS) > until + QUIET_MS
      while (this.#checkers.account.calls.open > 0 && !over()) await this.#pass(10 * MINUTE)
      await this.#pass(20 * MINUTE)
      this.#checkers.drained()
    } catch (error) {
      // What has not ended where it is broken off tells nothing.
      if (!(error instanceof TooMuch)) throw error
    }
    await this.#judge()
  }

  #hit(fault: Fault, met: Met): void {
    this.#coverage.hit(fault, this.#shadow, met)
    if (fault === 'join.lost' && met !== null && 'callId' in met) this.#joinLost.set(met.callId, this.#clock.monotonic())
  }

  outcome(): Outcome {
    const results: Record<string, number> = {}
    for (const story of storiesOf(this.#store.facts)) results[story.result] = (results[story.result] ?? 0) + 1
    return {
      seed: this.#seed,
      options: this.#options,
      broken: this.#checkers.broken.slice(0, BROKEN_MAX),
      calls: this.#checkers.account.calls.begun,
      facts: this.#store.facts,
      restarts: this.#host.restarts,
      results,
      hits: this.#coverage.hits,
    }
  }

  async #pass(ms: Ms): Promise<void> {
    await this.#clock.run(this.#clock.now() + ms, async () => {
      await settled()
      if (this.#checkers.count > BROKEN_MAX) throw new TooMuch()
    })
    this.#listen()
  }

  /* ------------------------------------------------------------ what is checked */

  #durable(facts: readonly Recorded[]): void {
    this.#checkers.take(facts, this.#clock.monotonic())
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
      this.#checkers.say('replay.world', `a snapshot at fact ${position} was kept after fact ${this.#shadow.position}`)
    else if (state !== save(this.#shadow))
      this.#checkers.say('replay.world', `the snapshot at fact ${position} is another world than the facts make`)
  }

  /** Looks again and again: what need only hold where nothing is wrong is asked where nothing has been for a while. */
  #looks(): void {
    const { engine } = this.#host
    const now = this.#clock.monotonic()
    const isCalm = engine !== null && engine.trouble() === null && !this.#store.full && this.#store.appendMs < SECOND
    this.#calmSince = isCalm ? (this.#calmSince ?? now) : null
    if (engine !== null && this.#isAtRest(engine))
      this.#checkers.look(
        this.#agents.flatMap((id) => engine.agent(id) ?? []),
        now,
        this.#calmSince === null ? 0 : now - this.#calmSince,
      )
    if (this.#calmSince !== null && now - this.#calmSince > LISTENS_AFTER_MS) this.#listen()
    this.#clock.wake(this.#clock.now() + LOOKS_EVERY_MS, () => this.#looks())
  }

  #isAtRest(engine: Engine): boolean {
    const { inbox, position } = engine.figures()
    return inbox === 0 && position === this.#store.facts.length
  }

  /** Where nothing is under way, and the switch is known to be there, who hears whom is what the facts say. */
  #listen(): void {
    const { engine } = this.#host
    const say = (law: Law, what: string): void => this.#checkers.say(law, `after fact ${this.#shadow.position}: ${what}`)
    if (engine === null || !this.#isAtRest(engine) || engine.trouble() !== null || !this.#network.isQuiet()) return
    // Whose line is over hears nothing, also before that is told.
    const isUp = (legId: LegId): boolean => this.#network.phoneOf(legId) !== undefined
    const { sounds } = this.#checkers.account
    for (const [legId, legs] of sounds.joined()) {
      if (![legId, ...legs].every(isUp) || this.#isJoinedAgain(legId)) continue
      const heard = this.#heardBy(legId)
      if (heard.join() !== legs.join()) say('sound.right', `leg ${legId} hears [${heard.join()}], by the facts [${legs.join()}]`)
    }
    for (const { legId } of this.#network.onTheLine()) if (this.#checkers.account.isOver(legId)) this.#leftUp(legId)
    const isSilent = (legId: LegId): boolean => isUp(legId) && this.#network.silentMs(legId) > SILENT_MS_MAX
    for (const legId of sounds.wait()) {
      if (isSilent(legId)) say('sound.right', `leg ${legId} waits in silence`)
      const heard = this.#heardBy(legId)
      if (heard.length > 0 && !this.#isJoinedAgain(legId)) say('sound.right', `leg ${legId} waits, and hears [${heard.join()}]`)
    }
    for (const legId of sounds.alone())
      if (isSilent(legId) && !this.#isJoinedAgain(legId)) say('sound.right', `leg ${legId} is left in silence`)
  }

  /** Whose hang-up was lost on the way is heard until it is asked for again: that it is, is a law of its own. */
  #heardBy(legId: LegId): readonly LegId[] {
    return this.#network
      .hears(legId)
      .legs.filter((other) => !this.#checkers.account.isOver(other))
      .sort()
  }

  /** A join that was lost is made good by the sweep, and by then no law holds: after the last one of its call that was. */
  #isJoinedAgain(legId: LegId): boolean {
    const lostAt = this.#joinLost.get(this.#checkers.account.legs.get(legId)?.callId ?? '')
    return lostAt !== undefined && this.#clock.monotonic() - lostAt < JOINED_AFTER_MS
  }

  #leftUp(legId: LegId): void {
    const now = this.#clock.monotonic()
    const since = this.#leftUpSince.get(legId) ?? now
    this.#leftUpSince.set(legId, since)
    if (now - since > LEFT_UP_MS) this.#checkers.say('leg.over', `leg ${legId} is up, and by the facts it ended ${now - since} ms ago`)
  }

  async #judge(): Promise<void> {
    for (const legId of this.#network.rungTwice) this.#checkers.say('leg.rungOnce', `leg ${legId} was rung twice`)
    try {
      this.#replay()
    } catch (error) {
      this.#checkers.say('replay.world', `the journal cannot be replayed: ${String(error)}`)
    }
    await this.#host.engine?.snapshot()
    await this.#checkers.lists(this.#contacts)
  }

  #replay(): void {
    const { facts } = this.#store
    for (const story of storiesOf(facts)) for (const what of storyFaults(story)) this.#checkers.say('story.law', what)
    const own = Map.groupBy(facts, ({ fact }) => callOf(fact))
    for (const [callId, folded] of this.#folded)
      if (JSON.stringify(storyOf(folded)) !== JSON.stringify(projectCall(own.get(callId) ?? [])))
        this.#checkers.say('replay.archive', `call ${callId}: replay tells another story`)
    const replayed = initial()
    for (const recorded of facts) evolve(replayed, recorded)
    if (save(replayed) !== save(this.#shadow)) this.#checkers.say('replay.world', 'replay gives another world')
  }
}
