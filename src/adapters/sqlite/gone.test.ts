/** Facts that leave the journal's file: what is left stays sealed, and is still checked byte by byte; the file is mended around them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { callOf, type Recorded } from '#core/facts.ts'
import { callFacts, inOrder, loggedOn } from '../../../tests/journal-retaining.contract.ts'
import { JournalCheck } from './check/journal-check.ts'
import { JournalFile } from './journal-file.ts'
import { openJournalFile } from './journal-salvage.ts'

const CALLS = 6
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'samtal-gone-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const lineOf = ({ at, fact }: Recorded): string => `${at}\t${callOf(fact) ?? ''}\t${fact.type}\t${JSON.stringify(fact)}\n`

/** Calls laid between each other by `turns`, in batches of `sizes`, the last two facts behind the older snapshot. */
const written = (turns: readonly number[], sizes: readonly number[]): { file: JournalFile; facts: readonly Recorded[] } => {
  const { file } = openJournalFile(folder)
  const left = Array.from({ length: CALLS }, (_, index) => callFacts(`c${index}`, 'q'))
  const facts = inOrder([...turns.map((turn) => left[turn]?.shift() ?? loggedOn), ...left.flat(), loggedOn, loggedOn])
  let from = 0
  for (const size of [...sizes, facts.length]) {
    const lines = facts
      .slice(from, from + size)
      .map(lineOf)
      .join('')
    const expected = from
    if (lines !== '') file.transaction(() => file.write({ expected, lines }))
    from = Math.min(facts.length, from + size)
  }
  for (const position of [facts.length - 2, facts.length - 1]) file.saveSnapshot({ position, state: `{"at":${position}}` })
  return { file, facts }
}

const checked = (): ReturnType<JournalCheck['facts']> => {
  const check = new JournalCheck(folder)
  try {
    return check.facts(() => null)
  } finally {
    check.close()
  }
}
const positionsIn = (file: JournalFile): number[] =>
  file.db.prepare('SELECT position FROM facts ORDER BY position').pluck().all() as number[]

const turns = fc.array(fc.nat(CALLS - 1), { minLength: 20, maxLength: 60 })
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 })
const gone = fc.uniqueArray(fc.nat(CALLS - 1), { minLength: 1 })
const anew = (): void => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name))
}

describe('whatever leaves, in whatever order', () => {
  test('the seals hold, and what left is counted', () => {
    fc.assert(
      fc.property(turns, sizes, gone, fc.boolean(), (turns, sizes, gone, others) => {
        anew()
        const { file, facts } = written(turns, sizes)
        const ids = gone.map((index) => `c${index}`)
        for (const id of ids) file.gone.forgetCalls([id])
        if (others) file.gone.forgetOthers({ after: 0, before: Number.MAX_SAFE_INTEGER, limit: 1_000 })
        const kept = facts.filter(({ position, fact }) =>
          callOf(fact) === undefined ? !others || position > facts.length - 2 : !ids.includes(callOf(fact) ?? ''),
        )
        expect(positionsIn(file)).toEqual(kept.map(({ position }) => position))
        file.close()
        expect(checked()).toEqual({ facts: kept.length, last: facts.length, left: facts.length - kept.length, lost: 0 })
        const again = openJournalFile(folder)
        expect(again.opened).toMatchObject({ position: facts.length, damage: null })
        again.file.transaction(() => again.file.write({ expected: facts.length, lines: lineOf({ position: 0, at: 9e12, fact: loggedOn }) }))
        again.file.close()
        expect(checked()).toMatchObject({ facts: kept.length + 1, lost: 0 })
      }),
      { numRuns: 40 },
    )
  })

  test('with all calls and facts of none, one row tells of it', () => {
    const { file, facts } = written([0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1], [2, 3, 5, 1])
    file.gone.forgetCalls(Array.from({ length: CALLS }, (_, index) => `c${index}`))
    file.gone.forgetOthers({ after: 0, before: Number.MAX_SAFE_INTEGER, limit: 1_000 })
    expect(positionsIn(file)).toEqual([facts.length - 1, facts.length])
    expect(file.db.prepare('SELECT count(*) FROM gone').pluck().get()).toBeLessThanOrEqual(2)
    file.close()
  })
})

