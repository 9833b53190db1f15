/**
 * The guards that `npm run guards` takes out of the product, one at a time: each patch still fits the tree, and changes the product and
 * not those who look on. Whether a law catches it is what the command shows.
 */
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { guardsIn, takeOut } from '../scripts/guards/patches.ts'

const root = path.resolve(import.meta.dirname, '..')
const guards = guardsIn(root)

/** The twelve that were asked for. */
const TWELVE = [
  '01-answer-before-commit',
  '02-timers-not-kept',
  '03-ring-goes-on',
  '04-entry-offered-twice',
  '05-event-taken-twice',
  '06-answer-after-our-timeout',
  '07-attempt-counted-twice',
  '08-requeued-at-the-front',
  '09-agent-left-connecting',
  '10-journal-position-not-checked',
  '11-last-batch-missing',
  '12-silent-calls-forgotten',
]

/** The journal of drawn worlds is a store of its own, and keeps the same contract. */
const PRODUCT = /^src\/(core|engine|adapters)\/|^src\/sim\/store\.ts$/u

describe('guards broken by hand', () => {
  it('are the twelve that matter most, and more', () => {
    expect(guards.map(({ name }) => name).slice(0, TWELVE.length)).toEqual(TWELVE)
  })

  it.each(guards)('$name fits the tree, says what it breaks, and changes the product alone', (guard) => {
    expect(takeOut(guard, root, true)).toBeNull()
    expect(guard.breaks).toMatch(/^\p{Lu}.+\.$/u)
    expect(guard.files.length).toBeGreaterThan(0)
    expect(guard.files.filter((file) => !PRODUCT.test(file) || file.includes('.test.'))).toEqual([])
  })

  it('one that fits no more is said to', () => {
    const [guard] = guards
    if (guard === undefined) throw new Error('there is no guard')
    const moved = { ...guard, patch: guard.patch.replace(/^-(?!--)/mu, '-this line was never there ') }
    expect(takeOut(moved, root, true)).toMatch(/^the patch does not apply any more: /u)
  })
})
