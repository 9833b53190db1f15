/** What the switch was asked for while it was away is lost: when it is found again everybody hears what the facts say. calls.md 4 and 7 */
import { expect, it } from 'vitest'
import type { PeopleCommand } from '#core/commands.ts'
import { ANNA, EngineStage } from '../../tests/stage.support.ts'

const SECOND = 1_000
type Deed = 'talk.mute' | 'talk.unmute' | 'talk.hold' | 'talk.endConsult'

/** Carl talks with Anna, and nobody serves sales but Dora, who is paused. */
async function talk() {
  const stage = new EngineStage()
  await stage.start()
  for (const agent of ['carl', 'dora']) stage.network.agentPhone(agent).whenCalled({ answersAfterMs: SECOND })
  await stage.logOn('carl', 'dora')
  await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'dora', reason: 'lunch' })
  const line = (await stage.joins(ANNA)).legId
  await stage.wait(2 * SECOND)
  const own = stage.facts('leg.requested').at(-1)?.legId ?? ''
  const mine = { by: 'agent', agentId: 'carl', callId: stage.facts('call.started')[0]?.callId ?? '' } as const
  const says = (type: Deed) => stage.ask({ type, ...mine })
  const asks = (to: Extract<PeopleCommand, { type: 'talk.consult' }>['to']) => stage.ask({ type: 'talk.consult', ...mine, to })
  const away = async (deed: () => Promise<unknown>): Promise<void> => {
    stage.network.begin('loseEvents')
    await stage.wait(0)
    await deed()
    stage.network.end('loseEvents')
    await stage.wait(SECOND)
  }
  expect(stage.network.hears(line).legs).toEqual([own])
  return { stage, line, own, says, asks, away }
}

it('muted, and a mute taken back', async () => {
  const { stage, line, own, says, away } = await talk()
  await away(() => says('talk.mute'))
  expect(stage.network.hears(line).legs).toEqual([])
  await away(() => says('talk.unmute'))
  expect(stage.network.hears(line).legs).toEqual([own])
})

it('on hold', async () => {
  const { stage, line, own, says, away } = await talk()
  await away(() => says('talk.hold'))
  expect([stage.network.hears(line), stage.network.hears(own)]).toMatchObject([
    { legs: [], music: 'default' },
    { legs: [], music: null },
  ])
})

it('asking a queue: the agent hears its music, the customer his', async () => {
  const { stage, line, own, says, asks, away } = await talk()
  await away(() => asks({ queueId: 'sales' }))
  expect([stage.network.hears(line), stage.network.hears(own)]).toMatchObject([
    { legs: [], music: 'default' },
    { legs: [], music: 'default' },
  ])
  await away(() => says('talk.endConsult'))
  expect(stage.network.hears(line)).toMatchObject({ legs: [own], music: null })
})
