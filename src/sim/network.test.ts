import { describe, expect, it } from 'vitest'
import type { TelephonyEvent } from '#ports/telephony.ts'
import { seededChance } from './chance.ts'
import { VirtualClock } from './clock.ts'
import { SimulatedNetwork } from './network.ts'
import { promptLengths } from './prompts.ts'

const T0 = Date.UTC(2026, 10, 23, 8)
const CUSTOMER = '+46701234567'

function world(): { clock: VirtualClock; network: SimulatedNetwork; seen: string[]; play: (until: number) => Promise<void> } {
  const clock = new VirtualClock(T0)
  const network = new SimulatedNetwork({
    clock,
    chance: seededChance('1'),
    lengthMs: promptLengths({ sv: { x: 5_000, welcome: 3_000, 'digit.1': 1_000, 'digit.2': 1_000, 'digit.3': 1_500 } }, {}),
  })
  const seen: string[] = []
  const say = (event: TelephonyEvent): string => {
    const { type, ...rest } = event
    return `${(clock.now() - T0) / 1000} ${type} ${Object.values(rest).join(' ')}`.trim()
  }
  void network.start((event) => seen.push(say(event)))
  return { clock, network, seen, play: (until) => clock.run(T0 + until * 1000) }
}

const ring = (network: SimulatedNetwork, legId: string, number = CUSTOMER): void =>
  network.send({ type: 'leg.ring', callId: 'c', legId, to: { number }, callerId: null, ringMsMax: 90_000 })

