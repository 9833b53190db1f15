/** What a command of `samtal` did, in the audit log of its data folder. */
import { userInfo } from 'node:os'
import { openAudit } from '#adapters/sqlite/audit.ts'
import type { AuditDetails, AuditEntry, AuditThing } from '#ports/audit.ts'
import { PortError } from '#ports/errors.ts'
import { Failure } from './failure.ts'

interface Deed {
  readonly on?: readonly AuditThing[]
  readonly details?: AuditDetails
  /** Why it was refused; without it: it is done. */
  readonly refused?: string
}

/** The machine's own name of who runs this; null where it knows none (a user id without a name, as in a container). */
function whoRuns(): string | null {
  try {
    return userInfo().username
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

export const byCommandLine = (what: string, { on = [], details = {}, refused = 'done' }: Deed = {}): AuditEntry => ({
  at: Date.now(),
  by: 'commandLine',
  who: whoRuns(),
  address: null,
  what,
  on,
  outcome: refused,
  details,
})

export const bySystem = (what: string, { on = [], details = {} }: Deed = {}): AuditEntry => ({
  at: Date.now(),
  by: 'system',
  who: null,
  address: null,
  what,
  on,
  outcome: 'done',
  details,
})

/** Writes it, durably. Throws `Failure` where it cannot: an export, a backup, a change of accounts is told before it is made, so nothing goes unseen. */
export async function auditCommand(folder: string, what: string, deed: Deed = {}): Promise<void> {
  const audit = openAudit({ folder })
  try {
    await audit.write(byCommandLine(what, deed))
  } catch (error) {
    if (error instanceof PortError) throw new Failure(`the audit log in ${folder} cannot be written (${error.message})`)
    throw error
  } finally {
    await audit.close()
  }
}
