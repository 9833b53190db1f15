/** The laws of attempts, queues, campaigns, agents, answers and deadlines, each broken by hand and caught. */
import { describe, expect, it } from 'vitest'
import type { Settings } from '#core/campaign/settings.ts'
import type { DiallerMode, Fact } from '#core/facts.ts'
import type { LiveAgent } from '#ports/engine.ts'
import { Checkers } from './all.ts'
import type { Law } from './laws.ts'

const SECOND = 1_000
const started = (callId: string): Fact => ({
  type: 'call.started',
  callId,
  direction: 'inbound',
  from: { person: 'p' },
  to: { person: 'line' },
  customer: 'p',
})
const queued = (callId: string, entryId: string, since: number, leavesAt: number | null = null): readonly Fact[] => [
  started(callId),
  { type: 'leg.arrived', callId, legId: `line of ${callId}`, personId: `p ${callId}` },
  { type: 'entry.joined', callId, entryId, queueId: 'q', kind: 'line', place: 'end', since, leavesAt },
]
const offered = (callId: string, entryId: string, agentId = 'anna', legId = `${agentId} for ${entryId}`): Fact => ({
  type: 'leg.requested',
  callId,
  legId,
  party: 'agent',
  agentId,
  entryId,
  ringUntil: 20 * SECOND,
})
const ordered = (attemptsMax = 1): readonly Fact[] => [
  started('c'),
  { type: 'entry.joined', callId: 'c', entryId: 'e', queueId: 'q', kind: 'web', place: 'end', since: 0, leavesAt: null },
  { type: 'callback.ordered', callId: 'c', entryId: 'e', personId: 'p', attemptsMax, notBefore: null, expiresAt: null },
]
const attempts = (attempt: number): Fact => ({ type: 'callback.attemptStarted', callId: 'c', entryId: 'e', attempt, agentId: 'anna' })
const rings = (legId: string, callId = 'c', entryId = 'e'): Fact => ({
  type: 'leg.requested',
  callId,
  legId,
  party: 'customer',
  personId: 'p',
  entryId,
  ringUntil: 30 * SECOND,
})
const over = (legId: string, outcome: 'busy' | 'answered' | 'failed' = 'busy', callId = 'c'): Fact => ({
  type: 'leg.ended',
  callId,
  legId,
  outcome,
  by: 'party',
  cause: 17,
})
const attempted = (counted: boolean, next: 'pause' | 'front' = 'pause'): Fact => ({
  type: 'callback.attemptEnded',
  callId: 'c',
  entryId: 'e',
  attempt: 1,
  outcome: 'busy',
  counted,
  next,
  dueAt: 5 * SECOND,
})
const requeued = (place: 'end' | 'front', since: number): Fact => ({ type: 'callback.requeued', callId: 'c', entryId: 'e', place, since })

const runs = (mode: DiallerMode = 'progressive'): readonly Fact[] => [
  { type: 'campaign.written', campaignId: 'k', settings: { mode, silentTarget: 0.1 } as Settings },
  { type: 'campaign.started', campaignId: 'k' },
]
const dealt = (callId: string, contactId = callId, tries = 0, until: number | null = null): readonly Fact[] => [
  {
    ...(started(callId) as Extract<Fact, { type: 'call.started' }>),
    direction: 'outbound',
    mode: 'progressive',
    campaignId: 'k',
    contactId,
  },
  { type: 'entry.joined', callId, entryId: `e ${callId}`, queueId: 'k', kind: 'dialler', place: 'end', since: 0, leavesAt: null },
  {
    ...{ type: 'contact.dealt', callId, campaignId: 'k', contactId, entryId: `e ${callId}`, number: 1, numbersLeft: 1, tries, until },
    agentFirst: false,
  } as Fact,
]
const settled = (callId: string, contactId = callId, tries = 1): Fact =>
  ({
    ...{
      type: 'contact.settled',
      callId,
      campaignId: 'k',
      contactId,
      outcome: 'answered',
      counted: true,
      tries,
      next: 'done',
      dueAt: null,
    },
    ...{ number: 1, inUse: true },
  }) as Fact
