/**
 * The simulated telephone network behind the Telephony port: people with behaviour, agents' phones, faults. It lives by the clock
 * it is given, virtual or real, and nothing in it takes time of itself. It outlives the engine as a switch does: after `stop` its
 * legs live on, and `alive` and `past` tell the truth about them.
 *
 * It keeps its own account of who hears whom (`hears`), made from the commands alone, for tests and checkers to compare with.
 */
import type { AgentId, LegId, Ms } from '#core/kernel/kernel.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import { PortError } from '#ports/errors.ts'
import type { LegAlive, LegPast, Spoken, Telephony, TelephonyCommand, TelephonyEvent } from '#ports/telephony.ts'
import { Delivery, type Fate } from './delivery.ts'
import { ABSENT, BUSY, CAUSE, NO_CIRCUIT, NOT_IN_USE, REJECTED, UNANSWERED } from './endings.ts'
import { type Ending, Ledger, type Leg } from './ledger.ts'
import { type Behaviour, type Exchange, type OwnCall, Phone } from './people.ts'
import { type Heard, Sound } from './sound.ts'

/**
 * `trunkDown`: every ring to an outside number, or every one over the trunk named, ends as failed, cause 34 (Q.850: no circuit). `slow`: commands and events take
 * `SLOW_MS` each way. `loseEvents`: the connection to the switch is gone, what happens meanwhile is not told and commands are lost;
 * `switch.lost` at its beginning, `switch.found` at its end. `repeatEvents`: every event comes twice.
 */
export type NetworkFault = 'trunkDown' | 'slow' | 'loseEvents' | 'repeatEvents'

export const SLOW_MS: Ms = 1_500

export interface NetworkOptions {
  readonly clock: Clock
  readonly chance: Chance
  /** How long a prompt lasts, all its pieces together. 0: not played, finished at once. */
  readonly lengthMs: (parts: readonly Spoken[], language: string) => Ms
  /** What a number does that nobody described. Default: not in use. */
  readonly strangers?: (number: string) => readonly Behaviour[]
}

