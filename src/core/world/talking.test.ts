/** archive.md 3.6: F1–F14 as the rules make them, told by the archive; and who hears whom at each step. */
import { describe, expect, it } from 'vitest'
import { allCases } from '../archive/cases/all.ts'
import { rows } from '../archive/cases/shape.ts'
import { projectCall } from '../archive/projection.ts'
import { callOf } from '../facts.ts'
import { agentOf } from './stage.support.ts'
import { AGENTS, agent2, fail, outside, sales, Talk } from './talk.support.ts'

/** The call's story is the case's, it is over, and whoever is logged on is ready. */
function expectStory(stage: Talk, name: string): void {
  const one = allCases.find((known) => known.name === name)
  if (one === undefined) throw new Error(`no case ${name}`)
  const story = projectCall(stage.facts.filter(({ fact }) => callOf(fact) === stage.callId))
  // The menu before the queue is chosen in at once, and of no length.
  expect(rows(story).filter((row) => !row.startsWith('Menu -40'))).toEqual(one.events)
  expect(story.result).toBe(one.result)
  expect(Object.fromEntries(story.agents.map((agent) => [agent.id, agent.speakMs / 1000]))).toEqual(one.speak)
  expect(story.waitMs).toBe(40_000)
  expect(stage.world.calls.size).toBe(0)
  const loggedOn = AGENTS.map((id) => stage.status(id)).filter((status) => status !== 'loggedOff')
  expect(loggedOn).toEqual(loggedOn.map(() => 'ready'))
}

/** agent2 rung at 55, joined with agent1 at 60. */
function consulted(): Talk {
  const stage = new Talk().until(55)
  stage.consult(agent2)
  expect(stage.heard()).toEqual({ joined: [], music: { customer: 'default', agent1: 'ringing' } })
  stage.rings(stage.phoneOf('agent2'))
  stage.until(60).answers(stage.phoneOf('agent2'))
  expect(stage.heard()).toEqual({ joined: [['agent1', 'agent2']], music: { customer: 'default' } })
  return stage.until(100)
}

