/**
 * The real engine on a journal in memory and the simulated network, in virtual time: for tests of what happens when it is killed,
 * when the disk refuses, when the switch knows other things than we do.
 */
import { calendar } from '#adapters/calendar/calendar.ts'
import { type MemoryFaults, type MemoryJournal, memoryJournal, memoryStore } from '#adapters/memory/journal.ts'
import { readSolution } from '#app/solution.ts'
import type { PeopleCommand } from '#core/commands.ts'
import type { Fact } from '#core/facts.ts'
import type { AgentId, Ms } from '#core/kernel/kernel.ts'
import type { Solution } from '#core/solution/solution.ts'
import { Engine } from '#engine/engine.ts'
import type { EngineParts } from '#engine/parts.ts'
import type { Answer, SolutionKit } from '#ports/engine.ts'
import { PortError } from '#ports/errors.ts'
import type { Batch } from '#ports/journal.ts'
import type { TelephonyCommand } from '#ports/telephony.ts'
import { seededChance } from '#sim/chance.ts'
import { VirtualClock } from '#sim/clock.ts'
import { SimulatedNetwork } from '#sim/network.ts'

export type { Behaviour } from '#sim/people.ts'

/** A Monday, 09:00 in Stockholm. */
export const NINE: Ms = Date.parse('2026-11-23T08:00:00Z')
export const OUR_NUMBER = '+46850000000'
export const ANNA = '+46701234567'
export const BEA = '+46701234568'

export const SETTINGS = {
  numbers: { [OUR_NUMBER]: { menu: 'main' } },
  menus: { main: { prompt: 'welcome', choices: { '1': { queue: 'support' }, '9': { queue: 'sales' } } } },
  queues: {
    support: { callback: { digit: '2', attempts: 2, pauseSeconds: 30, ringSeconds: 25 } },
    sales: {},
  },
  agents: { carl: {}, dora: {} },
}

const read = (text: string): SolutionKit => {
  const found = readSolution(text, { personOf: (number) => `line-${number}`, under: [] })
  if ('errors' in found) throw new Error(JSON.stringify(found.errors))
  return {
    solution: found.solution,
    text,
    numbers: found.numbers,
    calendar: calendar(found.solution.zone, found.hours),
    lines: found.lines,
  }
}

/** `change`: made to the solution after it was read, for what no file may say. */
export function kitOf(settings: object = SETTINGS, change: (solution: Solution) => Solution = (solution) => solution): SolutionKit {
  const kit = read(JSON.stringify(settings))
  return { ...kit, solution: change(kit.solution) }
}

export class EngineStage {
  readonly store = memoryStore()
  readonly clock = new VirtualClock(NINE)
  readonly chance = seededChance('stage')
  readonly network: SimulatedNetwork
  readonly log: string[] = []
  readonly commands: TelephonyCommand[] = []
  readonly kits = new Map<string, SolutionKit>()
  kit: SolutionKit
  /** Facts between two snapshots; 0: none. */
  snapshotEvery = 0
  /** How far the wall has stepped away from waiting, as the engine sees it. */
  steppedMs: Ms = 0
  clockWatchMs: Ms | null = null
  sweepMs: Ms | null = null
  /** Asked before each append; may wait, or throw. */
  beforeAppend: (expected: number, batch: Batch) => void | Promise<void> = () => undefined
  afterAppend: (batch: Batch) => void | Promise<void> = () => undefined
  /** Asked before a number is looked up; may throw. */
  beforeFind: () => void = () => undefined
  /** The lists of campaigns and what paces them; null: nobody is dialled. */
  dialler: EngineParts['dialler'] | null = null
  #engine: Engine | null = null
  #journal: MemoryJournal | null = null

  constructor(kit: SolutionKit = kitOf()) {
    this.kit = kit
    this.network = new SimulatedNetwork({ clock: this.clock, chance: this.chance.fork('network'), lengthMs: () => 2_000 })
    this.network.onCommand = (command) => void this.commands.push(command)
  }

  get engine(): Engine {
    if (this.#engine === null) throw new Error('no engine runs')
    return this.#engine
  }

  async start(): Promise<void> {
    const faults: MemoryFaults = {
      beforeAppend: (expected, batch) => this.beforeAppend(expected, batch),
      afterAppend: (batch) => this.afterAppend(batch),
    }
    const journal = memoryJournal(this.store, faults)
    this.#journal = journal
    this.kits.set(this.kit.text, this.kit)
    const starting = Engine.start({
      journal,
      persons: {
        find: async (number) => {
          this.beforeFind()
          return journal.find(number)
        },
        get: (ids) => journal.get(ids),
        note: (noteId) => journal.note(noteId),
      },
      telephony: this.network,
      clock: {
        now: () => this.clock.now() + this.steppedMs,
        monotonic: () => this.clock.monotonic(),
        wake: (at, call) => this.clock.wake(at - this.steppedMs, call),
      },
      ...(this.dialler == null ? {} : { dialler: this.dialler }),
      ...(this.clockWatchMs === null ? {} : { clockWatchMs: this.clockWatchMs }),
      ...(this.sweepMs === null ? {} : { sweepMs: this.sweepMs }),
      chance: this.chance,
      kit: this.kit,
      read: async (text) => this.kits.get(text) ?? read(text),
      log: (line) => void this.log.push(line),
      snapshotEvery: this.snapshotEvery,
    })
    let started = false
    const over = (): void => {
      started = true
    }
    void starting.then(over, over)
    // A slow switch takes its time to answer; otherwise none passes.
    for (let tries = 0; !started && tries < 1_000; tries += 1) await this.wait(tries === 0 ? 0 : 50)
    this.#engine = await starting.catch((error: unknown) => {
      journal.crash()
      throw error
    })
    await this.wait(0)
  }

  /** As kill -9: what was not durable is gone, the switch lives on. */
  async kill(): Promise<void> {
    this.#journal?.crash()
    await this.network.stop()
    this.#engine = null
  }

  async wait(ms: Ms): Promise<void> {
    await this.clock.run(this.clock.now() + ms)
  }

  async ask(command: PeopleCommand): Promise<Answer> {
    const answer = this.engine.submit(command)
    await this.wait(0)
    return answer
  }

  async logOn(...agents: readonly AgentId[]): Promise<void> {
    for (const agentId of agents) await this.ask({ type: 'agent.logOn', by: 'agent', agentId })
  }

  /** A person calls our number and chooses at once. */
  async joins(from: string, digits = '1') {
    const call = this.network.call(from, OUR_NUMBER)
    await this.wait(0)
    call?.press(digits)
    await this.wait(0)
    if (call === undefined) throw new Error(`${from} is on the phone`)
    return call
  }

  facts<T extends Fact['type']>(type: T): Extract<Fact, { type: T }>[] {
    return this.store.facts.flatMap(({ fact }) => (fact.type === type ? [fact as Extract<Fact, { type: T }>] : []))
  }

  rings(): Extract<TelephonyCommand, { type: 'leg.ring' }>[] {
    return this.commands.filter((command) => command.type === 'leg.ring')
  }
}

/** The disk is full, or slow: nothing was written, later it may be. */
export const diskFull = (): never => {
  throw new PortError('journal', 'append', { message: 'disk full', retry: true })
}
