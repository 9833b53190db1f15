/**
 * The one writer of a solution. All that changes passes through here: an input → facts → appended durably → and only then
 * effects and answers. Many inputs share one commit; up to four commits are under way at once, released in order.
 *
 * What goes wrong with the journal: an append that may be retried is retried, with everything after it held back (nothing is acted on
 * that could not be written); an append that was fenced off ends the engine, for somebody else writes.
 */
import type { PeopleCommand } from '#core/commands.ts'
import type { Effect } from '#core/effects.ts'
import type { Recorded } from '#core/facts.ts'
import type { Env, Input } from '#core/inputs.ts'
import type { AgentId, CallId, Ms, QueueId } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import { changed } from '#core/world/react.ts'
import { resume } from '#core/world/resume.ts'
import { turn } from '#core/world/turn.ts'
import { callByEntry, callByLeg, type World } from '#core/world/world.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import type { Answer, EngineFigures, EnginePort, LiveAgent, LiveAlarm, LiveQueue, SolutionKit } from '#ports/engine.ts'
import { PortError } from '#ports/errors.ts'
import type { Batch, Journal, Persons } from '#ports/journal.ts'
import type { Telephony } from '#ports/telephony.ts'
import { Edge } from './edge.ts'
import { Figures } from './figures.ts'
import { Hands } from './hands.ts'
import { liveAgent, liveAlarms, liveQueue } from './live.ts'
import { reconcile } from './reconcile.ts'
import { restore, saveWorld } from './restore.ts'
import { Timers } from './timers.ts'

export interface EngineParts {
  readonly journal: Journal
  readonly persons: Persons
  readonly telephony: Telephony
  readonly clock: Clock
  readonly chance: Chance
  /** The solution new calls are handled by. */
  readonly kit: SolutionKit
  /** Reads a solution's text again, for calls that began under an older one. */
  readonly read: (text: string) => Promise<SolutionKit>
  /** One clear line when something is wrong; silence otherwise. */
  readonly log: (line: string) => void
  /** A snapshot is made on the engine's own thread after so many facts; 0: somebody else makes them. */
  readonly snapshotEvery?: number
}

type CommitListener = Parameters<EnginePort['onCommit']>[0]

/** One input on its way in: its place is taken at once, also while a number is still being looked up. */
interface Waiting {
  input: Input | null
  /** Where `input` turned out to be nothing for the rules. */
  void?: boolean
  readonly answer?: (answer: Answer) => void
  readonly notes?: Batch['notes']
}

interface Commit {
  readonly expected: number
  readonly batch: Batch
  readonly effects: readonly Effect[]
  readonly answers: readonly (() => void)[]
  readonly look: { readonly queues: Set<QueueId>; readonly agents: Set<AgentId>; readonly alarms: boolean }
  readonly startedAt: Ms
  durable: boolean
}

const INPUTS_PER_TURN_MAX = 256
const COMMITS_MAX = 4
const RETRY_MS = 500
const INBOX_MAX = 10_000
const CLOCK_STEP_MS = 2_000

export class Engine implements EnginePort {
  readonly #parts: EngineParts
  readonly #world: World
  readonly #kits = new Map<string, SolutionKit>()
  readonly #timers: Timers
  readonly #edge: Edge
  readonly #hands: Hands
  readonly #figures: Figures
  readonly #inbox: Waiting[] = []
  readonly #commits: Commit[] = []
  readonly #listeners = new Set<CommitListener>()
  readonly #solutionOf = (version: string): Solution => (this.#kits.get(version) ?? this.#parts.kit).solution
  #current: SolutionKit
  #scheduled = false
  #stopped = false
  #trouble: string | null = null
  #wake: { readonly at: Ms; readonly cancel: () => void } | null = null
  #lastWall: Ms
  #lastMonotonic: Ms
  #sinceSnapshot = 0
  #idle: (() => void)[] = []

