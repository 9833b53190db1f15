/** The engine's part of the dialler: lists, draws and restarts. What the rules decide is told in the rules' own tests. */
import { describe, expect, it } from 'vitest'
import { MemoryContacts } from '#adapters/memory/contacts.ts'
import type { Settings } from '#core/campaign/settings.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import type { Fact } from '#core/facts.ts'
import type { ContactChange, Contacts } from '#ports/contacts.ts'
import { PortError } from '#ports/errors.ts'
import { campaignSettings, importContacts } from '#sim/campaigns.ts'
import { EngineStage, kitOf, NINE, OUR_NUMBER, SETTINGS } from './stage.support.ts'

const SPRING = 'spring'
const phone = (place: number): string => `+4670174060${place}`

/** Lists that can be out of reach. */
class BrittleContacts extends MemoryContacts {
  fails = false
  applied: ContactChange[] = []

  override async apply(changes: readonly ContactChange[], position: number): Promise<void> {
    if (this.fails) throw new PortError('contacts', 'apply', { message: 'the disk is full', retry: true })
    // One that was killed goes on telling, in vain: what is told again changes nothing.
    const before = await this.position()
    this.applied.push(...changes.filter((change) => change.position > before))
    await super.apply(changes, position)
  }
}

class CampaignStage extends EngineStage {
  readonly contacts = new BrittleContacts({ idOf: ({ externalId }) => externalId })

  constructor() {
    super()
    this.dialler = { contacts: this.contacts, pacing: createPacing }
    this.network.agentPhone('carl').whenCalled({ answersAfterMs: 1_000 })
    this.network.agentPhone('dora').whenCalled({ answersAfterMs: 1_000 })
  }

  /** The engine runs, with a list of so many contacts and a campaign that is a draft. */
  async ready(numbers: readonly string[], more: Partial<Settings> = {}): Promise<void> {
    const list = numbers.map((number, place) => ({ id: `k${place + 1}`, phone: number }))
    for (const number of numbers) this.network.phone(number).whenCalled({ answersAfterMs: 5_000, talksMs: 20_000 })
    await importContacts(this.contacts, SPRING, list, { zone: 'Europe/Stockholm', startsAt: NINE })
    await this.start()
    const settings = campaignSettings(SPRING, { mode: 'progressive', contacts: [] }, { country: 'SE', lineOf: () => undefined })
    expect(await this.ask({ type: 'campaign.write', by: 'campaign', campaignId: SPRING, settings: { ...settings, ...more } })).toEqual({
      ok: true,
    })
  }

  async begin(...agents: readonly string[]): Promise<void> {
    await this.logOn(...agents)
    await this.ask({ type: 'campaign.start', by: 'campaign', campaignId: SPRING })
    await this.wait(0)
  }

  rung(): string[] {
    return this.rings().flatMap(({ to }) => ('number' in to ? to.number : []))
  }

  why() {
    const live = this.engine.campaign(SPRING)
    return [live?.status, live?.why, live?.whyUntil]
  }
}

const never = new Promise<void>(() => undefined)
/** Kills the engine in the instant when a fact of this type is durable and nothing has been done about it yet. */
async function killedAt(stage: CampaignStage, type: Fact['type'], deed: () => Promise<unknown>): Promise<void> {
  stage.afterAppend = (batch) => (batch.facts.some(({ fact }) => fact.type === type) ? never : undefined)
  void deed()
  await stage.wait(0)
  await stage.kill()
  stage.afterAppend = () => undefined
}

