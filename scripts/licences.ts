/**
 * `npm run licences`: every library the lockfile holds, with its version, licence, where it comes from, and whether it is needed to run.
 * Fails where a licence is not on the list, or a library comes from elsewhere than the public registry, or without a digest.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

/** What an organisation may run and pass on beside our own MIT without further duties than to name it. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
])
/** Also of tools that are not passed on: files of theirs that were changed would have to be published. */
const ALLOWED_TOOLS = new Set(['CC-BY-4.0', 'MPL-2.0'])
const REGISTRY = 'https://registry.npmjs.org/'

export interface Library {
  readonly name: string
  readonly version: string
  /** SPDX. */
  readonly licence: string
  /** An address; empty: the registry npm is set to, and the digest says that it is the same. */
  readonly from: string
  readonly digest: string
  /** Needed to run; else to build and test. */
  readonly runs: boolean
}

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
}

export function librariesOf(lockfile: string): readonly Library[] {
  const { packages } = JSON.parse(lockfile) as { readonly packages: Readonly<Record<string, Locked>> }
  return Object.entries(packages).flatMap(([at, { version = '', license = '', resolved = '', integrity = '', dev, devOptional }]) => {
    const name = at.split('node_modules/').at(-1) ?? ''
    if (name === '') return []
    return [{ name, version, licence: license, from: resolved, digest: integrity, runs: !(dev === true || devOptional === true) }]
  })
}

/** `MIT OR Apache-2.0`: one that is allowed is enough; `AND`: all of them. */
function isAllowed(licence: string, runs: boolean): boolean {
  const words = licence.replace(/[()]/g, '')
  if (words.includes(' OR ')) return words.split(' OR ').some((one) => isAllowed(one, runs))
  return words !== '' && words.split(' AND ').every((one) => ALLOWED.has(one) || (!runs && ALLOWED_TOOLS.has(one)))
}

/** What is wrong with a library, in words. */
export function faultsOf({ name, version, licence, from, digest, runs }: Library): readonly string[] {
  const at = `${name} ${version}`
  return [
    ...(isAllowed(licence, runs) ? [] : [`${at}: the licence ${licence || '(none)'} is not on the list`]),
    ...(from === '' || from.startsWith(REGISTRY) ? [] : [`${at}: comes from ${from}`]),
    ...(/^sha(512|384|256)-/.test(digest) ? [] : [`${at}: has no digest`]),
  ]
}

if (import.meta.main) {
  const libraries = librariesOf(readFileSync(path.resolve(import.meta.dirname, '../package-lock.json'), 'utf8'))
  const faults = libraries.flatMap(faultsOf)
  if (process.argv.includes('--json')) console.log(JSON.stringify(libraries, null, 2))
  else {
    const width = Math.max(...libraries.map(({ name, version }) => name.length + version.length + 1))
    for (const { name, version, licence, runs } of libraries)
      console.log(`${`${name} ${version}`.padEnd(width)}  ${licence}${runs ? '' : '  (tool)'}`)
    console.log(`\n${libraries.length} libraries, ${libraries.filter(({ runs }) => runs).length} of them to run`)
  }
  for (const fault of faults) console.error(fault)
  process.exitCode = faults.length === 0 ? 0 : 1
}
