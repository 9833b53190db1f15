/** Files of contacts, read with the numbers of the real adapter: what a list may look like, and what is said of one that is wrong. */
import { describe, expect, test } from 'vitest'
import { contactLists as listsBy } from '#adapters/contact-files/contact-lists.ts'
import { numbers } from '#adapters/numbers/numbers.ts'
import type { FileFault, ListFormat, ListRead } from '#ports/contact-lists.ts'
import { type ContactDraft, type ListMapping, type RowFault, unpacked } from '#ports/contacts.ts'

const NUMBERS = {
  country: 'SE',
  countries: ['US', 'NO'],
  barredPrefixes: ['+46771'],
  ...{ shortNumbers: [], premium: false, sharedCost: false, switchboards: [] },
}
const RULES = { country: 'SE', zone: 'Europe/Stockholm' }
const contactLists = listsBy(() => numbers(NUMBERS))
const LOCAL = { encoding: null, delimiter: null } satisfies ListFormat

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

interface Got {
  readonly done: ListRead | FileFault
  readonly drafts: readonly ContactDraft[]
  readonly faults: readonly RowFault[]
  readonly lines: readonly number[]
}

async function readBytes(
  bytes: Uint8Array,
  more: Partial<ListFormat & { mapping: ListMapping; size: number; country: string }> = {},
): Promise<Got> {
  const { mapping = null, size = 65_536, country = 'SE', ...format } = more
  const drafts: ContactDraft[] = []
  const faults: RowFault[] = []
  const lines: number[] = []
  const how = { ...LOCAL, ...format, mapping, rules: { ...RULES, country } }
  const done = await contactLists.read(inPieces(bytes, size), how, async (rows, wrong) => {
    drafts.push(...unpacked(rows).map(({ draft }) => draft))
    lines.push(...unpacked(rows).map(({ line }) => line))
    faults.push(...unpacked(wrong))
  })
  return { done, drafts, faults, lines }
}
const read = (text: string, more: Parameters<typeof readBytes>[1] = {}): Promise<Got> => readBytes(Buffer.from(text), more)
/** The one row under a header, or what is wrong with it. */
async function row(header: string, cells: string, more: Parameters<typeof readBytes>[1] = {}): Promise<ContactDraft | readonly string[]> {
  const { drafts, faults } = await read(`${header}\n${cells}\n`, more)
  return drafts[0] ?? faults.map(({ column, code }) => `${column}: ${code}`)
}

