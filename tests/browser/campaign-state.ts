/** Campaigns, their contacts, imports and the card on a desk, written by hand as the server would send them. */
import type { Campaign, CampaignProgress, CampaignSettings, Campaigns, PaceTable } from '#wire/campaigns.ts'
import type { CampaignContact, CampaignImport, ContactOnDesk, DoNotCallRow, ImportLook, PreviewCard } from '#wire/contacts.ts'
import { daysOf, noWork, overTime, work } from './campaign-pace.ts'

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString()
const HOUR = 3_600

const office = ['09:00-12:00', '16:30-20:00']
export const settings: CampaignSettings = {
  name: 'Autumn renewals',
  mode: 'predictive',
  skill: 'sales',
  priority: 5,
  ratio: 1.5,
  attempts: 4,
  pauseSeconds: 5_400,
  ringSeconds: 25,
  retry: { unanswered: true, busy: true, rejected: false, failed: true },
  retriesFirst: true,
  sort: [{ column: 'city', descending: false, numeric: false }],
  filters: [{ column: 'plan', values: ['gold', 'silver'] }],
  hours: { days: { mon: office, tue: office, wed: office, thu: office, fri: ['09:00-12:00'] }, holidays: { '2026-12-24': [] } },
  periods: office,
  startsAt: null,
  wrapUpSeconds: 20,
  ringAgentSeconds: 15,
  cardSeconds: 60,
  autoCallSeconds: null,
  whenAllSpokenFor: 'inbound',
  silentTarget: 0.03,
  silentAfterSeconds: 2,
  silentMessage: { on: true, reason: null },
  silentAgainAfterHours: 72,
  silentCallback: false,
  mayHangUp: true,
  callerId: null,
  country: 'SE',
  topics: ['Renewed', 'Wants to think', 'Has left'],
  liveMax: 100,
}

const today = {
  placed: 1_284,
  answered: 437,
  connected: 426,
  silent: 11,
  silentWithMessage: 11,
  noAnswer: 653,
  busy: 96,
  rejected: 18,
  notInUse: 31,
  failed: 6,
  withdrawn: 5,
  toAgentMs: 640,
  silentRate: 11 / 437,
  budgetLeft: 2,
}

const campaignOf = (id: string, changed: Partial<CampaignSettings>, live: Partial<Campaign['live']>): Campaign => {
  const own = { ...settings, ...changed }
  return {
    id,
    settings: own,
    revision: 'r1',
    live: {
      id,
      name: own.name,
      mode: own.mode,
      state: 'running',
      startsAt: null,
      agents: { connected: 18, wrapUp: 3, ready: 2, paused: 1, loggedOff: 6 },
      crew: { idle: 1, talking: 18, onTheWay: 0, wrapUp: 3, away: 1, elsewhere: 1 },
      counted: 22,
      inTheAir: 38,
      waiting: 0,
      talking: 18,
      cards: 0,
      today,
      work,
      silentTarget: own.silentTarget,
      limitReached: false,
      pacingFailed: false,
      pace: { mode: own.mode, perMinute: 21 },
      why: null,
      whyUntil: null,
      ...live,
    },
  }
}

const NOBODY = { idle: 0, talking: 0, onTheWay: 0, wrapUp: 0, away: 0, elsewhere: 0 }
const nothingYet = {
  ...today,
  placed: 0,
  answered: 0,
  connected: 0,
  silent: 0,
  silentWithMessage: 0,
  noAnswer: 0,
  busy: 0,
  rejected: 0,
  notInUse: 0,
  failed: 0,
  withdrawn: 0,
  toAgentMs: null,
  silentRate: null,
  budgetLeft: 0,
}
export const campaigns = (): Campaign[] => [
  campaignOf('renewals', {}, {}),
  campaignOf(
    'survey',
    { name: 'Customer survey', mode: 'preview' },
    {
      agents: { connected: 3, ready: 1 },
      crew: { idle: 0, talking: 2, onTheWay: 1, wrapUp: 0, away: 0, elsewhere: 1 },
      inTheAir: 1,
      cards: 4,
      work: {
        ...noWork,
        talkMs: 1.6 * HOUR * 1000,
        onTheWayMs: 0.7 * HOUR * 1000,
        wrapUpMs: 0.5 * HOUR * 1000,
        idleMs: 0.3 * HOUR * 1000,
        talkShare: 0.516,
        idleBetween: { times: 40, meanMs: 41_000, medianMs: 36_000 },
        cardWaitMs: 48_000,
      },
      today: {
        ...nothingYet,
        placed: 61,
        answered: 40,
        connected: 40,
        silentRate: 0,
        noAnswer: 14,
        busy: 4,
        rejected: 1,
        notInUse: 1,
        withdrawn: 1,
      },
      pace: { mode: 'preview', perMinute: 1 },
    },
  ),
  campaignOf(
    'winback',
    { name: 'Win-back', mode: 'power' },
    {
      state: 'running',
      today: { ...today, answered: 300, silent: 10, silentRate: 10 / 300, budgetLeft: -1 },
      limitReached: true,
      pace: { mode: 'progressive', perMinute: 9 },
    },
  ),
  campaignOf(
    'evening',
    { name: 'Evening list' },
    {
      why: 'outsideHours',
      whyUntil: ago(-2 * HOUR),
      inTheAir: 0,
      today: nothingYet,
      work: noWork,
      agents: { ready: 4 },
      crew: { ...NOBODY, idle: 4 },
    },
  ),
  campaignOf(
    'january',
    { name: 'January offers', mode: 'progressive' },
    { state: 'draft', why: 'notRunning', inTheAir: 0, agents: {}, crew: NOBODY, today: nothingYet, work: noWork },
  ),
]

