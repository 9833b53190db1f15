/**
 * The whole story over SIP: a caller comes in, presses digits, waits with music, orders a callback, hangs up; the engine is stopped
 * and started again; an agent's phone is rung, then the customer, who does not answer; both again, and he answers. archive.md 3.1, A2.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectCall } from '#core/archive/projection.ts'
import type { ArchiveEvent, Story } from '#core/archive/story.ts'
import { callOf, type Recorded } from '#core/facts.ts'
import { promptNames } from '#ports/spoken.ts'
import { boundary, tooFar } from './boundaries.ts'
import { freePort, noSipp, openSite, ours, type Site } from './network.ts'
import { observePlayed } from './played.ts'
import { SpeechEnd } from './rtp.ts'
import { answers, caller, nobody, Sipp, type SippMessage, type Step } from './sipp.ts'
import { allFacts, archived, kitOf, type Running, startEngine } from './solution.ts'
import type { Heard } from './sound.ts'
import { until } from './until.ts'

const customer = '+46701234567'
const manifest = createRequire(import.meta.url)('../../prompts/manifest.json') as Record<string, Record<string, { ms: number }>>

const file = {
  name: 'Test',
  language: 'sv',
  numbers: { [ours]: { name: 'Line', menu: 'main' } },
  menus: { main: { prompt: 'welcome', choices: { '1': { queue: 'support' } } } },
  // 15 s is the shortest a customer may be rung.
  queues: { support: { name: 'Support', callback: { digit: '2', attempts: 2, pauseSeconds: 3, ringSeconds: 15 } } },
  agents: { anna: { name: 'Anna', phone: { sip: 'anna' } } },
}

/** What is read to the caller: the words of asterisk.md 2 for this number. */
const readBack = [
  'callback.readBack',
  'plus',
  ...['4', '6', '7', '0', '1', '2', '3', '4', '5', '6', '7'].map((digit) => `digit.${digit}`),
  'callback.confirm',
]
const readBackMs = readBack.reduce((sum, name) => sum + (manifest['sv']?.[name]?.ms ?? 0), 0)

interface Told {
  readonly story: Story
  readonly facts: readonly Recorded[]
  readonly played: readonly string[]
  readonly log: {
    readonly caller: readonly SippMessage[]
    readonly agent: readonly SippMessage[]
    readonly customer: readonly SippMessage[]
  }
  readonly heard: { readonly caller: readonly Heard[]; readonly agent: readonly Heard[]; readonly customer: readonly Heard[] }
  readonly tone: { readonly caller: number; readonly agent: number; readonly customer: number }
  readonly troubles: readonly string[]
}

