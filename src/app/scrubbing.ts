/** After an erasure the files are searched and what is left there is overwritten, by a process of its own: `adapters/sqlite/scrub`. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import type { Scrubbed } from '#adapters/sqlite/scrub/scrub.ts'
import { spelledOf } from './spelled.ts'

const program = path.resolve(import.meta.dirname, '../adapters/sqlite/scrub/scrub.process.ts')

/** By folder, the process that goes through its files now: of two each would find rows the other holds, and leave them. */
const under = new Map<string, Promise<unknown>>()

function inTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = under.get(folder) ?? Promise.resolve()
  const mine = before.then(work, work)
  under.set(folder, mine)
  const over = (): void => void (under.get(folder) === mine && under.delete(folder))
  mine.then(over, over)
  return mine
}

/** Rejects with what it said where it failed. Numbers go over standard input: arguments are seen by others. */
export const scrub = (folder: string, numbers: readonly string[]): Promise<Scrubbed> => inTurn(folder, () => scrubNow(folder, numbers))

/** Overwrites what rows that were deleted have left in the databases, and empties their logs. Rejects with what it said where it failed. */
export const wipe = (folder: string): Promise<void> => inTurn(folder, () => wipeNow(folder))

async function scrubNow(folder: string, numbers: readonly string[]): Promise<Scrubbed> {
  const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  child.stdin.end(JSON.stringify(numbers.map(spelledOf)))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code, signal] = await exited
  if (code !== 0) throw new Error(/^\w*Error: .*$/mu.exec(err)?.[0] ?? `it ended by ${String(code ?? signal)}`)
  return JSON.parse(out) as Scrubbed
}

async function wipeNow(folder: string): Promise<void> {
  const child = spawn(process.execPath, [program, folder, '--wipe'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit')
  const err = await text(child.stderr)
  const [code, signal] = await exited
  if (code !== 0) throw new Error(/^\w*Error: .*$/mu.exec(err)?.[0] ?? `it ended by ${String(code ?? signal)}`)
}

/** Of one data folder: one search at a time, each for all that were asked for meanwhile, so that many erasures cost few. */
export class Scrubbing {
  readonly #folder: string
  readonly #log: (line: string) => void
  #waiting: string[] = []
  #next: Promise<Scrubbed | null> | null = null
  #last: Promise<Scrubbed | null> = Promise.resolve(null)

  constructor(folder: string, log: (line: string) => void) {
    this.#folder = folder
    this.#log = log
  }

  ask(number: string): void {
    this.#waiting.push(number)
    this.#next ??= this.#last = this.#last.then(() => this.#run())
  }

  /** When all that was asked is done: what the last search found; null where it failed, or nothing was asked. */
  done(): Promise<Scrubbed | null> {
    return this.#last
  }

  async #run(): Promise<Scrubbed | null> {
    const numbers = this.#waiting
    this.#waiting = []
    this.#next = null
    try {
      const scrubbed = await scrub(this.#folder, numbers)
      if (scrubbed.left.length > 0) this.#log(`an erased number is left in ${scrubbed.left.join(', ')}`)
      return scrubbed
    } catch (error) {
      this.#log(`the files could not be searched for an erased number: ${error instanceof Error ? error.message : String(error)}`)
      return null
    }
  }
}
