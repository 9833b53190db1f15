/** Values a schema takes, and what people with bad intentions send in their place. */
import type { SeededChance } from '#sim/chance.ts'
import type { Schema } from './document.ts'

/** What a value may stand for, so that what is sent names something that is there. */
export interface Known {
  /** Ids of the world, one's own and others'. */
  readonly ids: readonly string[]
  readonly numbers: readonly string[]
}

/** JSON has no way to write these as values: put in as text after it is written. */
const RAW = '@@raw:'
export const RAW_VALUES = [
  '1e999',
  '-1e999',
  '1e-999',
  '-0',
  '123456789012345678901234567890',
  '0.1e1',
  '01',
  'NaN',
  'undefined',
  '+1',
  '.5',
]
export const rawIn = (json: string): string => json.replaceAll(/"@@raw:([^"]*)"/g, '$1')

const DATES = [
  '2026-11-25T10:00:00Z',
  '2099-12-31T23:59:59.999Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '1969-12-31T23:59:59Z',
  '2026-02-30T10:00:00Z',
  '2026-06-30T23:59:60Z',
  '+275760-09-13T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '2026-11-25T10:00:00+23:59',
  '2026-11-25t10:00:00z',
  '2026-11-25',
  '2026-11-25T10:00:00.123456789Z',
] as const

/** Words that mean something to some program: ours, a shell, a database, a page, a spreadsheet, a switch, a terminal, a log. */
const TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  'true',
  "' OR '1'='1",
  "'; DROP TABLE persons; --",
  '%',
  '_',
  '\\',
  '"',
  '*',
  'a* OR b NEAR(c)',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '=1+1',
  '+1-1',
  '@SUM(A1)',
  '-2+3',
  '\t=cmd',
  '$(id)',
  '`id`',
  '{{7*7}}',
  ['..', '..', '..', 'etc', 'passwd'].join('/'),
  'file:///etc/passwd',
  '\r\nSet-Cookie: a=b',
  '\u202egnp.exe',
  '\u200b\u200b',
  '\ufeff',
  '\ud800',
  'e\u0301'.repeat(40),
  '🤦🏽‍♂️'.repeat(20),
  'İıſK',
  '１２３',
  '٠١٢٣',
  '+46701740685;phone-context=x',
  'sip:anna@example.com',
  'agent:anna',
  'agent:',
  'agent:__proto__',
  'queue:sales',
  'queue:constructor',
  '112',
  '+46112',
  '0046701740698',
  '070-174 06 98',
  '+'.repeat(30),
  '0'.repeat(39),
  '1e3',
  '0x10',
  'anna',
  'admin',
] as const

const NUMBERS = [0, -1, 1, 0.5, -0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21, 1e308, 5e-324, 86_400_000 * 366 * 300] as const
const LENGTHS = [101, 201, 501, 2_001, 60_000] as const

/** By the patterns of the document, what they take. */
const BY_PATTERN = [
  '1',
  '09:00-17:00',
  'SE',
  '2026-12-24',
  'a'.repeat(64),
  '2027-01-05T10:00:00Z',
  'spring',
  '+46701740698',
  'name,number',
  'A',
]

const isNumberName = (name: string): boolean => /number|phone|^to$|callerId|text/i.test(name)

function textOf(schema: Schema, name: string, known: Known, chance: SeededChance): string {
  const { pattern, format, minLength = 0, maxLength = 40 } = schema
  if (format === 'date-time') return chance.often(0.7) ? (DATES[chance.between(0, 1)] ?? '') : chance.pick(DATES)
  const wanted = isNumberName(name) ? [...known.numbers, 'agent:bo', 'queue:sales'] : [...known.ids, 'lunch', 'x', 'Åsa Öberg']
  const fits = (text: string): boolean =>
    text.length >= minLength && text.length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(text))
  const fitting = [...(chance.often(0.3) ? TEXTS : wanted), ...(pattern === undefined ? [] : BY_PATTERN)].filter(fits)
  return fitting.length > 0 ? chance.pick(fitting) : 'x'.repeat(Math.max(1, minLength))
}

/** Near its least more often than not: what is large is asked for by mutation. */
function numberOf({ type, minimum = 0, maximum = 1_000 }: Schema, chance: SeededChance): number {
  const most = chance.often(0.8) ? Math.min(maximum, minimum + 3) : maximum
  const one = chance.pick([minimum, most, chance.between(Math.ceil(minimum), Math.floor(most))])
  return type === 'integer' ? Math.trunc(one) : one
}

