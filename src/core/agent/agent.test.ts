import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefused } from '../kernel/kernel.ts'
import { answers, tableOf } from '../kernel/table.support.ts'
import { type Command, decide, evolve, type Fact, initial, type State, type Status } from './agent.ts'

type Reads = Parameters<typeof evolve>[1]
const agentId = 'anna'
const by = 'agent'
const rung: Reads = { type: 'leg.requested', callId: 'c1', legId: 'l1', party: 'agent', agentId, entryId: 'e1', ringUntil: 20_000 }

const grown = (agent: State, ...facts: readonly Reads[]): State => facts.reduce((state, fact) => evolve(state, fact, 1_000), agent)

const loggedOff = initial(agentId)
const ready = grown(loggedOff, { type: 'agent.loggedOn', agentId, by })
const connecting = grown(ready, rung)
const connected = grown(connecting, { type: 'leg.answered', callId: 'c1', legId: 'l1' })
const wrapUp = grown(connected, { type: 'agent.wrapUpStarted', agentId, callId: 'c1', until: 61_000 })
const rejected = grown(connecting, { type: 'agent.rested', agentId, why: 'rejected', until: 61_000, inARow: 0 })
const noAnswer = grown(connecting, { type: 'agent.rested', agentId, why: 'noAnswer', until: 61_000, inARow: 1 })
const paused = grown(ready, { type: 'agent.paused', agentId, reason: 'lunch', by })
const unreachable = grown(ready, { type: 'agent.unreachable', agentId })
/** Ready still, and asked for a pause while a campaign counted on her. */
const leaving = grown(ready, { type: 'agent.wished', agentId, wish: 'paused', reason: 'lunch', by, effectAt: 90_000, campaignId: 'spring' })
const byStatus = {
  loggedOff,
  ready,
  connecting,
  connected,
  wrapUp,
  rejected,
  noAnswer,
  paused,
  unreachable,
} satisfies Record<Status, State>
const states = { ...byStatus, leaving }

const free = (how: Extract<Command, { type: 'agent.free' }>['how'], wrapUpMs = 0): Command => ({
  type: 'agent.free',
  how,
  callId: 'c1',
  wrapUpMs,
  restMs: 30_000,
  missedMax: 3,
})
const types = {
  'agent.logOn': { logOn: { type: 'agent.logOn', by } },
  'agent.logOff': { logOff: { type: 'agent.logOff', by } },
  'agent.pause': { pause: { type: 'agent.pause', by, reason: 'lunch' } },
  'agent.return': { return: { type: 'agent.return', by } },
  'agent.extendWrapUp': { extend: { type: 'agent.extendWrapUp', by, byMs: 30_000 } },
  'wrapUp.timeOut': { 'wrap-up over': { type: 'wrapUp.timeOut' } },
  'rest.timeOut': { 'rest over': { type: 'rest.timeOut' } },
  'phone.lose': { lose: { type: 'phone.lose' } },
  'phone.find': { find: { type: 'phone.find' } },
  'phone.timeOut': { 'gone over': { type: 'phone.timeOut' } },
  wish: { wish: { type: 'wish', state: 'paused', reason: 'lunch', by, effectAt: 90_000, campaignId: 'spring' } },
  'wish.settle': { 'air clear': { type: 'wish.settle' } },
  'card.decline': {
    'card rejected': { type: 'card.decline', how: 'rejected', restMs: 30_000, missedMax: 3 },
    'card left': { type: 'card.decline', how: 'noAnswer', restMs: 30_000, missedMax: 3 },
  },
  'agent.free': {
    talked: free('talked', 20_000),
    'no wrap-up': free('talked'),
    rejects: free('rejected'),
    'no answer': free('noAnswer'),
    released: free('released'),
  },
} satisfies Record<Command['type'], Readonly<Record<string, Command>>>
const commands: Readonly<Record<string, Command>> = Object.assign({}, ...Object.values(types))

/** Later than every deadline above. */
const LATE = 61_000
const told = (agent: State, command: Command, at = LATE): readonly Fact[] => {
  const decision = decide(agent, command, at)
  if (isRefused(decision)) throw new Error(decision.refused)
  return decision
}

