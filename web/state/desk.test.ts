import { describe, expect, it } from 'vitest'
import type { Agent } from '#wire/live.ts'
import { deskState, matterOf, ownCall } from '../../tests/browser/live-state.ts'
import { actsOf, mayDial, numberInLink, whoOf } from './desk.ts'

type Matter = NonNullable<Agent['matter']>
const bo = { id: 'bo', name: 'Bo' }
const talking: Matter = { ...matterOf('talking'), canMarkVoicemail: false }
const consulting = (phase: 'ringing' | 'waiting' | 'talking', active: boolean): Matter => ({
  ...talking,
  onHold: true,
  consult: { to: { kind: 'agent', ...bo }, phase, active },
})
const agentIn = (state: Agent['state'], matter: Agent['matter']): Agent => {
  const anna = deskState(state, matter).agents.find(({ id }) => id === 'anna')
  if (anna === undefined) throw new Error('The fixture has no Anna.')
  return anna
}
/** The buttons of the call itself, without those of the agent's state. */
const acts = (matter: Matter) => [...actsOf(agentIn('connected', matter))].filter((act) => !['logOff', 'pause'].includes(act)).sort()

describe('whom the call is with', () => {
  it.each<[string, Matter, ReturnType<typeof whoOf>]>([
    ['a number nobody knows', talking, { who: '070-1', beside: null }],
    ['a customer with a name, the number beside it', { ...talking, name: 'Eva Ek' }, { who: 'Eva Ek', beside: '070-1' }],
    ['a colleague, whoever the customer is', { ...talking, name: 'Eva Ek', colleague: bo }, { who: 'Bo', beside: null }],
  ])('%s', (_, matter, expected) => expect(whoOf(matter, '070-1')).toEqual(expected))
})

describe('the buttons of a call', () => {
  it.each<[string, Matter, string]>([
    ['an own call, own phone rings', ownCall('ringing'), 'cancel'],
    ['an own call, the other phone rings', ownCall('calling'), 'cancel hangUp'],
    ['a colleague is called', { ...ownCall('calling'), kind: 'internal', colleague: bo }, 'hangUp'],
    ['a callback rings the customer', { ...matterOf('calling'), canMarkVoicemail: false }, 'hangUp'],
    ['a conversation', talking, 'consult digits hangUp hold mute'],
    ['on hold and muted', { ...talking, onHold: true, muted: true }, 'consult digits hangUp resume unmute'],
    ['with a colleague', { ...talking, kind: 'internal', colleague: bo }, 'digits hangUp hold mute'],
    ['asked by a colleague', { ...talking, colleague: bo }, 'digits hangUp mute'],
    ['who is asked is being rung', consulting('ringing', false), 'endConsult giveAway hangUp mute'],
    ['waiting in a queue for somebody to ask', consulting('waiting', false), 'endConsult giveAway hangUp mute'],
    ['talking with who is asked', consulting('talking', true), 'conference digits endConsult giveAway hangUp mute swap'],
    ['swapped to the customer', consulting('talking', false), 'conference digits endConsult giveAway hangUp mute swap'],
    ['all three', { ...talking, conference: true }, 'consult digits hangUp mute'],
  ])('%s', (_, matter, wanted) => expect(acts(matter).join(' ')).toBe(wanted))
})

it('offers one who called for help while logged off nothing that takes one who is logged on', () => {
  const wish = { state: 'loggedOff', reason: null, stays: true } as const
  expect([...actsOf({ ...agentIn('connected', null), wish })]).toEqual([])
  expect([...actsOf({ ...agentIn('wrapUp', null), wish })].sort()).toEqual(['extend', 'logOn'])
  expect(mayDial({ ...agentIn('wrapUp', null), wish })).toBe(false)
})

it('dials from the states of the table only', () => {
  const states: Agent['state'][] = [
    'loggedOff',
    'ready',
    'connecting',
    'connected',
    'wrapUp',
    'rejected',
    'noAnswer',
    'paused',
    'unreachable',
  ]
  expect(states.filter((state) => mayDial(agentIn(state, null)))).toEqual(['ready', 'wrapUp', 'rejected', 'noAnswer', 'paused'])
})

describe('a telephone link', () => {
  it.each([
    ['tel:+46701740612', '+46701740612'],
    ['tel:070-174%2006%2012', '070-174 06 12'],
    ['tel:+46701740612;ext=214', '+46701740612'],
    ['TEL://0701740612?x=1', '0701740612'],
    ['0701740612', '0701740612'],
    ['tel:%E0%A4%A', ''],
  ])('%s', (link, number) => expect(numberInLink(link)).toBe(number))
})
