import { describe, expect, it } from 'vitest'
import type { ArchiveEvent, Story } from '#core/archive/story.ts'
import { differences, type Reading } from './expect.ts'
import { duration, renderStories } from './render.ts'

const T0 = Date.UTC(2026, 10, 23, 8)
const at = (seconds: number): number => T0 + seconds * 1000
const event = (kind: ArchiveEvent['kind'], from: number, to: number, more: Partial<ArchiveEvent> = {}): ArchiveEvent => ({
  id: `${kind}${from}`,
  kind,
  startedAt: at(from),
  endedAt: at(to),
  agents: [],
  ...more,
})

/** A5 of the archive's specification, in the small. */
const story: Story = {
  id: 'c1',
  direction: 'inbound',
  startedAt: T0,
  endedAt: at(700),
  caller: 'p1',
  from: { person: 'p1' },
  to: { person: 'p0' },
  queues: ['support'],
  agents: [],
  result: 'deleted',
  waitMs: 680_000,
  waitToCustomerMs: null,
  speakMs: 0,
  unanswered: 1,
  relatedCalls: [],
  events: [
    event('menu', 0, 20, { menu: 'main', choice: '1' }),
    event('queue', 20, 160, { queue: 'support', reason: 'callbackOrdered' }),
    event('queueCallback', 160, 700, { queue: 'support', unanswered: 1 }),
    event('deleted', 700, 700, { by: 'supervisor', reason: 'supervisor' }),
  ],
  legs: [],
  position: 9,
}

describe('an archive in the terminal', () => {
  it('draws each event true to scale, with what it was', () => {
    const numbers = new Map([
      ['p1', '+46701234567'],
      ['p0', '+46850000000'],
    ])
    const text = renderStories([story], {
      number: (id) => numbers.get(id),
      note: () => null,
      clock: () => '09:00:00',
      colour: false,
      width: 35,
    })
    // 700 s on 35 characters: 20 s each. The words are as wide as the widest of them.
    const words = (text: string): string => text.padEnd('Queue (callback) · support · 1 unanswered call done'.length)
    expect(text.split('\n')).toEqual([
      'Call 1  09:00:00  inbound  +46701234567 → +46850000000  deleted  wait 11:20  speak 0:00',
      `   0:00   0:20  0:20  ${words('Menu · main → 1')}  ▒`,
      `   0:20   2:40  2:20  ${words('Queue · support · callbackOrdered')}   ░░░░░░░`,
      `   2:40  11:40  9:00  ${words('Queue (callback) · support · 1 unanswered call done')}          ${'┄'.repeat(27)}`,
      `  11:40  11:40  0:00  ${words('Deleted · by supervisor · supervisor')}  ${' '.repeat(34)}✕`,
      '',
    ])
  })

  it('colours Deleted red', () => {
    expect(renderStories([story], { number: () => null, note: () => null, clock: () => '', colour: true })).toContain('\u001b[31m')
  })

  it('says whom to ask for behind a switchboard', () => {
    const options = { number: () => '+46846500490', note: (id: string) => (id === 'n1' ? 'Eva Ek' : null), clock: () => '', colour: false }
    expect(renderStories([{ ...story, askFor: 'n1' }], options)).toContain('+46846500490  ask for Eva Ek  deleted')
    expect(renderStories([story], options)).not.toContain('ask for')
  })

  it('has hours where there are any, and rounds down', () => {
    expect([duration(0), duration(59_999), duration(3_599_000), duration(3_723_000)]).toEqual(['0:00', '0:59', '59:59', '1:02:03'])
  })
})

describe('what a scenario expects', () => {
  const numbers: Readonly<Record<string, string>> = { p: '+46701234567', out: '+46702222222' }
  const reading: Reading = { startsAt: T0, noteOf: () => null, numberOf: (person) => numbers[person] ?? null }

  it('holds when every field given holds', () => {
    expect(
      differences(
        [
          {
            result: 'deleted',
            waitSeconds: 680,
            events: [{ kind: 'menu', from: 0, to: 20 }, {}, { label: '1 unanswered call done' }, { at: 700 }],
          },
        ],
        [story],
        reading,
      ),
    ).toEqual([])
  })

  it('tells a millisecond', () => {
    expect(differences([{ events: [{ to: 20.001 }, {}, {}, {}] }], [story], reading)).toEqual([
      'call 1 (inbound, deleted), event 1 (menu 0–20): to is 20, expected 20.001',
    ])
  })

  it('is complete and in order: an event more, one less, a call more', () => {
    expect(differences([{ events: [{ kind: 'menu' }] }], [story], reading).map((line) => line.split(': ')[1])).toEqual([
      'there is queue 20–160, expected nothing',
      'there is queueCallback 160–700, expected nothing',
      'there is deleted 700–700, expected nothing',
    ])
    expect(differences([{ events: [{}, {}, {}, {}, { kind: 'menu' }] }], [story], reading)).toEqual([
      'call 1 (inbound, deleted), event 5: there is nothing, expected {"kind":"menu"}',
    ])
    expect(differences([{}, {}], [story], reading)).toEqual(['the archive, call 2: there is nothing, expected {}'])
    expect(differences([], [story], reading)).toEqual(['the archive, call 1: there is inbound, deleted, expected nothing'])
  })

  it('names whoever is in a story by the number', () => {
    const leg = {
      id: 'l',
      party: 'external' as const,
      personId: 'out',
      requestedAt: T0,
      ringingAt: null,
      answeredAt: at(5),
      endedAt: at(9),
    }
    const held: Story = {
      ...story,
      events: [event('conversation', 0, 9, { to: 'out' })],
      legs: [{ ...leg, holds: [{ from: at(6), to: null }], outcome: 'answered', cause: 16 }],
    }
    const wanted = { events: [{ number: '+46702222222', to: 9 }], legs: [{ number: '+46702222222', holds: [{ from: 6, to: null }] }] }
    expect(differences([wanted], [held], reading)).toEqual([])
    expect(differences([{ events: [{ number: '+46701234567' }] }], [held], reading)).toEqual([
      'call 1 (inbound, deleted), event 1 (conversation 0–9): number is "+46702222222", expected "+46701234567"',
    ])
    expect(differences([{ legs: [{ holds: [{ from: 6, to: 9 }] }] }], [held], reading)).toEqual([
      'call 1 (inbound, deleted), leg 1 (external): holds is [{"from":6,"to":null}], expected [{"from":6,"to":9}]',
    ])
  })

  it('compares measures, related calls and agents', () => {
    expect(differences([{ waitSeconds: null, speakSeconds: { anna: 3 }, unanswered: 1 }], [story], reading)).toEqual([
      'call 1 (inbound, deleted): waitSeconds is 680, expected null',
      'call 1 (inbound, deleted): speakSeconds is {}, expected {"anna":3}',
    ])
  })
})
