/** Files of contacts read on a thread of their own: the same rows, no more of a file in memory than needed, and what is told when something breaks. */
import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { contactLists } from '#adapters/contact-files/contact-lists.ts'
import { numbers } from '#adapters/numbers/numbers.ts'
import { listsElsewhere } from '#app/lists-thread.ts'
import type { ContactLists } from '#ports/contact-lists.ts'
import { type RowFault, type StagedRow, unpacked } from '#ports/contacts.ts'
import { PortError } from '#ports/errors.ts'
import { CampaignContacts, CampaignImports } from '#wire/contacts.ts'
import { openBed } from './http/bed.ts'
import { makeCampaign, upload } from './http/lists.ts'

const NUMBERS = {
  ...{ country: 'SE', countries: [], barredPrefixes: [], shortNumbers: [], premium: false, sharedCost: false, switchboards: [] },
}
const HOW = { encoding: null, delimiter: null, mapping: null, rules: { country: 'SE', zone: 'Europe/Stockholm' } }
const elsewhere = listsElsewhere(() => NUMBERS)

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const rowsFrom = (count: number): string =>
  Array.from({ length: count }, (_, index) => `07017${String(index).padStart(5, '0')};x\n`).join('')

/** Everything told of a file. */
async function readBy(lists: ContactLists, text: string) {
  const rows: StagedRow[] = []
  const faults: RowFault[] = []
  const done = await lists.read(inPieces(text, 1_000), HOW, async (some, wrong) => {
    rows.push(...unpacked(some))
    faults.push(...unpacked(wrong))
  })
  return { done, rows, faults }
}

describe('a file read on another thread', () => {
  test('gives what it gives on this one', async () => {
    const text = `telefon;namn;ort;__proto__\n070-174 06 12;"Åsa\n""Ö""";Lund;a\n112;;;\n070-174 06 13;\u2028\ud83d\ude00;;\n${rowsFrom(3_000)}`
    const here = await readBy(
      contactLists(() => numbers(NUMBERS)),
      text,
    )
    expect(here.rows.length).toBe(3_002)
    expect(here.faults).toEqual([{ row: 2, line: 4, column: 'telefon', code: 'number.emergency', value: '112' }])
    expect(await readBy(elsewhere, text)).toEqual(here)
  })

  test('or the numbers alone', async () => {
    const told: unknown[] = []
    const done = await elsewhere.readNumbers(inPieces('nummer;orsak\n0701740612;brev\n112;\n', 7), HOW.rules, async (rows, faults) => {
      told.push(...rows, ...faults.map(({ code }) => code))
    })
    expect([done, told]).toEqual([{ rows: 2 }, [{ number: '+46701740612', reason: 'brev' }, 'number.emergency']])
  })

  test('is asked for as its rows are taken, not before', async () => {
    const size = 16_384
    const text = `telefon;namn\n${rowsFrom(100_000)}`
    let [given, taken, most] = [0, 0, 0]
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const piece of inPieces(text, size)) {
        given += piece.length
        most = Math.max(most, given - taken)
        yield piece
      }
    }
    const done = await elsewhere.read(counted(), HOW, async (_rows, _faults, bytes) => {
      taken = bytes
    })
    expect(done).toMatchObject({ rows: 100_000, bytes: text.length })
    // 64 KiB are looked at for the delimiter first; then some batches of 500 rows and a piece are under way.
    expect(most).toBeLessThan(65_536 + 4 * size)
  })

  test('that is wrong is said so, and is let go', async () => {
    const isLetGo = Promise.withResolvers<void>()
    async function* watched(): AsyncGenerator<Uint8Array> {
      try {
        yield* inPieces(`telefon;namn\n0701740612;"x" y\n${rowsFrom(50_000)}`, 65_536)
      } finally {
        isLetGo.resolve()
      }
    }
    expect(await elsewhere.read(watched(), HOW, async () => undefined)).toMatchObject({ code: 'file.notCsv', line: 2 })
    await isLetGo.promise
  })

  test('that breaks off, or whose rows cannot be taken, fails with just that', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`telefon;namn\n${rowsFrom(10_000)}`)
      throw new Error('the line is cut')
    }
    await expect(elsewhere.read(broken(), HOW, async () => undefined)).rejects.toThrow('the line is cut')
    const full = new PortError('contacts', 'addToImport', { message: 'the disk is full', retry: true })
    await expect(elsewhere.read(inPieces(`telefon;namn\n${rowsFrom(10_000)}`, 65_536), HOW, () => Promise.reject(full))).rejects.toBe(full)
  })
})

