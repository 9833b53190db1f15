/** An agent who works for several, as each of those who lead him sees him; and alarms, which are for who leads. */
import { describe, expect, test } from 'vitest'
import type { AlarmKind } from '#core/facts.ts'
import type { Agent, Alarm, LiveState } from '#wire/live.ts'
import { type Scope, viewOfAgent, viewOfAlarms, viewOfLive } from './scope.ts'

const SINCE = '2026-11-23T08:00:00.000Z'
const talking: NonNullable<Agent['matter']> = {
  ...{ callId: 'c1', entryId: 'e1', queueId: 'support', kind: 'line', phase: 'talking', number: '+46701740601', since: SINCE },
  ...{ waitedMs: 1, attempt: null, attemptsMax: null, menuPath: [], canMarkVoicemail: false, canCancel: false },
  ...{ onHold: false, muted: false, consult: null, conference: false },
}
const saga: Agent = {
  ...{ id: 'saga', name: 'Saga', state: 'connected', since: SINCE, reason: null, until: null, wish: null },
  ...{ queues: ['support', 'sales'], campaigns: ['spring'], callId: 'c1', answersFromDesk: true, matter: talking, card: null },
}
const LEADS: Readonly<Record<string, Scope>> = {
  support: { sees: 'queues', queues: ['support'] },
  sales: { sees: 'queues', queues: ['sales'] },
  spring: { sees: 'campaigns', campaigns: ['spring'], agentId: null },
  all: { sees: 'all' },
  saga: { sees: 'agent', agentId: 'saga' },
}
const seenBy = (who: string, agent = saga) => viewOfAgent(LEADS[who] ?? { sees: 'all' }, agent)

describe('an agent in a call of Support', () => {
  test.each(['support', 'all', 'saga'])('is seen in it by %s', (who) =>
    expect(seenBy(who)).toMatchObject({ callId: 'c1', matter: talking }),
  )
  test.each(['sales', 'spring'])('is seen by %s to be busy, and nothing more', (who) => {
    expect(seenBy(who)).toMatchObject({ id: 'saga', state: 'connected', callId: null, matter: null })
    expect(JSON.stringify(seenBy(who))).not.toMatch(/c1|support|1740601/)
  })
  test('in a call of his own by nobody but who sees all, and himself', () => {
    const own: Agent = { ...saga, matter: { ...talking, kind: 'outbound', queueId: 'outbound' } }
    const seeing = Object.keys(LEADS).filter((who) => seenBy(who, own)?.matter !== null)
    expect(seeing).toEqual(['all', 'saga'])
  })
})

describe('an alarm', () => {
  const raised = { id: 'x', raisedAt: SINCE }
  const ofCall = { ...raised, callId: 'c1', queues: ['support', 'spring'], campaignId: 'spring' }
  const kinds: readonly (readonly [AlarmKind, Omit<Alarm, 'alarm'>, readonly string[]])[] = [
    ...(['switch', 'disk', 'clock', 'journalTail', 'trunk'] as const).map(
      (kind) => [kind, raised, ['support', 'sales', 'spring', 'all']] as const,
    ),
    ...(['callSetAside', 'longCall', 'notJoined', 'unknownLeg'] as const).map(
      (kind) => [kind, ofCall, ['support', 'spring', 'all']] as const,
    ),
    ['callSetAside', { ...raised, callId: 'c1' }, ['all']],
    ['callSetAside', { ...ofCall, campaignId: 'autumn', queues: ['autumn'] }, ['all']],
    ['unknownLeg', { ...raised, about: 'l1', detail: 'l1 is joined with a leg of another call' }, ['all']],
    ['pacing', { ...raised, about: 'spring' }, ['spring', 'all']],
    ['pacing', { ...raised, about: 'autumn' }, ['all']],
  ]
  test.each(kinds)('%s, %j, is for %j', (alarm, about, forWhom) => {
    const seeing = Object.entries(LEADS).filter(([, scope]) => viewOfAlarms(scope, [{ ...about, alarm }]).length > 0)
    expect(seeing.map(([who]) => who)).toEqual(forWhom)
  })
  test('of a kind nobody knows yet is for who sees all', () => {
    const everyCampaign = { sees: 'campaigns', campaigns: null, agentId: null } as const
    const seeing = [...Object.entries(LEADS), ['every campaign', everyCampaign] as const].filter(
      ([, scope]) => viewOfAlarms(scope, [{ ...ofCall, alarm: 'new' }]).length > 0,
    )
    expect(seeing.map(([who]) => who)).toEqual(['all'])
  })
})

test('alarms are for who leads, and live calls are those one sees', () => {
  const live: LiveState = {
    queues: [],
    agents: [saga],
    alarms: [{ id: 'disk', alarm: 'disk', raisedAt: SINCE }],
    campaigns: [],
    liveCalls: 9,
  }
  const seen = (who: string) => viewOfLive(LEADS[who] ?? { sees: 'all' }, live)
  expect(Object.keys(LEADS).map((who) => [who, seen(who).alarms.length, seen(who).liveCalls])).toEqual([
    ['support', 1, 1],
    ['sales', 1, 0],
    ['spring', 1, 0],
    ['all', 1, 9],
    ['saga', 0, 1],
  ])
})
