/** Several campaigns with the same agents: who has them, and how they go from one to the other. dialler.md 1 */
import { describe, expect, it } from 'vitest'
import type { Solution } from '../solution/solution.ts'
import { Campaigning, contactOf, SECOND } from '../world/campaign.support.ts'
import { agentOf, NINE, queueOf, solutionOf } from '../world/stage.support.ts'
import { countAgents } from './counting.ts'
import type { Settings } from './settings.ts'

const CENTRE = solutionOf([queueOf('support')], [agentOf('a'), agentOf('b')])

class Two extends Campaigning {
  readonly #centre: Solution

  /** `spring` runs, and the agents are there, `a` longer ready than `b`. */
  constructor(settings: Partial<Settings>, centre = CENTRE) {
    super(settings, centre, NINE)
    this.#centre = centre
    for (const id of Object.keys(centre.agents)) {
      this.logOn(id)
      this.wait(SECOND)
    }
  }

  autumn(settings: Partial<Settings>): void {
    this.writes(settings, 'autumn')
    this.ask({ type: 'campaign.start', by: 'supervisor', campaignId: 'autumn' })
  }

  runsDry(campaignId = this.id): void {
    this.do({ type: 'campaign.drew', campaignId, dry: 'later' })
  }

  /** A contact of spring's is dialled, answers, and talks with the agent whose turn it is. */
  talks(contactId: string): void {
    this.deals(contactOf(contactId))
    this.answers(this.contact(contactId))
    const ringing = [...this.world.agents.values()].find(({ status }) => status === 'connecting')
    this.answers(ringing?.matter?.legId ?? 'none')
  }

