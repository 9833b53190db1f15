/** A person erased while the archive, which tells whose the notes are, is behind the journal. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { memoryArchive } from '#adapters/memory/archive.ts'
import { MemoryContacts } from '#adapters/memory/contacts.ts'
import { memoryJournal } from '#adapters/memory/journal.ts'
import { openDirectory } from '#adapters/sqlite/directory.ts'
import { PersonForgetting } from '#engine/forgetting.ts'
import type { Forgotten } from '#ports/forgetting.ts'
import { storiesOf } from '#sim/player.ts'
import { ANNA, BEA, EngineStage } from './stage.support.ts'

const folder = mkdtempSync(join(tmpdir(), 'samtal-forgetting-'))
const directory = openDirectory({ folder })
afterAll(async () => {
  await directory.close()
  rmSync(folder, { recursive: true, force: true })
})

let stage: EngineStage
let forgetting: PersonForgetting
let caughtUp: PromiseWithResolvers<void>
let project: () => void
const log: string[] = []

beforeEach(async () => {
  stage = new EngineStage()
  await stage.start()
  await stage.logOn('carl')
  await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason: 'lunch' })
  const journal = memoryJournal(stage.store)
  const archive = memoryArchive((id) => stage.store.persons.get(id))
  project = () => archive.write(storiesOf(stage.store.facts), stage.store.facts.length)
  caughtUp = Promise.withResolvers()
  log.length = 0
  forgetting = new PersonForgetting({
    ...{
      engine: stage.engine,
      archive,
      contacts: new MemoryContacts(),
      directory,
      clock: stage.clock,
      erasures: journal,
      persons: journal,
    },
    archived: () => caughtUp.promise,
    isOurs: () => false,
    isEmergency: () => false,
    scrub: null,
    log: (line) => log.push(line),
  })
})
afterEach(() => forgetting.close())

/** A callback of hers, which a supervisor deletes with a word about her. */
async function noted(): Promise<void> {
  await stage.ask({ type: 'callback.order', by: 'customer', queueId: 'support', number: ANNA })
  const [entry] = stage.engine.queue('support')?.entries ?? []
  await stage.ask({ type: 'entry.delete', by: 'supervisor', entryId: entry?.entryId ?? '', note: 'asked for her sister Vera' })
  expect([...stage.store.notes.values()]).toEqual(['asked for her sister Vera'])
}

/** Until it is done, letting no time pass but what is given. */
async function erased(waitMs = 0): Promise<{ readonly over: () => Forgotten | null; readonly done: Promise<Forgotten> }> {
  let over: Forgotten | null = null
  const done = forgetting.erase(ANNA).then((forgotten) => {
    over = forgotten
    return forgotten
  })
  // The directory answers from a thread of its own.
  await expect.poll(() => stage.store.erased.size).toBe(1)
  for (let turns = 0; turns < 20; turns += 1) {
    await directory.withNumber(ANNA)
    await stage.wait(0)
  }
  await stage.wait(waitMs)
  return { over: () => over, done }
}

test('to whom somebody else’s call is given away keeps the number until it is over', async () => {
  stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
  stage.network.phone(ANNA).whenCalled({ ringsMs: 20_000 })
  await stage.ask({ type: 'agent.return', by: 'agent', agentId: 'carl' })
  const bea = await stage.joins(BEA)
  const callId = stage.engine.agent('carl')?.matter?.callId ?? ''
  const to = { number: ANNA }
  expect(await stage.ask({ type: 'talk.transfer', by: 'agent', agentId: 'carl', callId, to })).toMatchObject({ ok: true })
  const { done } = await erased()
  expect(await done).toMatchObject({ status: 'whenOver', open: [callId] })
  expect(stage.store.byNumber.get(ANNA)).toBeDefined()
  bea.hangUp()
  project()
  caughtUp.resolve()
  await stage.wait(1_000)
  await expect.poll(() => stage.store.byNumber.get(ANNA)).toBeUndefined()
})

test('an extension to ask for goes with who ordered the callback', async () => {
  await stage.ask({ type: 'callback.order', by: 'customer', queueId: 'support', number: ANNA, extension: '4711' })
  expect([...stage.store.notes.values()]).toEqual(['4711'])
  const { done } = await erased()
  project()
  caughtUp.resolve()
  expect(await done).toMatchObject({ status: 'erased', withdrawn: 1, notes: 1 })
  expect([...stage.store.notes.values()]).toEqual([])
})

test('whoever was only asked in somebody else’s call takes none of that call’s notes along', async () => {
  stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 0 })
  stage.network.phone(ANNA).whenCalled({ answersAfterMs: 0, talksMs: 60_000 })
  await stage.ask({ type: 'agent.return', by: 'agent', agentId: 'carl' })
  await stage.joins(BEA)
  const callId = stage.engine.agent('carl')?.matter?.callId ?? ''
  const asks = { by: 'agent', agentId: 'carl', callId } as const
  await stage.logOn('dora')
  for (const agentId of ['carl', 'dora']) await stage.ask({ type: 'agent.pause', by: 'agent', agentId, reason: 'lunch' })
  expect(await stage.ask({ type: 'talk.consult', ...asks, to: { number: ANNA } })).toMatchObject({ ok: true })
  await stage.wait(1_000)
  await stage.ask({ type: 'talk.endConsult', ...asks })
  expect(await stage.ask({ type: 'talk.transfer', ...asks, to: { queueId: 'sales' } })).toMatchObject({ ok: true })
  const [entry] = stage.engine.queue('sales')?.entries ?? []
  expect(await stage.ask({ type: 'entry.delete', by: 'supervisor', entryId: entry?.entryId ?? '', note: 'Bea will write' })).toMatchObject({
    ok: true,
  })
  await stage.wait(60_000)
  expect(stage.facts('call.ended')).toHaveLength(1)
  project()
  caughtUp.resolve()
  const { done } = await erased()
  expect(await done).toMatchObject({ status: 'erased', calls: 1, notes: 0 })
  expect([...stage.store.notes.values()]).toEqual(['Bea will write'])
})

describe('notes of a call the archive does not know yet', () => {
  test('go with the person: the archive is waited for', async () => {
    await noted()
    const { over, done } = await erased(1_000)
    expect(over()).toBeNull()
    project()
    caughtUp.resolve()
    expect(await done).toMatchObject({ status: 'erased', calls: 1, notes: 1 })
    expect([...stage.store.notes.values()]).toEqual([])
  })

  test('where it stands still the number goes after five seconds all the same, and the notes as soon as it has caught up', async () => {
    await noted()
    const { over } = await erased(5_000)
    await expect.poll(over).toMatchObject({ status: 'erased', notes: 0 })
    expect(stage.store.byNumber.get(ANNA)).toBeUndefined()
    expect([...stage.store.notes.values()]).toEqual(['asked for her sister Vera'])
    project()
    caughtUp.resolve()
    await expect.poll(() => [...stage.store.notes.values()]).toEqual([])
    expect(log).toEqual(['the archive is behind: notes of the newest calls of a person who was erased are deleted when it has caught up'])
  })
})
