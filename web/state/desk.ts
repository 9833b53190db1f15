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
  | 'hangUp'
  | 'voicemail'
  | 'extend'
  | 'readyNow'
  | 'stayOn'

const resting = (agent: Agent): boolean => agent.state === 'rejected' || agent.state === 'noAnswer'
const inMatter = (agent: Agent): boolean => agent.state === 'connecting' || agent.state === 'connected'

export function actsOf(agent: Agent): ReadonlySet<Act> {
  const acts = new Set<Act>()
  if (agent.state === 'loggedOff') return acts.add('logOn')
  if (agent.wish?.state !== 'loggedOff') acts.add('logOff')
  if (agent.state === 'paused') acts.add('return')
  else acts.add('pause')
  if (resting(agent)) acts.add('ready')
  if (agent.wish !== null) acts.add('stayOn')
  if (agent.state === 'wrapUp') acts.add('extend').add('readyNow')
  const { matter } = agent
  if (matter === null || !(inMatter(agent) || agent.state === 'wrapUp')) return acts
  if (matter.phase === 'ringing') {
    if (agent.answersFromDesk) acts.add('answer')
    acts.add('reject')
  }
  if (matter.phase === 'calling' || matter.phase === 'talking') acts.add('hangUp')
  if (matter.canMarkVoicemail) acts.add('voicemail')
  return acts
}
