/**
 * The file of `samtal play FILE`: a scripted story with the settings it runs under and what is expected of it. JSON (comments
 * allowed), times in seconds from the story's start. Published as docs/schema/scenario.schema.json.
 */
import Type, { type Static } from 'typebox'
import { DIRECTIONS, EVENT_KINDS, LEG_OUTCOMES, RESULTS } from './calls.ts'
import { CAMPAIGN_MODES } from './campaigns.ts'
import { ScenarioCampaigns } from './scenario-campaigns.ts'
import { definitions, Settings } from './solution.ts'

const strict = { additionalProperties: false } as const
const At = Type.Number({ minimum: 0, maximum: 31_536_000, description: 'Seconds from the story’s start' })
const Duration = Type.Number({ minimum: 0, maximum: 31_536_000, description: 'Seconds' })
const Id = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,39}$' })
const NUMBER = '^\\+[0-9]{5,15}$'
const Refused = Type.Optional(
  Type.String({ pattern: '^[a-zA-Z]+\\.[a-zA-Z]+$', description: 'The rules are expected to say no, with this code' }),
)
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** Exactly one of the first six; `talks` beside the two that answer. Checked by the reader: a schema of alternatives names no field. */
export type FileReaction =
  | { readonly answersAfter: number; readonly talks?: number }
  | { readonly rings: number }
  | { readonly busyAfter: number }
  | { readonly rejectsAfter: number }
  | { readonly failsWith: 'notInUse' }
  | { readonly voicemailAfter: number; readonly talks?: number }
const Reaction = Type.Unsafe<FileReaction>(
  Type.Object(
    {
      answersAfter: Type.Optional(Duration),
      rings: Type.Optional(Duration),
      busyAfter: Type.Optional(Duration),
      rejectsAfter: Type.Optional(Duration),
      failsWith: Type.Optional(Type.Literal('notInUse')),
      voicemailAfter: Type.Optional(Duration),
      talks: Type.Optional(Duration),
    },
    { ...strict, minProperties: 1, maxProperties: 2, description: 'What somebody does when rung; talks runs from the own answer' },
  ),
)
const WhenCalled = Type.Array(Reaction, { minItems: 1, maxItems: 100, description: 'The 1st, 2nd … time, the last repeating' })

const Press = Type.Object(
  {
    at: Type.Optional(At),
    afterAnswer: Type.Optional(Type.Number({ minimum: 0, description: 'Seconds from our answer, in place of at' })),
    digits: Type.String({ pattern: '^[0-9*#]{1,40}$', description: 'Pressed all at once' }),
  },
  strict,
)

const Person = Type.Object(
  {
    calls: Type.Optional(
      Type.Array(
        Type.Object(
          {
            at: At,
            to: Type.String({ pattern: NUMBER, description: 'A number of the settings' }),
            withheld: Type.Optional(Type.Boolean({ description: 'The number is not shown to us' })),
            presses: Type.Optional(Type.Array(Press)),
            hangsUpAt: Type.Optional(At),
          },
          strict,
        ),
      ),
    ),
    orders: Type.Optional(
      Type.Array(
        Type.Object(
          {
            at: At,
            queue: Id,
            notBefore: Type.Optional(At),
            name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
            extension: Type.Optional(Type.String({ minLength: 1, maxLength: 20, description: 'Whom to ask for behind a switchboard' })),
            refused: Refused,
          },
          strict,
        ),
        { description: 'Web orders of a callback' },
      ),
    ),
    whenCalled: Type.Optional(WhenCalled),
  },
  strict,
)

/** What an agent can do in a story. */
const AGENT_DEEDS = [
  'return',
  'pause',
  'logOn',
  'logOff',
  'extendWrapUp',
  'answer',
  'reject',
  'hangUp',
  'markVoicemail',
  'dial',
  'cancel',
  'hold',
  'resume',
  'mute',
  'unmute',
  'digits',
  'consult',
  'abortConsult',
  'swap',
  'conference',
  'transfer',
  'losePhone',
  'call',
  'cancelContact',
  'reschedule',
  'markUnanswered',
] as const

