/** Hold, wrap-up, speaktime while it grows, and who is involved. */
import { describe, expect, it } from 'vitest'
import type { Fact } from '../facts.ts'
import {
  answers,
  arrives,
  at,
  callEnds,
  consulting,
  hangsUp,
  held,
  inbound,
  isHungUp,
  isReady,
  joinsQueue,
  leavesQueue,
  type Moment,
  resumed,
  ringsAgent,
  talking,
  tell,
  wrapsUp,
} from './cases/script.ts'
import { projectCall } from './projection.ts'

/** anna and the customer talk from 10. */
const talks = (...moments: readonly Moment[]) =>
  projectCall(
    tell(
      at(0, inbound(), arrives('line'), answers('line'), joinsQueue('support')),
      at(10, ringsAgent('own', 'anna', { entryId: 'entry-1' }), answers('own'), leavesQueue('support', 'answered'), talking('line', 'own')),
      ...moments,
    ),
  )

const over = (seconds: number, ...facts: readonly Fact[]): Moment => at(seconds, hangsUp('line'), isHungUp('own'), ...facts)

describe('hold', () => {
  it('is the part of speaktime in which the customer was held, and splits nothing', () => {
    const story = talks(at(20, held('line')), at(32, resumed('line')), at(40, held('line')), over(45, callEnds()))
    expect(story.agents).toEqual([{ id: 'anna', speakMs: 35_000, holdMs: 17_000, wrapMs: 0 }])
    expect(story.events.filter((event) => event.kind === 'conversation')).toHaveLength(1)
    expect(story.legs[0]?.holds.map(({ from, to }) => (to ?? 0) - from)).toEqual([12_000, 5_000])
  })

  it('ends for the agent where the talk with a colleague begins', () => {
    const story = talks(
      at(20, held('line'), ringsAgent('two', 'bo', { purpose: 'consult' })),
      at(25, answers('two'), consulting('own', 'two')),
      at(40, hangsUp('two'), resumed('line'), talking('line', 'own')),
      over(50, callEnds()),
    )
    expect(story.agents).toEqual([
      { id: 'anna', speakMs: 40_000, holdMs: 5_000, wrapMs: 0 },
      { id: 'bo', speakMs: 15_000, holdMs: 0, wrapMs: 0 },
    ])
  })
})

it('a colleague held in a consult holds the one who asked', () => {
  const story = talks(
    at(20, ringsAgent('two', 'bo', { purpose: 'consult' }), answers('two'), consulting('own', 'two')),
    at(25, held('two')),
    at(28, resumed('two')),
    at(30, hangsUp('two'), talking('line', 'own')),
    over(40, callEnds()),
  )
  expect(story.agents.map((agent) => [agent.id, agent.holdMs])).toEqual([
    ['anna', 3_000],
    ['bo', 3_000],
  ])
})

describe('hold in a conference', () => {
  const conference = (...moments: readonly Moment[]) =>
    talks(
      at(20, ringsAgent('two', 'bo', { purpose: 'consult' }), answers('two'), consulting('own', 'two')),
      at(30, talking('line', 'own', 'two')),
      ...moments,
      at(60, hangsUp('line'), isHungUp('own'), isHungUp('two'), callEnds()),
    ).agents.map((agent) => [agent.id, agent.holdMs])

  it('of one agent is not the hold of the other', () => {
    expect(conference(at(40, held('own')), at(45, resumed('own')))).toEqual([
      ['anna', 5_000],
      ['bo', 0],
    ])
  })

  it('of the customer is the hold of both, and counts once where two overlap', () => {
    expect(conference(at(40, held('line')), at(42, held('own')), at(45, resumed('line')), at(50, resumed('own')))).toEqual([
      ['anna', 10_000],
      ['bo', 5_000],
    ])
  })
})

describe('wrap-up', () => {
  it('is from the end of the last leg until ready', () => {
    const story = talks(over(40, wrapsUp('anna'), callEnds()), at(70, isReady('anna')))
    expect(story.agents[0]?.wrapMs).toBe(30_000)
  })

  it('that goes on adds nothing yet', () => {
    expect(talks(over(40, wrapsUp('anna'), callEnds())).agents[0]?.wrapMs).toBe(0)
  })

  it('after each of two conversations is counted in all', () => {
    const story = talks(
      at(40, isHungUp('own'), wrapsUp('anna'), joinsQueue('support', 'line', { entryId: 'entry-2' })),
      at(50, isReady('anna')),
      at(
        60,
        ringsAgent('again', 'anna'),
        answers('again'),
        leavesQueue('support', 'answered', { entryId: 'entry-2' }),
        talking('line', 'again'),
      ),
      at(80, hangsUp('line'), isHungUp('again'), wrapsUp('anna'), callEnds()),
      at(85, isReady('anna')),
    )
    expect(story.agents).toEqual([{ id: 'anna', speakMs: 50_000, holdMs: 0, wrapMs: 15_000 }])
  })
})

describe('swap', () => {
  it('alternates Conversation and Consult', () => {
    const story = talks(
      at(20, held('line'), ringsAgent('two', 'bo', { purpose: 'consult' }), answers('two'), consulting('own', 'two')),
      at(30, held('two'), resumed('line'), talking('line', 'own')),
      at(35, held('line'), resumed('two'), consulting('own', 'two')),
      at(40, hangsUp('two'), resumed('line'), talking('line', 'own')),
      over(50, callEnds()),
    )
    expect(story.events.slice(1).map((event) => [event.kind, event.agents.length])).toEqual([
      ['conversation', 1],
      ['consult', 2],
      ['conversation', 1],
      ['consult', 2],
      ['conversation', 1],
    ])
  })

  it('bridges joined once more as they were change nothing', () => {
    const story = talks(
      at(20, held('line'), ringsAgent('two', 'bo', { purpose: 'consult' }), answers('two'), consulting('own', 'two')),
      at(30, talking('line', 'own'), consulting('own', 'two')),
      at(40, hangsUp('two'), resumed('line'), talking('line', 'own')),
      at(45, talking('line', 'own')),
      over(50, callEnds()),
    )
    expect(story.events.map((event) => event.kind)).toEqual(['queue', 'conversation', 'consult', 'conversation'])
  })
})

it('an agent who was rung in vain is a leg, not one of those involved', () => {
  const story = projectCall(
    tell(
      at(0, inbound(), arrives('line'), answers('line'), joinsQueue('support'), ringsAgent('own', 'anna', { entryId: 'entry-1' })),
      at(5, hangsUp('line'), leavesQueue('support', 'hungUp'), callEnds()),
    ),
  )
  expect(story.agents).toEqual([])
  expect(story.legs.map((leg) => leg.agentId)).toEqual([undefined, 'anna'])
})

it('a conversation of no length is told, and makes the call answered', () => {
  const story = talks(at(10, hangsUp('line'), isHungUp('own'), callEnds()))
  expect(story.events.map((event) => event.kind)).toEqual(['queue', 'conversation'])
  expect(story.result).toBe('answered')
  expect(story.speakMs).toBe(0)
})
