/** Campaigns over HTTP: made, changed, started and stopped, as they stand and as they have gone; each refusal beside its field. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashPassword } from '#adapters/http/passwords.ts'
import { LIMITS } from '#core/campaign/settings.ts'
import { CallPage } from '#wire/calls.ts'
import {
  Campaign,
  CampaignDays,
  CampaignPace,
  CampaignProgress,
  CampaignSettings,
  Campaigns,
  PaceTable,
  Revivable,
} from '#wire/campaigns.ts'
import type { LiveState, StreamMessage } from '#wire/live.ts'
import { Session } from '#wire/session.ts'
import { CreatedToken } from '#wire/tokens.ts'
import { type Bed, openBed, PASSWORD } from './http/bed.ts'
import { listen } from './http/listen.ts'
import { ALWAYS, load, makeCampaign } from './http/lists.ts'

let bed: Bed
let shifts: { readonly agents: number; readonly mode: string }[] = []
let goOn: () => void = () => undefined
beforeAll(async () => {
  bed = await openBed({
    pace: async (shift) => {
      shifts.push(shift)
      if (shift.agents === 13) await new Promise<void>((resolve) => (goOn = resolve))
      return { calls: 100, answered: 30, silent: 0, silentRate: 0, worstRate: 0, talkShare: 0.5, busyShare: 0.6, idleMsPerCall: 9_000 }
    },
  })
  const passwordHash = await hashPassword(PASSWORD)
  await bed.accounts.addUser({
    name: 'mats',
    displayName: 'Mats',
    role: 'campaignManager',
    agentId: null,
    queues: ['autumn'],
    passwordHash,
  })
})
afterAll(() => bed.close())

const read = async (id: string, user = 'maja') => (await bed.ask(user, 'GET', `campaigns/${id}`)).as(Campaign)

describe('a campaign', () => {
  test('is made a draft: what is left out is as the defaults say', async () => {
    const { defaults, skills } = (await bed.ask('maja', 'GET', 'campaigns')).as(Campaigns)
    expect(skills).toEqual(['sales', 'support'])
    const made = (await bed.ask('maja', 'POST', 'campaigns', { name: ' Spring 2027! ', mode: 'preview' })).as(Campaign)
    expect(made.id).toMatch(/^spring-2027-[0-9a-f]{4}$/)
    expect(made.settings).toEqual({ ...defaults, name: 'Spring 2027!', mode: 'preview' })
    expect(made.live).toMatchObject({
      state: 'draft',
      why: 'notRunning',
      limitReached: false,
      inTheAir: 0,
      today: { placed: 0, silentRate: null },
    })
    expect((await read(made.id)).settings).toEqual(made.settings)
    const autumn = (await bed.ask('maja', 'POST', 'campaigns', { name: 'Höst för nya', mode: 'preview' })).as(Campaign)
    expect(autumn.id).toMatch(/^host-for-nya-[0-9a-f]{4}$/)
  })

  test('every setting comes back as it was written', async () => {
    const settings: CampaignSettings = {
      name: 'Whole',
      mode: 'power',
      skill: 'sales',
      priority: 7,
      ratio: 2.5,
      attempts: 4,
      pauseSeconds: 90.5,
      ringSeconds: 25,
      retry: { unanswered: true, busy: false, rejected: true, failed: false },
      retriesFirst: true,
      sort: [{ column: 'age', descending: true, numeric: true }],
      filters: [{ column: 'city', values: ['Lund', ''] }],
      hours: { days: { mon: ['08:00-12:00', '13:00-24:00'] }, holidays: { '2028-02-29': [], '2026-12-23': ['08:00-10:00'] } },
      periods: ['08:00-10:00', '10:00-17:00'],
      startsAt: '2099-01-01T08:00:00.000Z',
      wrapUpSeconds: 12,
      ringAgentSeconds: 9,
      cardSeconds: 30,
      autoCallSeconds: 10,
      whenAllSpokenFor: 'dialler',
      silentTarget: 0.01,
      silentAfterSeconds: 1.5,
      silentMessage: { on: false, reason: 'agreed with the trade council' },
      silentAgainAfterHours: 24,
      silentCallback: true,
      mayHangUp: false,
      callerId: '+46846500401',
      country: 'NO',
      topics: ['sold', 'not now'],
      liveMax: 12,
    }
    const { id } = (await bed.ask('maja', 'POST', 'campaigns', { id: 'whole', ...settings })).as(Campaign)
    expect(id).toBe('whole')
    expect((await read('whole')).settings).toEqual(settings)
    const changed = { ...settings, callerId: null, silentMessage: { on: true, reason: null }, name: 'Whole again' }
    expect((await bed.ask('maja', 'PUT', 'campaigns/whole', changed)).as(Campaign).settings).toEqual(changed)
    expect(await bed.store.facts.filter(({ fact }) => fact.type === 'campaign.written').length).toBeGreaterThan(1)
  })

  test('the bounds at the door are those of the rules', () => {
    const { properties } = CampaignSettings
    const bounds = (schema: object) => ({ min: Reflect.get(schema, 'minimum'), max: Reflect.get(schema, 'maximum') })
    const inMs = ({ min, max }: { min: number; max: number }) => ({ min: min * 1_000, max: max * 1_000 })
    expect(bounds(properties.ratio)).toEqual(LIMITS.ratio)
    expect(bounds(properties.attempts)).toEqual(LIMITS.attempts)
    expect(inMs(bounds(properties.ringSeconds))).toEqual(LIMITS.ringMs)
    expect(bounds(properties.silentTarget)).toEqual(LIMITS.silentTarget)
    expect(inMs(bounds(properties.silentAfterSeconds))).toEqual(LIMITS.silentAfterMs)
    expect(inMs(bounds(properties.cardSeconds))).toEqual(LIMITS.cardMs)
    expect(inMs(bounds(properties.pauseSeconds))).toEqual(LIMITS.pauseMs)
    expect(bounds(properties.priority)).toEqual(LIMITS.priority)
    expect(bounds(properties.liveMax)).toEqual(LIMITS.liveMax)
    expect(Reflect.get(properties.sort, 'maxItems')).toBe(LIMITS.sortKeys)
  })

  const refusals: readonly (readonly [Readonly<Record<string, unknown>>, string, string])[] = [
    [{ ratio: 6.1 }, 'request.invalid', 'ratio'],
    [{ ratio: 0.9 }, 'request.invalid', 'ratio'],
    [{ silentTarget: 0 }, 'request.invalid', 'silentTarget'],
    [{ silentTarget: 0.11 }, 'request.invalid', 'silentTarget'],
    [{ ringSeconds: 14.9 }, 'request.invalid', 'ringSeconds'],
    [{ attempts: 0 }, 'request.invalid', 'attempts'],
    [{ attempts: 1.5 }, 'request.invalid', 'attempts'],
    [{ priority: -1 }, 'request.invalid', 'priority'],
    [{ liveMax: 0 }, 'request.invalid', 'liveMax'],
    [{ mode: 'random' }, 'request.invalid', 'mode'],
    [{ name: '  ' }, 'request.invalid', 'name'],
    [{ colour: 'red' }, 'request.invalid', 'colour'],
    [{ hours: { days: { monday: [] }, holidays: {} } }, 'request.invalid', 'hours.days.monday'],
    [{ hours: { days: { mon: ['9-17'] }, holidays: {} } }, 'request.invalid', 'hours.days.mon.0'],
    [{ hours: { days: { mon: ['17:00-09:00'] }, holidays: {} } }, 'campaign.window', 'hours.days.mon.0'],
    [{ hours: { days: { mon: [] }, holidays: {} } }, 'campaign.neverOpen', 'hours'],
    [{ hours: { days: { mon: ['09:00-17:00'] }, holidays: { '2027-02-29': [] } } }, 'campaign.window', 'hours.holidays.2027-02-29'],
    [{ periods: ['00:00-24:00', '12:00-12:00'] }, 'campaign.window', 'periods.1'],
    [{ hours: { days: { mon: ['09:00-12:00'] }, holidays: {} }, periods: ['12:00-17:00'] }, 'campaign.neverOpen', 'periods.0'],
    [{ skill: 'juggling' }, 'campaign.skill', 'skill'],
    [{ country: 'QQ' }, 'campaign.country', 'country'],
    [{ callerId: '+46701740600' }, 'callerId.unknown', 'callerId'],
    [{ silentMessage: { on: false, reason: null } }, 'campaign.silentReason', 'silentMessage.reason'],
    [{ silentMessage: { on: false, reason: ' ' } }, 'campaign.silentReason', 'silentMessage.reason'],
    [{ cardSeconds: 20, autoCallSeconds: 25 }, 'campaign.settings', 'autoCallSeconds'],
    [{ id: 'support' }, 'campaign.idTaken', 'id'],
    [{ id: 'no way' }, 'request.invalid', 'id'],
  ]
  test.each(refusals)('%j: %s', async (wrong, code, field) => {
    const before = bed.many('campaign.written')
    const refused = await bed.ask('maja', 'POST', 'campaigns', { name: 'Wrong', mode: 'power', hours: ALWAYS, ...wrong })
    expect(refused.json).toMatchObject({ code, field })
    expect(bed.many('campaign.written')).toBe(before)
  })

  test('made under a key it is made once, and answered again with the same', async () => {
    const make = () => bed.ask('maja', 'POST', 'campaigns', { name: 'Once', mode: 'preview' }, { 'idempotency-key': 'k1' })
    const { id } = (await make()).as(Campaign)
    const written = bed.many('campaign.written')
    expect((await make()).as(Campaign).id).toBe(id)
    expect(bed.many('campaign.written')).toBe(written)
  })
})

describe('the life of a campaign', () => {
  const act = (id: string, verb: string, body?: unknown) => bed.ask('maja', 'POST', `campaigns/${id}/${verb}`, body)

  test('started, paused, stopped, started again; each said no to where it makes no sense', async () => {
    const { id } = await makeCampaign(bed, { id: 'life', name: 'Life', skill: 'sales' })
    await load(bed, id, 'phone\n+46701740601\n')
    expect((await act(id, 'pause')).code).toBe('campaign.notRunning')
    expect((await act(id, 'stop')).code).toBe('campaign.notStarted')
    expect((await act(id, 'start')).as(Campaign).live).toMatchObject({ state: 'running', why: 'noAgents' })
    expect((await act(id, 'start')).code).toBe('campaign.running')
    expect((await bed.ask('maja', 'DELETE', `campaigns/${id}`)).code).toBe('campaign.running')
    expect((await act(id, 'pause')).as(Campaign).live.state).toBe('paused')
    expect((await act(id, 'start')).as(Campaign).live.state).toBe('running')
    expect((await act(id, 'stop')).as(Campaign).live).toMatchObject({ state: 'stopped', why: 'notRunning' })
    const audited = bed.audit.rows.filter(({ on }) => on.some((thing) => thing.kind === 'campaign' && thing.id === id))
    const told = audited.filter(({ outcome }) => outcome === 'done').map(({ what }) => what)
    expect(told).toEqual(expect.arrayContaining(['campaign.created', 'campaign.started', 'campaign.paused', 'campaign.stopped']))
    expect(audited.find(({ outcome }) => outcome === 'campaign.running')).toMatchObject({ what: 'campaign.started', who: 'maja' })
    expect((await bed.ask('maja', 'DELETE', `campaigns/${id}`)).status).toBe(204)
    expect((await bed.ask('maja', 'GET', `campaigns/${id}`)).code).toBe('campaign.unknown')
  })

  test('started by itself at a time, and not any more', async () => {
    const { id } = await makeCampaign(bed, { id: 'later', name: 'Later' })
    expect((await act(id, 'schedule', { startsAt: '2020-01-01T00:00:00Z' })).json).toMatchObject({
      code: 'campaign.startsAt',
      field: 'startsAt',
    })
    const startsAt = '2099-01-01T00:00:00.000Z'
    expect((await act(id, 'schedule', { startsAt })).as(Campaign).live).toMatchObject({ state: 'scheduled', startsAt })
    expect((await act(id, 'schedule', { startsAt: null })).as(Campaign).live).toMatchObject({ state: 'draft', startsAt: null })
  })

  test('raising attempts over finished contacts asks first, with the count', async () => {
    const { id, settings } = await makeCampaign(bed, { id: 'raise', name: 'Raise', attempts: 1 })
    await load(bed, id, 'phone\n+46701740611\n+46701740612\n')
    const page = await bed.contacts.contacts({ campaignId: id, state: null, text: null, after: null, limit: 10 })
    const [first] = page.contacts
    const position = (await bed.contacts.position()) + 1
    if (first === undefined) throw new Error('no contact')
    const done = { contactId: first.contactId, callId: 'c1', at: 1, position } as const
    await bed.contacts.apply(
      [
        { ...done, type: 'dealt' },
        {
          ...done,
          position: position + 1,
          type: 'settled',
          outcome: 'unanswered',
          counted: true,
          tries: 1,
          next: 'done',
          dueAt: null,
          number: 1,
          inUse: true,
          forAgent: null,
          anyoneAt: null,
          period: null,
        },
      ],
      position + 1,
    )
    expect((await bed.ask('maja', 'GET', `campaigns/${id}/revivable?attempts=2`)).as(Revivable).contacts).toBe(1)
    const raised = { ...settings, attempts: 2 }
    const refused = await bed.ask('maja', 'PUT', `campaigns/${id}`, raised)
    expect(refused.json).toMatchObject({ code: 'campaign.wouldRevive', field: 'attempts', detail: expect.stringContaining('(1)') })
    expect((await read(id)).settings.attempts).toBe(1)
    expect((await bed.ask('maja', 'PUT', `campaigns/${id}?revive=true`, raised)).as(Campaign).settings.attempts).toBe(2)
    expect((await bed.ask('maja', 'GET', `campaigns/${id}/revivable?attempts=2`)).as(Revivable).contacts).toBe(0)
    const progress = (await bed.ask('maja', 'GET', `campaigns/${id}/progress`)).as(CampaignProgress)
    expect(progress).toMatchObject({ contacts: 2, byState: { waiting: 1, paused: 1, exhausted: 0 }, byTries: [1, 1] })
    expect(progress.hours).toMatchObject([{ calls: 1, reached: 0, silent: 0 }])
  })

  test('its days, also as CSV', async () => {
    await makeCampaign(bed, { id: 'days', name: 'Days' })
    expect((await bed.ask('maja', 'GET', 'campaigns/days/days')).as(CampaignDays).items).toEqual([])
    const csv = await bed.ask('maja', 'GET', 'campaigns/days/days', undefined, { accept: 'text/csv' })
    expect(csv.text).toMatch(/^from,until,placed,answered,connected,silent,/)
    expect((await bed.ask('maja', 'GET', 'campaigns/days/days', undefined, { accept: 'image/png' })).code).toBe('request.notAcceptable')
  })
})

describe('what a campaign has done', () => {
  test('a conversation is told in the agents’ time, in the calls, over time, and by the attempt it was', async () => {
    const number = '+46701740698'
    bed.network.phone(number).whenCalled({ answersAfterMs: 0, talksMs: 60_000 })
    bed.network.agentPhone('saga').whenCalled({ answersAfterMs: 0 })
    await makeCampaign(bed, { id: 'told', name: 'Told', skill: 'sales', wrapUpSeconds: 0 })
    await load(bed, 'told', `phone,name\n${number},Ada\n`)
    const by = 'agent' as const
    await bed.engine.submit({ type: 'agent.logOn', agentId: 'saga', by })
    await bed.ask('maja', 'POST', 'campaigns/told/start')
    const { callId } = await bed.until(() => bed.engine.agent('saga')?.card)
    expect((await read('told')).live).toMatchObject({ cards: 1, crew: { onTheWay: 1 }, work: { talkMs: 0, talkShare: 0, cardWaitMs: 0 } })
    await bed.engine.submit({ type: 'card.call', agentId: 'saga', callId, by })
    await bed.until(() => bed.engine.campaign('told')?.talking === 1)
    expect((await read('told')).live).toMatchObject({ inTheAir: 0, talking: 1, crew: { talking: 1 }, today: { placed: 1, answered: 1 } })
    await bed.ask('maja', 'POST', 'campaigns/told/stop')
    await bed.engine.submit({ type: 'talk.hangUp', agentId: 'saga', callId, by })
    await bed.until(() => bed.store.facts.find(({ fact }) => fact.type === 'call.ended' && fact.callId === callId))
    await bed.engine.submit({ type: 'agent.logOff', agentId: 'saga', by })
    const at = (type: string) =>
      bed.store.facts.find(({ fact }) => fact.type === type && 'callId' in fact && fact.callId === callId)?.at ?? 0
    const talked = at('leg.ended') - at('entry.left')
    const { work } = (await read('told')).live
    expect(work).toMatchObject({ talkMs: talked, awayMs: 0, idleBetween: null, heldMs: 0 })
    const pace = (await bed.ask('maja', 'GET', 'campaigns/told/pace')).as(CampaignPace)
    expect(pace).toMatchObject({ stepMs: 60_000, points: [{ placed: 1, answered: 1, silent: 0, heldMs: 0 }] })
    expect((await bed.ask('maja', 'GET', 'campaigns/told/pace?range=all')).as(CampaignPace)).toMatchObject({ stepMs: 3_600_000 })
    expect((await bed.ask('maja', 'GET', 'campaigns/told/pace?range=week')).code).toBe('request.invalid')
    const progress = (await bed.ask('maja', 'GET', 'campaigns/told/progress')).as(CampaignProgress)
    expect(progress.byTry).toEqual([{ answered: 1, not: 0 }])
  })
})

describe('what a campaign would do', () => {
  test('with so many agents: its own settings where nothing is said, or all modes side by side', async () => {
    await makeCampaign(bed, { id: 'what-if', name: 'What if', mode: 'predictive', silentTarget: 0.01, ringSeconds: 20, wrapUpSeconds: 11 })
    shifts = []
    const one = (await bed.ask('maja', 'POST', 'pace', { campaignId: 'what-if', agents: 30, answerRate: 0.4 })).as(PaceTable)
    expect(one).toMatchObject({ agents: 30, rows: [{ mode: 'predictive', calls: 100 }] })
    expect(shifts).toEqual([
      expect.objectContaining({
        mode: 'predictive',
        agents: 30,
        answerRate: 0.4,
        silentTarget: 0.01,
        ringMs: 20_000,
        wrapUpMs: 11_000,
        seed: 1,
      }),
    ])
    const all = (await bed.ask('lena', 'POST', 'pace', { agents: 5, compare: true })).as(PaceTable)
    expect(all.rows.map(({ mode }) => mode)).toEqual(['progressive', 'power', 'predictive'])
  })

  test('bounded, and one at a time', async () => {
    expect((await bed.ask('maja', 'POST', 'pace', { agents: 301 })).json).toMatchObject({ code: 'request.invalid', field: 'agents' })
    expect((await bed.ask('maja', 'POST', 'pace', { agents: 10, hours: 9 })).json).toMatchObject({ field: 'hours' })
    expect((await bed.ask('maja', 'POST', 'pace', { agents: 10, campaignId: 'nothing' })).code).toBe('campaign.unknown')
    shifts = []
    const first = bed.ask('maja', 'POST', 'pace', { agents: 13 })
    await expect.poll(() => shifts.length).toBe(1)
    expect((await bed.ask('maja', 'POST', 'pace', { agents: 5 })).code).toBe('pace.busy')
    goOn()
    expect((await first).status).toBe(200)
  })
})

describe('who sees which campaign', () => {
  beforeAll(async () => {
    await makeCampaign(bed, { id: 'autumn', name: 'Autumn', skill: 'sales' })
    await makeCampaign(bed, { id: 'winter', name: 'Winter', skill: 'support' })
  })
  const ids = async (user: string) => (await bed.ask(user, 'GET', 'campaigns')).as(Campaigns).items.map(({ id }) => id)

  test('a manager of some sees these, and can neither look at, change nor count the others', async () => {
    expect(await ids('mats')).toEqual(['autumn'])
    expect(await ids('maja')).toEqual(expect.arrayContaining(['autumn', 'winter']))
    expect(await ids('admin')).toEqual(expect.arrayContaining(['autumn', 'winter']))
    expect(await ids('lena')).toEqual(expect.arrayContaining(['autumn', 'winter']))
    expect(await ids('sara')).toEqual([])
    for (const path of ['', '/progress', '/days', '/pace', '/contacts', '/imports', '/revivable?attempts=3'])
      expect([path, (await bed.ask('mats', 'GET', `campaigns/winter${path}`)).code]).toEqual([path, 'campaign.unknown'])
    for (const verb of ['start', 'pause', 'stop'])
      expect((await bed.ask('mats', 'POST', `campaigns/winter/${verb}`)).code).toBe('campaign.unknown')
    expect((await bed.ask('mats', 'DELETE', 'campaigns/winter')).code).toBe('campaign.unknown')
    expect((await bed.ask('mats', 'POST', 'campaigns', { name: 'Mine', mode: 'preview' })).code).toBe('session.notAllowed')
    expect((await bed.ask('mats', 'GET', 'session')).as(Session).solution.campaigns).toEqual([{ id: 'autumn', name: 'Autumn' }])
  })

  test('the stream tells of a campaign to those who see it, and to nobody else', async () => {
    const streams = await Promise.all(['mats', 'maja', 'bo', 'sara'].map((user) => listen(bed, user)))
    const lives = await Promise.all(
      streams.map(async (stream): Promise<LiveState | null> => {
        const first = await stream.first(({ type }) => type === 'snapshot')
        return first.type === 'snapshot' ? first.live : null
      }),
    )
    const told = (live: LiveState | null | undefined) => live?.campaigns?.map(({ id }) => id)
    expect(told(lives[0])).toEqual(['autumn'])
    expect(told(lives[1])).toEqual(expect.arrayContaining(['autumn', 'winter']))
    expect(told(lives[2])).toEqual([])
    expect(lives[0]?.queues).toEqual([])
    await bed.ask('maja', 'POST', 'campaigns/autumn/start')
    const runs = (message: StreamMessage) =>
      message.type === 'campaign' && message.campaign.id === 'autumn' && message.campaign.live.state === 'running'
    await Promise.all([streams[0]?.first(runs), streams[1]?.first(runs)])
    await bed.ask('maja', 'DELETE', 'campaigns/winter')
    await streams[1]?.first((message) => message.type === 'campaignRemoved' && message.id === 'winter')
    expect(JSON.stringify(streams[0]?.heard)).not.toMatch(/winter/i)
    expect(JSON.stringify(streams[3]?.heard)).not.toMatch(/winter|autumn/i)
    // An agent knows whose calls he may be given, and no more.
    const own = lives[2]?.agents.find(({ id }) => id === 'bo')?.campaigns
    expect(own).toContain('winter')
    expect(own).not.toContain('autumn')
    expect(streams[2]?.heard.filter(({ type }) => type.startsWith('campaign'))).toEqual([])
    const saga = lives[0]?.agents.find(({ id }) => id === 'saga')
    expect(saga).toMatchObject({ campaigns: ['autumn'], queues: [] })
    for (const stream of streams) stream.close()
    await bed.ask('maja', 'POST', 'campaigns/autumn/stop')
  })

  test('the calls of a removed campaign are still those of whoever manages every campaign', async () => {
    await makeCampaign(bed, { id: 'gone', name: 'Gone', skill: 'sales' })
    await load(bed, 'gone', 'phone,name\n+46701740699,Ada\n')
    await bed.engine.submit({ type: 'agent.logOn', agentId: 'saga', by: 'agent' })
    await bed.ask('maja', 'POST', 'campaigns/gone/start')
    const { callId } = await bed.until(() => bed.engine.agent('saga')?.card)
    await bed.engine.submit({ type: 'card.cancel', agentId: 'saga', callId, by: 'agent' })
    await bed.until(() => bed.store.facts.find(({ fact }) => fact.type === 'call.ended' && fact.callId === callId))
    await bed.ask('maja', 'POST', 'campaigns/gone/stop')
    expect((await bed.ask('maja', 'DELETE', 'campaigns/gone')).status).toBe(204)
    await bed.engine.submit({ type: 'agent.logOff', agentId: 'saga', by: 'agent' })
    const found = async (user: string) => (await bed.ask(user, 'GET', 'calls?campaign=gone')).as(CallPage).items.map(({ id }) => id)
    expect(await found('maja')).toEqual([callId])
    expect(await found('lena')).toEqual([callId])
    expect(await found('mats')).toEqual([])
    expect(await found('bo')).toEqual([])
    expect((await bed.ask('maja', 'GET', `calls/${callId}`)).status).toBe(200)
    expect((await bed.ask('mats', 'GET', `calls/${callId}`)).code).toBe('call.unknown')
  })

  test('a program may read campaigns and change none', async () => {
    const { secret } = (await bed.ask('admin', 'POST', 'tokens', { name: 'Wallboard', scopes: ['campaigns.read'] })).as(CreatedToken)
    const by = { authorization: `Bearer ${secret}`, 'x-samtal': '' }
    expect((await bed.ask(null, 'GET', 'campaigns/autumn', undefined, by)).as(Campaign).id).toBe('autumn')
    expect((await bed.ask(null, 'POST', 'campaigns/autumn/start', undefined, by)).code).toBe('token.scope')
  })
})
