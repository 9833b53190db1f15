/** A number keyed in: collected outside the facts, and in them only as whoever has it. calls.md 2 and 7. */
import { describe, expect, it } from 'vitest'
import { ANNA, BEA, EngineStage } from '../../tests/stage.support.ts'

const BEA_KEYED = '0701234568'

/** A caller who waits and has pressed 2 for a callback, and 2 for another number. */
async function keying(): Promise<{ stage: EngineStage; press: (digits: string) => Promise<void> }> {
  const stage = new EngineStage()
  await stage.start()
  await stage.logOn('carl')
  await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason: stage.engine.solution().pauseReasons[0] ?? '' })
  const call = await stage.joins(ANNA)
  const press = async (digits: string): Promise<void> => {
    call.press(digits)
    await stage.wait(0)
  }
  await press('2')
  await press('2')
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
