/**
 * The solution file: one organisation's contact centre as people write it. JSON (comments allowed), durations in seconds.
 * A scenario's `settings` is the same with nothing required. Published as docs/schema/solution.schema.json.
 * What a schema cannot say (that a queue named exists, that a number is no emergency number) is checked by the reader.
 */
import Type, { type Static, type TSchema } from 'typebox'

const strict = { additionalProperties: false } as const
const ID = '^[A-Za-z][A-Za-z0-9_-]{0,39}$'
const Id = (description: string) => Type.String({ pattern: ID, description })
const Text = (description: string, maxLength = 100) => Type.String({ minLength: 1, maxLength, description })
const Seconds = (description: string, minimum: number, maximum: number) => Type.Number({ minimum, maximum, description })
const Count = (description: string, minimum: number, maximum: number) => Type.Integer({ minimum, maximum, description })
/** Calendar months, in the solution's zone. */
const Months = (description: string) => Count(description, 1, 120)
const ById = <T extends TSchema>(schema: T, description: string) =>
  Type.Record(Type.String({ pattern: ID }), schema, { ...strict, description })
const Name = Text('A name people read')
const DAY_KEY =
  '^(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?(,(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?)*$'

/** Where a caller goes next, as written: exactly one of `menu`, `queue`, `hours` (with `open` and `closed`), `message`, `hangUp`. */
export interface FileTarget {
  readonly menu?: string
  readonly queue?: string
  readonly hours?: string
  readonly open?: FileTarget
  readonly closed?: FileTarget
  readonly message?: string
  readonly then?: FileTarget
  readonly hangUp?: true
}
const Target = Type.Unsafe<FileTarget>({ $ref: '#/$defs/Target' })

const targetFields = {
  menu: Type.Optional(Id('The menu played')),
  queue: Type.Optional(Id('The queue joined')),
  hours: Type.Optional(Id('The opening hours asked; with open and closed')),
  open: Type.Optional(Target),
  closed: Type.Optional(Target),
  message: Type.Optional(Text('The prompt played')),
  then: Type.Optional(Target),
  hangUp: Type.Optional(Type.Literal(true)),
}

export const definitions = {
  Target: Type.Object(targetFields, {
    ...strict,
    minProperties: 1,
    description: 'Where a caller goes next: exactly one of menu, queue, hours (with open and closed), message (with then), hangUp',
  }),
}

const Number_ = Type.Object(
  {
    name: Type.Optional(Name),
    language: Type.Optional(Type.Enum(['sv', 'en'], { description: 'The language of its prompts' })),
    trunk: Type.Optional(Id('The trunk it comes over')),
    ...targetFields,
  },
  { ...strict, description: 'A number of ours and where its callers go: exactly one of menu, queue, hours, message, hangUp' },
)

const Window = Type.String({
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$',
  description: 'From–to by the local clock, as 08:00-17:00; past midnight is written as two days',
})
const Windows = Type.Array(Window, { maxItems: 24 })

/** Opening hours by weekday (`mon`, `mon-fri`, `tue,thu`), and dates that differ. */
export interface FileHours {
  readonly [days: string]: readonly string[] | Readonly<Record<string, readonly string[]>> | undefined
  readonly holidays?: Readonly<Record<string, readonly string[]>>
}
const Hours = Type.Unsafe<FileHours>({
  type: 'object',
  properties: {
    holidays: Type.Record(Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }), Windows, {
      ...strict,
      description: 'Dates with hours of their own; an empty list: closed all day',
    }),
  },
  patternProperties: { [DAY_KEY]: Windows },
  additionalProperties: false,
  description: 'Open windows by weekday, in the zone of the solution. A day not named is closed',
})

const Menu = Type.Object(
  {
    name: Type.Optional(Name),
    prompt: Text('The prompt played'),
    choices: Type.Record(Type.String({ pattern: '^[0-9*#]$' }), Target, { ...strict, description: 'Where each digit leads' }),
    tries: Type.Optional(Count('Wrong digits and silences together, the last leads out. Default 3', 1, 10)),
    silenceSeconds: Type.Optional(Seconds('Silence after the prompt that counts as no answer. Default 5', 1, 60)),
    otherwise: Type.Optional(Target),
  },
  strict,
)

