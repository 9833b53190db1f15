/**
 * A campaign's contacts on their way: dealt, dialled or shown, answered, silent, settled. dialler.md
 */
import type { Fact } from '../facts.ts'
import type { Env, Input } from '../inputs.ts'
import type { World } from './world.ts'

export type DiallingInput = Extract<
  Input,
  {
    type:
      | 'campaign.pace'
      | 'campaign.mistrust'
      | 'campaign.exhaust'
      | 'campaign.due'
      | 'contacts.deal'
      | 'contact.silence'
      | 'contact.hoursEnd'
      | 'card.timeOut'
      | 'card.callItself'
      | 'wish.timeOut'
  }
>

export function ofDialling(_world: World, input: DiallingInput, _env: Env): readonly Fact[] {
  switch (input.type) {
    default:
      return []
  }
}
