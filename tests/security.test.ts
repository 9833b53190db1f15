/** docs/security.md is whole and true to what it names; and what it says of the code as a whole, read from the code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bed, openBed } from './http/bed.ts'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

/** The requirements of ASVS 5.0.0 at levels 1 and 2: those of a section by their numbers. */
const SECTIONS: Readonly<Record<string, readonly number[]>> = {
  ...{ '1.1': upTo(2), '1.2': upTo(9), '1.3': upTo(11), '1.4': upTo(3), '1.5': upTo(2) },
  ...{ '2.1': upTo(3), '2.2': upTo(3), '2.3': upTo(4), '2.4': upTo(1) },
  ...{ '3.2': upTo(2), '3.3': upTo(4), '3.4': upTo(6), '3.5': upTo(5), '3.7': upTo(2) },
  ...{ '4.1': upTo(3), '4.2': upTo(1), '4.3': upTo(2), '4.4': upTo(4) },
  ...{ '5.1': upTo(1), '5.2': upTo(3), '5.3': upTo(2), '5.4': upTo(3) },
  ...{ '6.1': upTo(3), '6.2': upTo(12), '6.3': upTo(4), '6.4': upTo(4), '6.5': upTo(5), '6.6': upTo(3), '6.8': upTo(4) },
  ...{ '7.1': upTo(3), '7.2': upTo(4), '7.3': upTo(2), '7.4': upTo(5), '7.5': upTo(2), '7.6': upTo(2) },
  ...{ '8.1': upTo(2), '8.2': upTo(3), '8.3': upTo(1), '8.4': upTo(1) },
  ...{ '9.1': upTo(3), '9.2': upTo(4) },
  ...{ '10.1': upTo(2), '10.2': upTo(2), '10.3': upTo(4), '10.4': upTo(11), '10.5': upTo(5), '10.6': upTo(2), '10.7': upTo(3) },
  ...{ '11.1': upTo(2), '11.2': upTo(3), '11.3': upTo(3), '11.4': upTo(4), '11.5': upTo(1), '11.6': upTo(1) },
  ...{ '12.1': upTo(3), '12.2': upTo(2), '12.3': upTo(4) },
  ...{ '13.1': upTo(1), '13.2': upTo(5), '13.3': upTo(2), '13.4': upTo(5) },
  ...{ '14.1': upTo(2), '14.2': upTo(4), '14.3': upTo(3) },
  ...{ '15.1': upTo(3), '15.2': upTo(3), '15.3': upTo(7) },
  ...{ '16.1': upTo(1), '16.2': upTo(5), '16.3': upTo(4), '16.4': upTo(3), '16.5': upTo(3) },
  ...{ '17.1': upTo(1), '17.2': upTo(4), '17.3': upTo(2) },
}
function upTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}
const REQUIREMENTS = Object.entries(SECTIONS).flatMap(([section, numbers]) => numbers.map((number) => `V${section}.${number}`))

interface Row {
  readonly id: string
  readonly is: string
  readonly words: string
  readonly tests: readonly string[]
}
const page = read('docs/security.md')
const rows: readonly Row[] = page.split('\n').flatMap((line) => {
  const [, id = '', is = '', words = '', shown = ''] = line.split('|').map((cell) => cell.trim())
  return /^V\d+\.\d+\.\d+$/.test(id) ? [{ id, is, words, tests: [...shown.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file) }] : []
})

describe('docs/security.md', () => {
  test('has every requirement of levels 1 and 2 once, in order', () => {
    expect(REQUIREMENTS).toHaveLength(253)
    expect(rows.map(({ id }) => id)).toEqual(REQUIREMENTS)
  })
  test('says of each what it is, and how or why', () => {
    for (const { id, is, words } of rows) {
      expect([id, ['met', 'in part', '**not met**', 'does not apply'].includes(is)]).toEqual([id, true])
      expect([id, words.length > 3]).toEqual([id, true])
    }
  })
  test('names tests that are there, and one at least for each that is met', () => {
    for (const { id, is, tests } of rows) {
      for (const file of tests) expect([id, file, existsSync(path.join(root, file))]).toEqual([id, file, true])
      for (const file of tests) expect([id, file]).toEqual([id, expect.stringMatching(/\.(test|contract)\.ts$/)])
      if (is === 'met') expect([id, tests.length > 0]).toEqual([id, true])
      if (is === 'does not apply') expect([id, tests]).toEqual([id, []])
    }
  })
  test('counts them as they are', () => {
    const many = (is: string) => rows.filter((row) => row.is === is).length
    const said = `Of 253: ${many('met')} are met, ${many('in part')} in part, ${many('**not met**')} not, and ${many('does not apply')} do not apply.`
    expect(page).toContain(said)
  })
})

