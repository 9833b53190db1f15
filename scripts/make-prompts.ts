/**
 * Speaks `prompts/prompts.json` with espeak-ng into `prompts/<language>/<name>.ulaw` (G.711 µ-law, 8 kHz, mono: what a telephone line
 * carries, so that nothing is transcoded while playing) and writes `prompts/manifest.json`: text, file and length of each. Both
 * telephone networks read that manifest. Run again after a text is changed, and commit what it wrote:
 *
 *     node scripts/fetch-tools.ts espeak-ng && node scripts/make-prompts.ts
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { espeakBinary } from './fetch-tools.ts'

interface PromptList {
  readonly voices: Readonly<Record<string, string>>
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly tones: Readonly<Record<string, { readonly hertz: number; readonly ms: number }>>
}

const hertz = 8000
const folder = join(import.meta.dirname, '..', 'prompts')

/** G.711 µ-law of one 16-bit sample (ITU-T G.711, bias 132). */
const muLaw = (sample: number): number => {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.abs(sample), 32635) + 132
  const exponent = Math.floor(Math.log2(magnitude)) - 7
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f
  return ~(sign | (exponent << 4) | mantissa) & 0xff
}

const encode = (samples: Float64Array): Buffer => Buffer.from(samples.map((sample) => muLaw(Math.round(sample))))

/** Resamples by a windowed sinc of 32 zero crossings (Hann), cut off a little under half the lower rate. */
const resample = (source: Float64Array, from: number, to: number): Float64Array => {
  const ratio = from / to
  const cutOff = 0.92 / Math.max(1, ratio)
  const reach = Math.ceil(32 / cutOff)
  return Float64Array.from({ length: Math.floor(source.length / ratio) }, (_, index) => {
    const centre = index * ratio
    let sum = 0
    for (let at = Math.ceil(centre - reach); at <= centre + reach; at++) {
      const distance = at - centre
      const angle = Math.PI * distance * cutOff
      const sinc = distance === 0 ? 1 : Math.sin(angle) / angle
      sum += (source[at] ?? 0) * sinc * cutOff * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach))
    }
    return sum
  })
}

/** Silence before and after speech, cut to 40 ms: digits are played one after another. */
const trim = (samples: Float64Array): Float64Array => {
  const loud = (sample: number): boolean => Math.abs(sample) > 200
  const margin = hertz * 0.04
  return samples.slice(Math.max(0, samples.findIndex(loud) - margin), Math.min(samples.length, samples.findLastIndex(loud) + margin))
}

/** The samples and rate of a RIFF file of 16-bit mono, as espeak-ng writes it to a pipe (its length fields are not to be trusted). */
const readWave = (wave: Buffer): { rate: number; samples: Float64Array } => {
  const start = wave.indexOf('data') + 8
  const count = Math.floor((wave.length - start) / 2)
  return { rate: wave.readUInt32LE(24), samples: Float64Array.from({ length: count }, (_, index) => wave.readInt16LE(start + index * 2)) }
}

const speak = (program: string, voice: string, text: string): Float64Array => {
  const { rate, samples } = readWave(execFileSync(program, ['-v', voice, '-s', '150', '-a', '90', '--stdout', text], { maxBuffer: 64e6 }))
  return trim(resample(samples, rate, hertz))
}

const tone = (of: { hertz: number; ms: number }): Float64Array =>
  Float64Array.from({ length: (of.ms * hertz) / 1000 }, (_, index) => 8000 * Math.sin((2 * Math.PI * of.hertz * index) / hertz))

const espeak = espeakBinary()
if (espeak.path === null) {
  process.stderr.write(`make-prompts: ${espeak.reason}\n`)
  process.exit(1)
}
const list = JSON.parse(readFileSync(join(folder, 'prompts.json'), 'utf8')) as PromptList
const manifest: Record<string, Record<string, { text: string; file: string; ms: number }>> = {}
for (const [language, voice] of Object.entries(list.voices)) {
  rmSync(join(folder, language), { recursive: true, force: true })
  mkdirSync(join(folder, language))
  const entries: Record<string, { text: string; file: string; ms: number }> = {}
  const keep = (name: string, text: string, samples: Float64Array): void => {
    const file = `${language}/${name}.ulaw`
    writeFileSync(join(folder, file), encode(samples))
    entries[name] = { text, file, ms: Math.round((samples.length * 1000) / hertz) }
  }
  for (const [name, texts] of Object.entries(list.texts))
    keep(name, texts[language] ?? '', speak(espeak.path, voice, texts[language] ?? ''))
  for (const [name, of] of Object.entries(list.tones)) keep(name, '', tone(of))
  manifest[language] = entries
}
writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
