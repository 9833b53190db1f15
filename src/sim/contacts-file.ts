/**
 * A list of made-up people as a file, as large as wanted: the same seed, the same bytes. Numbers are spread over Sweden's mobile ones, none
 * twice; some rows are bad in the ways lists are, and some cells have line breaks, quotes and delimiters in them.
 */
import { type SeededChance, seededChance } from './chance.ts'

export interface ContactsFileAsked {
  readonly rows: number
  /** In all, the five known ones among them; at least 5. */
  readonly columns: number
  readonly seed: number
  /** Share of rows that are bad, 0–1. */
  readonly bad: number
  readonly delimiter: string
}

export const COLUMNS_MIN = 5
/** Rows written at a time. */
const BLOCK = 1_000
/** Share of rows with a line break within a cell. */
const BROKEN_LINES = 0.03

const FIRST =
  'Anna Eva Maria Karin Kristina Lena Sara Kerstin Emma Ingrid Åsa Elin Ulla Linnéa Lars Mikael Anders Johan Erik Per Göran Örjan Björn José Fatima Ali'.split(
    ' ',
  )
const LAST =
  'Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Jönsson Lindberg Lindström Bergström Lundqvist Sjöberg Håkansson Åberg Öberg Ek Ali'.split(
    ' ',
  )
const CITIES = 'Lund Umeå Kiruna Örebro Ystad Malmö Åre Göteborg Stockholm Växjö Visby Luleå'.split(' ')
const STREETS = 'Storgatan Kungsgatan Drottninggatan Ängsvägen Björkvägen Skolgatan Åvägen Hamngatan'.split(' ')
const PREFIXES = ['70', '72', '73', '76']
const KNOWN = ['telefon', 'telefon 2', 'kundnummer', 'namn', 'adress']

/** No factor in common with 10^7, so that every seven digits come once before any comes again. */
const SPREAD = 2_654_435
const DIGITS = 10_000_000

function numberOf(index: number, chance: SeededChance): string {
  const digits = String((index * SPREAD) % DIGITS).padStart(7, '0')
  const prefix = PREFIXES[Math.floor(index / DIGITS + index) % PREFIXES.length] ?? '70'
  const way = chance.between(0, 3)
  if (way === 0) return `+46${prefix}${digits}`
  if (way === 1) return `0${prefix}-${digits.slice(0, 3)} ${digits.slice(3, 5)} ${digits.slice(5)}`
  return way === 2 ? `0${prefix}${digits}` : `0046 ${prefix} ${digits}`
}

/** What stands in lists instead of a number: nothing, words, too few digits, an emergency, a premium and a shared-cost number. */
const BAD = ['', 'okänt', '0701', '112', '0900 123 45 67', '077 567 89 00'] as const

/** RFC 4180. */
const cell = (text: string, delimiter: string): string =>
  text.includes(delimiter) || text.includes('"') || text.includes('\n') ? `"${text.replaceAll('"', '""')}"` : text

function rowOf(index: number, { columns, bad, delimiter }: ContactsFileAsked, chance: SeededChance): string {
  const street = `${chance.pick(STREETS)} ${chance.between(1, 99)}`
  const city = chance.pick(CITIES)
  const cells = [
    chance.often(bad) ? chance.pick(BAD) : numberOf(index, chance),
    '',
    `K${String(index).padStart(7, '0')}`,
    `${chance.pick(FIRST)} ${chance.pick(LAST)}`,
    chance.often(BROKEN_LINES) ? `${street}\nc/o "${chance.pick(LAST)}"\n${city}` : `${street}${delimiter} ${city}`,
  ]
  for (let column = KNOWN.length; column < columns; column += 1) cells.push(column % 3 === 0 ? city : String(chance.between(0, 99_999)))
  return cells.map((text) => cell(text, delimiter)).join(delimiter)
}

/** The file in pieces. */
export function* contactsFile(asked: ContactsFileAsked): Generator<string> {
  const chance = seededChance(`contacts ${asked.seed}`)
  const own = Array.from({ length: Math.max(0, asked.columns - KNOWN.length) }, (_, index) => `fält ${index + 1}`)
  yield `${[...KNOWN, ...own].join(asked.delimiter)}\n`
  for (let from = 0; from < asked.rows; from += BLOCK) {
    const rows = Array.from({ length: Math.min(BLOCK, asked.rows - from) }, (_, index) => rowOf(from + index, asked, chance))
    yield `${rows.join('\n')}\n`
  }
}
