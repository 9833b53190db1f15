/**
 * vCards 3.0 (RFC 2426) and 4.0 (RFC 6350), with what telephones and Apple's address book put into them. A reader of our own: those
 * that can be had read only 4.0, or do not say on which line something is wrong.
 */
import type { FaultReason } from '#ports/contact-files.ts'
import type { Placed, Row, Wrong } from './draft.ts'

interface Line {
  readonly text: string
  /** Of its first part, from 1. */
  readonly line: number
}

interface Property {
  readonly group: string
  readonly name: string
  readonly params: ReadonlyMap<string, readonly string[]>
  readonly value: string
  readonly line: number
  /** Where the value begins, from 1. */
  readonly column: number
}

export type Card = { readonly row: Row } | { readonly wrong: Wrong; readonly whole: boolean }

/** A line that begins with a space or a tab goes on the one before (RFC 6350, 3.2). */
function* unfolded(text: string): Generator<Line> {
  let current: { text: string; line: number } | null = null
  let number = 0
  for (const raw of text.split(/\r\n|\r|\n/u)) {
    number += 1
    if (/^[ \t]/u.test(raw) && current !== null) {
      current.text += raw.slice(1)
      continue
    }
    if (current !== null && current.text !== '') yield current
    current = { text: raw, line: number }
  }
  if (current !== null && current.text !== '') yield current
}

/** The first such character outside double quotes. */
function indexOutsideQuotes(text: string, wanted: string, from = 0): number {
  let quoted = false
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted
    else if (!quoted && text[at] === wanted) return at
  }
  return -1
}

function splitOutsideQuotes(text: string, wanted: string): string[] {
  const parts: string[] = []
  let from = 0
  for (let at = indexOutsideQuotes(text, wanted); at !== -1; at = indexOutsideQuotes(text, wanted, from)) {
    parts.push(text.slice(from, at))
    from = at + 1
  }
  return [...parts, text.slice(from)]
}

function propertyOf({ text, line }: Line): Property | null {
  const colon = indexOutsideQuotes(text, ':')
  const [head = '', ...rest] = splitOutsideQuotes(text.slice(0, Math.max(colon, 0)), ';')
  const [, group = '', name] = /^(?:([\w-]+)\.)?([\w-]+)$/u.exec(head) ?? []
  if (colon === -1 || name === undefined) return null
  const params = new Map<string, string[]>()
  for (const param of rest) {
    const equals = param.indexOf('=')
    // 2.1 and some 3.0 write `TEL;CELL` for `TEL;TYPE=CELL`.
    const [key, values] = equals === -1 ? ['TYPE', param] : [param.slice(0, equals).toUpperCase(), param.slice(equals + 1)]
    const given = splitOutsideQuotes(values, ',').flatMap((value) => value.replaceAll('"', '').split(','))
    params.set(key, [...(params.get(key) ?? []), ...given])
  }
  return { group: group.toLowerCase(), name: name.toUpperCase(), params, value: text.slice(colon + 1), line, column: colon + 2 }
}

/** RFC 6350, 3.4: `\n`, `\,`, `\;`, `\\`. */
const plain = (value: string): string => value.replace(/\\(.)/gu, (_, escaped: string) => (/n/iu.test(escaped) ? '\n' : escaped))

/** Parts of a value between such characters that are not escaped, as plain text. */
const partsOf = (value: string, separator: ';' | ','): string[] =>
  [...value.matchAll(separator === ';' ? /((?:\\.|[^\\;])*)(?:;|$)/gu : /((?:\\.|[^\\,])*)(?:,|$)/gu)].map(([, part]) =>
    plain(part ?? '').trim(),
  )

const placed = ({ name, value, line, column }: Property, text = plain(value)): Placed => ({ text, line, column, field: name })

/** Types that say what a number is for; `voice` and `pref` say nothing. */
const LABELS: Readonly<Record<string, string>> = {
  cell: 'mobile',
  iphone: 'mobile',
  work: 'work',
  home: 'home',
  main: 'main',
  other: 'other',
}
const NO_TELEPHONE = ['fax', 'pager', 'modem', 'bbs']

const typesOf = (property: Property): readonly string[] => (property.params.get('TYPE') ?? []).map((type) => type.trim().toLowerCase())

