/**
 * The dialler as an agent at the desk meets it: a real browser with its own phone, on a real Asterisk, sipp as the telephone network.
 * Who hears whom is told by tones; what came of each try by the archive and the list. A machine that answers is marked at the desk.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Call } from '#wire/calls.ts'
import { hold, msOf, patiently, shape, told } from './campaigns.ts'
import type { FarLine } from './carrier.ts'
import { type Centre, type Desk, openCentre } from './centre.ts'
import { noBrowser, noSipp } from './network.ts'
import { until } from './until.ts'

const suite = 'campaigns at the desk on a real Asterisk'
const person = '+46701740605'
const machine = '+46701740606'
const carded = '+46701740607'
const machineOfCard = '+46701740608'
const AGENT_TONE = 620
/** In hertz. */
const voices = { [person]: 440, [machine]: 880, [carded]: 1270, [machineOfCard]: 1550 }
const far = Object.fromEntries(Object.keys(voices).map((number) => [number, { answersAfterMs: 1_500 }]))
/** How long each must hear the other without a break, milliseconds. */
const HELD = 1_100
const ANSWERED = 'queue queueCallback conversation'
/** After one try, so that there is no second within the test. */
const TRIES = { attempts: 2, pauseSeconds: 86_400 }

describe.skipIf(noBrowser(suite) || noSipp(suite))(suite, () => {
  let centre: Centre
  let anna: Desk

  beforeAll(async () => {
    centre = await openCentre(far, voices)
    anna = await centre.desk('anna', AGENT_TONE)
  }, 120_000)
  afterAll(() => centre.close())

  const campaign = (id: string, mode: 'preview' | 'progressive', number: string) =>
    hold(centre.boss, id, { skill: 'spring', mode, ...TRIES }, [number])
  /** The contact's line, when both hear each other and nothing else. */
  const talking = async (number: string): Promise<FarLine> => {
    const line = await centre.carrier.rung(number)
    let since = performance.now()
    await until(`${number} and the desk hear each other`, async () => {
      const [there, here] = [line.speech?.ear(), await anna.hears()]
      const so = line.state === 'up' && there?.tones.join() === `${AGENT_TONE}` && here?.tones.join() === `${line.speech?.tone}`
      if (!so) since = performance.now()
      return performance.now() - since > HELD
    })
    return line
  }
  const hangUp = async (line: FarLine): Promise<void> => {
    await anna.page.keyboard.press('h')
    await until('the contact is told', () => line.state === 'over')
    await anna.page.getByText('Ready. The next call comes here by itself.').waitFor()
  }
  const marks = async (): Promise<void> => {
    const button = anna.page.getByRole('button', { name: 'Mark as voicemail' })
    await button.click()
    await button.waitFor({ state: 'hidden' })
  }
  const ended = (call: Call, party: string): number => msOf(call.legs.find((leg) => leg.party === party)?.endedAt)
  const isRungOnce = (number: string): void => expect(centre.carrier.lines.filter((line) => line.number === number)).toHaveLength(1)

  test('Progressive: a contact answers, the browser answers by itself, and both hear each other', async () => {
    const held = await campaign('people', 'progressive', person)
    await held.start()
    await hangUp(await talking(person))
    const call = await held.over()
    expect(shape(call)).toEqual(told('answered', ANSWERED, 'progressive'))
    const [contact, own] = ['customer', 'agent'].map((party) => call.legs.find((leg) => leg.party === party))
    expect(msOf(own?.requestedAt)).toBeGreaterThanOrEqual(msOf(contact?.answeredAt))
    expect(call.waitMs).toBeLessThan(2_000)
    expect(await held.contact()).toMatchObject({ state: 'reached', tries: 1, outcome: 'answered' })
  })

  test('Progressive: a machine answers and the agent marks it; the conversation stays in the archive, and the contact is tried again', async () => {
    const held = await campaign('machines', 'progressive', machine)
    await held.start()
    const line = await talking(machine)
    await marks()
    await hangUp(line)
    const call = await held.over()
    expect(shape(call)).toMatchObject({ kinds: ANSWERED, mode: 'progressive', attempt: 1 })
    const contact = await held.contact()
    expect(contact).toMatchObject({ state: 'paused', tries: 1, outcome: 'voicemail', calls: [call.id] })
    expect(msOf(contact.dueAt)).toBe(ended(call, 'customer') + 86_400_000)
    isRungOnce(machine)
  })

  test.each([
    ['cards', carded, false, 'reached', 'answered'],
    ['machineCards', machineOfCard, true, 'paused', 'voicemail'],
  ] as const)(
    'Preview (%s): the card, Call, the browser’s own phone, the contact answers, and both hear each other',
    async (id, number, isMachine, state, outcome) => {
      const held = await campaign(id, 'preview', number)
      await held.start()
      await anna.page.locator('.preview').waitFor()
      expect(await anna.hears()).toBeNull()
      expect(centre.carrier.lines.some((line) => line.number === number)).toBe(false)
      await anna.page.keyboard.press('a')
      const line = await talking(number)
      if (isMachine) await marks()
      await hangUp(line)
      const call = await patiently('its call is over', () => held.over())
      expect(shape(call)).toMatchObject({ kinds: ANSWERED, mode: 'preview', attempt: 1 })
      const [contact, own] = ['customer', 'agent'].map((party) => call.legs.find((leg) => leg.party === party))
      expect(msOf(contact?.requestedAt)).toBeGreaterThanOrEqual(msOf(own?.answeredAt))
      expect(await held.contact()).toMatchObject({ state, tries: 1, outcome })
      isRungOnce(number)
    },
  )
})
