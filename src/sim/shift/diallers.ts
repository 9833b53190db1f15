/** What a pacing is measured against: one call per ready agent, every fixed ratio, and the adaptive dialler that is widely used. */
import type { Decision, PacingFact, Snapshot } from '#core/dialler/pacing.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import { type Dialler, RING_TIMEOUT_MS, SILENT_AFTER_MS } from './shift.ts'

/** Ratios of which the best is picked once the shift is over: no administrator could do better with one number. */
export const RATIOS = [1, 1.2, 1.5, 2, 2.5, 3, 4] as const

export const predictive = (silentTarget: number): Dialler =>
  createPacing({ mode: 'predictive', silentTarget, silentAfterMs: SILENT_AFTER_MS, ringTimeoutMs: RING_TIMEOUT_MS })

export const progressive = (silentTarget: number): Dialler =>
  createPacing({ mode: 'progressive', silentTarget, silentAfterMs: SILENT_AFTER_MS, ringTimeoutMs: RING_TIMEOUT_MS })

/** Calls in the air per ready agent, whatever comes of it. */
export const fixedRatio = (ratio: number): Dialler => ({
  observe: () => undefined,
  decide: ({ idle, ringingMs, waitingMs }) => ({
    dial: Math.max(0, Math.floor(ratio * idle) - ringingMs.length - waitingMs.length),
    hangUp: 0,
  }),
})

const ADJUST_MS = 15_000
const LEVEL_MAX = 6

/**
 * Lines per ready agent, adjusted every 15 s: up while agents stand idle, down while nobody does, and far down while more of the day's
 * answers than the limit were silent.
 */
export function adaptive(limit: number): Dialler {
  let level = 1
  let adjustedMs = 0
  let idleSum = 0
  let looks = 0
  const decide = ({ nowMs, idle, ringingMs, waitingMs, totals, loggedIn, paused }: Snapshot): Decision => {
    idleSum += idle
    looks += 1
    if (nowMs - adjustedMs >= ADJUST_MS) {
      const idleShare = idleSum / looks / Math.max(1, loggedIn - paused)
      if (totals.silent > limit * totals.answered) level = Math.max(1, level - 0.5)
      else level = Math.min(LEVEL_MAX, Math.max(1, level + (idleShare > 0.05 ? 0.1 : -0.05)))
      adjustedMs = nowMs
      idleSum = 0
      looks = 0
    }
    return { dial: Math.max(0, Math.floor(level * idle) - ringingMs.length - waitingMs.length), hangUp: 0 }
  }
  return { decide, observe: (_: PacingFact) => undefined }
}
