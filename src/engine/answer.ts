/** Around one turn: what comes with its input, which call it is about, and what the one who asked is told. */
import type { Env, Input } from '#core/inputs.ts'
import type { CallId, CampaignId, Ms } from '#core/kernel/kernel.ts'
import { leastMs, type Solution } from '#core/solution/solution.ts'
import type { Turn } from '#core/world/turn.ts'
import { callByEntry, callByLeg, type World } from '#core/world/world.ts'
import type { Chance } from '#ports/clock.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { Answer } from '#ports/engine.ts'

export type Refused = Extract<Answer, { ok: false }>

export function answerOf(done: Turn, callId: CallId | undefined, world: World, input: Input): Answer {
  if (done.refused !== null)
    return { ok: false, refused: done.refused.refused, ...(done.refused.field === undefined ? {} : { field: done.refused.field }) }
  if (done.bug !== null) return { ok: false, refused: 'engine.bug' }
  for (const { fact } of done.facts) {
    if (fact.type === 'callback.ordered') return { ok: true, callId: fact.callId, entryId: fact.entryId }
    // An emergency number out of a conversation is asked in a consult, and is no call of its own.
    if ((fact.type === 'call.started' || fact.type === 'consult.started') && input.type === 'call.dial')
      return { ok: true, callId: fact.callId }
  }
  if (input.type === 'callback.order') {
    for (const id of world.callbacksOf.get(input.person) ?? []) {
      const call = callByEntry(world, id)
      if (call?.entry?.queueId === input.queueId) return { ok: true, callId: call.id, entryId: id }
    }
  }
  return callId === undefined ? { ok: true } : { ok: true, callId }
}

/** Ids are derived from one random id of the input, made when the first is asked for. */
export function envOf(at: Ms, chance: Chance, solution: (version: string) => Solution): Env {
  let ids = 0
  let own: string | null = null
  const id = (prefix: string): string => {
    own ??= chance.id(at)
    ids += 1
    return `${prefix}${own}${ids.toString(36)}`
  }
  return { at, id, solution }
}

export function callOfInput(world: World, input: Input): CallId | undefined {
  if ('callId' in input && input.callId !== undefined) return input.callId
  if ('legId' in input) return callByLeg(world, input.legId)?.id
  return 'entryId' in input ? callByEntry(world, input.entryId)?.id : undefined
}

/** Campaigns whose contacts may still be called. */
const openCampaigns = (world: World): readonly CampaignId[] =>
  [...world.campaigns.values()].flatMap(({ id, endedAt }) => (endedAt === null ? [id] : []))

const CALLS_MONTHS = 'retention.callsMonths'

/**
 * Why this solution cannot be taken now: somebody waits in a queue it does not have, a campaign has the id of one, or what was promised
 * would outlive the calls it was promised in (calls.md 7). null: it can. `contacts`: nobody is promised a call where there are no lists.
 */
export async function clashOf(
  world: World,
  solution: Solution,
  { now, contacts }: { readonly now: () => Ms; readonly contacts: Pick<Contacts, 'latestAsked'> | undefined },
): Promise<Refused | null> {
  const appointment = (await contacts?.latestAsked(openCampaigns(world))) ?? null
  const at = now()
  const { queues, retention } = solution
  for (const queue of world.queues.values())
    if (queue.entries.size > 0 && queues[queue.id] === undefined && !world.campaigns.has(queue.id))
      return { ok: false, refused: 'solution.queueInUse', field: `queues.${queue.id}` }
  for (const id of world.campaigns.keys())
    if (queues[id] !== undefined) return { ok: false, refused: 'campaign.idTaken', field: `queues.${id}` }
  const outlives = (until: Ms | null, months: number): boolean => until !== null && until > at + leastMs(months)
  const promised = (field: string): Refused => ({ ok: false, refused: 'solution.promised', field })
  for (const { entry } of world.calls.values()) {
    const own = queues[entry?.queueId ?? '']?.retentionMonths ?? null
    if (entry != null && outlives(entry.callback?.expiresAt ?? null, own ?? retention.callsMonths))
      return promised(own === null ? CALLS_MONTHS : `queues.${entry.queueId}.retentionMonths`)
  }
  return outlives(appointment, retention.callsMonths) ? promised(CALLS_MONTHS) : null
}
