/**
 * The part of the Telephony contract that agents' conversations live by: hold, consult, swap, conference, transfer, mute, digits. Told
 * by who hears whom: by sound where the network carries any.
 */
import { expect, it } from 'vitest'
import type { AgentId, LegId } from '#core/kernel/kernel.ts'
import type { LegAlive, TelephonyCommand } from '#ports/telephony.ts'
import type { NetworkUnderTest } from './telephony.contract.ts'

/** The case at hand: its network, and the steps the suite has words for. */
export interface Bench {
  readonly network: NetworkUnderTest
  readonly send: (command: TelephonyCommand) => void
  /** A caller, answered by us. */
  readonly caller: () => Promise<LegId>
  /** A phone rung and answered. */
  readonly answered: (to: { agent: AgentId } | { number: string }) => Promise<LegId>
  readonly fresh: () => string
  /** What the switch has, by its own answer. */
  readonly alive: () => Promise<readonly LegAlive[]>
  /** When this play has been heard to its end. */
  readonly finished: (playId: string) => Promise<unknown>
  /** Asks until it is so, or patience is at an end; the last answer. */
  readonly until: <T>(ask: () => Promise<T>, so: (answer: T) => boolean) => Promise<T>
}

/** Who hears whom, as `{ listener: those heard }`. */
type Table = Readonly<Record<LegId, readonly LegId[]>>