export class SimulatedNetwork implements Telephony {
  readonly #clock: Clock
  readonly #chance: Chance
  readonly #strangers: (number: string) => readonly Behaviour[]
  readonly #phones = new Map<string, Phone>()
  readonly #ledger = new Ledger()
  readonly #sound: Sound
  /** What every phone is connected to. */
  readonly #exchange: Exchange = {
    answer: (legId) => this.#alive(legId, (leg) => this.#answered(leg)),
    reject: (legId) => this.#alive(legId, (leg) => leg.state === 'ringing' && !leg.inbound && this.#ended(leg, REJECTED)),
    hangUp: (legId) => this.#alive(legId, (leg) => this.#partyLeft(leg)),
    press: (legId, digits) => this.#alive(legId, (leg) => this.#pressed(leg, digits)),
    lose: (legId) => this.#alive(legId, (leg) => this.#lost(leg)),
  }
  readonly #faults = new Set<NetworkFault | `trunkDown:${string}`>()
  /** Agents whose phone the liveness check asks. */
  readonly #checked = new Set<AgentId>()
  #handler: ((event: TelephonyEvent) => void) | null = null
  readonly #events: Delivery
  readonly #commands: Delivery
  /** Counts the connections to the engine: another one after each stop and each loss. */
  #connection = 0
  /** Legs the engine asked to ring a second time: it must never. */
  readonly rungTwice: LegId[] = []
  /** Sees every command as it is given; one that is on its way when the connection breaks is lost all the same. */
  onCommand: ((command: TelephonyCommand) => void) | null = null
  /** How often and when an event is told, where that is not once and in its turn; null: it is. */
  fatesOf: ((event: TelephonyEvent) => readonly Fate[] | null) | null = null
  /** Whether a command never gets there. */
  loses: ((command: TelephonyCommand) => boolean) | null = null

  constructor(options: NetworkOptions) {
    this.#clock = options.clock
    this.#events = new Delivery(options.clock)
    this.#commands = new Delivery(options.clock)
    this.#chance = options.chance
    this.#strangers = options.strangers ?? (() => [{ failsWith: 'notInUse' }])
    this.#sound = new Sound(options.clock, options.lengthMs, (playId) => this.#tell({ type: 'prompt.finished', playId }))
  }

  /** The phone with this number. */
  phone(number: string): Phone {
    return this.#phoneNamed(number, () => this.#strangers(number))
  }

  /** An agent's phone. Unless told otherwise it rings until it is answered by hand, from the desk or by `answer`. */
  agentPhone(agentId: AgentId): Phone {
    return this.#phoneNamed(`agent:${agentId}`, () => [{ byHand: true }])
  }

  /** An agent's phone leaves the network, and loses what it is on; or it is back. From then on the liveness check tells of it. */
  attend(agentId: AgentId, there: boolean): void {
    const phone = this.agentPhone(agentId)
    if (!there) phone.lose()
    phone.awaySince = there ? null : (phone.awaySince ?? this.#clock.now())
    this.#checked.add(agentId)
    this.#tellOf(agentId)
  }

  #tellOf(agentId: AgentId): void {
    this.#tell({ type: this.agentPhone(agentId).isAway ? 'phone.lost' : 'phone.found', agentId })
  }

  #phoneNamed(name: string, behaviours: () => readonly Behaviour[]): Phone {
    const known = this.#phones.get(name)
    if (known !== undefined) return known
    const phone = new Phone(name, behaviours(), this.#exchange)
    this.#phones.set(name, phone)
    return phone
  }

  /**
   * A person calls one of our numbers. Undefined where the phone is on a line already: one has one phone. `withheld`: we are not told
   * who it is.
   */
  call(from: string, to: string, how: { readonly withheld?: boolean; readonly trunk?: string } = {}): OwnCall | undefined {
    const phone = this.phone(from)
    if (phone.isEngaged) return undefined
    const legId = this.#chance.id(this.#clock.now())
    const shown = how.withheld === true ? null : from
    const leg = this.#ledger.start({ legId, inbound: true, phone, from: shown, to, at: this.#clock.now() })
    phone.line = legId
    this.#tell({ type: 'leg.arrived', legId, from: shown, to, trunk: how.trunk ?? 'simulated' })
    return {
      legId,
      press: (digits) => this.#alive(legId, () => this.#pressed(leg, digits)),
      hangUp: () => this.#alive(legId, () => this.#partyLeft(leg)),
      onAnswer: (call) => {
        if (leg.answeredAt === undefined) leg.onAnswer.push(call)
        else call()
      },
      onEnd: (call) => {
        leg.onEnd.push(call)
      },
      onJoin: (call) => {
        leg.onJoin.push(call)
      },
    }
  }

  /** Begins a fault that holds until `end` is called. `trunk`: of that trunk alone. */
  begin(fault: NetworkFault, trunk?: string): void {
    if (trunk !== undefined) {
      this.#faults.add(`trunkDown:${trunk}`)
      return
    }
    if (this.#faults.has(fault)) return
    if (fault === 'loseEvents') {
      this.#tell({ type: 'switch.lost' })
      this.#connection += 1
    }
    this.#faults.add(fault)
  }

  end(fault: NetworkFault, trunk?: string): void {
    if (trunk !== undefined) {
      this.#faults.delete(`trunkDown:${trunk}`)
      return
    }
    if (!this.#faults.delete(fault)) return
    if (fault !== 'loseEvents') return
    this.#tell({ type: 'switch.found' })
    for (const agentId of this.#checked) this.#tellOf(agentId)
  }

  readonly answersFromDesk = (): boolean => true

  phoneSeenAt(agentId: AgentId): Ms {
    return this.agentPhone(agentId).awaySince ?? this.#clock.now()
  }

  async start(handler: (event: TelephonyEvent) => void): Promise<void> {
    this.#handler = handler
    this.#connection += 1
    if (this.#faults.has('loseEvents')) this.#clock.wake(this.#clock.now(), () => this.#handler?.({ type: 'switch.lost' }))
    for (const agentId of this.#checked) this.#tellOf(agentId)
  }

  async stop(): Promise<void> {
    this.#handler = null
    this.#connection += 1
  }

  send(command: TelephonyCommand): void {
    if (this.#faults.has('loseEvents')) return
    this.onCommand?.(command)
    if (this.loses?.(command) === true) return
    // A command on its way when the connection breaks is lost with it.
    const connection = this.#connection
    this.#commands.atOnceOr(this.#slowMs, () => connection === this.#connection && this.#carryOut(command))
  }

  async alive(): Promise<readonly LegAlive[]> {
    await this.#asked('alive')
    return this.#ledger.alive().map((leg) => ({
      legId: leg.legId,
      state: leg.answeredAt === undefined ? 'ringing' : 'answered',
      inbound: leg.inbound,
      joinedWith: this.#sound.joinedWith(leg.legId),
      from: leg.from,
      to: leg.to,
    }))
  }

  async plays(playId: string): Promise<boolean> {
    await this.#asked('plays')
    return this.#sound.plays(playId)
  }

  async #asked(operation: string): Promise<void> {
    await this.#commandsCarriedOut()
    if (this.#faults.has('loseEvents')) throw new PortError('telephony', operation, { message: 'the switch is away', retry: true })
  }

  #commandsCarriedOut(): Promise<void> {
    if (this.#commands.isClear) return Promise.resolve()
    return new Promise((resolve) => void this.#clock.wake(this.#clock.now() + this.#commands.waitMs, resolve))
  }

  async past(legId: LegId): Promise<LegPast | null> {
    return this.#ledger.past(legId)
  }

  /** No command is on its way, or lost with the connection. */
  readonly isQuiet = (): boolean => this.#commands.isClear && !this.#faults.has('loseEvents')

  /** Whose phone this leg is on, while it lives. */
  phoneOf(legId: LegId): Phone | undefined {
    return this.#ledger.get(legId)?.phone
  }

  /** The legs that are answered, and on whose phone. */
  onTheLine(): readonly { readonly legId: LegId; readonly phone: Phone }[] {
    return this.#ledger.alive().filter((leg) => leg.state === 'answered')
  }

  /** Who hears what now: the other legs joined, music, the pieces of a prompt. */
  readonly hears = (legId: LegId): Heard => this.#sound.hears(legId)

  readonly silentMs = (legId: LegId): Ms => this.#sound.silentMs(legId)

  get #slowMs(): Ms {
    return this.#faults.has('slow') ? SLOW_MS : 0
  }

  #tell(event: TelephonyEvent): void {
    if (this.#faults.has('loseEvents')) return
    const usual: Fate = { times: this.#faults.has('repeatEvents') ? 2 : 1, lateMs: this.#slowMs, overtaken: false }
    // An event on its way when the engine stops is lost with it.
    const handler = this.#handler
    for (const fate of this.fatesOf?.(event) ?? [usual]) this.#events.later(fate, () => this.#handler === handler && handler?.(event))
  }

  #carryOut(command: TelephonyCommand): void {
    switch (command.type) {
      case 'leg.ring':
        this.#ring(command)
        break
      case 'leg.answer':
        this.#alive(command.legId, (leg) => leg.inbound && this.#answered(leg))
        break
      case 'leg.pickUp':
        this.#alive(command.legId, (leg) => !leg.inbound && this.#answered(leg))
        break
      case 'leg.hangUp':
        this.#alive(command.legId, (leg) =>
          this.#ended(leg, {
            outcome: leg.answeredAt === undefined ? 'withdrawn' : 'answered',
            by: 'us',
            cause: command.why === 'overload' || command.why === 'unwritten' ? CAUSE.noCircuit : CAUSE.normal,
          }),
        )
        break
      case 'prompt.play':
        this.#sound.play(command.playId, command.legs.filter(this.#talks), command.parts, command.language)
        break
      case 'prompt.stop':
        this.#sound.stop(command.playId, command.legs)
        break
      case 'music.start':
        this.#alive(command.legId, () => this.#sound.music(command.legId, command.music))
        break
      case 'music.stop':
        this.#sound.music(command.legId, null)
        break
      case 'leg.mute':
        this.#alive(command.legId, () => this.#sound.mute(command.legId, command.on))
        break
      case 'digits.send':
        this.#alive(command.legId, (leg) => leg.answeredAt !== undefined && leg.phone.receive(command.digits))
        break
      case 'bridge.join':
        this.#join(`${command.callId}/${command.bridge}`, command.legs.filter(this.#talks))
        break
    }
  }

  #join(bridge: string, legs: readonly LegId[]): void {
    this.#sound.join(bridge, legs)
    if (legs.length > 1) for (const legId of legs) this.#alive(legId, (leg) => leg.onJoin.splice(0).forEach((call) => void call()))
  }

  readonly #talks = (legId: LegId): boolean => this.#ledger.get(legId)?.state === 'answered'

  #alive(legId: LegId, then: (leg: Leg) => void): void {
    const leg = this.#ledger.get(legId)
    if (leg !== undefined && leg.state !== 'ended') then(leg)
  }

  #ring(command: TelephonyCommand & { type: 'leg.ring' }): void {
    const { legId, to } = command
    if (this.#ledger.knows(legId)) {
      this.rungTwice.push(legId)
      return
    }
    const agent = 'agent' in to
    const phone = agent ? this.agentPhone(to.agent) : this.phone(to.number)
    const leg = this.#ledger.start({
      legId,
      inbound: false,
      phone,
      from: command.callerId,
      to: agent ? to.agent : to.number,
      at: this.#clock.now(),
    })
    // An agent is rung over a trunk where his phone is an ordinary number.
    const outside = !agent || command.trunk !== undefined
    const down = this.#faults.has('trunkDown') || this.#faults.has(`trunkDown:${command.trunk ?? ''}`)
    if (outside && down) this.#ended(leg, NO_CIRCUIT)
    else if (phone.isAway) this.#ended(leg, ABSENT)
    else if (phone.isEngaged) this.#ended(leg, BUSY)
    else this.#rung(leg, command.ringMsMax)
  }

  #rung(leg: Leg, ringMsMax: Ms): void {
    const phone = leg.phone
    phone.line = leg.legId
    this.#after(leg, ringMsMax, () => leg.answeredAt === undefined && this.#ended(leg, UNANSWERED))
    this.#behave(leg, phone.next())
  }

  #behave(leg: Leg, behaviour: Behaviour): void {
    if ('failsWith' in behaviour) this.#ended(leg, NOT_IN_USE)
    else if ('busyAfterMs' in behaviour) this.#after(leg, behaviour.busyAfterMs, () => this.#ended(leg, BUSY))
    else {
      this.#tell({ type: 'leg.rang', legId: leg.legId })
      this.#behaveRinging(leg, behaviour)
    }
  }

  #behaveRinging(leg: Leg, behaviour: Exclude<Behaviour, { failsWith: string } | { busyAfterMs: Ms }>): void {
    if ('byHand' in behaviour) return
    if ('ringsMs' in behaviour) this.#whileRinging(leg, behaviour.ringsMs, () => this.#ended(leg, UNANSWERED))
    else if ('rejectsAfterMs' in behaviour) this.#whileRinging(leg, behaviour.rejectsAfterMs, () => this.#ended(leg, REJECTED))
    else {
      const after = 'answersAfterMs' in behaviour ? behaviour.answersAfterMs : behaviour.voicemailAfterMs
      this.#whileRinging(leg, after, () => {
        this.#answered(leg)
        if (behaviour.talksMs !== undefined) this.#after(leg, behaviour.talksMs, () => this.#partyLeft(leg))
      })
    }
  }

  #whileRinging(leg: Leg, afterMs: Ms, then: () => void): void {
    this.#after(leg, afterMs, () => leg.answeredAt === undefined && then())
  }

  #after(leg: Leg, afterMs: Ms, then: () => void): void {
    leg.timers.push(this.#clock.wake(this.#clock.now() + afterMs, then))
  }

  #answered(leg: Leg): void {
    if (leg.answeredAt !== undefined) return
    leg.answeredAt = this.#clock.now()
    leg.state = 'answered'
    this.#tell({ type: 'leg.answered', legId: leg.legId })
    for (const call of leg.onAnswer.splice(0)) call()
  }

  #pressed(leg: Leg, digits: string): void {
    if (leg.answeredAt === undefined) return
    for (const digit of digits) this.#tell({ type: 'digit.pressed', legId: leg.legId, digit })
  }

  /** The person hangs up; an outbound leg that still rings is declined, a line that rings us is given up. */
  #partyLeft(leg: Leg): void {
    if (leg.answeredAt !== undefined) this.#ended(leg, { outcome: 'answered', by: 'party', cause: CAUSE.normal })
    else this.#ended(leg, leg.inbound ? { outcome: 'unanswered', by: 'party', cause: CAUSE.normal } : REJECTED)
  }

  #lost(leg: Leg): void {
    this.#ended(leg, { outcome: leg.answeredAt === undefined ? 'failed' : 'answered', by: 'network', cause: CAUSE.lost })
  }

  #ended(leg: Leg, ending: Ending): void {
    for (const cancel of leg.timers.splice(0)) cancel()
    this.#sound.gone(leg.legId)
    if (leg.phone.line === leg.legId) leg.phone.line = null
    this.#ledger.end(leg, this.#clock.now(), ending)
    this.#tell({ type: 'leg.ended', legId: leg.legId, ...ending })
    for (const call of leg.onEnd.splice(0)) call()
  }
}
