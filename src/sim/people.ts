/** Whoever has a telephone in the simulated network: one phone each, one line at a time, and ways of one's own. */
import type { LegId, Ms } from '#core/kernel/kernel.ts'

/** What a person does when the phone rings. Times run from the first ring, `talksMs` from the person's own answer. */
export type Behaviour =
  /** Without `talksMs` the person talks until the other side hangs up. */
  | { readonly answersAfterMs: Ms; readonly talksMs?: Ms }
  /** Never answers; after this long the network gives up. */
  | { readonly ringsMs: Ms }
  | { readonly busyAfterMs: Ms }
  | { readonly rejectsAfterMs: Ms }
  | { readonly failsWith: 'notInUse' }
  /** A machine answers, and ends the call after `talksMs`. */
  | { readonly voicemailAfterMs: Ms; readonly talksMs?: Ms }
  /** Rings until somebody tells the phone what to do: `answer`, `reject`. */
  | { readonly byHand: true }

/** What the network lets a phone do; each does nothing where it makes no sense (a hang-up of a call that is over). */
export interface Exchange {
  answer(legId: LegId): void
  reject(legId: LegId): void
  hangUp(legId: LegId): void
  press(legId: LegId, digits: string): void
  lose(legId: LegId): void
}

const inTurn =
  (behaviours: readonly Behaviour[]) =>
  (time: number): Behaviour =>
    behaviours[Math.min(time, behaviours.length - 1)] ?? { failsWith: 'notInUse' }

export class Phone {
  /** The number, or `agent:ID`. */
  readonly name: string
  readonly #exchange: Exchange
  #choose: (time: number) => Behaviour
  #called = 0
  #received = ''
  /** The leg this phone is on or rung by; of many, the last. */
  line: LegId | null = null
  /** A switchboard: it calls and is called while others are on its lines. */
  manyLines = false
  /** Since then it is not in the network: no ring reaches it. */
  awaySince: Ms | null = null

  constructor(name: string, behaviours: readonly Behaviour[], exchange: Exchange) {
    this.name = name
    this.#choose = inTurn(behaviours)
    this.#exchange = exchange
  }

  /** What to do the 1st, 2nd … time from now on, the last repeating. */
  whenCalled(...behaviours: readonly Behaviour[]): void {
    this.decides(inTurn(behaviours))
  }

  /** Asked at each ring; `time` counts them from 0. */
  decides(choose: (time: number) => Behaviour): void {
    this.#choose = choose
    this.#called = 0
  }

  get isAway(): boolean {
    return this.awaySince !== null
  }

  get isEngaged(): boolean {
    return this.line !== null && !this.manyLines
  }

  /** How often it was rung. */
  get called(): number {
    return this.#called
  }

  /** The digits sent to this phone so far. */
  get received(): string {
    return this.#received
  }

  receive(digits: string): void {
    this.#received += digits
  }

  /** The behaviour for the ring that begins now. */
  next(): Behaviour {
    this.#called += 1
    return this.#choose(this.#called - 1)
  }

  answer(): void {
    if (this.line !== null) this.#exchange.answer(this.line)
  }

  reject(): void {
    if (this.line !== null) this.#exchange.reject(this.line)
  }

  hangUp(): void {
    if (this.line !== null) this.#exchange.hangUp(this.line)
  }

  press(digits: string): void {
    if (this.line !== null) this.#exchange.press(this.line, digits)
  }

  /** The phone vanishes from the network: battery, network, a closed browser. */
  lose(): void {
    if (this.line !== null) this.#exchange.lose(this.line)
  }
}

/** One call a person makes to us. */
export interface OwnCall {
  readonly legId: LegId
  press(digits: string): void
  hangUp(): void
  /** Calls back when we answer, or at once where we have. */
  onAnswer(call: () => void): void
  onEnd(call: () => void): void
  /** Calls back, once, when somebody else is on the line with us. */
  onJoin(call: () => void): void
}
