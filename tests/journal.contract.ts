/** What every journal keeps, whatever it is made of. Run against each adapter from beside it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fact, Recorded } from '#core/facts.ts'
import { PortError } from '#ports/errors.ts'
import {
  type Batch,
  DONE_KEPT_MS,
  DONE_MAX,
  type DoneOnce,
  type Erasures,
  type Journal,
  type Persons,
  type Retaining,
} from '#ports/journal.ts'
import { retaining } from './journal-retaining.contract.ts'

/** A disk of its own for one test, and journals upon it. */
export interface JournalBench {
  /** A journal on the same disk, as another process would have it. Not yet opened. */
  journal(): Journal & Persons & Erasures & Retaining
  /** As kill -9 of whoever has it. */
  kill(journal: Journal): Promise<void>
  /** One on a disk of its own. */
  another(): { readonly journal: Journal & Persons & Retaining; done(): Promise<void> }
  done(): Promise<void>
}

export const arrived = (position: number, callId = `c${position}`): Recorded => ({
  position,
  at: 1_795_000_000_000 + position,
  fact: { type: 'leg.arrived', callId, legId: `l${position}`, personId: `p${position}` },
})
export const factsFrom = (first: number, count: number): Recorded[] => Array.from({ length: count }, (_, index) => arrived(first + index))
export const batchFrom = (first: number, count: number): Batch => ({ facts: factsFrom(first, count) })

export const readAll = async (journal: Journal, after = 0): Promise<Recorded[]> => {
  const all: Recorded[] = []
  for await (const block of journal.read(after)) all.push(...block)
  return all
}

export const failureOf = async (promise: Promise<unknown>): Promise<PortError> => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof PortError)) throw new Error(`expected a PortError, got ${String(error)}`)
  return error
}

const appending = (bench: () => JournalBench, opened: () => Journal & Persons): void => {
  test('a new journal is empty', async () => {
    const journal = bench().journal()
    await opened().close()
    expect(await journal.open()).toEqual({ position: 0, lastAt: 0, snapshot: null, goneUpTo: 0, damage: null })
    expect(await readAll(journal)).toEqual([])
    await journal.close()
  })

  test('facts are read back as they were, in order, from any position', async () => {
    await opened().append(0, batchFrom(1, 3))
    await opened().append(3, batchFrom(4, 2_500))
    expect(await readAll(opened())).toEqual(factsFrom(1, 2_503))
    expect(await readAll(opened(), 2_500)).toEqual(factsFrom(2_501, 3))
    expect(await readAll(opened(), 2_503)).toEqual([])
  })

  test('appends posted together are written in their order', async () => {
    await Promise.all([opened().append(0, batchFrom(1, 2)), opened().append(2, batchFrom(3, 1)), opened().append(3, batchFrom(4, 5))])
    expect(await readAll(opened())).toEqual(factsFrom(1, 8))
  })

  test('what a fact holds comes back to the letter: missing fields stay missing, null stays null', async () => {
    const fact: Fact = {
      type: 'leg.ended',
      callId: 'c "quoted" å',
      legId: 'l\u2028',
      outcome: 'answered',
      by: 'party',
      cause: null,
    }
    await opened().append(0, { facts: [{ position: 1, at: 5, fact }] })
    expect(await readAll(opened())).toEqual([{ position: 1, at: 5, fact }])
  })

  test('the facts of one call are found, wrap-up and relations among them', async () => {
    const wrapUp: Recorded = { position: 3, at: 9, fact: { type: 'agent.wrapUpStarted', agentId: 'anna', callId: 'c1', until: 12 } }
    const loggedOn: Recorded = { position: 4, at: 9, fact: { type: 'agent.loggedOn', agentId: 'anna', by: 'agent' } }
    await opened().append(0, { facts: [arrived(1, 'c1'), arrived(2, 'c2'), wrapUp, loggedOn] })
    expect(await opened().factsOf('c1')).toEqual([arrived(1, 'c1'), wrapUp])
    expect(await opened().factsOf('c9')).toEqual([])
  })

  test('position and time of the last fact are known after a restart', async () => {
    await opened().append(0, batchFrom(1, 7))
    await opened().close()
    const again = bench().journal()
    expect(await again.open()).toMatchObject({ position: 7, lastAt: 1_795_000_000_007, damage: null })
    await again.append(7, batchFrom(8, 1))
    expect(await readAll(again)).toEqual(factsFrom(1, 8))
    await again.close()
  })
}

