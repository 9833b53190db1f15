/**
 * A contact centre in which somebody owns everything, for holding every route against every role: calls, people waiting, campaigns and
 * their contacts, each with words of its own by which it would be known anywhere.
 */
import { createHash } from 'node:crypto'
import { Call } from '#wire/calls.ts'
import { Dialled, Ordered } from '#wire/requests.ts'
import { CreatedToken, TOKEN_SCOPES, type TokenScope } from '#wire/tokens.ts'
import { type Bed, openBed } from '../http/bed.ts'
import { load, makeCampaign } from '../http/lists.ts'

/**
 * Who asks. anna, bo, kim: agents (anna and bo of Support, kim of Sales). lena: supervisor of every queue, sara of Sales. maja: manager of
 * every campaign, mira of Autumn. admin. Programs: one for each scope, with a token that stands.
 */
export const PEOPLE = {
  anna: 'agent',
  bo: 'agent',
  kim: 'agent',
  lena: 'supervisor',
  sara: 'supervisor',
  maja: 'campaignManager',
  mira: 'campaignManager',
  admin: 'administrator',
} as const
/** An administrator whose password is one somebody else has seen. */
export const NEWCOMER = 'nils'
export type PersonName = keyof typeof PEOPLE
export const people = Object.keys(PEOPLE) as PersonName[]

/** A thing, and the words that give it away: ids and digits. */
export interface Thing {
  readonly marks: readonly string[]
  /** Who sees it, as the specification says (interfaces.md 4, dialler.md), written by hand. */
  readonly seenBy: readonly PersonName[]
}

export interface World {
  readonly bed: Bed
  readonly things: Readonly<Record<string, Thing>>
  /** What stands in an address or a body in place of a kind of thing: of Support, of anna, of Spring. */
  readonly ids: Readonly<Record<string, string>>
  readonly tokens: ReadonlyMap<TokenScope, string>
  /** Tokens that stand no more, and cookies of sessions that are over. */
  readonly dead: { readonly tokens: readonly string[]; readonly cookies: readonly string[] }
}

const SUPPORT = '+46846500400'
const SALES = '+46846500401'
const digits = (tail: string): string => `17406${tail}`
const number = (tail: string): string => `+4670${digits(tail)}`

async function talking(bed: Bed, agent: string, from: string, to: string) {
  const line = bed.network.call(from, to)
  const { callId } = await bed.until(() => bed.engine.agent(agent)?.matter)
  await bed.engine.submit({ type: 'offer.answer', by: 'agent', agentId: agent, callId })
  await bed.until(() => bed.engine.agent(agent)?.matter?.phase === 'talking')
  return { callId, hangUp: () => line?.hangUp() }
}

async function moreUsers({ accounts }: Bed): Promise<void> {
  const { passwordHash } = (await accounts.user('anna')) ?? { passwordHash: '' }
  const others = { agentId: null, queues: null, passwordHash }
  await accounts.addUser({ ...others, name: 'kim', displayName: 'Kim K', role: 'agent', agentId: 'saga' })
  await accounts.addUser({ ...others, name: 'mira', displayName: 'Mira M', role: 'campaignManager', queues: ['autumn'] })
  await accounts.addUser({
    ...others,
    name: NEWCOMER,
    displayName: 'Nils N',
    role: 'administrator',
    temporaryUntil: Date.now() + 3_600_000,
  })
}

async function tokensOf(bed: Bed): Promise<Pick<World, 'tokens' | 'dead'>> {
  const make = async (scopes: readonly TokenScope[]) => (await bed.ask('admin', 'POST', 'tokens', { name: 'T', scopes })).as(CreatedToken)
  const tokens = new Map<TokenScope, string>()
  for (const scope of TOKEN_SCOPES) tokens.set(scope, (await make([scope])).secret)
  const withdrawn = await make(TOKEN_SCOPES)
  await bed.ask('admin', 'DELETE', `tokens/${withdrawn.id}`)
  const ended = 'samtal_ended'
  const row = { id: 'ended', name: 'T', scopes: [...TOKEN_SCOPES], createdAt: 1, createdBy: 'admin', withdrawnAt: null, usedAt: null }
  await bed.accounts.addToken({ ...row, endsAt: 2 }, createHash('sha256').update(ended).digest('hex'))
  return { tokens, dead: { tokens: [withdrawn.secret, ended, 'samtal_none'], cookies: await deadCookies(bed) } }
}

