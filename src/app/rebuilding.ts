/** The archive made from the journal's facts, anew or beside the one that is there. */
import { openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import { callOf, type Recorded } from '#core/facts.ts'
import { Folding } from './projector/folding.ts'

const BLOCK_FACTS = 2000

export interface Rebuilding {
  /** The data folder with the journal; or somebody who reads it, and whose owner closes it. */
  readonly folder: string | JournalReader
  /** Where the archive is made; its former content is dropped. Nobody else may have it. */
  readonly into: string
  /** The last fact it is to tell of. Default: the journal's last. */
  readonly upTo?: number
  /** Told now and then how many facts were read. */
  readonly progress?: (facts: number) => void
  /** Told of each call whose facts make no story. */
  readonly failed?: (line: string) => void
}

/** How many facts it tells of. */
export function rebuildArchive(rebuilding: Rebuilding): number {
  const { folder, into, upTo = Number.MAX_SAFE_INTEGER, progress = () => undefined, failed = () => undefined } = rebuilding
  const writer = openArchiveWriter({ folder: into })
  const reader = typeof folder === 'string' ? new JournalReader(folder) : folder
  const leaving = reader.leaving()
  const stays = ({ fact }: Recorded): boolean => !leaving.has(callOf(fact) ?? '')
  const folding = new Folding((callId) => JSON.parse(reader.factsOfAsJson(callId)) as Recorded[], failed)
  writer.drop()
  let facts = 0
  for (let position = 0; position < upTo; ) {
    const block = reader.factsAfter(position, BLOCK_FACTS).filter((recorded) => recorded.position <= upTo)
    const last = block.at(-1)
    if (last === undefined) break
    writer.write(folding.take(block.filter(stays)), last.position)
    position = last.position
    facts += block.length
    progress(facts)
  }
  if (reader !== folder) reader.close()
  writer.close()
  return facts
}
