/** The machine's own time and chance. */
import { randomBytes } from 'node:crypto'
import type { Chance, Clock } from '#ports/clock.ts'

/** Node fires a timer set for longer at once; a longer wait is made of several. */
const TIMER_MS_MAX = 2 ** 31 - 1

/** The machine's clock. Timers do not keep the process alive: what the process is for does. */
export function machineClock(): Clock {
  const now = () => Date.now()
  return {
    now,
    monotonic: () => performance.now(),
    wake(at, call) {
      let timer: NodeJS.Timeout
      const end = performance.now() + (at - now())
      const wait = () => {
        const left = end - performance.now()
        if (left <= 0) call()
        else timer = setTimeout(wait, Math.min(Math.ceil(left), TIMER_MS_MAX)).unref()
      }
      timer = setTimeout(wait, Math.max(0, Math.min(Math.ceil(at - now()), TIMER_MS_MAX))).unref()
      return () => clearTimeout(timer)
    },
  }
}

/** Crockford's base 32: no I, L, O, U; in the order of its values, so that ids sort by time. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

const base32 = (value: bigint, length: number): string => {
  let text = ''
  for (let left = value, index = 0; index < length; index++, left >>= 5n) text = (ALPHABET[Number(left & 31n)] ?? '') + text
  return text
}

/** Ids of 26 signs: 48 bits of time, 80 of chance (as ULID). */
export const machineChance = (): Chance => ({
  id: (at) => base32(BigInt(Math.max(0, Math.trunc(at))), 10) + base32(BigInt(`0x${randomBytes(10).toString('hex')}`), 16),
})
