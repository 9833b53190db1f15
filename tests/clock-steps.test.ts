/**
 * The wall clock is set an hour forwards or back while somebody waits: each deadline that runs falls due when it would have, by waiting,
 * and facts tell of as much time between as there was. Appointments are kept when the wall says so. calls.md 7
 */
import { describe, expect, it } from 'vitest'
import { MemoryContacts } from '#adapters/memory/contacts.ts'
import type { Settings } from '#core/campaign/settings.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import type { Fact, FactType } from '#core/facts.ts'
import type { TimerInput } from '#core/inputs.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import { campaignSettings, importContacts } from '#sim/campaigns.ts'
import { ANNA, EngineStage, kitOf, NINE, OUR_NUMBER } from './stage.support.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const CONTACT = '+46701740605'
const OTHER = '+46701740606'
const OFFICE = {
  numbers: { [OUR_NUMBER]: { menu: 'main' } },
  hours: { office: { 'mon-fri': ['08:00-17:00'] } },
  menus: { main: { prompt: 'welcome', choices: { '1': { queue: 'support' }, '2': { queue: 'office' } } } },
  queues: {
    support: {
      ringAgentSeconds: 20,
      wrapUpSeconds: 40,
      waitSecondsMax: 100,
      announceEverySeconds: 15,
      callback: { digit: '2', attempts: 2, pauseSeconds: 30, ringSeconds: 25 },
    },
    office: { hours: 'office', callback: {} },
  },
  agents: { carl: {} },
}

class Steps extends EngineStage {
  /** Type, by waiting, and by its own time, each since nine. */
  readonly told: { readonly type: FactType; readonly waitedMs: Ms; readonly at: Ms }[] = []
  readonly contacts = new MemoryContacts({ idOf: ({ externalId }) => externalId })

  constructor() {
    super(kitOf(OFFICE))
    this.clockWatchMs = SECOND
    this.sweepMs = 4 * SECOND
    this.dialler = { contacts: this.contacts, pacing: createPacing }
    this.afterAppend = (batch) => {
      for (const { fact, at } of batch.facts) this.told.push({ type: fact.type, waitedMs: this.clock.now() - NINE, at: at - NINE })
    }
    this.network.agentPhone('carl').whenCalled({ answersAfterMs: SECOND })
  }

  async campaign(settings: Partial<Settings>): Promise<void> {
    const list = [CONTACT, OTHER].map((phone, place) => ({ id: `k${place}`, phone }))
    for (const { phone } of list) this.network.phone(phone).whenCalled({ answersAfterMs: 25 * SECOND, talksMs: 20 * SECOND })
    await importContacts(this.contacts, 'spring', list, { zone: 'Europe/Stockholm', startsAt: NINE })
    const usual = campaignSettings('spring', { mode: 'progressive', contacts: [] }, { country: 'SE', lineOf: () => undefined })
    await this.ask({ type: 'campaign.write', by: 'campaign', campaignId: 'spring', settings: { ...usual, ...settings } })
  }

  async dials(settings: Partial<Settings>): Promise<void> {
    await this.campaign(settings)
    await this.logOn('carl')
    await this.ask({ type: 'campaign.start', by: 'campaign', campaignId: 'spring' })
  }

  async talks(ms: Ms): Promise<void> {
    await this.logOn('carl')
    const line = await this.joins(ANNA)
    await this.wait(2 * SECOND)
    this.clock.wake(this.clock.now() + ms, () => line.hangUp())
  }
}

type Running = Exclude<
  TimerInput['type'],
  'hours.timeOut' | 'day.timeOut' | 'campaign.due' | 'contact.hoursEnd' | 'contact.release' | 'callback.expire'
