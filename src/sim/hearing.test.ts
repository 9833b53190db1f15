import { describe, expect, it } from 'vitest'
import { seededChance } from './chance.ts'
import { VirtualClock } from './clock.ts'
import { hearing, misheard } from './hearing.ts'
import { SimulatedNetwork } from './network.ts'

const CUSTOMER = '+46701234567'
const OUTSIDE = '+46702222222'

/** anna, bo and two numbers outside, all on the line as legs `a`, `b`, `c`, `o`; nobody joined. */
async function all(): Promise<{ network: SimulatedNetwork; join: (bridge: 'main' | 'consult', ...legs: readonly string[]) => void }> {
  const clock = new VirtualClock(0)
  const network = new SimulatedNetwork({ clock, chance: seededChance('1'), lengthMs: () => 3_000 })
  await network.start(() => undefined)
  const parties = { a: { agent: 'anna' }, b: { agent: 'bo' }, c: { number: CUSTOMER }, o: { number: OUTSIDE } } as const
  for (const phone of [network.agentPhone('anna'), network.agentPhone('bo'), network.phone(CUSTOMER), network.phone(OUTSIDE)])
    phone.whenCalled({ answersAfterMs: 0 })
  for (const [legId, to] of Object.entries(parties))
    network.send({ type: 'leg.ring', callId: 'x', legId, to, callerId: null, ringMsMax: 60_000 })
  await clock.run(0)
  return { network, join: (bridge, ...legs) => network.send({ type: 'bridge.join', callId: 'x', bridge, legs }) }
}

describe('who hears whom', () => {
  it('is told for everybody on the line, by number and agent', async () => {
    const { network, join } = await all()
    join('main', 'a', 'c')
    network.send({ type: 'music.start', legId: 'o', music: 'calm' })
    network.send({ type: 'prompt.play', playId: 'p', legs: ['b'], language: 'sv', parts: [{ prompt: 'sorry' }, { digits: '12' }] })
    expect(hearing(network)).toEqual({ anna: [CUSTOMER], [CUSTOMER]: ['anna'], bo: ['prompt', 'prompt:sorry'], [OUTSIDE]: ['music:calm'] })
  })

  it('on hold: a leg joined elsewhere has left the first bridge, and who stays behind hears music only', async () => {
    const { network, join } = await all()
    join('main', 'a', 'c')
    join('main', 'a')
    network.send({ type: 'music.start', legId: 'c', music: 'default' })
    join('consult', 'a', 'b')
    expect(hearing(network)).toEqual({ anna: ['bo'], bo: ['anna'], [CUSTOMER]: ['music:default'], [OUTSIDE]: [] })
    join('main', 'c', 'a')
    expect(hearing(network)).toEqual({ anna: [CUSTOMER], [CUSTOMER]: ['anna'], bo: [], [OUTSIDE]: [] })
  })

  it('in a conference of three each hears both others, and who leaves hears nobody', async () => {
    const { network, join } = await all()
    join('main', 'a', 'c', 'b')
    expect(hearing(network)).toMatchObject({ anna: [CUSTOMER, 'bo'], bo: [CUSTOMER, 'anna'], [CUSTOMER]: ['anna', 'bo'] })
    network.agentPhone('anna').hangUp()
    expect(hearing(network)).toEqual({ bo: [CUSTOMER], [CUSTOMER]: ['bo'], [OUTSIDE]: [] })
  })

  it('muted: nobody hears the leg in whatever bridge, it hears all, until that is taken back', async () => {
    const { network, join } = await all()
    network.send({ type: 'leg.mute', legId: 'a', on: true })
    network.send({ type: 'leg.mute', legId: 'a', on: true })
    join('main', 'a', 'c')
    expect(hearing(network)).toMatchObject({ anna: [CUSTOMER], [CUSTOMER]: [] })
    expect((await network.alive()).find((leg) => leg.legId === 'c')?.joinedWith).toEqual(['a'])
    network.send({ type: 'leg.mute', legId: 'a', on: false })
    expect(hearing(network)).toMatchObject({ anna: [CUSTOMER], [CUSTOMER]: ['anna'] })
  })

  it('differs in words: heard otherwise, not on the line, on the line and not named', () => {
    const heard = { anna: [CUSTOMER], [CUSTOMER]: ['anna'], bo: [] }
    expect(misheard({ at: 3, who: { anna: [CUSTOMER], [CUSTOMER]: ['anna'], bo: [] } }, heard)).toEqual([])
    expect(misheard({ at: 3, who: { anna: ['bo'], [CUSTOMER]: ['anna'], kim: [] } }, heard)).toEqual([
      `at 3: anna hears [${CUSTOMER}], expected that he hears [bo]`,
      'at 3: bo hears [], expected that he is not on the line',
      'at 3: kim is not on the line, expected that he hears []',
    ])
  })
})

describe('digits sent to a phone', () => {
  it('are received in order, once it is answered', async () => {
    const { network } = await all()
    network.send({ type: 'digits.send', legId: 'c', digits: '12#' })
    network.send({ type: 'digits.send', legId: 'c', digits: '*' })
    network.phone(CUSTOMER).hangUp()
    network.send({ type: 'digits.send', legId: 'c', digits: '9' })
    expect(network.phone(CUSTOMER).received).toBe('12#*')
  })
})
