/**
 * What the scenario files would catch: the facts of every story are projected again with one fact moved by a second, and with one
 * left out. For each kind of fact below some scenario must fail on either; a kind nobody would miss has been checked by nobody.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { playScenario, readScenario } from '#app/play.ts'
import type { FactType, Recorded } from '#core/facts.ts'
import { differences } from '#sim/expect.ts'
import { type Played, storiesOf } from '#sim/player.ts'
import type { ExpectedCall } from '#sim/scenario.ts'

const folder = path.resolve(import.meta.dirname, '../scenarios')

const KINDS: readonly FactType[] = [
  'call.started',
  'call.ended',
  'leg.arrived',
  'leg.requested',
  'leg.ringing',
  'leg.answered',
  'leg.ended',
  'bridge.joined',
  'menu.entered',
  'menu.left',
  'entry.joined',
  'entry.left',
  'leg.held',
  'leg.resumed',
  'callback.orderLeft',
  'callback.ordered',
  'agent.wrapUpEnded',
]

/** Those whose instant no story tells, for another fact of the same instant does: only that they were. */
const TIMELESS: readonly FactType[] = [
  'callback.orderStarted',
  'callback.attemptEnded',
  'callback.voicemailMarked',
  'call.related',
  'agent.wrapUpStarted',
]

interface Told {
  readonly file: string
  readonly expected: readonly ExpectedCall[]
  readonly played: Played
}

/** Whether the story of these facts is another than the file expects. Facts of which no story can be made are caught too. */
function caught({ expected, played }: Told, facts: readonly Recorded[]): boolean {
  try {
    return differences(expected, storiesOf(facts), played).length > 0
  } catch {
    return true
  }
}

const moved = (facts: readonly Recorded[], at: number): readonly Recorded[] =>
  facts.map((recorded, index) => (index === at ? { ...recorded, at: recorded.at + 1000 } : recorded))
const without = (facts: readonly Recorded[], at: number): readonly Recorded[] => facts.filter((_, index) => index !== at)

describe('a scenario fails', () => {
  const all: Told[] = []

  beforeAll(async () => {
    for (const file of readdirSync(folder)) {
      const read = readScenario(readFileSync(path.join(folder, file), 'utf8'))
      if ('errors' in read) throw new Error(`${file}: ${JSON.stringify(read.errors)}`)
      all.push({ file, expected: read.scenario.expect?.calls ?? [], played: await playScenario(read, () => undefined) })
    }
  })

  /** The scenario files that fail when one fact of this kind is changed so, whichever it is. */
  const failing = (kind: FactType, change: (facts: readonly Recorded[], at: number) => readonly Recorded[]): readonly string[] =>
    all.flatMap((told) => {
      const { facts } = told.played
      const some = facts.some((recorded, index) => recorded.fact.type === kind && caught(told, change(facts, index)))
      return some ? [told.file] : []
    })

  it('on nothing when nothing is changed', () => {
    expect(all.filter((told) => caught(told, told.played.facts)).map((told) => told.file)).toEqual([])
  })

  it.each(KINDS)('when a %s comes a second later', (kind) => expect(failing(kind, moved)).not.toEqual([]))
  it.each([...KINDS, ...TIMELESS])('when a %s is left out', (kind) => expect(failing(kind, without)).not.toEqual([]))
})
