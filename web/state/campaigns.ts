/** What the pages show of campaigns, worked out of what the server told. Pure. */
import type { Campaign, CampaignLive, CampaignPace, CampaignProgress, CampaignSettings, CampaignTotals } from '#wire/campaigns.ts'
import type { CampaignContact, ImportMapping } from '#wire/contacts.ts'

export type CampaignState = CampaignLive['state']
type Mode = CampaignSettings['mode']
type ContactState = CampaignContact['state']

/** The words of a closed list, in the order people read them; the type says where one is missing. */
const wordsOf = <W extends string>(words: Readonly<Record<W, true>>): readonly W[] => Object.keys(words) as W[]

export const MODES = wordsOf<Mode>({ preview: true, progressive: true, power: true, predictive: true })
export const CONTACT_STATES = wordsOf<ContactState>({
  waiting: true,
  paused: true,
  asked: true,
  underWay: true,
  reached: true,
  exhausted: true,
  neverCall: true,
  doNotCall: true,
  notInUse: true,
})
export const CONTACT_FIELDS = wordsOf<Exclude<keyof ImportMapping, 'skip'>>({
  phone: true,
  phone2: true,
  externalId: true,
  name: true,
  zone: true,
  language: true,
  from: true,
  to: true,
  fromTime: true,
  toTime: true,
})
export type Deed = 'start' | 'pause' | 'stop'

/** What may be done with a campaign as it stands. */
export function deedsFor(state: CampaignState): readonly Deed[] {
  if (state === 'running') return ['pause', 'stop']
  if (state === 'paused') return ['start', 'stop']
  return ['start']
}

/** Running ones first, then those that will, then the others; in each by name. */
const RANK: Readonly<Record<CampaignState, number>> = { running: 0, paused: 1, scheduled: 2, draft: 3, stopped: 4, done: 5 }
export const inOrder = (campaigns: readonly Campaign[]): readonly Campaign[] =>
  campaigns.toSorted((a, b) => RANK[a.live.state] - RANK[b.live.state] || a.settings.name.localeCompare(b.settings.name))

/** The newer of what was fetched and what the stream told. */
export const told = (fetched: Campaign, stream: readonly Campaign[]): Campaign => stream.find(({ id }) => id === fetched.id) ?? fetched

/** The share of the answered calls that were silent, against what is allowed. */
export type Standing = 'none' | 'within' | 'near' | 'over'
/** Nearer to the limit than this share of it is told. */
const NEAR = 0.8
export function standing({ silentRate, silent }: Pick<CampaignTotals, 'silentRate' | 'silent'>, target: number): Standing {
  if (silentRate === null || silent === 0) return silentRate === null ? 'none' : 'within'
  if (silentRate > target) return 'over'
  return silentRate > NEAR * target ? 'near' : 'within'
}

/** How many calls might have been silent with so many answered. */
export const allowedSilent = (answered: number, target: number): number => Math.floor(answered * target + 1e-9)

export const CONTACT_GROUPS = ['reached', 'underWay', 'due', 'notTried', 'exhausted', 'never'] as const
export type ContactGroup = (typeof CONTACT_GROUPS)[number]

/** Contacts by what a manager asks of them. */
export function groupsOf({ byState }: Pick<CampaignProgress, 'byState'>): Readonly<Record<ContactGroup, number>> {
  return {
    reached: byState.reached,
    underWay: byState.underWay,
    due: byState.paused + byState.asked,
    notTried: byState.waiting,
    exhausted: byState.exhausted + byState.notInUse,
    never: byState.neverCall + byState.doNotCall,
  }
}

