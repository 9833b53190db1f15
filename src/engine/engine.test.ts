/** The turn from input to facts to effects: what is acted on is durable, and what goes wrong goes wrong for one. calls.md 7 and 8. */
import { describe, expect, it } from 'vitest'
import { ANNA, BEA, diskFull, EngineStage, kitOf, OUR_NUMBER, SETTINGS } from '../../tests/stage.support.ts'

async function running(stage = new EngineStage()): Promise<EngineStage> {
  await stage.start()
  return stage
}

/** A promise and how to keep it. */
function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

describe('what is acted on', () => {
  it('is durable: effects and answers wait for the append', async () => {
    const stage = await running()
    await stage.logOn('carl')
    const { open, opened } = gate()
    stage.beforeAppend = () => opened
    const call = stage.network.call(ANNA, OUR_NUMBER)
    await stage.wait(0)
    let answered = false
    const paused = stage.engine.submit({ type: 'agent.pause', by: 'agent', agentId: 'dora', reason: 'x' })
    const off = stage.engine.submit({ type: 'agent.logOff', by: 'agent', agentId: 'carl' }).then((answer) => {
      answered = true
      return answer
    })
    await stage.wait(1_000)
    expect(stage.commands).toEqual([])
    expect(answered).toBe(false)
    open()
    await stage.wait(0)
    expect(stage.commands[0]).toMatchObject({ type: 'leg.answer', legId: call?.legId })
    expect(await off).toEqual({ ok: true })
    expect(await paused).toMatchObject({ ok: false })
  })

  it('is told to those who watch, with the queues and agents that look different', async () => {
    const stage = await running()
    const seen: string[] = []
    const stop = stage.engine.onCommit(({ facts, agents }) => seen.push(...facts.map(({ fact }) => fact.type), ...agents))
    await stage.logOn('carl')
    expect(seen).toEqual(expect.arrayContaining(['agent.loggedOn', 'carl']))
    stop()
    const told = seen.length
    await stage.logOn('dora')
    expect(seen).toHaveLength(told)
  })
})

describe('an append that is refused for now', () => {
  it('holds everything back; then it goes out in order, nothing lost and nobody rung twice', async () => {
    const stage = await running()
    await stage.logOn('carl', 'dora')
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0, talksMs: 60_000 })
    const call = stage.network.call(ANNA, OUR_NUMBER)
    await stage.wait(0)
    stage.beforeAppend = diskFull
    const before = stage.commands.length
    call?.press('1')
    await stage.wait(10_000)
    expect(stage.commands.slice(before)).toEqual([])
    expect(stage.engine.trouble()).toContain('journal')
    expect(stage.engine.alarms().map(({ alarm }) => alarm)).toContain('disk')
    stage.beforeAppend = () => undefined
    await stage.wait(1_000)
    expect(stage.engine.trouble()).toBeNull()
    expect(stage.facts('entry.left')).toMatchObject([{ reason: 'answered', agentId: 'carl' }])
    expect(stage.rings()).toHaveLength(1)
    expect(stage.network.rungTwice).toEqual([])
    expect(stage.store.facts.map(({ position }) => position)).toEqual(stage.store.facts.map((_, index) => index + 1))
    expect(stage.log.filter((line) => line.includes('journal'))).toHaveLength(2)
  })

  it('with others under way behind it: they are written again after it, and nothing stands still', async () => {
    const stage = await running()
    let full = true
    stage.beforeAppend = async () => {
      if (!full) return
      await new Promise<void>((resolve) => void stage.clock.wake(stage.clock.now() + 1_000, resolve))
      diskFull()
    }
    const asked = []
    for (const agentId of ['carl', 'dora']) {
      asked.push(stage.engine.submit({ type: 'agent.logOn', by: 'agent', agentId }))
      await stage.wait(0)
    }
    await stage.wait(2_500)
    expect(stage.engine.trouble()).toContain('journal')
    full = false
    await stage.wait(2_000)
    expect(await Promise.all(asked)).toMatchObject([{ ok: true }, { ok: true }])
    expect(stage.facts('agent.loggedOn').map(({ agentId }) => agentId)).toEqual(['carl', 'dora'])
    expect(stage.engine.trouble()).toBeNull()
    expect(await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'dora', reason: 'lunch' })).toMatchObject({ ok: true })
  })

  it('what people ask for meanwhile is refused at once, and not done when they have long gone', async () => {
    const stage = await running()
    await stage.logOn('carl')
    stage.beforeAppend = diskFull
    void stage.engine.submit({ type: 'agent.logOn', by: 'agent', agentId: 'dora' })
    await stage.wait(0)
    const dialled = await stage.ask({ type: 'call.dial', by: 'agent', agentId: 'carl', to: { number: BEA }, origin: 'desk' })
    const ordered = await stage.ask({ type: 'callback.order', by: 'customer', queueId: 'support', number: BEA })
    expect([dialled, ordered]).toEqual(Array(2).fill({ ok: false, refused: 'engine.stopped' }))
    stage.beforeAppend = () => undefined
    await stage.wait(60_000)
    expect(stage.engine.trouble()).toBeNull()
    expect([stage.facts('call.started'), stage.rings()]).toEqual([[], []])
    expect(stage.engine.agent('dora')?.state).toBe('ready')
  })

  it('lets no new call in meanwhile, and those who talk talk on', async () => {
    const stage = await running()
    await stage.logOn('carl')
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    const talking = await stage.joins(ANNA)
    stage.beforeAppend = diskFull
    void stage.engine.submit({ type: 'agent.logOn', by: 'agent', agentId: 'dora' })
    await stage.wait(0)
    const refused = stage.network.call(BEA, OUR_NUMBER)
    await stage.wait(1_000)
    expect(stage.commands.at(-1)).toEqual({ type: 'leg.hangUp', legId: refused?.legId, why: 'unwritten' })
    expect(stage.network.hears(talking.legId).legs).toHaveLength(1)
    stage.beforeAppend = () => undefined
    await stage.wait(1_000)
    expect(stage.facts('call.started')).toHaveLength(1)
    expect(stage.engine.agent('dora')?.state).toBe('ready')
  })
})

