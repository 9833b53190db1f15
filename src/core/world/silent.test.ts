/** Contacts who answered and found nobody. dialler.md 4 */
import { describe, expect, it } from 'vitest'
import { Campaigning, centre, contactOf, SECOND } from './campaign.support.ts'
import { agentOf, NINE, queueOf, solutionOf } from './stage.support.ts'

/** Anna is ready and counted on; nobody is there when the contact answers. */
function answeredAlone(settings: ConstructorParameters<typeof Campaigning>[0] = {}, at = NINE): Campaigning {
  const stage = new Campaigning(settings, centre(), at)
  stage.logOn('anna')
  stage.deals(contactOf('1'))
  stage.do({ type: 'phone.lose', agentId: 'anna' })
  stage.answers(stage.contact('1'))
  return stage
}

describe('a silent call', () => {
  it('an agent rung is withdrawn at the limit, and one who becomes free during the message is not joined', () => {
    const stage = new Campaigning({}, centre())
    stage.logOn('anna')
    stage.deals(contactOf('1'))
    stage.answers(stage.contact('1'))
    expect(stage.status('anna')).toBe('connecting')
    const own = stage.phoneOf('anna')
    stage.wait(2 * SECOND)
    expect(stage.all('leg.ended')).toMatchObject([{ legId: own, outcome: 'withdrawn', by: 'us' }])
    expect(stage.status('anna')).toBe('ready')
    expect(stage.call(stage.contact('1'))?.menu?.menuId).toBe('campaign.silent')
    expect(stage.totals()).toMatchObject({ silent: 1, silentWithMessage: 1, toAgentMs: 0 })
    stage.logOn('bo')
    expect(stage.status('bo')).toBe('ready')
    stage.hear(stage.contact('1'))
    expect(stage.settled()).toEqual([`1 silent → again +${72 * 3_600}`])
  })

  it('an answer of the agent at the limit is too late, though the timer be late', () => {
    const stage = new Campaigning({}, centre())
    stage.logOn('anna')
    stage.deals(contactOf('1'))
    stage.answers(stage.contact('1'))
    stage.at += 2 * SECOND
    stage.answers(stage.phoneOf('anna'))
    expect(stage.all('bridge.joined')).toEqual([])
    stage.wait(0)
    expect(stage.totals()).toMatchObject({ answered: 1, connected: 0, silent: 1 })
  })

  it('nor is an agent rung who becomes free then', () => {
    const stage = answeredAlone()
    stage.at += 2 * SECOND
    stage.logOn('bo')
    expect(stage.status('bo')).toBe('ready')
  })

  it('an agent who becomes free before the limit is joined', () => {
    const stage = answeredAlone()
    stage.wait(1_999)
    stage.logOn('bo')
    stage.answers(stage.phoneOf('bo'))
    expect(stage.totals()).toMatchObject({ answered: 1, connected: 1, silent: 0, toAgentMs: 1_999 })
    expect(stage.all('contact.silent')).toEqual([])
  })

  it('one who hangs up before the limit found nobody either', () => {
    const stage = answeredAlone()
    stage.wait(SECOND)
    stage.ends(stage.contact('1'))
    expect(stage.all('entry.left')).toMatchObject([{ reason: 'hungUp' }])
    expect(stage.totals()).toMatchObject({ answered: 1, silent: 1, silentWithMessage: 0 })
    expect(stage.settled()).toEqual([`1 silent → again +${72 * 3_600}`])
  })

  it('9 during the message takes the number off every list, and another digit does nothing', () => {
    const stage = answeredAlone()
    stage.wait(2 * SECOND)
    stage.press(stage.contact('1'), '5')
    expect(stage.all('doNotCall.listed')).toEqual([])
    const during = stage.callOf('1')
    stage.press(stage.contact('1'), '9')
    expect(stage.all('doNotCall.listed')).toEqual([
      { type: 'doNotCall.listed', personId: 'p-1', campaignId: null, source: 'silentCall', until: null, during },
    ])
    expect(stage.settled()).toEqual(['1 silent → never'])
    expect(stage.world.calls.size).toBe(0)
  })

  it('called back at once with an agent first, where the owner wants that', () => {
    const stage = answeredAlone({ silentCallback: true, silentMessage: { on: false, reason: 'a trial' } })
    stage.wait(2 * SECOND)
    expect(stage.settled()).toEqual(['1 silent → asked +0'])
    stage.logOn('bo')
    stage.deals(contactOf('1', { tries: 1, agentFirst: true, afterSilent: true }))
    expect(stage.card('bo')).toBe('1')
    expect(stage.all('contact.dealt').at(-1)).toMatchObject({ agentFirst: true, afterSilent: true })
  })
})

