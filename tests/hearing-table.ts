/**
 * Who hears whom at each step of a conversation, written once: the simulated network is held to it by its own account of bridges
 * (`tests/hearing.test.ts`), a real Asterisk by the tones each party received (`tests/asterisk/conversations.test.ts`). calls.md 4,
 * archive.md 3.2, 3.3 and 3.6. Both print what they heard as one table, so that the two can be laid side by side.
 */

export const parties = ['customer', 'agent1', 'agent2', 'outside'] as const
export type Party = (typeof parties)[number]

/** `ringing`: the tone that tells that somebody else is rung. */
export type Sound = Party | 'music' | 'ringing'

/** By party: what is heard, in any order. Not named: not on the line. */
export type Hearing = Readonly<Partial<Record<Party, readonly Sound[]>>>

/** `slow` is a colleague whose phone is not answered; `nobody` an outside number that is not; `queue` the one both agents serve. */
export type Callee = Party | 'slow' | 'nobody' | 'queue'

export type AgentName = 'agent1' | 'agent2'

/** What an agent does about a conversation by one key of the desk. */
export type TalkDeed = 'return' | 'mute' | 'unmute' | 'hold' | 'resume' | 'swap' | 'conference' | 'endConsult' | 'giveAway' | 'hangUp'

export type Deed =
  | { readonly who: 'customer'; readonly does: 'calls' }
  | { readonly who: AgentName; readonly does: TalkDeed }
  | { readonly who: AgentName; readonly does: 'dial' | 'consult' | 'transfer'; readonly to: Callee }

interface Step {
  readonly step: string
  /** None: it comes by itself, as when a phone that rang is answered, or its ringing timeout is over. */
  readonly deeds?: readonly Deed[]
  readonly hears: Hearing
}

interface Talk {
  readonly name: string
  readonly steps: readonly Step[]
  /** What the archive tells of it: kinds, in order. */
  readonly stories: readonly { readonly result: string; readonly kinds: readonly string[] }[]
}

const calls: Deed = { who: 'customer', does: 'calls' }
const agent1 = (does: TalkDeed): readonly Deed[] => [{ who: 'agent1', does }]
const asks = (does: 'dial' | 'consult' | 'transfer', to: Callee): readonly Deed[] => [{ who: 'agent1', does, to }]
const together: Hearing = { customer: ['agent1'], agent1: ['customer'] }
const asked: Hearing = { customer: ['music'], agent1: ['agent2'], agent2: ['agent1'] }
const allThree: Hearing = { customer: ['agent1', 'agent2'], agent1: ['agent2', 'customer'], agent2: ['agent1', 'customer'] }
/** The customer and the third of a conversation, while the other agent asks somebody. */
const bothWait: Hearing = { customer: ['music'], agent2: ['music'] }

