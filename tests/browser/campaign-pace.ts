/** A campaign's figures, and how it went over time, written by hand as the server would send them. */
import type { Campaign, CampaignDay, CampaignPace, CampaignWork } from '#wire/campaigns.ts'

const HOUR_MS = 3_600_000

export const work: CampaignWork = {
  talkMs: 27.2 * HOUR_MS,
  onTheWayMs: 0.2 * HOUR_MS,
  wrapUpMs: 3.5 * HOUR_MS,
  idleMs: 2.3 * HOUR_MS,
  awayMs: 1.4 * HOUR_MS,
  talkShare: 0.82,
  idleBetween: { times: 426, meanMs: 19_200, medianMs: 14_000 },
  cardWaitMs: null,
  heldMs: 7 * 60_000,
}
export const noWork: CampaignWork = {
  talkMs: 0,
  onTheWayMs: 0,
  wrapUpMs: 0,
  idleMs: 0,
  awayMs: 0,
  talkShare: null,
  idleBetween: null,
  cardWaitMs: null,
  heldMs: 0,
}

const DAY_MS = 24 * HOUR_MS

/** Today and the nine days before, the fourth over its limit; none where nobody has been dialled. */
export function daysOf({ live: { today, silentTarget } }: Pick<Campaign, 'live'>): readonly CampaignDay[] {
  if (today.placed === 0) return []
  const midnight = new Date().setHours(0, 0, 0, 0)
  return Array.from({ length: 10 }, (_, back) => {
    const answered = back === 0 ? today.answered : 520 - 17 * back
    const silent = back === 0 ? today.silent : back === 4 ? 14 : back % 5
    return {
      ...today,
      from: new Date(midnight - back * DAY_MS).toISOString(),
      until: new Date(midnight + (1 - back) * DAY_MS).toISOString(),
      placed: answered * 3,
      answered,
      connected: answered - silent,
      silent,
      silentRate: silent / answered,
      silentTarget,
    }
  })
}

/** A morning of steps: it grows, is held back for seven minutes, and grows again up to how it stands now. */
export const overTime = (range: string, { crew, inTheAir, mode, today }: Campaign['live']): CampaignPace => {
  const stepMs = range === 'all' ? 3.6e6 : 60_000
  const count = range === 'quarter' ? 15 : range === 'all' ? 31 : 93
  const last = Math.floor(Date.now() / stepMs) * stepMs
  const wave = (index: number, length: number) => Math.sin((index / count) * Math.PI * length)
  const points = Array.from({ length: count }, (_, index) => {
    const back = count - 1 - index
    const held = mode !== 'preview' && range === 'today' && back >= 41 && back < 48
    const grows = (index + 1) / count
    const so = (most: number) => Math.floor(most * grows) - Math.floor((most * index) / count)
    return {
      at: new Date(last - back * stepMs).toISOString(),
      inTheAir: Math.max(0, Math.round(inTheAir * (held ? 0.4 : 0.3 + 0.7 * grows + 0.12 * wave(index, 9)) * 100) / 100),
      talking: Math.max(0, Math.round(crew.talking * (0.8 + 0.15 * wave(index, 5) + 0.15 * grows) * 100) / 100),
      there: Object.values(crew).reduce((sum, n) => sum + n, 0),
      placed: so(today.placed),
      answered: so(today.answered),
      silent: so(today.silent),
      heldMs: held ? stepMs : 0,
    }
  })
  return { stepMs, points }
}
