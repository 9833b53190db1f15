/** The rules at work together: scripts at random of callers, agents, telephones and time, and what must hold after every turn. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lawsBroken } from '../archive/law.ts'
import { projectCall } from '../archive/projection.ts'
import { callOf, type Recorded } from '../facts.ts'
import { dealBroken } from './campaign-laws.support.ts'
import { begin } from './campaign-scripts.support.ts'
import { evolve } from './evolve.ts'
import { factsBroken, worldBroken } from './laws.support.ts'
import { AGENTS, act, DEEDS, type Deed, type Step, solution } from './scripts.support.ts'
import { hoursAt, NINE, Stage } from './stage.support.ts'
import { callByLeg, initial, load, save } from './world.ts'

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
    const dialled = done.facts.filter(({ fact }) => fact.type === 'contact.dealt' && !fact.agentFirst).length
    const dealt = input.type === 'contacts.deal' ? dealBroken(stage.world, input.campaignId, dialled) : []
    const broken = [...worldBroken(stage.world, solution), ...dealt]
    if (broken.length > 0) wrong(broken.join('; '))
    for (const { id, today } of stage.at < MIDNIGHT ? stage.world.queues.values() : [])
      if (today.answered + today.abandoned + today.short > today.offered) wrong(`${id} was offered fewer than it had`)
    if (done.refused !== null && done.facts.length > 0) wrong('refused and done')
    const asked = done.facts.filter(({ fact }) => fact.type === 'leg.requested' && fact.waits !== true).length
    const rings = done.effects.filter((effect) => effect.type === 'leg.ring')
    const found = rings.filter(({ legId }) => callByLeg(stage.world, legId)?.legs.get(legId)?.waits === true)
    if (rings.length - found.length !== asked) wrong(`${asked} legs asked for, ${rings.length} rung`)
    if (found.length > done.facts.filter(({ fact }) => fact.type === 'agent.reachable').length) wrong('rung, and not found')
    for (const ring of rings) {
      if (rung.has(ring.legId)) wrong(`${ring.legId} is rung twice`)
      rung.add(ring.legId)
      const { to } = ring
      // An agent's own call is only warned of it.
      const call = callByLeg(stage.world, ring.legId)
      const leg = call?.legs.get(ring.legId)
      const promised = leg?.attempt != null || (call?.contact != null && leg?.party === 'customer')
      if (
        promised &&
        call?.switchboard !== true &&
        'person' in to &&
        (stage.world.legsOf.get(to.person) ?? []).some((id) => id !== ring.legId)
      )
        wrong(`${to.person} is rung while on another line`)
    }
  }
  return stage
}

function play(stage: Stage, steps: readonly Step[]): void {
  begin(stage)
  stage.logOn(...AGENTS)
  for (const one of steps) {
    stage.wait(one.waitMs)
    act(stage, one)
  }
}

/** Everybody goes home; what is promised is kept or given up. */
function drain(stage: Stage): void {
  if (stage.world.switchAway) stage.do({ type: 'switch.find' })
  for (const campaignId of stage.world.campaigns.keys()) stage.ask({ type: 'campaign.stop', by: 'supervisor', campaignId })
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

/** Facts by what tells them from others of their type, where that is more than one thing. */
const kindsOf = (recorded: Recorded): readonly string[] => {
  const { fact } = recorded
  if (fact.type === 'contact.settled') return [`contact.settled ${fact.outcome}`, `contact.settled → ${fact.next}`]
  if (fact.type === 'card.gone') return [`card.gone ${fact.why}`]
  if (fact.type === 'agent.wished') return [fact.type, ...(fact.effectAt === undefined ? [] : ['agent.wished later'])]
  return [kindOf(recorded)]
}

/** A fact by what tells it from others of its type. */
const kindOf = ({ fact }: Recorded): string =>
  fact.type === 'entry.left' || fact.type === 'menu.left'
    ? `${fact.type} ${'reason' in fact ? (fact.why ?? fact.reason) : fact.how}`
    : fact.type === 'callback.attemptEnded'
      ? `${fact.type} ${fact.notCounted ?? fact.next}`
      : fact.type === 'entry.announced'
        ? `${fact.type} ${fact.what}`
        : fact.type === 'leg.requested' && fact.waits === true
          ? `${fact.type} waits`
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
  ...[
    'consult.started',
    'transfer.requested',
    'transfer.failed',
    'phone.lost',
    'leg.requested waits',
    'leg.held',
    'leg.resumed',
    'leg.muted',
    'leg.unmuted',
  ],
  ...['agent.unreachable', 'agent.reachable'],
  ...['withdrawn', 'cancelled'].map((how) => `entry.left ${how}`),
  ...[
    'contact.dealt',
    'contact.answered',
    'contact.silent',
    'contact.markedUnanswered',
    'contact.rescheduled',
    'contact.topicsSet',
    'contact.released',
  ],
  ...['answered', 'unanswered', 'busy', 'rejected', 'notInUse', 'failed', 'unknown', 'silent', 'voicemail', 'cancelled', 'notCalled'].map(
    (how) => `contact.settled ${how}`,
  ),
  ...['again', 'asked', 'back', 'done', 'never'].map((next) => `contact.settled → ${next}`),
  ...['card.shown', 'card.gone rejected', 'card.gone leftAlone', 'card.gone withdrawn', 'card.gone agentGone'],
  ...['scheduled', 'started', 'paused', 'stopped', 'finished', 'limitReached', 'limitLeft', 'pacingFailed', 'removed'].map(
    (type) => `campaign.${type}`,
  ),
  ...['neverCallAgain', 'stopped', 'outsideHours', 'doNotCall'].map((why) => `entry.left ${why}`),
  ...['doNotCall.listed', 'doNotCall.lifted', 'agent.wished later'],
  ...['bridge.joined', 'call.setAside', 'queue.deserted', 'queue.staffed', 'switch.lost', 'hours.turned', 'day.turned', 'leg.ringing'],
]

it('the scripts reach what they are to prove something about', () => {
  const reached = new Map<string, number>()
  for (const steps of fc.sample(script, { seed: 1, numRuns: 900 })) {
    const stage = new Stage(solution)
    play(stage, steps)
    drain(stage)
    for (const kind of stage.facts.flatMap(kindsOf)) reached.set(kind, (reached.get(kind) ?? 0) + 1)
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
