import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type AsteriskConfig, configFiles, writeConfig } from './config.ts'

const config: AsteriskConfig = {
  folder: '/srv/asterisk',
  sipAddress: '127.0.0.1',
  httpAddress: '127.0.0.1',
  httpPort: 8088,
  sipPort: 5060,
  rtpPorts: { from: 20_000, to: 20_998 },
  app: 'samtal',
  ariUser: 'samtal',
  ariPassword: 'secret',
  trunks: [
    { name: 'carrier', host: 'sip.example.net', port: 5060, account: { user: 'u1', password: 'p1', register: true } },
    { name: 'plain', host: '192.0.2.1', port: 5080 },
  ],
  phones: [
    { account: 'anna', password: 'a', kind: 'sip' },
    { account: 'bo', password: 'b', kind: 'web' },
    { account: 'cilla', password: 'c', kind: 'sip', contact: 'sip:cilla@192.0.2.7:5060' },
  ],
  promptsFolder: '/srv/prompts',
  language: 'sv',
  music: { default: '/srv/moh' },
}

const files = configFiles(config)
/** The sections of this name in pjsip.conf, as written. */
const sections = (name: string): readonly string[] =>
  (files['pjsip.conf'] ?? '').split('\n\n').filter((section) => section.startsWith(`[${name}]`))

test('no join sends a re-INVITE, and no dead line lasts: trunk and phones alike', () => {
  for (const name of ['carrier', 'plain', 'anna', 'bo', 'cilla']) {
    const [endpoint = ''] = sections(name)
    for (const line of ['send_connected_line=no', 'direct_media=no', 'rtp_timeout=60', 'rtp_timeout_hold=900'])
      expect(endpoint).toContain(line)
  }
  for (const trunk of ['carrier', 'plain']) expect(sections(trunk)[0]).toContain('timers=yes')
})

test('a trunk is known by its addresses and by nothing a caller says of himself', () => {
  for (const trunk of ['carrier', 'plain']) expect(sections(trunk)[0]).toContain('identify_by=ip\n')
})

test('a trunk with an account registers; one without is known by its address', () => {
  expect(sections('carrier')).toHaveLength(3)
  expect(sections('carrier-registration')[0]).toContain('client_uri=sip:u1@sip.example.net')
  expect(files['extensions.conf']).toContain(`exten => u1,1,Set(TO=\${PJSIP_HEADER(read,To)})`)
  expect(sections('plain')).toHaveLength(2)
  expect(sections('plain-registration')).toEqual([])
  expect(sections('plain-identify')[0]).toContain('match=192.0.2.1')
})

test('a phone registers unless it has a fixed address; one in a browser speaks WebRTC', () => {
  expect(sections('anna')[2]).toContain('max_contacts=1')
  expect(sections('bo')[0]).toContain('webrtc=yes')
  expect(sections('cilla')[2]).toContain('contact=sip:cilla@192.0.2.7:5060')
})

test('a trunk over TCP, with networks of its own and asked whether it is there', () => {
  const trunk = {
    name: 'tcp',
    id: 'main',
    host: 'a.example',
    port: 5061,
    transport: 'tcp',
    addresses: ['192.0.2.0/24', '198.51.100.7'],
    qualifySeconds: 30,
  } as const
  const { 'pjsip.conf': pjsip = '', 'extensions.conf': dialplan = '' } = configFiles({
    ...config,
    externalAddress: '203.0.113.5',
    trunks: [trunk],
  })
  expect(pjsip).toContain('[tcp]\ntype=transport\nprotocol=tcp\nbind=127.0.0.1:5060\nexternal_media_address=203.0.113.5')
  expect(pjsip).toContain('contact=sip:a.example:5061\\;transport=tcp\nqualify_frequency=30\nqualify_timeout=10')
  expect(pjsip).toContain('match=192.0.2.0/24,198.51.100.7')
  expect(dialplan).toContain('Stasis(samtal,inbound,main,')
  expect(files['pjsip.conf']).not.toContain('protocol=tcp')
})

test('a value cannot end its line or begin a comment', () => {
  const [trunk] = config.trunks
  const account = { user: 'u1', password: 'a;b', register: false }
  const pjsip = configFiles({ ...config, trunks: trunk === undefined ? [] : [{ ...trunk, account }] })['pjsip.conf']
  expect(pjsip).toContain('password=a\\;b\n')
})

test('a phone’s keypad reaches emergency numbers, over their route, and nothing else', () => {
  const keypad = (emergency: AsteriskConfig['emergency']): string =>
    (configFiles({ ...config, ...(emergency && { emergency }) })['extensions.conf'] ?? '').split('[phones]\n')[1] ?? ''
  const refused = 'exten => _[+0-9].,1,Hangup(21)\n'
  expect(keypad(undefined)).toBe(refused)
  expect(keypad({ numbers: ['112'], trunk: 'plain', callerId: '+46850000000' })).toBe(
    `exten => 112,1,Set(CALLERID(num)=+46850000000)\nsame => n,Dial(PJSIP/112@plain)\nsame => n,Hangup()\n${refused}`,
  )
})

