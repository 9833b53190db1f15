/** Lists, files and pages of who sees numbers masked: nothing of a number in a cursor, a cell or a page that was open before. */
import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Sealing } from '#adapters/http/sealing.ts'
import { CampaignContacts, CampaignImport, DoNotCallPage } from '#wire/contacts.ts'
import { type Bed, openBed } from './http/bed.ts'
import { listen } from './http/listen.ts'
import { load, makeCampaign, upload } from './http/lists.ts'

const MANAGERS = ['campaignManager']
let bed: Bed
beforeAll(async () => {
  bed = await openBed({ maskedFor: MANAGERS })
  await makeCampaign(bed, { id: 'spring', name: 'Spring' })
})
afterAll(() => bed.close())

const listed = async (who: string, query = ''): Promise<Static<typeof DoNotCallPage>> =>
  (await bed.ask(who, 'GET', `do-not-call${query}`)).as(DoNotCallPage)

describe('a sealed text', () => {
  const sealing = new Sealing(Buffer.from('one'))
  test('opens as what it was sealed as, here and after a restart, and nowhere else', () => {
    const sealed = sealing.seal('place', '+46701740671 ')
    expect(sealed).toMatch(/^[\w-]+$/)
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('1740671')
    expect(new Sealing(Buffer.from('one')).open('place', sealed)).toBe('+46701740671 ')
    expect([sealing.open('row', sealed), new Sealing(Buffer.from('two')).open('place', sealed)]).toEqual([null, null])
    for (const other of ['', 'x', '+46701740671 ', `${sealed.slice(0, -4)}AAAA`])
      expect([other, sealing.open('place', other)]).toEqual([other, null])
  })
  test('is the same for the same', () => {
    expect(sealing.seal('row', 'a')).toBe(sealing.seal('row', 'a'))
    expect(sealing.seal('row', 'a')).not.toBe(sealing.seal('row', 'b'))
  })
})

describe('the do-not-call list', () => {
  const numbers = ['+46701740661', '+46701740662', '+46701740663']
  beforeAll(async () => {
    for (const number of numbers) await bed.ask('admin', 'POST', 'do-not-call', { number })
  })

  test.each(['maja', 'admin'])('turns its pages for %s by a word without a number', async (who) => {
    const tails: string[] = []
    let query = '?limit=1'
    for (let pages = 0; pages < numbers.length; pages++) {
      const { items, next } = await listed(who, query)
      tails.push(items[0]?.number?.slice(-2) ?? '')
      if (next === null) break
      expect(next).toMatch(/^[\w-]+$/)
      query = `?limit=1&after=${next}`
    }
    expect(tails).toEqual(['61', '62', '63'])
    expect((await bed.ask(who, 'GET', `do-not-call?after=${encodeURIComponent('+46701740661 ')}`)).code).toBe('request.invalid')
  })

  test('is looked into by a whole number, and by no part of one', async () => {
    const found = await listed('maja', `?digits=${encodeURIComponent('070-174 06 62')}`)
    expect(found.items.map(({ number }) => number)).toEqual(['+46•••••••62'])
    for (const part of ['174066', '46701', '112'])
      expect((await bed.ask('maja', 'GET', `do-not-call?digits=${part}`)).code).toBe('number.masked')
    expect((await listed('admin', '?digits=174066')).items).toHaveLength(3)
  })

  test('is taken from by the row, by who is not told the number; that row and no other', async () => {
    const { items } = await listed('maja')
    const row = items.find(({ number }) => number?.endsWith('62'))
    expect((await bed.ask('maja', 'DELETE', `do-not-call?id=${row?.id}`)).status).toBe(204)
    expect((await listed('admin')).items.map(({ number }) => number)).toEqual(['+46701740661', '+46701740663'])
    for (const id of ['nothing', items[0]?.id?.slice(1)])
      expect((await bed.ask('maja', 'DELETE', `do-not-call?id=${id}`)).code).toBe('doNotCall.unknown')
    expect((await bed.ask('maja', 'DELETE', 'do-not-call')).code).toBe('request.invalid')
    expect((await bed.ask('maja', 'DELETE', `do-not-call?id=${items[0]?.id}&number=070-1740663`)).code).toBe('request.invalid')
    expect((await listed('admin')).items).toHaveLength(2)
  })

  test('a row of a campaign is lifted in that campaign, and of every campaign by nobody who sees some alone', async () => {
    await bed.ask('admin', 'POST', 'do-not-call', { number: '+46701740661', campaignId: 'spring' })
    const ofSpring = (await listed('maja', '?campaign=spring')).items[0]
    expect((await bed.ask('maja', 'DELETE', `do-not-call?id=${ofSpring?.id}`)).status).toBe(204)
    expect((await listed('admin', '?campaign=spring')).items).toEqual([])
    expect((await listed('admin', '?campaign=all')).items.map(({ number }) => number)).toContain('+46701740661')
    const { passwordHash } = (await bed.accounts.user('maja')) ?? { passwordHash: '' }
    await bed.accounts.addUser({ name: 'mira', displayName: 'M', role: 'campaignManager', agentId: null, queues: ['spring'], passwordHash })
    const ofEvery = (await listed('mira', '?campaign=all')).items[0]
    expect((await bed.ask('mira', 'DELETE', `do-not-call?id=${ofEvery?.id}`)).code).toBe('session.notAllowed')
  })
})