const oneWriter = (bench: () => JournalBench, opened: () => Journal & Persons): void => {
  test('an append at a position already taken is fenced off and writes nothing', async () => {
    await opened().append(0, batchFrom(1, 2))
    const refused = await failureOf(opened().append(1, { ...batchFrom(2, 1), notes: [{ noteId: 'n1', text: 'x' }] }))
    expect(refused).toMatchObject({ port: 'journal', operation: 'append', retry: false })
    expect(await readAll(opened())).toEqual(factsFrom(1, 2))
    expect(await opened().note('n1')).toBeNull()
  })

  test('an append after one that was not written may be retried', async () => {
    const refused = await failureOf(opened().append(5, batchFrom(6, 1)))
    expect(refused).toMatchObject({ operation: 'append', retry: true })
    await opened().append(0, batchFrom(1, 1))
    expect(await readAll(opened())).toEqual(factsFrom(1, 1))
  })

  test('a second one on the same disk is refused while the first lives, with one sentence', async () => {
    const refused = await failureOf(bench().journal().open())
    expect(refused).toMatchObject({ port: 'journal', operation: 'open', retry: false })
    expect(refused.message).toContain('another process')
    expect(refused.message).not.toContain('\n')
    await opened().append(0, batchFrom(1, 1))
  })

  test('killed, everything durable is there for the next one', async () => {
    await opened().append(0, batchFrom(1, 50))
    await bench().kill(opened())
    const next = bench().journal()
    expect(await next.open()).toMatchObject({ position: 50, damage: null })
    expect(await readAll(next)).toEqual(factsFrom(1, 50))
    await next.close()
  })
}

const withFacts = (bench: () => JournalBench, opened: () => Journal & Persons): void => {
  test('the newest snapshot is the one found, with the facts after it', async () => {
    await opened().append(0, batchFrom(1, 10))
    for (const position of [3, 6, 9]) await opened().saveSnapshot({ position, state: `{"at":${position}}` })
    await opened().close()
    const again = bench().journal()
    expect(await again.open()).toMatchObject({ position: 10, snapshot: { position: 9, state: '{"at":9}' } })
    expect(await readAll(again, 9)).toEqual([arrived(10)])
    await again.close()
  })

  test('solution texts and notes come with the facts that need them', async () => {
    await opened().append(0, {
      facts: factsFrom(1, 1),
      solutions: [{ version: 'v1', text: '{"name":"Växel"}' }],
      notes: [{ noteId: 'n1', text: 'called twice' }],
    })
    expect(await opened().solutionText('v1')).toBe('{"name":"Växel"}')
    expect(await opened().solutionText('v2')).toBeNull()
    expect(await opened().note('n1')).toBe('called twice')
    expect(await opened().note('n2')).toBeNull()
  })

  test('what was done under a key is found, after a restart too, and is written with its facts or not at all', async () => {
    const done = { key: 'k1', body: 'b1', at: 1_795_000_000_000, answer: '{"ok":true,"callId":"c1"}' }
    await opened().append(0, { ...batchFrom(1, 1), done: [done] })
    await failureOf(opened().append(0, { ...batchFrom(1, 1), done: [{ ...done, key: 'k2' }] }))
    expect([await opened().done('k1'), await opened().done('k2')]).toEqual([done, null])
    await opened().append(1, { facts: [], done: [{ ...done, key: 'k3' }] })
    await opened().close()
    const again = bench().journal()
    await again.open()
    expect([await again.done('k1'), (await again.done('k3'))?.answer]).toEqual([done, done.answer])
    await again.close()
  })

  test('what was done is kept for a day, and the newest so many of it', async () => {
    const doneAt = (at: number, key = `k${at}`): DoneOnce => ({ key, body: 'b', at, answer: '{}' })
    await opened().append(0, { facts: [], done: [doneAt(0), doneAt(10)] })
    await opened().append(0, { facts: [], done: [doneAt(DONE_KEPT_MS)] })
    expect([await opened().done('k0'), (await opened().done('k10'))?.at]).toEqual([null, 10])
    const many = Array.from({ length: DONE_MAX }, (_, index) => doneAt(DONE_KEPT_MS + 5, `many${index}`))
    await opened().append(0, { facts: [], done: many })
    expect([await opened().done('k10'), (await opened().done('many0'))?.key]).toEqual([null, 'many0'])
  })

  test('a person is found by the number, and by nothing like it', async () => {
    await opened().append(0, {
      facts: [],
      persons: [
        { personId: 'p1', number: '+46701234567', kind: 'person' },
        { personId: 'p2', number: null, kind: 'person' },
        { personId: 'l1', number: '+46850000000', kind: 'line', name: 'Växel' },
      ],
    })
    expect(await opened().find('+46701234567')).toBe('p1')
    expect(await opened().find('+46850000000')).toBe('l1')
    for (const other of ['+4670123456', '46701234567', '+467012345678', '']) expect(await opened().find(other)).toBeUndefined()
    expect(await opened().get(['p1', 'p2', 'l1', 'p9'])).toEqual(
      new Map([
        ['p1', { personId: 'p1', number: '+46701234567', kind: 'person', name: null }],
        ['p2', { personId: 'p2', number: null, kind: 'person', name: null }],
        ['l1', { personId: 'l1', number: '+46850000000', kind: 'line', name: 'Växel' }],
      ]),
    )
  })

  test('a person keeps the name unless another is given, and the first with a number is the one found', async () => {
    const number = '+46701234567'
    await opened().append(0, { facts: [], persons: [{ personId: 'p1', number, kind: 'person', name: 'Eva' }] })
    await opened().append(0, { facts: [], persons: [{ personId: 'p1', number, kind: 'person' }] })
    expect((await opened().get(['p1'])).get('p1')?.name).toBe('Eva')
    await opened().append(0, { facts: [], persons: [{ personId: 'p1', number, kind: 'person', name: null }] })
    await opened().append(0, { facts: [], persons: [{ personId: 'p2', number, kind: 'person' }] })
    expect((await opened().get(['p1'])).get('p1')?.name).toBeNull()
    expect(await opened().find(number)).toBe('p1')
  })

  test('persons survive a restart', async () => {
    await opened().append(0, { facts: factsFrom(1, 1), persons: [{ personId: 'p1', number: '+46701234567', kind: 'person' }] })
    await opened().close()
    const again = bench().journal()
    await again.open()
    expect(await again.find('+46701234567')).toBe('p1')
    await again.close()
  })
}

