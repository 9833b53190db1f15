/**
 * Asterisk itself killed amid calls. Who was on a line is lost by nature; what the product makes of it must be right: those calls end as
 * learnt afterwards, nobody is stuck in them, callbacks and campaigns go on, and new calls are answered soon after it is back.
 */
import type { Call, CallPage } from '#wire/calls.ts'
import { lineOf } from '../asterisk/campaigns.ts'
import type { FarLine } from '../asterisk/carrier.ts'
import { until } from '../asterisk/until.ts'
import { crew, type Place } from './place.ts'
import type { Standing } from './standing.ts'

export interface SwitchRound {
  readonly number: number
  readonly awayMs: number
  /** From its being back until a new call is answered, and until the next contact is rung. */
  readonly flowsMs: number
  readonly dialsMs: number
  readonly faults: readonly string[]
}

/** asterisk.md 3.6 and the order for this drill: calls flow again within five seconds. */
const FLOWS_MS_MAX = 5_000
const SETTLES_MS = 45_000

async function newestOf(place: Place, number: string): Promise<Call | undefined> {
  const { items } = await place.boss<CallPage>('GET', `/calls?limit=10&number=${encodeURIComponent(number)}`)
  return items.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))[0]
}

/** A call that was on a line as it died: over, as learnt afterwards. */
async function endedRight(place: Place, line: FarLine, result: (call: Call) => boolean, backAt: number): Promise<readonly string[]> {
  const over = async () => {
    const call = await newestOf(place, line.number)
    return call?.endedAt != null && call
  }
  const call = await until(`the call of ${line.number} is over`, over, SETTLES_MS, 200).catch(() => null)
  if (call === null) return [`the call of ${line.number} does not end`]
  const faults: string[] = []
  if (!result(call)) faults.push(`the call of ${line.number} is told as ${call.result}`)
  if (!call.legs.every((leg) => leg.reconciled === true || leg.learntAt !== undefined || leg.outcome !== 'answered'))
    faults.push(`the call of ${line.number} does not say that its end was learnt`)
  if (Date.parse(call.endedAt ?? '') > backAt + FLOWS_MS_MAX) faults.push(`the call of ${line.number} ended too late`)
  return faults
}

const since = (line: FarLine): number => line.log[0]?.at ?? 0

/** The lines there are now, killed with the switch; then the same again. `standing`: of which the campaign and the callbacks are used. */
export async function killSwitch(number: number, place: Place, standing: Standing): Promise<SwitchRound> {
  const { people } = place.site
  await standing.topUp()
  const [talker, waiter, later] = [place.callers[0], place.callers[1], place.callers[2]]
  const before = new Set(people.lines.values())
  const talking = await place.carrier.call(talker, place.line.talks)
  const [agent, own] = await until('an agent is rung', () => {
    const lines = [...people.lines.values()].filter((line) => !before.has(line))
    return crew.talks
      .flatMap((name) => lines.flatMap((line) => (line.invite?.start.startsWith(`INVITE sip:${name}@`) ? [[name, line] as const] : [])))
      .at(0)
  })
  await until('they hear each other', () => standing.hear({ customer: talking, agent: own }))
  const waiting = await place.carrier.call(waiter, place.line.patience)
  await until('he hears music', () => waiting.speech?.ear().music)
  const campaigning = () => crew.campaign.some((agent) => lineOf(people, agent, 'up') !== undefined)
  await until('the campaign talks', campaigning, SETTLES_MS)
  const open = await standing.open()

  const killedAt = Date.now()
  await place.site.restart()
  const backAt = Date.now()
  for (const line of people.lines.values()) if (line.state !== 'over') line.state = 'over'
  for (const line of place.carrier.lines) if (line.state !== 'over') line.state = 'over'
  const faults: string[] = []
  const next = await place.carrier.call(later, place.line.brief, { staysMs: 6_000 })
  await until('a new call is answered', () => next.state === 'up', SETTLES_MS)
  const flowsMs = (next.log.find(({ what }) => what === '200')?.at ?? Number.NaN) - backAt
  if (!(flowsMs <= FLOWS_MS_MAX)) faults.push(`a new call was answered ${flowsMs.toFixed(0)} ms after it was back`)
  const contact = () => standing.contactsRung().find((line) => since(line) > backAt)
  const dialled = await until('the campaign goes on', contact, SETTLES_MS).catch(() => null)
  if (dialled === null) faults.push('the campaign does not go on')
  faults.push(...(await endedRight(place, talking, ({ result }) => result === 'answered', backAt)))
  faults.push(...(await endedRight(place, waiting, ({ result }) => result !== 'answered', backAt)))
  const stillOpen = await standing.open()
  const rung = new Set(place.carrier.lines.flatMap((line) => (since(line) > killedAt - 60_000 ? [line.number] : [])))
  for (const promised of open) if (!stillOpen.includes(promised) && !rung.has(promised)) faults.push(`the callback to ${promised} is lost`)
  const isFree = async (): Promise<boolean> => (await place.agents()).find(({ id }) => id === agent)?.state === 'ready'
  await until('the agent is free', isFree, SETTLES_MS, 200).catch(() => faults.push(`${agent} is stuck in a call that is gone`))
  await until('the new call is over', () => next.state === 'over', SETTLES_MS)
  return { number, awayMs: backAt - killedAt, flowsMs, dialsMs: dialled === null ? Number.NaN : since(dialled) - backAt, faults }
}

/** At the end: nobody is left in anything. */
export async function agentsFree(place: Place, standing: Standing): Promise<readonly string[]> {
  await standing.campaign?.stop()
  const left = async (): Promise<readonly string[]> =>
    (await place.agents()).flatMap(({ id, state }) => (state === 'connecting' || state === 'connected' ? [id] : []))
  await until('agents are free', async () => (await left()).length === 0, 120_000, 500).catch(() => null)
  return (await left()).map((id) => `${id} is stuck`)
}
