/** What a caller who waits is told, and when. calls.md 1 and 2. */
import type * as Call from '../call/call.ts'
import { calledUs } from '../call/call.ts'
import type { Fact } from '../facts.ts'
import type { Env } from '../inputs.ts'
import type * as Entry from '../queue/entry.ts'
import { expectedWaitMs, mayOrderCallback } from '../queue/matching.ts'
import type { Queue, Solution } from '../solution/solution.ts'
import { queueOf } from './legs.ts'
import { openCallbackIn } from './routing.ts'
import { placeInLine, type World } from './world.ts'

/** Where there was nothing to say, it is asked again so much later. */
const ASK_AGAIN_MS = 30_000

/** What a waiting caller is told next: that his callback is open, the offer when it is due, else his place. */
export function announce(world: World, call: Call.State, entry: Entry.State, env: Env): readonly Fact[] {
  const solution = env.solution(call.solution)
  const queue = queueOf(solution, entry)
  if (queue === undefined || entry.callback !== null || entry.kind !== 'line' || entry.status === 'ordering') return []
  const every = queue.announceEveryMs
  const offerAfterMs = queue.callback?.offerAfterMs ?? null
  const offerDue = offerAfterMs === null || entry.offerAnnounced ? null : entry.joinedAt + offerAfterMs
  const said = (what: 'place' | 'offer' | 'openCallback' | 'nothing', nextAt: number | null): readonly Fact[] => [
    { type: 'entry.announced', callId: call.id, entryId: entry.id, what, nextAt },
  ]
  const next = every === null ? (offerDue === null ? null : Math.max(offerDue, env.at + ASK_AGAIN_MS)) : env.at + every
  if (env.at === entry.joinedAt && openCallbackIn(world, call, queue) !== null) return said('openCallback', next)
  if (offerDue !== null && env.at >= offerDue && calledUs(call) && mayOffer(world, solution, queue, entry, env))
    return said('offer', every === null ? null : env.at + every)
  if (every !== null) return said('place', next)
  return offerDue === null ? [] : said('nothing', env.at < offerDue ? offerDue : next)
}

/** The offer is made while a callback may be ordered and the expected wait is over the queue's limit; unknown counts as over. */
function mayOffer(world: World, solution: Solution, queue: Queue, entry: Entry.State, env: Env): boolean {
  const ahead = placeInLine(world, entry) - 1
  if (queue.callback === null || !mayOrderCallback(world, solution, queue, ahead, env.at)) return false
  const waitMs = expectedWaitMs(world, solution, queue, ahead, env.at)
  return waitMs === null || waitMs > queue.callback.offerWhenWaitOverMs
}
