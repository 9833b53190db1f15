import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileFaults } from '#wire/file-faults.ts'
import { refusals } from '#wire/refusals.ts'

const root = path.resolve(import.meta.dirname, '..')
const CODE = /'([a-z][A-Za-z]*\.[a-z][A-Za-z]*)'/g

/** The codes a file of the rules refuses with: in `refuse(…)`, in `refused: '…'`, and in a union called `Refusal`. */
function codesOf(text: string): readonly string[] {
  const pieces = [
    ...text.matchAll(/\brefuse\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g),
    ...text.matchAll(/\brefused:([^,}\n]*)/g),
    ...text.matchAll(/\btype Refusal\s*=((?:\s*\|?\s*(?:'[^']+'|[\w.]+))+)/g),
  ]
  return pieces.flatMap(([, piece]) => [...(piece ?? '').matchAll(CODE)].map(([, code]) => code ?? ''))
}

const textsOf = (...folders: readonly string[]): readonly string[] =>
  folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('refusals.ts'))
      .map((file) => readFileSync(path.join(root, folder, file), 'utf8')),
  )

describe('every refusal is told once', () => {
  it('what the rules refuse has a status and a sentence in both languages', () => {
    const codes = [...new Set(textsOf('src/core', 'src/engine').flatMap(codesOf))].sort()
    expect(codes).toContain('callback.inAttempt')
    expect(codes.filter((code) => refusals[code] === undefined)).toEqual([])
  })

  it('nothing has a sentence that nobody says', () => {
    const texts = textsOf('src')
    expect(Object.keys(refusals).filter((code) => !texts.some((text) => text.includes(`'${code}'`)))).toEqual([])
  })

  it('and why a file is not taken, each in one line', () => {
    const page = readFileSync(path.join(root, 'docs/refusals.md'), 'utf8')
    expect(page.split('\n').filter((line) => line.startsWith('- `'))).toEqual(
      Object.entries(fileFaults).map(([code, { en }]) => `- \`${code}\`: ${en}`),
    )
  })

  it('docs/refusals.md has exactly one row for every code, with its status and sentence', () => {
    const page = readFileSync(path.join(root, 'docs/refusals.md'), 'utf8')
    const rows = page.split('\n').filter((line) => line.startsWith('| `'))
    const expected = Object.entries(refusals).map(([code, { status, en }]) => `| \`${code}\` | ${status} | ${en} |`)
    expect([...rows].sort()).toEqual([...expected].sort())
  })
})

it('finds a code however it is written', () => {
  expect(codesOf("return refuse('a.b')")).toEqual(['a.b'])
  expect(codesOf("return refuse(x === f(y) ? 'a.b' : 'c.d', 'field')")).toEqual(['a.b', 'c.d'])
  expect(codesOf("export type Refusal =\n  | 'a.b'\n  | Other.Refusal\n  | 'c.d'\n")).toEqual(['a.b', 'c.d'])
  expect(codesOf("return { ok: false, refused: 'a.b' }")).toEqual(['a.b'])
  expect(codesOf("return { ok: false, refused: left ? 'a.b' : 'c.d', field }")).toEqual(['a.b', 'c.d'])
  expect(codesOf("const type = 'callback.ordered'")).toEqual([])
})
