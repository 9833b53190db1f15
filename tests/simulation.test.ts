/**
 * A few drawn worlds in every run of the tests; `npm run sim -- --seeds N` plays many. Each of these once broke a law, in another shape of
 * the drawn world perhaps; the story of each stands beside the code that was wrong.
 */
import { describe, expect, it } from 'vitest'
import { simulate } from '#app/simulation.ts'

describe('a drawn world holds every law', () => {
  it.each([
    ['38', 'a start whose engine was fenced off waited for ever'],
    ['89', 'a number asked for advice was joined with an agent who had hung up while nobody could hear the switch'],
    ['100', 'a message to somebody who had hung up outlasted the call'],
    ['1127', 'an agent who asked a queue for somebody waited on in the story after he had hung up'],
    ['1481', 'a ring the switch was never told of, for it was away, ran out and counted as an attempt'],
    ['138', 'a customer’s phone rang for an instant after a full disk, and an attempt was used up'],
    ['856', 'help was called for out of a consult, and no fact told that the agent was back with the customer'],
    ['879', 'one of three asked somebody, and the third heard nothing'],
    ['1784', 'an agent who called for help while logged off was ready afterwards'],
    ['3077', 'an agent asked a queue, and heard nothing after a restart'],
  ])('seed %s: %s', async (seed) => {
    const { broken, calls, restarts } = await simulate(seed)
    expect(broken).toEqual([])
    expect(calls).toBeGreaterThan(50)
    expect(restarts).toBeGreaterThan(0)
  })

  it('is the same world for the same seed', async () => {
    const [one, same] = [await simulate('17'), await simulate('17')]
    expect(JSON.stringify(same)).toBe(JSON.stringify(one))
  })
})
