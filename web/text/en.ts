/** Every word people read, in English, by page. Another language is a set of files like these, with the same keys. */
import { adminEn } from './admin.en.ts'
import { archiveEn } from './archive.en.ts'
import { auditEn } from './audit.en.ts'
import { callEn } from './call.en.ts'
import { campaignsEn } from './campaigns.en.ts'
import { deskEn } from './desk.en.ts'
import { directoryEn } from './directory.en.ts'
import { listsEn } from './lists.en.ts'
import { liveEn } from './live.en.ts'
import { personsEn } from './persons.en.ts'
import { shellEn } from './shell.en.ts'

export const en = {
  ...adminEn,
  ...archiveEn,
  ...auditEn,
  ...callEn,
  ...campaignsEn,
  ...deskEn,
  ...directoryEn,
  ...listsEn,
  ...liveEn,
  ...personsEn,
  ...shellEn,
}

export type MessageId = keyof typeof en
export type Messages = Record<MessageId, string>
