import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { journalContract } from '../../../tests/journal.contract.ts'
import { openSqliteJournal, SqliteJournal } from './journal.ts'

journalContract('sqlite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'samtal-journal-'))
  return {
    journal: () => openSqliteJournal({ folder }),
    kill: async (journal) => {
      if (journal instanceof SqliteJournal) await journal.kill()
    },
    done: async () => rmSync(folder, { recursive: true }),
  }
})
