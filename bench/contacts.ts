/**
 * The next contact among a million: drawn as a campaign draws it, with five zones, from a list nobody has called yet, from one of which nine
 * tenths were tried already, and with three sort keys and a filter. Besides: facts taken in, and draws while another list is confirmed.
 *
 *     npm run bench -- --only contacts
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { openContacts } from '#adapters/sqlite/contacts.ts'
import type { ContactChange, ContactDraft, Contacts, DrawAsked } from '#ports/contacts.ts'
import { conditions, type Figure, percentile, print } from './figures.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const CONTACTS = 1_000_000
const TRIED = 900_000
const BLOCK = 2_000
const DRAWS = 1_000
const AIM_MS = 5
const T0 = 1_795_000_000_000
const HOUR_MS = 3_600_000
const ZONES = ['Europe/Stockholm', 'Europe/Helsinki', 'Europe/London', 'America/New_York', 'Asia/Tokyo']
const CITIES = ['Lund', 'Umeå', 'Kiruna', 'Örebro', 'Ystad', 'Malmö', 'Åre']

/** 7 digits that come once each (see `directory-filled.ts`). */
const draftOf = (index: number, prefix: string): ContactDraft => ({
  phone: `+46${prefix}${String((index * 2_654_435) % 10_000_000).padStart(7, '0')}`,
  phone2: index % 4 === 0 ? `+46736${String(index).padStart(6, '0')}` : null,
  externalId: `K${index}`,
  name: `Contact ${index}`,
  zone: ZONES[index % ZONES.length] ?? 'Europe/Stockholm',
  language: null,
  from: null,
  to: null,
  window: null,
  columns: { city: CITIES[index % CITIES.length] ?? '', value: String((index * 7_919) % 100_000), kind: index % 10 === 0 ? 'b' : 'a' },
})

async function stage(contacts: Contacts, campaignId: string, count: number, prefix: string): Promise<string> {
  const staged = await contacts.startImport({ campaignId, at: T0, user: 'bench', fileName: 'list.csv', how: 'add', hash: null })
  if ('confirmed' in staged) throw new Error('it was confirmed before')
  for (let from = 0; from < count; from += BLOCK) {
    const rows = Array.from({ length: Math.min(BLOCK, count - from) }, (_, index) => ({
      ...{ row: from + index + 1, line: from + index + 2, draft: draftOf(from + index, prefix) },
    }))
    await staged.add(rows, [], from)
  }
  const { counts } = await staged.finish()
  if (counts.added !== count) throw new Error(`${counts.added} of ${count} would be added`)
  return staged.id
}

/** A campaign at work: draws, and takes up what was drawn. */
class Caller {
  readonly ms: number[] = []
  readonly applyMs: number[] = []
  readonly #contacts: Contacts
  readonly #campaignId: string
  readonly #retriesFirst: boolean
  #position: number

  constructor(contacts: Contacts, campaignId: string, position: number, retriesFirst: boolean) {
    this.#contacts = contacts
    this.#campaignId = campaignId
    this.#position = position
    this.#retriesFirst = retriesFirst
  }

  get position(): number {
    return this.#position
  }

