/** What parts that measure from one event of the switch to a request of ours share: our engine on that switch, with journal and archive on disk. */
import { createAsterisk } from '#adapters/asterisk/asterisk.ts'
import { machineChance, machineClock } from '#adapters/clock/clock.ts'
import { openArchiveWriter } from '#adapters/sqlite/archive.ts'
import { openSqliteJournal } from '#adapters/sqlite/journal.ts'
import { Projector } from '#app/projector/projector.ts'
import { readSolution } from '#app/solution.ts'
import { createPacing } from '#core/dialler/pacing.ts'
import { Engine } from '#engine/engine.ts'
import type { Contacts } from '#ports/contacts.ts'
import { type Figure, percentile } from './figures.ts'
import type { Watch } from './latency-watch.ts'

const MS_MAX = 20

interface Asked {
  readonly port: number
  readonly folder: string
  /** The solution. */
  readonly text: string
  readonly phones: 'desk' | 'sip'
  /** Of campaigns; left out: there are none. */
  readonly contacts?: Contacts
}

/** The legs of a call, as the engine's facts tell. */
type Party = 'agent' | 'customer'
type Legs = { readonly [party in Party]?: string }

export class OnSwitch {
  readonly engine: Engine
  readonly #projector: Projector
  readonly #legs = new Map<string, Legs>()

  private constructor(engine: Engine, projector: Projector) {
    this.engine = engine
    this.#projector = projector
    engine.onCommit(({ facts }) => {
      projector.upTo(facts.at(-1)?.position ?? 0)
      for (const { fact } of facts)
        if (fact.type === 'leg.requested') this.#legs.set(fact.callId, { ...this.#legs.get(fact.callId), [fact.party]: fact.legId })
    })
  }

  /** With every agent of the solution logged on. */
  static async start({ port, folder, text, phones, contacts }: Asked): Promise<OnSwitch> {
    const read = readSolution(text, { personOf: () => 'line' })
    if ('errors' in read) throw new Error(JSON.stringify(read.errors))
    const journal = openSqliteJournal({ folder })
    const log = (line: string): void => console.error(line)
    const telephony = createAsterisk({
      ariUrl: `http://127.0.0.1:${port}/ari`,
      ...{ user: 'bench', password: 'bench', app: 'samtal', promptsFolder: '/prompts', trouble: log },
      trunk: () => 'main',
      phone: (agentId) => ({ kind: phones, account: agentId }),
    })
    const engine = await Engine.start({
      ...{ journal, persons: journal, telephony, clock: machineClock(), chance: machineChance(), kit: read, log },
      read: async () => read,
      ...(contacts && { dialler: { contacts, pacing: createPacing } }),
    })
    for (const agentId of Object.keys(read.solution.agents)) await engine.submit({ type: 'agent.logOn', by: 'agent', agentId })
    openArchiveWriter({ folder }).close()
    return new OnSwitch(engine, new Projector(folder, log))
  }

  /** For each call with both: from the one's answer to the request for the other. */
  between({ answeredAt, askedAt }: Watch, answered: Party, asked: Party): readonly number[] {
    return [...this.#legs.values()].flatMap((legs) => {
      const [from, to] = [answeredAt.get(legs[answered] ?? ''), askedAt.get(legs[asked] ?? '')]
      return from === undefined || to === undefined ? [] : [to - from]
    })
  }

  /** How long the archive's projection still needed to have everything, in milliseconds. */
  async stop(): Promise<number> {
    const since = performance.now()
    await this.#projector.reached(this.engine.figures().position)
    const behindMs = performance.now() - since
    await this.#projector.close()
    await this.engine.stop()
    return behindMs
  }
}

/** `atLeast`: of what was to be measured in each run. */
export function latencies(name: string, runs: readonly (readonly number[])[], unit: string, atLeast: number): readonly Figure[] {
  const p99s = runs.map((ms) => percentile(ms, 0.99))
  return [
    { name: `${name}, p99, median of runs`, value: percentile(p99s, 0.5), unit: 'ms', aim: { atMost: MS_MAX } },
    { name: 'worst run’s p99', value: Math.max(...p99s), unit: 'ms' },
    { name: 'p50', value: percentile(runs.flat(), 0.5), unit: 'ms' },
    { name: 'measured in the least full run', value: Math.min(...runs.map((ms) => ms.length)), unit, aim: { atLeast } },
  ]
}
