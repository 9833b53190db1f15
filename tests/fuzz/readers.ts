/** What reads files and messages others write, asked badly: it must say what is wrong and where, and never throw. */
import { readEvent } from '#adapters/asterisk/ari.ts'
import { readLine } from '#adapters/asterisk/leglog.ts'
import { Legs } from '#adapters/asterisk/legs.ts'
import { contactFiles } from '#adapters/contact-files/contact-files.ts'
import { contactLists } from '#adapters/contact-files/contact-lists.ts'
import { numbers } from '#adapters/numbers/numbers.ts'
import { readScenario } from '#app/play.ts'
import { type FileError, readSolution } from '#app/solution.ts'
import { unpacked } from '#ports/contacts.ts'
import type { LegPast, TelephonyEvent } from '#ports/telephony.ts'
import { type SeededChance, seededChance } from '#sim/chance.ts'
import { damaged, fileBytes } from './files.ts'
import type { Tally } from './tally.ts'
import { mutated, rawIn } from './values.ts'

const NUMBERS = numbers({
  ...{ country: 'SE', countries: [], barredPrefixes: [], shortNumbers: [], premium: false, sharedCost: false, switchboards: [] },
})
const KNOWN = { ids: ['support', 'main', 'anna', 'leg-1', 'line-1'], numbers: ['+46701740697', '112', '0701740698'] }
/** What came of it, as a word for the table; or what must not be. */
type Outcome = { readonly code: string } | { readonly wrong: string }
export type Reader = (chance: SeededChance) => Outcome | Promise<Outcome>

/** A text of JSON, its values and its letters made wrong. */
function badJson(values: readonly unknown[], chance: SeededChance): string {
  let value = chance.pick(values)
  for (let times = chance.pick([0, 1, 1, 2, 4]); times > 0; times--) value = mutated(value, KNOWN, chance).value
  const text = Buffer.from(rawIn(JSON.stringify(value) ?? 'null'))
  return (chance.often(0.4) ? damaged(text, chance) : text).toString('utf8')
}

/** Each fault says where: a line and a column that are there. */
function placed(text: string, errors: readonly FileError[]): Outcome {
  const lines = text.split('\n').length
  const astray = errors.find(({ line, column, message }) => !(line >= 1 && line <= lines && column >= 1) || message === '')
  if (errors.length === 0) return { wrong: 'refused without a fault' }
  return astray === undefined ? { code: 'refused' } : { wrong: `a fault that is nowhere: ${JSON.stringify(astray)}` }
}

const personOf = (number: string): string => `line-${number}`

export const solutionReader =
  (solutions: readonly unknown[]): Reader =>
  (chance) => {
    const text = badJson(solutions, chance)
    const read = readSolution(text, { personOf })
    if ('errors' in read) return placed(text, read.errors)
    // What is taken has its own names, and those alone.
    const { queues, agents, menus } = read.solution
    const inherits = [queues, agents, menus].some((record) => 'toString' in record && !Object.hasOwn(record, 'toString'))
    return inherits ? { wrong: 'a queue, agent or menu nobody named' } : { code: 'taken' }
  }

export const scenarioReader =
  (scenarios: readonly unknown[]): Reader =>
  (chance) => {
    const text = badJson(scenarios, chance)
    const read = readScenario(text)
    return 'errors' in read ? placed(text, read.errors) : { code: 'taken' }
  }

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export const listReader: Reader = async (chance) => {
  const { bytes } = fileBytes(chance)
  const lines = bytes.toString('latin1').split(/\r\n|\r|\n/).length
  let [rows, faults, astray] = [0, 0, 0]
  const how = { encoding: null, delimiter: null, mapping: null, rules: { country: 'SE', zone: 'Europe/Stockholm' } }
  const done = await contactLists(() => NUMBERS).read(pieces(bytes, chance.pick([1, 7, 65_536])), how, async (good, bad) => {
    const wrong = unpacked(bad)
    rows += unpacked(good).length
    faults += new Set(wrong.map(({ row }) => row)).size
    astray += wrong.filter(({ line, code }) => !(line >= 1 && line <= lines) || code === '').length
  })
  if (astray > 0) return { wrong: `a fault that is on no line: ${JSON.stringify(bytes.toString('latin1').slice(0, 3_000))}` }
  if ('code' in done) return { code: done.code }
  return rows + faults === done.rows
    ? { code: faults > 0 ? 'read, with faults' : 'read' }
    : { wrong: `${done.rows} rows, ${rows} taken, ${faults} not` }
}

