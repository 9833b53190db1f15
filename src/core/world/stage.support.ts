/**
 * A small contact centre for tests of the rules: a solution, and a stage that puts inputs to `turn`, lets time pass, and keeps the
 * facts and effects. Opening hours are 08–17 UTC, every day. Ids count from 1, so the same script gives the same story.
 */
import type * as Call from '../call/call.ts'
import type { Effect } from '../effects.ts'
import type { Fact, Recorded } from '../facts.ts'
import type { Input, PeopleInput } from '../inputs.ts'
import type { AgentId, LegId, Ms, PersonId } from '../kernel/kernel.ts'
import { type Agent, type CallbackSettings, type Queue, RETENTION_DEFAULT, type Solution, type Target } from '../solution/solution.ts'
import { type Turn, turn } from './turn.ts'
import { callByLeg, initial, type Timer, type World } from './world.ts'

const DAY_MS = 86_400_000
const OPENS_MS = 8 * 3_600_000
const CLOSES_MS = 17 * 3_600_000
/** A Monday, nine in the morning. */
export const NINE: Ms = 20_780 * DAY_MS + 9 * 3_600_000

const over = (message: string): Target => ({ message, then: null })

export const callbackSettings = (change: Partial<CallbackSettings> = {}): CallbackSettings => ({
  digit: '2',
  attemptsMax: 1,
  pauseMs: 30_000,
  ringMs: 30_000,
  giveUp: '72h',
  webOrderMs: 72 * 3_600_000,
  askWhichNumber: true,
  retryVoicemail: false,
  waitingMax: 100,
  offerAfterMs: null,
  offerWhenWaitOverMs: 0,
  callerId: null,
  wrapUpAfterUnanswered: false,
  ...change,
})

export const queueOf = (id: string, change: Partial<Queue> = {}): Queue => ({
  id,
  name: id,
  skill: null,
  priority: 0,
  slaMs: 20_000,
  music: 'default',
  hours: null,
  waitingMax: 100,
  waitMsMax: null,
  announceEveryMs: null,
  exits: { closed: over('closed'), full: over('full'), noAgents: over('noAgents'), timedOut: over('sorry') },
  closedExitForWaiting: false,
  wrapUpMs: 0,
  ringAgentMs: 20_000,
  welcome: null,
  handlingMs: 180_000,
  callback: null,
  retentionMonths: null,
  ...change,
})

export const agentOf = (id: AgentId, change: Partial<Agent> = {}): Agent => ({
  id,
  name: id,
  skills: null,
  profile: null,
  phone: { kind: 'desk', account: id },
  wrapUpMs: 0,
  ...change,
})

/** One line to a menu: 1 is the first queue, 2 the second, and so on. */
export function solutionOf(queues: readonly Queue[], agents: readonly Agent[], change: Partial<Solution> = {}): Solution {
  return {
    version: 'v1',
    name: 'Test',
    zone: 'UTC',
    country: 'SE',
    language: 'en',
    lines: { line: { personId: 'line', name: 'Main', target: { menu: 'main' }, language: 'en', trunk: 'main' } },
    menus: {
      main: {
        name: 'Main',
        prompt: 'welcome',
        choices: Object.fromEntries(queues.map((queue, index) => [String(index + 1), { queue: queue.id }])),
        triesMax: 3,
        silenceMs: 5_000,
        otherwise: over('sorry'),
      },
    },
    queues: Object.fromEntries(queues.map((queue) => [queue.id, queue])),
    agents: Object.fromEntries(agents.map((agent) => [agent.id, agent])),
    trunks: ['main'],
    outbound: {
      queueName: 'Outbound',
      ringMs: 30_000,
      ringOwnMs: 30_000,
      callerId: 'line',
      callerIds: [],
      liveMax: 100,
      liveMaxPerAgent: 100,
      perNumberADay: 100,
      music: 'default',
      emergencyCalls: true,
      emergencyTrunk: null,
    },
    hours: ['office'],
    maskedFor: [],
    pauseReasons: ['lunch'],
    notPlayed: [],
    keyingSilenceMs: 5_000,
    restMs: 30_000,
    rungBackMs: 20_000,
    offersMissedMax: 3,
    liveCallsMax: 1_000,
    legMsMax: 12 * 3_600_000,
    callsPerSecondMax: 40,
    retention: RETENTION_DEFAULT,
    ...change,
  }
}

export function hoursAt(at: Ms): Extract<Input, { type: 'hours.turn' }> {
  const midnight = at - (at % DAY_MS)
  const open = at >= midnight + OPENS_MS && at < midnight + CLOSES_MS
  const opensToday = at < midnight + OPENS_MS
  const until = open ? midnight + CLOSES_MS : midnight + OPENS_MS + (opensToday ? 0 : DAY_MS)
  const nextOpen = open || !opensToday ? midnight + DAY_MS : midnight
  return {
    type: 'hours.turn',
    hoursId: 'office',
    open,
    until,
    closesAt: open ? midnight + CLOSES_MS : null,
    nextDayClosesAt: nextOpen + CLOSES_MS,
  }
}

const dayAt = (at: Ms): Input => ({ type: 'day.turn', from: at - (at % DAY_MS), until: at - (at % DAY_MS) + DAY_MS })

