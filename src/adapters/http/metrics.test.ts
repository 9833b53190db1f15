import { expect, test } from 'vitest'
import type { Fact } from '#core/facts.ts'
import { sweptKind } from './metrics.ts'

const ended = { type: 'leg.ended', callId: 'c1', legId: 'l1', outcome: 'unknown', by: 'network', cause: null } as const

test.each<[string | null, Fact]>([
  [null, ended],
  ['unknownToSwitch', { ...ended, reconciled: true }],
  ['noMedia', { ...ended, reconciled: true, swept: 'noMedia' }],
  ['sessionTimer', { ...ended, reconciled: true, swept: 'sessionTimer' }],
  ['tooLong', { ...ended, reconciled: true, swept: 'tooLong' }],
  ['unknownToUs', { type: 'alarm.raised', alarm: 'unknownLeg', callId: 'c1' }],
  [null, { type: 'alarm.raised', alarm: 'disk' }],
])('%s is what is counted of it', (kind, fact) => expect(sweptKind(fact)).toBe(kind))
