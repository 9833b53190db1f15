/** Contacts whom an agent calls: the card on the desk, its buttons, its time, and what takes it away. dialler.md 1 */
import { describe, expect, it } from 'vitest'
import type { Settings } from '../campaign/settings.ts'
import { Campaigning, centre, contactOf, SECOND } from './campaign.support.ts'

function preview(settings: Partial<Settings> = {}, ...agents: readonly string[]): Campaigning {
  const stage = new Campaigning({ mode: 'preview', ...settings }, centre())
  stage.logOn(...agents)
  return stage
}
const refusedWith = (turn: { readonly refused: unknown }): unknown => turn.refused
/** The contact rings; its own phone was answered. */
function ringing(stage: Campaigning): void {
  stage.deals(contactOf('1'))
  stage.presses('call', 'anna')
  stage.answers(stage.phoneOf('anna'))
  stage.rings(stage.contact('1'))
}

describe('the queue of contacts who are called by agents', () => {
  it('is short: one for each agent logged on, paused or not', () => {
    const stage = preview({}, 'anna', 'bo')
    stage.pause('anna')
    stage.pause('bo')
    expect(stage.draws(9)).toBe(2)
    expect(stage.deals(contactOf('1'), contactOf('2'), contactOf('3'))).toEqual(['1', '2'])
    expect(stage.draws(9)).toBe(0)
    stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'bo' })
    stage.back('anna')
    stage.presses('call', 'anna')
    expect(stage.draws(9)).toBe(0)
    stage.answers(stage.phoneOf('anna'))
    stage.ends(stage.contact('1'), 'busy')
    expect(stage.card('anna')).toBe('2')
  })

  it('the contacts of one agent wait for that one, and are not taken up while that one is away', () => {
    const stage = preview({}, 'anna')
    expect(stage.deals(contactOf('1', { forAgent: 'bo' }))).toEqual([])
    stage.logOn('bo')
    stage.pause('bo')
    expect(stage.deals(contactOf('2', { forAgent: 'bo' }))).toEqual(['2'])
    expect(stage.card('anna')).toBeNull()
    stage.back('bo')
    expect(stage.card('bo')).toBe('2')
  })

  it('a card is not shown while the contact is on a line with us, and is when that is free', () => {
    const stage = preview({}, 'anna')
    stage.pause('anna')
    stage.deals(contactOf('1'))
    const line = stage.arrive('p-1')
    stage.back('anna')
    expect(stage.card('anna')).toBeNull()
    stage.ends(line)
    expect(stage.card('anna')).toBe('1')
    const again = stage.arrive('p-1')
    expect(refusedWith(stage.presses('call', 'anna'))).toMatchObject({ refused: 'contact.onALine' })
    stage.ends(again)
    expect(refusedWith(stage.presses('call', 'anna'))).toBeNull()
  })
})

