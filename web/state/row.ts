/** What a result row says beside its result: facts, not decoration, and nothing twice. */
import type { Call, Event } from '#wire/calls.ts'

export type Extra =
  | { readonly say: 'now'; readonly kind: Event['kind'] }
  | { readonly say: 'by'; readonly by: NonNullable<Event['by']> }
  | { readonly say: 'mode'; readonly mode: string }
  | { readonly say: 'try'; readonly n: number }
  | { readonly say: 'unanswered'; readonly n: number }
  | { readonly say: 'attempts'; readonly n: number }
  | { readonly say: 'origin'; readonly origin: string }

export function extrasOf(call: Call): Extra[] {
  const open = call.events.findLast((event) => event.endedAt === null)
  const deleted = call.events.findLast((event) => event.kind === 'deleted')
  const attempts = Math.max(0, ...call.legs.map((leg) => leg.attempt ?? 0))
  return [
    ...(call.result === 'live' && open !== undefined ? [{ say: 'now' as const, kind: open.kind }] : []),
    ...(call.origin === 'web' ? [{ say: 'origin' as const, origin: call.origin }] : []),
    ...(call.mode === undefined ? [] : [{ say: 'mode' as const, mode: call.mode }]),
    ...(call.mode === undefined || call.attempt === undefined ? [] : [{ say: 'try' as const, n: call.attempt }]),
    ...(deleted?.by === undefined ? [] : [{ say: 'by' as const, by: deleted.by }]),
    ...(call.unanswered > (call.result === 'unanswered' ? 1 : 0) ? [{ say: 'unanswered' as const, n: call.unanswered }] : []),
    ...(attempts > 1 && attempts !== call.unanswered ? [{ say: 'attempts' as const, n: attempts }] : []),
  ]
}

export type Tone = 'good' | 'warn' | 'del' | 'acc' | ''

/** How a result looks: reached, look here, taken away, going on, or plain. */
export const TONES: Readonly<Record<Call['result'], Tone>> = {
  live: 'acc',
  callbackReached: 'good',
  answered: 'good',
  merged: 'good',
  expired: 'warn',
  callbackUnreached: 'warn',
  silent: 'warn',
  failed: 'warn',
  deleted: 'del',
  cancelled: '',
  busy: '',
  rejected: '',
  notInUse: '',
  unanswered: '',
  abandoned: '',
  timedOut: '',
  full: '',
  closed: '',
  noAgents: '',
  left: '',
}
