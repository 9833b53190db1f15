/**
 * The demonstration: a day of calls made by the same engine in virtual time, then life going on in real time. The day is made on a
 * journal in memory and written to the real one at once; the network with its people and lines outlives that change of engines, as a
 * switch outlives a restart.
 */
import { Temporal } from 'temporal-polyfill'
import { memoryJournal, memoryStore } from '#adapters/memory/journal.ts'
import type { Ms } from '#core/kernel/kernel.ts'
import { Engine } from '#engine/engine.ts'
import type { Accounts } from '#ports/accounts.ts'
import type { Clock } from '#ports/clock.ts'
import type { EnginePort } from '#ports/engine.ts'
import { Callers } from '#sim/callers.ts'
import { seededChance } from '#sim/chance.ts'
import { settled, VirtualClock } from '#sim/clock.ts'
import { Day, whoTakesCallers } from '#sim/day.ts'
import type { DayParts } from '#sim/day-parts.ts'
import type { SimulatedNetwork } from '#sim/network.ts'
import { addCampaigns } from './demo-campaigns.ts'
import type { Running, RunParts } from './run-parts.ts'
import { startAll } from './running.ts'
import type { SolutionRead } from './solution.ts'
import { simulatedNetwork } from './telephony.ts'

const DAY_MS: Ms = 24 * 3_600_000
const CALLS_A_DAY = 450
/** In the live part: enough that somebody nearly always waits. */
const CALLS_AN_HOUR = 130

export interface DemoParts extends Omit<RunParts, 'telephony' | 'clock' | 'onSolution'> {
  /** The account in whose name callbacks are deleted. */
  readonly supervisor: string
  /** What must be ready before the address is told. */
  readonly prepare: () => Promise<void>
  readonly addUsers: (accounts: Accounts) => Promise<void>
}

interface World {
  readonly clock: VirtualClock
  readonly network: SimulatedNetwork
  readonly people: DayParts
  readonly day: Day
  readonly agents: readonly string[]
}

function localHour(zone: string): (at: Ms) => number {
  return (at) => {
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
    return local.hour + local.minute / 60
  }
}

/** People and lines between two instants, and what they do; no engine yet. */
function worldOf(
  parts: DemoParts,
  kit: () => SolutionRead,
  clock: VirtualClock,
  engine: () => EnginePort,
  atDesk: (id: string) => boolean,
): World {
  const network = simulatedNetwork(clock, parts.chance, kit)
  const people: DayParts = {
    clock,
    network,
    engine,
    atDesk,
    chance: seededChance(String(clock.now())),
    numbers: kit().lines.map(({ number }) => number),
    choices: ['1', '2', '3'],
    supervisor: parts.supervisor,
    log: (line) => parts.log('warn', line),
  }
  return { clock, network, people, day: new Day(people), agents: Object.keys(kit().solution.agents) }
}

/** Lets the day happen on a journal in memory, and writes all of it into the real one. */
async function makeDay(parts: DemoParts, world: World, use: (engine: EnginePort) => void): Promise<void> {
  const { clock, network, day } = world
  const store = memoryStore()
  const journal = memoryJournal(store)
  const engine = await Engine.start({
    journal,
    persons: journal,
    telephony: network,
    clock,
    chance: parts.chance,
    kit: parts.kit,
    read: async () => parts.kit,
    log: (line) => parts.log('warn', line),
  })
  use(engine)
  const from = clock.now()
  day.fill(from, from + DAY_MS, CALLS_A_DAY, whoTakesCallers(parts.kit.solution), localHour(parts.kit.solution.zone))
  await clock.run(from + DAY_MS, async () => {
    await settled()
    await engine.settled()
  })
  await engine.stop()
  await parts.data.journal.append(0, {
    facts: store.facts,
    persons: [...store.persons.values()],
    notes: [...store.notes].map(([noteId, text]) => ({ noteId, text })),
    solutions: [...store.solutions].map(([version, text]) => ({ version, text })),
  })
}

/** People go on calling, and agents with their campaigns. Returns how to stop it. */
function goOn({ day, people, agents }: World, { engine }: Running): () => void {
  let stopped = false
  const stopDay = day.goOn(CALLS_AN_HOUR, agents)
  new Callers({ ...people, agents, campaign: (id) => engine.campaign(id) }).goOn(() => stopped)
  return () => {
    stopped = true
    stopDay()
  }
}

/** Starts it: the first time with its day, afterwards where it was left. */
export async function demonstration(parts: DemoParts): Promise<Running> {
  const real: Clock = parts.wallClock
  let kit = parts.kit
  let engine: EnginePort | null = null
  let running: Running | null = null
  const first = parts.data.opened.position === 0
  const clock = new VirtualClock(real.now() - (first ? DAY_MS : 0))
  const engineNow = (): EnginePort => {
    if (engine === null) throw new Error('the demonstration has no engine yet')
    return engine
  }
  const world = worldOf(
    parts,
    () => kit,
    clock,
    engineNow,
    (agentId) => running?.atDesk(agentId) ?? false,
  )
  const use = (one: EnginePort) => {
    engine = one
  }
  if (first) await makeDay(parts, world, use)
  await parts.prepare()
  const onSolution = (taken: SolutionRead) => {
    kit = taken
  }
  const live = await startAll({ ...parts, telephony: world.network, clock, onSolution })
  running = live
  use(live.engine)
  await clock.catchUp(real, async () => {
    await settled()
    await live.engine.settled()
  })
  await parts.addUsers(live.accounts)
  if (first) await addCampaigns(live.engine, live.contacts, clock.now())
  // Whoever opens it at once finds the day in the archive.
  await live.projector.reached(live.engine.figures().position)
  const stop = goOn(world, live)
  return {
    ...live,
    async close() {
      stop()
      await live.close()
    },
  }
}
