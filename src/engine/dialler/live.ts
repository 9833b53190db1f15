/** The campaigns as they stand: read from the world, and from what the dialler was told when it last drew. */
import * as Campaign from '#core/campaign/campaign.ts'
import { type Counted, countAgents } from '#core/campaign/counting.ts'
import { isContactFirst } from '#core/campaign/settings.ts'
import { callsOf, crewOf } from '#core/campaign/spoken.ts'
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { World } from '#core/world/world.ts'
import type { AgentStateName, CampaignDay, LiveCampaign, WhyIdle } from '#ports/engine.ts'
import type { Dialler, Dry } from './dialler.ts'

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
  return [...world.campaigns.values()].map((campaign) => shown(looking, campaign, counted.get(campaign.id)))
}

export const liveCampaign = (looking: Looking, id: CampaignId): LiveCampaign | undefined =>
  liveCampaigns(looking).find((campaign) => campaign.id === id)

/** Newest first, today's among them where it has any. */
export function campaignDays({ world }: Looking, id: CampaignId): readonly CampaignDay[] {
  const campaign = world.campaigns.get(id)
  if (campaign === undefined) return []
  const any = Object.values(campaign.totals).some((count: number) => count > 0)
  const today = any && world.day !== null ? [{ ...world.day, totals: { ...campaign.totals } }] : []
  return [...today, ...campaign.past.toReversed()]
}

function shown(looking: Looking, campaign: Campaign.State, counted: Counted | undefined): LiveCampaign {
  const { world, dialler } = looking
  const calls = callsOf(world, campaign).map((call) => call.contact?.status)
  const having = (...statuses: readonly string[]): number =>
    calls.filter((status) => status !== undefined && statuses.includes(status)).length
  const inAir = { inTheAir: having('dialling', 'calling'), waiting: having('answered'), cards: having('waiting', 'shown') }
  const mayOver = Campaign.mayOverDial(campaign)
  const { mode } = campaign.settings
  const idle = counted?.idle.length ?? 0
  const agents = agentsOf(looking, campaign)
  const why = whyIdle(looking, campaign, {
    idle,
    someThere: Object.keys(agents).length > 0,
    busy: Object.values(inAir).some((count) => count > 0),
    full: isFull(looking, campaign, having('joined')),
  })
  return {
    id: campaign.id,
    settings: campaign.settings,
    status: campaign.status,
    startsAt: campaign.startsAt,
    limitReached: campaign.limit !== 'within',
    pacingFailed: campaign.pacingFailed,
    agents,
    counted: counted === undefined ? 0 : counted.idle.length + counted.talking.length + counted.wrapping.length,
    ...inAir,
    talking: having('joined'),
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

const isFull = ({ world, solution }: Looking, { settings }: Campaign.State, talking: number): boolean =>
  world.calls.size >= solution.liveCallsMax || (isContactFirst(settings.mode) && talking >= settings.liveMax)

const DRY: Readonly<Record<Dry['rest'], WhyIdle>> = { none: 'listEmpty', later: 'later', closed: 'outsideHours', failed: 'listAway' }

interface Standing {
  readonly idle: number
  readonly someThere: boolean
  /** Contacts are on their way. */
  readonly busy: boolean
  /** No line is left, of the campaign's or of the solution's. */
  readonly full: boolean
}

function whyIdle(
  { world, dialler }: Looking,
  campaign: Campaign.State,
  { idle, someThere, busy, full }: Standing,
): { readonly why: WhyIdle | null; readonly whyUntil: Ms | null } {
  const because = (why: WhyIdle | null, whyUntil: Ms | null = null) => ({ why, whyUntil })
  if (campaign.status !== 'running') return because('notRunning', campaign.startsAt)
  if (world.switchAway) return because('switchDown')
  if (!someThere) return because('noAgents')
  const dry = dialler?.dryOf(campaign.id) ?? null
  if (busy && dry?.rest !== 'failed') return because(null)
  if (dry !== null) return because(DRY[dry.rest], dry.rest === 'closed' ? dry.turnsAt : dry.dueAt)
  if (full) return because('limit')
  if (idle === 0) return because('allElsewhere')
  return campaign.limit === 'within' ? because(null) : because('silentLimit', world.day?.until ?? null)
}
