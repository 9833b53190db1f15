/** What a campaign's pacing has learnt survives the engine, and is no truth: where it cannot be used it is learnt anew. dialler.md 3 */
import { describe, expect, it } from 'vitest'
import { MemoryContacts } from '#adapters/memory/contacts.ts'
import type { Settings } from '#core/campaign/settings.ts'
import { createPacing, type Pacing, type PacingState } from '#core/dialler/pacing.ts'
import type { CreatePacing } from '#engine/parts.ts'
import { PortError } from '#ports/errors.ts'
import { campaignSettings, importContacts } from '#sim/campaigns.ts'
import { EngineStage, NINE } from './stage.support.ts'

const SPRING = 'spring'
const MINUTE = 60_000

class Keeping extends EngineStage {
  readonly contacts = new MemoryContacts({ idOf: ({ externalId }) => externalId })
  /** What each pacing of the engine running now was made with. */
  made: { readonly saved: PacingState | undefined; readonly pacing: Pacing }[] = []

  constructor() {
    super()
    const pacing: CreatePacing = (settings, saved) => {
      const made = createPacing(settings, saved)
      this.made.push({ saved, pacing: made })
      return made
    }
    this.dialler = { contacts: this.contacts, pacing }
    for (const agent of ['carl', 'dora']) this.network.agentPhone(agent).whenCalled({ answersAfterMs: 500 })
  }

  /** Forty contacts, two agents, and a campaign that has run for some minutes. */
  async ranFor(ms: number, more: Partial<Settings> = {}): Promise<void> {
    const list = Array.from({ length: 40 }, (_, place) => ({ id: `k${place}`, phone: `+467017406${String(place + 10)}` }))
    for (const { phone } of list) this.network.phone(phone).whenCalled({ answersAfterMs: 5_000, talksMs: 15_000 })
    await importContacts(this.contacts, SPRING, list, { zone: 'Europe/Stockholm', startsAt: NINE })
    await this.start()
    await this.writes(more)
    await this.logOn('carl', 'dora')
    await this.ask({ type: 'campaign.start', by: 'campaign', campaignId: SPRING })
    await this.wait(ms)
  }

  async writes(more: Partial<Settings> = {}): Promise<void> {
    const settings = campaignSettings(SPRING, { mode: 'predictive', contacts: [] }, { country: 'SE', lineOf: () => undefined })
    expect(await this.ask({ type: 'campaign.write', by: 'campaign', campaignId: SPRING, settings: { ...settings, ...more } })).toEqual({
      ok: true,
    })
  }

  async againAfter(meanwhile: () => Promise<unknown>): Promise<void> {
    await this.kill()
    await meanwhile()
    this.made = []
    await this.start()
    await this.wait(0)
  }

  async kept(): Promise<{ readonly state: PacingState } | null> {
    const text = await this.contacts.learnt(SPRING)
    return text === null ? null : JSON.parse(text)
  }

  dialled = (): number => this.facts('contact.dealt').length
}
const answersIn = (state: PacingState | undefined): number => state?.predictive?.answers.answers ?? 0

describe('after the engine was killed', () => {
  it('the pacing goes on from what was kept, at most a minute old; and decides as if nothing had been', async () => {
    const stage = new Keeping()
    await stage.ranFor(3 * MINUTE + 30_000)
    const kept = await stage.kept()
    expect(answersIn(kept?.state)).toBeGreaterThan(5)
    const sooner = stage.facts('contact.answered').length - answersIn(kept?.state)
    // Two agents, 20 s to a contact: no more than six answer in the minute since.
    expect(sooner).toBeLessThanOrEqual(6)
    await stage.againAfter(async () => undefined)
    const [, own] = stage.made
    expect(own?.saved).toEqual(kept?.state)
    expect(answersIn(own?.pacing.save())).toBe(answersIn(kept?.state))
    expect(stage.log).toEqual([])
  })

  it('the day’s totals are the world’s, and whole', async () => {
    const stage = new Keeping()
    await stage.ranFor(3 * MINUTE)
    const before = stage.engine.campaign(SPRING)?.today
    await stage.againAfter(async () => undefined)
    expect(stage.engine.campaign(SPRING)?.today).toMatchObject({ placed: before?.placed, answered: before?.answered })
  })
})

