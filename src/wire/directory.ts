/** The directory: contacts with numbers and fields of their own, and beside them agents and queues, as they are found. */
import Type, { type Static } from 'typebox'
import { listOf } from './calls.ts'
import { AGENT_STATES } from './live.ts'

const strict = { additionalProperties: false } as const
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Instant = Type.String({ format: 'date-time' })

const ContactNumber = Type.Object({ number: Type.String(), label: Nullable(Type.String()) })

export const Contact = Type.Object({
  id: Type.String(),
  name: Type.String(),
  company: Nullable(Type.String()),
  numbers: Type.Array(ContactNumber),
  fields: Type.Record(Type.String(), Type.String(), { description: 'Of the organisation’s own, by name' }),
  revision: Type.Integer({ description: 'One more with each change' }),
  changedAt: Instant,
})
export type Contact = Static<typeof Contact>

const written = {
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  company: Nullable(Type.String({ maxLength: 200 })),
  numbers: Type.Array(
    Type.Object(
      {
        number: Type.String({ minLength: 1, maxLength: 60, description: 'Any way of writing it; kept as E.164' }),
        label: Type.Optional(Nullable(Type.String({ maxLength: 60 }))),
      },
      strict,
    ),
    { minItems: 1, maxItems: 20 },
  ),
  fields: Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Type.String({ maxLength: 2000 }), { maxProperties: 50 }),
}

export const WriteContact = Type.Object(
  { name: written.name, company: Type.Optional(written.company), numbers: written.numbers, fields: Type.Optional(written.fields) },
  strict,
)
export type WriteContact = Static<typeof WriteContact>

/** What is left out stays. With `revision` nothing is written where somebody else has changed it since. */
export const ChangeContact = Type.Object(
  {
    name: Type.Optional(written.name),
    company: Type.Optional(written.company),
    numbers: Type.Optional(written.numbers),
    fields: Type.Optional(written.fields),
    revision: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { ...strict, minProperties: 1 },
)
export type ChangeContact = Static<typeof ChangeContact>

export const FindQuery = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 100, description: 'Beginnings of words, or digits of a number in any writing' })),
    after: Type.Optional(Type.String({ maxLength: 100, description: 'The `next` of the page before' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  strict,
)

export const DirectoryItem = Type.Union([
  Type.Object({
    kind: Type.Literal('agent'),
    id: Type.String(),
    name: Type.String(),
    state: listOf(AGENT_STATES),
    since: Instant,
  }),
  Type.Object({
    kind: Type.Literal('queue'),
    id: Type.String(),
    name: Type.String(),
    open: Type.Boolean(),
    ready: Type.Integer({ description: 'agents serving it who are ready' }),
  }),
  Type.Object({
    kind: Type.Literal('contact'),
    id: Type.String(),
    name: Type.String(),
    company: Nullable(Type.String()),
    numbers: Type.Array(ContactNumber),
  }),
])
export type DirectoryItem = Static<typeof DirectoryItem>

/** Agents and queues first, on the first page; then contacts, best first. */
export const DirectoryPage = Type.Object({
  items: Type.Array(DirectoryItem),
  contacts: Type.Integer({ description: 'contacts found, on all pages' }),
  next: Nullable(Type.String()),
})
export type DirectoryPage = Static<typeof DirectoryPage>

export const ContactPage = Type.Object({ items: Type.Array(Contact), found: Type.Integer(), next: Nullable(Type.String()) })

const COLUMN_USES = ['name', 'given', 'middle', 'family', 'company', 'number', 'label', 'field', 'id', 'skip'] as const
const use = `(?:${COLUMN_USES.join('|')})`

export const ImportQuery = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean({ description: 'Only tell what would come of it' })),
    skipFaulty: Type.Optional(Type.Boolean({ description: 'Import the good rows, where others have faults; else none' })),
    format: Type.Optional(listOf(['csv', 'vcard'] as const)),
    encoding: Type.Optional(
      Type.String({ minLength: 1, maxLength: 40, description: 'A name of the Encoding Standard; else told from the file' }),
    ),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1, description: 'Else told from the file' })),
    columns: Type.Optional(
      Type.String({
        pattern: `^${use}(?:,${use})*$`,
        maxLength: 4_000,
        description: `Of a table: what each column is, in their order, with commas between: ${COLUMN_USES.join(', ')}. Else told from the headings`,
      }),
    ),
  },
  strict,
)

export const IMPORT_FAULTS = [
  'encoding.unknown',
  'encoding.wrong',
  'file.empty',
  'file.tooManyRows',
  'header.columns',
  'header.noName',
  'header.noNumber',
  'header.twice',
  'header.unnamed',
  'name.missing',
  'number.invalid',
  'number.missing',
  'row.quote',
  'row.tooWide',
  'value.tooLong',
  'value.tooMany',
  'vcard.line',
  'vcard.unfinished',
  'vcard.version',
] as const

/** added, changed, unchanged and refused add up to the rows. */
export const ImportReport = Type.Object({
  format: listOf(['csv', 'vcard'] as const),
  encoding: Type.String(),
  delimiter: Nullable(Type.String()),
  /** Of a table: what each column was taken for, and what stands in the first row. */
  columns: Type.Array(Type.Object({ heading: Type.String(), as: listOf(COLUMN_USES), example: Type.String() })),
  rows: Type.Integer(),
  added: Type.Integer(),
  changed: Type.Integer(),
  unchanged: Type.Integer(),
  refused: Type.Integer(),
  written: Type.Boolean({ description: 'false: a dry run' }),
  broken: Type.Boolean({ description: 'The file could not be read to its end: nothing of it can be imported' }),
  /** The first 200. `line` from 1; `column`: of a table its column, of a vCard the character. */
  faults: Type.Array(
    Type.Object({
      line: Type.Integer(),
      column: Nullable(Type.Integer()),
      field: Nullable(Type.String()),
      reason: listOf(IMPORT_FAULTS),
    }),
  ),
})
export type ImportReport = Static<typeof ImportReport>
