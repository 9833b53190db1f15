/**
 * Kinds of shift a pacing is tried in: what contacts do, how long agents talk, and who is there when. Each is a small description; what
 * it leaves open (mean talk, shape of the answer delay, wrap-up) is drawn from the seed, so that a pacing is not fitted to one guess.
 */
import type { SeededChance } from '../chance.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
export const SHIFT_MS = 8 * HOUR

/** What one contact will do if nobody ends the ring: times from the moment the number is set up. */
export type Manner =
  | { readonly type: 'answers'; readonly afterMs: number; readonly machine: boolean }
  | { readonly type: 'fails'; readonly afterMs: number }
  | { readonly type: 'rings' }

/** How one agent's day is: when there, and what takes him away in between. */
export interface Presence {
  readonly fromMs: number
  readonly toMs: number
  /** Pauses he begins, and how long each is. */
  readonly pauses: readonly { readonly atMs: number; readonly forMs: number }[]
}

export interface Assumptions {
  readonly talkMs: number
  readonly talkShape: 'lognormal' | 'exponential' | 'gamma'
  readonly wrapMs: number
  readonly wrapShape: 'even' | 'exponential' | 'fixed'
  readonly delayMs: number
  readonly delayShape: 'even' | 'lognormal' | 'exponential'
  /** Of the calls that nobody answers: the share that fails at once (busy, not in use). */
  readonly fails: number
}

export interface Kind {
  readonly name: string
  /** Tuned on, or kept apart until the end. */
  readonly tuned: boolean
  /** The share of calls dialled at this moment that is answered. */
  readonly answered: (atMs: number, chance: Turn) => number
  /** Of the answered: machines, and calls over in a few seconds. */
  readonly machines?: (atMs: number) => number
  readonly brief?: number
  /** Mean talk and answer delay at this moment, against the shift's own. */
  readonly talkFactor?: (atMs: number, chance: Turn) => number
  readonly delayFactor?: (atMs: number) => number
  /** Two sorts of conversation: a quarter of the mean, and what makes up for it. */
  readonly bimodal?: boolean
  readonly pausesPerHour?: number
  readonly pauseMinutes?: number
  /** Times at which a share of the team logs off at once, and for how long. */
  readonly walkouts?: (chance: SeededChance) => readonly { readonly atMs: number; readonly share: number; readonly forMs: number }[]
  readonly presence?: 'whole' | 'comingAndGoing' | 'slowArrival'
  /** A pause lets the calls in the air settle, as the desk does it; else it takes effect at once. */
  readonly politePauses?: boolean
}

/** A number of its own for each stretch of the day: what a swing or a shift of talk times is drawn from. */
export type Turn = (stretch: number, salt: string) => number

const stretch = (atMs: number, minutes: number): number => Math.floor(atMs / (minutes * MINUTE))
const swinging = (atMs: number, turn: Turn): number => 0.15 + 0.45 * turn(stretch(atMs, 25), 'swing')
const shifting = (atMs: number, turn: Turn): number => [0.5, 1, 1.7][Math.floor(3 * turn(stretch(atMs, 45), 'talk'))] ?? 1
const walkouts: Kind['walkouts'] = (chance) =>
  Array.from({ length: 5 }, () => ({
    atMs: chance.random() * SHIFT_MS,
    share: 0.2 + 0.4 * chance.random(),
    forMs: (10 + 40 * chance.random()) * MINUTE,
  }))

const steady = (share: number): Kind => ({ name: `steady ${Math.round(share * 100)} %`, tuned: true, answered: () => share })