const Callback = Type.Object(
  {
    digit: Type.Optional(Type.String({ pattern: '^[0-9*#]$', description: 'Orders a callback while waiting. Default 2' })),
    attempts: Type.Optional(Count('Attempts that may reach the customer. Default 1', 1, 3)),
    pauseSeconds: Type.Optional(Seconds('Before each further attempt. Default 30', 0, 86_400)),
    ringSeconds: Type.Optional(Seconds('How long the customer is rung. Default 30', 15, 120)),
    giveUp: Type.Optional(
      Type.Enum(['closing', 'nextDay', '72h'], { description: 'At closing, at the next open day’s closing (default), or after 72 hours' }),
    ),
    webOrderHours: Type.Optional(Count('How long one ordered over the API is valid, instead of giveUp. Default 72', 1, 720)),
    askWhichNumber: Type.Optional(Type.Boolean({ description: 'false: the caller’s own number is read back at once. Default true' })),
    retryVoicemail: Type.Optional(Type.Boolean({ description: 'A call the agent marked as voicemail is tried again. Default false' })),
    waitingMax: Type.Optional(Count('Callbacks waiting in this queue at most. Default 100', 1, 10_000)),
    offerAfterSeconds: Type.Optional(
      Type.Union([Seconds('The offer is announced this long after joining', 0, 3600), Type.Null()], {
        description: 'null (default): never announced; the digit works all the same',
      }),
    ),
    offerWhenWaitOverSeconds: Type.Optional(
      Seconds('Announced only when the expected wait is over this; unknown counts as over. Default 0', 0, 86_400),
    ),
    callerId: Type.Optional(Text('One of our numbers, shown to the customer. Default: the number he called', 30)),
    wrapUpAfterUnanswered: Type.Optional(Type.Boolean({ description: 'Wrap-up after an attempt that reached nobody. Default false' })),
  },
  strict,
)

const Queue = Type.Object(
  {
    name: Type.Optional(Name),
    skill: Type.Optional(Id('The skill an agent needs')),
    priority: Type.Optional(Count('A higher one is served first. Default 0', 0, 1000)),
    slaSeconds: Type.Optional(Seconds('To be answered within. 0: none. Default 20', 0, 86_400)),
    music: Type.Optional(Text('Music on hold. Default: default', 40)),
    hours: Type.Optional(Id('Opening hours. Default: always open')),
    waitingMax: Type.Optional(Count('Callers waiting on the line at most. Default 100', 0, 100_000)),
    waitSecondsMax: Type.Optional(Seconds('The longest wait on the line. Default: none', 1, 86_400)),
    announceEverySeconds: Type.Optional(Seconds('How often place and expected wait are told. Default: never', 15, 3600)),
    exits: Type.Optional(
      Type.Object(
        { closed: Type.Optional(Target), full: Type.Optional(Target), noAgents: Type.Optional(Target), timedOut: Type.Optional(Target) },
        { ...strict, description: 'Where callers go who cannot wait here. Default: a message, then the call ends' },
      ),
    ),
    closedExitForWaiting: Type.Optional(Type.Boolean({ description: 'Closing throws out those already on the line. Default false' })),
    wrapUpSeconds: Type.Optional(Seconds('After a conversation. Default 0', 0, 3600)),
    ringAgentSeconds: Type.Optional(Seconds('How long an agent is rung. Default 20', 5, 120)),
    welcome: Type.Optional(Text('Played to both when caller and agent are joined')),
    handlingSeconds: Type.Optional(Seconds('Mean handling time where it is not known yet. Default 180', 1, 86_400)),
    retentionMonths: Type.Optional(Months('How long its calls are kept, where that is another time than retention.callsMonths')),
    callback: Type.Optional(Callback),
  },
  strict,
)

const Phone = Type.Object(
  {
    desk: Type.Optional(Id('A phone in the browser')),
    sip: Type.Optional(Id('A registered SIP account')),
    number: Type.Optional(Text('Any telephone number', 30)),
  },
  { ...strict, minProperties: 1, maxProperties: 1 },
)

const Agent = Type.Object(
  {
    name: Type.Optional(Name),
    skills: Type.Optional(
      Type.Record(Type.String({ pattern: ID }), Type.Integer({ minimum: 1, maximum: 10 }), {
        ...strict,
        description: 'Skills with their level, 10 the highest. Left out: every skill',
      }),
    ),
    queues: Type.Optional(Type.Array(Id('A queue'), { maxItems: 200, description: 'The queues served. Left out: all' })),
    phone: Type.Optional(Phone),
    wrapUpSeconds: Type.Optional(Seconds('After own calls. Default 0', 0, 3600)),
    emergencyCallerId: Type.Optional(
      Text('One of our numbers, shown to an emergency number this agent calls: that of the agent’s place. Default: that of outbound', 30),
    ),
  },
  strict,
)

