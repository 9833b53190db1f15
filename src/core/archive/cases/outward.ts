/** Cases B1–B7 (outbound), C1–C2 (agent to agent) and D1–D10 (dialler). */
import {
  answers,
  at,
  callEnds,
  consulting,
  dialler,
  enters,
  hangsUp,
  internal,
  isBusy,
  isDeleted,
  isHungUp,
  isSilent,
  isWithdrawn,
  joinsQueue,
  leavesMenu,
  leavesQueue,
  type Moment,
  outbound,
  rings,
  ringsAgent,
  ringsCustomer,
  ringsOut,
  talking,
  tell,
} from './script.ts'
import type { Case } from './shape.ts'

/** anna dials from her desk; her phone answers by itself at 1. */
const dials: readonly Moment[] = [
  at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna')),
  at(1, answers('own'), ringsCustomer('dest')),
]

const Q0 = 'Queue 0'

const outboundCases: readonly Case[] = [
  {
    name: 'B1',
    facts: tell(
      ...dials,
      at(12, answers('dest'), leavesQueue('outbound', 'answered', { agentId: 'anna' }), talking('own', 'dest')),
      at(100, hangsUp('dest'), isHungUp('own'), callEnds()),
    ),
    end: 100,
    events: [Q0, 'Queue (callback) 0–12', 'Conversation 12–100 (anna)'],
    result: 'answered',
    wait: 1,
    toCustomer: 12,
    speak: { anna: 88 },
  },
  {
    name: 'B2',
    facts: tell(
      ...dials,
      at(1, rings('dest')),
      at(31, ringsOut('dest'), leavesQueue('outbound', 'unreached'), isHungUp('own'), callEnds()),
    ),
    end: 31,
    events: [Q0, 'Queue (callback) 0–31 1 unanswered call done'],
    result: 'unanswered',
    wait: 1,
    toCustomer: null,
    speak: { anna: 0 },
  },
  {
    name: 'B3',
    facts: tell(...dials, at(4, isBusy('dest'), leavesQueue('outbound', 'unreached'), isHungUp('own'), callEnds())),
    end: 4,
    events: [Q0, 'Queue (callback) 0–4 1 unanswered call done'],
    result: 'busy',
    wait: 1,
    toCustomer: null,
    speak: { anna: 0 },
  },
  {
    name: 'B4',
    facts: tell(
      ...dials,
      at(2, rings('dest')),
      at(9, hangsUp('own'), isWithdrawn('dest'), leavesQueue('outbound', 'unreached'), callEnds()),
    ),
    end: 9,
    events: [Q0, 'Queue (callback) 0–9 1 unanswered call done'],
    result: 'cancelled',
    wait: 1,
    toCustomer: null,
    speak: { anna: 0 },
  },
  {
    name: 'B5',
    facts: tell(
      ...dials,
      at(2, rings('dest')),
      at(9, isDeleted('outbound', 'agent', 'cancelled'), isWithdrawn('dest'), isHungUp('own'), callEnds()),
    ),
    end: 9,
    events: [Q0, 'Queue (callback) 0–9 1 unanswered call done', 'Deleted 9 by agent cancelled'],
    result: 'deleted',
    wait: 1,
    toCustomer: null,
    speak: { anna: 0 },
  },
  {
    name: 'B6',
    facts: tell(
      at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna'), rings('own')),
      at(6, isDeleted('outbound', 'agent', 'cancelled'), isWithdrawn('own'), callEnds()),
    ),
    end: 6,
    events: [Q0, 'Queue (callback) 0–6', 'Deleted 6 by agent cancelled'],
    result: 'deleted',
    wait: null,
    toCustomer: null,
    speak: {},
  },
  {
    name: 'B7',
    facts: tell(
      at(0, outbound('anna'), joinsQueue('outbound', 'outbound'), ringsAgent('own', 'anna'), rings('own')),
      at(30, ringsOut('own'), leavesQueue('outbound', 'failed'), callEnds()),
    ),
    end: 30,
    events: [Q0, 'Queue (callback) 0–30'],
    result: 'failed',
    wait: null,
    toCustomer: null,
    speak: {},
  },
]

const calls: readonly Moment[] = [
  at(0, internal('agent1', 'agent2'), ringsAgent('l1', 'agent1')),
  at(1, answers('l1'), talking('l1'), ringsAgent('l2', 'agent2'), rings('l2')),
]

const internalCases: readonly Case[] = [
  {
    name: 'C1',
    facts: tell(...calls, at(11, answers('l2'), consulting('l1', 'l2')), at(209, hangsUp('l2'), isHungUp('l1'), callEnds())),
    end: 209,
    events: ['Conversation 1–11 (agent1)', 'Consult 11–209 (agent1, agent2)'],
    result: 'answered',
    wait: 1,
    toCustomer: null,
    speak: { agent1: 208, agent2: 198 },
    speakInAll: 208,
  },
  {
    name: 'C2',
    facts: tell(...calls, at(31, ringsOut('l2'), isHungUp('l1'), callEnds())),
    end: 31,
    events: ['Conversation 1–31 (agent1)'],
    result: 'unanswered',
    wait: 1,
    toCustomer: null,
    speak: { agent1: 30 },
  },
]

