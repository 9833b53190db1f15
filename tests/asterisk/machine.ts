/**
 * What this machine did not do in time, so that it is not held against what is tested: when this process was not let run, and when
 * anybody waited for a processor. On a machine with cores to spare both are nothing.
 */
import { readFileSync } from 'node:fs'

const EVERY_MS = 50
/** Later than this is not the timer's own unevenness. */
const LATE_MS = 150
/** The kernel's account (pressure stall information, Linux 4.20 and later): microseconds in which somebody who could have run waited. */
const PRESSURE = '/proc/pressure/cpu'
/** Most that may be said to be the machine's fault: what is later than this and what is allowed is late on any. */
const EXCUSED_MS_MAX = 600

const waitedInAll = (): number | null => {
  try {
    return Number(/^some .*total=(\d+)/m.exec(readFileSync(PRESSURE, 'utf8'))?.[1] ?? Number.NaN) / 1_000
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null
    throw error
  }
}

interface Sample {
  readonly at: number
  readonly waitedMs: number
}

const gaps: { readonly from: number; readonly to: number }[] = []
const samples: Sample[] = []
let last = Date.now()

const look = (): void => {
  const at = Date.now()
  if (at - last > EVERY_MS + LATE_MS) gaps.push({ from: last, to: at })
  last = at
  const waitedMs = waitedInAll()
  if (waitedMs !== null) samples.push({ at, waitedMs })
}
look()
setInterval(look, EVERY_MS).unref()

const overlap = (gap: { readonly from: number; readonly to: number }, from: number, to: number): number =>
  Math.max(0, Math.min(to, gap.to) - Math.max(from, gap.from))

/** In which this process did not listen: what came meanwhile was kept by the kernel and taken late, all at once. Milliseconds. */
export const deafMs = (from: number, to: number): number => gaps.reduce((sum, gap) => sum + overlap(gap, from, to), 0)

/** In which somebody waited for a processor, between these two instants in either order, as far as it excuses. Milliseconds. */
export const excusedMs = (one: number, other: number): number => {
  const [from, to] = [Math.min(one, other), Math.max(one, other)]
  let sum = 0
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1]
    if (before === undefined || sample.at <= before.at) continue
    const share = overlap({ from: before.at, to: sample.at }, from, to) / (sample.at - before.at)
    sum += share * (sample.waitedMs - before.waitedMs)
  }
  return Math.min(EXCUSED_MS_MAX, sum)
}
