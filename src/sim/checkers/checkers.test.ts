/** Every law of the checkers, broken by hand and caught. */
import { describe, expect, it } from 'vitest'
import type { ArchiveEvent, Story, StoryLeg } from '#core/archive/story.ts'
import type { Fact } from '#core/facts.ts'
import { Account } from './account.ts'
import { storyFaults } from './story.ts'

const started = (callId = 'c'): Fact => ({
  type: 'call.started',
  callId,
  direction: 'inbound',
  from: { person: 'p' },
  to: { person: 'line' },
  customer: 'p',
})
const arrived = (callId = 'c', legId = 'a', personId = 'p'): Fact => ({ type: 'leg.arrived', callId, legId, personId })
const answered = (legId: string, callId = 'c'): Fact => ({ type: 'leg.answered', callId, legId })
const ended = (legId: string, callId = 'c'): Fact => ({ type: 'leg.ended', callId, legId, outcome: 'answered', by: 'party', cause: 16 })
const joined = (callId = 'c', entryId = 'e', kind: 'line' | 'web' = 'line'): Fact => ({
  type: 'entry.joined',
  callId,
  entryId,
  queueId: 'q',
  kind,
  place: 'end',
  since: 0,
  leavesAt: null,
})
const left = (entryId = 'e', callId = 'c'): Fact => ({ type: 'entry.left', callId, entryId, queueId: 'q', reason: 'hungUp' })
const offered = (legId = 'b', agentId = 'anna', callId = 'c', entryId = 'e'): Fact => ({
  type: 'leg.requested',
  callId,
  legId,
  party: 'agent',
  agentId,
  entryId,
  ringUntil: 1,
})
const dialled = (legId: string, personId = 'p', callId = 'c'): Fact => ({
  type: 'leg.requested',
  callId,
  legId,
  party: 'customer',
  personId,
  entryId: 'e',
  attempt: 1,
  ringUntil: 1,
})
const over = (callId = 'c'): Fact => ({ type: 'call.ended', callId })
const inbound = (legId: string, agentId: string): Fact => ({
  type: 'leg.requested',
  callId: 'c',
  legId,
  party: 'agent',
  agentId,
  ringUntil: 1,
})
const asked = (legId: string, agentId: string, purpose: 'consult' | 'transfer' | 'rungBack'): Fact => ({
  type: 'leg.requested',
  callId: 'c',
  legId,
  party: 'agent',
  agentId,
  purpose,
  ringUntil: 1,
})
const bridge = (bridge: 'main' | 'consult', ...legs: readonly string[]): Fact => ({ type: 'bridge.joined', callId: 'c', bridge, legs })
const legFact = (type: 'leg.held' | 'leg.resumed' | 'leg.muted' | 'leg.unmuted', legId: string): Fact => ({ type, callId: 'c', legId })
const consults: Fact = { type: 'consult.started', callId: 'c', agentId: 'anna', to: { agent: 'bo' } }
const consulted: Fact = { type: 'consult.ended', callId: 'c', agentId: 'anna', how: 'returned' }
/** An agent's own call: `o` is the own phone, `d` the one dialled. */
const ownCall: readonly Fact[] = [
  {
    type: 'call.started',
    callId: 'c',
    direction: 'outbound',
    origin: 'desk',
    from: { person: 'line' },
    to: { person: 'p' },
    customer: 'p',
    agentId: 'anna',
  },
  { type: 'entry.joined', callId: 'c', entryId: 'e', queueId: 'outbound', kind: 'outbound', place: 'end', since: 0, leavesAt: null },
  offered('o'),
]
const colleagues: readonly Fact[] = [
  {
    type: 'call.started',
    callId: 'c',
    direction: 'internal',
    origin: 'desk',
    from: { agent: 'anna' },
    to: { agent: 'bo' },
    customer: null,
    agentId: 'anna',
  },
  inbound('o', 'anna'),
]
const waiting: readonly Fact[] = [started(), arrived(), answered('a'), joined()]
const web: readonly Fact[] = [started(), joined('c', 'e', 'web')]

/** Each list is one commit. */
function account(...commits: readonly (readonly Fact[])[]): Account {
  const kept = new Account()
  let position = 0
  for (const facts of commits) kept.take(facts.map((fact) => ({ position: ++position, at: position, fact })))
  return kept
}
const laws = (...commits: readonly (readonly Fact[])[]): readonly string[] =>
  account(...commits).broken.map(({ what }) => what.replace(/^at fact \d+: /, ''))

