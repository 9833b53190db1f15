/**
 * What is shown of an instant and of a duration (archive.md 4): the offset of an instant is whole seconds since the call's start,
 * rounded down; a shown duration is the difference of its two shown offsets; a shown sum is the sum of the shown parts.
 * So the figures of a page always add up, whatever the milliseconds were.
 *
 * `now` is the server's clock in milliseconds: what goes on is measured to it.
 */
import type { Call, Event, Leg } from '#wire/calls.ts'

export const msOf = (instant: string): number => Date.parse(instant)
/** An age of so many seconds, short: `12 s`, `2:05`. */
export const shortTime = (seconds: number): string => (seconds < 100 ? `${seconds} s` : clockLike(seconds))
const sum = (parts: readonly number[]): number => parts.reduce((all, part) => all + part, 0)

/** Whole seconds since the call's first instant, never negative. */
export const offsetOf = (call: Pick<Call, 'startedAt'>, ms: number): number => Math.max(0, Math.floor((ms - msOf(call.startedAt)) / 1000))

const between = (call: Call, from: number, to: number): number => offsetOf(call, to) - offsetOf(call, from)
const endOf = (instant: string | null, now: number): number => (instant === null ? now : msOf(instant))

/** Seconds of an event as shown. */
export const durationOf = (call: Call, event: Event, now: number): number =>
  Math.max(0, between(call, msOf(event.startedAt), endOf(event.endedAt, now)))

/** Seconds of the whole call. */
export const wholeOf = (call: Call, now: number): number => Math.max(0, between(call, msOf(call.startedAt), endOf(call.endedAt, now)))

const isSpeech = (event: Event): boolean => event.kind === 'conversation' || event.kind === 'consult'

/** Seconds an agent spoke: the sum of the shown Conversations and Consults the agent is in. */
export const speakOf = (call: Call, agentId: string, now: number): number =>
  sum(call.events.filter((event) => isSpeech(event) && event.agents.includes(agentId)).map((event) => durationOf(call, event, now)))

/** Seconds anybody spoke. The story has one status at a time, so its parts do not overlap. */
export const speakOfAll = (call: Call, now: number): number =>
  sum(call.events.filter((event) => isSpeech(event) && event.agents.length > 0).map((event) => durationOf(call, event, now)))

/** Seconds a leg was on hold. */
export const holdOf = (call: Call, leg: Leg, now: number): number =>
  sum(leg.holds.map((hold) => between(call, msOf(hold.from), endOf(hold.to, now))))

/** Seconds the customer was on hold in the whole call. */
export const holdOfCall = (call: Call, now: number): number =>
  sum(call.legs.filter((leg) => leg.party === 'customer').map((leg) => holdOf(call, leg, now)))

/** Seconds a leg rang; null when it never did (a line that rang us). */
export const rangOf = (call: Call, leg: Leg, now: number): number | null => {
  if (leg.ringingAt === null) return null
  const until = leg.answeredAt ?? leg.endedAt
  const seconds = between(call, msOf(leg.ringingAt), endOf(until, now))
  return seconds === 0 && leg.answeredAt !== null ? null : seconds
}

/** Seconds a leg was answered; null when it never was. */
export const answeredOf = (call: Call, leg: Leg, now: number): number | null =>
  leg.answeredAt === null ? null : between(call, msOf(leg.answeredAt), endOf(leg.endedAt, now))

const contactFirst = (call: Call): boolean => call.mode !== undefined && call.mode !== 'preview'

/** From when the wait of a call counts: the first queue joined; contact first: the contact's answer; else the call's start. */
const waitStart = (call: Call): number => {
  const contact = contactFirst(call) ? call.legs.find((leg) => leg.party === 'customer')?.answeredAt : undefined
  const queue = call.events.find((event) => event.kind === 'queue')
  return msOf(contact ?? queue?.startedAt ?? call.startedAt)
}
const shownWait = (call: Call, waitMs: number | null): number | null =>
  waitMs === null ? null : between(call, waitStart(call), waitStart(call) + waitMs)

/** Of somebody who still waits on the line: so far. */
export const waitOf = (call: Call, now: number): number | null => {
  const waits = call.endedAt === null && call.waitMs === null && call.events.some((event) => event.kind === 'queue')
  return waits ? between(call, waitStart(call), now) : shownWait(call, call.waitMs)
}
export const waitToCustomerOf = (call: Call): number | null => shownWait(call, call.waitToCustomerMs)

/** Seconds as `0:09`, `17:20`, `1:02:15`. */
export const clockLike = (seconds: number): string => {
  const two = (n: number) => String(n).padStart(2, '0')
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** An offset on the axis: `0:00`, `+2:20`. */
export const offsetLike = (seconds: number): string => (seconds === 0 ? '0:00' : `+${clockLike(seconds)}`)
