/**
 * Whom to call, found among 100,000 contacts beside agents and queues: the program serves a directory that was imported over its own
 * API, and every kind of question is asked over HTTP as the page asks it, at each key somebody types. While it imports, a page is asked
 * for again and again: an import holds nobody up.
 *
 *     npm run bench -- --only directory
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import type { DirectoryPage, ImportReport } from '#wire/directory.ts'
import { tableOf } from './directory-filled.ts'
import { conditions, type Figure, percentile, print } from './figures.ts'
import { type Served, serve } from './program-served.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const CONTACTS = 100_000
const ROUNDS = 40
const AIM_MS = 50

/** What people type, to the last key of each. */
const QUESTIONS: Readonly<Record<string, readonly string[]>> = {
  'by name, one letter': ['a', 'ö', 'l'],
  'by name, some letters': ['and', 'lind', 'åke', 'ström', 'ek'],
  'by two names': ['anna and', 'lar ö', 'bengtsson jo'],
  'by a name with a for å': ['angstrom', 'oberg hakan'],
  'by nobody’s name': ['xyzzy', 'anna xyzzy'],
  'by a number’s beginning': ['072', '0720 12', '+4673', '0046 72 5'],
  'by a whole number': ['072-000 00 00', '+46 73 265 44 35'],
  'by a number’s end': ['4435', '00000'],
  'by digits inside': ['65443', '318'],
  'everything, one page': [''],
}

async function ask(served: Served, text: string): Promise<{ readonly ms: number; readonly page: DirectoryPage }> {
  const { body, ms } = await served.get<DirectoryPage>(`directory?q=${encodeURIComponent(text)}`)
  return { ms, page: body }
}

async function questions(served: Served): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const [name, texts] of Object.entries(QUESTIONS)) {
    const ms: number[] = []
    let found = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const text of texts) {
        const answer = await ask(served, text)
        ms.push(answer.ms)
        found = Math.max(found, answer.page.contacts)
      }
    }
    figures.push({ name: `${name} (${found} found), median`, value: percentile(ms, 0.5), unit: 'ms' })
    figures.push({ name: `${' '.repeat(name.length)} p99`, value: percentile(ms, 0.99), unit: 'ms', aim: { atMost: AIM_MS } })
  }
  return figures
}

/** The import, and how long a page took meanwhile. */
async function fill(served: Served): Promise<readonly Figure[]> {
  const began = performance.now()
  const waited: number[] = []
  let isDone = false
  const importing = served.post<ImportReport>('contacts/import', tableOf(CONTACTS), 'text/csv').finally(() => {
    isDone = true
  })
  while (!isDone) waited.push((await served.get('session')).ms)
  const report = await importing
  if (report.added !== CONTACTS) throw new Error(`${report.added} of ${CONTACTS} contacts were added`)
  return [
    { name: `import of ${CONTACTS} contacts`, value: (performance.now() - began) / 1000, unit: 's' },
    { name: 'another page meanwhile, p99', value: percentile(waited, 0.99), unit: 'ms', aim: { atMost: AIM_MS } },
  ]
}

mkdirSync(path.join(ROOT, 'data'), { recursive: true })
const folder = mkdtempSync(path.join(ROOT, 'data/bench-directory-'))
const served = await serve(folder)
try {
  console.log(`  ${conditions({ contacts: CONTACTS, questions: `${ROUNDS} × each` })}`)
  const figures = [...(await fill(served)), ...(await questions(served))]
  process.exitCode = print(figures) ? 0 : 1
} finally {
  await served.close()
  rmSync(folder, { recursive: true, force: true })
}
