/** The command line as people run it: the real program, its words, its exit codes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { freePort, killAll, project, startProgram, takePort } from './samtal.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'samtal-cli-'))
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true, force: true })
})
const at = (name: string) => path.join(folder, name)
const start = (args: readonly string[], env: Record<string, string> = {}, input = '') => startProgram(args, { cwd: folder, env, input })
const run = (args: readonly string[], env?: Record<string, string>, input?: string) => start(args, env, input).ended

const SOLUTION = {
  name: 'Ateljén',
  numbers: { '+46846500400': { queue: 'support' } },
  queues: { support: { name: 'Support' } },
  agents: { anna: {} },
}
const solutionFile = (name: string, change: object = {}) => {
  writeFileSync(at(name), JSON.stringify({ ...SOLUTION, ...change }, null, 2))
  return at(name)
}

describe('help', () => {
  const COMMANDS = [
    'serve',
    'reload',
    'asterisk-config',
    'play',
    'export',
    'erase',
    'export-person',
    'retention',
    'rebuild-archive',
    'check-journal',
    'backup',
    'restore',
    'user',
    'contacts',
    'import-contacts',
    'pace',
  ]
  test('lists what is there', async () => {
    const { code, out } = await run(['--help'])
    expect(code).toBe(0)
    expect([...out.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => name)).toEqual(COMMANDS)
  })
  test.each(COMMANDS)('%s --help shows an example', async (name) => {
    const { code, out } = await run([name, '--help'])
    expect(code).toBe(0)
    expect(out).toMatch(new RegExp(`Example:\n {2}(?:[A-Z_]+=\\S+ )?samtal ${name}`))
  })
})

describe('used wrongly: one line, exit code 2', () => {
  test.each<[readonly string[], RegExp]>([
    [[], /samtal COMMAND/],
    [['nonsense'], /^samtal: there is no command nonsense/],
    [['serve'], /^samtal: which solution\? give --solution FILE/],
    [['serve', '--solution', 'x', '--colour'], /^samtal: Unknown option '--colour'/],
    [['serve', '--solution', 'x', '--port', 'http'], /^samtal: http is no port/],
    [['play'], /^samtal: expected FILE/],
    [['user', 'remove', 'x'], /^samtal: user remove\?/],
    [['user', 'add', 'x', '--role', 'king'], /^samtal: --role is one of/],
    [['export', '--format', 'xlsx'], /^samtal: --format is csv or ndjson/],
  ])('samtal %j', async (args, line) => {
    const { code, err } = await run(args)
    expect([code, err]).toEqual([2, expect.stringMatching(line)])
    if (args.length > 0) expect(err.trim().split('\n')).toHaveLength(1)
  })
})

describe('what stands in the way: one clear line, exit code 1', () => {
  test('DATABASE_URL', async () => {
    const { code, err } = await run(['serve', '--solution', 'x'], { DATABASE_URL: 'postgres://db' })
    expect([code, err]).toEqual([1, 'samtal: DATABASE_URL is set, but Samtal keeps its data in its data folder: unset it\n'])
  })
  test('a telephony it does not know, or Asterisk without its address', async () => {
    expect((await run(['serve', '--solution', 'x'], { TELEPHONY: 'pigeons' })).err).toBe(
      'samtal: TELEPHONY is simulated or asterisk, not pigeons\n',
    )
    expect((await run(['serve', '--solution', 'x'], { TELEPHONY: 'asterisk' })).err).toBe(
      'samtal: Asterisk needs ARI_URL, ARI_USER, ARI_PASSWORD in the environment, or ASTERISK_BIN for one that Samtal runs\n',
    )
  })
  test('a port in use', async () => {
    const { port, close } = await takePort()
    const { code, err } = await run(['serve', '--solution', solutionFile('port.json'), '--port', String(port), '--data', at('port')])
    await close()
    expect([code, err]).toEqual([1, `samtal: port ${port} is taken: stop what uses it, or choose another with --port\n`])
  })
  test('a file that is not there, and one with faults, each by line and field', async () => {
    expect((await run(['serve', '--solution', at('none.json'), '--port', '0', '--data', at('f')])).err).toMatch(
      /^samtal: .*none\.json cannot be read: ENOENT/,
    )
    const file = solutionFile('faults.json', { queues: { support: { callback: { ringSeconds: 3 } } } })
    const { code, err } = await run(['serve', '--solution', file, '--port', '0', '--data', at('f')])
    expect(code).toBe(1)
    expect(err).toMatch(/faults\.json:11:\d+: queues\.support\.callback\.ringSeconds: should be 15 or more\n$/)
  })
  test('a scenario with a fault; as JSON for programs', async () => {
    writeFileSync(at('s.json'), '{ "name": "x", "settings": {},\n "settngs": {} }')
    expect((await run(['play', at('s.json')])).err).toContain('s.json:2:2: settngs: "settngs" is not known here')
    expect(JSON.parse((await run(['play', at('s.json'), '--json'])).err)).toEqual({
      ok: false,
      errors: [{ line: 2, column: 2, field: 'settngs', message: '"settngs" is not known here' }],
    })
  })
  test('nothing runs, nothing has run', async () => {
    expect((await run(['reload', '--data', at('nobody')])).err).toMatch(/^samtal: no Samtal runs on the data folder/)
    expect((await run(['rebuild-archive', '--data', at('nobody')])).err).toMatch(/^samtal: there is no journal in/)
    expect((await run(['export', '--data', at('nobody')])).err).toMatch(/^samtal: there is no archive in/)
  })
})

describe('playing a scenario', () => {
  test('the picture of A2, and exit code 0', async () => {
    const { code, out } = await run(['play', path.join(project, 'scenarios/A2.json')])
    expect(code).toBe(0)
    expect(out).toContain('callbackReached')
    expect(out).toContain('1 unanswered call done')
  })
  test('as JSON, with the fields of the API', async () => {
    const { out } = await run(['play', path.join(project, 'scenarios/A2.json'), '--json'])
    expect(JSON.parse(out).calls).toMatchObject([
      { result: 'callbackReached', waitMs: 1_040_000, speakMs: 94_000, callerNumber: '+46701234567' },
    ])
  })
  test('what differs is told, with exit code 1', async () => {
    const text = readFileSync(path.join(project, 'scenarios/A2.json'), 'utf8').replace('"waitSeconds": 1040', '"waitSeconds": 1041')
    writeFileSync(at('A2.json'), text)
    const { code, err } = await run(['play', at('A2.json')])
    expect([code, err]).toEqual([1, expect.stringContaining('differs: ')])
  })
})

describe('accounts', () => {
  const data = at('accounts')
  const add = (args: readonly string[], password: string) => run(['user', ...args, '--data', data], {}, `${password}\n`)
  test('made, made again, given another password', async () => {
    expect(await add(['add', 'lena', '--role', 'supervisor'], 'a long password')).toMatchObject({
      code: 0,
      out: 'lena may sign in as supervisor.\n',
    })
    expect(await add(['add', 'Lena'], 'a long password')).toMatchObject({ code: 1, err: 'samtal: there is an account Lena already\n' })
    expect(await add(['passwd', 'lena', '--json'], 'another password')).toMatchObject({ code: 0, out: '{"ok":true,"name":"lena"}\n' })
    expect(await add(['passwd', 'nobody'], 'another password')).toMatchObject({ code: 1, err: 'samtal: there is no account nobody\n' })
    expect(await add(['disable', 'lena'], '')).toMatchObject({ code: 0, out: 'lena cannot sign in any more, and is signed out.\n' })
    expect(await add(['enable', 'lena'], '')).toMatchObject({ code: 0, out: 'lena may sign in again.\n' })
    expect(await add(['disable', 'nobody'], '')).toMatchObject({ code: 1, err: 'samtal: there is no account nobody\n' })
    expect(await add(['add', 'bo'], 'short')).toMatchObject({ code: 1, err: 'samtal: A password has 12 characters or more.\n' })
  })
})

describe('serving', () => {
  test('a file, signed in to, reloaded, refused a second process, ended cleanly', async () => {
    const data = at('serving')
    const file = solutionFile('serving.json')
    await run(['user', 'add', 'admin', '--role', 'administrator', '--data', data], {}, 'a long password\n')
    const port = await freePort()
    const serving = start(['serve', '--solution', file, '--port', port, '--data', data], { ARI_PASSWORD: 'secret' })
    await serving.prints(`http://127.0.0.1:${port}\n`)
    expect(serving.said.out).toContain('Samtal serves Ateljén')
    expect(serving.said.out + serving.said.err).not.toContain('secret')

    const base = `http://127.0.0.1:${port}/api/v1`
    const session = await fetch(`${base}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-samtal': '1' },
      body: JSON.stringify({ user: 'admin', password: 'a long password' }),
    })
    expect(session.status).toBe(200)
    const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? ''
    const queues = async () => {
      const { items } = (await (await fetch(`${base}/queues`, { headers: { cookie } })).json()) as { items: { name: string }[] }
      return items.map((queue) => queue.name)
    }
    expect(await queues()).toEqual(['Support'])
    expect(await (await fetch(`${base}/session/demo`)).json()).toEqual([])

    solutionFile('serving.json', { queues: { support: { name: 'Hjälp' } } })
    expect(await run(['reload', '--data', data])).toMatchObject({ code: 0, out: expect.stringContaining('Taken for new calls') })
    expect(await queues()).toEqual(['Hjälp'])
    solutionFile('serving.json', { queues: { support: { slaSeconds: 'soon' } } })
    const refused = await run(['reload', '--data', data])
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^samtal: the old solution stays:\n.*:10:\d+: queues\.support\.slaSeconds: should be a number/),
    })
    expect(await queues()).toEqual(['Hjälp'])

    const second = await run(['serve', '--solution', solutionFile('two.json'), '--port', '0', '--data', data])
    expect(second).toMatchObject({ code: 1, err: expect.stringMatching(/^samtal: another process has the data folder [^\n]*\n$/) })
    expect((await run(['rebuild-archive', '--data', data])).err).toMatch(/^samtal: another process has the data folder/)

    await fetch(`${base}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-samtal': '1' },
      body: JSON.stringify({ user: 'admin', password: 'a wrong password' }),
    })
    const token = await fetch(`${base}/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-samtal': '1', cookie },
      body: JSON.stringify({ name: 'T', scopes: ['calls.read'] }),
    })
    const { secret } = (await token.json()) as { secret: string }
    await fetch(`${base}/calls?number=%2B46701740670`, { headers: { authorization: `Bearer ${secret}` } })

    const status = async () => (await fetch(`${base}/queues`, { headers: { cookie } })).status
    expect(await run(['user', 'disable', 'admin', '--data', data])).toMatchObject({ code: 1, err: expect.stringContaining('last') })
    expect(await status()).toBe(200)
    await run(['user', 'add', 'boss', '--role', 'administrator', '--data', data], {}, 'a long password\n')
    expect((await run(['user', 'disable', 'admin', '--data', data])).code).toBe(0)
    expect(await status()).toBe(401)

    serving.child.kill('SIGTERM')
    expect((await serving.ended).code).toBe(0)
    const said = serving.said.out + serving.said.err
    for (const kept of ['a long password', 'a wrong password', secret, cookie.split('=')[1] ?? 'cookie', '1740670'])
      expect(said).not.toContain(kept)
    expect(await run(['rebuild-archive', '--data', data, '--json'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('"ok":true,"calls":0'),
    })
  }, 60_000)
})
