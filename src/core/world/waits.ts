/**
 * By which clock each stored timer is waited for. Whoever waits does so by the monotonic clock: a step of the wall clock neither ends nor
 * prolongs a ring, a wrap-up or a pause. An appointment is kept when the wall says so. calls.md 7
 */
import * as Call from '../call/call.ts'
import type { TimerInput } from '../inputs.ts'
import type { Ms } from '../kernel/kernel.ts'
import { entryById, setTimer, type World } from './world.ts'

type By = 'waiting' | 'wall'

const CLOCKS: Readonly<Record<TimerInput['type'], By | ((world: World, timer: TimerInput) => By)>> = {
  'ring.timeOut': 'waiting',
  'leg.timeOut': 'waiting',
  'menu.silence': 'waiting',
  'entry.announce': 'waiting',
  'entry.timeOut': 'waiting',
  // A pause between attempts is waited for; "not before three o'clock" is an appointment.
  'callback.due': (world, timer) =>
    'entryId' in timer && entryById(world, timer.entryId)?.callback?.status === 'notYet' ? 'wall' : 'waiting',
  // At closing time, or three days after it was ordered.
  'callback.expire': 'wall',
  'wrapUp.timeOut': 'waiting',
  'rest.timeOut': 'waiting',
  'phone.timeOut': 'waiting',
  'queue.timeOut': 'waiting',
  'contact.silence': 'waiting',
  'contact.hoursEnd': 'wall',
  'contact.release': 'wall',
  'card.timeOut': 'waiting',
  'card.callItself': 'waiting',
  'wish.timeOut': 'waiting',
  'campaign.due': 'wall',
  'hours.timeOut': 'wall',
  'day.timeOut': 'wall',
}

export function clockOf(world: World, timer: TimerInput): By {
  const clock = CLOCKS[timer.type]
  return typeof clock === 'string' ? clock : clock(world, timer)
}

/**
 * The wall clock was set forwards, and time in facts with it: whoever waits does so until so much later. Since when they wait is moved
 * alike, so that they have not waited longer than they did. Facts are left as they are.
 */
export function moveWaits(world: World, byMs: Ms): void {
  const later = <T extends Ms | null>(at: T): T => (at === null ? at : ((at + byMs) as T))
  const waiting = [...world.timers].filter(([, { input }]) => clockOf(world, input) === 'waiting')
  for (const agent of world.agents.values()) {
    const wish = agent.wish === null ? null : { ...agent.wish, effectAt: later(agent.wish.effectAt) }
    world.agents.set(agent.id, {
      ...agent,
      since: later(agent.since),
      until: later(agent.until),
      beforeUntil: later(agent.beforeUntil),
      wish,
    })
  }
  for (const queue of world.queues.values()) queue.callersLeaveAt = later(queue.callersLeaveAt)
  for (const call of world.calls.values()) moveCall(call, later)
  for (const [key, { at, input }] of waiting) setTimer(world, key, later(at), input)
}

function moveCall(call: Call.State, later: <T extends Ms | null>(at: T) => T): void {
  for (const leg of Call.legsUp(call))
    call.legs.set(leg.id, {
      ...leg,
      requestedAt: later(leg.requestedAt),
      ringingAt: later(leg.ringingAt),
      answeredAt: later(leg.answeredAt),
      ringUntil: later(leg.ringUntil),
      endsAt: later(leg.endsAt),
    })
  const { contact, entry, talk, firstQueue } = call
  call.waitsFrom = later(call.waitsFrom)
  if (talk !== null) call.talk = { ...talk, since: later(talk.since) }
  if (firstQueue !== null) call.firstQueue = { ...firstQueue, at: later(firstQueue.at) }
  if (contact !== null) {
    const card = contact.card === null ? null : { ...contact.card, until: later(contact.card.until) }
    call.contact = { ...contact, silentAt: later(contact.silentAt), card }
  }
  if (entry === null) return
  const pauses = entry.callback !== null && entry.callback.status !== 'notYet'
  call.entry = {
    ...entry,
    joinedAt: later(entry.joinedAt),
    since: later(entry.since),
    leavesAt: later(entry.leavesAt),
    callback: pauses && entry.callback !== null ? { ...entry.callback, dueAt: later(entry.callback.dueAt) } : entry.callback,
  }
}
