/** What an agent does with a contact of a campaign: on a Preview card before the call, in the call, and in the wrap-up after it. */
import type { PeopleCommand } from '#core/commands.ts'
import type { Contact } from '#ports/contacts.ts'
import { Reschedule, SetTopics } from '#wire/contacts.ts'
import { ById } from '#wire/requests.ts'
import { ask, type Mine, mine } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { contactInCall } from './desk-contacts.ts'
import { refused } from './problems.ts'
import { EVERYONE, type Route, route } from './route.ts'

const MINUTE_MS = 60_000
const HAS_ZONE = /(?:Z|[+-]\d{2}:\d{2})$/

async function contactOf(deps: HttpDeps, own: Mine): Promise<Contact | null> {
  const live = contactInCall(deps, own)
  return live === undefined ? null : deps.contacts.contact(live.contactId)
}

/** When the contact's calling hours open, where they are closed at an instant; null: they are open, or never will be. */
async function opensAfter(deps: HttpDeps, own: Mine, at: number): Promise<number | null> {
  const contact = await contactOf(deps, own)
  const settings = contact === null ? undefined : deps.campaigns.campaign(contact.campaignId)?.settings
  if (contact === null || settings === undefined) return null
  const asked = { zone: contact.zone, hours: settings.hours, periods: settings.periods, own: contact.window }
  const { open, until } = deps.calendar().calling(asked, at)
  return open ? null : until
}

/** An instant as it is, or a time by the clock of the contact this agent has in that call. */
async function instantOf(deps: HttpDeps, own: Mine, at: string): Promise<number> {
  if (HAS_ZONE.test(at)) {
    const instant = Date.parse(at)
    if (Number.isNaN(instant)) throw refused('request.invalid', { field: 'at' })
    return instant
  }
  try {
    return deps.calendar().instant(at, (await contactOf(deps, own))?.zone ?? deps.engine.solution().zone)
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
    refuses: ['session.noDesk', 'card.gone', 'call.notYours', 'contact.notTalked', 'contact.callsAt', 'contact.outlives', 'contact.alone'],
    handle: async ({ deps, params, body, note }, caller) => {
      const own = mine(caller, params.id)
      const at = await instantOf(deps, own, body.at)
      const { forMinutes } = body
      const opensAt = forMinutes === undefined ? null : await opensAfter(deps, own, at)
      const alone = {
        forAgent: body.for === 'me' ? own.agentId : null,
        ...(forMinutes === undefined ? {} : { aloneMs: forMinutes * MINUTE_MS }),
        ...(opensAt === null ? {} : { opensAt }),
      }
      await ask(deps, { type: 'contact.reschedule', ...own, at, ...alone }, caller.once)
      note({ details: { at: new Date(at).toISOString(), for: body.for ?? 'anyone', ...(forMinutes === undefined ? {} : { forMinutes }) } })
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
