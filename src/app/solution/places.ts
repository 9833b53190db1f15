/** Where in a file something stands: line and column of every value and name, for messages people can act on. */
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'

/** One fault of a file. `line` and `column` start at 1; `field` is the path, as `queues.support.callback.ringSeconds`. */
export interface FileError {
  readonly line: number
  readonly column: number
  readonly field: string
  readonly message: string
}

export type Path = readonly (string | number)[]

export interface Places {
  /** The parsed value, or undefined where the text is no JSON. */
  readonly value: unknown
  readonly faults: readonly FileError[]
  /** The fault of a value, or of its name where `name` is set. */
  fault(path: Path, message: string, name?: boolean): FileError
  /** Whether something stands there. */
  has(path: Path): boolean
}

const PARSE_SENTENCES: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a name in quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing brace } is missing',
  CloseBracketExpected: 'a closing bracket ] is missing',
  EndOfFileExpected: 'the file should have ended here',
  UnexpectedEndOfString: 'the text is not closed with a quote',
  InvalidSymbol: 'this is no JSON value',
  InvalidNumberFormat: 'this is no number',
}

/** Deeper than any solution or scenario; a file made to exhaust the stack is refused before it is walked. */
const DEPTH_MAX = 64

const dotted = (path: Path): string => path.map(String).join('.')

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The same name written twice in one object: the second would silently win. */
function* doubles(node: Node, path: Path = []): Generator<{ node: Node; path: Path }> {
  const seen = new Set<string>()
  for (const [index, child] of (node.children ?? []).entries()) {
    const [name, value] = child.type === 'property' ? (child.children ?? []) : [undefined, child]
    const step = name === undefined ? index : String(name.value)
    if (name !== undefined && seen.has(String(step))) yield { node: name, path: [...path, step] }
    seen.add(String(step))
    if (value !== undefined) yield* doubles(value, [...path, step])
  }
}

/** How deep brackets nest, read from the text alone. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  for (const { 0: token } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth)
    else if (token === '}' || token === ']') depth -= 1
  }
  return deepest
}

/** Reads a JSON text (comments and trailing commas allowed) and keeps where everything stands. */
export function readPlaces(text: string): Places {
  const starts = lineStarts(text)
  const at = (offset: number) => {
    let line = starts.findLastIndex((start) => start <= offset)
    if (line < 0) line = 0
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
  if (depthOf(text) > DEPTH_MAX) {
    return {
      value: undefined,
      faults: [{ ...at(0), field: '', message: `nested more than ${DEPTH_MAX} deep` }],
      fault: () => ({ ...at(0), field: '', message: '' }),
      has: () => false,
    }
  }
  const problems: ParseError[] = []
  const root = parseTree(text, problems, { allowTrailingComma: true, allowEmptyContent: false })
  const faults: FileError[] = problems.slice(0, 1).map((problem) => {
    const code = printParseErrorCode(problem.error)
    return { ...at(problem.offset), field: '', message: PARSE_SENTENCES[code] ?? `not JSON: ${code}` }
  })
  if (root !== undefined && faults.length === 0) {
    for (const double of doubles(root)) {
      faults.push({ ...at(double.node.offset), field: dotted(double.path), message: 'this name stands here twice' })
    }
  }
  const nearest = (path: Path): Node | undefined => {
    for (let length = path.length; length >= 0 && root !== undefined; length--) {
      const node = findNodeAtLocation(root, path.slice(0, length) as (string | number)[])
      if (node !== undefined) return node
    }
    return root
  }
  return {
    value: root === undefined || problems.length > 0 ? undefined : plainValue(root),
    faults,
    fault(path, message, name = false) {
      const node = nearest(path)
      const shown = name && node?.parent?.type === 'property' ? (node.parent.children?.[0] ?? node) : node
      return { ...at(shown?.offset ?? 0), field: dotted(path), message }
    },
    has: (path) => root !== undefined && findNodeAtLocation(root, [...path]) !== undefined,
  }
}

/** The value of a node, in objects without a prototype's names: a field `__proto__` is a field. */
function plainValue(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plainValue)
  if (node.type !== 'object') return node.value
  return Object.fromEntries(
    (node.children ?? []).flatMap(({ children: [name, value] = [] }) => (name && value ? [[name.value, plainValue(value)]] : [])),
  )
}
