/** Campaigns, their contacts and lists as clients see them: instants written out, figures divided. */
import type { Tried } from '#core/campaign/figures.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { Contact, DoNotCallListed, ImportRow, Progress } from '#ports/contacts.ts'
import type { CampaignDay, CampaignTotals, LiveCampaign } from '#ports/engine.ts'
import type { Persons } from '#ports/journal.ts'
import type {
  Campaign,
  CampaignLive,
  CampaignProgress,
  CampaignWork,
  CampaignDay as WireDay,
  CampaignTotals as WireTotals,
} from '#wire/campaigns.ts'
import type { CampaignContact, CampaignImport, DoNotCallListing as WireDoNotCall } from '#wire/contacts.ts'
import { revisionOf, settingsShown } from './campaign-settings.ts'

const HOUR_MS = 3_600_000
const iso = (at: number): string => new Date(at).toISOString()
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))

export function totalsOf(totals: CampaignTotals, silentTarget: number): WireTotals {
  const { silentWithMessage = 0, toAgentMs, ...counts } = totals
  const { answered, connected, silent } = counts
  return {
    ...counts,
    silentWithMessage,
    toAgentMs: toAgentMs === undefined || connected === 0 ? null : Math.round(toAgentMs / connected),
    silentRate: answered === 0 ? null : silent / answered,
    budgetLeft: Math.floor(silentTarget * answered + 1e-9) - silent,
  }
}

function liveOf(live: LiveCampaign, work: CampaignWork): CampaignLive {
  const { settings } = live
  return {
    id: live.id,
    name: settings.name,
    mode: settings.mode,
    state: live.status,
    startsAt: isoOrNull(live.startsAt),
    agents: { ...live.agents },
    crew: { ...live.crew },
    counted: live.counted,
    inTheAir: live.inTheAir,
    waiting: live.waiting,
    talking: live.talking,
    cards: live.cards,
    today: totalsOf(live.today, settings.silentTarget),
    work,
    silentTarget: settings.silentTarget,
    limitReached: live.limitReached,
    pacingFailed: live.pacingFailed,
    pace: { mode: live.paceMode, perMinute: live.perMinute },
    why: live.why,
    whyUntil: isoOrNull(live.whyUntil),
  }
}

/** Numbers of our lines that campaigns show, read at once. */
export async function linesOf(persons: Persons, campaigns: readonly LiveCampaign[]): Promise<(line: string) => string | null> {
  const ids = [...new Set(campaigns.flatMap(({ settings }) => settings.callerId ?? []))]
  const rows = ids.length === 0 ? new Map() : await persons.get(ids)
  return (line) => rows.get(line)?.number ?? null
}

export const campaignOf = (live: LiveCampaign, work: CampaignWork, numberOf: (line: string) => string | null): Campaign => ({
  id: live.id,
  settings: settingsShown(live.settings, numberOf),
  revision: revisionOf(live.settings),
  live: liveOf(live, work),
})

export const skillsOf = (solution: Solution): string[] =>
  [...new Set(Object.values(solution.agents).flatMap(({ skills }) => Object.keys(skills ?? {})))].sort()

export const dayOf = ({ from, until, totals, silentTarget }: CampaignDay): WireDay => ({
  from: iso(from),
  until: iso(until),
  ...totalsOf(totals, silentTarget),
  silentTarget,
})

export const contactOf = ({
  contactId,
  campaignId: _,
  columns,
  topics,
  calls,
  dueAt,
  triedAt,
  anyoneAt,
  window: __,
  ...contact
}: Contact): CampaignContact => ({
  id: contactId,
  ...contact,
  columns: { ...columns },
  dueAt: isoOrNull(dueAt),
  triedAt: isoOrNull(triedAt),
  anyoneAt: isoOrNull(anyoneAt),
  topics: [...topics],
  calls: [...calls],
})

export const importOf = ({ at, user, counts, ...row }: ImportRow, nameOf: (user: string) => string): CampaignImport => ({
  ...row,
  at: iso(at),
  by: nameOf(user),
  counts: { ...counts },
})

export const listedOf = ({ until, addedAt, ...row }: DoNotCallListed): WireDoNotCall => ({
  ...row,
  ...(row.number === null && { erased: true as const }),
  until: isoOrNull(until),
  addedAt: iso(addedAt),
})

/** Hours of tries that are looked back on for the pace of what is left. */
const PACE_HOURS = 3

/**
 * Hours of calling left: the contacts left, each needing as many tries as one that is finished has needed so far, by the tries an hour
 * of the latest hours that had any. null: nothing has been tried, or nothing is left.
 */
function hoursLeft({ byState, byTries, hours }: Progress): number | null {
  const left = byState.waiting + byState.paused + byState.asked + byState.underWay
  const finished = byState.reached + byState.exhausted + byState.neverCall + byState.notInUse
  const tries = byTries.reduce((sum, contacts, times) => sum + contacts * times, 0)
  const latest = hours.filter(({ calls }) => calls > 0).slice(-PACE_HOURS)
  const perHour = latest.reduce((sum, { calls }) => sum + calls, 0) / latest.length
  if (left === 0 || latest.length === 0 || finished === 0) return null
  return (left * Math.max(1, tries / finished)) / perHour
}

/** When so many hours of calling are over, by when it may be called: `change` tells whether it is open at an instant, and until when. */
function afterCalling(
  hours: number,
  now: number,
  change: (at: number) => { readonly open: boolean; readonly until: number | null },
): number | null {
  let at = now
  let leftMs = hours * HOUR_MS
  for (let step = 0; step < 2_000; step++) {
    const { open, until } = change(at)
    if (open && (until === null || until - at >= leftMs)) return at + leftMs
    if (until === null) return null
    if (open) leftMs -= until - at
    at = until
  }
  return null
}

export function progressOf(
  progress: Progress,
  tries: readonly Tried[],
  live: LiveCampaign,
  now: number,
  calling: (at: number) => { readonly open: boolean; readonly until: number | null },
): CampaignProgress {
  const left = hoursLeft(progress)
  return {
    contacts: Object.values(progress.byState).reduce((sum, count) => sum + count, 0),
    byState: { ...progress.byState },
    byTries: [...progress.byTries],
    byTry: tries.map((one) => ({ ...one })),
    hours: progress.hours.map(({ at, ...hour }) => ({ at: iso(at), ...hour })),
    today: totalsOf(live.today, live.settings.silentTarget),
    silentTarget: live.settings.silentTarget,
    expected: left === null ? null : { callingHours: Math.round(left * 100) / 100, doneAt: isoOrNull(afterCalling(left, now, calling)) },
  }
}
