/**
 * The desk itself, signed in through the sign-in page, on a real Asterisk, with sipp as the telephone network: who hears whom at every
 * step, told by tones (`tests/hearing-table.ts`); the archive's stories by kinds and order (archive.md 3.2, 3.3, 3.6); and its instants
 * beside the network's own log.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Call, CallPage } from '#wire/calls.ts'
import { type AgentName, type Callee, type Deed, type Hearing, misheard, type Party, parties, table, talks } from '../hearing-table.ts'
import { type Boundary, boundaries, tooFar } from './boundaries.ts'
import type { FarLine } from './carrier.ts'
import { type Centre, type Desk, openCentre, slowPhone } from './centre.ts'
import { noBrowser, noSipp, ours } from './network.ts'
import type { Ear } from './sound.ts'
import { until } from './until.ts'

const suite = 'conversations from the desk on a real Asterisk'
const busy = '+46701740605'
const nobody = '+46701740606'
const free = '+46701740607'
const unknown = '+46701740608'
const customer = '+46701740612'
const outside = '+46701740613'
/** In hertz. */
const tone: Readonly<Record<Party, number>> = { customer: 440, agent1: 620, agent2: 880, outside: 1270 }
/** How long each row of the table must hold without a break, milliseconds. */
const HELD = 1_100

const far = {
  [busy]: { refuses: '486 Busy Here' },
  [nobody]: { neverAnswers: true },
  [slowPhone]: { neverAnswers: true },
  [free]: { answersAfterMs: 300, talksMs: 4_000 },
  // Rings long enough that what is heard meanwhile can be told.
  [customer]: { answersAfterMs: 5_000 },
  [outside]: { answersAfterMs: 5_000, talksMs: 12_000 },
} as const