describe('the simulated network', () => {
  it('takes no time of itself: ringing starts when requested, an answer comes when the person gives it', async () => {
    const { network, seen, play } = world()
    network.phone(CUSTOMER).whenCalled({ ringsMs: 60_000 }, { answersAfterMs: 6_000, talksMs: 94_000 })
    ring(network, 'a')
    await play(25)
    network.send({ type: 'leg.hangUp', legId: 'a', why: 'withdrawn' })
    await play(30)
    ring(network, 'b')
    await play(200)
    expect(seen).toEqual([
      '0 leg.rang a',
      '25 leg.ended a withdrawn us 16',
      '30 leg.rang b',
      '36 leg.answered b',
      '130 leg.ended b answered party 16',
    ])
  })

  it('gives a person one phone: ringing him while he calls us is busy, and he cannot call while he talks', async () => {
    const { network, seen, play } = world()
    network.phone(CUSTOMER).whenCalled({ answersAfterMs: 0 })
    const call = network.call(CUSTOMER, '+46850000000')
    ring(network, 'a')
    expect(network.call(CUSTOMER, '+46850000000')).toBeUndefined()
    call?.hangUp()
    await play(1)
    ring(network, 'b')
    await play(2)
    expect(seen.slice(1)).toEqual([
      '0 leg.ended a busy party 17',
      `0 leg.ended ${call?.legId} unanswered party 16`,
      '1 leg.rang b',
      '1 leg.answered b',
    ])
  })

  it('adds up the pieces of a prompt, and one of no length is finished at once', async () => {
    const { network, seen, play } = world()
    const legId = network.call(CUSTOMER, '+46850000000')?.legId ?? ''
    network.send({ type: 'leg.answer', legId })
    network.send({ type: 'prompt.play', playId: 'p', legs: [legId], language: 'sv', parts: [{ prompt: 'x' }, { digits: '123' }] })
    await play(9)
    network.send({ type: 'prompt.play', playId: 'q', legs: [legId], language: 'sv', parts: [] })
    await play(10)
    expect(seen.slice(2)).toEqual(['8.5 prompt.finished p', '9 prompt.finished q'])
  })

  it('tells who hears what', async () => {
    const { network, play } = world()
    network.phone(CUSTOMER).whenCalled({ answersAfterMs: 0 })
    network.agentPhone('anna').whenCalled({ answersAfterMs: 0 })
    ring(network, 'a')
    network.send({ type: 'leg.ring', callId: 'c', legId: 'b', to: { agent: 'anna' }, callerId: null, ringMsMax: 90_000 })
    await play(1)
    network.send({ type: 'music.start', legId: 'a', music: 'calm' })
    expect(network.hears('a')).toEqual({ legs: [], music: 'calm', prompt: null })
    network.send({ type: 'bridge.join', callId: 'c', bridge: 'main', legs: ['a', 'b'] })
    network.send({ type: 'prompt.play', playId: 'p', legs: ['a', 'b'], language: 'sv', parts: [{ prompt: 'welcome' }] })
    expect(network.hears('a')).toEqual({ legs: ['b'], music: null, prompt: [{ prompt: 'welcome' }] })
    network.phone(CUSTOMER).hangUp()
    expect(network.hears('b')).toEqual({ legs: [], music: null, prompt: [{ prompt: 'welcome' }] })
  })

  it('fails every ring over a trunk while it is down, an agent’s too, and rings phones of our own all the same', async () => {
    const { network, seen, play } = world()
    network.begin('trunkDown')
    ring(network, 'a')
    const anna = { type: 'leg.ring', callId: 'c', to: { agent: 'anna' }, callerId: null, ringMsMax: 90_000 } as const
    network.send({ ...anna, legId: 'b', trunk: 'main' })
    network.send({ ...anna, legId: 'd' })
    await play(1)
    expect(seen).toEqual(['0 leg.ended a failed network 34', '0 leg.ended b failed network 34', '0 leg.rang d'])
    expect(network.phone(CUSTOMER).called).toBe(0)
  })

  it('while slow, commands and events take 1.5 s each way, and keep their order when it is over', async () => {
    const { network, seen, play } = world()
    network.phone(CUSTOMER).whenCalled({ answersAfterMs: 0 })
    network.begin('slow')
    ring(network, 'a')
    await play(2)
    network.end('slow')
    network.phone(CUSTOMER).hangUp()
    await play(10)
    expect(seen).toEqual(['3 leg.rang a', '3 leg.answered a', '3 leg.ended a answered party 16'])
  })

  it('says who is alive when all it was told before is carried out, also what arrives at that very instant', async () => {
    const { clock, network, play } = world()
    const alive: string[] = []
    clock.wake(T0 + 1_500, () => void network.alive().then((legs) => alive.push(...legs.map(({ legId }) => legId))))
    network.phone(CUSTOMER).whenCalled({ ringsMs: 60_000 })
    network.begin('slow')
    ring(network, 'a')
    await play(2)
    expect(alive).toEqual(['a'])
  })

  it('a ring that was on its way when the connection broke never came, and may be asked for again', async () => {
    const { network, play } = world()
    network.begin('slow')
    ring(network, 'a')
    await network.stop()
    await play(2)
    expect([network.phone(CUSTOMER).called, await network.past('a')]).toEqual([0, {}])
    ring(network, 'a')
    await play(4)
    expect([network.phone(CUSTOMER).called, network.rungTwice]).toEqual([1, []])
  })

  it('while its connection is lost, tells nothing, does nothing it is told, and answers truthfully afterwards', async () => {
    const { network, seen, play } = world()
    network.phone(CUSTOMER).whenCalled({ answersAfterMs: 5_000, talksMs: 2_000 })
    ring(network, 'a')
    await play(1)
    network.begin('loseEvents')
    network.send({ type: 'leg.hangUp', legId: 'a', why: 'normal' })
    await expect(network.alive()).rejects.toThrow('the switch is away')
    await play(10)
    network.end('loseEvents')
    await play(11)
    expect(seen).toEqual(['0 leg.rang a', '1 switch.lost', '10 switch.found'])
    expect(await network.alive()).toEqual([])
    expect(await network.past('a')).toEqual({
      startedAt: T0,
      answeredAt: T0 + 5_000,
      ended: { at: T0 + 7_000, outcome: 'answered', by: 'party', cause: 16 },
    })
  })

  it('tells a caller when somebody is on the line, once', async () => {
    const { network, play } = world()
    network.agentPhone('anna').whenCalled({ answersAfterMs: 0 })
    const call = network.call(CUSTOMER, '+46850000000')
    const told: string[] = []
    call?.onJoin(() => told.push(...network.hears(call.legId).legs))
    const legId = call?.legId ?? ''
    network.send({ type: 'leg.answer', legId })
    network.send({ type: 'leg.ring', callId: 'c', legId: 'b', to: { agent: 'anna' }, callerId: null, ringMsMax: 90_000 })
    await play(1)
    network.send({ type: 'bridge.join', callId: 'c', bridge: 'main', legs: [legId] })
    network.send({ type: 'bridge.join', callId: 'c', bridge: 'main', legs: [legId, 'b'] })
    network.send({ type: 'bridge.join', callId: 'c', bridge: 'main', legs: [legId, 'b'] })
    expect(told).toEqual(['b'])
    expect(network.phoneOf('b')).toBe(network.agentPhone('anna'))
  })

  it('an agent’s phone that is away loses its call, is reached by no ring, and is told of when it changes and after a start', async () => {
    const { network, seen, play } = world()
    const rings = (legId: string): void =>
      network.send({ type: 'leg.ring', callId: 'c', legId, to: { agent: 'anna' }, callerId: null, ringMsMax: 90_000 })
    network.agentPhone('anna').whenCalled({ answersAfterMs: 0 })
    rings('a')
    await play(1)
    network.attend('anna', false)
    rings('b')
    await play(2)
    network.attend('anna', true)
    rings('c')
    await play(3)
    expect(seen.slice(2)).toEqual([
      '1 leg.ended a answered network 27',
      '1 phone.lost anna',
      '1 leg.ended b failed network 20',
      '2 phone.found anna',
      '2 leg.rang c',
      '2 leg.answered c',
    ])
    expect(network.agentPhone('anna').called).toBe(2)
    const told: string[] = []
    await network.stop()
    await network.start((event) => told.push(event.type))
    await play(4)
    expect(told).toEqual(['phone.found'])
  })

  it('keeps a list of legs it was asked to ring again', async () => {
    const { network, play } = world()
    ring(network, 'a')
    ring(network, 'a')
    await play(1)
    expect(network.rungTwice).toEqual(['a'])
    expect(network.phone(CUSTOMER).called).toBe(1)
  })
})

