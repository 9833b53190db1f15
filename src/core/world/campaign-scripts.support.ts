/** Scripts at random for campaigns: what the pacing, contacts, cards and the owners of campaigns may do, in whatever order. */
import type { Settings } from '../campaign/settings.ts'
import type { LegOutcome } from '../facts.ts'
import { settingsOf } from './campaign.support.ts'
import type { Stage } from './stage.support.ts'

/** Every mode that differs, limits that are reached, and both answers to each setting that is a choice. */
export const CAMPAIGNS: Readonly<Record<string, Settings>> = {
  spring: settingsOf({
    wrapUpMs: 10_000,
    priority: 1,
    whenAllSpokenFor: 'dialler',
    silentCallback: true,
    pauseMs: 60_000,
    attemptsMax: 2,
    silentTarget: 0.1,
  }),
  cards: settingsOf({ mode: 'preview', priority: 1, cardMs: 40_000, autoCallMs: 20_000, wrapUpMs: 5_000 }),
  wild: settingsOf({ mode: 'predictive', mayHangUp: true, silentMessage: { on: false, reason: 'a trial' }, liveMax: 6, ringMs: 40_000 }),
}

export const CAMPAIGN_DEEDS = {
  pace: 3,
  deal: 9,
  contactAnswers: 5,
  contactEnds: 4,
  unattended: 3,
  notAgain: 2,
  cardCall: 4,
  cardDialled: 4,
  cardReject: 2,
  cardCancel: 2,
  say: 4,
  campaign: 2,
  doNotCall: 1,
  pauseTwice: 1,
  nobodyLeft: 1,
  joinContact: 6,
  leaves: 3,
} as const
export type CampaignDeed = keyof typeof CAMPAIGN_DEEDS

const nth = <T>(from: readonly T[], which: number): T | undefined => from[which % Math.max(1, from.length)]
const IDS = Object.keys(CAMPAIGNS)
const ENDS: readonly LegOutcome[] = ['unanswered', 'busy', 'rejected', 'notInUse', 'failed', 'unknown']

export function begin(stage: Stage): void {
  for (const [campaignId, settings] of Object.entries(CAMPAIGNS)) {
    stage.ask({ type: 'campaign.write', by: 'supervisor', campaignId, settings })
    stage.ask({ type: 'campaign.start', by: 'supervisor', campaignId })
  }
}

