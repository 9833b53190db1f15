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
