/**
 * Which calls have outlived their retention (calls.md 7): whole calls, over for longer than their queues ask for. A call that is not
 * over, or after which somebody is still in wrap-up, never has.
 */
import type { Recorded } from '../facts.ts'
import { Bug, type Ms, type QueueId } from '../kernel/kernel.ts'
import { apply, begin, isSettled } from './projection.ts'

/** What was over before these instants has outlived its retention. */
export interface Horizons {
  readonly calls: Ms
  /** Of queues that ask for another time than others. */
  readonly queues: Readonly<Record<QueueId, Ms>>
}

/** What is kept longest, and shortest. */
export const earliest = ({ calls, queues }: Horizons): Ms => Math.min(calls, ...Object.values(queues))
export const latest = ({ calls, queues }: Horizons): Ms => Math.max(calls, ...Object.values(queues))

/** Of all facts of one call, in the journal's order. In several queues it is kept as long as the longest asks. */
export function hasOutlived(facts: readonly Recorded[], horizons: Horizons): boolean {
  const last = facts.at(-1)
  if (last === undefined || last.at >= latest(horizons) || !isOver(facts)) return false
  const queues = facts.flatMap(({ fact }) => (fact.type === 'entry.joined' ? [fact.queueId] : []))
  const asked = queues.map((id) => horizons.queues[id] ?? horizons.calls)
  return last.at < (asked.length === 0 ? horizons.calls : Math.min(...asked))
}

/** One whose facts make no story, for some were lost with a damaged part of the journal, is over when its end is among them. */
function isOver(facts: readonly Recorded[]): boolean {
  try {
    const [first, ...rest] = facts
    if (first === undefined) return false
    const call = begin(first)
    for (const recorded of rest) apply(call, recorded)
    return isSettled(call)
  } catch (error) {
    if (!(error instanceof Bug)) throw error
    return facts.some(({ fact }) => fact.type === 'call.ended')
  }
}

const NOTE = /"noteId":"([^"]+)"/gu

/** Notes that facts tell of: they are kept beside, and leave with them. */
export const notesIn = (json: string): readonly string[] => [...json.matchAll(NOTE)].map(([, id = '']) => id)

const WORD = /"((?:[^"\\]|\\.)*)"/gsu

/** Every text of a JSON, as it is written there; ids of persons are among them wherever they stand. */
export const wordsIn = (json: string): readonly string[] => [...json.matchAll(WORD)].map(([, word = '']) => word)
