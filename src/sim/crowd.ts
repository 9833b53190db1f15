/** People who do everything at once: they call, press, hang up, order, answer, reject, pause and click, whether it makes sense or not. */
import type { PeopleCommand } from '#core/commands.ts'
import type { AgentId, Ms } from '#core/kernel/kernel.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Answer, EnginePort } from '#ports/engine.ts'
import { PortError } from '#ports/errors.ts'
import type { SeededChance } from './chance.ts'
import type { ListedByFile } from './checkers/files.ts'
import type { Broken } from './checkers/laws.ts'
import type { VirtualClock } from './clock.ts'
import { Desk } from './desk.ts'
import { DoNotCallFiles } from './files.ts'
import type { SimulatedNetwork } from './network.ts'
import type { Options } from './options.ts'
import { Owner } from './owner.ts'
import type { Behaviour, OwnCall } from './people.ts'
import { contactNumber, customerNumber, EMERGENCY, ourNumber, switchboardsOf } from './random.ts'

const SECOND: Ms = 1_000
const QUARTER: Ms = 900 * SECOND
/** Less than an agent’s own phone may ring. */
const HURRY_MS: Ms = 12 * SECOND
/** A conversation may last so long once all is quiet. */
const PATIENCE: Ms = 180 * SECOND
const LOOKS_PER_HOUR = 240
/** So long into the quiet campaigns go on. */
const CAMPAIGNS_STOP_MS: Ms = 900 * SECOND

/** An agent's own call for help from the desk: nothing the rules know stands in its way. */
const callsForHelp = (command: PeopleCommand): boolean =>
  command.type === 'call.dial' && command.by === 'agent' && 'number' in command.to && command.to.number === EMERGENCY

export interface CrowdParts {
  readonly clock: VirtualClock
  readonly chance: SeededChance
  readonly network: SimulatedNetwork
  readonly options: Options
  readonly agents: readonly AgentId[]
  /** null while it is down. */
  readonly engine: () => EnginePort | null
  readonly contacts: Contacts
  /** An answer that should not be. */
  readonly failed: (broken: Broken) => void
  /** What was asked, and how to take the answer. */
  readonly asked: (command: PeopleCommand) => (answer: Answer) => void
  readonly listed: (one: ListedByFile) => void
}

export class Crowd {
  readonly #parts: CrowdParts
  readonly #chance: SeededChance
  readonly #desk: Desk
  readonly #owner: Owner
  readonly #files: DoNotCallFiles
  #calm = false
  /** Until when an agent takes up no phone. */
  readonly #late = new Map<AgentId, Ms>()

