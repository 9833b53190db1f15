/** The rules at work together: any script of callers, agents, telephones and time, and what must hold after every turn. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lawsBroken } from '../archive/law.ts'
import { projectCall } from '../archive/projection.ts'
import { callOf, type LegOutcome, type Recorded } from '../facts.ts'
import type { Called } from '../inputs.ts'
import { evolve } from './evolve.ts'
import { factsBroken, worldBroken } from './laws.support.ts'
import { agentOf, callbackSettings, hoursAt, NINE, queueOf, Stage, solutionOf } from './stage.support.ts'
import { callByLeg, initial, load, save } from './world.ts'

const AGENTS = ['anna', 'bo', 'carl']
const PEOPLE = ['p1', 'p2', 'p3', 'p4', 'p5']
const solution = solutionOf(
  [
    queueOf('support', {
      waitingMax: 2,
      waitMsMax: 600_000,
      announceEveryMs: 60_000,
      welcome: 'welcome.both',
      wrapUpMs: 20_000,
      exits: {
        closed: { message: 'closed', then: null },
        full: { message: 'full', then: { queue: 'sales' } },
        noAgents: { message: 'sorry', then: { queue: 'night' } },
        timedOut: { menu: 'main' },
      },
      callback: callbackSettings({ attemptsMax: 3, offerAfterMs: 20_000, waitingMax: 4 }),
    }),
    queueOf('sales', {
      hours: 'office',
      slaMs: 0,
      priority: 1,
      closedExitForWaiting: true,
      callback: callbackSettings({
        attemptsMax: 2,
        askWhichNumber: false,
        retryVoicemail: true,
        giveUp: 'closing',
        wrapUpAfterUnanswered: true,
      }),
      wrapUpMs: 30_000,
    }),
    queueOf('night', { skill: 'night', callback: callbackSettings({ giveUp: 'nextDay' }) }),
  ],
  [agentOf('anna'), agentOf('bo', { profile: ['support'] }), agentOf('carl', { skills: { night: 2 } })],
  { offersMissedMax: 3, liveCallsMax: 12 },
)

/** How often each is drawn. The later ones are several deeds in a row, so that scripts get far into a call. */
const DEEDS = {
  arrive: 3,
  press: 5,
  hear: 4,
  hangUp: 2,
  ring: 3,
  answer: 5,
  end: 4,
  order: 2,
  delete: 1,
  callNow: 1,
  logOn: 3,
  logOff: 1,
  pause: 1,
  return: 2,
  reject: 1,
  agentHangUp: 1,
  voicemail: 2,
  extend: 1,
  enter: 1,
  late: 1,
  switch: 1,
  setAside: 1,
  nothing: 1,
  joinQueue: 5,
  orderOnLine: 3,
  keyIn: 2,
  talk: 5,
  dial: 3,
  colleague: 3,
  cancel: 1,
  hold: 2,
  mute: 1,
  consult: 4,
  aside: 4,
  transfer: 2,
} as const
type Deed = keyof typeof DEEDS
interface Step {
  readonly deed: Deed
  readonly which: number
  readonly how: number
  readonly waitMs: number
}
const deeds: readonly Deed[] = Object.entries(DEEDS).flatMap(([deed, times]) => Array.from({ length: times }, () => deed as Deed))
const step: fc.Arbitrary<Step> = fc.record({
  deed: fc.constantFrom(...deeds),
  which: fc.nat({ max: 1_000 }),
  how: fc.nat({ max: 1_000 }),
  waitMs: fc.oneof(
    { weight: 20, arbitrary: fc.constant(0) },
    { weight: 30, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
    { weight: 6, arbitrary: fc.integer({ min: 20_000, max: 120_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 600_000, max: 20 * 3_600_000 }) },
  ),
})
const script = fc.array(step, { minLength: 40, maxLength: 120, size: 'max' })

/** Figures are of a day: whoever waits over midnight was offered on the day before. */
const MIDNIGHT = NINE + 15 * 3_600_000

const nth = <T>(from: readonly T[], which: number): T | undefined => from[which % Math.max(1, from.length)]
const OUTCOMES: readonly LegOutcome[] = ['unanswered', 'busy', 'rejected', 'notInUse', 'failed', 'unknown', 'answered', 'withdrawn']
const DIGITS = '1122*903'

/** A colleague, somebody outside, or a queue. */
const calleeOf = (how: number): Called =>
  how % 3 === 0
    ? { agentId: nth(AGENTS, how) ?? '' }
    : how % 3 === 1
      ? { person: nth(PEOPLE, how) ?? '', barred: how % 8 === 0 ? 'emergency' : null }
      : { queueId: nth(['support', 'sales', 'nowhere'], how) ?? '' }

/** Does one step to the stage. */
function act(stage: Stage, { deed, which, how }: Step): void {
  const { world } = stage
  const legs = [...world.calls.values()].flatMap((call) => [...call.legs.values()])
  const up = legs.filter((leg) => leg.status !== 'ended')
  const customers = up.filter((leg) => leg.party === 'customer' && leg.status === 'answered')
  const rung = up.filter((leg) => !leg.inbound && leg.status !== 'answered')
  const entries = [...world.callOfEntry.keys()]
  const agentId = nth(AGENTS, which) ?? ''
  const person = nth(PEOPLE, which) ?? ''
  const by = 'agent' as const
  const callId = world.agents.get(agentId)?.matter?.callId ?? nth([...world.calls.keys()], how) ?? 'none'
  switch (deed) {
    case 'arrive':
      stage.arrive(person, how % 4 !== 0)
      return
    case 'press':
      stage.press(nth(customers, which)?.id ?? 'none', DIGITS[how % DIGITS.length] ?? '1')
      return
    case 'hear':
      stage.hear(nth(customers, which)?.id ?? 'none')
      return
    case 'hangUp':
      stage.ends(nth(customers, which)?.id ?? 'none')
      return
    case 'ring':
      stage.rings(nth(rung, which)?.id ?? 'none')
      return
    case 'answer':
      stage.answers(nth(rung, which)?.id ?? 'none')
      return
    case 'end':
      stage.ends(nth(up, which)?.id ?? 'none', nth(OUTCOMES, how) ?? 'failed', how % 2 === 0 ? 'party' : 'network')
      return
    case 'order':
      stage.orders(nth(['support', 'sales', 'night'], how) ?? '', person, how % 3 === 0 ? stage.at + how * 100 : undefined)
      return
    case 'delete':
      stage.ask({ type: 'entry.delete', by: how % 2 === 0 ? 'supervisor' : 'customer', entryId: nth(entries, which) ?? 'none' })
      return
    case 'callNow':
      stage.ask({ type: 'callback.callNow', by: 'supervisor', entryId: nth(entries, which) ?? 'none' })
      return
    case 'logOn':
    case 'logOff':
    case 'return':
      stage.ask({ type: `agent.${deed}`, by, agentId })
      return
    case 'pause':
      stage.ask({ type: 'agent.pause', by, agentId, reason: 'lunch' })
      return
    case 'extend':
      stage.ask({ type: 'agent.extendWrapUp', by, agentId, byMs: 15_000 })
      return
    case 'reject':
      stage.ask({ type: 'offer.reject', by, agentId, callId })
      return
    case 'agentHangUp':
      stage.ask({ type: 'talk.hangUp', by, agentId, callId })
      return
    case 'voicemail':
      stage.ask({ type: 'callback.markVoicemail', by, agentId, callId })
      return
    case 'enter':
      stage.do({ type: 'number.enter', callId, person: how % 3 === 0 ? null : person, callable: how % 2 === 0 })
      return
    case 'late': {
      const ended =
        nth(
          legs.filter((leg) => leg.status === 'ended'),
          which,
        )?.id ?? 'none'
      stage.answers(ended)
      stage.ends(ended, 'busy')
      return
    }
    case 'switch':
      if (world.switchAway || how % 4 === 0) stage.do({ type: world.switchAway ? 'switch.find' : 'switch.lose' })
      return
    case 'setAside':
      if (how % 5 === 0) stage.do({ type: 'call.setAside', callId })
      return
    case 'nothing':
      return
    case 'joinQueue':
      stage.joins(nth(['1', '1', '2', '3'], how) ?? '1', person, which % 5 !== 0)
      return
    case 'orderOnLine':
    case 'keyIn': {
      const waits = nth(
        customers.filter((leg) => world.callOfLeg.get(leg.id) !== undefined && stage.call(leg.id)?.entry?.callback === null),
        which,
      )
      if (waits === undefined) return
      stage.press(waits.id, '2')
      if (deed === 'keyIn') {
        stage.press(waits.id, '2')
        stage.do({ type: 'number.enter', callId: waits.callId, person, callable: how % 4 !== 0 })
      } else if (how % 3 !== 0) stage.press(waits.id, '1')
      stage.wait(600)
      stage.press(waits.id, how % 5 === 0 ? '*' : '1')
      return
    }
    case 'dial':
      stage.ask({ type: 'call.dial', by, agentId, to: { person, barred: how % 9 === 0 ? 'emergency' : null }, origin: 'desk' })
      return
    case 'colleague':
      stage.ask({ type: 'call.dial', by, agentId, to: { agentId: nth(AGENTS, how) ?? '' }, origin: 'desk' })
      return
    case 'cancel':
      stage.ask({ type: 'call.cancel', by, agentId, callId })
      return
    case 'hold':
      stage.ask({ type: how % 2 === 0 ? 'talk.hold' : 'talk.resume', by, agentId, callId })
      return
    case 'mute':
      stage.ask({ type: how % 2 === 0 ? 'talk.mute' : 'talk.unmute', by, agentId, callId })
      return
    case 'consult':
      stage.ask({ type: 'talk.consult', by, agentId, callId, to: calleeOf(how) })
      return
    case 'aside':
      stage.ask({
        type: nth(['talk.swap', 'talk.conference', 'talk.endConsult', 'talk.transfer'] as const, how) ?? 'talk.swap',
        by,
        agentId,
        callId,
      })
      return
    case 'transfer':
      stage.ask({ type: 'talk.transfer', by, agentId, callId, to: calleeOf(how) })
      return
    case 'talk': {
      const offer = nth(
        rung.filter((leg) => leg.party === 'agent'),
        which,
      )
      stage.answers(offer?.id ?? 'none')
      const customer = [...(stage.call(offer?.id ?? 'none')?.legs.values() ?? [])].find(
        (leg) => leg.party === 'customer' && leg.status !== 'ended',
      )
      if (how % 3 !== 0) stage.answers(customer?.id ?? 'none')
      if (how % 4 === 0) stage.ask({ type: 'callback.markVoicemail', by, agentId: offer?.agentId ?? '', callId: offer?.callId ?? '' })
    }
  }
}

/** The last of a story, for whoever must find out what went wrong. */
const told = (facts: readonly Recorded[]): string[] =>
  facts.slice(-40).map(({ at, fact }) => `${((at - NINE) / 1000).toFixed(3).padStart(12)} ${JSON.stringify(fact)}`)

/** A stage on which every turn is looked at. */
function watched(): Stage {
  const stage = new Stage(solution)
  const rung = new Set<string>()
  stage.onTurn = (done, input) => {
    const wrong = (why: string): never => expect.fail([why, `after ${JSON.stringify(input)}`, ...told(stage.facts)].join('\n'))
    if (done.bug !== null) wrong(`a bug: ${done.bug instanceof Error ? done.bug.stack : String(done.bug)}`)
    const broken = worldBroken(stage.world)
    if (broken.length > 0) wrong(broken.join('; '))
    for (const { id, today } of stage.at < MIDNIGHT ? stage.world.queues.values() : [])
      if (today.answered + today.abandoned + today.short > today.offered) wrong(`${id} was offered fewer than it had`)
    if (done.refused !== null && done.facts.length > 0) wrong('refused and done')
    const asked = done.facts.filter(({ fact }) => fact.type === 'leg.requested').length
    const rings = done.effects.filter((effect) => effect.type === 'leg.ring')
    if (rings.length !== asked) wrong(`${asked} legs asked for, ${rings.length} rung`)
    for (const ring of rings) {
      if (rung.has(ring.legId)) wrong(`${ring.legId} is rung twice`)
      rung.add(ring.legId)
      const { to } = ring
      // An agent's own call is only warned of it.
      const promised = callByLeg(stage.world, ring.legId)?.legs.get(ring.legId)?.attempt != null
      if (promised && 'person' in to && (stage.world.legsOf.get(to.person) ?? []).some((id) => id !== ring.legId))
        wrong(`${to.person} is rung while on another line`)
    }
  }
  return stage
}

function play(stage: Stage, steps: readonly Step[]): void {
  stage.logOn(...AGENTS)
  for (const one of steps) {
    stage.wait(one.waitMs)
    act(stage, one)
  }
}

/** Everybody goes home; what is promised is kept or given up. */
function drain(stage: Stage): void {
  if (stage.world.switchAway) stage.do({ type: 'switch.find' })
  for (const call of [...stage.world.calls.values()])
    for (const leg of [...call.legs.values()]) if (leg.status !== 'ended') stage.ends(leg.id)
  for (const agentId of AGENTS) stage.ask({ type: 'agent.logOff', by: 'system', agentId })
  for (let hours = 0; hours < 96 && stage.world.calls.size > 0; hours += 1) stage.wait(3_600_000)
}

const eachCall = (facts: readonly Recorded[]): readonly (readonly Recorded[])[] => [
  ...Map.groupBy(
    facts.filter(({ fact }) => callOf(fact) !== undefined),
    ({ fact }) => callOf(fact),
  ).values(),
]

function storiesHold(facts: readonly Recorded[]): void {
  for (const own of eachCall(facts)) {
    const broken = lawsBroken(projectCall(own))
    if (broken.length > 0) expect.fail([broken.join('; '), ...told(own)].join('\n'))
  }
}

describe('whatever callers, agents, telephones and time do', () => {
  it('every law holds after every turn, every story keeps the archive’s law, and all of it drains', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const stage = watched()
        play(stage, steps)
        storiesHold(stage.facts)
        drain(stage)
        expect([...stage.world.calls.keys()], 'calls that never end').toEqual([])
        expect(factsBroken(stage.facts)).toEqual([])
        storiesHold(stage.facts)
      }),
      { numRuns: 80 },
    )
  })

  it('the same facts give the same world, by replay and by snapshot, and it goes on alike', () => {
    fc.assert(
      fc.property(script, script, (before, after) => {
        const stage = new Stage(solution)
        play(stage, before)
        const replayed = initial()
        for (const recorded of JSON.parse(JSON.stringify(stage.facts)) as Recorded[]) evolve(replayed, recorded)
        expect(JSON.parse(save(replayed))).toEqual(JSON.parse(save(stage.world)))
        expect(save(replayed)).toBe(save(stage.world))
        const twin = new Stage(solution)
        play(twin, before)
        twin.world = load(save(twin.world)) ?? twin.world
        play(stage, after)
        play(twin, after)
        expect(twin.facts).toEqual(stage.facts)
        expect(save(twin.world)).toBe(save(stage.world))
      }),
      { numRuns: 20 },
    )
  })
})