describe('a campaign at work', () => {
  it('dials one contact after the other, and is done when nobody is left', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5), phone(6)])
    await stage.begin('carl')
    await stage.wait(60_000)
    expect(stage.rung()).toEqual([phone(5), phone(6)])
    expect(stage.why()).toEqual(['done', 'notRunning', null])
    expect((await stage.contacts.progress(SPRING)).byState).toMatchObject({ reached: 2, waiting: 0 })
  })

  it('says why nobody is dialled', async () => {
    const stage = new CampaignStage()
    const nine = { from: '09:30', to: '17:00' }
    await stage.ready([phone(5)], { hours: { days: { mon: [nine] }, holidays: {} } })
    expect(stage.why()).toEqual(['draft', 'notRunning', null])
    await stage.begin()
    expect(stage.why()).toEqual(['running', 'noAgents', null])
    await stage.logOn('carl')
    expect(stage.why()).toEqual(['running', 'outsideHours', NINE + 1_800_000])
    const reason = stage.engine.solution().pauseReasons[0] ?? ''
    expect(await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason })).toEqual({ ok: true })
    await stage.wait(1_800_000)
    expect(stage.rung()).toEqual([])
    await stage.ask({ type: 'agent.return', by: 'agent', agentId: 'carl' })
    await stage.wait(0)
    expect(stage.rung()).toEqual([phone(5)])
    expect(stage.why()).toEqual(['running', null, null])
  })

  it('says so where as many talk as may at one time', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5), phone(6)], { liveMax: 1 })
    await stage.begin('carl', 'dora')
    await stage.wait(10_000)
    expect(stage.rung()).toEqual([phone(5)])
    expect(stage.why()).toEqual(['running', 'limit', null])
  })

  /** Premium and emergency numbers: the list was made where these were not known. */
  const PREMIUM = '+46900123456'

  it('settles a number that may not be called by now, once and with the reason, and the list ends', async () => {
    const stage = new CampaignStage()
    await stage.ready([PREMIUM, '+46112', phone(6)])
    await stage.begin('carl')
    await stage.wait(60_000)
    expect(stage.rung()).toEqual([phone(6)])
    expect(stage.facts('campaign.numberBarred')).toMatchObject([
      { campaignId: SPRING, contactId: 'k1', number: 1, why: 'premium' },
      { campaignId: SPRING, contactId: 'k2', number: 1, why: 'emergency' },
    ])
    expect(stage.why()[0]).toBe('done')
    expect((await stage.contacts.progress(SPRING)).byState).toMatchObject({ waiting: 0, neverCall: 2, reached: 1 })
    expect(await stage.contacts.contact('k1')).toMatchObject({ state: 'neverCall', barred: 'premium', tries: 0, calls: [] })
  })

  it('one of our own numbers too, which would else be drawn for ever', async () => {
    const stage = new CampaignStage()
    await stage.ready([OUR_NUMBER, phone(6)])
    await stage.begin('carl')
    await stage.wait(60_000)
    expect([stage.rung(), stage.why()[0]]).toEqual([[phone(6)], 'done'])
    expect(await stage.contacts.contact('k1')).toMatchObject({ state: 'neverCall', barred: 'own' })
  })

  it('rings the other number of a contact one of whose numbers may not be called', async () => {
    const stage = new CampaignStage()
    stage.network.phone(phone(4)).whenCalled({ answersAfterMs: 5_000, talksMs: 20_000 })
    await stage.ready([])
    await importContacts(stage.contacts, SPRING, [{ id: 'k1', phone: PREMIUM, phone2: phone(4) }], {
      zone: 'Europe/Stockholm',
      startsAt: NINE,
    })
    await stage.begin('carl')
    await stage.wait(60_000)
    expect(stage.rung()).toEqual([phone(4)])
    expect(await stage.contacts.contact('k1')).toMatchObject({ state: 'reached', barred: 'premium', tries: 1 })
    expect(stage.why()[0]).toBe('done')
  })

  it('killed when that is durable and the lists do not know it: they are told, and it is told once', async () => {
    const stage = new CampaignStage()
    await stage.ready([PREMIUM, phone(6)])
    await stage.logOn('carl')
    stage.contacts.fails = true
    await killedAt(stage, 'campaign.numberBarred', () =>
      stage.engine.submit({ type: 'campaign.start', by: 'campaign', campaignId: SPRING }),
    )
    stage.contacts.fails = false
    await stage.start()
    await stage.wait(60_000)
    expect(stage.facts('campaign.numberBarred')).toHaveLength(1)
    expect(stage.contacts.applied.filter(({ type }) => type === 'barred')).toHaveLength(1)
    expect([stage.rung(), stage.why()[0]]).toEqual([[phone(6)], 'done'])
  })

  it('a number on the do-not-call list is settled by the list, and the campaign is done', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5), phone(6)])
    await stage.contacts.listDoNotCall([{ number: phone(5), campaignId: null, source: 'file', reason: null, until: null, addedAt: NINE }])
    await stage.begin('carl')
    await stage.wait(60_000)
    expect([stage.rung(), stage.why()[0]]).toEqual([[phone(6)], 'done'])
    expect((await stage.contacts.progress(SPRING)).byState).toMatchObject({ waiting: 0, doNotCall: 1, reached: 1 })
  })

  it('takes up contacts that are imported while it runs', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5)])
    await stage.begin('carl', 'dora')
    await stage.wait(1_000)
    await importContacts(stage.contacts, SPRING, [{ id: 'late', phone: phone(7) }], { zone: 'Europe/Stockholm', startsAt: NINE })
    await stage.wait(6_000)
    expect(stage.rung()).toEqual([phone(5), phone(7)])
  })

  it('a contact listed in the meantime, by a file, is not called from the card', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5)], { mode: 'preview' })
    await stage.begin('carl')
    const card = stage.engine.agent('carl')?.card
    expect(card).toMatchObject({ contact: { campaignId: SPRING, contactId: 'k1', attempt: 1 }, until: NINE + 60_000, callsAt: null })
    const listed = { number: phone(5), campaignId: null, source: 'file', reason: null, until: null, addedAt: NINE }
    await stage.contacts.listDoNotCall([listed])
    await stage.ask({ type: 'card.call', by: 'agent', agentId: 'carl', callId: card?.callId ?? '' })
    await stage.wait(120_000)
    expect(stage.rung()).toEqual([])
    expect(stage.facts('entry.left')).toMatchObject([{ reason: 'deleted', by: 'system', why: 'doNotCall' }])
  })

  const byFile = { number: phone(5), campaignId: null, source: 'file', reason: null, until: null, addedAt: NINE }

  it('nor from a card that presses Call by itself', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5)], { mode: 'preview', autoCallMs: 10_000 })
    await stage.begin('carl')
    await stage.contacts.listDoNotCall([byFile])
    await stage.wait(120_000)
    expect(stage.rung()).toEqual([])
    expect(stage.facts('entry.left')).toMatchObject([{ reason: 'deleted', by: 'system', why: 'doNotCall' }])
  })

  it('a card calls by itself where nothing is against it', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5)], { mode: 'preview', autoCallMs: 10_000 })
    await stage.begin('carl')
    await stage.wait(9_999)
    expect(stage.rung()).toEqual([])
    await stage.wait(2_000)
    expect(stage.rung()).toEqual([phone(5)])
  })

  it('leaves the desk, or an agent whose own phone is rung for it, when the lists are looked at again', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5), phone(6)], { mode: 'preview' })
    await stage.begin('carl', 'dora')
    const callId = stage.engine.agent('dora')?.card?.callId ?? ''
    await stage.ask({ type: 'card.call', by: 'agent', agentId: 'dora', callId })
    await stage.contacts.listDoNotCall([byFile, { ...byFile, number: phone(6) }])
    await stage.engine.recheckContacts()
    await stage.wait(120_000)
    expect(stage.rung()).toEqual([])
    expect(stage.facts('contact.settled')).toMatchObject([{ next: 'never' }, { next: 'never' }])
  })
})

