/** The campaigns as they stand: read from the world, and from what the dialler was told when it last drew. */
import { customerLeg } from '#core/call/call.ts'
import * as Campaign from '#core/campaign/campaign.ts'
import { type Counted, countAgents } from '#core/campaign/counting.ts'
import { isContactFirst } from '#core/campaign/settings.ts'
import { callsOf, crewOf } from '#core/campaign/spoken.ts'
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { World } from '#core/world/world.ts'
import type { AgentStateName, CampaignDay, LiveCampaign, LiveCrew, WhyIdle } from '#ports/engine.ts'
import { crewNow } from './crew.ts'
import type { Dialler } from './dialler.ts'
import type { Dry } from './dryness.ts'

interface Looking {
  readonly world: World
  readonly solution: Solution
  readonly dialler: Dialler | null
}

/** In the order they were first written. */
export function liveCampaigns(looking: Looking): readonly LiveCampaign[] {
  const { world, solution } = looking
  if (world.campaigns.size === 0) return []
  const counted = countAgents(world, solution)
  return [...world.campaigns.values()].map((campaign) => shown(looking, campaign, counted))
}

export const liveCampaign = (looking: Looking, id: CampaignId): LiveCampaign | undefined =>
  liveCampaigns(looking).find((campaign) => campaign.id === id)

/** Newest first, today's among them where it has any. */
export function campaignDays({ world }: Looking, id: CampaignId): readonly CampaignDay[] {
  const campaign = world.campaigns.get(id)
  if (campaign === undefined) return []
  const any = Object.values(campaign.totals).some((count: number) => count > 0)
  const today =
    any && world.day !== null ? [{ ...world.day, totals: { ...campaign.totals }, silentTarget: campaign.settings.silentTarget }] : []
  return [...today, ...campaign.past.toReversed()]
}

function shown(looking: Looking, campaign: Campaign.State, everywhere: ReadonlyMap<CampaignId, Counted>): LiveCampaign {
  const { world, solution, dialler } = looking
  const counted = everywhere.get(campaign.id)
  const calls = callsOf(world, campaign)
  const onALine = calls.filter((call) => customerLeg(call) !== undefined)
  const having = (...statuses: readonly string[]): number => calls.filter(({ contact }) => statuses.includes(contact?.status ?? '')).length
  // Its agent's wrap-up is still of that call, and nobody talks.
  const talking = onALine.filter(({ contact }) => contact?.status === 'joined').length
  const inAir = { inTheAir: having('dialling', 'calling'), waiting: having('answered'), cards: having('waiting', 'shown') }
  const mayOver = Campaign.mayOverDial(campaign)
  const { mode } = campaign.settings
  const crew = crewNow(world, crewOf(solution, campaign.settings), campaign, everywhere)
  const why = whyIdle(looking, campaign, {
    crew,
    busy: Object.values(inAir).some((count) => count > 0),
    full: isFull(looking, campaign, onALine.length),
  })
  return {
    id: campaign.id,
    settings: campaign.settings,
    status: campaign.status,
    startsAt: campaign.startsAt,
    endedAt: campaign.endedAt,
    limitReached: campaign.limit !== 'within',
    pacingFailed: campaign.pacingFailed,
    agents: agentsOf(looking, campaign),
    crew,
    counted: counted === undefined ? 0 : counted.idle.length + counted.talking.length + counted.wrapping.length,
    ...inAir,
    talking,
    today: { ...campaign.totals },
    paceMode: mode === 'preview' || mayOver ? mode : 'progressive',
    perMinute: dialler?.perMinute(campaign.id) ?? 0,
    ...why,
  }
}

function agentsOf({ world, solution }: Looking, campaign: Campaign.State): Partial<Record<AgentStateName, number>> {
  const agents: Partial<Record<AgentStateName, number>> = {}
  for (const id of crewOf(solution, campaign.settings)) {
    const status = world.agents.get(id)?.status ?? 'loggedOff'
    if (status !== 'loggedOff') agents[status] = (agents[status] ?? 0) + 1
  }
  return agents
}

const isFull = ({ world, solution }: Looking, { settings }: Campaign.State, onALine: number): boolean =>
  world.calls.size >= solution.liveCallsMax || (isContactFirst(settings.mode) && onALine >= settings.liveMax)

const DRY: Readonly<Record<Dry['rest'], WhyIdle>> = { none: 'listEmpty', later: 'later', closed: 'outsideHours', failed: 'listAway' }

interface Standing {
  readonly crew: LiveCrew
  /** Contacts are on their way. */
  readonly busy: boolean
  /** No line is left, of the campaign's or of the solution's. */
  readonly full: boolean
}

interface Why {
  readonly why: WhyIdle | null
  readonly whyUntil: Ms | null
}
const because = (why: WhyIdle | null, whyUntil: Ms | null = null): Why => ({ why, whyUntil })

function whyIdle({ world, dialler }: Looking, campaign: Campaign.State, { crew, busy, full }: Standing): Why {
  if (campaign.status !== 'running') return because('notRunning', campaign.startsAt)
  if (world.switchAway) return because('switchDown')
  if (Object.values(crew).every((count: number) => count === 0)) return because('noAgents')
  const dry = dialler?.dryOf(campaign.id) ?? null
  const lookedAt = Campaign.triesAgainAt(campaign)
  // Contacts whose try was spoilt are due later, but that is not why.
  if (lookedAt !== null && (dry === null || dry.rest === 'later')) return because('network', lookedAt > world.at ? lookedAt : null)
  if (busy && dry?.rest !== 'failed') return because(null)
  if (dry !== null) return because(DRY[dry.rest], dry.rest === 'closed' ? dry.turnsAt : dry.dueAt)
  if (full) return because('limit')
  if (crew.idle === 0) return because(nobodyFree(crew))
  return campaign.limit === 'within' ? because(null) : because('silentLimit', world.day?.until ?? null)
}

function nobodyFree({ talking, onTheWay, wrapUp, elsewhere }: LiveCrew): WhyIdle {
  if (talking + onTheWay + wrapUp > 0) return 'allBusy'
  return elsewhere > 0 ? 'allElsewhere' : 'allAway'
}
