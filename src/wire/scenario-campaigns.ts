/** The campaigns of a scenario file: settings in people's units, the list of contacts, and what their owner does. */
import Type from 'typebox'
import { CampaignSettings } from './campaigns.ts'

const strict = { additionalProperties: false } as const
const At = Type.Number({ minimum: 0, maximum: 31_536_000, description: 'Seconds from the story’s start' })
const ID = '^[A-Za-z][A-Za-z0-9_-]{0,39}$'
const Number_ = Type.String({ pattern: '^\\+[0-9]{5,15}$' })
const Window = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' })

const Contact = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 100, description: 'As it is called in the archive' }),
    phone: Number_,
    phone2: Type.Optional(Number_),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    zone: Type.Optional(Type.String({ minLength: 1, description: 'IANA time zone. Default: the solution’s' })),
    language: Type.Optional(Type.String({ minLength: 2, maxLength: 10 })),
    from: Type.Optional(At),
    to: Type.Optional(At),
    window: Type.Optional(Window),
    columns: Type.Optional(Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 2_000 }))),
  },
  strict,
)

const { name, mode } = CampaignSettings.properties
const { properties: rest } = Type.Omit(CampaignSettings, ['name', 'mode', 'startsAt', 'country'])

const ScenarioCampaign = Type.Object(
  {
    name: Type.Optional(name),
    mode,
    ...(Type.Partial(Type.Object(rest)).properties as { [K in keyof typeof rest]: Type.TOptional<(typeof rest)[K]> }),
    contacts: Type.Array(Contact, { maxItems: 10_000, description: 'In the list when the story begins' }),
    does: Type.Optional(
      Type.Array(
        Type.Object(
          {
            at: At,
            do: Type.Enum(['start', 'pause', 'stop']),
            refused: Type.Optional(Type.String({ pattern: '^[a-zA-Z]+\\.[a-zA-Z]+$' })),
          },
          strict,
        ),
      ),
    ),
  },
  { ...strict, description: 'One list of contacts, and the settings it is worked by. Left out: always open, one attempt, no wrap-up' },
)

/** Whose campaign it is, by the id its queue has too. */
export const ScenarioCampaigns = Type.Record(Type.String({ pattern: ID }), ScenarioCampaign, { ...strict, description: 'By id' })
