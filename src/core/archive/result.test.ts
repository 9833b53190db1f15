/** The closed list of results, archive.md 4: every one has a story. */
import { describe, expect, it } from 'vitest'
import { allCases } from './cases/all.ts'
import { endings } from './cases/results.ts'
import { rows } from './cases/shape.ts'
import { lawsBroken } from './law.ts'
import { projectCall } from './projection.ts'
import { RESULTS } from './story.ts'

const ending = (name: string) => {
  const found = endings.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no ending ${name}`)
  return projectCall(found.facts)
}

describe('results', () => {
  it.each(endings.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const story = projectCall(one.facts)
    expect(story.result).toBe(one.result)
    expect(lawsBroken(story)).toEqual([])
  })

  it('have a story each', () => {
    const told = new Set([...allCases, ...endings].map((one) => one.result))
    expect(RESULTS.filter((result) => !told.has(result))).toEqual([])
  })
})

describe('waits of callers nobody answered', () => {
  it.each([
    ['a caller still waiting', null],
    ['hung up waiting', 80],
    ['hung up in the ordering menus', 60],
    ['the queue was full', 0],
    ['waited too long, then gave up in the queue that took over', 690],
    ['outside opening hours', null],
    ['ordered again a callback that was open', 60],
    ['a callback given up', 8990],
  ])('%s: %s s', (name, seconds) => {
    expect(ending(name).waitMs).toBe(seconds === null ? null : seconds * 1000)
  })
})

describe('how a queue event ended', () => {
  it.each([
    ['hung up waiting', 'hungUp'],
    ['hung up in the ordering menus', 'digit'],
    ['ordered again a callback that was open', 'callbackOrdered'],
    ['a callback given up', 'callbackOrdered'],
    ['a caller deleted from the queue', 'deleted'],
    ['the queue was full', 'full'],
    ['the trunk lost the waiting caller', 'failed'],
  ])('%s: %s', (name, reason) => {
    expect(ending(name).events.find((event) => event.kind === 'queue')?.reason).toBe(reason)
  })

  it('of what never waited on the line has no reason', () => {
    expect(ending('destination busy').events[0]).not.toHaveProperty('reason')
  })
})

describe('a caller turned away', () => {
  it('leaves a queue event of no length, and the message after it', () => {
    expect(rows(ending('the queue was full'))).toEqual(['Menu 0–10', 'Queue 10', 'Menu 10–15'])
  })

  it('by a supervisor, from the line, leaves a queue event and a Deleted', () => {
    expect(rows(ending('a caller deleted from the queue'))).toEqual(['Menu 0–10', 'Queue 10–90', 'Deleted 90 by supervisor supervisor'])
  })
})
