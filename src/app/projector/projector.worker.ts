/**
 * The projecting thread: reads the journal beside its writer, folds, writes the archive, and tells which stories changed. It keeps a
 * shadow of the engine's world from the same facts, hands out snapshots of it, and counts the figures of campaigns beside it.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { SqliteFigures } from '#adapters/sqlite/figures-file.ts'
import { JournalReader } from '#adapters/sqlite/journal-reader.ts'
import type { Recorded } from '#core/facts.ts'
import { Bug } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import { Shadow } from '#engine/restore.ts'
import type { Snapshot } from '#ports/journal.ts'
import { readSolution } from '../solution.ts'
import { Figuring } from './figuring.ts'
import { Folding } from './folding.ts'
import type { FromProjector, ToProjector } from './projector.ts'

const BLOCK_FACTS = 4000
/**
 * A pass begins so long after the one before at the earliest: a call's facts come in clusters, and each story that changed is written
 * once a pass. A fact after a quiet while is written at once.
 */
const PASS_EVERY_MS = 60
/** Figures are written and told so often at most. */
const FIGURES_EVERY_MS = 1_000

interface Given {
  readonly folder: string
  readonly shadow?: { readonly from: Snapshot | null; readonly every: number }
}

const port = parentPort
if (port === null) throw new Bug('the projector has a thread of its own')
const given = workerData as Given
const writer = openArchiveWriter({ folder: given.folder })
const reader = new JournalReader(given.folder)
const folding = new Folding(
  (callId) => JSON.parse(reader.factsOfAsJson(callId)) as Recorded[],
  (why) => tell({ type: 'untold', why }),
)
const figures = given.shadow === undefined ? null : new SqliteFigures(given.folder)
const figuring = figures === null ? null : new Figuring(figures, solutionOf, (why) => tell({ type: 'figuresFailed', why }))
const shadow = figuring === null ? null : shadowFor(figuring)
let snapshotAt = given.shadow?.from?.position ?? 0
let archived = writer.position()
let wanted = 0
let listening = false
let running = false
let passedAt = Number.NEGATIVE_INFINITY
let nextPass: NodeJS.Timeout | undefined
let figuredAt = Number.NEGATIVE_INFINITY
let nextFigures: NodeJS.Timeout | undefined

function tell(message: FromProjector): void {
  port?.postMessage(message)
}

/** Agents and their skills do not depend on whose numbers our lines have. */
function solutionOf(version: string): Solution | null {
  const text = reader.text('solution', version)
  const read = text === null ? null : readSolution(text, { personOf: (number) => number })
  return read === null || 'errors' in read ? null : read.solution
}

/** From the snapshot, or from the beginning where figures are to be counted of what was before it and every fact of that is there. */
function shadowFor(counting: Figuring): Shadow {
  const take = counting.take.bind(counting)
  const snapshot = new Shadow(given.shadow?.from?.state ?? null, take)
  const reaches = counting.position() >= snapshot.position() || reader.missingUpTo(snapshot.position()) > 0
  return reaches ? snapshot : new Shadow(null, take)
}

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
  if (shadow.position() - snapshotAt >= given.shadow.every) takeSnapshot(shadow)
  const restMs = figuredAt + FIGURES_EVERY_MS - performance.now()
  if (restMs <= 0) tellFigures()
  else nextFigures ??= setTimeout(tellFigures, restMs)
}

function takeSnapshot(of: Shadow): void {
  if (of.position() === snapshotAt) return
  // A snapshot behind which figures were not counted would have to be counted up to from the beginning.
  figuring?.save()
  snapshotAt = of.position()
  tell({ type: 'snapshot', snapshot: of.save() })
}

function tellFigures(): void {
  clearTimeout(nextFigures)
  nextFigures = undefined
  figuredAt = performance.now()
  if (figuring === null || shadow === null) return
  figuring.save()
  const campaigns = figuring.changed(shadow.world)
  if (campaigns.length > 0) tell({ type: 'figures', campaigns })
}

port.on('message', (message: ToProjector) => {
  if (message.type === 'listen') listening = message.on
  else if (message.type === 'rows') {
    const { asked, campaignId, span, from } = message
    const read = shadow === null ? undefined : figuring?.read(shadow.world, campaignId, span, from)
    tell({ type: 'rows', asked, read: read ?? { rows: [], now: null } })
  } else if (message.type === 'snapshot') {
    if (shadow !== null) takeSnapshot(shadow)
    tell({ type: 'done', asked: message.asked })
  } else if (message.type === 'forgetCalls') {
    writer.forgetCalls(message.calls)
    tell({ type: 'done', asked: message.asked })
  } else if (message.type === 'close') {
    clearTimeout(nextPass)
    clearTimeout(nextFigures)
    figuring?.save()
    figures?.close()
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
tellFigures()
