/**
 * `npm run guards`: each guard of `tests/guards` is taken out of a copy of the tree, one at a time, and the drawn worlds are played there
 * until a law catches it. Ends with 1 where one is not caught, where a patch does not apply any more, or where the tree as it is does not
 * hold the same seed.
 */
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { inACopy } from './guards/copy.ts'
import { type Guard, guardsIn, takeOut } from './guards/patches.ts'
import { type Caught, playSeeds } from './guards/seeds.ts'

const USAGE = `Usage: npm run guards                    every guard, until caught, at most 200 seeds each
       npm run guards -- --only late     those with this in their names
       --seeds 500       at most so many; --seeds 201-400 those
       --list            what there is, without playing
`

interface Tried {
  readonly guard: Guard
  readonly caught: Caught | null
  /** What went wrong, where it was not caught by a law. */
  readonly why: string | null
  readonly seconds: number
}

const root = path.resolve(import.meta.dirname, '..')
const line = (text: string): void => void process.stdout.write(`${text}\n`)

async function tryOne(guard: Guard, seeds: readonly [number, number]): Promise<Tried> {
  const began = performance.now()
  const found = await inACopy(root, async (folder) => {
    const why = takeOut(guard, folder)
    if (why !== null) return { caught: null, why }
    const { caught, failed } = await playSeeds(folder, seeds)
    return { caught, why: caught === null ? (failed ?? `not caught by ${seeds[1] - seeds[0] + 1} seeds`) : null }
  })
  return { guard, ...found, seconds: (performance.now() - began) / 1_000 }
}

/** Whether the tree as it is holds the seed that caught it; null: it does. */
async function heldUnbroken({ seed }: Caught): Promise<string | null> {
  const { caught, failed } = await playSeeds(root, [seed, seed])
  if (failed !== null) return failed
  return caught === null ? null : `seed ${seed} breaks ${caught.laws.join(', ')} with every guard in its place: ${caught.what}`
}

const NAME = 38

function tell({ guard, caught, why, seconds }: Tried, first: number, unbroken: string | null): void {
  const took = `${seconds.toFixed(0)} s`.padStart(6)
  line(
    guard.name.padEnd(NAME) +
      (caught === null ? `NOT CAUGHT ${took}` : `seed ${String(caught.seed).padStart(4)}  ${caught.laws.join(', ')}`),
  )
  line(`    broken: ${guard.breaks}`)
  if (caught === null) line(`    ${why}`)
  else line(`    caught: ${caught.what}, after ${caught.seed - first + 1} seeds, ${took.trim()}`)
  if (unbroken !== null) line(`    BUT ${unbroken}`)
}

function table(all: readonly { readonly tried: Tried; readonly unbroken: string | null }[], first: number): void {
  line(`\n${'guard taken out'.padEnd(NAME)}${'seed'.padStart(6)}${'seeds'.padStart(7)}${'time'.padStart(7)}  law`)
  for (const { tried, unbroken } of all) {
    const { guard, caught, seconds } = tried
    const [seed, seeds, law] = caught === null ? ['–', '–', 'NOT CAUGHT'] : [caught.seed, caught.seed - first + 1, caught.laws.join(', ')]
    const numbers = `${String(seed).padStart(6)}${String(seeds).padStart(7)}${`${seconds.toFixed(0)} s`.padStart(7)}`
    line(`${guard.name.padEnd(NAME)}${numbers}  ${law}${unbroken === null ? '' : ', AND BROKEN WITHOUT IT'}`)
  }
}

async function tryAll(guards: readonly Guard[], seeds: readonly [number, number]): Promise<number> {
  const all: { readonly tried: Tried; readonly unbroken: string | null }[] = []
  for (const guard of guards) {
    const tried = await tryOne(guard, seeds)
    const unbroken = tried.caught === null ? null : await heldUnbroken(tried.caught)
    tell(tried, seeds[0], unbroken)
    all.push({ tried, unbroken })
  }
  table(all, seeds[0])
  const good = all.filter(({ tried, unbroken }) => tried.caught !== null && unbroken === null).length
  line(`\n${good} of ${all.length} guards caught, each by a seed that holds where it is in its place`)
  return all.length - good
}

/** `200` or `201-400`. */
function seedsOf(text: string): readonly [number, number] | null {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/u.exec(text) ?? []
  const seeds = last === undefined ? ([1, Number(first)] as const) : ([Number(first), Number(last)] as const)
  return seeds[1] >= seeds[0] ? seeds : null
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      seeds: { type: 'string', default: '200' },
      list: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  const seeds = seedsOf(values.seeds)
  const guards = guardsIn(root).filter(({ name }) => name.includes(values.only))
  if (values.help === true || seeds === null || guards.length === 0) {
    process.stdout.write(values.help === true || seeds === null ? USAGE : `no guard of tests/guards has ${values.only} in its name\n`)
    return values.help === true ? 0 : 2
  }
  if (values.list === true) {
    for (const { name, breaks } of guards) line(`${name.padEnd(NAME)}${breaks}`)
    return 0
  }
  return (await tryAll(guards, seeds)) === 0 ? 0 : 1
}

process.exitCode = await main()
