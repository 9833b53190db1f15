import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, wrongImports } from './layers/imports.ts'
import { bannedInCore, codeOf, foreignWords, LINES_MAX, tooLong } from './layers/words.ts'

const root = path.resolve(import.meta.dirname, '..')
const TEXT = /\.(?:ts|tsx|mjs|js|css|html|json|jsonc|md|sh|yml|yaml|txt|xml|conf)$|(?:^|\/)(?:run|LICENSE|\.\w+)$/

/** Every file of the project, committed or about to be. */
function files(): readonly { readonly file: string; readonly text: string }[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  return list
    .split('\0')
    .filter((file) => TEXT.test(file) && file !== 'package-lock.json' && existsSync(path.join(root, file)))
    .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }))
}

describe('the project keeps its rooms apart', () => {
  const all = files()
  it('found the files', () => expect(all.map(({ file }) => file)).toContain('src/core/facts.ts'))
  it('imports only what the room may', () => expect(all.flatMap(({ file, text }) => wrongImports(file, text))).toEqual([]))
  it('core reaches for nothing outside', () => expect(all.flatMap(({ file, text }) => bannedInCore(file, text))).toEqual([]))
  it(`keeps files to ${LINES_MAX} lines`, () => expect(all.flatMap(({ file, text }) => tooLong(file, text))).toEqual([]))
  it('names no machine', () => expect(all.flatMap(({ file, text }) => foreignWords(file, text))).toEqual([]))
})