describe('a fact that is missing or changed otherwise', () => {
  const spoilt = (sql: string): ReturnType<typeof checked> => {
    const { file } = written([0, 1, 0, 1, 0, 1, 2, 2, 2, 3, 4, 5], [4, 4, 4, 4, 4, 4])
    file.gone.forgetCalls(['c0', 'c3'])
    file.db.exec(sql)
    file.close()
    return checked()
  }
  const kept = 'position = (SELECT min(position) FROM facts)'
  test.each([
    ['a fact left beside one that has gone is changed', `UPDATE facts SET at = at + 1 WHERE ${kept}`],
    ['or given to another call', `UPDATE facts SET call_id = 'c5' WHERE ${kept}`],
    ['or is missing', `DELETE FROM facts WHERE ${kept}`],
    ['or moved to where one has gone', `UPDATE facts SET position = 1 WHERE ${kept}`],
    ['a batch behind is missing whole', 'DELETE FROM facts WHERE position BETWEEN 21 AND 24'],
    ['what has gone is forgotten', 'DELETE FROM gone'],
    ['what has gone is told to be more', 'UPDATE gone SET last = last + 4 WHERE first = (SELECT max(first) FROM gone)'],
    ['or told to be elsewhere', 'UPDATE gone SET first = first + 1 WHERE first = (SELECT min(first) FROM gone)'],
    ['the seal of what has gone is changed', `UPDATE gone SET seal = x'00112233445566778899aabbccddeeff'`],
    ['the count of what is left', 'UPDATE gone SET kept = kept + 1'],
  ])('%s', (_name, sql) => expect(spoilt(sql)).toMatchObject({ what: expect.stringMatching(/not what was left|sealed/) }))

  test('one that is to leave and is not there', () => {
    expect(spoilt(`INSERT INTO leaving VALUES ('nobody')`)).toMatchObject({ what: expect.stringMatching(/there is no fact/) })
  })

  test('nothing leaves out of a batch that is not what was written', () => {
    const { file } = written([0, 1, 0, 1], [4, 4, 4])
    file.db.exec('UPDATE facts SET at = at - 1 WHERE position = 2')
    const before = positionsIn(file)
    expect(() => file.gone.forgetCalls(['c0'])).toThrow('facts 1 to 4 are not those that were sealed')
    expect(positionsIn(file)).toEqual(before)
    file.close()
  })
})

describe('a file that is damaged after calls have left', () => {
  const left = (): { facts: readonly Recorded[] } => {
    const { file, facts } = written([0, 1, 0, 1, 0, 1, 2, 2, 2, 3, 4, 5], [4, 4, 4, 4, 4, 4])
    file.gone.forgetCalls(['c0', 'c3'])
    file.close()
    return { facts }
  }
  const spoil = (sql: string): void => {
    const file = new JournalFile(folder)
    file.db.exec(sql)
    file.close()
  }

  test('is mended around them: what left stays left, what was lost is lost', () => {
    const { facts } = left()
    spoil('UPDATE facts SET at = at + 1 WHERE position = 22')
    const { file, opened } = openJournalFile(folder)
    expect(opened).toMatchObject({ position: facts.length, damage: expect.stringContaining('before the snapshot') })
    file.close()
    const now = checked()
    expect(now).toMatchObject({ last: facts.length, lost: 4 })
    expect('left' in now && now.left).toBe(14)
  })

  test('what is left of a run that is not told rightly is lost', () => {
    const { facts } = left()
    spoil('UPDATE gone SET kept = kept + 1 WHERE first = 1')
    const { file, opened } = openJournalFile(folder)
    expect(opened).toMatchObject({ position: facts.length, damage: expect.stringContaining('before the snapshot') })
    expect(positionsIn(file)[0]).toBeGreaterThan(4)
    file.close()
    expect(checked()).toMatchObject({ last: facts.length })
  })

  test('without a snapshot that is whole nothing is opened, and nothing is changed', () => {
    left()
    spoil(`UPDATE snapshots SET state = '{}'`)
    const before = readFileSync(join(folder, 'journal.db'))
    expect(() => openJournalFile(folder)).toThrow('no snapshot of the journal is whole')
    spoil(`UPDATE facts SET at = at + 1 WHERE position = 22`)
    expect(() => openJournalFile(folder)).toThrow('no snapshot of the journal is whole')
    expect(before.length).toBe(readFileSync(join(folder, 'journal.db')).length)
    expect(readdirSync(folder).filter((name) => name.includes('damaged') || name.includes('salvage'))).toEqual([])
  })
})
