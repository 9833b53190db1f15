/**
 * "What would this campaign do with 30 agents?" A shift in virtual time through the real engine: campaign, pacing, queue, agents and
 * archive, with contacts who answer or do not, and agents who talk and wrap up. Its figures are read from the archive's stories.
 */
import { projectCall } from '#core/archive/projection.ts'
import type { Story } from '#core/archive/story.ts'
import type { Settings } from '#core/campaign/settings.ts'
import type { PeopleCommand } from '#core/commands.ts'
import { callOf, type Recorded } from '#core/facts.ts'
import type { AgentId, CallId, Ms } from '#core/kernel/kernel.ts'
import type { ContactDraft, Contacts } from '#ports/contacts.ts'
import type { EnginePort } from '#ports/engine.ts'
import type { PaceResult, PaceShift } from '#ports/pace.ts'
import { type SeededChance, seededChance } from '../chance.ts'
import { settled, VirtualClock } from '../clock.ts'
import { SimulatedNetwork } from '../network.ts'
import type { Behaviour } from '../people.ts'
import type { StagePorts } from '../player.ts'
import { PaceFigures } from './figures.ts'

export const CAMPAIGN = 'pace'
export const agentIdAt = (place: number): AgentId => `agent${place}`
/** A Monday, 10:00 in Stockholm. */
export const PACE_FROM: Ms = Date.parse('2026-11-23T09:00:00Z')

/** What surrounds the shift: an engine on a journal whose facts are passed on here, and the lists it draws from. */
export interface PaceStage {
  readonly contacts: Contacts
  readonly startEngine: (
    ports: StagePorts,
    onFacts: (facts: readonly Recorded[]) => void,
  ) => Promise<EnginePort & { stop(): Promise<void> }>
  /** So much of the shift is over, 0 to 1. */
  readonly onProgress?: (share: number) => void
  /** Each story, once its call is over. */
  readonly onStory?: (story: Story) => void
}

const SECOND_MS: Ms = 1_000
/** A phone in the browser answers by itself. */
const ANSWERS_ITSELF_MS: Ms = 500
const MESSAGE_MS: Ms = 8_000
/** Contacts who have not answered by then would not have: most answer within some rings. */
const ANSWER_MS = { min: 3_000, mean: 10_000 } as const
const LOOK_EVERY_MS: Ms = 300_000
/** Calls in the air when the shift ends finish. */
const DRAINS_MS: Ms = 4 * 3_600_000

export async function runPace(shift: PaceShift, stage: PaceStage): Promise<PaceResult> {
  const run = new PaceRun(shift, stage)
  return run.run()
}

class PaceRun {
  readonly #shift: PaceShift
  readonly #stage: PaceStage
  readonly #chance: SeededChance
  readonly #clock = new VirtualClock(PACE_FROM)
  readonly #network: SimulatedNetwork
  readonly #figures: PaceFigures
  readonly #facts = new Map<CallId, Recorded[]>()
  readonly #until: Ms
  #engine: (EnginePort & { stop(): Promise<void> }) | null = null

