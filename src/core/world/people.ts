/**
 * What people may ask for, and when the rules say no.
 */
import * as Agent from '../agent/agent.ts'
import type * as Call from '../call/call.ts'
import { customerLeg } from '../call/call.ts'
import * as Callback from '../callback/callback.ts'
import type { By, DeletedReason, Fact } from '../facts.ts'
import type { Consequence, Env, Input, PeopleInput } from '../inputs.ts'
import { type AgentId, type CallId, type Decision, isRefused, refuse } from '../kernel/kernel.ts'
import * as Leg from '../leg/leg.ts'
import * as Entry from '../queue/entry.ts'
import { callbacksWaiting } from '../queue/matching.ts'
import type * as Campaigning from './campaigning.ts'
import { askOfCampaigns, wishOf } from './campaigning.ts'
import { takenOutBy } from './cards.ts'
import { drop } from './ending.ts'
import { settingsOf } from './legs.ts'
import { cancel, dial } from './outward.ts'
import type * as Sweeping from './sweeping.ts'
import { release } from './sweeping.ts'
import type * as Talking from './talking.ts'
import { emergencyInTalk, talk } from './talking.ts'
import { agentById, callByEntry, callByLeg, entryById, type World } from './world.ts'

export type Refusal =
  | Agent.Refusal
  | Entry.Refusal
  | Callback.Refusal
  | Talking.Refusal
  | Campaigning.Refusal
  | Sweeping.Refusal
  | 'agent.pauseReason'
  | 'offer.gone'
  | 'call.notYours'
  | 'entry.unknown'
  | 'entry.ofAgent'
  | 'entry.ofCampaign'
  | 'queue.unknown'
  | 'callback.notOffered'
  | 'callback.barred'
  | 'callback.full'
  | 'callback.notBefore'
  | 'callback.askFor'
  | 'callback.unknown'
  | 'alarm.unknown'

const PEOPLE = new Set<string>([
  'agent.logOn',
  'agent.logOff',
  'agent.pause',
  'agent.return',
  'agent.release',
  'agent.extendWrapUp',
  'offer.answer',
  'offer.reject',
  'talk.hangUp',
  'call.dial',
  'call.cancel',
  'talk.hold',
  'talk.resume',
  'talk.mute',
  'talk.unmute',
  'talk.digits',
  'talk.consult',
  'talk.swap',
  'talk.conference',
  'talk.endConsult',
  'talk.transfer',
  'callback.markVoicemail',
  'callback.order',
  'entry.delete',
  'callback.callNow',
  'alarm.clear',
  'card.call',
  'card.reject',
  'card.cancel',
  'contact.reschedule',
  'contact.markUnanswered',
  'contact.setTopics',
  'campaign.write',
  'campaign.start',
  'campaign.pause',
  'campaign.stop',
  'campaign.schedule',
  'campaign.remove',
  'doNotCall.add',
  'doNotCall.remove',
])
export const isPeople = (input: Input | Consequence): input is PeopleInput => PEOPLE.has(input.type)

export function ask(world: World, input: PeopleInput, env: Env): Decision<Fact, Refusal> {
  switch (input.type) {
    case 'agent.logOn':
    case 'agent.logOff':
    case 'agent.return':
    case 'agent.extendWrapUp':
    case 'agent.pause': {
      const solution = env.solution(world.solution)
      if (solution.agents[input.agentId] === undefined) return refuse('agent.unknown', 'agentId')
      if (input.type === 'agent.pause' && !solution.pauseReasons.includes(input.reason)) return refuse('agent.pauseReason', 'reason')
      const later = input.type === 'agent.pause' || input.type === 'agent.logOff' ? wishOf(world, input, env) : null
      return later ?? Agent.decide(agentById(world, input.agentId), input, env.at)
    }
    case 'agent.release':
      return release(world, input, env)
    case 'offer.answer':
      return offered(world, input.agentId, input.callId) === undefined ? refuse('offer.gone') : []
    case 'offer.reject': {
      const leg = offered(world, input.agentId, input.callId)
      return leg === undefined ? refuse('offer.gone') : Leg.decide(leg, { type: 'end', outcome: 'rejected', by: 'party', cause: 21 })
    }
    case 'talk.hangUp': {
      const leg = legOfAgent(world, input.agentId, input.callId)
      return leg === undefined ? refuse('call.notYours') : Leg.decide(leg, { type: 'end', outcome: 'rejected', by: 'party', cause: 16 })
    }
    case 'call.dial':
      return emergencyInTalk(world, input, env) ?? dial(world, input, env)
    case 'call.cancel':
      return cancel(world, input)
    case 'talk.hold':
    case 'talk.resume':
    case 'talk.mute':
    case 'talk.unmute':
    case 'talk.digits':
    case 'talk.consult':
    case 'talk.swap':
    case 'talk.conference':
    case 'talk.endConsult':
    case 'talk.transfer':
      return talk(world, input, env)
    case 'callback.markVoicemail':
      return markVoicemail(world, input.agentId, input.callId, env)
    case 'callback.order':
      return order(world, input, env)
    case 'entry.delete':
      return remove(world, input, env)
    case 'callback.callNow': {
      const callback = entryById(world, input.entryId)?.callback
      if (callback == null) return refuse('callback.unknown')
      return Callback.decide(
        callback,
        { type: 'hasten', by: input.by, ...(input.user === undefined ? {} : { user: input.user }) },
        settingsOf(undefined),
        env.at,
      )
    }
    case 'alarm.clear': {
      const stands = world.alarms.get(input.alarm)
      if (stands === undefined) return refuse('alarm.unknown')
      const about = stands.callId ?? stands.about
      return [
        {
          type: 'alarm.cleared',
          alarm: stands.alarm,
          ...(about === undefined ? {} : { about }),
          ...(input.user === undefined ? {} : { by: input.user }),
        },
      ]
    }
    default:
      return askOfCampaigns(world, input, env)
  }
}

