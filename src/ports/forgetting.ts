/**
 * One person by number (calls.md 7): what is kept of whoever has it, and the forgetting of it, everywhere at once. A number is E.164, as
 * `Numbers` reads it.
 */
import type { Story } from '#core/archive/story.ts'
import type { CallId, PersonId } from '#core/kernel/kernel.ts'
import type { Contact as CampaignContact, DoNotCallListed } from './contacts.ts'
import type { Contact as DirectoryContact } from './directory.ts'

export interface AboutPerson {
  readonly number: string
  readonly persons: readonly PersonId[]
  readonly name: string | null
  readonly calls: number
  /** Of these, those that are not over: with a callback that waits among them. */
  readonly open: readonly CallId[]
  /** Callbacks that wait, or are being carried out. */
  readonly callbacks: number
  readonly contacts: readonly CampaignContact[]
  readonly listings: readonly DoNotCallListed[]
  readonly directory: readonly DirectoryContact[]
}

/** What became of it. */
export interface Forgotten {
  /** `whenOver`: something is under way with the person; name and number go when the last of `open` is over. */
  readonly status: 'erased' | 'whenOver'
  readonly calls: number
  readonly open: readonly CallId[]
  /** Callbacks withdrawn, by: customer. */
  readonly withdrawn: number
  readonly contacts: number
  /** On do-not-call lists: they hold on, by the keyed hash of the number. */
  readonly listings: number
  readonly directory: { readonly removed: number; readonly changed: number }
  readonly notes: number
}

export interface Forgetting {
  about(number: string): Promise<AboutPerson>
  /** All calls with them, newest first, in blocks. */
  calls(persons: readonly PersonId[]): AsyncIterable<readonly Story[]>
  /** Why a number may not be erased; null: it may. */
  refusal(number: string): 'person.ourNumber' | 'person.emergency' | null
  erase(number: string): Promise<Forgotten>
  /** Erases those on the list who have a row, as far as nothing is under way with them. Resolves when that is done. */
  sweep(): Promise<void>
  /** Told of calls that read otherwise now. Returns how to stop it. */
  onErased(listener: (stories: readonly Story[]) => void): () => void
  close(): Promise<void>
}
