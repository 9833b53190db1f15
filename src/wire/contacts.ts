/** The lists of campaigns: contacts, the files they come in, whom nobody may call, and the card an agent sees. */
import Type, { type Static } from 'typebox'
import { LEG_OUTCOMES, listOf } from './calls.ts'
import { CONTACT_STATES, eachOf } from './campaigns.ts'

const strict = { additionalProperties: false } as const
const Instant = Type.String({ format: 'date-time' })
/** Null first: a validator that coerces would make an empty string of it. */
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([Type.Null(), schema])
const Id = Type.String({ minLength: 1, maxLength: 100 })
const Count = (description?: string) => Type.Integer({ minimum: 0, ...(description === undefined ? {} : { description }) })

export const CONTACT_OUTCOMES = [
  ...LEG_OUTCOMES.filter((outcome) => outcome !== 'withdrawn'),
  'silent',
  'voicemail',
  'cancelled',
  'notCalled',
]

/** Why nobody may call a number, by the rules of numbers. */
const NUMBER_BARS = ['invalid', 'emergency', 'own', 'premium', 'sharedCost', 'country', 'prefix'] as const

export const CampaignContact = Type.Object({
  id: Type.String(),
  importId: Type.String(),
  phone: Type.String(),
  phone2: Nullable(Type.String()),
  externalId: Nullable(Type.String()),
  name: Nullable(Type.String()),
  zone: Type.String(),
  language: Nullable(Type.String()),
  columns: Type.Record(Type.String(), Type.String()),
  state: listOf(CONTACT_STATES),
  tries: Count('counted'),
  outcome: Nullable(Type.String({ description: CONTACT_OUTCOMES.join(', ') })),
  dueAt: Nullable(Instant),
  triedAt: Nullable(Instant),
  /** Rescheduled to this agent; until `anyoneAt`, then to anyone. */
  forAgent: Nullable(Type.String()),
  anyoneAt: Nullable(Instant),
  barred: Nullable(listOf(NUMBER_BARS)),
  topics: Type.Array(Type.String()),
  calls: Type.Array(Type.String(), { description: 'ids, in the archive' }),
})
export type CampaignContact = Static<typeof CampaignContact>
export const CampaignContacts = Type.Object({
  items: Type.Array(CampaignContact),
  next: Nullable(Type.String()),
  columns: Type.Array(Type.String(), { description: 'names of the list’s own columns' }),
})
export type CampaignContacts = Static<typeof CampaignContacts>
export const ContactsQuery = Type.Object(
  {
    state: Type.Optional(listOf(CONTACT_STATES)),
    q: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Beginning of a name or external id, or digits of a number' }),
    ),
    after: Type.Optional(Type.String({ maxLength: 200 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  strict,
)
export const ByContact = Type.Object({ id: Id, contactId: Id }, strict)
export const ByImport = Type.Object({ id: Id, importId: Id }, strict)

/* ---------------------------------------------------------------- files */

/** What a column of a file is; a column named by none of these is one of the list's own. */
export const CONTACT_FIELDS = ['phone', 'phone2', 'externalId', 'name', 'zone', 'language', 'from', 'to', 'fromTime', 'toTime'] as const

const Column = Type.String({ minLength: 1, maxLength: 100, description: 'A column’s heading in the file' })
export const ImportMapping = Type.Object(
  {
    ...eachOf(CONTACT_FIELDS, Type.Optional(Column)),
    phone: Column,
    /** Columns not to be kept. */
    skip: Type.Optional(Type.Array(Column, { maxItems: 200 })),
  },
  strict,
)
export type ImportMapping = Static<typeof ImportMapping>

/** The mapping in one parameter each, `phone=Mobil&name=Namn`, and how the file is to be read. */
export const UploadQuery = Type.Object(
  {
    fileName: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    how: Type.Optional(listOf(['add', 'replace'] as const)),
    encoding: Type.Optional(
      Type.String({ minLength: 1, maxLength: 40, description: 'A name of the Encoding Standard; else told from the file' }),
    ),
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1, description: 'Else told from the file' })),
    sha256: Type.Optional(
      Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Of the file: one that was confirmed before is known without being read' }),
    ),
    ...eachOf(CONTACT_FIELDS, Type.Optional(Column)),
    skip: Type.Optional(Type.String({ maxLength: 20_000, description: 'Headings of columns not to be kept, as a JSON list' })),
  },
  strict,
)

export const LookQuery = Type.Object({ encoding: UploadQuery.properties.encoding, delimiter: UploadQuery.properties.delimiter }, strict)

/** What a file looks like, from its beginning. */
export const ImportLook = Type.Object({
  encoding: Type.String(),
  delimiter: Type.String(),
  columns: Type.Array(Type.String()),
  rows: Type.Array(Type.Array(Type.String()), { description: 'the first of them' }),
  /** By the headings: what each field probably is. */
  mapping: Type.Partial(ImportMapping),
})
export type ImportLook = Static<typeof ImportLook>

