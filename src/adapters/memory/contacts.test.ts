import { contactsContract } from '../../../tests/contacts.contract.ts'
import { MemoryContacts } from './contacts.ts'

contactsContract('memory', async () => {
  const contacts = new MemoryContacts()
  return { contacts, again: async () => contacts, done: () => contacts.close() }
})
