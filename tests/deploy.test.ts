/** The compose file: read by a YAML parser, and true to what it names. Containers are not started here. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { parseDocument } from 'yaml'

const project = path.resolve(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(path.join(project, file), 'utf8')
const document = parseDocument(read('compose.yaml'))

interface Service {
  readonly image?: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly command: readonly string[]
  readonly network_mode: string
  readonly volumes: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}
const { services, volumes } = document.toJS() as {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, object>>
}

test('it is YAML without a fault, and brings both', () => {
  expect([...document.errors, ...document.warnings]).toEqual([])
  expect(Object.keys(services)).toEqual(['configure', 'asterisk', 'samtal'])
})

test('every file and volume it names is there', () => {
  const named = Object.values(services).flatMap(({ build }) => (build === undefined ? [] : [path.join(build.context, build.dockerfile)]))
  expect(named).toEqual(['deploy/Dockerfile', 'deploy/asterisk.Dockerfile'])
  for (const file of named) expect(existsSync(path.join(project, file))).toBe(true)
  const mounted = Object.values(services).flatMap((service) => service.volumes.map((volume) => volume.split(':')[0] ?? ''))
  for (const name of mounted.filter((one) => !one.startsWith('.'))) expect(Object.keys(volumes)).toContain(name)
  for (const file of ['package.json', 'package-lock.json', '.npmrc', 'scripts/build-web.ts', 'bin/samtal.mjs'])
    expect(read('deploy/Dockerfile')).toContain(file.replace('package.json', 'package.json '))
})

test('what one writes the others read, at the same place; nothing is published', () => {
  const out = services['configure']?.command.at(-1) ?? ''
  expect(services['configure']?.command).toEqual(['asterisk-config', '--solution', '/centre/centre.json', '--out', out])
  expect(services['asterisk']?.command.at(-1)).toBe(`${out}/etc/asterisk.conf`)
  expect(services['samtal']?.environment).toEqual({ ASTERISK_FOLDER: out })
  for (const service of Object.values(services)) {
    expect(service.volumes).toContain(`switch:${out}`)
    expect(service.network_mode).toBe('host')
    expect(service).not.toHaveProperty('ports')
  }
  expect(services['asterisk']?.depends_on?.['configure']?.condition).toBe('service_completed_successfully')
})
