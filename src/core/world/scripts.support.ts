/**
 * Scripts at random for the rules: what callers, agents, colleagues, telephones and time may do, in whatever order.
 */
import type { LegOutcome } from '../facts.ts'
import type { Called } from '../inputs.ts'
import type * as Leg from '../leg/leg.ts'
import { actInCampaigns, CAMPAIGN_DEEDS, type CampaignDeed } from './campaign-scripts.support.ts'
import { agentOf, callbackSettings, queueOf, type Stage, solutionOf } from './stage.support.ts'

export const AGENTS = ['anna', 'bo', 'carl']
const PEOPLE = ['p1', 'p2', 'p3', 'p4', 'p5']
export const solution = solutionOf(
  [
    queueOf('support', {
      waitingMax: 2,
      waitMsMax: 600_000,
      announceEveryMs: 60_000,
      welcome: 'welcome.both',
      wrapUpMs: 20_000,
      exits: {
        closed: { message: 'closed', then: null },
        full: { message: 'full', then: { queue: 'sales' } },
        noAgents: { message: 'sorry', then: { queue: 'night' } },
        timedOut: { menu: 'main' },
      },
      callback: callbackSettings({ attemptsMax: 3, offerAfterMs: 20_000, waitingMax: 4 }),
    }),
    queueOf('sales', {
      hours: 'office',
      slaMs: 0,
      priority: 1,
      closedExitForWaiting: true,
      callback: callbackSettings({
        attemptsMax: 2,
        askWhichNumber: false,
        retryVoicemail: true,
        giveUp: 'closing',
        wrapUpAfterUnanswered: true,
      }),
      wrapUpMs: 30_000,
    }),
    queueOf('night', { skill: 'night', callback: callbackSettings({ giveUp: 'nextDay' }) }),
  ],
  [agentOf('anna'), agentOf('bo', { profile: ['support'] }), agentOf('carl', { skills: { night: 2 } })],
  { offersMissedMax: 3, liveCallsMax: 12 },
)

/** How often each is drawn. The later ones are several deeds in a row, so that scripts get far into a call. */
export const DEEDS = {
  arrive: 3,
  press: 5,
  hear: 4,
  hangUp: 2,
  ring: 3,
  answer: 5,
  end: 6,
  order: 2,
  delete: 1,
  callNow: 1,
  logOn: 3,
  logOff: 1,
  pause: 1,
  return: 2,
  reject: 1,
  agentHangUp: 1,
  voicemail: 2,
  extend: 1,
  enter: 1,
  late: 1,
  silent: 2,
  switch: 1,
  clock: 1,
  setAside: 1,
  nothing: 1,
  joinQueue: 5,
  orderOnLine: 3,
  keyIn: 2,
  talk: 6,
  dial: 3,
  colleague: 3,
  cancel: 1,
  hold: 2,
  mute: 2,
  consult: 4,
  aside: 7,
  transfer: 2,
  phone: 1,
  joinOut: 3,
  joinAside: 5,
  ...CAMPAIGN_DEEDS,
} as const
export type Deed = keyof typeof DEEDS
export interface Step {
  readonly deed: Deed
  readonly which: number
  readonly how: number
  readonly waitMs: number
}
const nth = <T>(from: readonly T[], which: number): T | undefined => from[which % Math.max(1, from.length)]
const OUTCOMES: readonly LegOutcome[] = ['unanswered', 'busy', 'rejected', 'notInUse', 'failed', 'unknown', 'answered', 'withdrawn']
const DIGITS = '1122*903'

/** A colleague, somebody outside, or a queue. */
const calleeOf = (how: number): Called => {
  const which = Math.floor(how / 3)
  if (how % 3 === 0) return { agentId: nth(AGENTS, which) ?? '' }
  if (how % 3 === 1) return { person: nth(PEOPLE, which) ?? '', barred: which % 8 === 0 ? 'emergency' : null }
  return { queueId: nth(['support', 'sales', 'support', 'nowhere'], which) ?? '' }
}

const isOfCampaigns = (deed: Deed): deed is CampaignDeed => deed in CAMPAIGN_DEEDS

