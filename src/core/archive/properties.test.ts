/** What holds for any call: the law at every prefix, one story however it is folded, and order within an instant that cannot break it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Recorded } from '../facts.ts'
import { allCases } from './cases/all.ts'
import {
  answers,
  at,
  callEnds,
  isDeleted,
  isHungUp,
  joinsQueue,
  marksVoicemail,
  ordered,
  requeued,
  ringsAgent,
  ringsCustomer,
  T0,
  talking,
  tell,
  tried,
  tries,
  webOrder,
} from './cases/script.ts'
import { walked } from './cases/walk.ts'
import { lawsBroken } from './law.ts'
import { apply, begin, type CallStory, projectCall, storyOf } from './projection.ts'

const steps = fc.array(fc.record({ way: fc.nat({ max: 9 }), gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90_000 })) }), {
  minLength: 1,
  maxLength: 60,
  size: 'max',
})
const calls = fc.oneof(
  steps.map(walked),
  fc.constantFrom(...allCases).map((one) => [...one.facts]),
)

const started = (facts: readonly Recorded[]): CallStory => {
  const [first] = facts
  if (first === undefined) throw new Error('a call without facts')
  return begin(first)
}

describe('any call', () => {
  it('keeps the law at every prefix', () => {
    fc.assert(
      fc.property(calls, (facts) => {
        const call = started(facts)
        expect(lawsBroken(storyOf(call))).toEqual([])
        for (const recorded of facts.slice(1)) {
          apply(call, recorded)
          expect(lawsBroken(storyOf(call)), `after ${recorded.fact.type} at ${recorded.position}`).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('also where a second voicemail is marked within the instant it was joined: the waiting goes on from there', () => {
    const marked = (attempt: number) => {
      const [own, customer] = [`own${attempt}`, `customer${attempt}`]
      const joined = [answers(own), ringsCustomer(customer, attempt), answers(customer), talking(own, customer)]
      const over = [
        marksVoicemail(customer, 'anna', true),
        isHungUp(customer),
        isHungUp(own),
        tried(attempt, 'answered', 'pause'),
        requeued('end'),
      ]
      return [tries(attempt, 'anna'), ringsAgent(own, 'anna', { attempt }), ...joined, ...over]
    }
    const facts = tell(
      at(0, webOrder(), joinsQueue('support', 'web'), ordered()),
      at(5, ...marked(1), ...marked(2)),
      at(6, isDeleted('support', 'supervisor', 'supervisor'), callEnds()),
    )
    const story = projectCall(facts)
    expect(lawsBroken(story)).toEqual([])
    expect(story.events.map(({ kind, startedAt, endedAt }) => [kind, startedAt - T0, (endedAt ?? 0) - T0])).toContainEqual([
      'queueCallback',
      5_000,
      6_000,
    ])
  })

  it('tells the same story folded as it grows, whenever it was looked at, and at once', () => {
    fc.assert(
      fc.property(calls, fc.infiniteStream(fc.boolean()), (facts, looks) => {
        const call = started(facts)
        for (const recorded of facts.slice(1)) {
          apply(call, recorded)
          if (looks.next().value) storyOf(call)
        }
        expect(JSON.stringify(storyOf(call))).toBe(JSON.stringify(projectCall(facts)))
        expect(JSON.stringify(storyOf(call))).toBe(JSON.stringify(projectCall(JSON.parse(JSON.stringify(facts)))))
      }),
      { numRuns: 200 },
    )
  })

  it('never changes an event that is over, save that it may be known better', () => {
    fc.assert(
      fc.property(steps.map(walked), (facts) => {
        const call = started(facts)
        const shown = new Map<string, number>()
        for (const [i, recorded] of facts.entries()) {
          if (i > 0) apply(call, recorded)
          // What one instant brings is one commit: it is looked at when the instant is over.
          if (facts[i + 1]?.at === recorded.at) continue
          const story = storyOf(call)
          for (const event of story.events) shown.set(event.id, event.startedAt)
          expect([...shown.keys()].filter((id) => !story.events.some((event) => event.id === id))).toEqual([])
        }
      }),
      { numRuns: 200 },
    )
  })

  it('keeps all of the law but holes when facts are lost, doubled, or told in another order within their instant', () => {
    fc.assert(
      fc.property(calls, fc.infiniteStream(fc.nat({ max: 19 })), (facts, chance) => {
        const [first, ...rest] = facts
        if (first === undefined) return
        const told: Recorded[] = []
        for (const recorded of rest) {
          const luck = chance.next().value
          if (luck === 0) continue
          told.push(recorded)
          if (luck === 1) told.push(recorded)
          const before = told.at(-2)
          if (luck < 6 && before !== undefined && before.at === recorded.at) told.splice(-2, 2, recorded, before)
        }
        const numbered = [first, ...told].map((recorded, i) => ({ ...recorded, position: i + 1 }))
        for (let length = 1; length <= numbered.length; length++) {
          const broken = lawsBroken(projectCall(numbered.slice(0, length)))
          expect(broken.filter((law) => !law.startsWith('nothing explains'))).toEqual([])
        }
      }),
      { numRuns: 300 },
    )
  })
})
