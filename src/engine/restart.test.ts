/** Killed and started again: what the journal holds, what the switch knows, and what follows. calls.md 6 and 7. */
import { describe, expect, it } from 'vitest'
import type { Fact } from '#core/facts.ts'
import { ANNA, BEA, EngineStage, kitOf, NINE, OUR_NUMBER, SETTINGS } from '../../tests/stage.support.ts'

const never = new Promise<void>(() => undefined)

async function running(): Promise<EngineStage> {
  const stage = new EngineStage()
  await stage.start()
  stage.network.phone(ANNA).whenCalled({ answersAfterMs: 5_000 })
  return stage
}

/** Kills the engine in the instant when a fact of this type is durable and nothing has been done about it yet. */
async function killedAt(stage: EngineStage, type: Fact['type'], deed: () => Promise<unknown>): Promise<void> {
  stage.afterAppend = (batch) => (batch.facts.some(({ fact }) => fact.type === type) ? never : undefined)
  void deed()
  await stage.wait(0)
  await stage.kill()
  stage.afterAppend = () => undefined
}

/** Another go of the same engine, after so long away. */
async function back(stage: EngineStage, awayMs = 0): Promise<void> {
  await stage.wait(awayMs)
  await stage.start()
  await stage.wait(0)
}

describe('a callback over a restart', () => {
  const order = { type: 'callback.order', by: 'customer', queueId: 'support', number: ANNA } as const

  it('killed between the order and the attempt: nothing is lost, nobody is rung twice', async () => {
    const stage = await running()
    await stage.ask(order)
    await stage.kill()
    await back(stage, 60_000)
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 1_000, talksMs: 60_000 })
    await stage.logOn('carl')
    await stage.wait(120_000)
    expect(stage.facts('entry.left')).toMatchObject([{ reason: 'answered', agentId: 'carl' }])
    expect(stage.rings().map(({ to, callerId }) => ({ to, callerId }))).toEqual([
      { to: { agent: 'carl' }, callerId: ANNA },
      { to: { number: ANNA }, callerId: OUR_NUMBER },
    ])
    expect(stage.network.rungTwice).toEqual([])
  })

  it('asked for and never rung: unknown to switch and log, so it is rung now', async () => {
    const stage = await running()
    await stage.ask(order)
    await killedAt(stage, 'callback.attemptStarted', () => stage.logOn('carl'))
    expect(stage.rings()).toEqual([])
    await back(stage, 5_000)
    expect(stage.rings()).toMatchObject([{ legId: stage.facts('leg.requested')[0]?.legId, to: { agent: 'carl' } }])
    expect(stage.facts('leg.requested')).toHaveLength(1)
  })

  it('asked for and never rung, and by now nobody would be rung for it: it is not rung', async () => {
    const stage = await running()
    await stage.ask(order)
    await killedAt(stage, 'callback.attemptStarted', () => stage.logOn('carl'))
    await back(stage, 25_000)
    const [first] = stage.facts('leg.requested')
    expect(stage.rings().filter(({ legId }) => legId === first?.legId)).toEqual([])
    expect(stage.facts('leg.ended')).toMatchObject([{ legId: first?.legId }])
    expect(stage.facts('callback.attemptEnded')).toMatchObject([{ counted: false, notCounted: 'agentNoAnswer' }])
  })

  it('rings there too: adopted, and answered as if nothing had been', async () => {
    const stage = await running()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 10_000 })
    await stage.ask(order)
    await stage.logOn('carl')
    await stage.wait(2_000)
    await stage.kill()
    await back(stage, 3_000)
    await stage.wait(20_000)
    expect(stage.rings().map(({ to }) => to)).toEqual([{ agent: 'carl' }, { number: ANNA }])
    expect(stage.facts('bridge.joined')).toHaveLength(1)
    expect(stage.network.rungTwice).toEqual([])
  })

  it('the customer answered while we were away: joined now, answered then, one attempt', async () => {
    const stage = await running()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    await stage.ask(order)
    await stage.logOn('carl')
    await stage.wait(1_000)
    await stage.kill()
    await back(stage, 10_000)
    const customer = stage.facts('leg.requested').find(({ party }) => party === 'customer')
    expect(stage.facts('leg.answered').find(({ legId }) => legId === customer?.legId)).toMatchObject({ happenedAt: NINE + 5_000 })
    expect(stage.facts('bridge.joined')).toHaveLength(1)
    expect(stage.facts('callback.attemptEnded')).toMatchObject([{ attempt: 1, outcome: 'answered', counted: true }])
    expect(stage.rings()).toHaveLength(2)
  })

  it('the switch’s log is lost: outcome unknown, not counted, and tried again', async () => {
    const stage = await running()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    stage.network.phone(ANNA).whenCalled({ busyAfterMs: 4_000 }, { answersAfterMs: 3_000 })
    await stage.ask(order)
    await stage.logOn('carl')
    await stage.wait(1_000)
    await stage.kill()
    await stage.wait(10_000)
    const customer = stage.facts('leg.requested').find(({ party }) => party === 'customer')
    const past = stage.network.past.bind(stage.network)
    stage.network.past = async (legId) => (legId === customer?.legId ? null : past(legId))
    await back(stage)
    await stage.wait(30_000)
    expect(stage.facts('callback.attemptEnded')).toMatchObject([
      { attempt: 1, outcome: 'unknown', counted: false, notCounted: 'unknown' },
      { attempt: 1, outcome: 'answered', counted: true },
    ])
    expect(stage.network.rungTwice).toEqual([])
  })
})

