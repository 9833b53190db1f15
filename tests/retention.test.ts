import { describe, expect, test } from 'vitest'
import { MemoryArchive } from '#adapters/memory/archive.ts'
import { MemoryAudit } from '#adapters/memory/audit.ts'
import { MemoryContacts } from '#adapters/memory/contacts.ts'
import { memoryJournal, memoryStore } from '#adapters/memory/journal.ts'
import { bySystem } from '#app/audited.ts'
import { openRetention } from '#app/retaining.ts'
import { projectCall } from '#core/archive/projection.ts'
import { callOf } from '#core/facts.ts'
import type { CallId, Ms, PersonId } from '#core/kernel/kernel.ts'
import { queueOf, solutionOf } from '#core/world/stage.support.ts'
import { horizonsAt, type Retained, Retention, type RetentionPlan, type RetentionProgress } from '#engine/retention.ts'
import type { AuditEntry } from '#ports/audit.ts'
import type { Retaining } from '#ports/journal.ts'
import { importContacts } from '#sim/campaigns.ts'
import { VirtualClock } from '#sim/clock.ts'
import { plainCalendar } from '#sim/random.ts'
import { callFacts, inOrder, loggedOn, T0 } from './journal-retaining.contract.ts'

const DAY: Ms = 86_400_000
const calendar = plainCalendar(0, 24)
const solution = solutionOf([queueOf('plain'), queueOf('long', { retentionMonths: 36 })], [], {
  retention: { callsMonths: 12, contactsMonths: 3, auditMonths: 40 },
})
const NUMBER_OF_A = '+467017406960'
/** On a list nobody of which is called. */
const LISTED = '+46701740699'
const listing = { number: LISTED, campaignId: null, source: 'page', reason: null, until: null, addedAt: T0 }
/** Thirteen months after the calls of the bed. */
const NOW = T0 + 396 * DAY

/** Three calls through the plain queue and one through the long one, a live one, all thirteen months old; and one of today. */
async function bed(change: Partial<RetentionPlan> = {}) {
  const old = inOrder([
    ...['a', 'b', 'c'].flatMap((id) => callFacts(id, 'plain')),
    ...callFacts('long', 'long'),
    ...callFacts('live', 'plain').slice(0, 4),
    loggedOn,
  ])
  const today = inOrder([...callFacts('today', 'plain'), loggedOn], old.length).map((recorded) => ({ ...recorded, at: NOW - 1_000 }))
  const facts = [...old, ...today]
  const journal = memoryJournal(memoryStore())
  await journal.open()
  const number = (id: string): string =>
    id === 'a' ? NUMBER_OF_A : id === 'c' ? LISTED : `+467017406${facts.findIndex(({ fact }) => callOf(fact) === id)}`
  const persons = ['a', 'b', 'c', 'long', 'live', 'today'].map((id) => ({
    personId: `p-${id}`,
    number: number(id),
    kind: 'person' as const,
  }))
  await journal.append(0, { facts, persons })
  for (const position of [facts.length - 1, facts.length]) await journal.saveSnapshot({ position, state: '{}' })
  const archive = new MemoryArchive(() => undefined)
  const ids = [...new Set(facts.flatMap(({ fact }) => callOf(fact) ?? []))]
  for (const id of ids) archive.write([projectCall(await journal.factsOf(id))], facts.length)
  const audit = new MemoryAudit()
  const clock = new VirtualClock(NOW)
  const told: Retained[] = []
  const lines: string[] = []
  const forgotten: string[] = []
  const gone: PersonId[] = []
  const rests: number[] = []
  const wiped: number[] = []
  const plan: RetentionPlan = {
    journal,
    archive: { forgetCalls: async (calls) => void archive.forgetCalls(calls) },
    contacts: {
      forgetContacts: async (id) => {
        forgotten.push(id)
        return true
      },
      withNumber: async (number) => ({ contacts: [], listings: number === LISTED ? [listing] : [] }),
    },
    letGo: async ({ forget, unlessOpen }) => (unlessOpen ? forget() : Promise.reject(new Error('what is open would be withdrawn'))),
    forgotten: async (persons) => void gone.push(...persons),
    audit,
    ended: () => [],
    kit: () => ({ solution, calendar }),
    clock,
    // Just now.
    lastRun: async () => NOW,
    snapshot: async () => undefined,
    rest: async () => void rests.push(1),
    wipe: async () => void wiped.push(1),
    told: async (retained) => void told.push(retained),
    log: (line) => lines.push(line),
    ...change,
  }
  const kept = async (): Promise<CallId[]> => {
    const stories = await archive.search({}, { after: null, limit: 20 })
    const withFacts: CallId[] = []
    for (const id of ids) if ((await journal.factsOf(id)).length > 0) withFacts.push(id)
    expect(stories.stories.map(({ id }) => id).sort()).toEqual(withFacts.toSorted())
    return withFacts
  }
  /** What journal and archive tell is the same, but for calls that are marked to leave. */
  const agree = async (): Promise<void> => {
    const told = new Set((await archive.search({}, { after: null, limit: 20 })).stories.map(({ id }) => id))
    const leaving = await journal.leaving()
    for (const id of ids) expect([id, leaving.includes(id) || told.has(id) === (await journal.factsOf(id)).length > 0]).toEqual([id, true])
  }
  return { agree, plan, gone, wiped, retention: new Retention(plan), journal, audit, clock, told, lines, forgotten, rests, kept }
}

