/** What `scripts/make-prompts.ts` wrote is all there, and as long as its manifest says: both telephone networks go by that. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../prompts')
const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T
const list = read<{ voices: Record<string, string>; texts: Record<string, Record<string, string>>; tones: Record<string, object> }>(
  'prompts.json',
)
const manifest = read<Record<string, Record<string, { text: string; file: string; ms: number }>>>('manifest.json')

test('every text is spoken in every language, as it is written now', () => {
  const languages = Object.keys(list.voices)
  expect(Object.keys(manifest)).toEqual(languages)
  for (const language of languages) {
    const spoken = manifest[language] ?? {}
    expect(Object.keys(spoken).toSorted()).toEqual([...Object.keys(list.texts), ...Object.keys(list.tones)].toSorted())
    for (const [name, texts] of Object.entries(list.texts)) expect(spoken[name]?.text).toBe(texts[language])
  }
})

test('a file lasts as long as the manifest says: 8 bytes are a millisecond of µ-law at 8 kHz', () => {
  for (const prompts of Object.values(manifest))
    for (const { file, ms } of Object.values(prompts))
      expect(Math.abs(statSync(join(folder, file)).size / 8 - ms), file).toBeLessThanOrEqual(0.5)
})