describe('a conversation over a restart', () => {
  const talking = async (): Promise<EngineStage> => {
    const stage = await running()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    await stage.logOn('carl')
    await stage.joins(ANNA)
    return stage
  }

  it('goes on: the switch has it, and so do we', async () => {
    const stage = await talking()
    await stage.kill()
    await back(stage, 60_000)
    expect(stage.engine.agent('carl')).toMatchObject({ state: 'connected', matter: { phase: 'talking' } })
    expect(stage.network.hears(stage.network.phone(ANNA).line ?? '').legs).toHaveLength(1)
    stage.network.phone(ANNA).hangUp()
    await stage.wait(0)
    expect(stage.facts('call.ended')).toHaveLength(1)
    expect(stage.engine.agent('carl')?.state).toBe('ready')
  })

  it('ended meanwhile: with the time learnt from the switch', async () => {
    const stage = await talking()
    const line = stage.network.phone(ANNA).line
    await stage.kill()
    await stage.wait(20_000)
    stage.network.phone(ANNA).hangUp()
    await back(stage, 40_000)
    expect(stage.facts('leg.ended').find(({ legId }) => legId === line)).toMatchObject({
      outcome: 'answered',
      by: 'party',
      happenedAt: NINE + 20_000,
      reconciled: true,
    })
    expect(stage.facts('call.ended')).toHaveLength(1)
    expect(stage.engine.agent('carl')?.state).toBe('ready')
  })
})

describe('a hang-up that was lost on the way', () => {
  it('killed before it was sent: the line is ended now, and is no call that comes in', async () => {
    const stage = await running()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    await stage.logOn('carl')
    await stage.joins(ANNA)
    await killedAt(stage, 'call.ended', async () => stage.network.agentPhone('carl').hangUp())
    expect(stage.network.phone(ANNA).line).not.toBeNull()
    await back(stage, 10_000)
    expect(stage.network.phone(ANNA).line).toBeNull()
    expect(stage.facts('call.started')).toHaveLength(1)
  })

  it('of two we had rung for a callback: neither talks on', async () => {
    const stage = await running()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    await stage.ask({ type: 'callback.order', by: 'customer', queueId: 'support', number: ANNA })
    await stage.logOn('carl')
    await stage.wait(10_000)
    const callId = stage.engine.agent('carl')?.matter?.callId ?? ''
    await killedAt(stage, 'call.ended', () => stage.engine.submit({ type: 'talk.hangUp', by: 'agent', agentId: 'carl', callId }))
    await back(stage)
    expect([stage.network.phone(ANNA).line, stage.network.agentPhone('carl').line]).toEqual([null, null])
    expect(stage.engine.alarms()).toEqual([])
    expect(stage.facts('call.started')).toHaveLength(1)
  })

  it('sent while the switch was away: ended when it is found', async () => {
    const stage = await running()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    await stage.logOn('carl')
    await stage.joins(ANNA)
    const callId = stage.engine.agent('carl')?.matter?.callId ?? ''
    stage.network.begin('loseEvents')
    await stage.ask({ type: 'talk.hangUp', by: 'agent', agentId: 'carl', callId })
    stage.network.end('loseEvents')
    await stage.wait(0)
    expect([stage.network.phone(ANNA).line, stage.network.agentPhone('carl').line]).toEqual([null, null])
    expect(stage.facts('call.started')).toHaveLength(1)
  })

  it('the switch lost, the engine killed, the switch back before the start: calls are taken and agents rung again', async () => {
    const stage = await running()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    await stage.logOn('carl')
    stage.network.begin('loseEvents')
    await stage.wait(0)
    await stage.kill()
    stage.network.end('loseEvents')
    await back(stage, 5_000)
    expect(stage.engine.trouble()).toBeNull()
    await stage.joins(ANNA)
    expect(stage.engine.agent('carl')?.state).toBe('connected')
  })
})