const silent = (callId: string): readonly Fact[] => [
  { type: 'contact.answered', callId, silentAt: 2 * SECOND },
  { type: 'contact.silent', callId },
]
const logOn = (agentId: string): Fact => ({ type: 'agent.loggedOn', agentId, by: 'agent' })
const wrapsUp: Fact = { type: 'agent.wrapUpStarted', agentId: 'anna', callId: 'c', until: 10 * SECOND }

/** Each list is a commit, a second after the one before; `asked`: legs the network is asked to ring. */
function checked(commits: readonly (readonly Fact[])[], asked: readonly string[] = []): Checkers {
  const checkers = new Checkers()
  let position = 0
  commits.forEach((facts, second) => {
    const recorded = facts.map((fact) => ({ position: ++position, at: second * SECOND, fact }))
    checkers.take(recorded, second * SECOND)
    for (const fact of facts) if (fact.type === 'leg.requested' && asked.includes(fact.legId)) checkers.ring(fact.legId)
  })
  return checkers
}
const laws = ({ broken }: Checkers): readonly Law[] => [...new Set(broken.map(({ law }) => law))]

describe('a law that is broken is named', () => {
  it.each<[string, Law, readonly (readonly Fact[])[], readonly string[]]>([
    [
      'an attempt that counts and was never rung',
      'attempt.counted',
      [[...ordered()], [attempts(1), rings('x')], [over('x'), attempted(true)]],
      [],
    ],
    [
      'one that was rung to its end and does not count',
      'attempt.counted',
      [[...ordered()], [attempts(1), rings('x')], [over('x'), attempted(false)]],
      ['x'],
    ],
    [
      'an attempt counted twice',
      'attempt.counted',
      [[...ordered(3)], [attempts(1), rings('x')], [over('x'), attempted(true)], [attempts(1)]],
      ['x'],
    ],
    [
      'more attempts than were promised',
      'attempt.counted',
      [[...ordered(1)], [attempts(1), rings('x')], [over('x'), attempted(true)], [attempts(2)]],
      ['x'],
    ],
    ['a contact whose tries are another number', 'attempt.counted', [[...runs(), logOn('anna'), ...dealt('a', 'k1', 2)]], []],
    [
      'a callback that comes back at the front',
      'queue.order',
      [[...ordered(3)], [attempts(1), rings('x')], [over('x'), attempted(true)], [requeued('front', 0)]],
      ['x'],
    ],
    [
      'one that comes back with its old waiting',
      'queue.order',
      [[...ordered(3)], [attempts(1), rings('x')], [over('x'), attempted(true)], [requeued('end', 0)]],
      ['x'],
    ],
    ['a caller who is passed over', 'queue.order', [[...queued('c', 'e', 0), ...queued('d', 'f', 5)], [offered('d', 'f')]], []],
    ['a contact taken up twice', 'contact.once', [[...runs(), logOn('anna'), logOn('bo'), ...dealt('a', 'k1'), ...dealt('b', 'k1')]], []],
    [
      'a contact settled twice',
      'contact.once',
      [
        [...runs(), logOn('anna'), ...dealt('a')],
        [settled('a'), settled('a')],
      ],
      [],
    ],
    [
      'a call that ends with its contact not settled',
      'contact.once',
      [[...runs(), logOn('anna'), ...dealt('a')], [{ type: 'call.ended', callId: 'a' }]],
      [],
    ],
    [
      'somebody on the list who is dialled',
      'contact.listed',
      [
        [...runs(), logOn('anna'), { type: 'doNotCall.listed', personId: 'p', campaignId: null, source: 'page', until: null }],
        [...dealt('a'), rings('x', 'a', 'e a')],
      ],
      [],
    ],
    [
      'somebody taken up for a campaign that is paused',
      'contact.running',
      [[...runs(), logOn('anna'), { type: 'campaign.paused', campaignId: 'k' }], dealt('a')],
      [],
    ],
    [
      'somebody rung outside his hours',
      'contact.running',
      [
        [...runs(), logOn('anna')],
        [...dealt('a', 'a', 0, 500), rings('x', 'a', 'e a')],
      ],
      [],
    ],
    [
      'two dialled for one agent who is ready',
      'silent.limit',
      [
        [...runs(), logOn('anna')],
        [...dealt('a'), ...dealt('b')],
      ],
      [],
    ],
    [
      'one too many at the day’s limit',
      'silent.limit',
      [
        [...runs('power'), logOn('anna')],
        [...dealt('a'), ...dealt('f'), ...silent('a'), ...silent('f')],
        [...dealt('b'), ...dealt('d')],
      ],
      [],
    ],
  ])('%s', (_, law, commits, asked) => expect(laws(checked(commits, asked))).toContain(law))

  it('and where nothing is wrong, none is', () => {
    const commits = [[...ordered(3)], [attempts(1), rings('x')], [over('x'), attempted(true)], [requeued('end', 3 * SECOND)]]
    expect(laws(checked(commits, ['x']))).toEqual([])
    expect(
      laws(
        checked([
          [...runs('power'), logOn('anna')],
          [...dealt('a'), ...dealt('b')],
        ]),
      ),
    ).toEqual([])
    expect(laws(checked([[...queued('c', 'e', 0), ...queued('d', 'f', 5)], [offered('c', 'e')]]))).toEqual([])
  })

  it('who waits has waited no longer because time in facts jumped', () => {
    const jumps: Fact = { type: 'clock.stepped', byMs: 60 * SECOND, movedMs: 60 * SECOND }
    const since = (at: number): readonly Law[] =>
      laws(checked([queued('c', 'e', 0), [jumps], [...queued('d', 'f', at), offered('d', 'f')]]))
    expect(since(59 * SECOND)).toEqual([])
    expect(since(61 * SECOND)).toEqual(['queue.order'])
  })

  it('an agent who is left connecting, or thought to be free', () => {
    const anna = (state: LiveAgent['state']): LiveAgent => ({ id: 'anna', state }) as LiveAgent
    const look = (commits: readonly (readonly Fact[])[], state: LiveAgent['state']): readonly Law[] => {
      const checkers = checked(commits)
      checkers.look([anna(state)], 0, 0)
      return laws(checkers)
    }
    const ringing = [...queued('c', 'e', 0), offered('c', 'e', 'anna', 'x')]
    expect(look([ringing], 'connecting')).toEqual([])
    expect(look([ringing, [over('x')]], 'connecting')).toEqual(['agent.settles'])
    expect(look([ringing], 'ready')).toEqual(['agent.settles'])
  })

  it.each<[string, readonly (readonly Fact[])[]]>([
    ['a wrap-up', [[started('c'), wrapsUp]]],
    ['a ring', [[...queued('c', 'e', 0), offered('c', 'e')]]],
    ['a wait', [queued('c', 'e', 0, 10 * SECOND)]],
    [
      'a contact who answered',
      [[...runs(), logOn('anna'), ...dealt('a'), { type: 'contact.answered', callId: 'a', silentAt: 2 * SECOND }]],
    ],
  ])('%s that does not end, once nothing has been wrong for a minute; a step of the clock moves it', (_, commits) => {
    const lawsAt = (ms: number, calmMs: number, more: readonly Fact[] = []): readonly Law[] => {
      const checkers = checked([...commits, more])
      checkers.look([], ms, calmMs)
      return laws(checkers)
    }
    expect(lawsAt(60 * SECOND, 60 * SECOND)).toEqual([])
    expect(lawsAt(90 * SECOND, 10 * SECOND)).toEqual([])
    expect(lawsAt(90 * SECOND, 60 * SECOND)).toEqual(['deadline.kept'])
    expect(lawsAt(90 * SECOND, 60 * SECOND, [{ type: 'clock.stepped', byMs: 3_600 * SECOND, movedMs: 3_600 * SECOND }])).toEqual([])
  })

  it('an answer that nothing in the journal tells of', () => {
    const checkers = checked([[logOn('bo')]])
    const told = checkers.asked({ type: 'agent.logOn', by: 'agent', agentId: 'anna' })
    told({ ok: true })
    checkers.asked({ type: 'call.dial', by: 'agent', agentId: 'anna', to: { number: '1' }, origin: 'desk' })({
      ok: true,
      callId: 'nowhere',
    })
    checkers.asked({ type: 'agent.logOn', by: 'agent', agentId: 'anna' })({ ok: false, refused: 'agent.loggedOn' })
    expect(checkers.broken.map(({ law }) => law)).toEqual(['answer.durable', 'answer.durable'])
  })

  it('a list that stands otherwise than the facts say', async () => {
    const checkers = checked([[...runs(), logOn('anna'), ...dealt('a', 'k1'), rings('x', 'a', 'e a')], [settled('a', 'k1')]], ['x'])
    const listed = (state: string, tries: number, calls: readonly string[]) => ({
      contact: async () => ({ contactId: 'k1', state, tries, calls, window: null }) as never,
    })
    await checkers.lists(listed('reached', 1, ['a']))
    expect(checkers.broken).toEqual([])
    await checkers.lists(listed('underWay', 0, []))
    expect(checkers.broken.map(({ law }) => law)).toEqual(['lists.true', 'lists.true', 'lists.true'])
  })

  it('somebody rung outside the hours the list gives him, whatever was told when he was taken up', async () => {
    const rung = [[...runs(), logOn('anna'), ...dealt('a', 'k1'), rings('x', 'a', 'e a')], [settled('a', 'k1')]]
    const lawsIn = async (from: string, to: string, before: readonly (readonly Fact[])[] = []): Promise<readonly Law[]> => {
      const checkers = checked([...before, ...rung], ['x'])
      const kept = { contactId: 'k1', state: 'reached', tries: 1, calls: ['a'], window: { from, to } } as never
      await checkers.lists({ contact: async () => kept })
      return laws(checkers)
    }
    expect(await lawsIn('00:00', '00:15')).toEqual([])
    expect(await lawsIn('09:00', '17:00')).toEqual(['contact.running'])
    expect(await lawsIn('23:00', '23:30', [[{ type: 'clock.stepped', byMs: -3_600 * SECOND }]])).toEqual([])
  })

  it('somebody who was on a list by a file when Call was pressed for him', () => {
    const nothing: Fact = { type: 'doNotCall.lifted', personId: 'p', campaignId: 'no list' }
    const pressed = (number: 1 | 2, campaignId: string | null, then: Fact = nothing): readonly Law[] => {
      const checkers = checked([[...runs('preview'), logOn('anna'), ...dealt('a', 'k1')]])
      checkers.listed({ contactId: 'k1', number, campaignId })
      checkers.asked({ type: 'card.call', by: 'agent', agentId: 'anna', callId: 'a' })
      for (const fact of [then, rings('x', 'a', 'e a')]) checkers.take([{ position: 1, at: SECOND, fact }], SECOND)
      return laws(checkers)
    }
    expect(pressed(1, null)).toContain('contact.listed')
    expect(pressed(1, 'k')).toContain('contact.listed')
    expect(pressed(2, null)).not.toContain('contact.listed')
    const lifted: Fact = { type: 'doNotCall.lifted', personId: 'p', campaignId: null }
    const until = (at: number | null): Fact => ({ type: 'doNotCall.listed', personId: 'q', campaignId: null, source: 'page', until: at })
    expect(pressed(1, null, lifted)).not.toContain('contact.listed')
    expect(pressed(1, null, until(SECOND))).toContain('contact.listed')
    expect(pressed(1, null, until(null))).toContain('contact.listed')
  })

  it('a line the facts say is over', () => {
    const { account } = checked([queued('c', 'e', 0), [over('line of c', 'answered')]])
    expect([account.isOver('line of c'), account.isOver('another')]).toEqual([true, false])
  })
})
