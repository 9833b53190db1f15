/** The audit log in SQLite, `audit.db` in the data folder, kept by a thread of its own. Several processes may write to it. */
import { mkdirSync } from 'node:fs'
import { AUDIT_WAITING_MAX, type Audit } from '#ports/audit.ts'
import type { AuditOps } from './audit.worker.ts'
import { WorkerClient } from './rpc.ts'

/** To be closed by whoever opened it. */
export const openAudit = ({ folder }: { readonly folder: string }): Audit => {
  mkdirSync(folder, { recursive: true })
  const entry = new URL('./audit.worker.ts', import.meta.url)
  const worker = new WorkerClient<AuditOps>('audit', entry, { folder }, { pendingMax: AUDIT_WAITING_MAX })
  return {
    write: (row) => worker.ask('write', row),
    search: (query) => worker.ask('search', query),
    forget: (before) => worker.ask('forget', before),
    close: () => worker.close('close', null),
  }
}
