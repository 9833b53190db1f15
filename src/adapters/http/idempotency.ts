/**
 * `Idempotency-Key` on POST: the same key from the same account is done once, and answered again with the same answer.
 * Kept in memory for a day: what must not happen twice even after a restart is guarded by the rules themselves.
 */
import { createHash } from 'node:crypto'
import type { Clock } from '#ports/clock.ts'
import { refused } from './problems.ts'

const KEPT_MS = 24 * 3_600_000
const KEYS_MAX = 10_000
const KEY_LENGTH_MAX = 200

interface Kept {
  readonly at: number
  readonly body: string
  readonly answer: Promise<unknown>
}

export class Idempotency {
  readonly #clock: Clock
  readonly #kept = new Map<string, Kept>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Runs `work`, or gives the answer it gave before. A refusal is not kept: it may be tried again. */
  async once(key: string, account: string, place: string, body: unknown, work: () => Promise<unknown>): Promise<unknown> {
    if (key === '' || key.length > KEY_LENGTH_MAX) throw refused('request.invalid', { field: 'idempotency-key' })
    const full = JSON.stringify([account, place, key])
    const digest = createHash('sha256')
      .update(JSON.stringify(body ?? null))
      .digest('hex')
    const now = this.#clock.monotonic()
    const had = this.#kept.get(full)
    if (had !== undefined && now - had.at < KEPT_MS) {
      if (had.body !== digest) throw refused('request.idempotencyKey')
      return had.answer
    }
    const answer = work()
    this.#kept.set(full, { at: now, body: digest, answer })
    if (this.#kept.size > KEYS_MAX) for (const oldest of this.#kept.keys().take(1)) this.#kept.delete(oldest)
    try {
      return await answer
    } catch (error) {
      this.#kept.delete(full)
      throw error
    }
  }
}
