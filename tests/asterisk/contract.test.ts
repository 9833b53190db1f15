/** Asterisk against the contract every network is held to. One Asterisk serves the whole suite; each case has an adapter of its own. */
import { afterAll, beforeAll, describe } from 'vitest'
import { type Caller, type NetworkUnderTest, telephonyContract } from '../telephony.contract.ts'
import { noAsterisk, openSite, ours, type Site, sipCalls } from './network.ts'
import type { Outgoing } from './people.ts'

const suite = 'the Telephony contract on a real Asterisk'

describe.skipIf(noAsterisk(suite))(suite, () => {
  let site: Site
  let numbers = 0

  beforeAll(async () => {
    site = await openSite(['anna', 'bo'])
    for (const agent of ['anna', 'bo']) site.people.does(agent, { answersAfterMs: 10 })
  })
  afterAll(() => site.close())

  /** Keys and hanging up wait until the call has been made. */
  const calling = (from: string | null): Caller => {
    const made: Promise<Outgoing> = site.people.call(from, ours)
    const then = (act: (call: Outgoing) => void): void => {
      made.then(act).catch((error: unknown) => site.troubles.push(String(error)))
    }
    return { press: (digits) => then((call) => call.press(digits)), hangUp: () => then((call) => call.hangUp()) }
  }

  const hears = async (legId: string): Promise<readonly string[]> => {
    const calls = await sipCalls(site.instance)
    const listener = site.people.lineOf(calls.get(legId) ?? '')
    const tones = listener?.speech.hearsNow() ?? []
    return [...calls].flatMap(([leg, sipCall]) => {
      const line = site.people.lineOf(sipCall)
      return line !== undefined && line !== listener && tones.includes(line.speech.tone) ? [leg] : []
    })
  }

  telephonyContract('Asterisk', async (): Promise<NetworkUnderTest> => {
    return {
      telephony: site.telephony(),
      ours,
      agents: ['anna', 'bo'],
      deadTrunk: 'dead',
      call: calling,
      number: (deed) => {
        const number = `+4670000${String(numbers++).padStart(4, '0')}`
        site.people.does(number, deed)
        site.refusers.does(number, { refuses: '503 Service Unavailable' })
        return number
      },
      rung: async (number) => site.people.rung.get(number) ?? 0,
      hears,
      received: async (legId) => site.people.lineOf((await sipCalls(site.instance)).get(legId) ?? '')?.speech.received ?? '',
      close: async () => undefined,
    }
  })
})
