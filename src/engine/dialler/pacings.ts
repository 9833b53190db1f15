/**
 * The pacings of the campaigns, and what they have learnt. It is kept beside the lists now and then, so that a restart need not begin
 * with a cautious morning: a cache and no truth, lost without harm. One that does not fit is not used.
 */
import type * as Campaign from '#core/campaign/campaign.ts'
import type { Decision, PacingFact, PacingSettings, PacingState, Snapshot } from '#core/dialler/pacing.ts'
import type { Input } from '#core/inputs.ts'
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { Contacts } from '#ports/contacts.ts'
import type { CreatePacing } from '../parts.ts'
import { nothingToDial, pacesAlike, pacingSettings, progressive } from './snapshot.ts'

export interface PacingsPlan {
  readonly contacts: Contacts
  readonly pacing: CreatePacing
  readonly put: (input: Input) => void
  readonly log: (line: string) => void
}

/** Kept so often: what is lost in a crash is what was learnt since. */
const KEEP_EVERY_MS: Ms = 60_000
/** Of the text that is kept: another number whenever what a pacing learns is written otherwise. */
const FORMAT = 1

interface Kept {
  readonly format: number
  readonly settings: PacingSettings
  readonly state: PacingState
}

interface Made {
  /** null: it failed with these settings. */
  readonly pacing: ReturnType<CreatePacing> | null
  readonly settings: Campaign.State['settings']
}

export class Pacings {
  readonly #plan: PacingsPlan
  readonly #made = new Map<CampaignId, Made>()
  /** What was kept of campaigns whose pacing has not been needed yet. */
  readonly #kept = new Map<CampaignId, string>()
  #keptAt: Ms | null = null
  #complained = false

  constructor(plan: PacingsPlan) {
    this.#plan = plan
  }

  /** Before the first decision. */
  async recall(campaigns: Iterable<Campaign.State>): Promise<void> {
    try {
      for (const { id } of campaigns) {
        const text = await this.#plan.contacts.learnt(id)
        if (text !== null) this.#kept.set(id, text)
      }
    } catch (error) {
      this.#complain(error)
    }
  }

  observe(campaignId: CampaignId, fact: PacingFact): void {
    this.#made.get(campaignId)?.pacing?.observe(fact)
  }

  decide(campaign: Campaign.State, snapshot: Snapshot): Decision {
    const pacing = this.#of(campaign)
    if (pacing === null || campaign.pacingFailed) return progressive(snapshot)
    const held = campaign.limit === 'reached'
    try {
      const { dial, hangUp } = pacing.decide(held ? nothingToDial(snapshot) : snapshot)
      if (held) return progressive(snapshot)
      if (isCount(dial) && isCount(hangUp)) return { dial, hangUp }
      return this.#mistrust(campaign, `it asked for ${String(dial)} calls and to end ${String(hangUp)}`)
    } catch (error) {
      return this.#mistrust(campaign, String(error))
    }
  }

  /** Keeps what was learnt, now and then. */
  keep(at: Ms): void {
    this.#keptAt ??= at
    if (at - this.#keptAt < KEEP_EVERY_MS) return
    this.#keptAt = at
    this.keepAll()
  }

  keepAll(): void {
    for (const [id, { pacing, settings }] of this.#made) {
      const paced = pacingSettings(settings)
      const state = pacing?.save?.()
      if (paced === null || state === undefined || state.predictive === null) continue
      this.#write(id, JSON.stringify({ format: FORMAT, settings: paced, state } satisfies Kept))
    }
  }

  forget(id: CampaignId): void {
    this.#made.delete(id)
    this.#kept.delete(id)
  }

  #write(id: CampaignId, text: string | null): void {
    this.#plan.contacts.keepLearnt(id, text).then(
      () => {
        this.#complained = false
      },
      (error: unknown) => this.#complain(error),
    )
  }

  #complain(error: unknown): void {
    if (!this.#complained) this.#plan.log(`what pacings learn cannot be kept; nothing else is lost: ${String(error)}`)
    this.#complained = true
  }

  /** What a pacing has learnt is kept over a change of settings that does not concern it. */
  #of(campaign: Campaign.State): Made['pacing'] {
    const known = this.#made.get(campaign.id)
    if (known?.settings === campaign.settings) return known.pacing
    const alike = known?.pacing != null && pacesAlike(known.settings, campaign.settings)
    const pacing = alike ? known.pacing : this.#make(campaign)
    this.#made.set(campaign.id, { pacing, settings: campaign.settings })
    return pacing
  }

  #make(campaign: Campaign.State): Made['pacing'] {
    const settings = pacingSettings(campaign.settings)
    if (settings === null || campaign.pacingFailed) return null
    const text = this.#kept.get(campaign.id)
    this.#kept.delete(campaign.id)
    try {
      const anew = this.#plan.pacing(settings)
      return text === undefined ? anew : (this.#recalled(campaign.id, text, settings, anew) ?? anew)
    } catch (error) {
      this.#mistrust(campaign, String(error))
      return null
    }
  }

  /** null: other settings since, or it does not fit what this program learns. */
  #recalled(id: CampaignId, text: string, settings: PacingSettings, anew: ReturnType<CreatePacing>): ReturnType<CreatePacing> | null {
    try {
      const kept = JSON.parse(text) as Partial<Kept>
      if (kept.format === FORMAT && !same(kept.settings, settings)) return null
      if (kept.format !== FORMAT || kept.state === undefined || !fits(kept.state, anew.save?.())) throw new Error('it is of another form')
      return this.#plan.pacing(settings, kept.state)
    } catch (error) {
      this.#plan.log(`what the pacing of ${id} had learnt cannot be read, and is learnt anew: ${String(error)}`)
      return null
    }
  }

  #mistrust({ id, settings }: Campaign.State, detail: string): Decision {
    this.#plan.log(`the pacing of ${id} failed and is not asked any more: ${detail}`)
    this.#made.set(id, { pacing: null, settings })
    this.#write(id, null)
    this.#plan.put({ type: 'campaign.mistrust', campaignId: id, detail })
    return { dial: 0, hangUp: 0 }
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Whether a value has the form of another: the same fields, lists as long, numbers where numbers are. Nothing may stand for a number, and a number for nothing. */
function fits(value: unknown, model: unknown): boolean {
  if (Array.isArray(model)) return Array.isArray(value) && value.length === model.length && model.every((part, of) => fits(value[of], part))
  if (typeof model === 'object' && model !== null) {
    if (typeof value !== 'object' || value === null) return false
    const names = Object.keys(model)
    return same(names.sort(), Object.keys(value).sort()) && names.every((name) => fits(Reflect.get(value, name), Reflect.get(model, name)))
  }
  return model === null ? value === null || Number.isFinite(value) : typeof value === typeof model
}
