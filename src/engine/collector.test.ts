/** A number keyed in: collected outside the facts, and in them only as whoever has it. calls.md 2 and 7. */
import { describe, expect, it } from 'vitest'
import { ANNA, BEA, EngineStage, kitOf, SETTINGS } from '../../tests/stage.support.ts'

const BEA_KEYED = '0701234568'

/** A caller who waits and has pressed 2 for a callback, and then this. */
async function keying(
  second = '2',
  settings: object = SETTINGS,
): Promise<{ stage: EngineStage; press: (digits: string) => Promise<void> }> {
  const stage = new EngineStage(kitOf(settings))
  await stage.start()
  await stage.logOn('carl')
  await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason: stage.engine.solution().pauseReasons[0] ?? '' })
  const call = await stage.joins(ANNA)
  const press = async (digits: string): Promise<void> => {
    call.press(digits)
    await stage.wait(0)
  }
  await press('2')
  await press(second)
  return { stage, press }
}
const readBack = (stage: EngineStage) => stage.facts('menu.entered').filter(({ menuId }) => menuId === 'callback.readBack')
const spoken = (stage: EngineStage) =>
  stage.commands.flatMap((command) =>
    command.type === 'prompt.play' ? command.parts.flatMap((part) => ('digits' in part ? [part.digits] : [])) : [],
  )

describe('a number keyed in', () => {
  it('# ends it: read back, confirmed, and that number is rung; it stands in no fact', async () => {
    const { stage, press } = await keying()
    await press(`${BEA_KEYED}#`)
    expect(spoken(stage)).toEqual([BEA])
    await stage.wait(1_000)
    await press('1')
    const [ordered] = stage.facts('callback.ordered')
    expect(stage.store.persons.get(ordered?.personId ?? '')?.number).toBe(BEA)
    const written = JSON.stringify(stage.store.facts)
    for (const number of [BEA, BEA_KEYED, BEA.slice(1), ANNA, ANNA.slice(1)]) expect(written).not.toContain(number)
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
    stage.network.phone(ANNA).hangUp()
    await stage.ask({ type: 'agent.return', by: 'agent', agentId: 'carl' })
    await stage.wait(1_000)
    expect(stage.rings().map(({ to }) => to)).toEqual([{ agent: 'carl' }, { number: BEA }])
  })

  it('5 s of silence ends it', async () => {
    const { stage, press } = await keying()
    await press(BEA_KEYED)
    await stage.wait(4_999)
    expect(readBack(stage)).toEqual([])
    await stage.wait(1)
    expect(readBack(stage)).toHaveLength(1)
    expect(spoken(stage)).toEqual([BEA])
  })

  it('that cannot be looked up just now is asked for again; it is told, and the next time it is looked up anew', async () => {
    const { stage, press } = await keying()
    stage.beforeFind = () => {
      throw new Error('the disk is away')
    }
    await press(`${BEA_KEYED}#`)
    expect(stage.facts('menu.repeated')).toMatchObject([{ why: 'wrong', tries: 1 }])
    expect(stage.log).toEqual([expect.stringContaining('the disk is away')])
    expect(stage.log[0]).not.toContain(BEA_KEYED.slice(1))
    stage.beforeFind = () => undefined
    await press(`${BEA_KEYED}#`)
    expect(spoken(stage)).toEqual([BEA])
  })

  it('* starts over', async () => {
    const { stage, press } = await keying()
    await press(`0899*${BEA_KEYED}#`)
    expect(spoken(stage)).toEqual([BEA])
  })

  it('each digit gives another 5 s', async () => {
    const { stage, press } = await keying()
    for (const digit of BEA_KEYED) {
      await press(digit)
      await stage.wait(4_000)
    }
    expect(readBack(stage)).toEqual([])
    await stage.wait(1_000)
    expect(spoken(stage)).toEqual([BEA])
  })

  it('one that may not be called is not read back: emergency, premium, nonsense; the third time it is back to the queue', async () => {
    const { stage, press } = await keying()
    await press('112#')
    await press('0900123456#')
    expect(stage.facts('menu.repeated').map(({ why, tries }) => [why, tries])).toEqual([
      ['wrong', 1],
      ['wrong', 2],
    ])
    await press('1#')
    expect(readBack(stage)).toEqual([])
    expect(stage.facts('callback.orderLeft')).toHaveLength(1)
    expect(stage.engine.queue('support')?.entries).toMatchObject([{ status: 'waiting', place: 1 }])
  })

  it('nothing keyed: silence after the prompt, three times', async () => {
    const { stage } = await keying()
    await stage.wait(3 * (2_000 + 5_000))
    expect(stage.facts('callback.orderLeft')).toHaveLength(1)
  })

  it('hung up meanwhile: no callback, abandoned', async () => {
    const { stage, press } = await keying()
    await press('0701')
    stage.network.phone(ANNA).hangUp()
    await stage.wait(60_000)
    expect(stage.facts('entry.left')).toMatchObject([{ reason: 'hungUp' }])
    expect(stage.facts('callback.ordered')).toEqual([])
    expect(stage.log).toEqual([])
  })

  it('a crash meanwhile: what was keyed is gone, and the caller is asked again', async () => {
    const { stage, press } = await keying()
    await press('0701234')
    await stage.kill()
    const before = stage.commands.length
    await stage.start()
    await stage.wait(0)
    expect(stage.commands.slice(before)).toMatchObject([{ type: 'prompt.play', parts: [{ prompt: 'callback.enter' }] }])
    await press(`${BEA_KEYED}#`)
    expect(spoken(stage)).toEqual([BEA])
  })
})

