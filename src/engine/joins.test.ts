/** A join the switch refuses for good: tried at every look, then ever more seldom, and people know. calls.md 7 */
import { describe, expect, it } from 'vitest'
import type { Ms } from '#core/kernel/kernel.ts'
import { ANNA, BEA, EngineStage } from '../../tests/stage.support.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

class Refused extends EngineStage {
  /** Joins of two and more never come about, and nobody is told. */
  refuses = true
  /** When it was asked to join them, from the first on. */
  readonly asked: Ms[] = []

  constructor() {
    super()
    this.sweepMs = 4 * SECOND
    const send = this.network.send.bind(this.network)
    this.network.send = (command) => {
      const isJoin = command.type === 'bridge.join' && command.legs.length > 1
      if (isJoin) this.asked.push(this.clock.now())
      if (!isJoin || !this.refuses) send(command)
    }
    for (const agent of ['carl', 'dora']) this.network.agentPhone(agent).whenCalled({ answersAfterMs: SECOND })
  }

  /** Carl and Anna talk by the facts. */
  async talk() {
    await this.start()
    await this.logOn('carl')
    const line = await this.joins(ANNA)
    await this.wait(2 * SECOND)
    return line
  }

  get callId(): string {
    return this.engine.agent('carl')?.matter?.callId ?? ''
  }

  /** Seconds between one attempt and the next. */
  pauses(): number[] {
    return this.asked.slice(1).map((at, index) => (at - (this.asked[index] ?? 0)) / SECOND)
  }

  told(): string[] {
    return this.log.filter((line) => line.includes('joined'))
  }

  figures() {
    const { joinsRepeated, joinsInVain } = this.engine.figures()
    return { joinsRepeated, joinsInVain }
  }
}

