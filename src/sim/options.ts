/** The temper of a drawn world: what a seed draws first, and prints. */
import type { DiallerMode } from '#core/facts.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import type { CallbackSettings } from '#core/solution/solution.ts'
import type { SeededChance } from './chance.ts'
import { FAULT_KINDS, type Fault } from './faults/kinds.ts'

export interface Options {
  readonly queues: number
  readonly agents: number
  readonly customers: number
  /** Of the troubled phase. */
  readonly hours: number
  readonly callsPerHour: number
  /** What people do falls on whole multiples of this, so that things meet in one instant. */
  readonly gridMs: Ms
  readonly attempts: number
  readonly pauseSeconds: number
  readonly ringSeconds: number
  readonly wrapUpSeconds: number
  readonly retryVoicemail: boolean
  readonly giveUp: CallbackSettings['giveUp']
  readonly opensAt: number
  readonly closesAt: number
  readonly waitingMax: number
  readonly snapshotEvery: number
  /** How long an append takes while nothing is wrong. */
  readonly appendMs: Ms
  /** The first so many customers are switchboards. */
  readonly switchboards: number
  /** What each agent does of his own accord: calls numbers and colleagues, and holds, mutes, consults, transfers in conversations. */
  readonly deskDeedsPerHour: number
  readonly campaigns: readonly DiallerMode[]
  /** Of each campaign’s list; some of them are customers who call us too. */
  readonly contacts: number
  /** Every contact has hours of its own, which end while the world lasts, and cards are called in haste before they do. */
  readonly shortHours: boolean
  /** Campaigns are stopped, started, rewritten, numbers listed and lifted. */
  readonly ownerDeedsPerHour: number
  /** How often each kind of fault begins. */
  readonly faults: Readonly<Partial<Record<Fault, number>>>
}

const MODES: readonly DiallerMode[] = ['preview', 'progressive', 'power', 'predictive']
const A_FAULT_IS_DRAWN = 0.25

export function drawOptions(chance: SeededChance): Options {
  const sometimes = (share: number, most: number): number => (chance.often(share) ? chance.between(1, most) : 0)
  const own = {
    queues: chance.between(1, 3),
    agents: chance.between(1, 6),
    customers: chance.between(5, 30),
    hours: chance.between(1, 3),
    callsPerHour: chance.between(20, 150),
    gridMs: chance.pick([1, 100, 1_000, 5_000]),
    attempts: chance.between(1, 3),
    pauseSeconds: chance.pick([0, 5, 30, 300]),
    ringSeconds: chance.pick([15, 25, 30]),
    wrapUpSeconds: chance.pick([0, 0, 10, 60]),
    retryVoicemail: chance.often(0.4),
    giveUp: chance.pick(['closing', 'nextDay', '72h'] as const),
    opensAt: chance.pick([0, 7, 8, 9]),
    closesAt: chance.pick([9, 10, 24]),
    waitingMax: chance.pick([1, 3, 100]),
    snapshotEvery: chance.pick([0, 50, 500]),
    appendMs: chance.pick([0, 1, 5, 50]),
    switchboards: sometimes(0.4, 3),
    deskDeedsPerHour: sometimes(0.75, 120),
    campaigns: Array.from({ length: sometimes(0.7, 3) }, () => chance.pick(MODES)),
    contacts: chance.between(5, 40),
    ownerDeedsPerHour: sometimes(0.7, 30),
  }
  const faults: Partial<Record<Fault, number>> = {}
  for (const kind of FAULT_KINDS) {
    const perHour = chance.fork(kind).often(A_FAULT_IS_DRAWN) ? chance.between(1, 6) : 0
    if (perHour > 0) faults[kind] = perHour
  }
  // Where a phone rings before the contact's does.
  const shortHours = own.campaigns.includes('preview') && chance.fork('shortHours').often(0.5)
  return { ...own, shortHours, faults }
}
