/** Who is asking: sign-in by password or, in the demonstration, by one click; the session behind the cookie; sign-out. */
import { createHash, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { User } from '#ports/accounts.ts'
import type { HttpDeps } from './deps.ts'
import { Buckets } from './limits.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { refused } from './problems.ts'

export const COOKIE = 'samtal'
/** A session not used for so long is over. */
const IDLE_MS = 12 * 3_600_000
/** However much it is used, people sign in again after this. */
const LIFE_MS = 7 * 24 * 3_600_000
const TOUCH_EVERY_MS = 60_000
/** Tries at once per address and per name, and how fast they come back: at worst ten seconds until the next. */
const TRIES = 10
const ADDRESS_REFILL_MS = 6000
const NAME_REFILL_MS = 10_000
/** Passwords verified at the same time: each takes 19 MiB. */
const VERIFYING_MAX = 8
/** Places people have signed in from, remembered so that a flood of tries on a name from elsewhere does not keep them out. */
const KNOWN_MAX = 10_000
const FORWARDED = ['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-server']

export interface SignedIn {
  readonly user: User
  readonly tokenHash: string
}

export interface SigningIn {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly tried: (name: string) => void
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address)

export class Sessions {
  readonly #deps: HttpDeps
  readonly #byAddress: Buckets
  readonly #byName: Buckets
  readonly #known = new Set<string>()
  #verifying = 0
  #nobody: Promise<string> | undefined
  /** Sign-ins refused since the start. */
  refusals = 0

  constructor(deps: HttpDeps) {
    this.#deps = deps
    this.#byAddress = new Buckets(TRIES, ADDRESS_REFILL_MS, deps.clock)
    this.#byName = new Buckets(TRIES, NAME_REFILL_MS, deps.clock)
  }

  /** Whether one-click sign-in is offered to this client: only on this machine, and not through a proxy. */
  demoOffered(request: FastifyRequest): boolean {
    const direct = isLoopback(request.socket.remoteAddress ?? '') && FORWARDED.every((name) => request.headers[name] === undefined)
    return direct && this.#deps.demoUsers.length > 0
  }

  /** Refuses with the same words whether the name or the password is wrong, after the same work. `tried`: told of an account there is. */
  async signIn(name: string, password: string, { request, reply, tried }: SigningIn): Promise<User> {
    const address = request.ip
    const key = name.toLowerCase()
    const place = `${key} ${address}`
    this.#limit(address, this.#known.has(place) ? null : key)
    if (this.#verifying >= VERIFYING_MAX) throw refused('session.tooOften', { retryAfter: 1 })
    this.#verifying += 1
    try {
      const user = await this.#deps.accounts.user(name)
      this.#nobody ??= hashPassword(randomBytes(16).toString('hex'))
      if (user !== null) tried(user.name)
      const right = await verifyPassword(password, user?.passwordHash ?? (await this.#nobody))
      if (user === null || !right) {
        this.refusals += 1
        throw refused('session.refused')
      }
      this.#byAddress.giveBack(address)
      this.#byName.giveBack(key)
      this.#know(place)
      await this.#start(user, request, reply)
      return user
    } finally {
      this.#verifying -= 1
    }
  }

  async signInDemo(name: string, request: FastifyRequest, reply: FastifyReply): Promise<User> {
    const listed = this.#deps.demoUsers.some(({ user }) => user === name)
    const user = listed && this.demoOffered(request) ? await this.#deps.accounts.user(name) : null
    if (user === null) throw refused('session.noDemo')
    await this.#start(user, request, reply)
    return user
  }

  /** Whose session the cookie is; null where there is none. Sliding: used, it lasts longer. */
  async of(request: FastifyRequest): Promise<SignedIn | null> {
    const token = request.cookies[COOKIE]
    if (token === undefined || token === '') return null
    const now = this.#deps.clock.now()
    const tokenHash = hashOf(token)
    const found = await this.#deps.accounts.session(tokenHash, now)
    if (found === null) return null
    if (now - found.session.seenAt >= TOUCH_EVERY_MS) {
      await this.#deps.accounts.touchSession(tokenHash, now, Math.min(now + IDLE_MS, found.session.createdAt + LIFE_MS))
    }
    return { user: found.user, tokenHash }
  }

  async lives(tokenHash: string): Promise<boolean> {
    return (await this.#deps.accounts.session(tokenHash, this.#deps.clock.now())) !== null
  }

  async end({ tokenHash }: Pick<SignedIn, 'tokenHash'>, reply: FastifyReply): Promise<void> {
    await this.#deps.accounts.endSession(tokenHash)
    reply.clearCookie(COOKIE, { path: '/' })
  }

  #limit(address: string, name: string | null): void {
    const waitMs = Math.max(this.#byAddress.take(address), name === null ? 0 : this.#byName.take(name))
    if (waitMs > 0) throw refused('session.tooOften', { retryAfter: Math.ceil(waitMs / 1000) })
  }

  #know(place: string): void {
    this.#known.delete(place)
    this.#known.add(place)
    if (this.#known.size > KNOWN_MAX) for (const oldest of this.#known.values().take(1)) this.#known.delete(oldest)
  }

  async #start(user: User, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { accounts, clock } = this.#deps
    const token = randomBytes(32).toString('base64url')
    const now = clock.now()
    await accounts.startSession({ tokenHash: hashOf(token), user: user.name, createdAt: now, seenAt: now, expiresAt: now + IDLE_MS })
    reply.setCookie(COOKIE, token, { path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' })
  }
}
