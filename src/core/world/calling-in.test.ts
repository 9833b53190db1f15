/** calls.md 2: the customer with an open callback calls in, and what a supervisor may do. */
import { describe, expect, it } from 'vitest'
import { attempts, back, centre, entryOf, left, ordersOnLine, pause } from './callbacks.support.ts'
import { NINE, type Stage } from './stage.support.ts'

describe('the customer with an open callback calls in', () => {
  it('while that line is up it is not dialled and keeps its place; when the line is gone it goes on', () => {
    const stage = centre()
    ordersOnLine(stage)
    const caller = stage.arrive('p1')
    expect(stage.all('callback.heldBack')).toHaveLength(1)
    back(stage)
    expect(stage.status('anna')).toBe('ready')
    stage.ends(caller)
    expect(stage.all('callback.released')).toHaveLength(1)
    expect(stage.status('anna')).toBe('connecting')
  })

  it('the agent being rung for it just then: the ring is withdrawn, nothing is counted', () => {
    const stage = centre()
    ordersOnLine(stage)
    back(stage)
    expect(stage.status('anna')).toBe('connecting')
    stage.arrive('p1')
    expect(stage.status('anna')).toBe('ready')
    expect(attempts(stage)).toEqual([[1, 'withdrawn', false, 'place']])
  })

  it('joining the same queue he is told of it and takes its place and waiting time', () => {
    const stage = centre()
    ordersOnLine(stage, 'p1')
    stage.wait(60_000)
    stage.joins('1', 'p2')
    const caller = stage.joins('1', 'p1')
    expect(stage.all('entry.announced').at(-1)).toMatchObject({ what: 'openCallback', callId: stage.call(caller)?.id })
    expect(stage.call(caller)?.entry?.since).toBe(NINE)
    back(stage)
    expect(stage.call(caller)?.entry?.status).toBe('offered')
  })

  it('answered there, the callback is deleted by the system, and the two calls carry each other’s id', () => {
    const stage = centre()
    ordersOnLine(stage)
    const promised = stage.all('callback.ordered')[0]?.callId
    const caller = stage.joins('1', 'p1')
    const callId = stage.call(caller)?.id
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    expect(stage.all('entry.left').find((fact) => fact.callId === promised)).toMatchObject({
      reason: 'deleted',
      by: 'system',
      why: 'reachedOtherwise',
    })
    expect(stage.all('call.related')).toMatchObject([
      { callId, other: promised },
      { callId: promised, other: callId },
    ])
    expect([...stage.world.calls.keys()]).toEqual([callId])
  })

  it('helped by one agent while another has his phone ring: that attempt is ended, and nobody is left in it', () => {
    const stage = centre()
    stage.logOn('bo')
    pause(stage, 'bo')
    stage.orders('support', 'p1')
    back(stage, 'bo')
    stage.answers(stage.phoneOf('bo'))
    const rung = stage.rungAt('p1')
    back(stage)
    stage.joins('1', 'p1')
    stage.answers(stage.phoneOf('anna'))
    expect(stage.all('leg.ended').find(({ legId }) => legId === rung)).toMatchObject({ outcome: 'withdrawn', by: 'us' })
    expect([stage.status('anna'), stage.status('bo')]).toEqual(['connected', 'ready'])
    expect(left(stage)).toEqual(['answered', 'reachedOtherwise'])
  })

  it('answered in another queue: it goes on when the line is gone', () => {
    const stage = centre()
    ordersOnLine(stage)
    const caller = stage.joins('2', 'p1')
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    stage.wait(30_000)
    stage.ends(caller)
    expect(left(stage)).toEqual(['answered'])
    expect(stage.status('anna')).toBe('connecting')
  })

  it('busy because he was just calling us: not counted, the place kept, and it waits for that call', () => {
    const stage = centre()
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    const caller = stage.arrive('p1')
    stage.ends(stage.rungAt('p1'), 'busy')
    expect(attempts(stage)).toEqual([[1, 'busy', false, 'place']])
    expect(stage.status('anna')).toBe('ready')
    stage.ends(caller)
    expect(stage.status('anna')).toBe('connecting')
  })

  it('one number, one leg: with callbacks in two queues he is rung for one at a time', () => {
    const stage = centre()
    stage.orders('support', 'p1')
    stage.orders('sales', 'p1')
    stage.logOn('bo')
    stage.answers(stage.phoneOf('bo'))
    back(stage)
    expect(stage.status('anna')).toBe('ready')
    stage.ends(stage.rungAt('p1'), 'unanswered')
    expect(stage.status('anna')).toBe('connecting')
  })
})

describe('a supervisor', () => {
  const remove = (stage: Stage) => stage.ask({ type: 'entry.delete', by: 'supervisor', user: 'eva', entryId: entryOf(stage) })
  const callNow = (stage: Stage, which = 0) =>
    stage.ask({ type: 'callback.callNow', by: 'supervisor', entryId: entryOf(stage, 'support', which) })

  it('deletes a waiting callback (A5)', () => {
    const stage = centre()
    ordersOnLine(stage)
    remove(stage)
    expect(stage.all('entry.left')).toMatchObject([{ reason: 'deleted', by: 'supervisor', why: 'supervisor', user: 'eva' }])
    expect(stage.world.calls.size).toBe(0)
  })

  it('deletes it while the agent is being rung: the ring is withdrawn, Deleted', () => {
    const stage = centre()
    ordersOnLine(stage)
    back(stage)
    remove(stage)
    expect(left(stage)).toEqual(['supervisor'])
    expect(stage.status('anna')).toBe('ready')
    expect(stage.world.calls.size).toBe(0)
  })

  it('not while the customer is being rung: refused', () => {
    const stage = centre()
    ordersOnLine(stage)
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    expect(remove(stage).refused).toEqual({ refused: 'callback.inAttempt' })
    expect(callNow(stage).refused).toEqual({ refused: 'callback.inAttempt' })
  })

  it('call now, twice: the first puts it at the front for the next free agent, the second is refused', () => {
    const stage = centre()
    stage.orders('support', 'p1')
    stage.wait(60_000)
    stage.orders('support', 'p2')
    expect(callNow(stage, 1).refused).toBeNull()
    expect(callNow(stage, 1).refused).toEqual({ refused: 'callback.hastened' })
    back(stage)
    stage.answers(stage.phoneOf('anna'))
    expect(stage.rungAt('p2')).not.toBe('none')
  })
})
