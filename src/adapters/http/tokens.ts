/** Bearer tokens of programs: who asks with one, and what it may do. A token acts in its scopes and nowhere else. */
import { createHash, randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Ms } from '#core/kernel/kernel.ts'
import type { Accounts, TokenRow, User } from '#ports/accounts.ts'
import type { Clock } from '#ports/clock.ts'
import type { Once } from '#ports/engine.ts'
import { PortError } from '#ports/errors.ts'
import type { HttpDeps, Log } from './deps.ts'
import { refused } from './problems.ts'

/** What marks one of ours, so that scanners of code find a leaked one. */
const PREFIX = 'samtal_'
const TOUCH_EVERY_MS = 60_000
const ID_LENGTH = 16

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
const BEARER = /^Bearer +(\S{1,200}) *$/i

/** Whether a program asks, not a browser: a page of another site cannot add this header without being asked first. */
export const hasToken = (request: FastifyRequest): boolean => request.headers.authorization !== undefined

/** The account name facts and audit show: no account of a person can have it. */
export const tokenUser = (id: string): string => `token:${id}`

export class Tokens {
  readonly #accounts: Accounts
  readonly #clock: Clock
  readonly #log: Log
  /** Told already. */
  #unwritten = false

  constructor({ accounts, clock, log }: Pick<HttpDeps, 'accounts' | 'clock' | 'log'>) {
    this.#accounts = accounts
    this.#clock = clock
    this.#log = log
  }

  /** The token of a request. Refuses one that is none, was withdrawn, or has ended. */
  async of(request: FastifyRequest): Promise<TokenRow> {
    const [, secret] = BEARER.exec(request.headers.authorization ?? '') ?? []
    const now = this.#clock.now()
    const token = secret === undefined ? null : await this.#accounts.token(hashOf(secret), now)
    if (token === null) throw refused('token.refused')
    if (now - (token.usedAt ?? 0) >= TOUCH_EVERY_MS) await this.#touch(token.id, now)
    return token
  }

  /** Where that cannot be written it is only not told: whoever watches over a full disk asks with a token. */
  async #touch(id: string, at: Ms): Promise<void> {
    try {
      await this.#accounts.touchToken(id, at)
      this.#unwritten = false
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      if (!this.#unwritten) this.#log('error', 'when tokens were used cannot be written', { error: error.message })
      this.#unwritten = true
    }
  }

  /** `once`: what it is made under once. Its secret is kept nowhere and cannot be told again, so a second time is refused. */
  async create(
    asked: { readonly name: string; readonly scopes: readonly string[]; readonly endsAt: Ms; readonly createdBy: string },
    once?: Once,
  ): Promise<{ readonly token: TokenRow; readonly secret: string }> {
    const id = once === undefined ? randomBytes(8).toString('base64url') : once.key.slice(0, ID_LENGTH)
    if (once !== undefined && (await this.#accounts.tokens()).some((token) => token.id === id)) throw refused('token.made')
    const secret = PREFIX + randomBytes(32).toString('base64url')
    const token: TokenRow = {
      id,
      ...asked,
      createdAt: this.#clock.now(),
      withdrawnAt: null,
      usedAt: null,
    }
    await this.#accounts.addToken(token, hashOf(secret))
    return { token, secret }
  }
}

/** What a token is to the rest of the program: as an administrator's hand in those routes its scopes open. */
export const userOf = (token: TokenRow): User => ({
  name: tokenUser(token.id),
  displayName: token.name,
  role: 'administrator',
  agentId: null,
  queues: null,
})
