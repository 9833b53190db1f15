/** The telephone switch of a running Samtal: Asterisk as a child of ours, kept alive, or one that runs beside us. */

import { writeConfig } from '#adapters/asterisk/config.ts'
import { type Keeper, keepAsterisk } from '#adapters/asterisk/keeper.ts'
import type { Log } from '#adapters/http/deps.ts'
import type { AgentId } from '#core/kernel/kernel.ts'
import type { DeskPhone, Telephony } from '#ports/telephony.ts'
import type { AsteriskConfig } from '../config.ts'
import { Failure, faultLines } from '../failure.ts'
import type { FileError } from '../solution/places.ts'
import type { SolutionRead } from '../solution.ts'
import { asteriskNetwork } from '../telephony.ts'
import { prepareFolder, type SwitchReach } from './folder.ts'
import { iceServers } from './ice.ts'
import { deskPhones } from './phones.ts'
import { switchPlan } from './plan.ts'

export interface Switch {
  readonly telephony: Telephony
  readonly ariUrl: () => string
  readonly deskPhone: (agentId: AgentId) => DeskPhone | null
  /** What of a solution this switch cannot serve. */
  readonly judge: (kit: SolutionRead) => readonly FileError[]
  /** Another solution is in force: trunks and phones of a child become its. */
  readonly take: (kit: SolutionRead) => void
  readonly close: () => Promise<void>
}

type Running = Extract<AsteriskConfig, { readonly kind: 'running' }>
type Child = Extract<AsteriskConfig, { readonly kind: 'child' }>

function runningSwitch({ reach, ice }: Running, kit: () => SolutionRead, log: Log): Switch {
  return {
    telephony: asteriskNetwork(() => reach, kit, log),
    ariUrl: () => reach.ariUrl,
    deskPhone: deskPhones(kit, () => reach, iceServers(ice)),
    judge: () => [],
    take: () => undefined,
    close: async () => undefined,
  }
}

/** Waits until the child is ready, or has failed to be: then Samtal runs degraded, and it is tried again. */
async function childSwitch(config: Child, file: string, kit: () => SolutionRead, log: Log): Promise<Switch> {
  const { ice } = config
  const planned = (one: SolutionRead) => switchPlan(one, process.env, config.settings)
  const first = planned(kit())
  if ('errors' in first)
    throw new Failure(`${file} cannot be served by Asterisk:\n${faultLines(file, first.errors)}`, { errors: first.errors })
  const prepared = prepareFolder(config.folder, first, config.settings)
  let reach: SwitchReach = prepared.reach
  writeConfig(prepared.config)
  const keeper: Keeper = keepAsterisk(config.binary, prepared.config, (what) => log('error', what))
  await keeper.begun
  return {
    telephony: asteriskNetwork(() => reach, kit, log),
    ariUrl: () => reach.ariUrl,
    deskPhone: deskPhones(kit, () => reach, iceServers(ice)),
    judge: (next) => {
      const plan = planned(next)
      return 'errors' in plan ? plan.errors : []
    },
    take: (next) => {
      const plan = planned(next)
      if ('errors' in plan) return
      const again = prepareFolder(config.folder, plan, config.settings)
      reach = again.reach
      keeper.take(again.config).catch((error: unknown) => log('error', `Asterisk did not take the new configuration: ${String(error)}`))
    },
    close: () => keeper.stop(),
  }
}

/** `file`: the solution's, for messages. Throws `Failure` with every part of it Asterisk cannot serve. */
export const openSwitch = async (config: AsteriskConfig, file: string, kit: () => SolutionRead, log: Log): Promise<Switch> =>
  config.kind === 'running' ? runningSwitch(config, kit, log) : childSwitch(config, file, kit, log)