const Agent = Type.Object(
  {
    starts: Type.Optional(Type.Enum(['ready', 'paused', 'loggedOff'], { description: 'Default ready' })),
    answersAfter: Type.Optional(Duration),
    whenCalled: Type.Optional(WhenCalled),
    does: Type.Optional(
      Type.Array(
        Type.Object(
          {
            at: At,
            do: Type.Enum([...AGENT_DEEDS], {
              description:
                'answer, reject and cancel: the buttons of the desk; call, reject and cancelContact: those of a Preview card; hangUp: on the phone; losePhone: it drops the call, and no ring reaches it for as many seconds as are said',
            }),
            to: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 50,
                description:
                  'dial, consult, transfer: a number, agent:ID, or (not to dial) queue:ID. A transfer without it is to whoever is consulted. Never an emergency number. reschedule: agent:ID, to that agent',
              }),
            ),
            callerId: Type.Optional(Type.String({ minLength: 1, maxLength: 30, description: 'dial: the number of ours to show' })),
            digits: Type.Optional(Type.String({ pattern: '^[0-9*#]{1,40}$', description: 'digits: sent to the other party' })),
            seconds: Type.Optional(
              Type.Number({ minimum: 0, maximum: 31_536_000, description: 'Of extendWrapUp and losePhone; of reschedule: in so long' }),
            ),
            aloneSeconds: Type.Optional(
              Type.Number({
                minimum: 0,
                maximum: 31_536_000,
                description: 'Of reschedule to an agent: that one’s alone for so long, then anyone’s',
              }),
            ),
            refused: Refused,
          },
          strict,
        ),
      ),
    ),
  },
  strict,
)

const Supervisor = Type.Object(
  {
    does: Type.Array(
      Type.Object(
        {
          at: At,
          do: Type.Enum(['deleteCallback', 'callNow', 'listDoNotCall', 'liftDoNotCall'], {
            description: 'listDoNotCall, liftDoNotCall: no campaign calls this number any more, or it may again',
          }),
          number: Type.String({ pattern: NUMBER, description: 'The customer’s' }),
          note: Type.Optional(Type.String({ maxLength: 500 })),
          refused: Refused,
        },
        strict,
      ),
    ),
  },
  strict,
)

const ExpectedEvent = Type.Object(
  {
    kind: Type.Optional(Type.Enum([...EVENT_KINDS])),
    from: Type.Optional(At),
    to: Type.Optional(nullable(At)),
    at: Type.Optional(At),
    queue: Type.Optional(Type.String()),
    menu: Type.Optional(Type.String()),
    choice: Type.Optional(Type.String()),
    agents: Type.Optional(Type.Array(Type.String())),
    number: Type.Optional(Type.String({ description: 'The outside number joined' })),
    unanswered: Type.Optional(Type.Integer()),
    label: Type.Optional(Type.String()),
    by: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
  },
  { ...strict, description: 'The fields given must match, to the millisecond; at: from and to' },
)

const ExpectedLeg = Type.Object(
  {
    party: Type.Optional(Type.Enum(['customer', 'agent', 'external'])),
    agentId: Type.Optional(Type.String()),
    number: Type.Optional(Type.String({ description: 'Of a customer or an outside party' })),
    attempt: Type.Optional(Type.Integer()),
    requested: Type.Optional(At),
    ringing: Type.Optional(nullable(At)),
    answered: Type.Optional(nullable(At)),
    ended: Type.Optional(nullable(At)),
    holds: Type.Optional(
      Type.Array(Type.Object({ from: At, to: nullable(At) }, strict), { description: 'When it was on hold; complete and in order' }),
    ),
    outcome: Type.Optional(nullable(Type.Enum([...LEG_OUTCOMES]))),
    by: Type.Optional(Type.Enum(['party', 'us', 'network'])),
    cause: Type.Optional(nullable(Type.Integer())),
    notCounted: Type.Optional(Type.String()),
  },
  strict,
)

