/**
 * The switch's own leg log (CEL, `cel_custom.conf` of `config.ts`): one line per leg's start, answer and end, written also while we
 * are away. Read from where the last reading stopped, since it only grows.
 */
import { open } from 'node:fs/promises'
import type { LegId } from '#core/kernel/kernel.ts'
import type { LegPast } from '#ports/telephony.ts'
import { endingFromCause } from './outcome.ts'

/** Legs kept from the log, the newest. */
const legsMax = 200_000

const line = /^(CHAN_START|ANSWER|HANGUP|CHAN_END),(\d+\.\d+),([^,]+),(.*)$/

interface Extra {
  readonly cause: number | null
  /** Whether the far end asked for the end. */
  readonly byParty: boolean
}

const readExtra = (quoted: string): Extra => {
  const json = quoted.startsWith('"') ? quoted.slice(1, -1).replaceAll('""', '"') : quoted
  const cause = /"hangupcause":(\d+)/.exec(json)?.[1]
  return { cause: cause === undefined || cause === '0' ? null : Number(cause), byParty: !/"hangupsource":""/.test(json) }
}

const withEnd = (past: LegPast, at: number, extra: Extra): LegPast => {
  if (past.answeredAt !== undefined)
    return { ...past, ended: { at, outcome: 'answered', by: extra.byParty ? 'party' : 'us', cause: extra.cause } }
  const ending = endingFromCause(extra.cause)
  const gaveUp = ending.outcome === 'withdrawn' && extra.byParty
  return { ...past, ended: { at, ...(gaveUp ? { outcome: 'unanswered', by: 'party' } : ending), cause: extra.cause } }
}

/** What one line adds to what is known of its leg; undefined where it is none of ours. */
export const readLine = (text: string, known: (legId: LegId) => LegPast | undefined): readonly [LegId, LegPast] | undefined => {
  const [, event, seconds, legId, extra] = line.exec(text) ?? []
  if (event === undefined || seconds === undefined || legId === undefined) return undefined
  const at = Math.round(Number(seconds) * 1000)
  const past = known(legId) ?? {}
  if (event === 'CHAN_START') return [legId, { ...past, startedAt: at }]
  if (event === 'ANSWER') return [legId, { ...past, answeredAt: past.answeredAt ?? at }]
  if (event === 'HANGUP') return [legId, withEnd(past, at, readExtra(extra ?? ''))]
  return [legId, past.ended === undefined ? withEnd(past, at, { cause: null, byParty: false }) : past]
}

export class LegLog {
  readonly #path: string
  readonly #legs = new Map<LegId, LegPast>()
  #read = 0
  #rest = ''
  #reading: Promise<boolean> = Promise.resolve(true)

  constructor(path: string) {
    this.#path = path
  }

  /** null: the log is lost. `{}`: it is there and does not know the leg. */
  async past(legId: LegId): Promise<LegPast | null> {
    this.#reading = this.#reading.then(() => this.#readOn())
    return (await this.#reading) ? (this.#legs.get(legId) ?? {}) : null
  }

  async #readOn(): Promise<boolean> {
    let file: Awaited<ReturnType<typeof open>>
    try {
      file = await open(this.#path, 'r')
    } catch (error) {
      if (error instanceof Error && 'code' in error) return false
      throw error
    }
    try {
      const { size } = await file.stat()
      if (size < this.#read) {
        // A new log was begun: what stood in the old one is still known.
        this.#read = 0
        this.#rest = ''
      }
      if (size > this.#read) {
        for await (const chunk of file.createReadStream({ start: this.#read, end: size - 1, autoClose: false })) this.#take(String(chunk))
        this.#read = size
      }
      return true
    } finally {
      await file.close()
    }
  }

  #take(chunk: string): void {
    const lines = `${this.#rest}${chunk}`.split('\n')
    this.#rest = lines.pop() ?? ''
    for (const text of lines) {
      const found = readLine(text, (legId) => this.#legs.get(legId))
      if (found === undefined) continue
      this.#legs.set(...found)
      if (this.#legs.size > legsMax)
        for (const oldest of this.#legs.keys()) {
          this.#legs.delete(oldest)
          break
        }
    }
  }
}
