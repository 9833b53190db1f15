/** The whole product on a free port: engine, SQLite, HTTP, the built pages, and a simulated network whose people the test plays. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machineChance, machineClock } from '#adapters/clock/clock.ts'
import type { Running } from '#app/run-parts.ts'
import { openData, readFileSolution, startAll } from '#app/running.ts'
import { simulatedNetwork } from '#app/telephony.ts'
import type { SimulatedNetwork } from '#sim/network.ts'
import { buildWeb } from '../../scripts/build-web.ts'

export const LINE = '+46846500400'
export const OTHER_LINE = '+46846500477'

const solutionOf = (outbound: object, limits: object) => ({
  name: 'Journey',
  zone: 'Europe/Stockholm',
  country: 'SE',
  language: 'sv',
  numbers: { [LINE]: { menu: 'main' }, [OTHER_LINE]: { menu: 'main' } },
  outbound: { ringSeconds: 15, callerIds: [OTHER_LINE], ...outbound },
  limits,
  menus: { main: { prompt: 'welcome', choices: { '1': { queue: 'support' } } } },
  queues: {
    support: {
      name: 'Support',
      skill: 'support',
      slaSeconds: 60,
      wrapUpSeconds: 60,
      ringAgentSeconds: 20,
      callback: { digit: '2', attempts: 2, pauseSeconds: 5, ringSeconds: 15 },
    },
  },
  agents: {
    anna: { name: 'Anna Lindqvist', skills: { support: 1 } },
    bo: { name: 'Bo Ek', skills: {} },
  },
  pauseReasons: ['lunch'],
  prompts: { welcome: 30, 'callback.choose': 30, 'callback.readBack': 30, 'callback.ordered': 0 },
})

const USERS = [
  { user: 'anna', name: 'Anna Lindqvist', role: 'agent', agentId: 'anna' },
  { user: 'bo', name: 'Bo Ek', role: 'agent', agentId: 'bo' },
  { user: 'petra', name: 'Petra Ek', role: 'supervisor', agentId: null },
  { user: 'mikael', name: 'Mikael Berg', role: 'administrator', agentId: null },
] as const

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })

export interface Product {
  readonly address: string
  readonly network: SimulatedNetwork
  readonly engine: Running['engine']
  /** Another solution, as `samtal reload` takes one: what is here, and this. */
  take(more: object): Promise<void>
  close(): Promise<void>
}

/** `outbound`, `limits`: what the solution says of agents' own calls, beside what is here, and of what may be called. */
export async function startProduct(outbound: object = {}, limits: object = {}): Promise<Product> {
  await buildWeb()
  const folder = await mkdtemp(join(tmpdir(), 'samtal-journey-'))
  const file = join(folder, 'solution.json')
  await writeFile(file, JSON.stringify(solutionOf(outbound, limits)))
  const [clock, chance, port] = [machineClock(), machineChance(), await freePort()]
  const data = await openData(join(folder, 'data'), clock, chance)
  const kit = await readFileSolution(data, file)
  const network = simulatedNetwork(clock, chance, () => kit)
  const running = await startAll({
    config: { dataFolder: data.folder, host: '127.0.0.1', port, hosts: [], trustedProxies: [], oidc: null, asterisk: null },
    data,
    file,
    kit,
    telephony: network,
    clock,
    wallClock: clock,
    chance,
    log: () => undefined,
    demoUsers: USERS,
  })
  for (const { user, name, role, agentId } of USERS)
    await running.accounts.addUser({ name: user, displayName: name, role, agentId, queues: null, passwordHash: 'none' })
  return {
    address: running.address,
    network,
    engine: running.engine,
    async take(more) {
      await writeFile(file, JSON.stringify({ ...solutionOf(outbound, limits), ...more }))
      const taken = await running.engine.take(await readFileSolution(data, file))
      if (!taken.ok) throw new Error(taken.refused)
    },
    async close() {
      await running.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
