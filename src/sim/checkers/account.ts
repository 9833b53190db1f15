/**
 * An account of its own: what must hold whatever people, the network and the engine do. It reads facts and the network's commands, and
 * shares nothing with the rules but their types. `broken` collects what was broken; empty: all held.
 */
import type { Fact, Recorded } from '#core/facts.ts'
import type { AgentId, CallId, EntryId, LegId, Ms, PersonId } from '#core/kernel/kernel.ts'
import type { Broken, Law } from './laws.ts'
import { Sounds } from './sounds.ts'

export interface LegAccount {
  readonly legId: LegId
  readonly callId: CallId
  readonly party: 'customer' | 'agent' | 'external'
  readonly arrived: boolean
  readonly agentId?: AgentId
  readonly personId?: PersonId
  readonly entryId?: EntryId
  readonly attempt?: number
  readonly purpose?: 'consult' | 'transfer' | 'rungBack'
  answered: boolean
  held: boolean
  muted: boolean
}

export interface EntryAccount {
  readonly callId: CallId
  /** An agent's own call being set up. */
  readonly outbound: boolean
  /** A contact of a campaign, and whether an agent calls it: known a fact later. */
  readonly dialler: boolean
  agentFirst: boolean
  callback: boolean
  /** Who asks a queue for somebody, and hears its music meanwhile. */
  readonly askedBy: LegId | null
  left: boolean
  /** A customer's leg was rung for it, and the attempt has not ended. */
  attempting: LegId | null
}

export interface CallAccount {
  /** Agent to agent. */
  readonly internal: boolean
  /** Its first leg: the agent's own, where an agent began it. */
  first: LegId | null
  ended: boolean
  /** Something is said to somebody, or asked. */
  inMenu: boolean
  /** An agent asks somebody in between. */
  consulting: boolean
  readonly bridges: Map<string, readonly LegId[]>
}

const FRESH = { answered: false, held: false, muted: false }

/** Facts that may follow the end of their call. */
const AFTERWARDS: ReadonlySet<string> = new Set([
  'agent.wrapUpStarted',
  'agent.wrapUpExtended',
  'agent.wrapUpEnded',
  'call.related',
  'alarm.raised',
])

export class Account {
  readonly broken: Broken[] = []
  readonly legs = new Map<LegId, LegAccount>()
  /** Who should hear whom, and who music. */
  readonly sounds: Sounds
  readonly #calls = new Map<CallId, CallAccount>()
  readonly #entries = new Map<EntryId, EntryAccount>()
  /** Those of them that are not over: what is asked again and again is asked of these. */
  readonly #open = { calls: new Set<CallAccount>(), entries: new Set<EntryAccount>() }
  /** Persons behind whom others stand: they may be on several lines. */
  readonly #switchboards = new Set<PersonId>()
  readonly #rang = new Set<LegId>()
  readonly #over = new Set<LegId>()
  /** Agents whose phone does not answer the liveness check. */
  readonly #gone = new Set<AgentId>()
  /** Asked for and withdrawn in one commit: rung and withdrawn at once. */
  readonly #passing = new Set<LegId>()
  #position = 0
  #at: Ms = 0

