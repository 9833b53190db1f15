/**
 * What somebody hears: tones found in received speech. Each party of a test sends a tone of its own, so that who hears whom can be
 * told from what arrived, and not from packets: music and echo are packets too.
 */

export const hertzOfLine = 8000

/** The tones parties send: multiples of 10 Hz, so that in 100 ms none leaks into another (its bins are 10 Hz apart). */
export const tones = [440, 570, 620, 710, 880, 990, 1130, 1270, 1410, 1550, 1690, 1830, 1970] as const
/** The ringing tone of our Asterisk (ETSI TS 101 041: 425 Hz), a second on and five off. It leaks into 440 Hz, so where it is that is not asked. */
export const ringingTone = 425
const ringingEveryMs = 6_000

/** How loud a party's tone is sent, of 32767. */
export const loudness = 6000
/** A tone counts as heard from here: a quarter of what is sent, far over what speech or music leaves in a 10 Hz bin. */
export const heardFrom = 1500

/** ITU-T G.711 µ-law, both ways. */
export const encodeMuLaw = (sample: number): number => {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.abs(Math.round(sample)), 32635) + 132
  const exponent = Math.floor(Math.log2(magnitude)) - 7
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff
}

export const decodeMuLaw = (byte: number): number => {
  const value = ~byte & 0xff
  const magnitude = (((value & 0x0f) << 3) + 132) << ((value >> 4) & 0x07)
  return value & 0x80 ? 132 - magnitude : magnitude - 132
}

/** The amplitude of one frequency in the samples (Goertzel, 1958). */
export const amplitude = (samples: readonly number[], hertz: number): number => {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / hertzOfLine)
  let [before, last] = [0, 0]
  for (const sample of samples) [before, last] = [last, sample + coefficient * last - before]
  const power = last * last + before * before - coefficient * last * before
  return (2 * Math.sqrt(Math.max(0, power))) / samples.length
}

export interface Heard {
  /** When the piece had arrived, milliseconds since 1970. */
  readonly at: number
  /** Our parties' tones in it. */
  readonly tones: readonly number[]
  readonly ringing: boolean
  /** Whether there was anything else than silence, our tones and ringing: a prompt, music. */
  readonly other: boolean
}

/** What a party hears, over some time. */
export interface Ear {
  readonly tones: readonly number[]
  readonly ringing: boolean
  readonly music: boolean
}

/** The last quarter of a second for tones, the last second for music, which has pauses, and the time from one ring to the next for ringing. */
export const earOf = (pieces: readonly Heard[]): Ear => {
  const since = (ms: number): readonly Heard[] => pieces.filter(({ at }) => at > Date.now() - ms)
  const [first, ...others] = since(250)
  const heard = first === undefined ? [] : first.tones.filter((tone) => others.every((piece) => piece.tones.includes(tone)))
  const second = since(1_000)
  const music = heard.length === 0 && second.filter(({ other }) => other).length >= Math.max(4, second.length / 2)
  return { tones: heard, music, ringing: heard.length === 0 && !music && since(ringingEveryMs + 500).some(({ ringing }) => ringing) }
}

/** One piece of 100 ms. */
export const listen = (at: number, samples: readonly number[]): Heard => {
  const ringing = amplitude(samples, ringingTone)
  const rings = ringing > heardFrom && ringing > 1.5 * amplitude(samples, 440)
  const strength = tones.filter((hertz) => !rings || Math.abs(hertz - ringingTone) > 20)
  const found = strength.map((hertz) => ({ hertz, is: amplitude(samples, hertz) })).filter(({ is }) => is > heardFrom)
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length
  const power = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / samples.length
  const ours = [...found.map(({ is }) => is), rings ? ringing : 0].reduce((sum, is) => sum + (is * is) / 2, 0)
  // Music and speech are far over 300; what µ-law and cut pieces leave of our own tones is under a tenth of their power.
  return { at, tones: found.map(({ hertz }) => hertz), ringing: rings, other: power - ours > Math.max(300 ** 2, ours * 0.25) }
}