  constructor(shift: PaceShift, stage: PaceStage) {
    this.#shift = shift
    this.#stage = stage
    this.#chance = seededChance(`pace/${shift.seed}`)
    const people = this.#chance.fork('people')
    this.#network = new SimulatedNetwork({
      clock: this.#clock,
      chance: this.#chance.fork('network'),
      lengthMs: () => MESSAGE_MS,
      strangers: () => [this.#manner(people)],
    })
    this.#until = PACE_FROM + shift.hours * 3_600 * SECOND_MS
    this.#figures = new PaceFigures({ from: PACE_FROM, until: this.#until, agents: shift.agents })
  }

  async run(): Promise<PaceResult> {
    await this.#begin()
    for (let at = PACE_FROM; at < this.#until; ) {
      at = Math.min(this.#until, at + LOOK_EVERY_MS)
      await this.#clock.run(at)
      this.#stage.onProgress?.((at - PACE_FROM) / (this.#until - PACE_FROM))
    }
    await this.#do({ type: 'campaign.stop', by: 'campaign', campaignId: CAMPAIGN })
    for (let at = this.#until; at < this.#until + DRAINS_MS && this.#facts.size > 0; at += LOOK_EVERY_MS) await this.#clock.run(at)
    await settled()
    // Those who talk for ever are told as they stand.
    for (const callId of [...this.#facts.keys()]) this.#over(callId)
    await this.#engine?.stop()
    return this.#figures.result()
  }

  async #begin(): Promise<void> {
    const { agents } = this.#shift
    const ports = { clock: this.#clock, chance: this.#chance.fork('ids'), telephony: this.#network }
    this.#engine = await this.#stage.startEngine(ports, (facts) => this.#hear(facts))
    await this.#import()
    await this.#do({ type: 'campaign.write', by: 'campaign', campaignId: CAMPAIGN, settings: settingsOf(this.#shift) })
    for (let place = 0; place < agents; place += 1) {
      const agentId = agentIdAt(place)
      this.#network.agentPhone(agentId).whenCalled({ answersAfterMs: ANSWERS_ITSELF_MS })
      await this.#do({ type: 'agent.logOn', by: 'agent', agentId })
    }
    await this.#do({ type: 'campaign.start', by: 'campaign', campaignId: CAMPAIGN })
  }

  /** As many as all agents could talk with in the time, and half as many again. */
  async #import(): Promise<void> {
    const { agents, hours, talkMs, wrapUpMs, answerRate } = this.#shift
    const talks = (agents * hours * 3_600 * SECOND_MS) / (talkMs + wrapUpMs)
    const count = Math.min(5_000_000, Math.ceil((1.5 * talks) / answerRate) + 20 * agents)
    const asked = { campaignId: CAMPAIGN, at: PACE_FROM, user: 'pace', fileName: 'pace', how: 'add', hash: null } as const
    const staged = await this.#stage.contacts.startImport(asked)
    if ('confirmed' in staged) return
    const rows = Array.from({ length: count }, (_, place) => ({ row: place + 1, line: place + 2, draft: draftAt(place) }))
    await staged.add(rows, [], 0)
    const { id } = await staged.finish()
    await this.#stage.contacts.confirm(id, PACE_FROM)
  }

  async #do(command: PeopleCommand): Promise<void> {
    const answered = this.#engine?.submit(command)
    await settled()
    const answer = await answered
    if (answer?.ok === false) throw new Error(`${command.type} was refused: ${answer.refused}`)
  }

  /** What one contact does when rung. Talk is lognormal, as conversations are (Brown et al., Statistical analysis of a telephone call center, 2005). */
  #manner(chance: SeededChance): Behaviour {
    if (!chance.often(this.#shift.answerRate)) return chance.often(0.15) ? { busyAfterMs: 1_000 } : { ringsMs: 3_600 * SECOND_MS }
    const answersAfterMs = Math.round(ANSWER_MS.min + Math.min(chance.wait(ANSWER_MS.mean - ANSWER_MS.min), 20_000))
    return { answersAfterMs, talksMs: Math.max(SECOND_MS, Math.round(lognormal(chance, this.#shift.talkMs))) }
  }

  #hear(facts: readonly Recorded[]): void {
    for (const recorded of facts) {
      const { fact } = recorded
      if (fact.type === 'agent.wrapUpStarted') this.#wrapUp(fact.agentId)
      const callId = callOf(fact)
      if (callId === undefined) continue
      const known = this.#facts.get(callId)
      if (known === undefined) this.#facts.set(callId, [recorded])
      else known.push(recorded)
      if (fact.type === 'call.ended') this.#over(callId)
    }
  }

  #wrapUp(agentId: AgentId): void {
    const ms = Math.round(this.#shift.wrapUpMs * (0.5 + this.#chance.random()))
    this.#clock.wake(this.#clock.now() + ms, () => void this.#engine?.submit({ type: 'agent.return', by: 'agent', agentId }))
  }

  #over(callId: CallId): void {
    const facts = this.#facts.get(callId)
    if (facts === undefined) return
    this.#facts.delete(callId)
    const story = projectCall(facts)
    this.#figures.take(story)
    this.#stage.onStory?.(story)
  }
}

const gauss = (chance: SeededChance): number => Math.sqrt(-2 * Math.log(1 - chance.random())) * Math.cos(2 * Math.PI * chance.random())
const SPREAD = 0.75
const lognormal = (chance: SeededChance, mean: number): number => mean * Math.exp(SPREAD * gauss(chance) - (SPREAD * SPREAD) / 2)

const draftAt = (place: number): ContactDraft => ({
  phone: `+4670${String(place).padStart(7, '0')}`,
  phone2: null,
  externalId: null,
  name: null,
  zone: 'Europe/Stockholm',
  language: null,
  from: null,
  to: null,
  window: null,
  columns: {},
})

/** It closes when the shift is over: 10:00 by the contacts' clock is when it begins. */
const hoursOf = ({ hours }: PaceShift): Settings['hours'] => {
  const minutes = Math.ceil(hours * 60)
  const two = (value: number): string => String(value).padStart(2, '0')
  return { days: { mon: [{ from: '10:00', to: `${two(10 + Math.floor(minutes / 60))}:${two(minutes % 60)}` }] }, holidays: {} }
}

const settingsOf = (shift: PaceShift): Settings => ({
  name: 'Pace',
  mode: shift.mode,
  skill: null,
  priority: 0,
  ratio: shift.ratio,
  attemptsMax: 1,
  pauseMs: 0,
  ringMs: shift.ringMs,
  retry: { unanswered: false, busy: false, rejected: false, failed: false },
  retriesFirst: false,
  sort: [],
  filters: [],
  hours: hoursOf(shift),
  periods: [],
  startsAt: null,
  wrapUpMs: Math.ceil(1.5 * shift.wrapUpMs),
  ringAgentMs: 20 * SECOND_MS,
  cardMs: 60 * SECOND_MS,
  autoCallMs: null,
  whenAllSpokenFor: 'inbound',
  silentTarget: shift.silentTarget,
  silentAfterMs: shift.silentAfterMs,
  silentMessage: { on: true, reason: null },
  silentAgainAfterMs: 72 * 3_600 * SECOND_MS,
  silentCallback: false,
  mayHangUp: true,
  callerId: null,
  country: 'SE',
  topics: [],
  liveMax: 10_000,
})
