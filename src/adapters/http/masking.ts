/**
 * Numbers of people as a role sees them: whole, or masked where the solution says so (`maskedFor`), decided in this one place. Every
 * answer, every message of the stream and every line of an export goes through here; a masked number keeps its beginning and its last two
 * digits. Our own numbers are nobody's and stay. What is there so that somebody can be called (the directory, a number just typed) is
 * marked on its route (`numbersWhole`).
 */
import type { Role } from '#ports/accounts.ts'
import type { HttpDeps } from './deps.ts'

/** The names under which numbers of people stand in what is answered. */
const FIELDS: ReadonlySet<string> = new Set(['number', 'callerNumber', 'from', 'to', 'phone', 'phone2'])
/** Those under which a cell of a file stands as somebody wrote it: it may hold a number, in any way of writing. */
const WRITTEN: ReadonlySet<string> = new Set(['value'])
const NUMBER = /^\+?\d{5,}$/
const NUMBER_INSIDE = /\+?\p{Nd}(?:[\s()./\u2010-\u2015-]*\p{Nd}){4,}/gu
const KEPT_FIRST = 3
const KEPT_LAST = 2

export const masked = (number: string): string =>
  `${number.slice(0, KEPT_FIRST)}${'•'.repeat(Math.max(1, number.length - KEPT_FIRST - KEPT_LAST))}${number.slice(-KEPT_LAST)}`

export type Mask = <T>(value: T) => T

export class Masking {
  readonly #deps: Pick<HttpDeps, 'engine' | 'persons'>
  #version: string | null = null
  #own: ReadonlySet<string> = new Set()

  constructor(deps: Pick<HttpDeps, 'engine' | 'persons'>) {
    this.#deps = deps
  }

  /** To be awaited before numbers are shown: which are our own is read once for each solution. */
  async ready(): Promise<void> {
    const { version, lines } = this.#deps.engine.solution()
    if (version === this.#version) return
    const rows = await this.#deps.persons.get(Object.keys(lines))
    this.#own = new Set([...rows.values()].flatMap(({ number }) => number ?? []))
    this.#version = version
  }

  /** As the solution has it at this moment, so not to be kept. null: this role sees numbers whole. */
  of(role: Role): Mask | null {
    return this.#deps.engine.solution().maskedFor.includes(role) ? (value) => this.#walk(value, '') as typeof value : null
  }

  /** `name`: of the field it stands in. */
  #walk(value: unknown, name: string): unknown {
    if (typeof value === 'string') return this.#text(value, name)
    if (Array.isArray(value)) return value.map((one) => this.#walk(one, name))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, this.#walk(one, field)]))
  }

  #text(text: string, name: string): string {
    if (WRITTEN.has(name)) return text.replace(NUMBER_INSIDE, (number) => (this.#own.has(number) ? number : masked(number)))
    return FIELDS.has(name) && NUMBER.test(text) && !this.#own.has(text) ? masked(text) : text
  }
}