describe('a solution taken while contacts wait', () => {
  /** Numbers of ours that begin so are barred from now on. */
  const barring = (prefix: string) => kitOf({ ...SETTINGS, limits: { barredPrefixes: [prefix] } })

  it('whose numbers it bars leave the desk, or an agent’s own phone, and are never called; the others stay', async () => {
    const stage = new CampaignStage()
    await stage.ready(['+46856780001', '+46856780002', phone(6)], { mode: 'preview' })
    await stage.begin('carl', 'dora')
    const callId = stage.engine.agent('dora')?.card?.callId ?? ''
    await stage.ask({ type: 'card.call', by: 'agent', agentId: 'dora', callId })
    expect(await stage.engine.take(barring('+468567'))).toEqual({ ok: true })
    await stage.wait(1_000)
    expect(stage.facts('entry.left')).toMatchObject([
      { by: 'system', why: 'doNotCall' },
      { by: 'system', why: 'doNotCall' },
    ])
    await stage.wait(20_000)
    // The third is on a desk now, and is called from there.
    const who = ['carl', 'dora'].find((id) => stage.engine.agent(id)?.card != null) ?? ''
    const left = stage.engine.agent(who)?.card
    expect(left?.contact.contactId).toBe('k3')
    await stage.ask({ type: 'card.call', by: 'agent', agentId: who, callId: left?.callId ?? '' })
    await stage.wait(60_000)
    expect(stage.rung()).toEqual([phone(6)])
    expect((await stage.contacts.progress(SPRING)).byState).toMatchObject({ waiting: 0, neverCall: 2, reached: 1 })
    expect(stage.why()[0]).toBe('done')
  })

  it('that keeps calls for a shorter time than a contact was promised one is refused, until nobody is to call it any more', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5)], { mode: 'preview' })
    await stage.begin('carl')
    const callId = stage.engine.agent('carl')?.card?.callId ?? ''
    const at = stage.clock.now() + 40 * 86_400_000
    expect(await stage.ask({ type: 'contact.reschedule', by: 'agent', agentId: 'carl', callId, at, forAgent: null })).toMatchObject({
      ok: true,
    })
    await stage.wait(1_000)
    const keeping = (callsMonths: number) => kitOf({ ...SETTINGS, retention: { callsMonths } })
    const refused = { ok: false, refused: 'solution.promised', field: 'retention.callsMonths' }
    expect(await stage.engine.take(keeping(1))).toEqual(refused)
    expect(await stage.engine.take(keeping(2))).toEqual({ ok: true })
    await stage.ask({ type: 'campaign.stop', by: 'campaign', campaignId: SPRING })
    expect(await stage.engine.take(keeping(1))).toEqual({ ok: true })
  })

  it('that bars nothing new takes nobody away', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5)], { mode: 'preview' })
    await stage.begin('carl')
    expect(await stage.engine.take(barring('+468567'))).toEqual({ ok: true })
    await stage.wait(1_000)
    expect(stage.engine.agent('carl')?.card?.contact.contactId).toBe('k1')
  })
})

