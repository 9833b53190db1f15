/** Files of contacts over HTTP: looked at, judged, confirmed, undone; contacts with their results; whom nobody may call. */
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashPassword } from '#adapters/http/passwords.ts'
import {
  CampaignContact,
  CampaignContacts,
  CampaignImport,
  CampaignImports,
  DoNotCallImported,
  DoNotCallPage,
  ImportLook,
} from '#wire/contacts.ts'
import { CreatedToken } from '#wire/tokens.ts'
import { type Bed, openBed, PASSWORD } from './http/bed.ts'
import { load, makeCampaign, upload } from './http/lists.ts'

let bed: Bed
beforeAll(async () => {
  bed = await openBed()
  await makeCampaign(bed, { id: 'spring', name: 'Spring' })
  const passwordHash = await hashPassword(PASSWORD)
  await bed.accounts.addUser({
    name: 'mats',
    displayName: 'Mats',
    role: 'campaignManager',
    agentId: null,
    queues: ['autumn'],
    passwordHash,
  })
})
afterAll(() => bed.close())

const CSV =
  'Mobil;Namn;Ort\r\n070-174 06 01;Åsa;Lund\r\n112;Nöd;\r\n0701740601;Åsa igen;\r\n0900 123 45 67;Dyr;\r\n070-174 06 02;"Bo\r\nBo";=1+1\r\n'
const ask = (method: 'GET' | 'POST', path: string, user = 'maja') => bed.ask(user, method, `campaigns/${path}`)
const contactsOf = async (id: string, query = '') => (await ask('GET', `${id}/contacts${query}`)).as(CampaignContacts)