/** A fact by what tells it from others of its type. */
const kindOf = ({ fact }: Recorded): string =>
  fact.type === 'entry.left' || fact.type === 'menu.left'
    ? `${fact.type} ${'reason' in fact ? (fact.why ?? fact.reason) : fact.how}`
    : fact.type === 'callback.attemptEnded'
      ? `${fact.type} ${fact.notCounted ?? fact.next}`
      : fact.type === 'entry.announced'
        ? `${fact.type} ${fact.what}`
        : fact.type

const REACHED = [
  ...['agentLeft', 'agentNoAnswer', 'customerCalling', 'network', 'unknown', 'close', 'pause'].map((how) => `callback.attemptEnded ${how}`),
  ...['answered', 'hungUp', 'full', 'closed', 'noAgents', 'timedOut', 'merged', 'unreached', 'failed'].map((how) => `entry.left ${how}`),
  ...['supervisor', 'customer', 'expired', 'reachedOtherwise'].map((why) => `entry.left ${why}`),
  ...['choice', 'entered', 'finished', 'skipped', 'gaveUp', 'hungUp', 'withdrawn'].map((how) => `menu.left ${how}`),
  ...['place', 'offer', 'openCallback'].map((what) => `entry.announced ${what}`),
  ...['orderStarted', 'orderLeft', 'ordered', 'hastened', 'requeued', 'heldBack', 'released', 'voicemailMarked'].map(
    (type) => `callback.${type}`,
  ),
  ...['wished', 'rested', 'wrapUpStarted', 'wrapUpExtended', 'wrapUpEnded', 'returned', 'paused', 'loggedOff'].map(
    (type) => `agent.${type}`,
  ),
  ...['bridge.joined', 'call.setAside', 'queue.deserted', 'queue.staffed', 'switch.lost', 'hours.turned', 'day.turned', 'leg.ringing'],
]

it('the scripts reach what they are to prove something about', () => {
  const reached = new Map<string, number>()
  for (const steps of fc.sample(script, { seed: 1, numRuns: 150 })) {
    const stage = new Stage(solution)
    play(stage, steps)
    drain(stage)
    for (const recorded of stage.facts) reached.set(kindOf(recorded), (reached.get(kindOf(recorded)) ?? 0) + 1)
  }
  expect(REACHED.filter((kind) => (reached.get(kind) ?? 0) === 0)).toEqual([])
})

it('the stage’s office is open from 8 to 17', () => {
  expect(hoursAt(NINE)).toMatchObject({ open: true, until: NINE + 8 * 3_600_000, closesAt: NINE + 8 * 3_600_000 })
  expect(hoursAt(NINE + 8 * 3_600_000)).toMatchObject({
    open: false,
    until: NINE + 23 * 3_600_000,
    closesAt: null,
    nextDayClosesAt: NINE + 32 * 3_600_000,
  })
})
