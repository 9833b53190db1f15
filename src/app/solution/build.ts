/** A checked file into the solution the rules read: every default filled in, seconds into milliseconds. */
import type { PersonId } from '#core/kernel/kernel.ts'
import {
  type Agent,
  type AgentPhone,
  type CallbackSettings,
  type Line,
  type Menu,
  type Outbound,
  type Queue,
  RETENTION_DEFAULT,
  type Retention,
  type Solution,
  type Target,
} from '#core/solution/solution.ts'
import type { FileAgent, FileCallback, FileMenu, FileOutbound, FileQueue, FileTarget, SettingsFile } from '#wire/solution.ts'

const ms = (seconds: number): number => Math.round(seconds * 1000)
const msOr = <T>(seconds: number | null | undefined, otherwise: T): number | T =>
  seconds === undefined || seconds === null ? otherwise : ms(seconds)
const mapValues = <A, B>(record: Readonly<Record<string, A>> | undefined, change: (value: A, key: string) => B): Record<string, B> =>
  bare(Object.fromEntries(Object.entries(record ?? {}).map(([key, value]) => [key, change(value, key)])))

/** Without the names every object inherits: whoever asks for the queue `constructor` asks for one that is not there, unless it is in the file. */
const bare = <T>(record: Readonly<Record<string, T>>): Record<string, T> => Object.assign(Object.create(null) as Record<string, T>, record)

const goodbye = (message: string): Target => ({ message, then: null })

export function target(file: FileTarget): Target {
  if (file.menu !== undefined) return { menu: file.menu }
  if (file.queue !== undefined) return { queue: file.queue }
  if (file.hours !== undefined) {
    return { hours: file.hours, open: target(file.open ?? { hangUp: true }), closed: target(file.closed ?? { message: 'closed' }) }
  }
  if (file.message !== undefined) return { message: file.message, then: file.then === undefined ? null : target(file.then) }
  return { hangUp: true }
}

const menu = (file: FileMenu, id: string): Menu => ({
  name: file.name ?? id,
  prompt: file.prompt,
  choices: mapValues(file.choices, target),
  triesMax: file.tries ?? 3,
  silenceMs: msOr(file.silenceSeconds, 5000),
  otherwise: file.otherwise === undefined ? goodbye('sorry') : target(file.otherwise),
})

const callback = (file: FileCallback, line: (number: string) => PersonId | null): CallbackSettings => ({
  digit: file.digit ?? '2',
  attemptsMax: file.attempts ?? 1,
  pauseMs: msOr(file.pauseSeconds, 30_000),
  ringMs: msOr(file.ringSeconds, 30_000),
  giveUp: file.giveUp ?? 'nextDay',
  webOrderMs: ms((file.webOrderHours ?? 72) * 3_600),
  askWhichNumber: file.askWhichNumber ?? true,
  retryVoicemail: file.retryVoicemail ?? false,
  waitingMax: file.waitingMax ?? 100,
  offerAfterMs: msOr(file.offerAfterSeconds, null),
  offerWhenWaitOverMs: msOr(file.offerWhenWaitOverSeconds, 0),
  callerId: file.callerId === undefined ? null : line(file.callerId),
  wrapUpAfterUnanswered: file.wrapUpAfterUnanswered ?? false,
})

const queue = (file: FileQueue, id: string, line: (number: string) => PersonId | null): Queue => ({
  id,
  name: file.name ?? id,
  skill: file.skill ?? null,
  priority: file.priority ?? 0,
  slaMs: msOr(file.slaSeconds, 20_000),
  music: file.music ?? 'default',
  hours: file.hours ?? null,
  waitingMax: file.waitingMax ?? 100,
  waitMsMax: msOr(file.waitSecondsMax, null),
  announceEveryMs: msOr(file.announceEverySeconds, null),
  exits: {
    closed: file.exits?.closed === undefined ? goodbye('closed') : target(file.exits.closed),
    full: file.exits?.full === undefined ? goodbye('full') : target(file.exits.full),
    noAgents: file.exits?.noAgents === undefined ? goodbye('noAgents') : target(file.exits.noAgents),
    timedOut: file.exits?.timedOut === undefined ? goodbye('sorry') : target(file.exits.timedOut),
  },
  closedExitForWaiting: file.closedExitForWaiting ?? false,
  wrapUpMs: msOr(file.wrapUpSeconds, 0),
  ringAgentMs: msOr(file.ringAgentSeconds, 20_000),
  welcome: file.welcome ?? null,
  handlingMs: msOr(file.handlingSeconds, 180_000),
  callback: file.callback === undefined ? null : callback(file.callback, line),
  retentionMonths: file.retentionMonths ?? null,
})

