/** A shift on a thread of its own, so that the engine that works does not wait for one that is made up. */
import { parentPort, workerData } from 'node:worker_threads'
import type { PaceShift } from '#ports/pace.ts'
import { pace } from './pace.ts'

parentPort?.postMessage(await pace(workerData as PaceShift))