describe('what has outlived its retention', () => {
  test('leaves journal and archive: calls that are over, by what their queue asks', async () => {
    const { retention, kept } = await bed()
    expect(await retention.due()).toMatchObject({ calls: 3, campaigns: 0 })
    expect(await kept()).toHaveLength(6)
    expect(await retention.run()).toEqual({ calls: 3, facts: 21, campaigns: 0, auditEntries: 0, persons: 2 })
    expect(await kept()).toEqual(['long', 'live', 'today'])
    expect(await retention.run()).toEqual({ calls: 0, facts: 0, campaigns: 0, auditEntries: 0, persons: 0 })
  })

  test('persons nobody refers to any more go with their numbers; who is on a list, or met meanwhile, stays', async () => {
    const { retention, journal, gone, kept } = await bed()
    await retention.run()
    expect(gone).toEqual(['p-a', 'p-b'])
    expect([...(await journal.get(['p-a', 'p-b', 'p-c', 'p-long', 'p-live', 'p-today'])).keys()]).toEqual([
      'p-c',
      'p-long',
      'p-live',
      'p-today',
    ])
    expect(await kept()).toHaveLength(3)
    const lists = new MemoryContacts()
    await importContacts(lists, 'spring', [{ id: 'k', phone: NUMBER_OF_A }], { zone: 'Europe/Stockholm', startsAt: T0 })
    expect(await (await bed({ contacts: lists })).retention.run()).toMatchObject({ calls: 3, persons: 2 })
    // Looked for no more.
    expect((await journal.unmentioned({ after: 0 })).persons).toEqual([])
    const open = await bed({ letGo: async () => undefined })
    expect(await open.retention.run()).toMatchObject({ calls: 3, persons: 0 })
    expect((await open.journal.get(['p-a'])).size).toBe(1)
  })

  test('facts of no call are kept as long as the calls that are kept longest', async () => {
    const others = solutionOf([queueOf('plain')], [], { retention: { callsMonths: 12, contactsMonths: 3, auditMonths: 40 } })
    const { retention } = await bed({ kit: () => ({ solution: others, calendar }) })
    expect(await retention.run()).toMatchObject({ calls: 4, facts: 4 * 7 + 1 })
  })

  test('contacts of campaigns that ended long enough ago, and entries of the audit log', async () => {
    const ended = [
      { id: 'old', at: NOW - 100 * DAY },
      { id: 'young', at: NOW - 80 * DAY },
    ]
    const { retention, audit, forgotten } = await bed({ ended: () => ended })
    const none = { who: null, address: null, on: [], details: {} }
    const entry = (at: Ms): AuditEntry => ({ at, by: 'system', what: 'x.y', outcome: 'done', ...none })
    await audit.write(entry(NOW - 41 * 31 * DAY))
    // Older than calls are kept: the audit log outlives them.
    await audit.write(entry(NOW - 20 * 31 * DAY))
    await audit.write(entry(NOW - DAY))
    expect(await retention.due()).toMatchObject({ campaigns: 1 })
    expect(await retention.run()).toMatchObject({ campaigns: 1, auditEntries: 1 })
    expect(forgotten).toEqual(['old'])
  })

  test('a campaign that has not ended keeps its contacts', async () => {
    const { plan } = await bed()
    const { ended, wipe, told, lastRun, log, ...parts } = plan
    const campaigns = [
      { id: 'over', endedAt: NOW - 400 * DAY },
      { id: 'at work', endedAt: null },
    ]
    const opened = openRetention({
      ...parts,
      audit: new MemoryAudit(),
      folder: 'nowhere',
      campaigns: () => campaigns,
      log: () => undefined,
    })
    expect(await opened.retention.due()).toMatchObject({ campaigns: 1 })
  })

  test('goes by calendar months of the solution', () => {
    const { calls, queues, contacts, audit } = horizonsAt(Date.UTC(2026, 10, 25), { solution, calendar })
    expect([calls, queues['long'], contacts, audit].map((at) => new Date(at ?? 0).toISOString().slice(0, 10))).toEqual([
      ...['2025-11-25', '2023-11-25', '2026-08-25', '2023-07-25'],
    ])
    expect(Object.keys(queues)).toEqual(['long'])
  })
})

