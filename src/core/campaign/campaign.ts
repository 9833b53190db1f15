/**
 * A campaign: one list of contacts, one dialler queue of the same id, and the owner's settings.
 *
 * none ──write──▶ draft ──schedule──▶ scheduled ──due──▶ running ──pause──▶ paused ──start──▶ running
 *                  │  ▲───schedule off────┘                │  │ └──stop──▶ stopped ──start──▶ running
 *                  │ start                                 │  └──nobody left──▶ done ──start──▶ running
 *                  └──────────────────▶ running ◀──────────┘
 * Removed from any state in which it does not run and has no call left.
 *
 * It also keeps the day's totals: a call counts in the day of its answer, one that nobody answered in the day it was over.
 */
import type { CampaignFact, DryWhy } from '../facts.ts'
import { type CallId, type CampaignId, type ContactId, type Decision, type Ms, refuse } from '../kernel/kernel.ts'
import { LIMITS, type Settings } from './settings.ts'

/** What happens to a campaign itself; of a contact's number it only says whose list it is in. */
export type Fact = Exclude<Extract<CampaignFact, { type: `campaign.${string}` }>, { type: 'campaign.numberBarred' }>
export type Refusal =
  | 'campaign.changed'
  | 'campaign.settings'
  | 'campaign.silentReason'
  | 'campaign.unknown'
  | 'campaign.running'
  | 'campaign.notRunning'
  | 'campaign.notStarted'
  | 'campaign.startsAt'
  | 'campaign.inUse'

/** A campaign's calls of one day. Each that is placed becomes one of `answered`, `noAnswer` … `withdrawn` when it is known. */
export interface Totals {
  placed: number
  answered: number
  connected: number
  silent: number
  /** Rung to the end, and nobody took it up. */
  noAnswer: number
  busy: number
  rejected: number
  notInUse: number
  /** The network or our own limits failed, or the engine was away. */
  failed: number
  /** Ended from our side before an answer: by the pacing, by its agent, or because it was taken out of the queue. */
  withdrawn: number
  /** Of the silent: the message was begun. */
  silentWithMessage?: number
  /** Of the connected, together: from the contact's answer to the agent's; nothing where the agent was there first. */
  toAgentMs?: Ms
}

/** A contact's tries that were not counted since the last that was. */
export interface Uncounted {
  /** By the network, or by our own limits. */
  readonly failed: number
  /** The agent left before the phone had rung 15 s. */
  readonly left: number
  /** The engine was away. */
  readonly unknown: number
}
export const COUNTED: Uncounted = { failed: 0, left: 0, unknown: 0 }

export interface Day {
  readonly from: Ms
  readonly until: Ms
  readonly totals: Totals
  /** What share of silent calls was allowed when it ended. */
  readonly silentTarget: number
}

export interface State {
  readonly id: CampaignId
  readonly settings: Settings
  readonly status: 'draft' | 'scheduled' | 'running' | 'paused' | 'stopped' | 'done'
  readonly startsAt: Ms | null
  /** Since when it is over: stopped, or nobody left to call; null: it is not. */
  readonly endedAt: Ms | null
  /** No over-dialling: the day's share of silent calls is used up. `forTheDay`: by so much that the pacing is not trusted before tomorrow. */
  readonly limit: 'within' | 'reached' | 'forTheDay'
  readonly pacingFailed: boolean
  /** Nobody of its list can be called just now, and why; null: somebody can, as far as anybody knows. */
  readonly dry: DryWhy | null
  /** Position of the fact by which it last dialled a contact or showed a card: whose turn it is among equals. */
  readonly turn: number
  /** Tries in a row that the network or our own limits spoilt, and when the last was. */
  readonly spoilt: { readonly inARow: number; readonly at: Ms }
  /** Of the last contacts whose tries were not counted: how often, and why. */
  readonly uncounted: Map<ContactId, Uncounted>
  /** Its calls that are not over, in the order they began. */
  readonly calls: Set<CallId>
  readonly totals: Totals
  /** Newest last. */
  readonly past: Day[]
}