describe('a ring that waited for a full disk', () => {
  it('or took so long to write: the same', async () => {
    const stage = await running()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    stage.network.phone(ANNA).whenCalled({ answersAfterMs: 3_000 })
    await stage.ask({ type: 'callback.order', by: 'customer', queueId: 'support', number: ANNA })
    let slow = true
    stage.beforeAppend = async (_, batch) => {
      if (!slow || !batch.facts.some(({ fact }) => fact.type === 'leg.requested' && fact.party === 'customer')) return
      slow = false
      await new Promise<void>((resolve) => void stage.clock.wake(stage.clock.now() + 40_000, resolve))
    }
    await stage.logOn('carl')
    await stage.wait(120_000)
    expect(stage.facts('callback.attemptEnded').map(({ counted, outcome }) => [counted, outcome])).toEqual([
      [false, 'unknown'],
      [true, 'answered'],
    ])
    expect(stage.network.phone(ANNA).called).toBe(1)
  })

  it('longer than it would have rung: nobody is rung, and no attempt is used up', async () => {
    const stage = await running()
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    stage.network.phone(ANNA).whenCalled({ answersAfterMs: 3_000 })
    await stage.ask({ type: 'callback.order', by: 'customer', queueId: 'support', number: ANNA })
    stage.beforeAppend = (_, batch) => {
      if (batch.facts.some(({ fact }) => fact.type === 'leg.requested' && fact.party === 'customer')) diskFull()
    }
    await stage.logOn('carl')
    await stage.wait(60_000)
    expect(stage.engine.trouble()).toContain('journal')
    stage.beforeAppend = () => undefined
    await stage.wait(1_000)
    const [late] = stage.facts('leg.requested').filter(({ party }) => party === 'customer')
    expect(stage.rings().map(({ legId }) => legId)).not.toContain(late?.legId)
    expect(stage.facts('callback.attemptEnded')).toMatchObject([{ counted: false, next: 'front' }])
    await stage.wait(60_000)
    expect(stage.network.phone(ANNA).called).toBe(1)
  })
})

describe('a stop', () => {
  it('answers who asked just before it', async () => {
    const stage = await running()
    const asked = stage.engine.submit({
      type: 'doNotCall.add',
      by: 'supervisor',
      number: BEA,
      campaignId: null,
      source: 'page',
      until: null,
    })
    await stage.engine.stop()
    await expect(asked).resolves.toEqual({ ok: false, refused: 'engine.stopped' })
  })
})

