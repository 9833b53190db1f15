/** The telephone network a configuration asks for. */
import { createAsterisk } from '#adapters/asterisk/asterisk.ts'
import type { Log } from '#adapters/http/deps.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import type { Telephony } from '#ports/telephony.ts'
import { SimulatedNetwork } from '#sim/network.ts'
import { promptLengths } from '#sim/prompts.ts'
import { recordedPrompts } from './play.ts'
import type { SolutionRead } from './solution.ts'
import type { SwitchReach } from './switch/folder.ts'

/** `kit`: the solution in force, asked at each need. */
export function simulatedNetwork(clock: Clock, chance: Chance, kit: () => SolutionRead): SimulatedNetwork {
  const recorded = recordedPrompts()
  return new SimulatedNetwork({ clock, chance, lengthMs: (parts, language) => promptLengths(recorded, kit().promptMs)(parts, language) })
}

/** `reach`: asked anew for what a reloaded solution changes. */
export function asteriskNetwork(reach: () => SwitchReach, kit: () => SolutionRead, log: Log): Telephony {
  const trunk = (id: string | undefined): string => {
    const { trunks } = kit()
    return ((id === undefined ? undefined : trunks[id]) ?? Object.values(trunks)[0])?.endpoint ?? 'main'
  }
  const { ariUrl, user, password, app, promptsFolder, celFile } = reach()
  return createAsterisk({
    ariUrl,
    user,
    password,
    app,
    trunk,
    music: () => reach().music,
    promptsFolder,
    played: (prompt) => kit().promptMs[prompt] !== 0,
    phone: (agentId) => kit().solution.agents[agentId]?.phone,
    agents: () => Object.keys(kit().solution.agents),
    trouble: (what) => log('warn', what),
    ...(celFile === null ? {} : { celFile }),
  })
}
