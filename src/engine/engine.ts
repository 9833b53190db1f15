/**
 * The one writer of a solution. All that changes passes through here: an input → facts → appended durably → and only then
 * effects and answers. Many inputs share one commit; up to four commits are under way at once, released in order.
 *
 * What goes wrong with the journal: an append that may be retried is retried, with everything after it held back (nothing is acted on
 * that could not be written); an append that was fenced off ends the engine, for somebody else writes.
 */
import type { PeopleCommand } from '#core/commands.ts'
import type { Input } from '#core/inputs.ts'
import type { CallId, LegId, Ms } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import { changed } from '#core/world/changed.ts'
import { turn } from '#core/world/turn.ts'
import { callByLeg, type World } from '#core/world/world.ts'
import type { Answer, EngineFigures, EnginePort, Once, SolutionKit } from '#ports/engine.ts'
import type { TelephonyEvent } from '#ports/telephony.ts'
import { answerOf, callOfInput, clashOf, envOf } from './answer.ts'
import { asked, solutionInputs } from './calendar.ts'
import { batchOf, type Commit, Commits, type Made, nothingMade, solutionsIn } from './commits.ts'
import { Deadlines } from './deadlines.ts'
import { Dialler } from './dialler/dialler.ts'
import { Edge } from './edge.ts'
import { Figures } from './figures.ts'
import { Gate } from './gate.ts'
import { Hands } from './hands.ts'
import { type Coming, Inbox } from './inbox.ts'
import { letGo } from './letting-go.ts'
import type { EngineParts } from './parts.ts'
import { restore, saveWorld } from './restore.ts'
import { Rings } from './rings.ts'
import { Sweep } from './sweep.ts'
import { Time } from './time.ts'
import { EngineView, type Looking } from './view.ts'

type CommitListener = Parameters<EnginePort['onCommit']>[0]

const INPUTS_PER_TURN_MAX = 256
const STOPPED: Answer = { ok: false, refused: 'engine.stopped' }

export class Engine extends EngineView implements EnginePort {
  readonly #parts: EngineParts
  readonly #world: World
  readonly #kits = new Map<string, SolutionKit>()
  readonly #deadlines: Deadlines
  readonly #edge: Edge
  readonly #hands: Hands
  readonly #rings: Rings
  readonly #dialler: Dialler | null
  readonly #figures: Figures
  readonly #gate: Gate
  readonly #time: Time
  readonly #sweep: Sweep
  readonly #inbox = new Inbox()
  readonly #commits: Commits
  readonly #listeners = new Set<CommitListener>()
  readonly #solutionOf = (version: string): Solution => (this.#kits.get(version) ?? this.#parts.kit).solution
  #current: SolutionKit
  #scheduled = false
  #stopped = false
  #sinceSnapshot = 0
  readonly #idle: (() => void)[] = []

