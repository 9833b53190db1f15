import type { PaceMode, PaceResult, PaceShift } from '#ports/pace.ts'
import type { Command, Given } from '../command.ts'
import { Failure } from '../failure.ts'
import { PACE_LIMITS, pace } from '../pace.ts'

const MODES: readonly PaceMode[] = ['progressive', 'power', 'predictive']

interface Row extends PaceResult {
  readonly mode: PaceMode
}

function numberOf(given: Given, name: string, otherwise: number, { min, max }: { readonly min: number; readonly max: number }): number {
  const text = given.text(name)
  const value = text === undefined ? otherwise : Number(text)
  if (!Number.isFinite(value) || value < min || value > max)
    throw new Failure(`--${name} is a number from ${min} to ${max}`, { exitCode: 2 })
  return value
}

function shiftOf(given: Given): PaceShift {
  const whole = (name: string, otherwise: number, bounds: { readonly min: number; readonly max: number }): number => {
    const value = numberOf(given, name, otherwise, bounds)
    if (!Number.isInteger(value)) throw new Failure(`--${name} is a whole number`, { exitCode: 2 })
    return value
  }
  const mode = MODES.find((one) => one === (given.text('mode') ?? 'predictive'))
  if (mode === undefined) throw new Failure(`--mode is one of ${MODES.join(', ')}`, { exitCode: 2 })
  return {
    mode,
    agents: whole('agents', 30, { min: 1, max: PACE_LIMITS.agents }),
    answerRate: numberOf(given, 'answer-rate', 0.3, { min: 0.01, max: 1 }),
    hours: numberOf(given, 'hours', 8, { min: 0.25, max: PACE_LIMITS.hours }),
    talkMs: 1_000 * numberOf(given, 'talk', 180, { min: 5, max: 3_600 }),
    wrapUpMs: 1_000 * numberOf(given, 'wrap-up', 30, { min: 0, max: 3_600 }),
    ratio: numberOf(given, 'ratio', 1.5, { min: 1, max: 6 }),
    silentTarget: numberOf(given, 'silent-target', 0.03, { min: 0.001, max: 0.1 }),
    silentAfterMs: 1_000 * numberOf(given, 'silent-after', 2, { min: 1, max: 10 }),
    ringMs: 1_000 * numberOf(given, 'ring', 30, { min: 15, max: 120 }),
    seed: whole('seed', 1, { min: 1, max: 2_147_483_647 }),
  }
}

const percent = (share: number): string => (100 * share).toFixed(2)
const COLUMNS: readonly (readonly [string, (row: Row) => string])[] = [
  ['mode', (row) => row.mode],
  ['calls', (row) => `${row.calls}`],
  ['answered', (row) => `${row.answered}`],
  ['silent', (row) => `${row.silent}`],
  ['silent %', (row) => percent(row.silentRate)],
  ['worst 30 min %', (row) => percent(row.worstRate)],
  ['talk %', (row) => percent(row.talkShare)],
  ['talk + wrap-up %', (row) => percent(row.busyShare)],
  ['idle s per call', (row) => (row.idleMsPerCall / 1_000).toFixed(1)],
]

function table(rows: readonly Row[]): string {
  const cells = [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))]
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  const line = (texts: readonly string[]): string =>
    texts.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ')
  return `${cells.map(line).join('\n')}\n`
}

export const run: Command['run'] = async (given, { out, err, terminal }) => {
  const shift = shiftOf(given)
  const rows: Row[] = []
  for (const mode of given.flag('compare') ? MODES : [shift.mode]) {
    const onProgress = (share: number): void => err(`\r${mode}: ${Math.floor(100 * share)} %   `)
    const log = (line: string): void => err(`samtal: ${line}\n`)
    rows.push({ mode, ...(await pace({ ...shift, mode }, { log, ...(terminal ? { onProgress } : {}) })) })
    if (terminal) err('\r'.padEnd(30).concat('\r'))
  }
  const { mode: _, ...assumed } = shift
  out(given.flag('json') ? `${JSON.stringify({ ...assumed, rows }, null, 2)}\n` : table(rows))
  return 0
}