>
/** Sets one running, and what tells that it fell due. A timer that is new has a row here, or is an appointment below. */
const RUNNING: Readonly<Record<Running | 'a conversation', readonly [FactType, (stage: Steps) => Promise<unknown>]>> = {
  'ring.timeOut': [
    'agent.rested',
    async (stage) => {
      stage.network.agentPhone('carl').whenCalled({ byHand: true })
      await stage.logOn('carl')
      await stage.joins(ANNA)
    },
  ],
  'menu.silence': ['menu.left', async (stage) => stage.network.call(ANNA, OUR_NUMBER)],
  'entry.announce': ['entry.announced', (stage) => stage.logOn('carl').then(() => pausedWith(stage))],
  'entry.timeOut': ['entry.left', (stage) => stage.logOn('carl').then(() => pausedWith(stage))],
  'callback.due': [
    'callback.requeued',
    async (stage) => {
      stage.network.phone(ANNA).whenCalled({ busyAfterMs: SECOND })
      await stage.logOn('carl')
      await stage.ask({ type: 'callback.order', by: 'customer', queueId: 'support', number: ANNA })
      await stage.wait(5 * SECOND)
    },
  ],
  'wrapUp.timeOut': ['agent.wrapUpEnded', (stage) => stage.talks(SECOND).then(() => stage.wait(5 * SECOND))],
  'rest.timeOut': [
    'agent.returned',
    async (stage) => {
      stage.network.agentPhone('carl').whenCalled({ rejectsAfterMs: SECOND }, { byHand: true })
      await stage.logOn('carl')
      await stage.joins(ANNA)
      await stage.wait(2 * SECOND)
    },
  ],
  'phone.timeOut': ['agent.loggedOff', (stage) => stage.logOn('carl').then(() => stage.network.attend('carl', false))],
  'queue.timeOut': [
    'entry.left',
    async (stage) => {
      await stage.logOn('carl')
      await pausedWith(stage)
      await stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'carl' })
    },
  ],
  'contact.silence': [
    'contact.silent',
    async (stage) => {
      stage.network.agentPhone('carl').whenCalled({ byHand: true })
      await stage.dials({ silentAfterMs: 4 * SECOND })
      await stage.wait(26 * SECOND)
    },
  ],
  'card.timeOut': ['card.gone', (stage) => stage.dials({ mode: 'preview', cardMs: 30 * SECOND })],
  'card.callItself': ['leg.requested', (stage) => stage.dials({ mode: 'preview', autoCallMs: 20 * SECOND })],
  'wish.timeOut': [
    'agent.loggedOff',
    async (stage) => {
      await stage.dials({})
      await stage.wait(SECOND)
      await stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'carl' })
    },
  ],
  'leg.timeOut': [
    'leg.ended',
    async (stage) => {
      await stage.talks(20 * HOUR)
      await stage.wait(11.8 * HOUR)
    },
  ],
  'a conversation': ['leg.ended', (stage) => stage.talks(600 * SECOND)],
}

async function pausedWith(stage: Steps): Promise<void> {
  const reason = stage.engine.solution().pauseReasons[0] ?? ''
  await stage.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason })
  await stage.joins(ANNA)
}

/** What the step itself is told by, what is told of appointments, and the sign of life that is told where nothing else was. */
const OF_THE_CLOCK: ReadonlySet<FactType> = new Set(['clock.stepped', 'alarm.raised', 'hours.turned', 'day.turned', 'switch.seen'])

/** The deadline runs, a second later the clock steps, and half an hour passes. */
async function played(begin: (stage: Steps) => Promise<unknown>, byMs: Ms): Promise<{ readonly told: Steps['told']; readonly from: Ms }> {
  const stage = new Steps()
  await stage.start()
  await begin(stage)
  await stage.wait(SECOND)
  const from = stage.clock.now() - NINE
  stage.steppedMs = byMs
  await stage.wait(HOUR / 2)
  return { told: stage.told.filter(({ type }) => !OF_THE_CLOCK.has(type)), from }
}

describe.each(Object.entries(RUNNING))('%s', (_, [due, begin]) => {
  it.each([
    ['forwards', HOUR],
    ['back', -HOUR],
  ] as const)('an hour %s: as if nothing had been', async (_direction, byMs) => {
    const { told: usual, from } = await played(begin, 0)
    expect(usual.filter(({ waitedMs }) => waitedMs > from).map(({ type }) => type)).toContain(due)
    const { told } = await played(begin, byMs)
    const jump = Math.max(0, byMs)
    expect(told).toEqual(usual.map((one) => (one.waitedMs > from ? { ...one, at: one.at + jump } : one)))
  })
})

