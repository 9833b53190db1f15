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
