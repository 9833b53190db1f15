/** Rows of `contacts.db` as its import reads them. */
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import type { CardValues } from './contacts-order.ts'

export interface StoredImport {
  readonly key: number
  readonly id: string
  readonly campaign: number
  readonly campaign_id: CampaignId
  readonly at: Ms
  readonly user: string
  readonly file_name: string
  readonly how: 'add' | 'replace'
  /** As the port's, and `confirming`, `undoing`, `removing`: decided, and its steps not all done. */
  readonly state: string
  readonly called: number
  readonly columns: string
  readonly counts: string
  readonly bytes: number
  readonly first: number | null
  readonly last: number | null
  readonly moved: number
  readonly settled_at: Ms | null
}

export interface Card extends CardValues {
  readonly id: number
  readonly row: number
  readonly line: number
  readonly slot: number
  readonly from_at: Ms | null
  readonly to_at: Ms | null
}