describe('an agent', () => {
  it('answers every command in every state', () => {
    expect(answers(states, commands, (state, command) => decide(state, command, LATE), 'agent.')).toEqual(
      tableOf(`
                    | logOn      | logOff                  | pause                | return                 | extend          | wrap-up over           | rest over | lose          | find      | gone over | talked        | no wrap-up | rejects  | no answer | released  | wish   | air clear | card rejected | card left
        loggedOff   | loggedOn   | ✗ loggedOff             | ✗ loggedOff          | ✗ loggedOff            | ✗ notInWrapUp   | –                      | –         | unreachable   | –         | –         | –             | –          | –        | –         | –         | –      | –         | –             | –
        ready       | ✗ loggedOn | loggedOff               | paused               | ✗ ready                | ✗ notInWrapUp   | –                      | –         | unreachable   | –         | –         | –             | –          | –        | –         | –         | wished | –         | rested        | rested
        connecting  | ✗ loggedOn | wished                  | wished               | ✗ inCall               | ✗ notInWrapUp   | –                      | –         | unreachable   | –         | –         | wrapUpStarted | returned   | rested   | rested    | returned  | –      | –         | –             | –
        connected   | ✗ loggedOn | wished                  | wished               | ✗ inCall               | ✗ notInWrapUp   | –                      | –         | unreachable   | –         | –         | wrapUpStarted | returned   | rested   | rested    | returned  | –      | –         | –             | –
        wrapUp      | ✗ loggedOn | wrapUpEnded + loggedOff | wrapUpEnded + paused | wrapUpEnded + returned | wrapUpExtended  | wrapUpEnded + returned | –         | unreachable   | –         | –         | –             | –          | –        | –         | –         | –      | –         | –             | –
        rejected    | ✗ loggedOn | loggedOff               | paused               | returned               | ✗ notInWrapUp   | –                      | returned  | unreachable   | –         | –         | –             | –          | –        | –         | –         | –      | –         | –             | –
        noAnswer    | ✗ loggedOn | loggedOff               | paused               | returned               | ✗ notInWrapUp   | –                      | returned  | unreachable   | –         | –         | –             | –          | –        | –         | –         | –      | –         | –             | –
        paused      | ✗ loggedOn | loggedOff               | paused               | returned               | ✗ notInWrapUp   | –                      | –         | unreachable   | –         | –         | –             | –          | –        | –         | –         | –      | –         | –             | –
        unreachable | ✗ loggedOn | loggedOff               | ✗ unreachable        | ✗ unreachable          | ✗ notInWrapUp   | –                      | –         | –             | reachable | –         | –             | –          | –        | –         | –         | –      | –         | –             | –
        leaving     | ✗ loggedOn | loggedOff               | paused               | wished                 | ✗ notInWrapUp   | –                      | –         | paused + unreachable | –  | –         | –             | –          | –        | –         | –         | –      | paused    | rested        | rested
      `),
    )
  })
})

type Step = { readonly command: Command | 'ring' | 'answer'; readonly waitMs: number }
const step: fc.Arbitrary<Step> = fc.record({
  command: fc.constantFrom<Step['command']>('ring', 'ring', 'answer', ...Object.values(commands)),
  waitMs: fc.integer({ min: 0, max: 40_000 }),
})

/** What the world does: an agent is rung when ready, and answers what rings. */
function facts(agent: State, command: Step['command'], at: number): readonly Reads[] {
  if (command === 'ring') return agent.status === 'ready' ? [rung] : []
  if (command === 'answer') return agent.status === 'connecting' ? [{ type: 'leg.answered', callId: 'c1', legId: 'l1' }] : []
  if (command.type === 'agent.free' && command.how === 'talked' && agent.status !== 'connected') return []
  const decision = decide(agent, command, at)
  return isRefused(decision) ? [] : decision
}

