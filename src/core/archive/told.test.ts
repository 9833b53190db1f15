/** How a story is told where the lettered cases are silent. */
import { describe, expect, it } from 'vitest'
import type { Recorded } from '../facts.ts'
import {
  answers,
  arrives,
  at,
  callEnds,
  chooses,
  consulting,
  enters,
  hangsUp,
  inbound,
  isDeleted,
  isHungUp,
  isWithdrawn,
  joinsQueue,
  leavesMenu,
  leavesQueue,
  type Moment,
  ordered,
  ordering,
  outbound,
  ringsAgent,
  ringsCustomer,
  ringsOut,
  ringsOutside,
  talking,
  tell,
  tried,
  tries,
  webOrder,
} from './cases/script.ts'
import { rows } from './cases/shape.ts'
import { lawsBroken } from './law.ts'
import { apply, begin, projectCall, storyOf } from './projection.ts'

const told = (...moments: readonly Moment[]): string[] => {
  const story = projectCall(tell(...moments))
  expect(lawsBroken(story)).toEqual([])
  return rows(story)
}

const first = (facts: readonly Recorded[]): Recorded => {
  const [one] = facts
  if (one === undefined) throw new Error('a call without facts')
  return one
}

/** In the queue from 0, ordered at 40, and thanked from then on. */
const thanked: readonly Moment[] = [
  at(0, inbound(), arrives('line'), answers('line'), joinsQueue('support')),
  at(30, ordering(), enters('callback.readBack', 'ordering', 'line')),
  at(40, chooses('callback.readBack', '1'), ordered(), enters('callback.ordered', 'message', 'line')),
]
const QUEUED = ['Queue 0–30', 'Menu 30–40']

describe('an order that is thanked for', () => {
  it('waits off the line when the message has ended', () => {
    expect(told(...thanked, at(45, leavesMenu('callback.ordered'), isHungUp('line')))).toEqual([
      ...QUEUED,
      'Menu 40–45',
      'Queue (callback) 45–…',
    ])
  })

  it('or when the caller has hung up, whichever comes first', () => {
    expect(told(...thanked, at(42, hangsUp('line'), leavesMenu('callback.ordered', 'hungUp')))).toEqual([
      ...QUEUED,
      'Menu 40–42',
      'Queue (callback) 42–…',
    ])
  })

  it('is one status while it is being said', () => {
    expect(told(...thanked)).toEqual([...QUEUED, 'Menu 40–…'])
  })

  it('may be deleted meanwhile', () => {
    expect(
      told(
        ...thanked,
        at(41, isDeleted('support', 'supervisor', 'supervisor')),
        at(45, leavesMenu('callback.ordered'), isHungUp('line'), callEnds()),
      ),
    ).toEqual([...QUEUED, 'Menu 40–45', 'Queue (callback) 41', 'Deleted 41 by supervisor supervisor'])
  })

  it('is waited for from joining the queue, also in a call that was talked in before', () => {
    const story = projectCall(
      tell(
        ...thanked,
        at(42, hangsUp('line'), leavesMenu('callback.ordered', 'hungUp')),
        at(100, isDeleted('support', 'customer', 'customer'), callEnds()),
      ),
    )
    expect(story.waitMs).toBe(100_000)
    expect(story.queues).toEqual(['support'])
  })
})

it('a welcome message on a callback is played into the conversation', () => {
  expect(
    told(
      at(0, webOrder(), joinsQueue('support', 'web'), ordered()),
      at(10, tries(1, 'anna'), ringsAgent('own', 'anna', { attempt: 1 }), answers('own'), ringsCustomer('customer', 1)),
      at(
        15,
        answers('customer'),
        talking('customer', 'own'),
        enters('welcome', 'message', 'customer', 'own'),
        tried(1, 'answered', 'close'),
        leavesQueue('support', 'answered'),
      ),
      at(18, leavesMenu('welcome')),
      at(40, hangsUp('customer'), isHungUp('own'), callEnds()),
    ),
  ).toEqual(['Queue 0', 'Queue (callback) 0–10', 'Conversation 15–40 (anna)', 'Menu 15–18'])
})

