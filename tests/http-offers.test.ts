/** An agent and the contacts of campaigns, at the desk: Preview cards, topics, another time, voicemail. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hashPassword } from '#adapters/http/passwords.ts'
import { Call } from '#wire/calls.ts'
import { Campaign } from '#wire/campaigns.ts'
import { CampaignContacts, type PreviewCard } from '#wire/contacts.ts'
import type { Agent, StreamMessage } from '#wire/live.ts'
import { Agents } from '#wire/requests.ts'
import { type Bed, openBed, PASSWORD } from './http/bed.ts'
import { listen } from './http/listen.ts'
import { ALWAYS, load, makeCampaign, upload } from './http/lists.ts'

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const dayBefore = (day: string): string => dayOf(Date.parse(day) - 86_400_000)
/** The next last Sunday of March, on which clocks are set to summer time. */
const SPRING = (() => {
  const lastSunday = (year: number): number => {
    const end = new Date(Date.UTC(year, 2, 31))
    return end.setUTCDate(31 - end.getUTCDay())
  }
  const here = lastSunday(new Date().getUTCFullYear())
  return dayOf(here > Date.now() + 2 * 86_400_000 ? here : lastSunday(new Date().getUTCFullYear() + 1))
})()

let bed: Bed
let numbers = 700
beforeAll(async () => {
  bed = await openBed()
  const passwordHash = await hashPassword(PASSWORD)
  await bed.accounts.addUser({ name: 'saga', displayName: 'Saga S', role: 'agent', agentId: 'saga', queues: null, passwordHash })
})
afterAll(() => bed.close())

const agent = async (id: string, user = id): Promise<Agent> => {
  const found = (await bed.ask(user, 'GET', 'agents')).as(Agents).items.find((one) => one.id === id)
  if (found === undefined) throw new Error(`${user} does not see ${id}`)
  return found
}
const press = (callId: string, button: string, body?: unknown, user = 'saga') => bed.ask(user, 'POST', `offers/${callId}/${button}`, body)
const tell = (callId: string, what: string, body?: unknown, user = 'saga') => bed.ask(user, 'POST', `calls/${callId}/${what}`, body)
const contacts = async (id: string) => (await bed.ask('maja', 'GET', `campaigns/${id}/contacts`)).as(CampaignContacts).items

