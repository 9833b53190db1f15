import { describe, expect, it } from 'vitest'
import type { CampaignSettings } from '#wire/campaigns.ts'
import { draftOf, settingsOf } from './campaign-form.ts'

const settings: CampaignSettings = {
  name: 'Autumn renewals',
  mode: 'predictive',
  skill: 'sales',
  priority: 5,
  ratio: 1.5,
  attempts: 4,
  pauseSeconds: 5_400,
  ringSeconds: 25,
  retry: { unanswered: true, busy: true, rejected: false, failed: true },
  retriesFirst: true,
  sort: [
    { column: 'city', descending: false, numeric: false },
    { column: 'debt', descending: true, numeric: true },
  ],
  filters: [{ column: 'plan', values: ['a', 'b'] }],
  hours: {
    days: { mon: ['09:00-12:00', '16:30-20:00'], sat: ['10:00-14:00'] },
    holidays: { '2026-12-24': [], '2026-12-23': ['09:00-12:00'] },
  },
  periods: ['09:00-12:00', '16:30-20:00'],
  startsAt: '2026-12-01T08:00:00.000Z',
  wrapUpSeconds: 20,
  ringAgentSeconds: 15,
  cardSeconds: 60,
  autoCallSeconds: null,
  whenAllSpokenFor: 'dialler',
  silentTarget: 0.03,
  silentAfterSeconds: 2,
  silentMessage: { on: false, reason: 'agreed with the customer' },
  silentAgainAfterHours: 72,
  silentCallback: false,
  mayHangUp: true,
  callerId: '+46850000000',
  country: 'SE',
  topics: ['Renewed', 'Wants to think'],
  liveMax: 100,
}

describe('the form of a campaign', () => {
  it('gives back what it was given, also what it does not show', () => expect(settingsOf(draftOf(settings), settings)).toEqual(settings))

  it('takes an empty number as the solution’s, and no time as never', () => {
    const draft = { ...draftOf(settings), callerId: ' ', autoCallSeconds: '', skill: '' }
    expect(settingsOf(draft, settings)).toMatchObject({ callerId: null, autoCallSeconds: null, skill: null })
  })

  it('forgets the reason where the message is on again', () =>
    expect(settingsOf({ ...draftOf(settings), silentMessageOn: true }, settings)?.silentMessage).toEqual({ on: true, reason: null }))

  it.each([{ periods: 'morning' }, { holidays: 'Christmas' }, { filters: 'plan' }, { days: { ...draftOf(settings).days, mon: '9' } }])(
    'is not taken with %j',
    (wrong) => expect(settingsOf({ ...draftOf(settings), ...wrong }, settings)).toBeNull(),
  )
})
