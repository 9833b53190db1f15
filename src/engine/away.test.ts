/** What an attempt was that went on while the engine was away. calls.md 2 (which attempts count), 6 and 7; the archive tells the same. */
import { describe, expect, it } from 'vitest'
import { lawsBroken } from '#core/archive/law.ts'
import { projectCall } from '#core/archive/projection.ts'
import type { Story } from '#core/archive/story.ts'
import type { Fact } from '#core/facts.ts'
import type { Batch } from '#ports/journal.ts'
import { ANNA, BEA, type Behaviour, EngineStage, kitOf, NINE, OUR_NUMBER, SETTINGS } from '../../tests/stage.support.ts'

const at = (seconds: number): number => NINE + seconds * 1_000
const order = { type: 'callback.order', by: 'customer', queueId: 'support', number: ANNA } as const

/** Ordered and offered at 0 to carl, who is alone; the customer's phone and carl's do as said, then answer and talk. */
async function attempt(plan: {
  readonly carl: Behaviour
  readonly customer: Behaviour
  readonly killedAt: number
  readonly trunks?: object
}): Promise<EngineStage> {
  const stage = new EngineStage(kitOf({ ...SETTINGS, agents: { carl: {}, dora: {} }, trunks: plan.trunks ?? { main: {} } }))
  await stage.start()
  const then: Behaviour = { answersAfterMs: 2_000, talksMs: 60_000 }
  stage.network.agentPhone('carl').whenCalled(plan.carl, { answersAfterMs: 1_000 })
  stage.network.phone(ANNA).whenCalled(plan.customer, then)
  await stage.ask(order)
  await stage.logOn('carl')
  await stage.wait(plan.killedAt * 1_000)
  await stage.kill()
  return stage
}

async function backAt(stage: EngineStage, seconds: number): Promise<void> {
  await stage.wait(at(seconds) - stage.clock.now())
  await stage.start()
  await stage.wait(0)
}

const firstTry = (stage: EngineStage) => stage.facts('callback.attemptEnded')[0]
function storyOf(stage: EngineStage): Story {
  const callId = stage.facts('callback.ordered')[0]?.callId
  const story = projectCall(stage.store.facts.filter(({ fact }) => 'callId' in fact && fact.callId === callId))
  expect(lawsBroken(story)).toEqual([])
  return story
}
/** Each leg: party, seconds of answer and end, outcome, why it did not count. */
const lanes = (stage: EngineStage) =>
  storyOf(stage).legs.map((leg) => [
    leg.party,
    leg.answeredAt === null ? null : (leg.answeredAt - NINE) / 1_000,
    leg.endedAt === null ? null : (leg.endedAt - NINE) / 1_000,
    leg.outcome,
    leg.notCounted ?? 'counted',
  ])

/** Made again at once and reached, for the place was kept. */
async function reachedAfterAll(stage: EngineStage): Promise<void> {
  await stage.wait(200_000)
  expect(storyOf(stage).result).toBe('callbackReached')
  expect(stage.facts('bridge.joined')).toHaveLength(1)
  expect(stage.network.rungTwice).toEqual([])
}

