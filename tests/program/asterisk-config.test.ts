/** `samtal asterisk-config` as somebody runs it, and `samtal serve` with an Asterisk that cannot be had. No Asterisk is needed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { freePort, killAll, startProgram } from './samtal.ts'

const folders: string[] = []
let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'samtal-config-'))
  folders.push(folder)
})
afterAll(() => {
  killAll()
  for (const one of folders) rmSync(one, { recursive: true, force: true })
})

const centre = (trunk: object): void =>
  writeFileSync(
    path.join(folder, 'centre.json'),
    JSON.stringify({
      name: 'My centre',
      numbers: { '+46850000000': { hangUp: true } },
      agents: { anna: {} },
      trunks: { carrier: trunk },
    }),
  )
const written = { host: 'sip.example.net', account: { user: 'u1', passwordEnv: 'CARRIER' } }
const run = (args: readonly string[], env: Record<string, string> = {}) => startProgram(args, { cwd: folder, env }).ended
const configure = (env: Record<string, string> = {}) => run(['asterisk-config', '--solution', 'centre.json', '--out', 'out', '--json'], env)

test('the files are written, and what to do next is said', async () => {
  centre(written)
  const { code, out } = await configure({ CARRIER: 'secret' })
  expect(code).toBe(0)
  const place = path.join(folder, 'out')
  expect(JSON.parse(out)).toEqual({
    ok: true,
    folder: place,
    trunks: ['carrier'],
    phones: ['anna'],
    start: `asterisk -f -C ${place}/etc/asterisk.conf`,
  })
  expect(readFileSync(path.join(place, 'etc/pjsip.conf'), 'utf8')).toContain('password=secret\n')
  expect(out).not.toContain('secret')
})

test('a trunk it cannot serve is refused with line and field, and nothing is written', async () => {
  centre(written)
  const { code, err } = await configure()
  expect(code).toBe(1)
  expect(JSON.parse(err)).toMatchObject({
    ok: false,
    errors: [{ line: 1, field: 'trunks.carrier.account.passwordEnv', message: 'the environment has no CARRIER' }],
  })
  expect(() => readFileSync(path.join(folder, 'out/samtal.json'))).toThrow('ENOENT')
})

test('a password in the file is refused by its name, as serve refuses it', async () => {
  centre({ host: 'sip.example.net', account: { user: 'u1', password: 'secret' } })
  for (const { code, err } of [await configure(), await run(['serve', '--solution', 'centre.json'])]) {
    expect(code).toBe(1)
    expect(err).toContain('trunks.carrier.account.password')
    expect(err).toContain('\\"password\\" is not known here'.replaceAll('\\"', err.startsWith('{') ? '\\"' : '"'))
  }
})

test.each([
  [['--out', 'out'], 'which solution? give --solution FILE'],
  [['--solution', 'centre.json'], 'where to? give --out FOLDER'],
])('used wrongly: %o', async (args, sentence) => {
  const { code, err } = await run(['asterisk-config', ...args])
  expect([code, err]).toEqual([2, `samtal: ${sentence}\n`])
})

test('serve refuses the same trunk with the same words before it starts anything', async () => {
  centre(written)
  const { code, err } = await run(['serve', '--solution', 'centre.json'], { ASTERISK_BIN: '/no/such/asterisk', PORT: await freePort() })
  expect(code).toBe(1)
  expect(err).toContain('centre.json cannot be served by Asterisk:\ncentre.json:1:')
  expect(err).toContain('trunks.carrier.account.passwordEnv: the environment has no CARRIER')
})

test('with a program that is not there it serves, degraded: one line says so, and the health page', async () => {
  centre({ host: '127.0.0.1' })
  const port = await freePort()
  const env = { ASTERISK_BIN: '/no/such/asterisk', PORT: port, SIP_ADDRESS: '127.0.0.1', ASTERISK_HTTP_PORT: await freePort() }
  const program = startProgram(['serve', '--solution', 'centre.json'], { cwd: folder, env })
  await program.prints('http://')
  expect(program.said.err).toContain('Asterisk (/no/such/asterisk) ')
  expect(program.said.err).toContain('it is started again in')
  const ready = await fetch(`http://127.0.0.1:${port}/health/ready`)
  expect([ready.status, await ready.json()]).toMatchObject([503, { ready: false }])
  program.child.kill('SIGTERM')
  expect((await program.ended).code).toBe(0)
})
