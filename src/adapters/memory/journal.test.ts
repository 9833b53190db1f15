import { describe, expect, test } from 'vitest'
import { PortError } from '#ports/errors.ts'
import { batchFrom, factsFrom, journalContract, readAll } from '../../../tests/journal.contract.ts'
import { MemoryJournal, memoryJournal, memoryStore } from './journal.ts'

journalContract('memory', () => {
  const store = memoryStore()
  return {
    journal: () => memoryJournal(store),
    another: () => ({ journal: memoryJournal(memoryStore()), done: async () => undefined }),
    kill: async (journal) => (journal instanceof MemoryJournal ? journal.crash() : undefined),
    done: async () => undefined,
  }
})

const slow = () => {
  const gate = Promise.withResolvers<void>()
  return { open: () => gate.resolve(), wait: () => gate.promise }
}

describe('faults', () => {
  test('a refused commit writes nothing and may be retried', async () => {
    let full = true
    const journal = memoryJournal(memoryStore(), {
      beforeAppend: () => {
        if (full) throw new PortError('journal', 'append', { message: 'disk full', retry: true })
      },
    })
    await journal.open()
    await expect(journal.append(0, batchFrom(1, 2))).rejects.toMatchObject({ retry: true })
    expect(await readAll(journal)).toEqual([])
    full = false
    await journal.append(0, batchFrom(1, 2))
    expect(await readAll(journal)).toEqual(factsFrom(1, 2))
  })

  test('a crash before the write loses it, one after the write keeps it; neither caller is ever answered', async () => {
    for (const when of ['beforeAppend', 'afterAppend'] as const) {
      const store = memoryStore()
      const gate = slow()
      const journal = memoryJournal(store, { [when]: gate.wait })
      await journal.open()
      let answered = false
      const append = journal.append(0, batchFrom(1, 1)).then(() => {
        answered = true
      })
      await Promise.resolve()
      await Promise.resolve()
      journal.crash()
      gate.open()
      await Promise.race([append, new Promise((resolve) => setImmediate(resolve))])
      expect(answered).toBe(false)
      const next = memoryJournal(store)
      expect(await next.open()).toMatchObject({ position: when === 'afterAppend' ? 1 : 0 })
    }
  })

  test('a slow append keeps its place before the next', async () => {
    const gate = slow()
    let first = true
    const journal = memoryJournal(memoryStore(), {
      beforeAppend: () => {
        const wait = first ? gate.wait() : undefined
        first = false
        return wait
      },
    })
    await journal.open()
    const both = Promise.all([journal.append(0, batchFrom(1, 1)), journal.append(1, batchFrom(2, 1))])
    expect(await readAll(journal)).toEqual([])
    gate.open()
    await both
    expect(await readAll(journal)).toEqual(factsFrom(1, 2))
  })
})
