/** Keeps an Asterisk running as a child of this process: one that dies is started again, with what its configuration is then. */
import { setTimeout as pause } from 'node:timers/promises'
import { PortError } from '#ports/errors.ts'
import { type AsteriskConfig, writeConfig } from './config.ts'
import { type Instance, startInstance } from './instance.ts'

export interface Keeper {
  /** Resolves when the first Asterisk is ready, or has failed to be: then it is tried again. */
  readonly begun: Promise<void>
  /** Another configuration: taken at once, without ending a call. */
  take(config: AsteriskConfig): Promise<void>
  stop(): Promise<void>
}

/** Waits before another try; the last is kept. One that ran for a minute begins anew. */
const againMs = [250, 1_000, 2_000, 5_000, 10_000] as const
const steadyMs = 60_000

/** What makes a running Asterisk read its configuration again: phones and trunks, who registers, dialplan, music. */
const reloads = [
  'module reload res_pjsip.so',
  'module reload res_pjsip_endpoint_identifier_ip.so',
  'module reload res_pjsip_outbound_registration.so',
  'dialplan reload',
  'moh reload',
] as const

/** `say`: told in one sentence what went wrong, and what is done about it. */
export const keepAsterisk = (binary: string, first: AsteriskConfig, say: (what: string) => void): Keeper => {
  let config = first
  let instance: Instance | null = null
  const stopping = new AbortController()
  let failures = 0
  const begin = async (): Promise<string> => {
    try {
      instance = await startInstance(binary, config)
      return ''
    } catch (error) {
      if (error instanceof PortError) return error.message
      throw error
    }
  }
  const again = async (why: string): Promise<void> => {
    const wait = againMs[Math.min(failures, againMs.length - 1)] ?? 10_000
    failures += 1
    say(`Asterisk (${binary}) ${why}; it is started again in ${wait / 1000} s`)
    await pause(wait, undefined, { signal: stopping.signal }).catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error
    })
  }
  const keep = async (told: () => void): Promise<void> => {
    while (!stopping.signal.aborted) {
      const startedAt = performance.now()
      const wrong = await begin()
      told()
      const running = instance
      if (running !== null && stopping.signal.aborted) await running.stop()
      const how = running === null ? wrong : await running.ended
      instance = null
      if (performance.now() - startedAt > steadyMs) failures = 0
      if (!stopping.signal.aborted) await again(how)
    }
  }
  let kept = Promise.resolve()
  const begun = new Promise<void>((resolve, reject) => {
    kept = keep(resolve)
    kept.catch(reject)
  })
  return {
    begun,
    async take(next) {
      config = next
      writeConfig(next)
      for (const line of reloads) await instance?.cli(line)
    },
    async stop() {
      stopping.abort()
      await instance?.stop()
      await kept
    },
  }
}
