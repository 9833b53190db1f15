/** What has outlived its retention, wired to the stores of one data folder. */
import type { CampaignId, Ms } from '#core/kernel/kernel.ts'
import { type Retained, Retention, type RetentionPlan, type RetentionProgress } from '#engine/retention.ts'
import type { Audit } from '#ports/audit.ts'
import type { EnginePort } from '#ports/engine.ts'
import { byCommandLine, bySystem } from './audited.ts'
import type { Projector } from './projector/projector.ts'
import { wipe } from './scrubbing.ts'

export interface RetainingParts extends Omit<RetentionPlan, 'audit' | 'ended' | 'lastRun' | 'log' | 'told' | 'wipe'> {
  readonly folder: string
  readonly audit: Audit
  readonly campaigns: () => readonly { readonly id: CampaignId; readonly endedAt: Ms | null }[]
  readonly log: (level: 'info' | 'error', message: string, fields?: Readonly<Record<string, unknown>>) => void
}

export type RetentionAnswer =
  | { readonly ok: true; readonly left: Retained }
  | { readonly ok: true; readonly due: Awaited<ReturnType<Retention['due']>> }
  /** It could not be asked, or failed: one sentence. */
  | { readonly ok: false; readonly refused: string }

/** What `samtal retention --dry-run` asks for; else it runs. */
export const DUE = 'due'

export interface Retaining {
  readonly retention: Retention
  /** What the command line asks, in one word. */
  ask(word: string, tell?: (progress: RetentionProgress) => void): Promise<RetentionAnswer>
}

interface Followed {
  readonly engine: Pick<EnginePort, 'figures'>
  readonly projector: Pick<Projector, 'reached' | 'snapshotNow'>
}

/** In a running program: what the archive has not read yet must not leave under its hands. */
export const snapshotWhenRead =
  ({ engine, projector }: Followed): RetentionPlan['snapshot'] =>
  async () => {
    await projector.reached(engine.figures().position)
    await projector.snapshotNow()
  }

/** Between two pieces of what leaves: the threads that write and read are for calls then. */
export const REST_MS = 50

const DONE = 'retention.done'

export function openRetention({ folder, campaigns, audit, log, ...parts }: RetainingParts): Retaining {
  const retention = new Retention({
    ...parts,
    audit,
    ended: () => campaigns().flatMap(({ id, endedAt }) => (endedAt === null ? [] : [{ id, at: endedAt }])),
    wipe: () => wipe(folder),
    lastRun: async () => (await audit.search({ what: DONE, before: null, limit: 1 })).rows[0]?.at ?? null,
    told: async (left) => {
      log('info', 'what had outlived its retention has left', { ...left })
      await audit.write(bySystem(DONE, { details: { ...left } }))
    },
    log: (line) => log('error', line),
  })
  return {
    retention,
    async ask(word, tell) {
      if (word === DUE) return { ok: true, due: await retention.due() }
      const left = await retention.run(tell)
      await audit.write(byCommandLine(DONE, { details: { ...left } }))
      return { ok: true, left }
    },
  }
}
