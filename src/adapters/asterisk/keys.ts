/**
 * What one line's keys say. Asterisk takes digits by RFC 4733 and by SIP INFO on the same line, whatever `dtmf_mode` says, so a phone
 * that sends both is heard twice; and it may tell the second of them once more: it plays a digit it heard no beginning of for as long
 * as that lasts, and a digit that ends meanwhile is told at once, laid aside, and told again when the line is free (Asterisk's
 * `__ast_read`, where the end is told before it is laid aside).
 *
 * One cannot press a key again before it was let go: a digit that began before the same digit ended is that digit. Of a line where
 * this was seen, what Asterisk may have laid aside is expected once more, with the very same length, for as long as it may take.
 */

/** Two presses lie 40 ms apart at the least (ITU-T Q.24); half of that is left for the network. */
const samePressMs = 20
/** Asterisk plays no digit shorter than this. */
const playedMsMin = 80
/** From the end of what was played until what was laid aside has been told: Asterisk's gap of 45 ms, and room for a busy machine. */
const laidAsideMs = 145

interface Key {
  readonly digit: string
  /** When it was let go, in ms by the switch's clock. */
  readonly endedAt: number
  readonly durationMs: number
}

export class Keys {
  #last: Key | null = null
  /** Keys have been heard to overlap here: not one hand alone, but two ways. */
  #overlapping = false
  /** Until then Asterisk may be playing a digit, and lay others aside. */
  #playsUntil = Number.NEGATIVE_INFINITY
  /** What it may have laid aside, and until when it would be told again. */
  #laidAside: { readonly key: Key; readonly until: number }[] = []

  /** Whether this is a key pressed, not one told again. */
  isPress(key: Key): boolean {
    if (this.#toldAgain(key)) return false
    const overlaps = this.#last !== null && key.endedAt - key.durationMs < this.#last.endedAt + samePressMs
    const same = overlaps && this.#last?.digit === key.digit
    this.#overlapping ||= overlaps
    if (key.endedAt < this.#playsUntil) this.#laidAside.push({ key, until: this.#playsUntil })
    this.#last = key
    this.#plays(key)
    return !same
  }

  #toldAgain({ digit, endedAt, durationMs }: Key): boolean {
    this.#laidAside = this.#laidAside.filter(({ until }) => endedAt <= until)
    const found = this.#laidAside.findIndex(({ key }) => key.digit === digit && key.durationMs === durationMs)
    if (found < 0 || !this.#overlapping) return false
    this.#laidAside.splice(found, 1)
    this.#plays({ digit, endedAt, durationMs })
    return true
  }

  #plays({ endedAt, durationMs }: Key): void {
    this.#playsUntil = Math.max(this.#playsUntil, endedAt + Math.max(durationMs, playedMsMin) + laidAsideMs)
  }
}
