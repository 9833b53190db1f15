/** calls.md 2 and 5: several people stand behind a number that is marked as a switchboard. */
import { describe, expect, it } from 'vitest'
import { attempts, back, callbackOf, centre, left } from './callbacks.support.ts'
import type { Stage } from './stage.support.ts'

/** Somebody behind the switchboard p1 calls, and waits in a queue. */
const calls = (stage: Stage, digit = '1'): string => stage.joins(digit, 'p1', true, true)
const enters = (stage: Stage, legId: string, noteId: string | null, usable = true) =>
  stage.do({ type: 'extension.enter', callId: stage.call(legId)?.id ?? '', noteId, usable })

/** Orders from the line: 2, this number, the extension, confirmed; then hangs up. */
function orders(stage: Stage, noteId: string | null = 'n1'): void {
  const caller = calls(stage)
  stage.press(caller, '21')
  enters(stage, caller, noteId)
  stage.wait(500)
  stage.press(caller, '1')
  stage.ends(caller)
}
const ordersByApi = (stage: Stage, noteId?: string) =>
  stage.ask({
    type: 'callback.order',
    by: 'customer',
    queueId: 'support',
    person: 'p1',
    line: 'line',
    barred: null,
    switchboard: true,
    ...(noteId === undefined ? {} : { noteId }),
  })

describe('the extension is asked for before the read-back', () => {
  it('this number: keyed in within the same stay, read back with the number, kept with the order', () => {
    const stage = centre()
    const caller = calls(stage)
    stage.press(caller, '2')
    const menus = stage.all('menu.entered').length
    stage.press(caller, '1')
    expect(stage.call(caller)?.menu).toMatchObject({ menuId: 'callback.extension', personId: 'p1', phase: 'playing' })
    expect(stage.all('menu.entered'), 'no stay of its own').toHaveLength(menus)
    expect(stage.effects.slice(-2)).toMatchObject([
      { type: 'prompt.play', parts: [{ prompt: 'callback.extension' }] },
      { type: 'digits.collect', what: 'extension', silenceMs: 5_000 },
    ])
    enters(stage, caller, 'n1')
    expect(stage.all('menu.left').at(-1)).toMatchObject({ menuId: 'callback.extension', how: 'entered' })
    expect(stage.effects.at(-1)).toMatchObject({
      type: 'prompt.play',
      parts: [
        { prompt: 'callback.readBack' },
        { number: 'p1' },
        { prompt: 'callback.extensionIs' },
        { note: 'n1' },
        { prompt: 'callback.confirm' },
      ],
    })
    stage.wait(500)
    stage.press(caller, '1')
    expect(stage.all('callback.ordered')).toMatchObject([{ personId: 'p1', switchboard: true, noteId: 'n1' }])
  })

  it('none, said by # alone: read back without one, and ordered', () => {
    const stage = centre()
    orders(stage, null)
    expect(stage.all('callback.ordered')).toMatchObject([{ personId: 'p1', switchboard: true }])
    expect(stage.all('callback.ordered')[0]).not.toHaveProperty('noteId')
    expect(JSON.stringify(stage.effects)).not.toContain('callback.extensionIs')
  })

  it('a queue without the first menu: straight to the extension', () => {
    const stage = centre({ askWhichNumber: false })
    const caller = calls(stage)
    stage.press(caller, '2')
    expect(stage.call(caller)?.menu).toMatchObject({ menuId: 'callback.extension', personId: 'p1' })
    enters(stage, caller, 'n1')
    expect(stage.call(caller)?.menu).toMatchObject({ menuId: 'callback.readBack', personId: 'p1', noteId: 'n1' })
  })

  it('another number that is a switchboard: asked for after it was keyed in; the caller’s own is not', () => {
    const stage = centre()
    const caller = stage.joins('1', 'p5')
    stage.press(caller, '22')
    stage.do({ type: 'number.enter', callId: stage.call(caller)?.id ?? '', person: 'p1', callable: true, switchboard: true })
    expect(stage.call(caller)?.menu).toMatchObject({ menuId: 'callback.extension', personId: 'p1' })
    enters(stage, caller, 'n1')
    stage.wait(500)
    stage.press(caller, '1')
    expect(stage.all('callback.ordered')).toMatchObject([{ personId: 'p1', switchboard: true, noteId: 'n1' }])
  })

  it('another number that is none, keyed in from a switchboard: as ever', () => {
    const stage = centre()
    const caller = calls(stage)
    stage.press(caller, '22')
    stage.do({ type: 'number.enter', callId: stage.call(caller)?.id ?? '', person: 'p7', callable: true })
    expect(stage.call(caller)?.menu).toMatchObject({ menuId: 'callback.readBack', personId: 'p7', switchboard: false })
  })

  it('silent or unusable three times: back to the same place', () => {
    const stage = centre()
    const caller = calls(stage)
    stage.press(caller, '21')
    for (const _ of [1, 2, 3]) enters(stage, caller, null, false)
    expect(stage.all('menu.repeated').map(({ tries }) => tries)).toEqual([1, 2])
    expect(stage.all('callback.orderLeft')).toHaveLength(1)
    expect(stage.call(caller)?.entry).toMatchObject({ status: 'waiting' })
  })

  it('hung up while keying: no callback, and what was keyed in changes nothing', () => {
    const stage = centre()
    const caller = calls(stage)
    const callId = stage.call(caller)?.id ?? ''
    stage.press(caller, '21')
    stage.ends(caller)
    expect(stage.do({ type: 'extension.enter', callId, noteId: 'n1', usable: true }).facts).toEqual([])
    expect(left(stage)).toEqual(['hungUp'])
  })

  it('by API: a name or extension is needed', () => {
    const stage = centre()
    expect(ordersByApi(stage).refused).toMatchObject({ refused: 'callback.askFor', field: 'name' })
    expect(ordersByApi(stage, 'n1').facts.at(-1)?.fact).toMatchObject({ type: 'callback.ordered', switchboard: true, noteId: 'n1' })
  })
})

