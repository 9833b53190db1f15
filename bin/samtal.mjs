#!/usr/bin/env node
// Runs on any Node from 20: finds the Node 24 that came with `npm install` and gives the work to it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 24
// What lives for one turn is most of what is made: room for it saves a fifth of the processor time.
const YOUNG = '--max-semi-space-size=64'
const project = dirname(dirname(fileURLToPath(import.meta.url)))
const main = join(project, 'src/app/main.ts')
const brought = join(project, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')

const fail = (line) => {
  process.stderr.write(`samtal: ${line}\n`)
  process.exitCode = 1
}

if (!existsSync(join(project, 'node_modules/fastify'))) fail('its packages are not here: run `npm install` first')
else if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) await import(main)
else if (!existsSync(brought))
  fail(`it needs Node ${NODE_MAJOR}, which npm was kept from unpacking: run \`npm rebuild node\` (this is ${process.version})`)
else {
  const child = spawn(brought, [YOUNG, main, ...process.argv.slice(2)], { stdio: 'inherit' })
  // The terminal tells the child itself; what comes to us alone is handed on, and its end is ours.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal))
  child.on('error', (error) => fail(error.message))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128)
  })
}