describe('appointments, an hour forwards and back', () => {
  const at = (stage: Steps, type: FactType, from = 0): Ms | undefined =>
    stage.told.find((one) => one.type === type && one.waitedMs > from)?.waitedMs

  async function stepped(byMs: Ms, begin: (stage: Steps) => Promise<unknown>): Promise<Steps> {
    const stage = new Steps()
    await stage.start()
    await begin(stage)
    await stage.wait(SECOND)
    stage.steppedMs = byMs
    await stage.wait(12 * HOUR)
    return stage
  }

  it.each([HOUR, -HOUR])('%i ms: a callback that is not to be before eleven is made at eleven', async (byMs) => {
    const order = { type: 'callback.order', by: 'customer', queueId: 'support', number: ANNA, notBefore: NINE + 2 * HOUR } as const
    const stage = await stepped(byMs, async (one) => {
      await one.logOn('carl')
      await one.ask(order)
    })
    expect(at(stage, 'callback.attemptStarted')).toBe(2 * HOUR - byMs)
  })

  it.each([HOUR, -HOUR])('%i ms: a callback is given up at closing time', async (byMs) => {
    const stage = await stepped(byMs, (one) =>
      one.ask({ type: 'callback.order', by: 'customer', queueId: 'office', number: ANNA, notBefore: NINE + 7 * HOUR }),
    )
    const closed = stage.store.facts.filter(({ fact }) => fact.type === 'hours.turned' && !fact.open)
    expect(closed.map(({ at: told }) => told - NINE)[0]).toBe(8 * HOUR + Math.max(0, -byMs))
    expect(stage.told.filter(({ type }) => type === 'hours.turned').at(1)?.waitedMs).toBe(8 * HOUR - byMs)
  })

  it.each([HOUR, -HOUR])('%i ms: a campaign begins when its clock says so', async (byMs) => {
    const stage = await stepped(byMs, async (one) => {
      await one.campaign({ startsAt: NINE + 3 * HOUR })
      await one.ask({ type: 'campaign.schedule', by: 'campaign', campaignId: 'spring' })
    })
    expect(at(stage, 'campaign.started')).toBe(3 * HOUR - byMs)
  })

  it.each([HOUR, -HOUR])('%i ms: a contact who waits is let go when the calling hours end', async (byMs) => {
    const hours = { days: { mon: [{ from: '08:00', to: '12:00' }] }, holidays: {} }
    const stage = await stepped(byMs, async (one) => {
      await one.dials({ mode: 'preview', hours })
      const reason = one.engine.solution().pauseReasons[0] ?? ''
      await one.ask({ type: 'agent.pause', by: 'agent', agentId: 'carl', reason })
    })
    const left = stage.store.facts.flatMap(({ fact }) => (fact.type === 'entry.left' ? [fact.why] : []))
    expect(left).toEqual(['outsideHours'])
    expect(at(stage, 'entry.left')).toBe(3 * HOUR - byMs)
  })

  it.each([HOUR, -HOUR])('%i ms: a contact is one agent’s until the instant that was said', async (byMs) => {
    const stage = await stepped(byMs, async (one) => {
      await one.dials({ mode: 'preview' })
      const callId = one.engine.agent('carl')?.card?.callId ?? ''
      const own = { by: 'agent', agentId: 'carl' } as const
      await one.ask({ type: 'contact.reschedule', ...own, callId, at: NINE + 3 * HOUR, forAgent: 'carl', aloneMs: HOUR })
      await one.ask({ type: 'agent.pause', ...own, reason: one.engine.solution().pauseReasons[0] ?? '' })
    })
    expect(at(stage, 'contact.released')).toBe(4 * HOUR - byMs)
  })

  it('set back over its opening, a queue is closed again, and opens when the wall says so', async () => {
    const stage = new Steps()
    await stage.start()
    stage.steppedMs = -2 * HOUR
    await stage.wait(2 * HOUR)
    const turned = stage.facts('hours.turned').map(({ open }) => open)
    expect(turned).toEqual([true, false, true])
    expect(stage.told.filter(({ type }) => type === 'hours.turned').map(({ waitedMs }) => waitedMs)).toEqual([0, SECOND, HOUR])
  })
})

