/** What an agent does with a contact of a campaign: on a Preview card before the call, in the call, and in the wrap-up after it. */
import type { PeopleCommand } from '#core/commands.ts'
import { Reschedule, SetTopics } from '#wire/contacts.ts'
import { ById } from '#wire/requests.ts'
import { ask, type Mine, mine } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { contactInCall } from './desk-contacts.ts'
import { refused } from './problems.ts'
import { EVERYONE, type Route, route } from './route.ts'

const HAS_ZONE = /(?:Z|[+-]\d{2}:\d{2})$/

/** An instant as it is, or a time by the clock of the contact this agent has in that call. */
async function instantOf(deps: HttpDeps, own: Mine, at: string): Promise<number> {
  if (HAS_ZONE.test(at)) {
    const instant = Date.parse(at)
    if (Number.isNaN(instant)) throw refused('request.invalid', { field: 'at' })
    return instant
  }
  const live = contactInCall(deps, own)
  const contact = live === undefined ? null : await deps.contacts.contact(live.contactId)
  try {
    return deps.calendar().instant(at, contact?.zone ?? deps.engine.solution().zone)
  } catch (error) {
    // A day that is none, as the 30th of February.
    if (error instanceof RangeError) throw refused('request.invalid', { field: 'at' })
    throw error
  }
}

const DONE = { call: 'called', reject: 'rejected', cancel: 'cancelled' } as const

const button = (verb: 'call' | 'reject' | 'cancel', summary: string, refuses: readonly string[]): Route =>
  route({
    method: 'POST',
    path: `/offers/:id/${verb}`,
    summary,
    audit: { what: `card.${DONE[verb]}`, as: 'work' },
    roles: EVERYONE,
    params: ById,
    answer: { status: 204 },
    refuses: ['session.noDesk', 'card.gone', ...refuses],
    handle: async ({ deps, params }, caller) => {
      const command: PeopleCommand = { type: `card.${verb}`, ...mine(caller, params.id) }
      await ask(deps, command, caller.once)
    },
  })

const reschedule = (path: string, summary: string): Route =>
  route({
    method: 'POST',
    path,
    summary,
    audit: { what: 'contact.rescheduled', as: 'work' },
    roles: EVERYONE,
    params: ById,
    body: Reschedule,
    answer: { status: 204 },
    refuses: ['session.noDesk', 'card.gone', 'call.notYours', 'contact.notTalked', 'contact.callsAt'],
    handle: async ({ deps, params, body, note }, caller) => {
      const own = mine(caller, params.id)
      const at = await instantOf(deps, own, body.at)
      await ask(deps, { type: 'contact.reschedule', ...own, at, forAgent: body.for === 'me' ? own.agentId : null }, caller.once)
      note({ details: { at: new Date(at).toISOString(), for: body.for ?? 'anyone' } })
    },
  })

export const offerRoutes: readonly Route[] = [
  button('call', 'Call the contact on one’s Preview card: one’s own phone is rung first', [
    'agent.inCall',
    'agent.unreachable',
    'contact.onALine',
    'switch.away',
  ]),
  button('reject', 'Give the contact on one’s Preview card to the next agent', []),
  button('cancel', 'This contact is never called again by its campaign: on the card, or while its phone rings', []),
  reschedule('/offers/:id/reschedule', 'Have the contact on one’s Preview card called at another time, with an agent first'),
  reschedule('/calls/:id/reschedule', 'Have the contact one talks with, or has talked with, called again at a time, with an agent first'),
  route({
    method: 'POST',
    path: '/calls/:id/topics',
    summary: 'What a call with a contact was about, of the topics of its campaign',
    audit: { what: 'contact.topicsSet', as: 'work' },
    roles: EVERYONE,
    params: ById,
    body: SetTopics,
    answer: { status: 204 },
    refuses: ['session.noDesk', 'call.notYours', 'contact.notTalked', 'contact.topics'],
    handle: async ({ deps, params, body, note }, caller) => {
      const own = mine(caller, params.id)
      await ask(deps, { type: 'contact.setTopics', ...own, topics: body.topics }, caller.once)
      note({ details: { topics: body.topics.length } })
    },
  }),
]