describe('the lists and what they are told', () => {
  it('while they cannot be written nobody is dialled, and it goes on when they can', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5), phone(6)])
    stage.contacts.fails = true
    await stage.begin('carl')
    await stage.wait(60_000)
    // The first was dealt before anybody knew; that it was is not known to the lists.
    expect(stage.rung()).toEqual([phone(5)])
    expect(stage.log).toEqual([expect.stringContaining('the lists of contacts cannot be written; nobody is dialled until they can')])
    expect(stage.why()).toEqual(['running', 'listAway', null])
    stage.contacts.fails = false
    await stage.wait(60_000)
    expect(stage.rung()).toEqual([phone(5), phone(6)])
    expect(stage.why()[0]).toBe('done')
  })

  it('are told after a restart what they missed, each thing once and in its order', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5), phone(6)])
    stage.contacts.fails = true
    await stage.begin('carl')
    await stage.wait(40_000)
    await stage.kill()
    stage.contacts.fails = false
    await stage.start()
    await stage.wait(60_000)
    expect(stage.rung()).toEqual([phone(5), phone(6)])
    const told = stage.contacts.applied.map(({ type, ...change }) => [type, 'contactId' in change ? change.contactId : null])
    expect(told).toEqual([
      ['dealt', 'k1'],
      ['settled', 'k1'],
      ['dealt', 'k2'],
      ['settled', 'k2'],
    ])
    const positions = stage.contacts.applied.map(({ position }) => position)
    expect(positions).toEqual(positions.toSorted((a, b) => a - b))
  })

  it('killed between a contact’s facts and the ring: it is rung now, once, and drawn by nobody else', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5), phone(6)])
    await stage.logOn('carl')
    await killedAt(stage, 'contact.dealt', () => stage.engine.submit({ type: 'campaign.start', by: 'campaign', campaignId: SPRING }))
    expect(stage.rung()).toEqual([])
    await stage.start()
    await stage.wait(0)
    expect(stage.rung()).toEqual([phone(5)])
    expect((await stage.contacts.contact('k1'))?.state).toBe('underWay')
    await stage.wait(60_000)
    expect(stage.rung()).toEqual([phone(5), phone(6)])
    expect(stage.network.rungTwice).toEqual([])
  })

  it('a number listed on the desk stands on the list, with its reason', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5)])
    const add = { type: 'doNotCall.add', by: 'agent', number: '070-174 06 05', campaignId: null, source: 'agent', until: null } as const
    expect(await stage.ask({ ...add, reason: 'asked to be left alone' })).toEqual({ ok: true })
    const query: Parameters<Contacts['doNotCall']>[0] = { campaignId: undefined, digits: null, after: null, limit: 10, at: NINE }
    expect((await stage.contacts.doNotCall(query)).rows).toEqual([
      { number: phone(5), campaignId: null, source: 'agent', reason: 'asked to be left alone', until: null, addedAt: NINE },
    ])
    await stage.begin('carl')
    expect(stage.rung()).toEqual([])
  })
})

describe('what the lists missed', () => {
  it('is told before what is learnt at the next start: taken up before the kill, and settled by the restart', async () => {
    const stage = new CampaignStage()
    await stage.ready([phone(5), phone(6)])
    await stage.logOn('carl')
    await killedAt(stage, 'contact.dealt', () => stage.ask({ type: 'campaign.start', by: 'campaign', campaignId: SPRING }))
    expect((await stage.contacts.contact('k1'))?.state).toBe('waiting')
    // The ring never went out, and its time is over.
    await stage.wait(120_000)
    await stage.start()
    await stage.wait(0)
    expect(stage.facts('contact.settled')).toMatchObject([{ contactId: 'k1', outcome: 'unknown', counted: false }])
    expect(await stage.contacts.contact('k1')).toMatchObject({ state: 'waiting', tries: 0, calls: [expect.any(String)] })
    expect(stage.why()[1]).not.toBe('listAway')
    await stage.wait(120_000)
    expect((await stage.contacts.progress(SPRING)).byState).toMatchObject({ reached: 2, underWay: 0 })
  })
})
