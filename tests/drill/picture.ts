/** What everybody was in the midst of, in words: a wait in vain explains itself by it. */
import type { LiveState } from '#wire/live.ts'
import type { FarLine } from '../asterisk/carrier.ts'
import { isContact, type Place } from './place.ts'

const seconds = (from: number): string => `${((Date.now() - from) / 1_000).toFixed(1)} s`
const clock = (instant: string | null | undefined): string => (instant == null ? '' : ` until ${instant.slice(11, 19)}`)

function liveTold({ agents, queues, campaigns, alarms, liveCalls }: LiveState): readonly string[] {
  const people = agents.map(({ id, state, reason, until, wish }) => {
    const wanted = wish === null ? '' : ` (${wish.state} when free)`
    return `${id} ${state}${reason === null ? '' : ` ${reason}`}${clock(until)}${wanted}`
  })
  const waiting = queues.map(({ id, open, entries }) => {
    const each = entries.map(({ kind, status, number, place, attempts, attemptsMax, until, offeredTo }) => {
      const tries = attempts === undefined ? '' : `, ${attempts} of ${attemptsMax} attempts`
      const with_ = offeredTo === undefined ? '' : `, offered to ${offeredTo}`
      return `${number} ${kind} ${status}${place === null ? '' : `, place ${place}`}${tries}${clock(until)}${with_}`
    })
    return `queue ${id}${open ? '' : ' (closed)'}: ${each.length === 0 ? 'nobody' : each.join('; ')}`
  })
  const dialling = (campaigns ?? []).map(({ id, live }) => {
    const { state, why, crew, counted, inTheAir, pace, cards } = live
    const idle = why === null ? '' : ` (${why}${clock(live.whyUntil)})`
    const numbers = { counted, inTheAir, waiting: live.waiting, cards, ...crew }
    const each = Object.entries(numbers).map(([name, number]) => `${name} ${number}`)
    return `campaign ${id}: ${state}${idle}, ${pace.mode} ${pace.perMinute} a minute; ${each.join(', ')}`
  })
  const troubles = alarms.map(({ alarm, about, detail }) => [alarm, about, detail].filter((part) => part !== undefined).join(' '))
  return [
    `agents: ${people.join(', ')}`,
    ...waiting,
    ...dialling,
    `alarms: ${troubles.length === 0 ? 'none' : troubles.join('; ')}; ${liveCalls} calls live`,
  ]
}

/** Numbers that are no contacts, each with the last that was seen of it; of contacts only who is on a line. */
function networkTold(lines: readonly FarLine[]): readonly string[] {
  const byNumber = Map.groupBy(lines, ({ number }) => number)
  return [...byNumber].flatMap(([number, own]) => {
    const last = own.at(-1)
    if (last === undefined || (isContact(number) && last.state === 'over')) return []
    const [begun, newest] = [last.log[0], last.log.at(-1)]
    return [
      `${number} ${own.length} times, last ${seconds(begun?.at ?? 0)} ago, now ${last.state} (${newest?.what} ${seconds(newest?.at ?? 0)} ago)`,
    ]
  })
}

/** One line for each thing; also where the product does not answer any more. */
export async function picture(place: Place): Promise<readonly string[]> {
  const live = await place.live().then(liveTold, (error: unknown) => [`the product does not tell: ${String(error)}`])
  const { run } = place
  const end = run === null ? 'was never started' : ending(run.child)
  const phones = [...place.site.people.lines.values()].flatMap(({ state, invite }) =>
    state === 'over' ? [] : [`${/^INVITE sip:([^@]+)@/.exec(invite?.start ?? '')?.[1]} ${state}`],
  )
  return [
    ...live,
    `agents’ telephones: ${phones.join(', ') || 'none on a line'}`,
    `the network rang or was called by: ${networkTold(place.carrier.lines).join('; ')}`,
    `the program ${end}; it said last:`,
    ...(run?.said() ?? []).map((line) => `  ${line}`),
  ]
}

const ending = ({ exitCode, signalCode }: { readonly exitCode: number | null; readonly signalCode: string | null }): string => {
  if (signalCode !== null) return `has ended by ${signalCode}`
  return exitCode === null ? 'runs' : `has ended with ${exitCode}`
}
