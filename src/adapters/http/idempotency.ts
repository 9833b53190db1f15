/**
 * `Idempotency-Key` on POST: the same key from the same account is done once, and answered again with the same answer, before and after
 * a restart. What was done is kept by the journal, written with its facts; what is being done is known here.
 */
import { createHash, createHmac } from 'node:crypto'
import type { Clock } from '#ports/clock.ts'
import type { Once } from '#ports/engine.ts'
import { DONE_KEPT_MS, type DoneOnce } from '#ports/journal.ts'
import { refused } from './problems.ts'
import type { Done } from './route.ts'

const KEY_LENGTH_MAX = 200

/** A POST with a key. */
export interface Keyed {
  readonly key: string
  readonly account: string
  /** What was asked for, and of whom. */
  readonly place: string
  readonly body: unknown
  readonly work: (once: Once) => Promise<unknown>
  /** The answer of what was done before. */
  readonly again: (answer: Done, once: Once) => unknown
}

/** Of what stands in a body (a number, say) nothing can be found out by whoever does not have the key, which is kept nowhere. */
const onceOf = ({ key, account, place, body }: Keyed): Once => ({
  key: createHash('sha256')
    .update(JSON.stringify([account, place, key]))
    .digest('hex'),
  body: createHmac('sha256', key)
    .update(JSON.stringify(body ?? null))
    .digest('hex'),
})

export class Idempotency {
  readonly #clock: Clock
  readonly #doneBefore: (key: string) => Promise<DoneOnce | null>
  readonly #underWay = new Map<string, { readonly body: string; readonly answer: Promise<unknown> }>()

  constructor(clock: Clock, doneBefore: (key: string) => Promise<DoneOnce | null>) {
    this.#clock = clock
    this.#doneBefore = doneBefore
  }

  /** Runs `work`, or gives the answer it gave before. A refusal is not kept: it may be tried again. */
  async once(asked: Keyed): Promise<unknown> {
    if (asked.key === '' || asked.key.length > KEY_LENGTH_MAX) throw refused('request.invalid', { field: 'idempotency-key' })
    const once = onceOf(asked)
    const same = this.#underWay.get(once.key)
    if (same !== undefined) return sameBody(same, once).answer
    const answer = this.#answer(asked, once)
    this.#underWay.set(once.key, { body: once.body, answer })
    try {
      return await answer
    } finally {
      this.#underWay.delete(once.key)
    }
  }

  async #answer({ work, again }: Keyed, once: Once): Promise<unknown> {
    const done = await this.#doneBefore(once.key)
    if (done === null || this.#clock.now() - done.at >= DONE_KEPT_MS) return work(once)
    return again(JSON.parse(sameBody(done, once).answer) as Done, once)
  }
}

/** The key is bound to what was asked for under it first. */
function sameBody<T extends { readonly body: string }>(known: T, once: Once): T {
  if (known.body !== once.body) throw refused('request.idempotencyKey')
  return known
}
