/** What the machine refuses a command – a folder that is a file, a place that is not there, a reader who leaves – is one clear line, or none. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backUp } from '#app/backup/backup.ts'
import { keep, playedOf } from './kept.support.ts'
import { killAll, startProgram } from './samtal.ts'

const base = mkdtempSync(path.join(tmpdir(), 'samtal-ways-'))
const at = (...names: string[]) => path.join(base, ...names)
const [whole, data, file, backup] = [at('whole'), at('data'), at('file'), at('backup')]
const run = (...args: string[]) => startProgram(args, { cwd: base, input: 'a long password\n' }).ended

beforeAll(async () => {
  keep(whole, await playedOf('campaign-two-with-the-same-agents'))
  writeFileSync(file, 'a file\n')
  await backUp(whole, backup)
}, 60_000)
beforeEach(() => {
  rmSync(data, { recursive: true, force: true })
  cpSync(whole, data, { recursive: true })
})
afterAll(() => {
  killAll()
  rmSync(base, { recursive: true, force: true })
})

describe('one clear line, exit code 1', () => {
  test.each<[readonly string[], RegExp]>([
    [['restore', backup, '--data', data, '--replace', '--erasures', at('none')], /none cannot be read: ENOENT/],
    [['restore', backup, '--data', file], /the data folder .*file cannot be used: EEXIST/],
    [['backup', '--data', data, '--out', at('file', 'x')], /no backup can be made at .*file\/x: ENOTDIR/],
    [['backup', '--data', data, '--out', '/proc/samtal/x'], /no backup can be made at \/proc\/samtal\/x: ENOENT/],
    [['user', 'add', 'bo', '--data', at('file', 'x')], /the data folder .*file\/x cannot be used: EEXIST/],
    [['user', 'add', 'bo', '--data', '/proc/samtal/x'], /the data folder \/proc\/samtal\/x cannot be used: ENOENT/],
    [['contacts', 'export', at('c.csv'), '--data', at('file', 'x')], /the data folder .* cannot be used: EEXIST/],
    [['contacts', 'export', at('no', 'c.csv'), '--data', data], /no\/c\.csv cannot be written: ENOENT/],
    [['export', '--data', data, '--out', at('no', 'x.csv')], /no\/x\.csv cannot be written: ENOENT/],
    [['export', '--data', data, '--out', '/dev/full'], /\/dev\/full cannot be written: ENOSPC/],
    [['serve', '--solution', file, '--port', '0', '--data', at('file', 'x')], /the data folder .*file\/x cannot be used: EEXIST/],
  ])('samtal %j', async (args, line) => {
    const { code, err } = await run(...args)
    expect([code, err]).toEqual([1, expect.stringMatching(line)])
    expect(err.replace(/^Password: /u, '')).toMatch(/^samtal: [^\n]+\n$/)
  })
})

test('whoever reads what is exported and leaves, as head does, ends it without a word', async () => {
  const { child, ended } = startProgram(['export', '--data', data], { cwd: base })
  child.stdout?.destroy()
  expect(await ended).toMatchObject({ code: 0, err: '' })
})

test('what is exported to a file is what is written to standard output', async () => {
  const { out } = await run('export', '--data', data)
  expect(await run('export', '--data', data, '--out', at('x.csv'))).toMatchObject({ code: 0, out: expect.stringMatching(/^16 calls in /) })
  expect(readFileSync(at('x.csv'), 'utf8')).toBe(out)
  expect(out.trim().split('\n').length).toBeGreaterThan(16)
})

test('on a folder that is half restored nothing is written, read out or backed up', async () => {
  mkdirSync(path.join(data, 'restore.old'))
  const before = readdirSync(data).sort()
  for (const args of [['user', 'add', 'bo'], ['contacts', 'export', at('c.csv')], ['export'], ['backup', '--out', at('half')]])
    expect(await run(...args, '--data', data)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/was interrupted: run samtal restore again/),
    })
  expect(readdirSync(data).sort()).toEqual(before)
})
