/** An account of its own of campaigns: whom they take up, whom they may not, and the day's silent calls. */
import type { Window } from '#core/campaign/settings.ts'
import type { DiallerMode, Fact, Recorded } from '#core/facts.ts'
import type { CallId, CampaignId, ContactId, Ms } from '#core/kernel/kernel.ts'
import type { Contact } from '#ports/contacts.ts'
import type { Say } from './laws.ts'

const DAY_MS: Ms = 86_400_000

interface Campaign {
  mode: DiallerMode
  silentTarget: number
  running: boolean
  pacingFailed: boolean
  answered: number
  silent: number
  limit: 'within' | 'reached' | 'forTheDay'
}

interface Try {
  readonly campaignId: CampaignId
  readonly contactId: ContactId
  readonly agentFirst: boolean
  readonly until: Ms | null
  /** Of the day it was answered in. */
  answeredOn: Ms | null
  /** In the air: dialled, and no agent is rung for it or joined. */
  inAir: boolean
  /** An agent is to call it, and none has been rung for it. */
  waits: boolean
  settled: boolean
}

/** What is known of agents, here where it is asked how many may be counted on. */
export interface Ready {
  count(): number
}

export class Campaigns {
  readonly #say: Say
  readonly #ready: Ready
  readonly #campaigns = new Map<CampaignId, Campaign>()
  readonly #tries = new Map<CallId, Try>()
  readonly #calls = new Map<ContactId, CallId[]>()
  /** Until when; null: for ever. By person and campaign. */
  readonly #listed = new Map<string, Ms | null>()
  readonly #legs = new Map<string, CallId>()
  /** When contacts were rung: by facts, and the earliest it may have been by the wall. */
  readonly #rings: { readonly contactId: ContactId; readonly from: Ms; readonly to: Ms }[] = []
  /** Paused or stopped in this commit. */
  readonly #stood = new Set<CampaignId>()
  #day: Ms = 0
  /** By how much, at most, time in facts is ahead of the wall, by which hours are: it was set back so far. */
  #ahead: Ms = 0

  constructor(say: Say, ready: Ready) {
    this.#say = say
    this.#ready = ready
  }

  take({ fact, at }: Recorded): void {
    this.#fact(fact, at)
  }

