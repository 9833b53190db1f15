/** Queues, those who wait in them, callbacks, agents, alarms, and the stream. */
import type { Static } from 'typebox'
import type { PeopleCommand } from '#core/commands.ts'
import {
  type Agent,
  Agent as AgentSchema,
  Queue,
  StreamMessage,
  type WaitingEntry,
  WaitingEntry as WaitingEntrySchema,
} from '#wire/live.ts'
import {
  Agents,
  ByEntry,
  ById,
  Callbacks,
  DeleteQuery,
  OrderCallback,
  Ordered,
  Queues,
  ReleaseAgent,
  SetState,
  SetWrapUp,
} from '#wire/requests.ts'
import { ask } from './answers.ts'
import { agentNow, alarmsNow, callbacksNow, liveState, queueNow } from './live.ts'
import { refused } from './problems.ts'
import { type Caller, type Done, EVERYONE, type Exchange, type Route, route, type Server, SUPERVISORS } from './route.ts'
import { leadsAgent, seesQueue, seesStory, viewOfAgent, viewOfAlarms, viewOfLive } from './scope.ts'
import { openStream } from './stream.ts'

/** The callbacks an account may see: of its queues, or those of an agent's own calls. */
async function callbacksFor({ deps }: Server, { scope }: Caller): Promise<WaitingEntry[]> {
  const all = await callbacksNow(deps)
  if (scope.sees === 'all' || scope.sees === 'queues') return all.filter((entry) => seesQueue(scope, entry.queueId))
  const stories = await Promise.all(all.map((entry) => deps.archive.story(entry.callId)))
  return all.filter((entry, index) => {
    const story = stories[index]
    return entry.offeredTo === scope.agentId || (story != null && seesStory(scope, story))
  })
}

async function callbackFor(server: Server, caller: Caller, id: string): Promise<WaitingEntry> {
  const found = (await callbacksFor(server, caller)).find((entry) => entry.entryId === id)
  if (found === undefined) throw refused('callback.unknown')
  return found
}

/** Takes an entry out of its queue: by who asks, or by the customer where he told us. The words of the note are kept with the call. */
async function remove({ deps, note }: Exchange, caller: Caller, entry: WaitingEntry, query: Static<typeof DeleteQuery>): Promise<void> {
  const by = query.reason === 'customer' ? 'customer' : caller.asking.by
  const words = query.note?.trim() ?? ''
  note({ on: [{ kind: 'call', id: entry.callId }], details: { by, note: words !== '' } })
  await ask(deps, { type: 'entry.delete', entryId: entry.entryId, ...caller.asking, by, ...(words === '' ? {} : { note: words }) })
}

/** The agent, if the account may set him: oneself, or a supervisor one of his. */
function agentFor({ deps }: Server, { scope }: Caller, id: string): void {
  const agent = deps.engine.agent(id)
  if (agent === undefined || !leadsAgent(scope, agent)) throw refused('agent.unknown')
}

const queueRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/queues',
    summary: 'The queues as they stand',
    audit: { what: 'queues.read', as: 'look' },
    roles: SUPERVISORS,
    answer: { status: 200, schema: Queues },
    refuses: [],
    handle: async ({ deps, users }, { scope }) => ({ items: viewOfLive(scope, await liveState(deps, await users.names())).queues }),
  }),
  route({
    method: 'GET',
    path: '/queues/:id',
    summary: 'One queue as it stands',
    audit: { what: 'queue.read', as: 'look' },
    roles: SUPERVISORS,
    params: ById,
    answer: { status: 200, schema: Queue },
    refuses: ['queue.unknown'],
    handle: async ({ deps, params }, { scope }) => {
      const queue = seesQueue(scope, params.id) ? await queueNow(deps, params.id) : null
      if (queue === null) throw refused('queue.unknown')
      return queue
    },
  }),
  route({
    method: 'DELETE',
    path: '/queues/:id/entries/:entryId',
    summary: 'Take a waiting caller or callback out of its queue',
    audit: { what: 'entry.deleted', or: ['callback.deleted'], as: 'work' },
    roles: SUPERVISORS,
    params: ByEntry,
    query: DeleteQuery,
    answer: { status: 204 },
    refuses: ['queue.unknown', 'entry.unknown', 'callback.inAttempt'],
    handle: async (asked, caller) => {
      const { deps, params, query } = asked
      const queue = seesQueue(caller.scope, params.id) ? await queueNow(deps, params.id) : null
      if (queue === null) throw refused('queue.unknown')
      const entry = queue.entries.find(({ entryId }) => entryId === params.entryId)
      if (entry === undefined) throw refused('entry.unknown')
      if (entry.kind === 'callback') asked.note({ what: 'callback.deleted' })
      await remove(asked, caller, entry, query)
    },
  }),
]

