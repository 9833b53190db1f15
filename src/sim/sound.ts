/**
 * Who hears whom: bridges, music and prompts of the simulated network, and how long a prompt lasts. A leg is in one bridge at a time:
 * joining another leaves the first. A leg that is not answered hears nothing; the caller of these sees to that.
 */
import type { LegId, Ms } from '#core/kernel/kernel.ts'
import type { Clock } from '#ports/clock.ts'
import type { Spoken } from '#ports/telephony.ts'

/** What one leg hears. */
export interface Heard {
  /** The other legs of its bridge that are not muted. */
  readonly legs: readonly LegId[]
  readonly music: string | null
  readonly prompt: readonly Spoken[] | null
}

interface Play {
  readonly playId: string
  readonly parts: readonly Spoken[]
  readonly legs: Set<LegId>
  cancel: () => void
}

export class Sound {
  readonly #clock: Clock
  readonly #lengthMs: (parts: readonly Spoken[], language: string) => Ms
  readonly #finished: (playId: string) => void
  readonly #bridges = new Map<string, Set<LegId>>()
  readonly #bridgeOf = new Map<LegId, string>()
  readonly #playTo = new Map<LegId, Play>()
  readonly #musicTo = new Map<LegId, string>()
  readonly #muted = new Set<LegId>()
  /** When what it heard last was taken from it, by waiting. */
  readonly #heardUntil = new Map<LegId, Ms>()

  constructor(clock: Clock, lengthMs: (parts: readonly Spoken[], language: string) => Ms, finished: (playId: string) => void) {
    this.#clock = clock
    this.#lengthMs = lengthMs
    this.#finished = finished
  }

  hears(legId: LegId): Heard {
    return {
      legs: this.joinedWith(legId).filter((other) => !this.#muted.has(other)),
      music: this.#musicTo.get(legId) ?? null,
      prompt: this.#playTo.get(legId)?.parts ?? null,
    }
  }

  /** For how long it has heard neither somebody it is joined with nor music nor a prompt; 0: it hears one of them. */
  silentMs(legId: LegId): Ms {
    if (this.#musicTo.has(legId) || this.#playTo.has(legId) || this.joinedWith(legId).length > 0) return 0
    return this.#clock.monotonic() - (this.#heardUntil.get(legId) ?? 0)
  }

  joinedWith(legId: LegId): readonly LegId[] {
    const bridge = this.#bridgeOf.get(legId)
    return bridge === undefined ? [] : [...(this.#bridges.get(bridge) ?? [])].filter((other) => other !== legId)
  }

  /** The legs of this bridge are exactly these from now on. Their music and prompts stop. */
  join(bridge: string, legs: readonly LegId[]): void {
    for (const legId of [...(this.#bridges.get(bridge) ?? [])]) if (!legs.includes(legId)) this.#leave(legId)
    if (legs.length === 0) return
    const members = this.#bridges.get(bridge) ?? new Set()
    this.#bridges.set(bridge, members)
    for (const legId of legs) {
      if (members.has(legId)) continue
      this.#leave(legId)
      this.#silence(legId)
      members.add(legId)
      this.#bridgeOf.set(legId, bridge)
    }
  }

  play(playId: string, legs: readonly LegId[], parts: readonly Spoken[], language: string): void {
    if (legs.length === 0 || legs.some((legId) => this.#playTo.get(legId)?.playId === playId)) return
    for (const legId of legs) this.#silence(legId)
    const play: Play = { playId, parts, legs: new Set(legs), cancel: () => undefined }
    for (const legId of legs) this.#playTo.set(legId, play)
    play.cancel = this.#clock.wake(this.#clock.now() + this.#lengthMs(parts, language), () => {
      for (const legId of play.legs) {
        this.#playTo.delete(legId)
        this.#falls(legId)
      }
      this.#finished(playId)
    })
  }

  plays(playId: string): boolean {
    return [...this.#playTo.values()].some((play) => play.playId === playId)
  }

  stop(playId: string, legs: readonly LegId[]): void {
    for (const legId of legs) if (this.#playTo.get(legId)?.playId === playId) this.#stopPlay(legId)
  }

  /** null: no music. Whoever hears music is out of its bridge: hears nobody, and is heard by nobody, until it is joined again. */
  music(legId: LegId, music: string | null): void {
    this.#musicTo.delete(legId)
    this.#falls(legId)
    if (music === null) return
    this.#leave(legId)
    this.#musicTo.set(legId, music)
  }

  /** Whether others hear it, whatever bridge it is in. */
  mute(legId: LegId, on: boolean): void {
    if (on) this.#muted.add(legId)
    else this.#muted.delete(legId)
  }

  gone(legId: LegId): void {
    this.#muted.delete(legId)
    this.#leave(legId)
    this.#silence(legId)
    this.#heardUntil.delete(legId)
  }

  #falls(legId: LegId): void {
    this.#heardUntil.set(legId, this.#clock.monotonic())
  }

  #leave(legId: LegId): void {
    const bridge = this.#bridgeOf.get(legId)
    if (bridge === undefined) return
    this.#bridgeOf.delete(legId)
    this.#falls(legId)
    const members = this.#bridges.get(bridge)
    members?.delete(legId)
    if (members?.size === 0) this.#bridges.delete(bridge)
  }

  #silence(legId: LegId): void {
    if (this.#musicTo.delete(legId)) this.#falls(legId)
    this.#stopPlay(legId)
  }

  #stopPlay(legId: LegId): void {
    const play = this.#playTo.get(legId)
    if (play === undefined) return
    this.#playTo.delete(legId)
    this.#falls(legId)
    play.legs.delete(legId)
    if (play.legs.size === 0) play.cancel()
  }
}
