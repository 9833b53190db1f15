/** What an agent does with his telephone from the desk: his own calls, and everything in a conversation. */
import type { Asking, Callee, PeopleCommand } from '#core/commands.ts'
import { refusals } from '#wire/refusals.ts'
import { ById, ConsultWhom, Dial, DialFor, Dialled, NumberQuery, NumberRead, SendDigits, TransferTo } from '#wire/requests.ts'
import { ask, audit } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { languageOf, refused } from './problems.ts'
import { type Caller, type Done, EVERYONE, type Route, route, type Server } from './route.ts'
import { seesAgent } from './scope.ts'

/** `agent:bo`, `queue:sales`, or a number as it is written. */
function calleeOf(to: string): Callee {
  if (to.startsWith('agent:')) return { agentId: to.slice('agent:'.length) }
  if (to.startsWith('queue:')) return { queueId: to.slice('queue:'.length) }
  return { number: to }
}

const NUMBER = [
  'number.invalid',
  'number.premium',
  'number.sharedCost',
  'number.country',
  'number.prefix',
  'number.own',
  'number.emergency',
]
const QUEUE = ['queue.unknown', 'queue.closed', 'queue.full', 'queue.noAgents']
const CALLEE = ['callee.self', 'callee.unknown', 'callee.notFree', ...NUMBER, 'outbound.liveMax', 'outbound.perNumber', 'switch.away']

function dialledOf({ callId }: Done): { readonly callId: string } {
  if (callId === undefined) throw new Error('a call was dialled and has no id')
  return { callId }
}

type Wanted = { readonly to: string; readonly callerId?: string }

/** Dialled by the agent himself it is the desk's; for another, by a supervisor of his, a program's. */
async function dial({ deps }: Server, caller: Caller, agentId: string, { to, callerId }: Wanted): Promise<{ readonly callId: string }> {
  const agent = deps.engine.agent(agentId)
  if (agent === undefined || !seesAgent(caller.scope, agent)) throw refused('agent.unknown', { field: 'agentId' })
  const own = caller.user.agentId === agentId
  const asking: Asking = own ? { by: 'agent', user: caller.user.name } : caller.asking
  const dialled = dialledOf(
    await ask(
      deps,
      {
        type: 'call.dial',
        ...asking,
        agentId,
        to: calleeOf(to),
        origin: own ? 'desk' : 'api',
        ...(callerId === undefined ? {} : { callerId }),
      },
      caller.once,
    ),
  )
  await audit(deps, caller, 'call.dialled', { agentId, callId: dialled.callId })
  return dialled
}

const DIAL_REFUSES = [
  'agent.unknown',
  'agent.loggedOff',
  'agent.inCall',
  'agent.unreachable',
  'callee.queue',
  'callerId.unknown',
  ...CALLEE,
]

const dialRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/agents/:id/calls',
    summary: 'Call a number or a colleague: the agent’s phone is rung first',
    roles: EVERYONE,
    params: ById,
    body: Dial,
    answer: { status: 201, schema: Dialled },
    refuses: DIAL_REFUSES,
    handle: (asked, caller) => dial(asked, caller, asked.params.id, asked.body),
    again: dialledOf,
  }),
  route({
    method: 'POST',
    path: '/calls',
    summary: 'The same, the agent named in the body',
    roles: EVERYONE,
    body: DialFor,
    answer: { status: 201, schema: Dialled },
    refuses: DIAL_REFUSES,
    handle: (asked, caller) => dial(asked, caller, asked.body.agentId, asked.body),
    again: dialledOf,
  }),
]

async function read(deps: HttpDeps, caller: Caller, text: string, language: 'en' | 'sv'): Promise<NumberRead> {
  const { number, barred } = deps.numbers().read(text)
  const { outbound, lines } = deps.engine.solution()
  const person = await deps.persons.find(number)
  const emergency = barred === 'emergency'
  const mayCall = emergency && outbound.emergencyCalls && caller.user.agentId !== null
  const own = person !== undefined && lines[person] !== undefined
  const code = mayCall ? null : barred !== null ? (`number.${barred}` as const) : own ? 'number.own' : null
  return {
    number,
    refused: code === null ? null : { code, detail: refusals[code]?.[language] ?? code },
    emergency,
    inUse: person === undefined || own ? null : deps.engine.lineOf(person),
  }
}

const numberRoute: Route = route({
  method: 'GET',
  path: '/numbers',
  summary: 'A number as it would be dialled, whether it may be, and whether it is on a line with us',
  roles: EVERYONE,
  query: NumberQuery,
  answer: { status: 200, schema: NumberRead },
  refuses: [],
  handle: ({ deps, query, reply }, caller) => read(deps, caller, query.text, languageOf(reply)),
})

