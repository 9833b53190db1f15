/** What a restart learns after the fact: the story has the instants at which things happened, and says when they were learnt. */
import { describe, expect, it } from 'vitest'
import {
  answers,
  arrives,
  at,
  callEnds,
  chooses,
  consults,
  enters,
  hangsUp,
  held,
  inbound,
  isHungUp,
  isLost,
  isUnknown,
  isWithdrawn,
  joinsQueue,
  leavesMenu,
  leavesQueue,
  ordered,
  ordering,
  outbound,
  ringsAgent,
  ringsCustomer,
  ringsOut,
  T0,
  talking,
  tell,
  transferFails,
  transfers,
  tried,
  tries,
  webOrder,
} from './cases/script.ts'
import { rows } from './cases/shape.ts'
import { lawsBroken } from './law.ts'
import { projectCall } from './projection.ts'

const arrived = at(0, inbound(), arrives('line'), answers('line'), joinsQueue('support'))
const answered = at(
  10,
  ringsAgent('own', 'anna', { entryId: 'entry-1' }),
  answers('own'),
  leavesQueue('support', 'answered'),
  talking('line', 'own'),
)

describe('the engine was away until 200', () => {
  it('a conversation ended when its first leg did, in whatever order that is learnt', () => {
    const story = projectCall(tell(arrived, answered, at(200, isHungUp('own', 125), hangsUp('line', 120), callEnds(125))))
    expect(rows(story)).toEqual(['Queue 0–10', 'Conversation 10–120 (anna)'])
    expect(story.events[1]?.learntAt).toBe(T0 + 200_000)
    expect(story.legs.map((leg) => leg.learntAt)).toEqual([T0 + 200_000, T0 + 200_000])
    expect(story.endedAt).toBe(T0 + 125_000)
    expect(story.agents[0]?.speakMs).toBe(110_000)
    expect(lawsBroken(story)).toEqual([])
  })

  it('a welcome message was over when the conversation was, though we ended the other leg only now', () => {
    const welcome = at(10, enters('welcome', 'message', 'line', 'own'))
    const over = at(200, hangsUp('own', 12), leavesMenu('welcome', 'hungUp'), isHungUp('line'), callEnds())
    const story = projectCall(tell(arrived, answered, welcome, over))
    expect(rows(story)).toEqual(['Queue 0–10', 'Conversation 10–12 (anna)', 'Menu 10–12'])
    expect(story.events[2]?.learntAt).toBe(T0 + 200_000)
    expect(lawsBroken(story)).toEqual([])
  })

  it('a message to whoever an agent had called was over before it began, for he had hung up by then', () => {
    const called = at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna', { entryId: 'entry-1' }))
    const reached = at(
      10,
      answers('own'),
      ringsCustomer('called'),
      answers('called'),
      talking('called', 'own'),
      leavesQueue('outbound', 'answered'),
    )
    const lost = [at(60, isLost('own')), at(80, enters('phoneLost', 'message'))]
    const learnt = at(200, hangsUp('called', 70), leavesMenu('phoneLost', 'hungUp'), callEnds(80))
    const story = projectCall(tell(called, reached, ...lost, learnt))
    expect(rows(story).at(-1)).toBe('Menu 80')
    expect(lawsBroken(story)).toEqual([])
  })

  it('a caller who left meanwhile waited until then', () => {
    const story = projectCall(tell(arrived, at(200, hangsUp('line', 90), leavesQueue('support', 'hungUp'), callEnds(90))))
    expect(rows(story)).toEqual(['Queue 0–90'])
    expect(story.waitMs).toBe(90_000)
    expect(story.events[0]?.learntAt).toBe(T0 + 200_000)
  })

  it('and an agent’s answer that came after he left was none', () => {
    const story = projectCall(
      tell(
        arrived,
        at(5, ringsAgent('own', 'anna', { entryId: 'entry-1' })),
        at(200, hangsUp('line', 8), answers('own', 12), leavesQueue('support', 'hungUp'), isHungUp('own'), callEnds()),
      ),
    )
    expect([rows(story), story.result, story.waitMs]).toEqual([['Queue 0–8'], 'abandoned', 8_000])
  })

  it('a menu ended with the line that heard it', () => {
    const story = projectCall(
      tell(
        at(0, inbound(), arrives('line'), answers('line'), enters('main', 'menu', 'line')),
        at(200, hangsUp('line', 8), leavesMenu('main', 'hungUp'), callEnds(8)),
      ),
    )
    expect(rows(story)).toEqual(['Menu 0–8'])
    expect(story.events[0]?.learntAt).toBe(T0 + 200_000)
  })

  it('a callback that rang out meanwhile ended with the ring of the customer', () => {
    const story = projectCall(
      tell(
        arrived,
        at(20, ordering(), enters('callback.readBack', 'ordering', 'line')),
        at(30, chooses('callback.readBack', '1'), ordered(), isHungUp('line')),
        at(100, tries(1, 'anna'), ringsAgent('own', 'anna', { attempt: 1 }), answers('own'), ringsCustomer('customer', 1)),
        at(
          200,
          ringsOut('customer', 125),
          tried(1, 'unanswered', 'close'),
          isHungUp('own', 126),
          leavesQueue('support', 'unreached'),
          callEnds(126),
        ),
      ),
    )
    expect(rows(story).at(-1)).toBe('Queue (callback) 30–125 1 unanswered call done')
    expect(story.events.at(-1)?.learntAt).toBe(T0 + 200_000)
    expect(lawsBroken(story)).toEqual([])
  })

  it.each([
    ['until then', 50, 'Consult to queue 20–50 (anna)'],
    ['not at all, where the line was over before', 15, 'Consult to queue 20 (anna)'],
  ] as const)('an agent who asked a queue for a colleague and hung up meanwhile waited %s', (_how, goneAt, row) => {
    const asks = at(
      20,
      held('line'),
      consults('anna', { queue: 'support' }),
      joinsQueue('support', 'consult', { entryId: 'entry-2', byLegId: 'own' }),
    )
    const gone = at(200, hangsUp('own', goneAt), hangsUp('line', 55), leavesQueue('support', 'withdrawn', { entryId: 'entry-2' }))
    const story = projectCall(tell(arrived, answered, asks, gone, at(200, callEnds(55))))
    expect(rows(story).at(-1)).toBe(row)
    expect(lawsBroken(story)).toEqual([])
  })

  it('what was never learnt has no learntAt', () => {
    const story = projectCall(tell(arrived, answered, at(50, hangsUp('line'), isHungUp('own'), callEnds())))
    expect(story.events.some((event) => 'learntAt' in event)).toBe(false)
  })
})

