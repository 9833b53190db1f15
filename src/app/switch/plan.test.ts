import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSolution, type SolutionRead } from '../solution.ts'
import { switchPlan } from './plan.ts'
import { switchSettings } from './settings.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plan-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const kitOf = (text: string): SolutionRead => {
  const read = readSolution(text, { personOf: (number) => number })
  if ('errors' in read) throw new Error(JSON.stringify(read.errors))
  return read
}
/** A file of one row for each of `rows`, below a first row with the name and above a last one with a number. */
const fileOf = (...rows: readonly string[]): string =>
  `{ "name": "x",\n${rows.map((row) => `${row},\n`).join('')}"numbers": { "+46850000000": { "hangUp": true } } }`
const planOf = (text: string, env: Readonly<Record<string, string>> = {}) => switchPlan(kitOf(text), env, switchSettings(env))
const faults = (text: string, env: Readonly<Record<string, string>> = {}) => {
  const plan = planOf(text, env)
  return 'errors' in plan ? plan.errors.map(({ line, field, message }) => `${line} ${field}: ${message}`) : []
}
const served = (text: string, env: Readonly<Record<string, string>> = {}) => {
  const plan = planOf(text, env)
  if ('errors' in plan) throw new Error(JSON.stringify(plan.errors))
  return plan
}
const plain = '"trunks": { "carrier": { "host": "sip.example.net" } }'
const account = (more: string): string => `"trunks": { "carrier": { "host": "sip.example.net", "account": { "user": "u1"${more} } } }`

describe('trunks', () => {
  test('what is left out has its default; the password is the environment’s', () => {
    expect(served(fileOf(account(', "passwordEnv": "CARRIER"')), { CARRIER: 'p;1' }).trunks).toEqual([
      {
        name: 'carrier',
        id: 'carrier',
        host: 'sip.example.net',
        port: 5060,
        transport: 'udp',
        qualifySeconds: 30,
        account: { user: 'u1', password: 'p;1', register: true },
      },
    ])
  })
  test('or a file’s, without its last line break', () => {
    const file = path.join(folder, 'secret')
    writeFileSync(file, 'from a file\n')
    const [trunk] = served(fileOf(account(`, "register": false, "passwordFile": "${file}"`))).trunks
    expect(trunk?.account).toEqual({ user: 'u1', password: 'from a file', register: false })
  })
  test('over TLS it has another port; speech is encrypted where that is asked, and only there', () => {
    const secure = '"trunks": { "carrier": { "host": "sip.example.net", "transport": "tls", "srtp": true } }'
    expect(served(fileOf(secure)).trunks).toEqual([
      { name: 'carrier', id: 'carrier', host: 'sip.example.net', port: 5061, transport: 'tls', srtp: true, qualifySeconds: 30 },
    ])
    expect(faults(fileOf(secure.replace('"tls"', '"tcp"')))).toEqual([
      '2 trunks.carrier.srtp: needs "transport": "tls": its keys are told by SIP',
    ])
  })
  test.each([
    [
      'no trunk at all: the one taken for granted has no address',
      fileOf('"language": "en"'),
      '1 trunks.main: has no "host": the provider’s SIP server is needed',
    ],
    [
      'no host',
      fileOf('"trunks": {', '"carrier": { "port": 5062 } }').replace('{,', '{'),
      '3 trunks.carrier: has no "host": the provider’s SIP server is needed',
    ],
    [
      'a password that is not there',
      fileOf(account(', "passwordEnv": "CARRIER"')),
      '2 trunks.carrier.account.passwordEnv: the environment has no CARRIER',
    ],
    [
      'a file that is not there',
      fileOf(account(', "passwordFile": "/no/such"')),
      '2 trunks.carrier.account.passwordFile: the file /no/such cannot be read',
    ],
    ['no word of a password', fileOf(account('')), '2 trunks.carrier.account: needs exactly one of passwordEnv and passwordFile'],
    [
      'two of them',
      fileOf(account(', "passwordEnv": "A", "passwordFile": "/b"')),
      '2 trunks.carrier.account: needs exactly one of passwordEnv and passwordFile',
    ],
    [
      'a name Asterisk cannot hold',
      fileOf('"trunks": { "carrier": { "host": "sip.example.net", "endpoint": "a,b" } }'),
      '2 trunks.carrier.endpoint: should hold letters, digits, dots, hyphens and underscores only',
    ],
  ])('%s', (_, text, fault) => expect(faults(text)).toEqual([fault]))
  test('a password with a line break in it would be a line of configuration', () => {
    expect(faults(fileOf(account(', "passwordEnv": "CARRIER"')), { CARRIER: 'a\nb=c' })[0]).toContain('holds what no SIP password can')
  })
})

