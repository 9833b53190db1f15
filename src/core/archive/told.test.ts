/** How a story is told where the lettered cases are silent. */
import { describe, expect, it } from 'vitest'
import type { Fact, Recorded } from '../facts.ts'
import {
  answers,
  arrives,
  at,
  CALL,
  callEnds,
  chooses,
  consulting,
  enters,
  hangsUp,
  inbound,
  internal,
  isDeleted,
  isHungUp,
  isWithdrawn,
  joinsQueue,
  leavesMenu,
  leavesQueue,
  type Moment,
  marksVoicemail,
  ordered,
  ordering,
  outbound,
  ringsAgent,
  ringsCustomer,
  ringsOut,
  ringsOutside,
  talking,
  tell,
  transfers,
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

describe('keying in within a stay', () => {
  it.each([
    ['a number', { callId: CALL, type: 'menu.keyingStarted' }, 'callback.enter'],
    ['an extension', { callId: CALL, type: 'menu.extensionAsked', personId: 'p1' }, 'callback.extension'],
  ] as const)('%s: one Menu, to the instant it is left, whatever is heard then', (_, keys, heard) => {
    const keyed = told(
      at(0, inbound(), arrives('line'), answers('line'), joinsQueue('support')),
      at(30, ordering(), enters('callback.choose', 'ordering', 'line')),
      at(40, keys),
      at(50, leavesMenu(heard, 'entered')),
    )
    expect(keyed).toEqual(['Queue 0–30', 'Menu 30–50'])
  })
})

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

describe('voicemail', () => {
  const conversation: readonly Moment[] = [
    at(0, webOrder(), joinsQueue('support', 'web'), ordered(2)),
    at(10, tries(1, 'anna'), ringsAgent('own', 'anna', { attempt: 1 }), answers('own'), ringsCustomer('customer', 1)),
    at(15, answers('customer'), talking('customer', 'own'), tried(1, 'answered', 'close'), leavesQueue('support', 'answered')),
    at(25, isHungUp('customer'), isHungUp('own'), callEnds()),
  ]

  it('marked where the queue tries no more is an answer', () => {
    const story = projectCall(tell(...conversation, at(30, marksVoicemail('customer', 'anna', false))))
    expect([story.result, story.unanswered, story.endedAt === null]).toEqual(['callbackReached', 0, false])
  })

  it('marked where it does makes a live callback of it, waiting since the end of the conversation', () => {
    const story = projectCall(tell(...conversation, at(30, marksVoicemail('customer', 'anna', true))))
    expect(rows(story)).toEqual([
      'Queue 0',
      'Queue (callback) 0–10',
      'Conversation 15–25 (anna)',
      'Queue (callback) 25–… 1 unanswered call done',
    ])
    expect([story.result, story.waitToCustomerMs]).toEqual(['live', null])
  })
})

it('a call for which somebody is rung has not ended', () => {
  const facts = [at(0, webOrder(), joinsQueue('support', 'web'), ordered()), at(5, callEnds())]
  expect(projectCall(tell(...facts)).result).not.toBe('live')
  expect(projectCall(tell(...facts, at(9, ringsAgent('own', 'anna', { attempt: 1 })))).result).toBe('live')
})

it('another number reached while the order is still being thanked for', () => {
  const story = projectCall(
    tell(
      ...thanked,
      at(41, tries(1, 'anna'), ringsAgent('own', 'anna', { attempt: 1 }), answers('own'), ringsCustomer('other', 1)),
      at(43, answers('other'), talking('other', 'own'), tried(1, 'answered', 'close'), leavesQueue('support', 'answered')),
      at(45, leavesMenu('callback.ordered'), isHungUp('line')),
      at(60, hangsUp('other'), isHungUp('own'), callEnds()),
    ),
  )
  expect(rows(story)).toEqual([...QUEUED, 'Menu 40–43', 'Queue (callback) 41', 'Conversation 43–60 (anna)'])
  expect(lawsBroken(story)).toEqual([])
})

describe('where the switch takes its time', () => {
  it('an outbound call ended when the agent hung up, not when the ring of the destination was gone', () => {
    expect(
      told(
        at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna')),
        at(1, answers('own'), ringsCustomer('dest')),
        at(9, hangsUp('own')),
        at(9.1, isWithdrawn('dest'), leavesQueue('outbound', 'unreached'), callEnds()),
      ),
    ).toEqual(['Queue 0', 'Queue (callback) 0–9 1 unanswered call done'])
  })

  it('and when the destination was gone, not when the leg of the agent was', () => {
    expect(
      told(
        at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna')),
        at(1, answers('own'), ringsCustomer('dest')),
        at(31, ringsOut('dest')),
        at(31.1, isHungUp('own'), leavesQueue('outbound', 'unreached'), callEnds()),
      ),
    ).toEqual(['Queue 0', 'Queue (callback) 0–31 1 unanswered call done'])
  })

  it('a customer sent to a queue waits there, though the leg of the agent is still up', () => {
    const story = projectCall(
      tell(
        at(0, inbound(), arrives('line'), answers('line'), joinsQueue('support')),
        at(10, ringsAgent('own', 'anna'), answers('own'), leavesQueue('support', 'answered'), talking('line', 'own')),
        at(60, transfers('anna', true, { queue: 'sales' }), joinsQueue('sales', 'line', { entryId: 'entry-2' })),
        at(60.1, isHungUp('own')),
        at(90, hangsUp('line'), leavesQueue('sales', 'hungUp', { entryId: 'entry-2' }), callEnds()),
      ),
    )
    expect(rows(story)).toEqual(['Queue 0–10', 'Conversation 10–60 (anna)', 'Queue 60–90'])
    expect([story.speakMs, story.agents[0]?.speakMs]).toEqual([50_000, 50_000])
  })

  it('between agents nobody is in a Conversation alone once the colleague has gone or was rung in vain', () => {
    const calls = [
      at(0, internal('agent1', 'agent2'), ringsAgent('l1', 'agent1')),
      at(1, answers('l1'), talking('l1'), ringsAgent('l2', 'agent2')),
    ]
    expect(
      told(...calls, at(11, answers('l2'), consulting('l1', 'l2')), at(209, hangsUp('l2')), at(209.1, isHungUp('l1'), callEnds())),
    ).toEqual(['Conversation 1–11 (agent1)', 'Consult 11–209 (agent1, agent2)'])
    expect(
      told(
        ...calls,
        at(11, answers('l2'), consulting('l1', 'l2')),
        at(20, consulting()),
        at(20.1, hangsUp('l2'), isHungUp('l1'), callEnds()),
      ),
    ).toEqual(['Conversation 1–11 (agent1)', 'Consult 11–20 (agent1, agent2)'])
    expect(told(...calls, at(31, ringsOut('l2')), at(31.1, isHungUp('l1'), callEnds()))).toEqual(['Conversation 1–31 (agent1)'])
  })
})

it('a welcome message stands after the conversation, also where it was recorded before it', () => {
  expect(
    told(
      at(0, inbound(), arrives('line'), answers('line'), joinsQueue('support'), ringsAgent('own', 'anna')),
      at(40, answers('own'), leavesQueue('support', 'answered'), enters('welcome', 'message', 'line', 'own'), talking('line', 'own')),
      at(43, leavesMenu('welcome')),
      at(100, hangsUp('line'), isHungUp('own'), callEnds()),
    ),
  ).toEqual(['Queue 0–40', 'Conversation 40–100 (anna)', 'Menu 40–43'])
})

it('the number called is no outside number joined, whatever its leg is called', () => {
  const external = { ...ringsCustomer('dest'), party: 'external' } as Fact
  expect(
    told(
      at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna')),
      at(1, answers('own'), external),
      at(12, answers('dest'), leavesQueue('outbound', 'answered'), talking('own', 'dest')),
      at(100, hangsUp('dest'), isHungUp('own'), callEnds()),
    ),
  ).toEqual(['Queue 0', 'Queue (callback) 0–12', 'Conversation 12–100 (anna)'])
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
