/** Contacts who are dialled first: how many, over what, and what follows. dialler.md 1–4 */
import { describe, expect, it } from 'vitest'
import type { Settings } from '../campaign/settings.ts'
import type { Solution } from '../solution/solution.ts'
import { Campaigning, centre, contactOf, SECOND } from './campaign.support.ts'
import { agentOf, callbackSettings, NINE, queueOf, solutionOf } from './stage.support.ts'

const five = ['a', 'b', 'c', 'd', 'e']
const crowd = (change: Partial<Solution> = {}): Solution =>
  solutionOf(
    [queueOf('support')],
    five.map((id) => agentOf(id)),
    change,
  )

function started(settings: Partial<Settings> = {}, solution: Solution = crowd(), at = NINE): Campaigning {
  const stage = new Campaigning(settings, solution, at)
  stage.logOn(...Object.keys(solution.agents))
  return stage
}
const contacts = (count: number, from = 1) => Array.from({ length: count }, (_, i) => contactOf(String(from + i)))

describe('how many are dialled', () => {
  it('progressive: one for each ready agent, less those in the air; nothing but what is asked for', () => {
    const stage = started()
    expect(stage.draws(9)).toBe(5)
    expect(stage.draws(2)).toBe(2)
    expect(stage.deals(...contacts(3))).toEqual(['1', '2', '3'])
    expect(stage.draws(9)).toBe(2)
    stage.pause('a')
    stage.pause('a')
    expect(stage.draws(9)).toBe(1)
    expect(stage.deals(...contacts(3, 4))).toEqual(['4'])
  })

  it('predictive: what is asked for, at most four times the agents and two more', () => {
    const stage = started({ mode: 'predictive' })
    expect(stage.draws(9)).toBe(9)
    expect(stage.draws(99)).toBe(22)
    stage.deals(...contacts(20))
    expect(stage.draws(99)).toBe(2)
  })

  it('preview and nobody there: none is dialled', () => {
    expect(new Campaigning({ mode: 'predictive' }, crowd()).draws(5)).toBe(0)
    const stage = started({ mode: 'preview' })
    stage.deals(...contacts(2))
    expect(stage.all('leg.requested')).toEqual([])
  })

  it('not while the campaign does not run, the switch is away, or the lines are full', () => {
    const stage = started({ mode: 'predictive', liveMax: 3 })
    expect(stage.draws(9)).toBe(3)
    stage.deals(...contacts(2))
    expect(stage.draws(9)).toBe(1)
    stage.do({ type: 'switch.lose' })
    expect(stage.draws(9)).toBe(0)
    stage.do({ type: 'switch.find' })
    stage.ask({ type: 'campaign.pause', by: 'supervisor', campaignId: 'spring' })
    expect(stage.draws(9)).toBe(0)
    expect(stage.deals(contactOf('9'))).toEqual([])
  })

  it('not past the calls the solution takes at once, of whatever kind', () => {
    const stage = started({ mode: 'predictive' }, { ...crowd(), liveCallsMax: 2 })
    stage.deals(...contacts(1))
    expect(stage.draws(9)).toBe(1)
    expect(stage.deals(...contacts(3, 2))).toHaveLength(1)
    expect(stage.world.calls.size).toBe(2)
    expect(stage.draws(9)).toBe(0)
    expect(stage.deals(...contacts(3, 5))).toEqual([])
  })

  it('a pacing that failed: one for each ready agent, an alarm, and as before when somebody writes the campaign anew', () => {
    const stage = started({ mode: 'predictive' })
    stage.do({ type: 'campaign.mistrust', campaignId: 'spring', detail: 'dial: NaN' })
    expect(stage.draws(9)).toBe(5)
    expect([...stage.world.alarms.values()]).toMatchObject([{ alarm: 'pacing', about: 'spring', detail: 'dial: NaN' }])
    stage.writes({ mode: 'predictive' })
    expect(stage.draws(9)).toBe(9)
    expect(stage.world.alarms.size).toBe(0)
  })

  it('three tries in a row spoilt by the network: nobody for 30 s, then one at a time until one is not spoilt', () => {
    const stage = started({ mode: 'predictive' })
    for (const contact of contacts(3)) {
      stage.deals(contact)
      stage.ends(stage.contact(contact.contactId), 'failed', 'network')
    }
    expect(stage.settled()).toEqual([1, 2, 3].map((n) => `${n} failed (not counted) → back +30`))
    expect(stage.draws(9)).toBe(0)
    stage.wait(30 * SECOND)
    expect(stage.draws(9)).toBe(1)
    stage.deals(contactOf('4'))
    expect(stage.draws(9)).toBe(0)
    stage.ends(stage.contact('4'), 'busy')
    expect(stage.draws(9)).toBe(9)
    expect(stage.totals()).toMatchObject({ placed: 4, failed: 3, busy: 1, noAnswer: 0 })
  })

  it('the first trunk fails before a phone rang: the next is tried, and it is one try', () => {
    const stage = started({}, crowd({ trunks: ['main', 'spare'] }))
    stage.deals(contactOf('1'))
    stage.ends(stage.contact('1'), 'failed', 'network')
    expect(stage.all('leg.requested').map(({ trunk }) => trunk)).toEqual(['main', 'spare'])
    stage.ends(stage.contact('1'), 'busy')
    expect(stage.settled()).toEqual(['1 busy → again +600'])
    expect(stage.totals()).toMatchObject({ placed: 1, busy: 1, failed: 0 })
  })

  it('the pacing ends those that have really rung 15 s, the longest first, where the owner allows it', () => {
    const stage = started({ mode: 'predictive', mayHangUp: true })
    stage.deals(...contacts(3))
    stage.rings(stage.contact('2'))
    stage.wait(SECOND)
    stage.rings(stage.contact('1'))
    stage.wait(14 * SECOND)
    const hangUp = (count: number) => stage.do({ type: 'campaign.pace', campaignId: 'spring', dial: 0, hangUp: count })
    hangUp(3)
    expect(stage.settled()).toEqual(['2 unanswered → again +600'])
    expect(stage.all('leg.ended')).toMatchObject([{ outcome: 'withdrawn', by: 'us' }])
    expect(stage.totals()).toMatchObject({ placed: 3, withdrawn: 1, noAnswer: 0 })
    stage.writes({ mode: 'predictive', mayHangUp: false })
    stage.wait(5 * SECOND)
    hangUp(3)
    expect(stage.settled()).toHaveLength(1)
  })
})

