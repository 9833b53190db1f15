/**
 * Where a caller goes: menus, opening hours, messages, and into a queue or past it.
 */
import type * as Call from '../call/call.ts'
import { customerLeg } from '../call/call.ts'
import type { Fact } from '../facts.ts'
import type { Env } from '../inputs.ts'
import { Bug, type EntryId, type Ms } from '../kernel/kernel.ts'
import type * as Menu from '../menu/menu.ts'
import { callersWaiting, isOpen, isStaffed } from '../queue/matching.ts'
import type { Queue, Solution, Target } from '../solution/solution.ts'
import { entryById, type World } from './world.ts'

const STEPS_MAX = 16
/** A read-back confirmed sooner than this was typed ahead: nobody can have heard it. */
const CONFIRM_DEAF_MS = 500

/** Facts that lead a caller to a target; the last target of a chain of hours, refused queues and silent messages is where he stays. */
export function route(world: World, call: Call.State, target: Target, env: Env, steps = 0): readonly Fact[] {
  if (steps > STEPS_MAX) throw new Bug(`targets lead in a circle in call ${call.id}`)
  const solution = env.solution(call.solution)
  const callId = call.id
  if ('menu' in target) return [{ type: 'menu.entered', callId, menuId: target.menu, what: 'menu' }]
  if ('hours' in target) {
    const open = world.hours.get(target.hours)?.open ?? false
    return [
      { type: 'hours.asked', callId, hoursId: target.hours, open },
      ...route(world, call, open ? target.open : target.closed, env, steps + 1),
    ]
  }
  if ('message' in target) {
    if (!solution.notPlayed.includes(target.message))
      return [{ type: 'menu.entered', callId, menuId: target.message, what: 'message', then: target.then }]
    return target.then === null ? hangUp(call) : route(world, call, target.then, env, steps + 1)
  }
  if ('queue' in target) {
    const queue = solution.queues[target.queue]
    if (queue === undefined) throw new Bug(`no queue ${target.queue}`)
    return join(world, call, queue, env, steps)
  }
  return hangUp(call)
}

export function hangUp(call: Call.State): readonly Fact[] {
  const leg = customerLeg(call)
  return leg === undefined
    ? []
    : [
        {
          type: 'leg.ended',
          callId: call.id,
          legId: leg.id,
          outcome: leg.status === 'answered' ? 'answered' : 'failed',
          by: 'us',
          cause: 16,
        },
      ]
}

/** Joins a queue, or is turned away by it: then the queue is named all the same, and left in the same instant. */
function join(world: World, call: Call.State, queue: Queue, env: Env, steps: number): readonly Fact[] {
  const entryId = env.id('e')
  const open = openCallbackIn(world, call, queue)
  const joined: Fact = {
    type: 'entry.joined',
    callId: call.id,
    entryId,
    queueId: queue.id,
    kind: 'line',
    place: open !== null && open.front !== null ? 'front' : 'end',
    since: open === null ? env.at : open.since,
    leavesAt: queue.waitMsMax === null ? null : env.at + queue.waitMsMax,
    slaMs: queue.slaMs,
    announceAt:
      open !== null || queue.announceEveryMs !== null
        ? env.at
        : queue.callback?.offerAfterMs == null
          ? null
          : env.at + queue.callback.offerAfterMs,
  }
  const exit = turnedAway(world, queue, env.solution(world.solution))
  if (exit === null) return [joined]
  return [
    joined,
    { type: 'entry.left', callId: call.id, entryId, queueId: queue.id, reason: exit },
    ...route(world, call, queue.exits[exit], env, steps + 1),
  ]
}

/** Who serves it is judged by the solution in force, as in the matching: a call of an older one may lead to a queue nobody has any more. */
function turnedAway(world: World, queue: Queue, inForce: Solution): 'closed' | 'full' | 'noAgents' | null {
  if (!isOpen(world, queue)) return 'closed'
  if (callersWaiting(world, queue.id) >= queue.waitingMax) return 'full'
  return isStaffed(world, inForce, queue) ? null : 'noAgents'
}

/** The caller's own open callback in this queue: he takes its place and waiting time. Whoever calls from a switchboard may be somebody else. */
export function openCallbackIn(world: World, call: Call.State, queue: Queue) {
  for (const id of openCallbacks(world, call)) {
    const entry = entryById(world, id)
    if (entry?.queueId === queue.id && entry.callback?.status !== 'talking') return entry
  }
  return null
}

export const openCallbacks = (world: World, call: Call.State): readonly EntryId[] =>
  call.customer === null || call.switchboard
    ? []
    : (world.callbacksOf.get(call.customer) ?? []).filter((id) => world.callOfEntry.get(id) !== call.id)

/** How a stay is judged: its digits, its patience. */
export function shapeOf(call: Call.State, menu: Menu.State, solution: Solution): Menu.Shape {
  const standard = { triesMax: 3, silenceMs: 5_000 as Ms | null, deafMs: 0 }
  switch (menu.menuId) {
    case 'callback.choose':
      return {
        ...standard,
        choices: ['1', '*'],
        keyingChoice: '2',
        ...(call.switchboard && call.customer !== null ? { extensionChoice: { digit: '1', personId: call.customer } } : {}),
      }
    case 'callback.readBack':
      return { ...standard, choices: ['1', '*'], deafMs: CONFIRM_DEAF_MS }
    case 'callback.enter':
    case 'callback.extension':
      return { ...standard, choices: [], silenceMs: null }
  }
  const defined = solution.menus[menu.menuId]
  if (menu.what === 'message') return { ...standard, choices: [] }
  if (defined === undefined) throw new Bug(`no menu ${menu.menuId} in call ${call.id}`)
  return { choices: Object.keys(defined.choices), triesMax: defined.triesMax, silenceMs: defined.silenceMs, deafMs: 0 }
}
