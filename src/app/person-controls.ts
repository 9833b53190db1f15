/** What the command line asks of one person: erase, and a copy; of the running process, or of a data folder nothing runs on. */
import { copyOf } from '#adapters/http/person-copy.ts'
import type { Scrubbed } from '#adapters/sqlite/scrub/scrub.ts'
import type { Audit } from '#ports/audit.ts'
import type { Forgetting, Forgotten } from '#ports/forgetting.ts'
import type { Persons } from '#ports/journal.ts'
import type { PersonCopy } from '#wire/persons.ts'
import { byCommandLine } from './audited.ts'
import type { Controls } from './control.ts'
import { sentenceOf } from './refused.ts'
import type { Scrubbing } from './scrubbing.ts'
import type { SolutionRead } from './solution.ts'

export type ErasedAnswer =
  | { readonly ok: true; readonly forgotten: Forgotten; readonly scrubbed: Scrubbed | null }
  | { readonly ok: false; readonly refused: string }
export type CopyAnswer = { readonly ok: true; readonly copy: PersonCopy } | { readonly ok: false; readonly refused: string }

export interface PersonControlParts {
  readonly forgetting: Forgetting
  readonly scrubbing: Scrubbing
  readonly kit: () => SolutionRead
  readonly audit: Audit
  readonly persons: Persons
}

const DIGITS_MIN = 3

export function personControls(parts: PersonControlParts): Controls {
  const numberIn = (line: string): string | null => {
    const { number } = parts.kit().numbers.read(line)
    return number.replaceAll(/\D/g, '').length < DIGITS_MIN ? null : number
  }
  const refuse = async (what: string, code: string) => {
    await parts.audit.write(byCommandLine(what, { refused: code }))
    return { ok: false, refused: sentenceOf(code) } as const
  }
  const erase = async (line: string): Promise<ErasedAnswer> => {
    const number = numberIn(line)
    const code = number === null ? 'number.invalid' : parts.forgetting.refusal(number)
    if (number === null || code !== null) return refuse('person.erased', code ?? 'number.invalid')
    const forgotten = await parts.forgetting.erase(number)
    const { open, directory, ...counts } = forgotten
    const details = { ...counts, open: open.length, directoryRemoved: directory.removed, directoryChanged: directory.changed }
    await parts.audit.write(byCommandLine('person.erased', { details }))
    return { ok: true, forgotten, scrubbed: await parts.scrubbing.done() }
  }
  const copy = async (line: string): Promise<CopyAnswer> => {
    const number = numberIn(line)
    if (number === null) return refuse('person.copied', 'number.invalid')
    const { forgetting, persons, audit, kit } = parts
    const made = await copyOf({ forgetting, persons, audit, solution: kit().solution, now: Date.now() }, number)
    if (made === null) return refuse('person.copied', 'person.unknown')
    const { copy: all, persons: whose } = made
    const on = whose.map((id) => ({ kind: 'person', id }))
    const details = { calls: all.calls.length, contacts: all.contacts.length, directory: all.directory.length }
    await parts.audit.write(byCommandLine('person.copied', { on, details }))
    return { ok: true, copy: all }
  }
  return { erase, copy }
}
