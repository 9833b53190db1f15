/** One kill after the other, and what was found after each. */
import type { SeededChance } from '#sim/chance.ts'
import type { Agent } from '#wire/live.ts'
import { lineOf } from '../asterisk/campaigns.ts'
import type { Line } from '../asterisk/people.ts'
import { until } from '../asterisk/until.ts'
import { isInside, type Kind } from './deaths.ts'
import { crew, everybody, type Place, reached } from './place.ts'
import type { Standing } from './standing.ts'

/** The time nobody was at the engine, by the wall clock, milliseconds since 1970. */
export interface Gap {
  readonly from: number
  /** When it was started again, to serve at `to`. */
  readonly began: number
  readonly to: number
}

export interface Round {
  readonly number: number
  readonly kind: Kind
  readonly gap: Gap
  /** What was going on when it was killed, by the network. */
  readonly scene: string
  /** What should not be. */
  readonly faults: readonly string[]
  /** From the start until it serves, and until the next contact is rung, milliseconds. */
  readonly servesMs: number
  readonly dialsMs: number
}

/** Heard before and after: what is cut is told from what was never there. */
const BEFORE_MS = 500
const AFTER_MS = 1_000
/** In which everybody is where the network has them, and the campaign dials. */
const SETTLES_MS = 45_000
const DIES_MS = 60_000

export class Rounds {
  readonly #place: Place
  readonly #standing: Standing
  readonly #chance: SeededChance
  readonly gaps: Gap[] = []
  #helper: Line | null = null

  constructor(place: Place, standing: Standing, chance: SeededChance) {
    this.#place = place
    this.#standing = standing
    this.#chance = chance
  }