function legOfAgent(world: World, agentId: AgentId, callId: CallId): Leg.State | undefined {
  const matter = agentById(world, agentId).matter
  return matter === null || matter.callId !== callId ? undefined : callByLeg(world, matter.legId)?.legs.get(matter.legId)
}

function offered(world: World, agentId: AgentId, callId: CallId): Leg.State | undefined {
  const leg = legOfAgent(world, agentId, callId)
  return leg === undefined || leg.status === 'answered' || leg.status === 'ended' ? undefined : leg
}

function markVoicemail(world: World, agentId: AgentId, callId: CallId, env: Env): Decision<Fact, Refusal> {
  const call = world.calls.get(callId)
  const callback = call?.entry?.callback
  if (call?.talk?.agentId !== agentId) return refuse('call.notYours')
  if (callback == null) return refuse('callback.noVoicemail')
  const customer = [...call.legs.values()].findLast((leg) => leg.party === 'customer' && leg.attempt !== null)
  if (customer === undefined) return refuse('callback.noVoicemail')
  return Callback.decide(callback, { type: 'markVoicemail', legId: customer.id, agentId }, settingsOf(undefined), env.at)
}

/** A callback ordered by a web form: valid for as long as its queue says, in a call of its own. One that is open already is confirmed. */
function order(world: World, input: Extract<PeopleInput, { type: 'callback.order' }>, env: Env): Decision<Fact, Refusal> {
  const solution = env.solution(world.solution)
  const queue = solution.queues[input.queueId]
  if (queue === undefined) return refuse('queue.unknown', 'queueId')
  if (queue.callback === null) return refuse('callback.notOffered', 'queueId')
  if (input.barred !== null) return refuse('callback.barred', 'number')
  if (solution.lines[input.person] !== undefined) return refuse('number.own', 'number')
  const notBefore = input.notBefore ?? null
  const expiresAt = env.at + queue.callback.webOrderMs
  if (notBefore !== null && (notBefore < env.at || notBefore > expiresAt)) return refuse('callback.notBefore', 'notBefore')
  if (input.switchboard === true && input.noteId === undefined) return refuse('callback.askFor', 'name')
  if (openFor(world, input) !== undefined) return []
  if (callbacksWaiting(world, queue.id) >= queue.callback.waitingMax) return refuse('callback.full', 'queueId')
  const callId = env.id('c')
  const entryId = env.id('e')
  return [
    {
      type: 'call.started',
      callId,
      direction: 'inbound',
      origin: 'web',
      from: { person: input.person },
      to: { person: input.line },
      customer: input.person,
      solution: solution.version,
      language: solution.language,
    },
    {
      type: 'entry.joined',
      callId,
      entryId,
      queueId: queue.id,
      kind: 'web',
      place: 'end',
      since: env.at,
      leavesAt: null,
      slaMs: queue.slaMs,
    },
    {
      type: 'callback.ordered',
      callId,
      entryId,
      personId: input.person,
      attemptsMax: queue.callback.attemptsMax,
      notBefore,
      expiresAt,
      ...(input.switchboard === true ? { switchboard: true } : {}),
      ...(input.noteId === undefined ? {} : { noteId: input.noteId }),
    },
  ]
}

/** The callback this number has open in this queue, if it is one customer's alone. */
export const openFor = (world: World, input: Extract<PeopleInput, { type: 'callback.order' }>): Entry.State | undefined =>
  (input.switchboard === true ? [] : (world.callbacksOf.get(input.person) ?? []))
    .map((id) => entryById(world, id))
    .find((entry) => entry?.queueId === input.queueId)

const WHY: Readonly<Record<By, DeletedReason>> = {
  supervisor: 'supervisor',
  customer: 'customer',
  agent: 'cancelled',
  campaign: 'stopped',
  system: 'expired',
}

function remove(world: World, input: Extract<PeopleInput, { type: 'entry.delete' }>, env: Env): Decision<Fact, Refusal> {
  const call = callByEntry(world, input.entryId)
  const entry = call?.entry
  if (call === undefined || entry?.id !== input.entryId) return refuse('entry.unknown')
  if (entry.kind === 'consult' || entry.kind === 'outbound') return refuse('entry.ofAgent')
  if (entry.kind === 'dialler') return takenOutBy(call, input.by, WHY[input.by], env, input.user) ?? refuse('entry.ofCampaign')
  const decided = Entry.decide(entry, {
    type: 'delete',
    by: input.by,
    why: WHY[input.by],
    ...(input.user === undefined ? {} : { user: input.user }),
    ...(input.noteId === undefined ? {} : { noteId: input.noteId }),
  })
  if (isRefused(decided)) return decided
  return [...decided, ...withdrawn(call, entry)]
}

/** Nobody is rung any more for what was taken out; a caller who waited on the line is hung up. */
function withdrawn(call: Call.State, entry: Entry.State): readonly Fact[] {
  const rung = entry.offer === null ? [] : drop(call.legs.get(entry.offer.legId))
  if (entry.callback !== null) return rung
  const menu: readonly Fact[] =
    call.menu === null ? [] : [{ type: 'menu.left', callId: call.id, menuId: call.menu.menuId, how: 'withdrawn' }]
  return [...menu, ...rung, ...drop(customerLeg(call))]
}