  private constructor(parts: EngineParts, world: World, kits: ReadonlyMap<string, SolutionKit>) {
    super()
    this.#parts = parts
    this.#world = world
    this.#current = parts.kit
    for (const [version, kit] of kits) this.#kits.set(version, kit)
    this.#kits.set(parts.kit.solution.version, parts.kit)
    // Hours that were closed may be open again after a step: asked anew in the turn that takes it.
    this.#time = new Time({ clock: parts.clock, world, stepped: () => this.#announceSolution(this.#current), everyMs: parts.clockWatchMs })
    this.#deadlines = new Deadlines({
      world,
      clock: parts.clock,
      time: this.#time,
      held: () => this.#stopped || this.#sweep.isUnderWay || this.#commits.trouble() !== null,
      due: (timer) =>
        this.#rings.holds(timer) ||
        this.#dialler?.asksFirst(timer) ||
        this.#put({ input: asked(timer, this.#current.calendar, this.#time) }),
    })
    this.#figures = new Figures(parts.clock)
    this.#gate = new Gate({
      figures: this.#figures,
      telephony: parts.telephony,
      solution: () => this.#current.solution,
      liveCalls: () => world.calls.size,
      inbox: () => this.#inbox.length,
      trouble: () => this.#commits.trouble(),
    })
    this.#edge = new Edge(
      parts,
      () => this.#current,
      (heard) => this.#put(heard),
      (legId) => callByLeg(world, legId)?.playing ?? '',
      () => this.#time.ahead,
    )
    const rings = (legId: LegId): boolean => callByLeg(world, legId)?.legs.get(legId)?.status === 'requested'
    this.#hands = new Hands({ ...parts, people: this.#edge.people, collector: this.#edge.collector, rings })
    const put = (input: Input): void => this.#put({ input })
    this.#rings = new Rings({ world, put, now: () => this.#now(), carryOut: (ring) => this.#hands.carryOut(ring) })
    this.#dialler = this.#diallerOf(parts)
    this.#sweep = this.#sweepOf(parts)
    this.#commits = new Commits({
      journal: parts.journal,
      clock: parts.clock,
      log: parts.log,
      release: (commit) => this.#release(commit),
      room: () => {
        this.#schedule()
        this.#whenIdle()
      },
      fenced: () => this.#halt(),
      recovered: () => {
        this.#put({ input: { type: 'alarm.raise', alarm: 'disk' } })
        void this.#sweep.all()
      },
      took: (ms) => this.#figures.commit(ms),
    })
  }

  /** Rebuilds the world from the journal. Nobody is rung before `begin`. Rejects as `restore` does. */
  static async prepare(parts: EngineParts): Promise<Engine> {
    const { world, kits, damage: detail } = await restore(parts)
    const engine = new Engine(parts, world, kits)
    if (detail !== null) engine.#put({ input: { type: 'alarm.raise', alarm: 'journalTail', about: `${world.position}`, detail } })
    return engine
  }

  static async start(parts: EngineParts): Promise<Engine> {
    const engine = await Engine.prepare(parts)
    return engine.begin().then(() => engine)
  }

  /** Reconciles the world with the switch, and goes on. From here on no instant may be missed: what takes the thread for long comes before. */
  async begin(): Promise<void> {
    const early: TelephonyEvent[] = []
    let hear = (event: TelephonyEvent): void => void early.push(event)
    await this.#parts.telephony.start((event) => hear(event))
    if (this.#world.position === 0) this.#announceSolution(this.#current)
    await this.#sweep.all((event) => void early.push(event))
    this.#announceSolution(this.#current)
    this.#put({ input: { type: 'engine.start' } })
    await this.#dialler?.start()
    if (this.#parts.sweepMs !== undefined) this.#sweep.begin(this.#parts.sweepMs)
    hear = (event) => this.#telephony(event)
    for (const event of early) this.#telephony(event)
  }

  async submit(command: PeopleCommand, once?: Once): Promise<Answer> {
    // What cannot be written now would be done when nobody wants it any more: a number dialled when the disk has room again.
    if (this.#stopped || this.#commits.trouble() !== null) return STOPPED
    if (command.type === 'offer.answer' && !this.#parts.telephony.answersFromDesk(command.agentId))
      return { ok: false, refused: 'phone.answerByHand' }
    const heard = await this.#edge.ask(command, (await this.#dialler?.barredFrom(command)) ?? null)
    return new Promise((resolve) => this.#put({ ...heard, answer: resolve, ...(once === undefined ? {} : { once }) }))
  }

  async take(kit: SolutionKit): Promise<Answer> {
    const clash = await clashOf(this.#world, kit.solution, { now: () => this.#now(), contacts: this.#parts.dialler?.contacts })
    if (clash !== null) return clash
    this.#kits.set(kit.solution.version, kit)
    this.#current = kit
    this.#announceSolution(kit)
    await this.recheckContacts().then(() => this.settled())
    return { ok: true }
  }

  recheckContacts = async (): Promise<void> => this.#dialler?.recheck()

  letGo: EnginePort['letGo'] = (asked) =>
    letGo({ world: this.#world, people: this.#edge.people, ask: (command) => this.submit(command) }, asked)

  figures(): EngineFigures {
    return this.#figures.read({ liveCalls: this.#world.calls.size, position: this.#world.position, inbox: this.#inbox.length })
  }

  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  protected looking(): Looking {
    const unwritten = this.#commits.trouble()
    return { world: this.#world, solution: this.#current.solution, dialler: this.#dialler, at: this.#now(), unwritten }
  }

  /** When everything put in so far is durable and carried out, or never will be here. */
  settled(): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.#whenIdle()
    })
  }

  /** Stops taking inputs, lets what is under way become durable, and leaves the switch as it is: calls live on in it. */
  async stop(): Promise<void> {
    if (this.#stopped) return
    if (this.#commits.trouble() === null) await this.settled()
    this.#halt()
    await this.#parts.telephony.stop()
    await this.#parts.journal.close()
  }

  #sweepOf({ telephony, clock, log }: EngineParts): Sweep {
    return new Sweep({
      world: this.#world,
      telephony,
      clock,
      log,
      now: () => this.#now(),
      ahead: () => this.#time.ahead,
      solutionOf: this.#solutionOf,
      put: (input) => this.#put({ input }),
      carryOut: (effect) => this.#hands.carryOut(effect),
      hear: (event) => this.#telephony(event),
      personOf: (number) => this.#edge.personOf(number),
      missed: () => this.#hands.plays.missed(),
      settled: () => this.settled(),
      figures: this.#figures,
      held: () => this.#stopped || this.#commits.trouble() !== null,
      done: () => {
        this.#deadlines.set()
        this.#dialler?.look()
      },
    })
  }

  #diallerOf({ dialler, journal, persons, log }: EngineParts): Dialler | null {
    if (dialler === undefined) return null
    return new Dialler({
      ...dialler,
      journal,
      persons,
      clock: this.#time.clock,
      log,
      world: this.#world,
      people: this.#edge.people,
      calendar: () => this.#current.calendar,
      numbers: () => this.#current.numbers,
      solution: () => this.#current.solution,
      now: () => this.#now(),
      put: (input) => this.#put({ input }),
      mayDial: () => !this.#sweep.isUnderWay && this.#commits.trouble() === null && !this.#world.switchAway,
    })
  }

  /* ------------------------------------------------------------- in */

  #telephony(event: TelephonyEvent): void {
    if (this.#stopped) return
    if (event.type === 'switch.found') return void this.#sweep.all()
    if (event.type === 'prompt.finished') this.#hands.plays.over(event.playId)
    if (event.type === 'leg.arrived' && !this.#gate.mayEnter()) return void this.#gate.turnAway(event.legId)
    const input = this.#edge.hear(event)
    if (input === null) return
    if (!(input instanceof Promise)) return void this.#put({ input })
    const failed = (error: unknown): null => {
      this.#parts.log(`a caller's number could not be looked up: ${String(error)}`)
      if (event.type === 'leg.arrived') this.#gate.turnAway(event.legId)
      return null
    }
    this.#inbox.putLater(input.catch(failed), () => this.#schedule())
  }

  #announceSolution(kit: SolutionKit): void {
    for (const line of kit.lines) this.#edge.people.addLine(line)
    for (const input of solutionInputs(kit, this.#time)) this.#put({ input })
  }

  #put(coming: Coming): void {
    if (this.#stopped) return void coming.answer?.(STOPPED)
    this.#inbox.put(coming)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped || this.#commits.full()) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#run()
    })
  }

  /* ------------------------------------------------------------- turns */

  #run(): void {
    if (this.#stopped || this.#commits.full()) return
    const made = nothingMade()
    const expected = this.#world.position
    for (let count = 0; count < INPUTS_PER_TURN_MAX; count += 1) {
      const next = this.#inbox.next()
      if (next === null) break
      this.#stepFirst(made)
      this.#turn(next, made)
    }
    this.#deadlines.feed()
    this.#append(expected, made)
    if (made.facts.length > 0) this.#dialler?.look()
    if (this.#inbox.ready) this.#schedule()
  }

  /** A step of the clock moves the deadlines of those who wait before anything else happens at its instants. */
  #stepFirst(made: Made): void {
    const step = this.#time.take()
    if (step === null) return
    this.#deadlines.forget()
    this.#turn({ input: step }, made)
  }

  #turn({ input, answer, notes, named, once }: Coming, made: Made): void {
    const began = performance.now()
    const at = this.#now()
    const env = envOf(at, this.#parts.chance, this.#solutionOf)
    const callId = callOfInput(this.#world, input)
    const done = turn(this.#world, input, env)
    for (const recorded of done.facts) made.facts.push(recorded)
    this.#dialler?.turned(input, done)
    // Words that no fact names would be kept for nobody.
    if (notes !== undefined && done.facts.length > 0) made.notes.push(...notes)
    if (named !== undefined && done.refused === null) this.#edge.people.rename(named)
    for (const effect of done.effects) made.effects.push(effect)
    this.#rings.asked(done.effects)
    if (answer !== undefined) {
      const told = answerOf(done, callId, this.#world, input)
      made.answers.push((durable) => answer(durable ? told : STOPPED))
      if (once !== undefined && told.ok) made.done.push({ ...once, at, answer: JSON.stringify(told) })
    }
    if (done.bug !== null) this.#setAside(done.bug, input, callId)
    this.#figures.turn(performance.now() - began)
  }

  #setAside(bug: unknown, input: Input, callId: CallId | undefined): void {
    const what = bug instanceof Error ? bug.message : String(bug)
    this.#parts.log(`a bug was met at ${input.type}${callId === undefined ? '' : `; call ${callId} is set aside`}: ${what}`)
    if (callId !== undefined && input.type !== 'call.setAside') this.#put({ input: { type: 'call.setAside', callId } })
  }

  #now(): Ms {
    return this.#time.now()
  }

  /* ------------------------------------------------------------- durable */

  #append(expected: number, made: Made): void {
    const persons = this.#edge.people.take()
    const batch = batchOf(made, persons, solutionsIn(made.facts, this.#kits))
    if (made.facts.length + persons.length + made.effects.length + made.answers.length === 0) this.#whenIdle()
    else this.#commits.begin({ ...made, expected, batch, look: changed(this.#world, made.facts, this.#current.solution) })
  }

  #release(commit: Commit): void {
    this.#dialler?.committed(commit.facts)
    for (const effect of commit.effects) {
      if (effect.type === 'leg.hangUp' && effect.why === 'overload') this.#figures.refused('overload')
      if (effect.type === 'contacts.draw') this.#dialler?.draw(effect)
      else if (effect.type === 'leg.ring') this.#rings.written(effect)
      else this.#hands.carryOut(effect)
    }
    for (const answer of commit.answers) answer(true)
    if (commit.facts.length > 0) for (const listener of this.#listeners) listener({ facts: commit.facts, ...commit.look })
    this.#snapshotAfter(commit.facts.length)
  }

  /** Somebody else writes: nothing more is done here, and the switch is left to them. */
  #halt(): void {
    this.#stopped = true
    this.#deadlines.forget()
    this.#time.stop()
    this.#sweep.stop()
    this.#edge.collector.stop()
    this.#dialler?.stop()
    this.#commits.abandon()
    for (let coming = this.#inbox.next(); coming !== null; coming = this.#inbox.next()) coming.answer?.(STOPPED)
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  #whenIdle(): void {
    if (this.#idle.length === 0 || this.#inbox.length > 0 || this.#commits.count > 0) return
    const busy = this.#hands.idle() ? (this.#dialler?.idle() === false ? this.#dialler : null) : this.#hands
    if (busy !== null) return void busy.whenIdle().then(() => this.#whenIdle())
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  #snapshotAfter(facts: number): void {
    const every = this.#parts.snapshotEvery ?? 0
    this.#sinceSnapshot += facts
    if (every === 0 || this.#sinceSnapshot < every || this.#commits.count > 0) return
    this.#sinceSnapshot = 0
    this.snapshot().catch((error: unknown) => this.#parts.log(`a snapshot could not be kept: ${String(error)}`))
  }

  /** Keeps the world as it stands. Call only where nothing is under way. */
  async snapshot(): Promise<void> {
    await this.#parts.journal.saveSnapshot({ position: this.#world.position, state: saveWorld(this.#world) })
  }
}
