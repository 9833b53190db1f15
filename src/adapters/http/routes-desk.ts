/** What an agent does with his telephone from the desk: his own calls, and everything in a conversation. */
import type { Static } from 'typebox'
import type { Asking, Callee, PeopleCommand } from '#core/commands.ts'
import { refusals } from '#wire/refusals.ts'
import { ById, ConsultWhom, Dial, Dialled, NumberQuery, NumberRead, SendDigits, TransferTo } from '#wire/requests.ts'
import { ask, type Mine, mine } from './answers.ts'
import type { HttpDeps } from './deps.ts'
import { contactInCall } from './desk-contacts.ts'
import { languageOf, refused } from './problems.ts'
import { type Caller, type Done, EVERYONE, type Exchange, type Route, route, type Server } from './route.ts'
import { storyFor } from './routes-calls.ts'
import { leadsAgent } from './scope.ts'

/** `agent:bo`, `queue:sales`, or a number as it is written. */
function calleeOf(to: string): Callee {
  if (to.startsWith('agent:')) return { agentId: to.slice('agent:'.length) }
  if (to.startsWith('queue:')) return { queueId: to.slice('queue:'.length) }
  return { number: to }
}

/** Whoever was at the other end of a call the account may see: to be called by who sees no numbers, too. */
async function personIn(server: Server, caller: Caller, callId: string): Promise<string> {
  const story = await storyFor(server, caller, callId)
  const number = story.caller === null ? null : (await server.deps.persons.get([story.caller])).get(story.caller)?.number
  if (number == null) throw refused('call.noNumber', { field: 'to' })
  return number
}

const ofCall = (to: string): string | null => (to.startsWith('call:') ? to.slice('call:'.length) : null)

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
const CALLEE = [
  'callee.self',
  'callee.unknown',
  'callee.notFree',
  ...NUMBER,
  'outbound.liveMax',
  'outbound.liveMaxPerAgent',
  'outbound.perNumber',
  'switch.away',
]

function dialledOf({ callId }: Done): Static<typeof Dialled> {
  if (callId === undefined) throw new Error('a call was dialled and has no id')
  return { callId }
}

/** Dialled by the agent himself it is the desk's; for another, by a supervisor of his, a program's. */
async function dial(exchange: Exchange, caller: Caller, { agentId, to, callerId }: Static<typeof Dial>): Promise<Static<typeof Dialled>> {
  const { deps, note } = exchange
  const agent = deps.engine.agent(agentId)
  note({ on: [{ kind: 'agent', id: agentId }] })
  if (agent === undefined || !leadsAgent(caller.scope, agent)) throw refused('agent.unknown', { field: 'agentId' })
  const own = caller.user.agentId === agentId
  const before = ofCall(to)
  const number = before === null ? to : await personIn(exchange, caller, before)
  const asking: Asking = own ? { by: 'agent', user: caller.user.name } : caller.asking
  const dialled = dialledOf(
    await ask(
      deps,
      {
        type: 'call.dial',
        ...asking,
        agentId,
        to: before === null ? calleeOf(to) : { number },
        origin: own ? 'desk' : 'api',
        ...(callerId === undefined ? {} : { callerId }),
      },
      caller.once,
    ),
  )
  note({ on: [{ kind: 'call', id: dialled.callId }] })
  return dialled
}

const dialRoute: Route = route({
  method: 'POST',
  path: '/calls',
  summary: 'Have an agent call a number or a colleague: the agent’s phone is rung first',
  audit: { what: 'call.dialled', as: 'work' },
  roles: EVERYONE,
  token: 'calls.dial',
  body: Dial,
  answer: { status: 201, schema: Dialled },
  refuses: [
    'agent.unknown',
    'call.unknown',
    'call.noNumber',
    'agent.loggedOff',
    'agent.inCall',
    'agent.unreachable',
    'callee.queue',
    'callerId.unknown',
    ...CALLEE,
  ],
  handle: (asked, caller) => dial(asked, caller, asked.body),
  again: dialledOf,
})

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
  audit: { nothing: 'asked at every key, and tells no more than whether a number may be called' },
  numbersWhole: true,
  roles: EVERYONE,
  query: NumberQuery,
  answer: { status: 200, schema: NumberRead },
  refuses: [],
  handle: ({ deps, query, reply }, caller) => read(deps, caller, query.text, languageOf(reply)),
})

type InCall = PeopleCommand & { readonly callId: string }

async function doInCall({ deps }: Server, caller: Caller, command: InCall): Promise<void> {
  await ask(deps, command, caller.once)
}

/** What an agent does in his own call, and needs to say no more of. `verb`: the end of the address; `what`: the word in the audit log. */
const inCall = (
  [verb, what]: readonly [verb: string, what: string],
  summary: string,
  refuses: readonly string[],
  command: (own: Mine, deps: HttpDeps) => InCall,
): Route =>
  route({
    method: 'POST',
    path: `/calls/:id/${verb}`,
    summary,
    audit: { what, as: 'work' },
    roles: EVERYONE,
    params: ById,
    answer: { status: 204 },
    refuses: ['session.noDesk', ...refuses],
    handle: (asked, caller) => doInCall(asked, caller, command(mine(caller, asked.params.id), asked.deps)),
  })

