import { describe, expect, it } from 'vitest'
import { KEPT_MAX, KEPT_MS_MAX, Keys, type Taken } from './keys.ts'

const setUp = () => {
  const clock = { now: 0 }
  const keys = new Keys<{ key: string; repeat: boolean }>(
    () => clock.now,
    (act) => act(),
  )
  const got: string[] = []
  /** Takes the keys of `mine`, as `how` says at the time. */
  const page = (name: string, mine: string, how: () => Taken = () => true) =>
    keys.bind(({ key }) => {
      if (!mine.includes(key)) return false
      const taken = how()
      if (taken === true) got.push(`${name}:${key}`)
      return taken
    })
  const press = (key: string, repeat = false) => keys.press({ key, repeat })
  return { clock, keys, got, page, press }
}

describe('the keys of the pages', () => {
  it('go to the first who has bound them and takes them', () => {
    const { got, page, press } = setUp()
    page('list', 'jk')
    const unbind = page('search', '/j')
    expect([press('j'), press('/'), press('x')]).toEqual([true, true, false])
    unbind()
    expect(press('/')).toBe(false)
    expect(got).toEqual(['list:j', 'search:/'])
  })

  it('pressed while a page is on its way are for that page, in their order', () => {
    const { got, keys, page, press } = setUp()
    const leave = page('list', 'jk')
    keys.pageAsked()
    expect([press('j'), press('k')]).toEqual([false, false])
    leave()
    page('call', 'jk')
    expect(got).toEqual([])
    keys.pageUp()
    expect(got).toEqual(['call:j', 'call:k'])
    press('j')
    expect(got).toHaveLength(3)
  })

  it('go on waiting when one of them asks for yet another page, and to that one', () => {
    const { got, keys, page, press } = setUp()
    let at = 1
    page('call', 'j', () => {
      got.push(`at ${at}`)
      at += 1
      keys.pageAsked()
      return true
    })
    for (const key of ['j', 'j', 'j']) press(key)
    expect(got).toEqual(['at 1', 'call:j'])
    keys.pageUp()
    keys.pageUp()
    expect(got).toEqual(['at 1', 'call:j', 'at 2', 'call:j', 'at 3', 'call:j'])
  })

  it('are forgotten when the page they were pressed for is not wanted any more', () => {
    const { got, keys, page, press } = setUp()
    page('call', 'j')
    keys.pageAsked()
    press('j')
    keys.pageAsked()
    keys.pageUp()
    expect(got).toEqual([])
  })

  it('wait for what they are for, and those after them wait their turn', () => {
    const { got, keys, page, press } = setUp()
    let isThere = false
    page('rows', 'j', () => isThere || 'later')
    page('search', '/')
    expect([press('j'), press('/')]).toEqual([true, false])
    keys.offer()
    expect([got, keys.isWaitedFor]).toEqual([[], true])
    isThere = true
    keys.offer()
    expect([got, keys.isWaitedFor]).toEqual([['rows:j', 'search:/'], false])
  })

  it('are neither surprising nor many: old ones, repeated ones and more than a handful are lost', () => {
    const { clock, got, keys, page, press } = setUp()
    page('call', 'abcdefghijklmnopqrstuvwxyz')
    keys.pageAsked()
    press('o')
    clock.now = KEPT_MS_MAX
    press('r', true)
    for (let i = 0; i < KEPT_MAX + 1; i += 1) press('m')
    keys.pageUp()
    expect(got).toEqual(['call:o', ...Array.from({ length: KEPT_MAX - 1 }, () => 'call:m')])
    keys.pageAsked()
    press('o')
    clock.now = 2 * KEPT_MS_MAX + 1
    keys.pageUp()
    expect(got).toHaveLength(KEPT_MAX)
  })

  it('wait for no page that never comes', () => {
    const { clock, got, keys, page, press } = setUp()
    page('list', 'jk')
    keys.pageAsked()
    clock.now = KEPT_MS_MAX - 1
    press('j')
    clock.now = KEPT_MS_MAX + 1
    press('k')
    expect(got).toEqual(['list:j', 'list:k'])
  })

  it('are not lost with one whose taker failed', () => {
    const { got, keys, page, press } = setUp()
    page('call', 'x', () => {
      throw new Error('Said so by the test.')
    })
    page('call', 'j')
    keys.pageAsked()
    press('x')
    press('j')
    expect(() => keys.pageUp()).toThrow('Said so by the test.')
    keys.offer()
    expect(got).toEqual(['call:j'])
  })
})
