/** What the contract does not ask of every network, and a real Asterisk must show. */

import { request } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AsteriskTelephony } from '#adapters/asterisk/asterisk.ts'
import type { LegId } from '#core/kernel/kernel.ts'
import type { TelephonyCommand, TelephonyEvent } from '#ports/telephony.ts'
import { Cable } from './cable.ts'
import { deafMs } from './machine.ts'
import { noAsterisk, openSite, ours, type Site, sipCalls } from './network.ts'
import { until } from './until.ts'

const customer = '+46701234567'

const suite = 'the Asterisk adapter'

describe.skipIf(noAsterisk(suite))(suite, () => {
  let site: Site
  let telephony: AsteriskTelephony
  let events: TelephonyEvent[]
  let count = 0
  const fresh = (): string => `a${Date.now().toString(36)}x${count++}`
  const send = (command: TelephonyCommand): void => telephony.send(command)

  beforeAll(async () => {
    site = await openSite(['anna', 'bo'])
    for (const agent of ['anna', 'bo']) site.people.does(agent, { answersAfterMs: 10 })
  })
  afterAll(() => site.close())
  beforeEach(async () => {
    events = []
    telephony = site.telephony()
    await telephony.start((event) => events.push(event))
  })
  afterEach(async () => {
    for (const { legId } of await telephony.alive()) send({ type: 'leg.hangUp', legId, why: 'normal' })
    await until('all lines are gone', async () => (await telephony.alive()).length === 0)
    await telephony.stop()
  })

  const event = <T extends TelephonyEvent['type']>(type: T, legId?: LegId): Promise<Extract<TelephonyEvent, { type: T }>> =>
    until(`${type} of ${legId ?? 'any leg'}`, () =>
      events.find(
        (one): one is Extract<TelephonyEvent, { type: T }> =>
          one.type === type && (legId === undefined || ('legId' in one && one.legId === legId)),
      ),
    )
  const ring = (number: string, callerId: string | null = ours): LegId => {
    const legId = fresh()
    send({ type: 'leg.ring', callId: fresh(), legId, to: { number }, callerId, ringMsMax: 20_000 })
    return legId
  }
  const comesIn = async (infoOnly = false) => {
    const call = await site.people.call(customer, ours, infoOnly)
    const { legId } = await event('leg.arrived')
    return { call, legId }
  }
  const taken = async (infoOnly = false) => {
    const line = await comesIn(infoOnly)
    send({ type: 'leg.answer', legId: line.legId })
    await event('leg.answered', line.legId)
    await until('the caller is through', () => line.call.line.state === 'up')
    return line
  }

  test.each([
    ['600 Busy Everywhere', 'busy', 'party'],
    ['410 Gone', 'notInUse', 'party'],
    ['484 Address Incomplete', 'notInUse', 'party'],
    ['604 Does Not Exist Anywhere', 'notInUse', 'party'],
    ['408 Request Timeout', 'unanswered', 'network'],
    ['480 Temporarily Unavailable', 'unanswered', 'network'],
    ['403 Forbidden', 'failed', 'network'],
    ['503 Service Unavailable', 'failed', 'network'],
    ['500 Server Error', 'failed', 'network'],
    ['488 Not Acceptable Here', 'failed', 'network'],
  ] as const)('a ring refused with %s is %s, by %s', async (refuses, outcome, by) => {
    site.people.does('+46700000001', { refuses })
    const legId = ring('+46700000001')
    expect(await event('leg.ended', legId)).toMatchObject({ outcome, by })
  })

  test('an agent’s phone that is not there is a failure, told at once', async () => {
    await telephony.stop()
    telephony = site.telephony({ phones: { cilla: { kind: 'sip', account: 'elsewhere' } } })
    await telephony.start((one) => events.push(one))
    for (const agent of ['cilla', 'nobody']) {
      const legId = fresh()
      send({ type: 'leg.ring', callId: fresh(), legId, to: { agent }, callerId: null, ringMsMax: 5_000 })
      expect(await event('leg.ended', legId)).toMatchObject({ outcome: 'failed', by: 'network', cause: 20 })
    }
  })

  test('the number we show, or none', async () => {
    site.people.does('+46700000002', { answersAfterMs: 0 })
    const invited = (): string => site.people.log.findLast((one) => one.start.startsWith('< INVITE'))?.text ?? ''
    await event('leg.answered', ring('+46700000002'))
    expect(invited()).toMatch(new RegExp(`^From: .*sip:\\${ours}@`, 'm'))
    await event('leg.answered', ring('+46700000002', null))
    expect(invited()).toMatch(/^From: .*anonymous/im)
    expect(invited()).not.toContain('46850000000@')
  })

  test('an emergency call: as dialled, over the trunk named for it', async () => {
    for (const people of [site.people, site.refusers]) people.does('112', { answersAfterMs: 0 })
    const legId = fresh()
    send({
      type: 'leg.ring',
      callId: fresh(),
      legId,
      to: { number: '112' },
      callerId: ours,
      trunk: 'dead',
      emergency: true,
      ringMsMax: 5_000,
    })
    await event('leg.answered', legId)
    const [invite] = site.refusers.log.filter((one) => one.start.startsWith('< INVITE sip:112@'))
    expect(invite?.text).toMatch(new RegExp(`^From: .*sip:\\${ours}@`, 'm'))
    expect(site.people.rung.get('112')).toBeUndefined()
  })

  test('an emergency call from a phone’s own keypad goes out over its route, and no other call does', async () => {
    /** A channel that does what a phone's keypad would: it enters the phones' part of the dialplan with this number. */
    const keys = async (number: string): Promise<void> => {
      const authorization = `Basic ${Buffer.from(`${site.instance.user}:${site.instance.password}`).toString('base64')}`
      const url = `${site.instance.ariUrl}/channels?endpoint=Local/${number}@phones/n&context=phones&extension=over&priority=1`
      const answer = await request(url, { method: 'POST', headers: { authorization } })
      expect(answer.statusCode).toBe(200)
      await answer.body.dump()
    }
    site.people.does('112', { answersAfterMs: 0, talksMs: 300 })
    await keys('112')
    const invite = await until('it goes out', () => site.people.log.find((one) => one.start.startsWith('< INVITE sip:112@')))
    expect(invite.text).toMatch(new RegExp(`^From: .*sip:\\${ours}@`, 'm'))
    const before = site.people.log.length
    await keys('0701234567')
    await until('it is refused', async () => (await sipCalls(site.instance)).size === 0)
    expect(site.people.log.slice(before).filter((one) => one.start.includes('INVITE'))).toEqual([])
  })

  test('withdrawn before it could ring: ended by us, and nobody is left ringing', async () => {
    site.people.does('+46700000003', { neverAnswers: true })
    const legId = ring('+46700000003')
    send({ type: 'leg.hangUp', legId, why: 'withdrawn' })
    expect(await event('leg.ended', legId)).toMatchObject({ outcome: 'withdrawn', by: 'us' })
  })

  test('too many calls: refused with 503 before any prompt', async () => {
    const { call, legId } = await comesIn()
    send({ type: 'leg.hangUp', legId, why: 'overload' })
    await event('leg.ended', legId)
    const answer = await until('a final answer', () =>
      site.people.log.find((one) => one.callId === call.line.callId && /^< SIP\/2.0 [3-6]/.test(one.start)),
    )
    expect(answer.start).toContain('503')
  })

  test('a call that cannot be taken hears that we are sorry, and is over; it is nobody’s line meanwhile', async () => {
    const { call, legId } = await comesIn()
    send({ type: 'leg.hangUp', legId, why: 'unwritten' })
    await until('the message', () => call.line.state === 'up' && call.line.speech.heard.some(({ other }) => other))
    expect(await telephony.alive()).toEqual([])
    await until('it is over', () => call.line.state === 'over')
  })

  test('digits by SIP INFO', async () => {
    const { call } = await taken(true)
    call.press('17#')
    await until('the last digit', () => events.some((one) => one.type === 'digit.pressed' && one.digit === '#'))
    // The switch plays each for 120 ms before it takes the next: until nothing more can come of them.
    const lastAt = performance.now()
    await until('the digits are played', () => performance.now() - lastAt > 500)
    expect(events.flatMap((one) => (one.type === 'digit.pressed' ? [one.digit] : []))).toEqual(['1', '7', '#'])
  })

  test('a phone that sends each digit both ways is heard once, and one that presses fast is heard each time', async () => {
    const { call, legId } = await taken()
    const heard = (): readonly string[] => events.flatMap((one) => (one.type === 'digit.pressed' && one.legId === legId ? [one.digit] : []))
    for (const presses of [1, 2]) {
      call.press('5', 'both')
      // Until the second way must have come too, and the switch has told it again: 100 ms of tone, and what may be laid aside.
      const pressedAt = performance.now()
      await until('both ways', () => performance.now() - pressedAt > 500)
      expect(heard()).toHaveLength(presses)
    }
    call.press('9996', 'speech')
    await until('the last digit', () => heard().includes('6'))
    expect(heard()).toEqual(['5', '5', '9', '9', '9', '6'])
  })

  test('who waited with music hears no more of it once joined, and nor does the other', async () => {
    const { call, legId } = await taken()
    send({ type: 'music.start', legId, music: 'default' })
    await until('music', () => call.line.speech.heard.at(-1)?.other)
    const agent = fresh()
    send({ type: 'leg.ring', callId: fresh(), legId: agent, to: { agent: 'anna' }, callerId: null, ringMsMax: 5_000 })
    await event('leg.answered', agent)
    send({ type: 'bridge.join', callId: fresh(), bridge: 'main', legs: [legId, agent] })
    const phone = await until('the agent’s phone', () => [...site.people.lines.values()].findLast((line) => line.invite !== null))
    const ends = [call.line.speech, phone.speech] as const
    await until('each hears the other', () => ends.every((end, index) => end.hearsNow().includes(ends[1 - index]?.tone ?? 0)))
    // What was cut in two by the join is past.
    const from = ends.map((end) => end.heard.length + 2)
    await until('they have talked for a second and more', () => ends.every((end, index) => end.heard.length >= (from[index] ?? 0) + 12))
    for (const [index, end] of ends.entries())
      for (const piece of end.heard.slice(from[index])) expect(piece).toMatchObject({ tones: [ends[1 - index]?.tone], other: false })
  })

  test('on hold the customer hears music and nobody, the agent nothing at all; joined again each hears the other alone', async () => {
    const { call, legId } = await taken()
    const [agent, callId] = [fresh(), fresh()]
    send({ type: 'leg.ring', callId: fresh(), legId: agent, to: { agent: 'anna' }, callerId: null, ringMsMax: 5_000 })
    await event('leg.answered', agent)
    const join = (...legs: readonly LegId[]): void => send({ type: 'bridge.join', callId, bridge: 'main', legs })
    join(legId, agent)
    const phone = await until('the agent’s phone', () => [...site.people.lines.values()].findLast((line) => line.invite !== null))
    const [customerEnd, agentEnd] = [call.line.speech, phone.speech]
    /** A second and more of what each hears from now on, less what was cut in two by the change. */
    const aSecond = async (enough: (heard: typeof customerEnd.heard) => boolean = () => true) => {
      const from = [customerEnd, agentEnd].map((end) => end.heard.length + 3)
      await until('a second', () => customerEnd.heard.length > (from[0] ?? 0) + 10 && enough(customerEnd.heard.slice(from[0])))
      return [customerEnd.heard.slice(from[0]), agentEnd.heard.slice(from[1])] as const
    }
    const talk = async (): Promise<void> => {
      await until('they talk', () => customerEnd.hearsNow().includes(agentEnd.tone) && agentEnd.hearsNow().includes(customerEnd.tone))
      const [customerHears, agentHears] = await aSecond()
      for (const piece of customerHears) expect(piece).toMatchObject({ tones: [agentEnd.tone], other: false })
      for (const piece of agentHears) expect(piece).toMatchObject({ tones: [customerEnd.tone], other: false })
    }
    await talk()
    join(agent)
    send({ type: 'music.start', legId, music: 'default' })
    await until('music', () => customerEnd.heard.at(-1)?.other && customerEnd.heard.at(-1)?.tones.length === 0)
    // Music has quiet places: half a second of it in all.
    const [customerHears, agentHears] = await aSecond((heard) => heard.filter((piece) => piece.other).length > 5)
    expect(customerHears.filter((piece) => piece.tones.includes(agentEnd.tone))).toEqual([])
    for (const piece of agentHears) expect(piece).toMatchObject({ tones: [], other: false })
    join(legId, agent)
    await talk()
  })

  test('a message to both who are joined is heard by both, and finished once', async () => {
    const { call, legId } = await taken()
    const agent = fresh()
    send({ type: 'leg.ring', callId: fresh(), legId: agent, to: { agent: 'anna' }, callerId: null, ringMsMax: 5_000 })
    await event('leg.answered', agent)
    send({ type: 'bridge.join', callId: fresh(), bridge: 'main', legs: [legId, agent] })
    const phone = await until('the agent’s phone', () => [...site.people.lines.values()].findLast((line) => line.invite !== null))
    await until('they hear each other', () => call.line.speech.hearsNow().includes(phone.speech.tone))
    const playId = fresh()
    const before = [call.line.speech, phone.speech].map((end) => end.heard.length)
    send({ type: 'prompt.play', playId, legs: [legId, agent], language: 'sv', parts: [{ prompt: 'connected' }] })
    await until('its end', () => events.some((one) => one.type === 'prompt.finished'))
    for (const [index, end] of [call.line.speech, phone.speech].entries())
      expect(end.heard.slice(before[index]).filter((piece) => piece.other).length).toBeGreaterThanOrEqual(4)
    expect(events.filter((one) => one.type === 'prompt.finished')).toEqual([{ type: 'prompt.finished', playId }])
  })

  test('a prompt whose file is missing holds nobody up; one that is cut off by hanging up is not finished', async () => {
    const { call, legId } = await taken()
    const [absent, cut] = [fresh(), fresh()]
    send({ type: 'prompt.play', playId: absent, legs: [legId], language: 'sv', parts: [{ prompt: 'no.such.prompt' }] })
    await until('it is passed over', () => events.some((one) => one.type === 'prompt.finished' && one.playId === absent))
    send({ type: 'prompt.play', playId: cut, legs: [legId], language: 'sv', parts: [{ prompt: 'welcome' }] })
    await until('it is heard', () => call.line.speech.heard.at(-1)?.other)
    call.hangUp()
    await event('leg.ended', legId)
    expect(events.filter((one) => one.type === 'prompt.finished')).toHaveLength(1)
  })

  test('events of a kind we do not know are counted and skipped', async () => {
    const authorization = `Basic ${Buffer.from(`${site.instance.user}:${site.instance.password}`).toString('base64')}`
    const url = `${site.instance.ariUrl}/events/user/anything?application=${site.instance.app}`
    const answer = await request(url, { method: 'POST', headers: { authorization } })
    await answer.body.dump()
    await until('it is counted', () => telephony.unknownEvents()['ChannelUserevent'] === 1)
    expect(events).toEqual([])
  })

  test('while the application is away a caller waits outside, and comes in when it is back', async () => {
    await telephony.stop()
    const call = await site.people.call(customer, ours)
    await until('it rings outside', () => site.people.log.some((one) => one.callId === call.line.callId && one.start.includes(' 180 ')))
    expect(call.line.state).toBe('ringing')
    events = []
    await telephony.start((one) => events.push(one))
    expect(await event('leg.arrived')).toMatchObject({ from: customer, to: ours, trunk: 'trunk' })
  })

  test('more lines than are named in one request, found at a start: each hears music anew, and the end of each is told', async () => {
    const lines: Awaited<ReturnType<typeof taken>>[] = []
    for (let count = 0; count < 25; count += 1) {
      events = []
      lines.push(await taken())
    }
    await telephony.stop()
    events = []
    await telephony.start((one) => events.push(one))
    for (const { legId } of lines) send({ type: 'music.start', legId, music: 'default' })
    expect(await telephony.alive()).toHaveLength(25)
    for (const { call } of lines) call.hangUp()
    for (const { legId } of lines) expect(await event('leg.ended', legId)).toMatchObject({ outcome: 'answered', by: 'party' })
  })

  test('who hears music as we start goes on hearing it, though what we ask is slow on its way', async () => {
    const { call, legId } = await taken()
    send({ type: 'music.start', legId, music: 'default' })
    await until('music', () => call.line.speech.heard.at(-1)?.other)
    await telephony.stop()
    const cable = await Cable.to(site.instance.httpPort, 400)
    try {
      telephony = site.telephony({ ariUrl: `http://127.0.0.1:${cable.port}/ari` })
      await telephony.start((one) => events.push(one))
      const from = Date.now()
      send({ type: 'music.start', legId, music: 'default' })
      send({ type: 'leg.hangUp', legId, why: 'normal' })
      await event('leg.ended', legId)
      const instants = call.line.speech.heard.map(({ at }) => at).filter((at) => at > from)
      const holes = instants.slice(1).map((at, index) => at - (instants[index] ?? at) - deafMs(instants[index] ?? at, at))
      // Set anew once, by one request: two are 800 ms apart.
      expect(instants.length).toBeGreaterThan(5)
      expect(Math.max(...holes)).toBeLessThan(700)
    } finally {
      await telephony.stop()
      cable.close()
      telephony = site.telephony()
      await telephony.start((one) => events.push(one))
    }
  })

  test('the wire is cut and mended: told both times, the legs live on and are commanded again', async () => {
    await telephony.stop()
    const cable = await Cable.to(site.instance.httpPort)
    try {
      telephony = site.telephony({ ariUrl: `http://127.0.0.1:${cable.port}/ari` })
      await telephony.start((one) => events.push(one))
      const { call, legId } = await taken()
      cable.cut()
      await event('switch.lost')
      await expect(telephony.alive()).rejects.toMatchObject({ name: 'PortError', retry: true })
      send({ type: 'leg.hangUp', legId, why: 'normal' })
      cable.mend()
      const mendedAt = performance.now()
      await event('switch.found')
      expect(performance.now() - mendedAt).toBeLessThan(2_000)
      expect(await telephony.alive()).toMatchObject([{ legId, state: 'answered', inbound: true, from: customer, to: ours, joinedWith: [] }])
      call.press('4')
      expect(await event('digit.pressed')).toMatchObject({ legId, digit: '4' })
      send({ type: 'leg.hangUp', legId, why: 'normal' })
      expect(await event('leg.ended', legId)).toMatchObject({ outcome: 'answered', by: 'us' })
      expect(events.filter((one) => one.type === 'switch.lost' || one.type === 'switch.found')).toHaveLength(2)
    } finally {
      await telephony.stop()
      cable.close()
      telephony = site.telephony()
      await telephony.start((one) => events.push(one))
    }
  })

  test('an Asterisk that was not there at the start is found later', async () => {
    await telephony.stop()
    const cable = await Cable.to(site.instance.httpPort)
    cable.cut()
    telephony = site.telephony({ ariUrl: `http://127.0.0.1:${cable.port}/ari` })
    await telephony.start((one) => events.push(one))
    expect(events).toEqual([{ type: 'switch.lost' }])
    cable.mend()
    await event('switch.found')
    expect(await telephony.alive()).toEqual([])
    await telephony.stop()
    cable.close()
    telephony = site.telephony()
    await telephony.start((one) => events.push(one))
  })

  test('Asterisk dies and comes back: its legs are gone, and its log knows that they were there', async () => {
    const { legId } = await taken()
    await until('the log has it', async () => (await telephony.past(legId))?.answeredAt)
    await site.restart()
    await event('switch.found')
    expect(await telephony.alive()).toEqual([])
    const past = await telephony.past(legId)
    expect(past?.answeredAt).toBeTypeOf('number')
    expect(past?.ended).toBeUndefined()
    site.people.does('+46700000004', { answersAfterMs: 0 })
    await event('leg.answered', ring('+46700000004'))
  })
})
