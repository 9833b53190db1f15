/** The whole program started on a data folder with callers in it, as `samtal serve` beside a switch that has their lines still. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import type { LegAlive } from '#ports/telephony.ts'
import { fakeSwitch } from './recovery-switch.ts'

const SAMTAL = path.resolve(import.meta.dirname, '../bin/samtal.mjs')
/** Of a tick of the processor's clock, as Linux counts them (`proc(5)`). */
const TICK_MS = 10

export interface ProgramStarted {
  /** From the start of the process until a new caller is answered. */
  readonly answeredMs: number
  /** Until the pages and the API answer. */
  readonly servesMs: number
  /** Processor time of all its threads until the caller was answered; null where the system does not tell. */
  readonly cpuMs: number | null
  readonly liveCalls: number
}

const samtal = (words: readonly string[], env: Record<string, string> = {}): ChildProcess =>
  spawn(process.execPath, ['--max-semi-space-size=64', SAMTAL, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })

/** The archive as it would have been: it is no part of what is measured. */
export async function archiveMade(folder: string): Promise<void> {
  const child = samtal(['rebuild-archive', '--data', folder])
  child.stdout?.resume()
  await once(child, 'close')
  if (child.exitCode !== 0) throw new Error(`the archive was not made: ${child.exitCode}`)
}

function cpuMsOf(pid: number | undefined): number | null {
  if (process.platform !== 'linux') return null
  const [, , , , , , , , , , , , , user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')
  return (Number(user) + Number(system)) * TICK_MS
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the program was started without its output')
  for await (const line of createInterface({ input: child.stdout })) if (/^https?:\/\//u.test(line)) return line.trim()
  throw new Error('the program ended before it served')
}

const liveCallsAt = async (address: string): Promise<number> =>
  Number(/^samtal_live_calls (\d+)/mu.exec(await (await fetch(`${address}/metrics`)).text())?.[1])

/** Killed afterwards, as it was before: the next start finds the same. */
export async function startProgram(folder: string, solution: string, lines: readonly LegAlive[], number: string): Promise<ProgramStarted> {
  const file = path.join(folder, 'bench-solution.json')
  writeFileSync(file, solution)
  const phones = Object.keys((JSON.parse(solution) as { readonly agents: object }).agents)
  const other = await fakeSwitch(lines, number, phones)
  const began = performance.now()
  const env = { TELEPHONY: 'asterisk', ARI_URL: other.url, ARI_USER: 'samtal', ARI_PASSWORD: 'bench' }
  const child = samtal(['serve', '--solution', file, '--data', folder, '--port', '0'], env)
  const gone = once(child, 'close')
  try {
    const serves = addressOf(child).then((address) => ({ address, at: performance.now() }))
    const answered = other.answeredAt.then((at) => ({ at, cpuMs: cpuMsOf(child.pid) }))
    const [{ address, at: servesAt }, { at, cpuMs }] = await Promise.all([serves, answered])
    return { answeredMs: at - began, servesMs: servesAt - began, cpuMs, liveCalls: await liveCallsAt(address) }
  } finally {
    child.kill('SIGKILL')
    await gone
    await other.close()
  }
}
