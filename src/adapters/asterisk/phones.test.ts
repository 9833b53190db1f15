import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AgentPhone } from '#core/solution/solution.ts'
import { PortError } from '#ports/errors.ts'
import { PhoneWatch } from './phones.ts'

const phones: Readonly<Record<string, AgentPhone>> = {
  anna: { kind: 'desk', account: 'a' },
  bo: { kind: 'sip', account: 'b' },
  cilla: { kind: 'number', number: '+46701740610' },
}
let states: Record<string, string>
let away: boolean
let told: string[]
let doubted: string[]
let asked: number
let agents: string[]
let watch: PhoneWatch

beforeEach(() => {
  vi.useFakeTimers()
  states = { a: 'online', b: 'online' }
  away = false
  told = []
  doubted = []
  asked = 0
  agents = Object.keys(phones)
  watch = new PhoneWatch({
    states: async () => {
      asked += 1
      if (away) throw new PortError('telephony', 'GET /endpoints', { message: 'away', retry: true })
      return new Map(Object.entries(states))
    },
    agents: () => agents,
    phone: (agentId) => phones[agentId],
    tell: (event) => told.push(`${event.type} ${'agentId' in event ? event.agentId : ''}`),
    now: () => Date.now(),
    doubt: (agentId) => doubted.push(agentId),
    trouble: () => undefined,
  })
})
afterEach(() => {
  watch.stop()
  vi.useRealTimers()
})

const later = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const since = (): readonly string[] => told.splice(0)

test('each phone that can be asked is told of once, then when it changes', async () => {
  states['b'] = 'offline'
  watch.start()
  await later(0)
  expect(since()).toEqual(['phone.found anna', 'phone.lost bo'])
  await later(20_000)
  expect(since()).toEqual([])
  states = { a: 'offline', b: 'online' }
  await later(2_000)
  expect(since()).toEqual(['phone.lost anna', 'phone.found bo'])
})

test('a phone Asterisk does not know is not there; one it has not asked yet is not told of', async () => {
  states = { b: 'unknown' }
  watch.start()
  await later(0)
  expect(since()).toEqual(['phone.lost anna'])
})

test('while the switch does not answer nothing is concluded, and it is asked again', async () => {
  watch.start()
  await later(0)
  since()
  away = true
  await later(10_000)
  expect(since()).toEqual([])
  away = false
  states['a'] = 'offline'
  await later(2_000)
  expect(since()).toEqual(['phone.lost anna'])
})

test('started anew it tells of each again; stopped it tells nothing', async () => {
  watch.start()
  await later(0)
  watch.start()
  await later(0)
  expect(since()).toEqual(['phone.found anna', 'phone.found bo', 'phone.found anna', 'phone.found bo'])
  watch.stop()
  states = {}
  await later(10_000)
  expect(since()).toEqual([])
})

test('an agent who leaves the solution and comes back is told of again', async () => {
  watch.start()
  await later(0)
  since()
  agents = ['anna']
  await later(2_000)
  agents = ['anna', 'bo']
  await later(2_000)
  expect(since()).toEqual(['phone.found bo'])
})

test('when a phone was last there: by each check while it is, and no later than the last one after', async () => {
  const from = Date.now()
  watch.start()
  expect(watch.seenAt('anna')).toBeNull()
  await later(4_000)
  expect(watch.seenAt('anna')).toBe(from + 4_000)
  states['a'] = 'offline'
  await later(6_000)
  expect([watch.seenAt('anna'), watch.seenAt('bo'), watch.seenAt('cilla')]).toEqual([from + 4_000, from + 10_000, null])
})

test('what Asterisk says has changed is looked at at once; a burst of it is one more question', async () => {
  watch.start()
  await later(0)
  since()
  states = { a: 'offline', b: 'online' }
  for (let times = 0; times < 50; times++) watch.changed('a')
  await later(0)
  expect(since()).toEqual(['phone.lost anna'])
  expect(asked).toBe(3)
  await later(2_000)
  expect(asked).toBe(4)
})

test('a phone in the browser that registered anew, or is not there, may not be the one talked on', async () => {
  watch.start()
  await later(0)
  expect(doubted).toEqual([])
  watch.changed('a')
  watch.changed('b')
  expect(doubted).toEqual(['anna'])
  states = { a: 'online', b: 'offline' }
  await later(4_000)
  expect(new Set(doubted)).toEqual(new Set(['anna', 'bo']))
})

test('stopped, it looks no more, whatever Asterisk says', async () => {
  watch.start()
  await later(0)
  since()
  watch.stop()
  states = { a: 'offline', b: 'offline' }
  await later(4_000)
  expect(since()).toEqual([])
})