describe('an append that is fenced off', () => {
  it('lets whoever waits for the engine to come to rest go on: a start ends, and so does a stop', async () => {
    const stage = await running()
    const slow = Promise.withResolvers<void>()
    stage.beforeAppend = () => slow.promise
    const asked = stage.engine.submit({ type: 'agent.logOn', by: 'agent', agentId: 'dora' })
    await stage.wait(0)
    const stopped = stage.engine.stop()
    stage.store.facts.push({ position: stage.store.facts.length + 1, at: stage.clock.now(), fact: { type: 'engine.started' } })
    slow.resolve()
    await expect(stopped).resolves.toBeUndefined()
    await expect(asked).resolves.toEqual({ ok: false, refused: 'engine.stopped' })
  })

  it('ends the engine: nothing more is written or rung, and those who asked are told', async () => {
    const stage = await running()
    await stage.logOn('carl')
    await stage.joins(ANNA, '')
    stage.store.facts.push({ position: stage.store.facts.length + 1, at: stage.clock.now(), fact: { type: 'engine.started' } })
    const written = stage.store.facts.length
    const answer = await stage.ask({ type: 'agent.logOn', by: 'agent', agentId: 'dora' })
    expect(answer).toEqual({ ok: false, refused: 'engine.stopped' })
    const before = stage.commands.length
    stage.network.phone(ANNA).press('1')
    await stage.wait(60_000)
    expect(stage.store.facts).toHaveLength(written)
    expect(stage.commands).toHaveLength(before)
    expect(await stage.engine.submit({ type: 'agent.logOff', by: 'agent', agentId: 'carl' })).toEqual({
      ok: false,
      refused: 'engine.stopped',
    })
    expect(stage.engine.trouble()).toContain('somebody else')
  })
})

describe('a bug', () => {
  /** A digit that leads to a queue no solution has: the file would have been refused. */
  const broken = kitOf(SETTINGS, (solution) => ({
    ...solution,
    menus: {
      main: {
        ...(solution.menus['main'] ?? { name: '', prompt: '', triesMax: 3, silenceMs: 5_000, otherwise: { hangUp: true } }),
        choices: { 1: { queue: 'support' }, 8: { queue: 'gone' } },
      },
    },
  }))

  it('sets that one call aside with an alarm, and no other', async () => {
    const stage = await running(new EngineStage(broken))
    await stage.logOn('carl')
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    const well = await stage.joins(ANNA)
    await stage.joins(BEA, '8')
    await stage.wait(1_000)
    expect(stage.facts('call.setAside')).toHaveLength(1)
    expect(stage.engine.alarms()).toMatchObject([{ alarm: 'callSetAside' }])
    expect(stage.network.phone(BEA).line).toBeNull()
    expect(stage.network.hears(well.legId).legs).toHaveLength(1)
    expect(stage.engine.figures().liveCalls).toBe(1)
    expect(stage.log.filter((line) => line.includes('bug'))).toHaveLength(1)
  })
})

describe('more calls than may be', () => {
  it('in a second: the excess is refused before any prompt, and another second lets calls in again', async () => {
    const stage = await running(new EngineStage(kitOf(SETTINGS, (solution) => ({ ...solution, callsPerSecondMax: 2 }))))
    const calls = [1, 2, 3, 4].map((last) => stage.network.call(`+4670123450${last}`, OUR_NUMBER))
    await stage.wait(0)
    expect(stage.facts('call.started')).toHaveLength(2)
    const refused = stage.commands.filter((command) => command.type === 'leg.hangUp')
    expect(refused.map(({ legId, why }) => [legId, why])).toEqual([
      [calls[2]?.legId, 'overload'],
      [calls[3]?.legId, 'overload'],
    ])
    expect(stage.commands.some((command) => command.type === 'prompt.play' && command.legs.includes(calls[2]?.legId ?? ''))).toBe(false)
    expect(stage.engine.figures().refusedCalls).toEqual({ overload: 2, unwritten: 0 })
    await stage.wait(1_000)
    stage.network.call(ANNA, OUR_NUMBER)
    await stage.wait(0)
    expect(stage.facts('call.started')).toHaveLength(3)
  })

  it('at once: no more than liveCallsMax, and calls in progress do not notice', async () => {
    const stage = await running(new EngineStage(kitOf(SETTINGS, (solution) => ({ ...solution, liveCallsMax: 1 }))))
    const first = stage.network.call(ANNA, OUR_NUMBER)
    await stage.wait(2_000)
    stage.network.call(BEA, OUR_NUMBER)
    await stage.wait(0)
    expect(stage.facts('call.started')).toHaveLength(1)
    first?.hangUp()
    await stage.wait(0)
    stage.network.call(BEA, OUR_NUMBER)
    await stage.wait(0)
    expect(stage.facts('call.started')).toHaveLength(2)
  })
})

