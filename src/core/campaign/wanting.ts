/**
 * How many more agents a campaign can use just now. One that can use none keeps nobody from those after it: its list has run dry, its
 * lines are all taken, or the network spoils its tries. dialler.md 1
 */
import type * as Call from '../call/call.ts'
import type { AgentId, Ms } from '../kernel/kernel.ts'
import * as Leg from '../leg/leg.ts'
import type { World } from '../world/world.ts'
import * as Campaign from './campaign.ts'
import { isContactFirst } from './settings.ts'
import { callsOf, isOnALine } from './spoken.ts'

export interface Want {
  /** So many of its agents, whichever; Infinity: all it can get. */
  readonly any: number
  /** Contacts wait for these, and for no others. */
  readonly named: readonly AgentId[]
}

const NOTHING: Want = { any: 0, named: [] }

/**
 * As of the last fact, and not of this instant: whoever waits until a spoilt network is tried again wants agents again from the first
 * fact after that on.
 */
export function wantOf(world: World, campaign: Campaign.State): Want {
  if (campaign.status !== 'running') return NOTHING
  const calls = callsOf(world, campaign)
  const waiting = calls.flatMap((call) => (call.contact?.status === 'waiting' && !isOnALine(world, call) ? [call.contact.forAgent] : []))
  const cards = waiting.filter((forAgent) => forAgent === null).length
  const named = waiting.filter((forAgent) => forAgent !== null)
  return { any: cards + newOnes(campaign, calls, world.at), named }
}

/** Agents for contacts who are not taken up yet. */
function newOnes(campaign: Campaign.State, calls: readonly Call.State[], at: Ms): number {
  if (campaign.dry !== null) return 0
  return isContactFirst(campaign.settings.mode) ? linesFor(campaign, calls, at) : Infinity
}

/** How many more its lines bear; and where the network spoils one try after the other, one at a time until one is not spoilt. */
export function linesFor(campaign: Campaign.State, calls: readonly Call.State[], at: Ms): number {
  const up = calls.filter((call) => [...call.legs.values()].some((leg) => leg.party === 'customer' && Leg.isUp(leg))).length
  const free = Math.max(0, campaign.settings.liveMax - up)
  const againAt = Campaign.triesAgainAt(campaign)
  if (againAt === null) return free
  return at < againAt || calls.some(({ contact }) => contact?.status === 'dialling') ? 0 : Math.min(1, free)
}
