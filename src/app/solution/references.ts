/** What a schema cannot say: that everything named exists, that numbers are ours to have, that no caller is sent round in circles. */
import { leastMs, OUTBOUND_QUEUE } from '#core/solution/solution.ts'
import type { Numbers } from '#ports/numbers.ts'
import type { FileCallback, FileTarget, SettingsFile } from '#wire/solution.ts'
import { retentionOf } from './build.ts'
import type { FileError, Path, Places } from './places.ts'

export interface Checking {
  readonly file: SettingsFile
  readonly places: Places
  readonly under: Path
  readonly numbers: Numbers
  /** Prompts that are recorded; null: not judged. */
  readonly prompts: readonly string[] | null
}

type Say = (path: Path, message: string, name?: boolean) => void

const KINDS = ['menu', 'queue', 'hours', 'message', 'hangUp'] as const

/** Every target of the file with where it stands. */
function* targets(file: SettingsFile): Generator<{ path: Path; target: FileTarget }> {
  const nested = function* (path: Path, target: FileTarget | undefined): Generator<{ path: Path; target: FileTarget }> {
    if (target === undefined) return
    yield { path, target }
    for (const part of ['open', 'closed', 'then'] as const) yield* nested([...path, part], target[part])
  }
  for (const [number, one] of Object.entries(file.numbers ?? {})) yield* nested(['numbers', number], one)
  for (const [id, menu] of Object.entries(file.menus ?? {})) {
    for (const [digit, choice] of Object.entries(menu.choices)) yield* nested(['menus', id, 'choices', digit], choice)
    yield* nested(['menus', id, 'otherwise'], menu.otherwise)
  }
  for (const [id, queue] of Object.entries(file.queues ?? {})) {
    for (const exit of ['closed', 'full', 'noAgents', 'timedOut'] as const)
      yield* nested(['queues', id, 'exits', exit], queue.exits?.[exit])
  }
}

function checkTargets({ file, prompts }: Checking, say: Say) {
  const exists = (list: object | undefined, id: string) => Object.hasOwn(list ?? {}, id)
  for (const { path, target } of targets(file)) {
    const kinds = KINDS.filter((kind) => target[kind] !== undefined)
    if (kinds.length !== 1) {
      say(path, `should lead to exactly one of ${KINDS.join(', ')}${kinds.length === 0 ? '' : `, not to ${kinds.join(' and ')}`}`)
      continue
    }
    if (target.menu !== undefined && !exists(file.menus, target.menu)) say([...path, 'menu'], `there is no menu "${target.menu}"`)
    if (target.queue !== undefined && !exists(file.queues, target.queue)) say([...path, 'queue'], `there is no queue "${target.queue}"`)
    if (target.hours !== undefined) {
      if (!exists(file.hours, target.hours)) say([...path, 'hours'], `there are no hours "${target.hours}"`)
      for (const part of ['open', 'closed'] as const)
        if (target[part] === undefined) say([...path, part], `"${part}" is missing beside hours`)
    } else
      for (const part of ['open', 'closed'] as const)
        if (target[part] !== undefined) say([...path, part], `"${part}" belongs to hours`, true)
    if (target.then !== undefined && target.message === undefined) say([...path, 'then'], '"then" belongs to a message', true)
    if (target.message !== undefined) checkPrompt(file, prompts, [...path, 'message'], target.message, say)
  }
}

function checkPrompt(file: SettingsFile, prompts: Checking['prompts'], path: Path, name: string, say: Say) {
  if (prompts === null || prompts.includes(name) || file.prompts?.[name] !== undefined) return
  say(path, `there is no prompt "${name}"`)
}