describe('a join the switch refuses', () => {
  it('is asked for at every look for two minutes, then after a thirtieth of the time it has been in vain, and at least every minute', async () => {
    const stage = new Refused()
    await stage.talk()
    await stage.wait(2 * MINUTE)
    // The first is that of the answer; what differs is believed when it is seen twice.
    expect(stage.pauses()[0]).toBeLessThanOrEqual(8)
    expect(new Set(stage.pauses().slice(1))).toEqual(new Set([4]))
    await stage.wait(3 * MINUTE)
    // In vain for five minutes: ten seconds, and there is a look every four.
    expect(stage.pauses().at(-1)).toBe(12)
    await stage.wait(HOUR)
    const pauses = stage.pauses().slice(1)
    expect(pauses).toEqual([...pauses].sort((one, other) => one - other))
    expect(pauses.slice(-20)).toEqual(new Array(20).fill(60))
    expect(stage.figures()).toEqual({ joinsRepeated: stage.asked.length - 1, joinsInVain: 1 })
  })

  it('after three in vain: one line in the log and one alarm, however long it goes on', async () => {
    const stage = new Refused()
    await stage.talk()
    await stage.wait(16 * SECOND)
    expect([stage.asked.length, stage.engine.alarms()]).toEqual([4, []])
    await stage.wait(4 * SECOND)
    expect(stage.engine.alarms()).toMatchObject([{ id: `notJoined:${stage.callId}`, alarm: 'notJoined', callId: stage.callId }])
    await stage.wait(6 * MINUTE)
    expect(stage.told()).toEqual([
      `in call ${stage.callId} the switch has others joined than talk: they are joined again`,
      `in call ${stage.callId} the switch has others joined than talk, however often they are joined again: it is tried on, ever more seldom`,
    ])
    expect(stage.facts('alarm.raised')).toHaveLength(1)
  })

  it('when it does it after all they hear each other within a minute, the alarm is lifted, and the next time begins anew', async () => {
    const stage = new Refused()
    const line = await stage.talk()
    await stage.wait(HOUR)
    stage.refuses = false
    await stage.wait(MINUTE + 4 * SECOND)
    expect(stage.network.hears(line.legId).legs).toEqual([stage.facts('leg.requested')[0]?.legId])
    expect(stage.engine.alarms()).toEqual([])
    expect(stage.facts('alarm.cleared')).toEqual([{ type: 'alarm.cleared', alarm: 'notJoined', about: stage.callId }])
    expect(stage.told().at(-1)).toBe(`in call ${stage.callId} the switch has those joined again who talk`)
    expect(stage.figures().joinsInVain).toBe(0)
    const [lines, tries] = [stage.told().length, stage.asked.length]
    stage.refuses = true
    stage.network.send({ type: 'music.start', legId: line.legId, music: 'default' })
    await stage.wait(20 * SECOND)
    expect(stage.pauses().slice(tries)).toEqual([4, 4, 4])
    expect(stage.told()).toHaveLength(lines + 2)
    expect(stage.engine.alarms()).toHaveLength(1)
  })

  it('a few lost ones trouble nobody', async () => {
    const stage = new Refused()
    await stage.talk()
    await stage.wait(12 * SECOND)
    stage.refuses = false
    await stage.wait(MINUTE)
    expect([stage.facts('alarm.raised'), stage.facts('alarm.cleared')]).toEqual([[], []])
    expect(stage.told()).toHaveLength(1)
    expect(stage.figures().joinsInVain).toBe(0)
  })

  it('nobody is to be joined for a while: the alarm is lifted, and what is wanted afterwards is tried at once', async () => {
    const stage = new Refused()
    await stage.talk()
    await stage.wait(HOUR)
    const talk = { by: 'agent', agentId: 'carl', callId: stage.callId } as const
    await stage.ask({ type: 'talk.hold', ...talk })
    await stage.wait(10 * SECOND)
    expect(stage.engine.alarms()).toEqual([])
    await stage.ask({ type: 'talk.resume', ...talk })
    const tries = stage.asked.length
    await stage.wait(20 * SECOND)
    expect(stage.pauses().slice(tries)).toEqual([4, 4, 4])
    expect(stage.facts('alarm.raised')).toHaveLength(2)
  })

  it('others are to be joined in that call: tried at once, and people know already', async () => {
    const stage = new Refused()
    await stage.talk()
    await stage.logOn('dora')
    await stage.wait(HOUR)
    const [tries, lines] = [stage.asked.length, stage.told().length]
    await stage.ask({ type: 'talk.consult', by: 'agent', agentId: 'carl', callId: stage.callId, to: { agentId: 'dora' } })
    await stage.wait(30 * SECOND)
    expect(stage.pauses().slice(tries).slice(1, 4)).toEqual([4, 4, 4])
    expect(stage.told().slice(lines)).toEqual([expect.stringMatching(/: they are joined again$/)])
    expect(stage.facts('alarm.raised')).toHaveLength(1)
  })

  it('whoever saw to the alarm is not told of it again', async () => {
    const stage = new Refused()
    await stage.talk()
    await stage.wait(MINUTE)
    await stage.ask({ type: 'alarm.clear', by: 'supervisor', user: 'lena', alarm: `notJoined:${stage.callId}` })
    await stage.wait(3 * MINUTE)
    expect(stage.engine.alarms()).toEqual([])
    expect(stage.figures().joinsInVain).toBe(1)
  })

  it('is of no interest any more when the call is over', async () => {
    const stage = new Refused()
    const line = await stage.talk()
    await stage.wait(MINUTE)
    expect(stage.engine.alarms()).toHaveLength(1)
    const lines = stage.told().length
    line.hangUp()
    await stage.wait(10 * SECOND)
    expect([stage.engine.alarms(), stage.figures().joinsInVain]).toEqual([[], 0])
    expect(stage.told()).toHaveLength(lines)
  })

  it('whose alarm stood before a start is lifted after it, where it has come about meanwhile', async () => {
    const stage = new Refused()
    await stage.talk()
    await stage.wait(MINUTE)
    await stage.kill()
    stage.refuses = false
    await stage.start()
    expect(stage.engine.alarms()).toHaveLength(1)
    await stage.wait(8 * SECOND)
    expect(stage.engine.alarms()).toEqual([])
  })

  it('goes on after a start, and stands once', async () => {
    const stage = new Refused()
    await stage.talk()
    await stage.wait(MINUTE)
    await stage.kill()
    await stage.start()
    await stage.wait(MINUTE)
    expect(stage.facts('alarm.raised')).toHaveLength(1)
    expect(stage.figures().joinsInVain).toBe(1)
  })

  it('when the switch was away and is back it is tried at once again', async () => {
    const stage = new Refused()
    await stage.talk()
    await stage.wait(HOUR)
    stage.network.begin('loseEvents')
    await stage.wait(2 * SECOND)
    stage.network.end('loseEvents')
    await stage.wait(0)
    const tries = stage.asked.length
    await stage.wait(20 * SECOND)
    expect(stage.pauses().slice(tries)).toEqual([4, 4, 4, 4])
  })

  it('keeps no other call waiting', async () => {
    const stage = new Refused()
    await stage.talk()
    await stage.wait(MINUTE)
    await stage.logOn('dora')
    const line = await stage.joins(BEA)
    await stage.wait(2 * SECOND)
    stage.refuses = false
    await stage.wait(10 * SECOND)
    expect(stage.network.hears(line.legId).legs).toHaveLength(1)
  })
})
