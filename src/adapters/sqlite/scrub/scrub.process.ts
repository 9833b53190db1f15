/**
 * The process that scrubs: folder as argument, what to look for on standard input, what was done on standard output, as JSON. With `--wipe`
 * nothing is looked for: whatever deleted rows have left goes.
 */
import { text } from 'node:stream/consumers'
import { openBooks } from './book.ts'
import { scrubFolder } from './scrub.ts'
import type { Spelled } from './spellings.ts'

const [folder = '', how] = process.argv.slice(2)
if (how === '--wipe') {
  for (const book of openBooks(folder)) book.wipe()
} else {
  const spelled = JSON.parse(await text(process.stdin)) as Spelled[]
  process.stdout.write(JSON.stringify(scrubFolder(folder, ...spelled)))
}
