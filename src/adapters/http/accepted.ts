/** What the client wants of what there is. */
import { refused } from './problems.ts'

/** The first of our types the client takes, by the order of its own list. */
export function accepted<T extends string>(types: readonly T[], accept: string | undefined): T {
  const [first] = types
  for (const part of (accept ?? '*/*').split(',')) {
    const type = part.split(';')[0]?.trim().toLowerCase()
    const found = types.find((own) => own === type)
    if (found !== undefined) return found
    if (first !== undefined && (type === '*/*' || type === 'application/*')) return first
  }
  throw refused('request.notAcceptable')
}
