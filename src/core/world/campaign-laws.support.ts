/** What must hold of campaigns and their contacts after any turn, read off the world by other ways than the rules keep it. */
import type * as Call from '../call/call.ts'
import { countAgents } from '../campaign/counting.ts'
import { spokenFor } from '../campaign/spoken.ts'
import type { Recorded } from '../facts.ts'
import type { Solution } from '../solution/solution.ts'
import type { World } from './world.ts'

export function campaignsBroken(world: World, solution: Solution): readonly string[] {
  return [
    ...listsBroken(world),
    ...cardsBroken(world),
    ...contactsBroken(world),
    ...waitingBroken(world, solution),
    ...countedBroken(world, solution),
  ]
}

function listsBroken(world: World): string[] {
  const broken: string[] = []
  for (const campaign of world.campaigns.values()) {
    const own = [...world.calls.values()].filter(({ contact }) => contact?.campaignId === campaign.id).map(({ id }) => id)
    if ([...campaign.calls].sort().join() !== own.sort().join()) broken.push(`${campaign.id} holds other calls than its own`)
    const { placed, answered, connected, silent, noAnswer, busy, rejected, notInUse, failed, withdrawn } = campaign.totals
    const totals = [campaign.totals, ...campaign.past.map((day) => day.totals)].reduce(
      (sum, day) => sum + day.connected + day.silent - day.answered,
      0,
    )
    if (totals > 0) broken.push(`${campaign.id}: more were joined or silent than answered`)
    const ended = answered + noAnswer + busy + rejected + notInUse + failed + withdrawn
    if (campaign.past.length === 0 && ended > placed) broken.push(`${campaign.id}: more ended than were placed`)
    if (campaign.past.length === 0 && connected + silent > answered) broken.push(`${campaign.id}: more joined than answered`)
    const contacts = own.map((id) => world.calls.get(id)?.contact?.contactId)
    if (new Set(contacts).size !== contacts.length) broken.push(`${campaign.id} has a contact under way twice`)
  }
  return broken
}

function cardsBroken(world: World): string[] {
  const broken: string[] = []
  for (const agent of world.agents.values()) {
    if (agent.card === null) continue
    if (agent.status !== 'ready') broken.push(`${agent.id} is ${agent.status} and has a card`)
    if (world.calls.get(agent.card.callId)?.contact?.card?.agentId !== agent.id) broken.push(`the card of ${agent.id} is not there`)
  }
  for (const { id, contact } of world.calls.values()) {
    if (contact?.card != null && world.agents.get(contact.card.agentId)?.card?.callId !== id) broken.push(`${id}: its card is on no desk`)
    if ((contact?.card != null) !== world.timers.has(`card:${id}`)) broken.push(`${id}: its card has no end, or one without a card`)
  }
  return broken
}

function contactsBroken(world: World): string[] {
  const broken: string[] = []
  for (const call of world.calls.values()) {
    const { contact, entry } = call
    if (contact === null) continue
    const up = [...call.legs.values()].filter((leg) => leg.status !== 'ended')
    const line = up.find((leg) => leg.party === 'customer')
    const own = up.find((leg) => leg.party === 'agent')
    const wrong = (why: string): number => broken.push(`${call.id} (${contact.status}): ${why}`)
    const inQueue = ['dialling', 'answered', 'waiting', 'shown', 'calling'].includes(contact.status)
    if (inQueue !== (entry?.id === contact.entryId)) wrong('in the queue, and it is not')
    if (contact.status === 'dialling' && (line === undefined || line.status === 'answered')) wrong('nobody is rung')
    if (contact.status === 'answered' && line?.status !== 'answered') wrong('nobody is there')
    if ((contact.status === 'answered') !== world.timers.has(`silent:${call.id}`)) wrong('the limit is not watched, or for nothing')
    if ((contact.status === 'waiting' || contact.status === 'shown') && up.length > 0) wrong('a phone rings')
    if (contact.status === 'calling' && own === undefined) wrong('nobody calls')
    if (contact.status === 'silent' && own !== undefined) wrong('an agent is there')
    const { status } = world.campaigns.get(contact.campaignId) ?? { status: 'none' }
    if ((contact.status === 'waiting' || contact.status === 'shown') && status !== 'running') wrong(`waits while the campaign is ${status}`)
  }
  return broken
}