test('a phone at a place of its own shows emergency numbers the number of that place', () => {
  const emergency = { numbers: ['112'], trunk: 'plain', callerId: '+46850000000' }
  const [phone] = config.phones
  if (phone === undefined) throw new Error('no phone')
  const files = configFiles({ ...config, emergency, phones: [{ ...phone, account: 'bo', emergencyCallerId: '+46498000000' }] })
  const [, own = ''] = (files['extensions.conf'] ?? '').split('[phones-bo]\n')
  expect(own).toContain('exten => 112,1,Set(CALLERID(num)=+46498000000)\nsame => n,Dial(PJSIP/112@plain)\n')
  expect(own).toContain('exten => _[+0-9].,1,Hangup(21)\n')
  expect(files['pjsip.conf']).toContain('context=phones-bo\n')
})

test('a registered phone is asked every few seconds whether it is there; one at a fixed address is not', () => {
  expect(sections('bo')[2]).toContain('qualify_frequency=3\nqualify_timeout=3')
  expect(sections('anna')[2]).toContain('qualify_frequency=5\nqualify_timeout=3')
  expect(sections('cilla')[2]).toContain('qualify_frequency=0')
})

test('the leg log holds event, time, leg and cause, and no number or name', () => {
  expect(files['cel.conf']).toContain('events=CHAN_START,ANSWER,HANGUP,CHAN_END')
  expect(files['cel_custom.conf']).not.toMatch(/CALLERID|cid|number|name|exten/i)
  expect(files['modules.conf']).toMatch(/res_cdrel_custom\.so[\s\S]*cel_custom\.so/)
})

test('each trunk’s calls enter the application, and have a way out when it stays away', () => {
  const dialplan = files['extensions.conf'] ?? ''
  for (const trunk of ['carrier', 'plain']) expect(dialplan).toContain(`[from-${trunk}]`)
  expect(dialplan).toMatch(/Stasis\(samtal,inbound,plain,\$\{EXTEN\},\$\{CALLERID\(pres\)\}\)/)
  expect(dialplan).toContain('Playback(/srv/prompts/sv/sorry)')
  expect(files['stasis.conf']).toContain('decline=ast_channel_varset_type')
})

test('files with passwords are the owner’s alone; the leg log’s folder is made first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'))
  try {
    writeConfig({ ...config, folder })
    expect(readdirSync(join(folder, 'log'))).toEqual(['cel-custom'])
    for (const name of ['pjsip.conf', 'ari.conf']) expect(statSync(join(folder, 'etc', name)).mode & 0o077).toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a trunk over TLS: whoever it names must prove it; speech encrypted where that is asked', () => {
  const trunk = { name: 'secure', host: 'sip.example.net', port: 5061, transport: 'tls', srtp: true } as const
  const tls = { port: 5071, authorities: '/etc/authorities.pem', certificate: null }
  const pjsip = configFiles({ ...config, trunks: [trunk], tls })['pjsip.conf'] ?? ''
  expect(pjsip).toContain(
    '[tls]\ntype=transport\nprotocol=tls\nbind=127.0.0.1:5071\nmethod=tlsv1_2\nverify_server=yes\nca_list_file=/etc/authorities.pem\n\n',
  )
  expect(pjsip).toContain('contact=sip:sip.example.net:5061\\;transport=tls')
  expect(pjsip).toContain('media_encryption=sdes')
  const certificate = { file: '/etc/own.pem', keyFile: '/etc/own.key' }
  expect(configFiles({ ...config, trunks: [trunk], tls: { ...tls, certificate } })['pjsip.conf']).toContain(
    'cert_file=/etc/own.pem\npriv_key_file=/etc/own.key',
  )
  expect(files['pjsip.conf']).not.toMatch(/protocol=tls|sdes/)
})

test('browsers are told the address outside, and a STUN server is asked for it', () => {
  const rtpConf = (change: Partial<AsteriskConfig>): string => configFiles({ ...config, ...change })['rtp.conf'] ?? ''
  expect(rtpConf({})).not.toMatch(/stunaddr|ice_host_candidates/)
  expect(rtpConf({ stun: 'stun.example.net:3478' })).toContain('stunaddr=stun.example.net:3478\n')
  expect(rtpConf({ sipAddress: '10.0.0.7', externalAddress: '203.0.113.5' })).toContain(
    '[ice_host_candidates]\n10.0.0.7 => 203.0.113.5,include_local_address\n',
  )
  expect(rtpConf({ sipAddress: '0.0.0.0', externalAddress: '203.0.113.5' })).not.toContain('ice_host_candidates')
})
