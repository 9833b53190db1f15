/**
 * Drives the campaigns, without rules of its own: shows each pacing what is so, at every change and at least every 500 ms; asks the rules
 * for what it wants; draws the contacts the rules allow and deals them. What stops a campaign (hours, limits, agents) is decided
 * elsewhere; here is only remembered why nothing was drawn, and when it is worth looking again.
 */
import type * as Campaign from '#core/campaign/campaign.ts'
import { type Counted, countAgents } from '#core/campaign/counting.ts'
import { isContactFirst } from '#core/campaign/settings.ts'
import type { PeopleCommand } from '#core/commands.ts'
import type { Decision } from '#core/dialler/pacing.ts'
import type { Effect } from '#core/effects.ts'
import type { Fact, Recorded } from '#core/facts.ts'
import type { Input, TimerInput } from '#core/inputs.ts'
import type { AgentId, CampaignId, ContactId, Ms, PersonId } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import { lacking } from '#core/world/dialling.ts'
import type { World } from '#core/world/world.ts'
import type { Calendar, Clock } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Journal, Persons } from '#ports/journal.ts'
import type { Numbers } from '#ports/numbers.ts'
import type { CreatePacing } from '../parts.ts'
import type { People } from '../people.ts'
import { barredAmongWaiting, barredNow } from './barring.ts'
import { type DrawDone, Drawing } from './drawing.ts'
import { type Dry, dryness, FAILED, LOOK_AGAIN_MS } from './dryness.ts'
import { ContactFeed } from './feed.ts'
import { Observer } from './observer.ts'
import { Openness } from './openness.ts'
import { OwnContacts } from './own.ts'
import { Pacings } from './pacings.ts'
import { snapshotOf } from './snapshot.ts'

export interface DiallerPlan {
  readonly world: World
  readonly contacts: Contacts
  readonly pacing: CreatePacing
  readonly journal: Journal
  readonly persons: Persons
  readonly people: People
  readonly clock: Clock
  readonly calendar: () => Calendar
  readonly numbers: () => Numbers
  readonly solution: () => Solution
  readonly now: () => Ms
  readonly put: (input: Input) => void
  /** Whether anybody may be dialled at all: the journal can be written, the switch is there. */
  readonly mayDial: () => boolean
  readonly log: (line: string) => void
}

/** Asked at least so often. dialler.md 3 */
const LOOK_EVERY_MS: Ms = 500
const MINUTE_MS: Ms = 60_000

interface Run {
  /** The settings the rest is of. */
  readonly settings: Campaign.State['settings']
  /** Asked for, and not yet dealt; or being looked for. */
  asked: boolean
  /** The rules are being told whether its list is dry. */
  telling: boolean
  dry: Dry | null
  closesAt: Ms | null
  heldBack: ReadonlySet<PersonId>
  /** When contacts were dialled in the last minute. */
  readonly dialled: Ms[]
}

const REVIVES: ReadonlySet<Fact['type']> = new Set([
  'contact.settled',
  'campaign.started',
  'campaign.written',
  'agent.loggedOn',
  'doNotCall.lifted',
])

export class Dialler {
  readonly #plan: DiallerPlan
  readonly #runs = new Map<CampaignId, Run>()
  readonly #feed: ContactFeed
  readonly #drawing: Drawing
  readonly #observer: Observer
  readonly #own: OwnContacts
  readonly #pacings: Pacings
  #started = false
  #drawn: Promise<void> | null = null
  #underWay = 0
  #wake: { readonly at: Ms; readonly cancel: () => void } | null = null
  #stopped = false

