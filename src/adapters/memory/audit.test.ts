import { expect, test } from 'vitest'
import { auditContract, entry } from '../../../tests/audit.contract.ts'
import { MemoryAudit } from './audit.ts'

auditContract('memory', async () => {
  const audit = new MemoryAudit()
  return { audit, done: () => audit.close() }
})

test('a full disk writes nothing, and may be tried again', async () => {
  const audit = new MemoryAudit()
  audit.disk = 'full'
  await expect(audit.write(entry())).rejects.toMatchObject({ port: 'audit', retry: true })
  audit.disk = 'well'
  await audit.write(entry())
  expect(audit.rows).toHaveLength(1)
})
