/** From 0 to `most`, onto a line from `at0` to `atMost`. */
export const scaleOf =
  (most: number, at0: number, atMost: number) =>
  (value: number): number =>
    at0 + (value / most) * (atMost - at0)

const STEPS = [1, 2, 5, 10]

/** Round numbers from 0 to `most` or a little over, five or so. */
export function ticksOf(most: number): readonly number[] {
  const rough = Math.max(most, 1) / 4
  const tens = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, (STEPS.find((one) => one * tens >= rough) ?? 10) * tens)
  const ticks = [0]
  while ((ticks.at(-1) ?? 0) < most) ticks.push((ticks.at(-1) ?? 0) + step)
  return ticks
}

const MINUTE_MS = 60_000
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 43_200].map((minutes) => minutes * MINUTE_MS)

/** The shortest step of a clock or a calendar that cuts a stretch of time into so many parts at most. */
export const roundStep = (ms: number, partsMax: number): number =>
  TIME_STEPS.find((step) => ms / step <= partsMax) ?? TIME_STEPS.at(-1) ?? ms