export const numbersReader: Reader = async (chance) => {
  const { bytes } = fileBytes(chance)
  let [listed, faults] = [0, 0]
  const rules = { country: 'SE', zone: 'Europe/Stockholm' }
  const done = await contactLists(() => NUMBERS).readNumbers(pieces(bytes, 4_096), rules, async (rows, wrong) => {
    listed += rows.length
    faults += wrong.length
    for (const { number } of rows) if (NUMBERS.read(number).barred === 'invalid') throw new Error('no number, and listed')
  })
  if ('code' in done) return { code: done.code }
  return listed + faults === done.rows
    ? { code: faults > 0 ? 'read, with faults' : 'read' }
    : { wrong: `${done.rows} rows, ${listed} listed, ${faults} not` }
}

export const directoryReader: Reader = async (chance) => {
  const { bytes } = fileBytes(chance)
  const file = { bytes, format: chance.pick([null, 'csv', 'vcard'] as const), encoding: null, delimiter: null, columns: null }
  let taken = 0
  const read = await contactFiles.read(file, NUMBERS, async (drafts) => {
    taken += drafts.length
    if (drafts.some(({ name }) => name.trim() === '')) throw new Error('a contact without a name')
  })
  if (read.faults.some(({ line, reason }) => !(line >= 1) || reason === undefined)) return { wrong: 'a fault that is on no line' }
  if (!read.broken && read.rows !== taken + read.faultyRows) return { wrong: `${read.rows} rows, ${taken} taken, ${read.faultyRows} not` }
  return { code: read.broken ? (read.faults[0]?.reason ?? 'broken') : read.faultyRows > 0 ? 'read, with faults' : 'read' }
}

const CHANNEL = {
  id: 'line-1',
  name: 'PJSIP/trunk-1',
  state: 'Ring',
  caller: { name: 'Åsa', number: '+46701740697' },
  dialplan: { app_name: 'Stasis', app_data: 'samtal,inbound,trunk,+46850000000' },
}
const TIMESTAMP = '2026-11-22T20:00:00.000+0000'
const odd = (number: string, name = 'x') => ({ ...CHANNEL, caller: { name, number } })
const EVENTS: readonly unknown[] = [
  { type: 'StasisStart', timestamp: TIMESTAMP, args: ['inbound', 'trunk', '+46850000000', 'allowed'], channel: CHANNEL },
  {
    type: 'StasisStart',
    timestamp: TIMESTAMP,
    args: ['inbound', 'trunk', '+46850000000'],
    channel: odd('a"b\r\nX: y\0', 'n'.repeat(10_240)),
  },
  { type: 'StasisStart', timestamp: TIMESTAMP, args: ['inbound', 'trunk', 's'], channel: odd('\u202e+46;ext=1@x', '<script>') },
  { type: 'StasisStart', args: ['inbound'], channel: CHANNEL },
  { type: 'StasisStart', args: ['outbound'], channel: { ...CHANNEL, id: 'leg-1' } },
  { type: 'ChannelStateChange', timestamp: TIMESTAMP, channel: { ...CHANNEL, state: 'Up' } },
  { type: 'ChannelStateChange', channel: { ...CHANNEL, id: 'leg-1', state: 'Ringing' } },
  { type: 'Dial', dialstatus: 'ANSWER', peer: { ...CHANNEL, id: 'leg-1' } },
  { type: 'ChannelDtmfReceived', timestamp: TIMESTAMP, digit: '1', duration_ms: 100, channel: CHANNEL },
  { type: 'ChannelDestroyed', timestamp: TIMESTAMP, cause: 16, tech_cause: 486, channel: CHANNEL },
  { type: 'ChannelDestroyed', cause: 16, channel: { ...CHANNEL, id: 'leg-1' } },
  { type: 'ChannelHold', channel: CHANNEL },
  { type: 'ChannelHangupRequest', channel: CHANNEL },
  { type: 'ChannelEnteredBridge', bridge: { id: 'b', channels: ['line-1'] }, channel: CHANNEL },
  { type: 'PlaybackFinished', playback: { id: 'p', state: 'failed' } },
  { type: 'NobodyKnowsThis', x: 1 },
]

