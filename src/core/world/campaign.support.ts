/** A small contact centre with a campaign, for the stories of dialler.md. */
import type { Settings } from '../campaign/settings.ts'
import type { Dealt } from '../inputs.ts'
import type { ContactId, LegId, Ms } from '../kernel/kernel.ts'
import type { Solution } from '../solution/solution.ts'
import { agentOf, NINE, queueOf, Stage, solutionOf } from './stage.support.ts'

export const SECOND = 1_000
const MINUTE = 60_000

export const settingsOf = (change: Partial<Settings> = {}): Settings => ({
  name: 'Spring',
  mode: 'progressive',
  skill: null,
  priority: 0,
  ratio: 1,
  attemptsMax: 3,
  pauseMs: 10 * MINUTE,
  ringMs: 30_000,
  retry: { unanswered: true, busy: true, rejected: true, failed: true },
  retriesFirst: true,
  sort: [],
  filters: [],
  hours: { days: {}, holidays: {} },
  periods: [],
  startsAt: null,
  wrapUpMs: 0,
  ringAgentMs: 20_000,
  cardMs: 60_000,
  autoCallMs: null,
  whenAllSpokenFor: 'inbound',
  silentTarget: 0.03,
  silentAfterMs: 2_000,
  silentMessage: { on: true, reason: null },
  silentAgainAfterMs: 72 * 3_600_000,
  silentCallback: false,
  mayHangUp: false,
  callerId: null,
  country: 'SE',
  topics: ['interested', 'moved'],
  liveMax: 100,
  ...change,
})

export const contactOf = (contactId: ContactId, change: Partial<Dealt> = {}): Dealt => ({
  contactId,
  person: `p-${contactId}`,
  number: 1,
  numbersLeft: 1,
  tries: 0,
  until: null,
  agentFirst: false,
  afterSilent: false,
  forAgent: null,
  language: null,
  ...change,
})

export class Campaigning extends Stage {
  readonly id: string

  /** One queue `support`, agents anna and bo; a campaign `spring` that runs. Nobody is logged on. */
  constructor(settings: Partial<Settings> = {}, solution: Solution = centre(), at: Ms = NINE, id = 'spring') {
    super(solution, at)
    this.id = id
    this.writes(settings)
    this.ask({ type: 'campaign.start', by: 'supervisor', campaignId: id })
  }

  writes(settings: Partial<Settings> = {}, campaignId = this.id) {
    return this.ask({ type: 'campaign.write', by: 'supervisor', campaignId, settings: settingsOf(settings) })
  }

  /** So many contacts are asked for by the pacing; how many are drawn. */
  draws(dial: number, campaignId = this.id): number {
    const { effects } = this.do({ type: 'campaign.pace', campaignId, dial, hangUp: 0 })
    return effects.reduce((sum, effect) => sum + (effect.type === 'contacts.draw' ? effect.count : 0), 0)
  }

  /** These contacts are dealt; who is taken up. */
  deals(...contacts: readonly Dealt[]): readonly ContactId[] {
    const { facts } = this.do({ type: 'contacts.deal', campaignId: this.id, contacts })
    return facts.flatMap(({ fact }) => (fact.type === 'contact.dealt' ? [fact.contactId] : []))
  }

  /** The leg by which this contact is rung. */
  contact(contactId: ContactId): LegId {
    return this.rungAt(`p-${contactId}`)
  }

  callOf(contactId: ContactId): string {
    return [...this.world.calls.values()].find(({ contact }) => contact?.contactId === contactId)?.id ?? 'none'
  }

  /** What became of the contacts, in order. */
  settled(): readonly string[] {
    return this.all('contact.settled').map(
      ({ contactId, outcome, counted, next, dueAt }) =>
        `${contactId} ${outcome}${counted ? '' : ' (not counted)'} → ${next}${dueAt === null ? '' : ` +${Math.round((dueAt - this.at) / SECOND)}`}`,
    )
  }

  totals(campaignId = this.id) {
    return this.world.campaigns.get(campaignId)?.totals
  }

  pause(agentId: string) {
    return this.ask({ type: 'agent.pause', by: 'agent', agentId, reason: 'lunch' })
  }

  back(agentId: string) {
    return this.ask({ type: 'agent.return', by: 'agent', agentId })
  }

  presses(what: 'call' | 'reject' | 'cancel', agentId: string) {
    const card = this.world.agents.get(agentId)?.card
    const callId = card?.callId ?? this.world.agents.get(agentId)?.matter?.callId ?? 'none'
    return this.ask({ type: `card.${what}`, by: 'agent', agentId, callId })
  }

  card(agentId: string): ContactId | null {
    const card = this.world.agents.get(agentId)?.card
    return card == null ? null : (this.world.calls.get(card.callId)?.contact?.contactId ?? null)
  }
}

export const centre = (change: Partial<Solution> = {}): Solution =>
  solutionOf([queueOf('support')], [agentOf('anna'), agentOf('bo')], change)
