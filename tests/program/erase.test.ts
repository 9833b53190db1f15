/**
 * `samtal erase` on the real program, with a day of calls behind it and calls going on: afterwards every byte of every file in the data
 * folder is read, and the number is nowhere. Files are read by a process of their own, as anybody would who copies the folder.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort, killAll, type Program, project, startProgram } from './samtal.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'samtal-erase-'))
const data = path.join(folder, 'data')
let program: Program
let address: string
let cookie: string

const start = async (): Promise<void> => {
  program = startProgram(['demo', '--data', data, '--port', await freePort()], { cwd: project })
  await program.prints('Sign in by one click')
  address = /http:\S+/.exec(program.said.out)?.[0] ?? ''
  const answer = await fetch(`${address}/api/v1/session/demo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-samtal': '1' },
    body: JSON.stringify({ user: 'admin' }),
  })
  if (!answer.ok) throw new Error(`no sign-in: ${answer.status} ${await answer.text()}`)
  cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
}
const stop = async (): Promise<void> => {
  program.child.kill('SIGTERM')
  await program.ended
}
const ask = async (method: string, at: string, body?: unknown): Promise<unknown> => {
  const answer = await fetch(`${address}/api/v1${at}`, {
    method,
    headers: { cookie, 'x-samtal': '1', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${at}: ${answer.status} ${text}`)
  return text === '' ? null : JSON.parse(text)
}

/** Every way of writing a Swedish number that people and programs use, as bytes. */
const spellings = (number: string): readonly Buffer[] => {
  const national = `0${number.slice(3)}`
  const [a, b, c, d] = [national.slice(0, 3), national.slice(3, 6), national.slice(6, 8), national.slice(8)]
  const texts = [
    number,
    number.slice(1),
    national,
    `0046${number.slice(3)}`,
    `${a}-${b} ${c} ${d}`,
    `${a} ${b} ${c} ${d}`,
    `+46 ${a.slice(1)} ${b} ${c} ${d}`,
  ]
  return texts.flatMap((text) => [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()])
}
const files = (): string[] =>
  readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
const filesWith = (number: string): string[] =>
  files().filter((file) => {
    const bytes = execFileSync('cat', [file], { maxBuffer: 1 << 30 })
    return spellings(number).some((spelled) => bytes.includes(spelled))
  })

const inJournal = <T>(read: (db: Database.Database) => T): T => {
  const db = new Database(path.join(data, 'journal.db'), { readonly: true })
  try {
    return read(db)
  } finally {
    db.close()
  }
}
const factsUpTo = (position: number): string =>
  inJournal((db) => JSON.stringify(db.prepare('SELECT * FROM facts WHERE position <= ? ORDER BY position').all(position)))
const lastFact = (): number => inJournal((db) => db.prepare('SELECT max(position) FROM facts').pluck().get() as number)
const SWEDISH = `kind = 'person' AND number LIKE '+467%' AND length(number) = 12`
/** Somebody of the day with a Swedish number: who called, or is to be called by a campaign. */
const somebody = (nth: number): string =>
  inJournal((db) => db.prepare(`SELECT number FROM persons WHERE ${SWEDISH} ORDER BY row LIMIT 1 OFFSET ?`).pluck().get(nth) as string)
/** One of those who called, and his call, which is over. */
const someCaller = (nth: number): { readonly number: string; readonly callId: string } =>
  inJournal((db) => {
    const callers = db.prepare(
      `SELECT number, call_id AS callId FROM persons JOIN facts AS arrived ON arrived.type = 'leg.arrived' AND instr(arrived.body, person_id) > 0
       WHERE ${SWEDISH} AND EXISTS (SELECT 1 FROM facts AS ended WHERE ended.call_id = arrived.call_id AND ended.type = 'call.ended')
       ORDER BY arrived.position LIMIT 1 OFFSET ?`,
    )
    return callers.get(nth) as { number: string; callId: string }
  })
const erase = async (number: string): Promise<Record<string, never>> => {
  const { code, out, err } = await startProgram(['erase', number, '--yes', '--json', '--data', data], { cwd: folder }).ended
  if (code !== 0) throw new Error(`${out}${err}`)
  return JSON.parse(out) as Record<string, never>
}