export const KINDS: readonly Kind[] = [
  steady(0.15),
  steady(0.3),
  steady(0.45),
  steady(0.6),
  { name: 'swings', tuned: true, answered: swinging },
  { name: 'coming and going', tuned: true, answered: () => 0.3, presence: 'comingAndGoing' },
  { name: 'pausing', tuned: true, answered: () => 0.3, pausesPerHour: 2.5, pauseMinutes: 5 },
  { name: 'logging off at once', tuned: true, answered: () => 0.35, walkouts },
  { name: 'shifting talk', tuned: true, answered: () => 0.3, talkFactor: shifting },
  { name: 'machines', tuned: true, answered: () => 0.45, machines: () => 0.3 },
  { name: 'very short calls', tuned: true, answered: () => 0.35, brief: 0.35 },
  {
    name: 'all together',
    tuned: true,
    answered: swinging,
    presence: 'comingAndGoing',
    pausesPerHour: 2,
    pauseMinutes: 5,
    walkouts,
    talkFactor: shifting,
    machines: () => 0.15,
    brief: 0.15,
  },
  // Kept apart: nothing was tuned on these.
  { name: 'lunch collapse', tuned: false, answered: (at) => (at > 3.5 * HOUR && at < 4.5 * HOUR ? 0.1 : 0.4) },
  { name: 'bad list at noon', tuned: false, answered: (at) => (at < 4 * HOUR ? 0.45 : 0.08) },
  { name: 'good list at noon', tuned: false, answered: (at) => (at < 4 * HOUR ? 0.1 : 0.55) },
  { name: 'two sorts of talk', tuned: false, answered: () => 0.3, bimodal: true },
  { name: 'slow arrival', tuned: false, answered: () => 0.35, presence: 'slowArrival' },
  { name: 'answers come later', tuned: false, answered: () => 0.35, delayFactor: (at) => 0.6 + (0.9 * at) / SHIFT_MS },
  {
    name: 'half the team leaves late',
    tuned: false,
    answered: () => 0.3,
    walkouts: () => [{ atMs: SHIFT_MS - 12 * MINUTE, share: 0.5, forMs: HOUR }],
  },
  { name: 'polite pauses', tuned: false, answered: () => 0.3, pausesPerHour: 4, pauseMinutes: 5, politePauses: true },
  { name: 'restless team', tuned: false, answered: () => 0.3, pausesPerHour: 10, pauseMinutes: 2 },
  { name: 'evening wave', tuned: false, answered: (at) => 0.3 + 0.2 * Math.sin((at / HOUR) * 2) },
  { name: 'machines in the morning', tuned: false, answered: () => 0.4, machines: (at) => (at < 3 * HOUR ? 0.6 : 0.05) },
]

export const assumptionsOf = (chance: SeededChance): Assumptions => ({
  talkMs: 1_000 * Math.exp(Math.log(110) + chance.random() * Math.log(240 / 110)),
  talkShape: (['lognormal', 'exponential', 'gamma'] as const)[chance.between(0, 2)] ?? 'lognormal',
  wrapMs: 1_000 * (12 + 18 * chance.random()),
  wrapShape: (['even', 'exponential', 'fixed'] as const)[chance.between(0, 2)] ?? 'even',
  delayMs: 1_000 * (7 + 5 * chance.random()),
  delayShape: (['even', 'lognormal', 'exponential'] as const)[chance.between(0, 2)] ?? 'even',
  fails: 0.4 * chance.random(),
})

const gauss = (chance: SeededChance): number => Math.sqrt(-2 * Math.log(1 - chance.random())) * Math.cos(2 * Math.PI * chance.random())
const lognormal = (chance: SeededChance, mean: number, spread: number): number =>
  mean * Math.exp(spread * gauss(chance) - (spread * spread) / 2)

