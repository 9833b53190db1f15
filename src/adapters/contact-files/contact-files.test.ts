import { describe, expect, it } from 'vitest'
import type { ColumnUse, ContactFile } from '#ports/contact-files.ts'
import type { Contact, ContactDraft } from '#ports/directory.ts'
import type { Numbers } from '#ports/numbers.ts'
import { contactFiles } from './contact-files.ts'

/** Swedish numbers, enough of them to tell a good one from a bad: at least 8 digits. */
const numbers: Numbers = {
  read(text) {
    const digits = text.replace(/\D/g, '')
    const number = text.trim().startsWith('+') ? `+${digits}` : digits.startsWith('0') ? `+46${digits.slice(1)}` : digits
    return { number, country: 'SE', barred: digits.length < 8 || /[a-z]/i.test(text) ? 'invalid' : null }
  },
}

const read = async (content: string | Uint8Array, asked: Partial<ContactFile> = {}) => {
  const drafts: ContactDraft[] = []
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const result = await contactFiles.read(
    { bytes, format: null, encoding: null, delimiter: null, columns: null, ...asked },
    numbers,
    async (some) => {
      drafts.push(...some)
    },
  )
  return { ...result, drafts }
}
const anna: ContactDraft = { id: null, name: 'Anna Öberg', company: null, numbers: [{ number: '+46701740612', label: null }], fields: {} }

