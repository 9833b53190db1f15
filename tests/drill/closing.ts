/** The end of a drill: all is worked off, everybody hangs up, and every call is held against the network's account of it. */
import type { Call, CallPage } from '#wire/calls.ts'
import { lineOf, networkLines } from '../asterisk/campaigns.ts'
import type { FarLine } from '../asterisk/carrier.ts'
import { until } from '../asterisk/until.ts'
import { begunTwice, compare, ending, momentsRight, pairsOf } from './accounts.ts'
import { everybody, isContact, type Place, reached } from './place.ts'
import type { Gap } from './rounds.ts'
import { type Standing, waiting } from './standing.ts'

export interface Closing {
  readonly faults: readonly string[]
  /** What was counted, for the table. */
  readonly counts: Readonly<Record<string, string | number>>
}

const DRAINS_MS = 180_000
/** From a contact's answer until an agent must be there, by default. */
const SILENT_AFTER_MS = 2_000
const SILENT_SHARE_MAX = 0.1

/** All is over: nobody on a line, nothing promised, everybody free. */
async function drain(place: Place, standing: Standing): Promise<readonly string[]> {
  const { people } = place.site
  await standing.campaign?.stop()
  for (const { agent } of standing.talks) people.hangUp(agent)
  await place.state('pat', 'ready')
  const busy = () => lineOf(people, 'pat', 'up')
  for (const number of standing.order) {
    const isCaller = (waiting as readonly string[]).includes(number)
    const own = await until(`${number} is served`, busy, 60_000)
    if (isCaller) {
      const caller = standing.waiting.find((line) => line.number === number)
      await until(`${number} hears the agent`, () => caller?.speech?.hearsNow().includes(own.speech.tone), 30_000)
      people.hangUp(own)
    }
    await until('it is over', () => own.state === 'over', 60_000)
  }
  await until('callbacks are done', async () => (await standing.open()).length === 0, DRAINS_MS, 500)
  await until('the lines are over', () => place.carrier.lines.every(({ state }) => state === 'over'), 60_000)
  const free = async (): Promise<boolean> =>
    (await place.agents()).every(({ id, state }) => state === (id === 'gone' ? 'loggedOff' : 'ready'))
  const faults: string[] = []
  await until('agents are free', free, 60_000, 300).catch(async () => {
    for (const { id, state } of await place.agents()) if (state !== 'ready' && id !== 'gone') faults.push(`${id} is left ${state}`)
  })
  const over = async (): Promise<boolean> => (await place.boss<CallPage>('GET', '/calls?live=true&limit=1')).items.length === 0
  await until('no call is left', over, 60_000, 300).catch(async () => {
    for (const { id, events } of (await place.boss<CallPage>('GET', '/calls?live=true')).items)
      faults.push(`call ${id} is left: ${events.map(({ kind }) => kind).join(' ')}`)
  })
  return faults
}

export async function allCalls(place: Place): Promise<readonly Call[]> {
  const calls: Call[] = []
  let after = ''
  do {
    const page = await place.boss<CallPage>('GET', `/calls?limit=200${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`)
    calls.push(...page.items)
    after = page.next ?? ''
  } while (after !== '')
  return calls
}

/** Those who waited were served in the order they came, whoever was killed meanwhile. */
function servedInOrder(place: Place, standing: Standing): readonly string[] {
  const instant = (number: string): number => {
    const line = place.carrier.lines.find((one) => one.number === number)
    const isCaller = (waiting as readonly string[]).includes(number)
    return (isCaller ? line?.log.find(({ what }) => what === 'BYE')?.at : line?.log[0]?.at) ?? Number.NaN
  }
  const instants = standing.order.map(instant)
  const isSorted = instants.every((at, index) => index === 0 || at > (instants[index - 1] ?? Number.NaN))
  return isSorted ? [] : [`those who waited were not served in their order: ${instants.join(' ')}`]
}

/** Each contact once, and what came of him as the network has it. */
function contactsRight(lines: readonly FarLine[], calls: readonly Call[]): readonly string[] {
  const faults: string[] = []
  const rung = Map.groupBy(lines, ({ number }) => number)
  const told = Map.groupBy(
    calls.filter(({ campaignId }) => campaignId !== undefined),
    ({ callerNumber }) => callerNumber ?? '',
  )
  for (const [number, own] of rung) {
    const call = told.get(number) ?? []
    if (own.length !== 1 || call.length !== 1) faults.push(`contact ${number} was rung ${own.length} times, and has ${call.length} calls`)
    const [line] = own
    const result = call[0]?.result ?? ''
    const is = line === undefined ? '' : ending(line)
    const right = is === 'answered' ? ['answered', 'silent'].includes(result) : is === result
    if (!right) faults.push(`contact ${number} is ${result}, by the network ${is}`)
  }
  return faults
}

