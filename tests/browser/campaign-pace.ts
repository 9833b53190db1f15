/** A campaign over time, written by hand as the server would send it. */
import type { CampaignPace } from '#wire/campaigns.ts'

/** A morning of steps: it grows, is held back for seven minutes, and grows again; eleven silent calls of 437 answered. */
export const overTime = (range: string): CampaignPace => {
  const stepMs = range === 'all' ? 3.6e6 : 60_000
  const count = range === 'quarter' ? 15 : range === 'all' ? 31 : 93
  const last = Math.floor(Date.now() / stepMs) * stepMs
  const wave = (index: number, length: number) => Math.sin((index / count) * Math.PI * length)
  const points = Array.from({ length: count }, (_, index) => {
    const back = count - 1 - index
    const held = range === 'today' && back >= 41 && back < 48
    return {
      at: new Date(last - back * stepMs).toISOString(),
      inTheAir: Math.max(0, Math.round((held ? 15 : 12 + 26 * (index / count) + 5 * wave(index, 9)) * 100) / 100),
      talking: Math.max(0, Math.round((14 + 3 * wave(index, 5) + 2 * (index / count)) * 100) / 100),
      there: 24,
      placed: 14,
      answered: Math.floor((437 * (index + 1)) / count) - Math.floor((437 * index) / count),
      silent: Math.floor((11 * (index + 1)) / count) - Math.floor((11 * index) / count),
      heldMs: held ? stepMs : 0,
    }
  })
  return { stepMs, points }
}