const Host = (description: string) => Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$', description })

const TrunkAccount = Type.Object(
  {
    user: Type.String({ pattern: '^[A-Za-z0-9+._@-]{1,80}$', description: 'The name the provider knows us by' }),
    passwordEnv: Type.Optional(
      Type.String({ pattern: '^[A-Z][A-Z0-9_]{0,63}$', description: 'The environment variable that holds the password' }),
    ),
    passwordFile: Type.Optional(Text('The file that holds the password', 400)),
    register: Type.Optional(Type.Boolean({ description: 'We register with the provider, so that calls find us. Default true' })),
  },
  {
    ...strict,
    description: 'Calls out are authenticated with it. Exactly one of passwordEnv and passwordFile: no password stands in this file',
  },
)

const Trunk = Type.Object(
  {
    endpoint: Type.Optional(Text('What the switch calls it. Default: its id', 80)),
    country: Type.Optional(
      Type.String({ pattern: '^[A-Z]{2}$', description: 'By whose rules its numbers are read. Default: the solution’s' }),
    ),
    host: Type.Optional(Host('The provider’s SIP server. Needed where Samtal writes Asterisk’s configuration')),
    port: Type.Optional(Count('Its port. Default 5060, over TLS 5061', 1, 65_535)),
    transport: Type.Optional(Type.Enum(['udp', 'tcp', 'tls'], { description: 'Default udp' })),
    srtp: Type.Optional(Type.Boolean({ description: 'Speech is encrypted too (SDES); only over TLS. Default false' })),
    addresses: Type.Optional(
      Type.Array(Type.String({ pattern: '^[0-9A-Fa-f.:]{3,45}(/[0-9]{1,3})?$' }), {
        minItems: 1,
        maxItems: 50,
        description: 'Addresses and networks its calls come from, as 192.0.2.0/24. Default: its host',
      }),
    ),
    account: Type.Optional(TrunkAccount),
  },
  strict,
)

const Limits = Type.Object(
  {
    countries: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }), { maxItems: 250, description: 'Further countries that may be called' }),
    ),
    barredPrefixes: Type.Optional(
      Type.Array(Type.String({ pattern: '^\\+[0-9]{1,14}$' }), { maxItems: 1000, description: 'Beginnings of numbers never called' }),
    ),
    shortNumbers: Type.Optional(
      Type.Array(Type.String({ pattern: '^[0-9]{3,6}$' }), { maxItems: 1000, description: 'Short numbers that may be called' }),
    ),
    premium: Type.Optional(Type.Boolean({ description: 'Premium numbers may be called. Default false' })),
    sharedCost: Type.Optional(Type.Boolean({ description: 'Shared-cost numbers may be called. Default false' })),
    outboundLiveMax: Type.Optional(
      Count('Numbers outside that agents are calling or talking with at one time at most. Default 100', 0, 100_000),
    ),
    outboundLiveMaxPerAgent: Type.Optional(
      Count('The same of one agent, consulted or given a call by transfer counted as long as they are on the line. Default 10', 0, 100_000),
    ),
    callsToOneNumberADay: Type.Optional(
      Count('Calls of agents to one number in a day at most, consults and transfers among them. Default 20', 0, 10_000),
    ),
    liveCallsMax: Type.Optional(Count('Calls at once at most. Default 5000', 1, 100_000)),
    callHoursMax: Type.Optional(Count('A line is ended after so many hours, warned of a quarter of an hour before. Default 12', 12, 168)),
    callsPerSecondMax: Type.Optional(Count('New calls a second at most. Default 40', 1, 10_000)),
  },
  strict,
)

const Outbound = Type.Object(
  {
    queueName: Type.Optional(Text('The name of the queue agents’ own calls are shown in. Default Outbound')),
    ringSeconds: Type.Optional(Seconds('How long the number called is rung. Default 30', 15, 120)),
    ringOwnSeconds: Type.Optional(Seconds('How long the agent’s own phone is rung first. Default 30', 5, 120)),
    callerId: Type.Optional(Text('One of our numbers, shown to whom is called. Default: the first', 30)),
    callerIds: Type.Optional(Type.Array(Text('One of our numbers agents may pick instead', 30), { maxItems: 100 })),
    music: Type.Optional(Text('What a customer on hold hears. Default: default', 40)),
    emergencyCalls: Type.Optional(
      Type.Enum(['on', 'off'], { description: 'Whether agents’ phones can call emergency numbers. Default on' }),
    ),
    emergencyTrunk: Type.Optional(Id('The trunk emergency numbers are rung over. Default: the first')),
  },
  { ...strict, description: 'Agents’ own calls' },
)