  constructor(parts: CrowdParts) {
    this.#parts = parts
    this.#chance = parts.chance
    for (let place = 0; place < parts.options.customers; place++) {
      parts.network.phone(customerNumber(place)).decides(() => (this.#calm ? this.#helpful() : this.#whenCalled()))
    }
    for (let place = 0; place < parts.options.contacts; place++) {
      parts.network.phone(contactNumber(place)).decides(() => (this.#calm ? this.#helpful() : this.#whenCalled()))
    }
    for (const number of switchboardsOf(parts.options)) parts.network.phone(number).manyLines = true
    for (const agentId of parts.agents) {
      parts.network.agentPhone(agentId).decides(() => (this.#calm ? { answersAfterMs: SECOND } : this.#agentWhenCalled(agentId)))
    }
    parts.network.phone(EMERGENCY).decides(() => ({ answersAfterMs: SECOND, talksMs: 20 * SECOND }))
    this.#desk = new Desk({
      ...parts,
      chance: parts.chance.fork('desk'),
      submit: (command) => this.#submit(command),
      leaves: (agentId, awayMs) => this.#leaves(agentId, awayMs),
    })
    this.#owner = new Owner({ ...parts, chance: parts.chance.fork('owner'), submit: (command) => this.#submit(command) })
    this.#files = new DoNotCallFiles({ ...parts, chance: parts.chance.fork('files') })
  }

  /** What stands before anything happens. */
  prepare(): Promise<void> {
    return this.#owner.prepare()
  }

  /** Begins the troubled phase. `until`: so long after the first instant, by waiting. */
  begin(until: Ms): void {
    this.#owner.begin()
    this.#files.begin(until)
    this.#repeat(until, this.#parts.options.ownerDeedsPerHour, () => this.#owner.does())
    if (this.#parts.options.campaigns.length > 0)
      for (const agentId of this.#parts.agents) this.#repeat(until, LOOKS_PER_HOUR, () => this.#desk.looks(agentId, false))
    for (const agentId of this.#parts.agents) this.#submit({ type: 'agent.logOn', by: 'agent', agentId })
    if (this.#parts.options.shortHours) this.#hurries(until)
    this.#repeat(until, this.#parts.options.callsPerHour, () => this.#calls())
    this.#repeat(until, 8 * this.#parts.agents.length, () => this.#agentDoes(this.#chance.pick(this.#parts.agents)))
    for (const agentId of this.#parts.agents) this.#repeat(until, this.#parts.options.deskDeedsPerHour, () => this.#desk.does(agentId))
    this.#repeat(until, 20, () => this.#supervises())
    this.#repeat(until, 10, () => this.#orders())
  }

  /** In the last seconds of contacts' hours whoever gets a card calls, and takes up his own phone when they are over. */
  #hurries(until: Ms): void {
    const { clock, agents, chance } = this.#parts
    const hurry = chance.fork('hurry')
    const first = Math.ceil(clock.now() / QUARTER) * QUARTER
    for (let ends = first; ends - first < until; ends += QUARTER)
      for (const agentId of agents)
        for (let before = HURRY_MS; before > 0; before -= 2 * SECOND)
          clock.wake(ends - before, () => {
            if (this.#calm) return
            this.#late.set(agentId, ends + hurry.between(0, 2) * SECOND)
            this.#desk.looks(agentId, true)
          })
  }

  /** From now on everybody helps: nobody calls, all answer, all agents are ready. */
  calmDown(): void {
    this.#calm = true
    for (const agentId of this.#parts.agents) this.#helps(agentId)
    this.#in(CAMPAIGNS_STOP_MS, () => this.#stopsCampaigns())
  }

  /** Again and again, for the engine may be down when it is asked. */
  #stopsCampaigns(): void {
    this.#owner.calmDown()
    this.#in(60 * SECOND, () => this.#stopsCampaigns())
  }

  #helps(agentId: AgentId): void {
    const { clock, engine, network } = this.#parts
    const agent = engine()?.agent(agentId)
    const state = agent?.state
    // Somebody must end a talk between people who would wait for each other.
    this.#desk.looks(agentId, true)
    if (state === 'connected' && clock.now() - (agent?.since ?? 0) > PATIENCE) network.agentPhone(agentId).hangUp()
    if (state === 'loggedOff') this.#submit({ type: 'agent.logOn', by: 'agent', agentId })
    if (state === 'paused') this.#submit({ type: 'agent.return', by: 'agent', agentId })
    this.#in(60 * SECOND, () => this.#helps(agentId))
  }

  #in(ms: Ms, deed: () => void): void {
    const { clock, options } = this.#parts
    const at = clock.now() + ms
    clock.wake(Math.ceil(at / options.gridMs) * options.gridMs, deed)
  }

  #repeat(until: Ms, perHour: number, deed: () => void): void {
    if (perHour === 0) return
    this.#in(this.#chance.wait((3_600 * SECOND) / perHour), () => {
      if (this.#parts.clock.monotonic() >= until) return
      deed()
      this.#repeat(until, perHour, deed)
    })
  }

  #leaves(agentId: AgentId, awayMs: Ms): void {
    const { network } = this.#parts
    network.attend(agentId, false)
    this.#in(awayMs, () => network.attend(agentId, true))
  }

  #seconds(most: number): Ms {
    return this.#chance.between(0, most * 10) * 100
  }

  #submit(command: PeopleCommand): void {
    const engine = this.#parts.engine()
    if (engine === null) return
    const take = this.#parts.asked(command)
    const failed = (law: Broken['law'], what: string): void => this.#parts.failed({ law, what })
    engine.submit(command).then(
      (answer) => {
        take(answer)
        if (!answer.ok && answer.refused === 'engine.bug') failed('engine.answers', `${command.type} met a bug`)
        if (!answer.ok && callsForHelp(command) && !answer.refused.startsWith('engine.'))
          failed('help.never', `a call for help was refused: ${answer.refused}`)
      },
      // Where the lists or the journal fail whoever asked is told so.
      (error: unknown) => error instanceof PortError || failed('engine.answers', `${command.type} threw ${String(error)}`),
    )
  }

  #whenCalled(): Behaviour {
    const die = this.#chance.random()
    if (die < 0.4) return { answersAfterMs: this.#seconds(20), talksMs: this.#seconds(90) }
    if (die < 0.6) return { ringsMs: this.#seconds(60) }
    if (die < 0.7) return { busyAfterMs: this.#seconds(5) }
    if (die < 0.8) return { rejectsAfterMs: this.#seconds(20) }
    return die < 0.9 ? { voicemailAfterMs: this.#seconds(20), talksMs: this.#seconds(40) } : { failsWith: 'notInUse' }
  }

  #helpful(): Behaviour {
    return { answersAfterMs: 2 * SECOND, talksMs: 20 * SECOND }
  }

  #agentWhenCalled(agentId: AgentId): Behaviour {
    const lateMs = (this.#late.get(agentId) ?? 0) - this.#parts.clock.now()
    if (lateMs > 0) return { answersAfterMs: lateMs }
    const die = this.#chance.random()
    if (die < 0.7) return { answersAfterMs: this.#seconds(8), ...(this.#chance.often(0.3) ? { talksMs: this.#seconds(60) } : {}) }
    return die < 0.85 ? { ringsMs: 60 * SECOND } : { rejectsAfterMs: this.#seconds(8) }
  }

  #calls(): void {
    const { network, options } = this.#parts
    const from = customerNumber(this.#chance.between(0, options.customers - 1))
    const call = network.call(from, ourNumber(this.#chance.between(0, options.queues - 1)), { withheld: this.#chance.often(0.1) })
    if (call === undefined) return
    const patience = this.#seconds(this.#chance.pick([5, 60, 400]))
    this.#in(patience, () => call.hangUp())
    for (let presses = this.#chance.between(0, 8), after = 0; presses > 0; presses--) {
      after += this.#seconds(15)
      this.#in(after, () => this.#presses(call))
    }
  }

  #presses(call: OwnCall): void {
    const die = this.#chance.random()
    if (die < 0.4) call.press('1')
    else if (die < 0.75) call.press('2')
    else if (die < 0.85) call.press(`07000000${String(this.#chance.between(0, 40)).padStart(2, '0')}#`)
    else call.press(this.#chance.pick(['*', '#', '9', '11', '21', '3']))
  }

  #agentDoes(agentId: AgentId): void {
    const { network } = this.#parts
    const callId = this.#parts.engine()?.agent(agentId)?.matter?.callId
    const asking = { by: 'agent', agentId } as const
    const deeds: (() => void)[] = [
      () => this.#submit({ type: 'agent.pause', ...asking, reason: 'break' }),
      () => this.#submit({ type: 'agent.return', ...asking }),
      () => this.#submit({ type: 'agent.return', ...asking }),
      () => this.#submit({ type: 'agent.logOff', ...asking }),
      () => this.#submit({ type: 'agent.logOn', ...asking }),
      () => this.#submit({ type: 'agent.logOn', ...asking }),
      () => this.#submit({ type: 'agent.extendWrapUp', ...asking, byMs: this.#seconds(30) }),
      () => network.agentPhone(agentId).hangUp(),
      () => network.agentPhone(agentId).lose(),
    ]
    if (callId !== undefined) {
      deeds.push(
        () => this.#submit({ type: 'offer.answer', ...asking, callId }),
        () => this.#submit({ type: 'offer.reject', ...asking, callId }),
        () => this.#submit({ type: 'talk.hangUp', ...asking, callId }),
        () => this.#submit({ type: 'callback.markVoicemail', ...asking, callId }),
      )
    }
    this.#chance.pick(deeds)()
  }

  #supervises(): void {
    const engine = this.#parts.engine()
    if (engine === null) return
    const entries = Object.keys(engine.solution().queues).flatMap((id) => engine.queue(id)?.entries ?? [])
    if (entries.length === 0) return
    const { entryId } = this.#chance.pick(entries)
    if (this.#chance.often(0.5)) this.#submit({ type: 'callback.callNow', by: 'supervisor', user: 'sam', entryId })
    else this.#submit({ type: 'entry.delete', by: 'supervisor', user: 'sam', entryId })
  }

  #orders(): void {
    const { clock, options } = this.#parts
    this.#submit({
      type: 'callback.order',
      by: 'customer',
      queueId: `q${this.#chance.between(0, options.queues - 1)}`,
      number: customerNumber(this.#chance.between(0, options.customers - 1)),
      ...(this.#chance.often(0.5) ? { extension: String(this.#chance.between(1, 999)) } : {}),
      ...(this.#chance.often(0.3) ? { notBefore: clock.now() + this.#seconds(3_600) } : {}),
    })
  }
}
