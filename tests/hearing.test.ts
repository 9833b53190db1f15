/** The table of who hears whom, on the simulated network: by its own account of bridges and music, in virtual time. */
import { afterAll, describe, expect, it } from 'vitest'
import { playScenario, readScenario } from '#app/play.ts'
import { type AgentName, type Callee, type Deed, type Hearing, type parties, type Sound, table, talks } from './hearing-table.ts'

const ours = '+46850000000'
const numbers: Readonly<Partial<Record<Callee, string>>> = {
  customer: '+46701740612',
  outside: '+46701740613',
  nobody: '+46701740606',
}
/** Between steps: longer than any ring here lasts. A step is looked at while phones still ring that are to be answered. */
const [STEP, LOOK, RING, ANSWER] = [30, 3, 15, 6]

const callee = (to: Callee): string => numbers[to] ?? (to === 'queue' ? 'queue:support' : `agent:${to}`)
const named = (sound: Sound): string => (sound === 'music' ? 'music:default' : sound === 'ringing' ? 'music:ringing' : nameOf(sound))
const nameOf = (party: (typeof parties)[number]): string => numbers[party] ?? party
/** Everybody is named: whoever is not on the line hears nothing, and a party on the line that should not be is told. */
const who = (hears: Hearing): object =>
  Object.fromEntries(Object.entries(hears).map(([party, sounds]) => [nameOf(party as (typeof parties)[number]), sounds.map(named)]))

const words: Readonly<Record<string, string>> = { giveAway: 'transfer', endConsult: 'abortConsult' }
const written = (deed: Deed, at: number): object => {
  if ('to' in deed) return { at, do: deed.does, to: callee(deed.to) }
  return { at, do: words[deed.does] ?? deed.does }
}

const scenarioOf = ({ name, steps, stories }: (typeof talks)[number]): object => {
  const deedsOf = (agent: AgentName) =>
    steps.flatMap((step, index) => (step.deeds ?? []).filter((deed) => deed.who === agent).map((deed) => written(deed, index * STEP)))
  const called = steps.findIndex((step) => step.deeds?.some((deed) => deed.does === 'calls'))
  return {
    name,
    settings: {
      numbers: { [ours]: { queue: 'support' } },
      queues: { support: {} },
      agents: { agent1: {}, agent2: {}, slow: {} },
      outbound: { ringSeconds: RING },
    },
    people: {
      [callee('customer')]: {
        ...(called < 0 ? {} : { calls: [{ at: called * STEP, to: ours }] }),
        whenCalled: [{ answersAfter: ANSWER }],
      },
      // Hangs up in the step after the one after it answered.
      [callee('outside')]: { whenCalled: [{ answersAfter: ANSWER, talks: 2 * STEP }] },
      [callee('nobody')]: { whenCalled: [{ rings: 300 }] },
    },
    agents: {
      agent1: { starts: 'paused', answersAfter: 1, does: deedsOf('agent1') },
      agent2: { starts: 'paused', answersAfter: 1, does: deedsOf('agent2') },
      slow: { starts: 'paused', whenCalled: [{ rings: 300 }] },
    },
    expect: {
      calls: stories.map(({ result, kinds }) => ({ result, events: kinds.map((kind) => ({ kind })) })),
      hears: steps.map((step, index) => ({ at: index * STEP + LOOK, who: who(step.hears) })),
    },
  }
}

describe('who hears whom on the simulated network', () => {
  const rows: { readonly talk: string; readonly step: string; readonly heard: Hearing }[] = []
  afterAll(() => void process.stdout.write(table('the simulated network', rows)))

  it.each(talks)('$name', async (talk) => {
    const read = readScenario(JSON.stringify(scenarioOf(talk)))
    if ('errors' in read) throw new Error(JSON.stringify(read.errors))
    const said: string[] = []
    const played = await playScenario(read, (line) => said.push(line))
    expect([...played.differences, ...said]).toEqual([])
    // Each row was heard as it is written here: anything else is a difference.
    rows.push(...talk.steps.map(({ step, hears }) => ({ talk: talk.name, step, heard: hears })))
  })
})
