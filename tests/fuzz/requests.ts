/** Requests drawn from a seed: each a good one made bad in a few places, or left good, so that what is behind the first refusal is met too. */
import { type SeededChance, seededChance } from '#sim/chance.ts'
import type { Operation, Schema } from './document.ts'
import { fileBytes } from './files.ts'
import type { Asker, Round } from './round.ts'
import { type Known, mutated, nasty, RAW_VALUES, rawIn, validOf } from './values.ts'
import { dress, type Framing, framed } from './wire.ts'

export interface Sent {
  /** null: an address of no operation. */
  readonly operation: Operation | null
  readonly asker: Asker
  readonly bytes: Uint8Array
  /** What was done to it. */
  readonly how: readonly string[]
  /** Whether HTTP itself was left as it should be, so that there must be an answer. */
  readonly whole: boolean
  /** Address and body, as far as they are text: what the client knows already. */
  readonly said: string
  /** It has a key: sent again, it is the same. */
  readonly isKeyed: boolean
}

type Drawn = {
  readonly round: Round
  readonly known: Known
  readonly chance: SeededChance
  readonly how: string[]
  /** Near the end of a round: only then is taken away what nearly every route asks for. */
  readonly late: boolean
}

const KINDS: Readonly<Record<string, string>> = {
  calls: 'call',
  offers: 'call',
  queues: 'queue',
  entries: 'entry',
  callbacks: 'callback',
  agents: 'agent',
  campaigns: 'campaign',
  contacts: 'contact',
  imports: 'import',
  tokens: 'token',
}
/** A second try after what no address can hold as it is. */
const ENCODINGS = [
  '%',
  '%zz',
  '%00',
  '%2e%2e',
  '%2F',
  '%252F',
  '%C3%28',
  '%FF',
  '%ED%A0%80',
  '..',
  '.',
  '//',
  ';a=b',
  '%0d%0aX: y',
  '*',
  '%E2%80%AE',
  'a'.repeat(201),
]

const encoded = (value: unknown): string => {
  const json = rawIn(JSON.stringify(value) ?? '')
  const text = typeof value === 'string' && json.startsWith('"') ? value : json
  return encodeURIComponent(text.toWellFormed()).slice(0, 6_000)
}

function pathOf({ path, method }: Operation, { round, known, chance, how, late }: Drawn): string {
  const parts = path.split('/')
  return parts
    .map((part, at) => {
      if (!part.startsWith('{')) return part
      const kind = KINDS[parts[at - 1] ?? ''] ?? ''
      const dice = chance.random()
      if (method === 'DELETE' && kind === 'campaign' && !late) return 'nothing'
      if (dice < 0.65)
        return encoded(round.world.ids[kind] ?? (parts[at - 1] === 'users' ? chance.pick(['bo', 'sara']) : chance.pick(known.ids)))
      if (dice < 0.85) return encoded(chance.pick(known.ids))
      how.push('an odd id in the address')
      return dice < 0.93 ? chance.pick(ENCODINGS) : encoded(nasty(known, chance))
    })
    .join('/')
}

