/** Every library comes from where it should, under a licence that is allowed. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { faultsOf, type Library, librariesOf } from '../scripts/licences.ts'

const root = path.resolve(import.meta.dirname, '..')
const good: Library = {
  name: 'a',
  version: '1.0.0',
  licence: 'MIT',
  from: 'https://registry.npmjs.org/a/-/a-1.0.0.tgz',
  digest: 'sha512-x',
  runs: true,
}

test('those of the lockfile', () => {
  const libraries = librariesOf(readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
  expect(libraries.length).toBeGreaterThan(100)
  expect(libraries.map(({ name }) => name)).toEqual(expect.arrayContaining(['fastify', 'openid-client', 'vitest']))
  expect(libraries.flatMap(faultsOf)).toEqual([])
})
test('versions of our own are pinned', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
    expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+$/)])
})
test.each<[Partial<Library>, number]>([
  [{}, 0],
  [{ licence: 'MIT OR GPL-3.0-only' }, 0],
  [{ licence: '(MIT AND BSD-3-Clause)' }, 0],
  [{ licence: 'MPL-2.0', runs: false }, 0],
  [{ licence: 'MPL-2.0' }, 1],
  [{ licence: 'AGPL-3.0-only' }, 1],
  [{ licence: 'MIT AND GPL-2.0-only' }, 1],
  [{ licence: '' }, 1],
  [{ licence: 'UNLICENSED' }, 1],
  [{ from: 'git+ssh://git@example.org/a.git' }, 1],
  [{ digest: 'sha1-x' }, 1],
])('%j: %i faults', (change, faults) => expect(faultsOf({ ...good, ...change })).toHaveLength(faults))
