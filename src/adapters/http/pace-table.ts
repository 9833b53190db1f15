/** "What would this campaign do with 30 agents?": one shift at a time, bounded, worked out elsewhere. */
import type { Settings } from '#core/campaign/settings.ts'
import type { PaceMode, PaceShift } from '#ports/pace.ts'
import type { PaceAsked, PaceTable } from '#wire/campaigns.ts'
import type { HttpDeps } from './deps.ts'
import { refused } from './problems.ts'

const MODES: readonly PaceMode[] = ['progressive', 'power', 'predictive']
/** Where the campaign does not say. */
const TALK_MS = 180_000
const WRAP_UP_MS = 30_000

/** Which program runs one just now: a second is told to wait. */
const busy = new WeakSet<HttpDeps>()

function shiftOf(asked: PaceAsked, settings: Settings | null, mode: PaceMode): PaceShift {
  const ms = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : Math.round(seconds * 1_000))
  return {
    mode,
    agents: asked.agents,
    answerRate: asked.answerRate ?? 0.3,
    hours: asked.hours ?? 4,
    talkMs: ms(asked.talkSeconds) ?? TALK_MS,
    wrapUpMs: ms(asked.wrapUpSeconds) ?? settings?.wrapUpMs ?? WRAP_UP_MS,
    ratio: asked.ratio ?? settings?.ratio ?? 1.5,
    silentTarget: asked.silentTarget ?? settings?.silentTarget ?? 0.03,
    silentAfterMs: ms(asked.silentAfterSeconds) ?? settings?.silentAfterMs ?? 2_000,
    ringMs: ms(asked.ringSeconds) ?? settings?.ringMs ?? 30_000,
    seed: asked.seed ?? 1,
  }
}

/** `settings`: the campaign's, for what was not said; null: of none. */
export async function tableOf(deps: HttpDeps, asked: PaceAsked, settings: Settings | null): Promise<PaceTable> {
  if (busy.has(deps)) throw refused('pace.busy', { retryAfter: 10 })
  const own = settings === null || settings.mode === 'preview' ? 'predictive' : settings.mode
  const modes = asked.compare === true ? MODES : [asked.mode ?? own]
  busy.add(deps)
  try {
    const rows: PaceTable['rows'] = []
    for (const mode of modes) rows.push({ mode, ...(await deps.pace(shiftOf(asked, settings, mode))) })
    return { rows, hours: asked.hours ?? 4, agents: asked.agents, seed: asked.seed ?? 1 }
  } finally {
    busy.delete(deps)
  }
}