export function talkCases(bench: () => Bench): void {
  const written = (table: Table): string => JSON.stringify(Object.entries(table).map(([leg, heard]) => [leg, [...heard].sort()]))
  const hear = async (expected: Table): Promise<void> => {
    const { network, until } = bench()
    const now = async (): Promise<Table> => {
      const heard = await Promise.all(Object.keys(expected).map(async (leg) => [leg, await network.hears(leg)] as const))
      return Object.fromEntries(heard)
    }
    expect(written(await until(now, (table) => written(table) === written(expected)))).toBe(written(expected))
  }

  /** Who is joined with whom, as the switch answers who asks what it has. */
  const areJoined = async (expected: Table): Promise<void> => {
    const { alive, until } = bench()
    const now = async (): Promise<Table> => {
      const there = new Map((await alive()).map(({ legId, joinedWith }) => [legId, joinedWith]))
      return Object.fromEntries(Object.keys(expected).map((leg) => [leg, there.get(leg) ?? ['not there']]))
    }
    expect(written(await until(now, (table) => written(table) === written(expected)))).toBe(written(expected))
  }

  /** A customer and the first agent, joined; and what sets the bridges of their call. */
  const talking = async () => {
    const { network, send, caller, answered, fresh } = bench()
    const [customer, agent] = [await caller(), await answered({ agent: network.agents[0] })]
    const callId = fresh()
    const set = (bridge: 'main' | 'consult', ...legs: readonly LegId[]): void => send({ type: 'bridge.join', callId, bridge, legs })
    set('main', customer, agent)
    await hear({ [customer]: [agent], [agent]: [customer] })
    return { customer, agent, set, send, second: () => answered({ agent: network.agents[1] }) }
  }

  it('holds: out of the bridge or with music nobody hears the other, and joined again they do', async () => {
    const { customer, agent, set, send } = await talking()
    set('main', agent)
    send({ type: 'music.start', legId: customer, music: 'default' })
    await hear({ [customer]: [], [agent]: [] })
    set('main', customer, agent)
    await hear({ [customer]: [agent], [agent]: [customer] })
    send({ type: 'music.start', legId: customer, music: 'default' })
    await hear({ [customer]: [], [agent]: [] })
    set('main', customer, agent)
    await hear({ [customer]: [agent], [agent]: [customer] })
  })

  it('has a leg in one bridge at a time: joining the consult leaves the customer, joining again leaves the colleague', async () => {
    const { customer, agent, set, send, second } = await talking()
    const other = await second()
    set('main')
    send({ type: 'music.start', legId: customer, music: 'default' })
    set('consult', agent, other)
    await hear({ [customer]: [], [agent]: [other], [other]: [agent] })
    set('main', customer, agent)
    await hear({ [customer]: [agent], [agent]: [customer], [other]: [] })
    set('consult', agent, other)
    await hear({ [customer]: [], [agent]: [other], [other]: [agent] })
  })

  it('lets three talk, and two go on when the one who brought them together leaves', async () => {
    const { customer, agent, set, send, second } = await talking()
    const other = await second()
    set('consult', agent, other)
    set('main', customer, agent, other)
    await hear({ [customer]: [agent, other], [agent]: [customer, other], [other]: [customer, agent] })
    send({ type: 'leg.hangUp', legId: agent, why: 'normal' })
    await hear({ [customer]: [other], [other]: [customer] })
  })

  it('takes a bridge down around one who stays: what is played then is heard, and whoever comes meanwhile is joined', async () => {
    const { customer, agent, set, send, second } = await talking()
    const { fresh, finished, answered, network } = bench()
    const play = (prompt: string): string => {
      const playId = fresh()
      send({ type: 'prompt.play', playId, legs: [customer], language: 'sv', parts: [{ prompt }] })
      return playId
    }
    send({ type: 'leg.hangUp', legId: agent, why: 'normal' })
    set('main')
    await finished(play('callback.ordered'))
    const other = await second()
    set('main', customer, other)
    await hear({ [customer]: [other], [other]: [customer] })
    send({ type: 'leg.hangUp', legId: other, why: 'normal' })
    set('main')
    play('phoneLost.wait')
    const back = await answered({ agent: network.agents[0] })
    set('main', customer, back)
    await hear({ [customer]: [back], [back]: [customer] })
  })

  it('mutes a leg in whatever bridge it is, until that is taken back', async () => {
    const { customer, agent, set, send, second } = await talking()
    send({ type: 'leg.mute', legId: agent, on: true })
    send({ type: 'leg.mute', legId: agent, on: true })
    await hear({ [customer]: [], [agent]: [customer] })
    const other = await second()
    set('main', customer, agent, other)
    await hear({ [customer]: [other], [agent]: [customer, other], [other]: [customer] })
    send({ type: 'leg.mute', legId: agent, on: false })
    await hear({ [customer]: [agent, other], [agent]: [customer, other], [other]: [customer, agent] })
  })

  it('tells who is joined with whom, muted or not; the same asked again joins who fell out, and disturbs nobody who is in', async () => {
    const { customer, agent, set, send, second } = await talking()
    await areJoined({ [customer]: [agent], [agent]: [customer] })
    send({ type: 'leg.mute', legId: agent, on: true })
    await areJoined({ [customer]: [agent], [agent]: [customer] })
    send({ type: 'music.start', legId: customer, music: 'default' })
    send({ type: 'music.stop', legId: customer })
    await areJoined({ [customer]: [], [agent]: [] })
    set('main', customer, agent)
    await areJoined({ [customer]: [agent], [agent]: [customer] })
    const other = await second()
    set('consult', agent, other)
    await areJoined({ [customer]: [], [agent]: [other], [other]: [agent] })
    set('main', customer, agent, other)
    set('main', customer, agent, other)
    await areJoined({ [customer]: [agent, other], [agent]: [customer, other], [other]: [customer, agent] })
    await hear({ [customer]: [other], [agent]: [customer, other], [other]: [customer] })
  })

  it('sends digits to the phone at the other end, in order', async () => {
    const { network, send, answered, until } = bench()
    const legId = await answered({ number: network.number({ answersAfterMs: 100 }) })
    send({ type: 'digits.send', legId, digits: '12#' })
    send({ type: 'digits.send', legId, digits: '*0' })
    const received = await until(
      () => network.received(legId),
      (digits) => digits.length >= 5,
    )
    expect(received).toBe('12#*0')
  })
}