function recordOf(schema: Schema, known: Known, chance: SeededChance): Record<string, unknown> {
  const { properties = {}, required = [], patternProperties = {} } = schema
  const given = Object.entries(properties).filter(([name]) => required.includes(name) || chance.often(0.4))
  const own = given.map(([name, one]) => [name, validOf(one, known, chance, name)] as const)
  const others = Object.entries(patternProperties).map(
    ([pattern, one]) => [textOf({ pattern }, 'key', known, chance), validOf(one, known, chance)] as const,
  )
  return Object.fromEntries([...own, ...others])
}

/** A value the schema takes, as far as it can be told from the schema. */
export function validOf(schema: Schema, known: Known, chance: SeededChance, name = ''): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return chance.pick(schema.enum)
  if (schema.anyOf !== undefined) return validOf(chance.pick(schema.anyOf), known, chance, name)
  switch (schema.type) {
    case 'string':
      return textOf(schema, name, known, chance)
    case 'integer':
    case 'number':
      return numberOf(schema, chance)
    case 'boolean':
      return chance.often(0.5)
    case 'null':
      return null
    case 'array': {
      const { items = {}, minItems = 0, maxItems = 3 } = schema
      const count = chance.between(minItems, Math.max(minItems, Math.min(maxItems, minItems + 2)))
      return Array.from({ length: count }, () => validOf(items, known, chance, name))
    }
    case 'object':
      return recordOf(schema, known, chance)
    default:
      return chance.pick(TEXTS)
  }
}

function deep(levels: number, chance: SeededChance): unknown {
  let value: unknown = chance.pick(TEXTS)
  const asList = chance.often(0.5)
  for (let level = 0; level < levels; level++) value = asList ? [value] : { a: value }
  return value
}

/** Anything at all. */
export function nasty(known: Known, chance: SeededChance): unknown {
  const kinds: readonly (() => unknown)[] = [
    () => chance.pick(TEXTS),
    () => chance.pick(TEXTS),
    () => chance.pick(known.ids),
    () => chance.pick(known.numbers),
    () => chance.pick(NUMBERS),
    () => RAW + chance.pick(RAW_VALUES),
    () => chance.pick(DATES),
    () => 'x'.repeat(chance.pick(LENGTHS)),
    () => chance.pick([null, true, false]),
    () => chance.pick<object>([[], {}, [null], [[]], { a: {} }, { toString: 1 }, { length: 1 }]),
    () => deep(chance.pick([3, 50, 500]), chance),
    () => `${RAW}${'['.repeat(5_000)}1${']'.repeat(5_000)}`,
    () => Array.from({ length: chance.pick([1, 100, 1_000]) }, () => chance.pick(TEXTS)),
  ]
  return chance.pick(kinds)()
}

/** Sets it as a field even where it is a prototype's name. */
function withField(record: object, name: string, value: unknown): object {
  const copy = { ...record }
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true })
  return copy
}

/** What was changed, and what came of it. */
export interface Mutated {
  readonly value: unknown
  readonly how: string
}

/** One thing about a value made wrong: a field less, one more, one of another kind, somewhere in it. */
export function mutated(value: unknown, known: Known, chance: SeededChance): Mutated {
  if (typeof value !== 'object' || value === null || chance.often(0.08)) return { value: nasty(known, chance), how: 'another value' }
  if (Array.isArray(value)) {
    const at = chance.between(0, value.length)
    if (at === value.length || chance.often(0.3)) return { value: [...value, nasty(known, chance)], how: 'one more in a list' }
    const inner = mutated(value[at], known, chance)
    return { value: value.with(at, inner.value), how: `[${at}] ${inner.how}` }
  }
  const names = Object.keys(value)
  if (names.length === 0 || chance.often(0.25)) {
    const name = chance.pick(['__proto__', 'constructor', 'toString', 'id', 'role', 'user', 'agentId', 'isAdmin', 'x', '', '\0', '$where'])
    return { value: withField(value, name, nasty(known, chance)), how: `field ${JSON.stringify(name)} more` }
  }
  const name = chance.pick(names)
  if (chance.often(0.2)) {
    const { [name]: _, ...rest } = value as Record<string, unknown>
    return { value: rest, how: `no field ${name}` }
  }
  const inner = mutated(Reflect.get(value, name), known, chance)
  return { value: withField(value, name, inner.value), how: `${name}: ${inner.how}` }
}