describe('an hour back', () => {
  it('and started again: who waited waits longer by no more than since the last fact', async () => {
    const stage = new Steps()
    await stage.start()
    await stage.logOn('carl')
    await pausedWith(stage)
    await stage.wait(10 * SECOND)
    stage.steppedMs = -HOUR
    await stage.wait(10 * SECOND)
    await stage.kill()
    await stage.wait(5 * SECOND)
    await stage.start()
    await stage.wait(200 * SECOND)
    const left = stage.told.find(({ type }) => type === 'entry.left')
    // Time went on from the last fact, an announcement at 15 s: five seconds of those before the kill are waited again, and five were away.
    expect(left?.waitedMs).toBe(110 * SECOND)
    expect(stage.store.facts.every(({ at }, index, all) => at >= (all[index - 1]?.at ?? 0))).toBe(true)
  })

  it('time in facts is the wall clock’s again when nobody talks or waits and it has caught up', async () => {
    const stage = new Steps()
    await stage.start()
    await stage.talks(60 * SECOND)
    stage.steppedMs = -600 * SECOND
    await stage.wait(200 * SECOND)
    const quiet = stage.store.facts.at(-1)?.at ?? 0
    await stage.wait(300 * SECOND)
    await stage.ask({ type: 'agent.logOff', by: 'agent', agentId: 'carl' })
    expect(stage.store.facts.at(-1)?.at).toBe(quiet)
    await stage.wait(600 * SECOND)
    await stage.logOn('carl')
    expect(stage.store.facts.at(-1)?.at).toBe(stage.clock.now() - 600 * SECOND)
  })
})

it('a step is told before whatever else happens then, and the journal makes the same world again', async () => {
  const stage = new Steps()
  await stage.start()
  await stage.logOn('carl')
  await pausedWith(stage)
  stage.steppedMs = HOUR
  await stage.ask({ type: 'agent.return', by: 'agent', agentId: 'carl' })
  const types = stage.store.facts.map(({ fact }): Fact['type'] => fact.type)
  expect(types.indexOf('clock.stepped')).toBeLessThan(types.indexOf('agent.returned'))
  expect(stage.facts('clock.stepped')).toEqual([{ type: 'clock.stepped', byMs: HOUR, movedMs: HOUR }])
  const [leaves] = stage.facts('entry.joined').map(({ leavesAt }) => leavesAt ?? 0)
  await stage.kill()
  await stage.start()
  await stage.wait(1)
  expect(stage.engine.queue('support')?.entries.length).toBe(1)
  expect(leaves).toBe(NINE + 100 * SECOND)
})

describe('what the switch tells afterwards, by a wall that was set back', () => {
  it('stands in the story when it was, by waiting', async () => {
    const stage = new Steps()
    await stage.start()
    await stage.logOn('carl')
    const line = await stage.joins(ANNA)
    await stage.wait(2 * SECOND)
    stage.clock.step(-HOUR)
    await stage.wait(5 * SECOND)
    stage.network.begin('loseEvents')
    await stage.wait(5 * SECOND)
    line.hangUp()
    await stage.wait(5 * SECOND)
    stage.network.end('loseEvents')
    await stage.wait(0)
    const [first] = stage.facts('leg.ended')
    expect((first?.happenedAt ?? 0) - NINE).toBe(12 * SECOND)
  })

  it('an answer of before the step stands before the end of after it', async () => {
    const stage = new Steps()
    await stage.start()
    await stage.logOn('carl')
    stage.network.agentPhone('carl').whenCalled({ answersAfterMs: 5 * SECOND, talksMs: 10 * SECOND })
    await stage.joins(ANNA)
    stage.network.begin('loseEvents')
    await stage.wait(7 * SECOND)
    stage.clock.step(-HOUR)
    await stage.wait(10 * SECOND)
    stage.network.end('loseEvents')
    await stage.wait(0)
    const [own] = stage.facts('leg.requested')
    const told = stage.store.facts.filter(({ fact }) => 'legId' in fact && fact.legId === own?.legId).map(({ fact }) => fact)
    expect(told.map(({ type }) => type)).toEqual(['leg.requested', 'leg.ringing', 'leg.answered', 'leg.ended'])
  })
})

it('set back and forwards again, and somebody looks before the step is noticed: time in facts is not carried along', async () => {
  const stage = new Steps()
  await stage.start()
  await stage.logOn('carl')
  const line = await stage.joins(ANNA)
  await stage.wait(2 * SECOND)
  stage.steppedMs = -HOUR
  await stage.wait(5 * SECOND)
  stage.steppedMs = 0
  stage.engine.queue('support')
  await stage.wait(5 * SECOND)
  line.hangUp()
  await stage.wait(0)
  expect((stage.store.facts.at(-1)?.at ?? 0) - NINE).toBe(12 * SECOND)
})