describe('holes that a restart leaves', () => {
  it('are explained until the answer was learnt', () => {
    const story = projectCall(
      tell(
        at(0, webOrder(), joinsQueue('support', 'web'), ordered()),
        at(10, tries(1, 'anna'), ringsAgent('own', 'anna', { attempt: 1 }), answers('own'), ringsCustomer('customer', 1)),
        at(30, answers('customer', 15), talking('customer', 'own'), tried(1, 'answered', 'close'), leavesQueue('support', 'answered')),
        at(50, hangsUp('customer'), isHungUp('own'), callEnds()),
      ),
    )
    expect(rows(story)).toEqual(['Queue 0', 'Queue (callback) 0–10', 'Conversation 30–50 (anna)'])
    expect(story.waitToCustomerMs).toBe(15_000)
    expect(lawsBroken(story)).toEqual([])
  })

  it('are explained until the end of a ring was learnt', () => {
    const story = projectCall(
      tell(
        arrived,
        answered,
        at(20, transfers('anna', true, { agent: 'bo' }), isHungUp('own'), ringsAgent('two', 'bo', { purpose: 'transfer' })),
        at(60, ringsOut('two', 50), transferFails('anna'), ringsAgent('back', 'anna', { purpose: 'rungBack' })),
        at(62, answers('back'), talking('line', 'back')),
        at(80, hangsUp('line'), isHungUp('back'), callEnds()),
      ),
    )
    expect(rows(story)).toEqual(['Queue 0–10', 'Conversation 10–20 (anna)', 'Conversation 62–80 (anna)'])
    expect(lawsBroken(story)).toEqual([])
  })
})

