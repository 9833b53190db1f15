/**
 * How a part of `npm run bench` prints its figures: each with what it aims at, under the conditions it was measured in.
 */
import { cpus, totalmem } from 'node:os'
import process from 'node:process'

export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** At least, or at most, so much of the same unit. None: only told. */
  readonly aim?: { readonly atLeast: number } | { readonly atMost: number }
}

/** The value at this share of the sorted values, 0–1: of 100 values, 0.99 is the 99th. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** Machine, runtime, and whatever else the figures depend on. */
export function conditions(further: Readonly<Record<string, string | number>> = {}): string {
  const cores = cpus()
  return [
    `node ${process.version}`,
    `${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'})`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    ...Object.entries(further).map(([name, value]) => `${name} ${value}`),
  ].join(', ')
}

const met = ({ value, aim }: Figure): boolean => aim === undefined || ('atLeast' in aim ? value >= aim.atLeast : value <= aim.atMost)

const written = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 3 })

/** Prints a line per figure. True where every aim was met. */
export function print(figures: readonly Figure[]): boolean {
  const width = Math.max(...figures.map(({ name }) => name.length))
  for (const figure of figures) {
    const { name, value, unit, aim } = figure
    const wanted =
      aim === undefined ? '' : 'atLeast' in aim ? `aim ≥ ${written(aim.atLeast)} ${unit}` : `aim ≤ ${written(aim.atMost)} ${unit}`
    console.log(`  ${name.padEnd(width)}  ${written(value).padStart(10)} ${unit.padEnd(8)} ${wanted}${met(figure) ? '' : '  MISSED'}`)
  }
  return figures.every(met)
}
