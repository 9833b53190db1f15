/**
 * `Idempotency-Key` on POST: the same key from the same account is done once, and answered again with the same answer, before and after
 * a restart; with another body it is refused, whatever it was used for. What was done is kept by the journal, written with its facts; of
 * what writes no facts the key is kept beside the accounts, with the answer where something was changed; what is being done is known here.
 */
import { createHash, createHmac } from 'node:crypto'
import { Bug } from '#core/kernel/kernel.ts'
import type { Accounts, KeyUsed } from '#ports/accounts.ts'
import type { Clock } from '#ports/clock.ts'
import type { Once } from '#ports/engine.ts'
import { DONE_KEPT_MS, type DoneOnce } from '#ports/journal.ts'
import { refused } from './problems.ts'
import type { Done } from './route.ts'
import { Sealing } from './sealing.ts'

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
  /** The same, where the journal kept nothing of it. Left out: as `changes` says. */
  readonly repeat?: (once: Once) => unknown
  /** It changes something: not done again, the answer is kept. A question is put again. */
  readonly changes: boolean
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

/** An answer may hold numbers and names: it is kept so that only the key opens it. */
const sealing = ({ key }: Keyed): Sealing => new Sealing(Buffer.from(key))
const SEALED_AS = 'answer'

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

  async #answer(asked: Keyed, once: Once): Promise<unknown> {
    const { work, again, repeat } = asked
    const { doneBefore, keys } = this.#known
    const done = await doneBefore(once.key)
    if (this.#stands(done)) return again(JSON.parse(sameBody(done, once).answer) as Done, once)
    const used = await keys.keyUsed(once.key)
    if (this.#stands(used)) return repeated(asked, sameBody(used, once), once)
    const answer = await work(once)
    if ((await doneBefore(once.key)) !== null) return answer
    const isKept = asked.changes && repeat === undefined
    const kept = isKept ? sealing(asked).seal(SEALED_AS, JSON.stringify(answer ?? null)) : null
    await keys.keepKey({ ...once, answer: kept, at: this.#clock.now() })
    return answer
  }

  #stands<T extends { readonly at: number }>(known: T | null): known is T {
    return known !== null && this.#clock.now() - known.at < DONE_KEPT_MS
  }
}

function repeated(asked: Keyed, { answer }: KeyUsed, once: Once): unknown {
  const { repeat, work } = asked
  if (answer === null) return (repeat ?? work)(once)
  const text = sealing(asked).open(SEALED_AS, answer)
  if (text === null) throw new Bug('what was sealed with a key is opened with it')
  return JSON.parse(text) ?? undefined
}

/** The key is bound to what was asked for under it first. */
function sameBody<T extends { readonly body: string }>(known: T, once: Once): T {
  if (known.body !== once.body) throw refused('request.idempotencyKey')
  return known
}