describe('consult', () => {
  it('F1: agent2 leaves, and the customer is back', () => {
    const stage = consulted()
    stage.ends(stage.phoneOf('agent2'))
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1']], music: {} })
    expectStory(stage.end(), 'F1')
  })

  it('F1 ended by agent1, and the customer is back', () => {
    const stage = consulted()
    expect(stage.says('talk.endConsult')).toBeNull()
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1']], music: {} })
    expectStory(stage.end(), 'F1')
  })

  it('F2: transferred', () => {
    const stage = consulted()
    expect(stage.says('talk.transfer')).toBeNull()
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent2']], music: {} })
    expect(stage.status('agent1')).toBe('ready')
    expectStory(stage.end(), 'F2')
  })

  it('F2 by hanging up: the customer is never left alone', () => {
    const stage = consulted()
    stage.ends(stage.phoneOf('agent1'))
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent2']], music: {} })
    expectStory(stage.end(), 'F2')
  })

  it.each([
    ['not answered', 30],
    ['rejected', 0],
  ])('F3: %s, and back to the customer', (how, seconds) => {
    const stage = new Talk().until(60)
    stage.consult(agent2)
    stage.rings(stage.phoneOf('agent2'))
    if (seconds === 0) stage.ends(stage.phoneOf('agent2'), 'rejected')
    else stage.until(60 + seconds)
    expect(stage.heard(), how).toEqual({ joined: [['customer', 'agent1']], music: {} })
    expect(stage.status('agent2')).toBe('ready')
    expectStory(stage.end(), 'F3')
  })

  it('F7: to a queue; F8: aborted while a phone rings', () => {
    const stage = new Talk('agent3').until(60)
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'agent3', reason: 'lunch' })
    expect(stage.consult(sales)).toBeNull()
    expect(stage.heard().music).toEqual({ customer: 'default', agent1: 'default' })
    stage.until(80).ask({ type: 'agent.return', by: 'agent', agentId: 'agent3' })
    stage.answers(stage.phoneOf('agent3'))
    expect(stage.heard().joined).toEqual([['agent1', 'agent3']])
    stage.until(100).ends(stage.phoneOf('agent3'))
    expectStory(stage.end(), 'F7')
    const aborted = new Talk('agent3').until(60)
    aborted.ask({ type: 'agent.pause', by: 'agent', agentId: 'agent3', reason: 'lunch' })
    aborted.consult(sales)
    aborted.until(70).ask({ type: 'agent.return', by: 'agent', agentId: 'agent3' })
    const rung = aborted.phoneOf('agent3')
    aborted.until(75)
    expect(aborted.says('talk.endConsult')).toBeNull()
    aborted.answers(rung)
    expect(aborted.heard()).toEqual({ joined: [['customer', 'agent1']], music: {} })
    expectStory(aborted.end(), 'F8')
  })

  it('F9: conference, and agent1 leaves', () => {
    const stage = consulted()
    expect(stage.says('talk.conference')).toBeNull()
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1', 'agent2']], music: {} })
    stage.until(150).ends(stage.phoneOf('agent1'))
    expect(stage.heard().joined).toEqual([['customer', 'agent2']])
    expectStory(stage.end(), 'F9')
  })

  it('F11: with an outside number, shown our own', () => {
    const stage = new Talk().until(55)
    expect(stage.consult(outside)).toBeNull()
    expect(stage.effects.findLast((effect) => effect.type === 'leg.ring')).toMatchObject({ to: { person: 'p-out' }, callerId: 'line' })
    stage.until(60).answers(stage.rungAt('p-out'))
    stage.until(100).ends(stage.rungAt('p-out'))
    expectStory(stage.end(), 'F11')
  })

  it('F14: the customer hangs up, and the agents talk on', () => {
    const stage = consulted()
    const other = new Talk().until(55)
    other.consult(agent2)
    other.until(60).answers(other.phoneOf('agent2'))
    other.until(80).ends(other.line)
    expect(other.heard().joined).toEqual([['agent1', 'agent2']])
    other.until(90).ends(other.phoneOf('agent2'))
    expectStory(other, 'F14')
    stage.end()
    expect(stage.world.calls.size).toBe(1)
  })

  it('the customer hangs up while the colleague is rung: nobody is rung any more', () => {
    const stage = new Talk().until(55)
    stage.consult(agent2)
    stage.ends(stage.line)
    expect([stage.world.calls.size, stage.status('agent1'), stage.status('agent2')]).toEqual([0, 'ready', 'ready'])
  })

  it('swap goes to and fro, and whoever is left hears music', () => {
    const stage = consulted()
    stage.says('talk.swap')
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1']], music: { agent2: 'default' } })
    stage.says('talk.swap')
    expect(stage.heard()).toEqual({ joined: [['agent1', 'agent2']], music: { customer: 'default' } })
    stage.says('talk.swap')
    stage.says('talk.transfer')
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent2']], music: {} })
  })

  it('an emergency number in a conversation is a consult', () => {
    const stage = new Talk().until(55)
    stage.consult(agent2)
    expect(
      stage.do({ type: 'call.dial', by: 'agent', agentId: 'agent1', to: { person: 'p112', barred: 'emergency' }, origin: 'desk' }).refused,
    ).toBeNull()
    expect(stage.effects.findLast((effect) => effect.type === 'leg.ring')).toMatchObject({ to: { person: 'p112' }, emergency: true })
    stage.answers(stage.rungAt('p112'))
    expect(stage.heard()).toEqual({ joined: [['agent1', 'outside']], music: { customer: 'default' } })
    expect(stage.status('agent2')).toBe('ready')
  })
})

describe('an emergency call out of any talk', () => {
  const help = (stage: Talk, agentId: string) =>
    stage.do({ type: 'call.dial', by: 'agent', agentId, to: { person: 'p112', barred: 'emergency' }, origin: 'desk' }).refused
  const reaches = (stage: Talk, agentId: string): void => {
    expect(help(stage, agentId)).toBeNull()
    stage.answers(stage.phoneOf(agentId))
    stage.answers(stage.rungAt('p112'))
    expect(stage.heard().joined).toContainEqual([agentId, 'outside'])
  }

  it('by who is consulted: the first agent is back with the customer', () => {
    const stage = consulted()
    reaches(stage, 'agent2')
    expect(stage.heard().joined).toContainEqual(['customer', 'agent1'])
    expect(stage.consult({ person: 'p112', barred: 'emergency' })).toBeNull()
  })

  it('by a colleague on the line with another: that talk is over', () => {
    const stage = new Talk()
    stage.do({ type: 'call.dial', by: 'agent', agentId: 'agent2', to: { agentId: 'agent3' }, origin: 'desk' })
    stage.answers(stage.phoneOf('agent2'))
    stage.answers(stage.phoneOf('agent3'))
    reaches(stage, 'agent2')
    expect(stage.status('agent3')).toBe('ready')
  })
})

