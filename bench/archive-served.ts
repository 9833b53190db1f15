/** The program itself, `samtal serve` on a data folder of ours, asked over HTTP as a browser would ask. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { Agent, request } from 'undici'
import { hashPassword } from '#adapters/http/passwords.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'
import type { CallPage } from '#wire/calls.ts'

const root = path.resolve(import.meta.dirname, '..')
const USER = 'bench'
const PASSWORD = 'correct horse battery staple'

/** Query parameters of `GET /calls`, as text. */
export type Query = Readonly<Record<string, string | number | boolean>>

export interface Served {
  /** One page, and how long it took from the request to the last byte, milliseconds. */
  calls(query: Query): Promise<{ readonly page: CallPage; readonly ms: number }>
  call(id: string): Promise<number>
  close(): Promise<void>
}

const addUser = async (folder: string): Promise<void> => {
  const accounts = openAccounts({ folder })
  const passwordHash = await hashPassword(PASSWORD)
  await accounts.addUser({ name: USER, displayName: USER, role: 'administrator', agentId: null, queues: null, passwordHash })
  await accounts.close()
}

const addressOf = async (child: ChildProcess): Promise<string> => {
  if (child.stdout === null) throw new Error('the program was started without its output')
  for await (const line of createInterface({ input: child.stdout })) if (/^https?:\/\//u.test(line)) return line.trim()
  throw new Error('the program ended before it served')
}

const timed = async <T>(url: string, cookie: string, dispatcher: Agent): Promise<{ body: T; ms: number }> => {
  const began = performance.now()
  const { statusCode, body } = await request(url, { headers: { cookie, accept: 'application/json' }, dispatcher })
  const text = await body.text()
  const ms = performance.now() - began
  if (statusCode !== 200) throw new Error(`${url}: ${statusCode} ${text}`)
  return { body: JSON.parse(text), ms }
}

export const serveArchive = async (folder: string): Promise<Served> => {
  await addUser(folder)
  const words = [
    path.join(root, 'bin/samtal.mjs'),
    'serve',
    '--solution',
    path.join(root, 'demo/solution.json'),
    '--data',
    folder,
    '--port',
    '0',
  ]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'close')
  const address = await addressOf(child)
  child.stdout?.resume()
  const dispatcher = new Agent({ connections: 1, headersTimeout: 120_000 })
  const signedIn = await request(`${address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-samtal': '1' },
    body: JSON.stringify({ user: USER, password: PASSWORD }),
    dispatcher,
  })
  await signedIn.body.dump()
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
  return {
    async calls(query) {
      const parameters = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]))
      const { body, ms } = await timed<CallPage>(`${address}/api/v1/calls?${parameters}`, cookie, dispatcher)
      return { page: body, ms }
    },
    call: async (id) => (await timed(`${address}/api/v1/calls/${encodeURIComponent(id)}`, cookie, dispatcher)).ms,
    async close() {
      await dispatcher.close()
      child.kill('SIGTERM')
      await gone
    },
  }
}
