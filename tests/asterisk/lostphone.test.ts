/**
 * A desk whose page is loaded anew, or whose network is away, in the middle of a conversation: the customer hears why, and both hear
 * each other again within five seconds of the page or the network being back (calls.md 4, archive.md F12). Told by tones.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FarLine } from './carrier.ts'
import { type Centre, type Desk, openCentre } from './centre.ts'
import { noBrowser, noSipp, ours } from './network.ts'
import { DeskNetwork } from './outage.ts'
import { until } from './until.ts'

const customer = '+46701740612'
/** In hertz. */
const tones = { customer: 440, agent: 620 } as const

const suite = 'a phone lost in a conversation, on a real Asterisk'
const backMsMax = 5_000
/** A phone that does not answer is known to be gone within six seconds, and its silence within two more. */
const silentMsMax = 9_000

interface SeenCall {
  readonly endedAt: string | null
  readonly events: readonly { readonly kind: string }[]
  readonly legs: readonly { readonly party: string; readonly by?: string }[]
}

describe.skipIf(noBrowser(suite) || noSipp(suite))(suite, () => {
  let centre: Centre
  let network: DeskNetwork
  let anna: Desk

  beforeAll(async () => {
    centre = await openCentre({}, { [customer]: tones.customer })
    network = await DeskNetwork.to(centre.port)
    anna = await centre.desk('anna', tones.agent, { network })
  }, 120_000)
  afterAll(async () => {
    await centre.close()
    network.close()
  })
  afterEach(async () => {
    await anna.page.getByText('In conversation').waitFor()
    await anna.page.keyboard.press('h')
    await anna.page.getByText('Ready. The next call comes here by itself.').waitFor()
  })

  const hearEachOther = async ({ speech }: FarLine): Promise<boolean> =>
    `${speech?.ear().tones}` === `${tones.agent}` && `${(await anna.hears())?.tones}` === `${tones.customer}`
  /** For a second on end, before that time is over. */
  const together = async (line: FarLine, sinceMs: number, msMax: number): Promise<void> => {
    await until('they hear each other', () => hearEachOther(line), Math.max(0, sinceMs + msMax - performance.now()))
    const from = performance.now()
    await until('they go on hearing each other', async () => (await hearEachOther(line)) && performance.now() - from > 1_000)
  }
  const isConsoled = ({ speech }: FarLine) =>
    until('the customer hears why, or music', () => (speech?.heard.slice(-8) ?? []).filter((piece) => piece.other).length >= 4, silentMsMax)
  const talks = async (): Promise<FarLine> => {
    const line = await centre.carrier.call(customer, ours)
    await anna.page.getByText('In conversation').waitFor()
    await together(line, performance.now(), 10_000)
    return line
  }
  const story = async (): Promise<{ readonly kinds: readonly string[]; readonly lost: number }> => {
    const { items } = await centre.api<{ readonly items: readonly { readonly id: string }[] }>('/calls')
    const { events, legs } = await centre.api<SeenCall>(`/calls/${items[0]?.id}`)
    return { kinds: events.map(({ kind }) => kind), lost: legs.filter(({ by }) => by === 'network').length }
  }

  test('the page is loaded anew', async () => {
    const line = await talks()
    await anna.page.reload()
    const backAt = performance.now()
    await together(line, backAt, backMsMax)
    expect(await story()).toEqual({ kinds: ['queue', 'conversation', 'conversation'], lost: 1 })
  })

  test('the page is gone for some seconds, and opened again', async () => {
    const line = await talks()
    await anna.page.goto('about:blank')
    await isConsoled(line)
    await anna.page.goto(`${network.address}/desk`)
    await together(line, performance.now(), backMsMax)
    expect(await story()).toEqual({ kinds: ['queue', 'conversation', 'conversation'], lost: 1 })
  })

  test('the network is away until the phone is given up', async () => {
    const line = await talks()
    network.takeAway()
    await isConsoled(line)
    network.giveBack()
    await together(line, performance.now(), backMsMax)
    expect(await until('the story', async () => (await story()).kinds.length === 3 && (await story()))).toEqual({
      kinds: ['queue', 'conversation', 'conversation'],
      lost: 1,
    })
  })

  test('the network is away for three seconds: nobody is rung back, the talk goes on', async () => {
    const line = await talks()
    network.takeAway()
    await until('nothing is heard', () => line.speech?.ear().tones.length === 0)
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    network.giveBack()
    await together(line, performance.now(), backMsMax)
    expect(await story()).toEqual({ kinds: ['queue', 'conversation'], lost: 0 })
  })
})