describe('the account', () => {
  it('has nothing to say of a call that is answered and ends', () => {
    const talk: Fact = { type: 'bridge.joined', callId: 'c', bridge: 'main', legs: ['a', 'b'] }
    const kept = account([...waiting, offered()], [answered('b'), talk, left()], [ended('a'), ended('b'), over()])
    kept.drained()
    expect(kept.broken).toEqual([])
    expect(kept.calls).toEqual({ begun: 1, open: 0 })
  })

  it('has nothing against a switchboard on two lines', () => {
    const ordered: Fact = {
      type: 'callback.ordered',
      callId: 'c',
      entryId: 'e',
      personId: 'p',
      attemptsMax: 1,
      notBefore: null,
      expiresAt: null,
      switchboard: true,
    }
    expect(laws([...web, ordered, started('d'), arrived('d', 'z'), dialled('x')])).toEqual([])
  })

  it('has nothing to say of an agent’s own call, also to a number on a line with us, and of a colleague’s', () => {
    expect(laws(ownCall, [answered('o'), dialled('d')], [answered('d'), bridge('main', 'o', 'd'), left()])).toEqual([])
    expect(laws([started('x'), arrived('x', 'z')], [...ownCall, answered('o'), dialled('d')])).toEqual([])
    expect(laws(colleagues, [answered('o'), inbound('w', 'bo')], [answered('w'), bridge('consult', 'o', 'w')])).toEqual([])
  })

  it('knows who should hear whom: on hold nobody, in a consult the colleague, muted as before without being heard', () => {
    const talk = [...waiting, offered(), answered('b'), left(), bridge('main', 'a', 'b')]
    const ask = [legFact('leg.held', 'a'), consults, asked('x', 'bo', 'consult')]
    const hears = (...more: readonly (readonly Fact[])[]): object => Object.fromEntries(account(talk, ...more).sounds.joined())
    expect(hears()).toEqual({ a: ['b'], b: ['a'] })
    expect(hears(ask)).toEqual({ a: [], b: [] })
    expect(hears(ask, [answered('x'), bridge('consult', 'b', 'x')])).toEqual({ a: [], b: ['x'], x: ['b'] })
    expect(
      hears(ask, [answered('x'), bridge('consult', 'b', 'x')], [consulted, legFact('leg.resumed', 'a'), bridge('main', 'a', 'b', 'x')]),
    ).toEqual({
      a: ['b', 'x'],
      b: ['a', 'x'],
      x: ['a', 'b'],
    })
    expect(hears([legFact('leg.muted', 'b')])).toEqual({ a: [], b: ['a'] })
    expect(account(talk, ask).sounds.wait()).toEqual(['a'])
  })

  it('knows who waits with music: in a queue and on hold, but not while something is said or asked', () => {
    const said: Fact = { type: 'menu.entered', callId: 'c', menuId: 'callback.choose', what: 'ordering' }
    const silent: Fact = { type: 'menu.left', callId: 'c', menuId: 'callback.choose', how: 'gaveUp' }
    const asks: Fact = { ...joined('c', 'q'), kind: 'consult', byLegId: 'b' } as Fact
    const talk = [offered(), answered('b'), left(), bridge('main', 'a', 'b')]
    const waits = (...more: readonly (readonly Fact[])[]): readonly string[] => account(waiting, ...more).sounds.wait()
    expect([waits(), waits([said]), waits([said, silent]), waits(talk)]).toEqual([['a'], [], ['a'], []])
    expect(waits(talk, [legFact('leg.held', 'a'), consults, asks])).toEqual(['b', 'a'])
  })

  it('knows who is with nobody and should hear something: not whoever put the others on hold, but the third while one asks', () => {
    const three = [...waiting, offered(), answered('b'), left(), bridge('main', 'a', 'b'), inbound('t', 'tea'), answered('t')]
    const alone = (...more: readonly Fact[]): readonly string[] =>
      account([...three, bridge('main', 'a', 'b', 't'), ...more]).sounds.alone()
    const asks = [consults, asked('x', 'bo', 'consult'), answered('x'), bridge('consult', 'b', 'x')]
    expect(alone()).toEqual([])
    expect(alone(legFact('leg.held', 'a'), legFact('leg.held', 't'))).toEqual([])
    expect(alone(legFact('leg.held', 'a'), ...asks)).toEqual(['t'])
    expect(alone(legFact('leg.held', 'a'), legFact('leg.held', 't'), ...asks)).toEqual([])
    expect(alone(ended('b'), ended('t'))).toEqual(['a'])
  })

  it.each<[string, readonly (readonly Fact[])[], string]>([
    [
      'a number dialled for an agent who is gone',
      [ownCall, [answered('o'), dialled('d')], [ended('o')]],
      'leg d is rung for an agent who is gone',
    ],
    ['an own phone rung for a call that was cancelled', [ownCall, [left()]], 'agent anna is rung for an entry that has left'],
    [
      'a colleague rung for a colleague who is gone',
      [colleagues, [answered('o'), inbound('w', 'bo')], [ended('o')]],
      'agent bo is rung for a colleague who is gone',
    ],
    [
      'a consult rung for a customer who is gone',
      [[...waiting, offered(), answered('b'), left()], [consults, asked('x', 'bo', 'consult')], [ended('a')]],
      'agent bo is rung for a customer who is gone',
    ],
    [
      'a consult rung for an agent who is gone',
      [[...waiting, offered(), answered('b'), left()], [consults, asked('x', 'bo', 'consult')], [ended('b')]],
      'agent bo is rung for an agent who is gone',
    ],
    [
      'a transfer rung for a customer who is gone',
      [[...waiting, offered(), answered('b'), left()], [ended('b'), asked('x', 'bo', 'transfer')], [ended('a')]],
      'agent bo is rung for a customer who is gone',
    ],
    ['two consults at once', [[...waiting, consults, consults]], 'call c: a consult begins in another'],
    ['a consult that ends twice', [[...waiting, consults, consulted, consulted]], 'call c: a consult ends that never began'],
    [
      'a customer who waits in a queue on hold',
      [[...waiting, left(), legFact('leg.held', 'a'), joined('c', 'f')]],
      'entry f waits in a queue on hold',
    ],
    [
      'an entry offered to an agent whose phone is gone',
      [[{ type: 'agent.unreachable', agentId: 'anna' }, ...waiting, offered()]],
      'entry e is offered to anna, whose phone is gone',
    ],
    ['a leg held twice', [[...waiting, legFact('leg.held', 'a'), legFact('leg.held', 'a')]], 'leg a is held twice'],
    ['a leg resumed that was not held', [[...waiting, legFact('leg.resumed', 'a')]], 'leg a is no longer held twice'],
    ['a leg muted that is not on the line', [[...waiting, offered(), legFact('leg.muted', 'b')]], 'leg b is muted, not being on the line'],
    [
      'an agent in two matters',
      [
        [...waiting, offered('b')],
        [started('d'), arrived('d', 'x', 'o'), joined('d', 'f'), offered('y', 'anna', 'd', 'f')],
      ],
      'agent anna is rung, being in another matter',
    ],
    ['an entry offered to two', [[...waiting, offered('b'), offered('d', 'bo')]], 'entry e is offered to two agents'],
    ['an entry that leaves twice', [[...waiting, left(), left()]], 'entry.left of entry e, which has left'],
    ['a call that ends twice', [[started(), over(), over()]], 'call.ended after the call ended'],
    ['a call that ends with a line up', [[started(), arrived(), over()]], 'call c ended with leg a up'],
    ['a call that ends with somebody waiting', [[started(), joined('c', 'e', 'web'), over()]], 'call c ended with entry e in its queue'],
    ['a ring for a customer who is gone', [[...waiting, offered()], [ended('a')]], 'agent anna is rung for a customer who is gone'],
    ['a ring for an entry that has left', [[...waiting, offered()], [left()]], 'agent anna is rung for an entry that has left'],
    [
      'a customer rung twice in one attempt',
      [[...web, dialled('x'), ended('x'), dialled('y')]],
      'entry e: the customer is rung twice in attempt 1',
    ],
    ['a customer rung without a callback', [[...waiting, ended('a'), dialled('x')]], 'the customer of entry e is rung without a callback'],
    [
      'a customer rung while on the line',
      [[...web, started('d'), arrived('d', 'z'), dialled('x')]],
      'p is rung while on another line with us',
    ],
    [
      'a leg joined that is not on the line',
      [[started(), arrived(), { type: 'bridge.joined', callId: 'c', bridge: 'main', legs: ['a'] }]],
      'leg a is joined without being on the line',
    ],
    ['a leg that ends twice', [[started(), arrived(), ended('a'), ended('a')]], 'leg a ended, and was not there'],
    ['a leg that answers twice', [[started(), arrived(), answered('a'), answered('a')]], 'leg a answered twice'],
    ['a call set aside', [[started(), { type: 'call.setAside', callId: 'c' }]], 'call c was set aside'],
  ])('catches %s', (_, commits, sentence) => expect(laws(...commits)).toContain(sentence))

  it('catches a ring no fact knows', () => {
    const kept = account([...waiting, offered()])
    kept.ring('b')
    kept.ring('nobody')
    expect(kept.broken.map(({ what }) => what.slice(what.indexOf(':') + 2))).toEqual(['leg nobody is rung, and no fact says so'])
  })

  it('catches a hole in the journal, and time that runs back', () => {
    const kept = new Account()
    kept.take([{ position: 1, at: 5, fact: started() }])
    kept.take([{ position: 3, at: 4, fact: over() }])
    expect(kept.broken).toHaveLength(2)
  })

  it('catches what never drained', () => {
    const kept = account(waiting)
    kept.drained()
    expect(kept.broken).toHaveLength(3)
  })
})

