/**
 * README, "From a SIP trunk to the first call", walked step by step as it is written: its file and its commands are read from there.
 * sipp plays the provider. Only addresses, ports and the provider's password are this machine's.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { asteriskBinary } from '../../scripts/fetch-tools.ts'
import { freePort, noSipp } from './network.ts'
import { BrowserPhone } from './register.ts'
import { SpeechEnd } from './rtp.ts'
import { type Api, apiOn, untilServing } from './serving.ts'
import { caller, provider, Sipp } from './sipp.ts'
import { until } from './until.ts'

const project = join(import.meta.dirname, '../..')
const password = 'a long enough password'
const providerPassword = 'pass;word'

/** The section of the README: its JSON file, and its commands. */
const section = /## From a SIP trunk to the first call\n([\s\S]*?)\n## /.exec(readFileSync(join(project, 'README.md'), 'utf8'))?.[1] ?? ''
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(section)?.[1] ?? ''
const commands = block('sh').trim().split('\n')

interface Reach {
  readonly phones: Readonly<Record<string, string>>
}

interface SeenCall {
  readonly id: string
  readonly result: string
  readonly callerNumber: string | null
  readonly endedAt: string | null
  readonly events: readonly { readonly kind: string; readonly agents?: readonly string[] }[]
}

/** Its words, each ended by a null; empty where it is gone meanwhile. */
const commandOf = (processId: string): string => {
  try {
    return readFileSync(`/proc/${processId}/cmdline`, 'utf8')
  } catch (error) {
    if (existsSync(`/proc/${processId}`)) throw error
    return ''
  }
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
/** RFC 7616: what the answer to a challenge must be with this password. */
const isRightAnswer = (authorization: string, method: string, secret: string): boolean => {
  const field = (name: string): string => new RegExp(`[ ,]${name}="?([^",]*)"?`).exec(authorization)?.[1] ?? ''
  const [who, what] = [md5(`${field('username')}:${field('realm')}:${secret}`), md5(`${method}:${field('uri')}`)]
  return field('response') === md5([who, field('nonce'), field('nc'), field('cnonce'), field('qop'), what].join(':'))
}

const suite = 'from a SIP trunk to the first call'

describe.skipIf(noSipp(suite))(suite, () => {
  let folder: string
  let env: NodeJS.ProcessEnv
  let port: number
  let sipPort: number
  let trunk: Sipp
  let serving: ChildProcess
  let said = (): string => ''
  let api: Api
  const ends: SpeechEnd[] = []

  /** One command as somebody types it; `npx samtal` is the program of this tree. */
  const types = (command: string): ChildProcess => spawn('sh', ['-c', `exec ${command}`], { cwd: folder, env })
  const does = (command: string, input: string): Promise<number | null> =>
    new Promise((resolve) => {
      const child = types(command)
      child.once('exit', resolve)
      child.stdin?.end(`${input}\n`)
    })
  const ready = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status === 200
  /** The process ids of our Asterisk: of the server alone, not of the short-lived consoles that tell it something (`-rx`). */
  const asterisks = (): readonly number[] => {
    const server = `-n\0-C\0${join(folder, 'data/asterisk/etc/asterisk.conf')}\0`
    return readdirSync('/proc').flatMap((id) => (/^\d+$/.test(id) && commandOf(id).includes(server) ? [Number(id)] : []))
  }
  const serve = async (): Promise<void> => {
    serving = types(commands.at(-1) ?? '')
    said = await untilServing(serving)
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'samtal-first-'))
    const asterisk = asteriskBinary()
    if (asterisk.path === null) throw new Error(asterisk.reason)
    const [trunkPort, callerPort] = [await freePort(), await freePort()]
    ;[port, sipPort] = [await freePort(), await freePort()]
    api = apiOn(port)
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin/npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(project, 'bin/samtal.mjs')}" "$@"\n`)
    chmodSync(join(folder, 'bin/npx'), 0o755)
    const rtpFrom = 20_000 + 2 * (sipPort % 10_000)
    env = {
      PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      PORT: String(port),
      SIP_ADDRESS: '127.0.0.1',
      SIP_PORT: String(sipPort),
      ASTERISK_HTTP_PORT: String(await freePort()),
      RTP_PORTS: `${rtpFrom}-${rtpFrom + 400}`,
      CALLER_PORT: String(callerPort),
    }
    writeFileSync(join(folder, 'centre.json'), block('json').replace('sip.example.net', '127.0.0.1').replace('5060', String(trunkPort)))
    const mobile = await SpeechEnd.open(1130)
    ends.push(mobile)
    trunk = new Sipp(folder, 'trunk', provider('provider', 300, mobile.port), trunkPort, { calls: 1000 })
    for (const command of commands) {
      const [, name, value] = /^export (\w+)=(.*)$/.exec(command) ?? []
      const own: Readonly<Record<string, string>> = {
        ASTERISK_BIN: asterisk.path,
        CARRIER_PASSWORD: providerPassword,
        SAMTAL_DATA: join(folder, 'data'),
      }
      if (name !== undefined) env = { ...env, [name]: own[name] ?? value }
      else if (command.includes(' user add ')) expect(await does(command, password)).toBe(0)
    }
    await serve()
  }, 60_000)
  afterAll(async () => {
    const gone = new Promise((resolve) => serving.once('exit', resolve))
    serving.kill('SIGTERM')
    await gone
    trunk.kill()
    for (const end of ends) end.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('the section is what this test believes it to be', () => {
    expect(commands.filter((command) => command.startsWith('npx samtal '))).toHaveLength(3)
    expect(commands.at(-1)).toBe('npx samtal serve --solution centre.json')
  })

  test('we register with the provider, with the password of the environment', async () => {
    const answers = await until('a registration with an answer to the challenge', () => {
      const found = trunk.log().filter(({ sent, what, text }) => !sent && what === 'REGISTER' && text.includes('Authorization:'))
      return found.length > 0 && found
    })
    const authorization = /^Authorization: (.*)$/m.exec(answers[0]?.text ?? '')?.[1] ?? ''
    expect(authorization).toContain('username="46850000000"')
    expect(isRightAnswer(authorization, 'REGISTER', providerPassword)).toBe(true)
    expect(isRightAnswer(authorization, 'REGISTER', 'password')).toBe(false)
  })

  test('Bo logs on, the number is called, his mobile rings, they talk, and the archive holds it', async () => {
    await api.ask('POST', '/session', { user: 'bo', password })
    await api.ask('PUT', '/agents/bo/state', { state: 'loggedOn' })
    const customer = await SpeechEnd.open(440)
    ends.push(customer)
    const [mobile] = ends
    const calling = new Sipp(
      folder,
      'caller',
      caller('+46701740611', '46850000000', customer.port, [{ pauseMs: 5000 }, { hangUp: true }]),
      Number(env['CALLER_PORT']),
      {
        target: sipPort,
      },
    )
    customer.speak(await until('where the caller speaks', () => calling.speechPort()))
    const invited = await until('the mobile rings', () => trunk.log().find(({ sent, what }) => !sent && what === 'INVITE'))
    expect(invited.text).toMatch(/^INVITE sip:\+46701740610@/)
    mobile?.speak(Number(/m=audio (\d+)/.exec(invited.text)?.[1]))
    await until('they hear each other', () => customer.hearsNow().includes(1130) && mobile?.hearsNow().includes(440))
    expect(await calling.done).toBe(0)
    const call = await until('the call is in the archive', async () => {
      const { items } = await api.ask<{ readonly items: readonly { readonly id: string }[] }>('GET', '/calls')
      const seen = items[0] === undefined ? undefined : await api.ask<SeenCall>('GET', `/calls/${items[0].id}`)
      return seen?.endedAt === null ? undefined : seen
    })
    expect(call).toMatchObject({ result: 'answered', callerNumber: '+46701740611' })
    expect(call.events.map(({ kind }) => kind)).toEqual(['queue', 'conversation'])
    expect(call.events.at(-1)?.agents).toEqual(['bo'])
  })

  test('Anna’s browser registers through our own server, signed in; nobody else gets through', async () => {
    const reach = JSON.parse(readFileSync(join(folder, 'data/asterisk/samtal.json'), 'utf8')) as {
      readonly phones: Readonly<Record<string, string>>
    }
    // Closed without an answer it is opened anew, as a page does.
    const registers = (path: string, headers: Readonly<Record<string, string>>, secret: string): Promise<string> =>
      until('it is answered', async () => {
        const phone = new BrowserPhone(new WebSocket(`ws://127.0.0.1:${port}${path}`, 'sip', { headers }), 'anna', secret)
        const status = await phone.registered
        phone.close()
        return status !== 'closed' && status !== 'silent' && status
      })
    const secret = reach.phones['anna'] ?? ''
    await api.ask('POST', '/session', { user: 'anna', password })
    const cookie = api.cookie()
    expect(await registers('/phone', { cookie }, secret)).toBe('200')
    expect(await registers('/phone', { cookie }, 'wrong')).toBe('401')
    expect(await registers('/phone', {}, secret)).toBe('refused')
    expect(await registers('/elsewhere', { cookie }, secret)).toBe('refused')
    expect(await registers('/phone', { cookie, host: 'attacker.example' }, secret)).toBe('refused')
  })

  test('another agent after samtal reload: her phone registers without Asterisk having been started again', async () => {
    const [running] = asterisks()
    const file = join(folder, 'centre.json')
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, before.replace('"anna":', '"cilla": {}, "anna":'))
    expect(await does('npx samtal reload', '')).toBe(0)
    const { phones } = JSON.parse(readFileSync(join(folder, 'data/asterisk/samtal.json'), 'utf8')) as Reach
    await until('Asterisk knows her', async () => {
      const phone = new BrowserPhone(
        new WebSocket(`ws://127.0.0.1:${port}/phone`, 'sip', { headers: { cookie: api.cookie() } }),
        'cilla',
        phones['cilla'] ?? '',
      )
      const status = await phone.registered
      phone.close()
      return status === '200'
    })
    expect(asterisks()).toEqual([running])
    writeFileSync(file, before.replace('CARRIER_PASSWORD', 'ANOTHER'))
    expect(await does('npx samtal reload', '')).toBe(1)
    writeFileSync(file, before)
  })

  test('Asterisk dies: it is started again, and Samtal is ready again', async () => {
    const [first] = asterisks()
    process.kill(first ?? 0, 'SIGKILL')
    await until('another runs', () => asterisks().some((id) => id !== first))
    await until('Samtal is ready', ready)
    expect(said()).toContain('it is started again in')
  })

  test('Samtal is killed: its Asterisk dies with it', async () => {
    expect(asterisks()).toHaveLength(1)
    serving.kill('SIGKILL')
    await until('no Asterisk is left', () => asterisks().length === 0)
    await serve()
    await until('Samtal is ready', ready)
  })
})
