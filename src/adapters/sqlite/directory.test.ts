import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { directoryContract } from '../../../tests/directory.contract.ts'
import { openDirectory } from './directory.ts'

directoryContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samtal-directory-'))
  const directory = openDirectory({ folder })
  return {
    directory,
    another: async () => openDirectory({ folder }),
    async done() {
      await directory.close()
      rmSync(folder, { recursive: true })
    },
  }
})
