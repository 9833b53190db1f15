/**
 * `Idempotency-Key` on POST: the same key from the same account is done once, and answered again with the same answer, before and after
 * a restart; with another body it is refused, whatever it was used for. What was done is kept by the journal, written with its facts; of
 * what writes no facts (accounts, files, searches) the key alone is kept, beside the accounts; what is being done is known here.
 */
import { createHash, createHmac } from 'node:crypto'
import type { Accounts } from '#ports/accounts.ts'
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
  /** The same, where the journal kept nothing of it. Left out: it may be done again, and is the same then. */
  readonly repeat?: (once: Once) => unknown
}

/** Where is known what was done. */
export interface Known {
  /** By the journal, with its answer. */
  readonly doneBefore: (key: string) => Promise<DoneOnce | null>
  /** By nobody else. */
  readonly keys: Pick<Accounts, 'keepKey' | 'keyUsed'>
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
  readonly #known: Known
  readonly #underWay = new Map<string, { readonly body: string; readonly answer: Promise<unknown> }>()

  constructor(clock: Clock, known: Known) {
    this.#clock = clock
    this.#known = known
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

  async #answer({ work, again, repeat }: Keyed, once: Once): Promise<unknown> {
    const { doneBefore, keys } = this.#known
    const done = await doneBefore(once.key)
    if (this.#stands(done)) return again(JSON.parse(sameBody(done, once).answer) as Done, once)
    const used = await keys.keyUsed(once.key)
    if (this.#stands(used)) return (repeat ?? work)(sameBody(used, once))
    const answer = await work(once)
    if ((await doneBefore(once.key)) === null) await keys.keepKey({ ...once, at: this.#clock.now() })
    return answer
  }

  #stands<T extends { readonly at: number }>(known: T | null): known is T {
    return known !== null && this.#clock.now() - known.at < DONE_KEPT_MS
  }
}

/** The key is bound to what was asked for under it first. */
function sameBody<T extends { readonly body: string }>(known: T, once: Once): T {
  if (known.body !== once.body) throw refused('request.idempotencyKey')
  return known
}
