/** One person, as the server would tell of them. */
import type { PersonCopy, PersonSummary } from '#wire/persons.ts'

const NUMBER = '+46701740612'

const summary: PersonSummary = {
  ...{ number: NUMBER, name: 'Kim Öberg', calls: 14, open: 1, callbacks: 1, contacts: 1, listings: 1, directory: 1 },
  ...{ refused: null, refusedWhy: null },
}

const copy: PersonCopy = {
  ...{ number: NUMBER, name: 'Kim Öberg', madeAt: '2026-11-25T09:00:00.000Z' },
  calls: [
    {
      ...{ id: 'A2', startedAt: '2026-11-24T08:02:00.000Z', endedAt: '2026-11-24T08:29:00.000Z', direction: 'inbound', part: 'customer' },
      ...{ result: 'callbackReached', waitMs: 1_040_000, speakMs: 94_000, queues: ['Support'], legs: [] },
      events: [
        { kind: 'menu', startedAt: '2026-11-24T08:02:00.000Z', endedAt: '2026-11-24T08:02:20.000Z', menu: 'Huvudmeny' },
        { kind: 'queueCallback', startedAt: '2026-11-24T08:04:40.000Z', endedAt: '2026-11-24T08:27:00.000Z', queue: 'Support' },
        { kind: 'conversation', startedAt: '2026-11-24T08:27:06.000Z', endedAt: '2026-11-24T08:29:00.000Z', note: 'fråga efter Sara' },
      ],
      looks: [{ at: '2026-11-24T12:00:00.000Z', what: 'call.read', by: 'user' }],
    },
    {
      ...{ id: 'E1', startedAt: '2026-11-20T10:00:00.000Z', endedAt: '2026-11-20T10:04:00.000Z', direction: 'inbound', part: 'called' },
      ...{ result: 'answered', waitMs: null, speakMs: null, queues: [], events: [], legs: [], looks: [] },
    },
  ],
  contacts: [],
  doNotCall: [],
  directory: [
    { name: 'Kim Öberg', company: 'Öbergs Bygg', label: 'mobil', fields: { Ort: 'Luleå' }, changedAt: '2026-10-01T09:00:00.000Z' },
  ],
}

const erased = {
  ...{ status: 'whenOver', calls: 14, open: 1, withdrawn: 1, contacts: 1, listings: 1 },
  ...{ directoryRemoved: 0, directoryChanged: 1, notes: 2 },
}

/** Undefined where it is asked for something else. */
export function personAnswer(path: string): { readonly status: number; readonly body: unknown } | undefined {
  const body = { '/persons/find': summary, '/persons/copy': copy, '/persons/erase': erased }[path]
  return body === undefined ? undefined : { status: 200, body }
}
