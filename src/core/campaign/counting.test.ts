/** Each agent is counted in one snapshot; whom calls in the air count on, callers get only as the campaign says. dialler.md 1 */
import { describe, expect, it } from 'vitest'
import type { Solution } from '../solution/solution.ts'
import { Campaigning, contactOf, SECOND } from '../world/campaign.support.ts'
import { agentOf, NINE, queueOf, solutionOf } from '../world/stage.support.ts'
import { countAgents } from './counting.ts'
import type { Settings } from './settings.ts'
import { spokenFor } from './spoken.ts'

const team = (...ids: readonly string[]): Solution =>
  solutionOf(
    [queueOf('support')],
    ids.map((id) => agentOf(id)),
  )

function started(settings: Partial<Settings>, solution: Solution): Campaigning {
  const stage = new Campaigning(settings, solution)
  for (const id of Object.keys(solution.agents)) {
    stage.logOn(id)
    stage.wait(SECOND)
  }
  return stage
}

function also(stage: Campaigning, id: string, settings: Partial<Settings>): void {
  stage.writes(settings, id)
  stage.ask({ type: 'campaign.start', by: 'supervisor', campaignId: id })
}

/** `spring: idle a b, paused c`. */
function counted(stage: Campaigning): readonly string[] {
  const solution = stage.solutions.get('v1')
  if (solution === undefined) throw new Error('no solution')
  return [...countAgents(stage.world, solution)].map(([id, groups]) => {
    const parts = Object.entries({ ...groups }).flatMap(([name, agents]) =>
      agents.length === 0 ? [] : [`${name} ${agents.map((agent) => agent.id).join(' ')}`],
    )
    return `${id}: ${parts.join(', ')}`
  })
}
const spoken = (stage: Campaigning): readonly string[] => [...spokenFor(stage.world, stage.solutions.get('v1') as Solution).keys()]

describe('in which snapshot an agent is', () => {
  it('the one of higher priority has all; equal ones have them in turn', () => {
    const stage = started({ priority: 1 }, team('a', 'b', 'c'))
    also(stage, 'autumn', {})
    expect(counted(stage)).toEqual(['spring: idle a b c', 'autumn: '])
    stage.writes({})
    expect(counted(stage)).toEqual(['spring: idle b', 'autumn: idle a c'])
  })

  it('of equal ones the one for whom fewer are at work has whoever is free', () => {
    const stage = started({}, team('a', 'b'))
    stage.deals(contactOf('1'))
    stage.answers(stage.contact('1'))
    expect(counted(stage)).toEqual(['spring: idle b, talking a'])
    also(stage, 'winter', {})
    expect(counted(stage)).toEqual(['spring: talking a', 'winter: idle b'])
  })

  it('only those with the skill, and where contacts are dialled first only those whose phones answer by themselves', () => {
    const solution = solutionOf(
      [queueOf('support')],
      [
        agentOf('a', { skills: { sales: 2 } }),
        agentOf('b', { skills: { other: 1 } }),
        agentOf('c', { phone: { kind: 'sip', account: 'c' } }),
        agentOf('d', { profile: ['support'] }),
      ],
    )
    expect(counted(started({ skill: 'sales' }, solution))).toEqual(['spring: idle a d'])
    expect(counted(started({ mode: 'preview' }, solution))).toEqual(['spring: idle a b c d'])
  })

  it('busy ones are where their call is, in its wrap-up too; on other calls nowhere; who is not there is paused', () => {
    const stage = started({ wrapUpMs: 60_000 }, team('a', 'b', 'c', 'd'))
    stage.deals(contactOf('1'))
    stage.answers(stage.contact('1'))
    expect(counted(stage)).toEqual(['spring: idle b c d, talking a'])
    stage.answers(stage.phoneOf('a'))
    stage.ends(stage.contact('1'))
    stage.joins('1', 'p9')
    stage.pause('c')
    stage.do({ type: 'phone.lose', agentId: 'd' })
    expect(stage.status('b')).toBe('connecting')
    expect(counted(stage)).toEqual(['spring: paused c d, wrapping a'])
  })

  it('an agent stays where a call in the air counts on him, though another campaign comes first', () => {
    const stage = started({}, team('a', 'b'))
    stage.deals(contactOf('1'))
    also(stage, 'autumn', { priority: 9 })
    expect(counted(stage)).toEqual(['spring: idle a', 'autumn: idle b'])
    stage.ends(stage.contact('1'), 'busy')
    expect(counted(stage)).toEqual(['spring: ', 'autumn: idle a b'])
  })

  it('one who looks at a card is ready for nothing else', () => {
    const stage = started({ mode: 'preview' }, team('a', 'b'))
    stage.deals(contactOf('1'))
    expect(counted(stage)).toEqual(['spring: idle b, paused a'])
  })
})

