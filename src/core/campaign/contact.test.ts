import { describe, expect, it } from 'vitest'
import type { EntryLeftReason, LegOutcome } from '../facts.ts'
import { isRefused } from '../kernel/kernel.ts'
import { answers, tableOf } from '../kernel/table.support.ts'
import { settingsOf } from '../world/campaign.support.ts'
import { COUNTED } from './campaign.ts'
import * as Contact from './contact.ts'
import type { Settings } from './settings.ts'

const callId = 'c1'
const entryId = 'e1'
const dealt = (change: Partial<Extract<Contact.Fact, { type: 'contact.dealt' }>> = {}): Contact.State =>
  Contact.initial({
    type: 'contact.dealt',
    callId,
    campaignId: 'spring',
    contactId: '7',
    entryId,
    number: 1,
    numbersLeft: 1,
    tries: 0,
    until: null,
    agentFirst: false,
    ...change,
  })
type Reads = Parameters<typeof Contact.evolve>[1]
const grown = (state: Contact.State, ...facts: readonly (readonly [Reads, ('customer' | 'agent')?])[]): Contact.State =>
  facts.reduce((one, [fact, party]) => Contact.evolve(one, fact, 1_000, party ?? null), state)

const ringsContact = [{ type: 'leg.requested', callId, legId: 'l1', party: 'customer', entryId, ringUntil: 31_000 }, 'customer'] as const
const ringsAgent = [
  { type: 'leg.requested', callId, legId: 'l2', party: 'agent', agentId: 'anna', entryId, ringUntil: 31_000 },
  'agent',
] as const
const left = (reason: EntryLeftReason, why?: 'stopped' | 'outsideHours' | 'doNotCall' | 'neverCallAgain'): readonly [Reads] => [
  { type: 'entry.left', callId, entryId, queueId: 'spring', reason, ...(why === undefined ? {} : { by: 'system', why }) },
]
const shownFact = [{ type: 'card.shown', callId, entryId, agentId: 'anna', until: 61_000, callsAt: null }] as const

const dialling = grown(dealt(), ringsContact)
const answered = grown(dialling, [{ type: 'contact.answered', callId, silentAt: 3_000 }])
const silent = grown(answered, [{ type: 'contact.silent', callId }], left('noAgents'))
const waiting = dealt({ agentFirst: true, forAgent: 'anna' })
const shown = grown(waiting, shownFact)
const calling = grown(shown, ringsAgent)
const joined = grown(answered, left('answered'))
const gone = grown(dialling, left('unreached'))
const states: Readonly<Record<Contact.State['status'], Contact.State>> = {
  dialling,
  answered,
  waiting,
  shown,
  calling,
  joined,
  silent,
  gone,
  settled: { ...joined, status: 'settled' },
}

const ended: Contact.Ended = { outcome: 'unanswered', rungMs: 30_000, calling: false, byAgent: false, before: COUNTED, endedAt: 100_000 }
const settle = (change: Partial<Contact.Ended> = {}, settings: Partial<Settings> = {}): Contact.Command => ({
  type: 'settle',
  settings: settingsOf(settings),
  ...ended,
  ...change,
})
const commands: Readonly<Record<string, Contact.Command>> = {
  answer: { type: 'answer', answeredAt: 1_000, silentAfterMs: 2_000 },
  silent: { type: 'fallSilent' },
  show: { type: 'show', agentId: 'anna', cardMs: 60_000, autoCallMs: null },
  hide: { type: 'hide', why: 'rejected' },
  mark: { type: 'mark', agentId: 'anna' },
  reschedule: { type: 'reschedule', agentId: 'anna', at: 90_000, forAgent: null },
  release: { type: 'release' },
  topics: { type: 'setTopics', agentId: 'anna', topics: ['moved'] },
  settle: settle(),
}

