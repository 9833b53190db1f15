/** One person by number: found, copied, erased. For administrators alone. */
import { PersonCopy, PersonErased, PersonNumber, PersonSummary } from '#wire/persons.ts'
import { refusals } from '#wire/refusals.ts'
import { copyOf } from './person-copy.ts'
import { languageOf, refused } from './problems.ts'
import { ADMINISTRATORS, type Route, route, type Server } from './route.ts'

/** As it is kept. What cannot be called is kept as it came, so it is looked for likewise. */
function numberIn({ deps }: Server, text: string): string {
  const { number } = deps.numbers().read(text.trim())
  if (!/\d{3}/.test(number.replaceAll(/\D/g, ''))) throw refused('number.invalid', { field: 'number' })
  return number
}

export const personRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/persons/find',
    summary: 'What is kept of whoever has this number, in counts, and whether it may be erased',
    audit: { what: 'person.found', as: 'look' },
    roles: ADMINISTRATORS,
    body: PersonNumber,
    answer: { status: 200, schema: PersonSummary },
    refuses: ['number.invalid'],
    handle: async (asked) => {
      const { forgetting } = asked.deps
      const about = await forgetting.about(numberIn(asked, asked.body.number))
      asked.note({ on: about.persons.map((id) => ({ kind: 'person', id })) })
      const { number, name, calls, callbacks } = about
      const code = forgetting.refusal(number)
      return {
        ...{ number, name, calls, callbacks, open: about.open.length },
        ...{ contacts: about.contacts.length, listings: about.listings.length, directory: about.directory.length },
        refused: code,
        refusedWhy: code === null ? null : (refusals[code]?.[languageOf(asked.reply)] ?? code),
      }
    },
  }),
  route({
    method: 'POST',
    path: '/persons/copy',
    summary: 'Everything kept of whoever has this number, and of nobody else in the same calls',
    audit: { what: 'person.copied', as: 'look' },
    roles: ADMINISTRATORS,
    body: PersonNumber,
    answer: { status: 200, schema: PersonCopy },
    refuses: ['number.invalid', 'person.unknown'],
    handle: async (asked) => {
      const { deps } = asked
      const { forgetting, persons, audit, clock, engine } = deps
      const number = numberIn(asked, asked.body.number)
      const made = await copyOf({ forgetting, persons, audit, solution: engine.solution(), now: clock.now() }, number)
      if (made === null) throw refused('person.unknown')
      const { copy, persons: whose } = made
      asked.note({
        on: whose.map((id) => ({ kind: 'person', id })),
        details: { calls: copy.calls.length, contacts: copy.contacts.length, directory: copy.directory.length },
      })
      return copy
    },
  }),
  route({
    method: 'POST',
    path: '/persons/erase',
    summary: 'Forget whoever has this number: at once, or when the call under way is over; calls stay, without name and number',
    audit: { what: 'person.erased', as: 'change' },
    roles: ADMINISTRATORS,
    body: PersonNumber,
    answer: { status: 200, schema: PersonErased },
    refuses: ['number.invalid', 'person.ourNumber', 'person.emergency'],
    handle: async (asked) => {
      const { forgetting } = asked.deps
      const number = numberIn(asked, asked.body.number)
      const code = forgetting.refusal(number)
      if (code !== null) throw refused(code, { field: 'number' })
      const { open, directory, ...done } = await forgetting.erase(number)
      const counts = { ...done, open: open.length, directoryRemoved: directory.removed, directoryChanged: directory.changed }
      asked.note({ details: counts })
      return counts
    },
  }),
]