describe('tables', () => {
  it.each([',', ';', '\t', '|'])('finds out that %j stands between the cells', async (delimiter) => {
    const { drafts, columns, ...told } = await read(`namn${delimiter}telefon\nAnna Öberg${delimiter}070-174 06 12\n`)
    expect(drafts).toEqual([anna])
    expect(columns).toEqual([
      { heading: 'namn', as: 'name', example: 'Anna Öberg' },
      { heading: 'telefon', as: 'number', example: '070-174 06 12' },
    ])
    expect(told).toEqual({ format: 'csv', encoding: 'utf-8', delimiter, rows: 1, faultyRows: 0, broken: false, faults: [] })
  })

  describe('with columns named by hand', () => {
    const odd = 'wer;wie;ort;tel\nAnna Öberg;0701740612;Täby;mobil\n'
    it('reads each as it is said: the heading is the name of a field and the label of a number', async () => {
      const { drafts, faults } = await read(odd, { columns: ['name', 'number', 'field', 'skip'] })
      expect(faults).toEqual([])
      expect(drafts).toEqual([{ ...anna, numbers: [{ number: '+46701740612', label: 'wie' }], fields: { ort: 'Täby' } }])
    })
    it('a label belongs to the number before it', async () => {
      const { drafts } = await read(odd, { columns: ['name', 'number', 'skip', 'label'] })
      expect(drafts[0]?.numbers).toEqual([{ number: '+46701740612', label: 'mobil' }])
    })
    it.each<[string, string, readonly ColumnUse[], number | null, string]>([
      ['a column named twice', odd, ['name', 'number', 'name', 'skip'], 3, 'header.twice'],
      ['two fields of one heading', 'a;b;b;c\n1;2;3;4\n', ['name', 'field', 'field', 'number'], 3, 'header.twice'],
      ['a field without a heading', 'a;;b\n1;2;3\n', ['name', 'field', 'number'], 2, 'header.unnamed'],
      ['fewer than there are', odd, ['name', 'number'], null, 'header.columns'],
      ['no number', odd, ['name', 'field', 'field', 'field'], null, 'header.noNumber'],
      ['no name', odd, ['number', 'field', 'field', 'field'], null, 'header.noName'],
    ])('%s is refused, and the columns are told all the same', async (_, table, columns, column, reason) => {
      const found = await read(table, { columns })
      expect([found.broken, found.drafts, found.faults.map((fault) => [fault.line, fault.column, fault.reason])]).toEqual([
        true,
        [],
        [[1, column, reason]],
      ])
      expect(found.columns.map(({ heading }) => heading)).toEqual(table.split('\n')[0]?.split(';'))
    })
    it('what the headings say, said by hand, is the same', async () => {
      const table = 'Förnamn;Efternamn;Phone 1 - Label;Phone 1 - Value;Kundnummer\nAnna;Öberg;Jobb;0701740612;17\n'
      const told = await read(table)
      const again = await read(table, { columns: told.columns.map((column) => column.as) })
      expect(again.drafts).toEqual(told.drafts)
      expect(again.drafts[0]).toMatchObject({ name: 'Anna Öberg', numbers: [{ label: 'Jobb' }], fields: { Kundnummer: '17' } })
    })
  })

  it('takes a delimiter it is told, and the one a spreadsheet says on its first line', async () => {
    expect((await read('namn#telefon\nAnna Öberg#0701740612', { delimiter: '#' })).drafts).toEqual([anna])
    const said = await read('sep=;\r\nnamn;telefon\r\nAnna, Bo;0701740612\r\n;07')
    expect(said.drafts[0]?.name).toBe('Anna, Bo')
    expect(said.faults.map(({ line }) => line)).toEqual([4, 4])
  })

  const bytesOf = (text: string, code: (character: string) => readonly number[]): Uint8Array => Uint8Array.from([...text].flatMap(code))
  const text = 'namn;telefon\r\nAnna Öberg;0701740612\r\n'
  const little = (character: string) => [character.charCodeAt(0) & 255, character.charCodeAt(0) >> 8]
  const big = (character: string) => [character.charCodeAt(0) >> 8, character.charCodeAt(0) & 255]
  it.each([
    ['UTF-8 with its mark', new TextEncoder().encode(`\ufeff${text}`), 'utf-8'],
    ['windows-1252', bytesOf(text, (character) => [character.charCodeAt(0)]), 'windows-1252'],
    ['UTF-16 with its mark', bytesOf(`\ufeff${text}`, little), 'utf-16le'],
    ['UTF-16 without', bytesOf(text, little), 'utf-16le'],
    ['the other UTF-16', bytesOf(text, big), 'utf-16be'],
  ])('reads %s', async (_, bytes, encoding) => {
    const found = await read(bytes)
    expect(found.encoding).toBe(encoding)
    expect(found.drafts).toEqual([anna])
  })

  it('reads any encoding it is told, and says when there is none of that name, or the bytes are not that', async () => {
    // Ö is 0x85 in Mac OS Roman.
    const macintosh = bytesOf(text, (character) => [character === 'Ö' ? 0x85 : character.charCodeAt(0)])
    expect((await read(macintosh, { encoding: 'macintosh' })).drafts).toEqual([anna])
    expect((await read(macintosh, { encoding: 'klingon' })).faults).toMatchObject([{ line: 1, reason: 'encoding.unknown' }])
    expect((await read(macintosh, { encoding: 'utf-8' })).faults).toMatchObject([{ line: 1, reason: 'encoding.wrong' }])
  })

  it('knows the columns of common programs, and keeps the others as fields of one’s own', async () => {
    const { drafts } = await read(
      'First Name,Last Name,Organization Name,Mobile Phone,Business Phone,Business Fax,Kundnummer\nEva,Ek,Ek AB,0701740613,08-46500400,08-46500401,17\n',
    )
    expect(drafts).toEqual([
      {
        id: null,
        name: 'Eva Ek',
        company: 'Ek AB',
        numbers: [
          { number: '+46701740613', label: 'Mobile Phone' },
          { number: '+46846500400', label: 'Business Phone' },
        ],
        fields: { 'Business Fax': '08-46500401', Kundnummer: '17' },
      },
    ])
  })

  it('a number’s label stands in a column of its own, by its count', async () => {
    const head = 'Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value'
    const { drafts } = await read(`${head}\nAnna,Mobile,0701740612,Work,08-46500400\n`)
    expect(drafts[0]?.numbers).toEqual([
      { number: '+46701740612', label: 'Mobile' },
      { number: '+46846500400', label: 'Work' },
    ])
  })

  it('a company without a person is a contact by its own name', async () =>
    expect((await read('namn;företag;telefon\n;Ek AB;0701740613\n')).drafts[0]).toMatchObject({ name: 'Ek AB', company: 'Ek AB' }))

  it('says line and column of everything that is wrong, and takes the good rows', async () => {
    const rows = [
      'namn;telefon;mobil',
      'Anna;123;0701740612',
      '',
      ';;0701740613',
      '"Bo',
      'Ek";0701740614;x',
      'Eva;;',
      `${'x'.repeat(201)};0701740615;`,
      'Nils;0701740616;;9',
    ]
    const { faults, drafts, rows: count, faultyRows } = await read(rows.join('\n'))
    expect(faults).toEqual([
      { line: 2, column: 2, field: 'telefon', reason: 'number.invalid' },
      { line: 4, column: 1, field: 'namn', reason: 'name.missing' },
      { line: 5, column: 3, field: 'mobil', reason: 'number.invalid' },
      { line: 7, column: null, field: null, reason: 'number.missing' },
      { line: 8, column: 1, field: 'namn', reason: 'value.tooLong' },
      { line: 9, column: 4, field: null, reason: 'row.tooWide' },
    ])
    expect([count, faultyRows, drafts]).toEqual([6, 6, []])
  })

  it.each([
    ['an unclosed quote', 'namn,telefon\nAnna,0701740612\nBo,"0701740613\nEva,0701740614\n', { line: 3, column: 2 }],
    ['a quote in the middle', 'namn,telefon\nBo "B" Ek,0701740613\n', { line: 2, column: 1 }],
    ['text after a quote', 'namn,telefon\n"Bo"x,0701740613\n', { line: 2, column: 1 }],
  ])('%s ends the reading, and says where', async (_, content, place) => {
    const { faults, broken } = await read(content)
    expect(faults).toEqual([{ ...place, field: null, reason: 'row.quote' }])
    expect(broken).toBe(true)
  })

  it.each([
    ['namn;ort\nAnna;Täby', 'header.noNumber'],
    ['ort;telefon\nTäby;0701740612', 'header.noName'],
    ['', 'file.empty'],
    ['namn;telefon\n', 'file.empty'],
  ])('%j is no table of contacts: %s', async (content, reason) => {
    expect(await read(content)).toMatchObject({ broken: true, drafts: [], faults: [{ line: 1, reason }] })
  })

  it('reads a long file in pieces without losing a row', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => `Någon ${index};0701${String(100_000 + index)}`)
    const { drafts } = await read(`namn;telefon\r\n${rows.join('\r\n')}`)
    expect(drafts.map(({ name }) => name)).toEqual(rows.map((row) => row.split(';')[0]))
  })
})

