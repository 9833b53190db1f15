import { expect, test } from 'vitest'
import { endingFromCause, endingOf, lostOf } from './outcome.ts'

const rung = { answered: false, inbound: false, byUs: false, cause: undefined, sipStatus: undefined }

/** SIP status, Q.850 cause seen with it, and what it means to us. */
test.each([
  [486, 17, 'busy', 'party'],
  [600, undefined, 'busy', 'party'],
  [603, 21, 'rejected', 'party'],
  [404, 1, 'notInUse', 'party'],
  [410, 22, 'notInUse', 'party'],
  [484, 28, 'notInUse', 'party'],
  [604, undefined, 'notInUse', 'party'],
  [408, 18, 'unanswered', 'network'],
  [480, 19, 'unanswered', 'network'],
  [403, 21, 'failed', 'network'],
  [503, 34, 'failed', 'network'],
  [500, 38, 'failed', 'network'],
  [488, 88, 'failed', 'network'],
] as const)('SIP %i (cause %s) is %s, by %s', (sipStatus, cause, outcome, by) => {
  expect(endingOf({ ...rung, sipStatus, cause })).toEqual({ outcome, by, cause: cause ?? null })
})

test('a leg we ended before its answer was withdrawn, whatever status came back', () => {
  expect(endingOf({ ...rung, byUs: true, sipStatus: 487, cause: 26 })).toMatchObject({ outcome: 'withdrawn', by: 'us' })
})

test('an answered leg was answered, however it ended', () => {
  const up = { ...rung, answered: true }
  expect(endingOf({ ...up, cause: 16 })).toEqual({ outcome: 'answered', by: 'party', cause: 16 })
  expect(endingOf({ ...up, cause: 0 })).toEqual({ outcome: 'answered', by: 'party', cause: 16 })
  expect(endingOf({ ...up, byUs: true, cause: 16 })).toMatchObject({ outcome: 'answered', by: 'us' })
  // No media for a minute: Asterisk's rtp_timeout ends it as 44.
  expect(endingOf({ ...up, cause: 44 })).toEqual({ outcome: 'answered', by: 'network', cause: 44 })
})

test('a line Asterisk gave up: since when nothing came from it', () => {
  const at = 1_000_000
  expect(lostOf(44, false, at)).toEqual({ lost: { what: 'noMedia', since: at - 60_000 } })
  expect(lostOf(44, true, at)).toEqual({ lost: { what: 'noMedia', since: at - 900_000 } })
  expect(lostOf(18, false, at)).toEqual({ lost: { what: 'sessionTimer', since: at } })
  expect(lostOf(16, false, at)).toEqual({})
  expect(endingOf({ ...rung, answered: true, cause: 18 })).toEqual({ outcome: 'answered', by: 'network', cause: 18 })
})

test('a caller who gives up before our answer', () => {
  expect(endingOf({ ...rung, inbound: true, cause: 127, sipStatus: 487 })).toMatchObject({ outcome: 'unanswered', by: 'party' })
})

test('cause 21 alone tells nobody whether a person or the network refused', () => {
  expect(endingFromCause(21)).toMatchObject({ outcome: 'unknown' })
  expect(endingFromCause(17)).toMatchObject({ outcome: 'busy' })
  expect(endingFromCause(34)).toMatchObject({ outcome: 'failed' })
})
