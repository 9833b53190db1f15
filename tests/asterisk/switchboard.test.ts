/** A caller from a switchboard, over SIP: the extension is keyed in, read back after the number, and kept with the callback. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Recorded } from '#core/facts.ts'
import { freePort, noSipp, openSite, ours, type Site } from './network.ts'
import { observePlayed } from './played.ts'
import { SpeechEnd } from './rtp.ts'
import { caller, Sipp, type Step } from './sipp.ts'
import { allFacts, kitOf, startEngine } from './solution.ts'
import { until } from './until.ts'

const switchboard = '+46846500490'
const manifest = createRequire(import.meta.url)('../../prompts/manifest.json') as Record<string, Record<string, { ms: number }>>
const file = {
  name: 'Test',
  language: 'sv',
  numbers: { [ours]: { name: 'Line', queue: 'support' } },
  switchboards: [switchboard],
  queues: { support: { name: 'Support', callback: { digit: '2' } } },
  agents: { anna: { name: 'Anna', phone: { sip: 'anna' } } },
}
const digits = (text: string): readonly string[] => [...text].map((digit) => `digit.${digit}`)
/** calls.md 2: the number read back; after it the extension asked for. */
const readBack = ['callback.readBack', 'plus', ...digits('46846500490'), 'callback.extensionIs', ...digits('214'), 'callback.confirm']
const readBackMs = readBack.reduce((sum, name) => sum + (manifest['sv']?.[name]?.ms ?? 0), 0)

/** 2 while waiting, 1 for this number, the extension and #, and 1 when all has been read back. */
const keys: readonly Step[] = [
  { pauseMs: 1500 },
  { digit: '2' },
  { pauseMs: 1500 },
  { digit: '1' },
  { pauseMs: 1500 },
  ...['2', '1', '4', '#'].flatMap((digit): Step[] => [{ digit }, { pauseMs: 400 }]),
  { pauseMs: readBackMs + 1500 },
  { digit: '1' },
  { pauseMs: 1000 },
  { hangUp: true },
]

const suite = 'a switchboard on a real Asterisk'

describe.skipIf(noSipp(suite))(suite, () => {
  let site: Site
  let folder: string
  let told: { readonly facts: readonly Recorded[]; readonly played: readonly string[]; readonly askFor: string | null }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'samtal-switchboard-'))
    site = await openSite(['anna'], { agentPort: await freePort(), trunkPort: await freePort() })
    const end = await SpeechEnd.open(440)
    const played = await observePlayed(site.instance)
    const running = await startEngine(folder, kitOf(file), site.telephony())
    await running.engine.submit({ type: 'agent.logOn', agentId: 'anna', by: 'agent' })
    await running.engine.submit({
      type: 'agent.pause',
      agentId: 'anna',
      by: 'agent',
      reason: running.engine.solution().pauseReasons[0] ?? '',
    })
    const calling = new Sipp(folder, 'caller', caller(switchboard, ours, end.port, keys), await freePort(), {
      target: site.instance.sipPort,
    })
    end.speak(await until('where to speak', () => calling.speechPort()))
    expect(await calling.done).toBe(0)
    const facts = await until('the callback is ordered', async () => {
      const known = await allFacts(running.journal)
      return known.some(({ fact }) => fact.type === 'leg.ended') ? known : undefined
    })
    const ordered = facts.flatMap(({ fact }) => (fact.type === 'callback.ordered' ? [fact] : []))
    const askFor = await running.journal.note(ordered[0]?.noteId ?? '')
    await running.stop()
    played.close()
    end.close()
    told = { facts, played: played.names, askFor }
  }, 120_000)
  afterAll(async () => {
    await site.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('asked for the extension, then number and extension are read back: the exact sequence of prompts', () => {
    expect(told.played.slice(0, 2 + readBack.length)).toEqual(['callback.choose', 'callback.extension', ...readBack])
  })

  test('the extension is kept with the order, and stands in no fact', () => {
    expect(told.facts.filter(({ fact }) => fact.type === 'callback.ordered')).toMatchObject([{ fact: { switchboard: true } }])
    expect(told.askFor).toBe('214')
    expect(told.facts.flatMap(({ fact }) => Object.values(fact)).filter((value) => value === '214')).toEqual([])
  })
})
