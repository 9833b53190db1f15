/**
 * Who talked with whom, when: the sweep over bridges and legs that gives the Conversation and Consult events.
 *
 * A leg that ends leaves its bridge. What happened in one instant is one change: shapes that stood for no time between two others are
 * not told, and a shape that came back at once is the same one going on.
 */
import type { AgentId, Ms, PersonId } from '../kernel/kernel.ts'
import { type CallNotes, destinationOf, type JoinNote, type LegNote, laterOf } from './notes.ts'

export interface Talk {
  readonly kind: 'conversation' | 'consult'
  /** The fact that began it. */
  readonly position: number
  readonly from: Ms
  to: Ms | null
  readonly agents: readonly AgentId[]
  /** The outside number joined that is not the matter's own customer. */
  readonly outside: PersonId | undefined
  readonly legs: readonly LegNote[]
  /** At least one agent with another party: what makes a call answered. */
  readonly together: boolean
  learntAt: Ms | null
}

type Point = {
  readonly at: Ms
  readonly position: number
  readonly learntAt: Ms | null
  readonly join?: JoinNote
  readonly ended?: LegNote
  /** An agent begins (1) or ceases (-1) to wait in a queue for a colleague. */
  readonly waiting?: 1 | -1
}

export function talksOf(call: CallNotes): Talk[] {
  if (call.joins.length === 0) return []
  const talks: Talk[] = []
  const bridges = new Bridges(call)
  let open: Talk | undefined
  for (const point of pointsOf(call)) {
    bridges.take(point)
    const legs = bridges.speaking()
    const kind = bridges.kind
    if (open !== undefined && (legs === undefined || kind !== open.kind || !sameTalk(open, legs, call))) {
      open.to = Math.max(open.from, point.at)
      open.learntAt = laterOf(open.learntAt, point.learntAt)
      open = undefined
    }
    if (open === undefined && legs !== undefined) {
      open = newTalk(call, kind, legs, point)
      talks.push(open)
    }
  }
  if (open !== undefined && call.endedAt !== null) open.to = Math.max(open.from, call.endedAt)
  return talks.length < 2 ? talks : settleInstants(talks)
}

/** Everything that may change who speaks, in the order it happened. */
function pointsOf(call: CallNotes): Point[] {
  const points: Point[] = []
  for (const join of call.joins) points.push({ at: join.at, position: join.position, learntAt: null, join })
  for (const leg of call.legs) {
    if (leg.endedAt !== null) points.push({ at: leg.endedAt, position: leg.endedPosition, learntAt: leg.endLearntAt, ended: leg })
  }
  for (const stay of call.stays) {
    if (stay.kind !== 'consult') continue
    points.push({ at: stay.joinedAt, position: stay.position, learntAt: null, waiting: 1 })
    const left = stay.left
    if (left !== null) points.push({ at: left.at, position: left.position, learntAt: left.learntAt, waiting: -1 })
  }
  return points.sort((a, b) => a.at - b.at || a.position - b.position)
}

class Bridges {
  kind: Talk['kind'] = 'conversation'
  readonly #internal: boolean
  readonly #called: LegNote | undefined
  readonly #gone: LegNote[] = []
  #main: readonly LegNote[] = []
  #consult: readonly LegNote[] = []
  #waiting = 0
  #consulted = false

  constructor(call: CallNotes) {
    this.#internal = call.started.direction === 'internal'
    this.#called = this.#internal ? destinationOf(call) : undefined
  }

  take(point: Point): void {
    const { join, ended } = point
    if (ended !== undefined) {
      this.#gone.push(ended)
      this.#main = without(this.#main, ended)
      this.#consult = without(this.#consult, ended)
    } else if (join !== undefined) {
      const legs = this.#gone.length === 0 ? join.legs : join.legs.filter((leg) => !this.#gone.includes(leg))
      if (join.bridge === 'consult') this.#consult = legs
      else {
        this.#main = legs
        // A leg stands in one bridge only: joined with the customer again, it has left the consult.
        for (const leg of legs) this.#consult = without(this.#consult, leg)
      }
      if (this.#consult.length > 1) this.#consulted = true
    } else this.#waiting += point.waiting ?? 0
  }

  /** The legs that make up the status now; undefined when nobody talks with anybody. Sets `kind`. */
  speaking(): readonly LegNote[] | undefined {
    this.kind = 'consult'
    if (this.#consult.length > 1) return this.#consult
    if (this.#waiting > 0) return undefined
    const agents = this.#main.filter((leg) => leg.party === 'agent').length
    const others = this.#main.length - agents
    if (agents > 1 && others === 0) return this.#main
    this.kind = 'conversation'
    if (agents + others > 1) return this.#main
    return agents === 1 && this.#alone() ? this.#main : undefined
  }

  /** Agent to agent: the caller's time while the colleague is rung. */
  #alone(): boolean {
    return this.#internal && !this.#consulted && (this.#called === undefined || !this.#gone.includes(this.#called))
  }
}

const without = (legs: readonly LegNote[], leg: LegNote): readonly LegNote[] =>
  legs.includes(leg) ? legs.filter((one) => one !== leg) : legs

function newTalk(call: CallNotes, kind: Talk['kind'], legs: readonly LegNote[], point: Point): Talk {
  const agents = agentsIn(legs)
  return {
    kind,
    position: point.position,
    from: point.at,
    to: null,
    agents,
    outside: outsideIn(call, legs),
    legs,
    together: agents.length > 0 && legs.length > 1,
    learntAt: point.learntAt,
  }
}

function agentsIn(legs: readonly LegNote[]): AgentId[] {
  const agents: AgentId[] = []
  for (const leg of legs) if (leg.agentId !== undefined && leg.party === 'agent' && !agents.includes(leg.agentId)) agents.push(leg.agentId)
  return agents
}

function outsideIn(call: CallNotes, legs: readonly LegNote[]): PersonId | undefined {
  return legs.find((leg) => leg.party === 'external' && leg.personId !== call.started.customer)?.personId
}

function sameTalk(talk: Talk, legs: readonly LegNote[], call: CallNotes): boolean {
  if (talk.legs === legs) return true
  return sameSet(talk.agents, agentsIn(legs)) && talk.outside === outsideIn(call, legs)
}

const sameSet = (a: readonly AgentId[], b: readonly AgentId[]): boolean => a.length === b.length && a.every((one) => b.includes(one))

function settleInstants(talks: readonly Talk[]): Talk[] {
  const settled: Talk[] = []
  for (let i = 0; i < talks.length; i++) {
    const talk = talks[i]
    if (talk === undefined) continue
    const before = settled.at(-1)
    const instant = talk.to === talk.from
    if (instant && (before?.to === talk.from || talks[i + 1]?.from === talk.from)) continue
    if (before !== undefined && before.to === talk.from && sameShape(before, talk)) {
      before.to = talk.to
      before.learntAt = laterOf(before.learntAt, talk.learntAt)
    } else settled.push(talk)
  }
  return settled
}

const sameShape = (a: Talk, b: Talk): boolean => a.kind === b.kind && a.outside === b.outside && sameSet(a.agents, b.agents)