describe('the customer’s leg of a callback', () => {
  it('answered and put down while nobody was there, the agent still waiting: not reached, not counted, FRONT', async () => {
    const stage = await attempt({ carl: { answersAfterMs: 0 }, customer: { answersAfterMs: 5_000, talksMs: 3_000 }, killedAt: 1 })
    await backAt(stage, 20)
    expect(firstTry(stage)).toMatchObject({ attempt: 1, outcome: 'unknown', counted: false, notCounted: 'unknown', next: 'front' })
    expect(lanes(stage).slice(0, 2)).toEqual([
      ['agent', 0, 20, 'answered', 'counted'],
      ['customer', 5, 8, 'answered', 'unknown'],
    ])
    await reachedAfterAll(stage)
  })

  it('the same, and the agent hung up too: whoever was first', async () => {
    for (const talksMs of [6_000, 12_000]) {
      const stage = await attempt({
        carl: { answersAfterMs: 0, talksMs },
        customer: { answersAfterMs: 5_000, talksMs: 3_000 },
        killedAt: 1,
      })
      await backAt(stage, 20)
      expect(firstTry(stage)).toMatchObject({ outcome: 'unknown', counted: false, notCounted: 'unknown', next: 'front' })
      expect(lanes(stage).slice(0, 2)).toEqual([
        ['agent', 0, talksMs / 1_000, 'answered', 'counted'],
        ['customer', 5, 8, 'answered', 'unknown'],
      ])
      await reachedAfterAll(stage)
    }
  })

  it('never rung, and the time for it over: it was no attempt, and the next is the first', async () => {
    const stage = new EngineStage()
    await stage.start()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    stage.network.phone(ANNA).whenCalled({ answersAfterMs: 5_000 })
    await stage.ask(order)
    const toRing = (batch: Batch): boolean => batch.facts.some(({ fact }) => fact.type === 'leg.requested' && fact.party === 'customer')
    stage.afterAppend = (batch) => (toRing(batch) ? new Promise(() => undefined) : undefined)
    void stage.logOn('carl')
    await stage.wait(0)
    await stage.kill()
    stage.afterAppend = () => undefined
    await backAt(stage, 60)
    const [unrung] = stage.facts('leg.requested').filter(({ party }) => party === 'customer')
    expect(stage.rings().map(({ legId }) => legId)).not.toContain(unrung?.legId)
    expect(firstTry(stage)).toMatchObject({ attempt: 1, counted: false, notCounted: 'unknown', next: 'front' })
    await stage.wait(60_000)
    expect(stage.facts('callback.attemptStarted').map(({ attempt }) => attempt)).toEqual([1, 1])
    expect(stage.network.phone(ANNA).called).toBe(1)
  })

  it('answered after its agent had left, and on the line still: ended as an answer, not counted', async () => {
    const stage = await attempt({ carl: { answersAfterMs: 0, talksMs: 3_000 }, customer: { answersAfterMs: 5_000 }, killedAt: 1 })
    await backAt(stage, 20)
    expect(lanes(stage).slice(0, 2)).toEqual([
      ['agent', 0, 3, 'answered', 'counted'],
      ['customer', 5, 20, 'answered', 'unknown'],
    ])
    await reachedAfterAll(stage)
  })

  it('answered after the ring should have been ended: ended as an answer, not joined, not counted', async () => {
    const stage = await attempt({ carl: { answersAfterMs: 0 }, customer: { answersAfterMs: 40_000 }, killedAt: 1 })
    await backAt(stage, 50)
    expect(lanes(stage).slice(0, 2)).toEqual([
      ['agent', 0, 50, 'answered', 'counted'],
      ['customer', 40, 50, 'answered', 'unknown'],
    ])
    expect(stage.facts('bridge.joined')).toEqual([])
    await reachedAfterAll(stage)
  })

  it('busy, or rejected, while the agent waited: counts, as learnt', async () => {
    for (const [customer, outcome] of [
      [{ busyAfterMs: 4_000 }, 'busy'],
      [{ rejectsAfterMs: 4_000 }, 'rejected'],
    ] as const) {
      const stage = await attempt({ carl: { answersAfterMs: 0 }, customer, killedAt: 1 })
      await backAt(stage, 20)
      expect(firstTry(stage)).toMatchObject({ outcome, counted: true, next: 'pause' })
      expect(lanes(stage)[1]).toEqual(['customer', null, 4, outcome, 'counted'])
    }
  })

  it('failed in the network, which may have rung it before: not rung over another trunk in this attempt', async () => {
    const stage = await attempt({
      carl: { answersAfterMs: 0 },
      customer: { busyAfterMs: 4_000 },
      killedAt: 1,
      trunks: { main: {}, spare: {} },
    })
    const past = stage.network.past.bind(stage.network)
    const own = stage.facts('leg.requested').find(({ party }) => party === 'customer')?.legId
    stage.network.past = async (legId) =>
      legId === own ? { startedAt: at(0), ended: { at: at(4), outcome: 'failed', by: 'network', cause: 34 } } : past(legId)
    await backAt(stage, 20)
    expect(firstTry(stage)).toMatchObject({ outcome: 'failed', counted: false, notCounted: 'network', next: 'retryNetwork' })
    expect(stage.facts('leg.requested').filter(({ party }) => party === 'customer')).toHaveLength(1)
    expect(stage.facts('alarm.raised')).toMatchObject([{ alarm: 'trunk', about: 'main' }])
  })

  it('twice running answered with nobody there: the second counts', async () => {
    const stage = await attempt({ carl: { answersAfterMs: 0 }, customer: { answersAfterMs: 5_000, talksMs: 3_000 }, killedAt: 1 })
    stage.network.phone(ANNA).whenCalled({ answersAfterMs: 5_000, talksMs: 3_000 })
    await backAt(stage, 20)
    await stage.wait(2_000)
    await stage.kill()
    await backAt(stage, 60)
    expect(stage.facts('callback.attemptEnded')).toMatchObject([
      { attempt: 1, counted: false },
      { attempt: 1, outcome: 'unknown', counted: true, next: 'pause' },
    ])
    expect(storyOf(stage).unanswered).toBe(1)
  })
})