beforeAll(start, 60_000)
afterAll(() => {
  killAll()
  rmSync(folder, { recursive: true, force: true })
})

test('a person is erased while the program runs: in no file, in no spelling; facts and stories stay', async () => {
  const { number, callId } = someCaller(20)
  const national = `0${number.slice(3, 5)}-${number.slice(5, 8)} ${number.slice(8, 10)} ${number.slice(10)}`
  await ask('POST', '/do-not-call', { number, campaignId: null, reason: `asked on ${national}` })
  await ask('POST', '/contacts', { name: 'Only Here', numbers: [{ number }] })
  await ask('POST', '/contacts', { name: 'Somebody Else', numbers: [{ number: '+46701740699' }], fields: { note: `sister: ${national}` } })
  writeFileSync(path.join(data, 'put-here-by-hand.csv'), `namn;telefon\nKalle;${national}\n`)
  expect(filesWith(number).map((file) => path.basename(file).replace('-wal', ''))).toEqual(
    expect.arrayContaining(['journal.db', 'contacts.db', 'directory.db', 'put-here-by-hand.csv']),
  )
  const before = lastFact()
  const facts = factsUpTo(before)
  const shown = (await ask('GET', `/calls/${callId}`)) as Record<string, unknown>
  expect(shown['callerNumber']).toBe(number)

  // By digits inside it: from what the archive's threads keep in memory.
  const inside = `/calls?number=${number.slice(4)}&numberMatch=inside`
  expect(JSON.stringify(await ask('GET', inside))).toContain(callId)

  const answer = await erase(number)
  expect(answer).toMatchObject({
    ok: true,
    forgotten: { status: 'erased', directory: { removed: 1 }, listings: 1 },
    scrubbed: { left: [] },
  })

  expect(filesWith(number)).toEqual([])
  expect(factsUpTo(before)).toBe(facts)
  const erased = (await ask('GET', `/calls/${callId}`)) as Record<string, unknown>
  expect(erased).toMatchObject({ callerNumber: null, erased: true, from: null })
  const { legs, callerNumber, from, erased: _, withheld, ...story } = shown
  expect(erased).toMatchObject(story)
  expect(await ask('GET', `/calls?number=${encodeURIComponent(number)}`)).toEqual({ items: [], next: null })
  expect(await ask('GET', inside)).toEqual({ items: [], next: null })
  expect(await ask('GET', '/do-not-call')).toMatchObject({ items: [{ number: null, erased: true, reason: null }] })
  expect(JSON.stringify(await ask('GET', '/directory?q=Somebody'))).toContain('Somebody Else')
}, 120_000)

test('a person is erased while nothing runs; a restart, and an older journal put back, know it no more', async () => {
  const number = somebody(60)
  await stop()
  const older = path.join(folder, 'older')
  execFileSync('cp', ['-r', data, older])
  expect(await erase(number)).toMatchObject({ ok: true, forgotten: { status: 'erased' }, scrubbed: { left: [] } })
  expect(filesWith(number)).toEqual([])
  // A backup from before, put back by hand, with the list of now beside it.
  for (const name of ['journal.db', 'contacts.db', 'directory.db', 'archive.db'])
    execFileSync('cp', [path.join(older, name), path.join(data, name)])
  expect(filesWith(number)).not.toEqual([])
  await start()
  expect(await ask('GET', `/calls?number=${encodeURIComponent(number)}`)).toEqual({ items: [], next: null })
  await stop()
  expect(filesWith(number)).toEqual([])
}, 180_000)

test.each([
  ['hej', 1, /^samtal: That is not a number/],
  ['112', 1, /^samtal: An emergency number is nobody/],
  ['+46 8 465 004 00', 1, /^samtal: This number stands in the solution file/],
])('samtal erase %s is refused', async (number, exit, line) => {
  const { code, err } = await startProgram(['erase', number, '--yes', '--data', data], { cwd: folder }).ended
  expect([code, err]).toEqual([exit, expect.stringMatching(line)])
})
