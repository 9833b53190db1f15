/** The process that scrubs: folder as argument, what to look for on standard input, what was done on standard output, as JSON. */
import { text } from 'node:stream/consumers'
import { scrubFolder } from './scrub.ts'
import type { Spelled } from './spellings.ts'

const [folder = ''] = process.argv.slice(2)
const spelled = JSON.parse(await text(process.stdin)) as Spelled[]
process.stdout.write(JSON.stringify(scrubFolder(folder, ...spelled)))