describe.skipIf(noBrowser(suite) || noSipp(suite))(suite, () => {
  let centre: Centre
  let anna: Desk
  let bo: Desk
  const rows: { readonly talk: string; readonly step: string; readonly heard: Hearing }[] = []
  const compared: Boundary[] = []

  beforeAll(async () => {
    centre = await openCentre(far, { [customer]: tone.customer, [outside]: tone.outside, [free]: 1550 })
    anna = await centre.desk('anna', tone.agent1)
    bo = await centre.desk('bo', tone.agent2)
    await centre.desk('carl', null)
  }, 120_000)
  afterAll(async () => {
    process.stdout.write(table('Asterisk, Chromium and sipp', rows))
    await centre.close()
  })

  const deskOf = (agent: AgentName): Desk => (agent === 'agent1' ? anna : bo)
  const isFree = (desk: Desk) => desk.page.getByText(/^(Ready\. The next call comes here by itself|You are paused)/)
  const lineOf = (party: 'customer' | 'outside'): FarLine | undefined =>
    centre.carrier.lines.findLast((line) => line.number === (party === 'customer' ? customer : outside))

  const earOf = async (party: Party): Promise<Ear | null> => {
    if (party === 'agent1' || party === 'agent2') return deskOf(party).hears()
    const line = lineOf(party)
    return line?.state === 'up' ? (line.speech?.ear() ?? null) : null
  }
  /** By party; one whose line is down, or whose desk is free, is not on the line. */
  const heardNow = async (): Promise<Hearing> => {
    const ears = await Promise.all(parties.map(async (party) => [party, await earOf(party)] as const))
    const sounds = ({ tones, music, ringing }: Ear) => [
      ...parties.filter((party) => tones.includes(tone[party])),
      ...(music ? (['music'] as const) : []),
      ...(ringing ? (['ringing'] as const) : []),
    ]
    return Object.fromEntries(ears.flatMap(([party, ear]) => (ear === null ? [] : [[party, sounds(ear)]])))
  }
  /** Each hears exactly whom it should, all at once and without a break. */
  const hear = async (step: string, expected: Hearing): Promise<Hearing> => {
    let since = performance.now()
    let heard: Hearing = {}
    const so = async (): Promise<boolean> => {
      heard = await heardNow()
      if (misheard(expected, heard).length > 0) since = performance.now()
      return performance.now() - since > HELD
    }
    await until(step, so, 30_000).catch(async (error: unknown) => {
      const shown = await Promise.all([anna, bo].map(({ page }) => page.locator('main').textContent()))
      throw new Error(`${String(error)}; ${misheard(expected, heard).join('; ')}; shown: ${JSON.stringify(shown)}`)
    })
    for (const agent of ['agent1', 'agent2'] as const) if (expected[agent] === undefined) await isFree(deskOf(agent)).waitFor()
    return heard
  }

  const paused = async ({ page }: Desk): Promise<void> => {
    if (await page.getByText('You are paused.').isVisible()) return
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'lunch' }).click()
    await page.getByText('You are paused.').waitFor()
  }
  const names: Readonly<Partial<Record<Callee, string>>> = { agent1: 'Anna', agent2: 'Bo', slow: 'Carl', queue: 'Support' }
  const numbers: Readonly<Partial<Record<Callee, string>>> = { customer, outside, nobody }
  const choose = async ({ page }: Desk, to: Callee): Promise<void> => {
    const name = names[to]
    if (name === undefined) return page.getByRole('textbox', { name: 'Number' }).fill(numbers[to] ?? '')
    await page.locator('.outbound input[role=combobox]').fill(name)
    await page.getByRole('option', { name: new RegExp(name) }).click()
  }
  const buttons = { dial: 'Call', consult: 'Consult', transfer: 'Transfer' } as const
  const keys = {
    ...{ return: 'r', mute: 'm', unmute: 'm', hold: 'p', resume: 'p', hangUp: 'h' },
    ...{ swap: 's', conference: 'j', endConsult: 'b', giveAway: 't' },
  }
  const carryOut = async (deed: Deed): Promise<void> => {
    if (deed.who === 'customer') {
      await centre.carrier.call(customer, ours)
      return
    }
    const desk = deskOf(deed.who)
    if (!('to' in deed)) return desk.page.keyboard.press(keys[deed.does])
    await choose(desk, deed.to)
    await desk.page.locator('.outbound').getByRole('button', { name: buttons[deed.does], exact: true }).click()
  }
  const dial = async (number: string): Promise<FarLine> => {
    const before = centre.carrier.lines.length
    await anna.page.getByRole('textbox', { name: 'Number' }).fill(number)
    await anna.page.getByRole('button', { name: 'Call', exact: true }).click()
    return centre.carrier.rung(number, before)
  }

  /** The newest calls, the oldest of them first, when all are over; their instants are kept for the comparison. */
  const stories = async (expected: readonly { readonly result: string; readonly kinds: readonly string[] }[]): Promise<readonly Call[]> => {
    const wanted = JSON.stringify(expected.map(({ result, kinds }) => [result, kinds]))
    let told = ''
    const found = await until(`the archive tells ${wanted}`, async () => {
      const { items } = await centre.api<CallPage>(`/calls?limit=${expected.length}`)
      const whole = [...items].reverse()
      told = JSON.stringify(whole.map(({ result, events }) => [result, events.map(({ kind }) => kind)]))
      return told === wanted && whole.every(({ endedAt }) => endedAt !== null) && whole
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it tells ${told}`)
    })
    // The network's log is read a moment after it is written.
    await until('the lines are over', () => centre.carrier.lines.every(({ state }) => state === 'over'))
    compared.push(...found.flatMap((call) => boundaries(call, centre.carrier.lines)))
    return found
  }

  test.each(talks)('$name', async (talk) => {
    await paused(anna)
    await paused(bo)
    for (const { step, deeds = [], hears } of talk.steps) {
      for (const deed of deeds) await carryOut(deed)
      rows.push({ talk: talk.name, step, heard: await hear(step, hears) })
    }
    const calls = await stories(talk.stories)
    if (talk.name === 'colleagues') for (const call of calls) expect(call.callerNumber).toBe('xxxxxxx')
  })

  test('B1, an own call that is answered', async () => {
    await dial(free)
    await isFree(anna).waitFor()
    await stories([{ result: 'answered', kinds: ['queue', 'queueCallback', 'conversation'] }])
  })

  test('B2, nobody answers in the time a number is rung', async () => {
    const line = await dial(nobody)
    await anna.page.getByText('did not answer.').waitFor({ timeout: 25_000 })
    expect(line.log.filter(({ what }) => what === 'CANCEL')).toHaveLength(1)
    const [call] = await stories([{ result: 'unanswered', kinds: ['queue', 'queueCallback'] }])
    expect(call?.events.at(-1)).toMatchObject({ unanswered: 1, label: '1 unanswered call done' })
  })

  test.each([
    ['B3, busy', busy, 'is busy.', 'busy'],
    ['a number not in use', unknown, 'is not in use', 'notInUse'],
  ])('%s, is said in words', async (_, number, words, result) => {
    await dial(number)
    await anna.page.getByText(words).waitFor()
    await isFree(anna).waitFor()
    await stories([{ result, kinds: ['queue', 'queueCallback'] }])
  })

  test.each([
    ['B4, hanging up while it rings leaves no Deleted', 'h', 'cancelled', ['queue', 'queueCallback']],
    ['B5, Cancel in the tab leaves one', 'k', 'deleted', ['queue', 'queueCallback', 'deleted']],
  ])('%s; the ring is withdrawn', async (_, key, result, kinds) => {
    const line = await dial(nobody)
    await anna.page.getByText('ringing at the other end').waitFor()
    await anna.page.keyboard.press(key)
    await isFree(anna).waitFor()
    await stories([{ result, kinds }])
    expect(line.log.some(({ what }) => what === 'CANCEL')).toBe(true)
  })

  test('every instant stands where the network’s own log has it: median within 150 ms, none over 400 ms', () => {
    const sorted = [...compared].sort((a, b) => a.ms - b.ms)
    const median = sorted[sorted.length >> 1]
    const largest = sorted.at(-1)
    process.stdout.write(
      `stories against sipp’s log, ${sorted.length} instants: median ${median?.ms.toFixed(1)} ms, largest ${largest?.ms.toFixed(1)} ms (${largest?.what})\n`,
    )
    expect(sorted.length).toBeGreaterThan(50)
    expect(tooFar(sorted)).toEqual([])
    expect(median?.ms).toBeLessThanOrEqual(150)
  })
})