  constructor(plan: DiallerPlan) {
    this.#plan = plan
    const openness = new Openness(plan.calendar)
    this.#feed = new ContactFeed({ ...plan, openness })
    this.#drawing = new Drawing({ ...plan, openness })
    this.#own = new OwnContacts({
      ...plan,
      put: (input) => (this.#stopped ? undefined : plan.put(input)),
      draw: async (campaign, count, whose) => {
        await this.#feed.taken()
        return this.#drawFrom(campaign, count, whose)
      },
    })
    this.#pacings = new Pacings(plan)
    this.#observer = new Observer(plan.world, plan.solution, (campaignId, fact) => this.#pacings.observe(campaignId, fact))
  }

  /** Tells the lists what they missed, and how campaigns are to be ordered; nobody is dialled before. */
  async start(): Promise<void> {
    const { campaigns } = this.#plan.world
    this.#feed.start()
    for (const campaign of campaigns.values()) this.#arrange(campaign)
    await this.#pacings.recall([...campaigns.values()])
    this.#started = true
    this.look()
  }

  /** What the pacings have learnt is kept where the engine is put down in order. */
  stop(): void {
    if (this.#started && !this.#stopped) this.#pacings.keepAll()
    this.#stopped = true
    this.#wake?.cancel()
    this.#feed.stop()
  }

  /** Nothing is being drawn, but where the lists cannot be reached. */
  idle(): boolean {
    return this.#drawn === null || this.#feed.inTrouble
  }

  async whenIdle(): Promise<void> {
    while (this.#drawn !== null) await this.#drawn
  }

  /** What the last draw of a campaign said; null: it brought what was asked for. Where the lists cannot be written nothing is drawn. */
  dryOf(campaignId: CampaignId): Dry | null {
    return this.#feed.inTrouble ? FAILED : (this.#runs.get(campaignId)?.dry ?? null)
  }

  /** Why the contact an agent is about to call may not be called; null: it may, or the command calls nobody. */
  async barredFrom(command: PeopleCommand): Promise<string | null> {
    return command.type === 'card.call' ? barredNow(this.#plan, command.callId) : null
  }

  /** A card is about to press Call by itself: the lists are asked as where an agent presses it. Where they cannot be, it does not. */
  asksFirst(timer: TimerInput): boolean {
    if (timer.type !== 'card.callItself') return false
    const asked = barredNow(this.#plan, timer.callId).then((barred) => this.#plan.put({ ...timer, barred }))
    this.#waitFor(asked.catch((error: unknown) => this.#plan.log(`a card did not call by itself: ${String(error)}`)))
    return true
  }

  /** The lists, or what numbers may be called, changed otherwise than by a fact: whoever waits to be called is held against them again. */
  async recheck(): Promise<void> {
    for (const callId of await barredAmongWaiting(this.#plan)) this.#plan.put({ type: 'contact.bar', callId })
  }

  perMinute(campaignId: CampaignId): number {
    const from = this.#plan.now() - MINUTE_MS
    return this.#runs.get(campaignId)?.dialled.filter((at) => at > from).length ?? 0
  }

  /* ------------------------------------------------------------- what happens */

  /** After each turn, with the world as it is now. */
  turned(input: Input, { facts, effects }: { readonly facts: readonly Recorded[]; readonly effects: readonly Effect[] }): void {
    this.#own.turned(input, facts)
    const run = 'campaignId' in input ? this.#runs.get(input.campaignId ?? '') : undefined
    if (run !== undefined && input.type === 'campaign.pace') run.asked = effects.some(({ type }) => type === 'contacts.draw')
    if (run !== undefined && input.type === 'contacts.deal' && input.own !== true) run.asked = false
    if (run !== undefined && input.type === 'campaign.drew') run.telling = false
    if (facts.length === 0) return
    this.#observer.observe(facts)
    for (const { fact, at } of facts) this.#hear(fact, at)
  }

  #hear(fact: Fact, at: Ms): void {
    if (fact.type === 'contact.dealt') {
      const dialled = this.#runs.get(fact.campaignId)?.dialled
      if (dialled !== undefined && !fact.agentFirst) {
        dialled.push(at)
        while ((dialled[0] ?? at) <= at - MINUTE_MS) dialled.shift()
      }
    }
    if (fact.type === 'campaign.written') {
      const campaign = this.#plan.world.campaigns.get(fact.campaignId)
      if (campaign !== undefined) this.#arrange(campaign)
    }
    if (fact.type === 'campaign.removed') {
      this.#runs.delete(fact.campaignId)
      this.#pacings.forget(fact.campaignId)
    }
    if (REVIVES.has(fact.type))
      for (const [id, run] of this.#runs) if (fact.type !== 'contact.settled' || fact.campaignId === id) run.dry = null
    if (fact.type !== 'leg.ended') return
    for (const run of this.#runs.values())
      if ([...run.heldBack].some((person) => !this.#plan.world.legsOf.has(person))) {
        run.heldBack = new Set()
        run.dry = null
      }
  }

  /** Durable facts. */
  committed(facts: readonly Recorded[]): void {
    this.#feed.tell(facts)
    const barred = facts.flatMap(({ fact }) => (fact.type === 'campaign.numberBarred' ? fact.contactId : []))
    if (barred.length > 0) this.#waitFor(this.#feed.taken().then(() => this.#told(barred)))
    if (this.#own.committed(facts)) this.look()
  }

  #arrange({ id, settings }: Campaign.State): void {
    const { contacts, log } = this.#plan
    contacts.arrange(id, settings).catch((error: unknown) => log(`the contacts of ${id} cannot be put in order: ${String(error)}`))
  }

  /* ------------------------------------------------------------- asking */

  /** Shows every pacing what is so, and asks the rules for what it wants. */
  look(): void {
    if (this.#stopped || !this.#started) return
    const at = this.#plan.now()
    const { world, solution } = this.#plan
    const alone = [...world.campaigns.values()].filter(({ status }) => status === 'running').length < 2
    let counted: ReadonlyMap<CampaignId, Counted> | null = null
    let moves = false
    for (const campaign of world.campaigns.values()) {
      if (campaign.status !== 'running') continue
      counted ??= countAgents(world, solution())
      const own = counted.get(campaign.id)
      if (own === undefined) continue
      this.#ask(campaign, own, at)
      this.#drawOwn(campaign, at)
      if (campaign.dry !== null && !alone) this.#lookThrough(campaign, at)
      moves ||= this.#moves(campaign, own)
    }
    this.#pacings.keep(at)
    this.#setWake(at, moves)
  }

  /** Whether a pacing may want something else by time alone: contacts ring, or agents are there and contacts may be dialled. */
  #moves(campaign: Campaign.State, { idle, talking, wrapping }: Counted): boolean {
    if (!isContactFirst(campaign.settings.mode)) return false
    if (campaign.calls.size > 0) return true
    return idle.length + talking.length + wrapping.length > 0 && this.#runs.get(campaign.id)?.dry == null
  }

  #ask(campaign: Campaign.State, counted: Counted, at: Ms): void {
    const run = this.#runOf(campaign)
    if (run.asked || this.#feed.inTrouble || !this.#plan.mayDial()) return
    // Where agents are first: one contact for each who is logged on.
    const wanted = isContactFirst(campaign.settings.mode)
      ? this.#paced(campaign, run, counted, at)
      : { dial: lacking(this.#plan.world, this.#plan.solution(), campaign), hangUp: 0 }
    const dial = run.dry !== null && at < run.dry.until ? 0 : wanted.dial
    if (dial === 0 && wanted.hangUp === 0) return
    run.asked = true
    this.#plan.put({ type: 'campaign.pace', campaignId: campaign.id, dial, hangUp: wanted.hangUp })
  }

  #drawOwn(campaign: Campaign.State, at: Ms): void {
    if (this.#feed.inTrouble || !this.#plan.mayDial()) return
    const drawn = this.#own.look(campaign, at)
    if (drawn === null) return
    const failed = (error: unknown): void => this.#plan.log(`agents’ own contacts of ${campaign.id} could not be drawn: ${String(error)}`)
    // Where nothing came of it no turn follows, and it is to be looked at again.
    this.#waitFor(drawn.catch(failed).then(() => this.look()))
  }

  #paced(campaign: Campaign.State, run: Run, counted: Counted, at: Ms): Decision {
    // The day's limit is over at midnight, and so is the day a pacing plans for.
    const ends = [run.closesAt, this.#plan.world.day?.until].filter((one) => one != null)
    const snapshot = snapshotOf(this.#plan.world, campaign, counted, ends.length === 0 ? null : Math.min(...ends), at)
    return this.#pacings.decide(campaign, snapshot)
  }

  #runOf(campaign: Campaign.State): Run {
    const known = this.#runs.get(campaign.id)
    if (known?.settings === campaign.settings) return known
    const run: Run = {
      settings: campaign.settings,
      asked: known?.asked ?? false,
      telling: known?.telling ?? false,
      dry: null,
      closesAt: null,
      heldBack: new Set(),
      dialled: known?.dialled ?? [],
    }
    this.#runs.set(campaign.id, run)
    return run
  }

  /** `moves`: things change by time alone. Else only a list that was dry is looked at again. */
  #setWake(at: Ms, moves: boolean): void {
    const instants = [...this.#runs.values()].flatMap(({ dry }) => (dry === null || dry.until <= at ? [] : dry.until))
    instants.push(...this.#own.instants(at))
    if (moves) instants.push(at + LOOK_EVERY_MS)
    if (instants.length === 0) return
    const next = Math.min(...instants)
    if (this.#wake !== null && this.#wake.at <= next) return
    this.#wake?.cancel()
    this.#wake = {
      at: next,
      cancel: this.#plan.clock.wake(next, () => {
        this.#wake = null
        this.look()
      }),
    }
  }

  /* ------------------------------------------------------------- drawing */

  /** The rules allow so many: carried out once their facts are durable. */
  draw(effect: Extract<Effect, { type: 'contacts.draw' }>): void {
    this.#waitFor((this.#drawn ?? Promise.resolve()).then(() => this.#draw(effect)))
  }

  #waitFor(work: Promise<unknown>): void {
    this.#underWay += 1
    this.#drawn = Promise.all([this.#drawn, work])
      .then(() => undefined)
      .finally(() => {
        this.#underWay -= 1
        if (this.#underWay === 0) this.#drawn = null
      })
  }

  /**
   * A campaign whose list had run dry keeps no agents and so dials nobody; where others have them it is looked through for itself, whether
   * somebody can be called again.
   */
  #lookThrough(campaign: Campaign.State, at: Ms): void {
    const run = this.#runOf(campaign)
    if (run.asked || run.telling || (run.dry !== null && at < run.dry.until) || this.#feed.inTrouble || !this.#plan.mayDial()) return
    run.asked = true
    this.#waitFor((this.#drawn ?? Promise.resolve()).then(() => this.#draw({ campaignId: campaign.id, count: 0 })))
  }

  /** `count` 0: it is only looked whether there is anybody. */
  async #draw({ campaignId, count }: Pick<Extract<Effect, { type: 'contacts.draw' }>, 'campaignId' | 'count'>): Promise<void> {
    await this.#feed.taken()
    const campaign = this.#plan.world.campaigns.get(campaignId)
    if (this.#stopped || campaign === undefined) return
    const run = this.#runOf(campaign)
    try {
      this.#deal(campaign, run, await this.#drawFrom(campaign, Math.max(1, count), null), count)
    } catch (error) {
      this.#plan.log(`contacts of ${campaignId} could not be drawn: ${String(error)}`)
      run.asked = false
      run.dry = { ...FAILED, until: this.#plan.now() + LOOK_AGAIN_MS }
      this.#tellDry(campaign, run)
    }
    // Where nothing came of it no turn follows, and it is to be looked at again.
    this.look()
  }

  /** Numbers found barred are a fact before the contacts they belong to are drawn again. */
  async #drawFrom(campaign: Campaign.State, count: number, whose: readonly AgentId[] | null): Promise<DrawDone> {
    const done = await this.#drawing.draw(campaign, count, whose)
    if (done.barred.length > 0 && !this.#stopped) this.#plan.put({ type: 'contacts.bar', campaignId: campaign.id, numbers: done.barred })
    return done
  }

  #told(contactIds: readonly ContactId[]): void {
    this.#drawing.told(contactIds)
    for (const run of this.#runs.values()) run.dry = null
    this.look()
  }

  /** Whether it wants agents is the rules' to know. */
  #tellDry({ id }: Campaign.State, run: Run): void {
    const known = this.#plan.world.campaigns.get(id)?.dry ?? null
    if ((known === null) === (run.dry === null)) return
    run.telling = true
    this.#plan.put({ type: 'campaign.drew', campaignId: id, dry: run.dry?.rest ?? null })
  }

  #deal(campaign: Campaign.State, run: Run, done: DrawDone, count: number): void {
    if (this.#stopped) return
    const at = this.#plan.now()
    run.closesAt = done.closesAt
    run.heldBack = new Set(done.heldBack)
    run.dry = done.rest === 'more' || done.contacts.length >= Math.max(1, count) ? null : dryness(done, done.rest, at)
    // Who is dealt is dialled for agents it still wants.
    if (run.dry === null) this.#tellDry(campaign, run)
    if (done.contacts.length > 0 && count > 0) {
      this.#plan.put({ type: 'contacts.deal', campaignId: campaign.id, contacts: done.contacts })
      if (run.dry !== null) this.#tellDry(campaign, run)
      return
    }
    run.asked = false
    if (run.dry !== null) this.#tellDry(campaign, run)
    const over = done.contacts.length === 0 && done.rest === 'none' && campaign.calls.size === 0 && done.heldBack.length === 0
    if (over && !this.#drawing.isTelling(campaign.id)) this.#plan.put({ type: 'campaign.exhaust', campaignId: campaign.id })
  }
}
