/** Runs the real program and hears what it says. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'

export const project = path.resolve(import.meta.dirname, '../..')
const bin = path.join(project, 'bin/samtal.mjs')
const alive = new Set<ChildProcess>()

/** For the end of a suite: nothing it began outlives it. */
export const killAll = () => {
  for (const child of alive) child.kill('SIGKILL')
}

export interface Program {
  readonly child: ChildProcess
  readonly said: { out: string; err: string }
  readonly ended: Promise<{ code: number; out: string; err: string }>
  /** Resolves when it has written this to standard output. */
  prints(text: string): Promise<void>
}

export function startProgram(args: readonly string[], options: { cwd: string; env?: Record<string, string>; input?: string }): Program {
  const child = spawn(process.execPath, [bin, ...args], { env: { PATH: process.env['PATH'] ?? '', ...options.env }, cwd: options.cwd })
  alive.add(child)
  const said = { out: '', err: '' }
  child.stdout.on('data', (data) => {
    said.out += data
  })
  child.stderr.on('data', (data) => {
    said.err += data
  })
  child.stdin.end(options.input ?? '')
  const ended = once(child, 'close').then(([code]) => {
    alive.delete(child)
    return { code: code as number, ...said }
  })
  const prints = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => said.out.includes(text) && resolve()
      child.stdout.on('data', look)
      child.on('close', () => reject(new Error(`ended before it said ${text}: ${said.err}`)))
      look()
    })
  return { child, said, ended, prints }
}

/** A port of this machine nobody listens at, and how to let go of it: until then it is taken. */
export async function takePort(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) }
}

export async function freePort(): Promise<string> {
  const { port, close } = await takePort()
  await close()
  return String(port)
}
