/** The simulated network, in real time, against the contract every network is held to. */
import type { Clock } from '#ports/clock.ts'
import { seededChance } from '#sim/chance.ts'
import { SimulatedNetwork } from '#sim/network.ts'
import type { Behaviour } from '#sim/people.ts'
import { type Deed, type NetworkUnderTest, telephonyContract } from './telephony.contract.ts'

/** The machine's own time, with a list of who waits so that closing leaves nobody behind. */
function machineClock(): { readonly clock: Clock; stop(): void } {
  const waiting = new Set<NodeJS.Timeout>()
  const clock: Clock = {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    wake: (at, call) => {
      const timer = setTimeout(
        () => {
          waiting.delete(timer)
          call()
        },
        Math.max(0, at - Date.now()),
      )
      waiting.add(timer)
      return () => {
        waiting.delete(timer)
        clearTimeout(timer)
      }
    },
  }
  return { clock, stop: () => [...waiting].map(clearTimeout) }
}

function behaviour(deed: Deed): Behaviour {
  if ('answersAfterMs' in deed) return deed
  if ('busy' in deed) return { busyAfterMs: 0 }
  if ('rejects' in deed) return { rejectsAfterMs: 100 }
  return 'notInUse' in deed ? { failsWith: 'notInUse' } : { ringsMs: 600_000 }
}

async function open(): Promise<NetworkUnderTest> {
  const { clock, stop } = machineClock()
  const telephony = new SimulatedNetwork({ clock, chance: seededChance('contract'), lengthMs: () => 150 })
  telephony.begin('trunkDown', 'dead')
  let numbers = 0
  for (const agent of ['anna', 'bo']) telephony.agentPhone(agent).whenCalled({ answersAfterMs: 10 })
  return {
    telephony,
    ours: '+46850000000',
    deadTrunk: 'dead',
    agents: ['anna', 'bo'],
    call: (from) => {
      const call = telephony.call(from ?? '+46709999999', '+46850000000', { withheld: from === null })
      if (call === undefined) throw new Error('the caller is on the phone')
      return call
    },
    number: (deed) => {
      const number = `+4670000${String(numbers++).padStart(4, '0')}`
      telephony.phone(number).whenCalled(behaviour(deed))
      return number
    },
    rung: async (number) => telephony.phone(number).called,
    hears: async (legId) => telephony.hears(legId).legs,
    received: async (legId) => telephony.phoneOf(legId)?.received ?? '',
    close: async () => stop(),
  }
}

telephonyContract('the simulated network', open)
