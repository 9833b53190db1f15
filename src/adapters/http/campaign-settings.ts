/** A campaign's settings, from people's units into those of the rules and back, with what a schema cannot say. */
import { createHash } from 'node:crypto'
import { isSupportedCountry } from 'libphonenumber-js/max'
import type { CallingHours, Settings, Window } from '#core/campaign/settings.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { Persons } from '#ports/journal.ts'
import type { CampaignSettings, WriteCampaign } from '#wire/campaigns.ts'
import { Refused, refused } from './problems.ts'

const HOUR_MS = 3_600_000
const seconds = (ms: number): number => ms / 1_000
const ms = (value: number): number => Math.round(value * 1_000)

/** What a campaign has where nothing is said: office hours, careful, an agent within 2 s, the message on. */
export const defaultsFor = (country: string): Omit<CampaignSettings, 'name' | 'mode'> => {
  const office = ['09:00-12:00', '13:00-20:00']
  return {
    skill: null,
    priority: 0,
    ratio: 1.5,
    attempts: 3,
    pauseSeconds: 4 * 3_600,
    ringSeconds: 30,
    retry: { unanswered: true, busy: true, rejected: false, failed: true },
    retriesFirst: false,
    sort: [],
    filters: [],
    hours: { days: { mon: office, tue: office, wed: office, thu: office, fri: office }, holidays: {} },
    periods: [],
    startsAt: null,
    wrapUpSeconds: 30,
    ringAgentSeconds: 20,
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
    country,
    topics: [],
    liveMax: 200,
  }
}

/** `attemptsMax` of the rules is `attempts` here. */
const WIRE_FIELDS: Readonly<Record<string, string>> = {
  campaignId: 'id',
  attemptsMax: 'attempts',
  pauseMs: 'pauseSeconds',
  ringMs: 'ringSeconds',
  wrapUpMs: 'wrapUpSeconds',
  ringAgentMs: 'ringAgentSeconds',
  cardMs: 'cardSeconds',
  autoCallMs: 'autoCallSeconds',
  silentAfterMs: 'silentAfterSeconds',
  silentAgainAfterMs: 'silentAgainAfterHours',
}

/** A refusal of the rules with its field as it is called here. */
export function inPeoplesUnits(refusal: unknown): unknown {
  const field = refusal instanceof Refused ? WIRE_FIELDS[refusal.field ?? ''] : undefined
  return field === undefined || !(refusal instanceof Refused) ? refusal : new Refused(refusal.code, { field })
}

function windowOf(text: string, field: string): Window {
  const [from = '', to = ''] = text.split('-')
  if (from >= to) throw refused('campaign.window', { field })
  return { from, to }
}
const windowsOf = (texts: readonly string[], field: string): Window[] => texts.map((text, index) => windowOf(text, `${field}.${index}`))
const textOf = ({ from, to }: Window): string => `${from}-${to}`

function hoursOf({ days, holidays }: CampaignSettings['hours']): CallingHours {
  const list = (entries: Readonly<Record<string, readonly string[] | undefined>>, field: string) =>
    Object.fromEntries(
      Object.entries(entries).flatMap(([key, texts]) => (texts === undefined ? [] : [[key, windowsOf(texts, `${field}.${key}`)]])),
    )
  const wrong = Object.keys(holidays).find((date) => new Date(`${date}T00:00:00Z`).toJSON()?.slice(0, 10) !== date)
  if (wrong !== undefined) throw refused('campaign.window', { field: `hours.holidays.${wrong}` })
  return { days: list(days, 'hours.days'), holidays: list(holidays, 'hours.holidays') }
}

/** A campaign that can never ring anybody is a mistake of its owner, and said at once. */
function refuseNever({ days, holidays }: CallingHours, periods: readonly Window[]): void {
  const open = [...Object.values(days), ...Object.values(holidays)].flat()
  if (open.length === 0) throw refused('campaign.neverOpen', { field: 'hours' })
  const meets = (period: Window) => open.some(({ from, to }) => from < period.to && period.from < to)
  const never = periods.findIndex((period) => !meets(period))
  if (never >= 0) throw refused('campaign.neverOpen', { field: `periods.${never}` })
}

const hasSkill = (solution: Solution, skill: string): boolean =>
  Object.values(solution.agents).some(({ skills }) => skills === null || skills[skill] !== undefined)