export type Command =
  | { readonly type: 'write'; readonly settings: Settings; readonly over?: Settings; readonly by: By }
  | { readonly type: 'start' | 'pause' | 'stop' | 'schedule' | 'remove'; readonly by: By }
  | { readonly type: 'due' }
  | { readonly type: 'exhaust' }
  | { readonly type: 'mistrust' }
  /** What a look through its list found; null: somebody who can be called. */
  | { readonly type: 'drew'; readonly dry: DryWhy | null }
  /** Whether the day's limit is reached or left. */
  | { readonly type: 'judge' }

type By = { readonly by?: string }

/** Days of totals that are kept. */
const DAYS_KEPT = 400
/** After so many spoilt tries in a row something is wrong with the network and not with a number. */
const SPOILT_MAX = 3
const SPOILT_WAIT_MS = 30_000
const SPOILT_WAIT_MS_MAX = 600_000

/** The first setting that is out of bounds, or null. */
export function faultOf(settings: Settings): string | null {
  const within = (value: number, { min, max }: { readonly min: number; readonly max: number }): boolean => value >= min && value <= max
  const bounds: readonly (readonly [string, boolean])[] = [
    ['ratio', within(settings.ratio, LIMITS.ratio)],
    ['attemptsMax', Number.isInteger(settings.attemptsMax) && within(settings.attemptsMax, LIMITS.attempts)],
    ['ringMs', within(settings.ringMs, LIMITS.ringMs)],
    ['silentTarget', within(settings.silentTarget, LIMITS.silentTarget)],
    ['silentAfterMs', within(settings.silentAfterMs, LIMITS.silentAfterMs)],
    ['cardMs', within(settings.cardMs, LIMITS.cardMs)],
    ['pauseMs', within(settings.pauseMs, LIMITS.pauseMs)],
    ['priority', within(settings.priority, LIMITS.priority)],
    ['liveMax', Number.isInteger(settings.liveMax) && within(settings.liveMax, LIMITS.liveMax)],
    ['sort', settings.sort.length <= LIMITS.sortKeys],
    ['autoCallMs', settings.autoCallMs === null || (settings.autoCallMs >= 0 && settings.autoCallMs < settings.cardMs)],
  ]
  return bounds.find(([, holds]) => !holds)?.[0] ?? null
}

/** `campaign` null: there is none of this id yet. */
export function decide(campaign: State | null, id: CampaignId, command: Command, at: Ms): Decision<Fact, Refusal> {
  if (command.type === 'write') return write(campaign, id, command)
  if (campaign === null) return refuse('campaign.unknown', 'campaignId')
  const { status } = campaign
  const fact = <T extends Fact['type']>(type: T) => ({ type, campaignId: id })
  switch (command.type) {
    case 'start':
      if (status === 'running') return refuse('campaign.running')
      return [{ ...fact('campaign.started'), ...command.by }]
    case 'pause':
      if (status !== 'running') return refuse('campaign.notRunning')
      return [{ ...fact('campaign.paused'), ...command.by }]
    case 'stop':
      if (status !== 'running' && status !== 'paused' && status !== 'scheduled') return refuse('campaign.notStarted')
      return [{ ...fact('campaign.stopped'), ...command.by }]
    case 'schedule': {
      if (status === 'running') return refuse('campaign.running')
      const { startsAt } = campaign.settings
      if (startsAt === null && status === 'scheduled') return [{ ...fact('campaign.scheduled'), startsAt: null, ...command.by }]
      if (startsAt === null || startsAt <= at) return refuse('campaign.startsAt', 'startsAt')
      return [{ ...fact('campaign.scheduled'), startsAt, ...command.by }]
    }
    case 'remove':
      if (status === 'running') return refuse('campaign.running')
      if (campaign.calls.size > 0) return refuse('campaign.inUse')
      return [{ ...fact('campaign.removed'), ...command.by }]
    case 'due':
      return status === 'scheduled' && campaign.startsAt !== null && at >= campaign.startsAt ? [fact('campaign.started')] : []
    case 'exhaust':
      return status === 'running' && campaign.calls.size === 0 ? [fact('campaign.finished')] : []
    case 'mistrust':
      return campaign.pacingFailed ? [] : [fact('campaign.pacingFailed')]
    case 'drew':
      if (status !== 'running' || (command.dry === null) === (campaign.dry === null)) return []
      return [command.dry === null ? fact('campaign.refilled') : { ...fact('campaign.ranDry'), why: command.dry }]
    case 'judge':
      return judged(campaign)
  }
}

