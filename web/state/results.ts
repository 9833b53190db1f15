/** The list of calls last seen in the archive, so that a call's page can go to the next and back to the list as it was. */
import type { Filters } from './filters.ts'

export interface Results {
  readonly ids: readonly string[]
  readonly filters: Filters
}

let last: Results = { ids: [], filters: {} }
/** From a page's key to the key of the page before it. */
const before = new Map<string, string | undefined>()

export const rememberResults = (results: Results): void => {
  last = results
}
export const lastResults = (): Results => last

export const rememberPage = (next: string, from: string | undefined): void => {
  before.set(next, from)
}
export const pageBefore = (key: string): { readonly known: boolean; readonly key: string | undefined } => ({
  known: before.has(key),
  key: before.get(key),
})
