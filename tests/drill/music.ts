/** Music on hold that never pauses: where some of what is due is not heard, it was not played. Recorded music fades out between two pieces, for twenty seconds. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeMuLaw, hertzOfLine } from '../asterisk/sound.ts'

/** None of the parties' tones, and as theirs multiples of 10 Hz: it leaks into none. */
const CHORD = [300, 500]
const LOUDNESS = 4_000
const SECONDS = 10

/** The folder of it, made within this one. */
export function steadyMusic(within: string): string {
  const folder = join(within, 'music')
  mkdirSync(folder)
  const sample = (at: number): number =>
    CHORD.reduce((sum, hertz) => sum + LOUDNESS * Math.sin((2 * Math.PI * hertz * at) / hertzOfLine), 0)
  writeFileSync(
    join(folder, 'steady.ulaw'),
    Uint8Array.from({ length: SECONDS * hertzOfLine }, (_, at) => encodeMuLaw(sample(at))),
  )
  return folder
}
