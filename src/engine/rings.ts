/**
 * Rings the rules have asked for, until their facts are written and the switch is told. What takes longer to write than it would have rung
 * is rung no more: nobody was, so it is no attempt, and no ring of an agent's phone that rings on.
 */
import type { Effect } from '#core/effects.ts'
import type { Input, TimerInput } from '#core/inputs.ts'
import type { LegId, Ms } from '#core/kernel/kernel.ts'
import { callByLeg, type World } from '#core/world/world.ts'
import { stillRings } from './reconcile.ts'

type Ring = Extract<Effect, { type: 'leg.ring' }>

export interface RingsPlan {
  readonly world: World
  readonly now: () => Ms
  readonly put: (input: Input) => void
  readonly carryOut: (ring: Ring) => void
}

export class Rings {
  readonly #plan: RingsPlan
  readonly #unwritten = new Set<LegId>()

  constructor(plan: RingsPlan) {
    this.#plan = plan
  }

  asked(effects: readonly Effect[]): void {
    for (const effect of effects) if (effect.type === 'leg.ring') this.#unwritten.add(effect.legId)
  }

  /** Its time is counted when it is written: then it begins, or is over. */
  holds(timer: TimerInput): boolean {
    return timer.type === 'ring.timeOut' && this.#unwritten.has(timer.legId)
  }

  written(ring: Ring): void {
    const { legId } = ring
    const { world, now, put, carryOut } = this.#plan
    this.#unwritten.delete(legId)
    if (stillRings(world, legId, now())) carryOut(ring)
    else if (callByLeg(world, legId)?.legs.get(legId)?.status === 'requested')
      put('agent' in ring.to ? { type: 'ring.timeOut', legId } : { type: 'leg.end', legId, outcome: 'unknown', by: 'network', cause: null })
  }
}
