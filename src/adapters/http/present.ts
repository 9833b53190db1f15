/** What the engine and the archive know, as clients see it: numbers and names joined, instants written out. */
import type { ArchiveEvent, Story, StoryLeg } from '#core/archive/story.ts'
import type { Recorded } from '#core/facts.ts'
import type { Ms, Party, PersonId } from '#core/kernel/kernel.ts'
import { OUTBOUND_QUEUE, type Solution } from '#core/solution/solution.ts'
import type { LiveAgent, LiveAlarm, LiveCard, LiveConsult, LiveEntry, LiveMatter, LiveQueue } from '#ports/engine.ts'
import type { PersonRow, Persons } from '#ports/journal.ts'
import type { Call, Event, FactLine, Leg } from '#wire/calls.ts'
import type { Agent, Alarm, Queue, WaitingEntry } from '#wire/live.ts'
import type { ShowContact } from './desk-contacts.ts'

export const iso = (at: Ms): string => new Date(at).toISOString()
export const isoOrNull = (at: Ms | null): string | null => (at === null ? null : iso(at))
/** A field that is there only when it has a value. */
const given = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })

/** The name of a campaign, whose queue has its id; undefined: there is none. */
export type CampaignName = (id: string) => string | undefined

/** What is joined when a page is shown. */
export interface Joined {
  readonly solution: Solution
  readonly persons: ReadonlyMap<PersonId, PersonRow>
  readonly notes: ReadonlyMap<string, string | null>
  /** Names of accounts. */
  readonly users: ReadonlyMap<string, string>
  readonly campaignName: CampaignName
}

const notesOf = (story: Story): string[] => [
  ...story.events.flatMap((event) => event.noteId ?? []),
  ...(story.askFor === undefined ? [] : [story.askFor]),
]

const personsOf = (story: Story): PersonId[] => [
  ...(story.caller === null ? [] : [story.caller]),
  ...[story.from, story.to].flatMap((party) => ('person' in party ? [party.person] : [])),
  ...story.events.flatMap((event) => event.to ?? []),
  ...story.legs.flatMap((leg) => leg.personId ?? []),
]

/** What the live picture names. */
interface Named {
  readonly person: PersonId | null
  readonly askFor?: string
}

/** Whoever waits in these queues, or is in a matter of these agents. */
export const named = (queues: readonly LiveQueue[], agents: readonly LiveAgent[]): readonly Named[] => [
  ...queues.flatMap((queue) => queue.entries),
  ...agents.flatMap((agent) => agent.matter ?? []),
  ...agents.flatMap((agent) => agent.card ?? []),
  ...agents.flatMap(({ matter }) => (matter?.consult != null && 'person' in matter.consult.to ? [matter.consult.to] : [])),
]

/** Everything the stories and persons need, read at once. */
export async function join(
  persons: Persons,
  solution: Solution,
  users: ReadonlyMap<string, string>,
  stories: readonly Story[],
  more: readonly Named[] = [],
  campaignName: CampaignName = () => undefined,
): Promise<Joined> {
  const ids = new Set([...stories.flatMap(personsOf), ...more.flatMap(({ person }) => person ?? [])])
  const noteIds = [...new Set([...stories.flatMap(notesOf), ...more.flatMap(({ askFor }) => askFor ?? [])])]
  const [rows, notes] = await Promise.all([
    ids.size === 0 ? new Map<PersonId, PersonRow>() : persons.get([...ids]),
    Promise.all(noteIds.map(async (id) => [id, await persons.note(id)] as const)),
  ])
  return { solution, persons: rows, notes: new Map(notes), users, campaignName }
}

/** A person's number: erased where the row is gone, withheld where there never was one. */
export function numberOf(
  { persons }: Pick<Joined, 'persons'>,
  id: PersonId | null,
): { number: string | null; erased?: true; withheld?: true } {
  if (id === null) return { number: null }
  const row = persons.get(id)
  if (row === undefined) return { number: null, erased: true }
  return row.number === null ? { number: null, withheld: true } : { number: row.number }
}

const nameOf = ({ persons }: Joined, id: PersonId | null): string | undefined =>
  id === null ? undefined : (persons.get(id)?.name ?? undefined)

const partyOf = (joined: Joined, party: Party): string | null =>
  'agent' in party ? `agent:${party.agent}` : numberOf(joined, party.person).number

export const unansweredLabel = (count: number): string | undefined =>
  count === 0 ? undefined : count === 1 ? '1 unanswered call done' : `${count} unanswered calls done`

/** The words of a note; nothing where it has been erased. */
const noteOf = ({ notes }: Joined, id: string | undefined): string | undefined =>
  id === undefined ? undefined : (notes.get(id) ?? undefined)

