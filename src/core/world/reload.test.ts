/** A call goes on under the solution it began with, while another has been taken: who serves its queues is as it is now. interfaces.md 5 */
import { expect, it } from 'vitest'
import type { Solution } from '../solution/solution.ts'
import { left } from './inbound.support.ts'
import { agentOf, queueOf, Stage, solutionOf } from './stage.support.ts'

const [support, sales] = [queueOf('support'), queueOf('sales')]
const take = (stage: Stage, solution: Solution): void => {
  stage.solutions.set(solution.version, solution)
  stage.do({ type: 'solution.take', version: solution.version })
}

it('chosen in a menu heard before: a queue that is not there any more is left, for nobody would ever be offered to it', () => {
  const stage = new Stage(solutionOf([support, sales], [agentOf('anna')]))
  stage.logOn('anna')
  const caller = stage.arrive()
  take(stage, solutionOf([support], [agentOf('anna')], { version: 'v2' }))
  stage.press(caller, '2')
  expect(left(stage)).toEqual(['sales noAgents'])
  expect(stage.call(caller)?.menu?.menuId).toBe('noAgents')
})

it('and one that only newcomers serve is waited in', () => {
  const stage = new Stage(solutionOf([support], [agentOf('anna')]))
  const caller = stage.arrive()
  take(stage, solutionOf([support], [agentOf('bo')], { version: 'v2' }))
  stage.logOn('bo')
  stage.press(caller, '1')
  expect(left(stage)).toEqual([])
  expect(stage.status('bo')).toBe('connecting')
})

const VERSIONS = { version: 'v2' } as const

it('callers of a queue that nobody serves any more leave it 60 s after the reload, and not where somebody does again', () => {
  const stage = new Stage(solutionOf([support], [agentOf('anna')]))
  stage.logOn('anna')
  stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'anna', reason: 'lunch' })
  const caller = stage.joins('1')
  take(stage, solutionOf([support], [agentOf('anna', { profile: [] })], VERSIONS))
  stage.wait(30_000)
  take(stage, solutionOf([support], [agentOf('anna')], { version: 'v3' }))
  stage.wait(60_000)
  expect(left(stage)).toEqual([])
  take(stage, solutionOf([support], [agentOf('anna', { profile: [] })], { version: 'v4' }))
  stage.wait(59_999)
  expect(left(stage)).toEqual([])
  stage.wait(1)
  expect(left(stage)).toEqual(['support noAgents'])
  expect(stage.call(caller)?.menu?.menuId).toBe('noAgents')
})

it('a reload says nothing of queues that nobody waits in', () => {
  const stage = new Stage(solutionOf([support, sales], [agentOf('anna')]))
  stage.logOn('anna')
  stage.ends(stage.joins('1'))
  take(stage, solutionOf([support, sales], [agentOf('bo')], VERSIONS))
  expect(stage.all('queue.deserted')).toEqual([])
})

it('an agent taken out of the solution is logged off, and comes back as somebody who must log on', () => {
  const stage = new Stage(solutionOf([support], [agentOf('anna'), agentOf('bo')]))
  stage.logOn('anna', 'bo')
  take(stage, solutionOf([support], [agentOf('bo')], VERSIONS))
  expect(stage.all('agent.loggedOff')).toEqual([{ type: 'agent.loggedOff', agentId: 'anna', by: 'system' }])
  take(stage, solutionOf([support], [agentOf('anna'), agentOf('bo')], { version: 'v3' }))
  expect([stage.status('anna'), stage.status('bo')]).toEqual(['loggedOff', 'ready'])
})

it('one taken out in a conversation talks it out first', () => {
  const stage = new Stage(solutionOf([support], [agentOf('anna')]))
  stage.logOn('anna')
  stage.joins('1')
  stage.answers(stage.phoneOf('anna'))
  take(stage, solutionOf([support], [agentOf('bo')], VERSIONS))
  expect(stage.status('anna')).toBe('connected')
  stage.ends(stage.phoneOf('anna'))
  expect(stage.status('anna')).toBe('loggedOff')
})
