/**
 * The files of a data folder exchanged for restored ones, and the process killed between any two steps that change the disk, in the exchange
 * or in its undoing, as often as one likes: whoever begins again finds the old folder whole or the new one whole.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { exchange, removeLeftovers, undoHalfRestored } from './swap.ts'

/** Steps still allowed before the process dies; what was done, in order. Of a folder removed, each file is a step of its own. */
const disk = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, backwards: false, log: [] as string[] }))
class Killed extends Error {}

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>()
  const { basename, dirname, join } = await import('node:path')
  const named = (file: string) => `${basename(dirname(file))}/${basename(file)}`
  const step = (what: string) => {
    if (disk.left <= 0) throw new Killed(what)
    disk.left -= 1
    disk.log.push(what)
  }
  const remove = (place: string): void => {
    if (fs.lstatSync(place).isDirectory()) {
      const names = fs.readdirSync(place)
      for (const name of disk.backwards ? names.reverse() : names) remove(join(place, name))
      step(`rmdir ${named(place)}`)
      fs.rmdirSync(place)
    } else {
      step(`rm ${named(place)}`)
      fs.unlinkSync(place)
    }
  }
  const opened = new Map<number, string>()
  return {
    ...fs,
    renameSync: (from: string, to: string) => {
      step(`mv ${named(from)} ${named(to)}`)
      fs.renameSync(from, to)
    },
    mkdirSync: (place: string, options?: object) => {
      step(`mkdir ${named(place)}`)
      return fs.mkdirSync(place, options)
    },
    writeFileSync: (file: string, text: string, options?: object) => {
      step(`write ${named(file)}`)
      fs.writeFileSync(file, text, options)
    },
    rmSync: (place: string, options: { force?: boolean } = {}) => {
      if (options.force !== true || fs.existsSync(place)) remove(place)
    },
    openSync: (file: string, flags: string) => {
      const handle = fs.openSync(file, flags)
      opened.set(handle, file)
      return handle
    },
    // Of a process that dies nothing is lost by not waiting for the disk; that it is waited for is a step of its own.
    fsyncSync: (handle: number) => step(`sync ${named(opened.get(handle) ?? '')}`),
  }
})

const base = mkdtempSync(path.join(tmpdir(), 'samtal-swap-'))
const folder = path.join(base, 'data')
beforeEach(() => {
  Object.assign(disk, { left: Number.POSITIVE_INFINITY, backwards: false, log: [] })
})
afterAll(() => {
  disk.left = Number.POSITIVE_INFINITY
  rmSync(base, { recursive: true, force: true })
})

type Files = Readonly<Record<string, string>>
const put = (place: string, files: Files): void => {
  mkdirSync(place, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(place, name), text)
}
/** A restore that has made everything ready. */
const ready = (old: Files, fresh: Files): void => {
  disk.left = Number.POSITIVE_INFINITY
  rmSync(folder, { recursive: true, force: true })
  put(folder, { ...old, 'lock.db': 'lock' })
  put(path.join(folder, 'restore.new'), { ...fresh, 'lock.db': 'lock' })
  disk.log.length = 0
}
/** Whether it lived to its end. */
const livesFor = (steps: number, act: () => void): boolean => {
  disk.left = steps
  try {
    act()
    return true
  } catch (error) {
    if (!(error instanceof Killed)) throw error
    return false
  } finally {
    disk.left = Number.POSITIVE_INFINITY
  }
}
/** Null where it is half of each: then the program would not start. */
const contents = (): Files | null =>
  existsSync(path.join(folder, 'restore.old'))
    ? null
    : Object.fromEntries(
        readdirSync(folder)
          .filter((name) => name !== 'lock.db' && !name.startsWith('restore.'))
          .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
      )

const OLD: Files = { 'journal.db': 'old', 'journal.db-wal': 'old', 'persons.key': 'key', 'erasures.list': 'one\n', 'figures.db': 'old' }
const FRESH: Files = { 'journal.db': 'new', 'persons.key': 'key', 'erasures.list': 'one\ntwo\n', 'archive.db': 'new', 'audit.db': 'new' }
const names = ['journal.db', 'journal.db-wal', 'journal.mark', 'contacts.db', 'accounts.db', 'audit.db', 'archive.db', 'persons.key']
/** Erasures are only ever added, as `restore` merges them. */
const filesOf = (text: string, erasures: string) =>
  fc
    .subarray(names)
    .map((some): Files => ({ ...Object.fromEntries(some.map((name) => [name, `${text} ${name}`])), 'erasures.list': erasures }))