describe('who waits over a restart', () => {
  it('keeps the place, and hears music again', async () => {
    const stage = await running()
    await stage.logOn('carl')
    await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason: stage.engine.solution().pauseReasons[0] ?? '' })
    const first = await stage.joins(ANNA)
    await stage.wait(5_000)
    const second = await stage.joins(BEA)
    await stage.kill()
    await back(stage, 30_000)
    const entries = stage.engine.queue('support')?.entries ?? []
    expect(entries.map(({ place, joinedAt }) => [place, joinedAt - NINE])).toEqual([
      [1, 0],
      [2, 5_000],
    ])
    expect(stage.commands.filter((command) => command.type === 'music.start').map(({ legId }) => legId)).toEqual([
      first.legId,
      second.legId,
      first.legId,
      second.legId,
    ])
  })

  it('nobody is logged off or made ready by it', async () => {
    const stage = await running()
    await stage.logOn('carl', 'dora')
    await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'dora', reason: stage.engine.solution().pauseReasons[0] ?? '' })
    await stage.kill()
    await back(stage, 60_000)
    expect([stage.engine.agent('carl')?.state, stage.engine.agent('dora')?.state]).toEqual(['ready', 'paused'])
  })
})

describe('timers that fell due while away', () => {
  it('run after the reconciliation, in the order they fell due, at the time of the restart', async () => {
    const stage = new EngineStage(kitOf({ ...SETTINGS, queues: { ...SETTINGS.queues, sales: { wrapUpSeconds: 10 } } }))
    await stage.start()
    stage.network.agentPhone('dora').whenCalled({ answersAfterMs: 0, talksMs: 2_000 })
    await stage.logOn('dora')
    await stage.joins(BEA, '9')
    await stage.wait(2_000)
    expect(stage.engine.agent('dora')?.state).toBe('wrapUp')
    await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'dora', reason: 'none' })
    stage.network.agentPhone('carl').whenCalled({ byHand: true })
    await stage.logOn('carl')
    const caller = await stage.joins(ANNA)
    const mark = stage.store.facts.length
    await stage.kill()
    caller.hangUp()
    await back(stage, 60_000)
    const after = stage.store.facts.slice(mark)
    expect(new Set(after.map(({ at }) => at))).toEqual(new Set([NINE + 62_000]))
    const types = after.map(({ fact }) => fact.type)
    expect(types.indexOf('leg.ended')).toBeLessThan(types.indexOf('agent.wrapUpEnded'))
    expect(stage.facts('entry.left').at(-1)).toMatchObject({ reason: 'hungUp' })
    expect(stage.engine.agent('dora')?.state).toBe('ready')
    expect(stage.engine.agent('carl')?.state).toBe('ready')
  })

  it('two of them: the one due first is first in the journal', async () => {
    const stage = new EngineStage(
      kitOf({ ...SETTINGS, queues: { ...SETTINGS.queues, support: { waitSecondsMax: 40 }, sales: { waitSecondsMax: 20 } } }),
    )
    await stage.start()
    await stage.logOn('carl')
    await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason: stage.engine.solution().pauseReasons[0] ?? '' })
    await stage.joins(ANNA, '1')
    await stage.wait(1_000)
    await stage.joins(BEA, '9')
    await stage.kill()
    await back(stage, 120_000)
    expect(stage.facts('entry.left').map(({ queueId, reason }) => [queueId, reason])).toEqual([
      ['sales', 'timedOut'],
      ['support', 'timedOut'],
    ])
  })
})