function phone(file: FileAgent['phone'], id: string): AgentPhone {
  if (file?.sip !== undefined) return { kind: 'sip', account: file.sip }
  if (file?.number !== undefined) return { kind: 'number', number: file.number }
  return { kind: 'desk', account: file?.desk ?? id }
}

function agent(file: FileAgent, id: string, line: (number: string) => PersonId | null): Agent {
  const place = file.emergencyCallerId === undefined ? null : line(file.emergencyCallerId)
  return {
    id,
    name: file.name ?? id,
    skills: file.skills === undefined ? null : bare(file.skills),
    profile: file.queues ?? null,
    phone: phone(file.phone, id),
    wrapUpMs: msOr(file.wrapUpSeconds, 0),
    ...(place === null ? {} : { emergencyCallerId: place }),
  }
}

const outbound = (file: SettingsFile, line: (number: string) => PersonId | null, firstLine: PersonId | null): Outbound => {
  const own: FileOutbound = file.outbound ?? {}
  return {
    queueName: own.queueName ?? 'Outbound',
    ringMs: msOr(own.ringSeconds, 30_000),
    ringOwnMs: msOr(own.ringOwnSeconds, 30_000),
    callerId: own.callerId === undefined ? firstLine : line(own.callerId),
    callerIds: (own.callerIds ?? []).flatMap((number) => line(number) ?? []),
    liveMax: file.limits?.outboundLiveMax ?? 100,
    liveMaxPerAgent: file.limits?.outboundLiveMaxPerAgent ?? 10,
    perNumberADay: file.limits?.callsToOneNumberADay ?? 20,
    music: own.music ?? 'default',
    emergencyCalls: own.emergencyCalls !== 'off',
    emergencyTrunk: own.emergencyTrunk ?? null,
  }
}

/** With what holds where the file is silent. */
export const retentionOf = ({ retention = {} }: SettingsFile): Retention => ({
  callsMonths: retention.callsMonths ?? RETENTION_DEFAULT.callsMonths,
  contactsMonths: retention.contactsOfEndedCampaignMonths ?? RETENTION_DEFAULT.contactsMonths,
  auditMonths: retention.auditMonths ?? RETENTION_DEFAULT.auditMonths,
})

/** `personOf`: the person id of a number of ours, whatever has been given before. `agents`: ids that get every default. */
export function buildSolution(
  file: SettingsFile,
  made: { readonly version: string; readonly personOf: (number: string) => PersonId; readonly agents: readonly string[] },
): Solution {
  const language = file.language ?? 'sv'
  const trunks = Object.keys(file.trunks ?? { main: {} })
  const firstTrunk = trunks[0] ?? 'main'
  const lines: Record<PersonId, Line> = bare({})
  for (const [number, one] of Object.entries(file.numbers ?? {})) {
    const personId = made.personOf(number)
    lines[personId] = {
      personId,
      name: one.name ?? file.name ?? number,
      target: target(one),
      language: one.language ?? language,
      trunk: one.trunk ?? firstTrunk,
    }
  }
  const line = (number: string): PersonId | null => (file.numbers?.[number] === undefined ? null : made.personOf(number))
  const listed = mapValues(file.agents, (one, id) => agent(one, id, line))
  const added = Object.fromEntries(made.agents.filter((id) => listed[id] === undefined).map((id) => [id, agent({}, id, line)]))
  return {
    version: made.version,
    name: file.name ?? 'Samtal',
    zone: file.zone ?? 'Europe/Stockholm',
    country: file.country ?? 'SE',
    language,
    lines,
    menus: mapValues(file.menus, menu),
    queues: mapValues(file.queues, (one, id) => queue(one, id, line)),
    agents: bare({ ...listed, ...added }),
    trunks,
    outbound: outbound(file, line, Object.keys(lines)[0] ?? null),
    hours: Object.keys(file.hours ?? {}),
    maskedFor: file.maskedFor ?? [],
    pauseReasons: file.pauseReasons ?? ['break', 'lunch', 'meeting'],
    notPlayed: Object.entries(file.prompts ?? {}).flatMap(([name, seconds]) => (seconds === 0 ? [name] : [])),
    keyingSilenceMs: 5000,
    restMs: msOr(file.restSeconds, 10_000),
    rungBackMs: msOr(file.rungBackSeconds, 20_000),
    offersMissedMax: file.offersMissedMax ?? 3,
    liveCallsMax: file.limits?.liveCallsMax ?? 5000,
    legMsMax: (file.limits?.callHoursMax ?? 12) * 3_600_000,
    callsPerSecondMax: file.limits?.callsPerSecondMax ?? 40,
    retention: retentionOf(file),
  }
}
