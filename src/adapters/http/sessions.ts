/** Who is asking: sign-in by password, by a provider or, in the demonstration, by one click; the session behind the cookie; sign-out. */
import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Ms } from '#core/kernel/kernel.ts'
import type { SessionRow, User, UserWithPassword } from '#ports/accounts.ts'
import { PortError } from '#ports/errors.ts'
import { cookieOf, giveCookie, giveDevice, hashOf, newSecret, takeCookie } from './cookies.ts'
import type { HttpDeps } from './deps.ts'
import { isFromThisMachine } from './guard.ts'
import { passwordFault } from './password-rules.ts'
import { hashPassword, isOutdated, verifyPassword } from './passwords.ts'
import { refused } from './problems.ts'
import { SignInLimits, type Trying } from './sign-in-limits.ts'

/** A session not used for so long is over, and however much it is used, people sign in again after `lifeMs`. docs/security.md, Sessions */
const HOUR_MS = 3_600_000
const SESSION: Readonly<Record<'administrator' | 'others', { readonly idleMs: Ms; readonly lifeMs: Ms }>> = {
  administrator: { idleMs: HOUR_MS, lifeMs: 12 * HOUR_MS },
  others: { idleMs: 12 * HOUR_MS, lifeMs: 7 * 24 * HOUR_MS },
}
const TOUCH_EVERY_MS = 60_000

export interface SignedIn {
  readonly user: User
  readonly tokenHash: string
  /** His password is one somebody else has seen: he must choose his own before anything else. */
  readonly temporary: boolean
  /** Known to the provider of sign-ins. */
  readonly linked: boolean
}

/** A request and its answer, and whom to tell of an account that was tried. */
export interface SigningIn {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly tried: (name: string) => void
}

const lengthsFor = ({ role }: User) => SESSION[role === 'administrator' ? 'administrator' : 'others']

export class Sessions {
  readonly #deps: HttpDeps
  readonly #limits: SignInLimits
  #nobody: Promise<string> | undefined
  /** Told already. */
  #unwritten = false
  /** Sign-ins refused since the start. */
  refusals = 0

  constructor(deps: HttpDeps) {
    this.#deps = deps
    this.#limits = new SignInLimits(deps.clock)
  }

  /** Whether one-click sign-in is offered to this client: only on this machine, and not through a proxy. */
  demoOffered(request: FastifyRequest): boolean {
    return isFromThisMachine(request) && this.#deps.demoUsers.length > 0
  }

