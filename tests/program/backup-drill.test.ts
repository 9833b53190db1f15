/**
 * The drill: the demonstration runs with calls under way and is backed up; then a person is erased, and calls go on. The backup becomes
 * another data folder: promises and contacts are there, the erased number is nowhere, the archive is that of the journal.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { freePort, killAll, project, startProgram } from './samtal.ts'

const base = mkdtempSync(path.join(tmpdir(), 'samtal-drill-'))
const [data, backup, elsewhere] = [path.join(base, 'data'), path.join(base, 'backup'), path.join(base, 'elsewhere')]
afterAll(() => {
  killAll()
  rmSync(base, { recursive: true, force: true })
})

const [GONE, KEPT] = ['+46701740633', '+46701740655']
const HOUR_MS = 3_600_000
/** Legs the switch does not know end within ten seconds of the start; the machine may be busy. */
const LEGS_END_MS_MAX = 60_000

async function start(folder: string) {
  const program = startProgram(['demo', '--data', folder, '--port', await freePort()], { cwd: project })
  await program.prints('Sign in by one click')
  const address = /http:\S+/.exec(program.said.out)?.[0] ?? ''
  const headers = { 'content-type': 'application/json', 'x-samtal': '1' }
  const signed = await fetch(`${address}/api/v1/session/demo`, { method: 'POST', headers, body: JSON.stringify({ user: 'admin' }) })
  const cookie = signed.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const ask = async <T>(method: string, at: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${address}/api/v1${at}`, {
      method,
      headers: { ...headers, cookie },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${at}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const stop = async () => {
    program.child.kill('SIGTERM')
    expect((await program.ended).code).toBe(0)
  }
  return { ask, stop, cookie, address }
}

const run = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { code, out, err } = await startProgram([...args, '--json'], { cwd: base }).ended
  if (code !== 0) throw new Error(`samtal ${args.join(' ')}: ${out}${err}`)
  return JSON.parse(out) as Record<string, unknown>
}
const lastFact = (folder: string): number => {
  const db = new Database(path.join(folder, 'journal.db'), { readonly: true })
  const last = Number(db.prepare('SELECT max(position) FROM facts').pluck().get())
  db.close()
  return last
}
const factsUpTo = (folder: string, position: number): string => {
  const db = new Database(path.join(folder, 'journal.db'), { readonly: true })
  const facts = JSON.stringify(db.prepare('SELECT * FROM facts WHERE position <= ? ORDER BY position').all(position))
  db.close()
  return facts
}
/** Legs that were on the line and had not ended; one only asked for may be rung after a start. */
const talkingAt = (folder: string): readonly string[] => {
  const db = new Database(path.join(folder, 'journal.db'), { readonly: true })
  const legs = (types: string): string[] =>
    db.prepare(`SELECT json_extract(body, '$.legId') FROM facts WHERE type IN (${types})`).pluck().all() as string[]
  const ended = new Set(legs(`'leg.ended'`))
  const talking = legs(`'leg.arrived', 'leg.answered'`).filter((legId) => !ended.has(legId))
  db.close()
  return talking
}
/** Read by a process of its own, as anybody would who copies the folder. */
const filesWith = (folder: string, number: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = execFileSync('cat', [file], { maxBuffer: 1 << 30 })
      return [number.slice(1), `0${number.slice(3)}`].some((digits) => bytes.includes(digits))
    })
const callbacks = async ({ ask }: Awaited<ReturnType<typeof start>>): Promise<readonly unknown[]> =>
  (await ask<{ items: { number: string | null }[] }>('GET', '/callbacks')).items.map(({ number }) => number)

test('backed up amid calls, restored elsewhere: what was promised is there, who was erased since is not', async () => {
  const running = await start(data)
  const notBefore = new Date(Date.now() + 60 * HOUR_MS).toISOString()
  for (const number of [GONE, KEPT]) {
    await running.ask('POST', '/callbacks', { queueId: 'support', number, name: `Who has ${number}`, notBefore })
    await running.ask('POST', '/contacts', { name: `Somebody ${number}`, numbers: [{ number }] })
  }
  const made = await run('backup', '--out', backup, '--data', data)
  const position = Number(made['position'])
  // Writers beside the journal were held off for a moment, however long the copying took.
  expect(Number(made['heldMs'])).toBeLessThan(2_000)
  expect(
    filesWith(backup, GONE)
      .map((file) => path.basename(file))
      .sort(),
  ).toEqual(['contacts.db', 'directory.db', 'journal.db'])
  const inTheAir = talkingAt(backup)
  const facts = factsUpTo(data, position)
  expect(facts).toBe(factsUpTo(backup, position))

  expect(await run('erase', GONE, '--yes', '--data', data)).toMatchObject({ ok: true, forgotten: { status: 'erased', withdrawn: 1 } })
  expect(await run('check-journal', '--data', data)).toMatchObject({ ok: true })
  await expect(run('restore', backup, '--replace', '--data', data)).rejects.toThrow('another process has the data folder')
  expect(lastFact(data)).toBeGreaterThan(position)
  await running.stop()

  expect(await run('restore', backup, '--data', elsewhere, '--erasures', path.join(data, 'erasures.list'))).toMatchObject({
    ok: true,
    position,
    erasures: 1,
  })
  expect(filesWith(elsewhere, GONE)).toEqual([])
  expect(factsUpTo(elsewhere, position)).toBe(facts)
  expect(await run('check-journal', '--data', elsewhere)).toMatchObject({ ok: true })

  const again = await start(elsewhere)
  expect(await callbacks(again)).toContain(KEPT)
  expect(await callbacks(again)).not.toContain(GONE)
  expect(JSON.stringify(await again.ask('GET', '/directory?q=Somebody'))).toContain(KEPT)
  // Who was in a call when the backup was made is not any more; who waits to be rung still waits.
  expect(inTheAir.length).toBeGreaterThan(0)
  const still = () => talkingAt(elsewhere).filter((legId) => inTheAir.includes(legId))
  await expect.poll(still, { timeout: LEGS_END_MS_MAX }).toEqual([])
  // Who was signed in when the backup was made is not.
  const before = await fetch(`${again.address}/api/v1/callbacks`, { headers: { cookie: running.cookie } })
  expect(before.status).toBe(401)
  await again.stop()
  expect(filesWith(elsewhere, GONE)).toEqual([])
  expect(await run('check-journal', '--data', elsewhere)).toMatchObject({ ok: true })
}, 400_000)
