/** What no telephone says, said to a real Asterisk by browsers' way, from a trunk's address and in the midst of speech: it serves on. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AsteriskTelephony } from '#adapters/asterisk/asterisk.ts'
import type { PhoneWay } from '#adapters/http/deps.ts'
import { phoneWay } from '#app/switch/phones.ts'
import type { TelephonyEvent } from '#ports/telephony.ts'
import { seededChance } from '#sim/chance.ts'
import { type Bed, openBed } from '../http/bed.ts'
import { HANDSHAKE, PhoneClient, said } from '../http/phone.ts'
import { noAsterisk, openSite, ours, type Site, spray } from './network.ts'
import { request, SIP_NONSENSE, SPEECH_NONSENSE, spoilt } from './nonsense.ts'
import type { Outgoing } from './people.ts'
import { until } from './until.ts'

const suite = 'what no telephone says, on a real Asterisk'
const SPOILT = 300

describe.skipIf(noAsterisk(suite))(suite, () => {
  let site: Site
  let bed: Bed
  let way: PhoneWay
  let port: number
  let telephony: AsteriskTelephony
  let socket: Socket
  let ended = ''
  const events: TelephonyEvent[] = []
  const chance = seededChance('malformed')
  const others = Array.from({ length: SPOILT }, () => spoilt(chance))

  beforeAll(async () => {
    site = await openSite(['anna'])
    site.people.does('anna', { answersAfterMs: 10 })
    void site.instance.ended.then((how) => {
      ended = how
    })
    way = phoneWay(() => site.instance.ariUrl)
    bed = await openBed({ phoneWay: way, hosts: ['samtal.example'] })
    port = Number(new URL(await bed.http.listen({ host: '127.0.0.1', port: 0 })).port)
    socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    telephony = site.telephony()
    await telephony.start((event) => events.push(event))
  })
  afterAll(async () => {
    expect(ended).toBe('')
    for (const { legId } of await telephony.alive()) telephony.send({ type: 'leg.hangUp', legId, why: 'normal' })
    await telephony.stop()
    socket.close()
    way.close()
    await bed.close()
    await site.close()
  })

  const opens = async (): Promise<PhoneClient> => {
    const headers = { host: 'samtal.example', ...HANDSHAKE, cookie: await bed.signedIn('anna') }
    const client = new PhoneClient(port, { headers })
    expect((await client.answer()).status).toBe(101)
    return client
  }
  /** Registers, which asks for a password: what was said before has been read then, or the connection is over. */
  const registers = async (client: PhoneClient): Promise<string> => {
    const asked = request('REGISTER')
    client.send(said(asked))
    return (await client.hears(/^Call-ID: (\S+)/m.exec(asked)?.[1] ?? '')).text
  }
  const goes = async (client: PhoneClient): Promise<void> => {
    client.close()
    await client.isGone()
  }
  const serves = async (): Promise<void> => {
    const client = await opens()
    expect(await registers(client)).toMatch(/SIP\/2\.0 401 /)
    await goes(client)
  }
  const legOf = (type: TelephonyEvent['type'], legId: string) =>
    until(`${legId}: ${type}`, () => events.some((event) => event.type === type && 'legId' in event && event.legId === legId))

  /** A customer calls, an agent is rung, and each hears the other. */
  async function talking(): Promise<{ readonly call: Outgoing; readonly hearEachOther: () => Promise<void> }> {
    const [agent, from] = [`anna-${events.length}`, '+46701234567']
    const before = events.length
    const call = await site.people.call(from, ours)
    const isHis = (event: TelephonyEvent) => event.type === 'leg.arrived' && event.from === from && event
    const { legId: line } = await until('it comes in', () =>
      events
        .slice(before)
        .map(isHis)
        .find((event) => event !== false),
    )
    telephony.send({ type: 'leg.answer', legId: line })
    telephony.send({ type: 'leg.ring', callId: agent, legId: agent, to: { agent: 'anna' }, callerId: from, ringMsMax: 10_000 })
    await legOf('leg.answered', agent)
    await legOf('leg.answered', line)
    telephony.send({ type: 'bridge.join', callId: agent, bridge: 'main', legs: [line, agent] })
    const own = [...site.people.lines.values()].findLast(({ invite }) => invite?.start.startsWith('INVITE sip:anna@'))
    const hearEachOther = async (): Promise<void> => {
      await until('each hears the other, and nothing else', () => {
        const [customers, agents] = [call.line.speech.hearsNow(), own?.speech.hearsNow() ?? []]
        return `${customers}` === `${own?.speech.tone}` && `${agents}` === `${call.line.speech.tone}`
      })
    }
    await hearEachOther()
    return { call, hearEachOther }
  }

  test.each(Object.entries(SIP_NONSENSE))('%s, by the browsers’ way: who comes after is answered', async (_, nonsense) => {
    const client = await opens()
    client.send(said(nonsense()))
    await registers(client)
    await goes(client)
    await serves()
  })

  test('and so are requests spoilt by chance', async () => {
    for (let at = 0; at < SPOILT; at += 100) {
      const client = await opens()
      for (const text of others.slice(at, at + 100)) client.send(said(text))
      await registers(client)
      await goes(client)
    }
    await serves()
    // They came to where they are read.
    const refused = readFileSync(site.instance.logFile, 'utf8').match(/Error parsing|Error processing packet|Dropping \d+ bytes packet/g)
    expect(refused?.length).toBeGreaterThan(50)
  })

  test('from a trunk’s address: calls come in, and are joined', async () => {
    const all = [...Object.values(SIP_NONSENSE).map((nonsense) => nonsense()), ...others]
    for (const text of all) socket.send(Buffer.from(text).subarray(0, 60_000), site.instance.sipPort, '127.0.0.1')
    const { call } = await talking()
    call.hangUp()
  })

  test('in the midst of speech, by who speaks and by everybody else: each hears the other', async () => {
    const { call, hearEachOther } = await talking()
    for (let times = 0; times < 20; times += 1) for (const packet of SPEECH_NONSENSE) call.line.speech.send(packet)
    for (const packet of SPEECH_NONSENSE) await spray(site.instance, packet)
    await hearEachOther()
    call.press('5')
    await until('a digit is taken', () => events.some((event) => event.type === 'digit.pressed' && event.digit === '5'))
    call.hangUp()
  })
})
