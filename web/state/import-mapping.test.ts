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
  const csv = '\uFEFFrow,line,column,code\r\n3,4,Mobil,number.invalid\r\n9,12,"Ring, från",time.invalid\r\n20,24,,row.duplicateInFile\r\n'
  it('are read from the server’s file, no more than asked for', () => {
    expect(reasonRows(csv, 2)).toEqual([
      { line: 4, column: 'Mobil', code: 'number.invalid' },
      { line: 12, column: 'Ring, från', code: 'time.invalid' },
    ])
    expect(reasonRows(csv, 9).at(-1)).toEqual({ line: 24, column: '', code: 'row.duplicateInFile' })
  })
})