/** Nobody who answered waits while an agent the campaign counts on is ready. */
function waitingBroken(world: World, solution: Solution): string[] {
  if (world.switchAway) return []
  const spoken = spokenFor(world, solution)
  const waits = (call: Call.State): boolean =>
    call.contact?.status === 'answered' && call.entry?.offer === null && (call.contact.silentAt ?? 0) > world.at
  return [...world.calls.values()].filter(waits).flatMap((call) => {
    const there = [...spoken].filter(([, campaignId]) => campaignId === call.contact?.campaignId)
    return there.length === 0 ? [] : [`${call.id} waits, and ${there[0]?.[0]} is ready`]
  })
}

/** Nobody is in two snapshots, and whoever is idle in one is ready with nothing else to do. */
function countedBroken(world: World, solution: Solution): string[] {
  const broken: string[] = []
  const seen = new Map<string, string>()
  for (const [campaignId, groups] of countAgents(world, solution)) {
    for (const agent of Object.values(groups).flat()) {
      const other = seen.get(agent.id)
      if (other !== undefined) broken.push(`${agent.id} is counted in ${other} and in ${campaignId}`)
      seen.set(agent.id, campaignId)
    }
    for (const { id, status, card, wish } of groups.idle)
      if (status !== 'ready' || card !== null || wish !== null) broken.push(`${id} is idle in ${campaignId} and has something to do`)
  }
  return broken
}

/** Where a campaign dials one for each ready agent, no more were taken up than there are agents ready for them. */
export function dealBroken(world: World, campaignId: string, dialled: number): readonly string[] {
  const campaign = world.campaigns.get(campaignId)
  if (campaign === undefined || dialled === 0 || (campaign.settings.mode !== 'progressive' && campaign.limit !== 'reached')) return []
  const air = [...world.calls.values()].filter(
    ({ contact, entry }) =>
      contact?.campaignId === campaignId && (contact.status === 'dialling' || (contact.status === 'answered' && entry?.offer === null)),
  ).length
  const ready = [...world.agents.values()].filter(({ status, card, wish }) => status === 'ready' && card === null && wish === null).length
  return air > ready ? [`${campaignId} has ${air} calls in the air for ${ready} ready agents`] : []
}

/**
 * Each contact taken up is settled once, and before its call is over; nobody is called for a contact who is settled; and whoever is to be
 * there first is: the contact before an agent is rung, or the agent before the contact is.
 */
export function contactFactsBroken(facts: readonly Recorded[]): readonly string[] {
  return [...settledBroken(facts), ...orderBroken(facts)]
}

function orderBroken(facts: readonly Recorded[]): readonly string[] {
  const broken: string[] = []
  const first = new Map<string, 'agent' | 'customer'>()
  const partyOf = new Map<string, string>()
  const there = new Set<string>()
  for (const { fact } of facts) {
    if (fact.type === 'contact.dealt') first.set(fact.callId, fact.agentFirst ? 'agent' : 'customer')
    if (fact.type === 'leg.answered') there.add(`${fact.callId} ${partyOf.get(fact.legId)}`)
    if (fact.type !== 'leg.requested') continue
    partyOf.set(fact.legId, fact.party)
    const awaited = first.get(fact.callId)
    if (awaited !== undefined && fact.party !== awaited && !there.has(`${fact.callId} ${awaited}`))
      broken.push(`${fact.callId} rings the ${fact.party} before the ${awaited} has answered`)
  }
  return broken
}

function settledBroken(facts: readonly Recorded[]): readonly string[] {
  const broken: string[] = []
  const open = new Map<string, 'dealt' | 'settled'>()
  for (const { fact } of facts) {
    if (fact.type === 'contact.dealt') open.set(fact.callId, 'dealt')
    if (fact.type === 'contact.settled') {
      if (open.get(fact.callId) !== 'dealt') broken.push(`${fact.callId} is settled, and was not dealt or is settled already`)
      open.set(fact.callId, 'settled')
      if (fact.tries < 0 || (fact.next === 'again' && fact.dueAt === null))
        broken.push(`${fact.callId} is to be called again, and not when`)
    }
    if (fact.type === 'call.ended' && open.get(fact.callId) === 'dealt') broken.push(`${fact.callId} ended and was never settled`)
    if (fact.type === 'leg.requested' && open.get(fact.callId) === 'settled')
      broken.push(`${fact.callId} rings somebody after it was settled`)
  }
  return broken
}
