/** One world to be asked badly: who may ask, with what, and what must never be told to whom. */
import { createHash } from 'node:crypto'
import { callOf } from '#core/facts.ts'
import type { Pace } from '#ports/pace.ts'
import { TOKEN_SCOPES } from '#wire/tokens.ts'
import { NEWCOMER, openWorld, PEOPLE, people, type World } from '../enforcement/world.ts'

const HOUR = 3_600_000

export interface Asker {
  readonly name: string
  /** null: nobody, or a dead session or token. */
  readonly role: string | null
  readonly scope: string | null
  readonly headers: Readonly<Record<string, string>>
  /** What is known of him by which facts may make a thing his: his agent, his queues or campaigns; null: he leads all. */
  readonly owns: readonly string[] | null
}

export interface Round {
  readonly seed: string
  readonly world: World
  readonly port: number
  readonly askers: readonly Asker[]
  /** Ids and numbers to ask with. */
  readonly ids: readonly string[]
  readonly numbers: readonly string[]
  /** Secrets that stand in no answer at all. */
  readonly secrets: readonly string[]
  /** Whose sessions are over: they get new ones. */
  signInAgain(): Promise<void>
  /** What this text would give away to him. */
  leaks(asker: Asker, text: string): readonly string[]
  /** This was sent, and something was done: what stood in it may be anybody's now. */
  sent(text: string): void
  /** Its rights were changed: from now on nobody can say here what he may see. */
  changed(name: string): void
  close(): Promise<void>
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

async function session({ bed }: World, user: string, secret: string): Promise<void> {
  const now = Date.now()
  await bed.accounts.startSession({ tokenHash: hashOf(secret), user, createdAt: now, seenAt: now, expiresAt: now + 12 * HOUR })
}

const OWNS: Readonly<Record<string, readonly string[]>> = {
  anna: ['anna', 'support'],
  bo: ['bo', 'support'],
  kim: ['saga', 'sales'],
  sara: ['sales'],
  maja: ['spring', 'autumn'],
  mira: ['autumn'],
}

async function askersOf(world: World, cookies: ReadonlyMap<string, string>): Promise<readonly Asker[]> {
  const cookie = (name: string) => ({ cookie: `samtal=${cookies.get(name)}`, 'x-samtal': '1' })
  return [
    ...people.map((name) => ({ name, role: PEOPLE[name], scope: null, headers: cookie(name), owns: OWNS[name] ?? null })),
    { name: NEWCOMER, role: null, scope: null, headers: cookie(NEWCOMER), owns: null },
    { name: 'nobody', role: null, scope: null, headers: { 'x-samtal': '1' }, owns: [] },
    { name: 'another site', role: null, scope: null, headers: { ...cookie('admin'), origin: 'https://elsewhere.example' }, owns: null },
    ...TOKEN_SCOPES.map((scope) => ({
      ...{ name: `token ${scope}`, role: null, scope, owns: null },
      headers: { authorization: `Bearer ${world.tokens.get(scope)}` },
    })),
    ...world.dead.tokens.map((token, at) => ({
      ...{ name: `dead token ${at}`, role: null, scope: null, owns: [] },
      headers: { authorization: `Bearer ${token}` },
    })),
    ...world.dead.cookies.map((one, at) => ({
      ...{ name: `dead session ${at}`, role: null, scope: null, owns: [] },
      headers: { cookie: one, 'x-samtal': '1' },
    })),
  ]
}

/** Short ids stand by chance in longer ones. */
const stands = (mark: string, text: string): boolean =>
  text.includes(mark) && (mark.length > 6 || new RegExp(`(?<!\\w)${mark}(?!\\w)`).test(text))

/** What is told to whom: by hand for what there was at first, and by the facts for what has become of it since. */
class Leaks {
  readonly #world: World
  readonly #sent = new Set<string>()
  readonly #changed = new Set<string>()

  constructor(world: World) {
    this.#world = world
  }

  sent(text: string): void {
    for (const { marks } of Object.values(this.#world.things)) for (const mark of marks) if (text.includes(mark)) this.#sent.add(mark)
    // A campaign that was changed may be given to other agents, who know its name then.
    if (/\/campaigns\//.test(text)) for (const name of ['Springer', 'Autumner']) this.#sent.add(name)
  }

  changed(name: string): void {
    this.#changed.add(name)
  }

  of({ name, owns }: Asker, text: string): readonly string[] {
    if (owns === null || this.#changed.has(name)) return []
    const found = Object.entries(this.#world.things).flatMap(([thing, { marks, seenBy }]) =>
      (seenBy as readonly string[]).includes(name)
        ? []
        : marks.filter((mark) => stands(mark, text) && !this.#sent.has(mark)).map((mark) => ({ thing, mark, marks })),
    )
    return found.filter(({ marks }) => !this.#hasBecome(owns, marks)).map(({ thing, mark }) => `${thing}: ${mark}`)
  }

  /** Whether a fact of a call it stands in names his agent, his queue, his campaign. */
  #hasBecome(owns: readonly string[], marks: readonly string[]): boolean {
    const { facts, byNumber } = this.#world.bed.store
    const persons = [...byNumber].flatMap(([number, person]) => (marks.some((mark) => number.endsWith(mark)) ? [person] : []))
    const known = [...marks, ...persons]
    const calls = new Set(
      facts.flatMap(({ fact }) => (Object.values(fact).some((value) => known.includes(String(value))) ? [callOf(fact)] : [])),
    )
    calls.delete(undefined)
    // A card in Preview is of no call yet: its fact names the contact and the agent.
    return facts.some(
      ({ fact }) =>
        (calls.has(callOf(fact)) || Object.values(fact).some((value) => known.includes(String(value)))) &&
        owns.some((own) => JSON.stringify(fact).includes(`"${own}"`)),
    )
  }
}

/** A shift takes a minute of a core: how it is asked for is what is asked badly here. */
const noShift: Pace = async ({ agents, hours }) => {
  if (agents > 300 || hours > 8) throw new RangeError('a shift larger than any')
  return { calls: 100, answered: 30, silent: 0, silentRate: 0, worstRate: 0, talkShare: 0.5, busyShare: 0.6, idleMsPerCall: 9_000 }
}

export async function openRound(seed: string, name: string): Promise<Round> {
  const world = await openWorld({ pace: noShift })
  const address = await world.bed.http.listen({ host: '127.0.0.1', port: 0 })
  const cookies = new Map([...people, NEWCOMER].map((user) => [user, `fuzz-${name}-${user}-${'s'.repeat(20)}`]))
  const signInAgain = async (): Promise<void> => {
    for (const [name, secret] of cookies) {
      await world.bed.accounts.endSession(hashOf(secret))
      await session(world, name, secret)
    }
  }
  await signInAgain()
  const leaks = new Leaks(world)
  const marks = Object.values(world.things).flatMap((thing) => thing.marks)
  return {
    seed,
    world,
    port: Number(new URL(address).port),
    askers: await askersOf(world, cookies),
    ids: [
      ...Object.values(world.ids),
      ...marks.filter((mark) => !/^\d+$/.test(mark)),
      'sales',
      'autumn',
      'bo',
      'saga',
      'lunch',
      'calls.read',
    ],
    numbers: ['+46701740697', '070-174 06 98', '+46846500400', '+46846500490', '+46701740685', '+46701740682', '112', '+4690012345'],
    secrets: ['$argon2', ...cookies.values(), ...world.tokens.values()],
    signInAgain,
    leaks: (asker, text) => leaks.of(asker, text),
    sent: (text) => leaks.sent(text),
    changed: (name) => leaks.changed(name),
    close: () => world.bed.close(),
  }
}