const menuName = ({ solution }: Joined, id: string) => ({ id, name: solution.menus[id]?.name ?? id })
const queueName = ({ solution, campaignName }: Joined, id: string) => ({
  id,
  name: solution.queues[id]?.name ?? (id === OUTBOUND_QUEUE ? solution.outbound.queueName : (campaignName(id) ?? id)),
})

const agentName = ({ solution }: Joined, id: string) => ({ id, name: solution.agents[id]?.name ?? id })

function eventOf(joined: Joined, event: ArchiveEvent): Event {
  return {
    id: event.id,
    kind: event.kind,
    startedAt: iso(event.startedAt),
    endedAt: isoOrNull(event.endedAt),
    ...(event.queue === undefined ? {} : { queue: queueName(joined, event.queue) }),
    ...(event.menu === undefined ? {} : { menu: menuName(joined, event.menu) }),
    ...given('choice', event.choice),
    agents: [...event.agents],
    ...(event.to === undefined ? {} : { to: numberOf(joined, event.to).number }),
    ...given('unanswered', event.unanswered),
    ...given('label', unansweredLabel(event.unanswered ?? 0)),
    ...given('by', event.by),
    ...(event.user === undefined ? {} : { byName: joined.users.get(event.user) ?? event.user }),
    ...given('reason', event.reason),
    ...given('note', noteOf(joined, event.noteId)),
    ...(event.learntAt === undefined ? {} : { learntAt: iso(event.learntAt) }),
  }
}

function legOf(joined: Joined, leg: StoryLeg): Leg {
  return {
    id: leg.id,
    party: leg.party,
    ...given('agentId', leg.agentId),
    ...(leg.personId === undefined ? {} : numberOf(joined, leg.personId)),
    ...given('attempt', leg.attempt),
    requestedAt: iso(leg.requestedAt),
    ringingAt: isoOrNull(leg.ringingAt),
    answeredAt: isoOrNull(leg.answeredAt),
    endedAt: isoOrNull(leg.endedAt),
    holds: leg.holds.map(({ from, to }) => ({ from: iso(from), to: isoOrNull(to) })),
    outcome: leg.outcome,
    ...given('by', leg.by),
    cause: leg.cause,
    ...given('notCounted', leg.notCounted),
    ...given('reconciled', leg.reconciled),
    ...(leg.learntAt === undefined ? {} : { learntAt: iso(leg.learntAt) }),
  }
}

/** A story as a client reads it. Agent to agent has no caller's number: it is shown as `xxxxxxx`. */
export function callOf(joined: Joined, story: Story): Call {
  const { number, ...marks } = story.caller === null ? { number: 'xxxxxxx' } : numberOf(joined, story.caller)
  return {
    id: story.id,
    direction: story.direction,
    ...given('origin', story.origin),
    ...given('mode', story.mode),
    ...given('campaignId', story.campaignId),
    ...given('contactId', story.contactId),
    ...given('attempt', story.attempt),
    startedAt: iso(story.startedAt),
    endedAt: isoOrNull(story.endedAt),
    callerNumber: number,
    ...marks,
    from: partyOf(joined, story.from),
    to: partyOf(joined, story.to),
    ...given('orderedBy', story.orderedBy),
    ...given('askFor', noteOf(joined, story.askFor)),
    queues: story.queues.map((id) => queueName(joined, id)),
    agents: story.agents.map((agent) => ({ ...agent, name: joined.solution.agents[agent.id]?.name ?? agent.id })),
    result: story.result,
    waitMs: story.waitMs,
    waitToCustomerMs: story.waitToCustomerMs,
    speakMs: story.speakMs,
    unanswered: story.unanswered,
    relatedCalls: [...story.relatedCalls],
    events: story.events.map((event) => eventOf(joined, event)),
    legs: story.legs.map((leg) => legOf(joined, leg)),
    version: story.position,
  }
}

export const factLine = ({ position, at, fact }: Recorded): FactLine => ({ position, at: iso(at), type: fact.type, fact: { ...fact } })

export function entryOf(joined: Joined, entry: LiveEntry): WaitingEntry {
  return {
    entryId: entry.entryId,
    callId: entry.callId,
    queueId: entry.queueId,
    kind: entry.kind,
    status: entry.status,
    ...numberOf(joined, entry.person),
    ...given('name', nameOf(joined, entry.person)),
    place: entry.place,
    joinedAt: iso(entry.joinedAt),
    waitsSince: iso(entry.waitsSince),
    ...given('attempts', entry.attempts),
    ...given('attemptsMax', entry.attemptsMax),
    ...(entry.until === undefined ? {} : { until: isoOrNull(entry.until) }),
    ...given('offeredTo', entry.offeredTo),
    ...given('askFor', noteOf(joined, entry.askFor)),
  }
}

