/**
 * `samtal serve` that dies as if by kill -9, at an instant it is told: the product's own parts, with its journal and its telephony
 * wrapped. What it was doing when it died is written beside, for the account; nothing of this is in the product.
 */
import { channel } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import { machineChance, machineClock } from '#adapters/clock/clock.ts'
import type { SqliteJournal } from '#adapters/sqlite/journal.ts'
import { readArguments } from '#app/command.ts'
import { commands } from '#app/commands.ts'
import { readConfig } from '#app/config.ts'
import { productionLog } from '#app/log.ts'
import { openData, readFileSolution, startAll, untilSignal } from '#app/running.ts'
import { openSwitch } from '#app/switch/switch.ts'
import type { Recorded } from '#core/facts.ts'
import type { Last, Order } from './deaths.ts'

/** Snapshots come soon enough to be met. */
const SNAPSHOT_EVERY = 150

let order: Order | null = null
const notes = process.env['LAST_WORDS'] ?? ''

const die = (last: Omit<Last, 'at'>): never => {
  const line: Last = { ...last, at: Date.now() }
  appendFileSync(notes, `${JSON.stringify(line)}\n`)
  process.kill(process.pid, 'SIGKILL')
  throw new Error('a process outlived kill -9')
}

/** Whether this is the moment that was ordered; counts those it lets pass. */
const isMoment = (kind: Order['kind']): boolean => {
  if (order?.kind !== kind) return false
  if (order.passes === 0) return true
  order = { ...order, passes: order.passes - 1 }
  return false
}

/** The legs somebody is to be rung for by these facts. */
const legsOf = (facts: readonly Recorded[]): readonly string[] =>
  facts.flatMap(({ fact }) => (fact.type === 'leg.requested' ? [fact.legId] : []))

function wrapJournal(journal: SqliteJournal): void {
  const append = journal.append.bind(journal)
  journal.append = async (expected, batch) => {
    const legs = legsOf(batch.facts)
    const facts = batch.facts.map(({ fact }) => fact.type)
    if (legs.length > 0 && isMoment('beforeAppend')) die({ kind: 'beforeAppend', facts, legs })
    await append(expected, batch)
    if (legs.length > 0 && isMoment('afterAppend')) die({ kind: 'afterAppend', facts, legs })
    if (facts.includes('contact.answered') && isMoment('contactAnswered')) die({ kind: 'contactAnswered', facts, legs })
  }
  const save = journal.saveSnapshot.bind(journal)
  journal.saveSnapshot = async (snapshot) => {
    const saved = save(snapshot)
    // Its thread has the words now, and is writing.
    if (isMoment('snapshot')) die({ kind: 'snapshot', facts: [], legs: [] })
    await saved
  }
  const read = journal.read.bind(journal)
  journal.read = async function* (after) {
    for await (const block of read(after)) {
      if (isMoment('replay')) die({ kind: 'replay', facts: [`${block.length} facts read`], legs: [] })
      yield block
    }
  }
}

/** Dies when a request to ring somebody has gone out and before its answer can have been read. */
function watchRequests(): void {
  channel('undici:client:sendHeaders').subscribe((message) => {
    const { request } = message as { readonly request: { readonly path: string } }
    const legId = /\/channels\/create\?.*channelId=([^&]+)/.exec(request.path)?.[1]
    if (legId !== undefined && isMoment('unanswered')) setImmediate(() => die({ kind: 'unanswered', facts: [], legs: [legId] }))
  })
}

async function serve(args: readonly string[]): Promise<0 | 1> {
  const [file = '', ...rest] = args
  const command = commands.find(({ name }) => name === 'serve')
  const given = command === undefined ? 'help' : readArguments(command, rest)
  if (given === 'help') throw new Error('no arguments')
  const config = readConfig(given, process.env)
  if (config.asterisk === null) throw new Error('no Asterisk')
  const [log, clock, chance] = [productionLog(), machineClock(), machineChance()]
  const data = await openData(config.dataFolder, clock, chance)
  wrapJournal(data.journal)
  const kit = await readFileSolution(data, file)
  const asterisk = await openSwitch(config.asterisk, file, () => kit, log)
  const { telephony } = asterisk
  const shared = { config, data, file, kit, telephony, asterisk, log, chance, demoUsers: [] }
  const running = await startAll({ ...shared, clock, wallClock: clock, snapshotEvery: SNAPSHOT_EVERY })
  process.stdout.write(`${running.address}\n`)
  return untilSignal(async () => {
    await running.close()
    await asterisk.close()
  })
}

watchRequests()
// Where a file may grow no further the kernel also sends this, and would end whoever does not listen.
process.on('SIGXFSZ', () => process.stderr.write('a file may not grow\n'))
process.on('message', (told: Order) => {
  order = told
})
if (process.env['DIES_IN_REPLAY'] === '1') order = { kind: 'replay', passes: 0 }
process.exitCode = await serve(process.argv.slice(2))
process.disconnect()
