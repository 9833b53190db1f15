/**
 * The events of a call, one status at a time, in the order in which they are told.
 */
import type { Ms } from '../kernel/kernel.ts'
import { type CallNotes, type LegNote, legOf, type MenuNote } from './notes.ts'
import { type Placed, place } from './placed.ts'
import type { ArchiveEvent } from './story.ts'
import type { Talk } from './talk.ts'
import { placeStay } from './waiting.ts'

export function eventsOf(call: CallNotes, talks: readonly Talk[]): ArchiveEvent[] {
  const placed: Placed[] = []
  for (const menu of call.menus) placed.push(placeMenu(call, menu))
  for (const stay of call.stays) placeStay(call, stay, talks, placed)
  for (const talk of talks) placed.push(placeTalk(talk))
  placed.sort(byTelling)
  oneAtATime(placed)
  const events: ArchiveEvent[] = []
  for (const { event, learntAt } of placed) {
    if (learntAt !== null) event.learntAt = learntAt
    events.push(event)
  }
  return events
}

function placeTalk(talk: Talk): Placed {
  const placed = place(talk.kind, talk.position, talk.from, talk.to)
  placed.event.agents = talk.agents
  if (talk.outside !== undefined) placed.event.to = talk.outside
  placed.learntAt = talk.learntAt
  placed.talk = talk
  return placed
}

function placeMenu(call: CallNotes, menu: MenuNote): Placed {
  const gone = menu.cutShort ? hearersGoneAt(call, menu) : null
  const cut = gone !== null && menu.to !== null && gone.at < menu.to
  const placed = place('menu', menu.position, menu.from, cut ? gone.at : (menu.to ?? call.endedAt))
  placed.event.menu = menu.menuId
  if (menu.choice !== undefined) placed.event.choice = menu.choice
  if (cut) placed.learntAt = gone.learntAt
  placed.message = menu.message
  return placed
}

/** A prompt nobody is left to hear ended with the last of its hearers, also where a restart learnt of it later. */
function hearersGoneAt(call: CallNotes, menu: MenuNote): { at: Ms; learntAt: Ms | null } | null {
  const hearers = menu.legs?.map((id) => legOf(call, id)) ?? [customerAt(call, menu.from)]
  let last: { at: Ms; learntAt: Ms | null } | null = null
  for (const leg of hearers) {
    if (leg === undefined || leg.endedAt === null) return null
    if (last === null || leg.endedAt > last.at) last = { at: leg.endedAt, learntAt: leg.endLearntAt }
  }
  return last
}

/** The customer's line at an instant: one on which we had reached him, or his own; and where both were over by then, the last. */
function customerAt(call: CallNotes, at: Ms): LegNote | undefined {
  const reached = call.legs.filter((leg) => leg.party === 'customer' && !leg.arrived && leg.answeredAt !== null && leg.answeredAt <= at)
  return reached.find((leg) => (leg.endedAt ?? at) >= at) ?? call.legs.find((leg) => leg.arrived) ?? reached.at(-1)
}

/** By start; at the same instant in the order recorded, save that a message into a conversation stands after it. */
function byTelling(a: Placed, b: Placed): number {
  if (a.event.startedAt !== b.event.startedAt) return a.event.startedAt - b.event.startedAt
  if (playsInto(a, b)) return 1
  if (playsInto(b, a)) return -1
  if (a.position !== b.position) return a.position - b.position
  return a.event.kind === 'queue' ? -1 : 1
}

const playsInto = (menu: Placed, talk: Placed): boolean =>
  menu.message && talk.event.kind === 'conversation' && menu.event.endedAt !== menu.event.startedAt

/** A new status ends the one before it; only a menu may lie inside a conversation. */
function oneAtATime(placed: readonly Placed[]): void {
  let current: Placed | undefined
  let inside: Placed | undefined
  for (const next of placed) {
    const { event } = next
    if (event.endedAt === event.startedAt) continue
    if (inside !== undefined) cut(inside, event.startedAt)
    inside = undefined
    if (current !== undefined && reaches(current.event.endedAt, event.startedAt)) {
      if (event.kind === 'menu' && current.event.kind === 'conversation') {
        inside = next
        endsWith(next, current)
        continue
      }
      cut(current, event.startedAt)
    }
    current = next
  }
}

/** A message into a conversation is over when that is, also where a restart learnt of its end later. */
function endsWith(message: Placed, conversation: Placed): void {
  const { endedAt } = conversation.event
  if (endedAt === null || !reaches(message.event.endedAt, endedAt)) return
  message.event.endedAt = endedAt
  message.learntAt = conversation.learntAt
}

function cut(placed: Placed, instant: Ms): void {
  if (!reaches(placed.event.endedAt, instant)) return
  placed.event.endedAt = instant
  if (placed.talk !== undefined) placed.talk.to = instant
}

/** Whether something that ends then (null: goes on) is still there after an instant. */
const reaches = (endedAt: Ms | null, instant: Ms): boolean => endedAt === null || endedAt > instant