describe('a file', () => {
  test('is looked at first: delimiter, columns, and what they probably are', async () => {
    const look = (await upload(bed, 'maja', 'campaigns/spring/imports/look', CSV)).as(ImportLook)
    expect(look).toMatchObject({ delimiter: ';', columns: ['Mobil', 'Namn', 'Ort'], mapping: { phone: 'Mobil', name: 'Namn' } })
    expect(look.rows[0]).toEqual(['070-174 06 01', 'Åsa', 'Lund'])
  })

  test('is judged row by row, and nobody is in the list before it is confirmed; undone, nobody is again', async () => {
    const read = (await upload(bed, 'maja', 'campaigns/spring/imports?fileName=vår.csv&phone=Mobil&name=Namn', CSV)).as(CampaignImport)
    expect(read).toMatchObject({ state: 'ready', by: 'Maja M', fileName: 'vår.csv', how: 'add' })
    expect(read.counts).toEqual({ rows: 5, valid: 3, invalid: 2, duplicateInFile: 1, duplicateInList: 0, doNotCall: 0, added: 2 })
    expect((await contactsOf('spring')).items).toEqual([])
    const faults = await ask('GET', `spring/imports/${read.id}/faults`)
    expect(faults.headers['content-disposition']).toContain('.csv')
    const lines = faults.text.trim().split('\r\n')
    expect(lines).toEqual([
      'row,line,column,code,value,earlierLine,since',
      '2,3,Mobil,number.emergency,112,,',
      "3,4,,duplicateInFile,'+46701740601,2,",
      "4,5,Mobil,number.premium,'+469001234567,,",
    ])
    const confirmed = (await ask('POST', `spring/imports/${read.id}/confirm`)).as(CampaignImport)
    expect(confirmed.state).toBe('confirmed')
    expect((await ask('POST', `spring/imports/${read.id}/confirm`)).as(CampaignImport)).toEqual(confirmed)
    const { items, columns } = await contactsOf('spring')
    expect(items.map(({ phone, name, state }) => [phone, name, state])).toEqual([
      ['+46701740601', 'Åsa', 'waiting'],
      ['+46701740602', 'Bo\r\nBo', 'waiting'],
    ])
    expect(columns).toEqual(['Ort'])
    expect((await ask('GET', 'spring/imports')).as(CampaignImports).items.map(({ id }) => id)).toEqual([read.id])
    const again = (await upload(bed, 'maja', 'campaigns/spring/imports?fileName=other.csv&phone=Mobil&name=Namn', CSV)).as(CampaignImport)
    expect(again).toMatchObject({ id: read.id, state: 'confirmed' })
    expect((await ask('POST', `spring/imports/${read.id}/undo`)).as(CampaignImport).state).toBe('undone')
    expect((await contactsOf('spring')).items).toEqual([])
    expect((await ask('POST', `spring/imports/${read.id}/undo`)).code).toBe('import.notConfirmed')
    const audited = bed.audit.rows.filter(({ what, outcome }) => what.startsWith('import.') && outcome === 'done').map(({ what }) => what)
    expect(audited.filter((what) => what !== 'import.faultsExported')).toEqual([
      'import.read',
      'import.confirmed',
      'import.confirmed',
      'import.read',
      'import.undone',
    ])
    expect(JSON.stringify(bed.audit.rows)).not.toMatch(/7017406/)
  })

  test.each([
    ['', 'import.file'],
    ['Namn;Ort\r\nÅsa;Lund\r\n', 'import.file'],
    [Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46]), 'import.file'],
    [`phone,name\r\n+46701740603,"${'a'.repeat(300_000)}"\r\n`, 'import.file'],
  ])('that cannot be read is said no to, in words, and leaves nothing (%#)', async (file, code) => {
    const before = (await ask('GET', 'spring/imports')).as(CampaignImports).items.filter(({ state }) => state === 'ready').length
    const refused = await upload(bed, 'maja', 'campaigns/spring/imports', file)
    expect([refused.status, refused.code]).toEqual([422, code])
    expect(refused.json).toHaveProperty('detail', expect.stringMatching(/: .*[A-Z][\w ]+\. \([a-z]+\.\w+\)$/))
    const after = (await ask('GET', 'spring/imports')).as(CampaignImports).items
    expect(after.filter(({ state }) => state === 'ready').length).toBe(before)
    expect(after.filter(({ state }) => state === 'reading')).toEqual([])
  })

  test.each([
    ['phone=Telefon', 'phone', 'mapping.unknown'],
    ['phone=Mobil&name=Mobil', 'name', 'mapping.twice'],
    ['name=Namn', 'phone', 'header.noNumber'],
    ['phone=Mobil&encoding=klingon', undefined, 'encoding.unknown'],
  ])('mapped wrongly: %s', async (query, field, code) => {
    const refused = await upload(bed, 'maja', `campaigns/spring/imports?${query}`, CSV)
    expect(refused.json).toMatchObject({ code: 'import.file', detail: expect.stringContaining(`. (${code})`) })
    if (field !== undefined) expect(refused.json).toHaveProperty('field')
  })

  test('that is no table, or not of one’s campaign', async () => {
    const wrong = await bed.ask('maja', 'POST', 'campaigns/spring/imports', '{}', { 'content-type': 'application/json' })
    expect(wrong.code).toBe('request.mediaType')
    expect((await upload(bed, 'mats', 'campaigns/spring/imports', CSV)).code).toBe('campaign.unknown')
    expect((await upload(bed, 'lena', 'campaigns/spring/imports', CSV)).code).toBe('session.notAllowed')
    expect((await ask('POST', 'spring/imports/nothing/confirm')).code).toBe('import.unknown')
    await makeCampaign(bed, { id: 'other', name: 'Other' })
    const read = (await upload(bed, 'maja', 'campaigns/other/imports', 'phone\n+46701740609\n')).as(CampaignImport)
    expect((await ask('POST', `spring/imports/${read.id}/confirm`)).code).toBe('import.unknown')
  })

  test('by a program, with a token of that scope alone', async () => {
    const { secret } = (await bed.ask('admin', 'POST', 'tokens', { name: 'Nightly', scopes: ['contacts.import'] })).as(CreatedToken)
    const by = { authorization: `Bearer ${secret}`, 'x-samtal': '' }
    const read = (await upload(bed, null, 'campaigns/other/imports?fileName=night.csv', 'phone\n+46701740610\n', by)).as(CampaignImport)
    expect(read.by).toBe('Nightly')
    expect((await bed.ask(null, 'POST', `campaigns/other/imports/${read.id}/confirm`, undefined, by)).status).toBe(200)
    expect((await bed.ask(null, 'GET', 'campaigns/other/contacts', undefined, by)).code).toBe('token.scope')
  })

  test('is read as it comes: rows are counted while the rest is on its way', async () => {
    const address = new URL(await bed.http.listen({ host: '127.0.0.1', port: 0 }))
    const cookie = await bed.signedIn('maja')
    const answered = Promise.withResolvers<number | undefined>()
    const upward = request(
      { host: address.hostname, port: address.port, method: 'POST', path: '/api/v1/campaigns/other/imports?fileName=slow.csv&phone=phone' },
      (answer) => {
        answer.resume()
        answered.resolve(answer.statusCode)
      },
    )
    upward.on('error', answered.reject)
    upward.setHeader('content-type', 'text/csv')
    upward.setHeader('cookie', cookie)
    upward.setHeader('x-samtal', '1')
    const rows = (from: number) =>
      Array.from({ length: 20_000 }, (_, index) => `+467017${String(from + index).padStart(5, '0')},x`).join('\n')
    upward.write(`phone,name\n${rows(20_000)}\n`)
    const underWay = async () =>
      (await ask('GET', 'other/imports')).as(CampaignImports).items.find(({ fileName }) => fileName === 'slow.csv')
    await expect.poll(underWay, { timeout: 10_000 }).toMatchObject({ state: 'reading', counts: { rows: expect.any(Number) } })
    await expect.poll(async () => (await underWay())?.counts.rows, { timeout: 10_000 }).toBeGreaterThan(0)
    upward.end(rows(40_000))
    expect(await answered.promise).toBe(201)
    expect((await underWay())?.counts).toMatchObject({ rows: 40_000, valid: 40_000 })
  })
})

