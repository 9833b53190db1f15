/**
 * Numbers taken out of all lists: the contacts who have them, those of files that wait for a confirmation too. Which erasures of the list
 * (`erasure-list.ts`) this file has seen stands in it: a backup's file has seen fewer, and what it lacks is done when it is opened.
 */
import type { Ms } from '#core/kernel/kernel.ts'
import type { ContactsErased } from '#ports/contacts.ts'
import type { DoNotCallList } from './contacts-barred.ts'
import type { ContactsDb } from './contacts-db.ts'
import type { Importing } from './contacts-import.ts'
import { ERASED_BEGINS, stateCode } from './contacts-schema.ts'
import { readErasures } from './erasure-list.ts'
import type { PersonHash } from './person-hash.ts'

const HAVING = 'SELECT contacts.id, contacts.stage, imports.at FROM contacts JOIN imports ON imports.key = contacts.import'
const STAGED = `SELECT cards.id FROM imports JOIN cards ON cards.id BETWEEN imports.first AND imports.last AND cards.import = imports.key
  WHERE imports.state IN ('reading', 'ready', 'confirming') AND imports.at <= @until AND (cards.phone = @number OR cards.phone2 = @number)
    AND NOT EXISTS (SELECT 1 FROM contacts WHERE contacts.id = cards.id)`

/** Rows not taken tell what stood there: the number itself, or text that holds it, written in whatever way. */
const TOLD = `UPDATE faults SET value = NULL WHERE value IS NOT NULL AND import IN (SELECT key FROM imports WHERE at <= @until)
  AND (value = @number OR replace(replace(replace(replace(replace(value, ' ', ''), '-', ''), '/', ''), '(', ''), ')', '') LIKE '%' || @digits || '%')`
/** Of a number's end: as many as are the same however it is written. */
const DIGITS = 7

interface Parts {
  readonly file: ContactsDb
  readonly list: DoNotCallList
  readonly imports: Pick<Importing, 'forget'>
  readonly hash: PersonHash
}

/** Within a transaction. Whoever is being called just now stays, and is counted, until the call is over. */
const take = ({ file, list, imports }: Parts, number: string, until: Ms): ContactsErased => {
  const listed = file.db
    .prepare(`${HAVING} WHERE contacts.phone = @number UNION ${HAVING} WHERE contacts.phone2 = @number`)
    .all({ number }) as { readonly id: number; readonly stage: number; readonly at: Ms }[]
  const staged = file.db.prepare(STAGED).pluck().all({ number, until }) as number[]
  const meant = listed.filter(({ at }) => at <= until)
  const underWay = meant.filter(({ stage }) => stage === stateCode('underWay'))
  const gone = [...meant.filter((one) => !underWay.includes(one)).map(({ id }) => id), ...staged]
  for (const id of gone) imports.forget(id)
  file.db.prepare(TOLD).run({ number, digits: number.slice(-DIGITS), until })
  return { contacts: gone.length, underWay: underWay.length, listings: list.erase(number, until) }
}

const SEEN = 'INSERT OR REPLACE INTO erased (hash, at) VALUES (?, ?)'

export const eraseContacts = (parts: Parts, number: string, until: Ms): ContactsErased =>
  parts.file.durably(() => {
    parts.file.db.prepare(SEEN).run(parts.hash.of(number).toString('hex'), until)
    return take(parts, number, until)
  })

/** Every number there is, once. */
const NUMBERS = `SELECT phone FROM cards UNION SELECT phone2 FROM cards WHERE phone2 IS NOT NULL
  UNION SELECT value FROM faults WHERE value LIKE '+%'
  UNION SELECT number FROM do_not_call WHERE number NOT LIKE '${ERASED_BEGINS}%'`

/** What the list tells and this file has not seen. It knows numbers by their hash alone, so that every number here is held against it. */
export const catchUp = (parts: Parts, folder: string): void => {
  const { db } = parts.file
  const seen = new Map(db.prepare('SELECT hash, at FROM erased').raw().all() as [string, Ms][])
  const fresh = new Map(readErasures(folder).flatMap(({ hash, at }) => ((seen.get(hash) ?? -1) < at ? [[hash, at] as const] : [])))
  if (fresh.size === 0) return
  parts.file.durably(() => {
    for (const number of db.prepare(NUMBERS).pluck().all() as string[]) {
      const at = fresh.get(parts.hash.of(number).toString('hex'))
      if (at !== undefined) take(parts, number, at)
    }
    for (const [hash, at] of fresh) db.prepare(SEEN).run(hash, at)
  })
}