describe('spoken for', () => {
  it('the longest ready, one for each call in the air; a caller gets another', () => {
    const stage = started({}, team('a', 'b', 'c'))
    stage.deals(contactOf('1'), contactOf('2'))
    expect(spoken(stage)).toEqual(['a', 'b'])
    stage.joins('1', 'p9')
    expect(stage.status('c')).toBe('connecting')
  })

  it('nobody is for two campaigns', () => {
    const stage = started({}, team('a', 'b', 'c'))
    also(stage, 'autumn', {})
    stage.deals(contactOf('1'))
    stage.do({ type: 'contacts.deal', campaignId: 'autumn', contacts: [contactOf('2')] })
    expect([...spokenFor(stage.world, stage.solutions.get('v1') as Solution)]).toEqual([
      ['a', 'autumn'],
      ['b', 'spring'],
    ])
  })

  it('all are: a caller gets one, or waits until no call counts on him any more', () => {
    for (const whenAllSpokenFor of ['inbound', 'dialler'] as const) {
      const stage = started({ whenAllSpokenFor }, team('a'))
      stage.deals(contactOf('1'))
      stage.joins('1', 'p9')
      expect(stage.status('a')).toBe(whenAllSpokenFor === 'inbound' ? 'connecting' : 'ready')
      if (whenAllSpokenFor === 'inbound') continue
      expect(counted(stage)).toEqual(['spring: '])
      stage.ends(stage.contact('1'), 'busy')
      expect(stage.status('a')).toBe('connecting')
    }
  })

  it('a contact who answered goes before callers for an agent who becomes free', () => {
    const stage = started({ whenAllSpokenFor: 'dialler' }, team('a'))
    stage.deals(contactOf('1'))
    stage.do({ type: 'phone.lose', agentId: 'a' })
    stage.joins('1', 'p9')
    stage.answers(stage.contact('1'))
    stage.do({ type: 'phone.find', agentId: 'a' })
    expect(stage.call(stage.phoneOf('a'))?.contact?.contactId).toBe('1')
  })

  it('a rescheduled contact does not take an agent whom calls in the air count on', () => {
    const stage = started({ mode: 'predictive' }, team('a', 'b'))
    stage.deals(contactOf('1'), contactOf('2'))
    stage.deals(contactOf('3', { agentFirst: true }))
    expect([stage.card('a'), stage.card('b')]).toEqual([null, null])
    stage.ends(stage.contact('1'), 'busy')
    expect([stage.card('a'), stage.card('b')]).toEqual([null, '3'])
  })

  it('it gets the next agent who becomes ready, though more are dialled than are ready', () => {
    const stage = started({ mode: 'predictive' }, team('a', 'b'))
    stage.pause('b')
    stage.wait(SECOND)
    stage.deals(contactOf('1'), contactOf('2'), contactOf('3', { agentFirst: true }))
    stage.wait(SECOND)
    stage.back('b')
    expect([stage.card('a'), stage.card('b')]).toEqual([null, '3'])
  })

  it('one who waits for a single agent keeps nobody from being dialled', () => {
    const stage = started({}, team('a', 'b'))
    stage.pause('b')
    stage.deals(contactOf('1', { agentFirst: true, forAgent: 'b' }))
    expect(stage.draws(9)).toBe(1)
  })
})

