/** Names of accounts, and of programs by their tokens, for saying who did something. Read now and then, not with every page. */
import type { Accounts } from '#ports/accounts.ts'
import type { Clock } from '#ports/clock.ts'
import { tokenUser } from './tokens.ts'

const KEPT_MS = 30_000

export class UserNames {
  readonly #accounts: Accounts
  readonly #clock: Clock
  #read: { readonly at: number; readonly names: Promise<ReadonlyMap<string, string>> } | null = null

  constructor(accounts: Accounts, clock: Clock) {
    this.#accounts = accounts
    this.#clock = clock
  }

  names(): Promise<ReadonlyMap<string, string>> {
    const now = this.#clock.monotonic()
    if (this.#read === null || now - this.#read.at > KEPT_MS) this.#read = { at: now, names: this.#load() }
    return this.#read.names
  }

  /** Somebody has come: the names are read anew. */
  forget(): void {
    this.#read = null
  }

  async #load(): Promise<ReadonlyMap<string, string>> {
    try {
      const [users, tokens] = await Promise.all([this.#accounts.users(), this.#accounts.tokens()])
      const programs = tokens.map((token) => [tokenUser(token.id), token.name] as const)
      return new Map([...users.map((user) => [user.name, user.displayName] as const), ...programs])
    } catch (error) {
      this.#read = null
      throw error
    }
  }
}