it('what is said of a leg after its end is late or repeated, and changes nothing', () => {
  const facts = [arrived, answered, at(50, hangsUp('line'), isHungUp('own'), callEnds())]
  const late = at(60, answers('line'), ringsOut('line'), hangsUp('own'))
  expect({ ...projectCall(tell(...facts, late)), position: 0 }).toEqual({ ...projectCall(tell(...facts)), position: 0 })
})

describe('an attempt that does not count', () => {
  it('because the agent did not answer says so on the leg of the agent, also where the customer was rung before in the same attempt', () => {
    const story = projectCall(
      tell(
        at(0, webOrder(), joinsQueue('support', 'web'), ordered()),
        at(10, tries(1, 'anna'), ringsAgent('own', 'anna', { attempt: 1 }), answers('own'), ringsCustomer('customer', 1)),
        at(12, hangsUp('own'), tried(1, 'withdrawn', 'front', 'agentLeft'), isWithdrawn('customer')),
        at(12, tries(1, 'bo'), ringsAgent('two', 'bo', { attempt: 1 })),
        at(32, ringsOut('two'), tried(1, 'withdrawn', 'front', 'agentNoAnswer')),
      ),
    )
    expect(story.legs.map((leg) => [leg.id, leg.notCounted])).toEqual([
      ['own', undefined],
      ['customer', 'agentLeft'],
      ['two', 'agentNoAnswer'],
    ])
  })

  it('and rang nobody but its agent says so on that leg, not on the customer’s of the try before', () => {
    const story = projectCall(
      tell(
        at(0, webOrder(), joinsQueue('support', 'web'), ordered()),
        at(10, tries(1, 'anna'), ringsAgent('own', 'anna', { attempt: 1 }), answers('own'), ringsCustomer('customer', 1)),
        at(12, hangsUp('own'), tried(1, 'withdrawn', 'front', 'agentLeft'), isWithdrawn('customer')),
        at(12, tries(1, 'bo'), ringsAgent('two', 'bo', { attempt: 1 })),
        at(32, isUnknown('two'), tried(1, 'withdrawn', 'front', 'unknown')),
      ),
    )
    expect(story.legs.map((leg) => [leg.id, leg.notCounted])).toEqual([
      ['own', undefined],
      ['customer', 'agentLeft'],
      ['two', 'unknown'],
    ])
  })

  it('says so on its leg, and leaves no label', () => {
    const story = projectCall(
      tell(
        arrived,
        at(20, ordering(), enters('callback.readBack', 'ordering', 'line')),
        at(30, chooses('callback.readBack', '1'), ordered(), isHungUp('line')),
        at(100, tries(1, 'anna'), ringsAgent('own', 'anna', { attempt: 1 })),
        at(120, ringsOut('own'), tried(1, 'withdrawn', 'front', 'agentNoAnswer'), tries(1, 'bo'), ringsAgent('two', 'bo', { attempt: 1 })),
        at(121, answers('two'), ringsCustomer('customer', 1)),
        at(125, isUnknown('customer'), tried(1, 'unknown', 'front', 'unknown'), isHungUp('two')),
      ),
    )
    expect(story.legs.map((leg) => leg.notCounted)).toEqual([undefined, 'agentNoAnswer', undefined, 'unknown'])
    expect(story.legs.at(-1)?.reconciled).toBe(true)
    expect(rows(story).at(-1)).toBe('Queue (callback) 30–…')
    expect(story.unanswered).toBe(0)
  })
})
