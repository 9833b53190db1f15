/** Started with another solution than was in force: refused as it would be while the engine runs. calls.md 7. */
import { expect, it } from 'vitest'
import type { SolutionKit } from '#ports/engine.ts'
import { ANNA, EngineStage, kitOf, SETTINGS } from '../../tests/stage.support.ts'

const { queues } = SETTINGS
const withQueue = (support: object, rest: object = {}): SolutionKit => kitOf({ ...SETTINGS, ...rest, queues: { ...queues, support } })
const promising = { callback: { digit: '2', webOrderHours: 720 } }

/** Anna is promised a call within thirty days, and the engine is killed. */
async function promised(kit: SolutionKit): Promise<EngineStage> {
  const stage = new EngineStage(kit)
  await stage.start()
  await stage.ask({ type: 'callback.order', by: 'supervisor', queueId: 'support', number: ANNA })
  await stage.kill()
  return stage
}

async function startedWith(stage: EngineStage, kit: SolutionKit): Promise<EngineStage> {
  stage.kit = kit
  await stage.start()
  return stage
}

const withoutQueue = kitOf({
  ...SETTINGS,
  menus: { main: { prompt: 'other', choices: { '1': { queue: 'sales' } } } },
  queues: { sales: {} },
})

it.each<[string, SolutionKit, string, string]>([
  ['calls are kept shorter', withQueue(queues.support, { retention: { callsMonths: 1 } }), 'solution.promised', 'retention.callsMonths'],
  ['of its queue alone', withQueue({ ...queues.support, retentionMonths: 1 }), 'solution.promised', 'queues.support.retentionMonths'],
  ['without the queue', withoutQueue, 'solution.queueInUse', 'queues.support'],
])('%s than somebody was promised: nothing is begun, and what was in force goes on', async (_, kit, refused, field) => {
  const stage = await promised(withQueue(promising))
  const before = stage.facts('solution.taken')
  await expect(startedWith(stage, kit)).rejects.toMatchObject({ name: 'MayNotBegin', answer: { ok: false, refused, field } })
  expect(stage.facts('solution.taken')).toEqual(before)
  await startedWith(stage, withQueue(promising))
  expect(stage.facts('entry.left')).toEqual([])
})

it('may begin as soon as the promise is over before calls leave', async () => {
  const stage = await promised(withQueue(promising))
  await stage.wait(3 * 86_400_000)
  const short = withQueue(queues.support, { retention: { callsMonths: 1 } })
  await startedWith(stage, short)
  expect(stage.facts('solution.taken').at(-1)).toMatchObject({ version: short.solution.version })
})

it('what was in force begins whatever was promised under it', async () => {
  const kept = (callsMonths: number): SolutionKit =>
    kitOf({ ...SETTINGS, queues: { ...queues, support: promising } }, (solution) => ({
      ...solution,
      retention: { ...solution.retention, callsMonths },
    }))
  const stage = await promised(kept(12))
  await startedWith(stage, kept(0))
  expect(stage.engine.solution().retention.callsMonths).toBe(0)
})
