/** The desk through the whole product, on the simulated network: own calls, colleagues, and everything in a conversation. */
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { axeOn, hasChromium, launch, open, whyNot } from './browser.ts'
import { startFixture } from './fixture.ts'
import { deskState, matterOf } from './live-state.ts'
import { LINE, startProduct } from './product.ts'
import { CUSTOMER, onStage, SHOWN } from './stage.ts'

describe.skipIf(!hasChromium)(`the desk${whyNot}`, () => {
  const stage = onStage()
  const { deskOf, onDuty } = stage
  const dial = async (page: Page, number: string) => {
    await page.getByRole('textbox', { name: 'Number' }).fill(number)
    await page.getByRole('button', { name: 'Call', exact: true }).click()
  }
  const kindsOf = async (page: Page): Promise<string[]> => {
    await page.goto(`${stage.product.address}/archive`)
    await page
      .getByRole('link', { name: /^\d\d:\d\d:\d\d$/ })
      .first()
      .click()
    await page.locator('.ev').first().waitFor()
    return page.locator('.ev').evaluateAll((all) => all.map((one) => one.getAttribute('data-kind') ?? ''))
  }
  const calls = () => stage.product.engine.figures().liveCalls

  it('a number is shown as it will be dialled, called, answered, hung up; the recent row brings it back', async () => {
    stage.product.network.phone(CUSTOMER).whenCalled({ answersAfterMs: 1500, talksMs: 60_000 })
    const desk = await onDuty(/Anna/)
    await desk.keyboard.press('n')
    await desk.keyboard.type('070-1740612')
    await desk.getByText(`Calls ${CUSTOMER} (${SHOWN})`).waitFor()
    await desk.keyboard.press('Enter')
    await desk.getByText('ringing at the other end').waitFor()
    await desk.getByRole('button', { name: 'Cancel' }).waitFor()
    await desk.getByText('In conversation').waitFor()
    expect(await desk.locator('.who').innerText()).toBe(SHOWN)
    expect(await desk.getByRole('button', { name: 'Cancel' }).count()).toBe(0)
    await desk.keyboard.press('m')
    await desk.getByText('Your microphone is off: nobody hears you.').waitFor()
    await desk.keyboard.press('m')
    await desk.keyboard.press('p')
    await desk.getByText('On hold').waitFor()
    await desk.getByRole('button', { name: 'Take back' }).click()
    await desk.keyboard.press('d')
    await desk.keyboard.type('12#')
    await desk.getByText('Sent: 12#').waitFor()
    expect(await axeOn(desk)).toEqual([])
    await desk.keyboard.press('h')
    await desk.getByText('Ready. The next call comes here by itself.').waitFor()
    // Over, and told as over, in both lists.
    await desk.locator('.recent-row').filter({ hasText: 'Answered' }).waitFor()
    await desk
      .locator('section', { has: desk.getByRole('heading', { name: 'Your latest calls' }) })
      .getByText('Answered')
      .waitFor()
    await desk.getByRole('button', { name: new RegExp(`^${SHOWN}`) }).click()
    expect(await desk.getByRole('textbox', { name: 'Number' }).inputValue()).toBe(CUSTOMER)
    expect(await kindsOf(desk)).toEqual(['queue', 'queueCallback', 'conversation'])
  })

  it.each([
    ['busy', { busyAfterMs: 300 }, `${SHOWN} is busy.`],
    ['rejects', { rejectsAfterMs: 300 }, `${SHOWN} rejected the call.`],
    ['not in use', { failsWith: 'notInUse' }, `${SHOWN} is not in use: there is no such number.`],
    ['does not answer', { ringsMs: 60_000 }, `${SHOWN} did not answer.`],
  ] as const)('says in words how a call ended: %s', async (_, behaviour, words) => {
    stage.product.network.phone(CUSTOMER).whenCalled(behaviour)
    const desk = await onDuty(/Anna/)
    await dial(desk, CUSTOMER)
    await desk.getByText(words).waitFor({ timeout: 30_000 })
    expect(await axeOn(desk)).toEqual([])
    await desk.getByRole('button', { name: 'Close', exact: true }).click()
    expect(await desk.getByText(words).count()).toBe(0)
  })

  it('Cancel leaves Deleted in red, Hang up does not', async () => {
    stage.product.network.phone(CUSTOMER).whenCalled({ ringsMs: 60_000 })
    const desk = await onDuty(/Anna/)
    await dial(desk, CUSTOMER)
    await desk.getByText('ringing at the other end').waitFor()
    await desk.keyboard.press('k')
    await desk.getByText(`The call to ${SHOWN} was cancelled.`).waitFor()
    await desk.getByRole('button', { name: 'Call again' }).click()
    await desk.getByText('ringing at the other end').waitFor()
    await desk.getByRole('button', { name: 'Hang up' }).click()
    await desk.getByText(`You hung up before ${SHOWN} answered.`).waitFor()
    expect(await kindsOf(desk)).toEqual(['queue', 'queueCallback'])
    await desk.goto(`${stage.product.address}/archive?kind=deleted`)
    await desk
      .getByRole('link', { name: /^\d\d:\d\d:\d\d$/ })
      .first()
      .click()
    await desk.locator('.ev[data-kind="deleted"]').waitFor()
  })

  it('what may not be called is refused beside the field, and nothing rings; a double click rings once', async () => {
    const desk = await onDuty(/Anna/)
    await desk.getByRole('textbox', { name: 'Number' }).fill('0939 100 20 30')
    await desk.getByText('Premium-rate numbers are barred here.').waitFor()
    await desk.getByRole('button', { name: 'Call', exact: true }).click()
    await desk.getByRole('alert').filter({ hasText: 'Premium-rate' }).waitFor()
    await dial(desk, '12')
    await desk.getByRole('alert').filter({ hasText: 'not a number' }).waitFor()
    expect(calls()).toBe(0)
    stage.product.network.phone(CUSTOMER).whenCalled({ ringsMs: 60_000 })
    await desk.getByRole('textbox', { name: 'Number' }).fill(CUSTOMER)
    await desk.getByRole('button', { name: 'Call', exact: true }).dblclick()
    await desk.getByText('ringing at the other end').waitFor()
    expect(calls()).toBe(1)
  })

  it('a telephone link fills the field and dials nothing; a number on a line with us gets a warning', async () => {
    const other = await onDuty(/Anna/)
    const line = stage.product.network.call(CUSTOMER, LINE)
    line?.onAnswer(() => line.press('1'))
    await other.getByRole('button', { name: 'Answer', exact: true }).click()
    await other.getByText('In conversation').waitFor()
    const desk = await deskOf(/Bo/, '/desk?dial=tel:070-1740612')
    expect(await desk.getByRole('textbox', { name: 'Number' }).inputValue()).toBe('070-1740612')
    await desk.getByText('This number is on a line with us right now.').waitFor()
    expect([new URL(desk.url()).search, calls()]).toEqual(['', 1])
    expect(await desk.getByRole('button', { name: 'Call', exact: true }).isDisabled()).toBe(true)
    await desk.getByText('Log on to call.').waitFor()
  })

  const inConversation = async (): Promise<Page> => {
    const desk = await onDuty(/Anna/)
    const line = stage.product.network.call(CUSTOMER, LINE)
    line?.onAnswer(() => line.press('1'))
    await desk.getByRole('button', { name: 'Answer', exact: true }).click()
    await desk.getByText('In conversation').waitFor()
    return desk
  }
  const OUTSIDE = '+46313900633'
  const OUTSIDE_SHOWN = '031-390 06 33'

  it('an outside number is asked, swapped with, joined; each is said in the panel', async () => {
    stage.product.network.phone(OUTSIDE).whenCalled({ answersAfterMs: 800, talksMs: 60_000 })
    const desk = await inConversation()
    await desk.keyboard.press('c')
    await desk.keyboard.type('031-3900633')
    await desk.keyboard.press('Enter')
    const panel = desk.locator('.consult')
    await panel.getByText('the phone rings').waitFor()
    await panel.getByText('on hold, hears music').waitFor()
    await panel.locator('.on').filter({ hasText: OUTSIDE_SHOWN }).waitFor()
    expect(await axeOn(desk)).toEqual([])
    await desk.keyboard.press('s')
    await panel.locator('.on').filter({ hasText: SHOWN }).waitFor()
    await panel.getByText('waits, hears music').waitFor()
    await desk.getByRole('button', { name: 'Swap' }).click()
    await panel.locator('.on').filter({ hasText: OUTSIDE_SHOWN }).waitFor()
    await desk.keyboard.press('j')
    await desk.getByText('Three-way conference').waitFor()
    await desk.keyboard.press('h')
    await desk.getByText(/^Ready again in \d+ s$/).waitFor()
  })

  it('a consult is ended and the customer is back; then the call is given away at once, and comes back, each desk told why', async () => {
    stage.product.network.phone(OUTSIDE).whenCalled({ rejectsAfterMs: 3000 })
    const bo = await onDuty(/Bo/)
    const desk = await inConversation()
    await desk.getByRole('textbox', { name: 'Number' }).fill(OUTSIDE)
    await desk.getByRole('button', { name: 'Consult', exact: true }).last().click()
    await desk.locator('.consult').waitFor()
    await desk.keyboard.press('b')
    await desk.getByText('In conversation').waitFor()
    await desk.getByRole('textbox', { name: 'Number' }).fill('0939 100 20 30')
    await desk.getByRole('button', { name: 'Transfer' }).click()
    await desk.getByRole('alert').filter({ hasText: 'Premium-rate' }).waitFor()
    await desk.getByRole('textbox', { name: 'Number' }).fill(OUTSIDE)
    await desk.getByRole('button', { name: 'Transfer' }).click()
    await desk.getByText('Your transfer was not answered: the customer comes back to you').waitFor()
    await desk.getByRole('button', { name: 'Answer', exact: true }).click()
    await desk.getByText('In conversation').waitFor()
    await desk.locator('.outbound input[role=combobox]').fill('bo')
    await desk.getByRole('option', { name: /Bo Ek/ }).click()
    await desk.getByRole('button', { name: 'Transfer' }).click()
    await bo.getByText('Transferred to you by Anna Lindqvist').waitFor()
    expect(await bo.locator('.matter').getByText('waited').count()).toBe(0)
    expect(await bo.getByRole('link', { name: 'Open in the archive' }).count()).toBe(0)
    await bo.getByRole('button', { name: 'Answer', exact: true }).click()
    await bo.getByRole('link', { name: 'Open in the archive' }).waitFor()
    await desk.getByText(/^Ready again in \d+ s$/).waitFor()
  })

  it('a colleague is found in the directory and called; each desk shows the other, and the archive no number', async () => {
    const bo = await onDuty(/Bo/)
    const desk = await onDuty(/Anna/)
    // A list of everything for an instant would have another row under the pointer in the next.
    const asked: string[] = []
    desk.on('request', (request) => request.url().includes('/directory?') && asked.push(new URL(request.url()).searchParams.get('q') ?? ''))
    await desk.locator('.outbound input[role=combobox]').fill('bo')
    await desk.getByRole('option', { name: /Bo Ek/ }).click()
    expect(new Set(asked)).toEqual(new Set(['bo']))
    expect(await axeOn(desk)).toEqual([])
    await desk.getByRole('button', { name: 'Call', exact: true }).click()
    await bo.getByRole('button', { name: 'Answer', exact: true }).click()
    await desk.getByText('In conversation').waitFor()
    await bo.getByText('In conversation').waitFor()
    expect([await desk.locator('.who').innerText(), await bo.locator('.who').innerText()]).toEqual(['Bo Ek', 'Anna Lindqvist'])
    await bo.keyboard.press('h')
    await desk.getByText('Ready. The next call comes here by itself.').waitFor()
    expect(await kindsOf(desk)).toEqual(['conversation', 'consult'])
    expect(await desk.locator('h1').innerText()).toContain('xxxxxxx')
  })

  it('112 is called out of a talk with a colleague, too', async () => {
    stage.product.network.phone('112').whenCalled({ ringsMs: 60_000 })
    const bo = await onDuty(/Bo/)
    const desk = await onDuty(/Anna/)
    await desk.locator('.outbound input[role=combobox]').fill('bo')
    await desk.getByRole('option', { name: /Bo Ek/ }).click()
    await desk.getByRole('button', { name: 'Call', exact: true }).click()
    await bo.getByRole('button', { name: 'Answer', exact: true }).click()
    await desk.getByText('In conversation').waitFor()
    await dial(desk, '112')
    await desk.locator('.who').filter({ hasText: '112' }).waitFor()
    await bo.getByText('Ready. The next call comes here by itself.').waitFor()
  })

  it('a colleague is asked and given the call; a queue is waited for', async () => {
    const bo = await onDuty(/Bo/)
    const desk = await inConversation()
    const pick = async (typed: string, name: RegExp) => {
      await desk.locator('.outbound input[role=combobox]').fill(typed)
      await desk.getByRole('option', { name }).click()
    }
    await pick('supp', /Support/)
    await desk.locator('.outbound').getByRole('button', { name: 'Consult' }).click()
    await desk.locator('.consult').getByText('waiting in the queue').waitFor()
    await desk.keyboard.press('b')
    await desk.getByText('In conversation').waitFor()
    await pick('bo', /Bo Ek/)
    await desk.locator('.outbound').getByRole('button', { name: 'Consult' }).click()
    await bo.getByText('A colleague asks about').waitFor()
    await bo.getByRole('button', { name: 'Answer', exact: true }).click()
    await desk.locator('.consult .on').filter({ hasText: 'Bo Ek' }).waitFor()
    await desk.keyboard.press('t')
    await desk.getByText(/^Ready again in \d+ s$/).waitFor()
    await bo.getByText('In conversation').waitFor()
    expect(await bo.locator('.who').innerText()).toBe(SHOWN)
  })

  it('is there after a first load of at most 300 KB, compressed', async () => {
    const { page } = await open(stage.browser)
    const files: Promise<number>[] = []
    page.on('response', (response) => {
      if (/\.(js|css|svg)$|\/desk$/.test(new URL(response.url()).pathname))
        files.push(response.body().then((body) => gzipSync(body).length))
    })
    await page.goto(`${stage.product.address}/desk`)
    await page.getByRole('button', { name: /Anna/ }).click()
    await page.locator('.outbound').waitFor()
    const bytes = (await Promise.all(files)).reduce((sum, one) => sum + one, 0)
    expect(bytes).toBeGreaterThan(100_000)
    expect(bytes).toBeLessThanOrEqual(300_000)
    await page.context().close()
  })

  it('? lists every key', async () => {
    const desk = await onDuty(/Anna/)
    await desk.keyboard.press('?')
    const keys = await desk.locator('.shortcuts kbd').allTextContents()
    expect(keys).toEqual(['A', 'X', 'H', 'K', 'M', 'P', 'D', 'C', 'S', 'T', 'J', 'B', 'R', 'E', 'N', '?'])
    expect(await axeOn(desk)).toEqual([])
  })
})