describe('a Preview card', () => {
  let campaignId = ''
  let card: PreviewCard
  /** A running campaign of one contact, whose card lies on Saga's desk. */
  beforeEach(async () => {
    numbers += 1
    campaignId = `c${numbers}`
    const number = `+46701740${numbers}`
    bed.network.phone(number).whenCalled({ answersAfterMs: 0, talksMs: 60_000 })
    await makeCampaign(bed, {
      id: campaignId,
      name: `Calls ${numbers}`,
      skill: 'sales',
      topics: ['sold', 'not now'],
      wrapUpSeconds: 3_600,
      attempts: 3,
    })
    await load(bed, campaignId, `phone,name,external id,city,age\n${number},Ada,A1,Lund,41\n`)
    const { state } = await agent('saga')
    if (state === 'loggedOff') await bed.ask('saga', 'PUT', 'agents/saga/state', { state: 'loggedOn' })
    await bed.ask('saga', 'PUT', 'agents/saga/state', { state: 'ready' })
    await bed.ask('maja', 'POST', `campaigns/${campaignId}/start`)
    await bed.until(() => bed.engine.agent('saga')?.card)
    const shown = (await agent('saga')).card
    if (shown == null) throw new Error('no card')
    card = shown
    return async () => {
      await bed.ask('maja', 'POST', `campaigns/${campaignId}/stop`)
      await bed.ask('saga', 'POST', `calls/${card.callId}/hangup`)
      await bed.until(() => bed.engine.campaign(campaignId)?.talking === 0)
      await bed.ask('saga', 'PUT', 'agents/saga/wrap-up', { end: true })
    }
  })
  const talk = async () => {
    expect((await press(card.callId, 'call')).status).toBe(204)
    expect((await agent('saga')).matter).toMatchObject({ kind: 'dialler', phase: 'ringing' })
    expect((await tell(card.callId, 'answer')).status).toBe(204)
    await bed.until(() => bed.engine.agent('saga')?.matter?.phase === 'talking')
  }

  test('shows the contact with all its columns, to its agent and to who leads him, and to nobody else', async () => {
    expect(card).toMatchObject({
      number: `+46701740${numbers}`,
      callsAt: null,
      why: null,
      contact: {
        campaignId,
        externalId: 'A1',
        columns: { city: 'Lund', age: '41' },
        attempt: 1,
        attemptsMax: 3,
        topics: [],
        topicsToChoose: ['sold', 'not now'],
      },
    })
    expect((await agent('saga', 'maja')).card?.callId).toBe(card.callId)
    expect((await agent('saga', 'lena')).card?.callId).toBe(card.callId)
    expect((await agent('saga', 'sara')).card).toBeNull()
    expect((await bed.ask('bo', 'GET', 'agents')).text).not.toContain(card.callId)
    const [mine, hers] = await Promise.all([listen(bed, 'saga'), listen(bed, 'sara')])
    const hasCard = (message: StreamMessage) =>
      message.type === 'snapshot' && message.live.agents.some((one) => one.card?.callId === card.callId)
    await mine.first(hasCard)
    await hers.first(({ type }) => type === 'snapshot')
    expect(JSON.stringify(hers.heard)).not.toContain(card.callId)
    for (const stream of [mine, hers]) stream.close()
  })

  test('Call: the contact is rung, talks, and its details stay on the screen into the wrap-up', async () => {
    await talk()
    const { matter, card: gone } = await agent('saga')
    expect(gone).toBeNull()
    expect(matter).toMatchObject({ kind: 'dialler', callId: card.callId, contact: { externalId: 'A1', columns: { city: 'Lund' } } })
    expect((await tell(card.callId, 'topics', { topics: ['sold'] })).status).toBe(204)
    expect((await tell(card.callId, 'topics', { topics: ['bought'] })).code).toBe('contact.topics')
    expect((await agent('saga')).matter?.contact?.topics).toEqual(['sold'])
    expect((await tell(card.callId, 'hangup')).status).toBe(204)
    await bed.until(() => bed.engine.agent('saga')?.state === 'wrapUp')
    expect((await agent('saga')).matter?.contact?.externalId).toBe('A1')
    expect((await tell(card.callId, 'topics', { topics: ['sold', 'not now'] })).status).toBe(204)
    await bed.ask('saga', 'PUT', 'agents/saga/wrap-up', { end: true })
    await expect
      .poll(() => contacts(campaignId))
      .toMatchObject([{ state: 'reached', tries: 1, topics: ['sold', 'not now'], calls: [card.callId] }])
    await bed.settled()
    const call = (await bed.ask('maja', 'GET', `calls/${card.callId}`)).as(Call)
    expect(call).toMatchObject({ mode: 'preview', campaignId, attempt: 1, result: 'answered' })
    expect(call.queues).toEqual([{ id: campaignId, name: `Calls ${numbers}` }])
    expect((await bed.ask('sara', 'GET', `calls/${card.callId}`)).code).toBe('call.unknown')
  })

  test('voicemail counts as unanswered, and is tried again', async () => {
    expect((await tell(card.callId, 'voicemail')).code).toBe('contact.notTalked')
    await talk()
    expect((await tell(card.callId, 'voicemail')).status).toBe(204)
    await tell(card.callId, 'hangup')
    await bed.until(() => bed.engine.agent('saga')?.state === 'wrapUp')
    await bed.ask('saga', 'PUT', 'agents/saga/wrap-up', { end: true })
    await expect.poll(() => contacts(campaignId)).toMatchObject([{ state: 'paused', outcome: 'voicemail', tries: 1 }])
  })

  test('Cancel: never called again', async () => {
    expect((await press(card.callId, 'cancel')).status).toBe(204)
    await expect.poll(() => contacts(campaignId)).toMatchObject([{ state: 'neverCall' }])
    expect((await press(card.callId, 'cancel')).code).toBe('card.gone')
  })

  test('Reject: the agent rests, and the card is gone', async () => {
    expect((await press(card.callId, 'reject')).status).toBe(204)
    expect((await agent('saga')).card).toBeNull()
    expect((await press(card.callId, 'call')).code).toBe('card.gone')
  })

  test('another time, by the contact’s own clock, for oneself or anybody', async () => {
    expect((await press(card.callId, 'reschedule', { at: '2020-01-01T00:00:00Z' })).json).toMatchObject({
      code: 'contact.callsAt',
      field: 'at',
    })
    expect((await press(card.callId, 'reschedule', { at: '2097-01-01T00:00:00Z' })).json).toMatchObject({
      code: 'contact.outlives',
      field: 'at',
    })
    expect((await press(card.callId, 'reschedule', { at: 'tomorrow' })).json).toMatchObject({ code: 'request.invalid', field: 'at' })
    expect((await press(card.callId, 'reschedule', { at: '2099-02-30T10:00' })).json).toMatchObject({
      code: 'request.invalid',
      field: 'at',
    })
    expect((await press(card.callId, 'reschedule', { at: `${SPRING}T02:30`, for: 'me' })).status).toBe(204)
    // The last Sunday of March: 02:30 is skipped in Sweden, and 03:00 summer time is 01:00 UTC.
    await expect.poll(() => contacts(campaignId)).toMatchObject([{ state: 'asked', dueAt: `${SPRING}T01:00:00.000Z`, forAgent: 'saga' }])
  })

  test('another time for oneself for so long, then anybody’s: refused beside the field, counted through the change of clocks', async () => {
    const asks = (more: Readonly<Record<string, unknown>>) => press(card.callId, 'reschedule', { at: `${SPRING}T01:30`, ...more })
    for (const forMinutes of [0, -5, 7 * 24 * 60 + 1])
      expect((await asks({ for: 'me', forMinutes })).json).toMatchObject({ code: 'contact.alone', field: 'forMinutes' })
    expect((await asks({ for: 'anyone', forMinutes: 30 })).json).toMatchObject({ code: 'contact.alone', field: 'forMinutes' })
    expect((await asks({ for: 'me', forMinutes: 1.5 })).json).toMatchObject({ code: 'request.invalid', field: 'forMinutes' })
    expect((await agent('saga')).card?.callId).toBe(card.callId)
    expect((await asks({ for: 'me', forMinutes: 60 })).status).toBe(204)
    // 01:30 is 00:30 UTC; an hour of elapsed time later it is 03:30, for from 02:00 on it is summer.
    const own = { dueAt: `${SPRING}T00:30:00.000Z`, forAgent: 'saga', anyoneAt: `${SPRING}T01:30:00.000Z` }
    await expect.poll(() => contacts(campaignId)).toMatchObject([{ state: 'asked', ...own }])
  })

  test('at a time the calling hours are closed, the minutes count from when they open', async () => {
    const { settings } = (await bed.ask('maja', 'GET', `campaigns/${campaignId}`)).as(Campaign)
    const hours = { days: { ...ALWAYS.days, sat: [], sun: ['10:00-16:00'] }, holidays: {} }
    expect((await bed.ask('maja', 'PUT', `campaigns/${campaignId}`, { ...settings, hours })).status).toBe(200)
    // A Saturday; on the Sunday after it the clocks change at 02:00, so that 10:00 is 08:00 UTC.
    const asked = { at: `${dayBefore(SPRING)}T15:00`, for: 'me', forMinutes: 30 }
    expect((await press(card.callId, 'reschedule', asked)).status).toBe(204)
    const own = { dueAt: `${dayBefore(SPRING)}T14:00:00.000Z`, anyoneAt: `${SPRING}T08:30:00.000Z` }
    await expect.poll(() => contacts(campaignId)).toMatchObject([{ state: 'asked', ...own }])
  })

  test('a number listed out of a file leaves the desk, and is not called', async () => {
    const file = `number\n+46701740${numbers}\n`
    expect((await upload(bed, 'maja', 'do-not-call/imports', file)).json).toMatchObject({ added: 1 })
    await bed.until(() => bed.engine.agent('saga')?.card == null)
    expect((await press(card.callId, 'call')).code).toBe('card.gone')
    await expect.poll(() => contacts(campaignId)).toMatchObject([{ state: 'neverCall', tries: 0 }])
    const rung = bed.store.facts.filter(({ fact }) => fact.type === 'leg.requested' && fact.callId === card.callId)
    expect(rung).toEqual([])
  })

  describe('that calls by itself', () => {
    beforeEach(async () => {
      const { settings } = (await bed.ask('maja', 'GET', `campaigns/${campaignId}`)).as(Campaign)
      const calling = { ...settings, autoCallSeconds: 1, cardSeconds: 30 }
      expect((await bed.ask('maja', 'PUT', `campaigns/${campaignId}`, calling)).status).toBe(200)
      // The card that lies there was shown before it was so; the next one counts down.
      await press(card.callId, 'reject')
      await bed.ask('saga', 'PUT', 'agents/saga/state', { state: 'ready' })
      await bed.until(() => bed.engine.agent('saga')?.card?.callsAt != null)
      const next = (await agent('saga')).card
      if (next == null) throw new Error('no card')
      card = next
    })

    test('says when, and then the agent’s own phone rings, and the contact’s, without a press', async () => {
      const { callsAt, until } = card
      expect([callsAt === null, Date.parse(until) - Date.parse(callsAt ?? '')]).toEqual([false, 29_000])
      await bed.until(() => bed.engine.agent('saga')?.matter?.phase === 'ringing')
      const { card: gone, matter } = await agent('saga')
      expect([gone, matter?.kind, matter?.callId]).toEqual([null, 'dialler', card.callId])
      const [ring] = bed.store.facts.filter(({ fact }) => fact.type === 'leg.requested' && fact.callId === card.callId)
      expect(ring?.at).toBeGreaterThanOrEqual(Date.parse(callsAt ?? ''))
      expect((await tell(card.callId, 'answer')).status).toBe(204)
      await bed.until(() => bed.engine.agent('saga')?.matter?.phase === 'talking')
    })

    test('does not where the number was listed in the meantime: it is never called', async () => {
      const row = { number: `+46701740${numbers}`, campaignId: null, source: 'file', reason: null, until: null, addedAt: 1 }
      // Behind the engine's back, as another process would: nobody has looked at the desk again.
      await bed.contacts.listDoNotCall([row])
      expect((await agent('saga')).card?.callId).toBe(card.callId)
      await bed.until(() => bed.engine.agent('saga')?.card == null)
      await expect.poll(() => contacts(campaignId)).toMatchObject([{ state: 'neverCall', tries: 0 }])
      expect((await agent('saga')).matter).toBeNull()
    })
  })

  test('is nobody else’s to press, and nobody’s without a desk', async () => {
    await bed.ask('bo', 'PUT', 'agents/bo/state', { state: 'loggedOn' })
    for (const button of ['call', 'reject', 'cancel']) {
      expect([button, (await press(card.callId, button, undefined, 'bo')).code]).toEqual([button, 'card.gone'])
      expect([button, (await press(card.callId, button, undefined, 'maja')).code]).toEqual([button, 'session.noDesk'])
    }
    expect((await press('nothing', 'call')).code).toBe('card.gone')
    expect((await agent('saga')).card?.callId).toBe(card.callId)
  })
})