/** All begin with both agents paused, so that who is asked or called is never offered the caller. */
export const talks: readonly Talk[] = [
  {
    name: 'a caller; a colleague is asked; all three',
    steps: [
      { step: 'waiting in the queue', deeds: [calls], hears: { customer: ['music'] } },
      { step: 'conversation', deeds: agent1('return'), hears: together },
      { step: 'mute', deeds: agent1('mute'), hears: { customer: [], agent1: ['customer'] } },
      { step: 'mute taken back', deeds: agent1('unmute'), hears: together },
      { step: 'hold', deeds: agent1('hold'), hears: { customer: ['music'], agent1: [] } },
      { step: 'hold taken back', deeds: agent1('resume'), hears: together },
      { step: 'consult', deeds: asks('consult', 'agent2'), hears: asked },
      { step: 'swap', deeds: agent1('swap'), hears: { ...together, agent2: ['music'] } },
      { step: 'swap back', deeds: agent1('swap'), hears: asked },
      { step: 'conference', deeds: agent1('conference'), hears: allThree },
      { step: 'agent1 leaves', deeds: agent1('hangUp'), hears: { customer: ['agent2'], agent2: ['customer'] } },
      { step: 'over', deeds: [{ who: 'agent2', does: 'hangUp' }], hears: {} },
    ],
    stories: [
      { result: 'answered', kinds: ['queue', 'conversation', 'consult', 'conversation', 'consult', 'conversation', 'conversation'] },
    ],
  },
  {
    name: 'a caller; all three; one of them asks',
    steps: [
      { step: 'conversation', deeds: [calls, ...agent1('return')], hears: together },
      { step: 'consult', deeds: asks('consult', 'agent2'), hears: asked },
      { step: 'conference', deeds: agent1('conference'), hears: allThree },
      { step: 'asks the queue, waiting', deeds: asks('consult', 'queue'), hears: { ...bothWait, agent1: ['music'] } },
      { step: 'back', deeds: agent1('endConsult'), hears: allThree },
      { step: 'asks outside, ringing', deeds: asks('consult', 'outside'), hears: { ...bothWait, agent1: ['ringing'] } },
      { step: 'with outside', hears: { ...bothWait, agent1: ['outside'], outside: ['agent1'] } },
      { step: 'swap', deeds: agent1('swap'), hears: { ...allThree, outside: ['music'] } },
      { step: 'outside hung up', hears: allThree },
      { step: 'agent1 leaves', deeds: agent1('hangUp'), hears: { customer: ['agent2'], agent2: ['customer'] } },
      { step: 'over', deeds: [{ who: 'agent2', does: 'hangUp' }], hears: {} },
    ],
    stories: [
      {
        result: 'answered',
        kinds: [
          ...['queue', 'conversation', 'consult', 'conversation', 'consultToQueue', 'conversation'],
          ...['consult', 'conversation', 'conversation'],
        ],
      },
    ],
  },
  {
    name: 'a caller; transfer after a consult',
    steps: [
      { step: 'conversation', deeds: [calls, ...agent1('return')], hears: together },
      { step: 'consult', deeds: asks('consult', 'agent2'), hears: asked },
      { step: 'after the transfer', deeds: agent1('giveAway'), hears: { customer: ['agent2'], agent2: ['customer'] } },
      { step: 'over', deeds: [{ who: 'agent2', does: 'hangUp' }], hears: {} },
    ],
    stories: [{ result: 'answered', kinds: ['queue', 'conversation', 'consult', 'conversation'] }],
  },
  {
    name: 'an own call; an outside number is asked, and given it',
    steps: [
      { step: 'ringing', deeds: asks('dial', 'customer'), hears: { agent1: ['ringing'] } },
      { step: 'conversation', hears: together },
      { step: 'consult, ringing', deeds: asks('consult', 'outside'), hears: { customer: ['music'], agent1: ['ringing'] } },
      { step: 'consult', hears: { customer: ['music'], agent1: ['outside'], outside: ['agent1'] } },
      { step: 'after the transfer', deeds: agent1('giveAway'), hears: { customer: ['outside'], outside: ['customer'] } },
      { step: 'over, outside hung up', hears: {} },
    ],
    stories: [{ result: 'answered', kinds: ['queue', 'queueCallback', 'conversation', 'consult', 'conversation'] }],
  },
  {
    name: 'a caller; a blind transfer that fails',
    steps: [
      { step: 'conversation', deeds: [calls, ...agent1('return')], hears: together },
      { step: 'transferred, ringing', deeds: asks('transfer', 'nobody'), hears: { customer: ['music'] } },
      { step: 'after it failed', hears: together },
      { step: 'over', deeds: agent1('hangUp'), hears: {} },
    ],
    stories: [{ result: 'answered', kinds: ['queue', 'conversation', 'conversation'] }],
  },
  {
    name: 'colleagues',
    steps: [
      { step: 'a colleague is rung', deeds: asks('dial', 'slow'), hears: { agent1: ['ringing'] } },
      { step: 'not answered', hears: {} },
      { step: 'conversation', deeds: asks('dial', 'agent2'), hears: { agent1: ['agent2'], agent2: ['agent1'] } },
      { step: 'over', deeds: agent1('hangUp'), hears: {} },
    ],
    stories: [
      { result: 'unanswered', kinds: ['conversation'] },
      { result: 'answered', kinds: ['conversation', 'consult'] },
    ],
  },
]

/** Differences in words; none: each party hears exactly what it should. */
export const misheard = (expected: Hearing, heard: Hearing): readonly string[] =>
  parties.flatMap((party) => {
    const [should, does] = [expected[party], heard[party]].map((sounds) => (sounds === undefined ? 'off the line' : written(sounds)))
    return should === does ? [] : [`${party} should be ${should}, is ${does}`]
  })

const written = (sounds: readonly Sound[]): string => `hearing ${sounds.length === 0 ? 'nobody' : [...sounds].sort().join(' and ')}`

/** What was heard, step by step: `–` is not on the line. */
export const table = (
  network: string,
  rows: readonly { readonly talk: string; readonly step: string; readonly heard: Hearing }[],
): string => {
  const heads = ['step', ...parties.map((party) => `${party} hears`)]
  const cells = rows.map(({ step, heard }) => [
    step,
    ...parties.map((party) => {
      const sounds = heard[party]
      return sounds === undefined ? '–' : sounds.length === 0 ? 'nobody' : [...sounds].sort().join(', ')
    }),
  ])
  const widths = heads.map((head, at) => Math.max(head.length, ...cells.map((row) => row[at]?.length ?? 0)))
  const line = (row: readonly string[]): string => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`
  const body = rows.map(({ talk }, at) => (talk === rows[at - 1]?.talk ? '' : `${talk}:\n`) + line(cells[at] ?? []))
  return `\nwho hears whom, ${network}\n${line(heads)}${body.join('')}`
}
