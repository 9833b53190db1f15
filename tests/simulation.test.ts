/** A few drawn worlds in every run of the tests; `npm run sim -- --seeds N` plays many. Each of these once broke a law. */
import { describe, expect, it } from 'vitest'
import { playSeed } from '#sim/world.ts'

describe('a drawn world holds every law', () => {
  it.each([
    ['5', 'a start waited for ever for a number being looked up, and a ring went out twice after a full disk'],
    ['10', 'as 5, with a caller on the line'],
    ['64', 'after a crash an agent was rung for a caller who was found gone'],
    ['23', 'the same, in a callback'],
    ['25', 'a colleague who was consulted called for help, and hung up on himself'],
    ['69', 'a caller found gone was sent to an exit, and a message outlasted its conversation'],
    ['118', 'an agent’s own call that ended while the engine was away went on waiting in the story'],
  ])('seed %s: %s', async (seed) => {
    const { broken, calls, restarts } = await playSeed(seed)
    expect(broken).toEqual([])
    expect(calls).toBeGreaterThan(50)
    expect(restarts).toBeGreaterThan(0)
  })

  it('is the same world for the same seed', async () => {
    const [one, same] = [await playSeed('17'), await playSeed('17')]
    expect(JSON.stringify(same)).toBe(JSON.stringify(one))
  })
})
