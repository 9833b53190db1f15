/** Whether an agent's phone is there, on a real Asterisk: a browser's phone that registers, falls silent, and comes back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { TelephonyEvent } from '#ports/telephony.ts'
import { noAsterisk, openSite, type Site } from './network.ts'
import { BrowserPhone } from './register.ts'
import { until } from './until.ts'

const suite = 'liveness of phones on a real Asterisk'

describe.skipIf(noAsterisk(suite))(suite, () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite(['anna'])
  })
  afterAll(() => site.close())

  const browser = async (): Promise<BrowserPhone> => {
    const phone = new BrowserPhone(new WebSocket(`ws://127.0.0.1:${site.instance.httpPort}/ws`, 'sip'), 'browser', 'browser')
    expect(await phone.registered).toBe('200')
    return phone
  }

  test('gone, there, silent, there again, closed: told of each change, and of silence within 15 s', async () => {
    const events: TelephonyEvent[] = []
    const of = (agentId: string): readonly string[] =>
      events.flatMap((one) => ('agentId' in one && one.agentId === agentId ? [one.type] : []))
    const telephony = site.telephony({
      watches: true,
      phones: { anna: { kind: 'sip', account: 'anna' }, cilla: { kind: 'desk', account: 'browser' } },
    })
    await telephony.start((event) => events.push(event))
    try {
      await until('both are told of', () => of('cilla').length === 1 && of('anna').length === 1)
      expect([of('cilla'), of('anna')]).toEqual([['phone.lost'], ['phone.found']])
      const phone = await browser()
      await until('it is found', () => of('cilla').at(-1) === 'phone.found')
      const asked = phone.asked
      await until('it is asked again and again', () => phone.asked > asked + 1)
      expect(of('cilla')).toEqual(['phone.lost', 'phone.found'])
      phone.answersOptions = false
      const silentAt = performance.now()
      await until('it is lost', () => of('cilla').at(-1) === 'phone.lost', 15_000)
      expect(performance.now() - silentAt).toBeLessThan(15_000)
      phone.answersOptions = true
      await until('it is found again', () => of('cilla').at(-1) === 'phone.found')
      phone.close()
      const closedAt = performance.now()
      await until('it is lost', () => of('cilla').at(-1) === 'phone.lost')
      expect(performance.now() - closedAt).toBeLessThan(4_000)
      expect(of('anna')).toEqual(['phone.found'])
    } finally {
      await telephony.stop()
    }
  })
})
