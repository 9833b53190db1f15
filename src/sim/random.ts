/** A solution, drawn from a seed. */
import type { HoursId, Ms } from '#core/kernel/kernel.ts'
import { type Queue, RETENTION_DEFAULT, type Solution, type Target } from '#core/solution/solution.ts'
import type { Calendar, HoursNow } from '#ports/clock.ts'
import type { SolutionKit } from '#ports/engine.ts'
import type { Numbers } from '#ports/numbers.ts'
import type { SeededChance } from './chance.ts'
import type { Options } from './options.ts'

const SECOND: Ms = 1_000
const MINUTE: Ms = 60_000
const HOUR: Ms = 60 * MINUTE
const DAY: Ms = 24 * HOUR

export const ourNumber = (queue: number): string => `+4685000000${queue}`
export const customerNumber = (place: number): string => `+467000000${String(place).padStart(2, '0')}`
/** Of somebody who is on lists of campaigns alone. */
export const contactNumber = (place: number): string => `+467300000${String(place).padStart(2, '0')}`
export const OPENING: HoursId = 'opening'

const goodbye = (message: string): Target => ({ message, then: null })

function queueOf(place: number, options: Options, chance: SeededChance): Queue {
  return {
    id: `q${place}`,
    name: `Queue ${place}`,
    skill: chance.often(0.5) ? `s${place}` : null,
    priority: chance.between(0, 2),
    slaMs: chance.pick([0, 20, 60]) * SECOND,
    music: 'default',
    hours: chance.often(0.7) ? OPENING : null,
    waitingMax: options.waitingMax,
    waitMsMax: chance.often(0.3) ? chance.between(20, 300) * SECOND : null,
    announceEveryMs: chance.often(0.5) ? chance.between(15, 60) * SECOND : null,
    exits: {
      closed: goodbye('closed'),
      full: chance.often(0.3) && place > 0 ? { queue: 'q0' } : goodbye('full'),
      noAgents: goodbye('noAgents'),
      timedOut: chance.often(0.3) && place > 0 ? { queue: 'q0' } : goodbye('sorry'),
    },
    closedExitForWaiting: chance.often(0.3),
    wrapUpMs: options.wrapUpSeconds * SECOND,
    ringAgentMs: chance.pick([5, 15, 20]) * SECOND,
    welcome: chance.often(0.3) ? 'connected' : null,
    handlingMs: 180 * SECOND,
    callback: {
      digit: '2',
      attemptsMax: options.attempts,
      pauseMs: options.pauseSeconds * SECOND,
      ringMs: options.ringSeconds * SECOND,
      giveUp: options.giveUp,
      webOrderMs: 72 * 3_600 * SECOND,
      askWhichNumber: chance.often(0.7),
      retryVoicemail: options.retryVoicemail,
      waitingMax: chance.pick([2, 100]),
      offerAfterMs: chance.often(0.5) ? chance.between(0, 30) * SECOND : null,
      offerWhenWaitOverMs: 0,
      callerId: null,
      wrapUpAfterUnanswered: chance.often(0.2),
    },
    retentionMonths: null,
  }
}

export function drawSolution(options: Options, chance: SeededChance): Solution {
  const queues = Array.from({ length: options.queues }, (_, place) => queueOf(place, options, chance))
  const trunks = options.faults['trunk.down'] !== undefined && chance.often(0.5) ? ['main', 'spare'] : ['main']
  const choices = Object.fromEntries(queues.map((queue, place) => [String(place + 1), { queue: queue.id }]))
  return {
    version: 'drawn',
    name: 'Drawn',
    zone: 'UTC',
    country: 'SE',
    language: 'sv',
    lines: Object.fromEntries(
      queues.map((queue, place) => [
        `line${place}`,
        {
          personId: `line${place}`,
          name: queue.name,
          target: place === 0 ? { menu: 'main' } : { queue: queue.id },
          language: 'sv',
          trunk: chance.pick(trunks),
        },
      ]),
    ),
    menus: {
      main: {
        name: 'Main',
        prompt: 'welcome',
        choices,
        triesMax: chance.between(1, 3),
        silenceMs: 5 * SECOND,
        otherwise: chance.often(0.5) ? { queue: 'q0' } : goodbye('sorry'),
      },
    },
    queues: Object.fromEntries(queues.map((queue) => [queue.id, queue])),
    trunks,
    outbound: OUTBOUND,
    agents: Object.fromEntries(
      Array.from({ length: options.agents }, (_, place) => [
        `a${place}`,
        {
          id: `a${place}`,
          name: `Agent ${place}`,
          skills: chance.often(0.5) ? null : Object.fromEntries(queues.map((queue) => [queue.skill ?? queue.id, chance.between(1, 3)])),
          profile: null,
          phone: { kind: 'desk' as const, account: `a${place}` },
          wrapUpMs: 0,
        },
      ]),
    ),
    hours: [OPENING],
    maskedFor: [],
    pauseReasons: ['break'],
    notPlayed: chance.often(0.3) ? ['callback.ordered'] : [],
    keyingSilenceMs: 5 * SECOND,
    restMs: chance.pick([1, 10, 60]) * SECOND,
    rungBackMs: 20 * SECOND,
    offersMissedMax: chance.between(1, 4),
    liveCallsMax: 500,
    legMsMax: 12 * 3_600_000,
    callsPerSecondMax: 100,
    retention: RETENTION_DEFAULT,
  }
}

