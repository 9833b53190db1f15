import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LegLog } from './leglog.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leglog-'))
  file = join(folder, 'legs.csv')
})
afterEach(() => rmSync(folder, { recursive: true }))

const hangup = (cause: number, source: string): string => `"{""hangupcause"":${cause},""hangupsource"":""${source}"",""dialstatus"":""""}"`

test('a log that is not there knows nothing of anybody', async () => {
  expect(await new LegLog(file).past('leg1')).toBeNull()
})

test('a leg that is not in the log was never rung', async () => {
  writeFileSync(file, 'CHAN_START,1795377468.437663,other,\n')
  expect(await new LegLog(file).past('leg1')).toEqual({})
})

test('start, answer and end to the millisecond, and who ended it', async () => {
  writeFileSync(
    file,
    [
      'CHAN_START,1795377468.437663,leg1,',
      'ANSWER,1795377468.505861,leg1,',
      `HANGUP,1795377472.809597,leg1,${hangup(16, 'PJSIP/trunk-00000001')}`,
      'CHAN_END,1795377472.809597,leg1,',
      '',
    ].join('\n'),
  )
  expect(await new LegLog(file).past('leg1')).toEqual({
    startedAt: 1795377468438,
    answeredAt: 1795377468506,
    ended: { at: 1795377472810, outcome: 'answered', by: 'party', cause: 16 },
  })
})

test('a leg that ended unanswered, by its cause; one that still lives has no end', async () => {
  writeFileSync(
    file,
    [
      'CHAN_START,1.000000,busy,',
      `HANGUP,2.000000,busy,${hangup(17, '')}`,
      'CHAN_END,2.000000,busy,',
      'CHAN_START,3.000000,withdrawn,',
      `HANGUP,4.000000,withdrawn,${hangup(16, '')}`,
      'CHAN_START,5.000000,alive,',
      '',
    ].join('\n'),
  )
  const log = new LegLog(file)
  expect((await log.past('busy'))?.ended).toEqual({ at: 2000, outcome: 'busy', by: 'party', cause: 17 })
  expect((await log.past('withdrawn'))?.ended).toMatchObject({ outcome: 'withdrawn', by: 'us' })
  expect(await log.past('alive')).toEqual({ startedAt: 5000 })
})

test('reads on where it stopped, also when a line was half written', async () => {
  writeFileSync(file, 'CHAN_START,1.000000,leg1,\nANSW')
  const log = new LegLog(file)
  expect(await log.past('leg1')).toEqual({ startedAt: 1000 })
  appendFileSync(file, 'ER,2.500000,leg1,\nnonsense\n')
  expect(await log.past('leg1')).toEqual({ startedAt: 1000, answeredAt: 2500 })
})

test('a log begun anew does not forget what the old one told', async () => {
  writeFileSync(file, 'CHAN_START,1.000000,leg1,\nANSWER,2.000000,leg1,\n')
  const log = new LegLog(file)
  await log.past('leg1')
  writeFileSync(file, 'CHAN_START,9.000000,leg2,\n')
  expect(await log.past('leg2')).toEqual({ startedAt: 9000 })
  expect(await log.past('leg1')).toEqual({ startedAt: 1000, answeredAt: 2000 })
})
