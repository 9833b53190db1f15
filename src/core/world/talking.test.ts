/** archive.md 3.6: F1–F14 as the rules make them, told by the archive; who hears whom at each step; and what is refused. */
import { describe, expect, it } from 'vitest'
import { allCases } from '../archive/cases/all.ts'
import { T0 } from '../archive/cases/script.ts'
import { rows } from '../archive/cases/shape.ts'
import { projectCall } from '../archive/projection.ts'
import type { Effect } from '../effects.ts'
import { callOf } from '../facts.ts'
import type { Called } from '../inputs.ts'
import type { LegId } from '../kernel/kernel.ts'
import type { Queue } from '../solution/solution.ts'
import { agentOf, queueOf, Stage, solutionOf } from './stage.support.ts'
import type { TalkInput } from './talking.ts'

type Word = Exclude<TalkInput['type'], 'talk.consult' | 'talk.digits' | 'talk.hangUp'>
const AGENTS = ['agent1', 'agent2', 'agent3'] as const
const only = (...agents: readonly string[]): Partial<Queue> => ({ skill: agents.join('') })

/** A call that waited 40 s, and has been agent1's since T0. Support is agent1's alone, sales agent2's and agent3's as the story needs. */
class Talk extends Stage {
  readonly line: LegId
  constructor(sales = 'agent2', agents: readonly string[] = AGENTS) {
    const skills = (id: string) => ({ ...(id === 'agent1' ? { support: 1 } : {}), ...(id === sales ? { sales: 1 } : {}) })
    const solution = solutionOf(
      [queueOf('support', only('support')), queueOf('sales', only('sales'))],
      AGENTS.map((id) => agentOf(id, { skills: skills(id) })),
    )
    super(solution, T0 - 40_000)
    this.logOn(...agents)
    this.ask({ type: 'agent.pause', by: 'agent', agentId: 'agent1', reason: 'lunch' })
    this.line = this.joins('1')
    this.wait(40_000)
    this.ask({ type: 'agent.return', by: 'agent', agentId: 'agent1' })
    this.answers(this.phoneOf('agent1'))
  }
  get callId() {
    return this.all('call.started')[0]?.callId ?? ''
  }
  says(type: Word, agentId = 'agent1') {
    return this.do({ type, by: 'agent', agentId, callId: this.callId }).refused
  }
  consult(to: Called) {
    return this.do({ type: 'talk.consult', by: 'agent', agentId: 'agent1', callId: this.callId, to }).refused
  }
  transfer(to: Called) {
    return this.do({ type: 'talk.transfer', by: 'agent', agentId: 'agent1', callId: this.callId, to }).refused
  }
  until(seconds: number): this {
    this.wait(T0 + seconds * 1000 - this.at)
    return this
  }
  /** The customer hangs up at 180, if nobody has before. */
  end(): this {
    this.until(180)
    this.ends(this.line)
    return this
  }
  expect(name: string): void {
    const one = allCases.find((known) => known.name === name)
    if (one === undefined) throw new Error(`no case ${name}`)
    const story = projectCall(this.facts.filter(({ fact }) => callOf(fact) === this.callId))
    // The menu before the queue is chosen in at once, and of no length.
    expect(rows(story).filter((row) => !row.startsWith('Menu -40'))).toEqual(one.events)
    expect(story.result).toBe(one.result)
    expect(Object.fromEntries(story.agents.map((agent) => [agent.id, agent.speakMs / 1000]))).toEqual(one.speak)
    expect(story.waitMs).toBe(40_000)
    expect(this.world.calls.size).toBe(0)
    expect(AGENTS.filter((id) => this.status(id) !== 'loggedOff').map((id) => this.status(id))).toEqual(
      AGENTS.filter((id) => this.status(id) !== 'loggedOff').map(() => 'ready'),
    )
  }
  /** By the effects alone: who is joined with whom, and who hears what music. */
  heard(): { readonly joined: readonly (readonly string[])[]; readonly music: Readonly<Record<string, string>> } {
    const names = new Map<LegId, string>([[this.line, 'customer']])
    for (const fact of this.all('leg.requested')) names.set(fact.legId, fact.agentId ?? 'outside')
    const bridges = new Map<string, readonly LegId[]>()
    const music = new Map<LegId, string>()
    const take = (effect: Effect): void => {
      if (effect.type === 'bridge.join') {
        for (const [name, legs] of bridges)
          bridges.set(
            name,
            legs.filter((id) => !effect.legs.includes(id)),
          )
        bridges.set(`${effect.callId} ${effect.bridge}`, effect.legs)
        for (const id of effect.legs) music.delete(id)
      }
      if (effect.type === 'music.start') music.set(effect.legId, effect.music)
      if (effect.type === 'leg.hangUp') music.delete(effect.legId)
    }
    for (const effect of this.effects) take(effect)
    const up = (id: LegId): boolean => this.world.callOfLeg.has(id) && this.call(id)?.legs.get(id)?.status === 'answered'
    return {
      joined: [...bridges.values()].map((legs) => legs.filter(up).map((id) => names.get(id) ?? id)).filter((legs) => legs.length > 1),
      music: Object.fromEntries([...music].filter(([id]) => up(id)).map(([id, name]) => [names.get(id) ?? id, name])),
    }
  }
}