describe('one open callback per number and queue: not behind a switchboard', () => {
  it('each who orders gets one', () => {
    const stage = centre()
    orders(stage, 'n1')
    orders(stage, 'n2')
    expect(stage.all('callback.merged')).toEqual([])
    expect(stage.all('callback.ordered').map(({ personId, noteId }) => [personId, noteId])).toEqual([
      ['p1', 'n1'],
      ['p1', 'n2'],
    ])
    expect(stage.world.callbacksOf.get('p1')).toHaveLength(2)
  })

  it('nor by API', () => {
    const stage = centre()
    orders(stage, 'n1')
    const done = ordersByApi(stage, 'n2')
    expect(done.refused).toBeNull()
    expect(stage.all('callback.ordered')).toHaveLength(2)
  })
})

describe('the customer calls in: not from a switchboard', () => {
  it('the callback is not held back, and is offered while that line is up', () => {
    const stage = centre()
    orders(stage)
    calls(stage, '2')
    expect(stage.all('callback.heldBack')).toEqual([])
    back(stage)
    expect(callbackOf(stage)).toMatchObject({ status: 'offered' })
  })

  it('whoever joins the same queue waits at its end, is told of nothing, and when answered the callback stands', () => {
    const stage = centre()
    orders(stage)
    stage.wait(60_000)
    const caller = calls(stage)
    expect(stage.all('entry.announced').filter(({ what }) => what === 'openCallback')).toEqual([])
    expect(stage.call(caller)?.entry).toMatchObject({ front: null, since: stage.at })
    stage.logOn('bo')
    expect(stage.call(caller)?.entry?.offer, 'the callback was there first').toBeNull()
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    expect(left(stage)).toEqual(['answered'])
    expect(stage.all('call.related')).toEqual([])
  })
})

describe('one number, one leg: not a switchboard', () => {
  /** Anna’s phone is answered for the first callback while somebody else is on the line from there. */
  const dialled = (): Stage => {
    const stage = centre()
    orders(stage)
    back(stage)
    calls(stage, '2')
    stage.answers(stage.phoneOf('anna'))
    return stage
  }

  it('rung while another line of it is up', () => {
    const stage = dialled()
    expect(stage.rungAt('p1')).not.toBe('none')
    expect(attempts(stage)).toEqual([])
  })

  it('two callbacks to it are made at once', () => {
    const stage = centre()
    orders(stage, 'n1')
    orders(stage, 'n2')
    stage.logOn('bo')
    back(stage)
    for (const agentId of ['anna', 'bo']) stage.answers(stage.phoneOf(agentId))
    expect(stage.all('leg.requested').filter(({ party }) => party === 'customer')).toHaveLength(2)
  })

  it('busy is busy, though somebody from there is on the line: it counts', () => {
    const stage = dialled()
    stage.ends(stage.rungAt('p1'), 'busy')
    expect(attempts(stage)).toEqual([[1, 'busy', true, 'pause']])
  })
})
