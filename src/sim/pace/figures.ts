/** What a shift comes to, read from the stories of the archive and from nothing else. */
import type { Story } from '#core/archive/story.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { PaceResult } from '#ports/pace.ts'

const HALF_HOUR_MS: Ms = 1_800_000
/** A half-hour with fewer answers says nothing of a share. */
const ANSWERS_MIN = 20

interface HalfHour {
  answered: number
  silent: number
}

/** Takes in one story after another, so that no shift is too long to be held. */
export class PaceFigures {
  readonly #from: Ms
  readonly #until: Ms
  readonly #agents: number
  readonly #halves: HalfHour[] = []
  #calls = 0
  #answered = 0
  #connected = 0
  #silent = 0
  #talkMs = 0
  #wrapMs = 0
  #setUpMs = 0

  /** Of a shift in which so many agents are logged on from beginning to end, and never paused. */
  constructor(shift: { readonly from: Ms; readonly until: Ms; readonly agents: number }) {
    this.#from = shift.from
    this.#until = shift.until
    this.#agents = shift.agents
  }

  take(story: Story): void {
    if (story.campaignId === undefined) return
    this.#calls += 1
    const answeredAt = story.legs.find((leg) => leg.party === 'customer' && leg.answeredAt !== null)?.answeredAt ?? null
    if (answeredAt === null) return
    const silent = story.result === 'silent' ? 1 : 0
    this.#answered += 1
    this.#silent += silent
    const half = Math.floor((answeredAt - this.#from) / HALF_HOUR_MS)
    this.#halves[half] ??= { answered: 0, silent: 0 }
    const counted = this.#halves[half]
    counted.answered += 1
    counted.silent += silent
    this.#agentsTime(story)
  }

  /** Of what goes on when the shift is over only the part within it. */
  #agentsTime(story: Story): void {
    for (const { kind, agents, startedAt, endedAt } of story.events)
      if (kind === 'conversation') this.#talkMs += agents.length * this.#within(startedAt, endedAt ?? this.#until)
    for (const leg of story.legs) {
      if (leg.party !== 'agent') continue
      if (leg.answeredAt !== null) this.#connected += 1
      this.#setUpMs += this.#within(leg.requestedAt, leg.answeredAt ?? leg.endedAt ?? this.#until)
    }
    for (const agent of story.agents) {
      const endedAt = story.legs.findLast((leg) => leg.agentId === agent.id)?.endedAt ?? null
      if (endedAt !== null) this.#wrapMs += this.#within(endedAt, endedAt + agent.wrapMs)
    }
  }

  #within(from: Ms, until: Ms): Ms {
    return Math.max(0, Math.min(until, this.#until) - Math.max(from, this.#from))
  }

  result(): PaceResult {
    const there = Math.max(1, this.#agents * (this.#until - this.#from))
    const share = (silent: number, answered: number): number => (answered === 0 ? 0 : silent / answered)
    const rates = this.#halves.filter(({ answered }) => answered >= ANSWERS_MIN).map(({ silent, answered }) => share(silent, answered))
    const idleMs = there - this.#talkMs - this.#wrapMs - this.#setUpMs
    return {
      calls: this.#calls,
      answered: this.#answered,
      silent: this.#silent,
      silentRate: share(this.#silent, this.#answered),
      worstRate: Math.max(0, ...rates),
      talkShare: this.#talkMs / there,
      busyShare: (this.#talkMs + this.#wrapMs) / there,
      idleMsPerCall: this.#connected === 0 ? 0 : Math.round(idleMs / this.#connected),
    }
  }
}
