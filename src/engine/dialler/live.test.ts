/** What is told of a campaign while it runs: whose calls its agents are in, and why nobody is dialled. dialler.md 2 */
import { describe, expect, it } from 'vitest'
import { Campaigning, contactOf, SECOND } from '#core/world/campaign.support.ts'
import { agentOf, NINE, queueOf, solutionOf } from '#core/world/stage.support.ts'
import { liveCampaign } from './live.ts'

const solution = solutionOf(
  [queueOf('support')],
  ['a', 'b', 'c', 'd'].map((id) => agentOf(id)),
)
const NOBODY = { idle: 0, talking: 0, onTheWay: 0, wrapUp: 0, away: 0, elsewhere: 0 }

class Told extends Campaigning {
  live(id = this.id) {
    const live = liveCampaign({ world: this.world, solution, dialler: null }, id)
    if (live === undefined) throw new Error(`no campaign ${id}`)
    return live
  }

  /** The contact answers, and so does the agent who is rung for it. */
  talks(contactId: string, agentId: string): void {
    this.deals(contactOf(contactId))
    this.answers(this.contact(contactId))
    this.answers(this.phoneOf(agentId))
  }
}

const started = (...agents: readonly string[]): Told => {
  const stage = new Told({ wrapUpMs: 30 * SECOND }, solution, NINE)
  stage.logOn(...agents)
  return stage
}

describe('the agents of a campaign', () => {
  it('are each in one place, and those with callers or in calls of another campaign are elsewhere', () => {
    const stage = started('a', 'b', 'c', 'd')
    stage.writes({ priority: 9 }, 'other')
    stage.ask({ type: 'campaign.start', by: 'supervisor', campaignId: 'other' })
    // The other has the first choice of those who are ready: none is left for this one.
    expect(stage.live('other').crew).toEqual({ ...NOBODY, idle: 4 })
    expect(stage.live().crew).toEqual({ ...NOBODY, elsewhere: 4 })
    stage.ask({ type: 'campaign.stop', by: 'supervisor', campaignId: 'other' })
    expect(stage.live().crew).toEqual({ ...NOBODY, idle: 4 })
    stage.talks('1', 'a')
    stage.joins('1')
    stage.answers(stage.phoneOf('b'))
    stage.pause('c')
    stage.pause('d')
    expect(stage.live().crew).toEqual({ ...NOBODY, talking: 1, elsewhere: 1, away: 2 })
    expect(stage.live()).toMatchObject({ talking: 1, agents: { connected: 2, paused: 2 } })
  })

  it('who wrap up talk with nobody any more, though the call is not over', () => {
    const stage = started('a')
    stage.talks('1', 'a')
    expect(stage.live()).toMatchObject({ talking: 1, crew: { talking: 1, wrapUp: 0 } })
    stage.ends(stage.contact('1'))
    expect(stage.live()).toMatchObject({ talking: 0, crew: { talking: 0, wrapUp: 1 } })
  })

  it('are on the way while the contact answered and their own phone rings', () => {
    const stage = started('a')
    stage.deals(contactOf('1'))
    expect(stage.live()).toMatchObject({ inTheAir: 1, crew: { idle: 1 } })
    stage.answers(stage.contact('1'))
    expect(stage.live()).toMatchObject({ waiting: 1, crew: { ...NOBODY, onTheWay: 1 } })
  })
})

describe('why nobody is dialled', () => {
  it('nobody there, everybody paused, everybody with its own contacts, or with callers', () => {
    const stage = started()
    expect(stage.live().why).toBe('noAgents')
    stage.logOn('a', 'b')
    expect(stage.live().why).toBeNull()
    stage.pause('a')
    stage.pause('b')
    expect(stage.live().why).toBe('allAway')
    stage.back('a')
    stage.joins('1')
    stage.answers(stage.phoneOf('a'))
    expect(stage.live().why).toBe('allElsewhere')
    stage.back('b')
    stage.talks('1', 'b')
    expect(stage.live().why).toBe('allBusy')
  })

  it('a network that spoils one try after the other is told, with the instant of the next look; one that gets through ends it', () => {
    const stage = started('a')
    for (const id of ['1', '2', '3']) {
      expect(stage.live().why).toBeNull()
      stage.deals(contactOf(id))
      stage.ends(stage.contact(id), 'failed', 'network')
    }
    expect(stage.live()).toMatchObject({ why: 'network', whyUntil: stage.at + 30 * SECOND, today: { placed: 3, failed: 3 } })
    stage.wait(30 * SECOND)
    stage.deals(contactOf('4'))
    expect(stage.live()).toMatchObject({ why: 'network', whyUntil: null, inTheAir: 1 })
    stage.ends(stage.contact('4'), 'busy')
    expect(stage.live()).toMatchObject({ why: null, today: { placed: 4, failed: 3, busy: 1 } })
  })
})