describe('contacts', () => {
  beforeAll(async () => {
    await makeCampaign(bed, { id: 'list', name: 'List' })
    await load(
      bed,
      'list',
      'phone,name,external id,city\n+46701740621,Ada,A1,Lund\n+46701740622,Bea,B2,"=cmd"\n+46701740623,Cid,C3,Ystad\n',
    )
  })

  test('are listed by pages, by state, by the beginning of a name and by digits', async () => {
    const first = await contactsOf('list', '?limit=2')
    expect(first.items.map(({ name }) => name)).toEqual(['Ada', 'Bea'])
    expect((await contactsOf('list', `?limit=2&after=${first.next}`)).items.map(({ name }) => name)).toEqual(['Cid'])
    expect((await contactsOf('list', '?q=be')).items.map(({ name }) => name)).toEqual(['Bea'])
    expect((await contactsOf('list', '?q=740623')).items.map(({ name }) => name)).toEqual(['Cid'])
    expect((await contactsOf('list', '?state=reached')).items).toEqual([])
    expect((await ask('GET', 'list/contacts?state=lost')).code).toBe('request.invalid')
  })

  test('are read one by one, in their own campaign only', async () => {
    const [ada] = (await contactsOf('list')).items
    expect((await ask('GET', `list/contacts/${ada?.id}`)).as(CampaignContact)).toEqual(ada)
    expect((await ask('GET', `spring/contacts/${ada?.id}`)).code).toBe('contact.unknown')
    expect((await ask('GET', 'list/contacts/nobody')).code).toBe('contact.unknown')
    expect((await ask('GET', `list/contacts/${ada?.id}`, 'mats')).code).toBe('campaign.unknown')
  })

  test('are exported with their columns, where nothing becomes a formula', async () => {
    const csv = await bed.ask('maja', 'GET', 'campaigns/list/contacts', undefined, { accept: 'text/csv' })
    const [head, ada, bea] = csv.text.split('\r\n')
    expect(head).toMatch(/^id,externalId,name,phone,.*,city$/)
    expect(ada).toMatch(/,A1,Ada,'\+46701740621,,waiting,.*,Lund$/)
    expect(bea).toMatch(/,'=cmd$/)
    const lines = await bed.ask('maja', 'GET', 'campaigns/list/contacts', undefined, { accept: 'application/x-ndjson' })
    expect(
      lines.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).phone),
    ).toEqual(['+46701740621', '+46701740622', '+46701740623'])
  })
})

