/** Cases A1–A8: callback in queue. */
import type { Recorded } from '../../facts.ts'
import {
  answers,
  arrives,
  at,
  callEnds,
  chooses,
  enters,
  hangsUp,
  inbound,
  isDeleted,
  isHungUp,
  isReady,
  joinsQueue,
  leavesQueue,
  type Moment,
  marksVoicemail,
  ordered,
  ordering,
  orderLeft,
  requeued,
  rings,
  ringsAgent,
  ringsCustomer,
  ringsOut,
  talking,
  tell,
  tried,
  tries,
  webOrder,
  wrapsUp,
} from './script.ts'
import type { Case } from './shape.ts'

/** Up to the second menu of the order: the caller stands in the queue from 20, and asks for a callback at 140. */
const asks: readonly Moment[] = [
  at(0, inbound(), arrives('line'), answers('line'), enters('main', 'menu', 'line')),
  at(20, chooses('main', '1'), joinsQueue('support')),
  at(140, ordering(), enters('callback.choose', 'ordering', 'line')),
]

/** The whole order, confirmed at 160; the line is ended there, for nothing more is said. */
const orders = (attemptsMax = 1): Moment[] => [
  ...asks,
  at(150, chooses('callback.choose', '1'), enters('callback.readBack', 'ordering', 'line')),
  at(160, chooses('callback.readBack', '1'), ordered(attemptsMax), isHungUp('line')),
]

const ORDERED = ['Menu 0–20', 'Queue 20–140', 'Menu 140–150', 'Menu 150–160']

/** Agent rung and at once there, then the customer is rung. */
const attempt = (seconds: number, n: number, agentId: string): Moment =>
  at(
    seconds,
    tries(n, agentId),
    ringsAgent(`own${n}`, agentId, { entryId: 'entry-1', attempt: n }),
    answers(`own${n}`),
    ringsCustomer(`customer${n}`, n),
    rings(`customer${n}`),
  )

const reaches = (seconds: number, n: number, agentId: string): Moment =>
  at(
    seconds,
    answers(`customer${n}`),
    talking(`own${n}`, `customer${n}`),
    tried(n, 'answered', 'close'),
    leavesQueue('support', 'answered', { agentId }),
  )

/** The customer's phone has rung in vain, and the agent is set free. */
const inVain = (seconds: number, n: number, next: 'pause' | 'close'): Moment =>
  at(
    seconds,
    ringsOut(`customer${n}`),
    tried(n, 'unanswered', next),
    isHungUp(`own${n}`),
    ...(next === 'close' ? [leavesQueue('support', 'unreached'), callEnds()] : []),
  )

const over = (seconds: number, n: number, agentId: string): Moment[] => [
  at(seconds, hangsUp(`customer${n}`), isHungUp(`own${n}`), wrapsUp(agentId), callEnds()),
  at(seconds + 30, isReady(agentId)),
]

const a1 = tell(...orders(), attempt(1060, 1, 'anna'), reaches(1072, 1, 'anna'), ...over(1200, 1, 'anna'))

const A1: Case = {
  name: 'A1',
  facts: a1,
  end: 1200,
  events: [...ORDERED, 'Queue (callback) 160–1060', 'Conversation 1072–1200 (anna)'],
  result: 'callbackReached',
  wait: 1040,
  toCustomer: 1052,
  speak: { anna: 128 },
}

/** A machine answers like a person, and nobody marks it: the facts are those of A1. */
const A4: Case = { ...A1, name: 'A4' }

const A2: Case = {
  name: 'A2',
  facts: tell(
    ...orders(2),
    attempt(1060, 1, 'anna'),
    inVain(1085, 1, 'pause'),
    at(1115, requeued('end')),
    attempt(1500, 2, 'bo'),
    reaches(1506, 2, 'bo'),
    ...over(1600, 2, 'bo'),
  ),
  end: 1600,
  events: [...ORDERED, 'Queue (callback) 160–1500 1 unanswered call done', 'Conversation 1506–1600 (bo)'],
  result: 'callbackReached',
  wait: 1040,
  toCustomer: 1486,
  speak: { anna: 0, bo: 94 },
}

