/**
 * Stuck things cannot be: what the network told and nobody heard, what was commanded and never arrived, lines that went silent, calls
 * without end, and agents whom a supervisor sets free. calls.md 7
 */
import { describe, expect, it } from 'vitest'
import { projectCall } from '#core/archive/projection.ts'
import { callOf } from '#core/facts.ts'
import type { LegId, Ms } from '#core/kernel/kernel.ts'
import type { TelephonyCommand, TelephonyEvent } from '#ports/telephony.ts'
import { ANNA, BEA, EngineStage, kitOf, SETTINGS } from './stage.support.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const MINUTE = 60 * SECOND

class Swept extends EngineStage {
  /** Which events get lost on the way to us, and which commands on the way to the switch. */
  losesEvent: (event: TelephonyEvent) => boolean = () => false
  losesCommand: (command: TelephonyCommand) => boolean = () => false
  tell: (event: TelephonyEvent) => void = () => undefined

  constructor(settings: object = SETTINGS) {
    super(kitOf(settings))
    this.sweepMs = 4 * SECOND
    const start = this.network.start.bind(this.network)
    const send = this.network.send.bind(this.network)
    this.network.start = (handler) => {
      this.tell = handler
      return start((event) => {
        if (!this.losesEvent(event)) handler(event)
      })
    }
    this.network.send = (command) => {
      if (!this.losesCommand(command)) send(command)
    }
    for (const agent of ['carl', 'dora']) this.network.agentPhone(agent).whenCalled({ answersAfterMs: SECOND })
  }

  /** Carl and Anna talk. */
  async talk() {
    await this.start()
    await this.logOn('carl')
    const line = await this.joins(ANNA)
    await this.wait(2 * SECOND)
    expect(this.facts('bridge.joined')).toHaveLength(1)
    return line
  }

  state(agentId: string): string | undefined {
    return this.engine.agent(agentId)?.state
  }

  ends(legId: LegId) {
    return this.facts('leg.ended').find((fact) => fact.legId === legId)
  }

  story() {
    const [first] = this.store.facts.flatMap(({ fact }) => callOf(fact) ?? [])
    return projectCall(this.store.facts.filter(({ fact }) => callOf(fact) === first))
  }
}

