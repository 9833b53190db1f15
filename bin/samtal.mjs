#!/usr/bin/env node
// Runs on any Node from 20: finds the Node 24 that came with `npm install` and gives the work to it, with the memory it is to use.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 24
// What lives for one turn is most of what is made: room for it saves a fifth of the processor time.
const YOUNG = '--max-semi-space-size=64'
// What one thread takes and another gives back is scattered: two arenas instead of one a thread, and what is large for itself (mallopt(3)).
const MEMORY = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' }
const project = dirname(dirname(fileURLToPath(import.meta.url)))
const main = join(project, 'src/app/main.ts')
// TypeScript is stripped once, not by every thread at every start: half of what a thread needs.
const compiled = join(project, 'node_modules/.cache/samtal')
const brought = join(project, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')

const fail = (line) => {
  process.stderr.write(`samtal: ${line}\n`)
  process.exitCode = 1
}

if (!existsSync(join(project, 'node_modules/fastify'))) fail('its packages are not here: run `npm install` first')
else if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) {
  const { execArgv, execPath, argv } = process
  const isSet = execArgv.includes(YOUNG) && Object.keys(MEMORY).every((name) => name in process.env)
  // The same process over again; where a system has no such thing it runs as it is.
  if (!isSet)
    process.execve?.(execPath, [execPath, ...execArgv.filter((one) => one !== YOUNG), YOUNG, ...argv.slice(1)], {
      ...MEMORY,
      ...process.env,
    })
  // The variable is for the threads.
  process.env.NODE_COMPILE_CACHE ??= compiled
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
  await import(main)
} else if (!existsSync(brought))
  fail(`it needs Node ${NODE_MAJOR}, which npm was kept from unpacking: run \`npm rebuild node\` (this is ${process.version})`)
else {
  const env = { ...MEMORY, NODE_COMPILE_CACHE: compiled, ...process.env }
  const child = spawn(brought, [YOUNG, main, ...process.argv.slice(2)], { stdio: 'inherit', env })
  // The terminal tells the child itself; what comes to us alone is handed on, and its end is ours.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal))
  child.on('error', (error) => fail(error.message))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 128)
  })
}