describe('phones', () => {
  test('a phone in the browser and a registered one are Asterisk’s; a telephone number is rung over a trunk', () => {
    const agents = '"agents": { "anna": {}, "bo": { "phone": { "sip": "bo7" } }, "cilla": { "phone": { "number": "+46701740610" } } }'
    expect(served(fileOf(plain, agents)).phones).toEqual([
      { account: 'anna', kind: 'web' },
      { account: 'bo7', kind: 'sip' },
    ])
  })
  test('one name for two: refused where it stands the second time', () => {
    expect(faults(fileOf(plain, '"agents": { "anna": { "phone": { "desk": "carrier" } } }'))).toEqual([
      '3 agents.anna.phone.desk: "carrier" is the name of trunk "carrier" already',
    ])
    expect(faults(fileOf(plain, '"agents": { "anna": {},', '"bo": { "phone": { "sip": "anna" } } }').replace('{},,', '{},'))).toEqual([
      '4 agents.bo.phone.sip: "anna" is the name of the phone of "anna" already',
    ])
  })
})

describe('music', () => {
  const jazz = fileOf(plain, '"queues": { "q": { "music": "jazz" } }')
  test('a name is a folder with sound in it', () => {
    expect(faults(jazz)).toEqual(['3 queues.q.music: MUSIC_FOLDER is not set, so there is no music "jazz"'])
    expect(faults(jazz, { MUSIC_FOLDER: folder })).toEqual([`3 queues.q.music: there is no music "jazz" in ${folder}`])
    mkdirSync(path.join(folder, 'jazz'))
    writeFileSync(path.join(folder, 'jazz', 'a.wav'), 'x')
    expect(served(jazz, { MUSIC_FOLDER: folder }).music).toEqual({ jazz: path.join(folder, 'jazz') })
  })
})

describe('emergency calls', () => {
  test('a phone shows the number of its agent’s place, where that has one', () => {
    const agents = '"agents": { "anna": {}, "bo": { "phone": { "sip": "bo" }, "emergencyCallerId": "+46850000000" } }'
    expect(served(fileOf(plain, agents)).phones).toEqual([
      { account: 'anna', kind: 'web' },
      { account: 'bo', kind: 'sip', emergencyCallerId: '+46850000000' },
    ])
  })
  test('over the first trunk, with the number agents show, unless the solution says otherwise', () => {
    expect(served(fileOf(plain)).emergency).toEqual({ numbers: ['112', '911', '90000'], trunk: 'carrier', callerId: '+46850000000' })
    const two = '"trunks": { "carrier": { "host": "a.example" }, "sos": { "host": "b.example", "endpoint": "b" } }'
    expect(served(fileOf(two, '"outbound": { "emergencyTrunk": "sos" }')).emergency?.trunk).toBe('b')
    expect(served(fileOf(plain, '"outbound": { "emergencyCalls": "off" }')).emergency).toBeNull()
  })
})

test.each([
  [{ STUN_SERVER: 'stun:a.example' }, 'STUN_SERVER should be a server and its port, as ice.example.net:3478'],
  [{ TURN_SERVER: 'a.example' }, 'TURN_SERVER, TURN_USER and TURN_PASSWORD go together: set all three, or none'],
  [{ SIP_TLS_CERTIFICATE: '/no/such' }, 'SIP_TLS_CERTIFICATE names /no/such, which is not there'],
  [{ SIP_TLS_CERTIFICATE: import.meta.filename }, 'SIP_TLS_CERTIFICATE and SIP_TLS_KEY go together: set both, or none'],
  [{ SIP_TLS_PORT: 'x' }, 'SIP_TLS_PORT should be a port from 1 to 65535'],
  [{ SIP_PORT: '0' }, 'SIP_PORT should be a port from 1 to 65535'],
  [{ SIP_ADDRESS: 'here' }, 'SIP_ADDRESS should be an IPv4 address, as 192.0.2.7'],
  [{ RTP_PORTS: '20000-10000' }, 'RTP_PORTS should be a range of ports, as 10000-20000'],
])('a setting that makes no sense: %o', (env, sentence) => expect(() => switchSettings(env)).toThrow(sentence))