  async play(number: number, kind: Kind): Promise<Round> {
    const [place, standing] = [this.#place, this.#standing]
    await standing.topUp()
    await standing.brief(this.#chance.between(3_000, 9_000))
    await this.#inFullSwing()
    if (kind === 'consultOnHold') await this.#consult()
    const before = { queue: JSON.stringify(await standing.queue()), open: await standing.open() }
    const from = await this.#die(kind)
    const scene = this.#scene(from)
    if (number % 2 === 0) this.#leaveMeanwhile()
    const newcomer = number % 3 === 1 ? await standing.comesMeanwhile() : null
    const began = Date.now()
    await place.start()
    const to = Date.now()
    const gap = { from, began, to }
    this.gaps.push(gap)
    const faults: string[] = []
    if (JSON.stringify(await standing.queue()) !== before.queue) faults.push('those who wait were lost or moved')
    faults.push(...(await this.#unchanged()))
    const dialsMs = await this.#dials(to, faults)
    await this.#agree(faults)
    faults.push(...(await this.#callbacksKept(before.open)))
    await until('who came meanwhile is let in', () => newcomer === null || newcomer.state !== 'ringing', SETTLES_MS).catch(() =>
      faults.push('who came meanwhile is not let in'),
    )
    await until('some speech has come', () => Date.now() > to + AFTER_MS)
    faults.push(...standing.faults(from - BEFORE_MS, to + AFTER_MS, this.#helper === null ? null : { helper: this.#helper }))
    if (this.#helper !== null) await this.#endConsult()
    return { number, kind, gap, scene, faults, servesMs: to - began, dialsMs }
  }

  /** The campaign has come back to its pace: contacts were rung since the last start, and agents talk with some. */
  async #inFullSwing(): Promise<void> {
    const since = this.gaps.at(-1)?.to ?? 0
    const isSo = (): boolean => {
      const rung = this.#standing.contactsRung().filter(({ log }) => (log[0]?.at ?? 0) > since)
      return rung.length >= 8 && crew.campaign.some((agent) => lineOf(this.#place.site.people, agent, 'up') !== undefined)
    }
    await until('the campaign is in full swing', isSo, SETTLES_MS)
  }

  /** Resolves when it is dead: the instant. */
  async #die(kind: Kind): Promise<number> {
    const { carrier } = this.#place
    if (kind === 'replay') {
      await this.#place.kill()
      const from = Date.now()
      const run = await this.#place.start({ diesInReplay: true })
      await run.gone
      return from
    }
    if (isInside(kind)) {
      const before = this.#place.lastWords().length
      this.#place.order({ kind, passes: this.#chance.between(0, kind === 'snapshot' ? 0 : 3) })
      await until(`it dies: ${kind}`, () => this.#place.lastWords().length > before, DIES_MS)
      await this.#place.kill()
      return this.#place.lastWords().at(-1)?.at ?? Date.now()
    }
    if (kind === 'callbackRinging') {
      const isRung = async (): Promise<boolean> => {
        // The one there was may have been given up since, after its last attempt: nobody would be rung any more.
        await this.#standing.topUp()
        return carrier.lines.some(({ number, state }) => number.startsWith(reached.callbackSilent) && state === 'ringing')
      }
      await until('a callback’s customer is rung', isRung, DIES_MS, 100)
    }
    const from = Date.now()
    await this.#place.kill()
    return from
  }

  #scene(at: number): string {
    const { carrier, site } = this.#place
    const lines = carrier.lines.filter(({ log }) => (log[0]?.at ?? 0) <= at)
    const count = (state: 'ringing' | 'up', of: (number: string) => boolean): number =>
      lines.filter((line) => line.state === state && of(line.number)).length
    const isCallback = (number: string): boolean => Object.values(reached).some((begins) => number.startsWith(begins))
    const contacts = this.#standing.contactsRung()
    const inState = (state: 'ringing' | 'up'): number => contacts.filter((line) => line.state === state).length
    const agents = crew.campaign.filter((agent) => lineOf(site.people, agent, 'up') !== undefined).length
    const parts = [
      `${count('ringing', isCallback)} callbacks ringing`,
      `${count('up', isCallback)} talking`,
      `contacts ${inState('ringing')} ringing ${inState('up')} answered`,
      `${agents} of their agents on a line`,
    ]
    return parts.join(', ')
  }

  /** Somebody hangs up while nobody is there to see it. */
  #leaveMeanwhile(): void {
    const { people } = this.#place.site
    const own = lineOf(people, crew.brief[0], 'up')
    if (own !== undefined) people.hangUp(own)
  }

  async #consult(): Promise<void> {
    const [, agent] = crew.talks
    const [, conversation] = this.#standing.talks
    const callId = (await this.#agent(agent))?.callId
    await this.#place.ask(agent, 'POST', `/calls/${callId}/consult`, { to: `agent:${crew.help[0]}` })
    const helper = await until('the colleague answers', () => lineOf(this.#place.site.people, crew.help[0], 'up'))
    await until('they consult, and the customer hears music', () => {
      const own = conversation?.agent.speech
      return (
        own?.ear().tones.join() === `${helper.speech.tone}` &&
        helper.speech.ear().tones.join() === `${own.tone}` &&
        conversation?.customer.speech?.ear().music === true
      )
    })
    // As long as is listened to before a kill.
    const since = Date.now()
    await until('it has lasted', () => Date.now() > since + 2 * BEFORE_MS)
    this.#helper = helper
  }

  async #endConsult(): Promise<void> {
    const [, agent] = crew.talks
    const callId = (await this.#agent(agent))?.callId
    await this.#place.ask(agent, 'POST', `/calls/${callId}/consult/abort`)
    const [, conversation] = this.#standing.talks
    await until('the customer is back', () => conversation !== undefined && this.#standing.hear(conversation))
    this.#helper = null
    const since = Date.now()
    await until('they have talked', () => Date.now() > since + 2 * BEFORE_MS)
  }

  async #agent(id: string): Promise<Agent | undefined> {
    return (await this.#place.agents()).find((agent) => agent.id === id)
  }

  /** Nobody is logged off or made ready by a restart. */
  async #unchanged(): Promise<readonly string[]> {
    const agents = await this.#place.agents()
    const wanted: Readonly<Record<string, string>> = { pat: 'paused', gone: 'loggedOff', anna: 'connected', bo: 'connected' }
    return agents.flatMap(({ id, state }) => {
      if (wanted[id] !== undefined) return state === wanted[id] ? [] : [`${id} is ${state}, and was ${wanted[id]}`]
      return state === 'loggedOff' || state === 'paused' ? [`${id} is ${state}, and was logged on`] : []
    })
  }

  /** Time from serving again to the next contact that is rung. */
  async #dials(from: number, faults: string[]): Promise<number> {
    const next = () => this.#standing.contactsRung().find(({ log }) => (log[0]?.at ?? 0) > from)
    try {
      const line = await until('the campaign goes on', next, SETTLES_MS)
      return (line.log[0]?.at ?? from) - from
    } catch (error) {
      faults.push(`the campaign does not go on: ${String(error)}`)
      return Number.NaN
    }
  }

  /** Every agent is at some instant where the network has him: on a line, or free. */
  async #agree(faults: string[]): Promise<void> {
    const left = new Set(everybody)
    const look = async (): Promise<boolean> => {
      for (const { id, state } of await this.#place.agents()) {
        const lines = [...this.#place.site.people.lines.values()]
        const isRung = lines.some((line) => line.state !== 'over' && line.invite?.start.startsWith(`INVITE sip:${id}@`))
        const isBusy = state === 'connecting' || state === 'connected'
        if (isRung === isBusy) left.delete(id)
      }
      return left.size === 0
    }
    await until('agents are where the network has them', look, SETTLES_MS, 200).catch(async () => {
      const agents = await this.#place.agents()
      for (const id of left) faults.push(`${id} is stuck ${agents.find((agent) => agent.id === id)?.state}`)
    })
  }

  /** What was promised is still to be done, or was done: the network has rung him. */
  async #callbacksKept(before: readonly string[]): Promise<readonly string[]> {
    const open = await this.#standing.open()
    const rung = new Set(this.#place.carrier.lines.map(({ number }) => number))
    return before.flatMap((number) => (open.includes(number) || rung.has(number) ? [] : [`the callback to ${number} is lost`]))
  }
}
