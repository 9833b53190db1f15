/** What must hold of any world after any turn, read off the world by other ways than the rules keep it. */
import type * as Call from '../call/call.ts'
import type { Recorded } from '../facts.ts'
import type * as Leg from '../leg/leg.ts'
import { before, isOfferable } from '../queue/entry.ts'
import type { Solution } from '../solution/solution.ts'
import { campaignsBroken, contactFactsBroken } from './campaign-laws.support.ts'
import { endless } from './deadline-laws.support.ts'
import { hearing } from './sounding.ts'
import type { World } from './world.ts'

/** Every law that is broken, as a sentence. */
export function worldBroken(world: World, solution: Solution): readonly string[] {
  return [
    ...agentsBroken(world),
    ...callsBroken(world),
    ...queuesBroken(world),
    ...indexesBroken(world),
    ...timersBroken(world),
    ...campaignsBroken(world, solution),
    ...endless(world),
  ]
}

function agentsBroken(world: World): string[] {
  const broken: string[] = []
  const legs = new Map<string, string[]>()
  for (const call of world.calls.values()) {
    for (const leg of call.legs.values())
      if (leg.agentId !== null && leg.status !== 'ended') legs.set(leg.agentId, [...(legs.get(leg.agentId) ?? []), leg.id])
  }
  for (const [agentId, up] of legs) {
    if (up.length > 1) broken.push(`${agentId} is in ${up.length} matters`)
    if (world.agents.get(agentId)?.matter?.legId !== up[0]) broken.push(`${agentId} does not know of the leg ${up[0]}`)
  }
  for (const agent of world.agents.values()) {
    if (agent.matter !== null && legs.get(agent.id)?.[0] !== agent.matter.legId) broken.push(`${agent.id} is in a matter that is over`)
    if (agent.wrapUpOf !== null && agent.until === null) broken.push(`${agent.id} wraps up for ever`)
  }
  return broken
}

function callsBroken(world: World): string[] {
  const broken: string[] = []
  for (const call of world.calls.values()) {
    const up = [...call.legs.values()].filter((leg) => leg.status !== 'ended')
    if (call.ended) broken.push(`${call.id} has ended and is still here`)
    // An agent may say something of a contact while the wrap-up lasts.
    const wrapped = call.contact !== null && call.talk !== null && world.agents.get(call.talk.agentId)?.wrapUpOf === call.id
    if (up.length === 0 && call.entry === null && !wrapped) broken.push(`${call.id} is over and was not closed`)
    const customers = up.filter((leg) => leg.party === 'customer')
    if (customers.length > 1) broken.push(`${call.id} has ${customers.length} lines to its customer`)
    const rung = up.filter((leg) => leg.party === 'agent' && leg.status !== 'answered')
    if (rung.length > 1) broken.push(`${call.id} is offered to two agents`)
    if (rung.some((leg) => !isWanted(call, leg))) broken.push(`${call.id} rings an agent for nothing`)
    const forCustomer = call.direction === 'inbound' || call.contact?.agentFirst === false
    if (rung.some((leg) => leg.purpose !== null || forCustomer) && call.entry?.callback == null && customers.length === 0)
      broken.push(`${call.id} rings an agent for a customer who is gone`)
    broken.push(...talkBroken(call, up))
    if (call.menu !== null && customers.length === 0) broken.push(`${call.id} talks to nobody`)
    for (const id of [...call.bridges.main, ...call.bridges.consult])
      if (!up.some((leg) => leg.id === id)) broken.push(`${id} is joined and has ended`)
    const waits = call.handover !== null || call.consult !== null
    if (call.menu === null && call.entry === null && call.bridges.main.length < 2 && customers.length > 0 && !waits)
      broken.push(`${call.id}: its customer is nowhere`)
    const offer = call.entry?.offer
    if (offer != null && !up.some((leg) => leg.id === offer.legId)) broken.push(`${call.id} is offered by a leg that has ended`)
  }
  return broken
}

/** For an entry, for an own call, or for a conversation that waits for it. */
function isWanted(call: Call.State, leg: Leg.State): boolean {
  if (leg.purpose === null) return call.entry !== null || call.direction === 'internal'
  return call.handover !== null || (leg.purpose === 'consult' && call.consult?.targetLegId === leg.id)
}

function talkBroken(call: Call.State, up: readonly Leg.State[]): string[] {
  const broken: string[] = []
  const { consult } = call
  const isUp = (id: string | null | undefined): boolean => up.some((leg) => leg.id === id)
  if (consult !== null && !isUp(consult.legId)) broken.push(`${call.id}: who consults is gone`)
  if (consult !== null && !isUp(consult.targetLegId) && call.entry?.kind !== 'consult') broken.push(`${call.id}: nobody is consulted`)
  if (call.entry?.kind === 'consult' && consult === null) broken.push(`${call.id} waits in a queue for nobody`)
  if (call.handover !== null && up.length > 0 && !up.some((leg) => leg.purpose !== null && leg.status !== 'answered'))
    broken.push(`${call.id} waits to be taken over by nobody`)
  if (call.entry?.kind === 'outbound' && up.length === 0) broken.push(`${call.id} is being set up by nobody`)
  const heard = [...hearing(call, 'main'), ...hearing(call, 'consult')]
  if (new Set(heard).size !== heard.length) broken.push(`${call.id}: a leg is in two bridges`)
  for (const leg of up) {
    const waits = leg.held || call.menu !== null || call.entry !== null || call.handover !== null || consult !== null
    if (leg.party === 'customer' && leg.status === 'answered' && !waits && !heard.includes(leg.id))
      broken.push(`${call.id}: its customer hears nothing`)
  }
  return broken
}

