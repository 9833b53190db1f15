/** calls.md 1, Matching, expected wait and exits on joining; calls.md 2, when a callback may be ordered. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type * as Agent from '../agent/agent.ts'
import { initial as agentInitial } from '../agent/agent.ts'
import type { Queue, Solution } from '../solution/solution.ts'
import { agentOf, callbackSettings, NINE, queueOf, Stage, solutionOf } from '../world/stage.support.ts'
import { entryById, initial, type World } from '../world/world.ts'
import { agentFor, entryFor, expectedWaitMs, levelFor, mayOrderCallback, queuesServed } from './matching.ts'

/** Callers waiting, each in a queue since so many seconds ago, in a world without any agent; then what a free agent would get. */
function waitingIn(solution: Solution, ...callers: readonly (readonly [digit: string, secondsAgo: number])[]): Stage {
  const stage = new Stage(solution, NINE - 3_600_000 + 1)
  stage.logOn('somebody')
  stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'somebody', reason: 'lunch' })
  const longest = Math.max(...callers.map(([, ago]) => ago))
  ;[...callers]
    .map(([digit, ago], index) => ({ digit, ago, person: `p${index + 1}` }))
    .sort((a, b) => b.ago - a.ago)
    .forEach(({ digit, ago, person }) => {
      stage.wait((longest - ago) * 1_000 - (stage.at - (NINE - 3_600_000 + 1)))
      stage.joins(digit, person)
    })
  stage.wait(longest * 1_000 - (stage.at - (NINE - 3_600_000 + 1)))
  return stage
}

const free = (stage: Stage, agentId = 'anna'): string | null => {
  const [solution] = stage.solutions.values()
  if (solution === undefined) throw new Error('no solution')
  const entry = entryFor(stage.world, solution, agentId, stage.at)
  return entry === null ? null : (stage.world.calls.get(entry.callId)?.customer ?? null)
}

const two = (first: Partial<Queue>, second: Partial<Queue>): Solution =>
  solutionOf([queueOf('support', first), queueOf('sales', second)], [agentOf('anna'), agentOf('somebody')])

describe('who serves a queue', () => {
  const solution = solutionOf(
    [queueOf('support'), queueOf('vip', { skill: 'vip' })],
    [
      agentOf('all'),
      agentOf('unskilled', { skills: {} }),
      agentOf('skilled', { skills: { vip: 3 } }),
      agentOf('chose', { skills: { vip: 3 }, profile: ['support'] }),
      agentOf('level0', { skills: { vip: 0 } }),
    ],
  )
  const served = (agentId: string): readonly string[] => queuesServed(solution, agentId).map(({ id }) => id)

  it('skill and profile must both say so', () => {
    expect(Object.fromEntries(Object.keys(solution.agents).map((id) => [id, served(id)]))).toEqual({
      all: ['support', 'vip'],
      unskilled: ['support'],
      skilled: ['support', 'vip'],
      chose: ['support'],
      level0: ['support'],
    })
    expect(levelFor(solution, 'skilled', queueOf('vip', { skill: 'vip' }))).toBe(3)
    expect(served('stranger')).toEqual([])
  })
})

