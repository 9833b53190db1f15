import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prepareFolder, readReach } from './folder.ts'
import type { SwitchPlan } from './plan.ts'
import { switchSettings } from './settings.ts'

const plan: SwitchPlan = {
  trunks: [{ name: 'carrier', id: 'carrier', host: 'sip.example.net', port: 5060 }],
  phones: [
    { account: 'anna', kind: 'web' },
    { account: 'bo', kind: 'sip' },
  ],
  music: { jazz: '/srv/music/jazz' },
  emergency: null,
  language: 'sv',
}
const settings = switchSettings({ ASTERISK_HTTP_PORT: '8090' })

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'switch-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('secrets are drawn once, and only their owner can read them', () => {
  const { config, reach } = prepareFolder(folder, plan, settings)
  expect(statSync(path.join(folder, 'samtal.json')).mode & 0o077).toBe(0)
  expect(reach.phones['anna']).toMatch(/^[\w-]{24}$/)
  expect(reach.phones['anna']).not.toBe(reach.phones['bo'])
  expect(config.phones.map(({ account, password }) => [account, password])).toEqual(Object.entries(reach.phones))
  const third = { ...plan, phones: [...plan.phones, { account: 'cilla', kind: 'web' as const }] }
  const again = prepareFolder(folder, third, settings).reach
  expect(again).toEqual({ ...reach, phones: { ...reach.phones, cilla: again.phones['cilla'] } })
})

test('who reads the folder knows how to reach that Asterisk', () => {
  expect(readReach(folder)).toBeNull()
  const { reach } = prepareFolder(folder, plan, settings)
  expect(readReach(folder)).toEqual(reach)
  expect(reach).toMatchObject({
    ariUrl: 'http://127.0.0.1:8090/ari',
    app: 'samtal',
    music: ['jazz'],
    celFile: path.join(folder, 'log/cel-custom/legs.csv'),
  })
  expect(readFileSync(path.join(reach.promptsFolder, 'sv/sorry.ulaw')).length).toBeGreaterThan(1000)
})

test.each(['{', '{}', '{"ariUrl":1}'])('a samtal.json that is not ours is refused: %s', (text) => {
  writeFileSync(path.join(folder, 'samtal.json'), text)
  expect(() => readReach(folder)).toThrow('is not what samtal asterisk-config writes')
})

test('a folder whose name would end a line of configuration, or cannot be made', () => {
  expect(() => prepareFolder(path.join(folder, 'a;b'), plan, settings)).toThrow('has letters in its name')
  writeFileSync(path.join(folder, 'file'), '')
  expect(() => prepareFolder(path.join(folder, 'file/x'), plan, settings)).toThrow('ENOTDIR')
})