/** Settings that were read come back as they were read, their fields in the same order. */
const areSame = (one: Settings, other: Settings | undefined): boolean => JSON.stringify(one) === JSON.stringify(other)

function write(
  campaign: State | null,
  campaignId: CampaignId,
  { settings, over, by }: Extract<Command, { type: 'write' }>,
): Decision<Fact, Refusal> {
  if (over !== undefined && campaign === null) return refuse('campaign.unknown', 'campaignId')
  if (over !== undefined && !areSame(over, campaign?.settings)) return refuse('campaign.changed', 'revision')
  const fault = faultOf(settings)
  if (fault !== null) return refuse('campaign.settings', fault)
  if (!settings.silentMessage.on && (settings.silentMessage.reason ?? '').trim() === '')
    return refuse('campaign.silentReason', 'silentMessage')
  const written: Fact = { type: 'campaign.written', campaignId, settings, ...by }
  const moved = campaign?.status === 'scheduled' && settings.startsAt !== campaign.startsAt
  return moved ? [written, { type: 'campaign.scheduled', campaignId, startsAt: settings.startsAt, ...by }] : [written]
}

/**
 * The day's guard, which is the rules' and not the pacing's: a whole silent call over the share allowed, over-dialling stops until the
 * share is within it again. (Calls are counted whole: of 33 answered, 3 % allow none, and whoever stops at the first stands still for the
 * morning; docs/decisions/pacing.md.)
 * Silent calls far beyond what chance makes of that share (two standard deviations of a Poisson count, and one call) say that the
 * pacing does not do what it says.
 */
function judged({ id, settings, totals, limit }: State): readonly Fact[] {
  const allowed = settings.silentTarget * totals.answered
  const reached = totals.silent >= allowed + 1
  const beyond = totals.silent > allowed + 2 * Math.sqrt(allowed) + 1
  if (beyond && limit !== 'forTheDay') return [{ type: 'campaign.limitReached', campaignId: id, forTheDay: true }]
  if (limit === 'within') return reached ? [{ type: 'campaign.limitReached', campaignId: id }] : []
  const left = limit === 'forTheDay' ? totals.answered === 0 : totals.silent <= allowed
  return left ? [{ type: 'campaign.limitLeft', campaignId: id }] : []
}

/** Whether more than one call for each ready agent may be dialled, as far as the day's limit and the pacing's conduct go. */
export const mayOverDial = ({ settings, limit, pacingFailed }: State): boolean =>
  (settings.mode === 'power' || settings.mode === 'predictive') && limit !== 'reached' && !pacingFailed

/** How many calls too many the day could bear if every one of them became silent. */
export const budget = ({ settings, totals }: State): number =>
  Math.max(0, Math.floor(settings.silentTarget * totals.answered - totals.silent))

/** Until when at most one call at a time tries whether the network is there again; null: it is, as far as anybody knows. */
export const triesAgainAt = ({ spoilt }: State): Ms | null =>
  spoilt.inARow < SPOILT_MAX ? null : spoilt.at + spoiltWaitMs(spoilt.inARow - SPOILT_MAX + 1)

/** How long is waited after so many spoilt tries: 30 s, doubling to 10 min, as callbacks do. calls.md 2 */
export const spoiltWaitMs = (times: number): Ms => Math.min(SPOILT_WAIT_MS_MAX, SPOILT_WAIT_MS * 2 ** (Math.max(1, times) - 1))

