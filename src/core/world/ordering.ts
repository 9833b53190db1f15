/**
 * What a digit, a silence or a finished prompt leads to: on through the menus, and through the ordering of a callback.
 * calls.md 2, Order.
 */
import type * as Call from '../call/call.ts'
import { calledUs, customerLeg } from '../call/call.ts'
import type { Fact } from '../facts.ts'
import type { Env } from '../inputs.ts'
import { Bug, type Ms, type PersonId } from '../kernel/kernel.ts'
import * as Menu from '../menu/menu.ts'
import * as Entry from '../queue/entry.ts'
import { mayOrderCallback } from '../queue/matching.ts'
import type { CallbackSettings, Solution } from '../solution/solution.ts'
import { drop, facts, left } from './ending.ts'
import { hangUp, route, shapeOf } from './routing.ts'
import { entryById, placeInLine, type World } from './world.ts'

const DAY_72H_MS: Ms = 72 * 3_600_000

/** What was keyed in: whose number, or where an extension is kept. */
interface Keyed {
  readonly person?: PersonId
  readonly noteId?: string
}

/** Carries a command to the menu heard now, and goes on from where it leads. */
export function inMenu(world: World, call: Call.State, command: Menu.Command, env: Env, keyed: Keyed = {}): readonly Fact[] {
  const menu = call.menu
  if (menu === null) return []
  const solution = env.solution(call.solution)
  const decided = facts(Menu.decide(menu, command, shapeOf(call, menu, solution), call.id, env.at))
  const last = decided.at(-1)
  return last?.type === 'menu.left' ? [...decided, ...onwards(world, call, menu, last, solution, env, keyed)] : decided
}

type MenuLeft = Extract<Fact, { type: 'menu.left' }>

function onwards(
  world: World,
  call: Call.State,
  menu: Menu.State,
  fact: MenuLeft,
  solution: Solution,
  env: Env,
  keyed: Keyed,
): readonly Fact[] {
  if (fact.how === 'hungUp' || fact.how === 'withdrawn') return []
  if (menu.what === 'message') {
    if (menu.legs.length > 0) return []
    return menu.then === null ? hangUp(call) : route(world, call, menu.then, env)
  }
  if (menu.what === 'ordering') return ordering(world, call, menu, fact, solution, env, keyed)
  const defined = solution.menus[menu.menuId]
  if (defined === undefined) throw new Bug(`no menu ${menu.menuId}`)
  return route(world, call, (fact.choice === undefined ? undefined : defined.choices[fact.choice]) ?? defined.otherwise, env)
}

type Stay = Pick<Extract<Fact, { type: 'menu.entered' }>, 'personId' | 'switchboard' | 'noteId'>
const stay = (call: Call.State, menuId: string, more: Stay = {}): Fact => ({
  type: 'menu.entered',
  callId: call.id,
  menuId,
  what: 'ordering',
  ...more,
})

function ordering(
  world: World,
  call: Call.State,
  menu: Menu.State,
  fact: MenuLeft,
  solution: Solution,
  env: Env,
  keyed: Keyed,
): readonly Fact[] {
  const entry = call.entry
  if (entry === null) throw new Bug(`an order without an entry in call ${call.id}`)
  if (fact.how === 'entered') return [stay(call, 'callback.readBack', entered(call, menu, keyed))]
  if (fact.how !== 'choice' || fact.choice === '*') return facts(Entry.decide(entry, { type: 'leaveOrder' }))
  if (menu.menuId === 'callback.choose') {
    return [stay(call, 'callback.readBack', { personId: call.customer ?? '' })]
  }
  return confirm(world, call, entry, menu, solution, env)
}

