/** The audit log's thread: entries that wait together share one commit, and so one fsync. */
import { parentPort, workerData } from 'node:worker_threads'
import { Bug, type Ms } from '#core/kernel/kernel.ts'
import type { AuditEntry, AuditPage, AuditQuery } from '#ports/audit.ts'
import { AuditFile } from './audit-file.ts'
import { type Asked, serveInGroups } from './rpc.ts'

export interface AuditOps {
  write(entry: AuditEntry): void
  search(query: AuditQuery): AuditPage
  forget(before: Ms): number
  close(arg: null): void
}

const port = parentPort
if (port === null) throw new Bug('the audit log is kept in a thread of its own')
const file = new AuditFile((workerData as { readonly folder: string }).folder)

const write = (group: readonly Asked[]): void => {
  if (group.length === 0) return
  try {
    file.write(group.map(({ arg }) => arg as AuditEntry))
    for (const asked of group) asked.answer(undefined)
  } catch (error) {
    for (const asked of group) asked.fail(error)
  }
}

const single = (asked: Asked): void => {
  try {
    if (asked.op === 'search') asked.answer(file.search(asked.arg as AuditQuery))
    else if (asked.op === 'forget') asked.answer(file.forget(asked.arg as Ms))
    else {
      file.close()
      asked.answer(undefined)
      port.close()
    }
  } catch (error) {
    asked.fail(error)
  }
}

serveInGroups(port, (group) => {
  let writes: Asked[] = []
  for (const asked of group) {
    if (asked.op === 'write') {
      writes.push(asked)
      continue
    }
    write(writes)
    writes = []
    single(asked)
  }
  write(writes)
})
