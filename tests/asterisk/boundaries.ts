/** The archive's instants beside the network's own log of the same call: how far they lie apart. */
import type { Call, Leg } from '#wire/calls.ts'
import type { FarLine } from './carrier.ts'
import { slowPhone } from './centre.ts'
import { excusedMs } from './machine.ts'

export interface Boundary {
  readonly what: string
  readonly ms: number
  /** Of them the time in which the machine had no processor for somebody. */
  readonly excusedMs: number
}

const APART_MS_MAX = 400

export const boundary = (what: string, ours: number, theirs: number): Boundary => ({
  what,
  ms: Math.abs(ours - theirs),
  excusedMs: excusedMs(ours, theirs),
})
/** Further apart than may be; also where either is not known. */
export const tooFar = (all: readonly Boundary[]): readonly Boundary[] =>
  all.filter(({ ms, excusedMs: less }) => !(ms - less <= APART_MS_MAX))

/** One call as the network logged it, by the number or account rung. */
export type NetworkLine = Pick<FarLine, 'number' | 'log'>

const first = (line: NetworkLine, what: string, of = what): number | null =>
  line.log.find((message) => message.what === what && message.of === of)?.at ?? null
const endOf = (line: NetworkLine): number | null =>
  line.log.find(({ what, of }) => what === 'BYE' || what === 'CANCEL' || (of === 'INVITE' && /^[456]/.test(what)))?.at ?? null

const numberOf = (leg: Leg): string | null => (leg.agentId === 'carl' ? slowPhone : (leg.number ?? leg.agentId ?? null))
const msOf = (instant: string): number => Date.parse(instant)

/** The call of the network that this leg is; undefined: it did not go over the network. */
const lineOf = (leg: Leg, lines: readonly NetworkLine[]): NetworkLine | undefined => {
  const apart = (line: NetworkLine): number => Math.abs((line.log[0]?.at ?? 0) - msOf(leg.requestedAt))
  return lines.filter(({ number }) => number === numberOf(leg)).sort((a, b) => apart(a) - apart(b))[0]
}

/** Every instant of the story and of the legs that the network knows too. */
export const boundaries = (call: Call, lines: readonly NetworkLine[]): readonly Boundary[] => {
  const found: Boundary[] = []
  const compare = (what: string, ours: string | null | undefined, theirs: number | null | undefined): void => {
    if (ours != null && theirs != null) found.push(boundary(`${call.result}: ${what}`, msOf(ours), theirs))
  }
  for (const leg of call.legs) {
    const line = lineOf(leg, lines)
    if (line === undefined) continue
    const who = `${leg.party}’s leg`
    compare(`${who} asked for`, leg.requestedAt, first(line, 'INVITE'))
    compare(`${who} rings`, leg.ringingAt, first(line, '180', 'INVITE'))
    compare(`${who} answered`, leg.answeredAt, first(line, '200', 'INVITE'))
    compare(`${who} ended`, leg.endedAt, endOf(line))
  }
  const customer = call.legs.find(({ party }) => party === 'customer')
  const line = customer === undefined ? undefined : lineOf(customer, lines)
  if (line === undefined) return found
  const answered = first(line, '200', 'INVITE')
  const last = call.events.at(-1)?.kind
  const endsWithLine = last === 'conversation' || (call.direction === 'outbound' && last === 'menu')
  compare('call ends', call.endedAt, endsWithLine ? endOf(line) : null)
  for (const event of call.events) {
    if (event.kind === 'queue' && call.direction === 'inbound') compare('queue starts', event.startedAt, answered)
    if (event.kind === 'queueCallback') compare('queue (callback) ends', event.endedAt, answered ?? endOf(line))
    if (event.kind === 'deleted') compare('deleted', event.startedAt, endOf(line))
  }
  if (call.direction !== 'outbound') return found
  // Whichever of the two was there last: contact first, that is the agent.
  const agent = call.legs.find(({ party, answeredAt }) => party === 'agent' && answeredAt !== null)
  const agentLine = agent === undefined ? undefined : lineOf(agent, lines)
  const there = Math.max(answered ?? 0, (agentLine === undefined ? null : first(agentLine, '200', 'INVITE')) ?? 0)
  compare('conversation starts', call.events.find(({ kind }) => kind === 'conversation')?.startedAt, there === 0 ? null : there)
  return found
}