/** Does one step to the stage. */
export function act(stage: Stage, { deed, which, how }: Step): void {
  if (isOfCampaigns(deed)) {
    actInCampaigns(stage, { deed, which, how }, AGENTS, PEOPLE)
    return
  }
  const { world } = stage
  const legs = [...world.calls.values()].flatMap((call) => [...call.legs.values()])
  const up = legs.filter((leg) => leg.status !== 'ended')
  const customers = up.filter((leg) => leg.party === 'customer' && leg.status === 'answered')
  const rung = up.filter((leg) => !leg.inbound && leg.status !== 'answered')
  const entries = [...world.callOfEntry.keys()]
  const agentId = nth(AGENTS, which) ?? ''
  const person = nth(PEOPLE, which) ?? ''
  const by = 'agent' as const
  const callId = world.agents.get(agentId)?.matter?.callId ?? nth([...world.calls.keys()], how) ?? 'none'
  switch (deed) {
    case 'arrive':
      stage.arrive(person, how % 4 !== 0)
      return
    case 'press':
      stage.press(nth(customers, which)?.id ?? 'none', DIGITS[how % DIGITS.length] ?? '1')
      return
    case 'hear':
      stage.hear(nth(customers, which)?.id ?? 'none')
      return
    case 'hangUp':
      stage.ends(nth(customers, which)?.id ?? 'none')
      return
    case 'ring':
      stage.rings(nth(rung, which)?.id ?? 'none')
      return
    case 'answer':
      stage.answers(nth(rung, which)?.id ?? 'none')
      return
    case 'end':
      stage.ends(nth(up, which)?.id ?? 'none', nth(OUTCOMES, how) ?? 'failed', how % 2 === 0 ? 'party' : 'network')
      return
    case 'order':
      stage.orders(nth(['support', 'sales', 'night'], how) ?? '', person, how % 3 === 0 ? stage.at + how * 100 : undefined)
      return
    case 'delete':
      stage.ask({ type: 'entry.delete', by: how % 2 === 0 ? 'supervisor' : 'customer', entryId: nth(entries, which) ?? 'none' })
      return
    case 'callNow':
      stage.ask({ type: 'callback.callNow', by: 'supervisor', entryId: nth(entries, which) ?? 'none' })
      return
    case 'logOn':
    case 'logOff':
    case 'return':
      stage.ask({ type: `agent.${deed}`, by, agentId })
      return
    case 'pause':
      stage.ask({ type: 'agent.pause', by, agentId, reason: 'lunch' })
      return
    case 'extend':
      stage.ask({ type: 'agent.extendWrapUp', by, agentId, byMs: 15_000 })
      return
    case 'reject':
      stage.ask({ type: 'offer.reject', by, agentId, callId })
      return
    case 'agentHangUp':
      stage.ask({ type: 'talk.hangUp', by, agentId, callId })
      return
    case 'voicemail':
      stage.ask({ type: 'callback.markVoicemail', by, agentId, callId })
      return
    case 'enter':
      stage.do({ type: 'number.enter', callId, person: how % 3 === 0 ? null : person, callable: how % 2 === 0 })
      return
    case 'late':
      comesLate(stage, legIn(legs, 'ended', which))
      return
    case 'switch':
      if (world.switchAway || how % 4 === 0) stage.do({ type: world.switchAway ? 'switch.find' : 'switch.lose' })
      return
    case 'silent':
      goesSilent(stage, legIn(legs, 'answered', which), how)
      return
    case 'clock':
      steps(stage, how)
      return
    case 'setAside':
      if (how % 5 === 0) stage.do({ type: 'call.setAside', callId })
      return
    case 'nothing':
      return
    case 'joinQueue':
      stage.joins(nth(['1', '1', '2', '3'], how) ?? '1', person, which % 5 !== 0)
      return
    case 'orderOnLine':
    case 'keyIn': {
      const waits = nth(
        customers.filter((leg) => world.callOfLeg.get(leg.id) !== undefined && stage.call(leg.id)?.entry?.callback === null),
        which,
      )
      if (waits === undefined) return
      stage.press(waits.id, '2')
      if (deed === 'keyIn') {
        stage.press(waits.id, '2')
        stage.do({ type: 'number.enter', callId: waits.callId, person, callable: how % 4 !== 0 })
      } else if (how % 3 !== 0) stage.press(waits.id, '1')
      stage.wait(600)
      stage.press(waits.id, how % 5 === 0 ? '*' : '1')
      return
    }
    case 'dial':
      stage.ask({ type: 'call.dial', by, agentId, to: { person, barred: how % 9 === 0 ? 'emergency' : null }, origin: 'desk' })
      return
    case 'colleague':
      stage.ask({ type: 'call.dial', by, agentId, to: { agentId: nth(AGENTS, how) ?? '' }, origin: 'desk' })
      return
    case 'cancel':
      stage.ask({ type: 'call.cancel', by, agentId, callId })
      return
    case 'hold':
      stage.ask({ type: how % 2 === 0 ? 'talk.hold' : 'talk.resume', by, agentId, callId })
      return
    case 'mute':
      stage.ask({ type: up.some((leg) => leg.agentId === agentId && leg.muted) ? 'talk.unmute' : 'talk.mute', by, agentId, callId })
      return
    case 'consult':
      stage.ask({ type: 'talk.consult', by, agentId, callId, to: calleeOf(how) })
      return
    case 'aside':
      stage.ask({
        type: nth(['talk.swap', 'talk.conference', 'talk.endConsult', 'talk.transfer'] as const, how) ?? 'talk.swap',
        by,
        agentId,
        callId,
      })
      return
    case 'transfer':
      stage.ask({ type: 'talk.transfer', by, agentId, callId, to: calleeOf(how) })
      return
    case 'phone':
      stage.do({ type: how % 3 === 0 ? 'phone.lose' : 'phone.find', agentId })
      return
    case 'joinOut': {
      stage.ask({ type: 'call.dial', by, agentId, to: how % 2 === 0 ? { person, barred: null } : calleeOf(3 * how), origin: 'desk' })
      stage.answers(stage.phoneOf(agentId))
      const other = [...(stage.call(stage.phoneOf(agentId))?.legs.values() ?? [])].find((leg) => leg.status === 'requested')
      if (how % 3 !== 0) stage.answers(other?.id ?? 'none')
      return
    }
    case 'joinAside': {
      stage.ask({ type: 'talk.consult', by, agentId, callId, to: calleeOf(how) })
      const asked = stage.world.calls.get(callId)?.consult?.targetLegId ?? stage.world.calls.get(callId)?.entry?.offer?.legId
      if (how % 4 !== 0) stage.answers(asked ?? 'none')
      return
    }
    case 'talk': {
      const offer = nth(
        rung.filter((leg) => leg.party === 'agent'),
        which,
      )
      stage.answers(offer?.id ?? 'none')
      const customer = [...(stage.call(offer?.id ?? 'none')?.legs.values() ?? [])].find(
        (leg) => leg.party === 'customer' && leg.status !== 'ended',
      )
      if (how % 3 !== 0) stage.answers(customer?.id ?? 'none')
      if (how % 4 === 0) stage.ask({ type: 'callback.markVoicemail', by, agentId: offer?.agentId ?? '', callId: offer?.callId ?? '' })
    }
  }
}

const legIn = (legs: readonly Leg.State[], status: Leg.State['status'], which: number): string =>
  nth(
    legs.filter((leg) => leg.status === status),
    which,
  )?.id ?? 'none'

/** What the switch still says of a leg that has ended. */
function comesLate(stage: Stage, legId: string): void {
  stage.answers(legId)
  stage.ends(legId, 'busy')
}

/** The switch gave a line up: the last was heard of it a while ago. */
function goesSilent(stage: Stage, legId: string, how: number): void {
  const swept = how % 4 === 0 ? 'sessionTimer' : 'noMedia'
  const lost = { reconciled: true, swept, happenedAt: stage.at - (how % 5) * 15_000 } as const
  stage.do({ type: 'leg.end', legId, outcome: 'answered', by: 'network', cause: 44, ...lost })
}

/** The wall clock is set: back, time goes on; forwards, it jumps. */
function steps(stage: Stage, how: number): void {
  const jumpedMs = how % 3 === 0 ? 0 : how * 700
  stage.at += jumpedMs
  stage.do({ type: 'clock.step', byMs: jumpedMs === 0 ? -how * 700 : jumpedMs, jumpedMs })
}