describe('a pause asked for while calls are in the air', () => {
  function inAir(): Campaigning {
    const stage = started({}, team('a', 'b'))
    stage.deals(contactOf('1'))
    stage.wait(SECOND)
    stage.pause('a')
    return stage
  }

  it('no new call counts on the agent, who is paused in the snapshot, and gets no caller', () => {
    const stage = inAir()
    expect(stage.status('a')).toBe('ready')
    expect(stage.all('agent.wished')).toMatchObject([{ wish: 'paused', effectAt: stage.at + 32 * SECOND, campaignId: 'spring' }])
    expect(counted(stage)).toEqual(['spring: idle b, paused a'])
    stage.joins('1', 'p8')
    stage.joins('1', 'p9')
    expect([stage.status('a'), stage.status('b')]).toEqual(['ready', 'connecting'])
  })

  it('takes effect when those calls are settled, and not before', () => {
    const stage = started({}, team('a', 'b', 'c'))
    stage.deals(contactOf('1'))
    stage.wait(SECOND)
    stage.pause('a')
    stage.wait(SECOND)
    expect(stage.deals(contactOf('2'))).toEqual(['2'])
    stage.ends(stage.contact('1'), 'busy')
    expect(stage.status('a')).toBe('paused')
    const two = started({}, team('a', 'b'))
    two.deals(contactOf('1'), contactOf('2'))
    two.pause('a')
    two.ends(two.contact('1'), 'busy')
    expect(two.status('a')).toBe('ready')
    two.ends(two.contact('2'), 'busy')
    expect(two.status('a')).toBe('paused')
  })

  it('he may still get one of them; then it takes effect after it', () => {
    const stage = inAir()
    stage.answers(stage.contact('1'))
    expect(stage.status('a')).toBe('connecting')
    stage.answers(stage.phoneOf('a'))
    stage.wait(40 * SECOND)
    expect(stage.status('a')).toBe('connected')
    stage.ends(stage.contact('1'))
    expect(stage.status('a')).toBe('paused')
  })

  it('at the latest the ringing timeout and the limit later; at once when pressed again, or the phone is lost', () => {
    const late = started({ ringMs: 30_000 }, team('a', 'b'))
    late.deals(contactOf('1'))
    late.wait(SECOND)
    late.pause('a')
    late.wait(29 * SECOND - 1)
    expect(late.status('a')).toBe('ready')
    late.wait(1)
    expect(late.status('a')).toBe('paused')
    const again = inAir()
    again.pause('a')
    expect(again.status('a')).toBe('paused')
    const lost = inAir()
    lost.do({ type: 'phone.lose', agentId: 'a' })
    expect(lost.status('a')).toBe('unreachable')
    lost.do({ type: 'phone.find', agentId: 'a' })
    expect(lost.status('a')).toBe('paused')
  })

  it('is taken back by Ready; a log-off likewise waits; with nothing in the air a pause is at once', () => {
    const stage = inAir()
    stage.back('a')
    expect(stage.world.agents.get('a')).toMatchObject({ status: 'ready', wish: null })
    stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'b' })
    expect(stage.status('b')).toBe('ready')
    stage.ends(stage.contact('1'), 'busy')
    expect(stage.status('b')).toBe('loggedOff')
    stage.pause('a')
    expect(stage.status('a')).toBe('paused')
  })
})

it('counts nobody where there is no campaign', () => {
  const stage = new Campaigning({}, team('a'), NINE)
  stage.ask({ type: 'campaign.stop', by: 'supervisor', campaignId: 'spring' })
  stage.ask({ type: 'campaign.remove', by: 'supervisor', campaignId: 'spring' })
  stage.logOn('a')
  expect(counted(stage)).toEqual([])
})
