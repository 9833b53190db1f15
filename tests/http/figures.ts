/** The figures of campaigns kept in memory: counted with each commit, as the projecting thread does it with a disk. */
import { type Figures, NO_FIGURES, NO_RATES, plus, type Spanned } from '#core/campaign/figures.ts'
import { fold, initial, ratesNow, taken } from '#core/campaign/meter.ts'
import type { Recorded } from '#core/facts.ts'
import type { Solution } from '#core/solution/solution.ts'
import { initial as nothing } from '#core/world/world.ts'
import type { CampaignFigures, CampaignNow } from '#ports/campaign-figures.ts'

export function memoryFigures(solution: () => Solution): CampaignFigures & { take(facts: readonly Recorded[]): void } {
  const world = nothing()
  const meter = initial()
  const rows = new Map<string, Spanned>()
  const figuresOf = (id: string, span: Spanned['span'], at: number): Figures => rows.get(`${id} ${span} ${at}`)?.figures ?? NO_FIGURES
  const now = (id: string): CampaignNow | null => {
    if (!world.campaigns.has(id)) return null
    const dayFrom = meter.day?.from ?? null
    const today = dayFrom === null ? NO_FIGURES : figuresOf(id, 'day', dayFrom)
    return { at: meter.at, rates: ratesNow(world, solution()).get(id) ?? NO_RATES, dayFrom, today, all: figuresOf(id, 'all', 0) }
  }
  return {
    take(facts) {
      for (const recorded of facts) fold(meter, world, recorded, solution)
      const { rows: added, removed } = taken(meter)
      for (const [key, row] of rows) if (removed.includes(row.campaignId)) rows.delete(key)
      for (const row of added) {
        const figures = plus(figuresOf(row.campaignId, row.span, row.at), row.figures)
        rows.set(`${row.campaignId} ${row.span} ${row.at}`, { ...row, figures })
      }
    },
    now,
    rows: async (id, span, from) => {
      const own = [...rows.values()].filter((row) => row.campaignId === id && row.span === span && row.at >= from)
      return { rows: own.sort((a, b) => a.at - b.at), now: now(id) }
    },
  }
}
