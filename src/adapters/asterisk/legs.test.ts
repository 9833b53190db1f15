import { beforeEach, describe, expect, test } from 'vitest'
import type { TelephonyEvent } from '#ports/telephony.ts'
import { type AriChannel, readEvent } from './ari.ts'
import { Legs } from './legs.ts'

let told: TelephonyEvent[]
let legs: Legs
beforeEach(() => {
  told = []
  legs = new Legs('samtal', (event) => told.push(event))
})

/** An event as Asterisk writes it. */
const happens = (event: object): void => {
  const read = readEvent(JSON.stringify({ timestamp: '2026-11-22T20:00:00.000+0000', ...event }))
  if (read !== undefined) legs.take(read)
}
const channel = (id: string, state: string, number = '+46701234567') => ({ id, state, caller: { name: '', number } })
const arrives = (presentation = 'allowed_not_screened', number?: string, line = 'line-1'): void =>
  happens({ type: 'StasisStart', args: ['inbound', 'trunk', '+46850000000', presentation], channel: channel(line, 'Ring', number) })

describe('a line that rings us', () => {
  test('is told once, however often Asterisk says so', () => {
    arrives()
    arrives()
    expect(told).toEqual([{ type: 'leg.arrived', legId: 'line-1', from: '+46701234567', to: '+46850000000', trunk: 'trunk' }])
  })

  test.each([
    ['prohib_passed_screen', '+46701234567'],
    ['unavailable', ''],
    ['allowed_not_screened', 'Anonymous'],
  ])('has no number when it is %s', (presentation, number) => {
    arrives(presentation, number)
    expect(told).toMatchObject([{ from: null }])
  })

  test('ends once, and says nothing more', () => {
    arrives()
    happens({ type: 'ChannelStateChange', channel: channel('line-1', 'Up') })
    happens({ type: 'ChannelStateChange', channel: channel('line-1', 'Up') })
    happens({ type: 'ChannelHangupRequest', channel: channel('line-1', 'Up') })
    for (let times = 0; times < 2; times++) happens({ type: 'ChannelDestroyed', cause: 16, channel: channel('line-1', 'Up') })
    happens({ type: 'ChannelDtmfReceived', digit: '1', duration_ms: 100, channel: channel('line-1', 'Up') })
    happens({ type: 'ChannelStateChange', channel: channel('line-1', 'Up') })
    expect(told.map((event) => event.type)).toEqual(['leg.arrived', 'leg.answered', 'leg.ended'])
  })
})

test.each([
  [44, [], { what: 'noMedia', since: 940_000 }],
  [44, ['ChannelHold'], { what: 'noMedia', since: 100_000 }],
  [44, ['ChannelHold', 'ChannelUnhold'], { what: 'noMedia', since: 940_000 }],
  [18, [], { what: 'sessionTimer', since: 1_000_000 }],
  [16, [], undefined],
] as const)('an answered line that ends with cause %i after %j was lost: %j', (cause, before, lost) => {
  legs = new Legs(
    'samtal',
    (event) => told.push(event),
    () => 1_000_000,
  )
  arrives()
  happens({ type: 'ChannelStateChange', channel: channel('line-1', 'Up') })
  for (const type of before) happens({ type, channel: channel('line-1', 'Up') })
  happens({ type: 'ChannelDestroyed', cause, channel: channel('line-1', 'Up') })
  expect(told.at(-1)).toMatchObject({ type: 'leg.ended', ...(lost === undefined ? {} : { lost }) })
  if (lost === undefined) expect(told.at(-1)).not.toHaveProperty('lost')
})

describe('a leg we ring', () => {
  beforeEach(() => legs.asked('leg1', '+46701234567'))

  test('rang and was answered once, from whichever of the events that say so', () => {
    happens({ type: 'Dial', dialstatus: 'PROGRESS', peer: channel('leg1', 'Down') })
    happens({ type: 'ChannelStateChange', channel: channel('leg1', 'Ringing') })
    happens({ type: 'Dial', dialstatus: 'RINGING', peer: channel('leg1', 'Ringing') })
    happens({ type: 'Dial', dialstatus: 'ANSWER', peer: channel('leg1', 'Up') })
    happens({ type: 'ChannelStateChange', channel: channel('leg1', 'Up') })
    happens({ type: 'ChannelStateChange', channel: channel('leg1', 'Ringing') })
    expect(told.map((event) => event.type)).toEqual(['leg.rang', 'leg.answered'])
  })

  test('waits for the application, or for its own end', () => {
    const waited: string[] = []
    legs.onStart('leg1', () => waited.push('leg1'))
    legs.asked('leg2', '+46700000000')
    legs.onStart('leg2', () => waited.push('leg2'))
    happens({ type: 'StasisStart', args: ['outbound'], channel: channel('leg1', 'Down') })
    happens({ type: 'ChannelDestroyed', cause: 34, tech_cause: 503, channel: channel('leg2', 'Down') })
    expect(waited).toEqual(['leg1', 'leg2'])
    expect(told).toEqual([{ type: 'leg.ended', legId: 'leg2', outcome: 'failed', by: 'network', cause: 34 }])
  })
})