describe('the agent’s leg of a callback', () => {
  it('answered and put down, nobody there to ring the customer: not counted, and not held against the agent', async () => {
    const stage = await attempt({
      carl: { answersAfterMs: 5_000, talksMs: 1_000 },
      customer: { answersAfterMs: 0, talksMs: 9_000 },
      killedAt: 1,
    })
    await backAt(stage, 11)
    expect(firstTry(stage)).toMatchObject({ outcome: 'withdrawn', counted: false, notCounted: 'unknown', next: 'front' })
    expect(lanes(stage)[0]).toEqual(['agent', 5, 6, 'answered', 'unknown'])
    expect(stage.engine.agent('carl')).toMatchObject({ state: 'connecting' })
    await reachedAfterAll(stage)
  })

  it('put down while the customer’s phone rang: how long it had rung by then is what counts, not how long we were away', async () => {
    for (const [talksMs, counted] of [
      [14_000, false],
      [16_000, true],
    ] as const) {
      const stage = await attempt({ carl: { answersAfterMs: 0, talksMs }, customer: { ringsMs: 300_000 }, killedAt: 1 })
      await backAt(stage, 22)
      expect(firstTry(stage)).toMatchObject({ outcome: 'withdrawn', counted, next: counted ? 'pause' : 'front' })
      expect(lanes(stage)[1]).toEqual(['customer', null, 22, 'withdrawn', counted ? 'counted' : 'agentLeft'])
    }
  })

  it('put down, and the customer’s phone rang out after it: the agent was first', async () => {
    const stage = await attempt({ carl: { answersAfterMs: 0, talksMs: 5_000 }, customer: { ringsMs: 12_000 }, killedAt: 1 })
    await backAt(stage, 40)
    expect(firstTry(stage)).toMatchObject({ counted: false, notCounted: 'agentLeft', next: 'front' })
    expect(lanes(stage)[1]).toEqual(['customer', null, 12, 'unanswered', 'agentLeft'])
  })

  it('put down after the customer had rejected it: the customer was first, and it counts', async () => {
    const stage = await attempt({ carl: { answersAfterMs: 0, talksMs: 9_000 }, customer: { rejectsAfterMs: 4_000 }, killedAt: 1 })
    await backAt(stage, 40)
    expect(firstTry(stage)).toMatchObject({ outcome: 'rejected', counted: true })
    expect(lanes(stage)).toMatchObject([
      ['agent', 0, 9, 'answered', 'counted'],
      ['customer', null, 4, 'rejected', 'counted'],
    ])
  })

  it('not answered: counts not, as ever', async () => {
    const stage = await attempt({ carl: { ringsMs: 8_000 }, customer: { answersAfterMs: 0 }, killedAt: 1 })
    await backAt(stage, 15)
    expect(firstTry(stage)).toMatchObject({ notCounted: 'agentNoAnswer' })
    expect(stage.engine.agent('carl')).toMatchObject({ state: 'noAnswer' })
  })

  it.each([1, 4])('its past unknown to the switch, killed %i s into it: unknown, not counted, nobody blamed', async (killedAt) => {
    const stage = await attempt({ carl: { answersAfterMs: 2_000, talksMs: 8_000 }, customer: { ringsMs: 300_000 }, killedAt })
    await stage.wait(20_000)
    const own = stage.facts('leg.requested')[0]?.legId
    const past = stage.network.past.bind(stage.network)
    stage.network.past = async (legId) => (legId === own ? null : past(legId))
    await backAt(stage, 24)
    expect(firstTry(stage)).toMatchObject({ counted: false, notCounted: 'unknown', next: 'front' })
    expect(stage.engine.agent('carl')).toMatchObject({ state: 'connecting' })
  })
})

