/** Journeys through the whole product, on the pages people use, in a real browser. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hasChromium, whyNot } from './browser.ts'
import { LINE } from './product.ts'
import { CUSTOMER, onStage, SHOWN } from './stage.ts'

describe.skipIf(!hasChromium)(`journeys${whyNot}`, () => {
  const stage = onStage()
  const { signedIn, onDuty } = stage
  const kinds = (page: Page): Promise<string[]> =>
    page.locator('.ev').evaluateAll((all) => all.map((one) => one.getAttribute('data-kind') ?? ''))
  /** Counts how often the page was loaded: what is found afterwards was found without a reload. */
  const loadsOf = (page: Page): (() => number) => {
    let loads = 0
    page.on('load', () => {
      loads += 1
    })
    return () => loads
  }

  it('a call’s page stays open while the story grows; the waiting callback is deleted with the mouse on Live; the red Deleted is there without a reload', async () => {
    const desk = await signedIn(/Anna/, '/desk')
    await desk.getByRole('button', { name: 'Log on' }).click()
    await desk.getByRole('button', { name: 'Pause' }).click()
    await desk.getByRole('button', { name: 'lunch' }).click()
    await desk.getByText('Paused: lunch').waitFor()

    const caller = stage.product.network.call(CUSTOMER, LINE)
    if (caller === undefined) throw new Error('the customer’s phone is free')
    const call = await signedIn(/Petra/, '/archive')
    await call
      .getByRole('link', { name: /^\d\d:\d\d:\d\d$/ })
      .first()
      .click()
    await call.locator('.ev[data-kind="menu"]').waitFor()
    const loads = loadsOf(call)

    caller.press('1')
    await expect.poll(() => kinds(call)).toEqual(['menu', 'queue'])
    caller.press('2')
    await expect.poll(() => kinds(call)).toEqual(['menu', 'queue', 'menu'])
    caller.press('1')
    await expect.poll(() => kinds(call)).toEqual(['menu', 'queue', 'menu', 'menu'])
    // What is pressed before the read-back can have been heard is thrown away: the customer presses until it is taken.
    const pressed = async () => {
      caller.press('1')
      return kinds(call)
    }
    await expect.poll(pressed, { interval: 500 }).toEqual(['menu', 'queue', 'menu', 'menu', 'queueCallback'])
    expect(await call.locator('tr[data-kind="queueCallback"]').innerText()).toContain('goes on')

    const live = await signedIn(/Petra/, '/live')
    const row = live.getByRole('row', { name: new RegExp(SHOWN) })
    await row.getByRole('button', { name: `Delete ${SHOWN}` }).click()
    await live.getByLabel('Why (kept with the call)').fill('asked for by e-mail')
    await live.getByRole('button', { name: 'Delete the callback' }).click()
    await row.waitFor({ state: 'detached' })

    await expect.poll(() => kinds(call)).toEqual(['menu', 'queue', 'menu', 'menu', 'queueCallback', 'deleted'])
    const diamond = call.locator('.ev[data-kind="deleted"] path.f-deleted')
    expect(await diamond.evaluate((one) => one.ownerDocument.defaultView?.getComputedStyle(one).fill)).toBe('rgb(198, 40, 40)')
    const told = await call.locator('tr[data-kind="deleted"]').innerText()
    for (const word of ['Deleted', 'Petra Ek', 'asked for by e-mail']) expect(told).toContain(word)
    await call.locator('h1 + .badge.del').waitFor()
    expect(loads()).toBe(0)
  })

  it('an agent answers, hangs up and is ready again, all from the desk, and a customer who does not answer is a pill on the open page', async () => {
    stage.product.network.phone(CUSTOMER).whenCalled({ ringsMs: 60_000 })
    const desk = await onDuty(/Anna/)
    const caller = stage.product.network.call('+46313900633', LINE)
    caller?.onAnswer(() => caller.press('1'))
    await desk.getByRole('button', { name: 'Answer', exact: true }).click()
    await desk.getByText('In conversation').waitFor()
    expect(await desk.locator('.who').innerText()).toBe('031-390 06 33')
    await desk.keyboard.press('h')
    await desk.getByText(/^Ready again in \d+ s$/).waitFor()
    await desk.getByRole('button', { name: 'Ready now' }).click()
    await desk.getByText('Ready. The next call comes here by itself.').waitFor()

    const ordered = await stage.product.engine.submit({ type: 'callback.order', by: 'supervisor', queueId: 'support', number: CUSTOMER })
    if (!ordered.ok || ordered.callId === undefined) throw new Error('the order was refused')
    const call = await signedIn(/Petra/, `/archive/${ordered.callId}`)
    await call.locator('.ev[data-kind="queueCallback"]').waitFor()
    await desk.getByRole('button', { name: 'Answer', exact: true }).click()
    await desk.getByText('Calling the customer').waitFor()
    await call.locator('tr[data-kind="queueCallback"]').filter({ hasText: '1 unanswered call done' }).waitFor({ timeout: 60_000 })
    expect(await call.locator('.lane-title').allTextContents()).toEqual(expect.arrayContaining(['Anna Lindqvist', SHOWN]))
  })
})
