/** The stories of archive.md 3 and their measures, case by case. */
import { describe, expect, it } from 'vitest'
import { allCases } from './cases/all.ts'
import { T0 } from './cases/script.ts'
import { rows } from './cases/shape.ts'
import { lawsBroken } from './law.ts'
import { apply, begin, projectCall, storyOf } from './projection.ts'

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000)

describe('the cases of the tables', () => {
  it.each(allCases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const story = projectCall(one.facts)
    expect(rows(story)).toEqual(one.events)
    expect(story.endedAt).toBe(T0 + one.end * 1000)
    expect(story.result).toBe(one.result)
    expect(seconds(story.waitMs)).toBe(one.wait)
    expect(seconds(story.waitToCustomerMs)).toBe(one.toCustomer)
    const speak = Object.fromEntries(story.agents.map((agent) => [agent.id, seconds(agent.speakMs)]))
    expect(speak).toEqual(one.speak)
    expect(Object.keys(speak)).toEqual(Object.keys(one.speak))
    const sum = Object.values(one.speak).reduce((all, part) => all + part, 0)
    expect(seconds(story.speakMs)).toBe(one.speakInAll ?? sum)
    expect(lawsBroken(story)).toEqual([])
  })

  it('are all there', () => {
    const numbers = (letter: string, upTo: number) => Array.from({ length: upTo }, (_, i) => `${letter}${i + 1}`)
    const wanted = [
      ...numbers('A', 8),
      ...numbers('B', 7),
      ...numbers('C', 2),
      ...numbers('D', 10),
      ...numbers('E', 1),
      ...numbers('F', 14),
    ]
    expect(wanted.filter((name) => !allCases.some((one) => one.name === name))).toEqual([])
  })
})

describe('every prefix of a case', () => {
  it.each(allCases.map((one) => [one.name, one] as const))('%s is a lawful live story, the same told at once or as it grows', (_, one) => {
    const [first, ...rest] = one.facts
    if (first === undefined) throw new Error('a case without facts')
    const growing = begin(first)
    for (const [i, recorded] of rest.entries()) {
      apply(growing, recorded)
      const story = storyOf(growing)
      expect(JSON.stringify(story)).toBe(JSON.stringify(projectCall(one.facts.slice(0, i + 2))))
      expect(lawsBroken(story), `after ${recorded.fact.type} at ${recorded.position}`).toEqual([])
    }
  })
})