describe('who is taken up', () => {
  it('nobody twice, nobody on a line with us, none of our own numbers; a switchboard has many lines', () => {
    const stage = started()
    stage.arrive('p-2')
    stage.arrive('p-5')
    const taken = stage.deals(
      contactOf('1'),
      contactOf('1'),
      contactOf('2'),
      contactOf('3', { person: 'p-1' }),
      contactOf('4', { person: 'line' }),
      contactOf('5', { switchboard: true }),
      contactOf('6', { until: stage.at }),
    )
    expect(taken).toEqual(['1', '5'])
    expect(stage.deals(contactOf('1'))).toEqual([])
  })

  it('a callback for a number that is being dialled waits, and is made when that is over', () => {
    const callback = queueOf('support', { callback: callbackSettings() })
    const stage = new Campaigning({}, solutionOf([callback], [agentOf('anna'), agentOf('bo')]))
    stage.logOn('anna')
    stage.deals(contactOf('1'))
    stage.orders('support', 'p-1')
    stage.logOn('bo')
    expect(stage.status('bo')).toBe('ready')
    stage.ends(stage.contact('1'), 'busy')
    expect([stage.status('anna'), stage.status('bo')].sort()).toEqual(['connecting', 'ready'])
  })

  it('who calls us while we dial him is busy: that try is not counted, and he waits for his own call', () => {
    const stage = started()
    stage.deals(contactOf('1'))
    const own = stage.arrive('p-1')
    stage.ends(stage.contact('1'), 'busy')
    expect(stage.settled()).toEqual(['1 busy (not counted) → back +0'])
    expect(stage.deals(contactOf('1'))).toEqual([])
    stage.ends(own)
    expect(stage.deals(contactOf('1'))).toEqual(['1'])
  })
})

it('is not tried over the next trunk while he is on a line with us', () => {
  const stage = started({}, crowd({ trunks: ['main', 'spare'] }))
  stage.deals(contactOf('1'))
  stage.arrive('p-1')
  stage.ends(stage.contact('1'), 'failed', 'network')
  expect(stage.settled()).toEqual(['1 failed (not counted) → back +30'])
})

it('stands in line only while there is somebody to be matched with an agent', () => {
  const stage = started()
  const line = (): number => stage.world.queues.get('spring')?.line.length ?? 0
  stage.deals(contactOf('1'))
  expect(line()).toBe(0)
  for (const id of five) stage.do({ type: 'phone.lose', agentId: id })
  stage.answers(stage.contact('1'))
  expect(line()).toBe(1)
  stage.do({ type: 'phone.find', agentId: 'a' })
  expect(line()).toBe(0)
})