describe('an extension keyed in behind a switchboard', () => {
  const behind = () => keying('1', { ...SETTINGS, switchboards: [ANNA] })

  it('# ends it: read back after the number, kept as a note of the order; it stands in no fact', async () => {
    const { stage, press } = await behind()
    await press('70431#')
    expect(spoken(stage)).toEqual([ANNA, '70431'])
    await stage.wait(1_000)
    await press('1')
    const [ordered] = stage.facts('callback.ordered')
    expect(ordered).toMatchObject({ switchboard: true })
    expect([...stage.store.notes]).toEqual([[ordered?.noteId, '70431']])
    expect(JSON.stringify(stage.store.facts)).not.toContain('70431')
    expect(stage.engine.queue('support')?.entries).toMatchObject([{ kind: 'callback', askFor: ordered?.noteId }])
  })

  it('whoever rings it is told whom to ask for, before and while talking', async () => {
    const { stage, press } = await behind()
    await press('70431#')
    await stage.wait(1_000)
    await press('1')
    stage.network.phone(ANNA).hangUp()
    stage.network.phone(ANNA).whenCalled({ answersAfterMs: 1_000 })
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 1_000 })
    await stage.ask({ type: 'agent.return', by: 'agent', agentId: 'carl' })
    const askFor = stage.facts('callback.ordered')[0]?.noteId
    expect(stage.engine.agent('carl')?.matter).toMatchObject({ phase: 'ringing', askFor })
    await stage.wait(5_000)
    expect(stage.engine.agent('carl')?.matter).toMatchObject({ phase: 'talking', askFor })
  })

  it('5 s of silence ends it too; * starts over', async () => {
    const { stage, press } = await behind()
    await press('9*70431')
    await stage.wait(5_000)
    expect(spoken(stage)).toEqual([ANNA, '70431'])
  })

  it('# alone: there is none, and the number alone is read back', async () => {
    const { stage, press } = await behind()
    await press('#')
    expect(spoken(stage)).toEqual([ANNA])
    expect(stage.store.notes.size).toBe(0)
  })

  it('silence, or more than ten digits, is no answer: asked again, the third time back to the queue', async () => {
    const { stage, press } = await behind()
    await press('12345678901#')
    await stage.wait(2_000 + 5_000)
    expect(stage.facts('menu.repeated')).toHaveLength(2)
    await stage.wait(2_000 + 5_000)
    expect(stage.facts('callback.orderLeft')).toHaveLength(1)
    expect(stage.store.notes.size).toBe(0)
  })

  it('the engine starts again during the read-back: number and extension are read once more', async () => {
    const { stage, press } = await behind()
    await press('70431#')
    await stage.kill()
    await stage.start()
    await stage.wait(0)
    expect(spoken(stage)).toEqual([ANNA, '70431', ANNA, '70431'])
  })

  it('ordered by API: the name says whom to ask for and is not the number’s; nothing is kept of an order refused', async () => {
    const stage = new EngineStage(kitOf({ ...SETTINGS, switchboards: [ANNA] }))
    await stage.start()
    const order = { type: 'callback.order', by: 'customer', queueId: 'support', number: ANNA } as const
    expect(await stage.ask({ ...order, name: 'Eva', queueId: 'sales' })).toMatchObject({ refused: 'callback.notOffered' })
    expect(await stage.ask(order)).toEqual({ ok: false, refused: 'callback.askFor', field: 'name' })
    expect(stage.store.notes.size).toBe(0)
    await stage.ask({ ...order, name: 'Eva', extension: '33' })
    expect([...stage.store.notes.values()]).toEqual(['Eva, 33'])
    expect(stage.store.persons.get(stage.facts('callback.ordered')[0]?.personId ?? '')?.name ?? null).toBeNull()
  })
})
