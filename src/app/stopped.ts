/** A data folder nothing runs on, opened for one command: the engine as it was left, with no telephone to ring and no timer that runs. */
import { machineChance, machineClock } from '#adapters/clock/clock.ts'
import { openArchiveReader, openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { openAudit } from '#adapters/sqlite/audit.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { openDirectory } from '#adapters/sqlite/directory.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import { Engine } from '#engine/engine.ts'
import type { Telephony } from '#ports/telephony.ts'
import { type ForgettingOpen, openForgetting } from './forgetting.ts'
import { solutionInForce } from './in-force.ts'
import { Projector } from './projector/projector.ts'
import { openData, openedOnce } from './running.ts'

/** Nobody hears it: what it is told is found out by the next start, which asks the switch. */
const silent: Telephony = {
  answersFromDesk: () => false,
  phoneSeenAt: () => null,
  start: async () => undefined,
  send: () => undefined,
  alive: async () => [],
  plays: async () => false,
  past: async () => null,
  stop: async () => undefined,
}

/** `use` is given what the running process would answer. Throws `Failure` where another process has the folder, or nothing has run on it. */
export async function whileStopped<T>(
  folder: string,
  log: (line: string) => void,
  use: (persons: ForgettingOpen) => Promise<T>,
): Promise<T> {
  const clock = machineClock()
  const chance = machineChance()
  const data = await openData(folder, clock, chance)
  const { journal } = data
  const reader = new JournalReader(folder)
  const kit = await solutionInForce(folder, reader)
    .finally(() => reader.close())
    .catch(async (error: unknown) => {
      await journal.close()
      throw error
    })
  const contacts = openContacts({ folder })
  const engine = await Engine.prepare({
    ...{ journal: openedOnce(journal, data.opened), persons: journal, telephony: silent, clock, chance, kit, log },
    dialler: { contacts, pacing: createPacing },
    read: async () => kit,
  })
  openArchiveWriter({ folder }).close()
  const projector = new Projector(folder, log)
  projector.upTo(engine.figures().position)
  await projector.reached(engine.figures().position)
  const archive = openArchiveReader({ folder })
  const directory = openDirectory({ folder })
  const audit = openAudit({ folder })
  const persons = openForgetting({ data, engine, archive, projector, contacts, directory, audit, clock, kit: () => kit, log })
  try {
    return await use(persons)
  } finally {
    await persons.close()
    await engine.stop()
    for (const store of [projector, archive, directory, audit, contacts]) await store.close()
  }
}
