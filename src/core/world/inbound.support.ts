/** A small contact centre with two queues, for the stories of calls.md 1. */
import type { Fact } from '../facts.ts'
import type { Queue } from '../solution/solution.ts'
import { agentOf, queueOf, Stage, solutionOf } from './stage.support.ts'

export const centre = (support: Partial<Queue> = {}, sales: Partial<Queue> = {}): Stage =>
  new Stage(solutionOf([queueOf('support', support), queueOf('sales', sales)], [agentOf('anna'), agentOf('bo', { profile: ['support'] })]))

/** With anna logged on and paused: somebody serves the queues, nobody is rung. */
export function nobodyFree(support: Partial<Queue> = {}, sales: Partial<Queue> = {}): Stage {
  const stage = centre(support, sales)
  stage.logOn('anna')
  stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'anna', reason: 'lunch' })
  return stage
}

export const left = (stage: Stage): readonly string[] => stage.all('entry.left').map((fact) => `${fact.queueId} ${fact.reason}`)
export const figures = (stage: Stage, queueId = 'support') => stage.world.queues.get(queueId)?.today
export const types = (stage: Stage, mark: number): readonly Fact['type'][] => stage.facts.slice(mark).map(({ fact }) => fact.type)
