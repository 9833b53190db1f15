import { describe, expect, it } from 'vitest'
import { mappingOf, rolesOf } from './import-mapping.ts'
import { reasonRows } from './import-reasons.ts'

const columns = ['Mobil', 'Namn', 'Ort', 'Intern']

describe('what the columns of a file are', () => {
  it('begins with what the server takes them for; the others are the list’s own', () =>
    expect(rolesOf({ columns, mapping: { phone: 'Mobil', name: 'Namn', skip: ['Intern'] } })).toEqual(['phone', 'name', 'own', 'skip']))

  it('is told by headings, without those that are the list’s own', () =>
    expect(mappingOf(columns, ['phone', 'name', 'own', 'skip'])).toEqual({ phone: 'Mobil', name: 'Namn', skip: ['Intern'] }))

  it('is refused without a number, and with a field that two columns are', () => {
    expect(mappingOf(columns, ['own', 'name', 'own', 'own'])).toEqual({ wrong: 'noPhone' })
    expect(mappingOf(columns, ['phone', 'name', 'name', 'own'])).toEqual({ wrong: 'twice', field: 'name' })
  })
})

describe('the rows that are not taken', () => {
  const csv = [
    '\uFEFFrow,line,column,code,value,earlierLine,since',
    '3,4,Mobil,number.invalid,07 0,,',
    '9,12,"Ring, från",time.invalid,"halv, nio",,',
    "20,24,,duplicateInFile,'+46701740612,7,",
    "21,25,,duplicateInList,'+46701740613,,2026-11-20T08:15:00.000Z",
    '',
  ].join('\r\n')
  it('are read from the server’s file, no more than asked for', () => {
    expect(reasonRows(csv, 2)).toEqual([
      { line: 4, column: 'Mobil', code: 'number.invalid', value: '07 0', earlierLine: null, since: null },
      { line: 12, column: 'Ring, från', code: 'time.invalid', value: 'halv, nio', earlierLine: null, since: null },
    ])
    expect(reasonRows(csv, 9).slice(2)).toEqual([
      { line: 24, column: '', code: 'duplicateInFile', value: '+46701740612', earlierLine: 7, since: null },
      { line: 25, column: '', code: 'duplicateInList', value: '+46701740613', earlierLine: null, since: Date.UTC(2026, 10, 20, 8, 15) },
    ])
  })
})