const isOldOrNew = (old: Files, fresh: Files): boolean => {
  const is = JSON.stringify(Object.entries(contents() ?? {}).sort())
  return [old, fresh].some((one) => JSON.stringify(Object.entries(one).sort()) === is)
}

describe('an exchange', () => {
  test('puts every new file in place of every old one, and leaves nothing of its own', () => {
    ready(OLD, FRESH)
    exchange(folder)
    expect(contents()).toEqual(FRESH)
    expect(readdirSync(folder).filter((name) => name.startsWith('restore'))).toEqual([])
  })

  test('killed at any step, and its undoing at any step of it: the old folder whole, or the new one', () => {
    let undone = 0
    for (let first = 0; ; first++) {
      ready(OLD, FRESH)
      if (livesFor(first, () => exchange(folder))) break
      for (let second = 0; ; second++) {
        ready(OLD, FRESH)
        livesFor(first, () => exchange(folder))
        const lived = livesFor(second, () => undoHalfRestored(folder))
        const between = contents()
        if (between !== null) expect([first, second, isOldOrNew(OLD, FRESH)]).toEqual([first, second, true])
        undoHalfRestored(folder)
        expect([first, second, isOldOrNew(OLD, FRESH)]).toEqual([first, second, true])
        expect(readdirSync(folder).filter((name) => name.startsWith('restore'))).toEqual([])
        undone += 1
        if (lived) break
      }
    }
    // Each of some 35 steps of the one with those of the other.
    expect(undone).toBeGreaterThan(300)
  }, 120_000)

  test('whatever files there are, and however often it is killed: whole, and no erasure less', () => {
    const steps = fc.nat({ max: 60 })
    fc.assert(
      fc.property(
        filesOf('old', 'one\n'),
        filesOf('new', 'one\ntwo\n'),
        steps,
        fc.array(steps, { maxLength: 4 }),
        fc.boolean(),
        (...drawn) => {
          const [old, fresh, first, undoings, backwards] = drawn
          ready(old, fresh)
          disk.backwards = backwards
          livesFor(first, () => exchange(folder))
          for (const many of undoings) livesFor(many, () => undoHalfRestored(folder))
          undoHalfRestored(folder)
          expect(isOldOrNew(old, fresh)).toBe(true)
          expect(contents()?.['erasures.list']).toMatch(/^one\n/)
        },
      ),
      { numRuns: 150 },
    )
  }, 120_000)
})

describe('what decides is on the disk before the next step', () => {
  const follows = (step: string, next: string) => {
    expect(disk.log).toContain(step)
    expect(disk.log[disk.log.indexOf(step) + 1]).toBe(next)
  }

  test('in an exchange: new files before an old one is touched, `complete` before a new one is in place', () => {
    ready(OLD, FRESH)
    exchange(folder)
    const firstMove = disk.log.findIndex((what) => what.startsWith('mv'))
    for (const name of Object.keys(FRESH)) expect(disk.log.slice(0, firstMove)).toContain(`sync restore.new/${name}`)
    follows('write restore.old/complete', 'sync restore.old/complete')
    follows('sync restore.old/complete', 'sync data/restore.old')
    follows('mv data/restore.old data/restore.gone', `sync ${path.basename(base)}/data`)
  })

  test('in an undoing: `complete` is gone before an old file is back', () => {
    ready(OLD, FRESH)
    const moved = Object.keys(FRESH).length + Object.keys(OLD).length + 12
    livesFor(moved, () => exchange(folder))
    expect(existsSync(path.join(folder, 'restore.old', 'complete'))).toBe(true)
    disk.log.length = 0
    undoHalfRestored(folder)
    follows('rm restore.old/complete', 'sync data/restore.old')
    const back = disk.log.findIndex((what) => what.startsWith('mv restore.old/'))
    expect(disk.log.indexOf('rm restore.old/complete')).toBeLessThan(back)
  })
})

test('what a restore that is over left is removed, whether it came to its exchange or not', () => {
  ready(OLD, FRESH)
  put(path.join(folder, 'restore.gone'), OLD)
  removeLeftovers(folder)
  expect(contents()).toEqual(OLD)
  expect(readdirSync(folder).filter((name) => name.startsWith('restore'))).toEqual([])
})
