/** What a day of the simulated contact centre is played with. */
import type { AgentId } from '#core/kernel/kernel.ts'
import type { Clock } from '#ports/clock.ts'
import type { EnginePort } from '#ports/engine.ts'
import type { SeededChance } from './chance.ts'
import type { SimulatedNetwork } from './network.ts'

export interface DayParts {
  readonly clock: Clock
  readonly chance: SeededChance
  readonly network: SimulatedNetwork
  /** The engine that runs now: another one after a restart. */
  readonly engine: () => EnginePort
  /** Numbers of ours; the first is called most. */
  readonly numbers: readonly string[]
  /** The digits of the menu, the first pressed most. */
  readonly choices: readonly string[]
  /** Whether somebody is signed in at this agent's desk: then the phone is left to them. */
  readonly atDesk: (agentId: AgentId) => boolean
  /** The account in whose name callbacks are deleted. */
  readonly supervisor: string
  readonly log: (line: string) => void
}