async function deadCookies(bed: Bed): Promise<string[]> {
  const expired = 'expired-session'
  const tokenHash = createHash('sha256').update(expired).digest('hex')
  await bed.accounts.startSession({ tokenHash, user: 'admin', createdAt: 1, seenAt: 1, expiresAt: 2 })
  return [`samtal=${expired}`, 'samtal=none', 'samtal=']
}

export async function openWorld(more: Parameters<typeof openBed>[0] = {}): Promise<World> {
  const bed = await openBed(more)
  await moreUsers(bed)
  for (const agent of ['anna', 'bo', 'saga']) await bed.ask('lena', 'PUT', `agents/${agent}/state`, { state: 'loggedOn' })
  await bed.ask('bo', 'PUT', 'agents/bo/state', { state: 'paused', reason: 'lunch' })
  const sales = await talking(bed, 'saga', number('80'), SALES)
  sales.hangUp()
  const own = (await bed.ask('anna', 'POST', 'calls', { agentId: 'anna', to: number('81') })).as(Dialled).callId
  await bed.ask('anna', 'POST', `calls/${own}/cancel`)
  await bed.until(() => bed.many('call.ended') === 2)
  await bed.ask('lena', 'PUT', 'agents/anna/state', { state: 'ready' })
  const support = await talking(bed, 'anna', number('82'), SUPPORT)
  const callback = (await bed.ask('lena', 'POST', 'callbacks', { queueId: 'support', number: number('83') })).as(Ordered)
  bed.network.call(number('84'), SUPPORT)
  const waiting = await bed.until(() => bed.engine.queue('support')?.entries.find(({ kind }) => kind === 'line'))
  const spring = await campaign(bed, 'spring', '85')
  await campaign(bed, 'autumn', '86')
  await bed.settled()
  const everyQueue = ['lena', 'admin'] as const
  const things = {
    salesCall: { marks: [sales.callId, digits('80')], seenBy: ['kim', 'sara', ...everyQueue] },
    ownCall: { marks: [own, digits('81')], seenBy: ['anna', ...everyQueue] },
    supportCall: { marks: [support.callId, digits('82')], seenBy: ['anna', ...everyQueue] },
    callback: { marks: [callback.id, callback.callId, digits('83')], seenBy: everyQueue },
    waiting: { marks: [waiting.entryId, waiting.callId, digits('84')], seenBy: everyQueue },
    // Known by their numbers: ids of lists are so short that they stand inside other ids by chance.
    spring: { marks: [digits('85')], seenBy: ['maja', ...everyQueue] },
    autumn: { marks: [digits('86')], seenBy: ['maja', 'mira', ...everyQueue] },
    // By its name, whoever may be given its calls knows a campaign too.
    springName: { marks: ['Springer'], seenBy: ['maja', 'kim', ...everyQueue] },
    autumnName: { marks: ['Autumner'], seenBy: ['maja', 'mira', 'kim', ...everyQueue] },
  } as const
  const programs = await tokensOf(bed)
  const token = (await bed.accounts.tokens()).find(({ withdrawnAt, endsAt }) => withdrawnAt === null && endsAt > 2)?.id ?? ''
  const ids = {
    call: support.callId,
    queue: 'support',
    entry: waiting.entryId,
    callback: callback.id,
    agent: 'anna',
    campaign: 'spring',
    contact: spring.contact,
    import: spring.import,
    token,
    // Somebody who does nothing here.
    user: NEWCOMER,
  }
  return { bed, things, ids, ...programs }
}

async function campaign(bed: Bed, id: 'spring' | 'autumn', tail: string): Promise<{ readonly contact: string; readonly import: string }> {
  const name = id === 'spring' ? 'Springer' : 'Autumner'
  await makeCampaign(bed, { id, name, skill: 'sales' })
  const loaded = await load(bed, id, `phone\n${number(tail)}\n`)
  const [contact] = (await bed.contacts.contacts({ campaignId: id, state: null, text: null, after: null, limit: 1 })).contacts
  return { contact: contact?.contactId ?? '', import: loaded.id }
}

/** A call as its owner sees it, so that the world is known to be what it is meant to be. */
export const callOfAnna = async ({ bed, ids }: World): Promise<Call> => (await bed.ask('anna', 'GET', `calls/${ids['call']}`)).as(Call)