  /** A commit is over, and with it the turns it is made of. */
  turned(): void {
    for (const [callId, one] of this.#tries)
      if (one.waits && this.#stood.has(one.campaignId) && this.#campaigns.get(one.campaignId)?.running === false)
        this.#say('contact.leaves', `contact ${one.contactId} of ${callId} waits in ${one.campaignId}, which was paused or stopped`)
    this.#stood.clear()
  }

  /** Whoever was ever taken up. */
  contacts(): Iterable<ContactId> {
    return this.#calls.keys()
  }

  /** Hours of its own, by its clock: in drawn worlds that of UTC. */
  hours({ contactId, window }: Contact): void {
    if (window === null) return
    for (const ring of this.#rings)
      if (ring.contactId === contactId && !touches(window, ring.from, ring.to))
        this.#say(
          'contact.running',
          `contact ${contactId} was rung at ${new Date(ring.to).toISOString()}, and may be from ${window.from} to ${window.to}`,
        )
  }

  /** A contact as the list has it, with the tries that were counted and all that were made. */
  compare({ contactId, state, tries, calls }: Contact, counted: number): void {
    const made = this.#calls.get(contactId) ?? []
    if (state === 'underWay') this.#say('lists.true', `contact ${contactId} is under way in its list, and in no call`)
    if (tries !== counted) this.#say('lists.true', `contact ${contactId} has ${tries} tries in its list, and ${counted} were counted`)
    if (calls.join() !== made.join())
      this.#say('lists.true', `contact ${contactId} has the calls [${calls.join()}] in its list, and was taken up in [${made.join()}]`)
  }

  drained(): void {
    for (const [callId, one] of this.#tries)
      if (!one.settled) this.#say('contact.once', `contact ${one.contactId} of ${callId} was never settled`)
  }

  #fact(fact: Fact, at: Ms): void {
    switch (fact.type) {
      case 'clock.stepped':
        this.#ahead += Math.max(0, -fact.byMs)
        break
      case 'day.turned':
        this.#day = fact.from
        for (const campaign of this.#campaigns.values()) {
          campaign.answered = 0
          campaign.silent = 0
          judge(campaign)
        }
        break
      case 'contact.dealt':
        this.#dealt(fact)
        break
      case 'contact.settled':
        this.#settled(fact)
        break
      case 'call.ended': {
        const one = this.#tries.get(fact.callId)
        if (one?.settled === false) this.#say('contact.once', `${fact.callId} ended, and contact ${one.contactId} was not settled`)
        this.#tries.delete(fact.callId)
        break
      }
      case 'leg.requested':
        this.#rung(fact, at)
        break
      case 'leg.ended':
        this.#ended(fact.legId)
        break
      case 'entry.left': {
        const one = this.#tries.get(fact.callId)
        if (one !== undefined) Object.assign(one, { inAir: false, waits: false })
        break
      }
      case 'doNotCall.listed': {
        const key = `${fact.personId} ${fact.campaignId ?? ''}`
        const known = this.#listed.get(key)
        // Listed once more is not listed for less.
        if (known !== null) this.#listed.set(key, fact.until === null ? null : Math.max(fact.until, known ?? 0))
        break
      }
      case 'doNotCall.lifted':
        this.#listed.delete(`${fact.personId} ${fact.campaignId ?? ''}`)
        break
      case 'contact.answered':
      case 'contact.silent':
        this.#heard(fact)
        break
      default:
        this.#ofCampaign(fact)
    }
  }

  #ofCampaign(fact: Fact): void {
    if (fact.type === 'campaign.written') {
      const { mode, silentTarget } = fact.settings
      const fresh: Campaign = { mode, silentTarget, running: false, pacingFailed: false, answered: 0, silent: 0, limit: 'within' }
      this.#campaigns.set(
        fact.campaignId,
        Object.assign(this.#campaigns.get(fact.campaignId) ?? fresh, { mode, silentTarget, pacingFailed: false }),
      )
      return
    }
    if (!('campaignId' in fact) || fact.campaignId == null) return
    const campaign = this.#campaigns.get(fact.campaignId)
    if (campaign === undefined) return
    if (fact.type === 'campaign.started') campaign.running = true
    if (fact.type === 'campaign.pacingFailed') campaign.pacingFailed = true
    if (['campaign.paused', 'campaign.stopped', 'campaign.finished', 'campaign.scheduled'].includes(fact.type)) campaign.running = false
    if (fact.type === 'campaign.paused' || fact.type === 'campaign.stopped') this.#stood.add(fact.campaignId)
    if (fact.type === 'campaign.removed') this.#campaigns.delete(fact.campaignId)
  }

  #dealt(fact: Extract<Fact, { type: 'contact.dealt' }>): void {
    const { callId, contactId, campaignId, agentFirst, until } = fact
    const campaign = this.#campaigns.get(campaignId)
    if (campaign?.running !== true) this.#say('contact.running', `contact ${contactId} is taken up while ${campaignId} does not run`)
    for (const other of this.#tries.values())
      if (!other.settled && other.contactId === contactId) this.#say('contact.once', `contact ${contactId} is taken up twice`)
    this.#calls.set(contactId, [...(this.#calls.get(contactId) ?? []), callId])
    this.#tries.set(callId, {
      campaignId,
      contactId,
      agentFirst,
      until,
      answeredOn: null,
      inAir: !agentFirst,
      waits: agentFirst,
      settled: false,
    })
    if (campaign !== undefined && !agentFirst) this.#dials(campaignId, campaign)
  }

  /** One for each agent who is ready, where it may not be more. dialler.md 1 and 4 */
  #dials(campaignId: CampaignId, campaign: Campaign): void {
    const { mode, limit, pacingFailed, silentTarget, answered, silent } = campaign
    if ((mode === 'power' || mode === 'predictive') && limit === 'within' && !pacingFailed) return
    const overDials = limit === 'forTheDay' && mode !== 'progressive' && !pacingFailed
    const budget = overDials ? Math.max(0, Math.floor(silentTarget * answered - silent)) : 0
    const air = [...this.#tries.values()].filter((one) => one.campaignId === campaignId && one.inAir).length
    const ready = this.#ready.count()
    if (air > ready + budget)
      this.#say(
        'silent.limit',
        `${campaignId} (${mode}, ${limit}) has ${air} contacts in the air for ${ready} ready agents and a budget of ${budget}`,
      )
  }

  #settled({ callId, contactId }: Extract<Fact, { type: 'contact.settled' }>): void {
    const one = this.#tries.get(callId)
    if (one === undefined || one.settled)
      this.#say('contact.once', `contact ${contactId} of ${callId} is settled, and was not taken up or is settled already`)
    if (one !== undefined) Object.assign(one, { settled: true, inAir: false })
  }

  #rung(fact: Extract<Fact, { type: 'leg.requested' }>, at: Ms): void {
    const one = this.#tries.get(fact.callId)
    if (one === undefined || fact.purpose !== undefined) return
    this.#legs.set(fact.legId, fact.callId)
    if (fact.party === 'agent' && !one.agentFirst && one.answeredOn === null)
      this.#say('contact.first', `agent ${fact.agentId} is rung for contact ${one.contactId}, who has not answered`)
    if (fact.party === 'agent') Object.assign(one, { inAir: false, waits: false })
    if (fact.party !== 'customer') return
    this.#rings.push({ contactId: one.contactId, from: at - this.#ahead, to: at })
    if (one.settled) this.#say('contact.once', `contact ${one.contactId} is rung after it was settled`)
    if (one.until !== null && at - this.#ahead >= one.until)
      this.#say('contact.running', `contact ${one.contactId} is rung ${at - one.until} ms outside its hours`)
    for (const whose of [one.campaignId, '']) {
      const until = this.#listed.get(`${fact.personId} ${whose}`)
      if (until === null || (until !== undefined && until > at))
        this.#say('contact.listed', `${fact.personId} is rung in ${fact.callId}, and is on the list of ${whose === '' ? 'all' : whose}`)
    }
  }

  /** An agent who was rung for a contact who answered did not come: it counts on another. */
  #ended(legId: string): void {
    const one = this.#tries.get(this.#legs.get(legId) ?? '')
    this.#legs.delete(legId)
    if (one !== undefined && one.answeredOn !== null && !one.settled) one.inAir = false
  }

  /** A call counts in the day of its answer. */
  #heard(fact: Extract<Fact, { type: 'contact.answered' | 'contact.silent' }>): void {
    const one = this.#tries.get(fact.callId)
    const campaign = this.#campaigns.get(one?.campaignId ?? '')
    if (one === undefined || campaign === undefined) return
    if (fact.type === 'contact.answered') {
      one.answeredOn = this.#day
      campaign.answered += 1
    } else {
      one.inAir = false
      if (one.answeredOn === this.#day) campaign.silent += 1
    }
    judge(campaign)
  }
}

/** A whole silent call over the share: no over-dialling until the share is within it again; far over it: not before tomorrow. */
function judge(campaign: Campaign): void {
  const allowed = campaign.silentTarget * campaign.answered
  if (campaign.silent > allowed + 2 * Math.sqrt(allowed) + 1) campaign.limit = 'forTheDay'
  else if (campaign.limit === 'within') campaign.limit = campaign.silent >= allowed + 1 ? 'reached' : 'within'
  else if (campaign.limit === 'reached' ? campaign.silent <= allowed : campaign.answered === 0) campaign.limit = 'within'
}

/** Whether a stretch of time has an instant within these hours of a day. */
function touches(window: Window, from: Ms, to: Ms): boolean {
  const [opens, closes] = [msOf(window.from), msOf(window.to)]
  for (let midnight = Math.floor(from / DAY_MS) * DAY_MS; midnight <= to; midnight += DAY_MS)
    if (to >= midnight + opens && from < midnight + closes) return true
  return false
}

/** Of a time of day, 09:15. */
const msOf = (time: string): Ms => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000
