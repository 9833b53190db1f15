/** What leaves a journal by its age, whatever it is made of: a part of `journal.contract.ts`. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fact, Recorded } from '#core/facts.ts'
import type { CallId } from '#core/kernel/kernel.ts'
import type { Journal, Persons, Retaining } from '#ports/journal.ts'
import { failureOf, type JournalBench, readAll } from './journal.contract.ts'

type Kept = Journal & Persons & Retaining
export const T0 = 1_795_000_000_000

/** A call from its start to its end, in a queue where one is named; each fact takes a millisecond. */
export const callFacts = (callId: CallId, queueId?: string): Fact[] => [
  {
    ...{ type: 'call.started', callId, direction: 'inbound', customer: `p-${callId}` },
    ...{ from: { person: `p-${callId}` }, to: { person: 'line' } },
  },
  { type: 'leg.arrived', callId, legId: `l-${callId}`, personId: `p-${callId}` },
  { type: 'leg.answered', callId, legId: `l-${callId}` },
  ...(queueId === undefined
    ? []
    : ([
        { type: 'entry.joined', callId, entryId: `e-${callId}`, queueId, kind: 'line', place: 'end', since: T0, leavesAt: null },
        { type: 'entry.left', callId, entryId: `e-${callId}`, queueId, reason: 'deleted', why: 'supervisor', noteId: `n-${callId}` },
      ] satisfies Fact[])),
  { type: 'leg.ended', callId, legId: `l-${callId}`, outcome: 'answered', by: 'party', cause: 16 },
  { type: 'call.ended', callId },
]
export const loggedOn: Fact = { type: 'agent.loggedOn', agentId: 'anna', by: 'agent' }

/** Facts in a row, as the journal numbers them. */
export const inOrder = (facts: readonly Fact[], after = 0): Recorded[] =>
  facts.map((fact, index) => ({ position: after + 1 + index, at: T0 + after + 1 + index, fact }))

/** Each of `sizes` a batch, the rest in one. */
export const appendAll = async (journal: Kept, facts: readonly Recorded[], sizes: readonly number[] = []): Promise<void> => {
  let from = 0
  for (const size of [...sizes, facts.length]) {
    const batch = facts.slice(from, from + size)
    if (batch.length > 0) await journal.append(from, { facts: batch })
    from += batch.length
  }
}
export const snapshotsAt = async (journal: Kept, ...positions: readonly number[]): Promise<void> => {
  for (const position of positions) await journal.saveSnapshot({ position, state: `{"at":${position}}` })
}
/** All that is due, in as many steps as it takes. */
const outlived = async (journal: Kept, calls: number, queues: Record<string, number> = {}): Promise<CallId[]> => {
  const found: CallId[] = []
  for (let after: number | null = 0; after !== null; ) {
    const next: Awaited<ReturnType<Kept['outlived']>> = await journal.outlived({
      after,
      upTo: await journal.leavableUpTo(),
      horizons: { calls, queues },
    })
    found.push(...next.calls)
    after = next.next
  }
  return found
}
const EVER = T0 * 2

const choosing = (opened: () => Kept): void => {
  test('calls that are over leave when two snapshots hold all of them, and no sooner', async () => {
    await appendAll(opened(), inOrder([...callFacts('a'), ...callFacts('b'), ...callFacts('c').slice(0, -1), ...callFacts('d'), loggedOn]))
    expect([await opened().leavableUpTo(), await outlived(opened(), EVER)]).toEqual([0, []])
    await snapshotsAt(opened(), 18)
    expect([await opened().leavableUpTo(), await outlived(opened(), EVER)]).toEqual([0, []])
    await snapshotsAt(opened(), 19)
    expect([await opened().leavableUpTo(), await outlived(opened(), EVER)]).toEqual([18, ['a', 'b']])
    await snapshotsAt(opened(), 20)
    expect([await opened().leavableUpTo(), await outlived(opened(), EVER)]).toEqual([19, ['a', 'b', 'd']])
  })

  test('those that are not older than asked stay; of a queue, by what it asks', async () => {
    const facts = inOrder([...callFacts('a', 'long'), ...callFacts('b', 'short'), ...callFacts('c'), ...callFacts('d', 'short'), loggedOn])
    await appendAll(opened(), facts)
    await snapshotsAt(opened(), 26, 27)
    const end = (callId: CallId): number => facts.findLast(({ fact }) => 'callId' in fact && fact.callId === callId)?.at ?? 0
    expect(await outlived(opened(), end('c'), { long: 0, short: 0 })).toEqual([])
    expect(await outlived(opened(), end('c') + 1, { long: 0, short: 0 })).toEqual(['c'])
    expect(await outlived(opened(), 0, { long: end('a') + 1, short: end('d') })).toEqual(['a', 'b'])
    expect(await outlived(opened(), EVER)).toEqual(['a', 'b', 'd'].toSpliced(2, 0, 'c'))
  })

  test('many calls are gone through piece by piece, each told once', async () => {
    const ids = Array.from({ length: 130 }, (_, index) => `c${index}`)
    // Two calls at a time, fact by fact in turn.
    const facts = ids.flatMap((id, index) => {
      const other = ids[index + 1]
      if (index % 2 === 1 || other === undefined) return []
      const [one, two] = [callFacts(id), callFacts(other)]
      return one.flatMap((fact, at) => [fact, two[at] ?? loggedOn])
    })
    // One before them, so that pieces end in the midst of calls.
    await appendAll(opened(), inOrder([loggedOn, ...facts, loggedOn]))
    await snapshotsAt(opened(), facts.length + 1, facts.length + 2)
    expect(await outlived(opened(), EVER)).toEqual(ids)
  })
}