const A3: Case = {
  name: 'A3',
  facts: tell(
    ...orders(3),
    attempt(1060, 1, 'anna'),
    inVain(1085, 1, 'pause'),
    at(1115, requeued('end')),
    attempt(1500, 2, 'bo'),
    inVain(1525, 2, 'pause'),
    at(1555, requeued('end')),
    attempt(1975, 3, 'anna'),
    inVain(2000, 3, 'close'),
  ),
  end: 2000,
  events: [...ORDERED, 'Queue (callback) 160–2000 3 unanswered calls done'],
  result: 'callbackUnreached',
  wait: 1040,
  toCustomer: null,
  speak: { anna: 0, bo: 0 },
}

const A5: Case = {
  name: 'A5',
  facts: tell(...orders(), at(700, isDeleted('support', 'supervisor', 'supervisor', { user: 'u-eva', noteId: 'n-1' }), callEnds())),
  end: 700,
  events: [...ORDERED, 'Queue (callback) 160–700', 'Deleted 700 by supervisor supervisor'],
  result: 'deleted',
  wait: 680,
  toCustomer: null,
  speak: {},
}

const A6: Case = {
  name: 'A6',
  facts: tell(
    ...asks,
    at(150, chooses('callback.choose', '*'), orderLeft()),
    at(
      300,
      ringsAgent('own', 'anna', { entryId: 'entry-1' }),
      answers('own'),
      leavesQueue('support', 'answered', { agentId: 'anna' }),
      talking('line', 'own'),
    ),
    at(400, hangsUp('line'), isHungUp('own'), callEnds()),
  ),
  end: 400,
  events: ['Menu 0–20', 'Queue 20–140', 'Menu 140–150', 'Queue 150–300', 'Conversation 300–400 (anna)'],
  result: 'answered',
  wait: 280,
  toCustomer: null,
  speak: { anna: 100 },
}

const A7: Case = {
  name: 'A7',
  facts: tell(
    at(0, webOrder(), joinsQueue('support', 'web'), ordered()),
    attempt(600, 1, 'anna'),
    reaches(610, 1, 'anna'),
    ...over(700, 1, 'anna'),
  ),
  end: 700,
  events: ['Queue 0', 'Queue (callback) 0–600', 'Conversation 610–700 (anna)'],
  result: 'callbackReached',
  wait: 600,
  toCustomer: 610,
  speak: { anna: 90 },
}

const a8 = (marked: readonly Moment[]): Recorded[] =>
  tell(
    ...orders(2),
    attempt(1060, 1, 'anna'),
    ...marked,
    at(1120, requeued('end')),
    attempt(1500, 2, 'bo'),
    reaches(1506, 2, 'bo'),
    ...over(1600, 2, 'bo'),
  )

/** Marked while the machine still talks. */
const A8: Case = {
  name: 'A8',
  facts: a8([
    at(1072, answers('customer1'), talking('own1', 'customer1')),
    at(1090, marksVoicemail('customer1', 'anna', true), tried(1, 'unanswered', 'pause'), isHungUp('customer1'), isHungUp('own1')),
  ]),
  end: 1600,
  events: [
    ...ORDERED,
    'Queue (callback) 160–1060',
    'Conversation 1072–1090 (anna)',
    'Queue (callback) 1090–1500 1 unanswered call done',
    'Conversation 1506–1600 (bo)',
  ],
  result: 'callbackReached',
  wait: 1040,
  toCustomer: 1486,
  speak: { anna: 18, bo: 94 },
}

/** Marked in wrap-up, when the callback already looked closed and the call ended. */
const A8InWrapUp: Case = {
  ...A8,
  name: 'A8 marked in wrap-up',
  facts: a8([
    reaches(1072, 1, 'anna'),
    at(1090, isHungUp('customer1'), isHungUp('own1'), wrapsUp('anna'), callEnds()),
    at(1100, marksVoicemail('own1', 'anna', true)),
    at(1110, isReady('anna')),
  ]),
}

export const callbackCases: readonly Case[] = [A1, A2, A3, A4, A5, A6, A7, A8, A8InWrapUp]
