/** The directory as a client meets it: searched, kept, imported, exported; who may do what; and what is written down of it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Contact, ContactPage, DirectoryPage, ImportReport } from '#wire/directory.ts'
import { Problem } from '#wire/session.ts'
import { type Asked, type Bed, openBed } from './http/bed.ts'

let bed: Bed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

const problem = ({ status, as }: Asked) => {
  const { code, field } = as(Problem)
  return [status, code, field]
}
const find = async (q: string, as = 'anna') => (await bed.ask(as, 'GET', `directory?q=${encodeURIComponent(q)}`)).as(DirectoryPage)
const named = async (q: string) => (await find(q)).items.map((item) => `${item.kind} ${item.name}`)
const file = (query: string, content: string, type = 'text/csv', headers: Record<string, string> = {}) =>
  bed.ask('lena', 'POST', `contacts/import${query}`, content, { 'content-type': type, ...headers })
const eva = {
  name: 'Eva  Ångström',
  company: 'Ek AB',
  numbers: [{ number: '070-174 06 20', label: 'mobil' }],
  fields: { kundnummer: '17' },
}

describe('contacts', () => {
  let id = ''
  test('made by a supervisor: numbers as E.164, the name on one line', async () => {
    const made = await bed.ask('lena', 'POST', 'contacts', eva)
    expect(made.status).toBe(201)
    const contact = made.as(Contact)
    expect(contact).toMatchObject({ ...eva, name: 'Eva Ångström', numbers: [{ number: '+46701740620', label: 'mobil' }], revision: 1 })
    id = contact.id
    expect((await bed.ask('anna', 'GET', `contacts/${id}`)).json).toEqual(contact)
  })

  test('once under one key, and never with another body under it', async () => {
    const headers = { 'idempotency-key': 'one' }
    const body = { name: 'Once', numbers: [{ number: '0701740621' }] }
    const first = (await bed.ask('lena', 'POST', 'contacts', body, headers)).as(Contact)
    expect((await bed.ask('lena', 'POST', 'contacts', body, headers)).json).toEqual(first)
    expect(problem(await bed.ask('lena', 'POST', 'contacts', { ...body, name: 'Other' }, headers))).toEqual([
      422,
      'request.idempotencyKey',
      undefined,
    ])
    expect((await find('once')).contacts).toBe(1)
    await bed.ask('lena', 'DELETE', `contacts/${first.id}`)
  })

  test('changed by what is given; not over somebody else’s change', async () => {
    const changed = await bed.ask('lena', 'PATCH', `contacts/${id}`, { company: null, revision: 1 })
    expect(changed.as(Contact)).toMatchObject({ name: 'Eva Ångström', company: null, fields: { kundnummer: '17' }, revision: 2 })
    expect(problem(await bed.ask('admin', 'PATCH', `contacts/${id}`, { name: 'X', revision: 1 }))).toEqual([
      409,
      'contact.changed',
      'revision',
    ])
    expect((await bed.ask('lena', 'GET', `contacts/${id}`)).as(Contact).name).toBe('Eva Ångström')
  })

  test.each([
    ['no number', { ...eva, numbers: [] }, [400, 'request.invalid', 'numbers']],
    ['a name of blanks', { ...eva, name: '  ' }, [400, 'request.invalid', 'name']],
    [
      'no telephone number',
      { ...eva, numbers: [{ number: '0701740620' }, { number: 'hej' }] },
      [422, 'contact.number', 'numbers.1.number'],
    ],
    ['digits that are none', { ...eva, numbers: [{ number: '12' }] }, [422, 'contact.number', 'numbers.0.number']],
    ['something unknown', { ...eva, age: 5 }, [400, 'request.invalid', 'age']],
  ])('%s is refused, and nothing is made', async (_, body, expected) => {
    const before = (await find('')).contacts
    expect(problem(await bed.ask('lena', 'POST', 'contacts', body))).toEqual(expected)
    expect((await find('')).contacts).toBe(before)
  })

  test('deleted, it is gone', async () => {
    expect((await bed.ask('lena', 'DELETE', `contacts/${id}`)).status).toBe(204)
    expect(problem(await bed.ask('lena', 'GET', `contacts/${id}`))).toEqual([404, 'contact.unknown', undefined])
    expect(problem(await bed.ask('lena', 'DELETE', `contacts/${id}`))).toEqual([404, 'contact.unknown', undefined])
    expect(problem(await bed.ask('lena', 'PATCH', `contacts/${id}`, { name: 'X' }))).toEqual([404, 'contact.unknown', undefined])
  })
})

describe('an import', () => {
  const good = 'namn;telefon;ort\r\nÅsa Berg;070-174 06 30;Täby\r\nNils Ek;08-46500410;\r\n'
  const bad = 'namn;telefon\nÅsa;0701740630\nNils;hej\n;0701740632\n'

  test('a dry run tells what would come of it and writes nothing', async () => {
    const report = (await file('?dryRun=true', good)).as(ImportReport)
    expect(report).toEqual({
      ...{ format: 'csv', encoding: 'utf-8', delimiter: ';', rows: 2, added: 2, changed: 0, unchanged: 0, refused: 0 },
      ...{ written: false, broken: false, faults: [] },
      columns: expect.any(Array),
    })
    expect((await find('')).contacts).toBe(0)
  })

  test('with a fault nothing is imported; the dry run names each by line and column', async () => {
    const faulty = await file('', bad)
    expect(problem(faulty)).toEqual([422, 'contacts.faulty', undefined])
    expect(faulty.as(Problem).detail).toContain('3:2 number.invalid, 4:1 name.missing')
    expect((await find('')).contacts).toBe(0)
    expect((await file('?dryRun=true', bad)).as(ImportReport)).toMatchObject({
      ...{ rows: 3, added: 1, refused: 2, written: false },
      faults: [
        { line: 3, column: 2, field: 'telefon', reason: 'number.invalid' },
        { line: 4, column: 1, field: 'namn', reason: 'name.missing' },
      ],
    })
  })

  test('all of it is imported, and the same file again changes nothing', async () => {
    expect((await file('', good, 'text/csv', { 'idempotency-key': 'file' })).as(ImportReport)).toMatchObject({ added: 2, written: true })
    expect((await file('', good)).as(ImportReport)).toMatchObject({ added: 0, unchanged: 2, written: true })
    expect(await named('ort')).toEqual([])
    expect(await named('åsa')).toEqual(['contact Åsa Berg'])
  })

  test('the good rows alone, when that is asked for', async () => {
    expect((await file('?skipFaulty=true', bad)).as(ImportReport)).toMatchObject({ rows: 3, added: 1, refused: 2, written: true })
    expect((await find('')).contacts).toBe(3)
  })

  test('a file that breaks off is not imported, not even its good rows', async () => {
    expect(problem(await file('?skipFaulty=true', 'namn;telefon\nBroken;0701740639\n"Open;0701740640\n'))).toEqual([
      422,
      'contacts.faulty',
      undefined,
    ])
    expect(await named('broken')).toEqual([])
  })

  test('columns named by hand; words that name none are refused', async () => {
    const odd = 'wer;wie\nOda Odd;0701740647\n'
    const report = (await file('?dryRun=true', odd)).as(ImportReport)
    expect(report).toMatchObject({ broken: true, columns: [{ heading: 'wer', as: 'field', example: 'Oda Odd' }, { heading: 'wie' }] })
    expect(report.faults[0]?.reason).toBe('header.noName')
    expect((await file('?dryRun=true&columns=name,number', odd)).as(ImportReport)).toMatchObject({ added: 1, faults: [] })
    expect(problem(await file('?columns=name,telephone', odd))).toEqual([400, 'request.invalid', 'columns'])
    expect(problem(await file('?columns=name,name', odd))).toEqual([422, 'contacts.faulty', undefined])
  })

  test('vCards too', async () => {
    const card = 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Vera Kort\r\nTEL;TYPE=cell:0701740645\r\nEND:VCARD\r\n'
    expect((await file('', card, 'text/vcard')).as(ImportReport)).toMatchObject({ format: 'vcard', delimiter: null, added: 1 })
    expect((await find('vera')).items).toMatchObject([{ kind: 'contact', numbers: [{ number: '+46701740645', label: 'mobile' }] }])
  })

  test('is a file: no JSON, and a file is nothing for another route', async () => {
    expect(problem(await file('', '{}', 'application/json'))).toEqual([415, 'request.mediaType', undefined])
    expect(problem(await bed.ask('lena', 'POST', 'contacts', 'x', { 'content-type': 'text/csv' }))).toEqual([
      415,
      'request.mediaType',
      undefined,
    ])
    expect(problem(await file('?encoding=klingon', good))).toEqual([422, 'contacts.faulty', undefined])
    expect(problem(await file('?dryRun=perhaps', good))).toEqual([400, 'request.invalid', 'dryRun'])
  })

  test('is not longer than 32 MiB: it is held whole while it is read', async () => {
    const long = 'name,phone\n'.padEnd(32 * 1024 * 1024, 'x')
    expect((await file('?dryRun=true', long)).code).not.toBe('request.tooLarge')
    expect((await file('?dryRun=true', `${long}x`)).code).toBe('request.tooLarge')
  })

  test('what is exported is imported as the same', async () => {
    for (const type of ['text/csv', 'text/vcard']) {
      const exported = await bed.ask('lena', 'GET', 'contacts', undefined, { accept: type })
      expect(exported.headers['content-type']).toBe(`${type}; charset=utf-8`)
      expect((await file('', exported.text, type)).as(ImportReport)).toMatchObject({ rows: 4, unchanged: 4, faults: [] })
    }
    expect(problem(await bed.ask('anna', 'GET', 'contacts', undefined, { accept: 'text/csv' }))).toEqual([
      403,
      'session.notAllowed',
      undefined,
    ])
    expect(problem(await bed.ask('lena', 'GET', 'contacts', undefined, { accept: 'image/png' }))).toEqual([
      406,
      'request.notAcceptable',
      undefined,
    ])
  })
})

describe('searching', () => {
  test('agents with their state, queues and contacts, for everybody', async () => {
    await bed.ask('bo', 'PUT', 'agents/bo/state', { state: 'loggedOn' })
    const page = await find('')
    expect(page.items.slice(0, 5)).toMatchObject([
      { kind: 'agent', id: 'anna', name: 'Anna', state: 'loggedOff' },
      { kind: 'agent', id: 'bo', name: 'Bo', state: 'ready' },
      { kind: 'agent', id: 'saga', name: 'Saga' },
      { kind: 'queue', id: 'sales', name: 'Sales', open: true, ready: 0 },
      { kind: 'queue', id: 'support', name: 'Support', open: true, ready: 1 },
    ])
    expect(page.contacts).toBe(4)
    for (const user of ['sara', 'admin']) expect((await find('', user)).items).toEqual(page.items)
    // Nothing of what anybody is doing but that.
    expect(Object.keys(page.items[1] ?? {}).sort()).toEqual(['id', 'kind', 'name', 'since', 'state'])
  })

  test('by the beginning of any word; å by a only where nothing else is', async () => {
    expect(await named('s')).toEqual(['agent Saga', 'queue Sales', 'queue Support'])
    expect(await named('berg')).toEqual(['contact Åsa Berg'])
    expect(await named('asa')).toEqual(['contact Åsa', 'contact Åsa Berg'])
    await bed.ask('lena', 'POST', 'contacts', { name: 'Asa', numbers: [{ number: '0701740690' }] })
    expect(await named('asa')).toEqual(['contact Asa'])
    expect(await named('åsa')).toEqual(['contact Åsa', 'contact Åsa Berg'])
    expect(await named('nobody')).toEqual([])
  })

  test('by any writing of a number', async () => {
    for (const q of ['070-174 06 45', '+46 70 174 06 45', '0046701740645', '46701740645', '(070) 1740645', '740645', '17406 45'])
      expect(await named(q)).toEqual(['contact Vera Kort'])
  })

  test('page after page', async () => {
    const first = (await bed.ask('anna', 'GET', 'contacts?limit=3')).as(ContactPage)
    const second = (await bed.ask('anna', 'GET', `contacts?limit=3&after=${first.next ?? ''}`)).as(ContactPage)
    expect([first.found, first.items.length, second.items.length, second.next]).toEqual([5, 3, 2, null])
    const further = (await bed.ask('anna', 'GET', `directory?limit=3&after=${first.next ?? ''}`)).as(DirectoryPage)
    expect(further.items.map((item) => item.kind)).toEqual(['contact', 'contact'])
  })
})

test('changes, imports, exports and cards opened are in the audit log, without names and numbers; nothing is in the journal or the log', async () => {
  const trail = bed.audit.rows
  const what = new Set(trail.map((row) => row.what))
  for (const word of ['contact.created', 'contact.changed', 'contact.deleted', 'contact.read', 'contacts.imported', 'contacts.exported'])
    expect(what).toContain(word)
  const kept = [JSON.stringify(trail), JSON.stringify(bed.store.facts), JSON.stringify([...bed.store.persons]), bed.log.join('\n')]
  for (const text of kept) expect(text).not.toMatch(/7017406[2-9]|46500410|Ångström|Åsa|Vera|Berg/u)
})
