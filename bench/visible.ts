/**
 * From a fact to the page that shows it: the demonstration runs, a page's stream is open, callbacks are ordered over HTTP, and each
 * is timed from the instant in its first fact to the arrival of its story in the stream. Journal commit, projection, archive and
 * stream lie between. Both ends are on one machine, by one clock.
 *
 *     npm run bench -- --only visible
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { StreamMessage } from '#wire/live.ts'
import { conditions, percentile, print } from './figures.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const ORDERS = 60
const EVERY_MS = 250
const PATIENCE_MS = 10_000

const headers = (cookie: string) => ({ cookie, 'content-type': 'application/json', 'x-samtal': '1' })

async function signIn(address: string): Promise<string> {
  const users = await request(`${address}/api/v1/session/demo`)
  const listed = (await users.body.json()) as readonly { readonly user: string; readonly role: string }[]
  const user = listed.find(({ role }) => role === 'administrator')?.user
  const signed = await request(`${address}/api/v1/session/demo`, { method: 'POST', headers: headers(''), body: JSON.stringify({ user }) })
  await signed.body.dump()
  const cookie = [signed.headers['set-cookie'] ?? []].flat()[0]?.split(';')[0]
  if (cookie === undefined) throw new Error(`nobody could sign in: ${signed.statusCode}`)
  return cookie
}

/** Every message of the stream, as it arrives. */
async function* stream(address: string, cookie: string, dispatcher: Agent): AsyncGenerator<StreamMessage> {
  const { body } = await request(`${address}/api/v1/stream`, { headers: { cookie }, dispatcher })
  for await (const line of createInterface({ input: body })) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6))
}

async function measure(address: string): Promise<readonly number[]> {
  const cookie = await signIn(address)
  const dispatcher = new Agent({ bodyTimeout: 0 })
  const ms: number[] = []
  const seen = new Set<string>()
  const ordered = new Set<string>()
  const arrived = new Map<string, number>()
  const listening = (async () => {
    for await (const message of stream(address, cookie, dispatcher)) {
      if (message.type !== 'call' || seen.has(message.call.id)) continue
      seen.add(message.call.id)
      arrived.set(message.call.id, Date.now() - Date.parse(message.call.startedAt))
    }
  })()
  listening.catch(() => undefined)
  await wait(1_000)
  for (let index = 0; index < ORDERS; index += 1) {
    const order = JSON.stringify({ queueId: 'support', number: `+467017406${String(10 + index).padStart(2, '0')}` })
    const answered = await request(`${address}/api/v1/callbacks`, { method: 'POST', headers: headers(cookie), body: order })
    const { callId } = (await answered.body.json()) as { readonly callId?: string }
    if (callId !== undefined) ordered.add(callId)
    await wait(EVERY_MS)
  }
  for (let waited = 0; waited < PATIENCE_MS && [...ordered].some((id) => !arrived.has(id)); waited += EVERY_MS) await wait(EVERY_MS)
  for (const id of ordered) ms.push(arrived.get(id) ?? PATIENCE_MS)
  await dispatcher.destroy()
  return ms
}

mkdirSync(path.join(ROOT, 'data'), { recursive: true })
const folder = mkdtempSync(path.join(ROOT, 'data/bench-visible-'))
const child = spawn(process.execPath, [path.join(ROOT, 'src/app/main.ts'), 'demo', '--port', '0', '--data', folder], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  const lines = createInterface({ input: child.stdout })
  let address = ''
  for await (const line of lines) {
    address = /https?:\/\/\S+/u.exec(line)?.[0] ?? ''
    if (address !== '') break
  }
  const ms = await measure(address)
  console.log(conditions({ 'PRAGMA synchronous': 'FULL', orders: ms.length }))
  const met = print([
    { name: 'a new fact in an open page, median', value: percentile(ms, 0.5), unit: 'ms', aim: { atMost: 200 } },
    { name: 'largest', value: percentile(ms, 1), unit: 'ms' },
  ])
  process.exitCode = met && ms.length > 0 ? 0 : 1
} finally {
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'exit')
  rmSync(folder, { recursive: true, force: true })
}
