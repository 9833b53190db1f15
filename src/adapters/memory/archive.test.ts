import type { PersonRow } from '#ports/journal.ts'
import { archiveContract } from '../../../tests/archive.contract.ts'
import { memoryArchive } from './archive.ts'

archiveContract('memory', () => {
  const persons = new Map<string, PersonRow>()
  const archive = memoryArchive((id) => persons.get(id))
  return {
    writer: archive,
    reader: archive,
    persons: (rows) => {
      for (const row of rows) persons.set(row.personId, row)
    },
    done: async () => undefined,
  }
})
