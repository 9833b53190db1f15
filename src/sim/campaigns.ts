/** A scenario's campaigns: their settings with every default filled in, their lists, and their owner's deeds as commands. */
import type { Settings, Window } from '#core/campaign/settings.ts'
import type { PeopleCommand } from '#core/commands.ts'
import type { Ms, PersonId } from '#core/kernel/kernel.ts'
import type { ContactDraft, Contacts } from '#ports/contacts.ts'
import type { ScenarioCampaign, ScenarioContact } from './scenario.ts'

const toMs = (seconds: number): Ms => Math.round(seconds * 1_000)
const HOUR_MS: Ms = 3_600_000

const windowOf = (text: string): Window => {
  const [from = '', to = ''] = text.split('-')
  return { from, to }
}
const windowsOf = (lists: Readonly<Record<string, readonly string[] | undefined>>): Readonly<Record<string, readonly Window[]>> =>
  Object.fromEntries(Object.entries(lists).map(([key, list = []]) => [key, list.map(windowOf)]))

const ALWAYS: Settings['hours'] = {
  days: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [{ from: '00:00', to: '24:00' }]])),
  holidays: {},
}

/** Where nothing is said: always open, one attempt, no wrap-up; the rest as a campaign usually has it. */
export function campaignSettings(
  id: string,
  file: ScenarioCampaign,
  of: { readonly country: string; readonly lineOf: (number: string) => PersonId | undefined },
): Settings {
  const { hours } = file
  return {
    name: file.name ?? id,
    mode: file.mode,
    skill: file.skill ?? null,
    priority: file.priority ?? 0,
    ratio: file.ratio ?? 1,
    attemptsMax: file.attempts ?? 1,
    pauseMs: toMs(file.pauseSeconds ?? 3_600),
    ringMs: toMs(file.ringSeconds ?? 30),
    retry: file.retry ?? { unanswered: true, busy: true, rejected: true, failed: true },
    retriesFirst: file.retriesFirst ?? false,
    sort: file.sort ?? [],
    filters: file.filters ?? [],
    hours: hours === undefined ? ALWAYS : { days: windowsOf(hours.days), holidays: windowsOf(hours.holidays) },
    periods: (file.periods ?? []).map(windowOf),
    startsAt: null,
    wrapUpMs: toMs(file.wrapUpSeconds ?? 0),
    ringAgentMs: toMs(file.ringAgentSeconds ?? 20),
    cardMs: toMs(file.cardSeconds ?? 60),
    autoCallMs: file.autoCallSeconds == null ? null : toMs(file.autoCallSeconds),
    whenAllSpokenFor: file.whenAllSpokenFor ?? 'inbound',
    silentTarget: file.silentTarget ?? 0.03,
    silentAfterMs: toMs(file.silentAfterSeconds ?? 2),
    silentMessage: file.silentMessage ?? { on: true, reason: null },
    silentAgainAfterMs: Math.round((file.silentAgainAfterHours ?? 72) * HOUR_MS),
    silentCallback: file.silentCallback ?? false,
    mayHangUp: file.mayHangUp ?? true,
    callerId: file.callerId == null ? null : (of.lineOf(file.callerId) ?? null),
    country: of.country,
    topics: file.topics ?? [],
    liveMax: file.liveMax ?? 1_000,
  }
}

const draftOf = (contact: ScenarioContact, of: { readonly zone: string; readonly startsAt: Ms }): ContactDraft => ({
  phone: contact.phone,
  phone2: contact.phone2 ?? null,
  externalId: contact.id,
  name: contact.name ?? null,
  zone: contact.zone ?? of.zone,
  language: contact.language ?? null,
  from: contact.from === undefined ? null : of.startsAt + toMs(contact.from),
  to: contact.to === undefined ? null : of.startsAt + toMs(contact.to),
  window: contact.window === undefined ? null : windowOf(contact.window),
  columns: contact.columns ?? {},
})

/** The list as it stands when the story begins. */
export async function importContacts(
  contacts: Contacts,
  campaignId: string,
  list: readonly ScenarioContact[],
  of: { readonly zone: string; readonly startsAt: Ms },
): Promise<void> {
  const asked = { campaignId, at: of.startsAt, user: 'story', fileName: 'story', how: 'add', hash: null } as const
  const staged = await contacts.startImport(asked)
  if ('confirmed' in staged) return
  await staged.add(
    list.map((contact, index) => ({ row: index + 1, line: index + 2, draft: draftOf(contact, of) })),
    [],
    0,
  )
  const { id } = await staged.finish()
  await contacts.confirm(id, of.startsAt)
}

export const campaignCommand = (campaignId: string, deed: 'start' | 'pause' | 'stop'): PeopleCommand => ({
  type: `campaign.${deed}`,
  by: 'campaign',
  campaignId,
})
