import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefused } from '../kernel/kernel.ts'
import { answers, tableOf } from '../kernel/table.support.ts'
import { type Command, decide, evolve, type Fact, initial, type Settings, type State, type Status } from './callback.ts'

type Reads = Parameters<typeof evolve>[1]
const who = { callId: 'c1', entryId: 'e1' } as const
const settings: Settings = { pauseMs: 30_000, retryVoicemail: false }

const ordered = (attemptsMax: number, notBefore: number | null = null): State =>
  initial({ type: 'callback.ordered', ...who, personId: 'p1', attemptsMax, notBefore, expiresAt: null }, 0)
const grown = (callback: State, ...facts: readonly Reads[]): State => facts.reduce((state, fact) => evolve(state, fact), callback)
const started = (attempt: number, agentId = 'anna'): Reads => ({ type: 'callback.attemptStarted', ...who, attempt, agentId })
const dialled: Reads = {
  type: 'leg.requested',
  callId: 'c1',
  legId: 'l2',
  party: 'customer',
  personId: 'p1',
  entryId: 'e1',
  ringUntil: 60_000,
}
const answered: Reads = { type: 'leg.answered', callId: 'c1', legId: 'l2' }

const waiting = ordered(3)
const offered = grown(waiting, started(1))
const dialling = grown(offered, dialled)
const talking = grown(dialling, answered)
const ended = (callback: State, command: Command, how = settings, at = 100_000): State =>
  grown(callback, ...(told(callback, command, how, at) as Reads[]))

const states = {
  notYet: ordered(3, 50_000),
  waiting,
  offered,
  dialling,
  talking,
  pausing: { ...waiting, status: 'pausing', attempts: 1, dueAt: 90_000 },
  networkWait: { ...waiting, status: 'networkWait', dueAt: 90_000 },
  closed: { ...waiting, status: 'closed', attempts: 1 },
} satisfies Record<Status, State>
const commands = {
  start: { type: 'start', agentId: 'anna' },
  agentMissed: { type: 'agentMissed' },
  recall: { type: 'recall' },
  fail: { type: 'fail', outcome: 'unanswered', calling: false },
  agentLeft: { type: 'agentLeft', rungMs: 5_000 },
  unattended: { type: 'unattended', rung: true },
  reach: { type: 'reach' },
  markVoicemail: { type: 'markVoicemail', legId: 'l2', agentId: 'anna' },
  settle: { type: 'settle' },
  due: { type: 'due', since: 0 },
  hasten: { type: 'hasten', by: 'supervisor' },
  hold: { type: 'hold', other: 'c2' },
  release: { type: 'release' },
} satisfies Record<Command['type'], Command>

function told(callback: State, command: Command, how = settings, at = 100_000): readonly Fact[] {
  const decision = decide(callback, command, how, at)
  if (isRefused(decision)) throw new Error(decision.refused)
  return decision
}

describe('a callback', () => {
  it('answers every command in every state', () => {
    const table = answers<State, Command>(states, commands, (state, command) => decide(state, command, settings, 100_000), 'callback.')
    expect(table).toEqual(
      tableOf(`
                    | start          | agentMissed  | recall       | fail         | agentLeft    | unattended   | reach        | markVoicemail   | settle       | due      | hasten       | hold     | release
        notYet      | ✗ notWaiting   | bug          | bug          | bug          | bug          | bug          | bug          | ✗ noVoicemail   | –            | requeued | hastened     | heldBack | –
        waiting     | attemptStarted | bug          | bug          | bug          | bug          | bug          | bug          | ✗ noVoicemail   | –            | –        | hastened     | heldBack | –
        offered     | ✗ notWaiting   | attemptEnded | attemptEnded | bug          | bug          | attemptEnded | bug          | ✗ noVoicemail   | –            | –        | ✗ inAttempt  | heldBack | –
        dialling    | ✗ notWaiting   | bug          | bug          | attemptEnded | attemptEnded | attemptEnded | bug          | ✗ noVoicemail   | –            | –        | ✗ inAttempt  | heldBack | –
        talking     | ✗ notWaiting   | bug          | bug          | bug          | bug          | attemptEnded | attemptEnded | voicemailMarked | attemptEnded | –        | ✗ inAttempt  | heldBack | –
        pausing     | ✗ notWaiting   | bug          | bug          | bug          | bug          | bug          | bug          | ✗ noVoicemail   | –            | requeued | hastened     | heldBack | –
        networkWait | ✗ notWaiting   | bug          | bug          | bug          | bug          | bug          | bug          | ✗ noVoicemail   | –            | requeued | hastened     | heldBack | –
        closed      | ✗ notWaiting   | bug          | bug          | bug          | bug          | bug          | bug          | ✗ noVoicemail   | –            | –        | ✗ notWaiting | –        | –
      `),
    )
  })
})

