/** Which of a campaign's clocks say that contacts may be rung now. What a clock says is kept until it says something else. */
import type { Settings } from '#core/campaign/settings.ts'
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { Calendar, CallingNow } from '#ports/clock.ts'
import type { Slot } from '#ports/contacts.ts'

/** What the slots of a campaign say at an instant. */
export interface Open {
  readonly slots: readonly (Slot & { readonly period: number | null })[]
  /** When the last of them closes; null: never, or none is open. */
  readonly closesAt: Ms | null
  /** When the first of them changes. */
  readonly turnsAt: Ms | null
}

interface Kept {
  readonly settings: Settings
  readonly calendar: Calendar
  readonly said: Map<string, CallingNow>
}

export const slotKey = ({ zone, window }: Slot): string => `${zone} ${window?.from ?? ''}-${window?.to ?? ''}`

export class Openness {
  readonly #calendar: () => Calendar
  readonly #kept = new Map<CampaignId, Kept>()

  constructor(calendar: () => Calendar) {
    this.#calendar = calendar
  }

  now(campaignId: CampaignId, settings: Settings, slots: readonly Slot[], at: Ms): Open {
    const open: (Slot & { readonly period: number | null })[] = []
    let closesAt: Ms | null = 0
    let turnsAt: Ms | null = null
    for (const slot of slots) {
      const said = this.of(campaignId, settings, slot, at)
      if (said.turnsAt !== null) turnsAt = Math.min(turnsAt ?? said.turnsAt, said.turnsAt)
      if (!said.open) continue
      open.push({ zone: slot.zone, window: slot.window, period: said.period })
      closesAt = closesAt === null || said.until === null ? null : Math.max(closesAt, said.until)
    }
    return { slots: open, closesAt: open.length === 0 ? null : closesAt, turnsAt }
  }

  of(campaignId: CampaignId, settings: Settings, slot: Slot, at: Ms): CallingNow {
    const { said } = this.#of(campaignId, settings)
    const key = slotKey(slot)
    const known = said.get(key)
    if (known !== undefined && (known.turnsAt === null || at < known.turnsAt)) return known
    const { hours, periods } = settings
    const now = this.#calendar().calling({ zone: slot.zone, hours, periods, own: slot.window }, at)
    said.set(key, now)
    return now
  }

  /** In which daily period an instant is. */
  periodAt({ hours, periods }: Settings, zone: string, at: Ms): number | null {
    return this.#calendar().calling({ zone, hours, periods, own: null }, at).period
  }

  #of(campaignId: CampaignId, settings: Settings): Kept {
    const calendar = this.#calendar()
    const known = this.#kept.get(campaignId)
    if (known?.settings === settings && known.calendar === calendar) return known
    const kept = { settings, calendar, said: new Map<string, CallingNow>() }
    this.#kept.set(campaignId, kept)
    return kept
  }
}
