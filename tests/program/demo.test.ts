/** `npm start`: a living demonstration, its day made by the engine, the archive the same when made anew. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dumpArchive } from '#adapters/sqlite/archive.ts'
import type { Call } from '#wire/calls.ts'
import { freePort, killAll, type Program, startProgram } from './samtal.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'samtal-demo-'))
let program: Program
let port = ''
let calls: Call[] = []

const api = (at: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}/api/v1/${at}`, init)
const signIn = (user: string, headers: Record<string, string> = {}) =>
  api('session/demo', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-samtal': '1', ...headers },
    body: JSON.stringify({ user }),
  })
async function start(): Promise<void> {
  port = await freePort()
  program = startProgram(['demo', '--port', port], { cwd: folder })
  await program.prints('Samtal is running at')
}
async function archive(): Promise<Call[]> {
  const cookie = (await signIn('lena')).headers.get('set-cookie')?.split(';')[0] ?? ''
  const text = await (await api('calls', { headers: { cookie, accept: 'application/x-ndjson' } })).text()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Call)
}

beforeAll(async () => {
  await start()
  calls = await archive()
}, 60_000)
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true, force: true })
})

describe('the demonstration', () => {
  test('says where it is, and nothing else', () => {
    expect(program.said.out).toMatch(/^Samtal is running at http:\/\/127\.0\.0\.1:\d+\n[^\n]+\n$/)
    expect(program.said.err).toBe('')
  })
  test.skipIf(process.platform !== 'linux')(
    'has the memory settings of the program, started on whatever Node: in the process that was asked for',
    () => {
      const of = (what: string) => readFileSync(`/proc/${program.child.pid}/${what}`, 'utf8').split('\0')
      expect(of('cmdline')).toContain('--max-semi-space-size=64')
      expect(of('environ')).toEqual(expect.arrayContaining(['MALLOC_ARENA_MAX=2', 'MALLOC_MMAP_THRESHOLD_=131072']))
    },
  )
  test('opens its first page to whoever asks, and other addresses to who wants a page', async () => {
    const asked = async (at: string, init: RequestInit = {}) => {
      const answer = await fetch(`http://127.0.0.1:${port}${at}`, init)
      return [answer.status, answer.headers.get('content-type')]
    }
    const [page, problem] = ['text/html; charset=utf-8', 'application/problem+json; charset=utf-8']
    expect(await asked('/')).toEqual([200, page])
    expect(await asked('/?at=once', { method: 'HEAD' })).toEqual([200, page])
    expect(await asked('/live', { headers: { accept: 'text/html' } })).toEqual([200, page])
    expect(await asked('/live')).toEqual([404, problem])
    expect(await asked('/api/v1/none', { headers: { accept: 'text/html' } })).toEqual([404, problem])
  })
  test('signs people in by one click, on this machine only', async () => {
    expect((await (await api('session/demo')).json()) as object[]).toHaveLength(5)
    expect((await signIn('anna')).status).toBe(200)
    expect(await (await api('session/demo', { headers: { 'x-forwarded-for': '192.0.2.1' } })).json()).toEqual([])
    expect((await signIn('anna', { 'x-forwarded-for': '192.0.2.1' })).status).toBe(403)
  })
  test('has a day of calls: answered, abandoned, deleted, callbacks reached at once and at a second attempt, and never', () => {
    expect(calls.length).toBeGreaterThan(200)
    const results = new Set(calls.map((call) => call.result))
    for (const result of ['answered', 'abandoned', 'deleted', 'callbackReached', 'callbackUnreached']) expect(results).toContain(result)
    expect(calls.some((call) => call.result === 'callbackReached' && call.unanswered === 1)).toBe(true)
    expect(calls.some((call) => call.result === 'callbackUnreached' && call.unanswered === 3)).toBe(true)
    const outcomes = new Set(calls.flatMap((call) => call.legs.map((leg) => leg.outcome)))
    for (const outcome of ['unanswered', 'busy', 'answered']) expect(outcomes).toContain(outcome)
    const spanMs = Date.parse(calls[0]?.startedAt ?? '') - Date.parse(calls.at(-1)?.startedAt ?? '')
    expect(spanMs).toBeGreaterThan(12 * 3_600_000)
  })
  test('ends cleanly; the archive made anew has the same bytes; started again it goes on', async () => {
    program.child.kill('SIGINT')
    expect((await program.ended).code).toBe(0)
    const shown = createHash('sha256')
    let lines = 0
    for (const line of dumpArchive(path.join(folder, 'data'))) {
      shown.update(line)
      lines += 1
    }
    const rebuilt = await startProgram(['rebuild-archive', '--json'], { cwd: folder }).ended
    expect(JSON.parse(rebuilt.out)).toMatchObject({ ok: true, calls: lines, sha256: shown.digest('hex') })
    await start()
    const again = await archive()
    expect(again.length).toBeGreaterThanOrEqual(lines)
    expect(again.length).toBeLessThan(lines + 50)
    program.child.kill('SIGTERM')
    expect((await program.ended).code).toBe(0)
  }, 90_000)
})