describe('whatever an agent does, and the telephone', () => {
  it('is in a matter exactly while connecting or connected, and nothing is left over from the state before', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 120 }), (script) => {
        let agent = loggedOff
        let at = 0
        for (const { command, waitMs } of script) {
          at += waitMs
          for (const fact of facts(agent, command, at)) {
            if (fact.type === 'leg.requested') expect(agent.matter).toBeNull()
            agent = evolve(agent, fact, at)
          }
          const { status } = agent
          const held = {
            matter: agent.matter !== null,
            wrapUpOf: agent.wrapUpOf !== null,
            until: agent.until !== null,
            reason: agent.reason !== null,
            tooManyMissed: agent.missed >= 3,
            idleWish: agent.wish !== null && agent.wish.effectAt === null && !['connecting', 'connected', 'wrapUp'].includes(status),
          }
          expect(held, status).toEqual({
            matter: status === 'connecting' || status === 'connected',
            wrapUpOf: status === 'wrapUp',
            until: status === 'wrapUp' || status === 'rejected' || status === 'noAnswer' || status === 'unreachable',
            reason: status === 'paused' || (status === 'unreachable' && agent.before === 'paused'),
            tooManyMissed: false,
            idleWish: false,
          })
        }
      }),
    )
  })

  it('a wrap-up lasts to its end unless the agent ends it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600_000 }),
        fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 5 }),
        (wrapUpMs, more) => {
          let agent = evolve(connected, told(connected, free('talked', wrapUpMs), 0)[0] as Reads, 0)
          for (const byMs of more) {
            const over = agent.until ?? 0
            agent = evolve(agent, told(agent, { type: 'agent.extendWrapUp', by, byMs }, 0)[0] as Reads, 0)
            expect(told(agent, { type: 'wrapUp.timeOut' }, over)).toEqual([])
          }
          const until = wrapUpMs + more.reduce((sum, one) => sum + one, 0)
          expect(told(agent, { type: 'wrapUp.timeOut' }, until - 1)).toEqual([])
          expect(told(agent, { type: 'wrapUp.timeOut' }, until)).toMatchObject([{ type: 'agent.wrapUpEnded' }, { type: 'agent.returned' }])
        },
      ),
    )
  })
})

describe('a phone that does not answer the liveness check', () => {
  const at = (agent: State, command: Command, ms: number): State =>
    told(agent, command, ms).reduce((state, fact) => evolve(state, fact, ms), agent)
  const lost = at(ready, { type: 'phone.lose' }, 2_000)

  it('is back within 60 s: the state before; later: paused, for the agent may be away; after 10 min: logged off', () => {
    expect(lost.status).toBe('unreachable')
    expect(at(lost, { type: 'phone.find' }, 62_000).status).toBe('ready')
    expect(at(lost, { type: 'phone.find' }, 62_001)).toMatchObject({ status: 'paused', reason: 'phone' })
    expect(at(lost, { type: 'phone.timeOut' }, 601_999).status).toBe('unreachable')
    expect(at(lost, { type: 'phone.timeOut' }, 602_000).status).toBe('loggedOff')
    const pausedBefore = at(paused, { type: 'phone.lose' }, 2_000)
    expect(at(pausedBefore, { type: 'phone.find' }, 300_000)).toMatchObject({ status: 'paused', reason: 'lunch' })
  })

  it.each([rejected, noAnswer])('and back soon ends no rest: it goes on to its end', (resting) => {
    const until = resting.until ?? 0
    const back = at(at(resting, { type: 'phone.lose' }, until - 4_000), { type: 'phone.find' }, until - 2_000)
    expect(back).toMatchObject({ status: resting.status, until })
    expect(at(back, { type: 'rest.timeOut' }, until - 1).status).toBe(resting.status)
    expect(at(back, { type: 'rest.timeOut' }, until).status).toBe('ready')
    const later = at(at(resting, { type: 'phone.lose' }, until - 4_000), { type: 'phone.find' }, until + 2_000)
    expect(at(later, { type: 'rest.timeOut' }, until + 2_000).status).toBe('ready')
  })

  it('makes nobody ready: not by logging on, not after a call, not after a wrap-up', () => {
    const gone = at(loggedOff, { type: 'phone.lose' }, 2_000)
    expect(at(gone, { type: 'agent.logOn', by }, 3_000).status).toBe('unreachable')
    const talking = at(connected, { type: 'phone.lose' }, 2_000)
    expect(talking.status).toBe('connected')
    expect(at(talking, free('talked'), 3_000).status).toBe('unreachable')
    const wrapping = at(talking, free('talked', 20_000), 3_000)
    expect(wrapping.status).toBe('wrapUp')
    expect(at(wrapping, { type: 'wrapUp.timeOut' }, 23_000).status).toBe('unreachable')
    expect(at(at(talking, { type: 'phone.find' }, 2_500), free('talked'), 3_000).status).toBe('ready')
  })
})

