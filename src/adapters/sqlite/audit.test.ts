import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditContract, entry } from '../../../tests/audit.contract.ts'
import { openAudit } from './audit.ts'

auditContract('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samtal-audit-'))
  const audit = openAudit({ folder })
  return {
    audit,
    async done() {
      await audit.close()
      rmSync(folder, { recursive: true })
    },
  }
})

describe('the file', () => {
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'samtal-audit-'))
    const audit = openAudit({ folder })
    await audit.write(entry())
    await audit.close()
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test.each(["UPDATE audit SET who = 'bo'", "UPDATE audit_on SET id = 'c2'", 'DELETE FROM audit'])(
    'refuses what the log never does: %s',
    (sql) => {
      const db = new Database(join(folder, 'audit.db'))
      expect(() => db.exec(sql)).toThrow(/audit log/)
      db.close()
    },
  )

  test('is written by two processes, and there after a restart', async () => {
    const [serve, user] = [openAudit({ folder }), openAudit({ folder })]
    await Promise.all([serve.write(entry({ what: 'call.read' })), user.write(entry({ by: 'commandLine', what: 'user.added' }))])
    await Promise.all([serve.close(), user.close()])
    const again = openAudit({ folder })
    expect((await again.search({ before: null, limit: 10 })).rows.map(({ what }) => what).sort()).toEqual([
      'call.read',
      'call.read',
      'user.added',
    ])
    await again.close()
  })

  test('holds nothing any more of what was forgotten, not in free pages either', async () => {
    const audit = openAudit({ folder })
    const id = 'forgetMeAltogether'
    await audit.write(entry({ at: 1, on: [{ kind: 'call', id }] }))
    expect(await audit.forget(2)).toBe(1)
    await audit.close()
    for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file)).includes(id)).toBe(false)
  })
})
