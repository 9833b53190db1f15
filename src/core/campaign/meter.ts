/**
 * Folds the journal's facts into the figures of campaigns. It follows a world that is made of the same facts, one fact at a time: the
 * time up to a fact goes to what every agent and call was in before it; then the fact is taken into the world, and counted itself.
 * What comes out is what was added since it was last asked, so that it need not be kept here.
 *
 * An engine that was away wrote nothing: agents are where they were when it went, as the journal has it.
 */
import type { Fact, Recorded } from '../facts.ts'
import type { AgentId, CallId, CampaignId, Ms } from '../kernel/kernel.ts'
import type { Solution } from '../solution/solution.ts'
import { evolve } from '../world/evolve.ts'
import type { World } from '../world/world.ts'
import type * as Campaign from './campaign.ts'
import { type Counted, countAgents } from './counting.ts'
import { type Figures, NO_FIGURES, pieces, plus, type Rates, type Span, type Spanned, timesOf } from './figures.ts'
import { callsOf } from './spoken.ts'

export const MINUTE_MS: Ms = 60_000
export const HOUR_MS: Ms = 3_600_000
/** Longer idle stretches are told apart no more. */
const IDLE_SECONDS_MAX = 3_600

type Day = NonNullable<World['day']>

export interface Meter {
  /** Of the last fact taken in. */
  position: number
  at: Ms
  day: Day | null
  /** The day before, for what is learnt of it afterwards. */
  yesterday: Day | null
  /** Agents who are ready after a call, since when. */
  readonly free: Map<AgentId, Ms>
  /** Contacts who wait for an agent to whom their card is shown, since when. */
  readonly waiting: Map<CallId, Ms>
  /** Added since `taken`. */
  added: Map<string, Spanned>
  /** Campaigns that are no more, since `taken`. */
  removed: Set<CampaignId>
}

export const initial = (): Meter => ({
  position: 0,
  at: 0,
  day: null,
  yesterday: null,
  free: new Map(),
  waiting: new Map(),
  added: new Map(),
  removed: new Set(),
})

/** All but what was added: that is stored with it. */
export const save = ({ position, at, day, yesterday, free, waiting }: Meter): string =>
  JSON.stringify({ position, at, day, yesterday, free: [...free], waiting: [...waiting] })

export function load(text: string): Meter {
  const saved = JSON.parse(text) as Pick<Meter, 'position' | 'at' | 'day' | 'yesterday'> & {
    readonly free: readonly (readonly [AgentId, Ms])[]
    readonly waiting: readonly (readonly [CallId, Ms])[]
  }
  return { ...initial(), ...saved, free: new Map(saved.free), waiting: new Map(saved.waiting) }
}

/** What was added since this was last asked; it is forgotten here. Rows of campaigns removed meanwhile go before these are added. */
export function taken(meter: Meter): { readonly rows: readonly Spanned[]; readonly removed: readonly CampaignId[] } {
  const { added, removed } = meter
  meter.added = new Map()
  meter.removed = new Set()
  return { rows: [...added.values()], removed: [...removed] }
}

/** Takes the next fact into the world, and into the figures. `solution`: by its version; null: it is not known, and nobody is counted. */
export function fold(meter: Meter, world: World, recorded: Recorded, solution: (version: string) => Solution | null): void {
  const { fact, at, position } = recorded
  pass(meter, world, at, solution)
  const was = agentIn(fact, world)?.status
  evolve(world, recorded)
  meter.position = position
  count(meter, world, fact, at)
  followAgent(meter, world, fact, at, was)
}

/* ---------------------------------------------------------------- time */

function pass(meter: Meter, world: World, at: Ms, solution: (version: string) => Solution | null): void {
  const from = meter.at
  if (at <= from) return
  meter.at = at
  if (from === 0 || ![...world.campaigns.values()].some(isAtWork)) return
  for (const [campaignId, rates] of ratesNow(world, solution(world.solution))) {
    if (Object.values(rates).every((rate: number) => rate === 0)) continue
    for (const piece of pieces(from, at, MINUTE_MS)) {
      const times = timesOf(rates, piece.ms)
      add(meter, campaignId, 'minute', piece.at, times)
      add(meter, campaignId, 'hour', piece.at - (piece.at % HOUR_MS), times)
    }
    const all = timesOf(rates, at - from)
    if (meter.day !== null) add(meter, campaignId, 'day', meter.day.from, all)
    add(meter, campaignId, 'all', 0, all)
  }
}

const isAtWork = ({ status, calls }: Campaign.State): boolean => status === 'running' || calls.size > 0

/** What each campaign's agents and calls are in. */
export function ratesNow(world: World, solution: Solution | null): ReadonlyMap<CampaignId, Rates> {
  const counted = solution === null ? null : countAgents(world, solution)
  return new Map([...world.campaigns.values()].map((campaign) => [campaign.id, ratesOf(world, campaign, counted?.get(campaign.id))]))
}

function ratesOf(world: World, campaign: Campaign.State, counted: Counted | undefined): Rates {
  const { idle = [], paused = [], talking = [], wrapping = [] } = counted ?? {}
  const withContact = talking.filter(
    ({ status, matter }) => status === 'connected' && world.calls.get(matter?.callId ?? '')?.contact?.answeredAt != null,
  ).length
  const withCard = paused.filter(({ card }) => card !== null).length
  const overDials = campaign.settings.mode === 'power' || campaign.settings.mode === 'predictive'
  return {
    talk: withContact,
    onTheWay: talking.length - withContact + withCard,
    wrapUp: wrapping.length,
    idle: idle.length,
    away: paused.length - withCard,
    air: callsOf(world, campaign).filter(({ contact }) => contact !== null && isInTheAir(contact.status, contact.placed)).length,
    held: overDials && campaign.status === 'running' && campaign.limit !== 'within' ? 1 : 0,
  }
}