describe('a table', () => {
  const table = (delimiter: string, end = '\n'): string =>
    [
      ['telefon', 'namn', 'ort'],
      ['070-174 06 12', '"Åsa\nÖberg"', `"a${delimiter}b"`],
      ['0701740613', '"Nils ""Nisse"" Ek"', ''],
    ]
      .map((cells) => cells.join(delimiter))
      .join(end)

  test.each([',', ';', '\t', '|'])('is read with %j between the cells, quoted line breaks and quotes', async (delimiter) => {
    for (const size of [7, 65_536]) {
      const { done, drafts, lines } = await read(table(delimiter), { size })
      expect(done).toMatchObject({ encoding: 'utf-8', delimiter, columns: ['ort'], rows: 2 })
      expect(drafts.map(({ phone, name, columns }) => [phone, name, columns])).toEqual([
        ['+46701740612', 'Åsa\nÖberg', { ort: `a${delimiter}b` }],
        ['+46701740613', 'Nils "Nisse" Ek', {}],
      ])
      expect(lines).toEqual([2, 4])
    }
  })

  const utf16 = (text: string, isBig: boolean): Buffer => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
    return isBig ? bytes.swap16() : bytes
  }
  test.each<[string, Uint8Array, string]>([
    ['UTF-8', Buffer.from(table(';')), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${table(';')}`), 'utf-8'],
    ['UTF-16', utf16(table(';'), false), 'utf-16le'],
    ['UTF-16, the other way round', utf16(table(';'), true), 'utf-16be'],
    ['UTF-16 without a mark', utf16(table(';'), false).subarray(2), 'utf-16le'],
    ['Latin-1', Buffer.from(table(';'), 'latin1'), 'windows-1252'],
  ])('is read in %s, however it is cut', async (_, bytes, encoding) => {
    for (const size of [1, 3, 64, 65_536]) {
      const { done, drafts } = await readBytes(bytes, { size })
      expect(done).toMatchObject({ encoding, rows: 2, bytes: bytes.length })
      expect(drafts.map(({ name }) => name)).toEqual(['Åsa\nÖberg', 'Nils "Nisse" Ek'])
    }
  })

  test('Latin-1 is told also where its first letter beyond ASCII comes late', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `070${String(1_000_000 + index)};x`).join('\n')
    const { done, drafts } = await readBytes(Buffer.from(`telefon;namn\n${rows}\n0701740612;Åsa`, 'latin1'))
    expect(done).toMatchObject({ encoding: 'windows-1252', rows: 20_001 })
    expect(drafts.at(-1)?.name).toBe('Åsa')
  })

  test.each([1, 65_536])('Latin-1 is told also where that letter is the last of all, in pieces of %d', async (size) => {
    // As UTF-8 this would be the first half of a character.
    const { done, drafts } = await readBytes(Buffer.from('telefon;namn\n0701740612;Å', 'latin1'), { size })
    expect(done).toMatchObject({ encoding: 'windows-1252', rows: 1 })
    expect(drafts[0]?.name).toBe('Å')
  })

  test('its hash is that of its bytes', async () => {
    const { done } = await read('phone\n0701740612\n', { size: 3 })
    // printf 'phone\n0701740612\n' | sha256sum
    expect(done).toMatchObject({ hash: 'a83461f6af4144e9274dae06fd90eef17249387b3c8a81f6cf61d30312a0bdde' })
  })

  test.each(['\n', '\r\n', '\r'])('rows are told by their lines after a cell of several, whatever ends them: %j', async (end) => {
    const { lines } = await read(['phone,name', '0701740612,"a\r\nb\r\nc"', '0701740613,"a\nb"', '0701740614,x'].join(end))
    expect(lines).toEqual([2, 5, 7])
  })

  test('blank lines and columns without a heading are passed over; sep= of a spreadsheet is obeyed', async () => {
    const { done, drafts, lines } = await read('sep=;\nphone;;city\n\n0701740612;x;Lund\n;;\n0701740613;;\n')
    expect(done).toMatchObject({ rows: 2, columns: ['city'] })
    expect(drafts.map(({ columns }) => columns)).toEqual([{ city: 'Lund' }, {}])
    expect(lines).toEqual([4, 6])
  })
})

describe('a file that is not taken', () => {
  test.each<[string, string | Uint8Array, Partial<FileFault>, Parameters<typeof readBytes>[1]?]>([
    ['nothing', '', { code: 'file.empty' }],
    ['a header alone', 'phone;name\n', { code: 'file.empty' }],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), { code: 'file.notCsv', line: 1 }],
    ['no column of numbers', 'name;city\nx;y\n', { code: 'header.noNumber', line: 1 }],
    ['a heading twice', 'phone;city;city\n1;2;3\n', { code: 'header.twice', line: 1, column: 3, field: 'city' }],
    ['a column mapped twice', 'a;b\n1;2\n', { code: 'mapping.twice', column: 1, field: 'a' }, { mapping: { phone: 'a', name: 'a' } }],
    ['mapped and skipped', 'a;b\n1;2\n', { code: 'mapping.twice', field: 'a' }, { mapping: { phone: 'a', skip: ['a'] } }],
    ['a column that is not there', 'a;b\n1;2\n', { code: 'mapping.unknown', field: 'c' }, { mapping: { phone: 'a', name: 'c' } }],
    [
      '101 columns of its own',
      `phone;${Array.from({ length: 101 }, (_, i) => `c${i}`).join(';')}\n1\n`,
      { code: 'file.tooManyColumns', column: 102, field: 'c100' },
    ],
    ['an encoding nobody knows', 'phone\n1\n', { code: 'encoding.unknown' }, { encoding: 'klingon' }],
    [
      'an encoding that does not fit',
      Buffer.from('phone;name\n0701740612;Åsa\n', 'latin1'),
      { code: 'encoding.wrong', line: 2 },
      { encoding: 'utf-8' },
    ],
    ['a quote never closed', 'phone;name\n0701740612;x\n0701740613;"y\n0701740614;z\n', { code: 'file.notCsv', line: 3 }],
    ['a quote inside', 'phone;name\n0701740612;x\n0701740613;y "z" y\n', { code: 'file.notCsv', line: 3, column: 2 }],
    ['a row of 10 MB', `phone;name\n0701740612;x\n0701740613;"${'y'.repeat(10_000_000)}"\n`, { code: 'file.rowTooLong', line: 3 }],
  ])('%s', async (_, file, wanted, more) => {
    const { done } = await (typeof file === 'string' ? read(file, more) : readBytes(file, more))
    expect(done).toMatchObject(wanted)
  })
})

describe('a row', () => {
  test.each<[string, string]>([
    ['070-174 06 12', '+46701740612'],
    ['+46 (0)70 174 06 12', '+46701740612'],
    ['0046701740612', '+46701740612'],
    ["'+46701740612", '+46701740612'],
    ['+1 212 555 2368', '+12125552368'],
  ])('its number %s', async (text, phone) => expect(await row('phone', text)).toMatchObject({ phone }))

  test('a number is read as the list’s country writes it', async () => {
    expect(await row('phone', '22 00 25 00', { country: 'NO' })).toMatchObject({ phone: '+4722002500', zone: 'Europe/Oslo' })
  })

  test.each<[string, string, readonly string[]]>([
    ['phone;name', ';Anna', ['phone: number.missing']],
    ['phone', 'hej', ['phone: number.invalid']],
    ['phone', '112', ['phone: number.emergency']],
    ['phone', '0900 123 45 67', ['phone: number.premium']],
    ['phone', '077 567 89 00', ['phone: number.sharedCost']],
    ['phone', '+45 32 12 34 56', ['phone: number.country']],
    ['phone;phone 2', '0701740612;112', ['phone 2: number.emergency']],
    ['phone;zone', '0701740612;Europe/Lund', ['zone: zone.unknown']],
    ['phone;zone', '0701740612;+01:00', ['zone: zone.unknown']],
    ['phone;language', '0701740612;swedish!', ['language: language.unknown']],
    ['phone;from', '0701740612;2027-02-30', ['from: date.invalid']],
    ['phone;from;to', '0701740612;2027-03-02;2027-03-01', ['to: date.order']],
    ['phone;from time;to time', '0701740612;25:00;9.60', ['from time: time.invalid', 'to time: time.invalid']],
    ['phone;from time;to time', '0701740612;12:00;09:00', ['to time: time.order']],
    ['phone;name', '0701740612;Anna;more', ['null: row.tooWide']],
    ['phone;city', `0701740612;${'x'.repeat(2_001)}`, ['city: value.tooLong']],
  ])('%s: %s', async (header, cells, wrong) => expect(await row(header, cells)).toEqual(wrong))

  test('faults are told by row, line and column, and the good ones are handed over', async () => {
    const { done, drafts, faults } = await read('phone;zone\n"0701740612\n";\n112;Europe/Lund\n0701740613;\n')
    expect(done).toMatchObject({ rows: 3 })
    expect(drafts.map(({ phone }) => phone)).toEqual(['+46701740612', '+46701740613'])
    expect(faults).toEqual([
      { row: 2, line: 4, column: 'phone', code: 'number.emergency', value: '112' },
      { row: 2, line: 4, column: 'zone', code: 'zone.unknown', value: 'Europe/Lund' },
    ])
  })

  test('the zone is its own, else its country’s if that has one, else the solution’s', async () => {
    expect(await row('phone;zone', '0701740612;America/New_York')).toMatchObject({ zone: 'America/New_York' })
    expect(await row('phone', '+47 22 00 25 00')).toMatchObject({ zone: 'Europe/Oslo' })
    expect(await row('phone', '+1 212 555 2368')).toMatchObject({ zone: 'Europe/Stockholm' })
  })

  test('days are whole days of its clock, and the hour that is skipped ends when it ends', async () => {
    expect(await row('phone;from;to', '0701740612;2027-03-28;2027-03-28')).toMatchObject({
      from: Date.parse('2027-03-27T23:00:00Z'),
      to: Date.parse('2027-03-28T22:00:00Z'),
    })
    expect(await row('phone;from;zone', '0701740612;2027-03-28;America/New_York')).toMatchObject({
      from: Date.parse('2027-03-28T04:00:00Z'),
    })
    expect(await row('phone;from', '0701740612;2027-03-28 02:30')).toMatchObject({ from: Date.parse('2027-03-28T01:30:00Z') })
    expect(await row('phone;from', '0701740612;2027-10-31 02:30')).toMatchObject({ from: Date.parse('2027-10-31T00:30:00Z') })
    expect(await row('phone;from', '0701740612;2027-03-28T02:30:00Z')).toMatchObject({ from: Date.parse('2027-03-28T02:30:00Z') })
  })

  test('hours by its own clock, from midnight or to midnight where one is left out', async () => {
    expect(await row('phone;from time;to time', '0701740612;9.30;17:00')).toMatchObject({ window: { from: '09:30', to: '17:00' } })
    expect(await row('phone;from time;to time', '0701740612;9:30;')).toMatchObject({ window: { from: '09:30', to: '24:00' } })
    expect(await row('phone;from time;to time', '0701740612;;12:00')).toMatchObject({ window: { from: '00:00', to: '12:00' } })
    expect(await row('phone;from time;to time', '0701740612;;')).toMatchObject({ window: null })
  })

  test('everything at once, mapped by hand; the same number twice is one', async () => {
    const mapping = { phone: 'A', phone2: 'B', externalId: 'C', name: 'D', language: 'E', skip: ['secret'] }
    expect(await row('A;B;C;D;E;secret;city', '0701740612;0701740612;K1;Anna;sv_SE;x;Lund', { mapping })).toEqual({
      ...{ phone: '+46701740612', phone2: null, externalId: 'K1', name: 'Anna', language: 'sv-se', zone: 'Europe/Stockholm' },
      ...{ from: null, to: null, window: null, columns: { city: 'Lund' } },
    })
  })

  test('a heading of a language’s own words does no harm', async () => {
    expect(await row('phone;__proto__;constructor', '0701740612;a;b')).toMatchObject({ phone: '+46701740612' })
    const { drafts } = await read('phone;__proto__\n0701740612;a\n')
    expect(Object.entries(drafts[0]?.columns ?? {})).toEqual([['__proto__', 'a']])
  })
})

describe('a look at a file', () => {
  test('tells encoding, delimiter, columns, first rows and what each column probably is', () => {
    const head = Buffer.from('Mobilnummer;Telefon 2;Kundnummer;Namn;Ort\n0701740612;;K1;Åsa;Lund\n0701740613;;K2;"Nils')
    expect(contactLists.look(head, LOCAL)).toEqual({
      encoding: 'utf-8',
      delimiter: ';',
      columns: ['Mobilnummer', 'Telefon 2', 'Kundnummer', 'Namn', 'Ort'],
      rows: [['0701740612', '', 'K1', 'Åsa', 'Lund']],
      mapping: { phone: 'Mobilnummer', phone2: 'Telefon 2', externalId: 'Kundnummer', name: 'Namn' },
    })
  })

  test.each<[string, readonly string[], Partial<ListMapping>]>([
    ['times of day', ['09:00;17.30', '10:00;18.00'], { fromTime: 'Ring från', toTime: 'Ring till' }],
    ['days', ['2027-03-01;2027-03-31'], { from: 'Ring från', to: 'Ring till' }],
    ['nothing yet', [';'], { from: 'Ring från', to: 'Ring till' }],
    ['a day among what is wrong: each row is told', ['i mars;', '2027-03-01;2027-03-31'], { from: 'Ring från', to: 'Ring till' }],
    ['a way of writing days that is not ours: each row is told', ['1/3 2027;31/3 2027'], { from: 'Ring från', to: 'Ring till' }],
    ['places', ['Lund;Umeå'], {}],
    ['a place, and a time', ['Lund;17:30'], { toTime: 'Ring till' }],
  ])('"Ring från" and "Ring till" are what stands below: %s', async (_, below, mapping) => {
    const text = `Telefon;Ring från;Ring till\n${below.map((cells) => `0701740612;${cells}\n`).join('')}`
    expect(contactLists.look(Buffer.from(text), LOCAL)).toMatchObject({ mapping: { phone: 'Telefon', ...mapping } })
    const looked = contactLists.look(Buffer.from(text), LOCAL)
    expect('mapping' in looked && Object.keys(looked.mapping)).toHaveLength(1 + Object.keys(mapping).length)
    // Read without being told, it is read alike.
    const told = await read(text, { mapping: { phone: 'Telefon', ...mapping } })
    expect(await read(text)).toEqual(told)
  })

  test('"Ring från" 09:00 is a time of day in which the contact is called', async () => {
    expect(await row('Telefon;Ring från;Ring till', '0701740612;09:00;12:00')).toMatchObject({
      window: { from: '09:00', to: '12:00' },
      ...{ from: null, to: null },
    })
  })

  test('two columns of times: the first of them', () => {
    const head = Buffer.from('Telefon;Tidigast;Ring från\n0701740612;09:00;10:00\n')
    expect(contactLists.look(head, LOCAL)).toMatchObject({ mapping: { phone: 'Telefon', fromTime: 'Tidigast' } })
  })

  test('twenty rows at most, and why it is none', () => {
    const looked = contactLists.look(Buffer.from(`phone\n${'0701740612\n'.repeat(30)}`), LOCAL)
    expect('rows' in looked && looked.rows.length).toBe(20)
    expect(contactLists.look(Buffer.from('PK\u0003\u0004\0\0'), LOCAL)).toMatchObject({ code: 'file.notCsv' })
    expect(contactLists.look(Buffer.from('phone;x\n1;a "b"\n'), LOCAL)).toMatchObject({ code: 'file.notCsv', line: 2 })
  })
})

describe('a file of numbers alone', () => {
  const numbersIn = async (text: string) => {
    const rows: { number: string; reason: string | null }[] = []
    const faults: RowFault[] = []
    const done = await contactLists.readNumbers(inPieces(Buffer.from(text), 64), RULES, async (some, wrong) => {
      rows.push(...some)
      faults.push(...wrong)
    })
    return { done, rows, faults }
  }

  test('by its heading, with reasons', async () => {
    const { done, rows, faults } = await numbersIn('namn;telefon;orsak\nx;0701740612;bad om det\ny;112;\nz;;\n')
    expect(done).toEqual({ rows: 3 })
    expect(rows).toEqual([{ number: '+46701740612', reason: 'bad om det' }])
    expect(faults.map(({ row: at, line, code }) => [at, line, code])).toEqual([
      [2, 3, 'number.emergency'],
      [3, 4, 'number.missing'],
    ])
  })

  test('without a header, also of one line; a premium number may be listed', async () => {
    expect(await numbersIn('0701740612\n0900 123 45 67\n')).toMatchObject({
      done: { rows: 2 },
      rows: [{ number: '+46701740612' }, { number: '+469001234567' }],
    })
    expect(await numbersIn('0701740612\n')).toMatchObject({ done: { rows: 1 }, rows: [{ number: '+46701740612', reason: null }] })
    expect((await numbersIn('')).done).toMatchObject({ code: 'file.empty' })
  })
})