/** What is read back after keying in: the number itself, or that of a switchboard with the extension. */
function entered(call: Call.State, menu: Menu.State, keyed: Keyed): Stay {
  const personId = menu.menuId === Menu.EXTENSION ? menu.personId : keyed.person
  if (personId == null) throw new Bug(`nobody's number was keyed in, in call ${call.id}`)
  if (menu.menuId !== Menu.EXTENSION) return { personId }
  return { personId, switchboard: true, ...(keyed.noteId === undefined ? {} : { noteId: keyed.noteId }) }
}

/** The confirming digit: ordered, or an open callback confirmed once more. Behind a switchboard everybody gets one of his own. */
function confirm(world: World, call: Call.State, entry: Entry.State, menu: Menu.State, solution: Solution, env: Env): readonly Fact[] {
  const person = menu.personId
  if (person === null) throw new Bug(`nobody's number was read back in call ${call.id}`)
  const settings = solution.queues[entry.queueId]?.callback
  if (settings == null) throw new Bug(`queue ${entry.queueId} takes no callbacks`)
  const open = (menu.switchboard ? [] : (world.callbacksOf.get(person) ?? []))
    .map((id) => entryById(world, id))
    .find((other) => other?.queueId === entry.queueId && other.id !== entry.id)
  const thanks = thank(call, solution)
  if (open !== undefined) {
    return [
      { type: 'callback.merged', callId: call.id, entryId: entry.id, into: open.callId },
      { type: 'call.related', callId: call.id, other: open.callId },
      { type: 'call.related', callId: open.callId, other: call.id },
      left(entry, 'merged'),
      ...thanks,
    ]
  }
  return [
    {
      type: 'callback.ordered',
      callId: call.id,
      entryId: entry.id,
      personId: person,
      attemptsMax: settings.attemptsMax,
      notBefore: null,
      expiresAt: givesUpAt(world, solution, entry.queueId, settings, env.at),
      ...(menu.switchboard ? { switchboard: true } : {}),
      ...(menu.noteId === null ? {} : { noteId: menu.noteId }),
    },
    ...thanks,
  ]
}

function thank(call: Call.State, solution: Solution): readonly Fact[] {
  if (solution.notPlayed.includes('callback.ordered')) return hangUp(call)
  return [{ type: 'menu.entered', callId: call.id, menuId: 'callback.ordered', what: 'message', then: null }]
}

/** When a callback is given up. A queue that never closes: after 72 h. calls.md 2, Giving up. */
export function givesUpAt(world: World, solution: Solution, queueId: string, settings: CallbackSettings, at: Ms): Ms {
  const hoursId = solution.queues[queueId]?.hours ?? null
  const hours = hoursId === null ? undefined : world.hours.get(hoursId)
  const closing = settings.giveUp === 'closing' ? hours?.closesAt : settings.giveUp === 'nextDay' ? hours?.nextDayClosesAt : null
  return closing ?? at + DAY_72H_MS
}

/** A digit while waiting in a queue: the callback digit, where a callback may be ordered now. */
export function inQueue(world: World, call: Call.State, digit: string, env: Env): readonly Fact[] {
  const entry = call.entry
  if (entry === null || entry.callback !== null || entry.kind !== 'line') return []
  const solution = env.solution(call.solution)
  const queue = solution.queues[entry.queueId]
  const settings = queue?.callback
  if (queue === undefined || settings == null || settings.digit !== digit) return []
  if (!calledUs(call) || !mayOrderCallback(world, solution, queue, placeInLine(world, entry) - 1, env.at)) return []
  const rung = entry.offer === null ? undefined : call.legs.get(entry.offer.legId)
  const first =
    !call.callable || call.customer === null
      ? stay(call, 'callback.enter')
      : settings.askWhichNumber
        ? stay(call, 'callback.choose')
        : stay(call, call.switchboard ? Menu.EXTENSION : 'callback.readBack', { personId: call.customer })
  return [...drop(rung), ...facts(Entry.decide(entry, { type: 'startOrder' })), first]
}

/** Whether this leg's digits are a caller's answers to us. */
export const speaksFor = (call: Call.State, legId: string): boolean => customerLeg(call)?.id === legId