/** Which line of ours is shown; refused where it is none. */
async function lineOf(persons: Persons, solution: Solution, number: string | null): Promise<string | null> {
  if (number === null) return null
  const person = await persons.find(number)
  if (person === undefined || solution.lines[person] === undefined) throw refused('callerId.unknown', { field: 'callerId' })
  return person
}

/** As the rules keep it. Refuses beside the field. */
export async function settingsOf(body: Omit<WriteCampaign, 'revision'>, solution: Solution, persons: Persons): Promise<Settings> {
  const { attempts, pauseSeconds, ringSeconds, wrapUpSeconds, ringAgentSeconds, cardSeconds, autoCallSeconds, ...rest } = {
    ...defaultsFor(solution.country),
    ...body,
  }
  const { silentAfterSeconds, silentAgainAfterHours, hours: written, periods: texts, startsAt, callerId, ...same } = rest
  const hours = hoursOf(written)
  const periods = windowsOf(texts, 'periods')
  refuseNever(hours, periods)
  if (same.skill !== null && !hasSkill(solution, same.skill)) throw refused('campaign.skill', { field: 'skill' })
  if (!isSupportedCountry(same.country)) throw refused('campaign.country', { field: 'country' })
  if (!same.silentMessage.on && (same.silentMessage.reason ?? '').trim() === '')
    throw refused('campaign.silentReason', { field: 'silentMessage.reason' })
  return {
    ...same,
    name: same.name.trim(),
    attemptsMax: attempts,
    pauseMs: ms(pauseSeconds),
    ringMs: ms(ringSeconds),
    hours,
    periods,
    startsAt: startsAt === null ? null : Date.parse(startsAt),
    wrapUpMs: ms(wrapUpSeconds),
    ringAgentMs: ms(ringAgentSeconds),
    cardMs: ms(cardSeconds),
    autoCallMs: autoCallSeconds === null ? null : ms(autoCallSeconds),
    silentAfterMs: ms(silentAfterSeconds),
    silentAgainAfterMs: Math.round(silentAgainAfterHours * HOUR_MS),
    silentMessage: { on: same.silentMessage.on, reason: same.silentMessage.on ? null : same.silentMessage.reason },
    callerId: await lineOf(persons, solution, callerId),
    topics: [...new Set(same.topics.map((topic) => topic.trim()))],
  }
}

const revisions = new WeakMap<Settings, string>()

/** Tells whether settings are still those that were read. Told with every change of a campaign, so it is worked out once. */
export function revisionOf(settings: Settings): string {
  const known = revisions.get(settings)
  if (known !== undefined) return known
  const made = createHash('sha256').update(JSON.stringify(settings)).digest('base64url').slice(0, 16)
  revisions.set(settings, made)
  return made
}

/** As people read it; `numberOf`: of a line of ours. */
export function settingsShown(settings: Settings, numberOf: (line: string) => string | null): CampaignSettings {
  const { attemptsMax, pauseMs, ringMs, wrapUpMs, ringAgentMs, cardMs, autoCallMs, silentAfterMs, silentAgainAfterMs, ...rest } = settings
  const { hours, periods, startsAt, callerId, sort, filters, retry, silentMessage, topics, ...same } = rest
  const shown = (windows: Readonly<Record<string, readonly Window[]>>) =>
    Object.fromEntries(Object.entries(windows).map(([key, list]) => [key, list.map(textOf)]))
  return {
    ...same,
    attempts: attemptsMax,
    pauseSeconds: seconds(pauseMs),
    ringSeconds: seconds(ringMs),
    retry: { ...retry },
    sort: sort.map((key) => ({ ...key })),
    filters: filters.map(({ column, values }) => ({ column, values: [...values] })),
    hours: { days: shown(hours.days), holidays: shown(hours.holidays) },
    periods: periods.map(textOf),
    startsAt: startsAt === null ? null : new Date(startsAt).toISOString(),
    wrapUpSeconds: seconds(wrapUpMs),
    ringAgentSeconds: seconds(ringAgentMs),
    cardSeconds: seconds(cardMs),
    autoCallSeconds: autoCallMs === null ? null : seconds(autoCallMs),
    silentAfterSeconds: seconds(silentAfterMs),
    silentMessage: { ...silentMessage },
    silentAgainAfterHours: silentAgainAfterMs / HOUR_MS,
    callerId: callerId === null ? null : numberOf(callerId),
    topics: [...topics],
  }
}
