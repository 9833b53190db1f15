/** The same facts taken from the beginning and from each snapshot: what is proved by it, and what is objected to. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Recorded } from '#core/facts.ts'
import { Shadow } from '#engine/restore.ts'
import type { Snapshot } from '#ports/journal.ts'
import { playScenario, readScenario } from './play.ts'
import { Replay } from './replay.ts'

let facts: readonly Recorded[]
beforeAll(async () => {
  const file = path.resolve(import.meta.dirname, '../../scenarios/campaign-two-with-the-same-agents.json')
  const read = readScenario(readFileSync(file, 'utf8'))
  if ('errors' in read) throw new Error(JSON.stringify(read.errors))
  facts = (await playScenario(read, () => undefined)).facts
})

const snapshotAt = (position: number): Snapshot => {
  const world = new Shadow(null)
  world.apply(facts.slice(0, position))
  return world.save()
}
/** Of another state than was written. */
const stating = ({ position, state }: Snapshot, change: object): Snapshot => ({
  position,
  state: JSON.stringify({ ...JSON.parse(state), ...change }),
})
/** In runs of seven, as they were written. */
const replayed = (snapshots: readonly Snapshot[], there: readonly Recorded[] = facts) => {
  const replay = new Replay(snapshots)
  for (let from = 0; from < there.length; ) {
    const first = there[from]?.position ?? 0
    const run = there.slice(from, from + 7).filter(({ position }, index) => position === first + index)
    const objection = replay.take(run)
    if (objection !== null) return objection
    from += run.length
  }
  return replay.end() ?? replay.says()
}

describe('whole', () => {
  test('from the first fact and from each snapshot, wherever in a run it stands', () => {
    expect(replayed([snapshotAt(31), snapshotAt(80)])).toBe(
      'journal.db: replayed from the first fact and the snapshot at 31 and the snapshot at 80 to the same world',
    )
  })

  test('where facts have left, from the snapshots that hold them', () => {
    const there = facts.filter(({ position }) => position <= 10 || position > 30)
    expect(replayed([snapshotAt(30), snapshotAt(80)], there)).toBe(
      'journal.db: replayed from the snapshot at 30 and the snapshot at 80 to the same world',
    )
  })

  test('a snapshot of an older program is told of, and proves nothing', () => {
    expect(replayed([stating(snapshotAt(31), { format: 1 }), snapshotAt(80)])).toBe(
      'journal.db: replayed from the first fact and the snapshot at 80 to the same world; of an older program, and not used: 31',
    )
  })
})

describe('objected to', () => {
  test('a snapshot that is not the world its facts make, by its place', () => {
    const other = stating(snapshotAt(80), { day: { from: 0, until: 1 } })
    const what = 'the snapshot is not the world that its facts make'
    expect(replayed([snapshotAt(31), other])).toEqual({ file: 'journal.db', position: 80, what })
  })

  test('one that tells of another place than its own, also behind the last fact', () => {
    const what = 'the snapshot is one of fact 79'
    const other = { ...snapshotAt(79), position: 80 }
    expect(replayed([other])).toEqual({ file: 'journal.db', position: 80, what })
    expect(replayed([other], facts.slice(0, 60))).toEqual({ file: 'journal.db', position: 80, what })
  })

  test('facts that no rule can take, as one of a call that never began', () => {
    const began = facts.findIndex(({ fact }) => fact.type === 'call.started')
    const there = facts.toSpliced(began, 1).map((recorded, index) => ({ ...recorded, position: index + 1 }))
    expect(replayed([], there)).toMatchObject({
      file: 'journal.db',
      what: expect.stringMatching(/^the facts up to \d+ cannot be replayed: /),
    })
  })
})