describe('what the switch has and nobody here knows', () => {
  it('an inbound line alone is a call that comes in now', async () => {
    const stage = await running()
    await stage.kill()
    const call = stage.network.call(ANNA, OUR_NUMBER)
    await back(stage, 4_000)
    expect(stage.facts('leg.arrived')).toMatchObject([{ legId: call?.legId }])
    expect(stage.engine.figures().strayLegsTakenIn).toBe(1)
    expect(stage.commands).toContainEqual({ type: 'leg.answer', legId: call?.legId })
  })

  it('an outbound leg alone is ended', async () => {
    const stage = await running()
    await stage.kill()
    stage.network.phone(BEA).whenCalled({ ringsMs: 90_000 })
    stage.network.send({ type: 'leg.ring', callId: 'x', legId: 'stray', to: { number: BEA }, callerId: null, ringMsMax: 120_000 })
    await back(stage)
    expect(stage.network.phone(BEA).line).toBeNull()
    expect(stage.facts('call.started')).toEqual([])
  })

  it('two legs joined are kept as a call, with an alarm', async () => {
    const stage = await running()
    await stage.kill()
    const inbound = stage.network.call(ANNA, OUR_NUMBER)
    stage.network.phone(BEA).whenCalled({ answersAfterMs: 0 })
    stage.network.send({ type: 'leg.answer', legId: inbound?.legId ?? '' })
    stage.network.send({ type: 'leg.ring', callId: 'x', legId: 'stray', to: { number: BEA }, callerId: null, ringMsMax: 120_000 })
    await stage.wait(0)
    stage.network.send({ type: 'bridge.join', callId: 'x', bridge: 'main', legs: [inbound?.legId ?? '', 'stray'] })
    await back(stage)
    expect(stage.engine.alarms().map(({ alarm }) => alarm)).toEqual(['unknownLeg'])
    expect(stage.facts('call.started')).toHaveLength(1)
    expect(stage.network.hears('stray').legs).toEqual([inbound?.legId])
    stage.network.phone(ANNA).hangUp()
    await stage.wait(1_000)
    expect(stage.facts('call.ended')).toHaveLength(1)
    expect(stage.network.phone(BEA).line).toBeNull()
  })
})

describe('the switch lost and found while we run', () => {
  it('what happened meanwhile is learnt, and nobody is rung while it is away', async () => {
    const stage = await running()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    await stage.logOn('carl')
    const caller = await stage.joins(ANNA)
    await stage.wait(10_000)
    stage.network.begin('loseEvents')
    await stage.wait(0)
    expect(stage.engine.trouble()).toContain('switch')
    caller.hangUp()
    await stage.ask({ type: 'callback.order', by: 'customer', queueId: 'support', number: BEA })
    await stage.wait(20_000)
    const before = stage.rings().length
    stage.network.end('loseEvents')
    await stage.wait(0)
    expect(stage.engine.trouble()).toBeNull()
    expect(stage.facts('leg.ended').find(({ legId }) => legId === caller.legId)).toMatchObject({
      happenedAt: NINE + 10_000,
      reconciled: true,
    })
    expect(before).toBe(1)
    expect(
      stage
        .rings()
        .slice(before)
        .map(({ to }) => to),
    ).toEqual([{ agent: 'carl' }, { number: BEA }])
  })
})

describe('a snapshot', () => {
  it('and the facts after it give the same as all facts', async () => {
    const stage = await running()
    await stage.logOn('carl')
    await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason: stage.engine.solution().pauseReasons[0] ?? '' })
    await stage.joins(ANNA)
    await stage.engine.snapshot()
    await stage.wait(1_000)
    await stage.joins(BEA)
    const before = [stage.engine.queue('support'), stage.engine.agent('carl')]
    await stage.kill()
    await back(stage)
    expect(stage.store.snapshots).toHaveLength(1)
    expect([stage.engine.queue('support'), stage.engine.agent('carl')]).toEqual(before)
  })

  it('of an older program is passed over: the journal tells it all', async () => {
    const stage = await running()
    await stage.logOn('carl')
    await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason: stage.engine.solution().pauseReasons[0] ?? '' })
    await stage.joins(ANNA)
    await stage.engine.snapshot()
    const before = [stage.engine.queue('support'), stage.engine.agent('carl')]
    await stage.kill()
    const [kept] = stage.store.snapshots
    stage.store.snapshots = [{ position: kept?.position ?? 0, state: JSON.stringify({ format: 1, alarms: [['trunk', {}]] }) }]
    await back(stage)
    expect([stage.engine.queue('support'), stage.engine.agent('carl')]).toEqual(before)
  })
})
