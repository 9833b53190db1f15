/** What paces the campaigns: one call per idle agent, or as many as the owner's ratio says. */
import type { CreatePacing } from '#core/dialler/pacing-types.ts'

export const pacing: CreatePacing = ({ mode, ratio = 1 }) => ({
  decide: ({ idle, ringingMs, waitingMs }) => {
    const wanted = mode === 'progressive' ? idle : Math.floor(ratio * idle)
    return { dial: Math.max(0, wanted - ringingMs.length - waitingMs.length), hangUp: 0 }
  },
  observe: () => undefined,
  save: () => null,
})
