/**
 * The live picture, as a fold over the messages of the stream. Pages draw what stands here and hold no rules of their own.
 *
 *   nothing ──snapshot──▶ true ──queue│agent│alarms│campaign│call│tick──▶ true ──lost──▶ stale ──snapshot or change──▶ true
 */
import type { Call } from '#wire/calls.ts'
import type { Campaign } from '#wire/campaigns.ts'
import type { Agent, Alarm, Queue, StreamMessage } from '#wire/live.ts'
import { msOf } from './shown.ts'

/** So many calls are remembered from the stream; the one that changed longest ago goes first. */
export const CALLS_MAX = 500

export interface Picture {
  /** `waiting`: nothing has come yet; `stale`: the connection is lost, and what stands here may be old. */
  readonly status: 'waiting' | 'true' | 'stale'
  readonly seq: number
  /** The browser's clock when the last message came; 0 before the first. */
  readonly heardAt: number
  /** Add to the browser's clock to get the server's. */
  readonly aheadMs: number
  /** Grows when changes may have been missed, or what may be seen is another: what was fetched before must be fetched again. */
  readonly snapshots: number
  readonly queues: readonly Queue[]
  readonly agents: readonly Agent[]
  readonly alarms: readonly Alarm[]
  readonly campaigns: readonly Campaign[]
  /** When one's own phone last answered the liveness check, as of the last tick; null: not known. */
  readonly phoneSeenAt: string | null
  /** Calls as the stream last told them, by id. */
  readonly calls: ReadonlyMap<string, Call>
}

export const nothing: Picture = {
  status: 'waiting',
  seq: -1,
  heardAt: 0,
  aheadMs: 0,
  snapshots: 0,
  queues: [],
  agents: [],
  alarms: [],
  campaigns: [],
  phoneSeenAt: null,
  calls: new Map(),
}

const put = <T extends { readonly id: string }>(list: readonly T[], item: T): readonly T[] =>
  list.some((one) => one.id === item.id) ? list.map((one) => (one.id === item.id ? item : one)) : [...list, item]

const remember = (calls: ReadonlyMap<string, Call>, call: Call): ReadonlyMap<string, Call> => {
  const known = calls.get(call.id)
  if (known !== undefined && known.version >= call.version) return calls
  const next = new Map(calls)
  next.delete(call.id)
  next.set(call.id, call)
  for (const id of next.keys()) {
    if (next.size <= CALLS_MAX) break
    next.delete(id)
  }
  return next
}

/** The picture after a message that came when the browser's clock stood at `heardAt`. A repeated or late message changes nothing. */
export function fold(picture: Picture, message: StreamMessage, heardAt: number): Picture {
  const heard = { ...picture, status: 'true' as const, heardAt, aheadMs: msOf(message.at) - heardAt }
  if (message.type === 'snapshot') {
    const { queues, agents, alarms, campaigns = [] } = message.live
    const calls = nothing.calls
    return { ...heard, seq: message.seq, snapshots: picture.snapshots + 1, queues, agents, alarms, campaigns, calls }
  }
  if (message.seq < picture.seq) return heard
  const next = { ...heard, seq: message.seq }
  switch (message.type) {
    case 'queue':
      return { ...next, queues: put(picture.queues, message.queue) }
    case 'agent':
      return { ...next, agents: put(picture.agents, message.agent) }
    case 'alarms':
      return { ...next, alarms: message.alarms }
    case 'campaign':
      return { ...next, campaigns: put(picture.campaigns, message.campaign) }
    case 'campaignRemoved':
      return { ...next, campaigns: picture.campaigns.filter(({ id }) => id !== message.id) }
    case 'call':
      return { ...next, calls: remember(picture.calls, message.call) }
    case 'tick':
      return { ...next, phoneSeenAt: message.phoneSeenAt ?? null }
  }
}

/** The connection is gone: what stands here stays, and says that it may be old. */
export const lost = (picture: Picture): Picture => (picture.status === 'true' ? { ...picture, status: 'stale' } : picture)

/** The newer of what was fetched and what the stream told. */
export const newest = (fetched: Call, told: Call | undefined): Call =>
  told !== undefined && told.version > fetched.version ? told : fetched
