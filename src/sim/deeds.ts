/** What an agent of a scenario does, as the command it is. */
import type { Callee, PeopleCommand } from '#core/commands.ts'
import type { AgentId, CallId, Ms } from '#core/kernel/kernel.ts'
import type { AgentDoes } from './scenario.ts'

const toMs = (seconds: number): Ms => Math.round(seconds * 1000)

/** `agent:anna`, `queue:support`, else a number as it is written. */
export function calleeOf(to: string): Callee {
  if (to.startsWith('agent:')) return { agentId: to.slice('agent:'.length) }
  return to.startsWith('queue:') ? { queueId: to.slice('queue:'.length) } : { number: to }
}

export interface Circumstances {
  readonly pauseReason: string
  readonly now: Ms
  /** The matter the agent is in, or whose wrap-up this is. */
  readonly callId: CallId | undefined
  /** The call of the Preview card on the desk. */
  readonly card: CallId | undefined
}

/** A sentence where it cannot even be asked. `hangUp` and `losePhone` are done on the phone and are no commands. */
export function agentCommand(agentId: AgentId, deed: AgentDoes, { pauseReason, callId, card, now }: Circumstances): PeopleCommand | string {
  const asking = { by: 'agent', agentId } as const
  switch (deed.do) {
    case 'pause':
      return { type: 'agent.pause', ...asking, reason: pauseReason }
    case 'return':
    case 'logOn':
    case 'logOff':
      return { type: `agent.${deed.do}`, ...asking }
    case 'extendWrapUp':
      return { type: 'agent.extendWrapUp', ...asking, byMs: toMs(deed.seconds ?? 0) }
    case 'dial': {
      const shown = deed.callerId === undefined ? {} : { callerId: deed.callerId }
      return { type: 'call.dial', ...asking, to: calleeOf(deed.to ?? ''), origin: 'desk', ...shown }
    }
  }
  const contact = card ?? callId
  if (contact !== undefined) {
    const asked = ofContact(deed, { ...asking, callId: contact }, now, card !== undefined)
    if (asked !== null) return asked
  }
  return callId === undefined ? `is in no matter, so cannot ${deed.do}` : inMatter(deed, { ...asking, callId })
}

/** null: it is about no contact. */
function ofContact(
  deed: AgentDoes,
  asking: { by: 'agent'; agentId: AgentId; callId: CallId },
  now: Ms,
  onCard: boolean,
): PeopleCommand | null {
  switch (deed.do) {
    case 'call':
      return { type: 'card.call', ...asking }
    case 'reject':
      return onCard ? { type: 'card.reject', ...asking } : null
    case 'cancelContact':
      return { type: 'card.cancel', ...asking }
    case 'reschedule': {
      const forAgent = deed.to?.startsWith('agent:') === true ? deed.to.slice('agent:'.length) : null
      const alone = deed.aloneSeconds === undefined ? {} : { aloneMs: toMs(deed.aloneSeconds) }
      return { type: 'contact.reschedule', ...asking, at: now + toMs(deed.seconds ?? 0), forAgent, ...alone }
    }
    case 'markUnanswered':
      return { type: 'contact.markUnanswered', ...asking }
    default:
      return null
  }
}

function inMatter(deed: AgentDoes, asking: { by: 'agent'; agentId: AgentId; callId: CallId }): PeopleCommand | string {
  switch (deed.do) {
    case 'answer':
    case 'reject':
      return { type: `offer.${deed.do}`, ...asking }
    case 'markVoicemail':
      return { type: 'callback.markVoicemail', ...asking }
    case 'cancel':
      return { type: 'call.cancel', ...asking }
    case 'hold':
    case 'resume':
    case 'mute':
    case 'unmute':
    case 'swap':
    case 'conference':
      return { type: `talk.${deed.do}`, ...asking }
    case 'abortConsult':
      return { type: 'talk.endConsult', ...asking }
    case 'digits':
      return { type: 'talk.digits', ...asking, digits: deed.digits ?? '' }
    case 'consult':
      return { type: 'talk.consult', ...asking, to: calleeOf(deed.to ?? '') }
    case 'transfer':
      return { type: 'talk.transfer', ...asking, ...(deed.to === undefined ? {} : { to: calleeOf(deed.to) }) }
    default:
      return `cannot ${deed.do} by a command`
  }
}
