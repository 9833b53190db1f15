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
const NUMBER = /^\+?\d{5,}$/
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

  /** null: this role sees numbers whole. */
  of(role: Role): Mask | null {
    return this.#deps.engine.solution().maskedFor.includes(role) ? (value) => this.#walk(value, false) as typeof value : null
  }

  #walk(value: unknown, isNumber: boolean): unknown {
    if (typeof value === 'string') return isNumber && NUMBER.test(value) && !this.#own.has(value) ? masked(value) : value
    if (Array.isArray(value)) return value.map((one) => this.#walk(one, isNumber))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.#walk(one, FIELDS.has(name))]))
  }
}
