import { expect, it } from 'vitest'
import type { Effect } from '#core/effects.ts'
import type { LegId, PersonId } from '#core/kernel/kernel.ts'
import type { Persons } from '#ports/journal.ts'
import type { Telephony, TelephonyCommand } from '#ports/telephony.ts'
import { Collector } from './collector.ts'
import { Hands } from './hands.ts'
import { People } from './people.ts'

const persons: Persons = {
  find: async () => undefined,
  get: async (ids) => new Map(ids.map((personId) => [personId, { personId, number: `+46${personId}`, kind: 'person' }])),
  note: async () => null,
}
const ring = (legId: LegId, person: PersonId): Effect => ({
  type: 'leg.ring',
  callId: 'c',
  legId,
  to: { person },
  callerId: null,
  ringMsMax: 1,
})

function hands(onSend: (command: TelephonyCommand) => void, rings: (legId: LegId) => boolean = () => true): Hands {
  const telephony: Telephony = {
    answersFromDesk: () => true,
    phoneSeenAt: () => null,
    start: async () => undefined,
    send: onSend,
    alive: async () => [],
    plays: async () => false,
    past: async () => null,
    stop: async () => undefined,
  }
  const clock = { now: () => 0, monotonic: () => 0, wake: () => () => undefined }
  const people = new People(persons, { id: () => 'x' })
  return new Hands({ telephony, people, collector: new Collector(clock, () => undefined), log: () => undefined, rings })
}

it('carries out in order, each once its number is looked up', async () => {
  const sent: unknown[] = []
  const own = hands((command) => sent.push(command.type === 'leg.ring' ? command.to : command.type))
  own.carryOut(ring('a', '1'))
  own.carryOut({ type: 'leg.answer', legId: 'b' })
  await own.whenIdle()
  expect(sent).toEqual([{ number: '+461' }, 'leg.answer'])
})

it('what comes in the moment after the last was sent does not wait for another', async () => {
  const sent: string[] = []
  const own = hands((command) => {
    if (command.type !== 'leg.ring') return
    sent.push(command.legId)
    if (command.legId === 'a') queueMicrotask(() => own.carryOut(ring('b', '2')))
  })
  own.carryOut(ring('a', '1'))
  await own.whenIdle()
  expect(sent).toEqual(['a', 'b'])
  expect(own.idle()).toBe(true)
})

it('nobody is rung who was to be rung no more when the number was at hand', async () => {
  const sent: string[] = []
  const withdrawn = new Set<LegId>()
  const own = hands(
    (command) => command.type === 'leg.ring' && sent.push(command.legId),
    (legId) => !withdrawn.has(legId),
  )
  own.carryOut(ring('a', '1'))
  own.carryOut(ring('b', '2'))
  withdrawn.add('a')
  await own.whenIdle()
  expect(sent).toEqual(['b'])
})