describe('by itself', () => {
  test('every night at three, and tells of it once each', async () => {
    const { retention, clock, told, kept } = await bed()
    retention.begin()
    const three = calendar.day(NOW).from + 3 * 3_600_000
    const first = three > NOW ? three : three + DAY
    await clock.run(first - 1)
    expect([await kept(), told]).toMatchObject([{ length: 6 }, []])
    await clock.run(first)
    expect([await kept(), told]).toMatchObject([{ length: 3 }, [{ calls: 3 }]])
    await clock.run(first + DAY)
    expect(told).toMatchObject([{ calls: 3 }, { calls: 0 }])
    await retention.close()
  })

  test('what was deleted is overwritten, also what a process before this one deleted and did not come to overwrite', async () => {
    const { plan, wiped } = await bed()
    const retention = new Retention(plan)
    await retention.run()
    expect(wiped).toHaveLength(1)
    expect([await retention.run(), wiped]).toMatchObject([{ calls: 0 }, { length: 1 }])
    expect([await new Retention(plan).run(), wiped]).toMatchObject([{ calls: 0 }, { length: 2 }])
  })

  test('what fails is told, and tried again the next night', async () => {
    let isFull = true
    const full = async (): Promise<void> => {
      if (isFull) throw new Error('the disk is full')
    }
    const { retention, clock, told, lines, kept } = await bed({ snapshot: full })
    retention.begin()
    await clock.run(NOW + DAY)
    expect([lines, told]).toEqual([[expect.stringContaining('the disk is full')], []])
    isFull = false
    await clock.run(NOW + 2 * DAY)
    expect([await kept(), told]).toMatchObject([{ length: 3 }, [{ calls: 3 }]])
    await retention.close()
  })

  test.each([
    ['a night ago, and the program was off at three', NOW - DAY, 3],
    ['never', null, 3],
    ['after three', calendar.day(NOW).from + 3 * 3_600_000 + (NOW - calendar.day(NOW).from < 3 * 3_600_000 ? -DAY : 0), 6],
  ])('a night that was missed is made up for after the start: it ran last %s', async (_when, last, stay) => {
    const { retention, clock, told, kept } = await bed({ lastRun: async () => last })
    retention.begin()
    await clock.run(NOW + 1)
    expect([await kept(), told]).toMatchObject([{ length: stay }, stay === 3 ? [{ calls: 3 }] : []])
    await retention.close()
  })

  test.each([
    ['the last that was done, by itself or because it was asked to', 'retention.done', 6],
    ['and nothing else that was', 'program.started', 3],
  ])('when it ran last is told by the audit log: %s', async (_which, what, stay) => {
    const { plan, clock, kept } = await bed()
    const { ended, wipe, told, lastRun, log, ...parts } = plan
    const audit = new MemoryAudit()
    await audit.write({ ...bySystem('retention.done'), at: NOW - 9 * DAY })
    await audit.write({ ...bySystem(what), at: NOW - 1 })
    const opened = openRetention({ ...parts, audit, folder: 'nowhere', campaigns: () => [], log: () => undefined })
    opened.retention.begin()
    await clock.run(NOW + 1)
    await opened.retention.close()
    expect(await kept()).toHaveLength(stay)
  })

  test('whoever asked for it is told how far it is', async () => {
    const { retention } = await bed()
    const told: RetentionProgress[] = []
    await retention.run((progress) => told.push(progress))
    expect([...new Set(told.map(({ doing }) => doing))]).toEqual(['snapshot', 'calls', 'facts', 'contacts', 'audit', 'persons', 'wipe'])
    expect(told.find(({ calls }) => calls > 0)).toMatchObject({ doing: 'calls', calls: 3, facts: 21, persons: 0 })
    expect(told.at(-1)).toEqual({ doing: 'wipe', calls: 3, facts: 21, persons: 2 })
  })

  test('what was interrupted is made up for at the start', async () => {
    const { retention, journal, clock, kept } = await bed()
    await journal.markLeaving(['b'])
    retention.begin()
    await clock.run(NOW + 1)
    expect(await kept()).toEqual(['a', 'c', 'long', 'live', 'today'])
    await retention.close()
  })

  test('between two pieces others have their turn; asked to end, it ends with its piece', async () => {
    const pieces: number[] = []
    const { retention, journal, rests, plan } = await bed()
    const many = Array.from({ length: 25 }, (_, index) => `m${index}`)
    const { position } = (await journal.open()) as { position: number }
    const facts = inOrder(
      many.flatMap((id) => callFacts(id)),
      position,
    ).map((recorded) => ({ ...recorded, at: NOW }))
    await journal.append(position, { facts: [...facts, ...inOrder([loggedOn, loggedOn], position + facts.length)] })
    for (const at of [1, 2]) await journal.saveSnapshot({ position: position + facts.length + at, state: '{}' })
    const later = new VirtualClock(NOW + 400 * DAY)
    const recording: Retaining = Object.assign(Object.create(journal), {
      markLeaving: async (calls: readonly CallId[]) => {
        pieces.push(calls.length)
        await journal.markLeaving(calls)
      },
    })
    const slow = new Retention({ ...plan, journal: bound(recording, journal), clock: later })
    expect(await slow.run()).toMatchObject({ calls: 29 })
    expect(Math.max(...pieces)).toBeLessThanOrEqual(10)
    expect(rests.length).toBeGreaterThanOrEqual(pieces.length)
    await retention.close()
    expect(await retention.run()).toMatchObject({ calls: 0 })
  })
})