describe('the virtual clock', () => {
  it('wakes by time, at one instant in the order asked for, and not who took it back', async () => {
    const clock = new VirtualClock(0)
    const woken: string[] = []
    clock.wake(20, () => woken.push('late'))
    clock.wake(10, () => woken.push('first'))
    const back = clock.wake(10, () => woken.push('never'))
    clock.wake(10, () => clock.wake(0, () => woken.push(`now ${clock.now()}`)))
    clock.wake(10, () => woken.push('second'))
    back()
    back()
    expect(clock.waiting).toBe(4)
    await clock.run(15)
    expect([woken, clock.now(), clock.monotonic()]).toEqual([['first', 'second', 'now 10'], 15, 15])
    await clock.run(Number.POSITIVE_INFINITY)
    expect([woken.at(-1), clock.now(), clock.waiting]).toEqual(['late', 20, 0])
  })

  it('goes over to a real clock without a jump, with all who wait', async () => {
    const clock = new VirtualClock(0)
    const real = new VirtualClock(100)
    const woken: string[] = []
    const say = (what: string) => () => woken.push(`${what} ${clock.now()}`)
    clock.wake(50, say('before'))
    clock.wake(150, say('after'))
    const back = clock.wake(160, say('never'))
    await clock.catchUp(real)
    expect([woken, clock.now()]).toEqual([['before 50'], 100])
    clock.wake(170, say('new'))
    back()
    await real.run(200)
    expect(woken.slice(1)).toEqual(['after 150', 'new 170'])
    expect([clock.now(), clock.monotonic(), clock.waiting]).toEqual([200, 200, 0])
  })

  it('keeps a thousand in order', async () => {
    const clock = new VirtualClock(0)
    const chance = seededChance('heap')
    const woken: number[] = []
    for (let i = 0; i < 1_000; i++) clock.wake(chance.between(0, 500), () => woken.push(clock.now()))
    await clock.run(500, async () => undefined)
    expect(woken).toHaveLength(1_000)
    expect(woken).toEqual([...woken].sort((a, b) => a - b))
  })
})

describe('seeded chance', () => {
  it('is the same for the same seed, another for another', () => {
    const draw = (seed: string): readonly unknown[] => {
      const chance = seededChance(seed)
      return [chance.id(T0), chance.random(), chance.between(1, 6), chance.fork('x').random()]
    }
    expect(draw('1')).toEqual(draw('1'))
    expect(draw('1')).not.toEqual(draw('2'))
  })

  it('makes ids of 26 letters that sort by time and do not repeat', () => {
    const chance = seededChance('ids')
    const ids = Array.from({ length: 2_000 }, (_, i) => chance.id(T0 + i))
    expect(ids.every((id) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toBe(true)
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids.map((id) => id.slice(10))).size).toBe(ids.length)
  })

  it('draws evenly', () => {
    const chance = seededChance('even')
    const counts = new Map<number, number>()
    for (let i = 0; i < 60_000; i++) {
      const eye = chance.between(1, 6)
      counts.set(eye, (counts.get(eye) ?? 0) + 1)
    }
    // Chi-square with five degrees of freedom: 20.5 is met by chance once in a thousand seeds.
    const chi = [1, 2, 3, 4, 5, 6].reduce((sum, eye) => sum + ((counts.get(eye) ?? 0) - 10_000) ** 2 / 10_000, 0)
    expect(chi).toBeLessThan(20.5)
  })
})
