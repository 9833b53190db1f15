/** `samtal pace`: what it prints is what the archive says, and the day's limit is the rules' own, whatever a pacing asks for. */
import { describe, expect, it } from 'vitest'
import { pace } from '#app/pace.ts'
import { paceElsewhere } from '#app/pace-thread.ts'
import type { Story } from '#core/archive/story.ts'
import type { CreatePacing } from '#engine/parts.ts'
import type { PaceShift } from '#ports/pace.ts'
import { PACE_FROM } from '#sim/pace/pace.ts'

const SHIFT: PaceShift = {
  mode: 'predictive',
  agents: 10,
  answerRate: 0.3,
  hours: 1,
  talkMs: 60_000,
  wrapUpMs: 10_000,
  ratio: 2,
  silentTarget: 0.03,
  silentAfterMs: 2_000,
  ringMs: 30_000,
  seed: 7,
}
const always =
  (dial: number): CreatePacing =>
  () => ({ decide: () => ({ dial, hangUp: 0 }), observe: () => undefined })

async function shiftWith(shift: PaceShift, pacing?: CreatePacing) {
  const stories: Story[] = []
  const said: string[] = []
  const result = await pace(shift, {
    onStory: (story) => stories.push(story),
    log: (line) => said.push(line),
    ...(pacing === undefined ? {} : { pacing }),
  })
  return { result, stories, said }
}

describe('a shift', () => {
  it.each(['progressive', 'power', 'predictive'] as const)(
    '%s: the figures are those of the archive, worked out another way',
    async (mode) => {
      const { result, stories, said } = await shiftWith({ ...SHIFT, mode, hours: 0.5 })
      expect(said).toEqual([])
      const until = PACE_FROM + 0.5 * 3_600_000
      const answered = stories.filter((one) => one.result === 'answered' || one.result === 'silent')
      const silent = stories.filter((one) => one.result === 'silent')
      // Every second of the shift: how many agents talk in it.
      let talkSeconds = 0
      for (let at = PACE_FROM + 500; at < until; at += 1_000)
        for (const { events } of answered)
          for (const { kind, startedAt, endedAt } of events)
            if (kind === 'conversation' && startedAt <= at && at < (endedAt ?? until)) talkSeconds += 1
      expect(result.calls).toBe(stories.length)
      expect(result.calls).toBeGreaterThan(100)
      expect(result.answered).toBe(answered.length)
      expect(result.silent).toBe(silent.length)
      expect(result.silentRate).toBeCloseTo(silent.length / answered.length, 10)
      expect(result.talkShare).toBeCloseTo(talkSeconds / (10 * 1_800), 2)
      expect(result.busyShare).toBeGreaterThan(result.talkShare)
      expect(result.busyShare).toBeLessThanOrEqual(1)
    },
  )

  it('is the same with the same seed, and another with another', async () => {
    const [one, same, other] = [
      await pace({ ...SHIFT, hours: 0.25 }),
      await pace({ ...SHIFT, hours: 0.25 }),
      await pace({ ...SHIFT, hours: 0.25, seed: 8 }),
    ]
    expect(same).toEqual(one)
    expect(other).not.toEqual(one)
  })

  it('asked for by a page it runs on a thread of its own, and is the same; one too large is refused', async () => {
    const small = { ...SHIFT, hours: 0.25, agents: 3 }
    expect(await paceElsewhere(small)).toEqual(await pace(small))
    await expect(paceElsewhere({ ...small, agents: 301 })).rejects.toThrow('at most 300 agents')
  })

  it('progressive has no silent call where phones answer by themselves', async () => {
    const { result } = await shiftWith({ ...SHIFT, mode: 'progressive' })
    expect(result.silent).toBe(0)
  })
})

describe('a pacing that is none', () => {
  it('that asks for nothing: the campaign stands still', async () => {
    const { result } = await shiftWith({ ...SHIFT, hours: 0.25 }, always(0))
    expect(result).toMatchObject({ calls: 0, answered: 0, silent: 0, talkShare: 0 })
  })

  it('that asks for fifty at all times: the day’s limit stops it', async () => {
    const { result } = await shiftWith(SHIFT, always(50))
    // What was in the air when the limit was reached may still fall silent: that many calls once, and no more.
    const inTheAir = 4 * SHIFT.agents + 2
    expect(result.silent).toBeGreaterThan(0)
    expect(result.silent).toBeLessThanOrEqual(SHIFT.silentTarget * result.answered + inTheAir)
    const longer = await shiftWith({ ...SHIFT, hours: 4 }, always(50))
    expect(longer.result.silent).toBeLessThanOrEqual(
      SHIFT.silentTarget * longer.result.answered + 2 * Math.sqrt(SHIFT.silentTarget * longer.result.answered) + inTheAir,
    )
    expect(longer.result.answered).toBeGreaterThan(3 * result.answered)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no idea')
      },
    ],
    ['asks for half a call', () => ({ dial: 0.5, hangUp: 0 })],
    ['asks for fewer than none', () => ({ dial: -1, hangUp: 0 })],
    ['answers nonsense', () => ({ dial: Number.NaN, hangUp: 0 })],
  ])('that %s: one call for each ready agent from there on, and an alarm', async (_, decide) => {
    const { result, said } = await shiftWith({ ...SHIFT, hours: 0.25 }, () => ({ decide, observe: () => undefined }))
    expect(said).toEqual([expect.stringContaining('the pacing of pace failed and is not asked any more')])
    expect(result.calls).toBeGreaterThan(50)
    expect(result.silent).toBe(0)
  })
})