  /** `a b`, of all groups but those away: in the snapshot of a campaign, new calls counting on them. */
  agents(id: string): string {
    const { idle = [], talking = [], wrapping = [] } = countAgents(this.world, this.#centre).get(id) ?? {}
    return [...idle, ...talking, ...wrapping].map((agent) => agent.id).join(' ') || '–'
  }

  leaving = (id = this.id): string =>
    countAgents(this.world, this.#centre)
      .get(id)
      ?.leaving.map((agent) => agent.id)
      .join(' ') || '–'

  promises = (): readonly string[] => this.all('agent.promised').map(({ agentId, from, to }) => `${agentId}: ${from} → ${to ?? 'nobody'}`)
}

const spoil = (stage: Two): void => {
  for (const id of ['1', '2', '3']) {
    stage.deals(contactOf(id))
    stage.ends(stage.contact(id), 'failed', 'network')
  }
}

/** Spring comes before autumn; both run, and have been looked through. */
const STANDS: Readonly<Record<string, (stage: Two) => void>> = {
  'can be dialled': () => undefined,
  'is paused': (stage) => stage.ask({ type: 'campaign.pause', by: 'supervisor', campaignId: 'spring' }),
  'has run dry': (stage) => stage.runsDry(),
  'has run dry, as autumn has': (stage) => {
    stage.runsDry()
    stage.runsDry('autumn')
  },
  'was dry, and was written anew': (stage) => {
    stage.runsDry()
    stage.writes({ priority: 1 })
  },
  'was dry, and somebody is due': (stage) => {
    stage.runsDry()
    stage.do({ type: 'campaign.drew', campaignId: 'spring', dry: null })
  },
  'has one line': (stage) => stage.writes({ priority: 1, liveMax: 1 }),
  'has no line left': (stage) => {
    stage.writes({ priority: 1, liveMax: 1 })
    stage.talks('1')
  },
  'has its day’s limit of silent calls behind it': (stage) => {
    stage.writes({ priority: 1, mode: 'predictive', silentTarget: 0.001 })
    for (const agentId of ['a', 'b']) {
      stage.deals(contactOf(agentId))
      const line = stage.contact(agentId)
      stage.answers(line)
      stage.ends(line)
    }
  },
  'is spoilt by the network': spoil,
  'is spoilt, and may try again': (stage) => {
    spoil(stage)
    stage.wait(30 * SECOND)
    stage.writes({}, 'winter')
  },
  'prefers to show cards': (stage) => stage.writes({ priority: 1, mode: 'preview' }),
  'shows cards, and has run dry': (stage) => {
    stage.writes({ priority: 1, mode: 'preview' })
    stage.runsDry()
  },
}

const TABLE = `
  spring                                          has    autumn has
  can be dialled                                  a b    –
  is paused                                       –      a b
  has run dry                                     –      a b
  has run dry, as autumn has                      a b    –
  was dry, and was written anew                   a b    –
  was dry, and somebody is due                    a b    –
  has one line                                    a      b
  has no line left                                a      b
  has its day’s limit of silent calls behind it   a b    –
  is spoilt by the network                        –      a b
  is spoilt, and may try again                    a      b
  prefers to show cards                           a b    –
  shows cards, and has run dry                    –      a b
`
const rows = TABLE.trim()
  .split('\n')
  .slice(1)
  .map((line) => line.trim().split(/ {2,}/) as [string, string, string])

describe('of two campaigns the one that comes first has the agents it can use', () => {
  it('the table has a row for everything that is tried', () => {
    expect(rows.map(([stand]) => stand)).toEqual(Object.keys(STANDS))
  })

  it.each(rows)('%s', (stand, spring, autumn) => {
    const stage = new Two({ priority: 1 })
    stage.autumn({})
    STANDS[stand]?.(stage)
    for (const agentId of ['a', 'b']) if (stage.status(agentId) === 'connecting') stage.ends(stage.phoneOf(agentId))
    expect([stage.agents('spring'), stage.agents('autumn')]).toEqual([spring, autumn])
  })

  it('an agent for whom alone a contact waits is wanted, and no other', () => {
    const stage = new Two({ priority: 1 })
    stage.autumn({})
    stage.pause('b')
    stage.deals(contactOf('1', { agentFirst: true, forAgent: 'b' }))
    stage.runsDry()
    expect([stage.agents('spring'), stage.agents('autumn')]).toEqual(['–', 'a'])
    stage.back('b')
    expect([stage.card('b'), stage.agents('autumn')]).toEqual(['1', 'a'])
  })

  it('a lower one’s card lies ready for the agents a dry list lets go', () => {
    const stage = new Two({ priority: 1 })
    stage.autumn({ mode: 'preview' })
    stage.do({ type: 'contacts.deal', campaignId: 'autumn', contacts: [contactOf('1')] })
    expect(stage.card('a')).toBeNull()
    stage.runsDry()
    expect(stage.card('a')).toBe('1')
  })
})

describe('equal campaigns', () => {
  it('have one agent in turn, whether anybody answers or not', () => {
    const stage = new Two({}, solutionOf([queueOf('support')], [agentOf('a')]))
    stage.autumn({})
    const dialled: string[] = []
    for (let time = 1; time <= 4; time += 1) {
      const campaignId = stage.agents('spring') === 'a' ? 'spring' : 'autumn'
      dialled.push(campaignId)
      stage.do({ type: 'contacts.deal', campaignId, contacts: [contactOf(`${time}`)] })
      stage.ends(stage.contact(`${time}`), 'busy')
    }
    expect(dialled).toEqual(['autumn', 'spring', 'autumn', 'spring'])
  })

  it('show one agent their cards in turn, also where he takes none of them', () => {
    const stage = new Two({ mode: 'preview' }, solutionOf([queueOf('support')], [agentOf('a')]))
    stage.autumn({ mode: 'preview' })
    stage.deals(contactOf('spring'))
    stage.do({ type: 'contacts.deal', campaignId: 'autumn', contacts: [contactOf('autumn')] })
    const shown: (string | null)[] = []
    for (let time = 1; time <= 4; time += 1) {
      shown.push(stage.card('a'))
      stage.presses('reject', 'a')
      stage.wait(31 * SECOND)
    }
    expect(shown).toEqual(['autumn', 'spring', 'autumn', 'spring'])
  })
})

describe('a campaign that dials on its busy agents', () => {
  const PREDICTIVE = { mode: 'predictive', wrapUpMs: 0 } as const

  it('promises them to one that comes first before it dials anybody more, and counts on them no longer', () => {
    const stage = new Two(PREDICTIVE)
    stage.talks('1')
    stage.talks('2')
    expect(stage.draws(3)).toBe(3)
    stage.autumn({ priority: 5 })
    expect(stage.draws(3)).toBe(0)
    expect(stage.promises()).toEqual(['a: spring → autumn', 'b: spring → autumn'])
    expect([stage.agents('spring'), stage.leaving(), stage.agents('autumn')]).toEqual(['–', 'a b', '–'])
    stage.wait(SECOND)
    expect(stage.draws(3)).toBe(0)
    stage.ends(stage.contact('1'))
    expect([stage.leaving(), stage.agents('autumn')]).toEqual(['b', 'a'])
  })

  it('honours the calls that were in the air: they may still have a promised agent, and when they are over he goes', () => {
    for (const outcome of ['answers', 'is busy'] as const) {
      const stage = new Two(PREDICTIVE)
      stage.talks('1')
      stage.talks('2')
      stage.deals(contactOf('3'))
      stage.autumn({ priority: 5 })
      stage.draws(3)
      stage.wait(SECOND)
      stage.ends(stage.contact('1'))
      expect([stage.status('a'), stage.leaving(), stage.agents('autumn')]).toEqual(['ready', 'b a', '–'])
      if (outcome === 'answers') {
        stage.answers(stage.contact('3'))
        expect(stage.call(stage.phoneOf('a'))?.contact?.contactId).toBe('3')
      } else {
        stage.ends(stage.contact('3'), 'busy')
        expect(stage.agents('autumn')).toBe('a')
      }
    }
  })

  it('keeps those the other cannot use, and calls dialled on them are not for those promised', () => {
    const skilled = solutionOf([queueOf('support')], [agentOf('a', { skills: { sales: 1 } }), agentOf('b', { skills: { other: 1 } })])
    const stage = new Two(PREDICTIVE, skilled)
    stage.talks('1')
    stage.talks('2')
    stage.autumn({ priority: 5, skill: 'sales' })
    // What was asked for was asked with a in mind; it is asked again without.
    expect(stage.draws(2)).toBe(0)
    expect(stage.promises()).toEqual(['a: spring → autumn'])
    stage.wait(SECOND)
    expect(stage.draws(2)).toBe(2)
    expect(stage.deals(contactOf('3'), contactOf('4'))).toEqual(['3', '4'])
    stage.ends(stage.contact('1'))
    expect([stage.agents('spring'), stage.agents('autumn')]).toEqual(['b', 'a'])
    stage.answers(stage.contact('3'))
    expect(stage.status('a')).toBe('ready')
    stage.ends(stage.contact('2'))
    expect(stage.call(stage.phoneOf('b'))?.contact?.contactId).toBe('3')
  })

  it('one call that was in the air keeps one agent, whatever has been dialled on others since', () => {
    const skilled = solutionOf([queueOf('support')], [agentOf('a', { skills: { sales: 1 } }), agentOf('b', { skills: { other: 1 } })])
    const stage = new Two(PREDICTIVE, skilled)
    stage.talks('1')
    stage.talks('2')
    stage.deals(contactOf('3'))
    stage.autumn({ priority: 5, skill: 'sales' })
    stage.draws(2)
    stage.wait(SECOND)
    expect(stage.deals(contactOf('4'))).toEqual(['4'])
    stage.ends(stage.contact('2'))
    stage.wait(SECOND)
    stage.ends(stage.contact('1'))
    expect([stage.agents('spring'), stage.agents('autumn')]).toEqual(['b', 'a'])
  })

  it('has them back when the other can use nobody any more', () => {
    const stage = new Two(PREDICTIVE)
    stage.talks('1')
    stage.talks('2')
    stage.autumn({ priority: 5 })
    stage.draws(3)
    stage.wait(SECOND)
    stage.runsDry('autumn')
    expect(stage.promises().slice(2)).toEqual(['a: spring → nobody', 'b: spring → nobody'])
    expect([stage.agents('spring'), stage.leaving()]).toEqual(['a b', '–'])
    expect(stage.draws(3)).toBe(3)
  })

  it('promises no more than the other has lines for', () => {
    const stage = new Two(PREDICTIVE)
    stage.talks('1')
    stage.talks('2')
    stage.autumn({ priority: 5, liveMax: 1 })
    stage.draws(3)
    stage.wait(SECOND)
    stage.draws(3)
    expect(stage.promises()).toEqual(['a: spring → autumn'])
  })

  it('gives an equal one as many as it keeps; and its only one after each turn', () => {
    const stage = new Two(PREDICTIVE)
    stage.talks('1')
    stage.talks('2')
    stage.autumn(PREDICTIVE)
    stage.draws(3)
    stage.wait(SECOND)
    stage.draws(3)
    expect(stage.promises()).toEqual(['a: spring → autumn'])
    const alone = new Two(PREDICTIVE, solutionOf([queueOf('support')], [agentOf('a')]))
    alone.talks('1')
    alone.autumn(PREDICTIVE)
    alone.draws(3)
    expect(alone.promises()).toEqual(['a: spring → autumn'])
    expect(alone.deals(contactOf('2'))).toEqual([])
  })

  it('and one that does not has nothing to promise: whoever becomes ready is free', () => {
    const stage = new Two({ mode: 'progressive' })
    stage.talks('1')
    stage.talks('2')
    stage.autumn({ priority: 5 })
    expect(stage.draws(3)).toBe(0)
    stage.ends(stage.contact('1'))
    expect([stage.promises(), stage.agents('autumn')]).toEqual([[], 'a'])
  })
})

it.each([
  { of: 'an equal one', settings: { priority: 1 } },
  { of: 'one that comes first', settings: { priority: 5, liveMax: 1 } },
])('who dials more than it has agents does not get those of $of for it', ({ settings }) => {
  const stage = new Two({ mode: 'predictive', priority: 1 })
  stage.autumn({ mode: 'predictive', ...settings })
  expect([stage.agents('spring'), stage.agents('autumn')]).toEqual(['b', 'a'])
  stage.deals(contactOf('1'), contactOf('2'), contactOf('3'))
  expect([stage.agents('spring'), stage.agents('autumn')].sort()).toEqual(['a', 'b'])
  stage.answers(stage.contact('1'))
  stage.answers(stage.contact('2'))
  expect(['a', 'b'].map((id) => stage.status(id)).sort()).toEqual(['connecting', 'ready'])
})

it('calls of equal campaigns that dial more than there are agents find each its own', () => {
  const stage = new Two({ mode: 'predictive' })
  stage.autumn({ mode: 'predictive' })
  const deal = (campaignId: string, ...ids: readonly string[]) =>
    stage.do({ type: 'contacts.deal', campaignId, contacts: ids.map((id) => contactOf(id)) })
  deal('autumn', '1', '2', '3')
  deal('spring', '4', '5')
  stage.answers(stage.contact('4'))
  stage.answers(stage.contact('1'))
  const of = (agentId: string) => stage.call(stage.phoneOf(agentId))?.contact?.contactId
  expect([of('a'), of('b')].sort()).toEqual(['1', '4'])
})