describe('every rule has been broken and caught', () => {
  const up = '../'.repeat(2)
  const line = (from: string): string => `import { x } from '${from}'\n`
  const typed = (from: string): string => `import type { X } from '${from}'\n`

  it.each([
    ['core to a port', 'src/core/queue/queue.ts', line('#ports/clock.ts'), 'core imports ports'],
    ['core to Node', 'src/core/queue/queue.ts', line('node:fs'), 'core imports the package node:fs'],
    ['core to a package', 'src/core/queue/queue.ts', line('typebox'), 'core imports the package typebox'],
    ['core to a type of the engine', 'src/core/call/call.ts', typed('#engine/turn.ts'), 'core imports engine'],
    ['ports to the engine', 'src/ports/journal.ts', typed('#engine/turn.ts'), 'ports imports engine'],
    ['wire to a room', 'src/wire/calls.ts', typed('#core/facts.ts'), 'wire imports core'],
    ['engine to an adapter', 'src/engine/turn.ts', line('#adapters/sqlite/journal.ts'), 'engine imports adapters'],
    ['engine to a package', 'src/engine/turn.ts', line('pino'), 'engine imports the package pino'],
    ['adapter to adapter', 'src/adapters/http/calls.ts', line('../sqlite/journal.ts'), 'adapter http imports adapter sqlite'],
    ['adapter to adapter by name', 'src/adapters/http/calls.ts', line('#adapters/sqlite/journal.ts'), 'inside a room imports are relative'],
    ['adapter to the engine', 'src/adapters/http/calls.ts', line('#engine/turn.ts'), 'adapters imports engine'],
    ['adapter to the simulation', 'src/adapters/http/calls.ts', line('#sim/network.ts'), 'adapters imports sim'],
    ['simulation to an adapter', 'src/sim/world.ts', line('#adapters/sqlite/journal.ts'), 'sim imports adapters'],
    ['another room without its name', 'src/engine/turn.ts', line('../core/facts.ts'), 'leaves the room'],
    ['a room to the tests', 'src/app/main.ts', line(`${up}tests/layers/words.ts`), 'outside src and web'],
    ['a checker to the rules', 'src/sim/checkers/laws.ts', line('#core/queue/queue.ts'), 'a checker imports more than types from core'],
    ['a checker to the engine', 'src/sim/checkers/laws.ts', line('#engine/turn.ts'), 'a checker imports more than types from engine'],
    ['web to core', 'web/src/page.tsx', typed('#core/facts.ts'), 'web imports core'],
    ['web to more than types', 'web/src/page.tsx', line('#wire/calls.ts'), 'web imports more than types'],
    ['web to a room by path', 'web/src/page.tsx', line(`${up}src/wire/calls.ts`), 'leaves the room'],
    ['a dynamic import', 'src/core/call/call.ts', "const x = () => import('#ports/clock.ts')\n", 'core imports ports'],
    ['a re-export', 'src/core/call/call.ts', "export * from '#ports/clock.ts'\n", 'core imports ports'],
    ['a side effect', 'src/core/call/call.ts', "import 'node:fs'\n", 'core imports the package node:fs'],
    ['an import over several lines', 'src/core/call/call.ts', "import {\n  a,\n  b,\n} from '#ports/clock.ts'\n", 'core imports ports'],
  ])('%s', (_, file, text, sentence) => {
    const wrong = wrongImports(file, text)
    expect(wrong).toHaveLength(1)
    expect(wrong[0]).toContain(sentence)
  })

  it.each([
    ['core inside core', 'src/core/facts.ts', typed('./kernel/kernel.ts')],
    ['core from one noun to another', 'src/core/call/call.ts', line('../queue/queue.ts')],
    ['a port to the rules', 'src/ports/journal.ts', typed('#core/facts.ts')],
    ['wire to its schemas', 'src/wire/calls.ts', line('typebox')],
    ['engine to core and ports', 'src/engine/turn.ts', line('#core/facts.ts') + typed('#ports/clock.ts')],
    ['an adapter to itself and its package', 'src/adapters/sqlite/journal.ts', line('./rows.ts') + line('better-sqlite3')],
    ['a checker to types', 'src/sim/checkers/laws.ts', typed('#core/facts.ts') + line('./account.ts')],
    ['app to all', 'src/app/main.ts', line('#adapters/http/server.ts') + line('#sim/network.ts') + line('node:fs')],
    ['web to the types of a message', 'web/src/page.tsx', typed('#wire/calls.ts') + line('react')],
    ['a test to its tools', 'src/core/call/call.test.ts', line('vitest') + line('fast-check')],
    ['tests to all', 'tests/journal.contract.ts', line('#adapters/sqlite/journal.ts')],
  ])('lets pass: %s', (_, file, text) => expect(wrongImports(file, text)).toEqual([]))

  it.each([
    ['const now = Date.now()', 'Date'],
    ['const at = new Date(0)', 'Date'],
    ['type At = Date', 'Date'],
    ['const id = crypto.randomUUID()', 'crypto'],
    ['const die = Math.random()', 'Math.random'],
    ['export async function f() {}', 'async'],
    ['const x = await f()', 'await'],
    ['let p: Promise<void>', 'Promise'],
    ['setTimeout(f, 5)', 'timers'],
    ['const e = process.env', 'process'],
    ["fetch('/')", 'fetch'],
    ["console.log('x')", 'console'],
    ['const t = performance.now()', 'performance'],
    ['globalThis.x = 1', 'globalThis'],
    ['names.sort((a, b) => a.localeCompare(b))', 'locale'],
    [`const s = \`it is \${Date.now()} now\``, 'Date'],
  ])('core: %s', (text, name) => {
    const wrong = bannedInCore('src/core/call/call.ts', text)
    expect(wrong).toHaveLength(1)
    expect(wrong[0]).toContain(name)
  })

  it('core may speak of what it may not use', () => {
    const text = [
      '// the Date of a call, without await',
      '/* Math.random() */',
      "const x = 'new Date()'",
      'const y = `fetch` + "process"',
      'const z = { process: 1, async: true }',
      'z.process',
      "const r = s.split(/['`]/)",
      'const after = `async`',
    ].join('\n')
    expect(bannedInCore('src/core/call/call.ts', text)).toEqual([])
    expect(bannedInCore('src/core/call/call.test.ts', 'Date.now()')).toEqual([])
  })

  it('a file of 401 lines, and none of 400', () => {
    expect(tooLong('src/core/call/call.ts', 'x\n'.repeat(401))).toHaveLength(1)
    expect(tooLong('src/core/call/call.ts', 'x\n'.repeat(400))).toEqual([])
    expect(tooLong('docs/x.md', 'x\n'.repeat(900))).toEqual([])
  })

  it('a path of one machine, a way out of the project, a private host', () => {
    const slash = '/'
    expect(foreignWords('docs/a.md', `see ${slash}home/anna/samtal`)).toHaveLength(1)
    expect(foreignWords('docs/a.md', `see ${slash}work/samtal`)).toHaveLength(1)
    expect(foreignWords('docs/a.md', `see ${up}elsewhere/house.md`)).toHaveLength(1)
    expect(foreignWords('docs/a.md', `from ${['npm-registry', 'example', 'internal'].join('.')}`)).toHaveLength(1)
    expect(foreignWords('docs/decisions/a.md', 'see ../glossary.md and https://example.org/home/x')).toEqual([])
  })

  it('reads imports as they are written', () => {
    expect(importsOf("import type { A } from './a.ts'\nimport b, { type C } from 'c'\nexport type { D } from '#core/d.ts'\n")).toEqual([
      { from: './a.ts', type: true },
      { from: 'c', type: false },
      { from: '#core/d.ts', type: true },
    ])
  })

  it('blanks comments and strings, not code', () => {
    expect(codeOf("a // b\nc 'd' e")).toBe('a     \nc     e')
  })
})
