/**
 * `npm run shifts` plays shifts of 8 hours and prints, per kind, size and limit: the share of the ceiling, the silent share, the worst
 * half hour, and whether any shift ended over its limit. Kinds and seeds the pacing was tuned on stand apart from those kept untouched.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { adaptive, fixedRatio, predictive, progressive, RATIOS } from './diallers.ts'
import { KINDS, type Kind } from './kinds.ts'
import { type Dialler, type Outcome, playShift } from './shift.ts'

const USAGE = `Usage: npm run shifts -- [--agents 10,30,100,300] [--limit 0.03,0.01] [--seeds 1-4]
       --kinds tuned|kept|all|NAME   which kinds of shift (all)
       --compare                     with progressive, the best fixed ratio in hindsight, and an adaptive dialler
       --json                        one line a shift, for machines
`
/** The pacing was tuned on these; every other seed is new to it. */
const TUNED_SEEDS = 4

interface Row {
  readonly dialler: string
  readonly kind: string
  readonly agents: number
  readonly limit: number
  readonly seed: number
  readonly tuned: boolean
  readonly over: boolean
  readonly outcome: Outcome
}

interface Asked {
  readonly sizes: readonly number[]
  readonly limits: readonly number[]
  readonly seeds: readonly number[]
  readonly kinds: readonly Kind[]
  readonly compare: boolean
}

const numbers = (text: string): number[] => text.split(',').map(Number)

function range(text: string): number[] {
  const [from = 1, to = from] = text.split('-').map(Number)
  return Array.from({ length: to - from + 1 }, (_, place) => from + place)
}

function kindsOf(which: string): readonly Kind[] {
  if (which === 'all') return KINDS
  return KINDS.filter(({ name, tuned }) => (which === 'tuned' ? tuned : which === 'kept' ? !tuned : name === which))
}

function play(name: string, dialler: Dialler, kind: Kind, agents: number, limit: number, seed: number): Row {
  const outcome = playShift({ kind, agents, seed }, dialler)
  const over = outcome.silent > limit * outcome.answered
  return { dialler: name, kind: kind.name, agents, limit, seed, tuned: kind.tuned && seed <= TUNED_SEEDS, over, outcome }
}

/** Of all fixed ratios the one that had been best and kept the limit. */
function hindsight(kind: Kind, agents: number, limit: number, seed: number): Row {
  const rows = RATIOS.map((ratio) => play('fixed ratio', fixedRatio(ratio), kind, agents, limit, seed))
  const kept = rows.filter(({ over }) => !over)
  return (kept.length > 0 ? kept : rows.slice(0, 1)).reduce((best, row) => (row.outcome.share > best.outcome.share ? row : best))
}

function* shifts({ sizes, limits, seeds, kinds, compare }: Asked): Generator<readonly Row[]> {
  for (const agents of sizes) {
    for (const limit of limits) {
      for (const kind of kinds) {
        yield seeds.flatMap((seed) => {
          const first = play('predictive', predictive(limit), kind, agents, limit, seed)
          if (!compare) return [first]
          return [
            first,
            play('progressive', progressive(limit), kind, agents, limit, seed),
            hindsight(kind, agents, limit, seed),
            play('adaptive', adaptive(limit), kind, agents, limit, seed),
          ]
        })
      }
    }
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
const percent = (share: number, digits = 1): string => (100 * share).toFixed(digits)

function line(title: string, rows: readonly Row[]): string {
  const shares = rows.map(({ outcome }) => outcome.share)
  const answered = rows.reduce((sum, { outcome }) => sum + outcome.answered, 0)
  const silent = rows.reduce((sum, { outcome }) => sum + outcome.silent, 0)
  const over = rows.filter((row) => row.over).length
  return [
    title.padEnd(46),
    percent(mean(shares)).padStart(6),
    percent(silent / Math.max(1, answered), 2).padStart(7),
    percent(Math.max(...rows.map(({ outcome }) => outcome.worst))).padStart(7),
    `${over} of ${rows.length}`.padStart(10),
  ].join(' ')
}

const HEAD = `${'kind, agents, limit, dialler'.padEnd(46)}  share  silent   worst  over limit`

function report(rows: readonly Row[]): void {
  const groups = Map.groupBy(rows, ({ agents, limit, dialler }) => `${agents} agents, ${percent(limit, 0)} %, ${dialler}`)
  process.stdout.write(`\n${HEAD}\n`)
  for (const [name, group] of groups) {
    const tuned = group.filter((row) => row.tuned)
    const fresh = group.filter((row) => !row.tuned && KINDS.some((kind) => kind.tuned && kind.name === row.kind))
    const kept = group.filter((row) => KINDS.some((kind) => !kind.tuned && kind.name === row.kind))
    if (tuned.length > 0) process.stdout.write(`${line(`named kinds, tuned seeds: ${name}`, tuned)}\n`)
    if (fresh.length > 0) process.stdout.write(`${line(`named kinds, new seeds: ${name}`, fresh)}\n`)
    if (kept.length > 0) process.stdout.write(`${line(`other kinds: ${name}`, kept)}\n`)
  }
}

function main(): number {
  const { values } = parseArgs({
    options: {
      agents: { type: 'string', default: '10,30,100,300' },
      limit: { type: 'string', default: '0.03,0.01' },
      seeds: { type: 'string', default: '1-4' },
      kinds: { type: 'string', default: 'all' },
      compare: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const kinds = kindsOf(values.kinds)
  if (values.help || kinds.length === 0) {
    process.stdout.write(USAGE)
    return values.help ? 0 : 2
  }
  const asked: Asked = {
    sizes: numbers(values.agents),
    limits: numbers(values.limit),
    seeds: range(values.seeds),
    kinds,
    compare: values.compare,
  }
  const all: Row[] = []
  if (!values.json) process.stdout.write(`${HEAD}\n`)
  for (const rows of shifts(asked)) {
    all.push(...rows)
    if (values.json) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`)
    else for (const [name, group] of Map.groupBy(rows, ({ dialler }) => dialler)) process.stdout.write(`${titled(name, group)}\n`)
  }
  if (!values.json) report(all)
  return all.some(({ dialler, over }) => dialler === 'predictive' && over) ? 1 : 0
}

function titled(dialler: string, rows: readonly Row[]): string {
  const [first] = rows
  return first ? line(`${first.kind}, ${first.agents}, ${percent(first.limit, 0)} %, ${dialler}`, rows) : ''
}

process.exitCode = main()
