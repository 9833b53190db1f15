/**
 * The contract of the Telephony port, one suite for every network behind it. A network brings a small harness: ways to let people
 * outside do what people do. All waiting is for an event, with a bound; times are real, so that a real switch can be held to it.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgentId, LegId, Ms } from '#core/kernel/kernel.ts'
import type { Telephony, TelephonyEvent } from '#ports/telephony.ts'
import { talkCases } from './telephony-talk.contract.ts'

/** What a number outside does when it is rung. */
export type Deed =
  | { readonly answersAfterMs: Ms; readonly talksMs?: Ms }
  | { readonly neverAnswers: true }
  | { readonly busy: true }
  | { readonly rejects: true }
  | { readonly notInUse: true }

/** Somebody who calls us. */
export interface Caller {
  /** Digits, one after the other. */
  press(digits: string): void
  hangUp(): void
}

export interface NetworkUnderTest {
  readonly telephony: Telephony
  /** A number of ours that can be called. */
  readonly ours: string
  /** Two agents whose phones answer by themselves, at once or nearly. */
  readonly agents: readonly [AgentId, AgentId]
  /** A trunk that takes no calls; a ring that names none goes over one that does. */
  readonly deadTrunk: string
  /** A call to `ours`; `from` null: withheld. */
  call(from: string | null): Caller
  /** A number outside that does this every time. */
  number(deed: Deed): string
  /** How often this number has been rung. */
  rung(number: string): Promise<number>
  /** The legs whose voice reaches this leg now: by their sound where the network carries any, else by its own account. */
  hears(legId: LegId): Promise<readonly LegId[]>
  /** The digits the phone on this leg has received so far. */
  received(legId: LegId): Promise<string>
  close(): Promise<void>
}

/** Longer than any answer, shorter than a test. */
const PATIENCE_MS = 8_000

class Events {
  readonly all: TelephonyEvent[] = []
  #waiting: { readonly match: (event: TelephonyEvent) => boolean; readonly found: (event: TelephonyEvent) => void }[] = []

  readonly take = (event: TelephonyEvent): void => {
    this.all.push(event)
    const found = this.#waiting.filter((one) => one.match(event))
    this.#waiting = this.#waiting.filter((one) => !found.includes(one))
    for (const one of found) one.found(event)
  }

  /** The first event of this type (and leg), past or to come. */
  async next<T extends TelephonyEvent['type']>(
    type: T,
    of: { readonly legId?: LegId; readonly playId?: string } = {},
  ): Promise<Extract<TelephonyEvent, { type: T }>> {
    const match = (event: TelephonyEvent): event is Extract<TelephonyEvent, { type: T }> =>
      event.type === type &&
      (of.legId === undefined || ('legId' in event && event.legId === of.legId)) &&
      (of.playId === undefined || ('playId' in event && event.playId === of.playId))
    const past = this.all.find(match)
    if (past !== undefined) return past
    return new Promise((resolve, reject) => {
      const seen = (): string => this.all.map((event) => JSON.stringify(event)).join('\n  ')
      const timer = setTimeout(() => reject(new Error(`no ${type} ${JSON.stringify(of)}; there were\n  ${seen()}`)), PATIENCE_MS)
      const found = (event: TelephonyEvent): void => {
        clearTimeout(timer)
        if (match(event)) resolve(event)
      }
      this.#waiting.push({ match, found })
    })
  }

  of(legId: LegId): readonly TelephonyEvent[] {
    return this.all.filter((event) => 'legId' in event && event.legId === legId)
  }
}

