/**
 * The archive: stories projected from the journal's facts, searched by people. It can be dropped and rebuilt to the same bytes.
 * The projector (one) writes through `ArchiveWriter`; searches read, and never wait for the engine.
 */

import type { Story } from '#core/archive/story.ts'
import type { CallId, Ms, PersonId } from '#core/kernel/kernel.ts'

export interface ArchiveWriter {
  /** The position of the last fact projected. */
  position(): number
  /** Writes whole stories and the position they stand at, in one transaction. */
  write(stories: readonly Story[], position: number): void
  /** These have outlived their retention: nothing of them is found any more, nor left in the file. Unknown ones are passed over. How many there were. */
  forgetCalls(calls: readonly CallId[]): number
  drop(): void
}

/**
 * The filters of archive.md 5; all given must hold, of a list one entry suffices. Ranges are half open: from ≤ x < to, min ≤ x < max;
 * a measure that a call does not have (a live call's duration, a wait that is null) is in no range. `agent`: those involved.
 */
export interface ArchiveFilter {
  readonly from?: Ms
  readonly to?: Ms
  /**
   * Finds the customer and everybody outside who was rung or joined, not our own lines. `digits`: other characters are passed over;
   * compared with those of the number in E.164, so whoever asks turns 070… into 4670… first. `withheld` alone for withheld numbers.
   */
  readonly number?: { readonly how: 'exact' | 'prefix' | 'suffix' | 'inside'; readonly digits: string } | 'withheld'
  readonly person?: PersonId
  readonly queue?: readonly string[]
  readonly agent?: readonly string[]
  readonly direction?: readonly string[]
  readonly origin?: readonly string[]
  readonly mode?: readonly string[]
  readonly campaign?: string
  readonly contact?: string
  readonly result?: readonly string[]
  readonly kind?: readonly string[]
  readonly unanswered?: boolean
  readonly durationMs?: { readonly min?: Ms; readonly max?: Ms }
  readonly speakMs?: { readonly min?: Ms; readonly max?: Ms }
  readonly waitMs?: { readonly min?: Ms; readonly max?: Ms }
  readonly live?: boolean
  /** What the account may see: only calls owned by one of these agents (`ownersOf`), or of these queues, or of any campaign, there still or not. */
  readonly seenBy?: { readonly agents?: readonly string[]; readonly queues?: readonly string[]; readonly campaigns?: 'any' }
}

export interface ArchivePage {
  readonly stories: readonly Story[]
  /** Key of the next page: opaque, from the last row. */
  readonly next: string | null
}

export interface ArchiveReader {
  search(filter: ArchiveFilter, page: { readonly after: string | null; readonly limit: number }): Promise<ArchivePage>
  /** Everything found, newest first, in blocks: for exports. A call that begins meanwhile is not among it. */
  all(filter: ArchiveFilter): AsyncIterable<readonly Story[]>
  /** How many, counted no further than `atMost`. */
  count(filter: ArchiveFilter, atMost: number): Promise<number>
  story(callId: CallId): Promise<Story | null>
  /** These persons are erased: what is kept at hand of their numbers goes. Their calls stay, and are still found by `person`. */
  forget(persons: readonly PersonId[]): Promise<void>
}
