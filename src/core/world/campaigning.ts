/**
 * What people may ask of a campaign and of its contacts, and when the rules say no.
 */
import type { Fact } from '../facts.ts'
import type { Env, PeopleInput } from '../inputs.ts'
import { type Decision, refuse } from '../kernel/kernel.ts'
import type { World } from './world.ts'

export type Refusal = 'campaign.unknown'

export type CampaignInput = Extract<
  PeopleInput,
  {
    type:
      | 'campaign.write'
      | 'campaign.start'
      | 'campaign.pause'
      | 'campaign.stop'
      | 'campaign.schedule'
      | 'campaign.remove'
      | 'card.call'
      | 'card.reject'
      | 'card.cancel'
      | 'contact.reschedule'
      | 'contact.markUnanswered'
      | 'contact.setTopics'
      | 'doNotCall.add'
      | 'doNotCall.remove'
  }
>

export function askOfCampaigns(_world: World, _input: CampaignInput, _env: Env): Decision<Fact, Refusal> {
  return refuse('campaign.unknown')
}
