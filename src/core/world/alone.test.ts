/** A contact rescheduled to one agent: his alone, for so long, wherever he is counted; then anyone's. dialler.md 1 and 2 */
import { describe, expect, it } from 'vitest'
import type { Settings } from '../campaign/settings.ts'
import type { Dealt } from '../inputs.ts'
import { Campaigning, centre, contactOf, SECOND, settingsOf } from './campaign.support.ts'

const MINUTE = 60 * SECOND

function campaign(settings: Partial<Settings> = {}, ...agents: readonly string[]): Campaigning {
  const stage = new Campaigning({ mode: 'preview', ...settings }, centre())
  for (const agent of agents) {
    stage.logOn(agent)
    stage.wait(SECOND)
  }
  return stage
}

/** Another that runs and has all the agents, by its priority. */
function beside(stage: Campaigning, settings: Partial<Settings> = {}): void {
  stage.ask({ type: 'campaign.write', by: 'supervisor', campaignId: 'autumn', settings: settingsOf({ priority: 9, ...settings }) })
  stage.ask({ type: 'campaign.start', by: 'supervisor', campaignId: 'autumn' })
}

const of = (agent: string, id: string, more: Partial<Dealt> = {}): Dealt => contactOf(id, { agentFirst: true, forAgent: agent, ...more })

describe('a contact of one agent alone', () => {
  it('is shown to that one though another campaign counts on all agents; anyone’s is not', () => {
    const stage = campaign({}, 'anna', 'bo')
    beside(stage)
    expect(stage.deals(contactOf('1'))).toEqual(['1'])
    expect([stage.card('anna'), stage.card('bo')]).toEqual([null, null])
    expect(stage.deals(of('bo', '2'))).toEqual(['2'])
    expect([stage.card('anna'), stage.card('bo')]).toEqual([null, '2'])
  })

  it('comes with a full queue too, one for each agent at a time, and takes the place of one that is anyone’s', () => {
    const stage = campaign({}, 'anna', 'bo')
    stage.pause('anna')
    stage.pause('bo')
    expect(stage.deals(contactOf('1'), contactOf('2'), contactOf('3'))).toEqual(['1', '2'])
    expect(stage.deals(of('anna', '4'), of('anna', '5'), of('bo', '6'))).toEqual(['4', '6'])
    expect(stage.deals(of('anna', '7'))).toEqual([])
    stage.back('anna')
    expect(stage.card('anna')).toBe('4')
    stage.presses('cancel', 'anna')
    stage.back('anna')
    expect(stage.card('anna')).toBe('1')
    // Four waited for two agents: nobody else comes until there is room again.
    expect(stage.draws(9)).toBe(0)
  })

  it('waits for a ready agent whom calls in the air count on, and is his when they count on him no more', () => {
    const stage = campaign({}, 'anna')
    beside(stage)
    stage.do({ type: 'contacts.deal', campaignId: 'autumn', contacts: [contactOf('9')] })
    expect(stage.deals(of('anna', '1'))).toEqual(['1'])
    expect(stage.card('anna')).toBeNull()
    stage.ends(stage.contact('9'), 'busy')
    expect(stage.card('anna')).toBe('1')
  })

  it('waits for an agent who is paused, and is shown when that one is back', () => {
    const stage = campaign({}, 'anna')
    beside(stage)
    stage.pause('anna')
    stage.deals(of('anna', '1'))
    stage.wait(MINUTE)
    stage.back('anna')
    expect(stage.card('anna')).toBe('1')
  })

  it('is not taken up for one who is logged off; one who logged off meanwhile takes nobody’s place', () => {
    const stage = campaign({}, 'anna', 'bo')
    beside(stage)
    stage.pause('bo')
    expect(stage.deals(of('bo', '1'))).toEqual(['1'])
    expect(stage.draws(9)).toBe(1)
    stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'bo' })
    expect(stage.deals(of('bo', '2'))).toEqual([])
    expect(stage.draws(9)).toBe(1)
    stage.logOn('bo')
    expect(stage.card('bo')).toBe('1')
  })

  it('is called by an agent who is then not there for one who is dialled', () => {
    const stage = campaign({ mode: 'progressive' }, 'anna')
    expect(stage.deals(of('anna', '1'), contactOf('2'))).toEqual(['1'])
    expect(stage.card('anna')).toBe('1')
    expect(stage.draws(9)).toBe(0)
  })

  it('goes back to the list with its campaign, and is nobody’s in the queue', () => {
    const stage = campaign({}, 'anna')
    stage.pause('anna')
    stage.deals(of('anna', '1', { anyoneAt: stage.at + MINUTE }))
    stage.ask({ type: 'campaign.pause', by: 'supervisor', campaignId: 'spring' })
    expect(stage.settled()).toEqual(['1 notCalled (not counted) → back'])
    stage.wait(2 * MINUTE)
    expect(stage.all('contact.released')).toEqual([])
  })
})

describe('his time alone', () => {
  it('is over at its instant, not before: then whoever is free has the contact', () => {
    const stage = campaign({}, 'anna', 'bo')
    stage.pause('anna')
    stage.deals(of('anna', '1', { anyoneAt: stage.at + 5 * MINUTE }))
    stage.wait(5 * MINUTE - 1)
    expect([stage.card('bo'), stage.all('contact.released').length]).toEqual([null, 0])
    stage.wait(1)
    expect(stage.all('contact.released')).toHaveLength(1)
    expect(stage.card('bo')).toBe('1')
  })

  it('over while he looks at the card: he keeps it; rejected, it is the next one’s', () => {
    const stage = campaign({ cardMs: 10 * MINUTE }, 'anna', 'bo')
    stage.deals(of('anna', '1', { anyoneAt: stage.at + MINUTE }))
    stage.wait(2 * MINUTE)
    expect([stage.card('anna'), stage.card('bo')]).toEqual(['1', null])
    stage.presses('reject', 'anna')
    expect([stage.card('anna'), stage.card('bo')]).toEqual([null, '1'])
  })

  it('over while his own phone rings, which nobody answers: it is the next one’s', () => {
    const stage = campaign({}, 'anna', 'bo')
    stage.deals(of('anna', '1', { anyoneAt: stage.at + SECOND }))
    stage.presses('call', 'anna')
    stage.wait(2 * SECOND)
    expect(stage.card('bo')).toBeNull()
    stage.ends(stage.phoneOf('anna'), 'unanswered')
    expect(stage.card('bo')).toBe('1')
  })

  it('he logged off: over at its instant all the same', () => {
    const stage = campaign({}, 'anna', 'bo')
    stage.pause('anna')
    stage.deals(of('anna', '1', { anyoneAt: stage.at + MINUTE }))
    stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'anna' })
    expect(stage.card('bo')).toBeNull()
    stage.wait(MINUTE)
    expect(stage.card('bo')).toBe('1')
  })

  it('the calling hours end first: it goes back, and its time goes on in the list', () => {
    const stage = campaign({}, 'anna', 'bo')
    stage.pause('anna')
    stage.deals(of('anna', '1', { anyoneAt: stage.at + 5 * MINUTE, until: stage.at + MINUTE }))
    stage.wait(10 * MINUTE)
    expect(stage.settled()).toMatchObject([expect.stringContaining('1 notCalled (not counted) → back')])
    expect([stage.card('bo'), stage.all('contact.released').length]).toEqual([null, 0])
  })
})
