/** The figures of campaigns, folded in the projecting thread beside the shadow of the world, and kept in their file. */
import type { SqliteFigures } from '#adapters/sqlite/figures-file.ts'
import { type Figures, NO_FIGURES, NO_RATES, type Span } from '#core/campaign/figures.ts'
import { fold, initial, load, type Meter, ratesNow, save, taken } from '#core/campaign/meter.ts'
import type { Recorded } from '#core/facts.ts'
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import { evolve } from '#core/world/evolve.ts'
import type { World } from '#core/world/world.ts'
import type { CampaignNow, FiguresRead } from '#ports/campaign-figures.ts'

export class Figuring {
  readonly #store: SqliteFigures
  readonly #read: (version: string) => Solution | null
  readonly #failed: (why: string) => void
  readonly #solutions = new Map<string, Solution | null>()
  readonly #meter: Meter
  /** Whose rows changed since this was last told. */
  #touched = new Set<CampaignId>()
  #told = new Map<CampaignId, string>()
  #broken = false
  #saved: number

  /** `read`: the solution of this version; `failed`: told once, and nothing more is counted until the next start. */
  constructor(store: SqliteFigures, read: (version: string) => Solution | null, failed: (why: string) => void) {
    this.#store = store
    this.#read = read
    this.#failed = failed
    const state = store.state()
    this.#meter = state === null ? initial() : load(state)
    this.#saved = this.#meter.position
  }

  /** Of the last fact counted. */
  position(): number {
    return this.#meter.position
  }

  /** Takes a fact into the world, and counts it where it was not counted before. */
  take(world: World, recorded: Recorded): void {
    if (this.#broken || recorded.position <= this.#meter.position) {
      evolve(world, recorded)
      return
    }
    try {
      fold(this.#meter, world, recorded, (version) => this.#solution(version))
    } catch (error) {
      // The archive and the snapshots do not wait for figures.
      this.#broken = true
      this.#failed(error instanceof Error ? (error.stack ?? error.message) : String(error))
      if (world.position < recorded.position) evolve(world, recorded)
    }
  }

  #solution(version: string): Solution | null {
    const known = this.#solutions.get(version)
    if (known !== undefined) return known
    const read = this.#read(version)
    this.#solutions.set(version, read)
    return read
  }

  /** Makes what was counted durable. Nothing is lost without: it is counted again. */
  save(): void {
    if (this.#broken || this.#saved === this.#meter.position) return
    const { rows, removed } = taken(this.#meter)
    this.#store.add({ rows, removed, state: save(this.#meter), at: this.#meter.at })
    this.#saved = this.#meter.position
    for (const { campaignId } of rows) this.#touched.add(campaignId)
    for (const campaignId of removed) this.#touched.add(campaignId)
  }

  /** Campaigns that look different from what was told last, null for those that are gone. To be called after `save`, with the world it counted. */
  changed(world: World): readonly (readonly [CampaignId, CampaignNow | null])[] {
    if (world.position < this.#meter.position) return []
    const rates = ratesNow(world, world.solution === '' ? null : this.#solution(world.solution))
    const before = this.#told
    this.#told = new Map([...rates].map(([id, now]) => [id, JSON.stringify(now)]))
    const different = [...this.#told].filter(([id, now]) => this.#touched.has(id) || before.get(id) !== now).map(([id]) => id)
    const gone = [...before.keys()].filter((id) => !rates.has(id))
    this.#touched = new Set()
    return [...different.map((id) => [id, this.#now(id, rates.get(id) ?? NO_RATES)] as const), ...gone.map((id) => [id, null] as const)]
  }

  /** Its spans that began then or later, with all that was counted, and how it stands with them. */
  read(world: World, id: CampaignId, span: Span, from: Ms): FiguresRead {
    this.save()
    if (world.position < this.#meter.position) return { rows: this.#store.rows(id, span, from), now: null }
    const rates = ratesNow(world, world.solution === '' ? null : this.#solution(world.solution)).get(id)
    return { rows: this.#store.rows(id, span, from), now: rates === undefined ? null : this.#now(id, rates) }
  }

  #now(id: CampaignId, rates: CampaignNow['rates']): CampaignNow {
    const { at, day } = this.#meter
    const today: Figures = day === null ? NO_FIGURES : this.#store.figures(id, 'day', day.from)
    return { at, rates, dayFrom: day?.from ?? null, today, all: this.#store.figures(id, 'all', 0) }
  }
}
