/**
 * The projecting thread: reads the journal beside its writer, folds, writes the archive, and tells which stories changed. It keeps a
 * shadow of the engine's world from the same facts and hands out snapshots of it.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import type { Recorded } from '#core/facts.ts'
import { Bug } from '#core/kernel/kernel.ts'
import { Shadow } from '#engine/restore.ts'
import type { Snapshot } from '#ports/journal.ts'
import { Folding } from './folding.ts'
import type { FromProjector, ToProjector } from './projector.ts'

const BLOCK_FACTS = 4000
/**
 * A pass begins so long after the one before at the earliest: a call's facts come in clusters, and each story that changed is written
 * once a pass. A fact after a quiet while is written at once.
 */
const PASS_EVERY_MS = 60

interface Given {
  readonly folder: string
  readonly shadow?: { readonly from: Snapshot | null; readonly every: number }
}

const port = parentPort
if (port === null) throw new Bug('the projector has a thread of its own')
const given = workerData as Given
const writer = openArchiveWriter({ folder: given.folder })
const reader = new JournalReader(given.folder)
const folding = new Folding((callId) => JSON.parse(reader.factsOfAsJson(callId)) as Recorded[])
const shadow = given.shadow === undefined ? null : new Shadow(given.shadow.from?.state ?? null)
let snapshotAt = shadow?.position() ?? 0
let archived = writer.position()
let wanted = 0
let listening = false
let running = false
let passedAt = Number.NEGATIVE_INFINITY
let nextPass: NodeJS.Timeout | undefined

const tell = (message: FromProjector): void => port.postMessage(message)
/** What both have: the archive may be made anew while the shadow is not, and the other way round. */
const position = (): number => Math.min(archived, shadow?.position() ?? archived)

/** One block a turn, so that messages are heard between. */
function project(): void {
  passedAt = performance.now()
  const facts = reader.factsAfter(position(), BLOCK_FACTS)
  const last = facts.at(-1)
  if (last === undefined) {
    running = false
    return
  }
  archive(facts)
  overshadow(facts)
  if (position() < wanted) setImmediate(project)
  else running = false
}

function archive(facts: readonly Recorded[]): void {
  const fresh = facts.filter((recorded) => recorded.position > archived)
  const last = fresh.at(-1)
  if (last === undefined) return
  const stories = folding.take(fresh)
  writer.write(stories, last.position)
  archived = last.position
  tell({ type: 'written', position: archived, stories: listening ? stories : [] })
}

function overshadow(facts: readonly Recorded[]): void {
  if (shadow === null || given.shadow === undefined) return
  shadow.apply(facts)
  if (shadow.position() - snapshotAt < given.shadow.every) return
  snapshotAt = shadow.position()
  tell({ type: 'snapshot', snapshot: shadow.save() })
}

port.on('message', (message: ToProjector) => {
  if (message.type === 'listen') listening = message.on
  else if (message.type === 'close') {
    clearTimeout(nextPass)
    reader.close()
    writer.close()
    port.close()
  } else {
    wanted = Math.max(wanted, message.position)
    if (!running && position() < wanted) {
      running = true
      const pauseMs = passedAt + PASS_EVERY_MS - performance.now()
      if (pauseMs <= 0) project()
      else nextPass = setTimeout(project, pauseMs)
    }
  }
})
tell({ type: 'written', position: archived, stories: [] })
