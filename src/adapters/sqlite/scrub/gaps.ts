/**
 * Bytes of a database page that hold nothing any more. SQLite overwrites what it deletes (`secure_delete`), but a page that was split keeps
 * copies of the rows that moved, in the gap between its list of cells and their contents, out of reach of any statement; and a file
 * written before that setting keeps what was deleted then. File format: https://www.sqlite.org/fileformat2.html (1.5 free list, 1.6
 * b-tree pages).
 */

export interface Range {
  readonly from: number
  /** Not of it any more. */
  readonly to: number
}

const FIRST_PAGE_HEADER_BYTES = 100
const LEAVES: readonly number[] = [0x0a, 0x0d]
const INNER: readonly number[] = [0x02, 0x05]

/** The gap, and free blocks but for the four bytes by which they are linked. Nothing for a page that is no b-tree's. */
export const gapsOf = (page: Buffer, number: number): readonly Range[] => {
  const header = number === 1 ? FIRST_PAGE_HEADER_BYTES : 0
  const kind = page.readUInt8(header)
  if (!LEAVES.includes(kind) && !INNER.includes(kind)) return []
  const cells = page.readUInt16BE(header + 3)
  const from = header + (LEAVES.includes(kind) ? 8 : 12) + 2 * cells
  const to = page.readUInt16BE(header + 5) || page.length
  const gaps: Range[] = to > from && to <= page.length ? [{ from, to }] : []
  const seen = new Set<number>()
  for (let at = page.readUInt16BE(header + 1); at > 0 && at + 4 <= page.length && !seen.has(at); at = page.readUInt16BE(at)) {
    seen.add(at)
    gaps.push({ from: at + 4, to: Math.min(page.length, at + page.readUInt16BE(at + 2)) })
  }
  return gaps
}

const FIRST_TRUNK_AT = 32

/** Pages on the free list: of their content nothing is read. `read` gives a page by its number. */
export const freePages = (read: (number: number) => Buffer): ReadonlySet<number> => {
  const free = new Set<number>()
  const trunks = new Set<number>()
  for (let trunk = read(1).readUInt32BE(FIRST_TRUNK_AT); trunk > 0 && !trunks.has(trunk); ) {
    trunks.add(trunk)
    const page = read(trunk)
    const leaves = Math.min(page.readUInt32BE(4), page.length / 4 - 2)
    for (let index = 0; index < leaves; index++) free.add(page.readUInt32BE(8 + 4 * index))
    trunk = page.readUInt32BE(0)
  }
  return free
}