describe('transfer', () => {
  it('F4: blind, to a colleague', () => {
    const stage = new Talk().until(60)
    expect(stage.transfer(agent2)).toBeNull()
    expect(stage.heard()).toEqual({ joined: [], music: { customer: 'default' } })
    expect(stage.status('agent1')).toBe('ready')
    stage.until(66).answers(stage.phoneOf('agent2'))
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent2']], music: {} })
    expectStory(stage.end(), 'F4')
  })

  it('F5: not answered, and the first agent is rung', () => {
    const stage = new Talk().until(60)
    stage.transfer(agent2)
    stage.rings(stage.phoneOf('agent2'))
    stage.until(92).answers(stage.phoneOf('agent1'))
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1']], music: {} })
    expectStory(stage.end(), 'F5')
  })

  it('F5 with the first agent in another matter: the front of the queue', () => {
    const stage = new Talk().until(60)
    stage.transfer(agent2)
    stage.ask({ type: 'call.dial', by: 'agent', agentId: 'agent1', to: outside, origin: 'desk' })
    stage.until(90)
    expect(stage.all('entry.joined').at(-1)).toMatchObject({ queueId: 'support', place: 'front' })
    expect(stage.heard().music).toEqual({ customer: 'default' })
  })

  it('F6: to a queue', () => {
    const stage = new Talk().until(60)
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'agent2', reason: 'lunch' })
    expect(stage.transfer(sales)).toBeNull()
    stage.until(100).ask({ type: 'agent.return', by: 'agent', agentId: 'agent2' })
    stage.answers(stage.phoneOf('agent2'))
    expectStory(stage.end(), 'F6')
    expect(stage.world.queues.get('support')?.today).toMatchObject({ offered: 1, answered: 1 })
    expect(stage.world.queues.get('sales')?.today).toMatchObject({ offered: 0, answered: 0 })
  })

  it('F10: to an outside number, who hangs up with the customer', () => {
    const stage = new Talk().until(60)
    stage.transfer(outside)
    stage.until(70).answers(stage.rungAt('p-out'))
    expect(stage.heard().joined).toEqual([['customer', 'outside']])
    expectStory(stage.end(), 'F10')
  })

  it('F12: the phone is lost, rung back, and answers', () => {
    const stage = new Talk().until(60)
    stage.ends(stage.phoneOf('agent1'), 'answered', 'network')
    expect(stage.effects.findLast((effect) => effect.type === 'prompt.play')).toMatchObject({
      legs: [stage.line],
      parts: [{ prompt: 'phoneLost.wait' }],
    })
    stage.hear(stage.line)
    expect(stage.heard()).toEqual({ joined: [], music: { customer: 'default' } })
    stage.until(64).answers(stage.phoneOf('agent1'))
    expectStory(stage.end(), 'F12')
  })

  it('F12, the page is loaded anew: gone for 3 s, rung the instant it is found, and once', () => {
    const stage = new Talk().until(60)
    stage.ends(stage.phoneOf('agent1'), 'answered', 'network')
    const tried = stage.phoneOf('agent1')
    stage.do({ type: 'phone.lose', agentId: 'agent1' })
    expect(stage.all('leg.ended').at(-1)).toMatchObject({ legId: tried, outcome: 'withdrawn' })
    expect(stage.rungTimes(stage.phoneOf('agent1'))).toBe(0)
    expect(stage.heard().music).toEqual({})
    stage.hear(stage.line)
    expect(stage.heard()).toEqual({ joined: [], music: { customer: 'default' } })
    stage.until(63).do({ type: 'phone.find', agentId: 'agent1' })
    stage.do({ type: 'phone.find', agentId: 'agent1' })
    expect(stage.rungTimes(stage.phoneOf('agent1'))).toBe(1)
    stage.until(64).answers(stage.phoneOf('agent1'))
    expect(stage.heard().joined).toEqual([['customer', 'agent1']])
    expectStory(stage.end(), 'F12')
  })

  it('F12, the network is away: known to be gone first, then lost; gone once more while it rings; both within the 20 s', () => {
    const stage = new Talk().until(60)
    stage.do({ type: 'phone.lose', agentId: 'agent1' })
    expect(stage.heard().joined).toEqual([['customer', 'agent1']])
    stage.ends(stage.phoneOf('agent1'), 'answered', 'network')
    expect(stage.all('leg.requested').at(-1)).toMatchObject({ purpose: 'rungBack', waits: true, ringUntil: stage.at + 20_000 })
    expect(stage.rungTimes(stage.phoneOf('agent1'))).toBe(0)
    stage.until(61).do({ type: 'phone.find', agentId: 'agent1' })
    const first = stage.phoneOf('agent1')
    stage.rings(first)
    stage.until(62).do({ type: 'phone.lose', agentId: 'agent1' })
    expect(stage.phoneOf('agent1')).not.toBe(first)
    expect(stage.all('leg.requested').at(-1)).toMatchObject({ waits: true, ringUntil: stage.at + 18_000 })
    stage.until(63).do({ type: 'phone.find', agentId: 'agent1' })
    stage.until(64).answers(stage.phoneOf('agent1'))
    expectStory(stage.end(), 'F12')
  })

  it('a ring back that fails is not repeated before the phone is known to be there; the agent’s rejection ends it', () => {
    const stage = new Talk().until(60)
    stage.ends(stage.phoneOf('agent1'), 'answered', 'network')
    stage.ends(stage.phoneOf('agent1'), 'failed', 'network')
    const waiting = stage.phoneOf('agent1')
    expect(stage.rungTimes(waiting)).toBe(0)
    stage.until(70).do({ type: 'phone.lose', agentId: 'agent1' })
    stage.do({ type: 'phone.find', agentId: 'agent1' })
    expect(stage.rungTimes(stage.phoneOf('agent1'))).toBe(1)
    stage.ends(stage.phoneOf('agent1'), 'rejected')
    expect(stage.all('entry.joined').at(-1)).toMatchObject({ queueId: 'support', place: 'front' })
    expect(stage.status('agent1')).toBe('rejected')
  })

  it('whose phone stays away is unreachable, and has missed no offer; a customer who hangs up meanwhile frees him at once', () => {
    const stage = new Talk().until(60)
    stage.do({ type: 'phone.lose', agentId: 'agent1' })
    stage.ends(stage.phoneOf('agent1'), 'answered', 'network')
    stage.until(80)
    expect(stage.all('entry.joined').at(-1)).toMatchObject({ queueId: 'support', place: 'front' })
    expect(stage.world.agents.get('agent1')).toMatchObject({ status: 'unreachable', missed: 0, matter: null })
    const gone = new Talk().until(60)
    gone.do({ type: 'phone.lose', agentId: 'agent1' })
    gone.ends(gone.phoneOf('agent1'), 'answered', 'network')
    gone.until(70).ends(gone.line)
    expect(gone.world.agents.get('agent1')).toMatchObject({ status: 'unreachable', matter: null })
    expect(gone.world.calls.size).toBe(0)
  })

  it('an ordinary telephone is asked by nobody whether it is there: one that cannot be rung back is not waited for', () => {
    const stage = new Talk()
    const [solution] = stage.solutions.values()
    if (solution === undefined) return fail()
    const agent1 = agentOf('agent1', { skills: { support: 1 }, phone: { kind: 'number', number: '+46700000001' } })
    stage.solutions.set(solution.version, { ...solution, agents: { ...solution.agents, agent1 } })
    stage.until(60).ends(stage.phoneOf('agent1'), 'answered', 'network')
    stage.ends(stage.phoneOf('agent1'), 'failed', 'network')
    expect(stage.all('entry.joined').at(-1)).toMatchObject({ queueId: 'support', place: 'front', since: stage.at })
  })

  it('F13: not back: the front of the queue; without a queue a message and the end', () => {
    const stage = new Talk()
    stage.world.agents.set('agent2', { ...(stage.world.agents.get('agent2') ?? fail()), status: 'ready' })
    const solution = [...stage.solutions.values()][0] ?? fail()
    stage.solutions.set(solution.version, { ...solution, agents: { ...solution.agents, agent2: agentOf('agent2') } })
    stage.until(60)
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'agent2', reason: 'lunch' })
    stage.ends(stage.phoneOf('agent1'), 'answered', 'network')
    stage.until(95).ask({ type: 'agent.return', by: 'agent', agentId: 'agent2' })
    stage.answers(stage.phoneOf('agent2'))
    expectStory(stage.end(), 'F13')
    const own = new Talk()
    own.ends(own.line)
    own.ask({ type: 'call.dial', by: 'agent', agentId: 'agent1', to: outside, origin: 'desk' })
    own.answers(own.phoneOf('agent1'))
    own.answers(own.rungAt('p-out'))
    own.ends(own.phoneOf('agent1'), 'answered', 'network')
    own.wait(20_000)
    expect(own.all('menu.entered').at(-1)).toMatchObject({ menuId: 'phoneLost', what: 'message' })
    own.hear(own.rungAt('p-out'))
    expect(own.world.calls.size).toBe(0)
  })
})
