/** One call for each result that the lettered cases do not have, and for the ways to the results of an inbound call. */
import type { Fact, Recorded } from '../../facts.ts'
import type { Result } from '../story.ts'
import {
  answers,
  arrives,
  at,
  callEnds,
  chooses,
  dialler,
  enters,
  fails,
  hangsUp,
  hoursAre,
  inbound,
  internal,
  isBusy,
  isDeleted,
  isHungUp,
  isLost,
  isNotInUse,
  isRelatedTo,
  isSetAside,
  isSwept,
  isUnknown,
  isWithdrawn,
  joinsQueue,
  leavesMenu,
  leavesQueue,
  type Moment,
  merged,
  ordered,
  ordering,
  outbound,
  rejects,
  rings,
  ringsAgent,
  ringsCustomer,
  talking,
  tell,
} from './script.ts'

export interface Ending {
  readonly name: string
  readonly result: Result
  readonly facts: readonly Recorded[]
}

const arrivesAt0 = at(0, inbound(), arrives('line'), answers('line'))
const waits: readonly Moment[] = [arrivesAt0, at(0, enters('main', 'menu', 'line')), at(10, chooses('main', '1'), joinsQueue('support'))]
const gone = (seconds: number): Moment => at(seconds, hangsUp('line'), leavesQueue('support', 'hungUp'), callEnds())

/** Leaves the queue by an exit, hears a message, and the line is ended. */
const exits = (reason: 'full' | 'closed' | 'noAgents' | 'timedOut', seconds: number): Recorded[] =>
  tell(
    ...waits,
    at(seconds, leavesQueue('support', reason), enters('sorry', 'message', 'line')),
    at(seconds + 5, leavesMenu('sorry'), isHungUp('line'), callEnds()),
  )

const dials = (...ends: readonly Fact[]): Recorded[] =>
  tell(
    at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna')),
    at(1, answers('own'), ringsCustomer('dest')),
    at(9, ...ends, callEnds()),
  )
const unreached = [leavesQueue('outbound', 'unreached'), isHungUp('own')]

const asksInside = (...ends: readonly Fact[]): Recorded[] =>
  tell(
    ...waits,
    at(50, ordering(), enters('callback.choose', 'ordering', 'line')),
    at(60, chooses('callback.choose', '1'), enters('callback.readBack', 'ordering', 'line')),
    at(70, ...ends, callEnds()),
  )

const callsColleague = (...ends: readonly Fact[]): Recorded[] =>
  tell(
    at(0, internal('agent1', 'agent2'), ringsAgent('l1', 'agent1')),
    at(1, answers('l1'), talking('l1'), ringsAgent('l2', 'agent2'), rings('l2')),
    at(9, ...ends, callEnds()),
  )

