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

test('a trunk with an account registers; one without is known by its address', () => {
  expect(sections('carrier')).toHaveLength(3)
  expect(sections('carrier-registration')[0]).toContain('client_uri=sip:u1@sip.example.net')
  expect(sections('plain')).toHaveLength(2)
  expect(sections('plain-registration')).toEqual([])
  expect(sections('plain-identify')[0]).toContain('match=192.0.2.1')
})

test('a phone registers unless it has a fixed address; one in a browser speaks WebRTC', () => {
  expect(sections('anna')[2]).toContain('max_contacts=1')
  expect(sections('bo')[0]).toContain('webrtc=yes')
  expect(sections('cilla')[2]).toContain('contact=sip:cilla@192.0.2.7:5060')
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
