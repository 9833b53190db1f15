/** The figures of campaigns as clients see them: grown up to now by what their agents and calls are in, and put into steps. */
import { type Figures, medianIdleMs, NO_FIGURES, pieces, plus, timesOf } from '#core/campaign/figures.ts'
import type { CampaignFigures, CampaignNow, FiguresRow } from '#ports/campaign-figures.ts'
import type { CampaignPace, CampaignWork, PACE_RANGES } from '#wire/campaigns.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
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

/** The day an instant is in, by the solution's zone. */
export type DayOf = (at: number) => { readonly from: number; readonly to: number }

/**
 * A campaign over time, in steps that begin with a day of the zone: a step of a day is a date, also one of 23 or 25 hours. Where the zone
 * is half an hour off, the hour over midnight counts to the day it began in.
 */
export async function paceOf(
  kept: CampaignFigures,
  id: string,
  range: (typeof PACE_RANGES)[number],
  dayOf: DayOf,
  at: number,
): Promise<CampaignPace> {
  const span = range === 'all' ? 'hour' : 'minute'
  const quarter = at - (at % MINUTE_MS) - QUARTER_MS + MINUTE_MS
  const from = range === 'all' ? 0 : range === 'quarter' ? quarter : dayOf(at).from
  const { rows, now } = await kept.rows(id, span, from)
  const sinceThen = grownSince(now, at, span === 'hour' ? HOUR_MS : MINUTE_MS).filter((row) => row.at >= from)
  return stepped([...rows, ...sinceThen], STEPS_MS[span], range === 'quarter' ? quarter : null, dayOf, at)
}

/** What the time since the last fact adds: nothing where nobody is there. */
function grownSince(now: CampaignNow | null, at: number, spanMs: number): readonly FiguresRow[] {
  if (now === null || Object.values(now.rates).every((rate: number) => rate === 0)) return []
  return pieces(now.at, at, spanMs).map((piece) => ({ at: piece.at, figures: plus(NO_FIGURES, timesOf(now.rates, piece.ms)) }))
}

/** `from` null: where the first row begins. */
function stepped(rows: readonly FiguresRow[], steps: readonly number[], from: number | null, dayOf: DayOf, at: number): CampaignPace {
  const first = from ?? rows.reduce((least, row) => Math.min(least, row.at), Number.POSITIVE_INFINITY)
  const stepMs = steps.find((ms) => (at - first) / ms <= POINTS_MAX) ?? steps.at(-1) ?? HOUR_MS
  if (rows.length === 0) return { stepMs, points: [] }
  const left = rows.toSorted((a, b) => a.at - b.at)
  const points = []
  for (const [begin, end] of stepsOf(first, at, stepMs, dayOf)) {
    let sum = NO_FIGURES
    for (let row = left[0]; row !== undefined && row.at < end; row = left[0]) {
      sum = plus(sum, row.figures)
      left.shift()
    }
    points.push(pointOf(begin, sum, Math.min(end, at) - begin))
  }
  return { stepMs, points }
}

/** From the step `from` is in to the one `until` is in; a part of a day ends with the day. */
function* stepsOf(from: number, until: number, stepMs: number, dayOf: DayOf): Generator<readonly [number, number]> {
  for (let day = dayOf(from); day.from < until; day = dayOf(day.to)) {
    const begin = day.from
    for (let more = stepMs / DAY_MS - 1; more > 0; more -= 1) day = dayOf(day.to)
    const length = Math.min(stepMs, DAY_MS) === DAY_MS ? day.to - begin : stepMs
    for (let step = begin; step < Math.min(day.to, until); step += length) {
      const end = Math.min(step + length, day.to)
      if (end > from) yield [step, end]
    }
  }
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
