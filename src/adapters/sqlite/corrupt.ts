/** Content that is not what was written, met by us and not by SQLite: it is taken for damage all the same. */
export class CorruptFile extends Error {
  readonly code = 'SQLITE_CORRUPT'
}
