/** Asks the server about one person by number. The number is in the body: addresses are logged. */
import type { PersonCopy, PersonErased, PersonSummary } from '#wire/persons.ts'
import { ask } from './api.ts'

export const personsApi = {
  find: (number: string) => ask<PersonSummary>('POST', '/persons/find', { number }),
  copy: (number: string) => ask<PersonCopy>('POST', '/persons/copy', { number }),
  erase: (number: string) => ask<PersonErased>('POST', '/persons/erase', { number }),
}
