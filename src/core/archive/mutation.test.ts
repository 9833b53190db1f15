/**
 * What the cases would catch: the tables of archive.md are compared again after one fact was moved by a second, or left out. A fact type no
 * case would miss is one whose meaning nobody has checked.
 */
import { describe, expect, it } from 'vitest'
import type { FactType, Recorded } from '../facts.ts'
import { allCases } from './cases/all.ts'
import { rows } from './cases/shape.ts'
import { projectCall } from './projection.ts'

/** What the tables show of a story. */
function told(facts: readonly Recorded[]): string {
  const story = projectCall(facts)
  return JSON.stringify([
    rows(story),
    story.endedAt,
    story.result,
    story.waitMs,
    story.waitToCustomerMs,
    story.agents.map((agent) => [agent.id, agent.speakMs]),
    story.speakMs,
  ])
}

type Change = (facts: readonly Recorded[], i: number) => readonly Recorded[]

const by =
  (ms: number): Change =>
  (facts, i) =>
    facts.map((recorded, j) => (i === j ? { ...recorded, at: recorded.at + ms } : recorded))
const later = by(1000)
const earlier = by(-1000)
const leftOut: Change = (facts, i) => facts.filter((_, j) => j !== i)

/** Per fact type, the cases in whose tables the change of one such fact is seen. */
function seen(change: Change): Map<FactType, Set<string>> {
  const found = new Map<FactType, Set<string>>()
  for (const { name, facts } of allCases) {
    const before = told(facts)
    for (const [i, recorded] of facts.entries()) {
      if (i === 0 && change === leftOut) continue
      if (told(change(facts, i)) === before) continue
      const type = recorded.fact.type
      found.set(type, (found.get(type) ?? new Set()).add(name))
    }
  }
  return found
}

describe('one fact changed is seen by at least one case', () => {
  const moved = { later: seen(later), earlier: seen(earlier) }
  it.each<FactType>([
    'call.started',
    'call.ended',
    'leg.answered',
    'leg.ended',
    'bridge.joined',
    'menu.entered',
    'menu.left',
    'entry.joined',
    'entry.left',
    'callback.orderStarted',
    'callback.orderLeft',
    'callback.ordered',
    'contact.silent',
  ])('%s moved by one second', (type) => {
    expect([...(moved.later.get(type) ?? []), ...(moved.earlier.get(type) ?? [])]).not.toEqual([])
  })

  const missed = seen(leftOut)
  it.each<FactType>([
    'call.ended',
    'leg.arrived',
    'leg.requested',
    'leg.answered',
    'leg.ended',
    'bridge.joined',
    'menu.entered',
    'menu.left',
    'entry.joined',
    'entry.left',
    'callback.orderStarted',
    'callback.orderLeft',
    'callback.ordered',
    'callback.attemptEnded',
    'callback.voicemailMarked',
    'contact.silent',
  ])('%s left out', (type) => {
    expect([...(missed.get(type) ?? [])]).not.toEqual([])
  })
})