  /** Refuses with the same words whether the name or the password is wrong, after the same work. `tried`: told of an account there is. */
  async signIn(name: string, password: string, { request, reply, tried }: SigningIn): Promise<UserWithPassword> {
    const trying = { name, address: request.ip, device: await this.#knownDevice(name, request) }
    const user = await this.#verified(trying, password, tried)
    if (user === null) {
      this.refusals += 1
      throw refused('session.refused')
    }
    this.#limits.wentWell(trying)
    if (isOutdated(user.passwordHash)) await this.#deps.accounts.rehash(user.name, user.passwordHash, await hashPassword(password))
    await this.start(user, request, reply)
    return user
  }

  /** The account, where this is its password; takes a try. */
  async #verified(trying: Trying, password: string, tried: (name: string) => void): Promise<UserWithPassword | null> {
    const waitMs = this.#limits.take(trying)
    if (waitMs > 0) throw refused('session.tooOften', { retryAfter: Math.ceil(waitMs / 1000) })
    const found = await this.#limits.verifying(trying, async () => {
      const user = await this.#deps.accounts.user(trying.name)
      if (user !== null) tried(user.name)
      this.#nobody ??= hashPassword(randomBytes(16).toString('hex'))
      const has = user?.passwordHash.startsWith('$argon2id$') === true
      const right = await verifyPassword(password, has ? user.passwordHash : await this.#nobody)
      const inTime = user?.temporaryUntil == null || this.#deps.clock.now() < user.temporaryUntil
      return { user: has && right && inTime ? user : null }
    })
    if (found === null) throw refused('session.tooOften', { retryAfter: 1 })
    return found.user
  }

  async #knownDevice(name: string, request: FastifyRequest): Promise<string | null> {
    const device = cookieOf(request, 'samtal-device')
    if (device === null) return null
    const hash = hashOf(device)
    return (await this.#deps.accounts.knowsDevice(name, hash)) ? hash : null
  }

  async signInDemo(name: string, request: FastifyRequest, reply: FastifyReply): Promise<User> {
    const listed = this.#deps.demoUsers.some(({ user }) => user === name)
    const user = listed && this.demoOffered(request) ? await this.#deps.accounts.user(name) : null
    if (user === null) throw refused('session.noDemo')
    await this.start(user, request, reply)
    return user
  }

  /** Whose session the cookie is; null where there is none. Sliding: used, it lasts longer. */
  async of(request: FastifyRequest): Promise<SignedIn | null> {
    const token = cookieOf(request, 'samtal')
    if (token === null) return null
    const now = this.#deps.clock.now()
    const tokenHash = hashOf(token)
    const found = await this.#deps.accounts.session(tokenHash, now)
    if (found === null) return null
    const { session, user, temporary, linked } = found
    if (now - session.seenAt >= TOUCH_EVERY_MS) await this.#touch(tokenHash, now, this.#endOf(user, session, now))
    return { user, tokenHash, temporary, linked }
  }

  /** Where that cannot be written the session lasts as long as it did: a full disk shuts nobody out who is to see the alarm of it. */
  async #touch(tokenHash: string, at: Ms, expiresAt: Ms): Promise<void> {
    try {
      await this.#deps.accounts.touchSession(tokenHash, at, expiresAt)
      this.#unwritten = false
    } catch (error) {
      if (!(error instanceof PortError)) throw error
      if (!this.#unwritten) this.#deps.log('error', 'sessions cannot be written: they last as long as they did', { error: error.message })
      this.#unwritten = true
    }
  }

  async lives(tokenHash: string): Promise<boolean> {
    return (await this.#deps.accounts.session(tokenHash, this.#deps.clock.now())) !== null
  }

  async end({ tokenHash }: Pick<SignedIn, 'tokenHash'>, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.#deps.accounts.endSession(tokenHash)
    takeCookie(request, reply, 'samtal')
  }

  /**
   * A password of one's own, by who knows the one that is. Every session ends, this one too, and a new one begins. Trying is limited as
   * signing in is.
   */
  async changePassword(user: User, { current, next }: { readonly current: string; readonly next: string }, { request, reply }: SigningIn) {
    const trying = { name: user.name, address: request.ip, device: await this.#knownDevice(user.name, request) }
    const known = await this.#verified(trying, current, () => undefined)
    if (known === null) throw refused('password.wrong', { field: 'current' })
    this.#limits.wentWell(trying)
    const { name } = this.#deps.engine.solution()
    const fault = next === current ? 'password.same' : await passwordFault(next, [user.name, user.displayName, name, 'samtal'])
    if (fault !== null) throw refused(fault, { field: 'next' })
    await this.#deps.accounts.setPassword(user.name, await hashPassword(next))
    await this.start(user, request, reply)
  }

  #endOf(user: User, { createdAt }: Pick<SessionRow, 'createdAt'>, now: Ms): Ms {
    const { idleMs, lifeMs } = lengthsFor(user)
    return Math.min(now + idleMs, createdAt + lifeMs)
  }

  /** A new session under a new token; whatever this browser had before is over. */
  async start(user: User, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { accounts, clock } = this.#deps
    const before = cookieOf(request, 'samtal')
    if (before !== null) await accounts.endSession(hashOf(before))
    const token = newSecret()
    const now = clock.now()
    const expiresAt = this.#endOf(user, { createdAt: now }, now)
    await accounts.startSession({ tokenHash: hashOf(token), user: user.name, createdAt: now, seenAt: now, expiresAt })
    giveCookie(request, reply, 'samtal', token)
    const device = cookieOf(request, 'samtal-device') ?? newSecret()
    await accounts.knowDevice(user.name, hashOf(device), now)
    giveDevice(request, reply, device)
  }
}