it('put down in order, the engine keeps all that was learnt', async () => {
  const stage = new Keeping()
  await stage.ranFor(2 * MINUTE + 50_000)
  const known = stage.made[0]?.pacing
  await stage.engine.stop()
  expect((await stage.kept())?.state).toEqual(JSON.parse(JSON.stringify(known?.save())))
  expect(answersIn((await stage.kept())?.state)).toBeGreaterThan(answersIn(undefined))
})

/** The state as text, changed. */
const changed = (
  text: string | null,
  change: (kept: { format: number; state: { predictive: Record<string, unknown> } }) => void,
): string => {
  const kept = JSON.parse(text ?? '')
  change(kept)
  return JSON.stringify(kept)
}

describe('what was kept and cannot be used is learnt anew, and said in one line', () => {
  const DAMAGES: Readonly<Record<string, (text: string | null) => string>> = {
    'cut off': (text) => (text ?? '').slice(0, 200),
    'of another version': (text) => changed(text, (kept) => (kept.format += 1)),
    'without a part': (text) => changed(text, ({ state }) => delete state.predictive.answers),
    'with a part too many': (text) => changed(text, ({ state }) => (state.predictive.more = 1)),
    'with a shorter table': (text) => (text ?? '').replace(/"ends":\[[^,]+,/u, '"ends":['),
    'with a number that is none': (text) => (text ?? '').replace(/"worth":[^,}]+/u, '"worth":"x"'),
    'with nothing for a number': (text) => (text ?? '').replace(/"worth":[^,}]+/u, '"worth":null'),
  }
  it.each(Object.entries(DAMAGES))('%s', async (_, damage) => {
    const stage = new Keeping()
    await stage.ranFor(2 * MINUTE)
    await stage.againAfter(async () => stage.contacts.keepLearnt(SPRING, damage(await stage.contacts.learnt(SPRING))))
    const before = stage.dialled()
    expect(stage.made.map(({ saved }) => saved)).toEqual([undefined])
    expect(stage.log).toEqual([expect.stringContaining('what the pacing of spring had learnt cannot be read, and is learnt anew')])
    await stage.wait(MINUTE)
    expect(stage.dialled()).toBeGreaterThan(before)
    expect(stage.engine.campaign(SPRING)?.pacingFailed).toBe(false)
  })

  it('where the lists cannot be asked for it', async () => {
    const stage = new Keeping()
    await stage.ranFor(2 * MINUTE)
    await stage.againAfter(async () => {
      stage.contacts.learnt = () => Promise.reject(new PortError('contacts', 'learnt', { message: 'the disk is away', retry: true }))
    })
    const before = stage.dialled()
    await stage.wait(MINUTE)
    expect(stage.dialled()).toBeGreaterThan(before)
    expect(stage.log).toEqual([expect.stringContaining('what pacings learn cannot be kept')])
  })
})

it('of other settings it is learnt anew without a word, for it was of other calls', async () => {
  const stage = new Keeping()
  await stage.ranFor(2 * MINUTE)
  await stage.againAfter(async () => {
    const text = await stage.contacts.learnt(SPRING)
    await stage.contacts.keepLearnt(SPRING, (text ?? '').replace('"silentTarget":0.03', '"silentTarget":0.01'))
  })
  expect(stage.made.map(({ saved }) => saved)).toEqual([undefined])
  expect(stage.log).toEqual([])
})

it('nothing is kept of one that learns nothing', async () => {
  const stage = new Keeping()
  await stage.ranFor(2 * MINUTE, { mode: 'progressive' })
  expect(await stage.kept()).toBeNull()
})