const noTotals = (): Totals => ({
  placed: 0,
  answered: 0,
  connected: 0,
  silent: 0,
  noAnswer: 0,
  busy: 0,
  rejected: 0,
  notInUse: 0,
  failed: 0,
  withdrawn: 0,
  silentWithMessage: 0,
  toAgentMs: 0,
})

export const initial = (fact: Extract<Fact, { type: 'campaign.written' }>): State => ({
  id: fact.campaignId,
  settings: fact.settings,
  status: 'draft',
  startsAt: null,
  endedAt: null,
  limit: 'within',
  pacingFailed: false,
  dry: null,
  turn: 0,
  spoilt: { inARow: 0, at: 0 },
  uncounted: new Map(),
  calls: new Set(),
  totals: noTotals(),
  past: [],
})

export function evolve(campaign: State, fact: Exclude<Fact, { type: 'campaign.removed' }>, at: Ms): State {
  switch (fact.type) {
    case 'campaign.written':
      // Other filters or hours may have found somebody: it is taken for so until it is looked.
      return { ...campaign, settings: fact.settings, pacingFailed: false, dry: null }
    case 'campaign.scheduled':
      return { ...campaign, status: fact.startsAt === null ? 'draft' : 'scheduled', startsAt: fact.startsAt, endedAt: null }
    case 'campaign.started':
      return { ...campaign, status: 'running', startsAt: null, dry: null, endedAt: null }
    case 'campaign.paused':
      return { ...campaign, status: 'paused' }
    case 'campaign.stopped':
      return { ...campaign, status: 'stopped', startsAt: null, endedAt: at }
    case 'campaign.finished':
      return { ...campaign, status: 'done', endedAt: at }
    case 'campaign.limitReached':
      return { ...campaign, limit: fact.forTheDay === true ? 'forTheDay' : 'reached' }
    case 'campaign.limitLeft':
      return { ...campaign, limit: 'within' }
    case 'campaign.ranDry':
      return { ...campaign, dry: fact.why }
    case 'campaign.refilled':
      return { ...campaign, dry: null }
    case 'campaign.pacingFailed':
      return { ...campaign, pacingFailed: true }
  }
}

const UNCOUNTED_KEPT = 1_000
const WHY: Readonly<Record<string, keyof Uncounted>> = { failed: 'failed', unanswered: 'left', unknown: 'unknown' }

/** A try is settled: counted, or not and why; one that was never made, and one while the contact called us, tell nothing. */
export function tried(
  campaign: State,
  fact: { readonly contactId: ContactId; readonly outcome: string; readonly counted: boolean },
  at: Ms,
): State {
  const { uncounted } = campaign
  const why = fact.counted ? undefined : WHY[fact.outcome]
  if (!fact.counted && why === undefined) return campaign
  const before = uncounted.get(fact.contactId) ?? COUNTED
  uncounted.delete(fact.contactId)
  if (why !== undefined) uncounted.set(fact.contactId, { ...before, [why]: before[why] + 1 })
  for (const oldest of uncounted.keys()) {
    if (uncounted.size <= UNCOUNTED_KEPT) break
    uncounted.delete(oldest)
  }
  return { ...campaign, spoilt: { inARow: why === 'failed' ? campaign.spoilt.inARow + 1 : 0, at } }
}

/** A day of the solution is over: its totals are put by. */
export function turned(campaign: State, day: { readonly from: Ms; readonly until: Ms }): State {
  const used = Object.values(campaign.totals).some((count: number) => count > 0)
  const { silentTarget } = campaign.settings
  const past = used ? [...campaign.past, { ...day, totals: campaign.totals, silentTarget }].slice(-DAYS_KEPT) : campaign.past
  return { ...campaign, totals: noTotals(), past }
}

/** The totals of the day this instant was in; of today where it is no day that is kept. */
export const totalsAt = (campaign: State, at: Ms): Totals =>
  campaign.past.findLast((day) => day.from <= at && at < day.until)?.totals ?? campaign.totals
