/** The engine as it is looked at: queues, agents, campaigns, alarms. Nothing here changes anything. */
import type { AgentId, CallId, CampaignId, Ms, PersonId, QueueId } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import type { World } from '#core/world/world.ts'
import type { CampaignDay, LiveAgent, LiveAlarm, LiveCampaign, LiveCampaigns, LiveQueue } from '#ports/engine.ts'
import type { Dialler } from './dialler/dialler.ts'
import { campaignDays, liveCampaign, liveCampaigns } from './dialler/live.ts'
import { callsWith } from './letting-go.ts'
import { liveAgent, liveAlarms, liveLine, liveQueue } from './live.ts'

export interface Looking {
  readonly world: World
  /** The one in force for new calls. */
  readonly solution: Solution
  readonly dialler: Dialler | null
  readonly at: Ms
  /** One sentence while nothing can be written. */
  readonly unwritten: string | null
}

export abstract class EngineView implements LiveCampaigns {
  protected abstract looking(): Looking

  solution(): Solution {
    return this.looking().solution
  }

  queue(id: QueueId): LiveQueue | undefined {
    const { world, solution, at } = this.looking()
    return solution.queues[id] === undefined ? undefined : liveQueue(world, solution, id, at)
  }

  agent(id: AgentId): LiveAgent | undefined {
    const { world, solution } = this.looking()
    return solution.agents[id] === undefined ? undefined : liveAgent(world, solution, id)
  }

  openWith(persons: readonly PersonId[]): { readonly calls: readonly CallId[]; readonly callbacks: number } {
    const { world } = this.looking()
    return { calls: callsWith(world, persons), callbacks: persons.flatMap((person) => world.callbacksOf.get(person) ?? []).length }
  }

  lineOf(person: PersonId): 'onLine' | 'rung' | null {
    return liveLine(this.looking().world, person)
  }

  campaigns(): readonly LiveCampaign[] {
    return liveCampaigns(this.looking())
  }

  campaign(id: CampaignId): LiveCampaign | undefined {
    return liveCampaign(this.looking(), id)
  }

  campaignDays(id: CampaignId): readonly CampaignDay[] {
    return campaignDays(this.looking(), id)
  }

  day(): { readonly from: Ms; readonly until: Ms } | null {
    return this.looking().world.day
  }

  alarms(): readonly LiveAlarm[] {
    const { world, at, unwritten } = this.looking()
    const stand = liveAlarms(world)
    if (unwritten === null) return stand
    return [{ id: 'disk', alarm: 'disk', raisedAt: at, detail: unwritten }, ...stand.filter(({ alarm }) => alarm !== 'disk')]
  }

  trouble(): string | null {
    const { world, unwritten } = this.looking()
    return unwritten ?? (world.switchAway ? 'the telephone switch cannot be reached; calls cannot be taken until it is back' : null)
  }
}
