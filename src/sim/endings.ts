/** How legs of the simulated network end that are not answered. Causes: Q.850. */
import type { Ending } from './ledger.ts'

export const CAUSE = { normal: 16, busy: 17, noAnswer: 19, rejected: 21, notInUse: 1, absent: 20, lost: 27, noCircuit: 34 } as const
export const BUSY: Ending = { outcome: 'busy', by: 'party', cause: CAUSE.busy }
export const UNANSWERED: Ending = { outcome: 'unanswered', by: 'network', cause: CAUSE.noAnswer }
export const REJECTED: Ending = { outcome: 'rejected', by: 'party', cause: CAUSE.rejected }
export const NOT_IN_USE: Ending = { outcome: 'notInUse', by: 'party', cause: CAUSE.notInUse }
export const ABSENT: Ending = { outcome: 'failed', by: 'network', cause: CAUSE.absent }
export const NO_CIRCUIT: Ending = { outcome: 'failed', by: 'network', cause: CAUSE.noCircuit }
