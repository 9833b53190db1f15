/**
 * Whom people may want to call, found by what they type: agents with their state, queues, contacts. Everybody with an account finds
 * all of them, for anybody may have to call anybody; of agents and queues it tells no more than whether calling makes sense.
 */
import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max'
import { bareOf, digitsIn, hasBeginnings, lettersOf, searchable, wordsOf } from '#core/directory/words.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { ContactQuery } from '#ports/directory.ts'
import type { DirectoryItem, DirectoryPage } from '#wire/directory.ts'
import type { HttpDeps } from './deps.ts'

/** Of agents and of queues, each. */
const NAMED_MAX = 50

export interface Looked {
  readonly q?: string | undefined
  readonly after?: string | undefined
  readonly limit: number
}

const callingCode = (country: string): string | null => (isSupportedCountry(country) ? getCountryCallingCode(country) : null)

export function contactQuery({ q = '', after, limit }: Looked, country: string): ContactQuery {
  return { words: wordsOf(lettersOf(q)), bare: false, digits: digitsIn(q, callingCode(country)), after: after ?? null, limit }
}

const asBare = (query: ContactQuery): ContactQuery => ({ ...query, bare: true, words: query.words.map(bareOf) })

const byName = new Intl.Collator('sv')

/** Those of the solution's that have the words; a name that begins with the first of them first. */
function named<T extends { readonly id: string; readonly name: string }>(
  all: Readonly<Record<string, T>>,
  { words, bare }: ContactQuery,
): readonly T[] {
  const first = ` ${words[0] ?? ''}`
  return Object.values(all)
    .map((one) => ({ one, letters: bare ? bareOf(searchable(one.name)) : searchable(one.name) }))
    .filter(({ letters }) => hasBeginnings(letters, words))
    .sort((a, b) => Number(b.letters.startsWith(first)) - Number(a.letters.startsWith(first)) || byName.compare(a.one.name, b.one.name))
    .slice(0, NAMED_MAX)
    .map(({ one }) => one)
}

function ofSolution({ engine }: HttpDeps, solution: Solution, query: ContactQuery): DirectoryItem[] {
  const agents = named(solution.agents, query).flatMap(({ id, name }): DirectoryItem[] => {
    const live = engine.agent(id)
    return live === undefined ? [] : [{ kind: 'agent', id, name, state: live.state, since: new Date(live.since).toISOString() }]
  })
  const queues = named(solution.queues, query).flatMap(({ id, name }): DirectoryItem[] => {
    const live = engine.queue(id)
    return live === undefined ? [] : [{ kind: 'queue', id, name, open: live.open, ready: live.agents.ready ?? 0 }]
  })
  return [...agents, ...queues]
}

async function foundBy(deps: HttpDeps, query: ContactQuery): Promise<DirectoryPage> {
  const others = query.after === null ? ofSolution(deps, deps.engine.solution(), query) : []
  const { contacts, found, next } = await deps.directory.search(query)
  const items = contacts.map(
    ({ id, name, company, numbers }): DirectoryItem => ({ kind: 'contact', id, name, company, numbers: [...numbers] }),
  )
  return { items: [...others, ...items], contacts: found, next }
}

/** Å, ä and ö are letters of their own; where nothing at all is found by them, a and o stand for them. */
export async function find(deps: HttpDeps, looked: Looked): Promise<DirectoryPage> {
  const query = contactQuery(looked, deps.engine.solution().country)
  const page = await foundBy(deps, query)
  if (page.contacts > 0 || page.items.length > 0 || query.words.length === 0) return page
  return foundBy(deps, asBare(query))
}