/** A contact waits in the Preview queue from 0; the agent's own phone answers as soon as it is rung. */
const waits = at(0, dialler('preview'), joinsQueue('spring', 'dialler'))
const calledAt = (own: number, agentId: string): Moment =>
  at(own, ringsAgent('own', agentId, { entryId: 'entry-1' }), answers('own'), ringsCustomer('contact'), rings('contact'))
const contactAnswers = (seconds: number, agentId: string): Moment =>
  at(seconds, answers('contact'), leavesQueue('spring', 'answered', { agentId }), talking('own', 'contact'))
const contactLeaves = (seconds: number): Moment => at(seconds, hangsUp('contact'), isHungUp('own'), callEnds())

const previewCases: readonly Case[] = [
  {
    name: 'D1',
    facts: tell(waits, calledAt(3600, 'anna'), contactAnswers(3615, 'anna'), contactLeaves(3700)),
    end: 3700,
    events: [Q0, 'Queue (callback) 0–3615', 'Conversation 3615–3700 (anna)'],
    result: 'answered',
    wait: 3600,
    toCustomer: 3615,
    speak: { anna: 85 },
  },
  {
    name: 'D2',
    facts: tell(waits, at(3605, isDeleted('spring', 'agent', 'neverCallAgain'), callEnds())),
    end: 3605,
    events: [Q0, 'Queue (callback) 0–3605', 'Deleted 3605 by agent neverCallAgain'],
    result: 'deleted',
    wait: null,
    toCustomer: null,
    speak: {},
  },
  {
    name: 'D7',
    facts: tell(waits, at(900, isDeleted('spring', 'campaign', 'stopped'), callEnds())),
    end: 900,
    events: [Q0, 'Queue (callback) 0–900', 'Deleted 900 by campaign stopped'],
    result: 'deleted',
    wait: null,
    toCustomer: null,
    speak: {},
  },
  {
    name: 'D8',
    facts: tell(
      waits,
      calledAt(3600, 'anna'),
      at(3630, ringsOut('contact'), leavesQueue('spring', 'unreached'), isHungUp('own'), callEnds()),
    ),
    end: 3630,
    events: [Q0, 'Queue (callback) 0–3630 1 unanswered call done'],
    result: 'unanswered',
    wait: 3600,
    toCustomer: null,
    speak: { anna: 0 },
  },
  {
    name: 'D9',
    facts: tell(waits, calledAt(3608, 'agent2'), contactAnswers(3620, 'agent2'), contactLeaves(3700)),
    end: 3700,
    events: [Q0, 'Queue (callback) 0–3620', 'Conversation 3620–3700 (agent2)'],
    result: 'answered',
    wait: 3608,
    toCustomer: 3620,
    speak: { agent2: 80 },
  },
  {
    name: 'D10',
    facts: tell(
      waits,
      calledAt(3600, 'anna'),
      at(3609, isDeleted('spring', 'agent', 'neverCallAgain'), isWithdrawn('contact'), isHungUp('own'), callEnds()),
    ),
    end: 3609,
    events: [Q0, 'Queue (callback) 0–3609 1 unanswered call done', 'Deleted 3609 by agent neverCallAgain'],
    result: 'deleted',
    wait: 3600,
    toCustomer: null,
    speak: { anna: 0 },
  },
]

const dialled = at(0, dialler('progressive'), joinsQueue('spring', 'dialler'), ringsCustomer('contact'))
const rang = at(2, rings('contact'))

const contactFirstCases: readonly Case[] = [
  {
    name: 'D3',
    facts: tell(
      dialled,
      rang,
      at(14, answers('contact'), ringsAgent('own', 'anna', { entryId: 'entry-1' })),
      at(15, answers('own'), leavesQueue('spring', 'answered', { agentId: 'anna' }), talking('own', 'contact')),
      at(90, hangsUp('contact'), isHungUp('own'), callEnds()),
    ),
    end: 90,
    events: [Q0, 'Queue (callback) 0–14', 'Conversation 15–90 (anna)'],
    result: 'answered',
    wait: 1,
    toCustomer: null,
    speak: { anna: 75 },
  },
  {
    name: 'D4',
    facts: tell(dialled, rang, at(29, ringsOut('contact'), leavesQueue('spring', 'unreached'), callEnds())),
    end: 29,
    events: [Q0, 'Queue (callback) 0–29 1 unanswered call done'],
    result: 'unanswered',
    wait: null,
    toCustomer: null,
    speak: {},
  },
  {
    name: 'D5',
    facts: tell(
      dialled,
      rang,
      at(14, answers('contact')),
      at(16, isSilent(), leavesQueue('spring', 'noAgents'), enters('campaign.silent', 'message', 'contact')),
      at(21, leavesMenu('campaign.silent'), isHungUp('contact'), callEnds()),
    ),
    end: 21,
    events: [Q0, 'Queue (callback) 0–14', 'Menu 16–21'],
    result: 'silent',
    wait: 2,
    toCustomer: null,
    speak: {},
  },
  {
    name: 'D6',
    facts: tell(
      dialled,
      rang,
      at(14, answers('contact')),
      at(16, isSilent(), leavesQueue('spring', 'noAgents'), isHungUp('contact'), callEnds()),
    ),
    end: 16,
    events: [Q0, 'Queue (callback) 0–14'],
    result: 'silent',
    wait: 2,
    toCustomer: null,
    speak: {},
  },
]

export const outwardCases: readonly Case[] = [...outboundCases, ...internalCases, ...previewCases, ...contactFirstCases]