const progress = (): CampaignProgress => ({
  contacts: 12_500,
  byState: {
    waiting: 9_020,
    paused: 870,
    asked: 22,
    underWay: 38,
    reached: 2_117,
    exhausted: 190,
    neverCall: 120,
    doNotCall: 106,
    notInUse: 17,
  },
  byTries: [9_020, 1_790, 948, 428, 314],
  byTry: [
    { answered: 1_183, not: 2_297 },
    { answered: 574, not: 1_116 },
    { answered: 250, not: 492 },
    { answered: 110, not: 204 },
  ],
  hours: [5, 4, 3, 2, 1, 0].map((back) => ({
    at: new Date(Math.floor(Date.now() / 3.6e6) * 3.6e6 - back * 3.6e6).toISOString(),
    calls: 260 - back * 22,
    reached: 92 - back * 9,
    silent: back % 3,
  })),
  today,
  silentTarget: 0.03,
  expected: { callingHours: 31.5, doneAt: ago(-4 * 24 * HOUR) },
})

export const contact = (n: number, more: Partial<CampaignContact> = {}): CampaignContact => ({
  id: `k${n}`,
  importId: 'i1',
  phone: `+4670174061${n}`,
  phone2: n % 2 === 0 ? '+46846500400' : null,
  externalId: `A-${1_000 + n}`,
  name: ['Eva Berg', 'Nils Åkesson', 'Ida Holm', 'Omar Said', 'Lisa Nyman'][n % 5] ?? null,
  zone: 'Europe/Stockholm',
  language: 'sv',
  columns: { city: 'Uppsala', plan: 'gold' },
  state: 'waiting',
  tries: 0,
  outcome: null,
  dueAt: null,
  triedAt: null,
  forAgent: null,
  anyoneAt: null,
  barred: null,
  topics: [],
  calls: [],
  ...more,
})
const contacts = (): CampaignContact[] => [
  contact(0, { state: 'reached', tries: 2, outcome: 'answered', triedAt: ago(900), topics: ['Renewed'], calls: ['D3'] }),
  contact(1, { state: 'paused', tries: 1, outcome: 'unanswered', triedAt: ago(4_000), dueAt: ago(-1_400), calls: ['D4'] }),
  contact(2, {
    state: 'asked',
    tries: 1,
    outcome: 'answered',
    dueAt: ago(-9_000),
    forAgent: 'anna',
    anyoneAt: ago(-12_600),
    calls: ['D3'],
  }),
  contact(3),
  contact(4, { state: 'neverCall', outcome: 'cancelled', calls: ['D2'] }),
]

const importOf = (state: CampaignImport['state']): CampaignImport => ({
  id: 'i1',
  campaignId: 'renewals',
  at: ago(3_000),
  by: 'petra',
  fileName: 'november-list.csv',
  how: 'add',
  state,
  counts: { rows: 12_408, valid: 12_160, invalid: 248, duplicateInFile: 117, duplicateInList: 254, doNotCall: 134, added: 11_655 },
  bytes: 812_000,
})
const look: ImportLook = {
  encoding: 'utf-8',
  delimiter: ';',
  columns: ['Mobil', 'Namn', 'Ort', 'Intern kod'],
  rows: [
    ['070-174 06 12', 'Eva Berg', 'Uppsala', 'x1'],
    ['070-174 06 33', 'Nils Åkesson', 'Lund', 'x2'],
  ],
  mapping: { phone: 'Mobil', name: 'Namn' },
}
const FAULTS = [
  'row,line,column,code,value,earlierLine,since',
  '3,4,Mobil,number.invalid,070-17 40,,',
  "18,19,,duplicateInFile,'+46701740612,7,",
  '51,52,Mobil,number.emergency,112,,',
  "87,88,,duplicateInList,'+46701740633,,2026-11-20T08:15:00.000Z",
  "130,131,,doNotCall,'+46701740618,,",
  '139,140,Ring från,time.invalid,halv nio,,',
  '202,203,Zon,zone.unknown,Europe/Lund,,',
].join('\r\n')

