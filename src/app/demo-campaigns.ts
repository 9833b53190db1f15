/** The demonstration's campaigns: one Preview, one Predictive, running at any hour, with made-up contacts whose numbers are nobody's. */
import type { Settings } from '#core/campaign/settings.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { ContactDraft, Contacts } from '#ports/contacts.ts'
import type { EnginePort, LiveCampaigns } from '#ports/engine.ts'
import { CUSTOMER_NUMBERS } from '#sim/day.ts'

const MINUTE: Ms = 60_000
const ALL_DAY = [{ from: '00:00', to: '24:00' }]
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
/** Of the customers there are the first ones are those who hardly ever answer: a list has them here and there. */
const SHY = 150
const STRIDE = 77
const RENEWALS = 60

const GIVEN = [
  'Alva',
  'Birk',
  'Cornelia',
  'Dante',
  'Ebba',
  'Folke',
  'Gunnel',
  'Hugo',
  'Iris',
  'Jens',
  'Kajsa',
  'Leo',
  'Maj',
  'Nils',
  'Olivia',
  'Per',
]
const FAMILY = [
  'Almgren',
  'Blom',
  'Cederholm',
  'Dahl',
  'Ekberg',
  'Forsell',
  'Grahn',
  'Hult',
  'Isaksson',
  'Jarl',
  'Kvist',
  'Lundin',
  'Moberg',
]
const CITIES = ['Göteborg', 'Luleå', 'Lund', 'Norrköping', 'Stockholm', 'Umeå']
const PLANS = ['Bas', 'Plus', 'Företag']

const common = {
  priority: 0,
  ratio: 1.5,
  pauseMs: 15 * MINUTE,
  ringMs: 25_000,
  retry: { unanswered: true, busy: true, rejected: false, failed: true },
  sort: [],
  filters: [],
  hours: { days: Object.fromEntries(DAYS.map((day) => [day, ALL_DAY])), holidays: {} },
  periods: [],
  startsAt: null,
  ringAgentMs: 20_000,
  cardMs: MINUTE,
  autoCallMs: null,
  whenAllSpokenFor: 'inbound',
  silentTarget: 0.03,
  silentAfterMs: 2_000,
  silentMessage: { on: true, reason: null },
  silentAgainAfterMs: 72 * 60 * MINUTE,
  silentCallback: false,
  mayHangUp: true,
  callerId: null,
  country: 'SE',
  liveMax: 50,
} as const satisfies Partial<Settings>

const CAMPAIGNS: readonly { readonly id: string; readonly settings: Settings; readonly from: number; readonly to: number }[] = [
  {
    id: 'renewals',
    from: SHY,
    to: SHY + RENEWALS,
    settings: {
      ...common,
      name: 'Avtal som löper ut',
      mode: 'preview',
      skill: 'renewals',
      attemptsMax: 4,
      retriesFirst: true,
      wrapUpMs: 20_000,
      topics: ['Förnyar', 'Tänker på saken', 'Säger upp'],
    },
  },
  {
    id: 'satisfaction',
    from: 0,
    to: CUSTOMER_NUMBERS.length,
    settings: {
      ...common,
      name: 'Kundnöjdhet',
      mode: 'predictive',
      skill: 'outreach',
      attemptsMax: 6,
      retriesFirst: false,
      wrapUpMs: 10_000,
      topics: ['Mycket nöjd', 'Nöjd', 'Missnöjd', 'Vill inte svara'],
    },
  },
]

const pick = (words: readonly string[], place: number): string => words[place % words.length] ?? ''

const draftOf = (phone: string, place: number): ContactDraft => ({
  phone,
  phone2: null,
  externalId: `K${10_000 + place * 7}`,
  name: `${pick(GIVEN, place)} ${pick(FAMILY, place * 5 + 3)}`,
  zone: 'Europe/Stockholm',
  language: 'sv',
  from: null,
  to: null,
  window: null,
  columns: { Ort: pick(CITIES, place * 7 + 1), Abonnemang: pick(PLANS, place * 3), 'Kund sedan': String(2006 + (place % 19)) },
})

/** Each once, in another order; `STRIDE` shares no factor with how many there are. */
const spread = (numbers: readonly string[]): string[] => numbers.map((_, index) => numbers[(index * STRIDE) % numbers.length] ?? '')

async function fill(contacts: Contacts, campaignId: string, numbers: readonly string[], at: Ms): Promise<void> {
  const started = await contacts.startImport({ campaignId, at, user: 'maja', fileName: `${campaignId}.csv`, how: 'add', hash: campaignId })
  if ('confirmed' in started) return
  await started.add(
    numbers.map((phone, index) => ({ row: index + 1, line: index + 2, draft: draftOf(phone, index) })),
    [],
    numbers.length * 60,
  )
  const { id } = await started.finish({ hash: campaignId })
  await contacts.confirm(id, at)
}

/** The first time; afterwards they are where they were left. Throws where the engine refuses, for then the file of the demonstration is wrong. */
export async function addCampaigns(engine: EnginePort & LiveCampaigns, contacts: Contacts, at: Ms): Promise<void> {
  for (const { id: campaignId, settings, from, to } of CAMPAIGNS) {
    if (engine.campaign(campaignId) !== undefined) continue
    const asking = { by: 'supervisor', user: 'maja', campaignId } as const
    const written = await engine.submit({ type: 'campaign.write', ...asking, settings })
    await fill(contacts, campaignId, spread(CUSTOMER_NUMBERS.slice(from, to)), at)
    const started = written.ok ? await engine.submit({ type: 'campaign.start', ...asking }) : written
    if (!started.ok) throw new Error(`the demonstration's campaign ${campaignId} is refused: ${started.refused} ${started.field ?? ''}`)
  }
}
