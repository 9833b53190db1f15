/**
 * The switch, or the whole machine, dies in the midst of calls, and no log tells when they ended: nobody talked or waited longer than he
 * was known to be there. calls.md 7: no speaktime after the last media
 */
import { describe, expect, it } from 'vitest'
import { lawsBroken } from '#core/archive/law.ts'
import { projectCall } from '#core/archive/projection.ts'
import type { Story } from '#core/archive/story.ts'
import type { LegId, Ms } from '#core/kernel/kernel.ts'
import type { TelephonyEvent } from '#ports/telephony.ts'
import { ANNA, EngineStage } from '../../tests/stage.support.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const SWEEP = 4 * SECOND

class Stage extends EngineStage {
  override sweepMs = SWEEP
  tell: (event: TelephonyEvent) => void = () => undefined

  override async start(): Promise<void> {
    const start = this.network.start.bind(this.network)
    this.network.start = (handler) => {
      this.tell = handler
      return start(handler)
    }
    await super.start()
  }

  /** Every line is gone, and the log has begun and answered them, and tells no end. */
  switchDied(): void {
    const past = this.network.past.bind(this.network)
    this.network.alive = async () => []
    this.network.past = async (legId: LegId) => {
      const { ended: _, ...rest } = (await past(legId)) ?? { ended: undefined }
      return rest
    }
  }

  /** anna, and carl who answers after a second; the instant of his answer. */
  async talk(): Promise<Ms> {
    this.network.agentPhone('carl').whenCalled({ answersAfterMs: SECOND })
    await this.start()
    await this.logOn('carl')
    await this.joins(ANNA)
    await this.wait(SECOND)
    return this.clock.now()
  }

  story(): Story {
    const callId = this.facts('call.started')[0]?.callId
    const story = projectCall(this.store.facts.filter(({ fact }) => 'callId' in fact && fact.callId === callId))
    expect(lawsBroken(story)).toEqual([])
    expect(this.engine.figures().liveCalls).toBe(0)
    return story
  }
}

/** Seconds from the answer to the end of the last event, and whether it says that it was learnt afterwards. */
const lastOf = (story: Story, from: Ms) => {
  const event = story.events.at(-1)
  return { kind: event?.kind, until: event?.endedAt == null ? null : (event.endedAt - from) / SECOND, learnt: event?.learntAt != null }
}

describe('nobody tells when it ended', () => {
  it('the machine dies with engine and switch, and is back after 15 hours: a conversation is as long as it was last seen', async () => {
    const stage = new Stage()
    const from = await stage.talk()
    await stage.wait(605 * SECOND)
    await stage.kill()
    stage.switchDied()
    await stage.wait(15 * HOUR)
    await stage.start()
    await stage.wait(30 * SECOND)
    const story = stage.story()
    const { kind, until, learnt } = lastOf(story, from)
    expect([kind, learnt]).toEqual(['conversation', true])
    // Told at least every ten seconds, at one of the looks that are four seconds apart.
    expect(until).toBeGreaterThanOrEqual(605 - 10 - 2 * 4)
    expect(until).toBeLessThanOrEqual(605)
    expect(story.agents.map(({ speakMs }) => speakMs / SECOND)).toEqual([until])
  })

  it('the switch alone, for an hour: as long as it stood before', async () => {
    const stage = new Stage()
    const from = await stage.talk()
    await stage.wait(60 * SECOND)
    stage.network.begin('loseEvents')
    stage.tell({ type: 'switch.lost' })
    await stage.wait(HOUR)
    stage.switchDied()
    stage.network.end('loseEvents')
    stage.tell({ type: 'switch.found' })
    await stage.wait(30 * SECOND)
    const { kind, until, learnt } = lastOf(stage.story(), from)
    expect([kind, learnt]).toEqual(['conversation', true])
    expect(until).toBeGreaterThanOrEqual(60 - 4)
    expect(until).toBeLessThanOrEqual(60)
  })

  it('a caller who waited waited no longer than he was there', async () => {
    const stage = new Stage()
    await stage.start()
    await stage.logOn('carl')
    await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason: stage.engine.solution().pauseReasons[0] ?? '' })
    await stage.joins(ANNA)
    const from = stage.clock.now()
    await stage.wait(120 * SECOND)
    await stage.kill()
    stage.switchDied()
    await stage.wait(HOUR)
    await stage.start()
    await stage.wait(30 * SECOND)
    const queue = stage.story().events.find(({ kind }) => kind === 'queue')
    expect(queue?.learntAt).not.toBeNull()
    const waited = ((queue?.endedAt ?? 0) - from) / SECOND
    expect(waited).toBeGreaterThanOrEqual(100)
    expect(waited).toBeLessThanOrEqual(120)
  })

  it('no fact says so while others are told, nor where nobody is on a line', async () => {
    const stage = new Stage()
    await stage.start()
    await stage.logOn('carl')
    await stage.wait(60 * SECOND)
    expect(stage.facts('switch.seen')).toEqual([])
    await stage.joins(ANNA)
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: SECOND })
    await stage.wait(60 * SECOND)
    const seen = stage.facts('switch.seen').length
    expect(seen).toBeGreaterThan(2)
    expect(seen).toBeLessThanOrEqual(6)
  })
})