  async once(at: number, count: number): Promise<number> {
    const asked: DrawAsked = {
      ...{ campaignId: this.#campaignId, count, at, except: [], retriesFirst: this.#retriesFirst, whose: null },
      open: ZONES.map((zone, index) => ({ zone, window: null, period: index % 2 })),
    }
    const began = performance.now()
    const { contacts } = await this.#contacts.draw(asked)
    this.ms.push(performance.now() - began)
    const changes = contacts.flatMap(({ contactId, tries, number }): ContactChange[] => {
      const callId = `c${++this.#position}`
      const dealt: ContactChange = { position: this.#position, type: 'dealt', contactId, callId, at }
      const rest = { counted: true, tries: tries + 1, number, inUse: true, forAgent: null, anyoneAt: null, period: tries % 2 }
      const over = { outcome: 'unanswered', next: 'again', dueAt: at + HOUR_MS } as const
      return [dealt, { position: ++this.#position, type: 'settled', contactId, callId, at, ...rest, ...over }]
    })
    const applied = performance.now()
    await this.#contacts.apply(changes, this.#position)
    this.applyMs.push((performance.now() - applied) / Math.max(1, contacts.length))
    return contacts.length
  }
}

const figure = (name: string, ms: readonly number[], aim = true): Figure => ({
  ...{ name: `${name}, p99`, value: percentile(ms, 0.99), unit: 'ms' },
  ...(aim && { aim: { atMost: AIM_MS } }),
})

async function draws(contacts: Contacts, name: string, at: number, retriesFirst: boolean): Promise<readonly Figure[]> {
  const caller = new Caller(contacts, 'spring', await contacts.position(), retriesFirst)
  let drawn = 0
  for (let index = 0; index < DRAWS; index += 1) drawn += await caller.once(at + index, 1 + (index % 10))
  if (drawn < DRAWS) throw new Error(`${name}: ${drawn} contacts in ${DRAWS} draws`)
  return [{ name: `${name}, median`, value: percentile(caller.ms, 0.5), unit: 'ms' }, figure(name, caller.ms)]
}

/** Nine tenths are tried, all but a few of them unanswered and due again an hour later. */
async function tryMost(contacts: Contacts): Promise<Figure> {
  const caller = new Caller(contacts, 'spring', await contacts.position(), false)
  for (let tried = 0; tried < TRIED; ) tried += await caller.once(T0, 500)
  return { name: 'facts of a try taken in', value: percentile(caller.applyMs, 0.5) * 1_000, unit: 'µs' }
}

async function all(contacts: Contacts): Promise<readonly Figure[]> {
  const began = performance.now()
  const id = await stage(contacts, 'spring', CONTACTS, '70')
  const staged = performance.now()
  await contacts.confirm(id, T0)
  const confirmed = performance.now()
  const figures: Figure[] = [
    { name: `${CONTACTS} contacts staged`, value: (staged - began) / 1_000, unit: 's' },
    { name: 'confirmed', value: (confirmed - staged) / 1_000, unit: 's' },
    ...(await draws(contacts, 'nobody tried yet', T0, false)),
    await tryMost(contacts),
    ...(await draws(contacts, `${TRIED} tried, none due`, T0 + 1, false)),
    ...(await draws(contacts, `${TRIED} due at once, retries first`, T0 + 2 * HOUR_MS, true)),
  ]
  const sort = ['city', 'value', 'kind'].map((column) => ({ column, descending: column === 'city', numeric: column === 'value' }))
  const arranging = performance.now()
  await contacts.arrange('spring', { sort, filters: [{ column: 'kind', values: ['b'] }] })
  figures.push({ name: 'ordered anew by three keys', value: (performance.now() - arranging) / 1_000, unit: 's' })
  figures.push(...(await draws(contacts, 'three sort keys and a filter', T0 + 4 * HOUR_MS, true)))
  const other = await stage(contacts, 'autumn', CONTACTS / 5, '72')
  const caller = new Caller(contacts, 'spring', await contacts.position(), true)
  let isDone = false
  const confirming = contacts.confirm(other, T0).finally(() => {
    isDone = true
  })
  while (!isDone) await caller.once(T0 + 5 * HOUR_MS, 5)
  await confirming
  return [...figures, figure(`while ${CONTACTS / 5} others are confirmed`, caller.ms, false)]
}

mkdirSync(path.join(ROOT, 'data'), { recursive: true })
const folder = mkdtempSync(path.join(ROOT, 'data/bench-contacts-'))
const contacts = openContacts({ folder })
try {
  console.log(`  ${conditions({ contacts: CONTACTS, zones: ZONES.length, draws: `${DRAWS} of 1 to 10` })}`)
  process.exitCode = print(await all(contacts)) ? 0 : 1
} finally {
  await contacts.close()
  rmSync(folder, { recursive: true, force: true })
}