/** A leg's events after another, in any order, twice, unreadable: each leg begins once and ends once, and nothing follows its end. */
export const eventsReader: Reader = (chance) => {
  const told: TelephonyEvent[] = []
  const legs = new Legs(
    'samtal',
    (event) => told.push(event),
    () => 1_000_000,
  )
  legs.asked('leg-1', '+46701740698')
  for (let times = chance.between(1, 25); times > 0; times--) {
    const event = readEvent(chance.often(0.6) ? JSON.stringify(chance.pick(EVENTS)) : badJson(EVENTS, chance))
    if (event !== undefined) legs.take(event)
  }
  const ended = new Set<string>(['none'])
  for (const event of told) {
    if (!('legId' in event)) continue
    if (event.type === 'leg.arrived') ended.delete(event.legId)
    else if (ended.has(event.legId)) return { wrong: `${event.type} after the end` }
    if (event.type === 'leg.ended') ended.add(event.legId)
  }
  return { code: Object.keys(legs.unknownEvents()).length > 0 ? 'told, some not known' : 'told' }
}

const LINES = [
  'CHAN_START,1764000000.123456,leg-1,""',
  'ANSWER,1764000001.5,leg-1,""',
  'HANGUP,1764000002.1,leg-1,"{""hangupcause"":16,""hangupsource"":""PJSIP/x""}"',
  'CHAN_END,1764000003.0,leg-1,""',
  'HANGUP,99999999999999999999.9,leg-1,"',
  '',
  ',,,',
  'LINKEDID_END,1.0,x,y',
]

export const legLogReader: Reader = (chance) => {
  const known = new Map<string, LegPast>()
  for (let times = chance.between(1, 12); times > 0; times--) {
    const text = chance.pick(LINES)
    const found = readLine(chance.often(0.5) ? text : damaged(Buffer.from(text), chance).toString('utf8'), (legId) => known.get(legId))
    if (found !== undefined) known.set(...found)
  }
  const astray = [...known.values()].find((past) =>
    [past.startedAt, past.answeredAt, past.ended?.at].some((at) => at !== undefined && !Number.isFinite(at)),
  )
  return astray === undefined
    ? { code: known.size > 0 ? 'read' : 'nothing in it' }
    : { wrong: `a time that is none: ${JSON.stringify(astray)}` }
}

/** Reads so many, each drawn from the seed and its place. */
export async function fuzzReader(
  surface: string,
  reader: Reader,
  asked: { readonly seed: string; readonly from: number; readonly times: number; readonly tally: Tally },
): Promise<void> {
  const { seed, from, times, tally } = asked
  for (let index = from; index < from + times; index++) {
    const again = `npm run fuzz -- --surface ${surface} --seed ${seed} --from ${index} --requests 1`
    const began = performance.now()
    try {
      const outcome = await reader(seededChance(`${seed}/${surface}/${index}`))
      if ('wrong' in outcome) tally.faults.push({ surface, what: outcome.wrong, about: `input ${index}`, again })
      tally.take(surface, 'code' in outcome ? outcome.code : 'WRONG', performance.now() - began)
    } catch (error) {
      tally.take(surface, 'THROWN', performance.now() - began)
      tally.faults.push({
        surface,
        what: error instanceof Error ? (error.stack ?? error.message) : String(error),
        about: `input ${index}`,
        again,
      })
    }
  }
}
