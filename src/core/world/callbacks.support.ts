/** A small contact centre with callbacks, for the stories of calls.md 2. */
import type { CallbackSettings, Queue } from '../solution/solution.ts'
import { agentOf, callbackSettings, NINE, queueOf, Stage, solutionOf } from './stage.support.ts'

export const HOUR = 3_600_000

/** Two queues with callbacks; anna serves both, bo only the first. Anna is logged on and paused. */
export function centre(settings: Partial<CallbackSettings> = {}, queue: Partial<Queue> = {}, at = NINE): Stage {
  const callback = callbackSettings({ attemptsMax: 3, ...settings })
  const queues = [queueOf('support', { callback, ...queue }), queueOf('sales', { callback })]
  const stage = new Stage(solutionOf(queues, [agentOf('anna'), agentOf('bo', { profile: ['support'] })]), at)
  stage.logOn('anna')
  pause(stage)
  return stage
}
export const pause = (stage: Stage, agentId = 'anna') => stage.ask({ type: 'agent.pause', by: 'agent', agentId, reason: 'lunch' })
export const back = (stage: Stage, agentId = 'anna') => stage.ask({ type: 'agent.return', by: 'agent', agentId })

/** Orders from the line, as A1: 2, this number, confirmed; then hangs up. */
export function ordersOnLine(stage: Stage, person = 'p1', digit = '1'): void {
  const caller = stage.joins(digit, person)
  stage.press(caller, '21')
  stage.wait(500)
  stage.press(caller, '1')
  stage.ends(caller)
}
export const entryOf = (stage: Stage, queueId = 'support', which = 0): string =>
  [...(stage.world.queues.get(queueId)?.entries ?? [])][which] ?? 'none'
export const callbackOf = (stage: Stage, queueId = 'support') => {
  const call = stage.world.calls.get(stage.world.callOfEntry.get(entryOf(stage, queueId)) ?? '')
  return call?.entry?.callback
}
export const left = (stage: Stage): readonly string[] => stage.all('entry.left').map(({ reason, why }) => why ?? reason)
export const attempts = (stage: Stage) =>
  stage.all('callback.attemptEnded').map(({ attempt, outcome, counted, next }) => [attempt, outcome, counted, next])