test('what is no leg of ours, and what we do not know, is counted or passed over', () => {
  happens({ type: 'ChannelStateChange', channel: channel('stranger', 'Up') })
  happens({ type: 'ChannelDestroyed', channel: channel('stranger', 'Up') })
  happens({ type: 'SomethingNew' })
  happens({ type: 'SomethingNew' })
  happens({ type: 'BridgeCreated', bridge: { id: 'b', channels: [] } })
  expect(told).toEqual([])
  expect(legs.unknownEvents()).toEqual({ SomethingNew: 2 })
  expect(readEvent('no json')).toBeUndefined()
  expect(readEvent('[1]')).toBeUndefined()
})

test('a key heard two ways is pressed once, and on every line for itself', () => {
  arrives()
  arrives(undefined, undefined, 'line-2')
  const key = (line: string, endedAt: number, duration_ms: number): void =>
    happens({
      type: 'ChannelDtmfReceived',
      digit: '5',
      duration_ms,
      channel: channel(line, 'Up'),
      timestamp: new Date(1_795_377_468_000 + endedAt).toISOString(),
    })
  key('line-1', 1000, 120)
  key('line-1', 1060, 100)
  key('line-2', 1060, 100)
  expect(told.filter((event) => event.type === 'digit.pressed')).toEqual([
    { type: 'digit.pressed', legId: 'line-1', digit: '5' },
    { type: 'digit.pressed', legId: 'line-2', digit: '5' },
  ])
})

test('after a restart: what is alive, with whom, and which of it is ours', () => {
  const found = (id: string, state: string, data: string, to = ''): AriChannel => ({
    id,
    state,
    caller: '+46701234567',
    dialplanApp: 'Stasis',
    dialplanData: data,
    to,
  })
  const channels = [
    found('line-1', 'Up', 'samtal,inbound,trunk,+46850000000,allowed'),
    found('leg1', 'Up', 'samtal,outbound', 'anna'),
    found('leg2', 'Ringing', 'samtal,outbound', '+46700000000'),
    found('other', 'Up', 'another,outbound'),
    { ...found('outside', 'Ring', ''), dialplanApp: 'Wait' },
  ]
  const bridges = [{ id: 'c1-main', channels: ['line-1', 'leg1', 'announcer'] }]
  legs.adopt(channels, bridges)
  expect(legs.alive(channels, bridges)).toEqual([
    { legId: 'line-1', state: 'answered', inbound: true, joinedWith: ['leg1'], from: '+46701234567', to: '+46850000000' },
    { legId: 'leg1', state: 'answered', inbound: false, joinedWith: ['line-1'], from: null, to: 'anna' },
    { legId: 'leg2', state: 'ringing', inbound: false, joinedWith: [], from: null, to: '+46700000000' },
  ])
  expect(told).toEqual([])
  happens({ type: 'ChannelStateChange', channel: channel('leg2', 'Up') })
  happens({ type: 'ChannelStateChange', channel: channel('leg1', 'Up') })
  expect(told).toEqual([{ type: 'leg.answered', legId: 'leg2' }])
})

test('a leg that was told to end, or has just ended, is alive no more though the switch still lists it', () => {
  const listed = ['leg1', 'leg2'].map(
    (id): AriChannel => ({ id, state: 'Up', caller: '', dialplanApp: 'Stasis', dialplanData: 'samtal,outbound', to: 'anna' }),
  )
  legs.adopt(listed, [])
  const leg = legs.get('leg1')
  if (leg !== undefined) leg.dying = true
  expect(legs.alive(listed, []).map(({ legId }) => legId)).toEqual(['leg2'])
  legs.end('leg2', { cause: 16 })
  expect(legs.alive(listed, [])).toEqual([])
})
