/** What was typed in a form, and what somebody else has written meanwhile, made one. Pure. */

export interface Rebased<T> {
  readonly draft: T
  /** Fields both have changed, and not to the same: what was typed stands in the draft. */
  readonly both: readonly (keyof T)[]
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Of one field; records, as the hours of each day, field by field. `isBoth`: neither gives way without the other being lost. */
function fieldOf(mine: unknown, read: unknown, now: unknown): { readonly value: unknown; readonly isBoth: boolean } {
  if (isSame(mine, read) || isSame(mine, now)) return { value: now, isBoth: false }
  if (isSame(now, read)) return { value: mine, isBoth: false }
  if (!isRecord(mine) || !isRecord(read) || !isRecord(now)) return { value: mine, isBoth: true }
  const fields = Object.keys({ ...now, ...mine }).map((name) => [name, fieldOf(mine[name], read[name], now[name])] as const)
  const kept = fields.flatMap(([name, { value }]) => (value === undefined ? [] : [[name, value]]))
  return { value: Object.fromEntries(kept), isBoth: fields.some(([, { isBoth }]) => isBoth) }
}

/** `read`: what the draft was begun from; `now`: what stands there now. A field nobody changed here is as the other has written it. */
export function rebased<T extends object>(mine: T, read: T, now: T): Rebased<T> {
  const names = Object.keys(mine) as (keyof T)[]
  const fields = names.map((name) => [name, fieldOf(mine[name], read[name], now[name])] as const)
  return {
    draft: Object.fromEntries(fields.map(([name, { value }]) => [name, value])) as T,
    both: fields.flatMap(([name, { isBoth }]) => (isBoth ? [name] : [])),
  }
}