describe('whom nobody may call', () => {
  const list = async (user = 'maja', query = '') => (await bed.ask(user, 'GET', `do-not-call${query}`)).as(DoNotCallPage).items
  const isOn = (number: string) => expect.poll(async () => (await list()).some((row) => row.number === number))

  test('a number is listed for every campaign, found by its digits, and lifted again', async () => {
    expect((await bed.ask('maja', 'POST', 'do-not-call', { number: '070-174 06 31', reason: 'asked in a letter' })).status).toBe(204)
    await isOn('+46701740631').toBe(true)
    expect(await list('maja', '?digits=070-174%2006%2031')).toMatchObject([
      { campaignId: null, source: 'page', reason: 'asked in a letter', until: null },
    ])
    await load(bed, 'list', 'phone\n+46701740631\n')
    expect((await contactsOf('list', '?q=740631')).items).toEqual([])
    expect((await bed.ask('maja', 'DELETE', 'do-not-call?number=%2B46701740631')).status).toBe(204)
    await isOn('+46701740631').toBe(false)
    expect(JSON.stringify(bed.store.facts)).not.toContain('701740631')
    expect(JSON.stringify(bed.store.facts)).not.toContain('letter')
  })

  test('for one campaign: seen by who sees that campaign', async () => {
    await makeCampaign(bed, { id: 'autumn', name: 'Autumn' })
    for (const [user, number, campaignId] of [
      ['mats', '+46701740632', 'autumn'],
      ['maja', '+46701740633', 'list'],
      ['maja', '+46701740634', undefined],
    ] as const) {
      const until = '2099-01-01T00:00:00.000Z'
      expect((await bed.ask(user, 'POST', 'do-not-call', { number, ...(campaignId && { campaignId }), until })).status).toBe(204)
      await isOn(number).toBe(true)
    }
    expect((await list('mats', '?campaign=autumn')).map(({ number }) => number)).toEqual(['+46701740632'])
    const seen = (await list('mats')).map(({ number }) => number)
    expect(seen).toContain('+46701740634')
    expect(seen).not.toContain('+46701740633')
    expect((await bed.ask('mats', 'GET', 'do-not-call?campaign=list')).code).toBe('campaign.unknown')
    expect((await bed.ask('mats', 'POST', 'do-not-call', { number: '+46701740635', campaignId: 'list' })).code).toBe('campaign.unknown')
    expect((await bed.ask('mats', 'POST', 'do-not-call', { number: '+46701740635' })).code).toBe('session.notAllowed')
    expect((await list('maja', '?campaign=all')).map(({ number }) => number)).toEqual(['+46701740634'])
  })

  test.each([
    [{ number: 'abc' }, 'number.invalid', 'number'],
    [{ number: '112' }, 'number.emergency', 'number'],
    [{ number: '+46701740636', until: '2020-01-01T00:00:00Z' }, 'request.invalid', 'until'],
    [{ number: '+46701740636', campaignId: 'nothing' }, 'campaign.unknown', undefined],
  ])('%j is refused', async (body, code, field) => {
    const refused = await bed.ask('maja', 'POST', 'do-not-call', body)
    expect(refused.json).toMatchObject({ code, ...(field && { field }) })
  })

  test('a file of numbers, with those that are none', async () => {
    const read = (
      await upload(bed, 'maja', 'do-not-call/imports?reason=register', 'number,reason\n070-174 06 41,moved\nnonsense,\n+46701740642,\n')
    ).as(DoNotCallImported)
    expect(read).toMatchObject({ rows: 3, added: 2, invalid: 1, faults: [{ row: 2, line: 3, code: 'number.invalid' }] })
    const rows = await list('maja', '?digits=74064')
    expect(rows.map(({ number, reason, source }) => [number, reason, source])).toEqual([
      ['+46701740641', 'moved', 'file'],
      ['+46701740642', 'register', 'file'],
    ])
    const past = await upload(bed, 'maja', 'do-not-call/imports?until=2020-01-01T00:00:00Z', 'number\n+46701740643\n')
    expect(past.json).toMatchObject({ code: 'request.invalid', field: 'until' })
  })

  test('a file that goes wrong near its end lists nobody', async () => {
    const good = Array.from({ length: 20_000 }, (_, n) => `+467018${String(n).padStart(5, '0')}`).join('\n')
    const wrong = await upload(bed, 'maja', 'do-not-call/imports', `number\n${good}\n"never closed`)
    expect(wrong.code).toBe('import.file')
    expect(await list('maja', '?digits=467018')).toEqual([])
  })
})