describe('a contact under way', () => {
  it('answers every command in every state', () => {
    expect(answers(states, commands, (state, command) => Contact.decide(state, command, 2_000), 'contact.')).toEqual(
      tableOf(`
                 | answer   | silent | show       | hide      | mark             | reschedule  | release  | topics      | settle
        dialling | answered | –      | –          | –         | ✗ notTalked      | ✗ notTalked | –        | ✗ notTalked | –
        answered | –        | silent | –          | –         | ✗ notTalked      | ✗ notTalked | –        | ✗ notTalked | –
        waiting  | –        | –      | card.shown | –         | ✗ notTalked      | ✗ notTalked | released | ✗ notTalked | –
        shown    | –        | –      | –          | card.gone | ✗ notTalked      | rescheduled | released | topicsSet   | –
        calling  | –        | –      | –          | –         | ✗ notTalked      | ✗ notTalked | released | ✗ notTalked | –
        joined   | –        | –      | –          | –         | markedUnanswered | rescheduled | –        | topicsSet   | settled
        silent   | –        | –      | –          | –         | ✗ notTalked      | ✗ notTalked | –        | ✗ notTalked | settled
        gone     | –        | –      | –          | –         | ✗ notTalked      | ✗ notTalked | –        | ✗ notTalked | settled
        settled  | –        | –      | –          | –         | ✗ notTalked      | ✗ notTalked | –        | ✗ notTalked | –
      `),
    )
  })

  it('an agent must be there within the limit from the answer, whenever that was learnt', () => {
    expect(Contact.decide(dialling, { type: 'answer', answeredAt: 500, silentAfterMs: 2_000 }, 9_000)).toEqual([
      { type: 'contact.answered', callId, silentAt: 2_500 },
    ])
  })

  it('is released where it was one agent’s alone, and only there', () => {
    const whose = (state: Contact.State) => Contact.decide(state, { type: 'release' }, 2_000)
    expect(whose(waiting)).toEqual([{ type: 'contact.released', callId, entryId }])
    expect(whose({ ...waiting, forAgent: null })).toEqual([])
    expect(grown(waiting, [{ type: 'contact.released', callId, entryId }]).forAgent).toBeNull()
  })

  it('one agent has it for himself from 1 minute to 7 days, counted from when it may be called', () => {
    const asked = (more: { forAgent?: string | null; aloneMs?: number; opensAt?: number }) =>
      Contact.decide(joined, { type: 'reschedule', agentId: 'anna', at: 90_000, forAgent: 'anna', ...more }, 2_000)
    const [minute, week] = [60_000, 7 * 86_400_000]
    expect(asked({ aloneMs: minute })).toMatchObject([{ at: 90_000, forAgent: 'anna', anyoneAt: 90_000 + minute }])
    expect(asked({ aloneMs: week, opensAt: 80_000 })).toMatchObject([{ anyoneAt: 90_000 + week }])
    expect(asked({ aloneMs: minute, opensAt: 500_000 })).toMatchObject([{ at: 90_000, anyoneAt: 500_000 + minute }])
    expect(asked({})).toEqual([{ type: 'contact.rescheduled', callId, agentId: 'anna', at: 90_000, forAgent: 'anna' }])
    for (const wrong of [{ aloneMs: minute - 1 }, { aloneMs: week + 1 }, { aloneMs: Number.NaN }, { aloneMs: minute, forAgent: null }])
      expect(asked(wrong)).toMatchObject({ refused: 'contact.alone', field: 'forMinutes' })
  })

  it('a call is asked for in the future', () => {
    expect(Contact.decide(joined, { type: 'reschedule', agentId: 'anna', at: 2_000, forAgent: null }, 2_000)).toMatchObject({
      refused: 'contact.callsAt',
    })
  })

  it('and for no later than the call it is promised in is kept', () => {
    const asked = (at: number) => Contact.decide(joined, { type: 'reschedule', agentId: 'anna', at, forAgent: null, keptMs: 500 }, 2_000)
    expect(asked(2_500)).toMatchObject([{ type: 'contact.rescheduled', at: 2_500 }])
    expect(asked(2_501)).toEqual({ refused: 'contact.outlives', field: 'at' })
  })

  it("the agent's own phone not answered: it waits as before; answered, and the contact rung, it was a try", () => {
    const phoneOver = (outcome: LegOutcome) =>
      [{ type: 'leg.ended', callId, legId: 'l2', outcome, by: 'us', cause: 19 } as const, 'agent' as const] as const
    expect(grown(calling, phoneOver('unanswered')).status).toBe('waiting')
    expect(grown(calling, phoneOver('answered')).status).toBe('waiting')
    expect(grown(calling, ringsContact, phoneOver('answered')).status).toBe('calling')
  })
})

