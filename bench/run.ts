/**
 * `npm run bench`: the product's figures, part after part, each a program of its own so that none is measured in another's heap.
 *
 *     npm run bench
 *     npm run bench -- --only archive
 */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { conditions } from './figures.ts'

/** Files of this folder that are no parts. */
const HELPERS = ['run.ts', 'figures.ts']

const parts = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !HELPERS.includes(file) && !file.includes('-'))
  .map((file) => path.basename(file, '.ts'))

/** As `bin/samtal.mjs` starts the program. */
const ENV = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  NODE_COMPILE_CACHE: path.resolve(import.meta.dirname, '../node_modules/.cache/samtal'),
  ...process.env,
}

const runPart = (part: string): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--expose-gc', '--max-semi-space-size=64', path.join(import.meta.dirname, `${part}.ts`)], {
      stdio: 'inherit',
      env: ENV,
    })
    child.on('error', (error) => {
      console.error(error.message)
      resolve(false)
    })
    child.on('close', (code) => resolve(code === 0))
  })

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, help: { type: 'boolean' } } })
if (values.help === true) {
  console.log(
    `Usage: npm run bench                     every part, one after another\n       npm run bench -- --only PART      one, or several: ${parts.join(', ')}`,
  )
  process.exit(0)
}
const wanted = values.only ?? parts
const unknown = wanted.filter((part) => !parts.includes(part))
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are ${parts.join(', ')}`)
  process.exit(2)
}

console.log(conditions())
const missed: string[] = []
for (const part of wanted) {
  console.log(`\n${part}`)
  if (!(await runPart(part))) missed.push(part)
}
console.log(missed.length === 0 ? '\nevery aim met' : `\nnot met or not measured: ${missed.join(', ')}`)
process.exitCode = missed.length === 0 ? 0 : 1