/** Files of the product, without tests. */
const filesOf = (folder: string): readonly string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll(path.sep, '/')}`)
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
const holding = (folder: string, pattern: RegExp): readonly string[] =>
  filesOf(folder)
    .filter((file) => pattern.test(read(file)))
    .sort()

describe('the code as a whole', () => {
  test('runs no text as code, and sets none as HTML', () => {
    const pattern = /dangerouslySetInnerHTML|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(/
    expect([...holding('web', pattern), ...holding('src', pattern)]).toEqual([])
  })
  test('starts other programs in three places, none through a shell', () => {
    expect(holding('src', /node:child_process/)).toEqual(['src/adapters/asterisk/instance.ts', 'src/app/scrubbing.ts', 'src/app/web.ts'])
    expect(
      holding('src', /node:child_process/).filter((file) =>
        /shell:\s*true|\{[^}]*\bexec(?:Sync)?\b[^}]*\} from 'node:child_process'/.test(read(file)),
      ),
    ).toEqual([])
  })
  test('asks others in these places alone: the switch, the provider, and a Samtal by its own command', () => {
    expect(
      holding('src', /from 'undici'|\bfetch\(|from 'openid-client'|from 'ws'|\{[^}]*\b(?:connect|createConnection)\b[^}]*\} from 'node:/),
    ).toEqual([
      'src/adapters/asterisk/ari.ts',
      'src/adapters/asterisk/instance.ts',
      'src/adapters/oidc/oidc.ts',
      'src/app/commands/import-contacts.ts',
      'src/app/control.ts',
      'src/app/switch/phones.ts',
    ])
  })
  test('keeps four things in a browser, none about a customer, and talks between tabs of its own origin alone', () => {
    expect(holding('web', /localStorage/)).toEqual([
      'web/pages/ImportColumns.tsx',
      'web/parts/Shell.tsx',
      'web/phone/sound.ts',
      'web/text/intl.tsx',
    ])
    expect(holding('web', /sessionStorage|indexedDB|document\.cookie/)).toEqual([])
    expect(holding('web', /postMessage/)).toEqual(['web/phone/owner.ts'])
    expect(read('web/phone/owner.ts')).toContain('BroadcastChannel')
  })
  test('lets people sign out from every page', () =>
    expect(read('web/parts/Shell.tsx')).toMatch(/<Me session[\s\S]*shell\.signOut|shell\.signOut[\s\S]*<Me session/))
})

describe('what every answer says', () => {
  let bed: Bed
  beforeAll(async () => {
    bed = await openBed()
  })
  afterAll(() => bed.close())

  test.each(['calls', 'calls/nothing', '/docs', '/openapi.json', '/health/live', '/nowhere'])('%s', async (url) => {
    const { headers } = await bed.ask('lena', 'GET', url, undefined, { origin: 'https://evil.example' })
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    })
    for (const directive of ["default-src 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'"])
      expect(headers['content-security-policy']).toContain(directive)
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
  })
  test.each(['calls', 'agents', 'contacts', 'campaigns'])('%s is kept by no cache, in any form', async (url) => {
    for (const accept of ['application/json', 'text/csv']) {
      const answer = await bed.ask('admin', 'GET', url, undefined, { accept })
      expect([accept, answer.headers['cache-control']]).toEqual([accept, 'no-store'])
    }
  })
  test.each(['TRACE', 'OPTIONS', 'HEAD'])('%s finds nothing', async (method) => {
    const answer = await bed.http.app.inject({ method: method as 'OPTIONS', url: '/api/v1/calls', headers: { host: 'localhost' } })
    expect([401, 404, 405]).toContain(answer.statusCode)
    expect(answer.body).not.toContain('items')
  })
})