describe('the card', () => {
  it('rejected or left alone it goes to the next agent, and this one rests as after an offer', () => {
    const stage = preview({}, 'anna', 'bo')
    stage.deals(contactOf('1'))
    expect([stage.card('anna'), stage.card('bo')]).toEqual(['1', null])
    stage.presses('reject', 'anna')
    expect(stage.status('anna')).toBe('rejected')
    expect(stage.card('bo')).toBe('1')
    stage.wait(60 * SECOND)
    expect(stage.status('bo')).toBe('noAnswer')
    expect(stage.card('anna')).toBe('1')
    expect(stage.all('card.gone').map(({ agentId, why }) => `${agentId} ${why}`)).toEqual(['anna rejected', 'bo leftAlone'])
    expect(stage.settled()).toEqual([])
  })

  it('presses Call by itself, where the owner wants that', () => {
    const stage = preview({ autoCallMs: 10_000 }, 'anna')
    stage.deals(contactOf('1'))
    stage.wait(9_999)
    expect(stage.status('anna')).toBe('ready')
    stage.wait(1)
    expect(stage.status('anna')).toBe('connecting')
  })

  it('goes with the agent: paused, logged off, phone gone, in a call', () => {
    const stage = preview({}, 'anna', 'bo')
    stage.deals(contactOf('1'))
    stage.pause('anna')
    expect(stage.card('bo')).toBe('1')
    stage.back('anna')
    stage.do({ type: 'phone.lose', agentId: 'bo' })
    expect(stage.card('anna')).toBe('1')
    stage.do({ type: 'phone.find', agentId: 'bo' })
    stage.ask({ type: 'call.dial', by: 'agent', agentId: 'anna', to: { agentId: 'bo' }, origin: 'desk' })
    expect(stage.card('bo')).toBe('1')
    stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'bo' })
    expect(stage.all('card.gone').map(({ agentId, why }) => `${agentId} ${why}`)).toEqual([
      'anna agentGone',
      'bo agentGone',
      'anna withdrawn',
      'bo agentGone',
    ])
  })

  it('a caller gets the agent who looks at one only when nobody else is there, and if the campaign says so', () => {
    for (const whenAllSpokenFor of ['inbound', 'dialler'] as const) {
      const stage = preview({ whenAllSpokenFor }, 'anna', 'bo')
      stage.deals(contactOf('1'))
      stage.joins('1', 'p8')
      expect([stage.status('anna'), stage.status('bo')]).toEqual(['ready', 'connecting'])
      stage.joins('1', 'p9')
      expect([stage.status('anna'), stage.card('anna')]).toEqual(whenAllSpokenFor === 'inbound' ? ['connecting', null] : ['ready', '1'])
    }
  })

  it('callers go before cards', () => {
    const stage = preview({}, 'anna')
    stage.pause('anna')
    stage.deals(contactOf('1'))
    stage.joins('1', 'p9')
    stage.back('anna')
    expect([stage.status('anna'), stage.card('anna')]).toEqual(['connecting', null])
  })

  it('a number that may not be called any more at that instant is taken out, and never called', () => {
    const stage = preview({}, 'anna')
    stage.deals(contactOf('1'))
    const callId = stage.callOf('1')
    stage.ask({ type: 'card.call', by: 'agent', agentId: 'anna', callId, barred: 'doNotCall' })
    expect(stage.all('entry.left')).toMatchObject([{ reason: 'deleted', by: 'system', why: 'doNotCall' }])
    expect(stage.settled()).toEqual(['1 notCalled (not counted) → never'])
    expect(stage.status('anna')).toBe('ready')
  })

  it('is not pressed twice, nor by somebody else', () => {
    const stage = preview({}, 'anna', 'bo')
    stage.deals(contactOf('1'))
    const callId = stage.callOf('1')
    expect(refusedWith(stage.ask({ type: 'card.call', by: 'agent', agentId: 'bo', callId }))).toMatchObject({ refused: 'card.gone' })
    stage.presses('call', 'anna')
    expect(refusedWith(stage.ask({ type: 'card.call', by: 'agent', agentId: 'anna', callId }))).toMatchObject({ refused: 'agent.inCall' })
    expect(refusedWith(stage.presses('reject', 'anna'))).toMatchObject({ refused: 'card.gone' })
  })
})

it('cancelled it is gone from the desk, and the next is there', () => {
  const stage = preview({}, 'anna')
  stage.deals(contactOf('1'))
  const mark = stage.facts.length
  stage.presses('cancel', 'anna')
  expect(stage.since(mark, 'card.gone')).toMatchObject([{ agentId: 'anna', why: 'withdrawn' }])
  expect(stage.settled()).toEqual(['1 notCalled (not counted) → never'])
  stage.deals(contactOf('2'))
  expect(stage.card('anna')).toBe('2')
})

describe('a contact being called', () => {
  it("the agent's own phone not answered: it waits as before, and the agent rests", () => {
    const stage = preview({}, 'anna')
    stage.deals(contactOf('1'))
    stage.presses('call', 'anna')
    stage.wait(30 * SECOND)
    expect(stage.status('anna')).toBe('noAnswer')
    expect(stage.settled()).toEqual([])
    stage.wait(30 * SECOND)
    expect(stage.card('anna')).toBe('1')
  })

  it('the softphone hung up while it rings: the contact’s ring is withdrawn; counted only after 15 s', () => {
    for (const [rangMs, became] of [
      [14_999, '1 unanswered (not counted) → back +30'],
      [15_000, '1 unanswered → again +600'],
    ] as const) {
      const stage = preview({}, 'anna')
      ringing(stage)
      stage.wait(rangMs)
      stage.ends(stage.phoneOf('anna'))
      expect(stage.settled()).toEqual([became])
      expect(stage.all('entry.left')).toMatchObject([{ reason: 'unreached' }])
      expect(stage.status('anna')).toBe('ready')
    }
  })

  it('Cancel after the answer is a hang-up', () => {
    const stage = preview({}, 'anna')
    ringing(stage)
    stage.answers(stage.contact('1'))
    stage.presses('cancel', 'anna')
    expect(stage.settled()).toEqual(['1 answered → done'])
    expect(stage.all('entry.left')).toMatchObject([{ reason: 'answered', agentId: 'anna' }])
  })

  it('the number came onto a line with us while the own phone rang: it waits, and nothing is counted', () => {
    const stage = preview({}, 'anna')
    stage.deals(contactOf('1'))
    stage.presses('call', 'anna')
    const line = stage.arrive('p-1')
    stage.answers(stage.phoneOf('anna'))
    expect(stage.status('anna')).toBe('ready')
    expect(stage.settled()).toEqual([])
    stage.ends(line)
    expect(stage.card('anna')).toBe('1')
  })
})