describe('a file of contacts', () => {
  test('its faults show no number that was found, in whatever way it is written', async () => {
    await bed.ask('admin', 'POST', 'do-not-call', { number: '+46701740659' })
    const rows = ['Mobil;Namn', '+46701740651;Anna', '070-174 06 51;Bea', '(0)70 174 06 59;Cia', '07 01 74 06;Dan']
    const read = (await upload(bed, 'maja', 'campaigns/spring/imports?phone=Mobil&name=Namn', `${rows.join('\n')}\n`)).as(CampaignImport)
    const faults = `campaigns/spring/imports/${read.id}/faults`
    const [mine, whole] = [await bed.ask('maja', 'GET', faults), await bed.ask('admin', 'GET', faults)]
    expect(whole.text.replaceAll(/[^\d\n]/g, '')).toMatch(/701740651/)
    const lines = (text: string) => text.split('\r\n').map((line) => line.split(',').slice(0, 4))
    expect(lines(mine.text)).toEqual(lines(whole.text))
    expect(mine.text).toContain('•')
    for (const digits of ['1740651', '1740659', '017406'])
      expect([digits, mine.text.replaceAll(/[\s()-]/g, '').includes(digits)]).toEqual([digits, false])
  })
})

describe('contacts of a campaign', () => {
  beforeAll(() => load(bed, 'spring', 'phone,phone2,name\n+46701740641,+46701740642,Anna\n+467017406410,,Bo\n'))
  const found = async (q: string) =>
    (await bed.ask('maja', 'GET', `campaigns/spring/contacts?q=${encodeURIComponent(q)}`))
      .as(CampaignContacts)
      .items.map(({ name }) => name)

  test('are found by a whole number, either of theirs, and by a name', async () => {
    for (const q of ['+46701740641', '070-174 06 42', 'ann']) expect([q, await found(q)]).toEqual([q, ['Anna']])
  })
  test.each(['1740641', '46701', 'K-77', '112'])('and not by %s', async (q) => {
    expect((await bed.ask('maja', 'GET', `campaigns/spring/contacts?q=${q}`)).code).toBe('number.masked')
  })
  test.each(['text/csv', 'application/x-ndjson'])('are exported masked as %s', async (accept) => {
    const mine = await bed.ask('maja', 'GET', 'campaigns/spring/contacts', undefined, { accept })
    const whole = await bed.ask('admin', 'GET', 'campaigns/spring/contacts', undefined, { accept })
    expect([whole.text.includes('+46701740641'), mine.text.includes('+46•••••••41'), mine.text.includes('174064')]).toEqual([
      true,
      true,
      false,
    ])
  })
})

test('a page that was open before numbers were masked is told none whole afterwards, and one before they were shown again is', async () => {
  const plain = await openBed()
  try {
    await plain.ask('anna', 'PUT', 'agents/anna/state', { state: 'loggedOn' })
    const page = await listen(plain, 'lena')
    await page.first(({ type }) => type === 'snapshot')
    /** `shown`: the number as the page is to be told it; an id may end in the same digits. */
    const told = async (from: string, shown: string): Promise<string> => {
      const { length } = page.heard
      plain.network.call(from, '+46846500400')
      await page.first((message) => ['agent', 'queue'].includes(message.type) && JSON.stringify(message).includes(`"${shown}"`))
      return JSON.stringify(page.heard.slice(length))
    }
    expect(await told('+46701740631', '+46701740631')).toContain('701740631')
    await plain.maskFor(['supervisor'])
    const masked = await told('+46701740632', '+46•••••••32')
    expect([masked.includes('•32'), masked.includes('1740632'), masked.includes('1740631')]).toEqual([true, false, false])
    // What the page had been told before is told again, as it may be seen now.
    expect(page.heard.filter(({ type }) => type === 'snapshot')).toHaveLength(2)
    expect(JSON.stringify(page.heard.findLast(({ type }) => type === 'snapshot'))).toContain('•31')
    await plain.maskFor([])
    expect(await told('+46701740633', '+46701740633')).toContain('701740633')
    page.close()
  } finally {
    await plain.close()
  }
})
