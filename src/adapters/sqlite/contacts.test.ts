import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactsContract } from '../../../tests/contacts.contract.ts'
import { openContacts } from './contacts.ts'

contactsContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samtal-contacts-'))
  let contacts = openContacts({ folder })
  return {
    contacts,
    async again() {
      await contacts.close()
      contacts = openContacts({ folder })
      return contacts
    },
    async done() {
      await contacts.close()
      rmSync(folder, { recursive: true })
    },
  }
})