export function queueOf(joined: Joined, live: LiveQueue): Queue {
  const settings = joined.solution.queues[live.id]
  const { today } = live
  const served = today.offered - today.short
  const waiting = live.entries.filter(({ kind }) => kind === 'line')
  const callbacks = live.entries.filter(({ kind }) => kind === 'callback')
  return {
    id: live.id,
    name: settings?.name ?? live.id,
    open: live.open,
    slaMs: settings?.slaMs ?? 0,
    entries: live.entries.map((entry) => entryOf(joined, entry)),
    waiting: waiting.length,
    longestSince: waiting.length === 0 ? null : iso(Math.min(...waiting.map((entry) => entry.joinedAt))),
    callbacks: callbacks.length,
    callbacksPaused: callbacks.filter(({ status }) => status === 'pausing' || status === 'networkWait').length,
    agents: { ...live.agents },
    expectedWaitMs: live.expectedWaitMs === null ? null : Math.round(live.expectedWaitMs),
    today: { ...today, serviceLevel: served <= 0 ? null : Math.min(1, today.answeredWithinSla / served) },
  }
}

/** A choice made in a menu, `main:1`, as people read it: the menu by its name. */
function stepOf(joined: Joined, step: string): string {
  const [id = '', digit = ''] = step.split(':')
  return `${menuName(joined, id).name}: ${digit}`
}

function matterOf(joined: Joined, matter: LiveMatter, show: ShowContact): NonNullable<Agent['matter']> {
  return {
    callId: matter.callId,
    entryId: matter.entryId,
    queueId: matter.queueId,
    kind: matter.kind,
    phase: matter.phase,
    ...numberOf(joined, matter.person),
    ...given('name', nameOf(joined, matter.person)),
    waitedMs: matter.waitedMs,
    attempt: matter.attempt,
    attemptsMax: matter.attemptsMax,
    menuPath: matter.menuPath.map((step) => stepOf(joined, step)),
    since: iso(matter.since),
    canMarkVoicemail: matter.canMarkVoicemail,
    ...(matter.endsAt === undefined ? {} : { endsAt: iso(matter.endsAt) }),
    ...given('askFor', noteOf(joined, matter.askFor)),
    canCancel: matter.canCancel,
    onHold: matter.onHold,
    muted: matter.muted,
    consult: matter.consult === null ? null : { ...matter.consult, to: consultedOf(joined, matter.consult.to) },
    conference: matter.conference,
    ...(matter.colleague === undefined ? {} : { colleague: agentName(joined, matter.colleague) }),
    ...(matter.contact === undefined ? {} : { contact: show(matter.contact) }),
    ...(matter.comesFrom === undefined ? {} : { comesFrom: { ...agentName(joined, matter.comesFrom.agent), how: matter.comesFrom.how } }),
  }
}

function consultedOf(joined: Joined, to: LiveConsult['to']): NonNullable<NonNullable<Agent['matter']>['consult']>['to'] {
  if ('agent' in to) return { kind: 'agent', ...agentName(joined, to.agent) }
  if ('queue' in to) return { kind: 'queue', ...queueName(joined, to.queue) }
  return { kind: 'number', number: numberOf(joined, to.person).number }
}

function wishOf({ wish }: LiveAgent): Agent['wish'] {
  if (wish === null) return null
  const { state, reason, effectAt, stays } = wish
  return { state, reason, ...(effectAt === undefined ? {} : { effectAt: iso(effectAt) }), ...(stays === undefined ? {} : { stays }) }
}

function cardOf(
  joined: Joined,
  { callId, entryId, person, contact, until, callsAt }: LiveCard,
  show: ShowContact,
): NonNullable<Agent['card']> {
  const { number, erased } = numberOf(joined, person)
  return {
    callId,
    entryId,
    number,
    ...given('erased', erased),
    ...given('name', nameOf(joined, person)),
    contact: show(contact),
    until: iso(until),
    callsAt: isoOrNull(callsAt),
    why: contact.why,
  }
}

export function agentOf(joined: Joined, live: LiveAgent, answersFromDesk: boolean, show: ShowContact): Agent {
  return {
    id: live.id,
    name: joined.solution.agents[live.id]?.name ?? live.id,
    state: live.state,
    since: iso(live.since),
    reason: live.reason,
    until: isoOrNull(live.until),
    wish: wishOf(live),
    queues: [...live.queues],
    callId: live.matter?.callId ?? null,
    answersFromDesk,
    matter: live.matter === null ? null : matterOf(joined, live.matter, show),
    campaigns: [...(live.campaigns ?? [])],
    card: live.card == null ? null : cardOf(joined, live.card, show),
  }
}

/** `story`: of the call it is about; null: it is about none, or nothing is kept of it. */
export const alarmOf = (alarm: LiveAlarm, story: Story | null): Alarm => ({
  id: alarm.id,
  alarm: alarm.alarm,
  raisedAt: iso(alarm.raisedAt),
  ...given('callId', alarm.callId),
  ...given('about', alarm.about),
  ...given('detail', alarm.detail),
  ...(story === null ? {} : { queues: [...story.queues], ...given('campaignId', story.campaignId) }),
})