export class Stage {
  world: World = initial()
  readonly facts: Recorded[] = []
  readonly effects: Effect[] = []
  readonly solutions: Map<string, Solution>
  /** Looks at every turn. */
  onTurn: (done: Turn, input: Input) => void = (done) => {
    if (done.bug !== null) throw done.bug
  }
  at: Ms
  #ids = 0
  readonly #fired = new Set<string>()

  constructor(solution: Solution, at: Ms = NINE) {
    this.at = at
    this.solutions = new Map([[solution.version, solution]])
    this.do({ type: 'solution.take', version: solution.version })
    this.do(dayAt(at))
    this.do(hoursAt(at))
  }

  do(input: Input): Turn {
    const done = turn(this.world, input, {
      at: this.at,
      id: (prefix) => {
        this.#ids += 1
        return `${prefix}${this.#ids}`
      },
      solution: (version) => this.solutions.get(version) ?? [...this.solutions.values()][0] ?? solutionOf([], []),
    })
    for (const recorded of done.facts) this.facts.push(recorded)
    for (const effect of done.effects) this.effects.push(effect)
    this.onTurn(done, input)
    return done
  }

  /** Lets time pass; what falls due is done in the order of its due time. */
  wait(ms: Ms): void {
    const until = this.at + ms
    for (let next = this.#due(until); next !== null; next = this.#due(until)) {
      const [key, timer] = next
      this.#fired.add(`${key}@${timer.at}`)
      this.at = Math.max(this.at, timer.at)
      if (timer.input.type === 'hours.timeOut') this.do(hoursAt(this.at))
      else if (timer.input.type === 'day.timeOut') this.do(dayAt(this.at))
      else this.do(timer.input)
    }
    this.at = until
  }

  /** Without the memory of what was fired, as after a restart. */
  forgetFired(): void {
    this.#fired.clear()
  }

  #due(until: Ms): readonly [string, Timer] | null {
    let first: readonly [string, Timer] | null = null
    for (const [key, timer] of this.world.timers) {
      if (timer.at > until || this.#fired.has(`${key}@${timer.at}`)) continue
      if (first === null || timer.at < first[1].at || (timer.at === first[1].at && key < first[0])) first = [key, timer]
    }
    return first
  }

  /* ------------------------------------------------------------ people */

  /** A person rings our line; the leg. */
  arrive(person: PersonId = 'p1', callable = true, switchboard = false): LegId {
    this.#ids += 1
    const legId = `in${this.#ids}`
    this.do({ type: 'leg.arrive', legId, line: 'line', caller: person, callable, switchboard })
    return legId
  }

  /** Rings and chooses in the menu at once. */
  joins(digit: string, person: PersonId = 'p1', callable = true, switchboard = false): LegId {
    const legId = this.arrive(person, callable, switchboard)
    this.press(legId, digit)
    return legId
  }

  press(legId: LegId, digits: string): void {
    for (const digit of digits) this.do({ type: 'digit.press', legId, digit })
  }

  /** The prompt that plays now is heard to its end. */
  hear(legId: LegId): void {
    const playId = this.call(legId)?.playing
    if (playId != null) this.do({ type: 'prompt.finish', playId })
  }

  ask(command: PeopleInput): Turn {
    return this.do(command)
  }

  logOn(...agents: readonly AgentId[]): void {
    for (const agentId of agents) this.do({ type: 'agent.logOn', by: 'agent', agentId })
  }

  orders(queueId: string, person: PersonId, notBefore?: Ms): Turn {
    return this.do({
      type: 'callback.order',
      by: 'customer',
      queueId,
      person,
      line: 'line',
      barred: null,
      ...(notBefore === undefined ? {} : { notBefore }),
    })
  }

  /** The leg of an agent's matter. */
  phoneOf(agentId: AgentId): LegId {
    return this.world.agents.get(agentId)?.matter?.legId ?? 'none'
  }

  /** The leg by which a person is rung by us. */
  rungAt(person: PersonId): LegId {
    for (const legId of this.world.legsOf.get(person) ?? [])
      if (callByLeg(this.world, legId)?.legs.get(legId)?.inbound === false) return legId
    return 'none'
  }

  rings(legId: LegId): void {
    this.do({ type: 'leg.ring', legId })
  }

  answers(legId: LegId): void {
    this.do({ type: 'leg.answer', legId })
  }

  ends(legId: LegId, outcome: Extract<Input, { type: 'leg.end' }>['outcome'] = 'answered', by: 'party' | 'network' = 'party'): void {
    this.do({ type: 'leg.end', legId, outcome, by, cause: 16 })
  }

  /* ------------------------------------------------------------ what is seen */

  call(legId: LegId): Call.State | undefined {
    return callByLeg(this.world, legId)
  }

  status(agentId: AgentId): string {
    return this.world.agents.get(agentId)?.status ?? 'loggedOff'
  }

  /** Facts after a mark, by type. */
  since<T extends Fact['type']>(mark: number, type: T): Extract<Fact, { type: T }>[] {
    return this.facts.slice(mark).flatMap(({ fact }) => (fact.type === type ? [fact as Extract<Fact, { type: T }>] : []))
  }

  all<T extends Fact['type']>(type: T): Extract<Fact, { type: T }>[] {
    return this.since(0, type)
  }
}