const NOT_YOURS = 'call.notYours'
const TALKING = [NOT_YOURS, 'talk.notTalking']

const phoneRoutes: readonly Route[] = [
  inCall(['answer', 'call.answered'], 'Answer the phone that rings at one’s own desk', ['offer.gone', 'phone.answerByHand'], (own) => ({
    type: 'offer.answer',
    ...own,
  })),
  inCall(['reject', 'call.rejected'], 'Decline what is offered to oneself', ['offer.gone'], (own) => ({ type: 'offer.reject', ...own })),
  inCall(
    ['cancel', 'call.cancelled'],
    'Withdraw one’s own call before it is answered; after the answer it is a hang-up',
    [NOT_YOURS],
    (own) => ({
      type: 'call.cancel',
      ...own,
    }),
  ),
  inCall(['hangup', 'call.hungUp'], 'Hang up one’s own call', [NOT_YOURS], (own) => ({ type: 'talk.hangUp', ...own })),
  inCall(
    ['voicemail', 'call.markedVoicemail'],
    'Say that a machine answered one’s own callback, or the contact of a campaign: it counts as unanswered',
    [NOT_YOURS, 'callback.noVoicemail', 'contact.notTalked'],
    (own, deps) => ({ type: contactInCall(deps, own) === undefined ? 'callback.markVoicemail' : 'contact.markUnanswered', ...own }),
  ),
]

const talkRoutes: readonly Route[] = [
  inCall(['hold', 'call.held'], 'Put the other party on hold', [...TALKING, 'talk.held', 'talk.inConsult'], (own) => ({
    type: 'talk.hold',
    ...own,
  })),
  inCall(['resume', 'call.resumed'], 'Take the other party off hold', [NOT_YOURS, 'talk.notHeld', 'talk.inConsult'], (own) => ({
    type: 'talk.resume',
    ...own,
  })),
  inCall(['mute', 'call.muted'], 'Be heard by nobody', [...TALKING, 'talk.muted'], (own) => ({ type: 'talk.mute', ...own })),
  inCall(['unmute', 'call.unmuted'], 'Be heard again', [NOT_YOURS, 'talk.notMuted'], (own) => ({ type: 'talk.unmute', ...own })),
  inCall(['swap', 'call.swapped'], 'In a consult: talk with the other of the two', [...TALKING, 'talk.noConsult'], (own) => ({
    type: 'talk.swap',
    ...own,
  })),
  inCall(['conference', 'call.conferenced'], 'In a consult: all three talk', [...TALKING, 'talk.noConsult'], (own) => ({
    type: 'talk.conference',
    ...own,
  })),
  inCall(
    ['consult/abort', 'call.consultEnded'],
    'End a consult, or its waiting, and go on with the other party',
    [NOT_YOURS, 'talk.noConsult'],
    (own) => ({
      type: 'talk.endConsult',
      ...own,
    }),
  ),
  route({
    method: 'POST',
    path: '/calls/:id/consult',
    summary: 'Ask a colleague, a queue or a number outside, the other party on hold',
    audit: { what: 'call.consulted', as: 'work' },
    roles: EVERYONE,
    params: ById,
    body: ConsultWhom,
    answer: { status: 204 },
    refuses: ['session.noDesk', ...TALKING, 'talk.inConsult', 'talk.colleague', ...CALLEE, ...QUEUE],
    handle: (asked, caller) =>
      doInCall(asked, caller, { type: 'talk.consult', ...mine(caller, asked.params.id), to: calleeOf(asked.body.to) }),
  }),
  route({
    method: 'POST',
    path: '/calls/:id/transfer',
    summary: 'Give the call away: to whom is consulted, or at once to a colleague, a queue or a number outside',
    audit: { what: 'call.transferred', as: 'work' },
    roles: EVERYONE,
    params: ById,
    body: TransferTo,
    answer: { status: 204 },
    refuses: ['session.noDesk', ...TALKING, 'talk.noConsult', 'talk.inConsult', 'talk.colleague', ...CALLEE, ...QUEUE],
    handle: (asked, caller) => {
      const { to } = asked.body
      const whom = to === undefined ? {} : { to: calleeOf(to) }
      return doInCall(asked, caller, { type: 'talk.transfer', ...mine(caller, asked.params.id), ...whom })
    },
  }),
  route({
    method: 'POST',
    path: '/calls/:id/digits',
    summary: 'Send digits to the other party',
    audit: { what: 'call.digitsSent', as: 'work' },
    roles: EVERYONE,
    params: ById,
    body: SendDigits,
    answer: { status: 204 },
    refuses: ['session.noDesk', ...TALKING],
    handle: (asked, caller) =>
      doInCall(asked, caller, { type: 'talk.digits', ...mine(caller, asked.params.id), digits: asked.body.digits }),
  }),
]

export const deskRoutes: readonly Route[] = [dialRoute, numberRoute, ...phoneRoutes, ...talkRoutes]