const Retention = Type.Object(
  {
    callsMonths: Type.Optional(
      Months(
        'A call is kept for so long after its end, with its facts, notes and row in the archive; one that is not over stays. Default 12',
      ),
    ),
    contactsOfEndedCampaignMonths: Type.Optional(
      Months('Contacts of a campaign are kept for so long after it ended: stopped, or nobody left to call. Default 3'),
    ),
    auditMonths: Type.Optional(Months('An entry of the audit log; never shorter than calls are kept. Default 24')),
  },
  { ...strict, description: 'How long what is kept by age: calendar months. What is older leaves by itself, once a day' },
)

const Switchboards = Type.Array(Type.String({ minLength: 1, maxLength: 30 }), {
  maxItems: 10_000,
  description:
    'Numbers of others behind which several people stand, as +46850000000: each may have a callback of his own, and is asked for a name or extension',
})

const common = {
  $schema: Type.Optional(Type.String({ description: 'Where an editor finds this schema' })),
  zone: Type.Optional(Type.String({ minLength: 1, description: 'IANA time zone. Default Europe/Stockholm' })),
  country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$', description: 'By whose rules numbers are read. Default SE' })),
  language: Type.Optional(Type.Enum(['sv', 'en'], { description: 'Default sv' })),
  menus: Type.Optional(ById(Menu, 'Menus by id')),
  hours: Type.Optional(ById(Hours, 'Opening hours by id')),
  queues: Type.Optional(ById(Queue, 'Queues by id')),
  agents: Type.Optional(ById(Agent, 'Agents by id')),
  trunks: Type.Optional(
    ById(Trunk, 'Trunks by id, in the order they are tried: where one fails before a phone rang, the next. First that of the line called'),
  ),
  prompts: Type.Optional(
    Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9._-]{0,79}$' }), Type.Number({ minimum: 0, maximum: 600 }), {
      ...strict,
      description: 'Lengths of prompts in seconds, where they differ from the recorded ones; 0: not played',
    }),
  ),
  maskedFor: Type.Optional(
    Type.Array(Type.Enum(['agent', 'supervisor', 'campaignManager']), {
      uniqueItems: true,
      description: 'Roles that see numbers of people masked, everywhere but in the directory. Default: none',
    }),
  ),
  pauseReasons: Type.Optional(Type.Array(Text('A reason', 40), { minItems: 1, maxItems: 30 })),
  restSeconds: Type.Optional(Seconds('Rest after a rejected or unanswered offer. Default 10', 0, 600)),
  rungBackSeconds: Type.Optional(Seconds('How long a phone lost in a conversation is waited for and rung back. Default 20', 5, 120)),
  offersMissedMax: Type.Optional(Count('Offers missed in a row that pause an agent. Default 3', 1, 100)),
  switchboards: Type.Optional(Switchboards),
  outbound: Type.Optional(Outbound),
  limits: Type.Optional(Limits),
  retention: Type.Optional(Retention),
}
const numbers = Type.Record(Type.String({ pattern: '^\\+[0-9]{5,15}$' }), Number_, {
  ...strict,
  description: 'Our numbers, as +46850000000',
})

/** The whole file of `samtal serve --solution FILE`. */
export const SolutionFile = Type.Object({ name: Name, numbers, ...common }, { ...strict, title: 'Samtal solution', $defs: definitions })
/** The `settings` of a scenario: nothing is required. */
export const Settings = Type.Object(
  { name: Type.Optional(Name), numbers: Type.Optional(numbers), ...common },
  { ...strict, title: 'Samtal settings of a scenario', $defs: definitions },
)

export type SettingsFile = Static<typeof Settings>
export type FileMenu = Static<typeof Menu>
export type FileQueue = Static<typeof Queue>
export type FileCallback = Static<typeof Callback>
export type FileOutbound = Static<typeof Outbound>
export type FileAgent = Static<typeof Agent>
export type FileTrunk = Static<typeof Trunk>