describe('after the conversation', () => {
  it('the wrap-up is the campaign’s; in it the agent may still say something, and the call ended with the last leg', () => {
    const stage = started({ wrapUpMs: 20_000 }, centre())
    stage.deals(contactOf('1'))
    stage.answers(stage.contact('1'))
    stage.answers(stage.phoneOf('anna'))
    const callId = stage.callOf('1')
    stage.wait(5 * SECOND)
    const ends = stage.at
    stage.ends(stage.contact('1'))
    expect(stage.status('anna')).toBe('wrapUp')
    stage.wait(8 * SECOND)
    expect(stage.settled()).toEqual([])
    expect(stage.ask({ type: 'contact.markUnanswered', by: 'agent', agentId: 'bo', callId }).refused).toMatchObject({
      refused: 'call.notYours',
    })
    expect(stage.ask({ type: 'contact.setTopics', by: 'agent', agentId: 'anna', callId, topics: ['none'] }).refused).toMatchObject({
      refused: 'contact.topics',
    })
    stage.ask({ type: 'contact.markUnanswered', by: 'agent', agentId: 'anna', callId })
    stage.wait(12 * SECOND)
    expect(stage.settled()).toEqual(['1 voicemail → again +580'])
    expect(stage.all('call.ended')).toEqual([{ type: 'call.ended', callId, happenedAt: ends }])
    expect(stage.status('anna')).toBe('ready')
  })

  it('no wrap-up after a try that reached nobody', () => {
    const stage = started({ wrapUpMs: 20_000 }, centre())
    stage.deals(contactOf('1'))
    stage.wait(30 * SECOND)
    expect(stage.settled()).toEqual(['1 unanswered → again +600'])
    expect(stage.status('anna')).toBe('ready')
  })
})

it('a contact is in no limit of agents’ own calls; whom an agent consults about one is', () => {
  const solution = centre()
  const stage = started({}, { ...solution, outbound: { ...solution.outbound, liveMax: 1 } })
  stage.deals(contactOf('1'))
  stage.answers(stage.contact('1'))
  stage.answers(stage.phoneOf('anna'))
  const callId = stage.callOf('1')
  const consults = (person: string) =>
    stage.ask({ type: 'talk.consult', by: 'agent', agentId: 'anna', callId, to: { person, barred: null } }).refused
  expect(consults('p8')).toBeNull()
  const dials = stage.ask({ type: 'call.dial', by: 'agent', agentId: 'bo', to: { person: 'p9', barred: null }, origin: 'desk' })
  expect(dials.refused).toMatchObject({ refused: 'outbound.liveMax' })
})

describe('after a restart', () => {
  it('a contact answered while the engine was away, with nobody there, is a silent call of that instant', () => {
    const stage = started()
    stage.deals(contactOf('1'))
    const legId = stage.contact('1')
    const callId = stage.callOf('1')
    stage.wait(20 * SECOND)
    stage.do({ type: 'legs.learn', callId, legs: [{ type: 'leg.answer', legId, happenedAt: stage.at - 10 * SECOND }] })
    expect(stage.all('contact.answered')).toMatchObject([{ silentAt: stage.at - 8 * SECOND }])
    expect(five.map((id) => stage.status(id))).toEqual(five.map(() => 'ready'))
    stage.wait(0)
    expect(stage.call(legId)?.menu?.menuId).toBe('campaign.silent')
    expect(stage.totals()).toMatchObject({ answered: 1, silent: 1 })
  })

  it('answered and gone while it was away: silent too; an outcome nobody can tell counts as no try', () => {
    const stage = started()
    stage.deals(...contacts(2))
    const [one, two] = ['1', '2'].map((id) => ({ callId: stage.callOf(id), legId: stage.contact(id) }))
    stage.wait(20 * SECOND)
    const gone = {
      type: 'leg.end',
      outcome: 'answered',
      by: 'party',
      cause: 16,
      happenedAt: stage.at - 9 * SECOND,
      answeredAt: stage.at - 10 * SECOND,
    } as const
    const unknown = { type: 'leg.end', outcome: 'unknown', by: 'network', cause: null, reconciled: true } as const
    stage.do({ type: 'legs.learn', callId: one?.callId ?? '', legs: [{ ...gone, legId: one?.legId ?? '' }] })
    stage.do({ type: 'legs.learn', callId: two?.callId ?? '', legs: [{ ...unknown, legId: two?.legId ?? '' }] })
    expect(stage.settled().map((line) => line.replace(/ \+.*/, ''))).toEqual(['1 silent → again', '2 unknown (not counted) → back'])
    expect(stage.totals()).toMatchObject({ placed: 2, answered: 1, silent: 1, failed: 1 })
  })
})

describe('a campaign’s own id', () => {
  it('is no queue’s', () => {
    const stage = started()
    expect(stage.writes({}, 'support').refused).toMatchObject({ refused: 'campaign.idTaken' })
    expect(stage.writes({}, 'outbound').refused).toMatchObject({ refused: 'campaign.idTaken' })
    expect(stage.writes({}, 'spring').refused).toBeNull()
  })
})