const ExpectedCall = Type.Object(
  {
    direction: Type.Optional(Type.Enum([...DIRECTIONS])),
    origin: Type.Optional(Type.String()),
    mode: Type.Optional(Type.Enum([...CAMPAIGN_MODES])),
    campaign: Type.Optional(Type.String()),
    contact: Type.Optional(Type.String({ description: 'Its id in the list' })),
    attempt: Type.Optional(Type.Integer({ minimum: 1, description: 'Of the contact’s, 1 the first' })),
    result: Type.Optional(Type.Enum([...RESULTS])),
    from: Type.Optional(At),
    to: Type.Optional(nullable(At)),
    queues: Type.Optional(Type.Array(Type.String())),
    agents: Type.Optional(Type.Array(Type.String())),
    unanswered: Type.Optional(Type.Integer()),
    askFor: Type.Optional(Type.String({ description: 'Whom to ask for behind the switchboard called back' })),
    waitSeconds: Type.Optional(nullable(Duration)),
    waitToCustomerSeconds: Type.Optional(nullable(Duration)),
    speakSeconds: Type.Optional(Type.Union([Duration, Type.Record(Type.String(), Duration)], { description: 'Of the call, or by agent' })),
    wrapSeconds: Type.Optional(Type.Record(Type.String(), Duration)),
    holdSeconds: Type.Optional(Type.Record(Type.String(), Duration)),
    relatedCalls: Type.Optional(Type.Array(Type.Integer({ minimum: 1 }), { description: 'Places in this list, from 1' })),
    events: Type.Optional(Type.Array(ExpectedEvent, { description: 'Complete and in order' })),
    legs: Type.Optional(Type.Array(ExpectedLeg, { description: 'Complete and in order' })),
  },
  strict,
)

const Hearing = Type.Object(
  {
    at: At,
    who: Type.Record(Type.String({ pattern: '^(\\+[0-9]{5,15}|[A-Za-z][A-Za-z0-9_-]{0,39})$' }), Type.Array(Type.String()), {
      ...strict,
      description:
        'By number or agent: the numbers and agents heard, music:NAME (ringing among them) and prompt:NAME. Exactly those on the line are named',
    }),
  },
  { ...strict, description: 'Who hears whom, at an instant at which nothing else happens' },
)

export const ScenarioFile = Type.Object(
  {
    $schema: Type.Optional(Type.String({ description: 'Where an editor finds this schema' })),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    why: Type.Optional(Type.String({ description: 'Where the expected events come from' })),
    startsAt: Type.Optional(
      Type.String({
        pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$',
        description: 'By the solution’s clock. Default 2026-11-23T09:00',
      }),
    ),
    endsAt: Type.Optional(Type.Number({ minimum: 0, description: 'The story is looked at then. Default: when every call has ended' })),
    settings: Settings,
    people: Type.Optional(Type.Record(Type.String({ pattern: NUMBER }), Person, { ...strict, description: 'By their number' })),
    agents: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,39}$' }), Agent, strict)),
    supervisors: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,39}$' }), Supervisor, strict)),
    campaigns: Type.Optional(ScenarioCampaigns),
    network: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Object({ at: At, for: Duration, fault: Type.Enum(['trunkDown', 'slow', 'loseEvents']) }, strict),
          Type.Object(
            {
              at: At,
              for: Duration,
              fault: Type.Literal('trunkDown'),
              trunk: Type.String({ minLength: 1, maxLength: 40, description: 'That trunk alone' }),
            },
            strict,
          ),
        ]),
        { description: 'Faults of the simulated network' },
      ),
    ),
    engine: Type.Optional(Type.Array(Type.Object({ at: At, do: Type.Literal('restart') }, strict))),
    expect: Type.Optional(
      Type.Object(
        {
          calls: Type.Array(ExpectedCall, { description: 'Complete and in order of start' }),
          hears: Type.Optional(Type.Array(Hearing, { description: 'By the simulated network’s own account' })),
          received: Type.Optional(
            Type.Record(Type.String(), Type.String(), { description: 'The digits sent to a number or agent in the whole story' }),
          ),
        },
        strict,
      ),
    ),
  },
  { ...strict, title: 'Samtal scenario', $defs: definitions },
)
export type ScenarioFile = Static<typeof ScenarioFile>
