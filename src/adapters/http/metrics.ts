/** Figures for Prometheus, `samtal_…`. Labels are ids of the solution and closed lists: never a number, a name or a call. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Fact } from '#core/facts.ts'
import type { Auditing } from './auditing.ts'
import type { HttpDeps } from './deps.ts'
import type { Hub } from './hub.ts'
import type { Sessions } from './sessions.ts'

export interface Metrics {
  request(method: string, route: string, status: number, seconds: number): void
  text(): Promise<string>
}

type GaugeOf = (name: string, help: string, read: () => number) => void

export function metrics(deps: HttpDeps, hub: Hub, sessions: Sessions, auditing: Auditing): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({
    name: 'samtal_http_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'samtal_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['route'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
    registers,
  })
  const gauge: GaugeOf = (name, help, read) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  const { engine } = deps
  gauge('samtal_up', '1 when calls can be taken', () => (engine.trouble() === null ? 1 : 0))
  gauge('samtal_live_calls', 'Calls that are not over', () => engine.figures().liveCalls)
  gauge('samtal_journal_position', 'Position of the last fact', () => engine.figures().position)
  gauge('samtal_archive_position', 'Position of the last fact in the archive', () => deps.archivePosition())
  gauge('samtal_inbox_length', 'Inputs waiting for their turn', () => engine.figures().inbox)
  sweepGauges(deps, gauge)
  gauge('samtal_stream_pages', 'Open pages', () => hub.size)
  gauge('samtal_sign_ins_refused_total', 'Sign-ins refused', () => sessions.refusals)
  gauge('samtal_audit_waiting', 'Entries kept because the audit log cannot be written', () => auditing.waiting)
  gauge('samtal_audit_lost_total', 'Entries of the audit log that could be kept no longer', () => auditing.lost)
  gauge('samtal_alarms', 'Alarms that stand', () => engine.alarms().length)
  const quantiles = (name: string, help: string, read: () => { p50: number; p99: number }) =>
    new Gauge({
      name,
      help,
      labelNames: ['quantile'],
      registers,
      collect() {
        const { p50, p99 } = read()
        this.set({ quantile: '0.5' }, p50)
        this.set({ quantile: '0.99' }, p99)
      },
    })
  quantiles('samtal_turn_milliseconds', 'Time of a turn of the engine, of the latest 4,096', () => engine.figures().turnMs)
  quantiles('samtal_commit_milliseconds', 'Time of a durable commit, of the latest 4,096', () => engine.figures().commitMs)
  refusedGauge(deps, registers)
  sweptCounter(deps, registers)
  liveGauges(deps, registers)
  return {
    request(method, route, status, took) {
      requests.inc({ method, route, status: String(status) })
      seconds.observe({ route }, took)
    },
    text: () => registry.metrics(),
  }
}

/** What differed when the switch was asked what it has, and is no fact. */
function sweepGauges({ engine }: HttpDeps, gauge: GaugeOf): void {
  gauge('samtal_stray_lines_ended_total', 'Lines the switch had and nobody wanted, ended', () => engine.figures().strayLegsEnded)
  gauge(
    'samtal_stray_lines_taken_in_total',
    'Lines the switch had alone and had not told of, taken in',
    () => engine.figures().strayLegsTakenIn,
  )
  gauge(
    'samtal_joins_repeated_total',
    'Joins asked for again, for the switch had others joined than talk',
    () => engine.figures().joinsRepeated,
  )
  gauge('samtal_joins_in_vain', 'Calls the switch does not join as it should, however often', () => engine.figures().joinsInVain)
}

/** Calls nobody was let in with: `overload`, one over a limit; `unwritten`, the journal could not be written. */
function refusedGauge({ engine }: HttpDeps, registers: Registry[]): void {
  new Gauge({
    name: 'samtal_calls_refused_total',
    help: 'Calls refused, by reason: over a limit, or while the journal could not be written',
    labelNames: ['reason'],
    registers,
    collect() {
      for (const [reason, calls] of Object.entries(engine.figures().refusedCalls)) this.set({ reason }, calls)
    },
  })
}

/** What could not be left to those who are in it, since the start: legs swept up, lines found that nobody knew, agents set free. */
function sweptCounter({ engine }: HttpDeps, registers: Registry[]): void {
  const swept = new Counter({
    name: 'samtal_swept_total',
    help: 'Stuck things that were ended or set free, by kind; lines alone taken in are counted beside it',
    labelNames: ['kind'],
    registers,
  })
  for (const kind of SWEPT_KINDS) swept.inc({ kind }, 0)
  engine.onCommit(({ facts }) => {
    for (const { fact } of facts) {
      const kind = sweptKind(fact)
      if (kind !== null) swept.inc({ kind })
    }
  })
}

const SWEPT_KINDS = ['unknownToSwitch', 'noMedia', 'sessionTimer', 'tooLong', 'unknownToUs', 'agentReleased'] as const

export function sweptKind(fact: Fact): (typeof SWEPT_KINDS)[number] | null {
  if (fact.type === 'leg.ended') return fact.reconciled === true ? (fact.swept ?? 'unknownToSwitch') : null
  if (fact.type === 'alarm.raised') return fact.alarm === 'unknownLeg' ? 'unknownToUs' : null
  return fact.type === 'agent.released' ? 'agentReleased' : null
}

function liveGauges({ engine }: HttpDeps, registers: Registry[]): void {
  new Gauge({
    name: 'samtal_queue_waiting',
    help: 'Entries waiting in a queue',
    labelNames: ['queue', 'kind'],
    registers,
    collect() {
      for (const id of Object.keys(engine.solution().queues)) {
        const entries = engine.queue(id)?.entries ?? []
        for (const kind of ['line', 'callback'] as const)
          this.set({ queue: id, kind }, entries.filter((entry) => entry.kind === kind).length)
      }
    },
  })
  new Gauge({
    name: 'samtal_agents',
    help: 'Agents by state',
    labelNames: ['state'],
    registers,
    collect() {
      this.reset()
      for (const id of Object.keys(engine.solution().agents)) this.inc({ state: engine.agent(id)?.state ?? 'loggedOff' })
    },
  })
}