const forgetting = (bench: () => JournalBench, opened: () => Kept): void => {
  test('the facts of a call go with its notes; all others stay as they were, in their places', async () => {
    const facts = inOrder([...callFacts('a', 'q'), loggedOn, ...callFacts('b', 'q'), loggedOn])
    const notes = ['a', 'b'].map((id) => ({ noteId: `n-${id}`, text: `of ${id}` }))
    await opened().append(0, { facts, notes })
    await snapshotsAt(opened(), 15, 16)
    expect(await opened().forgetCalls(['a'])).toBe(7)
    expect(await readAll(opened())).toEqual(facts.slice(7))
    expect(await readAll(opened(), 3)).toEqual(facts.slice(7))
    expect([await opened().factsOf('a'), await opened().factsOf('b')]).toEqual([[], facts.slice(8, 15)])
    expect([await opened().note('n-a'), await opened().note('n-b')]).toEqual([null, 'of b'])
    expect(await opened().forgetCalls(['a'])).toBe(0)
    await opened().append(16, { facts: inOrder([loggedOn], 16) })
    await opened().close()
    const again = bench().journal()
    expect(await again.open()).toMatchObject({ position: 17, lastAt: T0 + 17, goneUpTo: 7, damage: null })
    expect(await readAll(again)).toEqual([...facts.slice(7), ...inOrder([loggedOn], 16)])
    await again.append(17, { facts: inOrder([loggedOn], 17) })
    await again.close()
  })

  test('what two snapshots do not hold is refused, and nothing of it leaves', async () => {
    const facts = inOrder([...callFacts('a'), ...callFacts('b'), loggedOn])
    await appendAll(opened(), facts)
    await snapshotsAt(opened(), 9, 11)
    expect(await failureOf(opened().forgetCalls(['a', 'b']))).toMatchObject({ port: 'journal', retry: false })
    expect(await readAll(opened())).toEqual(facts)
    expect(await opened().forgetCalls(['a'])).toBe(5)
  })

  test('what was decided to leave is known after a kill, until it has left', async () => {
    await appendAll(opened(), inOrder([...callFacts('a'), ...callFacts('b'), loggedOn, loggedOn]))
    await snapshotsAt(opened(), 11, 12)
    await opened().markLeaving(['b', 'a'])
    await opened().markLeaving(['a'])
    await bench().kill(opened())
    const next = bench().journal()
    await next.open()
    expect(await next.leaving()).toEqual(['a', 'b'])
    await next.forgetCalls(['a'])
    expect(await next.leaving()).toEqual(['b'])
    expect(await readAll(next)).toHaveLength(7)
    await next.close()
  })

  test('facts of no call leave by their age alone', async () => {
    const facts = inOrder([loggedOn, ...callFacts('a'), loggedOn, loggedOn, loggedOn])
    await appendAll(opened(), facts)
    await snapshotsAt(opened(), 8, 9)
    const forget = async (before: number): Promise<number> => {
      let gone = 0
      for (let after: number | null = 0; after !== null; ) {
        const step: Awaited<ReturnType<Kept['forgetOthers']>> = await opened().forgetOthers({ after, before })
        gone += step.facts
        after = step.next
      }
      return gone
    }
    expect(await forget(T0 + 7)).toBe(1)
    expect(await forget(T0 + 7)).toBe(0)
    expect(await forget(EVER)).toBe(2)
    expect(await readAll(opened())).toEqual(facts.filter(({ position }) => ![1, 7, 8].includes(position)))
  })
}