const event = (kind: ArchiveEvent['kind'], startedAt: number, endedAt: number | null): ArchiveEvent => ({
  id: `${startedAt}`,
  kind,
  startedAt,
  endedAt,
  agents: [],
})
const leg = (requestedAt: number, answeredAt: number | null, endedAt: number, more: Partial<StoryLeg> = {}): StoryLeg => ({
  ...{ id: 'l', party: 'agent', requestedAt, ringingAt: requestedAt, answeredAt, endedAt, holds: [] },
  ...{ outcome: answeredAt === null ? 'unanswered' : 'answered', cause: 16 },
  ...more,
})
const story = (events: readonly ArchiveEvent[], endedAt: number | null = 100, legs: readonly StoryLeg[] = [leg(40, 60, 100)]): Story => ({
  id: 'c',
  direction: 'inbound',
  startedAt: 0,
  endedAt,
  caller: null,
  from: { person: 'p' },
  to: { person: 'line' },
  queues: [],
  agents: [],
  result: endedAt === null ? 'live' : 'answered',
  waitMs: null,
  waitToCustomerMs: null,
  speakMs: 0,
  unanswered: 0,
  relatedCalls: [],
  events,
  legs,
  position: 1,
})

describe('the law of a story', () => {
  it('lets a menu lie in a conversation, and a telephone explain a hole', () => {
    expect(storyFaults(story([event('queue', 0, 40), event('conversation', 60, 100), event('menu', 60, 63)]))).toEqual([])
    expect(storyFaults(story([event('queue', 0, null)], null))).toEqual([])
  })

  it.each([
    ['one phone after the other', [leg(40, null, 50), leg(50, 60, 100)], []],
    ['one phone, and nobody’s after it', [leg(40, null, 50)], ['nothing is told of 10 ms']],
    ['a line that stands', [leg(0, 0, 100)], ['nothing is told of 20 ms']],
    ['a line of which it was learnt afterwards that it was over', [leg(0, 10, 40, { learntAt: 60 })], []],
  ] as const)('a hole is explained by %s, or it is not', (_, legs, faults) => {
    const holed = story([event('conversation', 0, 40), event('conversation', 60, 100)], 100, legs)
    expect(storyFaults(holed).map((fault) => fault.replace('call c: ', ''))).toEqual(faults)
  })

  it('a contact who was dialled first waits for an agent; one an agent called does not', () => {
    const holed = story([event('queueCallback', 0, 40), event('conversation', 60, 100)], 100, [leg(0, 40, 100, { party: 'customer' })])
    expect(storyFaults({ ...holed, mode: 'power' })).toEqual([])
    expect(storyFaults({ ...holed, mode: 'preview' })).toHaveLength(1)
  })

  it.each([
    ['two at once', [event('queue', 0, 50), event('conversation', 40, 100)], 'queue and conversation are open at once'],
    [
      'a message that outlasts its conversation',
      [event('conversation', 0, 50), event('menu', 40, 60)],
      'conversation and menu are open at once',
    ],
    ['a hole', [event('queue', 0, 10), event('conversation', 20, 100)], 'nothing is told of 10 ms'],
    ['a negative length', [event('queue', 20, 10)], 'queue ends before it begins'],
    ['one before the call', [event('queue', -1, 10)], 'queue begins before the call'],
    ['one after the call', [event('queue', 0, 101)], 'queue outlasts the call'],
    ['one left open', [event('queue', 0, null)], 'queue is open though the call ended'],
  ] as const)('catches %s', (_, events, sentence) => {
    expect(storyFaults(story(events)).map((fault) => fault.replace('call c: ', ''))).toContain(sentence)
  })
})
