/**
 * Cases E1 (welcome message) and F1–F14 (consult and transfer). The calls of F waited in the queue for 40 s before their 0, so that each has
 * the wait "of the call before".
 */
import type { Recorded } from '../../facts.ts'
import {
  answers,
  arrives,
  at,
  callEnds,
  consultEnds,
  consulting,
  consults,
  enters,
  hangsUp,
  held,
  inbound,
  isHungUp,
  isLost,
  isWithdrawn,
  joinsQueue,
  leavesMenu,
  leavesQueue,
  type Moment,
  OUTSIDE,
  phoneLost,
  resumed,
  rings,
  ringsAgent,
  ringsOut,
  ringsOutside,
  talking,
  tell,
  transferFails,
  transfers,
} from './script.ts'
import type { Case } from './shape.ts'

const E1: Case = {
  name: 'E1',
  facts: tell(
    at(
      0,
      inbound(),
      arrives('line'),
      answers('line'),
      joinsQueue('support'),
      ringsAgent('own', 'anna', { entryId: 'entry-1' }),
      rings('own'),
    ),
    at(
      40,
      answers('own'),
      leavesQueue('support', 'answered', { agentId: 'anna' }),
      talking('line', 'own'),
      enters('welcome', 'message', 'line', 'own'),
    ),
    at(43, leavesMenu('welcome')),
    at(100, hangsUp('line'), isHungUp('own'), callEnds()),
  ),
  end: 100,
  events: ['Queue 0–40', 'Conversation 40–100 (anna)', 'Menu 40–43'],
  result: 'answered',
  wait: 40,
  toCustomer: null,
  speak: { anna: 60 },
}

/** agent1 and the customer talk from 0, and whoever is left at 180 is hung up. */
const story = (last: readonly string[], ...moments: readonly Moment[]): Recorded[] =>
  tell(
    at(-40, inbound(), arrives('line'), answers('line'), joinsQueue('support')),
    at(
      0,
      ringsAgent('one', 'agent1', { entryId: 'entry-1' }),
      answers('one'),
      leavesQueue('support', 'answered', { agentId: 'agent1' }),
      talking('line', 'one'),
    ),
    ...moments,
    ...(last.length === 0 ? [] : [at(180, hangsUp('line'), ...last.map((leg) => isHungUp(leg)), callEnds())]),
  )

const made = (
  name: string,
  facts: readonly Recorded[],
  events: readonly string[],
  speak: Readonly<Record<string, number>>,
  speakInAll?: number,
  end = 180,
): Case => ({
  name,
  facts,
  end,
  events: ['Queue -40–0', ...events],
  result: 'answered',
  wait: 40,
  toCustomer: null,
  speak,
  ...(speakInAll !== undefined && { speakInAll }),
})

/** agent2 is rung at 55 with the customer on hold, and joined with agent1 at 60. */
const consulted: readonly Moment[] = [
  at(55, held('line'), consults('agent1', { agent: 'agent2' }), ringsAgent('two', 'agent2', { purpose: 'consult' }), rings('two')),
  at(60, answers('two'), consulting('one', 'two')),
]

const blind = at(60, transfers('agent1', true, { agent: 'agent2' }), isHungUp('one'), ringsAgent('two', 'agent2', { purpose: 'transfer' }))

/** agent1 waits in the sales queue from 60. */
const toQueue = at(
  60,
  held('line'),
  consults('agent1', { queue: 'sales' }),
  joinsQueue('sales', 'consult', { entryId: 'entry-2', byLegId: 'one' }),
)

const phoneGone = at(60, isLost('one'), phoneLost('one', 'agent1'), ringsAgent('back', 'agent1', { purpose: 'rungBack' }), rings('back'))

