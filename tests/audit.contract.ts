/** What every audit log keeps, whatever it is made of. Run against each adapter from beside it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AUDIT_WAITING_MAX, type Audit, type AuditEntry, type AuditQuery } from '#ports/audit.ts'

export interface AuditBench {
  readonly audit: Audit
  done(): Promise<void>
}

const DAY = 86_400_000
const AT = 1_795_000_000_000

export const entry = (fields: Partial<AuditEntry> = {}): AuditEntry => ({
  at: AT,
  by: 'user',
  who: 'lena',
  address: '192.0.2.7',
  what: 'call.read',
  on: [{ kind: 'call', id: 'c1' }],
  outcome: 'done',
  details: {},
  ...fields,
})

export function auditContract(name: string, open: () => Promise<AuditBench>): void {
  describe(`an audit log: ${name}`, () => {
    let bench: AuditBench
    beforeEach(async () => {
      bench = await open()
    })
    afterEach(() => bench.done())
    const write = async (...entries: readonly AuditEntry[]): Promise<void> => {
      for (const one of entries) await bench.audit.write(one)
    }
    const search = (query: Partial<AuditQuery> = {}) => bench.audit.search({ before: null, limit: 100, ...query })
    const whats = async (query: Partial<AuditQuery>) => (await search(query)).rows.map(({ what, who }) => `${who} ${what}`)

    test('an entry is read back as it was, with its place', async () => {
      const full = entry({
        by: 'token',
        who: 'tkn1',
        what: 'calls.exported',
        on: [
          { kind: 'person', id: 'p1' },
          { kind: 'campaign', id: 'spring' },
        ],
        outcome: 'token.scope',
        details: { as: 'text/csv', rows: 3, all: true, fields: ['name'], until: null },
      })
      await write(full, entry({ by: 'system', who: null, address: null, on: [] }))
      const [system, exported] = (await search()).rows
      expect(exported).toEqual({ seq: exported?.seq, ...full })
      expect(system).toMatchObject({ by: 'system', who: null, address: null, on: [], details: {} })
      expect(system?.seq).toBeGreaterThan(exported?.seq ?? 0)
    })

    test('the newest come first, page after page, each row once', async () => {
      for (let n = 0; n < 7; n++) await write(entry({ what: `call.n${n}` }))
      const seen: string[] = []
      let before: number | null = null
      do {
        const page = await search({ before, limit: 3 })
        seen.push(...page.rows.map(({ what }) => what))
        before = page.next
      } while (before !== null)
      expect(seen).toEqual(['call.n6', 'call.n5', 'call.n4', 'call.n3', 'call.n2', 'call.n1', 'call.n0'])
    })

    test('is searched by who, what, on what, when and outcome, and by all of them at once', async () => {
      await write(
        entry(),
        entry({ who: 'Sara', what: 'calls.searched', on: [{ kind: 'person', id: 'p1' }], at: AT + DAY }),
        entry({ who: 'sara', what: 'call.factsRead', outcome: 'call.unknown', at: AT + 2 * DAY }),
        entry({ by: 'nobody', who: null, what: 'session.started', outcome: 'session.refused', on: [{ kind: 'user', id: 'lena' }] }),
      )
      expect(await whats({ who: 'SARA' })).toEqual(['sara call.factsRead', 'Sara calls.searched'])
      expect(await whats({ what: 'call.read' })).toEqual(['lena call.read'])
      expect(await whats({ what: 'call' })).toEqual(['sara call.factsRead', 'lena call.read'])
      expect(await whats({ on: { kind: 'person', id: 'p1' } })).toEqual(['Sara calls.searched'])
      expect(await whats({ on: { kind: 'user', id: 'lena' } })).toEqual(['null session.started'])
      expect(await whats({ on: { kind: 'call', id: 'p1' } })).toEqual([])
      expect(await whats({ from: AT + DAY })).toEqual(['sara call.factsRead', 'Sara calls.searched'])
      expect(await whats({ from: AT + DAY, to: AT + 2 * DAY })).toEqual(['Sara calls.searched'])
      expect(await whats({ outcome: 'refused' })).toEqual(['null session.started', 'sara call.factsRead'])
      expect(await whats({ outcome: 'done', who: 'lena', what: 'call', on: { kind: 'call', id: 'c1' }, to: AT + 1 })).toEqual([
        'lena call.read',
      ])
    })

    test('what has outlived its retention is gone, its things too, and nothing younger', async () => {
      await write(entry({ at: AT, what: 'call.old' }), entry({ at: AT + DAY, what: 'call.young' }))
      expect(await bench.audit.forget(AT + DAY)).toBe(1)
      expect(await whats({ on: { kind: 'call', id: 'c1' } })).toEqual(['lena call.young'])
      expect(await bench.audit.forget(AT + DAY)).toBe(0)
      await write(entry({ at: AT + 2 * DAY, what: 'call.new' }))
      expect(await whats({})).toEqual(['lena call.new', 'lena call.young'])
    })

    test('is bounded: of more entries than may wait at once some are refused, and none of the others is lost', async () => {
      const asked = Array.from({ length: AUDIT_WAITING_MAX + 50 }, (_, n) => bench.audit.write(entry({ details: { n } })))
      const results = await Promise.allSettled(asked)
      const refused = results.filter(({ status }) => status === 'rejected')
      expect(refused.length).toBeGreaterThan(0)
      for (const one of refused) expect(one).toMatchObject({ reason: { port: 'audit', retry: true } })
      const written = (await search({ limit: 5_000 })).rows.map(({ details }) => details['n']).toReversed()
      expect(written).toEqual(results.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : [])))
    })
  })
}
