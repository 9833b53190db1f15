import { expect, test } from 'vitest'
import { readConfig, shownConfig } from './config.ts'

const given = { text: () => undefined, all: () => [], flag: () => false, words: [] }
const ari = { ARI_URL: 'http://127.0.0.1:8088/ari', ARI_USER: 'u', ARI_PASSWORD: 'p' }

test('without an Asterisk the network is simulated, and that is said', () => {
  const config = readConfig(given, {})
  expect(config.asterisk).toBeNull()
  expect(shownConfig(config)).toContain('telephony simulated: no real call is made or taken')
})

test('ASTERISK_BIN: one that Samtal runs, in the data folder', () => {
  const config = readConfig(given, { ASTERISK_BIN: '/usr/sbin/asterisk', SAMTAL_DATA: '/srv/samtal' })
  expect(config.asterisk).toMatchObject({ kind: 'child', binary: '/usr/sbin/asterisk', folder: '/srv/samtal/asterisk' })
})

test('ARI_URL: one that runs; no secret of it is shown', () => {
  const config = readConfig(given, ari)
  expect(config.asterisk).toMatchObject({ kind: 'running', reach: { ariUrl: ari.ARI_URL, app: 'samtal', celFile: null, phones: {} } })
  expect(shownConfig(config)).toContain('asterisk at 127.0.0.1:8088 as u,')
})

test('TELEPHONY=simulated stands against both', () => {
  expect(readConfig(given, { ...ari, TELEPHONY: 'simulated' }).asterisk).toBeNull()
})

test.each([
  [
    { TELEPHONY: 'asterisk' },
    'Asterisk needs ARI_URL, ARI_USER, ARI_PASSWORD in the environment, or ASTERISK_BIN for one that Samtal runs',
  ],
  [{ ARI_URL: ari.ARI_URL }, 'Asterisk needs ARI_USER, ARI_PASSWORD in the environment'],
  [{ ...ari, ARI_URL: 'asterisk' }, 'ARI_URL should be like http://127.0.0.1:8088/ari'],
  [{ ...ari, ASTERISK_BIN: '/usr/sbin/asterisk' }, 'are both set: unset one'],
  [{ ASTERISK_FOLDER: '/no/such' }, 'where no samtal asterisk-config has written'],
  [{ TELEPHONY: 'pigeons' }, 'TELEPHONY is simulated or asterisk, not pigeons'],
])('%o is refused with one line', (env, sentence) => {
  expect(() => readConfig(given, env)).toThrow(sentence)
})