describe('what got lost on the way', () => {
  it('a line that ended, and nobody was told: ended within ten seconds, at the instant of the switch’s log', async () => {
    const stage = new Swept()
    const line = await stage.talk()
    stage.losesEvent = ({ type }) => type === 'leg.ended'
    await stage.wait(30 * SECOND)
    line.hangUp()
    const at = stage.clock.now()
    await stage.wait(0)
    stage.losesEvent = () => false
    await stage.wait(10 * SECOND)
    expect(stage.ends(line.legId)).toMatchObject({ reconciled: true, happenedAt: at, outcome: 'answered', by: 'party' })
    expect(stage.state('carl')).toBe('ready')
    const story = stage.story()
    expect(story.events.at(-1)).toMatchObject({ kind: 'conversation', endedAt: at })
  })

  it('a hang-up the switch never heard of: it is told again within ten seconds', async () => {
    const stage = new Swept()
    await stage.talk()
    stage.losesCommand = ({ type }) => type === 'leg.hangUp'
    await stage.ask({ type: 'talk.hangUp', by: 'agent', agentId: 'carl', callId: stage.engine.agent('carl')?.matter?.callId ?? '' })
    expect(stage.network.onTheLine()).toHaveLength(2)
    stage.losesCommand = () => false
    await stage.wait(10 * SECOND)
    expect(stage.network.onTheLine()).toEqual([])
    expect(stage.engine.figures().strayLegsEnded).toBe(2)
  })

  it('a ring that was to end, of a call that goes on: the phone does not ring on', async () => {
    const stage = new Swept()
    await stage.start()
    stage.network.agentPhone('carl').whenCalled({ ringsMs: 300 * SECOND })
    await stage.logOn('carl')
    await stage.joins(ANNA)
    stage.losesCommand = ({ type }) => type === 'leg.hangUp'
    await stage.wait(20 * SECOND)
    expect(stage.state('carl')).toBe('noAnswer')
    const [ring] = stage.facts('leg.requested')
    const rings = async () => (await stage.network.alive()).some(({ legId }) => legId === ring?.legId)
    expect(await rings()).toBe(true)
    stage.losesCommand = () => false
    await stage.wait(10 * SECOND)
    expect(await rings()).toBe(false)
    // Anna waits on.
    expect(stage.engine.figures().liveCalls).toBe(1)
  })

  it('a ring that never arrived is rung within ten seconds, once', async () => {
    const stage = new Swept()
    await stage.start()
    stage.losesCommand = ({ type }) => type === 'leg.ring'
    await stage.logOn('carl')
    await stage.joins(ANNA)
    stage.losesCommand = () => false
    await stage.wait(12 * SECOND)
    expect(stage.network.agentPhone('carl').called).toBe(1)
    expect(stage.network.rungTwice).toEqual([])
    expect(stage.state('carl')).toBe('connected')
  })

  it('that a prompt had been heard: within ten seconds the music goes on', async () => {
    const stage = new Swept({ ...SETTINGS, queues: { ...SETTINGS.queues, support: { announceEverySeconds: 300 } } })
    await stage.start()
    await stage.logOn('carl')
    await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason: 'lunch' })
    stage.losesEvent = ({ type }) => type === 'prompt.finished'
    const line = await stage.joins(ANNA)
    expect(stage.network.hears(line.legId).prompt).toEqual([{ prompt: 'queue.place' }, { count: 1 }])
    await stage.wait(10 * SECOND)
    expect(stage.network.hears(line.legId)).toEqual({ legs: [], music: 'default', prompt: null })
  })

  it('that two talk: within ten seconds they are joined, and each is heard', async () => {
    const stage = new Swept()
    stage.losesCommand = ({ type }) => type === 'bridge.join'
    const line = await stage.talk()
    const hears = () => stage.network.hears(line.legId)
    expect(hears()).toEqual({ legs: [], music: 'default', prompt: null })
    stage.losesCommand = () => false
    await stage.wait(10 * SECOND)
    const [agent] = stage.facts('leg.requested')
    expect(hears()).toEqual({ legs: [agent?.legId], music: null, prompt: null })
    const sent = stage.commands.length
    await stage.wait(MINUTE)
    // They hear what they should, and are left alone.
    expect(stage.commands.slice(sent)).toEqual([])
  })

  it('that one is on hold: within ten seconds nobody hears him, he hears music, and a mute is what it was', async () => {
    const stage = new Swept()
    const line = await stage.talk()
    const callId = stage.engine.agent('carl')?.matter?.callId ?? ''
    const agent = stage.facts('leg.requested')[0]?.legId ?? ''
    await stage.ask({ type: 'talk.mute', by: 'agent', agentId: 'carl', callId })
    stage.losesCommand = ({ type }) => type === 'bridge.join' || type === 'music.start'
    await stage.ask({ type: 'talk.hold', by: 'agent', agentId: 'carl', callId })
    expect(stage.network.hears(agent).legs).toEqual([line.legId])
    stage.losesCommand = () => false
    await stage.wait(10 * SECOND)
    expect(stage.network.hears(agent).legs).toEqual([])
    expect(stage.network.hears(line.legId)).toEqual({ legs: [], music: 'default', prompt: null })
    await stage.ask({ type: 'talk.resume', by: 'agent', agentId: 'carl', callId })
    expect([stage.network.hears(agent).legs, stage.network.hears(line.legId).legs]).toEqual([[line.legId], []])
  })

  it('that an agent asks another: within ten seconds the two are joined, and the customer hears music and neither', async () => {
    const stage = new Swept()
    const line = await stage.talk()
    await stage.logOn('dora')
    const callId = stage.engine.agent('carl')?.matter?.callId ?? ''
    stage.losesCommand = ({ type }) => type === 'bridge.join'
    await stage.ask({ type: 'talk.consult', by: 'agent', agentId: 'carl', callId, to: { agentId: 'dora' } })
    await stage.wait(2 * SECOND)
    stage.losesCommand = () => false
    await stage.wait(10 * SECOND)
    const [own, dora] = stage.facts('leg.requested').map(({ legId }) => legId)
    expect(stage.network.hears(own ?? '')).toEqual({ legs: [dora], music: null, prompt: null })
    expect(stage.network.hears(dora ?? '')).toEqual({ legs: [own], music: null, prompt: null })
    expect(stage.network.hears(line.legId)).toEqual({ legs: [], music: 'default', prompt: null })
  })

  it('a line we never heard ring comes in', async () => {
    const stage = new Swept()
    await stage.start()
    stage.losesEvent = ({ type }) => type === 'leg.arrived'
    stage.network.call(ANNA, '+46850000000')
    await stage.wait(SECOND)
    expect(stage.facts('call.started')).toEqual([])
    stage.losesEvent = () => false
    await stage.wait(10 * SECOND)
    expect(stage.facts('leg.answered')).toHaveLength(1)
  })

  it('those who hear what they should are not disturbed', async () => {
    const stage = new Swept()
    const line = await stage.talk()
    await stage.joins(BEA)
    stage.losesEvent = ({ type }) => type === 'leg.ended'
    await stage.wait(30 * SECOND)
    const before = stage.commands.length
    line.hangUp()
    await stage.wait(SECOND)
    stage.losesEvent = () => false
    await stage.wait(10 * SECOND)
    const after = stage.commands.slice(before).filter(({ type }) => type === 'music.start' || type === 'prompt.play')
    expect(after).toEqual([])
  })

  it.each(['nothing', 'slow', 'repeatEvents'] as const)('where nothing differs nothing is done: %s', async (fault) => {
    const stage = new Swept()
    await stage.start()
    if (fault !== 'nothing') stage.network.begin(fault)
    await stage.logOn('carl', 'dora')
    for (const from of [ANNA, BEA, '+46701234569']) await stage.joins(from)
    await stage.wait(5 * MINUTE)
    const swept = stage.store.facts.filter(({ fact }) => 'reconciled' in fact || fact.type === 'alarm.raised')
    expect(swept).toEqual([])
    expect(stage.network.rungTwice).toEqual([])
  })
})

