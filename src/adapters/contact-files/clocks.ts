/** Zones, days and times as people write them in a table, each read once: a list of a million has a few hundred different ones. */
import { Temporal } from 'temporal-polyfill'
import type { Ms } from '#core/kernel/kernel.ts'

/** Different texts remembered; beyond, they are forgotten and read again. */
const REMEMBERED_MAX = 10_000
const DAY = /^\d{4}-\d{2}-\d{2}$/u
const LOCAL = /^(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2}(?::\d{2})?)$/u
const TIME = /^(\d{1,2})[:.](\d{2})$/u
/** Instants by which zones of one country are told apart: winter and summer of two years. */
const PROBES = ['2026-01-15T12:00Z', '2026-07-15T12:00Z', '2028-01-15T12:00Z', '2028-07-15T12:00Z'].map((text) => Date.parse(text))

function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size >= REMEMBERED_MAX) known.clear()
    const value = read(text)
    known.set(text, value)
    return value
  }
}

/** null instead of a RangeError, which is how Temporal and Intl say that a text is none of theirs. */
function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** As the zone is called by IANA; null: there is none of that name. An offset is none: it does not say when clocks change. */
export const zoneOf = remembering((text: string): string | null =>
  /^[+-]/u.test(text) ? null : orNull(() => new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone),
)

const offsets = (zone: string): string =>
  PROBES.map((at) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offset).join()

/** ECMA-402, Intl.Locale.prototype.getTimeZones: not among TypeScript's types yet. */
type LocaleWithZones = Intl.Locale & { getTimeZones(): string[] | undefined }

/** The zone of a country that has one: also where several have the same clock. */
export const zoneOfCountry = remembering((country: string): string | null => {
  const zones = orNull(() => (new Intl.Locale(`und-${country}`) as LocaleWithZones).getTimeZones()) ?? []
  const [first] = zones
  return first !== undefined && new Set(zones.map(offsets)).size === 1 ? first : null
})

const startOf = (day: Temporal.PlainDate, zone: string): Ms => day.toZonedDateTime(zone).epochMilliseconds

/** `zone`, `edge` and text in one, so that it can be remembered. `to` on a day: to the end of it. */
const instant = remembering((key: string): { readonly at: Ms | null } => {
  const [zone = '', edge, text = ''] = key.split('\n')
  const at = orNull((): Ms => {
    if (DAY.test(text)) {
      const day = Temporal.PlainDate.from(text, { overflow: 'reject' })
      return startOf(edge === 'to' ? day.add({ days: 1 }) : day, zone)
    }
    const [, day, time = ''] = LOCAL.exec(text) ?? []
    if (day === undefined) return Temporal.Instant.from(text).epochMilliseconds
    // Skipped: when the gap ends. Repeated: the first (`compatible`).
    return Temporal.PlainDateTime.from(`${day}T${time.padStart(time.length < 6 ? 5 : 8, '0')}`).toZonedDateTime(zone).epochMilliseconds
  })
  return { at }
})

/** A day, a local time or an instant; null: none of these. */
export const instantOf = (text: string, zone: string, edge: 'from' | 'to'): Ms | null => instant(`${zone}\n${edge}\n${text}`).at

/** `9.30`, `09:30`; 24:00 ends a day. null: no time. */
export function timeOf(text: string): string | null {
  const [, hours, minutes] = TIME.exec(text) ?? []
  if (hours === undefined || minutes === undefined) return null
  const isWithin = (Number(hours) < 24 && Number(minutes) < 60) || (Number(hours) === 24 && Number(minutes) === 0)
  return isWithin ? `${hours.padStart(2, '0')}:${minutes}` : null
}
