/** Shifts asked for by a page: each on a thread of its own, one at a time, and no longer than a page waits. */
import { Worker } from 'node:worker_threads'
import type { Pace, PaceResult, PaceShift } from '#ports/pace.ts'
import { PACE_LIMITS } from './pace.ts'

/** A larger shift than a page can wait for is for the command line. */
const LASTS_MS_MAX = 300_000

let last: Promise<unknown> = Promise.resolve()

export const paceElsewhere: Pace = (shift) => {
  if (shift.agents > PACE_LIMITS.agents || shift.hours > PACE_LIMITS.hours)
    return Promise.reject(new RangeError(`at most ${PACE_LIMITS.agents} agents and ${PACE_LIMITS.hours} hours`))
  const asked = last.then(() => inThread(shift))
  // The next waits for it, however it ends.
  last = asked.catch(() => undefined)
  return asked
}

function inThread(shift: PaceShift): Promise<PaceResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./pace.worker.ts', import.meta.url), { workerData: shift })
    const timer = setTimeout(() => {
      void worker.terminate()
      reject(new Error('the shift took too long; `samtal pace` has more time'))
    }, LASTS_MS_MAX)
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`the shift ended with code ${code}`))
    })
  })
}