const parting = (bench: () => JournalBench, opened: () => Kept): void => {
  const person = (id: string, number: string | null = `+4670174060${id.length}`) => ({
    personId: `p-${id}`,
    number,
    kind: 'person' as const,
  })
  /** Of facts in order: all who are mentioned by none. */
  const unmentioned = async (journal = opened()): Promise<{ ids: string[]; behind: number }> => {
    for (let after = 0; ; ) {
      const found = await journal.unmentioned({ after })
      if (found.next === null) return { ids: found.persons.map(({ personId }) => personId).sort(), behind: after }
      after = found.next
    }
  }

  test('of those whose calls left, whom no other fact mentions is told of, and may go for good', async () => {
    // The second call is with the customer of the first one too; lines of our own are in all of them.
    const second = callFacts('bb').map((fact) => (fact.type === 'leg.arrived' ? { ...fact, personId: 'p-a' } : fact))
    const persons = [person('a'), person('bb'), person('ccc', null), { ...person('x'), personId: 'line', kind: 'line' as const }]
    await opened().append(0, { facts: inOrder([...callFacts('a'), ...second, ...callFacts('ccc'), loggedOn, loggedOn]), persons })
    await snapshotsAt(opened(), 16, 17)
    expect((await unmentioned()).ids).toEqual([])
    await opened().forgetCalls(['a', 'ccc'])
    const { ids, behind } = await unmentioned()
    expect(ids).toEqual(['p-ccc'])
    expect(await opened().forgetPersons({ persons: ids, behind })).toEqual(ids)
    expect([...(await opened().get(['p-a', 'p-bb', 'p-ccc', 'line'])).keys()]).toEqual(['p-a', 'p-bb', 'line'])
    await opened().keepPersons()
    expect((await unmentioned()).ids).toEqual([])
    await opened().forgetCalls(['bb'])
    expect((await unmentioned()).ids).toEqual(['p-a', 'p-bb'])
  })

  test('whoever is met meanwhile stays; whom is to be looked for is known after a kill', async () => {
    await opened().append(0, {
      facts: inOrder([...callFacts('a'), ...callFacts('bb'), loggedOn, loggedOn]),
      persons: [person('a'), person('bb')],
    })
    await snapshotsAt(opened(), 11, 12)
    await opened().forgetCalls(['a', 'bb'])
    await bench().kill(opened())
    const next = bench().journal()
    await next.open()
    const { ids, behind } = await unmentioned(next)
    expect(ids).toEqual(['p-a', 'p-bb'])
    await next.append(12, { facts: inOrder(callFacts('a').slice(0, 2), 12) })
    expect(await next.forgetPersons({ persons: ids, behind })).toEqual(['p-bb'])
    expect([await next.find('+46701740601'), await next.find('+46701740602')]).toEqual(['p-a', undefined])
    await next.close()
  })
}

/** Calls laid between each other, in batches of any size, leaving in any order. */
const drawn = fc.record({
  turns: fc.array(fc.nat(5), { minLength: 20, maxLength: 60 }),
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }),
  gone: fc.uniqueArray(fc.nat(5), { maxLength: 6 }),
  others: fc.boolean(),
})

export const retaining = (bench: () => JournalBench, opened: () => Kept): void => {
  choosing(opened)
  forgetting(bench, opened)
  parting(bench, opened)

  test('whatever leaves in whatever order, exactly the rest is there, after a restart too', async () => {
    await opened().close()
    await fc.assert(
      fc.asyncProperty(drawn, async ({ turns, sizes, gone, others }) => {
        const { journal, done } = bench().another()
        try {
          await journal.open()
          const left = Array.from({ length: 6 }, (_, index) => callFacts(`c${index}`, 'q'))
          const facts = inOrder([...turns.map((turn) => left[turn]?.shift() ?? loggedOn), ...left.flat(), loggedOn, loggedOn])
          await appendAll(journal, facts, sizes)
          await snapshotsAt(journal, facts.length - 1, facts.length)
          const ids = gone.map((index) => `c${index}`)
          for (const id of ids) await journal.forgetCalls([id])
          if (others) await journal.forgetOthers({ after: 0, before: EVER })
          const isKept = ({ fact, position }: Recorded): boolean =>
            'callId' in fact ? !ids.includes(fact.callId ?? '') : !others || position === facts.length
          expect(await readAll(journal)).toEqual(facts.filter(isKept))
          await journal.close()
          expect(await journal.open()).toMatchObject({ position: facts.length, damage: null })
          expect(await readAll(journal)).toEqual(facts.filter(isKept))
        } finally {
          await journal.close()
          await done()
        }
      }),
      { numRuns: 5 },
    )
    await opened().open()
  })
}
