/** The projecting thread: reads the journal beside its writer, folds, writes the archive, and tells which stories changed. */
import { parentPort, workerData } from 'node:worker_threads'
import { openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import type { Recorded } from '#core/facts.ts'
import { Bug } from '#core/kernel/kernel.ts'
import { Folding } from './folding.ts'
import type { FromProjector, ToProjector } from './projector.ts'

const BLOCK_FACTS = 2000

const port = parentPort
if (port === null) throw new Bug('the projector has a thread of its own')
const { folder } = workerData as { readonly folder: string }
const writer = openArchiveWriter({ folder })
const reader = new JournalReader(folder)
const folding = new Folding((callId) => JSON.parse(reader.factsOfAsJson(callId)) as Recorded[])
let position = writer.position()
let wanted = 0
let listening = false
let running = false

const tell = (message: FromProjector): void => port.postMessage(message)

/** One block a turn, so that messages are heard between. */
function project(): void {
  const facts = reader.factsAfter(position, BLOCK_FACTS)
  const last = facts.at(-1)
  if (last === undefined) {
    running = false
    return
  }
  const stories = folding.take(facts)
  writer.write(stories, last.position)
  position = last.position
  tell({ type: 'written', position, stories: listening ? stories : [] })
  if (position < wanted) setImmediate(project)
  else running = false
}

port.on('message', (message: ToProjector) => {
  if (message.type === 'listen') listening = message.on
  else if (message.type === 'close') {
    reader.close()
    writer.close()
    port.close()
  } else {
    wanted = Math.max(wanted, message.position)
    if (!running && position < wanted) {
      running = true
      project()
    }
  }
})
tell({ type: 'written', position, stories: [] })
