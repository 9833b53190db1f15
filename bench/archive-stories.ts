/**
 * A year's third of a made-up contact centre as stories: the same for the same seed. Spread as in real ones: a few busy queues and many
 * quiet ones, a few people who call often and many who call once.
 */
import type { ArchiveEvent, Result, Story, StoryAgent, StoryLeg } from '#core/archive/story.ts'
import type { PersonRow } from '#ports/journal.ts'

export const DAYS = 120
const DAY_MS = 86_400_000
export const ENDS_AT = Date.UTC(2026, 10, 22)
const BEGINS_AT = ENDS_AT - DAYS * DAY_MS
export const PERSONS = 200_000
const CONTACTS = 60_000

/** Queue n takes about twice the calls of queue n + 1; the last, `returns`, one call in ten thousand. */
const QUEUES = ['support', 'sales', 'orders', 'billing', 'north', 'south', 'german', 'english', 'repairs', 'vip', 'press', 'returns']
const AGENTS = Array.from({ length: 40 }, (_, index) => `agent${String(index + 1).padStart(2, '0')}`)

/** Mulberry32: small, quick, and good enough for spreading calls. */
export const dice = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const personId = (index: number): string => `person-${index.toString(36).padStart(16, '0')}`

/** One in fifty withholds the number; one in a hundred thousand calls from abroad. */
export function* persons(): Generator<PersonRow> {
  yield { personId: 'line', number: '+46850000000', kind: 'line' }
  for (let index = 0; index < PERSONS; index++) {
    const abroad = index % 100_000 === 777
    const number = index % 50 === 49 ? null : abroad ? `+1212555${1_000 + (index % 9_000)}` : `+4670${1_000_000 + index * 4}`
    yield { personId: personId(index), number, kind: 'person' }
  }
}

type Dice = () => number
const between = (roll: Dice, low: number, high: number): number => Math.floor(low + roll() * (high - low))

/** By halves: entry 0 in half of all cases, and so on; the last entry as rare as said. */
const halving = (roll: Dice, count: number): number => Math.min(Math.floor(-Math.log2(1 - roll())), count - 2)
const queueOf = (roll: Dice): string => (roll() < 0.0001 ? QUEUES.at(-1) : QUEUES[halving(roll, QUEUES.length)]) ?? 'support'
/** The last agent takes one call in ten thousand, the others share alike. */
const agentOf = (roll: Dice): string => (roll() < 0.0001 ? AGENTS.at(-1) : AGENTS[between(roll, 0, AGENTS.length - 1)]) ?? 'agent01'
/** A tenth of the calls come from a hundred people, the rest from anybody. */
const callerOf = (roll: Dice): string => personId(roll() < 0.1 ? between(roll, 0, 100) : between(roll, 0, PERSONS))

class Teller {
  readonly #roll: Dice
  readonly #index: number
  readonly #startedAt: number
  readonly #events: ArchiveEvent[] = []
  readonly #legs: StoryLeg[] = []
  readonly #agents: StoryAgent[] = []
  #now: number

  constructor(roll: Dice, index: number, startedAt: number) {
    this.#roll = roll
    this.#index = index
    this.#startedAt = startedAt
    this.#now = startedAt
  }

  get now(): number {
    return this.#now
  }

  event(kind: ArchiveEvent['kind'], lasts: number, fields: Partial<ArchiveEvent> = {}): void {
    const startedAt = this.#now
    this.#now += lasts
    this.#events.push({ id: `e${this.#index * 10 + this.#events.length}`, kind, startedAt, endedAt: this.#now, agents: [], ...fields })
  }

  leg(party: StoryLeg['party'], outcome: StoryLeg['outcome'], fields: Partial<StoryLeg>): void {
    const requestedAt = this.#now
    const answeredAt = outcome === 'answered' ? requestedAt : null
    const base = { id: `l${this.#index * 10 + this.#legs.length}`, party, requestedAt, ringingAt: requestedAt, answeredAt }
    this.#legs.push({ ...base, endedAt: requestedAt + 30_000, holds: [], outcome, cause: 16, ...fields })
  }