  constructor() {
    this.sounds = new Sounds({ legs: this.legs, calls: this.#calls, open: this.#open })
  }

  /** How many calls have begun, and how many of them have not ended. */
  get calls(): { readonly begun: number; readonly open: number } {
    return { begun: this.#calls.size, open: this.#open.calls.size }
  }

  /** One commit. What need only hold when a turn is over is looked at after its last fact. */
  take(facts: readonly Recorded[]): void {
    this.#passing.clear()
    for (const recorded of facts) {
      if (recorded.position !== this.#position + 1) this.#say('journal.order', `fact ${recorded.position} follows ${this.#position}`)
      if (recorded.at < this.#at) this.#say('time.forward', `fact ${recorded.position} runs back by ${this.#at - recorded.at} ms`)
      this.#position = recorded.position
      this.#at = recorded.at
      this.#fact(recorded.fact)
    }
    this.#afterTurn()
  }

  /** The engine asks the network to ring somebody. Whether a phone rang twice for it is known to the network alone: what was lost on the way is asked for again. */
  ring(legId: LegId): void {
    if (!this.legs.has(legId) && !this.#passing.has(legId)) this.#say('leg.asked', `leg ${legId} is rung, and no fact says so`)
  }

  /** It ended, by the facts. */
  isOver(legId: LegId): boolean {
    return this.#over.has(legId)
  }

  /** When all is over: what is still open. */
  drained(): void {
    for (const [callId, call] of this.#calls) if (!call.ended) this.#say('drained.all', `call ${callId} never ended`)
    for (const [entryId, entry] of this.#entries) if (!entry.left) this.#say('drained.all', `entry ${entryId} never left its queue`)
    for (const legId of this.legs.keys()) this.#say('drained.all', `leg ${legId} never ended`)
  }

  #say(law: Law, sentence: string): void {
    this.broken.push({ law, what: `at fact ${this.#position}: ${sentence}` })
  }

  #fact(fact: Fact): void {
    if ('callId' in fact && fact.callId !== undefined && fact.type !== 'call.started') {
      const call = this.#calls.get(fact.callId)
      if (call === undefined) this.#say('call.once', `${fact.type} of a call that never began`)
      else if (call.ended && !AFTERWARDS.has(fact.type)) this.#say('call.once', `${fact.type} after the call ended`)
    }
    switch (fact.type) {
      case 'call.started':
        if (this.#calls.has(fact.callId)) this.#say('call.once', `call ${fact.callId} began twice`)
        this.#callBegan(fact.callId, {
          internal: fact.direction === 'internal',
          first: null,
          ended: false,
          inMenu: false,
          consulting: false,
          bridges: new Map(),
        })
        if (fact.switchboard === true && fact.customer !== null) this.#switchboards.add(fact.customer)
        break
      case 'call.ended':
        this.#callEnded(fact.callId)
        break
      case 'call.setAside':
        this.#say('call.aside', `call ${fact.callId} was set aside`)
        break
      case 'leg.arrived':
        this.#legBegan({ ...fact, party: 'customer', arrived: true, ...FRESH })
        break
      case 'leg.requested':
        this.#requested(fact)
        break
      case 'leg.answered':
        this.#legAnswered(fact.legId)
        break
      case 'leg.ended':
        this.#legEnded(fact)
        break
      case 'leg.ringing':
        this.#rang.add(fact.legId)
        break
      case 'bridge.joined':
        this.#joined(fact)
        break
      case 'leg.held':
      case 'leg.resumed':
        this.#turned(fact.legId, 'held', fact.type === 'leg.held')
        break
      case 'leg.muted':
      case 'leg.unmuted':
        this.#turned(fact.legId, 'muted', fact.type === 'leg.muted')
        break
      default:
        this.#others(fact)
    }
  }

  #others(fact: Fact): void {
    switch (fact.type) {
      case 'agent.unreachable':
        this.#gone.add(fact.agentId)
        break
      case 'agent.reachable':
        this.#gone.delete(fact.agentId)
        break
      case 'menu.entered':
      case 'menu.left': {
        const call = this.#calls.get(fact.callId)
        if (call !== undefined) call.inMenu = fact.type === 'menu.entered'
        break
      }
      case 'consult.started':
      case 'consult.ended':
        this.#consulted(fact.callId, fact.type === 'consult.started')
        break
      default:
        this.#ofEntry(fact)
    }
  }

  #callBegan(callId: CallId, call: CallAccount): void {
    this.#calls.set(callId, call)
    this.#open.calls.add(call)
  }

  #callEnded(callId: CallId): void {
    const call = this.#calls.get(callId)
    if (call === undefined || call.ended) return
    call.ended = true
    this.#open.calls.delete(call)
    for (const leg of this.legs.values()) if (leg.callId === callId) this.#say('call.once', `call ${callId} ended with leg ${leg.legId} up`)
    for (const [entryId, entry] of this.#entries) {
      if (entry.callId === callId && !entry.left) this.#say('call.once', `call ${callId} ended with entry ${entryId} in its queue`)
    }
  }

  #legBegan(leg: LegAccount): void {
    if (this.legs.has(leg.legId)) this.#say('leg.once', `leg ${leg.legId} began twice`)
    this.legs.set(leg.legId, leg)
    const call = this.#calls.get(leg.callId)
    if (call !== undefined) call.first ??= leg.legId
  }

  #requested(fact: Extract<Fact, { type: 'leg.requested' }>): void {
    for (const leg of this.legs.values()) {
      if (fact.agentId !== undefined && leg.agentId === fact.agentId)
        this.#say('agent.oneMatter', `agent ${fact.agentId} is rung, being in another matter`)
      if (fact.party === 'agent' && fact.entryId !== undefined && leg.entryId === fact.entryId && leg.party === 'agent')
        this.#say('entry.oneOffer', `entry ${fact.entryId} is offered to two agents`)
      if (fact.party !== 'customer' || fact.personId === undefined || this.#switchboards.has(fact.personId)) continue
      // An agent's own call is warned of it, and made all the same.
      if (this.#entries.get(fact.entryId ?? '')?.outbound === true) continue
      if (leg.personId === fact.personId) this.#say('number.oneLine', `${fact.personId} is rung while on another line with us`)
    }
    const entry = fact.entryId === undefined ? undefined : this.#entries.get(fact.entryId)
    if (entry?.left === true) this.#say('leg.wanted', `leg ${fact.legId} is rung for an entry that has left`)
    const offered = fact.party === 'agent' && entry !== undefined && !entry.outbound
    if (offered && this.#gone.has(fact.agentId ?? ''))
      this.#say('agent.there', `entry ${fact.entryId} is offered to ${fact.agentId}, whose phone is gone`)
    if (fact.party === 'customer' && entry !== undefined) {
      if (!entry.callback && !entry.outbound && !entry.dialler)
        this.#say('attempt.once', `the customer of entry ${fact.entryId} is rung without a callback`)
      if (entry.attempting !== null)
        this.#say('attempt.once', `entry ${fact.entryId}: the customer is rung twice in attempt ${fact.attempt}`)
      entry.attempting = fact.legId
    }
    this.#legBegan({ ...fact, arrived: false, ...FRESH })
    this.#passing.add(fact.legId)
  }

  #legAnswered(legId: LegId): void {
    const leg = this.legs.get(legId)
    if (leg === undefined) this.#say('leg.once', `leg ${legId} answered, and was not there`)
    else if (leg.answered) this.#say('leg.once', `leg ${legId} answered twice`)
    else leg.answered = true
  }

  /** Refused by the network before a phone rang: the same attempt may go over another trunk. */
  #legEnded(fact: Extract<Fact, { type: 'leg.ended' }>): void {
    const leg = this.legs.get(fact.legId)
    if (leg === undefined) this.#say('leg.once', `leg ${fact.legId} ended, and was not there`)
    const rang = this.#rang.delete(fact.legId)
    const entry = leg?.entryId === undefined ? undefined : this.#entries.get(leg.entryId)
    const refused = fact.outcome === 'failed' && fact.by === 'network' && !rang
    if (entry?.attempting === fact.legId && refused) entry.attempting = null
    this.legs.delete(fact.legId)
    this.#over.add(fact.legId)
  }

  #joined(fact: Extract<Fact, { type: 'bridge.joined' }>): void {
    for (const legId of fact.legs) {
      const leg = this.legs.get(legId)
      if (leg === undefined || !leg.answered) this.#say('talk.lawful', `leg ${legId} is joined without being on the line`)
      else if (leg.callId !== fact.callId) this.#say('talk.lawful', `leg ${legId} is joined into another call`)
    }
    const bridges = this.#calls.get(fact.callId)?.bridges
    if (bridges === undefined) return
    // A leg is in one bridge at a time.
    for (const [bridge, legs] of bridges)
      bridges.set(
        bridge,
        legs.filter((legId) => !fact.legs.includes(legId)),
      )
    bridges.set(fact.bridge, fact.legs)
  }

