/** The rules' own facts, projected, tell the stories of archive.md 3.4 with the measures of its section 4. */
import { describe, expect, it } from 'vitest'
import { allCases } from '../archive/cases/all.ts'
import { T0 } from '../archive/cases/script.ts'
import { rows } from '../archive/cases/shape.ts'
import { projectCall } from '../archive/projection.ts'
import type { Settings } from '../campaign/settings.ts'
import { callOf } from '../facts.ts'
import { Campaigning, centre, contactOf, SECOND } from './campaign.support.ts'
import { agentOf, queueOf, solutionOf } from './stage.support.ts'

const until = (stage: Campaigning, seconds: number): void => stage.wait(T0 + seconds * SECOND - stage.at)

function preview(...agents: readonly string[]): Campaigning {
  const stage = new Campaigning(
    { mode: 'preview' },
    solutionOf(
      [queueOf('support')],
      agents.map((id) => agentOf(id)),
    ),
    T0,
  )
  stage.logOn(...agents)
  for (const agent of agents) stage.pause(agent)
  stage.deals(contactOf('7'))
  return stage
}

function first(settings: Partial<Settings> = {}): Campaigning {
  const stage = new Campaigning({ mode: 'progressive', ...settings }, centre(), T0)
  stage.logOn('anna')
  stage.deals(contactOf('7'))
  until(stage, 2)
  stage.rings(stage.contact('7'))
  return stage
}

/** Card, Call, own phone at 3600, and the contact's phone rings. */
function called(stage: Campaigning): void {
  until(stage, 3_598)
  stage.back('anna')
  until(stage, 3_599)
  stage.presses('call', 'anna')
  until(stage, 3_600)
  stage.answers(stage.phoneOf('anna'))
  stage.rings(stage.contact('7'))
}

/** Nobody is there when the contact answers at 14. */
function unattended(stage: Campaigning): void {
  until(stage, 13)
  stage.do({ type: 'phone.lose', agentId: 'anna' })
  until(stage, 14)
  stage.answers(stage.contact('7'))
}

const scripts: Readonly<Record<string, () => Campaigning>> = {
  D1: () => {
    const stage = preview('anna')
    called(stage)
    until(stage, 3_615)
    stage.answers(stage.contact('7'))
    until(stage, 3_700)
    stage.ends(stage.contact('7'))
    return stage
  },
  D2: () => {
    const stage = preview('anna')
    until(stage, 3_600)
    stage.back('anna')
    until(stage, 3_605)
    stage.presses('cancel', 'anna')
    return stage
  },
  D3: () => {
    const stage = first()
    until(stage, 14)
    stage.answers(stage.contact('7'))
    until(stage, 15)
    stage.answers(stage.phoneOf('anna'))
    until(stage, 90)
    stage.ends(stage.contact('7'))
    return stage
  },
  D4: () => {
    const stage = first({ ringMs: 29_000 })
    until(stage, 60)
    return stage
  },
  D5: () => {
    const stage = first()
    unattended(stage)
    until(stage, 21)
    stage.hear(stage.contact('7'))
    return stage
  },
  D6: () => {
    const stage = first({ silentMessage: { on: false, reason: 'a trial' } })
    unattended(stage)
    until(stage, 30)
    return stage
  },
  D7: () => {
    const stage = preview('anna')
    until(stage, 900)
    stage.ask({ type: 'campaign.stop', by: 'supervisor', campaignId: 'spring' })
    return stage
  },
  D8: () => {
    const stage = preview('anna')
    called(stage)
    until(stage, 3_700)
    return stage
  },
  D9: () => {
    const stage = preview('agent1', 'agent2')
    until(stage, 3_600)
    stage.back('agent1')
    until(stage, 3_603)
    stage.presses('reject', 'agent1')
    stage.back('agent2')
    until(stage, 3_607)
    stage.presses('call', 'agent2')
    until(stage, 3_608)
    stage.answers(stage.phoneOf('agent2'))
    until(stage, 3_620)
    stage.answers(stage.contact('7'))
    until(stage, 3_700)
    stage.ends(stage.contact('7'))
    return stage
  },
  D10: () => {
    const stage = preview('anna')
    called(stage)
    until(stage, 3_609)
    stage.presses('cancel', 'anna')
    return stage
  },
}

const settled: Readonly<Record<string, string>> = {
  D1: '7 answered → done',
  D2: '7 notCalled (not counted) → never',
  D3: '7 answered → done',
  D4: '7 unanswered → again',
  D5: '7 silent → again',
  D6: '7 silent → again',
  D7: '7 notCalled (not counted) → back',
  D8: '7 unanswered → again',
  D9: '7 answered → done',
  D10: '7 cancelled → never',
}

describe('the cases of the dialler', () => {
  it.each(Object.entries(scripts))('%s', (name, script) => {
    const stage = script()
    const own = stage.facts.filter(({ fact }) => callOf(fact) !== undefined && !fact.type.startsWith('agent.'))
    const told = allCases.find((one) => one.name === name)
    if (told === undefined) throw new Error(`no case ${name}`)
    const story = projectCall(own)
    expect(rows(story)).toEqual(told.events)
    expect({
      end: ((story.endedAt ?? 0) - T0) / SECOND,
      result: story.result,
      wait: story.waitMs === null ? null : story.waitMs / SECOND,
      toCustomer: story.waitToCustomerMs === null ? null : story.waitToCustomerMs / SECOND,
      speak: Object.fromEntries(story.agents.map(({ id, speakMs }) => [id, speakMs / SECOND])),
    }).toEqual({ end: told.end, result: told.result, wait: told.wait, toCustomer: told.toCustomer, speak: told.speak })
    expect({ campaign: story.campaignId, contact: story.contactId, attempt: story.attempt }).toEqual({
      campaign: 'spring',
      contact: '7',
      attempt: 1,
    })
    expect(stage.settled().map((line) => line.replace(/ \+.*/, ''))).toEqual([settled[name]])
    expect(stage.world.calls.size).toBe(0)
  })
})