const erasing = (bench: () => JournalBench, opened: () => Journal & Persons & Erasures): void => {
  const NUMBER = '+46701740651'
  const person = (personId: string, number: string | null = NUMBER) => ({ personId, number, kind: 'person' }) as const
  const arrive = (position: number, personId: string, number: string | null = NUMBER): Promise<void> =>
    opened().append(position - 1, { facts: factsFrom(position, 1), persons: [person(personId, number)] })

  test('a person is listed, then erased: the row goes, the facts and everybody else stay', async () => {
    await arrive(1, 'p1')
    await arrive(2, 'p2', '+46701740652')
    await opened().append(2, { facts: factsFrom(3, 1), notes: [{ noteId: 'n1', text: 'wants Anna' }] })
    expect(await opened().recalled()).toEqual([])
    expect(await opened().listErased(NUMBER, 50)).toEqual(['p1'])
    expect(await opened().recalled()).toEqual([{ ...person('p1'), name: null, erasedAt: 50 }])
    await opened().erase(['p1'], ['n1'])
    expect(await opened().find(NUMBER)).toBeUndefined()
    expect([...(await opened().get(['p1', 'p2'])).keys()]).toEqual(['p2'])
    expect(await opened().note('n1')).toBeNull()
    expect(await opened().recalled()).toEqual([])
    expect(await readAll(opened())).toEqual(factsFrom(1, 3))
  })

  test('whoever is on the list and comes again is told of, after a restart too', async () => {
    expect(await opened().listErased(NUMBER, 50)).toEqual([])
    await arrive(1, 'p1')
    await arrive(2, 'p2', null)
    expect((await opened().recalled()).map(({ personId }) => personId)).toEqual(['p1'])
    await opened().close()
    const again = bench().journal()
    await again.open()
    expect((await again.recalled()).map(({ personId, erasedAt }) => [personId, erasedAt])).toEqual([['p1', 50]])
    await again.close()
  })

  test('our own lines are nobody’s', async () => {
    await opened().append(0, { facts: factsFrom(1, 1), persons: [{ personId: 'l1', number: NUMBER, kind: 'line' }] })
    expect(await opened().listErased(NUMBER, 50)).toEqual([])
    await opened().erase(['l1'], [])
    expect(await opened().find(NUMBER)).toBe('l1')
    expect(await opened().recalled()).toEqual([])
  })
}

export const journalContract = (name: string, makeBench: () => JournalBench): void => {
  describe(`journal: ${name}`, () => {
    let bench: JournalBench
    let journal: Journal & Persons & Erasures & Retaining
    beforeEach(async () => {
      bench = makeBench()
      journal = bench.journal()
      await journal.open()
    })
    afterEach(async () => {
      await journal.close()
      await bench.done()
    })
    appending(
      () => bench,
      () => journal,
    )
    oneWriter(
      () => bench,
      () => journal,
    )
    withFacts(
      () => bench,
      () => journal,
    )
    erasing(
      () => bench,
      () => journal,
    )
    retaining(
      () => bench,
      () => journal,
    )
  })
}