/** The same journal, a few of whose ways are others. */
const bound = (own: object, journal: Retaining): Retaining =>
  new Proxy(journal, {
    get: (target, name) => {
      const value: unknown = Object.hasOwn(own, name) ? Reflect.get(own, name) : Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

describe('interrupted at any step, before it or after it', () => {
  /** Counts what is asked of the stores; the one of that number fails. */
  const failing = (at: number, when: 'before' | 'after') => {
    let count = 0
    const guard = <T extends object>(store: T): T =>
      new Proxy(store, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name)
          if (typeof value !== 'function') return value
          return async (...given: unknown[]) => {
            const mine = count++
            if (mine === at && when === 'before') throw new Error('killed')
            const answer: unknown = await value.apply(target, given)
            if (mine === at) throw new Error('killed')
            return answer
          }
        },
      })
    return { guard, asked: () => count }
  }
  const whole = async (): Promise<number> => {
    const { plan } = await bed()
    const { guard, asked } = failing(-1, 'before')
    await new Retention({ ...plan, journal: guard(plan.journal), archive: guard(plan.archive ?? {}) as RetentionPlan['archive'] }).run()
    return asked()
  }

  test.each(['before', 'after'] as const)('the next run comes to the same: killed %s', async (when) => {
    const steps = await whole()
    expect(steps).toBeGreaterThan(6)
    for (let at = 0; at < steps; at++) {
      const { plan, kept, agree } = await bed()
      const { guard } = failing(at, when)
      const killed = new Retention({
        ...plan,
        journal: guard(plan.journal),
        archive: guard(plan.archive ?? {}) as RetentionPlan['archive'],
      })
      await expect(killed.run()).rejects.toThrow('killed')
      await agree()
      await new Retention(plan).run()
      expect([at, await kept(), await plan.journal.leaving()]).toEqual([at, ['long', 'live', 'today'], []])
    }
  })
})
