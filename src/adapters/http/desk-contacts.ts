/** The contacts that agents have on their screens, read from the lists at once. */
import type { Contact } from '#ports/contacts.ts'
import type { LiveAgent, LiveContact } from '#ports/engine.ts'
import type { ContactOnDesk } from '#wire/contacts.ts'
import type { HttpDeps } from './deps.ts'

export type ShowContact = (contact: LiveContact) => ContactOnDesk

const contactsOf = ({ matter, card }: LiveAgent): readonly LiveContact[] => [
  ...(matter?.contact === undefined ? [] : [matter.contact]),
  ...(card == null ? [] : [card.contact]),
]

/** The contact this agent has in that call: on a card, in it, or in the wrap-up after it. */
export function contactInCall({ engine }: HttpDeps, { agentId, callId }: { readonly agentId: string; readonly callId: string }) {
  const { card, matter } = engine.agent(agentId) ?? {}
  return card?.callId === callId ? card.contact : matter?.callId === callId ? matter.contact : undefined
}

/** For these agents. A contact that is in no list any more is shown with what the campaign knows. */
export async function contactsOnDesks({ campaigns, contacts }: HttpDeps, agents: readonly LiveAgent[]): Promise<ShowContact> {
  const ids = [...new Set(agents.flatMap(contactsOf).map(({ contactId }) => contactId))]
  const rows = new Map<string, Contact | null>(await Promise.all(ids.map(async (id) => [id, await contacts.contact(id)] as const)))
  return ({ campaignId, contactId, attempt, topics }) => {
    const row = rows.get(contactId) ?? null
    const settings = campaigns.campaign(campaignId)?.settings
    return {
      contactId,
      campaignId,
      campaign: settings?.name ?? campaignId,
      externalId: row?.externalId ?? null,
      language: row?.language ?? null,
      zone: row?.zone ?? null,
      columns: { ...row?.columns },
      attempt,
      attemptsMax: Math.max(attempt, settings?.attemptsMax ?? attempt),
      topics: [...topics],
      topicsToChoose: [...(settings?.topics ?? [])],
    }
  }
}
