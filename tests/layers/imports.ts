/**
 * Who may import whom: the table of docs/architecture.md as a function over the text of a file, so that every rule can be broken in a
 * test and seen to fail.
 */
import path from 'node:path'

/** One import as it stands in a file. `type`: erased before anything runs. */
export interface Import {
  readonly from: string
  readonly type: boolean
}

const STATIC = /^(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\bfrom\s+)?['"]([^'"]+)['"]/gm
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]/g
const ASKED = /\bimport\.meta\.glob\(\s*['"]([^'"]+)['"]/g

/** Every import of a file: static, re-exported, dynamic. `import { type A, b }` counts as one that runs. */
export function importsOf(text: string): readonly Import[] {
  const found: Import[] = []
  for (const [, type, from] of text.matchAll(STATIC)) if (from) found.push({ from, type: type !== undefined })
  for (const pattern of [DYNAMIC, ASKED]) for (const [, from] of text.matchAll(pattern)) if (from) found.push({ from, type: false })
  return found
}

/** What each room may import besides itself. `packages`: names from package.json, `node` for Node's own modules, `*` for any. */
const ROOMS: Readonly<Record<string, { readonly rooms: readonly string[]; readonly packages: readonly string[] }>> = {
  core: { rooms: [], packages: [] },
  ports: { rooms: ['core'], packages: [] },
  wire: { rooms: [], packages: ['typebox'] },
  engine: { rooms: ['core', 'ports'], packages: [] },
  adapters: { rooms: ['core', 'ports', 'wire'], packages: ['*'] },
  sim: { rooms: ['core', 'ports', 'engine'], packages: ['node'] },
  app: { rooms: ['core', 'ports', 'wire', 'engine', 'adapters', 'sim'], packages: ['*'] },
  web: { rooms: ['wire'], packages: ['*'] },
}

/** The room of a file of ours, by its path from the root; of `src/adapters/sqlite/journal.ts` it is `adapters`. */
export function roomOf(file: string): string | undefined {
  const [first, second] = file.split('/')
  if (first === 'web') return 'web'
  return first === 'src' ? second : undefined
}

const adapterOf = (file: string): string | undefined => /^src\/adapters\/([^/]+)/.exec(file)?.[1]
const isTest = (file: string): boolean => /\.test\.tsx?$/.test(file)
const isChecker = (file: string): boolean => file.startsWith('src/sim/checkers/')

/** Where an import leads: a file of ours (path from the root, by name or not), Node's own, or a package. */
type Goal =
  | { readonly kind: 'file'; readonly file: string; readonly named: boolean }
  | { readonly kind: 'node' }
  | { readonly kind: 'package'; readonly name: string }

function goalOf(file: string, from: string): Goal {
  if (from.startsWith('#')) return { kind: 'file', file: `src/${from.slice(1)}`, named: true }
  if (from.startsWith('.')) return { kind: 'file', file: path.posix.join(path.posix.dirname(file), from), named: false }
  if (from.startsWith('node:')) return { kind: 'node' }
  const parts = from.split('/')
  return { kind: 'package', name: from.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? from) }
}

/** What is wrong with one import of one file, or null. */
function wrongWith(file: string, item: Import): string | null {
  const room = roomOf(file)
  const allowed = room === undefined ? undefined : ROOMS[room]
  if (room === undefined || allowed === undefined) return null
  const goal = goalOf(file, item.from)
  if (goal.kind !== 'file') {
    if (isTest(file) || allowed.packages.includes('*')) return null
    const name = goal.kind === 'node' ? 'node' : goal.name
    return allowed.packages.includes(name) ? null : `${room} imports the package ${item.from}`
  }
  const other = roomOf(goal.file)
  if (other === undefined) {
    return isTest(file) ? null : `${room} imports ${item.from}, which stands outside src and web`
  }
  if (other === room) return wrongInside(file, item, goal)
  if (!goal.named) return room === 'web' && item.type ? null : `${item.from} leaves the room; another room is imported by #name`
  if (!allowed.rooms.includes(other)) return `${room} imports ${other}`
  if (room === 'web' && !item.type) return `web imports more than types from ${item.from}`
  if (isChecker(file) && !item.type && (other === 'core' || other === 'engine')) return `a checker imports more than types from ${other}`
  return null
}

function wrongInside(file: string, item: Import, goal: { readonly file: string; readonly named: boolean }): string | null {
  if (goal.named) return `${item.from}: inside a room imports are relative`
  const mine = adapterOf(file)
  const theirs = adapterOf(goal.file)
  return mine === theirs ? null : `adapter ${mine} imports adapter ${theirs}`
}

/** Every wrong import of a file, as sentences. */
export const wrongImports = (file: string, text: string): readonly string[] =>
  importsOf(text).flatMap((item) => {
    const wrong = wrongWith(file, item)
    return wrong === null ? [] : [`${file}: ${wrong}`]
  })
