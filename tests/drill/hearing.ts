/** Who heard whom from one instant to another, told by the speech (RTP) that arrived at each end. */
import { deafMs } from '../asterisk/machine.ts'
import type { SpeechEnd } from '../asterisk/rtp.ts'
import type { Heard } from '../asterisk/sound.ts'

/** Pieces at the edges of a cut, and clicks of a loaded machine. */
const PURE_SHARE_MIN = 0.95
/** Speech that arrived, of what was due: a switch that gets no processor sends late and less. Where nobody joins two, nothing arrives at all. */
const PRESENT_SHARE_MIN = 0.75
const HOLE_MS_MAX = 1_500
const PIECE_MS = 100

const within = (end: SpeechEnd, from: number, to: number): readonly Heard[] => end.heard.filter(({ at }) => at >= from && at <= to)

/** The longest time without a piece, while this process listened. */
const holeOf = (pieces: readonly Heard[], from: number, to: number): number => {
  const instants = [from, ...pieces.map(({ at }) => at), to]
  const hole = (at: number, before: number): number => at - before - deafMs(before, at)
  return Math.max(...instants.slice(1).map((at, index) => hole(at, instants[index] ?? at)))
}

function fault(end: SpeechEnd, from: number, to: number, rightMin: number, isRight: (piece: Heard) => boolean): string | null {
  const pieces = within(end, from, to)
  const present = pieces.length / ((to - from) / PIECE_MS)
  const right = pieces.filter(isRight).length / Math.max(1, pieces.length)
  const hole = holeOf(pieces, from, to)
  if (present >= PRESENT_SHARE_MIN && right >= rightMin && hole <= HOLE_MS_MAX) return null
  const share = (of: number): string => `${(100 * of).toFixed(0)} %`
  return `${share(present)} of the speech due in ${((to - from) / 1_000).toFixed(1)} s arrived, ${share(right)} of it right, at most ${hole} ms without`
}

/** null: throughout; else what was wrong. */
export const heardTone = (end: SpeechEnd, tone: number, from: number, to: number): string | null =>
  fault(end, from, to, PURE_SHARE_MIN, ({ tones, other }) => tones.length === 1 && tones[0] === tone && !other)

export const heardMusic = (end: SpeechEnd, from: number, to: number): string | null =>
  fault(end, from, to, PURE_SHARE_MIN, ({ tones, other }) => tones.length === 0 && other)