it('an end that is on its way to us is waited for, whenever the switch is asked', async () => {
  const stage = new Swept()
  await stage.start()
  stage.network.begin('slow')
  for (let n = 0; n < 12; n += 1) {
    const line = await stage.joins(`+467012345${10 + n}`)
    await stage.wait(7 * SECOND + n * 350)
    line.hangUp()
  }
  await stage.wait(MINUTE)
  expect(stage.facts('leg.ended')).toHaveLength(12)
  expect(stage.facts('leg.ended').filter(({ reconciled }) => reconciled === true)).toEqual([])
})

describe('a line that went silent', () => {
  const lost = (legId: LegId, since: Ms, what: 'noMedia' | 'sessionTimer' = 'noMedia') =>
    ({ type: 'leg.ended', legId, outcome: 'answered', by: 'network', cause: 44, lost: { what, since } }) as const

  it('ended when its last sound came: nobody talks after that, and it is marked', async () => {
    const stage = new Swept()
    const line = await stage.talk()
    await stage.wait(100 * SECOND)
    const since = stage.clock.now() - 60 * SECOND
    stage.tell(lost(line.legId, since))
    await stage.wait(0)
    expect(stage.ends(line.legId)).toMatchObject({ reconciled: true, swept: 'noMedia', happenedAt: since })
    const story = stage.story()
    const talk = story.events.find(({ kind }) => kind === 'conversation')
    expect(talk?.endedAt).toBe(since)
    expect(story.agents.map(({ speakMs }) => speakMs)).toEqual([since - (talk?.startedAt ?? 0)])
    expect(story.legs.filter(({ reconciled }) => reconciled === true)).toHaveLength(1)
    expect(stage.state('carl')).toBe('ready')
  })

  it('not before what has been told of its call since', async () => {
    const stage = new Swept()
    const line = await stage.talk()
    await stage.wait(60 * SECOND)
    await stage.ask({ type: 'talk.hold', by: 'agent', agentId: 'carl', callId: stage.engine.agent('carl')?.matter?.callId ?? '' })
    const held = stage.clock.now()
    await stage.wait(20 * SECOND)
    stage.tell(lost(line.legId, stage.clock.now() - 60 * SECOND, 'sessionTimer'))
    await stage.wait(0)
    expect(stage.ends(line.legId)).toMatchObject({ swept: 'sessionTimer', happenedAt: held })
  })
})