function checkNumbers({ file, numbers }: Checking, say: Say) {
  for (const [number, line] of Object.entries(file.numbers ?? {})) {
    const { barred, number: e164 } = numbers.read(number)
    if (barred === 'emergency') say(['numbers', number], 'is an emergency number', true)
    else if (e164 !== number) say(['numbers', number], `should be written ${e164}`, true)
    if (line.trunk !== undefined && file.trunks !== undefined && file.trunks[line.trunk] === undefined) {
      say(['numbers', number, 'trunk'], `there is no trunk "${line.trunk}"`)
    }
  }
  for (const [id, queue] of Object.entries(file.queues ?? {})) {
    const callerId = queue.callback?.callerId
    if (callerId !== undefined && file.numbers?.[callerId] === undefined) {
      say(['queues', id, 'callback', 'callerId'], 'is not among our numbers')
    }
  }
  for (const [index, number] of (file.switchboards ?? []).entries()) {
    const { barred, number: e164 } = numbers.read(number)
    const here = ['switchboards', index]
    if (barred === 'emergency') say(here, 'is an emergency number')
    else if (barred === 'invalid' || !e164.startsWith('+')) say(here, 'is no telephone number')
    else if (e164 !== number) say(here, `should be written ${e164}`)
    else if (file.numbers?.[number] !== undefined) say(here, 'is a number of our own')
    else if (file.switchboards?.indexOf(number) !== index) say(here, 'stands here twice')
  }
  for (const [id, agent] of Object.entries(file.agents ?? {})) {
    const place = agent.emergencyCallerId
    if (place !== undefined && file.numbers?.[place] === undefined) say(['agents', id, 'emergencyCallerId'], 'is not among our numbers')
    const number = agent.phone?.number
    if (number === undefined) continue
    const { barred } = numbers.read(number)
    if (barred === 'emergency') say(['agents', id, 'phone', 'number'], 'is an emergency number')
    else if (barred === 'invalid') say(['agents', id, 'phone', 'number'], 'is no telephone number')
  }
}

function checkOutbound({ file }: Checking, say: Say) {
  const { callerId, callerIds = [], emergencyTrunk } = file.outbound ?? {}
  if (callerId !== undefined && file.numbers?.[callerId] === undefined) say(['outbound', 'callerId'], 'is not among our numbers')
  for (const [index, number] of callerIds.entries())
    if (file.numbers?.[number] === undefined) say(['outbound', 'callerIds', index], 'is not among our numbers')
  if (emergencyTrunk !== undefined && file.trunks?.[emergencyTrunk] === undefined)
    say(['outbound', 'emergencyTrunk'], `there is no trunk "${emergencyTrunk}"`)
  if (file.queues?.[OUTBOUND_QUEUE] !== undefined)
    say(['queues', OUTBOUND_QUEUE], 'is the name of the queue agents’ own calls are shown in', true)
}

function checkNames({ file, prompts }: Checking, say: Say) {
  const skills = new Set(Object.values(file.agents ?? {}).flatMap((agent) => Object.keys(agent.skills ?? {})))
  const everySkill = Object.values(file.agents ?? {}).some((agent) => agent.skills === undefined) || file.agents === undefined
  for (const [id, menu] of Object.entries(file.menus ?? {})) checkPrompt(file, prompts, ['menus', id, 'prompt'], menu.prompt, say)
  for (const [id, queue] of Object.entries(file.queues ?? {})) {
    if (queue.hours !== undefined && file.hours?.[queue.hours] === undefined)
      say(['queues', id, 'hours'], `there are no hours "${queue.hours}"`)
    if (queue.welcome !== undefined) checkPrompt(file, prompts, ['queues', id, 'welcome'], queue.welcome, say)
    if (queue.skill !== undefined && !everySkill && !skills.has(queue.skill))
      say(['queues', id, 'skill'], `no agent has the skill "${queue.skill}"`)
  }
  for (const [id, agent] of Object.entries(file.agents ?? {})) {
    for (const [index, queue] of (agent.queues ?? []).entries()) {
      if (file.queues?.[queue] === undefined) say(['agents', id, 'queues', index], `there is no queue "${queue}"`)
    }
  }
  if (file.zone !== undefined && !zones(file.zone)) say(['zone'], `"${file.zone}" is no time zone`)
}

