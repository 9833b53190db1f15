/** Varje ord som människor läser, på svenska, sida för sida. */
import { adminSv } from './admin.sv.ts'
import { archiveSv } from './archive.sv.ts'
import { auditSv } from './audit.sv.ts'
import { callSv } from './call.sv.ts'
import { campaignsSv } from './campaigns.sv.ts'
import { deskSv } from './desk.sv.ts'
import { directorySv } from './directory.sv.ts'
import type { Messages } from './en.ts'
import { listsSv } from './lists.sv.ts'
import { liveSv } from './live.sv.ts'
import { personsSv } from './persons.sv.ts'
import { shellSv } from './shell.sv.ts'

export const sv: Messages = {
  ...adminSv,
  ...archiveSv,
  ...auditSv,
  ...callSv,
  ...campaignsSv,
  ...deskSv,
  ...directorySv,
  ...listsSv,
  ...liveSv,
  ...personsSv,
  ...shellSv,
}
