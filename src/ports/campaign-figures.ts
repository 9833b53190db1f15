/** The figures of campaigns as they are looked at: a projection of the journal, kept beside the archive. */
import type { Figures, Rates, Span } from '#core/campaign/figures.ts'
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'

/** How a campaign stood at an instant, that of the last fact. Since then its times have grown by what the rates say. */
export interface CampaignNow {
  readonly at: Ms
  readonly rates: Rates
  /** The day of the solution it is of; null: none has begun. */
  readonly dayFrom: Ms | null
  readonly today: Figures
  readonly all: Figures
}

export interface FiguresRow {
  readonly at: Ms
  readonly figures: Figures
}

/** Spans, and how the campaign stood when they were read: what is in them, and nothing after it. */
export interface FiguresRead {
  readonly rows: readonly FiguresRow[]
  readonly now: CampaignNow | null
}

export interface CampaignFigures {
  /** What was projected last, at most about a second ago; null: nothing of this campaign yet. */
  now(id: CampaignId): CampaignNow | null
  /** The spans that began at this instant or after it, oldest first; one in which nothing was is left out. Minutes are kept for three days, hours for 400. */
  rows(id: CampaignId, span: Exclude<Span, 'all' | 'day'>, from: Ms): Promise<FiguresRead>
}