it.skipIf(!hasChromium)('where emergency calls are switched off the desk says so at all times, in Swedish too', async () => {
  const product = await startProduct({ emergencyCalls: 'off' })
  const browser = await launch()
  const { page } = await open(browser, { locale: 'sv-SE', colorScheme: 'dark' })
  await page.goto(`${product.address}/desk`)
  await page.getByRole('button', { name: /Anna/ }).click()
  await page.getByText('Den här telefonen kan inte ringa 112.').waitFor()
  await page.getByRole('textbox', { name: 'Nummer' }).fill('112')
  await page.getByRole('alert').filter({ hasText: 'nödnummer' }).or(page.getByText('Ett nödnummer rings')).first().waitFor()
  expect(await axeOn(page)).toEqual([])
  await browser.close()
  await product.close()
})

it.skipIf(!hasChromium)(`a call that has been up for as long as a call may be says when it ends${whyNot}`, async () => {
  const [browser, fixture] = [await launch(), await startFixture()]
  fixture.role = 'agent'
  fixture.live = deskState('connected', { ...matterOf('talking'), endsAt: '2026-11-25T20:15:00.000Z' })
  const { page } = await open(browser)
  await page.goto(`${fixture.address}/desk`)
  const line = page.getByText('This call ends at 21:15:00: it has been up for as long as a call may be.')
  await line.waitFor()
  expect(await axeOn(page)).toEqual([])
  await browser.close()
  await fixture.close()
})