describe('while an attempt is under way', () => {
  const dialling = tell(
    at(0, webOrder(), joinsQueue('support', 'web'), ordered(2)),
    at(10, tries(1, 'anna'), ringsAgent('own', 'anna', { attempt: 1 }), answers('own'), ringsCustomer('customer', 1)),
    at(15, answers('customer'), talking('customer', 'own')),
  )

  it('the callback waits until the customer answers, and then ended with the answer of the agent', () => {
    const call = begin(first(dialling))
    const seen: string[] = []
    for (const recorded of dialling.slice(1)) {
      apply(call, recorded)
      seen.push(rows(storyOf(call)).at(-1) ?? '')
    }
    expect(seen.at(-2)).toBe('Queue (callback) 0–…')
    expect(seen.at(-1)).toBe('Conversation 15–… (anna)')
    expect(rows(storyOf(call))[1]).toBe('Queue (callback) 0–10')
  })

  it('unanswered attempts are told as soon as they have ended', () => {
    const facts = tell(
      at(0, webOrder(), joinsQueue('support', 'web'), ordered(2)),
      at(10, tries(1, 'anna'), ringsAgent('own', 'anna', { attempt: 1 }), answers('own'), ringsCustomer('customer', 1)),
      at(35, ringsOut('customer'), tried(1, 'unanswered', 'pause'), isHungUp('own')),
    )
    expect(rows(projectCall(facts)).at(-1)).toBe('Queue (callback) 0–… 1 unanswered call done')
  })

  it('the first agent answered in vain leaves the wait as it is', () => {
    const story = projectCall(dialling)
    expect([story.result, story.waitMs, story.waitToCustomerMs]).toEqual(['live', 10_000, 15_000])
  })
})

it('an answer that crosses the Cancel is none', () => {
  const story = projectCall(
    tell(
      at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna')),
      at(1, answers('own'), ringsCustomer('dest')),
      at(9, isDeleted('outbound', 'agent', 'cancelled')),
      at(9.05, answers('dest'), isHungUp('dest'), isHungUp('own'), callEnds()),
    ),
  )
  expect(rows(story)).toEqual(['Queue 0', 'Queue (callback) 0–9 1 unanswered call done', 'Deleted 9 by agent cancelled'])
  expect([story.result, story.waitToCustomerMs]).toEqual(['deleted', null])
})

it('a conference with an outside number is another Conversation than the one without', () => {
  expect(
    told(
      at(0, inbound(), arrives('line'), answers('line'), joinsQueue('support')),
      at(10, ringsAgent('own', 'anna'), answers('own'), leavesQueue('support', 'answered'), talking('line', 'own')),
      at(20, ringsOutside('out', 'consult')),
      at(25, answers('out'), consulting('own', 'out')),
      at(40, talking('line', 'own', 'out')),
      at(50, hangsUp('out')),
      at(60, hangsUp('line'), isHungUp('own'), callEnds()),
    ),
  ).toEqual([
    'Queue 0–10',
    'Conversation 10–25 (anna)',
    'Consult 25–40 (anna, to)',
    'Conversation 40–50 (anna, to)',
    'Conversation 50–60 (anna)',
  ])
})

it('agents left alone in a conference consult', () => {
  expect(
    told(
      at(0, inbound(), arrives('line'), answers('line'), joinsQueue('support')),
      at(10, ringsAgent('own', 'anna'), answers('own'), leavesQueue('support', 'answered'), talking('line', 'own')),
      at(20, ringsAgent('two', 'bo', { purpose: 'consult' }), answers('two'), consulting('own', 'two')),
      at(30, talking('line', 'own', 'two')),
      at(40, hangsUp('line')),
      at(45, hangsUp('two'), isHungUp('own'), callEnds()),
    ),
  ).toEqual([
    'Queue 0–10',
    'Conversation 10–20 (anna)',
    'Consult 20–30 (anna, bo)',
    'Conversation 30–40 (anna, bo)',
    'Consult 40–45 (anna, bo)',
  ])
})

it('the ids of events come from the facts that began them', () => {
  const story = projectCall(
    tell(
      at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna')),
      at(1, answers('own'), ringsCustomer('dest')),
      at(9, isDeleted('outbound', 'agent', 'cancelled'), isWithdrawn('dest'), isHungUp('own'), callEnds()),
    ),
  )
  expect(story.events.map((event) => event.id)).toEqual(['e2', 'e2-queueCallback', 'e6'])
})

it('a story shares nothing with the working state it was told from', () => {
  const facts = tell(
    at(0, inbound(), arrives('line'), answers('line'), joinsQueue('support')),
    at(9, hangsUp('line'), leavesQueue('support', 'hungUp'), callEnds()),
  )
  const call = begin(first(facts))
  const early = storyOf(call)
  const before = JSON.stringify(early)
  for (const recorded of facts.slice(1)) apply(call, recorded)
  expect(JSON.stringify(early)).toBe(before)
})

it('a call whose first fact is missing is a bug, and so is a call without facts', () => {
  expect(() => begin({ position: 1, at: 0, fact: callEnds() })).toThrow('not call.started')
  expect(() => projectCall([])).toThrow('without facts')
})
