/** A callback promised for a month from now, and a file that would keep calls shorter: refused at a reload and at a start alike. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { freePort, killAll, startProgram } from './samtal.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'samtal-promised-'))
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true, force: true })
})
const data = path.join(folder, 'data')
const file = path.join(folder, 'solution.json')
const start = (args: readonly string[], input = '') => startProgram(args, { cwd: folder, input })

/** `webOrderHours`: how long a callback ordered from now on is promised for. */
const write = (webOrderHours: number, callsMonths: number): void =>
  writeFileSync(
    file,
    JSON.stringify({
      name: 'Ateljén',
      numbers: { '+46846500400': { queue: 'support' } },
      queues: { support: { name: 'Support', callback: { digit: '2', webOrderHours } } },
      agents: { anna: {} },
      retention: { callsMonths },
    }),
  )

async function serve() {
  const port = await freePort()
  const serving = start(['serve', '--solution', file, '--port', port, '--data', data])
  await serving.prints(`http://127.0.0.1:${port}\n`)
  return { ...serving, base: `http://127.0.0.1:${port}/api/v1` }
}

const SENTENCE = 'Somebody was promised a call for later than calls would be kept. (retention.callsMonths)'

test('the old file serves on, and what was promised is kept', async () => {
  write(720, 2)
  await start(['user', 'add', 'admin', '--role', 'administrator', '--data', data], 'a long password\n').ended
  const first = await serve()
  const headers = { 'content-type': 'application/json', 'x-samtal': '1' }
  const signedIn = async (base: string): Promise<string> => {
    const body = JSON.stringify({ user: 'admin', password: 'a long password' })
    const session = await fetch(`${base}/session`, { method: 'POST', headers, body })
    return session.headers.get('set-cookie')?.split(';')[0] ?? ''
  }
  const cookie = await signedIn(first.base)
  const ordered = await fetch(`${first.base}/callbacks`, {
    method: 'POST',
    headers: { ...headers, cookie },
    body: JSON.stringify({ queueId: 'support', number: '+46701740670' }),
  })
  expect(ordered.status).toBe(201)
  const { callId } = (await ordered.json()) as { callId: string }

  write(48, 1)
  expect(await start(['reload', '--data', data]).ended).toMatchObject({ code: 1, err: `samtal: the old solution stays:\n${SENTENCE}\n` })
  first.child.kill('SIGKILL')
  await first.ended
  const port = await freePort()
  expect(await start(['serve', '--solution', file, '--port', port, '--data', data]).ended).toMatchObject({
    code: 1,
    err: `samtal: ${file} is not taken, and is not what was in force last: ${SENTENCE}\n`,
  })

  write(720, 2)
  const again = await serve()
  const call = await fetch(`${again.base}/calls/${callId}`, { headers: { cookie: await signedIn(again.base) } })
  expect(await call.json()).toMatchObject({ id: callId, endedAt: null })
  again.child.kill('SIGTERM')
  expect((await again.ended).code).toBe(0)
}, 60_000)
