/** A drawn world with what it needs from outside: `npm run sim`, and the worlds in every run of the tests. */
import { MemoryContacts } from '#adapters/memory/contacts.ts'
import { type Outcome, playSeed } from '#sim/world.ts'

export const simulate = (seed: string): Promise<Outcome> => playSeed(seed, { contacts: () => new MemoryContacts() })