describe('vCards', () => {
  const card = (version: string, ...lines: readonly string[]) =>
    ['BEGIN:VCARD', `VERSION:${version}`, ...lines, 'END:VCARD', ''].join('\r\n')

  it('reads 3.0', async () => {
    const text = card(
      '3.0',
      'N:Öberg;Anna;;;',
      'FN:Anna Öberg',
      'ORG:Ek AB;Sälj',
      'TEL;TYPE=CELL,VOICE:070-174 06 12',
      'TEL;TYPE=WORK,FAX:08-46500401',
    )
    const { drafts, format } = await read(text)
    expect(format).toBe('vcard')
    expect(drafts).toEqual([{ ...anna, company: 'Ek AB, Sälj', numbers: [{ number: '+46701740612', label: 'mobile' }] }])
  })

  it('reads 4.0, folded lines, escapes and a number that is an address', async () => {
    const text = card(
      '4.0',
      'FN:Anna Ö',
      ' berg',
      'TEL;VALUE=uri;TYPE="voice,work":tel:+46-70-174-06-12;ext=5',
      'NOTE:ring\\, helst\\nsent',
      'ADR:;;Storgatan 1;Täby;;183 30;',
    )
    expect((await read(text)).drafts).toEqual([
      {
        ...anna,
        numbers: [{ number: '+46701740612', label: 'work' }],
        fields: { note: 'ring, helst\nsent', address: 'Storgatan 1, Täby, 183 30' },
      },
    ])
  })

  it('reads labels as Apple writes them, names in parts, and several cards', async () => {
    const text =
      card('3.0', 'N:Ek;Eva;Maria;;', 'item1.TEL:0701740613', 'item1.X-ABLabel:_$!<Sommarstuga>!$_') +
      card('4.0', 'FN:Bo', 'TEL;CELL:0701740614')
    expect((await read(text)).drafts.map(({ name, numbers: [number] }) => [name, number?.label])).toEqual([
      ['Eva Maria Ek', 'Sommarstuga'],
      ['Bo', 'mobile'],
    ])
  })

  it('says line and place of what is wrong, and takes the good cards', async () => {
    const text = [
      card('2.1', 'FN:Old', 'TEL:0701740612'),
      card('4.0', 'FN:Bad number', 'TEL;TYPE=work:12'),
      card('4.0', 'FN:No colon', 'TEL 0701740612'),
      card('4.0', 'FN:Good', 'TEL:0701740612'),
      'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Unfinished\r\n',
    ].join('')
    const { faults, drafts, rows, faultyRows, broken } = await read(text)
    expect(faults).toEqual([
      { line: 2, column: 9, field: 'VERSION', reason: 'vcard.version' },
      { line: 9, column: 15, field: 'TEL', reason: 'number.invalid' },
      { line: 14, column: 1, field: null, reason: 'vcard.line' },
      { line: 21, column: null, field: 'BEGIN', reason: 'vcard.unfinished' },
    ])
    expect(drafts.map(({ name }) => name)).toEqual(['Good'])
    expect([rows, faultyRows, broken]).toEqual([5, 4, false])
  })
})

describe('what is written is read as the same', () => {
  const contact: Contact = {
    id: 'x1',
    name: 'Öberg; "Anna", =1+1',
    company: '-Ek AB',
    numbers: [
      { number: '+46701740612', label: 'mobile' },
      { number: '+46846500400', label: 'Stugan, "lilla"' },
      { number: '+46846500401', label: null },
    ],
    fields: { 'kund;nummer': '=SUM(1)', swedish: 'a;=1+1;\t@x\n＝2', note: `två\nrader ${'å'.repeat(90)}` },
    revision: 3,
    changedAt: 0,
  }
  const { revision: _, changedAt: __, ...draft } = contact

  it.each(['csv', 'vcard'] as const)('as %s', async (format) => {
    const { head, contact: line } = contactFiles.write(format, { fields: ['kund;nummer', 'swedish', 'note'], numbersMax: 3 })
    const text = head + line(contact)
    expect((await read(text)).drafts).toEqual([draft])
    for (const part of text.split('\r\n')) if (format === 'vcard') expect(Buffer.byteLength(part)).toBeLessThanOrEqual(75)
    // No cell is taken for a formula.
    if (format === 'csv') expect(text).not.toMatch(/(?:^|[;\t\n"]) *[=@＝]|,=/mu)
  })
})