/** The longest run of pieces (100 ms each) in which exactly this tone was heard, and nothing else. */
const purely = (heard: readonly Heard[], tone: number): number => {
  let [longest, run] = [0, 0]
  for (const piece of heard) {
    run = piece.tones.length === 1 && piece.tones[0] === tone && !piece.other ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest * 100
}

/** What the caller does: 1 in the menu, 2 while waiting (the callback digit), 1 for this number, and 1 again when it has been read back. */
const keys: readonly Step[] = [
  { pauseMs: 2000 },
  { digit: '1' },
  { pauseMs: 3000 },
  { digit: '2' },
  { pauseMs: 2000 },
  { digit: '1' },
  { pauseMs: readBackMs + 1500 },
  { digit: '1' },
  { pauseMs: 2000 },
  { hangUp: true },
]

async function tell(site: Site, folder: string): Promise<Told> {
  const { instance } = site
  const [callerPort, agentPort] = [await freePort(), site.agentPort]
  const [callerEnd, agentEnd, customerEnd] = [await SpeechEnd.open(440), await SpeechEnd.open(710), await SpeechEnd.open(1130)]
  const speak = (sipp: Sipp, end: SpeechEnd): Promise<number> =>
    until('where to speak', () => sipp.speechPort()).then((port) => {
      end.speak(port)
      return port
    })
  const played = await observePlayed(instance)
  const kit = kitOf(file)
  const asAgent = { agentId: 'anna', by: 'agent' } as const

  const first: Running = await startEngine(folder, kit, site.telephony())
  await first.engine.submit({ type: 'agent.logOn', ...asAgent })
  await first.engine.submit({ type: 'agent.pause', ...asAgent, reason: kit.solution.pauseReasons[0] ?? 'rast' })
  const agent = new Sipp(folder, 'agent', answers(300, agentEnd.port, null), agentPort, { calls: 2 })
  const calling = new Sipp(folder, 'caller', caller(customer, ours, callerEnd.port, keys), callerPort, { target: instance.sipPort })
  await speak(calling, callerEnd)
  expect(await calling.done).toBe(0)
  await until('the line is gone', async () => {
    const facts = await allFacts(first.journal)
    return facts.some(({ fact }) => fact.type === 'callback.ordered') && facts.some(({ fact }) => fact.type === 'leg.ended')
  })
  await first.stop()

  const second = await startEngine(folder, kit, site.telephony())
  const silent = new Sipp(folder, 'nobody', nobody(), site.trunkPort)
  await second.engine.submit({ type: 'agent.return', ...asAgent })
  await speak(agent, agentEnd)
  expect(await silent.done).toBe(0)
  const answering = new Sipp(folder, 'customer', answers(1000, customerEnd.port, 4000), site.trunkPort)
  const firstPort = agent.speechPort()
  await until('the agent is rung again', () => agent.speechPort() !== firstPort)
  await speak(agent, agentEnd)
  await speak(answering, customerEnd)
  expect(await answering.done).toBe(0)
  expect(await agent.done).toBe(0)
  const facts = await until('the call is over', async () => {
    const known = await allFacts(second.journal)
    return known.some(({ fact }) => fact.type === 'call.ended') ? known : undefined
  })
  await second.stop()
  played.close()
  for (const end of [callerEnd, agentEnd, customerEnd]) end.close()
  const started = facts.find(({ fact }) => fact.type === 'call.started')
  const callId = started === undefined ? undefined : callOf(started.fact)
  return {
    story: projectCall(facts.filter(({ fact }) => callOf(fact) === callId)),
    facts,
    played: played.names,
    log: { caller: calling.log(), agent: agent.log(), customer: [...silent.log(), ...answering.log()] },
    heard: { caller: callerEnd.heard, agent: agentEnd.heard, customer: customerEnd.heard },
    tone: { caller: callerEnd.tone, agent: agentEnd.tone, customer: customerEnd.tone },
    troubles: [...site.troubles, ...first.said, ...second.said],
  }
}

const suite = 'a callback on a real Asterisk'

describe.skipIf(noSipp(suite))(suite, () => {
  let site: Site
  let folder: string
  let told: Told

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'samtal-callback-'))
    site = await openSite(['anna'], { agentPort: await freePort(), trunkPort: await freePort() })
    told = await tell(site, folder)
  }, 170_000)
  afterAll(async () => {
    await site.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Without the message that the order is taken: A2 has none (its length is 0 there), a real line hears it. */
  const events = (): readonly ArchiveEvent[] => told.story.events.filter((event) => event.menu !== 'callback.ordered')
  const sent = (log: readonly SippMessage[], what: string, of = what): readonly number[] =>
    log.filter((message) => message.sent && message.what === what && message.of === of).map((message) => message.at)
  const received = (log: readonly SippMessage[], what: string, of = what): readonly number[] =>
    log.filter((message) => !message.sent && message.what === what && message.of === of).map((message) => message.at)

  test('the read-back is the exact sequence of prompts', () => {
    expect(promptNames([{ prompt: 'callback.readBack' }, { digits: customer }, { prompt: 'callback.confirm' }])).toEqual(readBack)
    const from = told.played.indexOf('callback.readBack')
    expect(told.played.slice(from, from + readBack.length)).toEqual(readBack)
    expect(told.played.slice(0, from)).toEqual(['welcome', 'callback.choose'])
  })

  test('the story is A2’s', () => {
    expect(told.story.result).toBe('callbackReached')
    expect(events().map((event) => event.kind)).toEqual(['menu', 'queue', 'menu', 'menu', 'queueCallback', 'conversation'])
    expect(events()[0]).toMatchObject({ menu: 'main', choice: '1' })
    expect(events()[1]).toMatchObject({ queue: 'support', reason: 'callbackOrdered' })
    expect(events()[4]).toMatchObject({ unanswered: 1 })
    expect(events()[5]).toMatchObject({ agents: ['anna'] })
    expect(told.story).toMatchObject({ direction: 'inbound', unanswered: 1, queues: ['support'] })
  })

  test('each boundary stands where sipp logged it: median within 150 ms, none over 400 ms', () => {
    const { caller: line, agent, customer: rung } = told.log
    const digits = sent(line, 'INFO')
    const [menu, queue, choose, confirm, promise, talk] = events()
    const [, agentFirst, customerFirst, agentSecond, customerSecond] = told.story.legs
    const pairs: readonly (readonly [what: string, ours: number | null | undefined, theirs: number | undefined])[] = [
      ['call starts', told.story.startedAt, sent(line, 'INVITE')[0]],
      ['menu starts', menu?.startedAt, received(line, '200', 'INVITE')[0]],
      ['menu ends', menu?.endedAt, digits[0]],
      ['queue starts', queue?.startedAt, digits[0]],
      ['queue ends', queue?.endedAt, digits[1]],
      ['first ordering menu starts', choose?.startedAt, digits[1]],
      ['first ordering menu ends', choose?.endedAt, digits[2]],
      ['read-back starts', confirm?.startedAt, digits[2]],
      ['read-back ends', confirm?.endedAt, digits[3]],
      ['callback starts waiting', promise?.startedAt, sent(line, 'BYE')[0]],
      ['callback reaches', promise?.endedAt, sent(agent, '200', 'INVITE')[1]],
      ['conversation starts', talk?.startedAt, sent(rung, '200', 'INVITE')[0]],
      ['conversation ends', talk?.endedAt, sent(rung, 'BYE')[0]],
      ['agent rung', agentFirst?.requestedAt, received(agent, 'INVITE')[0]],
      ['agent’s phone rings', agentFirst?.ringingAt, sent(agent, '180', 'INVITE')[0]],
      ['agent answers', agentFirst?.answeredAt, sent(agent, '200', 'INVITE')[0]],
      ['agent set free', agentFirst?.endedAt, received(agent, 'BYE')[0]],
      ['customer rung', customerFirst?.requestedAt, received(rung, 'INVITE')[0]],
      ['customer’s phone rings', customerFirst?.ringingAt, sent(rung, '180', 'INVITE')[0]],
      ['ring withdrawn', customerFirst?.endedAt, received(rung, 'CANCEL')[0]],
      ['agent rung again', agentSecond?.requestedAt, received(agent, 'INVITE')[1]],
      ['customer rung again', customerSecond?.requestedAt, received(rung, 'INVITE')[1]],
      ['customer’s phone rings again', customerSecond?.ringingAt, sent(rung, '180', 'INVITE')[1]],
      ['agent leaves', agentSecond?.endedAt, received(agent, 'BYE')[1]],
      ['call ends', told.story.endedAt, sent(rung, 'BYE')[0]],
    ]
    const apart = pairs.map(([what, mine, theirs]) => boundary(what, mine ?? Number.NaN, theirs ?? Number.NaN))
    const sorted = apart.map(({ ms }) => ms).sort((a, b) => a - b)
    process.stdout.write(
      `story against sipp, ${sorted.length} boundaries: median ${sorted[sorted.length >> 1]?.toFixed(1)} ms, largest ${sorted.at(-1)?.toFixed(1)} ms\n`,
    )
    expect(tooFar(apart)).toEqual([])
    expect(sorted[sorted.length >> 1]).toBeLessThanOrEqual(150)
  })

  test('the caller hears music while waiting', () => {
    const [, queue] = events()
    const waited = told.heard.caller.filter((piece) => piece.at > (queue?.startedAt ?? 0) + 500 && piece.at < (queue?.endedAt ?? 0))
    expect(waited.length).toBeGreaterThanOrEqual(20)
    expect(waited.filter((piece) => piece.other).length).toBeGreaterThan(waited.length / 2)
  })

  test('agent and customer each hear the other for a second and more, and neither the music', () => {
    const talk = events().find((event) => event.kind === 'conversation')
    const during = (heard: readonly Heard[]): readonly Heard[] =>
      heard.filter((piece) => piece.at > (talk?.startedAt ?? 0) + 500 && piece.at < (talk?.endedAt ?? 0))
    for (const [listener, voice] of [
      [told.heard.agent, told.tone.customer],
      [told.heard.customer, told.tone.agent],
    ] as const) {
      expect(purely(during(listener), voice)).toBeGreaterThanOrEqual(1000)
      expect(during(listener).filter((piece) => piece.other)).toEqual([])
    }
  })

  test('stopped and started between order and attempt: nothing lost, nobody rung twice for one attempt', () => {
    expect(told.facts.filter(({ fact }) => fact.type === 'engine.started')).toHaveLength(2)
    expect(told.facts.filter(({ fact }) => fact.type === 'callback.attemptStarted')).toHaveLength(2)
    expect(received(told.log.agent, 'INVITE')).toHaveLength(2)
    expect(received(told.log.customer, 'INVITE')).toHaveLength(2)
    expect(told.story.legs).toHaveLength(5)
    expect(told.troubles).toEqual([])
  })

  test('the archive shows that story, and made anew from the journal it is the same to the byte', async () => {
    const live = archived(folder)
    expect(live).toHaveLength(1)
    const [row = []] = live.map((line) => JSON.parse(line) as unknown[])
    expect(JSON.parse(String(row.at(-1)))).toEqual(told.story)
    const samtal = join(import.meta.dirname, '../../bin/samtal.mjs')
    await promisify(execFile)(process.execPath, [samtal, 'rebuild-archive', '--data', folder])
    expect(archived(folder)).toEqual(live)
  })

  test('the number is in no fact and no story', () => {
    expect(JSON.stringify(told.facts) + archived(folder).join('')).not.toContain('701234567')
  })
})
