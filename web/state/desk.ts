/** What an agent may do right now, worked out from the agent's state and matter: the desk draws these buttons and no others. */
import type { Agent } from '#wire/live.ts'

export type Act =
  | 'logOn'
  | 'logOff'
  | 'ready'
  | 'return'
  | 'pause'
  | 'answer'
  | 'reject'
  | 'cancel'
  | 'hangUp'
  | 'voicemail'
  | 'extend'
  | 'readyNow'
  | 'stayOn'
  | 'mute'
  | 'unmute'
  | 'hold'
  | 'resume'
  | 'digits'
  /** Ask somebody, or give the call away at once. */
  | 'consult'
  | 'swap'
  | 'conference'
  | 'endConsult'
  /** Transfer to whom is consulted. */
  | 'giveAway'

type Matter = NonNullable<Agent['matter']>

const resting = (agent: Agent): boolean => agent.state === 'rejected' || agent.state === 'noAnswer'
const inMatter = (agent: Agent): boolean => agent.state === 'connecting' || agent.state === 'connected'

/** A colleague asks for advice: his call, and his to hold and to transfer. */
export const isAsked = (matter: Matter): boolean => matter.kind !== 'internal' && matter.colleague !== undefined

/** Whom the matter is with: a colleague, a customer by name where it is known, else by number. `beside`: the number, where the name stands for it. */
export function whoOf(matter: Matter, number: string): { readonly who: string; readonly beside: string | null } {
  if (matter.colleague !== undefined) return { who: matter.colleague.name, beside: null }
  return matter.name === undefined ? { who: number, beside: null } : { who: matter.name, beside: number }
}

function talkActs(matter: Matter): readonly Act[] {
  const heard: Act[] = [matter.muted ? 'unmute' : 'mute', 'digits']
  const { consult } = matter
  if (consult !== null) {
    return consult.phase === 'talking'
      ? [...heard, 'swap', 'giveAway', 'conference', 'endConsult']
      : [matter.muted ? 'unmute' : 'mute', 'giveAway', 'endConsult']
  }
  if (matter.conference) return [...heard, 'consult']
  const hold: Act = matter.onHold ? 'resume' : 'hold'
  if (matter.kind === 'internal') return [...heard, hold]
  return isAsked(matter) ? heard : [...heard, hold, 'consult']
}

function matterActs(agent: Agent, matter: Matter): readonly Act[] {
  switch (matter.phase) {
    case 'ringing':
      if (matter.canCancel) return ['cancel']
      return agent.answersFromDesk ? ['answer', 'reject'] : ['reject']
    case 'calling':
      return matter.canCancel && matter.kind === 'outbound' ? ['cancel', 'hangUp'] : ['hangUp']
    case 'talking':
      return ['hangUp', ...talkActs(matter)]
    case 'wrapUp':
      return []
  }
}

/** Logged off, and in a call for help or its wrap-up. */
function addsOff(agent: Agent, acts: Set<Act>): void {
  if (agent.state === 'wrapUp') acts.add('extend').add('logOn')
}

function addsOn(agent: Agent, acts: Set<Act>): void {
  if (agent.wish?.state !== 'loggedOff') acts.add('logOff')
  if (agent.state === 'paused') acts.add('return')
  else acts.add('pause')
  if (resting(agent)) acts.add('ready')
  if (agent.wish !== null) acts.add('stayOn')
  if (agent.state === 'wrapUp') acts.add('extend').add('readyNow')
}

export function actsOf(agent: Agent): ReadonlySet<Act> {
  const acts = new Set<Act>()
  if (agent.state === 'loggedOff') return acts.add('logOn')
  if (agent.wish?.stays === true) addsOff(agent, acts)
  else addsOn(agent, acts)
  const { matter } = agent
  if (matter === null || !(inMatter(agent) || agent.state === 'wrapUp')) return acts
  for (const act of matterActs(agent, matter)) acts.add(act)
  if (matter.canMarkVoicemail) acts.add('voicemail')
  return acts
}

/** The agent's own call, from the request until somebody answers. */
export const isOwnCall = (matter: Matter): boolean => matter.canCancel

/** Whether the table of states lets the agent dial: calls.md 1. An emergency number may always be tried. */
export const mayDial = (agent: Agent): boolean =>
  agent.wish?.stays !== true && (agent.state === 'ready' || agent.state === 'wrapUp' || agent.state === 'paused' || resting(agent))

/**
 * The number in the address of a `tel:` link (RFC 3966), as `/desk?dial=tel:+46…` brings it: without the scheme, its parameters
 * (`;ext=`, `;phone-context=`) and percent signs. Empty where there is none.
 */
export function numberInLink(link: string): string {
  const [number = ''] = link.replace(/^(web\+)?tel:(\/\/)?/i, '').split(/[;?]/)
  try {
    return decodeURIComponent(number).trim().slice(0, 60)
  } catch (error) {
    if (error instanceof URIError) return ''
    throw error
  }
}