export function drawManner(kind: Kind, given: Assumptions, atMs: number, turn: Turn, chance: SeededChance): Manner {
  if (!chance.often(kind.answered(atMs, turn))) {
    return chance.often(given.fails) ? { type: 'fails', afterMs: 500 + 3_500 * chance.random() } : { type: 'rings' }
  }
  if (chance.often(kind.machines?.(atMs) ?? 0)) return { type: 'answers', afterMs: 2_000 + 4_000 * chance.random(), machine: true }
  const mean = given.delayMs * (kind.delayFactor?.(atMs) ?? 1)
  const shaped = {
    even: () => 2_000 + 2 * (mean - 2_000) * chance.random(),
    lognormal: () => lognormal(chance, mean, 0.5),
    exponential: () => 2_000 + chance.wait(mean - 2_000),
  }[given.delayShape]()
  return { type: 'answers', afterMs: Math.min(shaped, 23_000), machine: false }
}

export function drawTalk(kind: Kind, given: Assumptions, atMs: number, machine: boolean, turn: Turn, chance: SeededChance): number {
  if (machine) return 4_000 + 8_000 * chance.random()
  if (chance.often(kind.brief ?? 0)) return 3_000 + 12_000 * chance.random()
  let mean = given.talkMs * (kind.talkFactor?.(atMs, turn) ?? 1)
  if (kind.bimodal) mean *= chance.often(0.6) ? 0.25 : 2.125
  if (given.talkShape === 'exponential') return 2_000 + chance.wait(mean - 2_000)
  if (given.talkShape === 'gamma') return chance.wait(mean / 2) + chance.wait(mean / 2)
  return lognormal(chance, mean, 0.75)
}

export function drawWrap(given: Assumptions, machine: boolean, chance: SeededChance): number {
  if (machine) return 2_000 + 3_000 * chance.random()
  if (given.wrapShape === 'fixed') return given.wrapMs
  return given.wrapShape === 'exponential' ? chance.wait(given.wrapMs) : given.wrapMs * (0.5 + chance.random())
}

/** The stretches of the day each agent is away from though he is logged on otherwise, and when he comes and goes. */
export function drawPresences(kind: Kind, agents: number, chance: SeededChance): readonly (readonly Presence[])[] {
  const out = kind.walkouts?.(chance.fork('walkouts')) ?? []
  return Array.from({ length: agents }, () => {
    const pauses: { atMs: number; forMs: number }[] = []
    if (kind.pausesPerHour) {
      for (let at = chance.wait(HOUR / kind.pausesPerHour); at < SHIFT_MS; at += chance.wait(HOUR / (kind.pausesPerHour ?? 1))) {
        const forMs = chance.wait((kind.pauseMinutes ?? 5) * MINUTE)
        pauses.push({ atMs: at, forMs })
        at += forMs
      }
    }
    let spans = [spanOf(kind, chance)].flat()
    for (const { atMs, share, forMs } of out) {
      if (!chance.often(share)) continue
      const back = atMs + forMs * (0.7 + 0.6 * chance.random())
      spans = spans.flatMap((span) =>
        span.toMs <= atMs || span.fromMs >= back
          ? [span]
          : [
              { fromMs: span.fromMs, toMs: atMs },
              { fromMs: back, toMs: span.toMs },
            ].filter(({ fromMs, toMs }) => toMs > fromMs),
      )
    }
    return spans.map((span) => ({ ...span, pauses: pauses.filter(({ atMs }) => atMs > span.fromMs && atMs < span.toMs) }))
  })
}

function spanOf(kind: Kind, chance: SeededChance): { fromMs: number; toMs: number } | { fromMs: number; toMs: number }[] {
  if (kind.presence === 'slowArrival') return { fromMs: 2 * HOUR * chance.random(), toMs: SHIFT_MS }
  if (kind.presence !== 'comingAndGoing') return { fromMs: 0, toMs: SHIFT_MS }
  const spans: { fromMs: number; toMs: number }[] = []
  for (let at = chance.often(0.7) ? 0 : chance.wait(HOUR); at < SHIFT_MS; ) {
    const toMs = Math.min(SHIFT_MS, at + (0.5 + 2 * chance.random()) * HOUR)
    spans.push({ fromMs: at, toMs })
    at = toMs + chance.wait(30 * MINUTE)
  }
  return spans
}