const agent2: Called = { agentId: 'agent2' }
const outside: Called = { person: 'p-out', barred: null }
const sales: Called = { queueId: 'sales' }

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
    stage.end().expect('F1')
  })

  it('F1 ended by agent1, and the customer is back', () => {
    const stage = consulted()
    expect(stage.says('talk.endConsult')).toBeNull()
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1']], music: {} })
    stage.end().expect('F1')
  })

  it('F2: transferred', () => {
    const stage = consulted()
    expect(stage.says('talk.transfer')).toBeNull()
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent2']], music: {} })
    expect(stage.status('agent1')).toBe('ready')
    stage.end().expect('F2')
  })

  it('F2 by hanging up: the customer is never left alone', () => {
    const stage = consulted()
    stage.ends(stage.phoneOf('agent1'))
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent2']], music: {} })
    stage.end().expect('F2')
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
    stage.end().expect('F3')
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
    stage.end().expect('F7')
    const aborted = new Talk('agent3').until(60)
    aborted.ask({ type: 'agent.pause', by: 'agent', agentId: 'agent3', reason: 'lunch' })
    aborted.consult(sales)
    aborted.until(70).ask({ type: 'agent.return', by: 'agent', agentId: 'agent3' })
    const rung = aborted.phoneOf('agent3')
    aborted.until(75)
    expect(aborted.says('talk.endConsult')).toBeNull()
    aborted.answers(rung)
    expect(aborted.heard()).toEqual({ joined: [['customer', 'agent1']], music: {} })
    aborted.end().expect('F8')
  })

  it('F9: conference, and agent1 leaves', () => {
    const stage = consulted()
    expect(stage.says('talk.conference')).toBeNull()
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1', 'agent2']], music: {} })
    stage.until(150).ends(stage.phoneOf('agent1'))
    expect(stage.heard().joined).toEqual([['customer', 'agent2']])
    stage.end().expect('F9')
  })

  it('F11: with an outside number, shown our own', () => {
    const stage = new Talk().until(55)
    expect(stage.consult(outside)).toBeNull()
    expect(stage.effects.findLast((effect) => effect.type === 'leg.ring')).toMatchObject({ to: { person: 'p-out' }, callerId: 'line' })
    stage.until(60).answers(stage.rungAt('p-out'))
    stage.until(100).ends(stage.rungAt('p-out'))
    stage.end().expect('F11')
  })

  it('F14: the customer hangs up, and the agents talk on', () => {
    const stage = consulted()
    const other = new Talk().until(55)
    other.consult(agent2)
    other.until(60).answers(other.phoneOf('agent2'))
    other.until(80).ends(other.line)
    expect(other.heard().joined).toEqual([['agent1', 'agent2']])
    other.until(90).ends(other.phoneOf('agent2'))
    other.expect('F14')
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
    stage.end().expect('F4')
  })

  it('F5: not answered, and the first agent is rung', () => {
    const stage = new Talk().until(60)
    stage.transfer(agent2)
    stage.rings(stage.phoneOf('agent2'))
    stage.until(92).answers(stage.phoneOf('agent1'))
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1']], music: {} })
    stage.end().expect('F5')
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
    stage.end().expect('F6')
    expect(stage.world.queues.get('support')?.today).toMatchObject({ offered: 1, answered: 1 })
    expect(stage.world.queues.get('sales')?.today).toMatchObject({ offered: 0, answered: 0 })
  })

  it('F10: to an outside number, who hangs up with the customer', () => {
    const stage = new Talk().until(60)
    stage.transfer(outside)
    stage.until(70).answers(stage.rungAt('p-out'))
    expect(stage.heard().joined).toEqual([['customer', 'outside']])
    stage.end().expect('F10')
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
    stage.end().expect('F12')
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
    stage.end().expect('F13')
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

function fail(): never {
  throw new Error('not there')
}

describe('hold, mute and digits', () => {
  it('on hold the customer hears music; muted the agent is not heard', () => {
    const stage = new Talk()
    expect(stage.says('talk.hold')).toBeNull()
    expect(stage.heard()).toEqual({ joined: [], music: { customer: 'default' } })
    expect(stage.says('talk.hold')).toEqual({ refused: 'talk.held' })
    expect(stage.says('talk.resume')).toBeNull()
    expect(stage.heard()).toEqual({ joined: [['customer', 'agent1']], music: {} })
    expect(stage.says('talk.resume')).toEqual({ refused: 'talk.notHeld' })
    stage.says('talk.mute')
    expect(stage.effects.at(-1)).toEqual({ type: 'leg.mute', legId: stage.phoneOf('agent1'), on: true })
    expect(stage.says('talk.mute')).toEqual({ refused: 'talk.muted' })
    stage.says('talk.unmute')
    expect(stage.says('talk.unmute')).toEqual({ refused: 'talk.notMuted' })
    stage.do({ type: 'talk.digits', by: 'agent', agentId: 'agent1', callId: stage.callId, digits: '12#' })
    expect(stage.effects.at(-1)).toEqual({ type: 'digits.send', legId: stage.line, digits: '12#' })
    expect(JSON.stringify(stage.facts)).not.toContain('12#')
    stage.end()
    const story = projectCall(stage.facts.filter(({ fact }) => callOf(fact) === stage.callId))
    expect(rows(story).at(-1)).toBe('Conversation 0–180 (agent1)')
  })
})

describe('what is refused', () => {
  it('a supervisor does not take away what an agent asked for', () => {
    const stage = new Talk()
    stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'agent2', reason: 'lunch' })
    stage.consult(sales)
    const entryId = stage.all('entry.joined').at(-1)?.entryId ?? ''
    expect(stage.do({ type: 'entry.delete', by: 'supervisor', entryId }).refused).toEqual({ refused: 'entry.ofAgent' })
  })

  it('a conversation that is not there, or not one’s own', () => {
    const stage = new Talk()
    expect(stage.says('talk.hold', 'agent2')).toEqual({ refused: 'call.notYours' })
    expect(stage.says('talk.swap')).toEqual({ refused: 'talk.noConsult' })
    expect(stage.says('talk.conference')).toEqual({ refused: 'talk.noConsult' })
    expect(stage.says('talk.endConsult')).toEqual({ refused: 'talk.noConsult' })
    expect(stage.says('talk.transfer')).toEqual({ refused: 'talk.noConsult' })
    stage.consult(agent2)
    expect(stage.consult(outside)).toEqual({ refused: 'talk.inConsult' })
    expect(stage.transfer(outside)).toEqual({ refused: 'talk.inConsult' })
    expect(stage.says('talk.hold')).toEqual({ refused: 'talk.inConsult' })
    expect(stage.says('talk.swap')).toEqual({ refused: 'talk.noConsult' })
  })

  it.each<[Called, string]>([
    [{ agentId: 'agent1' }, 'callee.self'],
    [{ agentId: 'nobody' }, 'callee.unknown'],
    [{ queueId: 'nowhere' }, 'queue.unknown'],
    [{ person: 'p', barred: 'premium' }, 'number.premium'],
    [{ person: 'line', barred: null }, 'number.own'],
  ])('a consult or a transfer to %o: %s', (to, code) => {
    expect(new Talk().consult(to)).toEqual({ refused: code, field: 'to' })
    expect(new Talk().transfer(to)).toEqual({ refused: code, field: 'to' })
  })

  it('a queue nobody serves, or that is closed', () => {
    const stage = new Talk('agent2', ['agent1'])
    expect(stage.transfer(sales)).toEqual({ refused: 'queue.noAgents', field: 'to' })
    const solution = [...stage.solutions.values()][0] ?? fail()
    const shut = { ...solution, queues: { ...solution.queues, sales: queueOf('sales', { hours: 'night' }) } }
    stage.solutions.set(solution.version, shut)
    expect(stage.consult(sales)).toEqual({ refused: 'queue.closed', field: 'to' })
  })

  it('handing on a colleague', () => {
    const stage = new Talk()
    stage.do({ type: 'call.dial', by: 'agent', agentId: 'agent2', to: { agentId: 'agent3' }, origin: 'desk' })
    stage.answers(stage.phoneOf('agent2'))
    stage.answers(stage.phoneOf('agent3'))
    const callId = stage.world.agents.get('agent2')?.matter?.callId ?? ''
    expect(stage.do({ type: 'talk.consult', by: 'agent', agentId: 'agent2', callId, to: outside }).refused).toEqual({
      refused: 'talk.colleague',
    })
  })
})

describe('a phone that cannot be reached', () => {
  it('is rung no more, and what it was offered is for the next', () => {
    const stage = new Talk()
    stage.transfer(sales)
    const rung = stage.phoneOf('agent2')
    stage.do({ type: 'phone.lose', agentId: 'agent2' })
    expect(stage.all('leg.ended').at(-1)).toMatchObject({ legId: rung, outcome: 'withdrawn' })
    expect(stage.status('agent2')).toBe('unreachable')
    stage.do({ type: 'phone.find', agentId: 'agent2' })
    expect(stage.status('agent2')).toBe('connecting')
  })
})