describe('the story of an agent', () => {
  const wished = (agent: State, wish: 'paused' | 'loggedOff' | null, reason?: string): State =>
    grown(agent, { type: 'agent.wished', agentId, wish, by, ...(reason === undefined ? {} : { reason }) })

  it('a pause asked for in a matter takes effect after it', () => {
    expect(told(wished(connected, 'paused', 'lunch'), free('talked'))).toEqual([{ type: 'agent.paused', agentId, reason: 'lunch', by }])
  })

  it('the last wish counts', () => {
    expect(told(wished(wished(connected, 'paused', 'lunch'), 'loggedOff'), free('talked'))).toEqual([
      { type: 'agent.loggedOff', agentId, by },
    ])
    expect(told(wished(wished(connected, 'loggedOff'), null), free('talked'))).toEqual([{ type: 'agent.returned', agentId, by: 'system' }])
  })

  it('Ready takes a wish back; without one it is refused in a matter', () => {
    expect(told(wished(connecting, 'paused', 'lunch'), { type: 'agent.return', by })).toEqual([
      { type: 'agent.wished', agentId, wish: null, by },
    ])
    expect(decide(connecting, { type: 'agent.return', by }, LATE)).toEqual({ refused: 'agent.inCall' })
  })

  it('a wish waits for the wrap-up too', () => {
    const agent = wished(connected, 'paused', 'lunch')
    const [started] = told(agent, free('talked', 20_000), 0)
    expect(started).toEqual({ type: 'agent.wrapUpStarted', agentId, callId: 'c1', until: 20_000 })
    const wrapping = evolve(agent, started as Reads, 0)
    expect(told(wrapping, { type: 'wrapUp.timeOut' }, 20_000)).toEqual([
      { type: 'agent.wrapUpEnded', agentId, callId: 'c1', by: 'system' },
      { type: 'agent.paused', agentId, reason: 'lunch', by },
    ])
  })

  it('a wish counts before the rest of an offer that was not taken', () => {
    expect(told(wished(connecting, 'loggedOff'), free('noAnswer'))).toEqual([{ type: 'agent.loggedOff', agentId, by }])
  })

  it('rests after an offer not answered, the configured time', () => {
    expect(told(connecting, free('noAnswer'), 10_000)).toEqual([
      { type: 'agent.rested', agentId, why: 'noAnswer', until: 40_000, inARow: 1 },
    ])
  })

  it('three offers in a row unanswered: paused, by the system', () => {
    expect(told({ ...connecting, missed: 2 }, free('noAnswer'))).toEqual([
      { type: 'agent.paused', agentId, reason: 'noAnswer', by: 'system' },
    ])
  })

  it('a rejected offer, and an answered one, begin the row anew', () => {
    expect(told({ ...connecting, missed: 2 }, free('rejected'), 0)).toEqual([
      { type: 'agent.rested', agentId, why: 'rejected', until: 30_000, inARow: 0 },
    ])
    expect(evolve({ ...connecting, missed: 2 }, { type: 'leg.answered', callId: 'c1', legId: 'l1' }, 0).missed).toBe(0)
  })

  it('an offer withdrawn is no fault of the agent’s: ready at once, and the row is as long as before', () => {
    const missed = { ...connecting, missed: 2 }
    expect(told(missed, free('released'))).toEqual([{ type: 'agent.returned', agentId, by: 'system' }])
    expect(evolve(missed, { type: 'agent.returned', agentId, by: 'system' }, 0).missed).toBe(2)
  })

  it('a supervisor’s account stands in what was done for the agent', () => {
    expect(told(ready, { type: 'agent.pause', by: 'supervisor', user: 'eva', reason: 'meeting' })).toEqual([
      { type: 'agent.paused', agentId, reason: 'meeting', by: 'supervisor', user: 'eva' },
    ])
  })

  it('a phone that is back brings back the state before', () => {
    expect(grown(unreachable, { type: 'agent.reachable', agentId })).toMatchObject({ status: 'ready', before: null })
  })
})
