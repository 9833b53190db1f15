import { writeFile } from 'node:fs/promises'
import type { PersonCall, PersonCopy } from '#wire/persons.ts'
import { askPerson } from '../ask-person.ts'
import type { Command } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { failedAt } from '../folders.ts'
import type { CopyAnswer } from '../person-controls.ts'

const seconds = (ms: number | null): string => (ms === null ? '–' : `${Math.round(ms / 1000)} s`)
const day = (instant: string): string => instant.slice(0, 19).replace('T', ' ')

function callText(call: PersonCall): string {
  const events = call.events.map(({ kind, startedAt, queue, menu, choice, reason, note }) => {
    const words = [queue, menu, choice, reason, note === undefined ? undefined : `“${note}”`].filter((word) => word !== undefined)
    return `    ${day(startedAt)}  ${kind}${words.length === 0 ? '' : `: ${words.join(', ')}`}\n`
  })
  const looks = call.looks.map(({ at, what, by }) => `    ${day(at)}  ${what} (${by})\n`)
  return `  ${day(call.startedAt)}  ${call.direction}, ${call.result}; waited ${seconds(call.waitMs)}, talked ${seconds(call.speakMs)}  [${call.id}]
${events.join('')}${looks.length === 0 ? '' : `    Looked at:\n${looks.join('')}`}`
}

/** To be read by the person it is about. Times are UTC. */
function textOf({ number, name, madeAt, calls, contacts, doNotCall, directory }: PersonCopy): string {
  const part = (title: string, lines: readonly string[]): string => `\n${title}: ${lines.length}\n${lines.join('')}`
  const words = (fields: Readonly<Record<string, string>>): string =>
    Object.entries(fields)
      .map(([key, value]) => `    ${key}: ${value}\n`)
      .join('')
  return `What is kept of ${number}${name === null ? '' : ` (${name})`}; ${day(madeAt)} UTC
${part('Calls', calls.map(callText))}${part(
  'In lists of campaigns',
  contacts.map(
    ({ campaignId, name: called, columns, tries, state }) =>
      `  ${campaignId}: ${called ?? '–'}, ${state}, tried ${tries} times\n${words(columns)}`,
  ),
)}${part(
  'On do-not-call lists',
  doNotCall.map(({ campaignId, source, addedAt }) => `  ${campaignId ?? 'every campaign'}, by ${source}, since ${day(addedAt)}\n`),
)}${part(
  'In the directory',
  directory.map(
    ({ name: called, company, label, fields }) =>
      `  ${[called, company, label].filter((word) => word !== null).join(', ')}\n${words(fields)}`,
  ),
)}`
}

export const run: Command['run'] = async (given, output) => {
  refuseDatabase(process.env)
  const answer = await askPerson<CopyAnswer>(dataFolderOf(given, process.env), 'copy', given.words.join(' '), output)
  if (!answer.ok) {
    output.err(`samtal: ${answer.refused}\n`)
    return 1
  }
  const made = given.flag('json') ? `${JSON.stringify(answer.copy, null, 2)}\n` : textOf(answer.copy)
  const target = given.text('out')
  if (target === undefined) output.out(made)
  else
    await writeFile(target, made, { mode: 0o600 }).catch((error: unknown) => {
      throw failedAt(`${target} cannot be written`, error)
    })
  return 0
}
