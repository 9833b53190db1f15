/** Files really cut and really changed. Whatever is hit: what stood before it is kept, it is said in one sentence, and the journal goes on. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Recorded } from '#core/facts.ts'
import { storyOf } from '../../../tests/archive.contract.ts'
import { batchFrom, factsFrom } from '../../../tests/journal.contract.ts'
import { openArchiveWriter } from './archive.ts'
import { JournalFile } from './journal-file.ts'
import { JournalReader } from './journal-reader.ts'
import { openJournalFile } from './journal-salvage.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'samtal-damage-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const packed = (first: number, count: number) => {
  const lines = batchFrom(first, count)
    .facts.map(({ at, fact }) => `${at}\t${'callId' in fact ? fact.callId : ''}\t${fact.type}\t${JSON.stringify(fact)}\n`)
    .join('')
  return { expected: first - 1, lines }
}

const numberOf = (index: number): string => `+4670${1_000_000 + index}`

/** Batches of ten facts with a person each, as many as asked. */
const fill = (file: JournalFile, batches: number): void => {
  for (let batch = 0; batch < batches; batch++) {
    file.transaction(() =>
      file.write({ ...packed(batch * 10 + 1, 10), persons: [{ personId: `person${batch}`, number: numberOf(batch), kind: 'person' }] }),
    )
  }
}

const filled = (batches: number, snapshotAt?: number): void => {
  const { file } = openJournalFile(folder)
  fill(file, batches)
  if (snapshotAt !== undefined) file.saveSnapshot({ position: snapshotAt, state: `{"at":${snapshotAt}}` })
  file.close()
}

const factsNow = (): Recorded[] => {
  const reader = new JournalReader(folder)
  const facts = reader.factsAfter(0, 1_000_000)
  reader.close()
  return [...facts]
}

const db = () => join(folder, 'journal.db')

/** Changes the first byte of the text, where it stands last in the file. */
const flip = (path: string, text: string): void => {
  const bytes = readFileSync(path)
  const at = bytes.lastIndexOf(text)
  expect(at).toBeGreaterThan(0)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  writeFileSync(path, bytes)
}

/** Opens, expects the facts up to here and a sentence about the rest, and that it goes on. */
const expectKept = (upTo: number): string => {
  const { file, opened } = openJournalFile(folder)
  expect(opened.position).toBe(upTo)
  expect(opened.damage).toMatch(/^the [^\n]+$/u)
  file.transaction(() => file.write(packed(upTo + 1, 3)))
  file.close()
  expect(factsNow()).toEqual(factsFrom(1, upTo + 3))
  const again = openJournalFile(folder)
  expect(again.opened).toMatchObject({ position: upTo + 3, damage: null })
  again.file.close()
  return opened.damage ?? ''
}

