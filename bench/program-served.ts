/** The program itself, `samtal serve` on a data folder of ours, asked over HTTP as a browser would ask. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { Agent, request } from 'undici'
import { hashPassword } from '#adapters/http/passwords.ts'
import { openAccounts } from '#adapters/sqlite/accounts.ts'

const root = path.resolve(import.meta.dirname, '..')
const USER = 'bench'
const PASSWORD = 'correct horse battery staple'

export interface Served {
  /** `path` below /api/v1; how long it took from the request to the last byte, milliseconds. */
  get<T>(path: string): Promise<{ readonly body: T; readonly ms: number }>
  post<T>(path: string, body: string, type: string): Promise<T>
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

async function answered<T>(asked: ReturnType<typeof request>): Promise<T> {
  const { statusCode, body } = await asked
  const text = await body.text()
  if (statusCode !== 200) throw new Error(`${statusCode} ${text}`)
  return JSON.parse(text) as T
}

/** As an administrator. To be closed by whoever started it. */
export const serve = async (folder: string): Promise<Served> => {
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
  const address = `${await addressOf(child)}/api/v1`
  child.stdout?.resume()
  const dispatcher = new Agent({ connections: 2, headersTimeout: 120_000 })
  const headers = { 'x-samtal': '1', accept: 'application/json' }
  const signedIn = await request(`${address}/session`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ user: USER, password: PASSWORD }),
    dispatcher,
  })
  await signedIn.body.dump()
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
  return {
    async get<T>(at: string) {
      const began = performance.now()
      const body = await answered<T>(request(`${address}/${at}`, { headers: { ...headers, cookie }, dispatcher }))
      return { body, ms: performance.now() - began }
    },
    post: (at, body, type) =>
      answered(request(`${address}/${at}`, { method: 'POST', headers: { ...headers, cookie, 'content-type': type }, body, dispatcher })),
    async close() {
      await dispatcher.close()
      child.kill('SIGTERM')
      await gone
    },
  }
}