describe('the entry a free agent gets', () => {
  it('waited ÷ SLA seconds: 15 of 20 is more pressing than 30 of 60', () => {
    expect(free(waitingIn(two({ slaMs: 60_000 }, { slaMs: 20_000 }), ['1', 30], ['2', 15]))).toBe('p2')
  })

  it('priority goes before the score', () => {
    expect(free(waitingIn(two({ slaMs: 20_000 }, { slaMs: 20_000, priority: 1 }), ['1', 500], ['2', 1]))).toBe('p2')
  })

  it('a queue without SLA comes after all with one', () => {
    expect(free(waitingIn(two({ slaMs: 0 }, { slaMs: 20_000 }), ['1', 5_00], ['2', 0]))).toBe('p2')
  })

  it('two without SLA: joined earlier', () => {
    expect(free(waitingIn(two({ slaMs: 0 }, { slaMs: 0 }), ['1', 10], ['2', 20]))).toBe('p2')
  })

  it('a callback after a counted attempt has waited since it re-joined: what it waited before is never used', () => {
    const stage = new Stage(two({ slaMs: 0, callback: callbackSettings({ attemptsMax: 2, pauseMs: 30_000 }) }, { slaMs: 0 }))
    stage.logOn('somebody')
    stage.orders('support', 'p1')
    stage.answers(stage.phoneOf('somebody'))
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'somebody', reason: 'lunch' })
    stage.ends(stage.rungAt('p1'), 'busy')
    stage.wait(29_000)
    stage.joins('2', 'p2')
    stage.wait(2_000)
    expect(free(stage)).toBe('p2')
  })

  it('the same score: joined earlier, 40 of 40 before 20 of 20', () => {
    expect(free(waitingIn(two({ slaMs: 20_000 }, { slaMs: 40_000 }), ['1', 20], ['2', 40]))).toBe('p2')
  })

  it('the same instant: by id, so that replay agrees', () => {
    expect(free(waitingIn(two({}, {}), ['1', 20], ['2', 20]))).toBe('p1')
  })

  it('those put at the FRONT go before priority and score', () => {
    const stage = waitingIn(two({ callback: callbackSettings() }, { priority: 5 }), ['2', 300])
    stage.orders('support', 'p9')
    const [entryId] = stage.world.queues.get('support')?.entries ?? []
    stage.ask({ type: 'callback.callNow', by: 'supervisor', entryId: entryId ?? '' })
    expect(free(stage)).toBe('p9')
  })

  it('nothing of a queue the agent does not serve', () => {
    const solution = solutionOf([queueOf('support')], [agentOf('somebody'), agentOf('anna', { profile: [] })])
    expect(free(waitingIn(solution, ['1', 20]))).toBeNull()
  })

  it('a callback only while its queue is open, and only while its customer is on no line', () => {
    const solution = two({ hours: 'office', callback: callbackSettings() }, {})
    const stage = new Stage(solution)
    stage.logOn('somebody')
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'somebody', reason: 'lunch' })
    stage.orders('support', 'p1')
    expect(free(stage)).toBe('p1')
    const leg = stage.arrive('p1')
    expect(free(stage)).toBeNull()
    stage.ends(leg)
    expect(free(stage)).toBe('p1')
    stage.wait(8 * 3_600_000)
    expect(free(stage)).toBeNull()
    stage.wait(15 * 3_600_000)
    expect(free(stage)).toBe('p1')
  })
})

describe('the agent an entry gets', () => {
  const solution = solutionOf(
    [queueOf('support', { skill: 'support' })],
    [
      agentOf('anna', { skills: { support: 1 } }),
      agentOf('bo', { skills: { support: 3 } }),
      agentOf('carl', { skills: { support: 3 } }),
      agentOf('dora', { profile: [] }),
    ],
  )
  const given = (...agents: readonly (readonly [string, Agent.Status, number])[]): string | null => {
    const stage = new Stage(solution)
    stage.logOn('anna')
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'anna', reason: 'lunch' })
    stage.joins('1')
    const entry = entryById(stage.world, [...stage.world.callOfEntry.keys()][0] ?? '')
    if (entry === undefined) throw new Error('nobody waits')
    stage.world.agents.clear()
    for (const [id, status, since] of agents) stage.world.agents.set(id, { ...agentInitial(id), status, since })
    return agentFor(stage.world, solution, entry)
  }

  it('highest skill level, then longest ready, then id', () => {
    expect(given(['anna', 'ready', 0], ['bo', 'ready', 500])).toBe('bo')
    expect(given(['bo', 'ready', 500], ['carl', 'ready', 400])).toBe('carl')
    expect(given(['carl', 'ready', 400], ['bo', 'ready', 400])).toBe('bo')
  })

  it('only who is ready and serves it', () => {
    for (const status of ['loggedOff', 'connecting', 'connected', 'wrapUp', 'rejected', 'noAnswer', 'paused', 'unreachable'] as const)
      expect(given(['bo', status, 0], ['dora', 'ready', 0])).toBeNull()
  })
})