/** Apple writes a label of its own beside a grouped property: `item1.X-ABLabel:_$!<Mobile>!$_`. */
function labelOf(property: Property, all: readonly Property[]): string | null {
  const beside = property.group === '' ? undefined : all.find(({ group, name }) => group === property.group && name === 'X-ABLABEL')
  if (beside !== undefined)
    return (
      plain(beside.value)
        .replace(/^_\$!<(.*)>!\$_$/u, '$1')
        .trim() || null
    )
  const labels = typesOf(property).flatMap((type) => LABELS[type] ?? [])
  return labels.includes('mobile') ? 'mobile' : (labels[0] ?? null)
}

/** `tel:+46-70-174-06-12;ext=1` (RFC 3966) and plain text both occur in 4.0. */
const numberIn = (value: string): string => {
  const text = plain(value).trim()
  return /^tel:/iu.test(text) ? (text.slice('tel:'.length).split(';')[0] ?? '') : text
}

const FIELDS: Readonly<Record<string, string>> = { EMAIL: 'email', TITLE: 'title', ROLE: 'role', NOTE: 'note', URL: 'url', ADR: 'address' }

/** Fields of the organisation's own: what we know of the rest, and every `X-` that is not a program's. */
function fieldsOf(all: readonly Property[]): (readonly [string, Placed])[] {
  const seen = new Map<string, number>()
  return all.flatMap((property) => {
    const { name, params, value } = property
    const own = name === 'X-SAMTAL-FIELD' ? params.get('NAME')?.join(',') : FIELDS[name]
    if (own === undefined) return []
    const times = (seen.get(own) ?? 0) + 1
    seen.set(own, times)
    const text =
      name === 'ADR'
        ? partsOf(value, ';')
            .filter((part) => part !== '')
            .join(', ')
        : plain(value)
    return [[times === 1 ? own : `${own} ${times}`, placed(property, text)] as const]
  })
}

function nameOf(all: readonly Property[]): Placed | null {
  const written = all.find(({ name, value }) => name === 'FN' && plain(value).trim() !== '')
  if (written !== undefined) return placed(written)
  const parts = all.find(({ name }) => name === 'N')
  if (parts === undefined) return null
  const [family = '', given = '', middle = ''] = partsOf(parts.value, ';')
  return placed(parts, [given, middle, family].filter((part) => part !== '').join(' '))
}

function cardOf(all: readonly Property[], line: number): Card {
  const version = all.find(({ name }) => name === 'VERSION')
  const wrong = (at: Wrong['at'], reason: FaultReason): Card => ({ wrong: { at, reason }, whole: false })
  if (version === undefined || !['3.0', '4.0'].includes(version.value.trim())) {
    const { column, line: at } = version ?? { column: null, line }
    return wrong({ line: at, column, field: 'VERSION' }, 'vcard.version')
  }
  const company = all.find(({ name }) => name === 'ORG')
  const telephones = all.filter((property) => property.name === 'TEL' && !typesOf(property).some((type) => NO_TELEPHONE.includes(type)))
  return {
    row: {
      line,
      id: all.find(({ name }) => name === 'UID')?.value.trim() ?? null,
      name: nameOf(all),
      company:
        company === undefined
          ? null
          : placed(
              company,
              partsOf(company.value, ';')
                .filter((part) => part !== '')
                .join(', '),
            ),
      numbers: telephones.map((property) => ({ ...placed(property, numberIn(property.value)), label: labelOf(property, all) })),
      fields: fieldsOf(all),
    },
  }
}

/** Cards and faults in the order of the file. A line that is none spoils its card only. */
export function* vcards(text: string): Generator<Card> {
  let card: { readonly line: number; readonly properties: Property[]; spoilt: Wrong | null } | null = null
  const unfinished = (line: number): Card => ({
    wrong: { at: { line, column: null, field: 'BEGIN' }, reason: 'vcard.unfinished' },
    whole: false,
  })
  for (const line of unfolded(text)) {
    const property = propertyOf(line)
    const marks = property !== null && /^vcard$/iu.test(property.value.trim()) ? property.name : null
    if (marks === 'BEGIN') {
      if (card !== null) yield unfinished(card.line)
      card = { line: line.line, properties: [], spoilt: null }
    } else if (card === null) {
      if (line.text.trim() !== '') yield { wrong: { at: { line: line.line, column: 1, field: null }, reason: 'vcard.line' }, whole: false }
    } else if (marks === 'END') {
      yield card.spoilt === null ? cardOf(card.properties, card.line) : { wrong: card.spoilt, whole: false }
      card = null
    } else if (property === null) {
      card.spoilt ??= { at: { line: line.line, column: 1, field: null }, reason: 'vcard.line' }
    } else card.properties.push(property)
  }
  if (card !== null) yield unfinished(card.line)
}