const inboundEndings: readonly Ending[] = [
  { name: 'a caller still waiting', result: 'live', facts: tell(...waits) },
  { name: 'hung up waiting', result: 'abandoned', facts: tell(...waits, gone(90)) },
  {
    name: 'hung up in the ordering menus',
    result: 'abandoned',
    facts: asksInside(hangsUp('line'), leavesMenu('callback.readBack', 'hungUp'), leavesQueue('support', 'hungUp')),
  },
  { name: 'the queue was full', result: 'full', facts: exits('full', 10) },
  { name: 'the queue was closed', result: 'closed', facts: exits('closed', 10) },
  { name: 'nobody logged on', result: 'noAgents', facts: exits('noAgents', 70) },
  { name: 'waited too long', result: 'timedOut', facts: exits('timedOut', 600) },
  {
    name: 'waited too long, then gave up in the queue that took over',
    result: 'abandoned',
    facts: tell(
      ...waits,
      at(600, leavesQueue('support', 'timedOut'), joinsQueue('overflow', 'line', { entryId: 'entry-2' })),
      at(700, hangsUp('line'), leavesQueue('overflow', 'hungUp', { entryId: 'entry-2' }), callEnds()),
    ),
  },
  {
    name: 'waited too long, then left in a menu',
    result: 'left',
    facts: tell(
      ...waits,
      at(600, leavesQueue('support', 'timedOut'), enters('main', 'menu', 'line')),
      at(610, hangsUp('line'), leavesMenu('main', 'hungUp'), callEnds()),
    ),
  },
  {
    name: 'outside opening hours',
    result: 'closed',
    facts: tell(
      arrivesAt0,
      at(0, hoursAre(false), enters('closed', 'message', 'line')),
      at(6, leavesMenu('closed'), isHungUp('line'), callEnds()),
    ),
  },
  {
    name: 'outside opening hours, then gave up in the queue on call',
    result: 'abandoned',
    facts: tell(arrivesAt0, at(0, hoursAre(false), joinsQueue('support')), gone(90)),
  },
  {
    name: 'hung up in a menu',
    result: 'left',
    facts: tell(
      arrivesAt0,
      at(0, hoursAre(true), enters('main', 'menu', 'line')),
      at(8, hangsUp('line'), leavesMenu('main', 'hungUp'), callEnds()),
    ),
  },
  {
    name: 'ordered again a callback that was open',
    result: 'merged',
    facts: asksInside(
      chooses('callback.readBack', '1'),
      merged('call-0'),
      isRelatedTo('call-0'),
      leavesQueue('support', 'merged'),
      isHungUp('line'),
    ),
  },
  {
    name: 'a callback given up',
    result: 'expired',
    facts: tell(
      ...waits,
      at(50, ordering(), enters('callback.readBack', 'ordering', 'line')),
      at(60, chooses('callback.readBack', '1'), ordered(), isHungUp('line')),
      at(9000, isDeleted('support', 'system', 'expired'), callEnds()),
    ),
  },
  {
    name: 'a caller deleted from the queue',
    result: 'deleted',
    facts: tell(...waits, at(90, isDeleted('support', 'supervisor', 'supervisor'), isHungUp('line'), callEnds())),
  },
  {
    name: 'the trunk lost the waiting caller',
    result: 'failed',
    facts: tell(...waits, at(90, fails('line'), leavesQueue('support', 'failed'), callEnds())),
  },
  {
    name: 'nobody could tell what became of the line',
    result: 'failed',
    facts: tell(...waits, at(90, isUnknown('line'), leavesQueue('support', 'hungUp'), callEnds())),
  },
  {
    name: 'closed by the sweep: the switch no longer knew the line',
    result: 'failed',
    facts: tell(...waits, at(90, isSwept('line'), leavesQueue('support', 'hungUp'), callEnds())),
  },
  {
    name: 'a bug was met in a menu',
    result: 'failed',
    facts: tell(
      arrivesAt0,
      at(0, enters('main', 'menu', 'line')),
      at(5, isSetAside(), isHungUp('line'), leavesMenu('main', 'withdrawn'), callEnds()),
    ),
  },
  {
    name: 'a bug was met while the caller waited',
    result: 'failed',
    facts: tell(...waits, at(90, isSetAside(), leavesQueue('support', 'failed'), isHungUp('line'), callEnds())),
  },
]

const outwardEndings: readonly Ending[] = [
  { name: 'destination rejected', result: 'rejected', facts: dials(rejects('dest'), ...unreached) },
  { name: 'destination busy', result: 'busy', facts: dials(isBusy('dest'), ...unreached) },
  { name: 'number not in use', result: 'notInUse', facts: dials(isNotInUse('dest'), ...unreached) },
  { name: 'no route', result: 'failed', facts: dials(fails('dest'), ...unreached) },
  { name: 'outcome unknown', result: 'failed', facts: dials(isUnknown('dest'), ...unreached) },
  {
    name: 'the phone of the agent was lost while the destination rang',
    result: 'failed',
    facts: dials(isLost('own'), isWithdrawn('dest'), leavesQueue('outbound', 'failed')),
  },
  {
    name: 'a bug was met while the destination rang',
    result: 'failed',
    facts: dials(isSetAside(), leavesQueue('outbound', 'failed'), isHungUp('own'), isWithdrawn('dest')),
  },
  {
    name: 'we ended all while the destination rang',
    result: 'unanswered',
    facts: dials(isHungUp('own'), isWithdrawn('dest'), leavesQueue('outbound', 'unreached')),
  },
  {
    name: 'rejected on the own phone',
    result: 'cancelled',
    facts: tell(
      at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna')),
      at(3, rejects('own'), leavesQueue('outbound', 'failed'), callEnds()),
    ),
  },
  {
    name: 'hung up before the destination was rung',
    result: 'cancelled',
    facts: tell(
      at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna')),
      at(1, answers('own')),
      at(2, hangsUp('own'), leavesQueue('outbound', 'unreached'), callEnds()),
    ),
  },
  {
    name: 'ended by the pacing while it rang',
    result: 'unanswered',
    facts: tell(
      at(0, dialler('predictive'), joinsQueue('spring', 'dialler'), ringsCustomer('contact')),
      at(2, rings('contact')),
      at(20, isWithdrawn('contact'), leavesQueue('spring', 'unreached'), callEnds()),
    ),
  },
  { name: 'the colleague rejected', result: 'rejected', facts: callsColleague(rejects('l2'), isHungUp('l1')) },
  { name: 'hung up while the colleague was rung', result: 'cancelled', facts: callsColleague(hangsUp('l1'), isWithdrawn('l2')) },
]

export const endings: readonly Ending[] = [...inboundEndings, ...outwardEndings]
