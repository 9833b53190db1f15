/**
 * Which prompts play to which legs. One play is one list of prompts; it is one playback in Asterisk, or one per leg where the legs
 * are not joined. A leg hears one play at a time.
 */
import type { LegId } from '#core/kernel/kernel.ts'

export class Plays {
  /** By play: its playbacks still going, each with who hears it. */
  readonly #plays = new Map<string, Map<string, Set<LegId>>>()
  readonly #playOf = new Map<string, string>()
  readonly #heardBy = new Map<LegId, string>()

  has(playId: string): boolean {
    return this.#plays.has(playId)
  }

  begin(playId: string, playbacks: ReadonlyMap<string, readonly LegId[]>): void {
    this.#plays.set(playId, new Map([...playbacks].map(([playbackId, legs]) => [playbackId, new Set(legs)])))
    for (const [playbackId, legs] of playbacks) {
      this.#playOf.set(playbackId, playId)
      for (const legId of legs) this.#heardBy.set(legId, playbackId)
    }
  }

  /** The leg hears nothing any more. Gives back the playback to be stopped, where it was the last to hear it. */
  leave(legId: LegId): string | undefined {
    const playbackId = this.#heardBy.get(legId)
    if (playbackId === undefined) return undefined
    this.#heardBy.delete(legId)
    const play = this.#plays.get(this.#playOf.get(playbackId) ?? '')
    const legs = play?.get(playbackId)
    legs?.delete(legId)
    if (legs === undefined || legs.size > 0) return undefined
    this.#forget(playbackId)
    return playbackId
  }

  hears(legId: LegId, playId: string): boolean {
    const playbackId = this.#heardBy.get(legId)
    return playbackId !== undefined && this.#playOf.get(playbackId) === playId
  }

  /** The playbacks of this play that are still going, as far as was told. */
  playbacks(playId: string): readonly string[] {
    return [...(this.#plays.get(playId)?.keys() ?? [])]
  }

  /** Who hears this playback. */
  listeners(playbackId: string): readonly LegId[] {
    return [...(this.#plays.get(this.#playOf.get(playbackId) ?? '')?.get(playbackId) ?? [])]
  }

  /** Asterisk has played it out. Gives back the play, when this was its last playback; undefined also where it had been stopped. */
  finished(playbackId: string): string | undefined {
    const playId = this.#playOf.get(playbackId)
    if (playId === undefined) return undefined
    for (const legId of this.listeners(playbackId)) this.#heardBy.delete(legId)
    this.#forget(playbackId)
    return this.#plays.has(playId) ? undefined : playId
  }

  clear(): void {
    this.#plays.clear()
    this.#playOf.clear()
    this.#heardBy.clear()
  }

  #forget(playbackId: string): void {
    const playId = this.#playOf.get(playbackId)
    this.#playOf.delete(playbackId)
    const play = playId === undefined ? undefined : this.#plays.get(playId)
    play?.delete(playbackId)
    if (playId !== undefined && play?.size === 0) this.#plays.delete(playId)
  }
}
