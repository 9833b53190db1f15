/** The telephone network a configuration asks for. */
import { createAsterisk } from '#adapters/asterisk/asterisk.ts'
import type { Log } from '#adapters/http/deps.ts'
import type { Chance, Clock } from '#ports/clock.ts'
import type { Telephony } from '#ports/telephony.ts'
import { SimulatedNetwork } from '#sim/network.ts'
import { promptLengths } from '#sim/prompts.ts'
import type { AsteriskConfig } from './config.ts'
import { recordedPrompts } from './play.ts'
import type { SolutionRead } from './solution.ts'

/** `kit`: the solution in force, asked at each need. */
export function simulatedNetwork(clock: Clock, chance: Chance, kit: () => SolutionRead): SimulatedNetwork {
  const recorded = recordedPrompts()
  return new SimulatedNetwork({ clock, chance, lengthMs: (parts, language) => promptLengths(recorded, kit().promptMs)(parts, language) })
}

export function asteriskNetwork(config: AsteriskConfig, kit: () => SolutionRead, log: Log): Telephony {
  const trunk = (id: string | undefined): string => {
    const { trunks } = kit()
    return ((id === undefined ? undefined : trunks[id]) ?? Object.values(trunks)[0])?.endpoint ?? 'main'
  }
  return createAsterisk({
    ariUrl: config.ariUrl,
    user: config.user,
    password: config.password,
    app: config.app,
    trunk,
    promptsFolder: config.promptsFolder,
    played: (prompt) => kit().promptMs[prompt] !== 0,
    phone: (agentId) => kit().solution.agents[agentId]?.phone,
    trouble: (what) => log('warn', what),
    ...(config.celFile === null ? {} : { celFile: config.celFile }),
  })
}
