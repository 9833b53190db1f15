/** The solution's clock: between a local time of a zone and an instant, with the browser's own tz data. For filters and labels only. */

const formats = new Map<string, Intl.DateTimeFormat>()
const partsIn = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(zone, made)
  return made
}

/** An instant as the zone's wall clock: `2026-11-19T09:41:12`. */
export const localOf = (ms: number, zone: string): string => {
  const part = Object.fromEntries(
    partsIn(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  )
  return `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}:${part['second']}`
}

/**
 * The first instant at which the zone's wall clock shows at least this: a local time that is skipped becomes the end of the gap, one that
 * comes twice its first coming. `local` is `2026-11-19`, `2026-11-19T09:41` or with seconds; null when it is not a time.
 */
export const instantOf = (local: string, zone: string): number | null => {
  const full = /^\d{4}-\d\d-\d\d$/.test(local) ? `${local}T00:00:00` : /T\d\d:\d\d$/.test(local) ? `${local}:00` : local
  const asUtc = Date.parse(`${full}Z`)
  if (Number.isNaN(asUtc) || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(full)) return null
  const offsets = [asUtc - 86_400_000, asUtc + 86_400_000].map((ms) => Date.parse(`${localOf(ms, zone)}Z`) - ms)
  const candidates = offsets.map((offset) => asUtc - offset)
  const exact = candidates.filter((ms) => localOf(ms, zone) === full)
  if (exact.length > 0) return Math.min(...exact)
  // The time is skipped: the clock jumps from before it to after it at the end of the gap.
  let [low, high] = [Math.min(...candidates) - 7_200_000, Math.max(...candidates)]
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000
    if (localOf(middle, zone) < full) low = middle
    else high = middle
  }
  return high
}

/** Local midnight of the day `days` from the one that is now. */
export const midnight = (now: number, zone: string, days = 0): number => {
  const day = new Date(`${localOf(now, zone).slice(0, 10)}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() + days)
  return instantOf(day.toISOString().slice(0, 10), zone) ?? now
}

/** Where a day of the zone is over: its `2026-11-19` is still within. null: it is not a day. */
export const endOf = (day: string, zone: string): number | null => {
  const start = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(start) ? null : instantOf(new Date(start + 86_400_000).toISOString().slice(0, 10), zone)
}