describe('a caller on the line', () => {
  it('the agent answered and left meanwhile: the caller waits on, in the same place, and is answered by the next', async () => {
    const stage = new EngineStage()
    await stage.start()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 3_000, talksMs: 2_000 })
    stage.network.agentPhone('dora').whenCalled({ answersAfterMs: 1_000 })
    await stage.logOn('carl')
    await stage.joins(ANNA)
    await stage.kill()
    await backAt(stage, 10)
    await stage.logOn('dora')
    await stage.wait(30_000)
    expect(stage.facts('leg.answered').map(({ happenedAt }) => happenedAt ?? null)).toContain(at(3))
    expect(stage.facts('entry.left')).toMatchObject([{ reason: 'answered' }])
  })

  it('gone, and the agent’s answer came after: not an answer, and abandoned when the caller left', async () => {
    const stage = new EngineStage()
    await stage.start()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 12_000 })
    await stage.logOn('carl')
    const caller = await stage.joins(ANNA)
    await stage.kill()
    await stage.wait(8_000)
    caller.hangUp()
    await backAt(stage, 20)
    expect(stage.facts('entry.left')).toMatchObject([{ reason: 'hungUp', happenedAt: at(8) }])
    expect(stage.facts('leg.ended')).toMatchObject([
      { legId: caller.legId, happenedAt: at(8) },
      { outcome: 'answered', by: 'us' },
    ])
    expect(stage.engine.agent('carl')).toMatchObject({ state: 'ready' })
    expect(stage.engine.queue('support')?.today).toMatchObject({ abandoned: 1, short: 0 })
  })

  it('gone after 3 s: short, however long we were away', async () => {
    const stage = new EngineStage()
    await stage.start()
    await stage.logOn('carl')
    await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason: stage.engine.solution().pauseReasons[0] ?? '' })
    const caller = await stage.joins(ANNA)
    await stage.kill()
    await stage.wait(3_000)
    caller.hangUp()
    await backAt(stage, 60)
    expect(stage.engine.queue('support')?.today).toMatchObject({ abandoned: 0, short: 1 })
  })
})

describe('a consult that went on while the switch could not be heard', () => {
  it('customer and agent hung up, then the number asked answered: it is ended, and joined with nobody', async () => {
    const stage = new EngineStage()
    await stage.start()
    await stage.logOn('carl')
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    stage.network.phone(BEA).whenCalled({ answersAfterMs: 12_000 })
    const caller = await stage.joins(ANNA)
    await stage.wait(1_000)
    const callId = stage.facts('call.started')[0]?.callId ?? ''
    await stage.ask({ type: 'talk.consult', by: 'agent', agentId: 'carl', callId, to: { number: BEA } })
    stage.network.begin('loseEvents')
    await stage.wait(4_000)
    caller.hangUp()
    await stage.wait(4_000)
    stage.network.agentPhone('carl').hangUp()
    await stage.wait(10_000)
    stage.network.end('loseEvents')
    await stage.wait(10_000)
    expect(stage.facts('bridge.joined').map(({ bridge }) => bridge)).toEqual(['main'])
    expect(stage.network.phone(BEA).line).toBeNull()
    expect(stage.engine.figures().liveCalls).toBe(0)
  })
})

describe('what was written and never told to the switch', () => {
  const killedAt = async (stage: EngineStage, isIt: (fact: Fact) => boolean, deed: () => unknown): Promise<void> => {
    stage.afterAppend = (batch) => (batch.facts.some(({ fact }) => isIt(fact)) ? new Promise(() => undefined) : undefined)
    deed()
    await stage.wait(0)
    await stage.kill()
    stage.afterAppend = () => undefined
  }

  it('a line that was answered is answered at the next start, and hears what is said', async () => {
    const stage = new EngineStage()
    await stage.start()
    let answered = false
    await killedAt(
      stage,
      ({ type }) => type === 'leg.answered',
      () => stage.network.call(ANNA, OUR_NUMBER)?.onAnswer(() => (answered = true)),
    )
    expect(answered).toBe(false)
    await stage.start()
    await stage.wait(0)
    expect(answered).toBe(true)
    const [line] = stage.network.onTheLine()
    expect(stage.network.hears(line?.legId ?? '').prompt).not.toBeNull()
  })

  it('an agent who gave the customer away is let go at the next start, while the call goes on', async () => {
    const stage = new EngineStage()
    await stage.start()
    await stage.logOn('carl')
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    await stage.joins(ANNA)
    await stage.wait(1_000)
    const callId = stage.facts('call.started')[0]?.callId ?? ''
    const give = { type: 'talk.transfer', by: 'agent', agentId: 'carl', callId, to: { queueId: 'sales' } } as const
    await killedAt(
      stage,
      ({ type }) => type === 'transfer.requested',
      () => void stage.engine.submit(give),
    )
    const [first] = stage.facts('leg.requested').filter(({ agentId }) => agentId === 'carl')
    const up = () => stage.network.phoneOf(first?.legId ?? '') !== undefined
    expect(up()).toBe(true)
    await stage.start()
    await stage.wait(0)
    expect(up()).toBe(false)
    expect(stage.engine.figures().liveCalls).toBe(1)
  })
})