/** Asks until it is so: for what a network tells by questions, not by events. */
async function until<T>(ask: () => Promise<T>, so: (answer: T) => boolean): Promise<T> {
  const giveUp = performance.now() + PATIENCE_MS
  for (;;) {
    const answer = await ask()
    if (so(answer) || performance.now() > giveUp) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const ME = '+46701234567'

export function telephonyContract(name: string, open: () => Promise<NetworkUnderTest>): void {
  describe(`the Telephony port: ${name}`, () => {
    let network: NetworkUnderTest
    let telephony: Telephony
    let events: Events
    let ids = 0
    /** Unique within a run, as the rules' own ids are. */
    const fresh = (): string => `t${process.pid.toString(36)}x${Date.now().toString(36)}x${ids++}`

    beforeEach(async () => {
      network = await open()
      telephony = network.telephony
      events = new Events()
      await telephony.start(events.take)
    })
    afterEach(async () => {
      for (const leg of await telephony.alive()) telephony.send({ type: 'leg.hangUp', legId: leg.legId, why: 'normal' })
      await telephony.stop()
      await network.close()
    })

    const hangUp = (legId: LegId, why: 'normal' | 'withdrawn' = 'normal'): void => telephony.send({ type: 'leg.hangUp', legId, why })
    const ring = (to: { agent: AgentId } | { number: string }, ringMsMax = 20_000): LegId => {
      const legId = fresh()
      telephony.send({ type: 'leg.ring', callId: fresh(), legId, to, callerId: network.ours, ringMsMax })
      return legId
    }
    const answered = async (to: { agent: AgentId } | { number: string }): Promise<LegId> => {
      const legId = ring(to)
      await events.next('leg.answered', { legId })
      return legId
    }
    const comesIn = async (from: string | null = ME): Promise<{ caller: Caller; legId: LegId }> => {
      const caller = network.call(from)
      const { legId } = await events.next('leg.arrived')
      return { caller, legId }
    }
    const taken = async (): Promise<{ caller: Caller; legId: LegId }> => {
      const line = await comesIn()
      telephony.send({ type: 'leg.answer', legId: line.legId })
      await events.next('leg.answered', { legId: line.legId })
      return line
    }
    /** Whom a leg hears, once these are so many. */
    const heardBy = (legId: LegId, count: number): Promise<readonly LegId[]> =>
      until(
        () => network.hears(legId),
        (legs) => legs.length === count,
      )
    const join = (legs: readonly LegId[]): string => {
      const callId = fresh()
      telephony.send({ type: 'bridge.join', callId, bridge: 'main', legs })
      return callId
    }

    talkCases(() => ({
      network,
      send: (command) => telephony.send(command),
      caller: async () => (await taken()).legId,
      answered,
      fresh,
      alive: () => telephony.alive(),
      finished: (playId) => events.next('prompt.finished', { playId }),
      until,
    }))

    it('tells who calls whom', async () => {
      await comesIn()
      const arrived = await events.next('leg.arrived')
      expect(arrived.from).toContain('701234567')
      expect(arrived.to).toBe(network.ours)
    })

    it('does not know who withholds the number', async () => {
      await comesIn(null)
      expect((await events.next('leg.arrived')).from).toBeNull()
    })

    it('answers a line, hears its digits in order, and tells when the caller hangs up', async () => {
      const { caller, legId } = await taken()
      caller.press('12#')
      await until(
        async () => events.all.filter((event) => event.type === 'digit.pressed').length,
        (count) => count === 3,
      )
      caller.hangUp()
      const ended = await events.next('leg.ended', { legId })
      expect(ended).toMatchObject({ outcome: 'answered', by: 'party', cause: 16 })
      expect(events.all.flatMap((event) => (event.type === 'digit.pressed' ? [event.digit] : []))).toEqual(['1', '2', '#'])
    })

    it('tells when a caller gives up before we answer', async () => {
      const { caller, legId } = await comesIn()
      caller.hangUp()
      expect(await events.next('leg.ended', { legId })).toMatchObject({ by: 'party', outcome: 'unanswered' })
    })

    it('ends a line once, however often it is asked', async () => {
      const { legId } = await taken()
      hangUp(legId)
      hangUp(legId)
      expect(await events.next('leg.ended', { legId })).toMatchObject({ outcome: 'answered', by: 'us' })
      hangUp(legId)
      telephony.send({ type: 'leg.answer', legId })
      telephony.send({ type: 'music.start', legId, music: 'default' })
      await comesIn()
      expect(events.of(legId).filter((event) => event.type === 'leg.ended')).toHaveLength(1)
      expect(events.of(legId).at(-1)?.type).toBe('leg.ended')
    })

    it('rings a number that answers, and tells when it hangs up', async () => {
      const legId = ring({ number: network.number({ answersAfterMs: 200, talksMs: 300 }) })
      await events.next('leg.answered', { legId })
      expect(await events.next('leg.ended', { legId })).toMatchObject({ outcome: 'answered', by: 'party', cause: 16 })
      const kinds = events.of(legId).map((event) => event.type)
      expect(kinds.filter((kind) => kind !== 'leg.rang')).toEqual(['leg.answered', 'leg.ended'])
      expect(kinds.indexOf('leg.rang')).toBeLessThan(kinds.indexOf('leg.answered'))
    })

    it.each([
      ['busy', { busy: true }, 'busy'],
      ['declined', { rejects: true }, 'rejected'],
      ['not in use', { notInUse: true }, 'notInUse'],
    ] as const)('tells a number that is %s apart', async (_, deed, outcome) => {
      const legId = ring({ number: network.number(deed) })
      expect(await events.next('leg.ended', { legId })).toMatchObject({ outcome, by: 'party' })
      expect(events.of(legId).some((event) => event.type === 'leg.answered')).toBe(false)
    })

    it('gives up ringing at the switch’s bound', async () => {
      const legId = ring({ number: network.number({ neverAnswers: true }) }, 1_000)
      expect(await events.next('leg.ended', { legId })).toMatchObject({ outcome: 'unanswered', by: 'network' })
    })

    it('withdraws a ring', async () => {
      const legId = ring({ number: network.number({ neverAnswers: true }) })
      await events.next('leg.rang', { legId })
      hangUp(legId, 'withdrawn')
      expect(await events.next('leg.ended', { legId })).toMatchObject({ outcome: 'withdrawn', by: 'us' })
    })

    it('rings an agent', async () => {
      const legId = await answered({ agent: network.agents[0] })
      hangUp(legId)
      expect(await events.next('leg.ended', { legId })).toMatchObject({ outcome: 'answered', by: 'us' })
    })

    it('rings nobody twice for one leg', async () => {
      const number = network.number({ answersAfterMs: 200 })
      const legId = fresh()
      const command = { type: 'leg.ring', callId: fresh(), legId, to: { number }, callerId: network.ours, ringMsMax: 20_000 } as const
      telephony.send(command)
      telephony.send(command)
      await events.next('leg.answered', { legId })
      telephony.send(command)
      hangUp(legId)
      await events.next('leg.ended', { legId })
      expect(await network.rung(number)).toBe(1)
    })

    it('tells of a trunk that takes no call before anybody’s phone rings, and rings over another with a leg of its own', async () => {
      const number = network.number({ answersAfterMs: 10 })
      const legId = fresh()
      const ring = { type: 'leg.ring', callId: fresh(), to: { number }, callerId: network.ours, ringMsMax: 20_000 } as const
      telephony.send({ ...ring, legId, trunk: network.deadTrunk })
      expect(await events.next('leg.ended', { legId })).toMatchObject({ outcome: 'failed', by: 'network' })
      expect(events.of(legId).map((event) => event.type)).toEqual(['leg.ended'])
      expect(await network.rung(number)).toBe(0)
      const second = fresh()
      telephony.send({ ...ring, legId: second })
      await events.next('leg.answered', { legId: second })
      expect(await network.rung(number)).toBe(1)
    })

    it('plays a prompt to its end, and says so', async () => {
      const { legId } = await taken()
      const playId = fresh()
      telephony.send({ type: 'prompt.play', playId, legs: [legId], language: 'sv', parts: [{ prompt: 'callback.ordered' }] })
      expect(await telephony.plays(playId)).toBe(true)
      expect(await events.next('prompt.finished', { playId })).toEqual({ type: 'prompt.finished', playId })
      expect(await telephony.plays(playId)).toBe(false)
    })

    it('does not say so of one that was stopped, or replaced by another', async () => {
      const { legId } = await taken()
      const [stopped, replaced, last] = [fresh(), fresh(), fresh()]
      const play = (playId: string, parts: readonly { prompt: string }[]): void =>
        telephony.send({ type: 'prompt.play', playId, legs: [legId], language: 'sv', parts })
      play(stopped, [{ prompt: 'callback.choose' }, { prompt: 'callback.choose' }])
      telephony.send({ type: 'prompt.stop', playId: stopped, legs: [legId] })
      telephony.send({ type: 'prompt.stop', playId: stopped, legs: [legId] })
      play(replaced, [{ prompt: 'callback.choose' }, { prompt: 'callback.choose' }])
      play(last, [{ prompt: 'callback.ordered' }])
      await events.next('prompt.finished', { playId: last })
      expect(events.all.flatMap((event) => (event.type === 'prompt.finished' ? [event.playId] : []))).toEqual([last])
    })

    it('joins two legs so that each hears the other, and parts them', async () => {
      const { legId } = await taken()
      telephony.send({ type: 'music.start', legId, music: 'default' })
      const agent = await answered({ agent: network.agents[0] })
      const callId = join([legId, agent])
      expect(await heardBy(legId, 1)).toEqual([agent])
      expect(await heardBy(agent, 1)).toEqual([legId])
      const joined = await telephony.alive()
      expect(joined.find((leg) => leg.legId === legId)?.joinedWith).toEqual([agent])
      telephony.send({ type: 'bridge.join', callId, bridge: 'main', legs: [] })
      expect(await heardBy(legId, 0)).toEqual([])
      const parted = await until(
        () => telephony.alive(),
        (legs) => legs.every((leg) => leg.joinedWith.length === 0),
      )
      expect(parted.map((leg) => leg.joinedWith)).toEqual([[], []])
    })

    it('joins exactly the legs named: one more, one less', async () => {
      const { legId } = await taken()
      const [first, second] = [await answered({ agent: network.agents[0] }), await answered({ agent: network.agents[1] })]
      const callId = join([legId, first])
      const set = (legs: readonly LegId[]): void => telephony.send({ type: 'bridge.join', callId, bridge: 'main', legs })
      set([legId, first, second])
      expect([...(await heardBy(legId, 2))].sort()).toEqual([first, second].sort())
      set([legId, second])
      set([legId, second])
      expect(await heardBy(legId, 1)).toEqual([second])
    })

    it('knows which legs are alive, and how', async () => {
      const { legId } = await taken()
      const ringing = ring({ number: network.number({ neverAnswers: true }) })
      await events.next('leg.rang', { legId: ringing })
      const alive = await telephony.alive()
      expect(alive.find((leg) => leg.legId === legId)).toMatchObject({ state: 'answered', inbound: true, to: network.ours })
      expect(alive.find((leg) => leg.legId === ringing)).toMatchObject({ state: 'ringing', inbound: false })
      hangUp(ringing)
      await events.next('leg.ended', { legId: ringing })
      expect((await telephony.alive()).map((leg) => leg.legId)).toEqual([legId])
    })

    it('answers with every command given before carried out', async () => {
      const legId = ring({ number: network.number({ neverAnswers: true }) })
      expect((await telephony.alive()).map((leg) => leg.legId)).toEqual([legId])
      hangUp(legId, 'withdrawn')
      expect(await telephony.alive()).toEqual([])
    })

    it('knows the past of a leg by its own log', async () => {
      const legId = ring({ number: network.number({ answersAfterMs: 200, talksMs: 300 }) })
      await events.next('leg.ended', { legId })
      const past = await until(
        () => telephony.past(legId),
        (known) => known?.ended !== undefined,
      )
      expect(past?.ended).toMatchObject({ outcome: 'answered' })
      const times = [past?.startedAt, past?.answeredAt, past?.ended?.at].map((at) => at ?? Number.NaN)
      expect(times).toEqual([...times].sort((a, b) => a - b))
      expect(await telephony.past(fresh())).toEqual({})
    })

    it('lets legs live on while nobody commands it, and tells of them afterwards', async () => {
      const { caller, legId } = await taken()
      const agent = await answered({ agent: network.agents[0] })
      join([legId, agent])
      await heardBy(legId, 1)
      const leaves = await answered({ number: network.number({ answersAfterMs: 0, talksMs: 800 }) })
      await telephony.stop()
      await until(
        () => telephony.past(leaves),
        (known) => known?.ended !== undefined,
      )
      expect(await network.hears(legId)).toEqual([agent])
      events = new Events()
      await telephony.start(events.take)
      const alive = await telephony.alive()
      expect(alive.map((leg) => leg.legId).sort()).toEqual([legId, agent].sort())
      expect(alive.find((leg) => leg.legId === agent)?.joinedWith).toEqual([legId])
      expect((await telephony.past(leaves))?.ended).toMatchObject({ outcome: 'answered', by: 'party' })
      caller.hangUp()
      expect(await events.next('leg.ended', { legId })).toMatchObject({ by: 'party' })
    })
  })
}
