/** The audit log in memory: for tests and the simulated world. */
import type { Ms } from '#core/kernel/kernel.ts'
import { AUDIT_WAITING_MAX, type Audit, type AuditEntry, type AuditPage, type AuditQuery, type AuditRow, nounOf } from '#ports/audit.ts'
import { PortError } from '#ports/errors.ts'

const matches = (row: AuditRow, query: AuditQuery): boolean =>
  (query.from === undefined || row.at >= query.from) &&
  (query.to === undefined || row.at < query.to) &&
  (query.who === undefined || row.who?.toLowerCase() === query.who.toLowerCase()) &&
  (query.what === undefined || (query.what.includes('.') ? row.what : nounOf(row.what)) === query.what) &&
  (query.on === undefined || row.on.some(({ kind, id }) => kind === query.on?.kind && id === query.on.id)) &&
  (query.outcome === undefined || (row.outcome === 'done') === (query.outcome === 'done')) &&
  (query.before === null || row.seq < query.before)

export class MemoryAudit implements Audit {
  #rows: AuditRow[] = []
  #seq = 0
  #waiting = 0
  #gate: Promise<void> = Promise.resolve()
  /** Its disk: `full`, writing is refused. */
  disk: 'well' | 'full' = 'well'

  get rows(): readonly AuditRow[] {
    return this.#rows
  }

  /** Lets nothing be written before it resolves: a slow disk. */
  hold(until: Promise<void>): void {
    this.#gate = until
  }

  async write(entry: AuditEntry): Promise<void> {
    if (this.#waiting >= AUDIT_WAITING_MAX)
      throw new PortError('audit', 'write', { message: `${AUDIT_WAITING_MAX} entries wait already`, retry: true })
    this.#waiting += 1
    try {
      await this.#gate
      if (this.disk === 'full') throw new PortError('audit', 'write', { message: 'the disk is full', retry: true })
      this.#seq += 1
      this.#rows.push(structuredClone({ seq: this.#seq, ...entry }))
    } finally {
      this.#waiting -= 1
    }
  }

  async search(query: AuditQuery): Promise<AuditPage> {
    const found = this.#rows.filter((row) => matches(row, query)).toReversed()
    const rows = found.slice(0, query.limit)
    return { rows: structuredClone(rows), next: found.length > rows.length ? (rows.at(-1)?.seq ?? null) : null }
  }

  async forget(before: Ms): Promise<number> {
    const kept = this.#rows.filter(({ at }) => at >= before)
    const gone = this.#rows.length - kept.length
    this.#rows = kept
    return gone
  }

  async close(): Promise<void> {
    await this.#gate
  }
}
