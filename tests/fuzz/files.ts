/** Files of contacts, numbers and cards: good ones, made bad by a byte, a cell, a quote, or as a whole. */
import type { SeededChance } from '#sim/chance.ts'

const CELLS = [
  '+46701740691',
  '070-174 06 92',
  '0701740693',
  '112',
  '',
  'Åsa Öberg',
  '"',
  '"a',
  'a"b',
  '""',
  '=1+1',
  '@x',
  'a\0b',
  '\u202ea',
  'x'.repeat(3_000),
  '\t',
  '\\',
  '0'.repeat(60),
  '2026-13-45',
  '٠٧٠',
  "'+46701740694",
  '__proto__',
  'Europe/Nowhere',
  'sv',
  '09:00-08:00',
  '"a\r\nb"',
  '<b>',
  '🤦🏽‍♂️',
]
const HEADINGS = [
  'phone',
  'name',
  'Mobil',
  'Namn',
  'company',
  'reason',
  'orsak',
  '__proto__',
  'constructor',
  '',
  'phone',
  'zone',
  'language',
  'from',
  'to',
  'id',
  'x'.repeat(300),
  '"',
  'number',
  'given',
  'family',
]
const CARDS = [
  'BEGIN:VCARD',
  'VERSION:3.0',
  'FN:Åsa',
  'N:Ek;Nils;;;',
  'TEL:+46701740695',
  'TEL;TYPE=cell,work;PREF=1:070',
  'item1.TEL:1',
  'FN;ENCODING=QUOTED-PRINTABLE:=C3=85=',
  'FN;CHARSET=x:y',
  ' folded',
  'X-A:'.padEnd(5_000, 'b'),
  'END:VCARD',
  'END:VCARD',
  '',
  ':',
  ';',
  'TEL',
  'TEL;;;:::',
  'PHOTO;ENCODING=b:AAAA',
  'BEGIN:VCARD',
]

function table(chance: SeededChance): string {
  const delimiter = chance.pick([',', ';', '\t', '|'])
  const end = chance.pick(['\n', '\r\n', '\r'])
  const columns = chance.between(1, 6)
  const row = (from: readonly string[]) =>
    Array.from({ length: columns + (chance.often(0.1) ? 1 : 0) }, () => chance.pick(from)).join(delimiter)
  const header = chance.often(0.7) ? ['phone', ...(columns > 1 ? [chance.pick(['name', 'Namn'])] : [])].join(delimiter) : row(HEADINGS)
  const good = () => [`+467017406${chance.between(10, 99)}`, ...Array.from({ length: columns - 1 }, () => 'x')].join(delimiter)
  const rows = Array.from({ length: chance.pick([0, 1, 3, 30]) }, () => (chance.often(0.5) ? good() : row(CELLS)))
  return [...(chance.often(0.1) ? [`sep=${delimiter}`] : []), header, ...rows].join(end)
}

const cards = (chance: SeededChance): string =>
  ['BEGIN:VCARD', ...Array.from({ length: chance.pick([2, 8, 40]) }, () => chance.pick(CARDS)), 'END:VCARD'].join(
    chance.pick(['\n', '\r\n']),
  )

/** A byte here and there, a piece twice, a piece less. */
export function damaged(bytes: Buffer, chance: SeededChance): Buffer {
  const at = chance.between(0, bytes.length)
  const to = Math.min(bytes.length, at + chance.between(1, 40))
  const kinds: readonly (() => Buffer)[] = [
    () => bytes.subarray(0, at),
    () => Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]),
    () => Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]),
    () => Buffer.concat([bytes.subarray(0, at), Buffer.from([chance.between(0, 255)]), bytes.subarray(Math.min(at + 1, bytes.length))]),
    () =>
      Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(chance.pick(['"', '\0', '\r', '\u2028', '{', ']', ',', '\\', '😀', '__proto__'])),
        bytes.subarray(at),
      ]),
  ]
  return chance.pick(kinds)()
}

export function fileBytes(chance: SeededChance): { readonly bytes: Buffer; readonly how: string } {
  const isCards = chance.often(0.25)
  const text = isCards ? cards(chance) : table(chance)
  const encoding = chance.pick(['utf8', 'utf8', 'utf8', 'latin1', 'utf16le'] as const)
  const bytes = Buffer.from((encoding === 'utf16le' && chance.often(0.7) ? '\ufeff' : '') + text, encoding)
  const what = `${isCards ? 'cards' : 'table'} in ${encoding}`
  if (chance.often(0.5)) return { bytes, how: what }
  if (chance.often(0.1)) return { bytes: Buffer.from(Array.from({ length: 400 }, () => chance.between(0, 255))), how: 'bytes of no kind' }
  return { bytes: damaged(bytes, chance), how: `${what}, damaged` }
}
