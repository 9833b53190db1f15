/** Who is told of an alarm about a call: whoever leads that call, in the stream and when it is seen to. interfaces.md 4 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallId } from '#core/kernel/kernel.ts'
import type { Alarm, StreamMessage } from '#wire/live.ts'
import { type Bed, openBed } from './http/bed.ts'
import { type Listener, listen } from './http/listen.ts'

let bed: Bed
let supportCall: CallId
let salesCall: CallId
const streams = new Map<string, Listener>()

const alarmsIn = (message: StreamMessage): readonly Alarm[] | null =>
  message.type === 'alarms' ? message.alarms : message.type === 'snapshot' ? message.live.alarms : null
const tells =
  (calls: readonly CallId[], after = 0) =>
  (message: StreamMessage) => {
    const told = alarmsIn(message)
    return told !== null && message.seq > after && JSON.stringify(told.map(({ callId }) => callId)) === JSON.stringify(calls)
  }
const hears = (user: string, calls: readonly CallId[], after = 0) => streams.get(user)?.first(tells(calls, after))
const seqNow = () => streams.get('sara')?.heard.at(-1)?.seq ?? 0
const standing = () => bed.engine.alarms().map(({ callId }) => callId)

/** Two who talk by the facts, and whom the switch does not join. */
const talk = async (agentId: string, from: string, to: string): Promise<CallId> => {
  await bed.ask('lena', 'PUT', `agents/${agentId}/state`, { state: 'loggedOn' })
  bed.network.call(from, to)
  const { callId } = await bed.until(() => bed.engine.agent(agentId)?.matter)
  await bed.engine.submit({ type: 'offer.answer', by: 'agent', agentId, callId })
  await bed.until(() => standing().includes(callId))
  return callId
}

beforeAll(async () => {
  bed = await openBed({ sweepMs: 20 })
  const send = bed.network.send.bind(bed.network)
  bed.network.send = (command) => {
    if (command.type !== 'bridge.join' || command.legs.length < 2) send(command)
  }
  for (const user of ['admin', 'lena', 'sara', 'maja', 'anna']) streams.set(user, await listen(bed, user))
  supportCall = await talk('anna', '+46701740670', '+46846500400')
  salesCall = await talk('saga', '+46701740671', '+46846500401')
})
afterAll(async () => {
  for (const stream of streams.values()) stream.close()
  await bed.close()
})

describe('of a call of Support and one of Sales', () => {
  const seen = [
    ['admin', true, true],
    ['lena', true, true],
    ['sara', false, true],
    ['maja', false, false],
    ['anna', false, false],
  ] as const
  const those = (support: boolean, sales: boolean) => [...(support ? [supportCall] : []), ...(sales ? [salesCall] : [])]

  test.each(seen)('%s is told as it is raised: %s, %s', async (user, support, sales) => {
    await hears('admin', [supportCall, salesCall])
    await hears(user, those(support, sales))
    const told = JSON.stringify(streams.get(user)?.heard.flatMap((message) => alarmsIn(message) ?? []))
    expect([told.includes(supportCall), told.includes(salesCall)]).toEqual([support, sales])
  })
  test.each(seen)('%s is told who comes later: %s, %s', async (user, support, sales) => {
    const stream = await listen(bed, user)
    await stream.first(tells(those(support, sales)))
    stream.close()
  })
  test('who leads the call is told its queue', async () => {
    const message = await hears('sara', [salesCall])
    expect(message === undefined ? null : alarmsIn(message)).toMatchObject([{ alarm: 'notJoined', queues: ['sales'] }])
  })
})

test('nobody sees to an alarm he is not told of', async () => {
  expect((await bed.ask('sara', 'DELETE', `alarms/notJoined:${supportCall}`)).code).toBe('alarm.unknown')
  expect(standing()).toEqual([supportCall, salesCall])
  const before = seqNow()
  expect((await bed.ask('sara', 'DELETE', `alarms/notJoined:${salesCall}`)).status).toBe(204)
  await hears('sara', [], before)
  expect(standing()).toEqual([supportCall])
  expect((await bed.ask('admin', 'DELETE', `alarms/notJoined:${salesCall}`)).code).toBe('alarm.unknown')
})

test('whose queue the call comes into is told then', async () => {
  // The switch tells no more: what stands stands.
  bed.network.alive = () => new Promise(() => undefined)
  await bed.ask('lena', 'PUT', 'agents/saga/state', { state: 'paused', reason: 'lunch' })
  const before = seqNow()
  expect((await bed.ask('anna', 'POST', `calls/${supportCall}/transfer`, { to: 'queue:sales' })).status).toBe(204)
  await hears('sara', [supportCall], before)
  expect(standing()).toEqual([supportCall])
})