const outcomes = ['unanswered', 'busy', 'rejected', 'notInUse', 'failed', 'withdrawn', 'unknown'] as const
/** What may happen next in each state; `dial` and `answer` are the customer's leg. */
const happening = fc.record({
  command: fc.oneof(
    fc.constantFrom<Command | 'dial' | 'answer'>(
      'dial',
      'dial',
      'answer',
      commands.start,
      commands.start,
      commands.agentMissed,
      commands.recall,
    ),
    fc.constantFrom<Command>(commands.reach, commands.settle, commands.markVoicemail, commands.hasten, commands.hold, commands.release),
    fc.constantFrom<Command>(commands.due, commands.due, { type: 'agentLeft', rungMs: 14_999 }, { type: 'agentLeft', rungMs: 15_000 }),
    fc.constantFrom<Command>({ type: 'unattended', rung: true }, { type: 'unattended', rung: false }),
    fc.record({ type: fc.constant('fail' as const), outcome: fc.constantFrom(...outcomes), calling: fc.boolean() }),
  ),
  waitMs: fc.integer({ min: 0, max: 60_000 }),
})

function next(callback: State, command: Command | 'dial' | 'answer', how: Settings, at: number): readonly Reads[] {
  if (command === 'dial') return callback.status === 'offered' ? [dialled] : []
  if (command === 'answer') return callback.status === 'dialling' ? [answered] : []
  if (command.type in { agentMissed: 0, recall: 0 } && callback.status !== 'offered') return []
  if (command.type in { fail: 0, agentLeft: 0 } && callback.status !== 'dialling') return []
  if (command.type === 'unattended' && !['offered', 'dialling', 'talking'].includes(callback.status)) return []
  if (command.type === 'reach' && callback.status !== 'talking') return []
  const decision = decide(callback, command, how, at)
  return isRefused(decision) ? [] : (decision as Reads[])
}

describe('whatever happens to a callback', () => {
  it('no more attempts count than it has, each counts once, and closed is for good', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.array(happening, { minLength: 40, maxLength: 150 }),
        (max, retry, script) => {
          const how = { ...settings, retryVoicemail: retry }
          let callback = ordered(max)
          let at = 0
          const counted: number[] = []
          for (const { command, waitMs } of script) {
            at += waitMs
            const facts = next(callback, command, how, at)
            if (callback.status === 'closed' && facts.length > 0) expect.fail(`${facts[0]?.type} of a closed callback`)
            for (const fact of facts) {
              if (fact.type === 'callback.attemptStarted')
                expect([fact.attempt, callback.status]).toEqual([callback.attempts + 1, 'waiting'])
              if (fact.type === 'callback.attemptEnded') {
                expect(fact.attempt).toBe(callback.attempts + 1)
                if (fact.counted) counted.push(fact.attempt)
                if (fact.next === 'close') expect(fact.counted).toBe(true)
                if (!fact.counted) expect(fact.notCounted).toBeDefined()
              }
              callback = evolve(callback, fact)
            }
            expect(counted).toEqual(Array.from({ length: callback.attempts }, (_, index) => index + 1))
            expect(callback.attempts).toBeLessThanOrEqual(max)
            expect(callback.dueAt !== null).toBe(callback.status === 'pausing' || callback.status === 'networkWait')
          }
          if (callback.attempts === max) expect(callback.status).toBe('closed')
        },
      ),
    )
  })

  it('is closed after as many counted attempts as it has', () => {
    for (const max of [1, 2, 3]) {
      let callback = ordered(max)
      for (let attempt = 1; attempt <= max; attempt += 1) {
        const facts = told(grown(callback, started(attempt), dialled), { type: 'fail', outcome: 'unanswered', calling: false })
        expect(facts).toMatchObject([{ attempt, counted: true, next: attempt === max ? 'close' : 'pause' }])
        callback = { ...grown(callback, started(attempt), dialled, ...(facts as Reads[])) }
        if (attempt < max) callback = ended(callback, { type: 'due', since: 0 })
      }
      expect(callback.status).toBe('closed')
    }
  })
})

