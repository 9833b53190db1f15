/** The law itself: each sentence of it, broken by hand, is named. */
import { describe, expect, it } from 'vitest'
import { allCases } from './cases/all.ts'
import { T0 } from './cases/script.ts'
import { lawsBroken } from './law.ts'
import { projectCall } from './projection.ts'
import type { ArchiveEvent, Story } from './story.ts'

const told = (name: string): Story => {
  const found = allCases.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no case ${name}`)
  return projectCall(found.facts)
}

const changed = (name: string, index: number, change: Partial<ArchiveEvent>): Story => {
  const story = told(name)
  return { ...story, events: story.events.map((event, i) => (i === index ? { ...event, ...change } : event)) }
}

const second = (seconds: number): number => T0 + seconds * 1000

describe('the law names', () => {
  it('two events open at once', () => {
    expect(lawsBroken(changed('A1', 1, { endedAt: second(141) }))).toContain('queue e6 is open while menu e8 is')
  })

  it('a conversation beside another, but not a menu inside one', () => {
    expect(lawsBroken(told('E1'))).toEqual([])
    expect(lawsBroken(changed('E1', 2, { kind: 'consult' }))).toHaveLength(1)
    expect(lawsBroken(changed('E1', 1, { kind: 'consult' }))).toHaveLength(1)
  })

  it('an event of negative length', () => {
    expect(lawsBroken(changed('B1', 2, { endedAt: second(11) }))[0]).toContain('negative length')
  })

  it('an event told too early', () => {
    const story = told('A1')
    expect(lawsBroken({ ...story, events: story.events.toReversed() }).some((law) => law.includes('told after'))).toBe(true)
  })

  it('an event that outlives the call, by a little or for ever', () => {
    expect(lawsBroken(changed('B1', 2, { endedAt: second(101) }))[0]).toContain('ends after the call')
    expect(lawsBroken(changed('B1', 2, { endedAt: null }))[0]).toContain('goes on')
  })

  it('a second event of the same id', () => {
    expect(lawsBroken(changed('B1', 2, { id: 'e2' }))[0]).toContain('its id')
  })

  it('a hole that no leg explains', () => {
    expect(lawsBroken(changed('F1', 2, { endedAt: second(90) }))).toEqual(['nothing explains 130000–140000 ms'])
  })

  it('a live story that has ended', () => {
    expect(lawsBroken({ ...told('B1'), result: 'live' })).toEqual(['live and ended at once'])
  })
})

describe('holes explained by a leg', () => {
  it.each(['A1', 'C1', 'D3', 'F4', 'F5', 'F10', 'F12', 'F13'])('%s', (name) => {
    expect(lawsBroken(told(name))).toEqual([])
  })

  it('but only while that leg is in that state', () => {
    const story = told('F4')
    expect(lawsBroken({ ...story, legs: story.legs.filter((leg) => leg.agentId !== 'agent2') })).toEqual([
      'nothing explains 100000–106000 ms',
    ])
  })

  it('at the end, while the last legs are being hung up, for ten seconds', () => {
    const story = told('B2')
    const hungUpAt = (seconds: number): Story => ({
      ...story,
      endedAt: second(seconds),
      legs: story.legs.map((leg) => (leg.party === 'agent' ? { ...leg, endedAt: second(seconds) } : leg)),
    })
    expect(lawsBroken(hungUpAt(32))).toEqual([])
    expect(lawsBroken(hungUpAt(60))).toEqual(['nothing explains 41000–60000 ms'])
  })
})
