/** From the engine's answer to the client's: refused as the rules refused it, otherwise on. */
import type { Asking, PeopleCommand } from '#core/commands.ts'
import type { Answer, Once } from '#ports/engine.ts'
import type { HttpDeps } from './deps.ts'
import { Refused, refused } from './problems.ts'
import type { Caller } from './route.ts'

/** `once`: of a POST, so that it is not done again. */
export async function ask(deps: HttpDeps, command: PeopleCommand, once?: Once): Promise<Extract<Answer, { ok: true }>> {
  const answer = await deps.engine.submit(command, once)
  if (!answer.ok) throw new Refused(answer.refused, { field: answer.field })
  return answer
}

/** Of an agent's own doing in a call. */
export type Mine = Asking & { readonly agentId: string; readonly callId: string }

export function mine({ user }: Caller, callId: string): Mine {
  if (user.agentId === null) throw refused('session.noDesk')
  return { agentId: user.agentId, callId, by: 'agent', user: user.name }
}
