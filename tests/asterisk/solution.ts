/** One solution on a real Asterisk: its file, an engine on a journal on disk, and how it is stopped and started again. */
import { createHash } from 'node:crypto'
import { machineChance, machineClock } from '#adapters/clock/clock.ts'
import { dumpArchive, openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { openSqliteJournal, type SqliteJournal } from '#adapters/sqlite/journal.ts'
import { Projector } from '#app/projector/projector.ts'
import { readSolution } from '#app/solution.ts'
import type { Recorded } from '#core/facts.ts'
import { Engine } from '#engine/engine.ts'
import type { SolutionKit } from '#ports/engine.ts'
import type { Telephony } from '#ports/telephony.ts'

/** A number of ours is the same person however often the file is read. */
const personOf = (number: string): string => createHash('sha256').update(number).digest('hex').slice(0, 26)

export const kitOf = (file: object): SolutionKit => {
  const read = readSolution(JSON.stringify(file), { personOf })
  if ('errors' in read) throw new Error(JSON.stringify(read.errors))
  return read
}

export interface Running {
  readonly engine: Engine
  readonly journal: SqliteJournal
  /** What the engine had to say. */
  readonly said: string[]
  /** Ends engine and archive as a stop does: calls live on in the switch. */
  stop(): Promise<void>
}

export const startEngine = async (folder: string, kit: SolutionKit, telephony: Telephony): Promise<Running> => {
  const journal = openSqliteJournal({ folder })
  const said: string[] = []
  const engine = await Engine.start({
    journal,
    persons: journal,
    telephony,
    clock: machineClock(),
    chance: machineChance(),
    kit,
    read: async () => kit,
    log: (line) => said.push(line),
  })
  openArchiveWriter({ folder }).close()
  const projector = new Projector(folder, (line) => said.push(line))
  engine.onCommit(({ facts }) => {
    const last = facts.at(-1)
    if (last !== undefined) projector.upTo(last.position)
  })
  projector.upTo(engine.figures().position)
  const stop = async (): Promise<void> => {
    await engine.settled()
    await projector.reached(engine.figures().position)
    await engine.stop()
    await projector.close()
  }
  return { engine, journal, said, stop }
}

/** Every story of the archive, as it is stored. */
export const archived = (folder: string): readonly string[] => [...dumpArchive(folder)]

export const allFacts = async (journal: SqliteJournal): Promise<readonly Recorded[]> => {
  const facts: Recorded[] = []
  for await (const block of journal.read(0)) facts.push(...block)
  return facts
}