describe('a damaged journal', () => {
  test('one byte changed in a fact: its batch and all behind it are cut, the old file stays beside', () => {
    filled(20)
    flip(db(), '"legId":"l155"')
    const damage = expectKept(150)
    expect(damage).toContain('facts 151 to 200 are lost')
    expect(damage).toContain('journal.damaged-1.db')
    expect(readdirSync(folder)).toContain('journal.damaged-1.db')
  })

  test('one digit of a time changed is seen although it is as good a time', () => {
    filled(3)
    const file = new JournalFile(folder)
    file.db.prepare('UPDATE facts SET at = at + 1 WHERE position = 25').run()
    file.close()
    expect(expectKept(20)).toContain('facts 21 to 30 are lost')
  })

  test('a fact taken away, or two exchanged, is seen', () => {
    filled(3)
    const file = new JournalFile(folder)
    file.db.prepare('DELETE FROM facts WHERE position = 30').run()
    file.close()
    expectKept(20)
  })

  test('numbers stay with their persons', () => {
    filled(20)
    flip(db(), '"legId":"l155"')
    expectKept(150)
    const reader = new JournalReader(folder)
    for (let index = 0; index < 20; index++) expect(reader.find(numberOf(index))).toBe(`person${index}`)
    reader.close()
  })

  test('damage before the snapshot costs those facts only', () => {
    filled(20, 180)
    flip(db(), '"legId":"l155"')
    const { file, opened } = openJournalFile(folder)
    file.close()
    expect(opened).toMatchObject({ position: 200, snapshot: { position: 180 } })
    expect(opened.damage).toContain('10 before the snapshot')
    expect(factsNow()).toEqual([...factsFrom(1, 150), ...factsFrom(161, 40)])
    expect(openAndClose()).toMatchObject({ position: 200, damage: null })
  })

  test('an archive that tells of lost facts is made anew', () => {
    filled(4)
    const writer = openArchiveWriter({ folder })
    writer.write([storyOf({ id: 'c39' })], 40)
    writer.close()
    expect(openAndClose().damage).toBeNull()
    const untouched = openArchiveWriter({ folder })
    expect(untouched.position()).toBe(40)
    untouched.close()
    flip(db(), '"legId":"l35"')
    expectKept(30)
    const anew = openArchiveWriter({ folder })
    expect(anew.position()).toBe(0)
    anew.close()
  })

  test('a whole batch taken away is seen by the one behind it', () => {
    filled(4)
    const file = new JournalFile(folder)
    file.db.prepare('DELETE FROM facts WHERE position BETWEEN 21 AND 30').run()
    file.close()
    expect(expectKept(20)).toContain('facts 21 to 40 are lost')
  })

  test('the last batch taken away is known from the mark', () => {
    filled(4)
    const file = new JournalFile(folder)
    file.db.prepare('DELETE FROM facts WHERE position > 30').run()
    file.close()
    expect(expectKept(30)).toContain('facts 31 to 40 are lost')
  })

  test('damage behind the snapshot cuts behind it; a damaged snapshot gives way to the one before', () => {
    filled(20, 120)
    flip(db(), '"legId":"l155"')
    expect(openAndClose()).toMatchObject({ position: 150, snapshot: { position: 120 } })
    const { file } = openJournalFile(folder)
    file.saveSnapshot({ position: 150, state: '{"at":150}' })
    file.close()
    flip(db(), '{"at":150}')
    expect(openAndClose()).toMatchObject({ position: 150, snapshot: { position: 120 } })
  })

  test('the write-ahead log cut or changed after a crash: what it lost is known from the mark', () => {
    for (const harm of [
      (path: string) => truncateSync(path, Math.floor(statSync(path).size / 2)),
      (path: string) => flip(path, '"legId":"l155"'),
    ]) {
      const { file } = openJournalFile(folder)
      fill(file, 20)
      const crashed = mkdtempSync(join(tmpdir(), 'samtal-damage-'))
      for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(crashed, name))
      file.close()
      rmSync(folder, { recursive: true })
      folder = crashed
      harm(`${db()}-wal`)
      const opened = openAndClose()
      expect(opened.position).toBeLessThan(200)
      expect(opened.position % 10).toBe(0)
      expect(opened.damage).toContain(`facts ${opened.position + 1} to 200 are lost`)
      expect(factsNow()).toEqual(factsFrom(1, opened.position))
      rmSync(folder, { recursive: true })
      mkdirSync(folder)
    }
  })

  test('the file cut anywhere, or bytes of it changed anywhere: a beginning is kept and nothing false is told', () => {
    filled(60)
    const whole = readFileSync(db())
    const mark = readFileSync(join(folder, 'journal.mark'))
    const anywhere = fc.integer({ min: 0, max: whole.length - 1 })
    const harm = fc.oneof(
      anywhere.map((at) => whole.subarray(0, at)),
      fc.array(anywhere, { minLength: 1, maxLength: 40 }).map((places) => {
        const bytes = Buffer.from(whole)
        for (const at of places) bytes.writeUInt8(bytes.readUInt8(at) ^ 0x55, at)
        return bytes
      }),
    )
    fc.assert(
      fc.property(harm, (bytes) => {
        for (const name of readdirSync(folder)) if (name !== 'persons.key') rmSync(join(folder, name))
        writeFileSync(db(), bytes)
        writeFileSync(join(folder, 'journal.mark'), mark)
        const opened = openAndClose()
        expect(factsNow()).toEqual(factsFrom(1, opened.position))
        if (opened.position < 600) expect(opened.damage).toContain('lost')
        expect(openAndClose()).toMatchObject({ position: opened.position, damage: null })
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('the file broken while the newest facts stand in the write-ahead log: both are read', () => {
    filled(20)
    const { file } = openJournalFile(folder)
    file.transaction(() => file.write(packed(201, 10)))
    const crashed = mkdtempSync(join(tmpdir(), 'samtal-damage-'))
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(crashed, name))
    file.close()
    rmSync(folder, { recursive: true })
    folder = crashed
    const bytes = readFileSync(db())
    const root = bytes.indexOf('CREATE TABLE facts')
    writeFileSync(db(), bytes.fill(0xff, root, root + 18))
    const log = readFileSync(`${db()}-wal`)
    const inLog = log.indexOf('CREATE TABLE facts')
    expect(inLog).toBe(-1)
    const opened = openAndClose()
    expect(opened).toMatchObject({ position: 210 })
    expect(opened.damage).toContain('no fact of its end is lost')
    expect(factsNow()).toEqual(factsFrom(1, 210))
  })

  test('a letter changed in the description of a table: every fact is kept', () => {
    filled(20)
    const bytes = readFileSync(db())
    bytes.write('0', bytes.indexOf('person_id TEXT') + 1)
    writeFileSync(db(), bytes)
    const opened = openAndClose()
    expect(opened).toMatchObject({ position: 200 })
    expect(opened.damage).toContain('no fact of its end is lost')
    expect(factsNow()).toEqual(factsFrom(1, 200))
  })

  test('a file cut in its last quarter keeps the first half of the facts', () => {
    filled(600)
    truncateSync(db(), Math.floor(statSync(db()).size * 0.75))
    const opened = openAndClose()
    expect(opened.position).toBeGreaterThanOrEqual(3_000)
    expect(opened.damage).toContain('lost')
    expect(factsNow()).toEqual(factsFrom(1, opened.position))
  })
})

const openAndClose = () => {
  const { file, opened } = openJournalFile(folder)
  file.close()
  return opened
}
