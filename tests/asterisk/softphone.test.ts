/** An agent's phone in a real browser on a real Asterisk: it answers by itself, and who hears whom is told by tones. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AsteriskTelephony } from '#adapters/asterisk/asterisk.ts'
import type { TelephonyCommand, TelephonyEvent } from '#ports/telephony.ts'
import { noBrowser, openSite, ours, type Site, spray } from './network.ts'
import { SPEECH_NONSENSE } from './nonsense.ts'
import type { Outgoing } from './people.ts'
import { openSoftphone, type Softphone } from './softphone.ts'
import { until } from './until.ts'

const suite = 'an agent’s phone in a browser'

describe.skipIf(noBrowser(suite))(suite, () => {
  let folder: string
  let site: Site
  let phone: Softphone
  let telephony: AsteriskTelephony
  let call: Outgoing
  let line = ''
  const agent = `browser-${Date.now().toString(36)}`
  const events: TelephonyEvent[] = []
  const send = (command: TelephonyCommand): void => telephony.send(command)
  const joins = (...legs: readonly string[]): void => send({ type: 'bridge.join', callId: 'c1', bridge: 'main', legs })
  const answered = (legId: string) =>
    until(`${legId} answers`, () => events.some((one) => one.type === 'leg.answered' && one.legId === legId))
  /** For a second on end. */
  const steadily = async (what: string, so: () => Promise<boolean>): Promise<void> => {
    let since = performance.now()
    await until(what, async () => {
      if (!(await so())) since = performance.now()
      return performance.now() - since > 1_000
    })
  }
  const browserHears = (tone: number) => steadily(`the browser hears ${tone} Hz`, async () => Math.abs((await phone.hears()) - tone) < 12)
  const customerHears = (...tones: readonly number[]) =>
    steadily(`the customer hears ${tones.join(' ')}`, async () => `${call.line.speech.hearsNow()}` === `${tones}`)

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'samtal-softphone-'))
    site = await openSite(['anna'])
    const ws = `ws://127.0.0.1:${site.instance.httpPort}/ws`
    phone = await openSoftphone(folder, { ws, account: 'browser', password: 'browser', tone: 710 })
    telephony = site.telephony({ watches: true, phones: { cilla: { kind: 'desk', account: 'browser' } } })
    await telephony.start((event) => events.push(event))
  })
  afterAll(async () => {
    for (const { legId } of await telephony.alive()) send({ type: 'leg.hangUp', legId, why: 'normal' })
    await telephony.stop()
    await phone.close()
    await site.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('it is there, and answers by itself', async () => {
    await until('it is found', () => events.some((one) => one.type === 'phone.found'))
    send({ type: 'leg.ring', callId: 'c1', legId: agent, to: { agent: 'cilla' }, callerId: '+46701234567', ringMsMax: 10_000 })
    await answered(agent)
    expect(await phone.calls()).toBe(1)
  })

  test('joined with a customer each hears the other’s tone', async () => {
    call = await site.people.call('+46701234567', ours)
    line = (await until('it comes in', () => events.find((one) => one.type === 'leg.arrived'))).legId
    send({ type: 'leg.answer', legId: line })
    await answered(line)
    joins(line, agent)
    await browserHears(call.line.speech.tone)
    await customerHears(phone.tone)
  })

  test('packets that are no speech, and speech without the keys of this call, change nothing', async () => {
    for (const packet of SPEECH_NONSENSE) await spray(site.instance, packet)
    await browserHears(call.line.speech.tone)
    await customerHears(phone.tone)
    expect(await phone.calls()).toBe(1)
  })

  test('muted it is not heard and hears; then it is heard again', async () => {
    send({ type: 'leg.mute', legId: agent, on: true })
    await customerHears()
    await browserHears(call.line.speech.tone)
    send({ type: 'leg.mute', legId: agent, on: false })
    await customerHears(phone.tone)
  })

  test('on hold the customer hears music, the browser nothing; joined again both hear', async () => {
    send({ type: 'music.start', legId: line, music: 'default' })
    await steadily('silence in the browser', async () => (await phone.hears()) === 0)
    await until('music for the customer', () => call.line.speech.heard.at(-1)?.other)
    joins(line, agent)
    await browserHears(call.line.speech.tone)
    await customerHears(phone.tone)
  })

  test('the customer hangs up, then we: the browser is free', async () => {
    call.hangUp()
    await until('the line is over', () => events.some((one) => one.type === 'leg.ended' && one.legId === line))
    send({ type: 'leg.hangUp', legId: agent, why: 'normal' })
    await until('the browser is free', async () => (await phone.calls()) === 0)
  })
})