describe('the expected wait', () => {
  const queue = queueOf('support', { handlingMs: 180_000, wrapUpMs: 20_000 })
  const solution = solutionOf([queue], [agentOf('anna'), agentOf('bo'), agentOf('carl')])
  const world = (handled: readonly { at: number; ms: number }[], ...agents: readonly Agent.Status[]): World => {
    const made = initial()
    agents.forEach((status, index) => {
      const id = ['anna', 'bo', 'carl'][index] ?? ''
      made.agents.set(id, { ...agentInitial(id), status })
    })
    const [today] = new Stage(solution).world.queues.values()
    made.queues.set('support', {
      id: 'support',
      line: [],
      entries: new Set(),
      callers: 0,
      callbacks: 0,
      today: today?.today ?? { offered: 0, answered: 0, callbacksOrdered: 0, abandoned: 0, short: 0, answeredWithinSla: 0 },
      handled: [...handled],
      callersLeaveAt: null,
    })
    return made
  }
  const wait = (ahead: number, ...given: Parameters<typeof world>): number | null =>
    expectedWaitMs(world(...given), solution, queue, ahead, NINE)

  it('(ahead + 1) × the queue’s handling time ÷ agents serving, where nothing was handled yet', () => {
    expect(wait(2, [], 'ready', 'connected')).toBe(270_000)
  })

  it('nobody logged on, or all paused: unknown', () => {
    expect(wait(0, [])).toBeNull()
    expect(wait(0, [], 'loggedOff', 'paused')).toBeNull()
  })

  it('paused ones do not serve; those who wrap up or talk do', () => {
    expect(wait(0, [], 'paused', 'wrapUp', 'connected')).toBe(90_000)
  })

  it('the mean is over what was answered in the last 60 min', () => {
    const recent = [
      { at: NINE - 3_600_001, ms: 1 },
      { at: NINE - 60_000, ms: 100_000 },
      { at: NINE - 30_000, ms: 200_000 },
    ]
    expect(wait(0, recent, 'ready')).toBe(150_000 + queue.wrapUpMs)
  })

  it('grows with those ahead and shrinks with agents', () => {
    fc.assert(
      fc.property(fc.nat({ max: 50 }), fc.integer({ min: 1, max: 3 }), (ahead, agents) => {
        const ready = Array.from({ length: agents }, (): Agent.Status => 'ready')
        expect(wait(ahead, [], ...ready)).toBe(Math.round(((ahead + 1) * 180_000) / agents))
      }),
    )
  })
})

describe('a callback may be ordered', () => {
  const queue = queueOf('support', { hours: 'office', handlingMs: 600_000, callback: callbackSettings({ waitingMax: 2 }) })
  const solution = solutionOf([queue], [agentOf('anna')])
  const may = (at: number, ahead: number, agents: readonly string[] = ['anna'], orders = 0): boolean => {
    const stage = new Stage(solution, at)
    stage.logOn(...agents)
    for (const agentId of agents) stage.ask({ type: 'agent.pause', by: 'agent', agentId, reason: 'lunch' })
    for (let index = 0; index < orders; index += 1) stage.orders('support', `p${index}`)
    for (const agentId of agents) {
      const agent = stage.world.agents.get(agentId)
      if (agent !== undefined) stage.world.agents.set(agentId, { ...agent, status: 'connected' })
    }
    return mayOrderCallback(stage.world, solution, queue, ahead, at)
  }
  const CLOSES = NINE + 8 * 3_600_000

  it('only while the time to closing is over 1.5 × the expected wait', () => {
    expect(may(CLOSES - 900_001, 0)).toBe(true)
    expect(may(CLOSES - 900_000, 0)).toBe(false)
    expect(may(CLOSES - 900_001, 1)).toBe(false)
  })

  it('only while the callbacks already waiting can be served by then', () => {
    expect(may(CLOSES - 1_800_001, 0, ['anna'], 1)).toBe(true)
    expect(may(CLOSES - 1_800_000, 0, ['anna'], 1)).toBe(false)
  })

  it('not judged while the wait is unknown', () => {
    expect(may(CLOSES - 1_000, 5, [])).toBe(true)
  })

  it('only while their maximum is not reached', () => {
    expect(may(NINE, 0, ['anna'], 1)).toBe(true)
    expect(may(NINE, 0, ['anna'], 2)).toBe(false)
  })

  it('not in a queue without callbacks', () => {
    const stage = new Stage(solutionOf([queueOf('support')], []))
    expect(mayOrderCallback(stage.world, solution, queueOf('support'), 0, NINE)).toBe(false)
  })
})
