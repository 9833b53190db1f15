/** The program as it runs: journal, engine, projector and what people reach of them (`serving.ts`), wired together and closed in order. */
import { readFile } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import { createServer } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import { openSqliteJournal, type SqliteJournal } from '#adapters/sqlite/journal.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import { Engine } from '#engine/engine.ts'
import { MayNotBegin } from '#engine/restore.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import { PortError } from '#ports/errors.ts'
import type { Journal, JournalOpened } from '#ports/journal.ts'
import { refuseHalfRestored, removeLeftovers } from './backup/swap.ts'
import { Failure, faultLines } from './failure.ts'
import { makeDataFolder } from './folders.ts'
import { kitReader } from './kit.ts'
import { Projector } from './projector/projector.ts'
import type { Data, Running, RunParts } from './run-parts.ts'
import type { SolutionRead } from './solution.ts'

/** A snapshot after so many facts: what a restart reads at most, beside it. */
const SNAPSHOT_EVERY = 50_000

/**
 * What the pages and the API need, largest first. Read in one by one, with a turn of the loop after each: all of them together take the
 * thread for a fifth of a second, and somebody may be calling.
 */
const PIECES: readonly (() => Promise<unknown>)[] = [
  () => import('fastify'),
  () => import('@fastify/static'),
  () => import('prom-client'),
  () => import('#adapters/http/server.ts'),
  () => import('#adapters/contact-files/contact-files.ts'),
  () => import('./serving.ts'),
]

const errorCode = (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, 'code') : undefined)

/** Fails at once where the port is taken, before anything else is begun. */
export function portFree(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => {
      const taken = errorCode(error) === 'EADDRINUSE'
      const why = taken
        ? `port ${port} is taken: stop what uses it, or choose another with --port`
        : `cannot listen at ${host}:${port}: ${error.message}`
      reject(new Failure(why))
    })
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

/** Opens the data folder. Throws `Failure` where another process has it. */
export async function openData(folder: string, clock: Clock, chance: Chance): Promise<Data> {
  try {
    makeDataFolder(folder)
    refuseHalfRestored(folder)
    const journal = openSqliteJournal({ folder })
    const opened = await journal.open()
    // It holds the folder now: what lies there of a restore is of one that is over.
    removeLeftovers(folder)
    return { folder, journal, opened, read: kitReader({ persons: journal, chance, clock }) }
  } catch (error) {
    if (error instanceof PortError) throw new Failure(error.message.replace(/^\w+\.\w+: /, ''))
    if (error instanceof Error && errorCode(error) !== undefined)
      throw new Failure(`the data folder ${folder} cannot be used: ${error.message}`)
    throw error
  }
}

/** The solution of a file. Throws `Failure` with every fault of it. */
export async function readFileSolution(data: Data, file: string): Promise<SolutionRead> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
  const read = await data.read(text)
  if (!('errors' in read)) return read
  throw new Failure(`${file} is not taken:\n${faultLines(file, read.errors)}`, { errors: read.errors })
}

/** The journal opened once already: the engine finds it as it was then. */
export const openedOnce = (journal: SqliteJournal, opened: JournalOpened): Journal => ({
  open: async () => opened,
  append: (expected, batch) => journal.append(expected, batch),
  read: (after) => journal.read(after),
  factsOf: (callId) => journal.factsOf(callId),
  saveSnapshot: (snapshot) => journal.saveSnapshot(snapshot),
  solutionText: (version) => journal.solutionText(version),
  done: (key) => journal.done(key),
  close: () => journal.close(),
})

/** Throws `Failure` where the file is of a solution that may not begin. */
async function prepareEngine({ data, file, kit, telephony, clock, chance, log }: RunParts, contacts: Contacts): Promise<Engine> {
  const line = (text: string) => log('warn', text)
  return Engine.prepare({
    journal: openedOnce(data.journal, data.opened),
    persons: data.journal,
    telephony,
    clock,
    chance,
    kit,
    log: line,
    clockWatchMs: 1_000,
    sweepMs: 4_000,
    dialler: { contacts, pacing: createPacing },
    read: async (text) => {
      const read = await data.read(text)
      if ('errors' in read) throw new Failure('a solution kept in the journal cannot be read any more')
      return read
    },
  }).catch(async (error: unknown) => {
    await contacts.close()
    await data.journal.close()
    if (!(error instanceof MayNotBegin)) throw error
    const { refusedText } = await import('./refused.ts')
    throw new Failure(`${file} is not taken, and is not what was in force last: ${refusedText(error.answer)}`)
  })
}

/** The archive follows the journal, from where it stands. */
function startProjector({ data, log, snapshotEvery = SNAPSHOT_EVERY }: RunParts, engine: Engine): Projector {
  openArchiveWriter({ folder: data.folder }).close()
  const projector = new Projector(data.folder, (line) => log('error', line), {
    from: data.opened.snapshot,
    every: snapshotEvery,
    save: (snapshot) => data.journal.saveSnapshot(snapshot),
  })
  engine.onCommit(({ facts }) => {
    const last = facts.at(-1)
    if (last !== undefined) projector.upTo(last.position)
  })
  projector.upTo(engine.figures().position)
  return projector
}

/**
 * Starts everything; when it resolves, the address answers. Calls are taken before: the telephony and the rules need a third of what is
 * to be read in, and what people see of them is read in when they are at work (`serving.ts`), piece by piece.
 */
export async function startAll(parts: RunParts): Promise<Running> {
  const contacts = openContacts({ folder: parts.data.folder })
  const engine = await prepareEngine(parts, contacts)
  await engine.begin()
  const projector = startProjector(parts, engine)
  for (const piece of PIECES) {
    await piece()
    await turn()
  }
  const { serveAll } = await import('./serving.ts')
  const serving = await serveAll(parts, { engine, contacts, projector })
  // Else it would be kept when the process ends; one that is killed starts as slowly the next time.
  flushCompileCache()
  return {
    ...serving,
    engine,
    contacts,
    projector,
    async close() {
      await serving.close()
      await engine.stop()
      await projector.close()
      await serving.closeStores()
      await contacts.close()
    },
  }
}

/** Runs until a signal asks it to end, then closes in order; a second signal ends it where it stands. */
export function untilSignal(close: () => Promise<void>): Promise<0 | 1> {
  return new Promise((resolve) => {
    let asked = false
    const end = () => {
      if (asked) process.exit(1)
      asked = true
      close().then(
        () => resolve(0),
        (error: unknown) => {
          process.stderr.write(`samtal: closing failed: ${String(error)}\n`)
          resolve(1)
        },
      )
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
  })
}
