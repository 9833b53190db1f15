/** `samtal import-contacts` against the real program, and `samtal export --campaign` of what it brought. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CampaignImport } from '#wire/contacts.ts'
import { freePort, killAll, startProgram } from './samtal.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'samtal-import-'))
const file = (name: string, content: string): string => {
  writeFileSync(path.join(folder, name), content)
  return name
}
const SOLUTION = { name: 'A', numbers: { '+46846500400': { queue: 'support' } }, queues: { support: {} }, agents: { anna: {} } }
const PASSWORD = 'correct horse battery'
const CONTACTS = [
  'Mobil;Namn;Ort;hemligt',
  '070-174 06 12;Åsa;Lund;x',
  '0701740613;=1+1;Umeå;y',
  '112;Nils;;',
  '0701740612;Åsa igen;;',
].join('\n')

let url = ''
let env: Record<string, string> = {}
const run = (args: readonly string[], more: Record<string, string> = env) => startProgram(args, { cwd: folder, env: more }).ended
const bring = (...args: readonly string[]) => run(['import-contacts', 'spring', ...args])
const jsonOf = (out: string): CampaignImport & { readonly ok: boolean } => JSON.parse(out) as CampaignImport & { readonly ok: boolean }

beforeAll(async () => {
  file('solution.json', JSON.stringify(SOLUTION))
  file('list.csv', CONTACTS)
  await startProgram(['user', 'add', 'adam', '--role', 'administrator'], { cwd: folder, input: `${PASSWORD}\n` }).ended
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  const program = startProgram(['serve', '--solution', 'solution.json', '--port', port], { cwd: folder, env: { TELEPHONY: 'simulated' } })
  await program.prints(url)
  const headers = { 'content-type': 'application/json', 'x-samtal': '1' }
  const ask = (at: string, body: unknown, cookie = '') =>
    fetch(`${url}/api/v1/${at}`, { method: 'POST', headers: { ...headers, cookie }, body: JSON.stringify(body) })
  const cookie = (await ask('session', { user: 'adam', password: PASSWORD })).headers.get('set-cookie')?.split(';')[0] ?? ''
  expect((await ask('campaigns', { id: 'spring', name: 'Spring', mode: 'preview' }, cookie)).status).toBe(201)
  const { secret } = (await (await ask('tokens', { name: 'import', scopes: ['contacts.import'] }, cookie)).json()) as {
    readonly secret: string
  }
  env = { SAMTAL_TOKEN: secret, SAMTAL_URL: url }
}, 120_000)
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true, force: true })
})

test('a dry run tells what would come of it, each bad row with its reason, and imports nothing', async () => {
  const { code, out, err } = await bring('list.csv', '--dry-run', '--faults', 'bad.csv')
  expect([code, out, err]).toEqual([
    0,
    'Nothing imported. 4 rows: 2 new, 1 invalid, 1 twice in the file, 0 in the list already, 0 not to be called\n',
    '',
  ])
  expect(readFileSync(path.join(folder, 'bad.csv'), 'utf8')).toBe(
    "row,line,column,code,value,earlierLine,since\r\n3,4,Mobil,number.emergency,112,,\r\n4,5,,duplicateInFile,'+46701740612,2,\r\n",
  )
})

test('confirmed it is there once; sent again it is the same; exported, no cell is a formula', async () => {
  const first = await bring('list.csv', '--yes', '--json')
  expect([first.code, first.err]).toEqual([0, ''])
  expect(jsonOf(first.out)).toMatchObject({ ok: true, state: 'confirmed', how: 'add', counts: { rows: 4, added: 2 } })
  const again = await bring('list.csv', '--yes')
  expect([again.code, again.out]).toEqual([0, expect.stringMatching(/^Imported before, and nothing changed\. 4 rows: 2 new/)])
  const { code, out } = await run(['export', '--campaign', 'spring'])
  expect(code).toBe(0)
  const [header, ...rows] = out.trimEnd().split('\r\n')
  expect(header).toMatch(/^id,externalId,name,phone,.*,Ort,hemligt$/)
  expect(rows.map((row) => row.split(',').slice(2, 4))).toEqual([
    ['Åsa', "'+46701740612"],
    ["'=1+1", "'+46701740613"],
  ])
  const ndjson = await run(['export', '--campaign', 'spring', '--json', '--out', 'spring.ndjson'])
  expect(ndjson.out).toBe('the contacts of spring in spring.ndjson\n')
  const contacts = readFileSync(path.join(folder, 'spring.ndjson'), 'utf8').trimEnd().split('\n')
  expect(contacts.map((line) => (JSON.parse(line) as { columns: unknown }).columns)).toEqual([
    { Ort: 'Lund', hemligt: 'x' },
    { Ort: 'Umeå', hemligt: 'y' },
  ])
})

test('replaced, mapped by hand, with a column left out', async () => {
  const other = file('other.csv', 'A;Namn;hemligt\n0701740620;Bo;z\n')
  const refused = await bring(other, '--dry-run')
  expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/^samtal: The file cannot be read.*header\.noNumber/)])
  const { code, out } = await bring(other, '--replace', '--map', 'A=phone', '--skip', 'hemligt', '--yes')
  expect([code, out]).toEqual([0, expect.stringMatching(/^Imported\. 1 rows: 1 new/)])
  // What the columns were is remembered by the header.
  const next = await bring(file('next.csv', 'A;Namn;hemligt\n0701740621;Ada;z\n'), '--dry-run')
  expect([next.code, next.out]).toEqual([0, expect.stringMatching(/^Nothing imported\. 1 rows: 1 new/)])
  const exported = await run(['export', '--campaign', 'spring', '--json'])
  expect(
    exported.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toMatchObject([{ name: 'Bo', phone: '+46701740620', columns: {} }])
})

test.each<[readonly string[], Record<string, string> | null, number, RegExp]>([
  [['import-contacts', 'spring'], null, 2, /^samtal: expected CAMPAIGN FILE/],
  [['import-contacts', 'spring', 'list.csv'], null, 2, /^samtal: nobody is there to confirm it/],
  [['import-contacts', 'spring', 'list.csv', '--yes', '--map', 'x'], null, 2, /^samtal: --map is COLUMN=NAME/],
  [
    ['import-contacts', 'spring', 'list.csv', '--yes', '--map', 'a=phone', '--map', 'b=phone'],
    null,
    2,
    /^samtal: two columns are mapped as phone/,
  ],
  [['import-contacts', 'spring', 'list.csv', '--yes', '--delimiter', '::'], null, 2, /^samtal: --delimiter is one character/],
  [['import-contacts', 'spring', 'nowhere.csv', '--yes'], null, 1, /^samtal: nowhere\.csv cannot be read/],
  [['import-contacts', 'autumn', 'list.csv', '--yes'], null, 1, /^samtal: There is no such campaign/],
  [['import-contacts', 'spring', 'list.csv', '--yes'], {}, 2, /^samtal: which token\?/],
  [
    ['import-contacts', 'spring', 'list.csv', '--yes', '--url', 'http://127.0.0.1:1'],
    null,
    1,
    /^samtal: http:\/\/127\.0\.0\.1:1 cannot be asked/,
  ],
  [['export', '--campaign', 'autumn'], null, 1, /^samtal: the campaign autumn has no list/],
  [['export', '--campaign', 'spring', '--queue', 'support'], null, 2, /^samtal: --campaign writes all of its contacts/],
])('samtal %j', async (args, more, exit, line) => {
  const { code, err } = await run(args, more ?? env)
  expect([code, err]).toEqual([exit, expect.stringMatching(line)])
})