function orderedOf({ callId, entryId }: Done): Static<typeof Ordered> {
  if (callId === undefined || entryId === undefined) throw new Error('an ordered callback without call or entry')
  return { id: entryId, callId }
}

const callbackRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/callbacks',
    summary: 'Callbacks that wait, are paused or are being made',
    audit: { what: 'callbacks.read', as: 'look' },
    roles: EVERYONE,
    answer: { status: 200, schema: Callbacks },
    refuses: [],
    handle: async (asked, caller) => ({ items: await callbacksFor(asked, caller) }),
  }),
  route({
    method: 'POST',
    path: '/callbacks',
    summary: 'Order a callback, as a web form does',
    audit: { what: 'callback.ordered', as: 'work' },
    roles: SUPERVISORS,
    token: 'callbacks.order',
    body: OrderCallback,
    answer: { status: 201, schema: Ordered },
    refuses: [
      'queue.unknown',
      'callback.notOffered',
      'callback.barred',
      'number.own',
      'callback.askFor',
      'callback.full',
      'callback.notBefore',
    ],
    handle: async ({ deps, body, note }, caller) => {
      note({ on: [{ kind: 'queue', id: body.queueId }] })
      if (!seesQueue(caller.scope, body.queueId)) throw refused('queue.unknown', { field: 'queueId' })
      const command: PeopleCommand = {
        type: 'callback.order',
        ...caller.asking,
        queueId: body.queueId,
        number: body.number,
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.extension === undefined ? {} : { extension: body.extension }),
        ...(body.notBefore === undefined ? {} : { notBefore: Date.parse(body.notBefore) }),
      }
      const ordered = orderedOf(await ask(deps, command, caller.once))
      note({
        on: [
          { kind: 'entry', id: ordered.id },
          { kind: 'call', id: ordered.callId },
        ],
      })
      return ordered
    },
    again: orderedOf,
  }),
  route({
    method: 'GET',
    path: '/callbacks/:id',
    summary: 'One callback',
    audit: { what: 'callback.read', as: 'look' },
    roles: EVERYONE,
    params: ById,
    answer: { status: 200, schema: WaitingEntrySchema },
    refuses: ['callback.unknown'],
    handle: (asked, caller) => callbackFor(asked, caller, asked.params.id),
  }),
  route({
    method: 'DELETE',
    path: '/callbacks/:id',
    summary: 'Withdraw a callback that waits',
    audit: { what: 'callback.deleted', as: 'work' },
    roles: EVERYONE,
    params: ById,
    query: DeleteQuery,
    answer: { status: 204 },
    refuses: ['callback.unknown', 'callback.inAttempt'],
    handle: async (asked, caller) => remove(asked, caller, await callbackFor(asked, caller, asked.params.id), asked.query),
  }),
  route({
    method: 'POST',
    path: '/callbacks/:id/call-now',
    summary: 'Put a callback first in its queue',
    audit: { what: 'callback.hastened', as: 'work' },
    roles: SUPERVISORS,
    params: ById,
    answer: { status: 204 },
    refuses: ['callback.unknown', 'callback.hastened', 'callback.notWaiting', 'callback.inAttempt'],
    handle: async (asked, caller) => {
      const { entryId, callId } = await callbackFor(asked, caller, asked.params.id)
      asked.note({ on: [{ kind: 'call', id: callId }] })
      await ask(asked.deps, { type: 'callback.callNow', ...caller.asking, entryId }, caller.once)
    },
  }),
]

const stateCommand = (agentId: string, { state, reason }: SetState, { asking }: Caller): PeopleCommand => {
  switch (state) {
    case 'loggedOn':
      return { type: 'agent.logOn', agentId, ...asking }
    case 'loggedOff':
      return { type: 'agent.logOff', agentId, ...asking }
    case 'ready':
      return { type: 'agent.return', agentId, ...asking }
    case 'paused':
      if (reason === undefined) throw refused('agent.pauseReason', { field: 'reason' })
      return { type: 'agent.pause', agentId, reason, ...asking }
  }
}

const agentRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/agents',
    summary: 'Agents and what they are doing',
    audit: { what: 'agents.read', as: 'look' },
    roles: EVERYONE,
    answer: { status: 200, schema: Agents },
    refuses: [],
    handle: async ({ deps, users }, { scope }) => ({ items: viewOfLive(scope, await liveState(deps, await users.names())).agents }),
  }),
  route({
    method: 'PUT',
    path: '/agents/:id/state',
    summary: 'Log on or off, pause, be ready: oneself, or as supervisor another',
    audit: { what: 'agent.stateSet', as: 'work' },
    roles: EVERYONE,
    params: ById,
    body: SetState,
    answer: { status: 200, schema: AgentSchema },
    refuses: [
      'agent.unknown',
      'agent.loggedOff',
      'agent.loggedOn',
      'agent.ready',
      'agent.inCall',
      'agent.unreachable',
      'agent.pauseReason',
    ],
    handle: async (asked, caller) => {
      const { deps, params, body, note } = asked
      note({ details: { state: body.state } })
      agentFor(asked, caller, params.id)
      await ask(deps, stateCommand(params.id, body, caller))
      return seenAgent(asked, caller, params.id)
    },
  }),
  route({
    method: 'POST',
    path: '/agents/:id/release',
    summary: 'Set an agent free who is stuck in a call: whatever rings or is up is let go, and the agent is paused',
    audit: { what: 'agent.released', as: 'work' },
    roles: SUPERVISORS,
    params: ById,
    body: ReleaseAgent,
    answer: { status: 200, schema: AgentSchema },
    refuses: ['agent.unknown', 'agent.notInCall', 'agent.talking'],
    handle: async (asked, caller) => {
      const { deps, params, body, note } = asked
      const { evenTalking = false } = body
      agentFor(asked, caller, params.id)
      const callId = deps.engine.agent(params.id)?.matter?.callId
      note({ details: { evenTalking }, ...(callId === undefined ? {} : { on: [{ kind: 'call', id: callId }] }) })
      await ask(deps, { type: 'agent.release', agentId: params.id, evenTalking, ...caller.asking }, caller.once)
      return seenAgent(asked, caller, params.id)
    },
    again: (_, asked, __, caller) => seenAgent(asked, caller, (asked.request.params as { readonly id: string }).id),
  }),
  route({
    method: 'PUT',
    path: '/agents/:id/wrap-up',
    summary: 'Extend a wrap-up, or end it',
    audit: { what: 'agent.wrapUpSet', as: 'work' },
    roles: EVERYONE,
    params: ById,
    body: SetWrapUp,
    answer: { status: 200, schema: AgentSchema },
    refuses: ['agent.unknown', 'agent.notInWrapUp'],
    handle: async (asked, caller) => {
      const { deps, params, body, note } = asked
      note({ details: body })
      agentFor(asked, caller, params.id)
      if (body.extendMs === undefined && deps.engine.agent(params.id)?.state !== 'wrapUp') throw refused('agent.notInWrapUp')
      await ask(
        deps,
        body.extendMs === undefined
          ? { type: 'agent.return', agentId: params.id, ...caller.asking }
          : { type: 'agent.extendWrapUp', agentId: params.id, byMs: body.extendMs, ...caller.asking },
      )
      return seenAgent(asked, caller, params.id)
    },
  }),
]

async function seenAgent({ deps }: Server, { scope }: Caller, id: string): Promise<Agent> {
  const agent = await agentNow(deps, id)
  const seen = agent === null ? null : viewOfAgent(scope, agent)
  if (seen === null) throw refused('agent.unknown')
  return seen
}

export const liveRoutes: readonly Route[] = [
  ...queueRoutes,
  ...callbackRoutes,
  ...agentRoutes,
  route({
    method: 'DELETE',
    path: '/alarms/:id',
    summary: 'Say that an alarm has been seen to',
    audit: { what: 'alarm.cleared', as: 'work' },
    roles: SUPERVISORS,
    params: ById,
    answer: { status: 204 },
    refuses: ['alarm.unknown'],
    handle: async ({ deps, params }, caller) => {
      const seen = viewOfAlarms(caller.scope, await alarmsNow(deps))
      if (!seen.some(({ id }) => id === params.id)) throw refused('alarm.unknown')
      await ask(deps, { type: 'alarm.clear', alarm: params.id, ...caller.asking })
    },
  }),
  route({
    method: 'GET',
    path: '/stream',
    summary: 'Everything as it changes, as server-sent events: a snapshot first, or what was missed since Last-Event-ID',
    audit: { what: 'stream.opened', as: 'work' },
    roles: EVERYONE,
    answer: { status: 200, schema: StreamMessage, types: ['text/event-stream'] },
    refuses: ['stream.tooMany'],
    handle: async ({ hub, request, reply }, caller) => openStream(hub, request, reply, caller),
  }),
]