/** What a try counts as and leads to, in the words of the table below. */
function told(state: Contact.State, command: Contact.Command): string {
  const decided = Contact.decide(state, command, 200_000)
  const fact = isRefused(decided) ? undefined : decided[0]
  if (fact?.type !== 'contact.settled') return 'nothing'
  const due = fact.dueAt === null ? '' : ` in ${(fact.dueAt - 100_000) / 1000}`
  const whose = fact.forAgent === undefined ? '' : ` for ${fact.forAgent}`
  return `${fact.outcome}, ${fact.counted ? `counted ${fact.tries}` : 'not counted'}: ${fact.next}${due}${whose}${fact.inUse ? '' : ', never that number'}`
}
const tried = (change: Partial<Contact.Ended>, settings: Partial<Settings> = {}, from: Parameters<typeof dealt>[0] = {}): string =>
  told(grown(dealt(from), ringsContact, left('unreached')), settle(change, settings))

/** calls.md 2, the table of attempts, with dialler.md 2 and 4. Pause 600 s, three attempts, 72 h after a silent call. */
describe('what a try counts as, and what becomes of the contact', () => {
  it('rung to the timeout, busy, rejected: counted, and tried again after the pause while attempts are left', () => {
    expect(tried({})).toBe('unanswered, counted 1: again in 600')
    expect(tried({}, {}, { tries: 2 })).toBe('unanswered, counted 3: done')
    expect(tried({ outcome: 'busy' })).toBe('busy, counted 1: again in 600')
    expect(tried({ outcome: 'rejected' })).toBe('rejected, counted 1: again in 600')
  })

  it('per outcome tried again or not', () => {
    const never = { retry: { unanswered: false, busy: false, rejected: false, failed: false } }
    expect(tried({}, never)).toBe('unanswered, counted 1: done')
    expect(tried({ outcome: 'busy' }, never)).toBe('busy, counted 1: done')
    expect(tried({ outcome: 'rejected' }, never)).toBe('rejected, counted 1: done')
    expect(tried({ outcome: 'failed' }, never)).toBe('failed, not counted: done')
  })

  it('ended by the pacing: as unanswered', () => {
    expect(tried({ outcome: 'withdrawn', rungMs: 16_000 })).toBe('unanswered, counted 1: again in 600')
  })

  it('the agent left after 15 s of ringing: as unanswered; before: not counted, but for the third time', () => {
    expect(tried({ outcome: 'withdrawn', byAgent: true, rungMs: 15_000 })).toBe('unanswered, counted 1: again in 600')
    expect(tried({ outcome: 'withdrawn', byAgent: true, rungMs: 14_999 })).toBe('unanswered, not counted: back in 30')
    const left = (times: number): string => tried({ outcome: 'withdrawn', byAgent: true, rungMs: 0, before: { ...COUNTED, left: times } })
    expect(left(1)).toBe('unanswered, not counted: back in 30')
    expect(left(2)).toBe('unanswered, counted 1: again in 600')
  })

  it('busy because the contact was just calling us: not counted, and due as soon as the line is free', () => {
    expect(tried({ outcome: 'busy', calling: true })).toBe('busy, not counted: back in 0')
  })

  it('not in use: never that number again; the other one, or nobody', () => {
    expect(tried({ outcome: 'notInUse' })).toBe('notInUse, counted 1: done, never that number')
    expect(tried({ outcome: 'notInUse' }, {}, { numbersLeft: 2 })).toBe('notInUse, counted 1: again in 600, never that number')
    expect(tried({ outcome: 'notInUse' }, {}, { numbersLeft: 2, tries: 2 })).toBe('notInUse, counted 3: done, never that number')
  })

  it('the network failed, our own limits, the engine was away: not counted; after 30 s, doubling to 10 min. Twice unknown counts', () => {
    const failed = (times: number): string => tried({ outcome: 'failed', before: { ...COUNTED, failed: times } })
    expect([0, 1, 2, 3, 5, 6, 20].map(failed).map((line) => line.split(' in ')[1])).toEqual(['30', '60', '120', '240', '600', '600', '600'])
    expect(failed(0)).toBe('failed, not counted: back in 30')
    expect(tried({ outcome: 'unknown', before: { ...COUNTED, unknown: 1 } })).toBe('unknown, counted 1: again in 600')
    expect(tried({ outcome: 'unknown' })).toBe('unknown, not counted: back in 30')
    expect(tried({ outcome: 'answered' })).toBe('unknown, not counted: back in 30')
  })

  it('talked with: done; a machine, said the agent: counted, and tried again', () => {
    expect(told(joined, settle({ outcome: 'answered' }))).toBe('answered, counted 1: done')
    const machine = grown(joined, [{ type: 'contact.markedUnanswered', callId, agentId: 'anna' }])
    expect(told(machine, settle({ outcome: 'answered' }))).toBe('voicemail, counted 1: again in 600')
  })

  it('one agent’s alone until an instant: so it is settled, unless it asked not to be called', () => {
    const said = [
      { type: 'contact.rescheduled', callId, agentId: 'anna', at: 190_000, forAgent: 'anna', anyoneAt: 490_000 } as const,
    ] as const
    const never = [{ type: 'doNotCall.listed', personId: 'p', campaignId: null, source: 'agent', until: null } as const] as const
    const over = settle({ outcome: 'answered' })
    expect(Contact.decide(grown(joined, said), over, 200_000)).toMatchObject([{ next: 'asked', forAgent: 'anna', anyoneAt: 490_000 }])
    const [listed] = Contact.decide(grown(joined, said, never), over, 200_000) as readonly Contact.Fact[]
    expect(listed).toMatchObject({ next: 'never' })
    expect(listed).not.toHaveProperty('anyoneAt')
  })

  it('rescheduled: called again then, by whom it was said; from the card nothing was counted. The last word counts', () => {
    const later = (forAgent: string | null) =>
      [{ type: 'contact.rescheduled', callId, agentId: 'anna', at: 190_000, forAgent } as const] as const
    expect(told(grown(joined, later('anna')), settle({ outcome: 'answered' }))).toBe('answered, counted 1: asked in 90 for anna')
    expect(told(grown(shown, later(null), left('deleted')), settle({ outcome: null }))).toBe('notCalled, not counted: asked in 90')
    const both = grown(joined, later(null), [{ type: 'contact.markedUnanswered', callId, agentId: 'anna' }])
    expect(told(both, settle({ outcome: 'answered' }))).toBe('voicemail, counted 1: again in 600')
  })

  it('silent: not within 72 h again; with a callback of silent calls at once, an agent first, and once', () => {
    const outcome = 'answered' as const
    expect(told(silent, settle({ outcome }))).toBe('silent, counted 1: again in 259200')
    expect(told({ ...silent, tries: 2 }, settle({ outcome }))).toBe('silent, counted 3: done')
    expect(told({ ...silent, tries: 2 }, settle({ outcome }, { silentCallback: true }))).toBe('silent, counted 3: asked in 0')
    expect(told({ ...silent, afterSilent: true }, settle({ outcome }, { silentCallback: true }))).toBe('silent, counted 1: again in 259200')
  })

  it('taken out before it was called: as if it had never been taken up, or never again', () => {
    const out = (why: Parameters<typeof left>[1], outcome: LegOutcome | null = null) =>
      told(grown(waiting, left('deleted', why)), settle({ outcome }))
    expect(out('stopped')).toBe('notCalled, not counted: back')
    expect(out('outsideHours')).toBe('notCalled, not counted: back')
    expect(out('doNotCall')).toBe('notCalled, not counted: never')
    expect(out('neverCallAgain')).toBe('notCalled, not counted: never')
    expect(out('neverCallAgain', 'withdrawn')).toBe('cancelled, counted 1: never')
    const unheard = settle({ outcome: 'withdrawn', byAgent: true, rungMs: 0 })
    expect(told(grown(calling, ringsContact, left('deleted', 'neverCallAgain')), unheard)).toBe('cancelled, not counted: never')
  })

  it('who asked not to be called any more never is, whatever else was said', () => {
    const asked = [{ type: 'doNotCall.listed', personId: 'p', campaignId: null, source: 'silentCall', until: null } as const] as const
    expect(told(grown(silent, asked), settle({ outcome: 'answered' }, { silentCallback: true }))).toBe('silent, counted 1: never')
  })
})