  talk(queue: string | undefined): void {
    const id = agentOf(this.#roll)
    const speakMs = between(this.#roll, 5_000, 900_000)
    this.leg('agent', 'answered', { agentId: id })
    this.event('conversation', speakMs, { agents: [id], ...(queue && { queue }) })
    this.#agents.push({ id, speakMs, holdMs: 0, wrapMs: 15_000 })
  }

  told(caller: string | null, queues: readonly string[], result: Result, fields: Partial<Story>): Story {
    const customer = { person: caller ?? 'line' }
    return {
      id: `call-${this.#startedAt.toString(36)}-${this.#index.toString(36).padStart(6, '0')}`,
      direction: 'inbound',
      startedAt: this.#startedAt,
      endedAt: this.#now,
      caller,
      from: customer,
      to: { person: 'line' },
      queues,
      agents: this.#agents,
      result,
      waitMs: this.#now - this.#startedAt > 20_000 ? between(this.#roll, 0, 300_000) : null,
      waitToCustomerMs: null,
      speakMs: this.#agents.reduce((sum, agent) => sum + agent.speakMs, 0),
      unanswered: 0,
      relatedCalls: [],
      events: this.#events,
      legs: this.#legs,
      position: this.#index * 12,
      ...fields,
    }
  }
}

const RARE_ENDS: readonly Result[] = ['full', 'timedOut', 'noAgents', 'left']

const inbound = (roll: Dice, teller: Teller, caller: string): Story => {
  const queue = queueOf(roll)
  teller.leg('customer', 'answered', { personId: caller })
  teller.event('menu', between(roll, 3_000, 25_000), { menu: 'main', choice: '1' })
  const fate = roll()
  if (fate < 0.0002) return teller.told(caller, [queue], RARE_ENDS[between(roll, 0, RARE_ENDS.length)] ?? 'full', {})
  if (fate < 0.02) return teller.told(caller, [], 'closed', {})
  teller.event('queue', between(roll, 1_000, 300_000), { queue, reason: fate < 0.14 ? 'hungUp' : 'answered' })
  if (fate < 0.14) return teller.told(caller, [queue], 'abandoned', {})
  teller.talk(queue)
  if (roll() > 0.05) return teller.told(caller, [queue], 'answered', {})
  const other = queueOf(roll)
  teller.event('queue', between(roll, 1_000, 60_000), { queue: other, reason: 'answered' })
  teller.talk(other)
  return teller.told(caller, queue === other ? [queue] : [queue, other], 'answered', {})
}

const callback = (roll: Dice, teller: Teller, caller: string): Story => {
  const queue = queueOf(roll)
  const web = roll() < 0.0007
  if (!web) teller.leg('customer', 'answered', { personId: caller })
  if (!web) teller.event('menu', between(roll, 3_000, 25_000), { menu: 'main', choice: '1' })
  teller.event('queue', web ? 0 : between(roll, 30_000, 300_000), { queue, reason: 'callbackOrdered' })
  if (!web) teller.event('menu', 20_000, { menu: 'callback.readBack' })
  const fate = roll()
  const unanswered = fate < 0.2 ? 1 : fate < 0.3 ? 3 : 0
  teller.event('queueCallback', between(roll, 60_000, 14_400_000), { queue, ...(unanswered > 0 && { unanswered }) })
  const origin = web ? ({ origin: 'web' } as const) : {}
  if (unanswered === 3) {
    for (const attempt of [1, 2, 3]) teller.leg('customer', 'unanswered', { personId: caller, attempt })
    return teller.told(caller, [queue], 'callbackUnreached', { unanswered, ...origin })
  }
  if (fate > 0.9) {
    teller.event('deleted', 0, { by: 'supervisor', reason: 'supervisor', user: 'sara' })
    return teller.told(caller, [queue], fate > 0.9995 ? 'expired' : 'deleted', { unanswered, ...origin })
  }
  teller.leg('customer', 'answered', { personId: caller, attempt: unanswered + 1 })
  teller.talk(queue)
  return teller.told(caller, [queue], 'callbackReached', { unanswered, ...origin })
}

const outbound = (roll: Dice, teller: Teller, called: string): Story => {
  const dialler = roll() < 0.5
  const campaign = roll() < 0.0005 ? 'pilot' : roll() < 0.7 ? 'spring' : 'autumn'
  const queue = dialler ? campaign : 'outbound'
  teller.event('queue', 0, { queue })
  const answered = roll() < 0.5
  teller.leg('customer', answered ? 'answered' : 'unanswered', { personId: called })
  teller.event('queueCallback', between(roll, 4_000, 31_000), { queue, ...(!answered && { unanswered: 1 }) })
  const mode = campaign === 'pilot' ? ('power' as const) : ('preview' as const)
  const contact = { mode, campaignId: campaign, contactId: `contact${between(roll, 0, CONTACTS)}`, attempt: 1 }
  const fields: Partial<Story> = { direction: 'outbound', ...(dialler ? contact : { origin: 'desk' as const }) }
  if (!answered) return teller.told(called, [queue], roll() < 0.2 ? 'busy' : 'unanswered', { ...fields, unanswered: 1 })
  teller.talk(queue)
  return teller.told(called, [queue], 'answered', fields)
}

const internal = (teller: Teller): Story => {
  teller.talk(undefined)
  return teller.told(null, [], 'answered', { direction: 'internal', from: { agent: 'agent01' }, to: { agent: 'agent02' } })
}

/** In the order of their start, all ended, spread evenly over the days. */
export function* stories(count: number, seed: number): Generator<Story> {
  const roll = dice(seed)
  for (let index = 0; index < count; index++) {
    const startedAt = BEGINS_AT + Math.floor((index / count) * DAYS * DAY_MS)
    const teller = new Teller(roll, index, startedAt)
    const kind = roll()
    if (kind < 0.0005) yield internal(teller)
    else if (kind < 0.2) yield outbound(roll, teller, callerOf(roll))
    else if (kind < 0.35) yield callback(roll, teller, callerOf(roll))
    else yield inbound(roll, teller, callerOf(roll))
  }
}
