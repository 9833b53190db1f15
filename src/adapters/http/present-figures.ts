/** The figures of campaigns as clients see them: grown up to now by what their agents and calls are in, and put into steps. */
import { type Figures, medianIdleMs, NO_FIGURES, pieces, plus, timesOf } from '#core/campaign/figures.ts'
import type { CampaignFigures, CampaignNow, FiguresRow } from '#ports/campaign-figures.ts'
import type { CampaignPace, CampaignWork, PACE_RANGES } from '#wire/campaigns.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const QUARTER_MS = 15 * MINUTE_MS
/** As many as a page can draw. */
const POINTS_MAX = 200
const STEPS_MS = {
  minute: [1, 2, 5, 10].map((minutes) => minutes * MINUTE_MS),
  hour: [1, 2, 4, 12, 24, 168].map((hours) => hours * HOUR_MS),
} as const

/** `dayFrom`: of the day that is today; figures of the day before are not today's. */
export function workOf(now: CampaignNow | null, dayFrom: number | null, at: number): CampaignWork {
  const today = now === null || now.dayFrom !== dayFrom ? NO_FIGURES : plus(now.today, timesOf(now.rates, Math.max(0, at - now.at)))
  const { talkMs, onTheWayMs, wrapUpMs, idleMs, awayMs, heldMs, idles, idlesMs, cards, cardsMs } = today
  const there = talkMs + onTheWayMs + wrapUpMs + idleMs
  return {
    talkMs,
    onTheWayMs,
    wrapUpMs,
    idleMs,
    awayMs,
    talkShare: there === 0 ? null : talkMs / there,
    idleBetween: idles === 0 ? null : { times: idles, meanMs: Math.round(idlesMs / idles), medianMs: medianIdleMs(today) ?? 0 },
    cardWaitMs: cards === 0 ? null : Math.round(cardsMs / cards),
    heldMs,
  }
}

/** A campaign over time; `dayFrom`: when today began. */
export async function paceOf(
  kept: CampaignFigures,
  id: string,
  range: (typeof PACE_RANGES)[number],
  dayFrom: number | null,
  at: number,
): Promise<CampaignPace> {
  const span = range === 'all' ? 'hour' : 'minute'
  const quarter = at - (at % MINUTE_MS) - QUARTER_MS + MINUTE_MS
  const from = range === 'all' ? 0 : range === 'quarter' ? quarter : (dayFrom ?? at)
  const { rows, now } = await kept.rows(id, span, from)
  const sinceThen = grownSince(now, at, span === 'hour' ? HOUR_MS : MINUTE_MS).filter((row) => row.at >= from)
  return stepped([...rows, ...sinceThen], STEPS_MS[span], range === 'quarter' ? quarter : null, at)
}

/** What the time since the last fact adds: nothing where nobody is there. */
function grownSince(now: CampaignNow | null, at: number, spanMs: number): readonly FiguresRow[] {
  if (now === null || Object.values(now.rates).every((rate: number) => rate === 0)) return []
  return pieces(now.at, at, spanMs).map((piece) => ({ at: piece.at, figures: plus(NO_FIGURES, timesOf(now.rates, piece.ms)) }))
}

/** `from` null: where the first row begins. */
function stepped(rows: readonly FiguresRow[], steps: readonly number[], from: number | null, at: number): CampaignPace {
  const first = from ?? rows.reduce((least, row) => Math.min(least, row.at), Number.POSITIVE_INFINITY)
  const stepMs = steps.find((ms) => (at - first) / ms <= POINTS_MAX) ?? steps.at(-1) ?? HOUR_MS
  if (rows.length === 0) return { stepMs, points: [] }
  const begin = first - (first % stepMs)
  const sums = new Map<number, Figures>()
  for (const row of rows) {
    const step = row.at - (row.at % stepMs)
    sums.set(step, plus(sums.get(step) ?? NO_FIGURES, row.figures))
  }
  const points = []
  for (let step = begin; step < at; step += stepMs) points.push(pointOf(step, sums.get(step) ?? NO_FIGURES, Math.min(stepMs, at - step)))
  return { stepMs, points }
}

function pointOf(at: number, figures: Figures, ms: number): CampaignPace['points'][number] {
  const { talkMs, onTheWayMs, wrapUpMs, idleMs, awayMs, airMs, heldMs, placed, answered, silent } = figures
  const mean = (sum: number): number => Math.round((sum / ms) * 100) / 100
  return {
    at: new Date(at).toISOString(),
    inTheAir: mean(airMs),
    talking: mean(talkMs),
    there: mean(talkMs + onTheWayMs + wrapUpMs + idleMs + awayMs),
    placed,
    answered,
    silent,
    heldMs,
  }
}