  #turned(legId: LegId, what: 'held' | 'muted', on: boolean): void {
    const leg = this.legs.get(legId)
    if (leg === undefined || !leg.answered)
      this.#say('talk.lawful', `leg ${legId} is ${on ? '' : 'no longer '}${what}, not being on the line`)
    else if (leg[what] === on) this.#say('talk.lawful', `leg ${legId} is ${on ? '' : 'no longer '}${what} twice`)
    else leg[what] = on
  }

  #consulted(callId: CallId, on: boolean): void {
    const call = this.#calls.get(callId)
    if (call === undefined) return
    if (call.consulting === on) this.#say('talk.lawful', `call ${callId}: a consult ${on ? 'begins in another' : 'ends that never began'}`)
    call.consulting = on
  }

  #ofEntry(fact: Fact): void {
    if (!('entryId' in fact) || fact.entryId === undefined) return
    if (fact.type === 'entry.joined') {
      if (this.#entries.has(fact.entryId)) this.#say('entry.once', `entry ${fact.entryId} joined twice`)
      const held = [...this.legs.values()].some((leg) => leg.callId === fact.callId && leg.party === 'customer' && leg.held)
      if (held && fact.kind === 'line') this.#say('talk.lawful', `entry ${fact.entryId} waits in a queue on hold`)
      const entry: EntryAccount = {
        callId: fact.callId,
        outbound: fact.kind === 'outbound',
        dialler: fact.kind === 'dialler',
        agentFirst: false,
        callback: fact.kind === 'web',
        askedBy: fact.byLegId ?? null,
        left: false,
        attempting: null,
      }
      this.#entries.set(fact.entryId, entry)
      this.#open.entries.add(entry)
      return
    }
    const entry = this.#entries.get(fact.entryId)
    if (entry === undefined) this.#say('entry.once', `${fact.type} of an entry that never joined`)
    else if (entry.left) this.#say('entry.once', `${fact.type} of entry ${fact.entryId}, which has left`)
    else if (fact.type === 'entry.left') {
      entry.left = true
      this.#open.entries.delete(entry)
    } else if (fact.type === 'contact.dealt') entry.agentFirst = fact.agentFirst
    else if (fact.type === 'callback.ordered') this.#ordered(entry, fact)
    else if (fact.type === 'callback.attemptEnded') entry.attempting = null
  }

  #ordered(entry: EntryAccount, fact: Extract<Fact, { type: 'callback.ordered' }>): void {
    entry.callback = true
    if (fact.switchboard === true) this.#switchboards.add(fact.personId)
  }

  /** Nobody rings on for somebody who is gone. */
  #afterTurn(): void {
    for (const leg of this.legs.values()) {
      if (leg.answered || leg.arrived) continue
      const others = [...this.legs.values()].filter((other) => other.callId === leg.callId && other.legId !== leg.legId)
      const fault = leg.entryId === undefined ? this.#ringsForNobody(leg, others) : this.#ringsInVain(leg, others)
      if (fault !== null)
        this.#say('leg.wanted', `${leg.party === 'agent' ? `agent ${leg.agentId}` : `leg ${leg.legId}`} is rung for ${fault}`)
    }
  }

  /** A phone rung for an entry. */
  #ringsInVain(leg: LegAccount, others: readonly LegAccount[]): string | null {
    const entry = this.#entries.get(leg.entryId ?? '')
    if (entry === undefined || entry.left) return 'an entry that has left'
    if (entry.dialler && !entry.agentFirst && leg.party === 'customer') return null
    if (entry.outbound || entry.agentFirst)
      return leg.party === 'agent' || others.some((other) => other.answered) ? null : 'an agent who is gone'
    return entry.callback || leg.party !== 'agent' || others.some((other) => other.party === 'customer') ? null : 'a customer who is gone'
  }

  /** A phone rung for a conversation: for a customer who is to be handed over, or an agent who wants to talk. */
  #ringsForNobody(leg: LegAccount, others: readonly LegAccount[]): string | null {
    const there = others.filter((other) => other.answered)
    const call = this.#calls.get(leg.callId)
    if (call?.internal === true) return call.first === leg.legId || there.length > 0 ? null : 'a colleague who is gone'
    if (!there.some((other) => other.party === 'customer')) return 'a customer who is gone'
    return call?.consulting !== true || there.some((other) => other.party === 'agent') ? null : 'an agent who is gone'
  }
}
