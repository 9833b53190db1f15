/**
 * How often a sign-in may be tried, so that guessing is slow and nobody is locked out by others. A browser a person has signed in with
 * before has tries of its own (a device cookie: OWASP, "Slow down online guessing attacks with device cookies"); every other one is slowed
 * by where it comes from and by the name it tries, and tries come back by themselves: there is no lock that somebody else could shut.
 */
import { isIPv6 } from 'node:net'
import type { Clock } from '#ports/clock.ts'
import { Buckets } from './limits.ts'

/** Tries at once, and how fast they come back: at worst ten seconds until the next. */
const TRIES = 10
const ADDRESS_REFILL_MS = 6_000
const NAME_REFILL_MS = 10_000
/** Passwords verified at the same time: each takes 19 MiB. Some are kept for browsers that are known, so that a flood does not take all. */
const VERIFYING_MAX = 8
const VERIFYING_KNOWN_MAX = 12
/** Places people have signed in from, remembered while the process lives. */
const PLACES_MAX = 10_000

/** Whoever has an IPv6 address has the 2^64 of its network (RFC 6177): they count as one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0')
  const groups = [...front, ...zeros, ...back].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${groups.join(':')}::/64`
}

export interface Trying {
  readonly name: string
  readonly address: string
  /** sha-256 of the device cookie, where the account knows it; else null. */
  readonly device: string | null
}

export class SignInLimits {
  readonly #byAddress: Buckets
  readonly #byName: Buckets
  readonly #byDevice: Buckets
  readonly #places = new Set<string>()
  #verifying = 0

  constructor(clock: Clock) {
    this.#byAddress = new Buckets(TRIES, ADDRESS_REFILL_MS, clock)
    this.#byName = new Buckets(TRIES, NAME_REFILL_MS, clock)
    this.#byDevice = new Buckets(TRIES, NAME_REFILL_MS, clock)
  }

  /** Takes a try: 0, or the milliseconds until there is one. */
  take({ name, address, device }: Trying): number {
    if (device !== null) return this.#byDevice.take(`${name.toLowerCase()} ${device}`)
    const network = networkOf(address)
    const known = this.#places.has(`${name.toLowerCase()} ${network}`)
    return Math.max(this.#byAddress.take(network), known ? 0 : this.#byName.take(name.toLowerCase()))
  }

  /** It went well: the try is given back, and the place is remembered. */
  wentWell({ name, address, device }: Trying): void {
    const network = networkOf(address)
    const place = `${name.toLowerCase()} ${network}`
    if (device !== null) this.#byDevice.giveBack(`${name.toLowerCase()} ${device}`)
    else {
      this.#byAddress.giveBack(network)
      this.#byName.giveBack(name.toLowerCase())
    }
    this.#places.delete(place)
    this.#places.add(place)
    if (this.#places.size > PLACES_MAX) for (const oldest of this.#places.values().take(1)) this.#places.delete(oldest)
  }

  /** Runs it, if not too many run already: else null. */
  async verifying<T>({ device }: Trying, work: () => Promise<T>): Promise<T | null> {
    if (this.#verifying >= (device === null ? VERIFYING_MAX : VERIFYING_KNOWN_MAX)) return null
    this.#verifying += 1
    try {
      return await work()
    } finally {
      this.#verifying -= 1
    }
  }
}
