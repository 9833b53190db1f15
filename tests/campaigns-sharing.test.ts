/** Two campaigns with one agent, through the engine: what the rules cannot see of a list is told them. dialler.md 1 */
import { expect, it } from 'vitest'
import { MemoryContacts } from '#adapters/memory/contacts.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import type { ContactDraft, DrawAsked } from '#ports/contacts.ts'
import { PortError } from '#ports/errors.ts'
import { campaignSettings, importContacts } from '#sim/campaigns.ts'
import { EngineStage, NINE } from './stage.support.ts'

const SECOND = 1_000
const phone = (place: number): string => `+467017406${place}`

/** One list of which cannot be read. */
class OneBrittle extends MemoryContacts {
  fails: string | null = null

  constructor() {
    super({ idOf: ({ externalId }: ContactDraft) => externalId })
    const { draw } = this
    this.draw = (asked: DrawAsked) =>
      asked.campaignId === this.fails
        ? Promise.reject(new PortError('contacts', 'draw', { message: 'the disk is away', retry: true }))
        : draw(asked)
  }
}

class Sharing extends EngineStage {
  readonly contacts = new OneBrittle()

  constructor() {
    super()
    this.dialler = { contacts: this.contacts, pacing: createPacing }
    this.network.agentPhone('carl').whenCalled({ answersAfterMs: SECOND })
  }

  /** Each contact answers after 5 s and talks for 20 s in all. */
  async lists(campaignId: string, ...places: readonly number[]): Promise<void> {
    for (const place of places) this.network.phone(phone(place)).whenCalled({ answersAfterMs: 5 * SECOND, talksMs: 20 * SECOND })
    const list = places.map((place) => ({ id: `${campaignId}${place}`, phone: phone(place) }))
    await importContacts(this.contacts, campaignId, list, { zone: 'Europe/Stockholm', startsAt: NINE })
  }

  async runs(campaignId: string, priority: number): Promise<void> {
    const plain = campaignSettings(campaignId, { mode: 'progressive', contacts: [] }, { country: 'SE', lineOf: () => undefined })
    const settings = { ...plain, priority, attemptsMax: 2, hours: { days: { mon: [{ from: '09:00', to: '10:00' }] }, holidays: {} } }
    await this.ask({ type: 'campaign.write', by: 'campaign', campaignId, settings })
    await this.ask({ type: 'campaign.start', by: 'campaign', campaignId })
  }

  dialled = (): readonly string[] => this.facts('contact.dealt').map(({ contactId }) => contactId)
  dry = (): readonly string[] => [...this.facts('campaign.ranDry')].map(({ campaignId, why }) => `${campaignId} ${why}`)
}

it('a list that has run dry keeps no agent; what is imported into it is found within 5 s, and comes first with the next agent', async () => {
  const stage = new Sharing()
  await stage.lists('high', 10)
  await stage.lists('low', 20, 21, 22, 23)
  await stage.start()
  await stage.runs('low', 0)
  await stage.runs('high', 5)
  // Rung for 30 s in vain, and due again in an hour.
  stage.network.phone(phone(10)).whenCalled({ ringsMs: 120 * SECOND })
  await stage.logOn('carl')
  await stage.wait(40 * SECOND)
  expect(stage.dialled()).toEqual(['high10', 'low20'])
  expect(stage.dry()).toEqual(['high later'])
  await stage.lists('high', 11)
  await stage.wait(25 * SECOND)
  expect(stage.dialled()).toEqual(['high10', 'low20', 'high11'])
  await stage.wait(20 * SECOND)
  expect(stage.dialled()).toEqual(['high10', 'low20', 'high11', 'low21'])
})

it('nor does one that cannot be read; when it can be again it comes first', async () => {
  const stage = new Sharing()
  await stage.lists('high', 10, 11)
  await stage.lists('low', 20, 21, 22)
  await stage.start()
  stage.contacts.fails = 'high'
  await stage.runs('low', 0)
  await stage.runs('high', 5)
  await stage.logOn('carl')
  await stage.wait(20 * SECOND)
  expect(stage.dialled()).toEqual(['low20'])
  expect(stage.dry()).toEqual(['high failed'])
  stage.contacts.fails = null
  await stage.wait(20 * SECOND)
  expect(stage.dialled()).toEqual(['low20', 'high10'])
})