/** The longest window first in reading: `Mon–Fri 09:00–12:00`; days with the same windows are told together. */
export function hoursInWords(days: CampaignSettings['hours']['days'], nameOf: (day: string) => string): readonly string[] {
  const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
  const groups: { from: string; to: string; windows: string }[] = []
  for (const day of names) {
    const windows = (days[day] ?? []).map((window) => window.replace('-', '–')).join(', ')
    if (windows === '') continue
    const last = groups.at(-1)
    const follows =
      last !== undefined && last.windows === windows && names.indexOf(last.to as (typeof names)[number]) === names.indexOf(day) - 1
    if (follows) last.to = day
    else groups.push({ from: day, to: day, windows })
  }
  return groups.map(({ from, to, windows }) => `${from === to ? nameOf(from) : `${nameOf(from)}–${nameOf(to)}`} ${windows}`)
}

export const WORK_KINDS = ['talk', 'onTheWay', 'wrapUp', 'idle', 'away'] as const
export type Work = Readonly<Record<(typeof WORK_KINDS)[number], number>>
/** What the agents' time went to, in milliseconds. */
export const workOf = ({ talkMs, onTheWayMs, wrapUpMs, idleMs, awayMs }: CampaignLive['work']): Work => ({
  talk: talkMs,
  onTheWay: onTheWayMs,
  wrapUp: wrapUpMs,
  idle: idleMs,
  away: awayMs,
})

interface Stair {
  readonly at: number
  /** So far this day, at the end of its step. */
  readonly answered: number
  readonly silent: number
}
/** Silent calls and answered ones as they grew over the day. */
export function stairOf({ points, stepMs }: CampaignPace): readonly Stair[] {
  let [answered, silent] = [0, 0]
  return points.map((point) => {
    answered += point.answered
    silent += point.silent
    return { at: Date.parse(point.at) + stepMs, answered, silent }
  })
}

/** Stretches of steps in which something held the campaign back. */
export function heldBack({
  points,
  stepMs,
}: CampaignPace): readonly { readonly from: number; readonly until: number; readonly ms: number }[] {
  const stretches: { from: number; until: number; ms: number }[] = []
  for (const { at, heldMs } of points) {
    if (heldMs === 0) continue
    const from = Date.parse(at)
    const last = stretches.at(-1)
    if (last?.until === from) {
      last.until = from + stepMs
      last.ms += heldMs
    } else stretches.push({ from, until: from + stepMs, ms: heldMs })
  }
  return stretches
}

/** How many of its agents are logged on. */
export const thereOf = (crew: CampaignLive['crew']): number => Object.values(crew).reduce((sum, count) => sum + count, 0)

/* ---------------------------------------------------------------- settings in a form */

/** Windows as people type them: `09:00-12:00, 16:30-20:00`. null: that is no list of windows. */
export function windowsOf(text: string): readonly string[] | null {
  const parts = text
    .split(/[,;\n]/u)
    .map((part) => part.trim().replace(/\s*[–—-]\s*/u, '-'))
    .filter((part) => part !== '')
  const good = parts.map((part) => {
    const found = /^(\d{1,2})[:.]?(\d{2})?-(\d{1,2})[:.]?(\d{2})?$/u.exec(part)
    if (found === null) return null
    const [, fromHour = '', fromMinute = '00', toHour = '', toMinute = '00'] = found
    const from = `${fromHour.padStart(2, '0')}:${fromMinute}`
    const to = `${toHour.padStart(2, '0')}:${toMinute}`
    return from < to && to <= '24:00' && Number(fromMinute) < 60 && Number(toMinute) < 60 ? `${from}-${to}` : null
  })
  return good.includes(null) ? null : good.filter((one) => one !== null)
}

/** Filters as people type them, one a line: `city: Stockholm, Uppsala`. null: a line says no column. */
export function filtersOf(text: string): CampaignSettings['filters'] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const read = lines.map((line) => {
    const at = line.indexOf(':')
    if (at <= 0) return null
    const values = line
      .slice(at + 1)
      .split(',')
      .map((value) => value.trim())
      .filter((value) => value !== '')
    return values.length === 0 ? null : { column: line.slice(0, at).trim(), values }
  })
  return read.includes(null) ? null : read.filter((one) => one !== null)
}
export const filtersText = (filters: CampaignSettings['filters']): string =>
  filters.map(({ column, values }) => `${column}: ${values.join(', ')}`).join('\n')