function queryOf({ query }: Operation, { known, chance, how }: Drawn): string {
  const given = query.filter(({ required }) => required || chance.often(0.3))
  const pairs = given.map(({ name, schema }) => {
    if (chance.often(0.7)) return [name, encoded(validOf(schema, known, chance, name))]
    how.push(`an odd ${name} in the query`)
    const dice = chance.random()
    if (dice < 0.2) return [name, chance.pick(ENCODINGS)]
    if (dice < 0.4) return [name, encoded(chance.pick(RAW_VALUES))]
    return [name, encoded(nasty(known, chance))]
  })
  if (pairs.length > 0 && chance.often(0.08)) {
    how.push('a query twice')
    pairs.push(pairs[0] ?? [])
  }
  if (chance.often(0.06)) {
    how.push('a query nobody knows')
    pairs.push([chance.pick(['__proto__', 'constructor', 'x', 'limit[]', 'a[b]', '']), encoded(nasty(known, chance))])
  }
  return pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`
}

function jsonOf(schema: Schema, { known, chance, how }: Drawn): Buffer {
  let value = validOf(schema, known, chance)
  for (let times = chance.pick([0, 0, 1, 1, 1, 2, 3]); times > 0; times--) {
    const next = mutated(value, known, chance)
    value = next.value
    how.push(`body: ${next.how}`.slice(0, 120))
  }
  const json = Buffer.from(rawIn(JSON.stringify(value) ?? 'null'))
  if (chance.often(0.9)) return json
  const at = chance.between(0, json.length)
  const [what, bytes] = chance.pick([
    ['cut off', json.subarray(0, at)],
    [
      'bytes that are no UTF-8',
      Buffer.concat([json.subarray(0, at), Buffer.from([0xff, 0xc0, 0xaf, 0xed, 0xa0, 0x80]), json.subarray(at)]),
    ],
    ['twice', Buffer.concat([json, json])],
    ['a name twice', Buffer.from(`{"a":1,${json.subarray(1).toString()}`)],
    ['a mark of UTF-8 before it', Buffer.concat([Buffer.from('\ufeff'), json])],
    ['in UTF-16', Buffer.from(json.toString(), 'utf16le')],
    ['empty', Buffer.alloc(0)],
    ['nothing but opening brackets', Buffer.from('['.repeat(60_000))],
    ['larger than any', Buffer.concat([json, Buffer.alloc(70_000, ' ')])],
  ] as const)
  how.push(`body ${what}`)
  return bytes
}

function bodyOf(operation: Operation, drawn: Drawn): { readonly body: Buffer | null; readonly type: string | null } {
  const { chance, how } = drawn
  if (operation.files.length > 0) {
    const { bytes, how: what } = fileBytes(chance)
    how.push(`a file: ${what}`)
    return { body: bytes, type: chance.pick(operation.files) }
  }
  if (operation.body !== null) return { body: jsonOf(operation.body, drawn), type: 'application/json' }
  if (operation.method === 'GET' || chance.often(0.9)) return { body: null, type: null }
  how.push('a body nobody asked for')
  return { body: Buffer.from(rawIn(JSON.stringify(nasty(drawn.known, chance)))), type: 'application/json' }
}

const OTHER_TARGETS = [
  '/',
  '/health/live',
  '/health/ready',
  '/metrics',
  '/docs',
  '/docs.css',
  '/openapi.json',
  '/api/v1',
  '/api/v1/',
  '/api/v2/calls',
  '/api/v1/calls/',
  '/API/V1/CALLS',
  '/phone',
  '/..%2f..%2fetc%2fpasswd',
  '/assets/../../package.json',
  '//evil.example/',
  '/%',
  '/%00',
  '/\\',
  '/api/v1/__proto__',
  '/api/v1/calls;x',
  'http://evil.example/api/v1/session',
  '*',
  '',
  '/api/v1/calls?'.padEnd(9_000, 'a'),
]
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'QUERY', 'get', 'G E T', '']

/** Somebody who may, mostly. */
function askerFor(operation: Operation | null, { round, chance }: Drawn): Asker {
  const may = round.askers.filter(
    ({ role, scope }) => operation?.roles?.includes(role ?? '') || (scope !== null && scope === operation?.scope),
  )
  return may.length > 0 && chance.often(0.75) ? chance.pick(may) : chance.pick(round.askers)
}

/** The `index`th of a run. The same seed and index draw the same request, but for the ids of the world it is sent to. */
export function requestFor(round: Round, operations: readonly Operation[], index: number, late: boolean): Sent {
  const chance = seededChance(`${round.seed}/${index}`)
  const how: string[] = []
  const drawn: Drawn = { round, known: round, chance, how, late }
  let operation = chance.often(0.03) ? null : (operations[index % operations.length] ?? null)
  const asker = askerFor(operation, drawn)
  const target = operation === null ? chance.pick(OTHER_TARGETS) : pathOf(operation, drawn) + queryOf(operation, drawn)
  const { body, type } = operation === null ? { body: null, type: null } : bodyOf(operation, drawn)
  let method = operation?.method ?? chance.pick(METHODS)
  if (operation !== null && chance.often(0.02)) {
    method = chance.pick(METHODS)
    how.push(`method ${method}`)
  }
  const { path } = operation ?? {}
  // Another method may be another operation of the same address.
  if (method !== operation?.method) operation = operations.find((one) => one.path === path && one.method === method) ?? null
  const accepts = Object.keys(Object.values(operation?.answers ?? {})[0] ?? {})
  const accept = accepts.length > 0 && chance.often(0.5) ? chance.pick(accepts) : null
  const own: [string, string][] = [['host', '127.0.0.1:4080'], ...Object.entries(asker.headers)]
  if (accept !== null) own.push(['accept', accept])
  if (type !== null) own.push(['content-type', type])
  if (operation?.takesKey && chance.often(0.3)) own.push(['idempotency-key', `key-${chance.between(1, 3)}`])
  const headers = dress(own, chance, how)
  const framing: Framing = chance.often(0.04)
    ? chance.pick(['short', 'long', 'chunked', 'badChunk', 'both', 'noLength', 'negative'])
    : 'good'
  if (framing !== 'good') how.push(`framed: ${framing}`)
  const { bytes, whole } = framed({ method, target, headers, body, framing })
  const said = `${target} ${decodeSafe(target)} ${body?.toString() ?? ''}`
  // The secret of a token and of a user is told once.
  const isKeyed =
    whole &&
    operation?.takesKey === true &&
    !/\/tokens|POST \S+\/users$|\/password/.test(operation.name) &&
    headers.some(([name]) => name === 'idempotency-key')
  return { operation, asker, bytes, how, whole, said, isKeyed }
}

/** As a reader of addresses would; what cannot be decoded stands for itself. */
function decodeSafe(target: string): string {
  return target.replaceAll(/(?:%[0-9a-f]{2})+/gi, (piece) => Buffer.from(piece.replaceAll('%', ''), 'hex').toString('utf8'))
}