function queuesBroken(world: World): string[] {
  const broken: string[] = []
  const entries = [...world.calls.values()].flatMap((call) => call.entry ?? [])
  for (const queue of world.queues.values()) {
    const own = entries.filter((entry) => entry.queueId === queue.id)
    const line = own.filter(isOfferable).sort(before)
    if (JSON.stringify(line.map(({ id }) => id)) !== JSON.stringify(queue.line))
      broken.push(`the line of ${queue.id} is not those who may be offered, in order`)
    if (own.length !== queue.entries.size || own.some(({ id }) => !queue.entries.has(id)))
      broken.push(`${queue.id} holds other entries than its own`)
    const callers = own.filter((entry) => entry.kind === 'line' && entry.callback === null).length
    const callbacks = own.filter((entry) => entry.callback !== null).length
    if (queue.callers !== callers || queue.callbacks !== callbacks)
      broken.push(`${queue.id} counts ${queue.callers} callers and ${queue.callbacks} callbacks, has ${callers} and ${callbacks}`)
  }
  return broken
}

function indexesBroken(world: World): string[] {
  const broken: string[] = []
  const legs = new Map<string, string[]>()
  const callbacks = new Map<string, string[]>()
  for (const call of world.calls.values()) {
    for (const leg of call.legs.values()) {
      if (world.callOfLeg.get(leg.id) !== call.id) broken.push(`${leg.id} is not found`)
      if (leg.personId !== null && leg.status !== 'ended') legs.set(leg.personId, [...(legs.get(leg.personId) ?? []), leg.id])
    }
    const entry = call.entry
    if (entry !== null && world.callOfEntry.get(entry.id) !== call.id) broken.push(`${entry.id} is not found`)
    if (entry?.callback != null) callbacks.set(entry.callback.personId, [...(callbacks.get(entry.callback.personId) ?? []), entry.id])
  }
  const same = (kept: ReadonlyMap<string, readonly string[]>, made: ReadonlyMap<string, string[]>): boolean =>
    kept.size === made.size && [...made].every(([key, ids]) => [...(kept.get(key) ?? [])].sort().join() === ids.sort().join())
  if (!same(world.legsOf, legs)) broken.push('the index of legs by person is wrong')
  if (!same(world.callbacksOf, callbacks)) broken.push('the index of callbacks by person is wrong')
  const known = [...world.calls.values()].reduce((sum, call) => sum + call.legs.size, 0)
  if (world.callOfLeg.size !== known) broken.push('legs of calls that are over are still known')
  const entries = [...world.calls.values()].filter((call) => call.entry !== null).length
  if (world.callOfEntry.size !== entries) broken.push('entries that have left are still known')
  return broken
}

/** No timer for what is gone: it would never be taken away. */
function timersBroken(world: World): string[] {
  return [...world.timers].flatMap(([key, { input }]) => {
    if ('legId' in input) return world.callOfLeg.has(input.legId) ? [] : [`the timer ${key} is for a leg that is gone`]
    if ('entryId' in input) return world.callOfEntry.has(input.entryId) ? [] : [`the timer ${key} is for an entry that is gone`]
    if ('callId' in input) return world.calls.has(input.callId) ? [] : [`the timer ${key} is for a call that is gone`]
    return []
  })
}

/** Laws of the facts as they were recorded. */
export function factsBroken(facts: readonly Recorded[]): readonly string[] {
  const broken: string[] = [...contactFactsBroken(facts)]
  const seen = new Map<string, number>()
  const once = (what: string): void => {
    const times = (seen.get(what) ?? 0) + 1
    seen.set(what, times)
    if (times > 1) broken.push(`${what} twice`)
  }
  facts.forEach(({ fact, position }, index) => {
    if (position !== (facts[0]?.position ?? 0) + index) broken.push(`a hole before ${position}`)
    if (
      'callId' in fact &&
      fact.callId !== undefined &&
      seen.has(`call.ended ${fact.callId}`) &&
      !fact.type.startsWith('agent.') &&
      fact.type !== 'alarm.raised'
    )
      broken.push(`${fact.type} after the end of ${fact.callId}`)
    switch (fact.type) {
      case 'call.started':
      case 'call.ended':
        once(`${fact.type} ${fact.callId}`)
        break
      case 'leg.requested':
      case 'leg.arrived':
        once(`begun ${fact.legId}`)
        break
      case 'leg.answered':
      case 'leg.ended':
        once(`${fact.type} ${fact.legId}`)
        if (fact.type === 'leg.answered' && seen.has(`leg.ended ${fact.legId}`)) broken.push(`${fact.legId} was answered after its end`)
        break
      case 'entry.joined':
      case 'entry.left':
        once(`${fact.type} ${fact.entryId}`)
        break
      case 'callback.attemptEnded':
        if (fact.counted) once(`counted attempt ${fact.attempt} of ${fact.entryId}`)
        break
      case 'bridge.joined':
        for (const legId of fact.legs) if (seen.has(`leg.ended ${legId}`)) broken.push(`${legId} was joined after its end`)
        break
    }
  })
  for (const what of seen.keys()) {
    if (what.startsWith('entry.left ') && !seen.has(`entry.joined ${what.slice(11)}`)) broken.push(`${what} without having joined`)
  }
  return broken
}