const isInTheAir = (status: string, placed: boolean): boolean =>
  status === 'dialling' || status === 'answered' || (status === 'calling' && placed)

/* ---------------------------------------------------------------- counts */

function count(meter: Meter, world: World, fact: Fact, at: Ms): void {
  switch (fact.type) {
    case 'day.turned':
      meter.yesterday = meter.day
      meter.day = { from: fact.from, until: fact.until }
      return
    case 'campaign.removed':
      for (const [key, { campaignId }] of meter.added) if (campaignId === fact.campaignId) meter.added.delete(key)
      meter.removed.add(fact.campaignId)
      return
    case 'call.ended':
      meter.waiting.delete(fact.callId)
      return
    default:
      if ('callId' in fact && fact.callId !== undefined) countCall(meter, world, fact, fact.callId, at)
  }
}

function countCall(meter: Meter, world: World, fact: Fact, callId: CallId, at: Ms): void {
  const call = world.calls.get(callId)
  if (call?.contact == null) return
  const { contact } = call
  const answeredAt = contact.answeredAt ?? at
  const counted = (when: Ms, what: Partial<Figures>): void => everywhere(meter, contact.campaignId, when, what)
  switch (fact.type) {
    case 'contact.dealt':
      if (contact.agentFirst) meter.waiting.set(callId, at)
      return
    case 'card.shown': {
      const since = meter.waiting.get(callId)
      if (since !== undefined) counted(at, { cards: 1, cardsMs: at - since })
      meter.waiting.delete(callId)
      return
    }
    case 'leg.requested':
      // Its second trunk is the same try.
      if (fact.party === 'customer' && [...call.legs.values()].filter(({ party }) => party === 'customer').length === 1)
        counted(at, { placed: 1 })
      return
    case 'contact.answered':
      counted(answeredAt, { answered: 1 })
      return
    case 'contact.silent':
      counted(answeredAt, { silent: 1 })
      return
    case 'entry.left':
      if (fact.entryId === contact.entryId && fact.reason === 'answered' && contact.agentFirst) counted(answeredAt, { answered: 1 })
      return
    case 'contact.settled':
      if (fact.counted && contact.placed) countTry(meter, contact.campaignId, fact.tries, contact.answeredAt !== null)
      return
    default:
  }
}

/** `tries`: which attempt of its contact it was. */
function countTry(meter: Meter, campaignId: CampaignId, tries: number, answered: boolean): void {
  const before = Array.from({ length: tries - 1 }, () => ({ answered: 0, not: 0 }))
  add(meter, campaignId, 'all', 0, { tries: [...before, { answered: answered ? 1 : 0, not: answered ? 0 : 1 }] })
}

function everywhere(meter: Meter, campaignId: CampaignId, at: Ms, what: Partial<Figures>): void {
  const { idleSeconds: _, ...plain } = what
  add(meter, campaignId, 'minute', at - (at % MINUTE_MS), plain)
  add(meter, campaignId, 'hour', at - (at % HOUR_MS), plain)
  const { day, yesterday } = meter
  const own = yesterday !== null && at >= yesterday.from && at < yesterday.until ? yesterday : day
  if (own !== null) add(meter, campaignId, 'day', own.from, what)
  add(meter, campaignId, 'all', 0, plain)
}

function add(meter: Meter, campaignId: CampaignId, span: Span, at: Ms, what: Partial<Figures>): void {
  const key = `${span} ${at} ${campaignId}`
  const figures = plus(meter.added.get(key)?.figures ?? NO_FIGURES, what)
  meter.added.set(key, { campaignId, span, at, figures })
}

/* ---------------------------------------------------------------- idle between calls */

const agentIn = (fact: Fact, world: World) => ('agentId' in fact && fact.agentId !== undefined ? world.agents.get(fact.agentId) : undefined)

/** `was`: what the agent the fact is about was before it. */
function followAgent(meter: Meter, world: World, fact: Fact, at: Ms, was: string | undefined): void {
  if (!('agentId' in fact) || fact.agentId === undefined) return
  const { agentId } = fact
  switch (fact.type) {
    case 'agent.returned':
      if (was === 'wrapUp' || was === 'connected') meter.free.set(agentId, at)
      else meter.free.delete(agentId)
      return
    case 'leg.requested':
    case 'card.shown':
      idleOver(meter, world, fact.callId, agentId, at)
      return
    default:
      if (world.agents.get(agentId)?.status !== 'ready') meter.free.delete(agentId)
  }
}

function idleOver(meter: Meter, world: World, callId: CallId, agentId: AgentId, at: Ms): void {
  const since = meter.free.get(agentId)
  const contact = world.calls.get(callId)?.contact
  meter.free.delete(agentId)
  if (since === undefined || contact == null) return
  const idlesMs = at - since
  const second = String(Math.min(IDLE_SECONDS_MAX, Math.floor(idlesMs / 1000)))
  everywhere(meter, contact.campaignId, at, { idles: 1, idlesMs, idleSeconds: { [second]: 1 } })
}