/** Does one step to the stage. `agents` and `people` are those of the script. */
export function actInCampaigns(
  stage: Stage,
  { deed, which, how }: { readonly deed: CampaignDeed; readonly which: number; readonly how: number },
  agents: readonly string[],
  people: readonly string[],
): void {
  const { world } = stage
  const campaignId = nth(IDS, which) ?? ''
  const agentId = nth(agents, which) ?? ''
  const by = 'agent' as const
  const calls = [...world.calls.values()].filter((call) => call.contact !== null)
  const own = world.agents.get(agentId)
  const callId = own?.card?.callId ?? own?.matter?.callId ?? own?.wrapUpOf ?? nth(calls, how)?.id ?? 'none'
  const lines = calls.flatMap((call) => [...call.legs.values()].filter((leg) => leg.party === 'customer' && leg.status !== 'ended'))
  const line = nth(lines, which)?.id ?? 'none'
  switch (deed) {
    case 'pace':
      stage.do({ type: 'campaign.pace', campaignId, dial: how % 4, hangUp: how % 3 })
      return
    case 'deal':
      stage.do({
        type: 'contacts.deal',
        campaignId,
        contacts: Array.from({ length: 1 + (how % 3) }, (_, i) => dealt(stage, people, which + i, how + i)),
      })
      return
    case 'contactAnswers':
      if (how % 2 === 0) stage.rings(line)
      stage.answers(line)
      return
    case 'contactEnds':
      if (how % 3 === 0) stage.rings(line)
      stage.ends(line, nth(ENDS, how) ?? 'busy', how % 4 === 0 ? 'network' : 'party')
      return
    case 'unattended':
      stage.answers(line)
      stage.wait(how % 2 === 0 ? 2_000 : 700)
      if (how % 3 === 0) stage.ends(line)
      return
    case 'notAgain': {
      const hears = lines.find((leg) => stage.call(leg.id)?.menu !== null)?.id ?? line
      stage.press(hears, how % 3 === 0 ? '5' : '9')
      if (how % 4 === 0) stage.hear(hears)
      return
    }
    case 'cardCall':
      stage.ask({ type: 'card.call', by, agentId, callId, barred: how % 7 === 0 ? 'doNotCall' : null })
      return
    case 'cardDialled':
      stage.ask({ type: 'card.call', by, agentId, callId })
      stage.answers(stage.phoneOf(agentId))
      if (how % 3 !== 0)
        stage.answers([...(stage.world.calls.get(callId)?.legs.values() ?? [])].find((leg) => leg.status === 'requested')?.id ?? 'none')
      if (how % 6 === 0) stage.ask({ type: 'card.cancel', by, agentId, callId })
      return
    case 'cardReject':
    case 'cardCancel':
      stage.ask({ type: deed === 'cardReject' ? 'card.reject' : 'card.cancel', by, agentId, callId })
      return
    case 'say':
      if (how % 3 === 0) stage.ask({ type: 'contact.markUnanswered', by, agentId, callId })
      else if (how % 3 === 1) stage.ask({ type: 'contact.setTopics', by, agentId, callId, topics: ['moved'] })
      else
        stage.ask({
          ...{ type: 'contact.reschedule', by, agentId, callId, at: stage.at + how * 100, forAgent: how % 2 === 0 ? null : agentId },
          ...(how % 4 === 1 ? { aloneMs: how * 1_000 } : {}),
        })
      return
    case 'campaign':
      administers(stage, campaignId, how)
      return
    case 'doNotCall':
      stage.ask({
        type: how % 3 === 0 ? 'doNotCall.remove' : 'doNotCall.add',
        by: 'supervisor',
        person: nth(people, how) ?? '',
        campaignId: how % 2 === 0 ? null : campaignId,
        source: 'page',
        until: null,
      } as Parameters<Stage['ask']>[0])
      return
    case 'joinContact':
    case 'leaves': {
      // In a row, so that scripts get as far as a conversation with a contact who was dialled first.
      stage.ask({ type: 'agent.return', by, agentId })
      const dialled = nth(['spring', 'wild'], how) ?? ''
      const contact = { ...dealt(stage, people, which, how), agentFirst: false, until: null, forAgent: null }
      stage.do({ type: 'contacts.deal', campaignId: dialled, contacts: [contact] })
      const legId = stage.rungAt(contact.person)
      if (deed === 'leaves') stage.ask({ type: how % 3 === 0 ? 'agent.logOff' : 'agent.pause', by, agentId, reason: 'lunch' })
      if (how % 4 !== 0) stage.answers(legId)
      const own = [...(stage.call(legId)?.legs.values() ?? [])].find((leg) => leg.party === 'agent' && leg.status === 'requested')
      if (how % 5 !== 0) stage.answers(own?.id ?? 'none')
      return
    }
    case 'pauseTwice':
      stage.ask({ type: 'agent.pause', by, agentId, reason: 'lunch' })
      if (how % 2 === 0) stage.ask({ type: 'agent.pause', by, agentId, reason: 'lunch' })
      return
    case 'nobodyLeft':
      stage.do(how % 2 === 0 ? { type: 'campaign.exhaust', campaignId } : { type: 'campaign.mistrust', campaignId, detail: 'dial: NaN' })
  }
}

/** Now and then stopped, and soon started again: else nothing would happen in the rest of the script. */
function administers(stage: Stage, campaignId: string, how: number): void {
  const by = 'supervisor' as const
  const verb = nth(['start', 'pause', 'stop', 'schedule', 'start', 'remove'] as const, how) ?? 'start'
  if (how % 5 === 0)
    stage.ask({
      type: 'campaign.write',
      by,
      campaignId,
      settings: { ...(CAMPAIGNS[campaignId] ?? settingsOf()), startsAt: stage.at + 30_000 },
    })
  if (verb === 'schedule') stage.ask({ type: 'campaign.stop', by, campaignId })
  stage.ask({ type: `campaign.${verb}`, by, campaignId })
  if (verb === 'schedule') return
  if (how % 4 !== 0) stage.ask({ type: 'campaign.start', by, campaignId })
}

function dealt(stage: Stage, people: readonly string[], which: number, how: number) {
  return {
    contactId: `k${which % 9}`,
    person: nth([...people, 'line'], how) ?? '',
    number: 1 as const,
    numbersLeft: how % 3 === 0 ? (2 as const) : (1 as const),
    tries: how % 3,
    until: how % 4 === 0 ? stage.at + 30_000 : null,
    agentFirst: how % 5 === 0,
    afterSilent: how % 10 === 0,
    forAgent: how % 15 === 0 ? 'anna' : null,
    ...(how % 30 === 0 ? { anyoneAt: stage.at + 5_000 } : {}),
    language: null,
    ...(how % 6 === 0 ? { switchboard: true } : {}),
  }
}
