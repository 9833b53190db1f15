/**
 * Two requests in one instant: the same one twice, with one key or with two; two that contradict each other; a page and a program on one
 * thing. Whatever comes first: one effect, and whoever came too late is told so in words of ours.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { hashOf, newSecret } from '#adapters/http/cookies.ts'
import { type SeededChance, seededChance } from '#sim/chance.ts'
import { Campaign } from '#wire/campaigns.ts'
import { refusals } from '#wire/refusals.ts'
import { Dialled, Ordered } from '#wire/requests.ts'
import { CreatedToken } from '#wire/tokens.ts'
import { type Asked as Answer, type Bed, type Method, openBed } from '../http/bed.ts'
import { load, makeCampaign } from '../http/lists.ts'
import type { Tally } from './tally.ts'

/** Races in one world; then it is looked at, and another is opened. */
const ROUND = 200

interface Asks {
  readonly user: string | null
  readonly method: Method
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

interface Race {
  readonly one: Asks
  readonly other: Asks
  /**
   * `one`: one of them is done, the other refused by one of `codes`. `same`: answered alike, and done once; with `codes`,
   * or the second, come when the first was through, is refused by one of them. `both`: each is done, and what is
   * left is one of them, whole. `first`: the first of the two is done in any case, the other may be refused.
   */
  readonly is: 'one' | 'same' | 'both' | 'first'
  readonly codes?: readonly string[]
  /** What came of it, where that can be said: null, or what is wrong. */
  readonly left?: () => Promise<string | null>
}

let many = 0
const fresh = (): number => (many += 1)
const number = (): string => `+467017${String(10_000 + (fresh() % 89_999)).padStart(5, '0')}`
const asks = (user: string | null, method: Method, path: string, body?: unknown): Asks => ({ user, method, path, body })
const under = (one: Asks, key: string): Asks => ({ ...one, headers: { ...one.headers, 'idempotency-key': key } })
const twice = (one: Asks): Pick<Race, 'one' | 'other'> => ({ one, other: one })

/** One more of these facts than before, and no two. */
const once = (bed: Bed, type: string): (() => Promise<string | null>) => {
  const before = bed.many(type)
  return async () => (bed.many(type) === before + 1 ? null : `${bed.many(type) - before} × ${type}`)
}

async function callback(bed: Bed): Promise<{ readonly id: string }> {
  return (await bed.ask('lena', 'POST', 'callbacks', { queueId: 'support', number: number() })).as(Ordered)
}

/** Of one thing that everybody may want at once. */
const RACES: Readonly<Record<string, (bed: Bed, chance: SeededChance) => Promise<Race>>> = {
  'a callback hastened twice': async (bed) => {
    const { id } = await callback(bed)
    return {
      ...twice(asks('lena', 'POST', `callbacks/${id}/call-now`)),
      is: 'one',
      codes: ['callback.hastened'],
      left: once(bed, 'callback.hastened'),
    }
  },
  'a callback deleted by two': async (bed) => {
    const { id } = await callback(bed)
    const deleted = (user: string) => asks(user, 'DELETE', `callbacks/${id}?reason=customer`)
    return { one: deleted('lena'), other: deleted('admin'), is: 'one', codes: ['callback.unknown'], left: once(bed, 'call.ended') }
  },
  'a callback deleted and hastened': async (bed) => {
    const { id } = await callback(bed)
    return {
      one: asks('lena', 'DELETE', `callbacks/${id}?reason=customer`),
      other: asks('admin', 'POST', `callbacks/${id}/call-now`),
      is: 'first',
      codes: ['callback.unknown', 'callback.notWaiting'],
      left: once(bed, 'call.ended'),
    }
  },
  'an order under one key': async (bed) => {
    const order = under(asks('lena', 'POST', 'callbacks', { queueId: 'support', number: number() }), `k${fresh()}`)
    return { ...twice(order), is: 'same', left: once(bed, 'callback.ordered') }
  },
  'two orders under one key': async (bed) => {
    const key = `k${fresh()}`
    const order = () => under(asks('lena', 'POST', 'callbacks', { queueId: 'support', number: number() }), key)
    return { one: order(), other: order(), is: 'one', codes: ['request.idempotencyKey'], left: once(bed, 'callback.ordered') }
  },
  'one name for two accounts': async (bed) => {
    const id = `user${fresh()}`
    const made = (name: string, key: string) => under(asks('admin', 'POST', 'users', { id, name, role: 'supervisor' }), key)
    const keys = [`k${fresh()}`, `k${fresh()}`] as const
    const left = async () => ((await bed.accounts.accounts()).filter(({ name }) => name === id).length === 1 ? null : 'not one account')
    return { one: made('One', keys[0]), other: made('Other', keys[1]), is: 'one', codes: ['user.taken'], left }
  },
  'an account under one key': async () => {
    const made = under(asks('admin', 'POST', 'users', { id: `user${fresh()}`, name: 'New', role: 'supervisor' }), `k${fresh()}`)
    return { ...twice(made), is: 'same' }
  },
  'the last two administrators disable each other': async (bed) => {
    const passwordHash = (await bed.accounts.user('admin'))?.passwordHash ?? ''
    await bed.accounts.addUser({ name: 'eve', displayName: 'Eve', role: 'administrator', agentId: null, queues: null, passwordHash })
    await bed.accounts.changeUser('eve', { disabledAt: null })
    const left = async () => {
      const able = (await bed.accounts.accounts()).filter(({ role, disabledAt }) => role === 'administrator' && disabledAt === null)
      for (const { name } of await bed.accounts.accounts()) if (name === 'admin') await bed.accounts.changeUser(name, { disabledAt: null })
      await bed.accounts.changeUser('eve', { disabledAt: Date.now() })
      return able.length === 1 ? null : `${able.length} administrators are left`
    }
    const other = { ...asks(null, 'POST', 'users/admin/disable'), headers: { cookie: await sessionOf(bed, 'eve') } }
    const one = { ...asks(null, 'POST', 'users/eve/disable'), headers: { cookie: await sessionOf(bed, 'admin') } }
    return { one, other, is: 'one', codes: ['user.lastAdministrator', 'session.required'], left }
  },
  'an account changed by two': async (bed) => {
    const id = `user${fresh()}`
    await asAdmin(bed, 'POST', 'users', { id, name: 'New', role: 'supervisor' })
    const left = async () => {
      const found = (await bed.accounts.accounts()).find(({ name }) => name === id)
      return found?.displayName === 'Renamed' && found.role === 'campaignManager' ? null : `half of it is lost: ${JSON.stringify(found)}`
    }
    return {
      one: asks('admin', 'PATCH', `users/${id}`, { name: 'Renamed' }),
      other: asks('admin', 'PATCH', `users/${id}`, { role: 'campaignManager' }),
      is: 'both',
      left,
    }
  },
  'a token withdrawn twice': async (bed) => {
    const { id } = (await asAdmin(bed, 'POST', 'tokens', { name: 'T', scopes: ['calls.read'] })).as(CreatedToken)
    return { ...twice(asks('admin', 'DELETE', `tokens/${id}`)), is: 'one', codes: ['token.unknown'] }
  },
  // A secret is shown once: to both, where the second asks while the first is being answered.
  'a token under one key': async (bed) => {
    const name = `T${fresh()}`
    return {
      ...twice(under(asks('admin', 'POST', 'tokens', { name, scopes: ['calls.read'] }), `k${fresh()}`)),
      is: 'same',
      codes: ['token.made'],
      left: async () => {
        const { items } = (await asAdmin(bed, 'GET', 'tokens')).json as { readonly items: readonly { readonly name: string }[] }
        const made = items.filter((token) => token.name === name).length
        return made === 1 ? null : `${made} tokens were made`
      },
    }
  },
  'one id for two campaigns': async () => {
    const id = `c${fresh()}`
    const made = (name: string) => asks('maja', 'POST', 'campaigns', { id, name, mode: 'preview' })
    return { one: made('One'), other: made('Other'), is: 'one', codes: ['campaign.idTaken'] }
  },
  'a campaign written by two': async (bed) => {
    const { id } = await makeCampaign(bed, { id: `c${fresh()}`, name: 'C', skill: 'support' })
    const written = (user: string, name: string, attempts: number) =>
      asks(user, 'PUT', `campaigns/${id}`, { name, mode: 'preview', attempts })
    const left = async () => {
      const { settings } = (await bed.ask('maja', 'GET', `campaigns/${id}`)).as(Campaign)
      const now = `${settings.name} ${settings.attempts}`
      return now === 'One 2' || now === 'Other 3' ? null : `mixed: ${now}`
    }
    return { one: written('maja', 'One', 2), other: written('admin', 'Other', 3), is: 'both', left }
  },
  'a campaign started twice, by its page and by a program': async (bed) => {
    const { id } = await makeCampaign(bed, { id: `c${fresh()}`, name: 'C', skill: 'support' })
    await load(bed, id, `phone\n${number()}\n`)
    return {
      one: asks('maja', 'POST', `campaigns/${id}/start`),
      other: asks('admin', 'POST', `campaigns/${id}/start`),
      is: 'one',
      codes: ['campaign.running'],
      left: once(bed, 'campaign.started'),
    }
  },
  'a file taken out twice': async (bed) => {
    const { id } = await makeCampaign(bed, { id: `c${fresh()}`, name: 'C', skill: 'support' })
    const file = await load(bed, id, `phone\n${number()}\n`)
    return { ...twice(asks('maja', 'POST', `campaigns/${id}/imports/${file.id}/undo`)), is: 'one', codes: ['import.notConfirmed'] }
  },
  'a file taken out under one key': async (bed) => {
    const { id } = await makeCampaign(bed, { id: `c${fresh()}`, name: 'C', skill: 'support' })
    const file = await load(bed, id, `phone\n${number()}\n`)
    return { ...twice(under(asks('maja', 'POST', `campaigns/${id}/imports/${file.id}/undo`), `k${fresh()}`)), is: 'same' }
  },
  'an agent who dials twice': async (bed) => {
    await logsOn(bed)
    const dials = () => asks('kim', 'POST', 'calls', { agentId: 'saga', to: number() })
    return { one: dials(), other: dials(), is: 'one', codes: ['agent.inCall'], left: once(bed, 'call.started') }
  },
  'an own call that is withdrawn twice': async (bed) => {
    await logsOn(bed)
    const { callId } = (await bed.ask('kim', 'POST', 'calls', { agentId: 'saga', to: number() })).as(Dialled)
    return {
      ...twice(asks('kim', 'POST', `calls/${callId}/cancel`)),
      is: 'one',
      codes: ['call.gone', 'talk.notYours', 'call.notYours', 'talk.gone'],
      left: once(bed, 'call.ended'),
    }
  },
  'an agent who pauses and is logged off': async (bed) => {
    await logsOn(bed)
    const state = (user: string, body: object) => asks(user, 'PUT', 'agents/saga/state', body)
    return {
      one: state('kim', { state: 'paused', reason: 'lunch' }),
      other: state('lena', { state: 'loggedOff' }),
      is: 'first',
      codes: ['agent.loggedOff'],
    }
  },
  'a contact made under one key': async () => ({
    ...twice(under(asks('lena', 'POST', 'contacts', { name: `N${fresh()}`, numbers: [{ number: number() }] }), `k${fresh()}`)),
    is: 'same',
  }),
  'a contact deleted twice': async (bed) => {
    const { id } = (await bed.ask('lena', 'POST', 'contacts', { name: `N${fresh()}`, numbers: [{ number: number() }] })).json as {
      readonly id: string
    }
    return { ...twice(asks('lena', 'DELETE', `contacts/${id}`)), is: 'one', codes: ['contact.unknown'] }
  },
}

async function sessionOf(bed: Bed, user: string): Promise<string> {
  const [secret, now] = [newSecret(), Date.now()]
  await bed.accounts.startSession({ tokenHash: hashOf(secret), user, createdAt: now, seenAt: now, expiresAt: now + 3_600_000 })
  return `samtal=${secret}`
}

/** In a session of its own: one race ends those that are there. */
const asAdmin = async (bed: Bed, method: Method, path: string, body?: unknown): Promise<Answer> =>
  bed.ask(null, method, path, body, { cookie: await sessionOf(bed, 'admin') })

/** kim, who works as saga, ready to dial, with nothing left of the race before. Nobody waits in her queue. */
async function logsOn(bed: Bed): Promise<void> {
  const { callId } = bed.engine.agent('saga')?.matter ?? {}
  if (callId !== undefined) {
    await bed.ask('kim', 'POST', `calls/${callId}/cancel`)
    await bed.ask('kim', 'POST', `calls/${callId}/hangup`)
    await bed.ask('lena', 'POST', 'agents/saga/release', { evenTalking: true })
    await bed.until(() => bed.engine.agent('saga')?.matter === null)
  }
  await bed.ask('lena', 'PUT', 'agents/saga/state', { state: 'loggedOn' })
}

const isDone = ({ status }: Answer): boolean => status >= 200 && status < 300
const isRefusal = ({ status, code }: Answer): boolean => code !== undefined && refusals[code]?.status === status && status < 500

async function judged({ is, codes = [], left }: Race, answers: readonly [Answer, Answer]): Promise<string | null> {
  const [first, second] = answers
  const done = answers.filter(isDone)
  const said = answers.map(({ status, code }) => code ?? status).join(' and ')
  if (!answers.every((one) => isDone(one) || isRefusal(one))) return `neither done nor refused: ${said}`
  const foreign = answers.find(({ code }) => code !== undefined && !codes.includes(code))
  if (foreign !== undefined) return `refused by ${foreign.code}`
  if (is === 'one' && done.length !== 1) return `${done.length} were done: ${said}`
  if (is === 'same' && codes.length > 0 && done.length === 1) return (await left?.()) ?? null
  if ((is === 'same' || is === 'both') && done.length !== 2) return `not both were answered: ${said}`
  if (is === 'same' && (first.status !== second.status || first.text !== second.text)) return 'answered in two ways under one key'
  if (is === 'first' && !isDone(first)) return `the first was refused: ${said}`
  return (await left?.()) ?? null
}

async function run(bed: Bed, name: string, chance: SeededChance): Promise<string | null> {
  const race = await RACES[name]?.(bed, chance)
  if (race === undefined) return 'no such race'
  const admin = await sessionOf(bed, 'admin')
  const ask = async ({ user, method, path, body, headers }: Asks, turns: number): Promise<Answer> => {
    const own = user === 'admin' ? { cookie: admin } : {}
    for (let left = turns; left > 0; left--) await turn()
    return bed.ask(user === 'admin' ? null : user, method, path, body, { ...headers, ...own })
  }
  // In the order of the race, or the other first: by so many turns of the loop.
  const turns = chance.pick([0, 0, 0, 1, 2, 3, 5, 8])
  const isTurned = race.is !== 'first' && chance.often(0.5)
  return judged(race, await Promise.all([ask(race.one, isTurned ? turns : 0), ask(race.other, isTurned ? 0 : turns)]))
}

export async function fuzzRaces(asked: {
  readonly seed: string
  readonly from: number
  readonly times: number
  readonly tally: Tally
}): Promise<void> {
  const { seed, from, times, tally } = asked
  const names = Object.keys(RACES)
  for (let begin = from; begin < from + times; begin += ROUND) {
    const bed = await openBed()
    const passwordHash = (await bed.accounts.user('anna'))?.passwordHash ?? ''
    await bed.accounts.addUser({ name: 'kim', displayName: 'Kim', role: 'agent', agentId: 'saga', queues: null, passwordHash })
    for (const user of ['kim', 'lena', 'maja']) await bed.signedIn(user)
    for (let index = begin; index < Math.min(begin + ROUND, from + times); index++) {
      const chance = seededChance(`${seed}/races/${index}`)
      const name = names[index % names.length] ?? ''
      const began = performance.now()
      const wrong = await run(bed, name, chance)
      tally.take(`races: ${name}`, wrong === null ? 'held' : 'WRONG', performance.now() - began)
      const again = `npm run fuzz -- --surface races --seed ${seed} --from ${index} --requests 1`
      if (wrong !== null) tally.faults.push({ surface: 'races', what: wrong, about: name, again })
    }
    const errors = bed.log.filter((line) => /^error |\bBug\b|unhandled/i.test(line))
    if (errors.length > 0) tally.faults.push({ surface: 'races', what: `the log: ${errors[0]}`, about: 'afterwards', again: '' })
    await bed.close()
    tally.remember()
  }
}