describe('another solution', () => {
  const renamed = { ...SETTINGS, menus: { main: { prompt: 'other', choices: { '1': { queue: 'support' } } } } }

  it('is for new calls; a call in progress keeps its own to the end', async () => {
    const stage = await running()
    const old = stage.network.call(ANNA, OUR_NUMBER)
    await stage.wait(0)
    expect(await stage.engine.take(kitOf(renamed))).toEqual({ ok: true })
    stage.network.call(BEA, OUR_NUMBER)
    await stage.wait(0)
    const prompts = stage.commands.flatMap((command) => (command.type === 'prompt.play' ? [command.parts] : []))
    expect(prompts).toEqual([[{ prompt: 'welcome' }], [{ prompt: 'other' }]])
    old?.press('5')
    await stage.wait(0)
    expect(stage.commands.at(-1)).toMatchObject({ type: 'prompt.play', parts: [{ prompt: 'welcome' }] })
    const [first, second] = stage.facts('call.started').map(({ solution }) => solution)
    expect(first).not.toBe(second)
    expect([...stage.store.solutions.keys()].sort()).toEqual([first, second].sort())
  })

  it('keeps a call’s own over a restart: its text lies beside the journal', async () => {
    const stage = await running()
    const old = stage.network.call(ANNA, OUR_NUMBER)
    await stage.wait(0)
    await stage.engine.take(kitOf(renamed))
    stage.kit = kitOf(renamed)
    stage.kits.clear()
    await stage.kill()
    await stage.start()
    old?.press('5')
    await stage.wait(0)
    expect(stage.commands.at(-1)).toMatchObject({ type: 'prompt.play', parts: [{ prompt: 'welcome' }] })
  })

  it('is refused while somebody waits in a queue it does not have', async () => {
    const stage = await running()
    await stage.logOn('carl')
    await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason: stage.engine.solution().pauseReasons[0] ?? '' })
    await stage.joins(ANNA)
    const without = kitOf({
      ...SETTINGS,
      menus: { main: { prompt: 'other', choices: { '1': { queue: 'sales' } } } },
      queues: { sales: {} },
    })
    expect(await stage.engine.take(without)).toEqual({ ok: false, refused: 'solution.queueInUse', field: 'queues.support' })
    expect(stage.engine.solution().queues['support']).toBeDefined()
    stage.network.phone(ANNA).hangUp()
    await stage.wait(0)
    expect(await stage.engine.take(without)).toEqual({ ok: true })
  })

  it('is refused while somebody was promised a call for later than it keeps calls', async () => {
    const long = { ...SETTINGS, queues: { ...SETTINGS.queues, support: { callback: { digit: '2', webOrderHours: 720 } } } }
    const stage = await running(new EngineStage(kitOf(long)))
    await stage.ask({ type: 'callback.order', by: 'supervisor', queueId: 'support', number: ANNA })
    const keeping = (callsMonths: number, queue: object = {}) =>
      kitOf({ ...SETTINGS, retention: { callsMonths }, queues: { support: { ...SETTINGS.queues.support, ...queue }, sales: {} } })
    const refused = (field: string) => ({ ok: false, refused: 'solution.promised', field })
    expect(await stage.engine.take(keeping(1))).toEqual(refused('retention.callsMonths'))
    expect(await stage.engine.take(keeping(2, { retentionMonths: 1 }))).toEqual(refused('queues.support.retentionMonths'))
    expect(stage.engine.solution().retention.callsMonths).toBe(12)
    expect(await stage.engine.take(keeping(1, { retentionMonths: 2 }))).toEqual({ ok: true })
    await stage.wait(3 * 86_400_000)
    expect(await stage.engine.take(keeping(1))).toEqual({ ok: true })
  })
})

describe('a person let go whom nothing is under way with', () => {
  const letGo = async (stage: EngineStage, forgotten: string[]) => {
    const persons = [stage.store.byNumber.get(ANNA) ?? '']
    const forget = async () => void forgotten.push(...persons)
    return stage.engine.letGo({ number: ANNA, persons, forget, unlessOpen: true })
  }

  it('stays, and so does the callback, where one is open', async () => {
    const stage = await running()
    const ordered = await stage.ask({ type: 'callback.order', by: 'customer', queueId: 'support', number: ANNA })
    const forgotten: string[] = []
    expect(await letGo(stage, forgotten)).toEqual({ withdrawn: [], open: [ordered.ok ? ordered.callId : ''] })
    expect([forgotten, stage.facts('entry.left')]).toEqual([[], []])
  })

  it('is somebody else when the number calls again', async () => {
    const stage = await running()
    stage.network.call(ANNA, OUR_NUMBER)
    await stage.wait(0)
    stage.network.phone(ANNA).hangUp()
    await stage.wait(0)
    const before = stage.store.byNumber.get(ANNA) ?? ''
    expect(await letGo(stage, [])).toEqual({ withdrawn: [], open: [] })
    // As the journal forgets him.
    stage.store.persons.delete(before)
    stage.store.byNumber.delete(ANNA)
    stage.network.call(ANNA, OUR_NUMBER)
    await stage.wait(0)
    const after = stage.facts('call.started').map(({ customer }) => customer)
    expect([after[0], after[1] === before]).toEqual([before, false])
    expect(stage.store.persons.get(after[1] ?? '')?.number).toBe(ANNA)
  })
})