const consultCases: readonly Case[] = [
  made(
    'F1',
    story(['one'], ...consulted, at(100, hangsUp('two'), consultEnds('agent1', 'targetGone'), resumed('line'), talking('line', 'one'))),
    ['Conversation 0–60 (agent1)', 'Consult 60–100 (agent1, agent2)', 'Conversation 100–180 (agent1)'],
    { agent1: 180, agent2: 40 },
    180,
  ),
  made(
    'F2',
    story(
      ['two'],
      ...consulted,
      at(
        100,
        transfers('agent1', false, { agent: 'agent2' }),
        consultEnds('agent1', 'transferred'),
        resumed('line'),
        talking('line', 'two'),
        isHungUp('one'),
      ),
    ),
    ['Conversation 0–60 (agent1)', 'Consult 60–100 (agent1, agent2)', 'Conversation 100–180 (agent2)'],
    { agent1: 100, agent2: 120 },
    180,
  ),
  made(
    'F3',
    story(
      ['one'],
      at(60, held('line'), consults('agent1', { agent: 'agent2' }), ringsAgent('two', 'agent2', { purpose: 'consult' }), rings('two')),
      at(90, ringsOut('two'), consultEnds('agent1', 'targetGone'), resumed('line')),
    ),
    ['Conversation 0–180 (agent1)'],
    { agent1: 180 },
  ),
  made(
    'F7',
    story(
      ['one'],
      toQueue,
      at(
        80,
        ringsAgent('three', 'agent3', { entryId: 'entry-2' }),
        answers('three'),
        leavesQueue('sales', 'answered', { entryId: 'entry-2', agentId: 'agent3' }),
        consulting('one', 'three'),
      ),
      at(100, hangsUp('three'), consultEnds('agent1', 'targetGone'), resumed('line'), talking('line', 'one')),
    ),
    ['Conversation 0–60 (agent1)', 'Consult to queue 60–80 (agent1)', 'Consult 80–100 (agent1, agent3)', 'Conversation 100–180 (agent1)'],
    { agent1: 160, agent3: 20 },
    160,
  ),
  made(
    'F8',
    story(
      ['one'],
      toQueue,
      at(70, ringsAgent('three', 'agent3', { entryId: 'entry-2' }), rings('three')),
      at(
        75,
        leavesQueue('sales', 'withdrawn', { entryId: 'entry-2' }),
        isWithdrawn('three'),
        consultEnds('agent1', 'aborted'),
        resumed('line'),
        talking('line', 'one'),
      ),
    ),
    ['Conversation 0–60 (agent1)', 'Consult to queue 60–75 (agent1)', 'Conversation 75–180 (agent1)'],
    { agent1: 165 },
  ),
  made(
    'F9',
    story(
      ['two'],
      ...consulted,
      at(100, consultEnds('agent1', 'returned'), resumed('line'), talking('line', 'one', 'two')),
      at(150, hangsUp('one')),
    ),
    [
      'Conversation 0–60 (agent1)',
      'Consult 60–100 (agent1, agent2)',
      'Conversation 100–150 (agent1, agent2)',
      'Conversation 150–180 (agent2)',
    ],
    { agent1: 150, agent2: 120 },
    180,
  ),
  made(
    'F11',
    story(
      ['one'],
      at(55, held('line'), consults('agent1', { person: OUTSIDE }), ringsOutside('out', 'consult'), rings('out')),
      at(60, answers('out'), consulting('one', 'out')),
      at(100, hangsUp('out'), consultEnds('agent1', 'targetGone'), resumed('line'), talking('line', 'one')),
    ),
    ['Conversation 0–60 (agent1)', 'Consult 60–100 (agent1, to)', 'Conversation 100–180 (agent1)'],
    { agent1: 180 },
  ),
  made(
    'F14',
    story([], ...consulted, at(80, hangsUp('line')), at(90, hangsUp('two'), isHungUp('one'), callEnds())),
    ['Conversation 0–60 (agent1)', 'Consult 60–90 (agent1, agent2)'],
    { agent1: 90, agent2: 30 },
    90,
    90,
  ),
]

const transferCases: readonly Case[] = [
  made(
    'F4',
    story(['two'], blind, at(60, rings('two')), at(66, answers('two'), talking('line', 'two'))),
    ['Conversation 0–60 (agent1)', 'Conversation 66–180 (agent2)'],
    {
      agent1: 60,
      agent2: 114,
    },
  ),
  made(
    'F5',
    story(
      ['back'],
      blind,
      at(60, rings('two')),
      at(90, ringsOut('two'), transferFails('agent1'), ringsAgent('back', 'agent1', { purpose: 'rungBack' }), rings('back')),
      at(92, answers('back'), talking('line', 'back')),
    ),
    ['Conversation 0–60 (agent1)', 'Conversation 92–180 (agent1)'],
    { agent1: 148 },
  ),
  made(
    'F6',
    story(
      ['two'],
      at(60, transfers('agent1', true, { queue: 'sales' }), isHungUp('one'), joinsQueue('sales', 'line', { entryId: 'entry-2' })),
      at(
        100,
        ringsAgent('two', 'agent2', { entryId: 'entry-2' }),
        answers('two'),
        leavesQueue('sales', 'answered', { entryId: 'entry-2', agentId: 'agent2' }),
        talking('line', 'two'),
      ),
    ),
    ['Conversation 0–60 (agent1)', 'Queue 60–100', 'Conversation 100–180 (agent2)'],
    { agent1: 60, agent2: 80 },
  ),
  made(
    'F10',
    story(
      ['out'],
      at(60, transfers('agent1', true, { person: OUTSIDE }), isHungUp('one'), ringsOutside('out', 'transfer'), rings('out')),
      at(70, answers('out'), talking('line', 'out')),
    ),
    ['Conversation 0–60 (agent1)', 'Conversation 70–180 (to)'],
    { agent1: 60 },
  ),
  made(
    'F12',
    story(['back'], phoneGone, at(64, answers('back'), talking('line', 'back'))),
    ['Conversation 0–60 (agent1)', 'Conversation 64–180 (agent1)'],
    {
      agent1: 176,
    },
  ),
  made(
    'F13',
    story(
      ['two'],
      phoneGone,
      at(80, ringsOut('back'), joinsQueue('support', 'line', { entryId: 'entry-2', place: 'front' })),
      at(
        95,
        ringsAgent('two', 'agent2', { entryId: 'entry-2' }),
        answers('two'),
        leavesQueue('support', 'answered', { entryId: 'entry-2', agentId: 'agent2' }),
        talking('line', 'two'),
      ),
    ),
    ['Conversation 0–60 (agent1)', 'Queue 80–95', 'Conversation 95–180 (agent2)'],
    { agent1: 60, agent2: 85 },
  ),
  made(
    'F13 without a queue',
    story(
      [],
      phoneGone,
      at(80, ringsOut('back'), enters('phoneLost', 'message', 'line')),
      at(84, leavesMenu('phoneLost'), isHungUp('line'), callEnds()),
    ),
    ['Conversation 0–60 (agent1)', 'Menu 80–84'],
    { agent1: 60 },
    60,
    84,
  ),
]

export const talkCases: readonly Case[] = [E1, ...consultCases, ...transferCases]