describe("the day's limit", () => {
  const answersAlone = (stage: Campaigning, id: string): void => {
    stage.deals(contactOf(id))
    stage.answers(stage.contact(id))
    stage.wait(2 * SECOND)
    stage.hear(stage.contact(id))
  }

  it('stops over-dialling when it is reached, is said, and is forgotten with the day', () => {
    const agents = ['a', 'b'].map((id) => agentOf(id))
    const stage = new Campaigning({ mode: 'predictive' }, solutionOf([queueOf('support')], agents))
    stage.logOn('a', 'b')
    expect(stage.draws(8)).toBe(8)
    answersAlone(stage, '1')
    expect(stage.all('campaign.limitReached')).toEqual([])
    expect(stage.draws(8)).toBe(8)
    answersAlone(stage, '2')
    expect(stage.all('campaign.limitReached')).toEqual([{ type: 'campaign.limitReached', campaignId: 'spring', forTheDay: true }])
    expect(stage.world.campaigns.get('spring')?.limit).toBe('forTheDay')
    expect(stage.draws(8)).toBe(2)
    stage.wait(15 * 3_600_000)
    expect(stage.all('campaign.limitLeft')).toHaveLength(1)
    expect(stage.draws(8)).toBe(8)
    expect(stage.world.campaigns.get('spring')?.past).toMatchObject([{ totals: { answered: 2, silent: 2, placed: 2 } }])
  })

  it('is left again when enough were joined, also of those whom agents called; and reached by another target', () => {
    const stage = new Campaigning({ mode: 'predictive', silentTarget: 0.1 }, centre())
    stage.logOn('anna')
    answersAlone(stage, 's')
    answersAlone(stage, 't')
    expect(stage.world.campaigns.get('spring')?.limit).toBe('reached')
    for (let n = 1; n <= 18; n += 1) {
      expect(stage.all('campaign.limitLeft')).toEqual([])
      stage.deals(contactOf(`${n}`, { agentFirst: true }))
      stage.presses('call', 'anna')
      stage.answers(stage.phoneOf('anna'))
      stage.answers(stage.contact(`${n}`))
      stage.ends(stage.contact(`${n}`))
    }
    expect(stage.totals()).toMatchObject({ placed: 20, answered: 20, connected: 18, silent: 2 })
    expect(stage.all('campaign.limitLeft')).toHaveLength(1)
    stage.writes({ mode: 'predictive', silentTarget: 0.03 })
    expect(stage.all('campaign.limitReached')).toHaveLength(2)
  })

  it('of its answer also where that was learnt after midnight', () => {
    const stage = new Campaigning({}, centre(), NINE + 15 * 3_600_000 - SECOND)
    stage.logOn('anna')
    stage.deals(contactOf('1'))
    const legId = stage.contact('1')
    stage.wait(10 * SECOND)
    stage.do({ type: 'legs.learn', callId: stage.callOf('1'), legs: [{ type: 'leg.answer', legId, happenedAt: stage.at - 9_500 }] })
    stage.wait(0)
    expect(stage.totals()).toMatchObject({ answered: 0, silent: 0 })
    expect(stage.world.campaigns.get('spring')?.past).toMatchObject([{ totals: { placed: 1, answered: 1, silent: 1 } }])
  })

  it('a call counts in the day of its answer, though it became silent in the next', () => {
    const stage = answeredAlone({}, NINE + 15 * 3_600_000 - SECOND)
    stage.wait(2 * SECOND)
    expect(stage.totals()).toMatchObject({ placed: 0, answered: 0, silent: 0 })
    expect(stage.world.campaigns.get('spring')?.past).toMatchObject([{ totals: { placed: 1, answered: 1, silent: 1 } }])
    expect(stage.all('campaign.limitReached')).toEqual([])
  })
})
