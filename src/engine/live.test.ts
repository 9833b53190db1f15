/** What the desk is told of the matter an agent is in, while a customer is handed on: who, why the phone rings, and for how long he has waited. */
import { describe, expect, it } from 'vitest'
import { T0 } from '#core/archive/cases/script.ts'
import { centre, ordersOnLine } from '#core/world/callbacks.support.ts'
import { Campaigning, contactOf } from '#core/world/campaign.support.ts'
import type { Stage } from '#core/world/stage.support.ts'
import { agent2, outside, sales, Talk } from '#core/world/talk.support.ts'
import type { LiveMatter } from '#ports/engine.ts'
import { liveAgent } from './live.ts'

const matter = (stage: Stage, agentId: string): LiveMatter | null => {
  const solution = stage.solutions.get(stage.world.solution)
  return solution === undefined ? null : liveAgent(stage.world, solution, agentId).matter
}

describe('a call that was waited for 40 s', () => {
  it('given to a colleague: from whom it comes while the phone rings, and no wait, for none was', () => {
    const stage = new Talk().until(60)
    expect(matter(stage, 'agent1')).toMatchObject({ waitedMs: 40_000, since: T0 })
    stage.transfer(agent2)
    const rung = { phase: 'ringing', since: T0 + 60_000, waitedMs: null, comesFrom: { agent: 'agent1', how: 'transferred' } }
    expect(matter(stage, 'agent2')).toMatchObject(rung)
    stage.until(66).answers(stage.phoneOf('agent2'))
    expect(matter(stage, 'agent2')).toMatchObject({ phase: 'talking', since: T0 + 66_000, waitedMs: null })
    expect(matter(stage, 'agent2')).not.toHaveProperty('comesFrom')
  })

  it('F5: back after a transfer nobody took, since the phone rings for it', () => {
    const stage = new Talk().until(60)
    stage.transfer(outside)
    stage.until(90)
    const back = { phase: 'ringing', since: T0 + 90_000, waitedMs: null, comesFrom: { agent: 'agent1', how: 'transferFailed' } }
    expect(matter(stage, 'agent1')).toMatchObject(back)
  })

  it('F12: back after a lost phone', () => {
    const stage = new Talk().until(60)
    stage.ends(stage.phoneOf('agent1'), 'failed', 'network')
    expect(matter(stage, 'agent1')).toMatchObject({ phase: 'ringing', comesFrom: { agent: 'agent1', how: 'phoneLost' } })
  })

  it('F6: given to a queue: the wait is that in this queue', () => {
    const stage = new Talk()
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'agent2', reason: 'lunch' })
    stage.until(60).transfer(sales)
    stage.until(95).ask({ type: 'agent.return', by: 'agent', agentId: 'agent2' })
    expect(matter(stage, 'agent2')).toMatchObject({ phase: 'ringing', waitedMs: 35_000 })
    stage.until(100).answers(stage.phoneOf('agent2'))
    expect(matter(stage, 'agent2')).toMatchObject({ phase: 'talking', waitedMs: 40_000 })
    expect(matter(stage, 'agent2')).not.toHaveProperty('comesFrom')
  })

  it('F1: who is asked has been waited for by nobody; who asks has the wait he had', () => {
    const stage = new Talk().until(55)
    stage.consult(agent2)
    stage.until(60).answers(stage.phoneOf('agent2'))
    expect(matter(stage, 'agent2')).toMatchObject({ colleague: 'agent1', waitedMs: null })
    expect(matter(stage, 'agent1')).toMatchObject({ waitedMs: 40_000 })
  })
})

it('in the wrap-up of a call that goes on without the agent it is what it was', () => {
  const stage = centre({}, { wrapUpMs: 60_000 })
  ordersOnLine(stage)
  stage.wait(20_000)
  stage.ask({ type: 'agent.return', by: 'agent', agentId: 'anna' })
  stage.answers(stage.phoneOf('anna'))
  stage.answers(stage.rungAt('p1'))
  const { callId = '' } = stage.world.agents.get('anna')?.matter ?? {}
  const talking = matter(stage, 'anna')
  stage.do({ type: 'talk.mute', by: 'agent', agentId: 'anna', callId })
  stage.do({ type: 'talk.transfer', by: 'agent', agentId: 'anna', callId, to: outside })
  const same = { callId, phase: 'wrapUp', kind: 'callback', attempt: 1, waitedMs: talking?.waitedMs, muted: false, consult: null }
  expect(matter(stage, 'anna')).toMatchObject(same)
})

it('an own call rung back after a transfer nobody took is no request any more that Cancel could withdraw', () => {
  const stage = new Talk()
  stage.do({ type: 'call.dial', by: 'agent', agentId: 'agent2', to: { person: 'p-new', barred: null }, origin: 'desk' })
  expect(matter(stage, 'agent2')).toMatchObject({ kind: 'outbound', canCancel: true })
  stage.answers(stage.phoneOf('agent2'))
  stage.answers(stage.rungAt('p-new'))
  const callId = stage.world.agents.get('agent2')?.matter?.callId ?? ''
  stage.do({ type: 'talk.transfer', by: 'agent', agentId: 'agent2', callId, to: { agentId: 'agent3' } })
  stage.wait(30_000)
  expect(matter(stage, 'agent2')).toMatchObject({ phase: 'ringing', canCancel: false, comesFrom: { how: 'transferFailed' } })
})

it('a contact who was talked with may have been a machine, until the agent says so; also in the wrap-up', () => {
  const stage = new Campaigning({ wrapUpMs: 60_000 })
  stage.logOn('anna')
  stage.deals(contactOf('7'))
  const may = () => matter(stage, 'anna')?.canMarkVoicemail
  stage.answers(stage.contact('7'))
  expect(may()).toBe(false)
  stage.answers(stage.phoneOf('anna'))
  expect(may()).toBe(true)
  const callId = stage.callOf('7')
  stage.ends(stage.contact('7'))
  expect(matter(stage, 'anna')).toMatchObject({ phase: 'wrapUp', canMarkVoicemail: true })
  stage.ask({ type: 'contact.markUnanswered', by: 'agent', agentId: 'anna', callId })
  expect(may()).toBe(false)
})
