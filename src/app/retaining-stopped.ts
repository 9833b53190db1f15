/** What has outlived its retention, in a data folder nothing runs on: for `samtal retention`, and for a backup that is restored. */
import { setImmediate as turn } from 'node:timers/promises'
import { machineChance, machineClock } from '#adapters/clock/clock.ts'
import { openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { openAudit } from '#adapters/sqlite/audit.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import type { Recorded } from '#core/facts.ts'
import { RELEVANT } from '#engine/dialler/feed.ts'
import { Shadow } from '#engine/restore.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Journal, JournalOpened } from '#ports/journal.ts'
import { Failure } from './failure.ts'
import { solutionInForce } from './in-force.ts'
import { openRetention, type Retaining } from './retaining.ts'
import { openData } from './running.ts'

type Read = Pick<Journal, 'read' | 'saveSnapshot'>

/**
 * The world at the journal's end; with a snapshot of it and of that one fact before, so that whatever is old enough may leave. Out of facts
 * some of which have left no world is made, for it would be kept as if it were true: then throws `Failure`.
 */
async function worldOf(journal: Read, { snapshot, goneUpTo }: Pick<JournalOpened, 'snapshot' | 'goneUpTo'>): Promise<Shadow> {
  const world = new Shadow(snapshot?.state ?? null)
  if (world.position() < goneUpTo)
    throw new Failure(
      'the snapshot in the journal is of another version of the program, and what was before it has left by its age: start the version it ran with last',
    )
  let last: Recorded | null = null
  for await (const block of journal.read(world.position())) {
    world.apply([...(last === null ? [] : [last]), ...block.slice(0, -1)])
    last = block.at(-1) ?? last
  }
  if (last === null) return world
  await journal.saveSnapshot(world.save())
  world.apply([last])
  await journal.saveSnapshot(world.save())
  return world
}

/** The first fact the lists of contacts have not been told of: a journal that was killed, or a backup of it, is ahead of them. */
async function unreadFrom(journal: Read, contacts: Contacts): Promise<number> {
  for await (const block of journal.read(await contacts.position())) {
    const unread = block.find(({ fact }) => RELEVANT.test(fact.type))
    if (unread !== undefined) return unread.position
  }
  return Number.MAX_SAFE_INTEGER
}

/** Throws `Failure` where another process has the folder, or nothing has run on it. */
export async function retainWhileStopped<T>(
  folder: string,
  log: (line: string) => void,
  use: (retaining: Retaining) => Promise<T>,
): Promise<T> {
  const clock = machineClock()
  const { journal, opened } = await openData(folder, clock, machineChance())
  const reader = new JournalReader(folder)
  const stores = { contacts: openContacts({ folder }), audit: openAudit({ folder }) }
  const archive = openArchiveWriter({ folder })
  try {
    const kit = await solutionInForce(folder, reader)
    const world = await worldOf(journal, opened)
    return await use(
      openRetention({
        ...{ folder, journal, clock, ...stores },
        archive: { forgetCalls: async (calls) => void archive.forgetCalls(calls) },
        campaigns: () => [...world.world.campaigns.values()],
        kit: () => kit,
        snapshot: async () => undefined,
        letGo: ({ forget }) => forget(),
        forgotten: async () => undefined,
        unreadFrom: await unreadFrom(journal, stores.contacts),
        rest: () => turn(),
        log: (_level, line) => log(line),
      }),
    )
  } finally {
    reader.close()
    archive.close()
    for (const store of Object.values(stores)) await store.close()
    await journal.close()
  }
}
