/** What is known of a campaign's list where a draw brought less than was asked for. */
import type { Ms } from '#core/kernel/kernel.ts'
import type { Draw } from '#ports/contacts.ts'
import type { DrawDone } from './drawing.ts'

/** What the last draw said. */
export interface Dry {
  readonly rest: Exclude<Draw['rest'], 'more'> | 'failed'
  readonly dueAt: Ms | null
  readonly turnsAt: Ms | null
  /** Not looked again before. */
  readonly until: Ms
}
export const FAILED: Dry = { rest: 'failed', dueAt: null, turnsAt: null, until: 0 }

/** After a draw that brought too few it is looked again so soon, for contacts are imported without our being told. */
export const LOOK_AGAIN_MS: Ms = 5_000

/** When it is worth looking again. */
export function dryness({ dueAt, turnsAt }: DrawDone, rest: Exclude<Draw['rest'], 'more'>, at: Ms): Dry {
  const instants = [dueAt, turnsAt, at + LOOK_AGAIN_MS].filter((one) => one !== null)
  return { rest, dueAt, turnsAt, until: Math.min(...instants) }
}
