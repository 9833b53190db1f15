/** What a pacing is shown of a campaign: the world as it stands at an instant. */

import { customerLeg } from '#core/call/call.ts'
import type * as Campaign from '#core/campaign/campaign.ts'
import type { Counted } from '#core/campaign/counting.ts'
import { callsOf } from '#core/campaign/spoken.ts'
import type { PacingSettings, Snapshot } from '#core/dialler/pacing.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { World } from '#core/world/world.ts'

const DAY_MS: Ms = 86_400_000

export function snapshotOf(world: World, campaign: Campaign.State, counted: Counted, closesAt: Ms | null, at: Ms): Snapshot {
  const ringingMs: Ms[] = []
  const waitingMs: Ms[] = []
  for (const call of callsOf(world, campaign)) {
    const contact = call.contact
    if (contact?.status === 'dialling') ringingMs.push(at - (customerLeg(call)?.requestedAt ?? call.startedAt))
    // One an agent is being rung for has its agent: that one is among those talking.
    else if (contact?.status === 'answered' && call.entry?.offer === null) waitingMs.push(at - (contact.answeredAt ?? at))
  }
  const { idle, talking, wrapping } = counted
  // No new call counts on those who are promised to another campaign, as on those who asked for a pause.
  const paused = [...counted.paused, ...counted.leaving]
  return {
    nowMs: at,
    closesAtMs: closesAt ?? at + DAY_MS,
    idle: idle.length,
    paused: paused.length,
    loggedIn: idle.length + paused.length + talking.length + wrapping.length,
    talkingMs: talking.map((agent) => at - agent.since),
    wrappingMs: wrapping.map((agent) => at - agent.since),
    wrapLeftMs: wrapping.map((agent) => (agent.until === null ? null : Math.max(0, agent.until - at))),
    ringingMs,
    waitingMs,
    totals: totalsFor(campaign.totals),
  }
}

/** As the pacing's own facts tell them: it knows a call that rang to the end, and one that ended sooner. dialler.md 3 */
function totalsFor({
  placed,
  answered,
  connected,
  silent,
  noAnswer,
  busy,
  rejected,
  notInUse,
  failed,
}: Campaign.Totals): Snapshot['totals'] {
  return { placed, answered, connected, silent, noAnswer, failed: busy + rejected + notInUse + failed }
}

/** Exactly one call per idle agent: what is dialled where a pacing is not trusted, and what tests need no pacing for. */
export const progressive = ({ idle, ringingMs, waitingMs }: Snapshot): { dial: number; hangUp: number } => ({
  dial: Math.max(0, idle - ringingMs.length - waitingMs.length),
  hangUp: 0,
})

/**
 * The same, with every agent taken: what a pacing is shown while the day's limit holds it back. It goes on learning from it, and asks for
 * nothing; calls it asks for and that are never placed would mislead it for long.
 */
export const nothingToDial = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  idle: 0,
  waitingMs: Array.from({ length: snapshot.loggedIn + 1 }, () => 0),
})

export function pacingSettings({ mode, ratio, silentTarget, silentAfterMs, ringMs }: Campaign.State['settings']): PacingSettings | null {
  return mode === 'preview' ? null : { mode, ratio, silentTarget, silentAfterMs, ringTimeoutMs: ringMs }
}

/** What a pacing has learnt is kept over a change that does not concern it. */
export const pacesAlike = (a: Campaign.State['settings'], b: Campaign.State['settings']): boolean =>
  JSON.stringify(pacingSettings(a)) === JSON.stringify(pacingSettings(b))