type Mine = Asking & { readonly agentId: string; readonly callId: string }
type Simple = 'cancel' | 'hold' | 'resume' | 'mute' | 'unmute' | 'swap' | 'conference' | 'end-consult' | 'consult/abort'

function mine({ user }: Caller, callId: string): Mine {
  if (user.agentId === null) throw refused('session.noDesk')
  return { agentId: user.agentId, callId, by: 'agent', user: user.name }
}

async function doInCall(
  { deps }: Server,
  caller: Caller,
  verb: string,
  command: PeopleCommand & { readonly callId: string },
): Promise<void> {
  await ask(deps, command, caller.once)
  await audit(deps, caller, `call.${verb}`, { callId: command.callId })
}

const simple = (
  verb: Simple,
  summary: string,
  refuses: readonly string[],
  command: (mine: Mine) => PeopleCommand & { readonly callId: string },
): Route =>
  route({
    method: 'POST',
    path: `/calls/:id/${verb}`,
    summary,
    roles: EVERYONE,
    params: ById,
    answer: { status: 204 },
    refuses: ['session.noDesk', 'call.notYours', ...refuses],
    handle: (asked, caller) => doInCall(asked, caller, verb, command(mine(caller, asked.params.id))),
  })

const talkRoutes: readonly Route[] = [
  simple('cancel', 'Withdraw one’s own call before it is answered; after the answer it is a hang-up', [], (own) => ({
    type: 'call.cancel',
    ...own,
  })),
  simple('hold', 'Put the other party on hold', ['talk.notTalking', 'talk.held', 'talk.inConsult'], (own) => ({
    type: 'talk.hold',
    ...own,
  })),
  simple('resume', 'Take the other party off hold', ['talk.notHeld', 'talk.inConsult'], (own) => ({ type: 'talk.resume', ...own })),
  simple('mute', 'Be heard by nobody', ['talk.notTalking', 'talk.muted'], (own) => ({ type: 'talk.mute', ...own })),
  simple('unmute', 'Be heard again', ['talk.notMuted'], (own) => ({ type: 'talk.unmute', ...own })),
  simple('swap', 'In a consult: talk with the other of the two', ['talk.noConsult'], (own) => ({ type: 'talk.swap', ...own })),
  simple('conference', 'In a consult: all three talk', ['talk.noConsult'], (own) => ({ type: 'talk.conference', ...own })),
  simple('end-consult', 'End a consult, or its waiting, and go on with the other party', ['talk.noConsult'], (own) => ({
    type: 'talk.endConsult',
    ...own,
  })),
  simple('consult/abort', 'The same as end-consult', ['talk.noConsult'], (own) => ({ type: 'talk.endConsult', ...own })),
  route({
    method: 'POST',
    path: '/calls/:id/consult',
    summary: 'Ask a colleague, a queue or a number outside, the other party on hold',
    roles: EVERYONE,
    params: ById,
    body: ConsultWhom,
    answer: { status: 204 },
    refuses: ['session.noDesk', 'call.notYours', 'talk.notTalking', 'talk.inConsult', 'talk.colleague', ...CALLEE, ...QUEUE],
    handle: (asked, caller) =>
      doInCall(asked, caller, 'consult', { type: 'talk.consult', ...mine(caller, asked.params.id), to: calleeOf(asked.body.to) }),
  }),
  route({
    method: 'POST',
    path: '/calls/:id/transfer',
    summary: 'Give the call away: to whom is consulted, or at once to a colleague, a queue or a number outside',
    roles: EVERYONE,
    params: ById,
    body: TransferTo,
    answer: { status: 204 },
    refuses: [
      'session.noDesk',
      'call.notYours',
      'talk.notTalking',
      'talk.noConsult',
      'talk.inConsult',
      'talk.colleague',
      ...CALLEE,
      ...QUEUE,
    ],
    handle: (asked, caller) => {
      const { to } = asked.body
      const whom = to === undefined ? {} : { to: calleeOf(to) }
      return doInCall(asked, caller, 'transfer', { type: 'talk.transfer', ...mine(caller, asked.params.id), ...whom })
    },
  }),
  route({
    method: 'POST',
    path: '/calls/:id/digits',
    summary: 'Send digits to the other party',
    roles: EVERYONE,
    params: ById,
    body: SendDigits,
    answer: { status: 204 },
    refuses: ['session.noDesk', 'call.notYours', 'talk.notTalking'],
    handle: (asked, caller) =>
      doInCall(asked, caller, 'digits', { type: 'talk.digits', ...mine(caller, asked.params.id), digits: asked.body.digits }),
  }),
]

export const deskRoutes: readonly Route[] = [...dialRoutes, numberRoute, ...talkRoutes]
