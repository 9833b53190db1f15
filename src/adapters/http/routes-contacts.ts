/** The contacts of a campaign, one by one and all of them with what came of them. */
import { ByContact, CampaignContacts, CampaignContact as ContactSchema, ContactsQuery } from '#wire/contacts.ts'
import { ById } from '#wire/requests.ts'
import { accepted } from './accepted.ts'
import { contactResults } from './contact-results.ts'
import { SentFile } from './list-file.ts'
import { contactOf } from './present-campaigns.ts'
import { refused } from './problems.ts'
import { CAMPAIGN_READERS, type Route, route } from './route.ts'
import { campaignFor } from './routes-campaigns.ts'
import { wholeNumberIn } from './search.ts'

const PAGE = 50
const TYPES = ['application/json', 'text/csv', 'application/x-ndjson'] as const

export const contactRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/campaigns/:id/contacts',
    summary: 'Contacts in the order of the import; all of them with their results as CSV or NDJSON by Accept, streamed to the end',
    audit: { what: 'campaign.contactsListed', or: ['campaign.contactsExported'], as: 'look' },
    roles: CAMPAIGN_READERS,
    token: 'contacts.read',
    params: ById,
    query: ContactsQuery,
    answer: { status: 200, schema: CampaignContacts, types: TYPES },
    refuses: ['campaign.unknown', 'request.notAcceptable', 'number.masked'],
    handle: async (asked, caller) => {
      const { deps, query, reply, request, note } = asked
      const type = accepted(TYPES, request.headers.accept)
      const { id } = campaignFor(asked, caller, asked.params.id)
      if (type !== 'application/json') {
        note({ what: 'campaign.contactsExported', details: { as: type } })
        reply.header('content-disposition', `attachment; filename="${id}-contacts.${type === 'text/csv' ? 'csv' : 'ndjson'}"`)
        reply.type(`${type}; charset=utf-8`)
        return SentFile.of(await contactResults(deps.contacts, id, type))
      }
      const { state = null, q = null, after = null, limit = PAGE } = query
      const number = wholeNumberIn(caller.mask(), q, 'q', deps.numbers())
      const [page, columns] = await Promise.all([
        deps.contacts.contacts({ campaignId: id, state, after, limit, ...(number === null ? { text: q } : { text: null, number }) }),
        deps.contacts.columns(id),
      ])
      note({ details: { ...(q !== null && { q: 'given' }), ...(state !== null && { state }), ...(after !== null && { page: 'next' }) } })
      return { items: page.contacts.map(contactOf), next: page.next, columns: [...columns] }
    },
  }),
  route({
    method: 'GET',
    path: '/campaigns/:id/contacts/:contactId',
    summary: 'One contact, with the calls it was tried in',
    audit: { what: 'campaign.contactRead', as: 'look' },
    roles: CAMPAIGN_READERS,
    token: 'contacts.read',
    params: ByContact,
    answer: { status: 200, schema: ContactSchema },
    refuses: ['campaign.unknown', 'contact.unknown'],
    handle: async (asked, caller) => {
      const { id } = campaignFor(asked, caller, asked.params.id)
      const contact = await asked.deps.contacts.contact(asked.params.contactId)
      if (contact === null || contact.campaignId !== id) throw refused('contact.unknown')
      return contactOf(contact)
    },
  }),
]
