/**
 * The desk itself, signed in through the sign-in page, on a real Asterisk: calls in and out, hold, mute, consult, conference, transfer.
 * Who hears whom is told by tones, each for a second and more; the archive's stories by kinds and order (archive.md 3.2, 3.3, 3.6).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Centre, type Desk, openCentre } from './centre.ts'
import { noBrowser, ours } from './network.ts'
import type { Line } from './people.ts'
import { until } from './until.ts'

const suite = 'conversations from the desk on a real Asterisk'
const [busy, nobody, free, unknown] = ['+46701740605', '+46701740606', '+46701740607', '+46701740608']
const customer = '+46701740612'

interface SeenCall {
  readonly result: string
  readonly endedAt: string | null
  readonly callerNumber: string | null
  readonly events: readonly { readonly kind: string; readonly startedAt: string; readonly endedAt: string | null }[]
}

describe.skipIf(noBrowser(suite))(suite, () => {
  let centre: Centre
  let anna: Desk
  let bo: Desk

  beforeAll(async () => {
    centre = await openCentre()
    centre.people.does(busy, { busy: true })
    centre.people.does(nobody, { neverAnswers: true })
    centre.people.does(free, { answersAfterMs: 300 })
    anna = await centre.desk('anna', 1830)
  }, 120_000)
  afterAll(() => centre.close())

  type Party = Desk | Line
  const toneOf = (party: Party): number => ('page' in party ? party.tone : party.speech.tone)
  const heardBy = async (party: Party): Promise<readonly number[]> => ('page' in party ? party.hears() : party.speech.hearsNow())
  /** Each row: who hears exactly whom. All rows hold together for a second and more. */
  const hear = async (...rows: readonly (readonly [Party, readonly Party[]])[]): Promise<void> => {
    const wanted = JSON.stringify(rows.map(([, whom]) => whom.map(toneOf).sort()))
    let since = performance.now()
    let seen = ''
    const so = async (): Promise<boolean> => {
      seen = JSON.stringify((await Promise.all(rows.map(([who]) => heardBy(who)))).map((heard) => [...heard].sort()))
      if (seen !== wanted) since = performance.now()
      return performance.now() - since > 1_100
    }
    await until(`who hears whom is ${wanted}`, so).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${seen}`)
    })
  }
  const music = (line: Line) => until('music', () => line.speech.heard.slice(-8).filter((piece) => piece.other).length >= 4)
  const idle = (desk: Desk) => desk.page.getByText('Ready. The next call comes here by itself.').waitFor()
  const dial = async (desk: Desk, number: string): Promise<void> => {
    await desk.page.getByRole('textbox', { name: 'Number' }).fill(number)
    await desk.page.getByRole('button', { name: 'Call', exact: true }).click()
  }
  const rung = (number: string): Promise<Line> =>
    until(`${number} is rung`, () => [...centre.people.lines.values()].findLast((line) => line.invite?.start.includes(`sip:${number}@`)))
  const up = async (line: Line): Promise<Line> => {
    await until('it is answered', () => line.state === 'up')
    return line
  }
  const latest = async () => {
    const { items } = await centre.api<{ readonly items: readonly { readonly id: string }[] }>('/calls')
    const call = await centre.api<SeenCall>(`/calls/${items[0]?.id}`)
    return { ...call, over: call.endedAt !== null, kinds: call.events.map(({ kind }) => kind) }
  }
  const story = (result: string, kinds: readonly string[]) =>
    until(`a call ${result}: ${kinds}`, async () => {
      const seen = await latest()
      return seen.over && seen.result === result && `${seen.kinds}` === `${kinds}` && seen
    }).catch(async (error: unknown) => {
      throw new Error(`${String(error)}; it is ${JSON.stringify(await latest())}`)
    })
  /** When the network says it was: of the line's messages, the last that begins so. */
  const onTheWire = (line: Line, start: string): number =>
    centre.people.log.findLast((one) => one.callId === line.callId && one.start.startsWith(start))?.at ?? 0
  const near = (instant: string | null | undefined, at: number) => expect(Math.abs(Date.parse(instant ?? '') - at)).toBeLessThanOrEqual(400)

  test('a caller is answered by the browser itself; mute, hold, and hanging up', async () => {
    const { line } = await centre.people.call(customer, ours)
    await anna.page.getByText('In conversation').waitFor()
    await hear([line, [anna]], [anna, [line]])
    await anna.page.keyboard.press('m')
    await hear([line, []], [anna, [line]])
    await anna.page.keyboard.press('m')
    await hear([line, [anna]], [anna, [line]])
    await anna.page.keyboard.press('p')
    await anna.page.getByText('On hold').waitFor()
    await music(line)
    await hear([line, []], [anna, []])
    await anna.page.getByRole('button', { name: 'Take back' }).click()
    await hear([line, [anna]], [anna, [line]])
    await anna.page.keyboard.press('h')
    await idle(anna)
    await until('the caller’s line is over', () => line.state === 'over')
    await story('answered', ['queue', 'conversation'])
  })

  test('B1, an own call that is answered', async () => {
    await dial(anna, free)
    const line = await up(await rung(free))
    await hear([line, [anna]], [anna, [line]])
    centre.people.hangUp(line)
    await idle(anna)
    const talk = (await story('answered', ['queue', 'queueCallback', 'conversation'])).events.at(-1)
    near(talk?.startedAt, onTheWire(line, '> SIP/2.0 200'))
    near(talk?.endedAt, onTheWire(line, '> BYE'))
  })

  test('B2, nobody answers in the time a number is rung', async () => {
    await dial(anna, nobody)
    const line = await rung(nobody)
    await anna.page.getByText('did not answer.').waitFor({ timeout: 25_000 })
    await until('nobody is rung any more', () => line.state === 'over')
    const ringing = (await story('unanswered', ['queue', 'queueCallback'])).events.at(-1)
    near(ringing?.endedAt, onTheWire(line, '< CANCEL'))
  })

  test.each([
    ['B3, busy', busy, 'is busy.', 'busy'],
    ['a number not in use', unknown, 'is not in use', 'notInUse'],
  ])('%s, is said in words', async (_, number, words, result) => {
    await dial(anna, number)
    await anna.page.getByText(words).waitFor()
    await idle(anna)
    await story(result, ['queue', 'queueCallback'])
  })

  test('B4, hanging up while it rings leaves no Deleted; B5, Cancel does; both withdraw the ring', async () => {
    for (const [key, result, kinds] of [
      ['h', 'cancelled', ['queue', 'queueCallback']],
      ['k', 'deleted', ['queue', 'queueCallback', 'deleted']],
    ] as const) {
      const before = centre.people.lines.size
      await dial(anna, nobody)
      await until('it rings', () => centre.people.lines.size > before)
      const line = await rung(nobody)
      await anna.page.getByText('ringing at the other end').waitFor()
      await anna.page.keyboard.press(key)
      await until('nobody is rung any more', () => line.state === 'over')
      await idle(anna)
      await story(result, kinds)
    }
  })

  test('C1, a colleague is called: each hears the other, and the archive shows no number', async () => {
    bo = await centre.desk('bo', 1970)
    await anna.page.locator('.outbound input[role=combobox]').fill('bo')
    await anna.page.getByRole('option', { name: /Bo/ }).click()
    await anna.page.getByRole('button', { name: 'Call', exact: true }).click()
    await hear([anna, [bo]], [bo, [anna]])
    await bo.page.keyboard.press('h')
    await idle(anna)
    await idle(bo)
    expect((await story('answered', ['conversation', 'consult'])).callerNumber).toBe('xxxxxxx')
  })

  test('a colleague is asked, all three talk, and the call is given to him', async () => {
    await bo.page.getByRole('button', { name: 'Pause' }).click()
    await bo.page.getByRole('button', { name: 'lunch' }).click()
    await bo.page.getByText('You are paused.').waitFor()
    const { line } = await centre.people.call(customer, ours)
    await anna.page.getByText('In conversation').waitFor()
    await hear([line, [anna]], [anna, [line]])
    await anna.page.locator('.outbound input[role=combobox]').fill('bo')
    await anna.page.getByRole('option', { name: /Bo/ }).click()
    await anna.page.locator('.outbound').getByRole('button', { name: 'Consult' }).click()
    await hear([line, []], [anna, [bo]], [bo, [anna]])
    await music(line)
    await anna.page.keyboard.press('s')
    await hear([line, [anna]], [anna, [line]], [bo, []])
    await anna.page.keyboard.press('j')
    await hear([line, [anna, bo]], [anna, [line, bo]], [bo, [line, anna]])
    await anna.page.keyboard.press('h')
    await idle(anna)
    await hear([line, [bo]], [bo, [line]], [anna, []])
    await bo.page.keyboard.press('h')
    await until('the caller’s line is over', () => line.state === 'over')
    await until('the call is over', async () => {
      const { over, result } = await latest()
      return over && result === 'answered'
    })
  })
})