describe('a call without end', () => {
  it('is warned of at 11 h 45 and ended at 12 h, and not sooner', async () => {
    const stage = new Swept()
    const line = await stage.talk()
    const answeredAt = stage.facts('leg.answered')[0]
    expect(answeredAt).toBeDefined()
    await stage.wait(11 * HOUR + 44 * MINUTE)
    expect(stage.facts('leg.warned')).toEqual([])
    await stage.wait(2 * MINUTE)
    expect(stage.facts('leg.warned').map(({ legId }) => legId)).toContain(line.legId)
    expect(stage.facts('alarm.raised')).toMatchObject([{ alarm: 'longCall' }])
    expect(stage.engine.agent('carl')?.matter?.endsAt).toBe(stage.facts('leg.warned')[0]?.until)
    await stage.wait(13 * MINUTE)
    expect(stage.network.onTheLine()).toHaveLength(2)
    await stage.wait(2 * MINUTE)
    expect(stage.network.onTheLine()).toEqual([])
    expect(stage.ends(line.legId)).toMatchObject({ reconciled: true, swept: 'tooLong', by: 'us' })
    expect(stage.state('carl')).toBe('ready')
    expect(stage.story().result).toBe('answered')
    expect(stage.engine.alarms()).toEqual([])
  })

  it('the solution may say more hours', async () => {
    const stage = new Swept({ ...SETTINGS, limits: { callHoursMax: 13 } })
    await stage.talk()
    await stage.wait(12 * HOUR + 44 * MINUTE)
    expect(stage.facts('leg.warned')).toEqual([])
    await stage.wait(17 * MINUTE)
    expect(stage.network.onTheLine()).toEqual([])
  })
})

describe('an agent set free', () => {
  const free = (stage: Swept, evenTalking = false) =>
    stage.ask({ type: 'agent.release', by: 'supervisor', user: 'lena', agentId: 'carl', evenTalking })

  it('whose phone rings on: the ring is withdrawn, the caller is for the next, and he is paused', async () => {
    const stage = new Swept()
    stage.network.agentPhone('carl').whenCalled({ byHand: true })
    await stage.start()
    await stage.logOn('carl')
    await stage.joins(ANNA)
    await stage.wait(5 * SECOND)
    await stage.logOn('dora')
    expect(await free(stage)).toEqual({ ok: true })
    await stage.wait(2 * SECOND)
    expect(stage.facts('agent.released')).toMatchObject([{ agentId: 'carl', by: 'supervisor', user: 'lena' }])
    expect([stage.state('carl'), stage.engine.agent('carl')?.reason]).toEqual(['paused', 'released'])
    expect(stage.state('dora')).toBe('connected')
    expect(stage.facts('entry.left')).toMatchObject([{ reason: 'answered', agentId: 'dora' }])
  })

  it('not out of a conversation, unless it is said that he is not in one', async () => {
    const stage = new Swept()
    await stage.talk()
    expect(await free(stage)).toEqual({ ok: false, refused: 'agent.talking' })
    expect(stage.network.onTheLine()).toHaveLength(2)
    expect(await free(stage, true)).toEqual({ ok: true })
    await stage.wait(0)
    expect(stage.network.onTheLine()).toEqual([])
    expect(stage.state('carl')).toBe('paused')
    expect(stage.story().result).toBe('answered')
  })

  it('only who is in something, and whom there is', async () => {
    const stage = new Swept()
    await stage.start()
    await stage.logOn('carl')
    expect(await free(stage)).toEqual({ ok: false, refused: 'agent.notInCall' })
    expect(await stage.ask({ type: 'agent.release', by: 'supervisor', agentId: 'nobody', evenTalking: true })).toMatchObject({
      refused: 'agent.unknown',
    })
  })

  it('who wanted to log off is logged off', async () => {
    const stage = new Swept()
    await stage.talk()
    await stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'carl' })
    await free(stage, true)
    expect(stage.state('carl')).toBe('loggedOff')
  })
})
