import { describe, expect, it } from 'vitest'
import { Answers } from './answers.ts'
import { Tally } from './tally.ts'

/** Even numbers from 0 to 1 (Lehmer, as in Park and Miller, Random number generators: good ones are hard to find, 1988). */
function evenly(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** Calls dialled one each second for so long: a share is answered after 3 to 13 s, others fail in the fourth second, the rest ring out. */
function heard(answers: Answers, seconds: number, share: number, fails: number, seed: number): void {
  const next = evenly(seed)
  const tally = new Tally(answers.binCount, (ms) => answers.binOf(ms))
  let ringing: { ms: number; readonly endsMs: number; readonly how: 'answered' | 'failed' }[] = []
  for (let tick = 0; tick < 2 * seconds; tick += 1) {
    if (tick % 2 === 0) {
      if (next() < share) ringing.push({ ms: 0, endsMs: 3_000 + 10_000 * next(), how: 'answered' })
      else ringing.push({ ms: 0, endsMs: next() < fails ? 3_500 : 25_000, how: 'failed' })
    }
    for (const call of ringing) {
      call.ms += 500
      if (call.ms >= call.endsMs) answers[call.how](call.endsMs)
    }
    ringing = ringing.filter(({ ms, endsMs }) => ms < endsMs)
    tally.take(ringing.map(({ ms }) => ms))
    answers.rang(tally, 0.5)
    if (tick % 20 === 0) answers.refresh()
  }
}

describe('the share of answers', () => {
  it.each([0.15, 0.3, 0.6])('of %s is found within some hundred calls', (share) => {
    const answers = new Answers(25_000)
    heard(answers, 600, share, 0.2, 11)
    expect(answers.share).toBeGreaterThan(share * 0.7)
    expect(answers.share).toBeLessThan(share * 1.3)
  })

  it('is not talked down by calls that fail at once', () => {
    const answers = new Answers(25_000)
    heard(answers, 600, 0.3, 0.9, 12)
    expect(answers.share).toBeGreaterThan(0.23)
  })

  it.each([
    [0.15, 0.6],
    [0.6, 0.15],
  ])('from %s to %s is noticed within two minutes', (before, after) => {
    const answers = new Answers(25_000)
    heard(answers, 900, before, 0.2, 13)
    heard(answers, 120, after, 0.2, 14)
    expect(Math.abs(answers.share - after)).toBeLessThan(Math.abs(answers.share - before))
  })

  it('is held to be high while nothing is known', () => expect(new Answers(25_000).between[1]).toBeGreaterThanOrEqual(0.6))

  it('a call that has rung long is less likely one that will be answered', () => {
    const answers = new Answers(25_000)
    heard(answers, 900, 0.3, 0, 15)
    const will = (ms: number): number => answers.will(0.3, answers.binOf(ms))
    expect(will(1_000)).toBeCloseTo(0.3, 1)
    expect(will(8_000)).toBeLessThan(0.27)
    expect(will(16_000)).toBeLessThan(0.03)
  })
})
