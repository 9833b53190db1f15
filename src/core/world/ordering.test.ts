/** calls.md 2, Order: by the caller and by API. */
import { describe, expect, it } from 'vitest'
import { lawsBroken } from '../archive/law.ts'
import { projectCall } from '../archive/projection.ts'
import { callOf } from '../facts.ts'
import { back, callbackOf, centre, entryOf, HOUR, left, ordersOnLine } from './callbacks.support.ts'
import { NINE, queueOf, Stage, solutionOf } from './stage.support.ts'

describe('the order', () => {
  it('1 this number, read back, 1 confirms: ordered; from then on hanging up undoes nothing', () => {
    const stage = centre()
    const caller = stage.joins('1')
    stage.wait(120_000)
    stage.press(caller, '2')
    expect(stage.call(caller)?.menu?.menuId).toBe('callback.choose')
    stage.press(caller, '1')
    expect(stage.call(caller)?.menu).toMatchObject({ menuId: 'callback.readBack', personId: 'p1' })
    stage.wait(10_000)
    stage.press(caller, '1')
    expect(stage.all('callback.ordered')).toMatchObject([{ personId: 'p1', attemptsMax: 3, notBefore: null }])
    stage.ends(caller)
    expect(left(stage)).toEqual([])
    expect(callbackOf(stage)).toMatchObject({ status: 'waiting', orderedAt: NINE + 130_000 })
    expect(stage.world.calls.size).toBe(1)
  })

  it.each<[string, (stage: Stage, callId: string) => void]>([
    ['deleted', (stage) => stage.ask({ type: 'entry.delete', by: 'supervisor', entryId: entryOf(stage) })],
    ['set aside', (stage, callId) => stage.do({ type: 'call.setAside', callId })],
  ])('%s in the instant the end of its line is learnt of: it went on until then, and so did the call', (_, ends) => {
    const stage = centre()
    const caller = stage.joins('1')
    const callId = stage.call(caller)?.id ?? ''
    stage.press(caller, '21')
    stage.wait(500)
    stage.press(caller, '1')
    stage.wait(1_000)
    const lost = { reconciled: true, swept: 'noMedia', happenedAt: stage.at - 1 } as const
    stage.do({ type: 'leg.end', legId: caller, outcome: 'answered', by: 'network', cause: 44, ...lost })
    ends(stage, callId)
    expect(stage.all('call.ended')).toEqual([{ type: 'call.ended', callId }])
    expect(lawsBroken(projectCall(stage.facts.filter(({ fact }) => callOf(fact) === callId)))).toEqual([])
  })

  it('a queue setting leaves out the first menu', () => {
    const stage = centre({ askWhichNumber: false })
    const caller = stage.joins('1')
    stage.press(caller, '2')
    expect(stage.call(caller)?.menu).toMatchObject({ menuId: 'callback.readBack', personId: 'p1' })
  })

  it('a number that cannot be called: no read-back, straight to entering', () => {
    const stage = centre()
    const caller = stage.joins('1', 'p1', false)
    stage.press(caller, '2')
    expect(stage.call(caller)?.menu?.menuId).toBe('callback.enter')
  })

  it('another number: what is keyed in is read back, and rung', () => {
    const stage = centre()
    const caller = stage.joins('1')
    stage.press(caller, '22')
    stage.do({ type: 'number.enter', callId: stage.call(caller)?.id ?? '', person: 'p7', callable: true })
    expect(stage.call(caller)?.menu).toMatchObject({ menuId: 'callback.readBack', personId: 'p7' })
    stage.wait(500)
    stage.press(caller, '1')
    expect(stage.all('callback.ordered')).toMatchObject([{ personId: 'p7' }])
    back(stage)
    expect(stage.status('anna'), 'the order is still being thanked for').toBe('ready')
    stage.ends(caller)
    stage.answers(stage.phoneOf('anna'))
    expect(stage.rungAt('p7')).not.toBe('none')
  })

  it.each([
    ['*', (stage: Stage, caller: string) => stage.press(caller, '*')],
    ['wrong three times', (stage: Stage, caller: string) => stage.press(caller, '777')],
    [
      'silence three times',
      (stage: Stage, caller: string) => {
        for (const _ of [1, 2, 3]) {
          stage.hear(caller)
          stage.wait(5_000)
        }
      },
    ],
  ])('not confirmed, %s: back to the same place', (_, leaves) => {
    const stage = centre()
    const caller = stage.joins('1', 'p1')
    stage.wait(60_000)
    stage.joins('1', 'p2')
    stage.press(caller, '21')
    stage.wait(500)
    leaves(stage, caller)
    expect(stage.all('callback.orderLeft')).toHaveLength(1)
    expect(stage.world.queues.get('support')?.line[0]).toBe(stage.call(caller)?.entry?.id)
    expect(stage.call(caller)?.entry).toMatchObject({ status: 'waiting', joinedAt: NINE, since: NINE })
  })

  it('while ordering it is not offered; others are', () => {
    const stage = centre()
    const first = stage.joins('1', 'p1')
    stage.press(first, '2')
    const second = stage.joins('1', 'p2')
    back(stage)
    expect(stage.call(second)?.entry?.status).toBe('offered')
    expect(stage.call(first)?.entry?.status).toBe('ordering')
  })

  it('hung up before the confirmation: no callback, abandoned', () => {
    const stage = centre()
    const caller = stage.joins('1')
    stage.wait(10_000)
    stage.press(caller, '21')
    stage.ends(caller)
    expect(left(stage)).toEqual(['hungUp'])
    expect(stage.world.queues.get('support')?.today).toMatchObject({ offered: 1, abandoned: 1, callbacksOrdered: 0 })
  })

  it('ordering again from the same number confirms the first, and the calls carry each other’s id', () => {
    const stage = centre()
    ordersOnLine(stage)
    const [first] = stage.all('callback.ordered')
    ordersOnLine(stage)
    const [merged] = stage.all('callback.merged')
    expect(merged?.into).toBe(first?.callId)
    expect(left(stage)).toEqual(['merged'])
    expect(stage.all('call.related')).toMatchObject([
      { callId: merged?.callId, other: first?.callId },
      { callId: first?.callId, other: merged?.callId },
    ])
    expect(stage.all('callback.ordered')).toHaveLength(1)
  })

  it('by API: valid for 72 h; after notBefore, which must lie within it, it joins the end of the queue', () => {
    const stage = centre()
    expect(stage.orders('support', 'p1', NINE + 72 * HOUR + 1).refused).toMatchObject({ refused: 'callback.notBefore' })
    expect(stage.orders('support', 'p1', NINE - 1).refused).toMatchObject({ refused: 'callback.notBefore' })
    stage.orders('support', 'p1', NINE + 2 * HOUR)
    expect(callbackOf(stage)).toMatchObject({ status: 'notYet', expiresAt: NINE + 72 * HOUR })
    stage.wait(HOUR)
    stage.orders('support', 'p2')
    stage.wait(HOUR)
    expect(stage.all('callback.requeued')).toMatchObject([{ place: 'end', since: NINE + 2 * HOUR }])
    expect(
      stage.world.queues.get('support')?.line.map((id) => stage.world.calls.get(stage.world.callOfEntry.get(id) ?? '')?.customer),
    ).toEqual(['p2', 'p1'])
    stage.wait(70 * HOUR - 1)
    expect(left(stage)).toEqual([])
    stage.wait(1)
    expect(left(stage)).toEqual(['expired'])
  })

  it('by API: how long it is valid is a setting of the queue, and notBefore lies within it', () => {
    const stage = centre({ webOrderMs: 2 * HOUR })
    expect(stage.orders('support', 'p1', NINE + 2 * HOUR + 1).refused).toMatchObject({ refused: 'callback.notBefore' })
    stage.orders('support', 'p1', NINE + 2 * HOUR)
    expect(callbackOf(stage)).toMatchObject({ status: 'notYet', expiresAt: NINE + 2 * HOUR })
  })

  it('our own numbers are called back by nobody: refused by API, unusable when keyed in, not offered to who calls from one', () => {
    const stage = centre()
    expect(stage.orders('support', 'line').refused).toMatchObject({ refused: 'number.own', field: 'number' })
    const caller = stage.joins('1')
    stage.press(caller, '22')
    stage.do({ type: 'number.enter', callId: stage.call(caller)?.id ?? '', person: 'line', callable: true })
    expect(stage.call(caller)?.menu?.menuId).toBe('callback.enter')
    expect(stage.all('menu.repeated')).toMatchObject([{ why: 'wrong' }])
    const ours = stage.joins('1', 'line')
    stage.press(ours, '2')
    expect(stage.call(ours)?.menu?.menuId).toBe('callback.enter')
  })

  it('by API: refused where barred, full, not offered, or no such queue; the same number again confirms', () => {
    const stage = centre({ waitingMax: 1 }, {})
    const order = { type: 'callback.order', by: 'customer', queueId: 'support', person: 'p1', line: 'line', barred: null } as const
    expect(stage.ask({ ...order, barred: 'emergency' }).refused).toMatchObject({ refused: 'callback.barred', field: 'number' })
    expect(stage.ask({ ...order, queueId: 'none' }).refused).toMatchObject({ refused: 'queue.unknown' })
    expect(stage.ask(order).refused).toBeNull()
    expect(stage.ask(order)).toMatchObject({ refused: null, facts: [] })
    expect(stage.ask({ ...order, person: 'p2' }).refused).toMatchObject({ refused: 'callback.full' })
    const without = new Stage(solutionOf([queueOf('support')], []))
    expect(without.ask(order).refused).toMatchObject({ refused: 'callback.notOffered' })
  })
})