function zones(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function checkHours({ file }: Checking, say: Say) {
  const windows = (path: Path, list: readonly string[]) => {
    for (const [index, window] of list.entries()) {
      const [from = '', to = ''] = window.split('-')
      if (from >= to) say([...path, index], 'should end after it begins; past midnight is written as two days')
    }
  }
  for (const [id, hours] of Object.entries(file.hours ?? {})) {
    for (const [day, list] of Object.entries(hours)) if (Array.isArray(list)) windows(['hours', id, day], list)
    for (const [date, list] of Object.entries(hours.holidays ?? {})) {
      const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
      const real = new Date(Date.UTC(year, month - 1, day))
      if (real.getUTCMonth() !== month - 1 || real.getUTCDate() !== day) say(['hours', id, 'holidays', date], 'is no date', true)
      windows(['hours', id, 'holidays', date], list)
    }
  }
}

/** Exits judged on joining lead on at once: a ring of them would send a caller round for ever. */
function checkLoops({ file }: Checking, say: Say) {
  const played = (prompt: string) => file.prompts?.[prompt] !== 0
  const onwards = (target: FileTarget | undefined): string[] => {
    if (target === undefined) return []
    if (target.queue !== undefined) return [target.queue]
    if (target.hours !== undefined) return [...onwards(target.open), ...onwards(target.closed)]
    return target.message !== undefined && !played(target.message) ? onwards(target.then) : []
  }
  const edges = (id: string) => {
    const exits = file.queues?.[id]?.exits
    return (['closed', 'full', 'noAgents'] as const).flatMap((exit) => onwards(exits?.[exit]).map((to) => ({ exit, to })))
  }
  for (const start of Object.keys(file.queues ?? {})) {
    for (const { exit, to } of edges(start)) {
      const seen = new Set<string>()
      const left = [to]
      for (let id = left.pop(); id !== undefined; id = left.pop()) {
        if (seen.has(id)) continue
        seen.add(id)
        left.push(...edges(id).map((edge) => edge.to))
      }
      if (seen.has(start)) say(['queues', start, 'exits', exit], `leads back to queue "${start}" without ever waiting`)
    }
  }
}

/** An order of a caller who waited is given up after 72 hours at the latest; one by the API when its queue says. */
const promisedHours = (callback: FileCallback | undefined): number =>
  callback === undefined ? 0 : Math.max(72, callback.webOrderHours ?? 72)

/** Calls outlive what was promised in them, and the audit log outlives the calls. */
function checkRetention({ file, places, under }: Checking, say: Say) {
  const { callsMonths, auditMonths } = retentionOf(file)
  const audit: Path = ['retention', 'auditMonths']
  const isAuditGiven = places.has([...under, ...audit])
  const outlivesAudit = (months: number, path: Path) => {
    if (months <= auditMonths) return
    if (isAuditGiven) say(audit, `is shorter than calls are kept (${months} months): the audit log outlives the calls`)
    else say(path, `is longer than the audit log is kept, which outlives the calls: set retention.auditMonths to ${months} or more`)
  }
  outlivesAudit(callsMonths, ['retention', 'callsMonths'])
  for (const [id, { retentionMonths, callback }] of Object.entries(file.queues ?? {})) {
    const own: Path = ['queues', id, 'retentionMonths']
    if (retentionMonths !== undefined && retentionMonths > callsMonths) outlivesAudit(retentionMonths, own)
    const hours = promisedHours(callback)
    if (hours * 3_600_000 > leastMs(retentionMonths ?? callsMonths))
      say(
        retentionMonths === undefined ? ['retention', 'callsMonths'] : own,
        `is shorter than a callback in queue "${id}" may be promised for (${hours} hours): a promise is kept with its call`,
      )
  }
}

/** Every fault between the parts of a file whose shape is right, in order of place. */
export function referenceFaults(checking: Checking): FileError[] {
  const found: FileError[] = []
  const say: Say = (path, message, name = false) => found.push(checking.places.fault([...checking.under, ...path], message, name))
  for (const check of [checkTargets, checkNumbers, checkOutbound, checkNames, checkHours, checkLoops, checkRetention]) check(checking, say)
  return found.sort((a, b) => a.line - b.line || a.column - b.column)
}
