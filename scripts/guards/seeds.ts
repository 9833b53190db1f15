/** Plays the drawn worlds of the tree in a folder until one breaks a law. */
import { spawn } from 'node:child_process'
import process from 'node:process'
import { createInterface } from 'node:readline'

/** The first seed that broke a law. */
export interface Caught {
  readonly seed: number
  /** All it broke, the first of them first. */
  readonly laws: readonly string[]
  /** Of the first. */
  readonly what: string
}

/** `failed`: the simulation itself did not come to its end, and why. */
export type Played = { readonly caught: Caught | null; readonly failed: string | null }

/** Longer than so many worlds take on a busy machine. */
const MS_MAX = 30 * 60_000

/** A line of what the simulation tells: a law that was broken, or the end. */
type Told = { readonly seed: string; readonly law: string; readonly what: string } | { readonly worlds: number }

function withOneMore(caught: Caught | null, { seed, law, what }: Extract<Told, { law: string }>): Caught {
  if (caught === null) return { seed: Number(seed), laws: [law], what }
  return caught.seed !== Number(seed) || caught.laws.includes(law) ? caught : { ...caught, laws: [...caught.laws, law] }
}

/** Both ends included. */
export async function playSeeds(folder: string, [from, to]: readonly [number, number]): Promise<Played> {
  const args = ['scripts/sim.ts', '--seeds', `${from}-${to}`, '--stop-at-first', '--json']
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: MS_MAX, killSignal: 'SIGKILL' })
  let caught: Caught | null = null
  let ended = false
  let said = ''
  child.stderr.on('data', (piece: Buffer) => {
    said = `${said}${piece.toString()}`.slice(-2_000)
  })
  const closed = new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', () => resolve())
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as Told
    if (!('law' in told)) ended = true
    else caught = withOneMore(caught, told)
  }
  await closed
  return { caught, failed: ended ? null : `the simulation did not come to its end: ${said.trim().split('\n').slice(-6).join(' ')}` }
}
