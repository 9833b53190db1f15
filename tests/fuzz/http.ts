/** Every route of the API, asked badly, in rounds of some hundred requests to a world of their own. */
import { setImmediate as turn } from 'node:timers/promises'
import { type Answer, exchange } from './client.ts'
import { type Document, type Operation, operationsOf } from './document.ts'
import { goodCall } from './good.ts'
import { judge, type Verdict } from './judge.ts'
import { requestFor, type Sent } from './requests.ts'
import { openRound, type Round } from './round.ts'
import type { Fault, Tally } from './tally.ts'

/** Requests to one world: then what is left of it is looked at, and another is opened. */
export const ROUND = 500
/** From here on a round may lose its campaigns. */
const LATE = 400
const ANSWER_MS_MAX = 20_000
/** So many addresses requests come from, each with tries of its own to sign in. */
const ADDRESSES = 200

export interface Asked {
  readonly seed: string
  /** The first request's place in the run; a multiple of `ROUND`. */
  readonly from: number
  readonly requests: number
  readonly tally: Tally
  readonly progress: (done: number) => void
}

const documentOf = async ({ world }: Round): Promise<readonly Operation[]> => {
  const { json } = await world.bed.ask(null, 'GET', '/openapi.json')
  return operationsOf(json as Document)
}

/** Said again for whoever wants to see it. */
export const again = (seed: string, index: number): string => {
  const from = index - (index % ROUND)
  return `npm run fuzz -- --surface http --seed ${seed} --from ${from} --requests ${index - from + 1}`
}

function follow(round: Round, { operation, said, bytes }: Sent, { code }: Verdict): void {
  const isDone = /^2\d\d$/.test(code) && operation?.method !== 'GET'
  if (!isDone) return
  round.sent(said)
  const user = /\/users\/([^/? ]+)/.exec(Buffer.from(bytes).subarray(0, 300).toString())?.[1]
  if (user !== undefined) round.changed(user)
}

/** What was done under a key is answered again as it was. */
async function twice(port: number, { bytes }: Sent, first: Answer): Promise<readonly string[]> {
  const again = await exchange(port, bytes, { from: '127.0.0.1', msMax: ANSWER_MS_MAX, isCut: false })
  return typeof again !== 'string' && again.status === first.status ? [] : ['asked again under its key it is not the same']
}

async function askOne(round: Round, operations: readonly Operation[], index: number, { seed, tally }: Asked): Promise<void> {
  const { log } = round.world.bed
  const sent = requestFor(round, operations, index, index % ROUND > LATE)
  const before = log.length
  const from = `127.0.0.${2 + (index % ADDRESSES)}`
  const name = sent.operation?.name ?? 'no operation'
  const answered = await exchange(round.port, sent.bytes, { from, msMax: ANSWER_MS_MAX, isCut: !sent.whole })
  await turn()
  const verdict = judge(round, sent, answered, log.slice(before))
  tally.take(name, verdict.code, typeof answered === 'string' ? 0 : answered.ms)
  follow(round, sent, verdict)
  const isDone = /^2\d\d$/.test(verdict.code)
  const wrong = isDone && sent.isKeyed && typeof answered !== 'string' ? await twice(round.port, sent, answered) : []
  const faults: readonly Fault[] = [...verdict.faults, ...wrong].map((what) => ({
    ...{ surface: 'http', what, again: again(seed, index) },
    about: `${sent.asker.name}: ${Buffer.from(sent.bytes).subarray(0, 160).toString().split('\r\n')[0]} (${sent.how.join('; ')})`,
  }))
  tally.faults.push(...faults)
  if (isDone && /session|sign-out|password/.test(name)) await round.signInAgain()
}

/** A whole round: the last request it was asked, and that a good call goes through it still. */
async function askRound(asked: Asked, from: number, to: number): Promise<void> {
  const round = await openRound(asked.seed, String(from))
  try {
    const operations = await documentOf(round)
    for (let index = from; index < to; index++) {
      await askOne(round, operations, index, asked)
      asked.progress(index - asked.from + 1)
    }
    const wrong = await goodCall(round)
    if (wrong !== null)
      asked.tally.faults.push({ surface: 'http', what: wrong, again: again(asked.seed, to - 1), about: 'a good call afterwards' })
  } finally {
    await round.close()
  }
}

export async function fuzzHttp(asked: Asked): Promise<void> {
  const end = asked.from + asked.requests
  for (let from = asked.from; from < end; from = Math.min(end, from + ROUND)) {
    await askRound(asked, from, Math.min(end, from + ROUND))
    asked.tally.remember()
  }
}
