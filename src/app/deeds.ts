/** What the schema of a scenario cannot say of its agents' deeds: that each says what it needs, and never calls for help in earnest. */
import type { AgentDoes, Scenario } from '#sim/scenario.ts'
import type { Path, Places } from './solution/places.ts'
import type { FileError, SolutionRead } from './solution.ts'

const CALLS: readonly string[] = ['dial', 'consult', 'transfer']
/** Says to which agent, if it says anything. */
const RESCHEDULES = 'reschedule'

/** A deed that is to be refused may name somebody who is not there: that is what it tries. */
export function deedFaults(scenario: Scenario, settings: SolutionRead, places: Places): readonly FileError[] {
  return Object.entries(scenario.agents ?? {}).flatMap(([agentId, { does = [] }]) =>
    does.flatMap((deed, index) => {
      const here: Path = ['agents', agentId, 'does', index]
      return sentences(deed, settings).map(([field, sentence]) => places.fault(field === null ? here : [...here, field], sentence))
    }),
  )
}

function sentences(deed: AgentDoes, settings: SolutionRead): readonly (readonly ['to' | 'digits' | null, string])[] {
  if (deed.do === 'digits' && deed.digits === undefined) return [[null, 'digits says which digits']]
  if (deed.do !== 'digits' && deed.digits !== undefined) return [['digits', `digits goes with digits, not with ${deed.do}`]]
  if (deed.to === undefined) return CALLS.includes(deed.do) && deed.do !== 'transfer' ? [[null, `${deed.do} says to whom`]] : []
  const [kind, id = ''] = deed.to.split(':')
  if (deed.do === RESCHEDULES && kind !== 'agent') return [['to', 'a contact is rescheduled to an agent, as agent:ID']]
  if (!CALLS.includes(deed.do) && deed.do !== RESCHEDULES) return [['to', `to goes with ${CALLS.join(', ')}`]]
  const { agents, queues } = settings.solution
  if (kind === 'agent' || kind === 'queue') {
    const known = kind === 'agent' ? agents[id] : queues[id]
    return known !== undefined || deed.refused !== undefined ? [] : [['to', `no ${kind} ${id} is in the settings`]]
  }
  return settings.numbers.read(deed.to).barred === 'emergency' ? [['to', 'a scenario never calls an emergency number']] : []
}
