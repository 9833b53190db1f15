/** Whether a contact who waits for an agent may be called at this instant: by the lists and dates, and by its number. */
import type * as Call from '#core/call/call.ts'
import { callsOf } from '#core/campaign/spoken.ts'
import type { CallId, Ms } from '#core/kernel/kernel.ts'
import type { World } from '#core/world/world.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Persons } from '#ports/journal.ts'
import type { Numbers } from '#ports/numbers.ts'

export interface BarringPlan {
  readonly world: World
  readonly contacts: Contacts
  readonly persons: Persons
  readonly numbers: () => Numbers
  readonly now: () => Ms
}

/** Why the contact of a call may not be called; null: it may. */
export async function barredNow({ world, contacts, persons, numbers, now }: BarringPlan, callId: CallId): Promise<string | null> {
  const call = world.calls.get(callId)
  if (call?.contact == null || call.customer === null) return null
  const { contactId, number } = call.contact
  const why = await contacts.barred(contactId, number, now())
  if (why !== null) return why
  const row = (await persons.get([call.customer])).get(call.customer)
  return row?.number == null ? 'gone' : numbers().read(row.number).barred
}

/** The calls of all who wait to be called and may not be any more. */
export async function barredAmongWaiting(plan: BarringPlan): Promise<readonly CallId[]> {
  const { world } = plan
  const waiting = [...world.campaigns.values()].flatMap((campaign) => callsOf(world, campaign)).filter(isUnrung)
  const barred: CallId[] = []
  for (const { id } of waiting) if ((await barredNow(plan, id)) !== null) barred.push(id)
  return barred
}

/** An agent is to call it, and its phone has not been rung. */
const isUnrung = ({ contact }: Call.State): boolean => contact?.agentFirst === true && !contact.placed && contact.status !== 'gone'