describe('which attempts count', () => {
  const last = (callback: State, command: Command) => told(callback, command)[0]

  it.each(['unanswered', 'busy', 'rejected'] as const)('%s: counts; then the pause', (outcome) => {
    expect(last(dialling, { type: 'fail', outcome, calling: false })).toEqual({
      type: 'callback.attemptEnded',
      ...who,
      attempt: 1,
      outcome,
      counted: true,
      next: 'pause',
      dueAt: 130_000,
    })
  })

  it('number not in use: counts, and the callback ends at once', () => {
    expect(last(dialling, { type: 'fail', outcome: 'notInUse', calling: false })).toMatchObject({
      counted: true,
      next: 'close',
      dueAt: null,
    })
  })

  it('agent left after the customer’s phone had rung 15 s: counts', () => {
    expect(last(dialling, { type: 'agentLeft', rungMs: 15_000 })).toMatchObject({ counted: true, next: 'pause' })
  })

  it('agent left before: counts not, FRONT, and not that agent again; the third time it counts', () => {
    let callback = waiting
    for (const agentId of ['anna', 'bo']) {
      callback = ended(grown(callback, started(1, agentId), dialled), { type: 'agentLeft', rungMs: 14_999 })
      expect(callback).toMatchObject({ status: 'waiting', attempts: 0, notTo: agentId })
    }
    callback = grown(callback, started(1, 'carl'), dialled)
    expect(last(callback, { type: 'agentLeft', rungMs: 0 })).toMatchObject({ counted: true, next: 'pause' })
  })

  it('agent left, twice in each of two attempts: an attempt has three of its own, wherever they stand in it', () => {
    const left: Command = { type: 'agentLeft', rungMs: 0 }
    const failed: Command = { type: 'fail', outcome: 'failed', calling: false }
    let callback = waiting
    for (const [attempt, how, counted] of [
      [1, left, false],
      [1, failed, false],
      [1, left, false],
      [1, left, true],
      [2, left, false],
      [2, left, false],
      [2, { type: 'fail', outcome: 'busy', calling: false }, true],
      [3, left, false],
    ] as const) {
      const rung = grown({ ...callback, status: 'waiting' }, started(attempt), dialled)
      expect(last(rung, how)).toMatchObject({ attempt, counted })
      callback = ended(rung, how)
    }
  })

  it('unattended, for we were away: counts not, FRONT, nobody blamed; the customer rung twice running: counts', () => {
    for (const callback of [dialling, talking]) {
      const once = ended(callback, { type: 'unattended', rung: true })
      expect(last(callback, { type: 'unattended', rung: true })).toMatchObject({ outcome: 'unknown', notCounted: 'unknown', next: 'front' })
      expect(once).toMatchObject({ agentsLeft: 0, notTo: null })
      expect(last(grown(once, started(1), dialled), { type: 'unattended', rung: true })).toMatchObject({ counted: true, next: 'pause' })
    }
  })

  it('unattended before the customer was rung: never counts', () => {
    let callback = offered
    for (let time = 0; time < 4; time += 1) {
      expect(last(callback, { type: 'unattended', rung: false })).toMatchObject({
        outcome: 'withdrawn',
        notCounted: 'unknown',
        next: 'front',
      })
      callback = grown(ended(callback, { type: 'unattended', rung: false }), started(1))
    }
  })

  it('agent’s phone not answered: counts not, FRONT, and that agent may be rung again', () => {
    expect(last(offered, { type: 'agentMissed' })).toMatchObject({ counted: false, notCounted: 'agentNoAnswer', next: 'front' })
    expect(ended(offered, { type: 'agentMissed' }).notTo).toBeNull()
  })

  it('trunk or network failed: counts not; 30 s, doubling to 10 min', () => {
    let callback = waiting
    const waits: number[] = []
    for (let failure = 0; failure < 7; failure += 1) {
      const rung = grown(callback, started(1), dialled)
      const fact = last(rung, { type: 'fail', outcome: 'failed', calling: false })
      if (fact?.type !== 'callback.attemptEnded') throw new Error('not ended')
      expect(fact).toMatchObject({ counted: false, notCounted: 'network', next: 'retryNetwork' })
      waits.push((fact.dueAt ?? 0) - 100_000)
      callback = grown(rung, fact, { type: 'callback.requeued', ...who, place: 'front', since: 0 })
    }
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000])
    const reached = grown(callback, started(1), dialled, ...(told(grown(callback, started(1), dialled), commands.fail) as Reads[]))
    expect(reached.networkFailuresInARow).toBe(0)
  })

  it('after the wait for the network it comes to the FRONT, with the waiting time it had', () => {
    expect(told(states.networkWait, { type: 'due', since: 7_000 })).toEqual([
      { type: 'callback.requeued', ...who, place: 'front', since: 7_000 },
    ])
  })

  it('outcome unknown: counts not, FRONT; twice running it counts', () => {
    const unknown: Command = { type: 'fail', outcome: 'unknown', calling: false }
    expect(last(dialling, unknown)).toMatchObject({ counted: false, notCounted: 'unknown', next: 'front' })
    const once = grown(ended(dialling, unknown), started(1), dialled)
    expect(last(once, unknown)).toMatchObject({ counted: true, outcome: 'unknown', next: 'pause' })
    const between = grown(ended(once, { type: 'agentLeft', rungMs: 0 }), started(1), dialled)
    expect(last(between, unknown)).toMatchObject({ counted: false, next: 'front' })
  })

  it('busy because the customer was just calling us: counts not, and its place is kept', () => {
    expect(last(dialling, { type: 'fail', outcome: 'busy', calling: true })).toMatchObject({
      counted: false,
      notCounted: 'customerCalling',
      next: 'place',
    })
    expect(last(offered, { type: 'recall' })).toMatchObject({ counted: false, notCounted: 'customerCalling', next: 'place' })
  })

  it('voicemail is an answer: no further attempt', () => {
    expect(last(talking, { type: 'reach' })).toMatchObject({ outcome: 'answered', counted: true, next: 'close' })
    expect(decide({ ...waiting, status: 'closed' }, commands.markVoicemail, settings, 0)).toEqual({ refused: 'callback.noVoicemail' })
  })

  it('voicemail, where the queue retries it: marked by the agent it counts as an attempt, and the next follows after the pause', () => {
    const retried = { pauseMs: 30_000, retryVoicemail: true }
    expect(told(talking, { type: 'reach' }, retried)).toEqual([])
    expect(told(talking, commands.markVoicemail, retried)).toMatchObject([{ type: 'callback.voicemailMarked', legId: 'l2', retried: true }])
    const marked = ended(talking, commands.markVoicemail, retried)
    expect(told(marked, commands.markVoicemail, retried)).toEqual([])
    expect(told(marked, { type: 'settle' }, retried)).toMatchObject([{ counted: true, attempt: 1, next: 'pause', dueAt: 130_000 }])
    expect(told(talking, { type: 'settle' }, retried)).toMatchObject([{ counted: true, outcome: 'answered', next: 'close' }])
  })

  it('voicemail on the last attempt: nothing is left to retry', () => {
    const lastTry = { ...talking, attempts: 2 }
    expect(told(lastTry, { type: 'reach' }, { pauseMs: 30_000, retryVoicemail: true })).toMatchObject([{ attempt: 3, next: 'close' }])
  })
})

