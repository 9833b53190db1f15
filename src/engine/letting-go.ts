/**
 * A person let go (calls.md 7): open callbacks are withdrawn by the rules as for any customer who asks for it, and once no call refers to
 * them any more their row may go. Facts keep the `personId`; nothing of it is changed.
 */
import type * as Call from '#core/call/call.ts'
import type { PeopleCommand } from '#core/commands.ts'
import type { CallId, Party, PersonId } from '#core/kernel/kernel.ts'
import type { World } from '#core/world/world.ts'
import type { Answer, LetGo, LetGoAsked } from '#ports/engine.ts'
import { PortError } from '#ports/errors.ts'
import type { People } from './people.ts'

export interface LettingGo {
  readonly world: World
  readonly people: People
  readonly ask: (command: PeopleCommand) => Promise<Answer>
}

export async function letGo({ world, people, ask }: LettingGo, { number, persons, forget, unlessOpen }: LetGoAsked): Promise<LetGo> {
  const release = await people.hold(number)
  try {
    // A command that finds nothing: when it is answered, all that came before it is in the world.
    const passed = await ask({ type: 'entry.delete', by: 'system', entryId: '' })
    if (!passed.ok && passed.refused === 'engine.stopped')
      throw new PortError('engine', 'letGo', { message: 'the engine has stopped or cannot write', retry: true })
    const withdrawn = unlessOpen === true ? [] : await withdraw(world, persons, ask)
    const open = callsWith(world, persons)
    if (open.length === 0) {
      await forget()
      people.forget(persons)
    }
    return { withdrawn, open }
  } finally {
    release()
  }
}

/** One in whose attempt a phone rings or somebody talks is refused by the rules: it goes when the attempt is over. */
async function withdraw(world: World, persons: readonly PersonId[], ask: LettingGo['ask']): Promise<readonly CallId[]> {
  const withdrawn: CallId[] = []
  for (const entryId of persons.flatMap((person) => world.callbacksOf.get(person) ?? [])) {
    const callId = world.callOfEntry.get(entryId)
    const answer = await ask({ type: 'entry.delete', by: 'customer', entryId })
    if (answer.ok && callId !== undefined) withdrawn.push(callId)
  }
  return withdrawn
}

export const callsWith = (world: World, persons: readonly PersonId[]): readonly CallId[] =>
  persons.length === 0
    ? []
    : [...world.calls.values()].filter((call) => persons.some((person) => concerns(call, person))).map(({ id }) => id)

/** Whether a call that is not over has to do with a person: as its customer, on one of its legs, or as whom a callback is to ring. */
function concerns(call: Call.State, person: PersonId): boolean {
  const is = (party: Party | { readonly queue: string } | undefined): boolean =>
    party !== undefined && 'person' in party && party.person === person
  return (
    call.customer === person ||
    is(call.from) ||
    is(call.to) ||
    is(call.consult?.to) ||
    call.menu?.personId === person ||
    call.entry?.callback?.personId === person ||
    [...call.legs.values()].some((leg) => leg.personId === person)
  )
}