/** Agents' own calls as a file leaves them. */
const OUTBOUND: Solution['outbound'] = {
  queueName: 'Outbound',
  ringMs: 30_000,
  ringOwnMs: 30_000,
  callerId: null,
  callerIds: [],
  liveMax: 100,
  liveMaxPerAgent: 10,
  perNumberADay: 20,
  music: 'default',
  emergencyCalls: true,
  emergencyTrunk: null,
}

/** Of a time of day, 09:15. */
const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/** Open between two hours of every UTC day, for callers and contacts alike. */
export function plainCalendar(opensAt: number, closesAt: number): Calendar {
  const day = (at: Ms): { from: Ms; to: Ms } => ({ from: at - (at % DAY), to: at - (at % DAY) + DAY })
  const hours = (_: HoursId, at: Ms): HoursNow => {
    if (opensAt === 0 && closesAt === 24) return { open: true, until: null, closesAt: null, nextDayClosesAt: null }
    const [opens, closes] = [day(at).from + opensAt * HOUR, day(at).from + closesAt * HOUR]
    const open = at >= opens && at < closes
    const until = open ? closes : at < opens ? opens : opens + DAY
    return {
      open,
      until,
      closesAt: open ? closes : null,
      nextDayClosesAt: (open ? closes : until - opensAt * HOUR + closesAt * HOUR) + (open ? DAY : 0),
    }
  }
  return {
    day,
    hours,
    calling: ({ own }, at) => {
      const { open, until } = hours(OPENING, at)
      if (own === null) return { open, until, period: null, turnsAt: until }
      const [opens, closes] = [day(at).from + minutesOf(own.from) * MINUTE, day(at).from + minutesOf(own.to) * MINUTE]
      const inside = at >= opens && at < closes
      const turnsOwn = inside ? closes : at < opens ? opens : opens + DAY
      const turnsAt = Math.min(until ?? turnsOwn, turnsOwn)
      return { open: open && inside, until: turnsAt, period: null, turnsAt }
    },
    instant: (local) => Date.parse(`${local}Z`),
    monthsBefore: (at, months) => new Date(at).setUTCMonth(new Date(at).getUTCMonth() - months),
  }
}

/** Dialled by agents in earnest: nobody lives there but the simulated network. */
export const EMERGENCY = '112'

/** Numbers as they come: those beginning with + and long enough can be called. */
const plainNumbers = (switchboards: ReadonlySet<string>): Numbers => ({
  read: (text) => {
    const number = text.startsWith('0') ? `+46${text.slice(1)}` : text
    const kind = switchboards.has(number) ? { switchboard: true as const } : {}
    const barred = number === EMERGENCY ? 'emergency' : /^\+[0-9]{9,15}$/.test(number) ? null : 'invalid'
    return { number, country: 'SE', ...kind, barred }
  },
})

export const switchboardsOf = (options: Options): readonly string[] =>
  Array.from({ length: options.switchboards }, (_, place) => customerNumber(place))

export function drawKit(options: Options, chance: SeededChance): SolutionKit {
  return {
    solution: drawSolution(options, chance),
    text: '{}',
    numbers: plainNumbers(new Set(switchboardsOf(options))),
    calendar: plainCalendar(options.opensAt, options.closesAt),
    lines: Array.from({ length: options.queues }, (_, place) => ({
      personId: `line${place}`,
      number: ourNumber(place),
      name: `Line ${place}`,
    })),
  }
}