describe('the story of a callback', () => {
  it('after the pause it stands at the END, and waits from then', () => {
    expect(told(states.pausing, { type: 'due', since: 7_000 }, settings, 90_000)).toEqual([
      { type: 'callback.requeued', ...who, place: 'end', since: 90_000 },
    ])
  })

  it('ordered for later: joins the END of its queue then', () => {
    expect(told(states.notYet, { type: 'due', since: 0 }, settings, 50_000)).toMatchObject([{ place: 'end', since: 50_000 }])
  })

  it('call now, twice: the second is refused, until an attempt was made', () => {
    const hastened = grown(waiting, ...(told(waiting, commands.hasten) as Reads[]))
    expect(decide(hastened, commands.hasten, settings, 0)).toEqual({ refused: 'callback.hastened' })
    const tried = grown(hastened, started(1))
    expect(decide(tried, commands.hasten, settings, 0)).toEqual({ refused: 'callback.inAttempt' })
    expect(decide(ended(tried, { type: 'agentMissed' }), commands.hasten, settings, 0)).toMatchObject([{ type: 'callback.hastened' }])
  })

  it('call now ends a pause', () => {
    expect(grown(states.pausing, { type: 'callback.hastened', ...who, by: 'supervisor' })).toMatchObject({ status: 'waiting', dueAt: null })
  })

  it('is held back while the customer is on a line, by one call at a time', () => {
    const held = ended(waiting, { type: 'hold', other: 'c2' })
    expect(held).toMatchObject({ status: 'waiting', heldBy: 'c2' })
    expect(told(held, { type: 'hold', other: 'c3' })).toEqual([])
    expect(ended(held, { type: 'release' }).heldBy).toBeNull()
  })
})
