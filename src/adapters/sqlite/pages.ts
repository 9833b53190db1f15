/**
 * Reads the rows of an SQLite file page by page, without SQLite: where its tree is broken, its leaves are mostly whole. For salvage only.
 * File format: https://www.sqlite.org/fileformat2.html (sections 1.5 and 1.6 b-tree pages and cells, 2.1 records, 4 write-ahead log).
 */
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'

const TABLE_LEAF = 0x0d
const FIRST_PAGE_HEADER_BYTES = 100
const LEAF_HEADER_BYTES = 8
const WAL_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
/** Overflow pages followed for one row: damaged chains may be rings. */
const OVERFLOW_PAGES_MAX = 500_000

export type Value = number | string | Buffer | null
export interface Row {
  readonly rowid: number
  readonly values: readonly Value[]
}

/** Pages as the last whole commit left them: those of the log over those of the file. */
class Pages {
  readonly #file: number
  readonly #bytes: number
  readonly #log: ReadonlyMap<number, Buffer>
  readonly count: number

  constructor(path: string, bytes: number) {
    this.#file = openSync(path, 'r')
    this.#bytes = bytes
    this.#log = committedFrames(`${path}-wal`, bytes)
    this.count = Math.max(Math.ceil(fstatSync(this.#file).size / bytes), ...this.#log.keys())
  }

  /** Numbered from 1. What the file lacks reads as zeros. */
  read(page: number): Buffer {
    const logged = this.#log.get(page)
    if (logged !== undefined) return logged
    const buffer = Buffer.alloc(this.#bytes)
    readSync(this.#file, buffer, 0, this.#bytes, (page - 1) * this.#bytes)
    return buffer
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** The log's running sum, over 8 bytes at a time. */
const walSum = (bytes: Buffer, littleEndian: boolean, sum: readonly [number, number]): [number, number] => {
  let [a, b] = sum
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    a = (a + (littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) + b) >>> 0
    b = (b + (littleEndian ? bytes.readUInt32LE(at + 4) : bytes.readUInt32BE(at + 4)) + a) >>> 0
  }
  return [a, b]
}

/** The frames up to the last commit before the first one whose sum does not hold. */
const committedFrames = (path: string, pageBytes: number): Map<number, Buffer> => {
  const committed = new Map<number, Buffer>()
  if (!existsSync(path)) return committed
  const log = readFileSync(path)
  if (log.length < WAL_HEADER_BYTES || log.readUInt32BE(8) !== pageBytes) return committed
  const littleEndian = (log.readUInt32BE(0) & 1) === 0
  let sum = walSum(log.subarray(0, FRAME_HEADER_BYTES), littleEndian, [0, 0])
  const salts = log.subarray(16, 24)
  const open = new Map<number, Buffer>()
  for (let at = WAL_HEADER_BYTES; at + FRAME_HEADER_BYTES + pageBytes <= log.length; at += FRAME_HEADER_BYTES + pageBytes) {
    const header = log.subarray(at, at + FRAME_HEADER_BYTES)
    const page = log.subarray(at + FRAME_HEADER_BYTES, at + FRAME_HEADER_BYTES + pageBytes)
    sum = walSum(page, littleEndian, walSum(header.subarray(0, 8), littleEndian, sum))
    if (!header.subarray(8, 16).equals(salts) || header.readUInt32BE(16) !== sum[0] || header.readUInt32BE(20) !== sum[1]) break
    open.set(header.readUInt32BE(0), page)
    if (header.readUInt32BE(4) === 0) continue
    for (const [number, content] of open) committed.set(number, content)
    open.clear()
  }
  return committed
}

/** A variable-length number (1.6) and where it ends. Nine bytes would be over 2^56: no row of ours. */
const varint = (bytes: Buffer, at: number): [value: number, next: number] => {
  let value = 0
  for (let index = 0; index < 8; index++) {
    const byte = bytes.readUInt8(at + index)
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return [value, at + index + 1]
  }
  throw new RangeError('no number of this length is written here')
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8]

const decoded = (payload: Buffer, serial: number, at: number): [value: Value, bytes: number] => {
  if (serial === 0) return [null, 0]
  if (serial === 8 || serial === 9) return [serial - 8, 0]
  if (serial === 6) return [Number(payload.readBigInt64BE(at)), 8]
  if (serial < 6) {
    const bytes = INTEGER_BYTES[serial] ?? 0
    return [payload.readIntBE(at, bytes), bytes]
  }
  if (serial < 12) throw new RangeError('a kind of value that is not written here')
  const bytes = Math.floor((serial - 12) / 2)
  if (at + bytes > payload.length) throw new RangeError('longer than its row')
  const content = payload.subarray(at, at + bytes)
  return [serial % 2 === 0 ? Buffer.from(content) : content.toString('utf8'), bytes]
}

const recordOf = (payload: Buffer): Value[] => {
  const [headerBytes, first] = varint(payload, 0)
  const values: Value[] = []
  let at = first
  let content = headerBytes
  while (at < headerBytes) {
    const [serial, next] = varint(payload, at)
    const [value, bytes] = decoded(payload, serial, content)
    values.push(value)
    at = next
    content += bytes
  }
  return values
}

/** A cell's payload, the part on overflow pages included (1.6: how much stays on the leaf). */
const payloadOf = (pages: Pages, leaf: Buffer, at: number, bytes: number): Buffer => {
  const usable = leaf.length
  const localMax = usable - 35
  if (bytes <= localMax) return leaf.subarray(at, at + bytes)
  const localMin = Math.floor(((usable - 12) * 32) / 255) - 23
  const wanted = localMin + ((bytes - localMin) % (usable - 4))
  const local = wanted <= localMax ? wanted : localMin
  const parts = [leaf.subarray(at, at + local)]
  let left = bytes - local
  let next = leaf.readUInt32BE(at + local)
  for (let count = 0; left > 0; count++) {
    if (next === 0 || next > pages.count || count > OVERFLOW_PAGES_MAX) throw new RangeError('the row goes on nowhere')
    const page = pages.read(next)
    parts.push(page.subarray(4, 4 + Math.min(left, usable - 4)))
    left -= usable - 4
    next = page.readUInt32BE(0)
  }
  return Buffer.concat(parts)
}

const cellOf = (pages: Pages, leaf: Buffer, at: number): Row | null => {
  try {
    const [bytes, afterBytes] = varint(leaf, at)
    const [rowid, start] = varint(leaf, afterBytes)
    return { rowid, values: recordOf(payloadOf(pages, leaf, start, bytes)) }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Every row that can still be read, in the order of the pages; rows that cannot are passed over. */
export function* rowsOf(path: string, pageBytes: number): Generator<Row> {
  const pages = new Pages(path, pageBytes)
  try {
    for (let number = 1; number <= pages.count; number++) {
      const leaf = pages.read(number)
      const header = number === 1 ? FIRST_PAGE_HEADER_BYTES : 0
      if (leaf.readUInt8(header) !== TABLE_LEAF) continue
      const cells = Math.min(leaf.readUInt16BE(header + 3), Math.floor((pageBytes - header - LEAF_HEADER_BYTES) / 2))
      for (let cell = 0; cell < cells; cell++) {
        const row = cellOf(pages, leaf, leaf.readUInt16BE(header + LEAF_HEADER_BYTES + cell * 2))
        if (row !== null) yield row
      }
    }
  } finally {
    pages.close()
  }
}
