/**
 * How a leg ended, in our words. The SIP status decides, not the Q.850 cause: causes are shared (403 by the network and 603 by a
 * person are both 21). Source of the statuses: RFC 3261 section 21.
 */
import type { LegOutcome } from '#core/facts.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { TelephonyEvent } from '#ports/telephony.ts'
import { SILENT_SECONDS } from './config.ts'

export interface Ending {
  readonly outcome: LegOutcome
  readonly by: 'party' | 'us' | 'network'
  /** Q.850, null where the switch did not tell. */
  readonly cause: number | null
}

/** What is known of a leg when the switch says it is gone. */
export interface Gone {
  readonly answered: boolean
  readonly inbound: boolean
  /** We had asked for its end. */
  readonly byUs: boolean
  readonly cause: number | undefined
  readonly sipStatus: number | undefined
}

const bySipStatus: Readonly<Record<number, Pick<Ending, 'outcome' | 'by'>>> = {
  486: { outcome: 'busy', by: 'party' },
  600: { outcome: 'busy', by: 'party' },
  603: { outcome: 'rejected', by: 'party' },
  404: { outcome: 'notInUse', by: 'party' },
  410: { outcome: 'notInUse', by: 'party' },
  484: { outcome: 'notInUse', by: 'party' },
  604: { outcome: 'notInUse', by: 'party' },
  408: { outcome: 'unanswered', by: 'network' },
  480: { outcome: 'unanswered', by: 'network' },
}

/** Asterisk hangs up with these when the line died by itself: no media, session timer, network down, no resource. */
const deadLine: ReadonlySet<number> = new Set([18, 27, 34, 38, 41, 42, 44, 47, 102, 111])

/** Q.850, requested channel not available: Asterisk's word for a line that brought no sound for as long as it may (`rtp_timeout`). */
const NO_MEDIA = 44
/** Q.850, no user responding: of a line that was answered, whoever should have confirmed its session (RFC 4028) did not. */
const NO_ANSWER_TO_US = 18

/** A line that Asterisk gave up because nothing came from it: since when. Sound may have come until a session timer failed. */
export const lostOf = (cause: number | null, onHold: boolean, at: Ms): Pick<Extract<TelephonyEvent, { type: 'leg.ended' }>, 'lost'> => {
  if (cause === NO_ANSWER_TO_US) return { lost: { what: 'sessionTimer', since: at } }
  if (cause !== NO_MEDIA) return {}
  return { lost: { what: 'noMedia', since: at - (onHold ? SILENT_SECONDS.onHold : SILENT_SECONDS.talking) * 1_000 } }
}

export const endingOf = (gone: Gone): Ending => {
  const cause = gone.cause === undefined || gone.cause === 0 ? null : gone.cause
  if (gone.answered) {
    // The event may come before its cause is set; a BYE without one is a normal end (Q.850: 16).
    const by = gone.byUs ? 'us' : cause !== null && deadLine.has(cause) ? 'network' : 'party'
    return { outcome: 'answered', by, cause: cause ?? 16 }
  }
  if (gone.byUs) return { outcome: 'withdrawn', by: 'us', cause }
  if (gone.inbound) return { outcome: 'unanswered', by: 'party', cause }
  const known = gone.sipStatus === undefined ? undefined : bySipStatus[gone.sipStatus]
  if (known !== undefined) return { ...known, cause }
  // Without a status it was the bound given with the ring (cause 19): nobody answered. Everything else is the network's failure.
  if (gone.sipStatus === undefined && cause === 19) return { outcome: 'unanswered', by: 'network', cause }
  return { outcome: 'failed', by: 'network', cause }
}

/**
 * The same from the leg log, which knows no SIP status. 21 is a person's refusal as often as the network's: nobody can tell.
 */
export const endingFromCause = (cause: number | null): Pick<Ending, 'outcome' | 'by'> => {
  switch (cause) {
    case 17:
      return { outcome: 'busy', by: 'party' }
    case 1:
    case 22:
    case 28:
      return { outcome: 'notInUse', by: 'party' }
    case 18:
    case 19:
      return { outcome: 'unanswered', by: 'network' }
    case 16:
    case 26:
    case 127:
      return { outcome: 'withdrawn', by: 'us' }
    case 21:
    case null:
      return { outcome: 'unknown', by: 'network' }
    default:
      return { outcome: 'failed', by: 'network' }
  }
}