  private constructor(parts: EngineParts, world: World, kits: ReadonlyMap<string, SolutionKit>) {
    this.#parts = parts
    this.#world = world
    this.#current = parts.kit
    for (const [version, kit] of kits) this.#kits.set(version, kit)
    this.#kits.set(parts.kit.solution.version, parts.kit)
    this.#timers = new Timers(world)
    this.#figures = new Figures(parts.clock)
    this.#edge = new Edge(
      parts,
      () => this.#current,
      (input) => this.#put({ input }),
    )
    this.#hands = new Hands(parts.telephony, this.#edge.people, this.#edge.collector, parts.log)
    this.#lastWall = parts.clock.now()
    this.#lastMonotonic = parts.clock.monotonic()
  }

  /** Rebuilds the world from the journal, reconciles it with the switch, and goes on. Rejects where the journal cannot be opened. */
  static async start(parts: EngineParts): Promise<Engine> {
    const { world, kits, damage } = await restore(parts)
    const engine = new Engine(parts, world, kits)
    if (damage !== null) engine.#put({ input: { type: 'alarm.raise', alarm: 'journalTail', detail: damage } })
    engine.#announceSolution(parts.kit)
    const seen = parts.telephony.start((event) => engine.#telephony(event))
    await seen
    await engine.#reconcile()
    engine.#put({ input: { type: 'engine.start' } })
    engine.#setWake()
    return engine
  }

  async submit(command: PeopleCommand): Promise<Answer> {
    if (this.#stopped) return { ok: false, refused: 'engine.stopped' }
    if (command.type === 'offer.answer' && !this.#parts.telephony.answersFromDesk(command.agentId))
      return { ok: false, refused: 'phone.answerByHand' }
    const { input, notes } = await this.#edge.ask(command)
    return new Promise((resolve) => this.#put({ input, answer: resolve, ...(notes === undefined ? {} : { notes }) }))
  }

  solution(): Solution {
    return this.#current.solution
  }

  async take(kit: SolutionKit): Promise<Answer> {
    for (const queue of this.#world.queues.values()) {
      if (queue.entries.size > 0 && kit.solution.queues[queue.id] === undefined)
        return { ok: false, refused: 'solution.queueInUse', field: `queues.${queue.id}` }
    }
    this.#kits.set(kit.solution.version, kit)
    this.#current = kit
    this.#announceSolution(kit)
    await this.settled()
    return { ok: true }
  }

  queue(id: QueueId): LiveQueue | undefined {
    return this.#current.solution.queues[id] === undefined ? undefined : liveQueue(this.#world, this.#current.solution, id, this.#now())
  }

  agent(id: AgentId): LiveAgent | undefined {
    return this.#current.solution.agents[id] === undefined ? undefined : liveAgent(this.#world, this.#current.solution, id)
  }

  alarms(): readonly LiveAlarm[] {
    return liveAlarms(this.#world)
  }

  figures(): EngineFigures {
    return { ...this.#figures.read(), liveCalls: this.#world.calls.size, position: this.#world.position, inbox: this.#inbox.length }
  }

  trouble(): string | null {
    return (
      this.#trouble ?? (this.#world.switchAway ? 'the telephone switch cannot be reached; calls cannot be taken until it is back' : null)
    )
  }

  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The world as it stands, for those who make snapshots and measure. Not to be changed. */
  world(): World {
    return this.#world
  }

  /** When everything put in so far is durable and carried out. */
  settled(): Promise<void> {
    return this.#inbox.length === 0 && this.#commits.length === 0 && this.#hands.idle()
      ? Promise.resolve()
      : new Promise((resolve) => this.#idle.push(resolve))
  }

  /** Stops taking inputs, lets what is under way become durable, and leaves the switch as it is: calls live on in it. */
  async stop(): Promise<void> {
    if (this.#stopped) return
    await this.settled()
    this.#stopped = true
    this.#wake?.cancel()
    this.#edge.collector.stop()
    await this.#parts.telephony.stop()
    await this.#parts.journal.close()
  }

  /* ------------------------------------------------------------- in */

  #telephony(event: Parameters<Parameters<Telephony['start']>[0]>[0]): void {
    if (this.#stopped) return
    if (event.type === 'switch.found') {
      this.#put({ input: { type: 'switch.find' } })
      void this.#reconcile()
      return
    }
    if (event.type === 'leg.arrived' && !this.#mayEnter()) {
      this.#figures.refused()
      this.#parts.telephony.send({ type: 'leg.hangUp', legId: event.legId, why: 'overload' })
      return
    }
    const input = this.#edge.hear(event)
    if (input === null) return
    if (!(input instanceof Promise)) {
      this.#put({ input })
      return
    }
    const waiting: Waiting = { input: null }
    this.#put(waiting)
    input.then(
      (found) => {
        waiting.input = found
        this.#schedule()
      },
      (error: unknown) => {
        waiting.void = true
        this.#parts.log(`a caller's number could not be looked up: ${String(error)}`)
        this.#parts.telephony.send({ type: 'leg.hangUp', legId: event.type === 'leg.arrived' ? event.legId : '', why: 'overload' })
        this.#schedule()
      },
    )
  }

  /** More than the solution allows, or nothing can be written: refused before any prompt. */
  #mayEnter(): boolean {
    const solution = this.#current.solution
    return (
      this.#trouble === null &&
      this.#inbox.length < INBOX_MAX &&
      this.#world.calls.size < solution.liveCallsMax &&
      this.#figures.arrival(solution.callsPerSecondMax)
    )
  }

  #announceSolution(kit: SolutionKit): void {
    for (const line of kit.lines) this.#edge.people.addLine(line)
    this.#put({ input: { type: 'solution.take', version: kit.solution.version } })
    this.#turnDay()
    for (const hoursId of kit.solution.hours) this.#turnHours(hoursId)
  }

  #turnHours(hoursId: string): void {
    this.#put({ input: { type: 'hours.turn', hoursId, ...this.#current.calendar.hours(hoursId, this.#now()) } })
  }

  #turnDay(): void {
    const day = this.#current.calendar.day(this.#now())
    this.#put({ input: { type: 'day.turn', from: day.from, until: day.to } })
  }

  #put(waiting: Waiting): void {
    this.#inbox.push(waiting)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped || this.#commits.length >= COMMITS_MAX) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#run()
    })
  }

  /* ------------------------------------------------------------- turns */

  #run(): void {
    if (this.#stopped || this.#trouble !== null || this.#commits.length >= COMMITS_MAX) return
    const commit = {
      facts: [] as Recorded[],
      effects: [] as Effect[],
      answers: [] as (() => void)[],
      notes: [] as NonNullable<Batch['notes']>[number][],
    }
    const expected = this.#world.position
    for (let count = 0; count < INPUTS_PER_TURN_MAX; count += 1) {
      const next = this.#inbox[0]
      if (next === undefined || (next.input === null && next.void !== true)) break
      this.#inbox.shift()
      if (next.input === null) continue
      if (next.notes !== undefined) commit.notes.push(...next.notes)
      this.#turn(next.input, next.answer, commit)
    }
    this.#timers.feed()
    this.#setWake()
    this.#append(expected, commit)
    if (this.#inbox.length > 0) this.#schedule()
  }

  #turn(input: Input, answer: Waiting['answer'], commit: { facts: Recorded[]; effects: Effect[]; answers: (() => void)[] }): void {
    const began = performance.now()
    const at = this.#now()
    let ids = 0
    let own: string | null = null
    const env: Env = {
      at,
      id: (prefix) => {
        own ??= this.#parts.chance.id(at)
        ids += 1
        return `${prefix}${own}${ids.toString(36)}`
      },
      solution: this.#solutionOf,
    }
    const callId = this.#callOf(input)
    const done = turn(this.#world, input, env)
    for (const recorded of done.facts) commit.facts.push(recorded)
    for (const effect of done.effects) commit.effects.push(effect)
    if (answer !== undefined) commit.answers.push(() => answer(answerOf(done, callId, this.#world, input)))
    if (done.bug !== null) this.#setAside(done.bug, input, callId)
    this.#figures.turn(performance.now() - began)
  }

  #setAside(bug: unknown, input: Input, callId: CallId | undefined): void {
    const what = bug instanceof Error ? bug.message : String(bug)
    this.#parts.log(`a bug was met at ${input.type}${callId === undefined ? '' : `; call ${callId} is set aside`}: ${what}`)
    if (callId !== undefined && input.type !== 'call.setAside') this.#put({ input: { type: 'call.setAside', callId } })
  }

  #callOf(input: Input): CallId | undefined {
    if ('callId' in input && input.callId !== undefined) return input.callId
    if ('legId' in input) return callByLeg(this.#world, input.legId)?.id
    return 'entryId' in input ? callByEntry(this.#world, input.entryId)?.id : undefined
  }

  #now(): Ms {
    return Math.max(this.#world.at, Math.floor(this.#parts.clock.now()))
  }

  /* ------------------------------------------------------------- durable */

  #append(
    expected: number,
    made: { facts: Recorded[]; effects: Effect[]; answers: (() => void)[]; notes: NonNullable<Batch['notes']>[number][] },
  ): void {
    const persons = this.#edge.people.take()
    const solutions = this.#solutionsIn(made.facts)
    const batch: Batch = {
      facts: made.facts,
      ...(persons.length === 0 ? {} : { persons }),
      ...(made.notes.length === 0 ? {} : { notes: made.notes }),
      ...(solutions.length === 0 ? {} : { solutions }),
    }
    const nothing = made.facts.length === 0 && persons.length === 0
    if (nothing && made.effects.length === 0 && made.answers.length === 0) {
      this.#whenIdle()
      return
    }
    const look = changed(this.#world, made.facts, this.#current.solution)
    const commit: Commit = {
      expected,
      batch,
      effects: made.effects,
      answers: made.answers,
      look,
      startedAt: performance.now(),
      durable: nothing,
    }
    this.#commits.push(commit)
    if (nothing) this.#release()
    else this.#write(commit)
  }

  #solutionsIn(facts: readonly Recorded[]): { version: string; text: string }[] {
    return facts.flatMap(({ fact }) => {
      const kit = fact.type === 'solution.taken' ? this.#kits.get(fact.version) : undefined
      return kit === undefined ? [] : [{ version: kit.solution.version, text: kit.text }]
    })
  }

  #write(commit: Commit): void {
    this.#parts.journal.append(commit.expected, commit.batch).then(
      () => {
        commit.durable = true
        this.#figures.commit(performance.now() - commit.startedAt)
        if (this.#trouble !== null && this.#commits[0] === commit) this.#recovered()
        this.#release()
      },
      (error: unknown) => this.#failed(commit, error),
    )
  }

  /** Only the oldest commit's failure tells something; those behind it failed because it did, and are written again after it. */
  #failed(commit: Commit, error: unknown): void {
    if (this.#stopped) return
    if (!(error instanceof PortError && error.retry)) {
      this.#trouble = 'the journal is written by somebody else; this engine has stopped'
      this.#parts.log(`the journal refused for good, nothing more is done here: ${String(error)}`)
      this.#stopped = true
      this.#wake?.cancel()
      return
    }
    if (this.#trouble === null) {
      this.#trouble = 'the journal cannot be written; no new calls are taken until it can'
      this.#parts.log(`${this.#trouble}: ${error.message}`)
    }
    if (this.#commits[0] !== commit) return
    this.#parts.clock.wake(this.#parts.clock.now() + RETRY_MS, () => this.#write(commit))
  }

  #recovered(): void {
    this.#trouble = null
    this.#parts.log('the journal can be written again')
    for (const behind of this.#commits.slice(1)) if (!behind.durable) this.#write(behind)
  }

  #release(): void {
    for (let first = this.#commits[0]; first?.durable === true; first = this.#commits[0]) {
      this.#commits.shift()
      for (const effect of first.effects) this.#hands.carryOut(effect)
      for (const answer of first.answers) answer()
      const { facts } = first.batch
      if (facts.length > 0) for (const listener of this.#listeners) listener({ facts, ...first.look })
      this.#snapshotAfter(facts.length)
    }
    this.#schedule()
    this.#whenIdle()
  }

  #whenIdle(): void {
    if (this.#idle.length === 0 || this.#inbox.length > 0 || this.#commits.length > 0) return
    if (!this.#hands.idle()) {
      void this.#hands.whenIdle().then(() => this.#whenIdle())
      return
    }
    const waiting = this.#idle
    this.#idle = []
    for (const resolve of waiting) resolve()
  }

  #snapshotAfter(facts: number): void {
    const every = this.#parts.snapshotEvery ?? 0
    this.#sinceSnapshot += facts
    if (every === 0 || this.#sinceSnapshot < every || this.#commits.length > 0) return
    this.#sinceSnapshot = 0
    this.snapshot().catch((error: unknown) => this.#parts.log(`a snapshot could not be kept: ${String(error)}`))
  }

  /** Keeps the world as it stands. Call only where nothing is under way. */
  async snapshot(): Promise<void> {
    await this.#parts.journal.saveSnapshot({ position: this.#world.position, state: saveWorld(this.#world) })
  }

  /* ------------------------------------------------------------- time */

  #setWake(): void {
    const at = this.#timers.next()
    if (this.#wake?.at === at || this.#stopped) return
    this.#wake?.cancel()
    this.#wake = at === null ? null : { at, cancel: this.#parts.clock.wake(at, () => this.#due()) }
  }

  #due(): void {
    this.#wake = null
    this.#watchClock()
    const now = this.#now()
    for (let input = this.#timers.pop(now); input !== null; input = this.#timers.pop(now)) {
      if (input.type === 'hours.timeOut') this.#turnHours(input.hoursId)
      else if (input.type === 'day.timeOut') this.#turnDay()
      else this.#put({ input })
    }
    this.#setWake()
  }

  /** A step of the wall clock over 2 s is a fact and an alarm. */
  #watchClock(): void {
    const wall = this.#parts.clock.now()
    const monotonic = this.#parts.clock.monotonic()
    const byMs = Math.round(wall - this.#lastWall - (monotonic - this.#lastMonotonic))
    this.#lastWall = wall
    this.#lastMonotonic = monotonic
    if (Math.abs(byMs) > CLOCK_STEP_MS) this.#put({ input: { type: 'clock.step', byMs } })
  }

  async #reconcile(): Promise<void> {
    try {
      await reconcile(
        this.#world,
        this.#solutionOf,
        this.#parts.telephony,
        (input) => this.#put({ input }),
        (effect) => this.#hands.carryOut(effect),
        (event) => this.#telephony(event),
      )
      await this.settled()
      for (const effect of resume(this.#world, this.#solutionOf)) this.#hands.carryOut(effect)
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      this.#put({ input: { type: 'switch.lose' } })
    }
  }
}

function answerOf(done: ReturnType<typeof turn>, callId: CallId | undefined, world: World, input: Input): Answer {
  if (done.refused !== null)
    return { ok: false, refused: done.refused.refused, ...(done.refused.field === undefined ? {} : { field: done.refused.field }) }
  if (done.bug !== null) return { ok: false, refused: 'engine.bug' }
  for (const { fact } of done.facts) {
    if (fact.type === 'callback.ordered') return { ok: true, callId: fact.callId, entryId: fact.entryId }
  }
  if (input.type === 'callback.order') {
    for (const id of world.callbacksOf.get(input.person) ?? []) {
      const call = callByEntry(world, id)
      if (call?.entry?.queueId === input.queueId) return { ok: true, callId: call.id, entryId: id }
    }
  }
  return callId === undefined ? { ok: true } : { ok: true, callId }
}
