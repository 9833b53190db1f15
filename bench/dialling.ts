/**
 * From a contact's answer, read from the switch's socket, to the first request for an agent's leg, written to it: the engine's turn, the
 * durable commit and the adapter's work in between. A progressive campaign in our process with its list on disk and the archive behind it,
 * the switch in another; forty agents whose phones answer by themselves, and contacts who all answer.
 *
 *     npm run bench -- --only dialling
 *     node bench/dialling.ts --contacts 200 --runs 1
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import type { Settings } from '#core/campaign/settings.ts'
import type { Contacts } from '#ports/contacts.ts'
import { conditions, print } from './figures.ts'
import { latencies, OnSwitch } from './latency-engine.ts'
import { forkSwitch, Watch } from './latency-watch.ts'

const AGENTS = 40
/** Contacts called before the measuring begins: the machine code is warm then. */
const WARM_UP = 100
/** Data of the bench lies beside the product's own, on the same disk. */
const DATA = path.resolve(import.meta.dirname, '../data')
const CAMPAIGN = 'bench'
const ZONE = 'Europe/Stockholm'
const ALL_DAY = [{ from: '00:00', to: '24:00' }]

const text = JSON.stringify({
  name: 'Bench',
  numbers: { '+46850000000': { hangUp: true } },
  agents: Object.fromEntries(Array.from({ length: AGENTS }, (_, index) => [`agent${index}`, { skills: { [CAMPAIGN]: 1 } }])),
})

const settings: Settings = {
  name: 'Bench',
  mode: 'progressive',
  skill: CAMPAIGN,
  priority: 0,
  ratio: 1,
  attemptsMax: 1,
  pauseMs: 0,
  ringMs: 30_000,
  retry: { unanswered: false, busy: false, rejected: false, failed: false },
  retriesFirst: false,
  sort: [],
  filters: [],
  hours: { days: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ALL_DAY])), holidays: {} },
  periods: [],
  startsAt: null,
  wrapUpMs: 0,
  ringAgentMs: 20_000,
  cardMs: 60_000,
  autoCallMs: null,
  whenAllSpokenFor: 'inbound',
  silentTarget: 0.03,
  silentAfterMs: 2_000,
  silentMessage: { on: true, reason: null },
  silentAgainAfterMs: 0,
  silentCallback: false,
  mayHangUp: true,
  callerId: null,
  country: 'SE',
  topics: [],
  liveMax: 1_000,
}

async function fill(contacts: Contacts, count: number): Promise<void> {
  const list = { campaignId: CAMPAIGN, at: Date.now(), user: 'bench', fileName: 'list.csv', how: 'add', hash: null } as const
  const staged = await contacts.startImport(list)
  if ('confirmed' in staged) throw new Error('it was confirmed before')
  const nothing = { phone2: null, externalId: null, name: null, language: null, from: null, to: null, window: null, columns: {} }
  const rows = Array.from({ length: count }, (_, index) => ({
    row: index + 1,
    line: index + 2,
    draft: { ...nothing, phone: `+4670${1_000_000 + index}`, zone: ZONE },
  }))
  await staged.add(rows, [], rows.length)
  const { id } = await staged.finish()
  await contacts.confirm(id, Date.now())
}

interface Round {
  readonly ms: readonly number[]
  readonly seconds: number
}

async function run(port: number, folder: string, watch: Watch, count: number): Promise<Round> {
  const contacts = openContacts({ folder })
  await fill(contacts, count)
  const ours = await OnSwitch.start({ port, folder, text, phones: 'desk', contacts })
  const done = new Promise<void>((resolve) => {
    ours.engine.onCommit(({ facts }) => facts.some(({ fact }) => fact.type === 'campaign.finished') && resolve())
  })
  const startedAt = performance.now()
  for (const command of [
    { type: 'campaign.write', by: 'supervisor', campaignId: CAMPAIGN, settings },
    { type: 'campaign.start', by: 'supervisor', campaignId: CAMPAIGN },
  ] as const) {
    const answer = await ours.engine.submit(command)
    if (!answer.ok) throw new Error(`${command.type}: ${answer.refused}`)
  }
  await done
  const seconds = (performance.now() - startedAt) / 1_000
  await ours.stop()
  await contacts.close()
  return { ms: ours.between(watch, 'customer', 'agent'), seconds }
}

const { values } = parseArgs({ options: { contacts: { type: 'string', default: '500' }, runs: { type: 'string', default: '3' } } })
const count = Number(values.contacts)
mkdirSync(DATA, { recursive: true })
const folder = mkdtempSync(path.join(DATA, 'bench-dialling-'))
const { child, listening } = forkSwitch('answer')
const watch = new Watch()
watch.start()
try {
  const port = await listening
  await run(port, path.join(folder, 'warm'), watch, WARM_UP)
  const runs: Round[] = []
  for (let round = 0; round < Number(values.runs); round += 1) runs.push(await run(port, path.join(folder, String(round)), watch, count))
  console.log(
    conditions({ agents: AGENTS, contacts: count, runs: runs.length, answers: count * runs.length, 'PRAGMA synchronous': 'FULL' }),
  )
  const all = runs.map(({ ms }) => ms)
  const slowest = Math.min(...runs.map(({ seconds }) => count / seconds))
  const good = print([
    ...latencies('contact’s answer read → agent’s leg asked for', all, 'contacts', count),
    { name: 'answers a second, slowest run', value: slowest, unit: '1/s' },
  ])
  process.exitCode = good ? 0 : 1
} finally {
  child.disconnect()
  rmSync(folder, { recursive: true, force: true })
}