/** Callbacks: as many telephones rung as attempts are told, each attempt that counts once. */
function callbacksRight(standing: Standing, calls: readonly Call[]): readonly string[] {
  const faults: string[] = []
  for (const number of [...standing.ordered, ...standing.promised]) {
    const own = calls.filter((call) => call.legs.some((leg) => leg.number === number) || call.callerNumber === number)
    if (own.length !== 1) faults.push(`the callback to ${number} has ${own.length} calls`)
    const legs = own.flatMap((call) =>
      call.legs.filter((leg) => leg.party === 'customer' && leg.notCounted === undefined && leg.ringingAt !== null),
    )
    const attempts = Map.groupBy(legs, ({ attempt }) => attempt)
    for (const [attempt, rung] of attempts)
      if (rung.length > 1) faults.push(`the callback to ${number} was rung ${rung.length} times for attempt ${attempt}`)
    const result = own[0]?.result ?? ''
    const right = number.startsWith(reached.callbackAnswers) ? ['callbackReached', 'callbackUnreached'] : ['callbackUnreached']
    if (!right.includes(result)) faults.push(`the callback to ${number} is ${result}`)
  }
  return faults
}

/** Contacts who answered while somebody was there to join them. */
function silentShare(lines: readonly FarLine[], calls: readonly Call[], gaps: readonly Gap[]): readonly [silent: number, answered: number] {
  const silent = new Set(calls.flatMap(({ result, callerNumber }) => (result === 'silent' ? [callerNumber] : [])))
  const answered = lines.filter((line) => {
    const at = line.log.find(({ what, of }) => what === '200' && of === 'INVITE')?.at
    return at !== undefined && !gaps.some(({ from, to }) => at > from - SILENT_AFTER_MS && at < to + 500)
  })
  return [answered.filter(({ number }) => silent.has(number)).length, answered.length]
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] ?? Number.NaN
const spread = (list: readonly number[]): string =>
  list.length === 0 ? '0' : `${list.length}, median ${median(list).toFixed(0)} ms, largest ${Math.max(0, ...list).toFixed(0)} ms`

export async function close(place: Place, standing: Standing, gaps: readonly Gap[]): Promise<Closing> {
  const left = await drain(place, standing)
  const calls = await allCalls(place)
  const agents = networkLines(place.site.people).filter(({ number }) => everybody.includes(number))
  const { pairs, alone } = pairsOf(calls, [...place.carrier.lines, ...agents])
  const compared = compare(pairs, gaps)
  const contacts = standing.contactsRung()
  const [silent, answered] = silentShare(contacts, calls, gaps)
  const { legs, twice } = begunTwice(place.legLog())
  const campaign = calls.filter(({ campaignId }) => campaignId !== undefined)
  const today = (await standing.campaign?.live())?.today
  const told = campaign.filter(({ result }) => result === 'silent').length
  const faults = [
    ...left,
    ...alone,
    ...twice,
    ...momentsRight(place.lastWords(), place.legLog()),
    ...servedInOrder(place, standing),
    ...contactsRight(contacts, calls),
    ...callbacksRight(standing, calls),
    ...compared.faults,
    ...(silent / Math.max(1, answered) > SILENT_SHARE_MAX ? [`${silent} of ${answered} contacts who answered met nobody`] : []),
    ...(today?.silent === told ? [] : [`${today?.silent} silent calls are counted, and the archive tells of ${told}`]),
  ]
  return {
    faults,
    counts: {
      'calls in the archive': calls.length,
      'lines in the network’s logs': place.carrier.lines.length + agents.length,
      'legs in Asterisk’s log, none begun twice': legs,
      'contacts rung, each once': contacts.filter(({ number }) => isContact(number)).length,
      'callbacks ordered and done': standing.ordered.length + standing.promised.length,
      'instants beside the network’s': spread(compared.apartMs),
      'instants in a gap, learnt afterwards': spread(compared.learntMs),
      'rang or answered as we withdrew them': spread(compared.crossedMs),
      'silent calls outside gaps, of those answered there': `${silent} of ${answered}`,
      'silent calls in all': told,
    },
  }
}