describe('taken out of the queue', () => {
  it('their hours are over: as if they had never been taken up; who is called just then is called to the end', () => {
    const stage = preview({}, 'anna', 'bo')
    stage.pause('bo')
    const until = stage.at + 10 * SECOND
    stage.deals(contactOf('1', { until }), contactOf('2', { until }))
    stage.presses('call', 'anna')
    stage.answers(stage.phoneOf('anna'))
    stage.wait(10 * SECOND)
    expect(stage.settled()).toEqual(['2 notCalled (not counted) → back'])
    expect(stage.all('entry.left')).toMatchObject([{ by: 'system', why: 'outsideHours' }])
    stage.answers(stage.contact('1'))
    expect(stage.status('anna')).toBe('connected')
  })

  it('their hours are over while the own phone rings: it rings no more, for nobody is rung outside them', () => {
    const stage = preview({}, 'anna')
    stage.deals(contactOf('1', { until: stage.at + 10 * SECOND }))
    stage.presses('call', 'anna')
    stage.wait(10 * SECOND)
    expect(stage.all('entry.left')).toMatchObject([{ by: 'system', why: 'outsideHours' }])
    expect(stage.settled()).toEqual(['1 notCalled (not counted) → back'])
    expect(stage.status('anna')).toBe('ready')
  })

  it('nor where the own phone was answered at that instant, and that was taken first', () => {
    const stage = preview({}, 'anna')
    stage.deals(contactOf('1', { until: stage.at + 10 * SECOND }))
    stage.presses('call', 'anna')
    stage.at += 10 * SECOND
    stage.answers(stage.phoneOf('anna'))
    expect(stage.settled()).toEqual(['1 notCalled (not counted) → back'])
    expect(stage.all('leg.requested').map(({ party }) => party)).toEqual(['agent'])
    expect(stage.status('anna')).toBe('ready')
  })

  it('the own phone is not answered, and the campaign was stopped meanwhile', () => {
    const stopped = preview({}, 'anna')
    stopped.deals(contactOf('1'))
    stopped.presses('call', 'anna')
    stopped.ask({ type: 'campaign.stop', by: 'supervisor', campaignId: 'spring' })
    expect(stopped.all('entry.left')).toEqual([])
    stopped.wait(30 * SECOND)
    expect(stopped.all('entry.left')).toMatchObject([{ by: 'campaign', why: 'stopped' }])
  })

  it('put on the do-not-call list: those waiting, and those whose agent’s phone rings; who is ringing is let ring', () => {
    const stage = preview({}, 'anna', 'bo')
    const lists = (person: string) =>
      stage.ask({ type: 'doNotCall.add', by: 'supervisor', person, campaignId: null, source: 'page', until: null })
    stage.deals(contactOf('1'), contactOf('2'))
    stage.presses('call', 'anna')
    lists('p-1')
    lists('p-2')
    expect(stage.all('entry.left').map(({ why }) => why)).toEqual(['doNotCall', 'doNotCall'])
    expect([stage.status('anna'), stage.status('bo')]).toEqual(['ready', 'ready'])
    ringing(stage)
    lists('p-1')
    expect(stage.call(stage.contact('1'))?.contact?.status).toBe('calling')
  })

  it('a supervisor takes out who waits, and not who is being called', () => {
    const stage = preview({}, 'anna', 'bo')
    stage.deals(contactOf('1'), contactOf('2'))
    stage.presses('call', 'anna')
    const remove = (id: string) =>
      stage.ask({ type: 'entry.delete', by: 'supervisor', entryId: stage.world.calls.get(stage.callOf(id))?.entry?.id ?? '' })
    expect(refusedWith(remove('1'))).toMatchObject({ refused: 'entry.ofCampaign' })
    remove('2')
    expect(stage.settled()).toEqual(['2 notCalled (not counted) → never'])
    expect(stage.card('bo')).toBeNull()
  })

  it('rescheduled from the card: called again then, by that agent', () => {
    const stage = preview({}, 'anna')
    stage.deals(contactOf('1'))
    const callId = stage.callOf('1')
    const asks = (at: number) => stage.ask({ type: 'contact.reschedule', by: 'agent', agentId: 'anna', callId, at, forAgent: 'anna' })
    expect(refusedWith(asks(stage.at))).toMatchObject({ refused: 'contact.callsAt' })
    // Calls are kept for 12 months.
    expect(refusedWith(asks(stage.at + 366 * 86_400_000))).toMatchObject({ refused: 'contact.outlives' })
    asks(stage.at + 3_600_000)
    expect(stage.settled()).toEqual(['1 notCalled (not counted) → asked +3600'])
    expect(stage.all('contact.settled')).toMatchObject([{ forAgent: 'anna' }])
    expect(stage.card('anna')).toBeNull()
  })
})
