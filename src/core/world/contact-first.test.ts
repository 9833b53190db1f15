/** Who is rung first, and when the other is: never before whoever is to be first has answered. dialler.md 1 */
import { describe, expect, it } from 'vitest'
import { lawsBroken } from '../archive/law.ts'
import { projectCall } from '../archive/projection.ts'
import type { Settings } from '../campaign/settings.ts'
import { callOf } from '../facts.ts'
import { Campaigning, contactOf, SECOND } from './campaign.support.ts'
import { contactFactsBroken } from './campaign-laws.support.ts'
import { agentOf, queueOf, solutionOf } from './stage.support.ts'

const CENTRE = solutionOf([queueOf('support')], [agentOf('anna'), agentOf('bo')])
const MODES: readonly Settings['mode'][] = ['progressive', 'power', 'predictive']

/** A contact has been dialled for anna; who has been rung by now. */
function dialled(mode: Settings['mode']): Campaigning {
  const stage = new Campaigning({ mode }, CENTRE)
  stage.logOn('anna')
  stage.deals(contactOf('7'))
  return stage
}
const rung = (stage: Campaigning): string =>
  stage
    .all('leg.requested')
    .flatMap(({ agentId }) => agentId ?? [])
    .join(' ') || '–'

const DEEDS: Readonly<Record<string, (stage: Campaigning) => unknown>> = {
  'the contact is dialled': () => undefined,
  'its phone rings': (stage) => stage.rings(stage.contact('7')),
  'it rings for 29 s': (stage) => {
    stage.rings(stage.contact('7'))
    stage.wait(29 * SECOND)
  },
  'nobody answers': (stage) => {
    stage.rings(stage.contact('7'))
    stage.wait(31 * SECOND)
  },
  'it is busy': (stage) => stage.ends(stage.contact('7'), 'busy'),
  'it answers': (stage) => stage.answers(stage.contact('7')),
  'it answers, and hangs up at once': (stage) => {
    const legId = stage.contact('7')
    stage.answers(legId)
    stage.ends(legId)
  },
}

/** Beside what has happened to the contact: an agent who becomes ready then is not rung for it either. */
const TABLE = `
                                    anna    bo logs on
  the contact is dialled            –       –
  its phone rings                   –       –
  it rings for 29 s                 –       –
  nobody answers                    –       –
  it is busy                        –       –
  it answers                        anna    anna
  it answers, and hangs up at once  anna    anna
`
const rows = TABLE.trim()
  .split('\n')
  .slice(1)
  .map((line) => line.trim().split(/ {2,}/) as [string, string, string])

describe.each(MODES)('%s: the agents rung by the time', (mode) => {
  it('the table has a row for everything that is tried', () => {
    expect(rows.map(([deed]) => deed)).toEqual(Object.keys(DEEDS))
  })

  it.each(rows)('%s', (deed, alone, withBo) => {
    for (const [comes, expected] of [
      [false, alone],
      [true, withBo],
    ] as const) {
      const stage = dialled(mode)
      DEEDS[deed]?.(stage)
      if (comes) stage.logOn('bo')
      expect(rung(stage)).toBe(expected)
      expect(contactFactsBroken(stage.facts).filter((fault) => fault.includes('before'))).toEqual([])
    }
  })

  it('who answers with nobody free has the agent who comes', () => {
    const stage = dialled(mode)
    stage.pause('anna')
    stage.pause('anna')
    stage.answers(stage.contact('7'))
    expect(rung(stage)).toBe('–')
    stage.back('anna')
    expect(rung(stage)).toBe('anna')
  })
})

describe('preview: the agent is first', () => {
  it('the contact is rung when the agent’s own phone has been answered, and not at Call', () => {
    const stage = new Campaigning({ mode: 'preview' }, CENTRE)
    stage.logOn('anna')
    stage.deals(contactOf('7'))
    const parties = () => stage.all('leg.requested').map(({ party }) => party)
    expect(parties()).toEqual([])
    stage.presses('call', 'anna')
    expect(parties()).toEqual(['agent'])
    stage.answers(stage.phoneOf('anna'))
    expect(parties()).toEqual(['agent', 'customer'])
    expect(contactFactsBroken(stage.facts)).toEqual([])
  })

  it('an agent’s phone was hung up unseen, and the campaign stopped meanwhile: the contact waited until that was learnt', () => {
    const stage = new Campaigning({ mode: 'preview' }, CENTRE)
    stage.logOn('anna')
    stage.deals(contactOf('7'))
    stage.presses('call', 'anna')
    const [callId, legId] = [stage.callOf('7'), stage.phoneOf('anna')]
    const hungUpAt = stage.at + 2 * SECOND
    stage.wait(4 * SECOND)
    stage.ask({ type: 'campaign.stop', by: 'supervisor', campaignId: 'spring' })
    stage.wait(4 * SECOND)
    const end = { type: 'leg.end', legId, outcome: 'rejected', by: 'party', cause: 21, happenedAt: hungUpAt, reconciled: true } as const
    stage.do({ type: 'legs.learn', callId, legs: [end] })
    const story = projectCall(stage.facts.filter(({ fact }) => callOf(fact) === callId))
    expect(lawsBroken(story)).toEqual([])
    expect([story.result, story.endedAt]).toEqual(['deleted', stage.at])
    expect(stage.settled()).toEqual(['7 notCalled (not counted) → back'])
  })
})
