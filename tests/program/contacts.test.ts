/** `samtal contacts` as people run it: the real program, its words, its exit codes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { killAll, startProgram } from './samtal.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'samtal-contacts-'))
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true, force: true })
})
const file = (name: string, content: string): string => {
  writeFileSync(path.join(folder, name), content)
  return name
}
const run = (...args: readonly string[]) => startProgram(['contacts', ...args], { cwd: folder }).ended
const SOLUTION = ['--solution', 'solution.json']
file(
  'solution.json',
  JSON.stringify({ name: 'A', numbers: { '+46846500400': { queue: 'support' } }, queues: { support: {} }, agents: { anna: {} } }),
)
file('good.csv', 'namn;telefon\nÅsa Öberg;070-174 06 30\nNils;0701740631\n')
file('bad.csv', 'namn;telefon\nÅsa Öberg;070-174 06 30\nNils;hej\n')

test('faults are told by line and column, and nothing is imported', async () => {
  const { code, out, err } = await run('import', 'bad.csv', ...SOLUTION)
  expect([code, out, err]).toEqual([
    1,
    'Nothing imported. 2 rows: 1 new, 0 changed, 0 there already, 1 not taken\n',
    'bad.csv:3:2: telefon: this is no telephone number\n',
  ])
})

test('a dry run says what would come of it', async () => {
  const { code, out } = await run('import', 'good.csv', '--dry-run', ...SOLUTION)
  expect([code, out]).toEqual([
    0,
    'Columns: namn = name, telefon = number\nNothing imported. 2 rows: 2 new, 0 changed, 0 there already, 0 not taken\n',
  ])
})

test('columns are named by hand; the same said of two is told by its place', async () => {
  file('odd.csv', 'wer;wie\nOda;0701740633\n')
  expect((await run('import', 'odd.csv', '--dry-run', ...SOLUTION)).code).toBe(1)
  const named = await run('import', 'odd.csv', '--dry-run', '--columns', 'name,number', ...SOLUTION)
  expect([named.code, named.out.split('\n')[0]]).toEqual([0, 'Columns: wer = name, wie = number'])
  const twice = await run('import', 'odd.csv', '--columns', 'name,name', ...SOLUTION)
  expect([twice.code, twice.err]).toEqual([1, 'odd.csv:1:2: wie: this is said of two columns\n'])
})

test('imported, it is there once; exported, it is imported as the same', async () => {
  expect((await run('import', 'good.csv', ...SOLUTION)).out).toBe('Imported. 2 rows: 2 new, 0 changed, 0 there already, 0 not taken\n')
  const again = await run('import', 'good.csv', '--json', ...SOLUTION)
  expect(JSON.parse(again.out)).toMatchObject({ ok: true, rows: 2, added: 0, unchanged: 2, written: true })
  for (const name of ['out.csv', 'out.vcf']) {
    expect(await run('export', name)).toMatchObject({ code: 0, out: `2 contacts in ${name}\n` })
    expect(readFileSync(path.join(folder, name), 'utf8')).toContain('Åsa Öberg')
    expect((await run('import', name, ...SOLUTION)).out).toBe('Imported. 2 rows: 0 new, 0 changed, 2 there already, 0 not taken\n')
  }
})

test.each<[readonly string[], number, RegExp]>([
  [['sort', 'x'], 2, /^samtal: contacts sort\?/],
  [['import', 'good.csv', '--format', 'xlsx'], 2, /^samtal: --format is csv or vcard/],
  [['import', 'good.csv', '--delimiter', '::'], 2, /^samtal: --delimiter is one character/],
  [['import', 'good.csv', '--columns', 'name,phone'], 2, /^samtal: --columns: phone is none of name, given/],
  [['import'], 2, /^samtal: expected import\|export FILE/],
  [['import', 'nowhere.csv', ...SOLUTION], 1, /^samtal: nowhere\.csv cannot be read/],
  [['import', 'good.csv', '--data', 'nothing'], 1, /^samtal: nothing has run on .*nothing yet/],
])('samtal contacts %j', async (args, exit, line) => {
  const { code, err } = await run(...args)
  expect([code, err]).toEqual([exit, expect.stringMatching(line)])
  expect(err.trim().split('\n')).toHaveLength(1)
  expect(existsSync(path.join(folder, 'good.csv'))).toBe(true)
})