const doNotCall: readonly DoNotCallRow[] = [
  { id: 'row-1', number: '+46701740601', campaignId: null, source: 'silentCall', reason: null, until: null, addedAt: ago(86_400) },
  {
    id: 'row-2',
    number: '+46701740602',
    campaignId: 'renewals',
    source: 'page',
    reason: 'asked at the fair',
    until: ago(-100 * 86_400),
    addedAt: ago(900),
  },
  { id: null, number: null, erased: true, campaignId: null, source: 'page', reason: null, until: null, addedAt: ago(300_000) },
]

const pace: PaceTable = {
  hours: 4,
  agents: 30,
  seed: 1,
  rows: [
    {
      mode: 'progressive',
      calls: 3_100,
      answered: 930,
      silent: 2,
      silentRate: 0.0021,
      worstRate: 0.016,
      talkShare: 0.62,
      busyShare: 0.7,
      idleMsPerCall: 61_000,
    },
    {
      mode: 'power',
      calls: 3_900,
      answered: 1_160,
      silent: 33,
      silentRate: 0.0284,
      worstRate: 0.071,
      talkShare: 0.74,
      busyShare: 0.83,
      idleMsPerCall: 33_000,
    },
    {
      mode: 'predictive',
      calls: 4_300,
      answered: 1_290,
      silent: 35,
      silentRate: 0.0271,
      worstRate: 0.044,
      talkShare: 0.82,
      busyShare: 0.91,
      idleMsPerCall: 17_000,
    },
  ],
}

const onDesk: ContactOnDesk = {
  contactId: 'k1',
  campaignId: 'survey',
  campaign: 'Customer survey',
  externalId: 'A-1001',
  language: 'sv',
  zone: 'Europe/Stockholm',
  columns: { city: 'Uppsala', plan: 'gold', 'customer since': '2019', 'last order': '2026-10-02' },
  attempt: 2,
  attemptsMax: 4,
  topics: ['Renewed'],
  topicsToChoose: settings.topics,
}
export const contactOnDesk = (): ContactOnDesk => onDesk
export const previewCard = (): PreviewCard => ({
  callId: 'card-1',
  entryId: 'entry-1',
  number: '+46701740611',
  name: 'Nils Åkesson',
  contact: onDesk,
  until: ago(-48),
  callsAt: null,
  why: null,
})

/** The answer to a question about campaigns; undefined: it is about something else. */
export function campaignAnswer(
  method: string,
  path: string,
  query: URLSearchParams,
): { readonly status: number; readonly body?: unknown } | undefined {
  const defaults: Campaigns['defaults'] = settings
  if (path === '/campaigns' && method === 'GET')
    return { status: 200, body: { items: campaigns(), defaults, skills: ['sales', 'support'] } }
  if (path === '/do-not-call' && method === 'GET') return { status: 200, body: { items: doNotCall, next: null } }
  if (path === '/pace') return { status: 200, body: pace }
  const [, id, rest = ''] = /^\/campaigns\/([^/]+)(?:\/(.*))?$/.exec(path) ?? []
  if (id === undefined) return undefined
  const found = campaigns().find((one) => one.id === id)
  if (found === undefined) return { status: 404, body: { type: 'about:blank', title: 'Not found', status: 404, code: 'campaign.unknown' } }
  if (rest === '') return { status: 200, body: found }
  if (rest === 'pace') return { status: 200, body: overTime(query.get('range') ?? 'today', found.live) }
  if (rest === 'progress') return { status: 200, body: progress() }
  if (rest === 'days') return { status: 200, body: { items: daysOf(found) } }
  if (rest === 'revivable') return { status: 200, body: { contacts: 190 } }
  if (rest === 'contacts') return { status: 200, body: { items: contacts(), next: null, columns: ['city', 'plan'] } }
  if (rest === 'imports/look') return { status: 200, body: look }
  if (rest === 'imports')
    return { status: method === 'GET' ? 200 : 201, body: method === 'GET' ? { items: [importOf('confirmed')] } : importOf('ready') }
  if (rest.endsWith('/faults')) return { status: 200, body: FAULTS }
  if (rest.endsWith('/confirm')) return { status: 200, body: importOf('confirmed') }
  return undefined
}