describe('a thread that dies', () => {
  /** Hands over one row, and dies when it is taken. */
  const dying = `
    import { parentPort } from 'node:worker_threads'
    const draft = { phone: '+46701740612', phone2: null, externalId: null, name: null, zone: 'Europe/Stockholm', language: null, from: null, to: null, window: null, columns: {} }
    parentPort.postMessage({ type: 'more' })
    parentPort.once('message', () => {
      parentPort.postMessage({ type: 'rows', rows: { json: JSON.stringify([{ row: 1, line: 2, draft }]) }, faults: [], bytes: 30 })
      parentPort.once('message', () => { throw new Error('no memory left') })
    })`
  const lists = listsElsewhere(() => NUMBERS, new URL(`data:text/javascript,${encodeURIComponent(dying)}`))

  test('is told as a failure of this port', async () => {
    let taken = 0
    const read = lists.read(inPieces('telefon\n0701740612\n', 64), HOW, async (rows) => {
      taken += unpacked(rows).length
    })
    await expect(read).rejects.toThrow('contactLists.read: no memory left')
    expect(taken).toBe(1)
  })

  test('leaves nothing half imported, and the next file is read', async () => {
    let isDying = true
    const bed = await openBed({
      contactLists: { ...elsewhere, read: (...given) => (isDying ? lists : elsewhere).read(...given) },
    })
    try {
      await makeCampaign(bed, { id: 'spring', name: 'Spring' })
      const failed = await upload(bed, 'maja', 'campaigns/spring/imports', 'telefon\n0701740612\n')
      expect([failed.status, failed.code]).toEqual([503, 'server.unavailable'])
      const imports = async () => (await bed.ask('maja', 'GET', 'campaigns/spring/imports')).as(CampaignImports).items
      expect((await imports()).filter(({ state }) => state !== 'abandoned')).toEqual([])
      expect((await bed.ask('maja', 'GET', 'campaigns/spring/contacts')).as(CampaignContacts).items).toEqual([])
      isDying = false
      expect((await upload(bed, 'maja', 'campaigns/spring/imports', 'telefon\n0701740612\n')).status).toBe(201)
      expect((await imports()).find(({ state }) => state === 'ready')?.counts).toMatchObject({ rows: 1, added: 1 })
    } finally {
      await bed.close()
    }
  })
})

test('a large file that is said no to is answered, not cut off', async () => {
  const bed = await openBed({ contactLists: elsewhere })
  try {
    await makeCampaign(bed, { id: 'spring', name: 'Spring' })
    const { hostname: host, port } = new URL(await bed.http.listen({ host: '127.0.0.1', port: 0 }))
    const answered = Promise.withResolvers<number | undefined>()
    const upward = request(
      {
        ...{ host, port, method: 'POST', path: '/api/v1/campaigns/spring/imports' },
        headers: { 'content-type': 'text/csv', cookie: await bed.signedIn('maja'), 'x-samtal': '1' },
      },
      (answer) => {
        answer.resume()
        answered.resolve(answer.statusCode)
      },
    )
    upward.on('error', answered.reject)
    upward.end(`telefon;namn\n0701740612;"x" y\n${rowsFrom(500_000)}`)
    expect(await answered.promise).toBe(422)
  } finally {
    await bed.close()
  }
})