export const ImportCounts = Type.Object({
  rows: Count(),
  valid: Count(),
  invalid: Count(),
  duplicateInFile: Count('of the valid: met before in this file'),
  duplicateInList: Count('of the valid: in the list already'),
  doNotCall: Count('of the valid: on a do-not-call list'),
  added: Count('would be called, or was added'),
})
export const IMPORT_STATES = ['reading', 'ready', 'confirmed', 'undone', 'abandoned'] as const
/** One file: read and judged (`ready`), and only then, by a confirmation, part of the list. */
export const CampaignImport = Type.Object({
  id: Type.String(),
  campaignId: Type.String(),
  at: Instant,
  by: Type.String(),
  fileName: Type.String(),
  how: listOf(['add', 'replace'] as const),
  state: listOf(IMPORT_STATES),
  counts: ImportCounts,
  bytes: Count('of the file, read so far'),
})
export type CampaignImport = Static<typeof CampaignImport>
export const CampaignImports = Type.Object({ items: Type.Array(CampaignImport) })

/** One row that is not taken: `line` as an editor counts. */
export const RowFault = Type.Object({
  row: Count(),
  line: Count(),
  column: Nullable(Type.String()),
  code: Type.String(),
  value: Type.Optional(Type.String({ description: 'what stood there, or the beginning of it' })),
})

/* ---------------------------------------------------------------- whom nobody may call */

export const DoNotCallListing = Type.Object({
  /** null: erased; the number is not called all the same. */
  number: Nullable(Type.String()),
  erased: Type.Optional(Type.Literal(true)),
  /** null: for every campaign. */
  campaignId: Nullable(Type.String()),
  source: Type.String(),
  reason: Nullable(Type.String()),
  until: Nullable(Instant),
  addedAt: Instant,
})
export type DoNotCallListing = Static<typeof DoNotCallListing>
export const DoNotCallRow = Type.Object({
  id: Nullable(Type.String({ description: 'by which it is lifted; null: erased, it is lifted by its number alone' })),
  ...DoNotCallListing.properties,
})
export type DoNotCallRow = Static<typeof DoNotCallRow>
export const DoNotCallPage = Type.Object({ items: Type.Array(DoNotCallRow), next: Nullable(Type.String()) })
export const DoNotCallQuery = Type.Object(
  {
    campaign: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Of this campaign alone; `all`: those of every campaign' }),
    ),
    digits: Type.Optional(Type.String({ pattern: '^[+0-9 ()/-]{1,40}$', description: 'Of the number, in any writing' })),
    after: Type.Optional(Type.String({ maxLength: 300 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  },
  strict,
)
export const AddDoNotCall = Type.Object(
  {
    number: Type.String({ minLength: 3, maxLength: 40, description: 'Any way of writing it' }),
    campaignId: Type.Optional(Nullable(Id)),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    until: Type.Optional(Nullable(Instant)),
  },
  strict,
)
/** By the id of its row; or by the number, and the campaign if it holds in one alone. */
export const LiftDoNotCall = Type.Object(
  {
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    number: Type.Optional(Type.String({ minLength: 3, maxLength: 40 })),
    campaign: Type.Optional(Id),
  },
  strict,
)
export const DoNotCallFileQuery = Type.Object(
  { campaign: Type.Optional(Id), reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })), until: Type.Optional(Instant) },
  strict,
)
export const DoNotCallImported = Type.Object({
  rows: Count(),
  added: Count('that were not there yet'),
  faults: Type.Array(RowFault, { description: 'the first 200' }),
  invalid: Count(),
})

/* ---------------------------------------------------------------- on the agent's desk */

/** The contact an agent has on the screen: before the call (a Preview card), in it, and in the wrap-up after it. */
export const ContactOnDesk = Type.Object({
  contactId: Type.String(),
  campaignId: Type.String(),
  campaign: Type.String({ description: 'its name' }),
  externalId: Nullable(Type.String()),
  language: Nullable(Type.String()),
  zone: Nullable(Type.String()),
  columns: Type.Record(Type.String(), Type.String()),
  /** This try, counted as one. */
  attempt: Type.Integer(),
  attemptsMax: Type.Integer(),
  topics: Type.Array(Type.String(), { description: 'said of this call' }),
  topicsToChoose: Type.Array(Type.String()),
})
export type ContactOnDesk = Static<typeof ContactOnDesk>

/** An offer of a contact who has not been rung: the agent calls, rejects it, or says never to call. */
export const PreviewCard = Type.Object({
  callId: Type.String({ description: 'the offer’s id too' }),
  entryId: Type.String(),
  number: Nullable(Type.String()),
  erased: Type.Optional(Type.Boolean()),
  name: Type.Optional(Type.String()),
  contact: ContactOnDesk,
  /** Left alone so long it goes to the next agent. */
  until: Instant,
  /** It calls by itself then. */
  callsAt: Nullable(Instant),
  /** A time was agreed with the contact, or a silent call is made good. */
  why: Nullable(listOf(['rescheduled', 'afterSilent'] as const)),
})
export type PreviewCard = Static<typeof PreviewCard>

/** An instant, or a time by the contact's own clock (`2027-03-28T02:30`): one that is skipped is due when the gap ends, a repeated one the first time. */
export const Reschedule = Type.Object(
  {
    at: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?(Z|[+-]\\d{2}:\\d{2})?$' }),
    for: Type.Optional(listOf(['me', 'anyone'] as const)),
    forMinutes: Type.Optional(
      Type.Integer({
        description: 'with `for` me: mine for so long, 1 minute to 7 days, then anyone’s; it counts from when the calling hours are open',
      }),
    ),
  },
  strict,
)
export const SetTopics = Type.Object({ topics: Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 100 }) }, strict)
