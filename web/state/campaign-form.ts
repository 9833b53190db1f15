/** A campaign's settings while they are being written: text as people type it, and the settings it makes. Pure. */
import type { CampaignSettings } from '#wire/campaigns.ts'
import { filtersOf, filtersText, windowsOf } from './campaigns.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
type Day = (typeof DAYS)[number]

export interface Draft {
  readonly name: string
  readonly mode: CampaignSettings['mode']
  readonly skill: string
  readonly priority: string
  readonly ratio: string
  readonly attempts: string
  readonly pauseMinutes: string
  readonly ringSeconds: string
  readonly liveMax: string
  readonly retryUnanswered: boolean
  readonly retryBusy: boolean
  readonly retryRejected: boolean
  readonly retryFailed: boolean
  readonly retriesFirst: boolean
  /** `city, -debt#`: by city, then by debt as a number, the largest first. */
  readonly sort: string
  readonly filters: string
  readonly days: Readonly<Record<Day, string>>
  /** One a line: `2026-12-24` alone is closed, or with windows. */
  readonly holidays: string
  readonly periods: string
  readonly wrapUpSeconds: string
  readonly cardSeconds: string
  /** Empty: never. */
  readonly autoCallSeconds: string
  readonly whenAllSpokenFor: CampaignSettings['whenAllSpokenFor']
  readonly silentPercent: string
  readonly silentAfterSeconds: string
  readonly silentMessageOn: boolean
  readonly silentReason: string
  readonly silentAgainAfterHours: string
  readonly silentCallback: boolean
  readonly mayHangUp: boolean
  readonly callerId: string
  readonly country: string
  readonly topics: string
}

const shown = (windows: readonly string[] | undefined): string => (windows ?? []).join(', ')
const round = (value: number): string => String(Math.round(value * 1000) / 1000)

export const draftOf = (settings: CampaignSettings): Draft => ({
  name: settings.name,
  mode: settings.mode,
  skill: settings.skill ?? '',
  priority: String(settings.priority),
  ratio: round(settings.ratio),
  attempts: String(settings.attempts),
  pauseMinutes: round(settings.pauseSeconds / 60),
  ringSeconds: round(settings.ringSeconds),
  liveMax: String(settings.liveMax),
  retryUnanswered: settings.retry.unanswered,
  retryBusy: settings.retry.busy,
  retryRejected: settings.retry.rejected,
  retryFailed: settings.retry.failed,
  retriesFirst: settings.retriesFirst,
  sort: settings.sort.map(({ column, descending, numeric }) => `${descending ? '-' : ''}${column}${numeric ? '#' : ''}`).join(', '),
  filters: filtersText(settings.filters),
  days: Object.fromEntries(DAYS.map((day) => [day, shown(settings.hours.days[day])])) as Record<Day, string>,
  holidays: Object.entries(settings.hours.holidays)
    .map(([date, windows]) => (windows.length === 0 ? date : `${date} ${shown(windows)}`))
    .join('\n'),
  periods: shown(settings.periods),
  wrapUpSeconds: round(settings.wrapUpSeconds),
  cardSeconds: round(settings.cardSeconds),
  autoCallSeconds: settings.autoCallSeconds === null ? '' : round(settings.autoCallSeconds),
  whenAllSpokenFor: settings.whenAllSpokenFor,
  silentPercent: round(settings.silentTarget * 100),
  silentAfterSeconds: round(settings.silentAfterSeconds),
  silentMessageOn: settings.silentMessage.on,
  silentReason: settings.silentMessage.reason ?? '',
  silentAgainAfterHours: round(settings.silentAgainAfterHours),
  silentCallback: settings.silentCallback,
  mayHangUp: settings.mayHangUp,
  callerId: settings.callerId ?? '',
  country: settings.country,
  topics: settings.topics.join('\n'),
})

const listed = (text: string, by: RegExp): readonly string[] =>
  text
    .split(by)
    .map((one) => one.trim())
    .filter((one) => one !== '')

function holidaysOf(text: string): Record<string, string[]> | null {
  const days: Record<string, string[]> = {}
  for (const line of listed(text, /\n/u)) {
    const [date = '', ...rest] = line.split(/\s+/u)
    const windows = windowsOf(rest.join(' '))
    if (!/^\d{4}-\d{2}-\d{2}$/u.test(date) || windows === null) return null
    days[date] = [...windows]
  }
  return days
}

const sortOf = (text: string): CampaignSettings['sort'] =>
  listed(text, /,/u).map((key) => ({
    column: key.replace(/^-/u, '').replace(/#$/u, '').trim(),
    descending: key.startsWith('-'),
    numeric: key.endsWith('#'),
  }))

function daysOf(draft: Draft): CampaignSettings['hours']['days'] | null {
  const read = DAYS.map((day) => [day, windowsOf(draft.days[day])] as const)
  if (read.some(([, windows]) => windows === null)) return null
  return Object.fromEntries(read.flatMap(([day, windows]) => (windows === null || windows.length === 0 ? [] : [[day, [...windows]]])))
}

/** null: something typed is no window, date or filter. What the form does not show stays as it was. */
export function settingsOf(draft: Draft, before: CampaignSettings): CampaignSettings | null {
  const [days, holidays, periods, filters] = [daysOf(draft), holidaysOf(draft.holidays), windowsOf(draft.periods), filtersOf(draft.filters)]
  if (days === null || holidays === null || periods === null || filters === null) return null
  return {
    ...before,
    name: draft.name.trim(),
    mode: draft.mode,
    skill: draft.skill === '' ? null : draft.skill,
    priority: Number(draft.priority),
    ratio: Number(draft.ratio),
    attempts: Number(draft.attempts),
    pauseSeconds: Math.round(Number(draft.pauseMinutes) * 60),
    ringSeconds: Number(draft.ringSeconds),
    liveMax: Number(draft.liveMax),
    retry: { unanswered: draft.retryUnanswered, busy: draft.retryBusy, rejected: draft.retryRejected, failed: draft.retryFailed },
    retriesFirst: draft.retriesFirst,
    sort: sortOf(draft.sort),
    filters,
    hours: { days, holidays },
    periods: [...periods],
    wrapUpSeconds: Number(draft.wrapUpSeconds),
    cardSeconds: Number(draft.cardSeconds),
    autoCallSeconds: draft.autoCallSeconds.trim() === '' ? null : Number(draft.autoCallSeconds),
    whenAllSpokenFor: draft.whenAllSpokenFor,
    silentTarget: Math.round(Number(draft.silentPercent) * 1000) / 100_000,
    silentAfterSeconds: Number(draft.silentAfterSeconds),
    silentMessage: { on: draft.silentMessageOn, reason: draft.silentMessageOn ? null : draft.silentReason.trim() },
    silentAgainAfterHours: Number(draft.silentAgainAfterHours),
    silentCallback: draft.silentCallback,
    mayHangUp: draft.mayHangUp,
    callerId: draft.callerId.trim() === '' ? null : draft.callerId.trim(),
    country: draft.country,
    topics: [...listed(draft.topics, /\n/u)],
  }
}
