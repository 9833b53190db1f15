/**
 * `samtal serve` on a real Asterisk, from the outside: telephones on one side, the API on the other. It is killed (as kill -9) while
 * people talk and wait, and started again: calls.md 7.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort, noAsterisk, openSite, ours, promptsFolder, type Site } from './network.ts'
import type { Line, Outgoing } from './people.ts'
import { type Api, apiOn, untilServing } from './serving.ts'
import { until } from './until.ts'

const samtal = join(import.meta.dirname, '../../bin/samtal.mjs')
const password = 'a long enough password'
const file = {
  name: 'Test',
  numbers: { [ours]: { menu: 'main' } },
  menus: { main: { prompt: 'welcome', choices: { '1': { queue: 'support' } } } },
  queues: { support: { name: 'Support' } },
  agents: { anna: { phone: { sip: 'anna' } }, bo: { phone: { sip: 'bo' } } },
}

interface SeenCall {
  readonly id: string
  readonly callerNumber: string | null
  readonly result: string
  readonly endedAt: string | null
  readonly events: readonly {
    readonly kind: string
    readonly startedAt: string
    readonly endedAt: string | null
    readonly learntAt?: string
  }[]
}

const suite = 'samtal serve on a real Asterisk'

describe.skipIf(noAsterisk(suite))(suite, () => {
  let site: Site
  let folder: string
  let port: number
  let api: Api
  let serving: ChildProcess

  const serve = async (): Promise<void> => {
    const { ariUrl, user, password: ariPassword, app, celFile } = site.instance
    serving = spawn(
      process.execPath,
      [samtal, 'serve', '--solution', join(folder, 'solution.json'), '--data', join(folder, 'data'), '--port', String(port)],
      {
        env: {
          ...process.env,
          TELEPHONY: 'asterisk',
          ARI_URL: ariUrl,
          ARI_USER: user,
          ARI_PASSWORD: ariPassword,
          ARI_APP: app,
          ARI_LEG_LOG: celFile,
          ARI_PROMPTS: promptsFolder,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    await untilServing(serving)
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (serving.exitCode !== null || serving.signalCode !== null) return
    const gone = new Promise((resolve) => serving.once('exit', resolve))
    serving.kill(signal)
    await gone
  }
  const callOf = async (number: string): Promise<SeenCall | undefined> => {
    const { items } = await api.ask<{ readonly items: readonly { readonly id: string; readonly callerNumber: string | null }[] }>(
      'GET',
      '/calls',
    )
    const found = items.find((call) => call.callerNumber === number)
    return found === undefined ? undefined : api.ask<SeenCall>('GET', `/calls/${found.id}`)
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'samtal-serve-'))
    writeFileSync(join(folder, 'solution.json'), JSON.stringify(file))
    site = await openSite(['anna', 'bo'])
    for (const agent of ['anna', 'bo']) site.people.does(agent, { answersAfterMs: 50 })
    port = await freePort()
    api = apiOn(port)
    await serve()
    await new Promise<void>((resolve, reject) => {
      const adding = execFile(
        process.execPath,
        [samtal, 'user', 'add', 'lena', '--role', 'supervisor', '--data', join(folder, 'data')],
        (error) => (error === null ? resolve() : reject(error)),
      )
      adding.stdin?.end(`${password}\n`)
    })
    await api.ask('POST', '/session', { user: 'lena', password })
  }, 60_000)
  afterAll(async () => {
    await end('SIGTERM')
    await site.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Comes in, and presses 1 for the queue. */
  const comesIn = async (number: string): Promise<Outgoing> => {
    const call = await site.people.call(number, ours)
    call.press('1')
    await until('it is in the archive', () => callOf(number))
    return call
  }
  const hear = (one: Line, other: Line): boolean =>
    one.speech.hearsNow().includes(other.speech.tone) && other.speech.hearsNow().includes(one.speech.tone)
  /** The agent's line this caller talks on. */
  const partnerOf = (call: Outgoing): Promise<Line> =>
    until('they hear each other', () =>
      [...site.people.lines.values()].find((line) => line.invite !== null && line.state === 'up' && hear(call.line, line)),
    )

  test('killed while people talk and wait: they talk on, nobody loses a place, and what ended meanwhile ended then', async () => {
    for (const agent of ['anna', 'bo']) await api.ask('PUT', `/agents/${agent}/state`, { state: 'loggedOn' })
    const [leaves, stays, waits] = ['+46701000001', '+46701000002', '+46701000003']
    const leaver = await comesIn(leaves)
    const leaverPartner = await partnerOf(leaver)
    const stayer = await comesIn(stays)
    const stayerPartner = await partnerOf(stayer)
    const waiter = await comesIn(waits)
    await until('the third waits', async () => (await callOf(waits))?.events.at(-1)?.kind === 'queue')

    await end('SIGKILL')
    const heardUntil = stayer.line.speech.heard.length
    leaver.hangUp()
    const leftAt = Date.now()
    await until('the two talk on, for a second and more', () => stayer.line.speech.heard.length > heardUntil + 12)
    expect(hear(stayer.line, stayerPartner)).toBe(true)
    const meanwhile = stayer.line.speech.heard.slice(heardUntil)
    expect(meanwhile.every((piece) => piece.tones.includes(stayerPartner.speech.tone) && !piece.other)).toBe(true)
    expect(waiter.line.state).toBe('up')

    await serve()
    const left = await until('the first call is over', async () => {
      const call = await callOf(leaves)
      return call?.endedAt === null ? undefined : call
    })
    expect(left.result).toBe('answered')
    const talk = left.events.find((event) => event.kind === 'conversation')
    expect(Math.abs(Date.parse(talk?.endedAt ?? '') - leftAt)).toBeLessThanOrEqual(400)
    expect(talk?.learntAt).toBeDefined()

    const taker = await partnerOf(waiter)
    expect(taker.callId).not.toBe(leaverPartner.callId)
    expect((await callOf(waits))?.events.map((event) => event.kind)).toEqual(['menu', 'queue', 'conversation'])
    expect(hear(stayer.line, stayerPartner)).toBe(true)

    for (const [call, number] of [
      [stayer, stays],
      [waiter, waits],
    ] as const) {
      call.hangUp()
      const over = await until('it is over', async () => {
        const seen = await callOf(number)
        return seen?.endedAt === null ? undefined : seen
      })
      expect(over).toMatchObject({ result: 'answered' })
      expect(over.events.filter((event) => event.kind === 'conversation')).toHaveLength(1)
    }
    expect(site.people.rung.get('anna')).toBe(2)
    expect(site.people.rung.get('bo')).toBe(1)
  })
})
