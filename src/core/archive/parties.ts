import type { AgentId, PersonId } from '../kernel/kernel.ts'
import type { Story } from './story.ts'

/**
 * Whom a search by number or person finds a call by: the customer, and whoever outside was rung or joined. Our own lines are not
 * among them: a search for a beginning of our own number would find every call.
 */
export const outsideParties = (story: Story): readonly PersonId[] => {
  const parties = new Set<PersonId>()
  if (story.caller !== null) parties.add(story.caller)
  for (const leg of story.legs) if (leg.personId !== undefined) parties.add(leg.personId)
  for (const event of story.events) if (event.to !== undefined) parties.add(event.to)
  return [...parties]
}

/**
 * Whose call it is: the agents involved, and whoever ordered it, although he may never have been on the line (B6, B7). Who was rung and
 * did not answer has no part in it. This is what an agent may see (interfaces.md 4).
 */
export const ownersOf = ({ agents, from, orderedBy }: Pick<Story, 'agents' | 'from' | 'orderedBy'>): readonly AgentId[] => {
  const owners = new Set(agents.map((agent) => agent.id))
  if ('agent' in from) owners.add(from.agent)
  if (orderedBy !== undefined) owners.add(orderedBy)
  return [...owners]
}
