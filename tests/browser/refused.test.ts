/**
 * What may not be called, asked for in the page: refused with the code and sentence of `docs/refusals.md`, beside the field, and nothing
 * rings. Each case of calls.md 3 and 5 that a person can bring about at a desk.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasChromium, launch, open, whyNot } from './browser.ts'
import { LINE, type Product, startProduct } from './product.ts'

const CUSTOMER = '+46701740612'
const OTHER = '+46701740613'
const BARRED = '+46980319200'
const limits = { barredPrefixes: ['+46980319'], callsToOneNumberADay: 1, outboundLiveMax: 1 }

/** Status and sentence of a code, as the page of refusals has them. */
const written = (code: string): readonly [status: number, sentence: string] => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/refusals.md'), 'utf8')
  const [, status, sentence] = new RegExp(`^\\| \`${code}\` \\| (\\d+) \\| (.+) \\|$`, 'm').exec(page) ?? []
  return [Number(status), sentence ?? 'not in docs/refusals.md']
}

describe.skipIf(!hasChromium)(`refused at the desk${whyNot}`, () => {
  let browser: Browser
  let product: Product
  const pages: Page[] = []

  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    product = await startProduct({}, limits)
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close()
    await product.close()
  })

  const deskOf = async (name: RegExp): Promise<Page> => {
    const { page } = await open(browser)
    pages.push(page)
    await page.goto(`${product.address}/desk`)
    await page.getByRole('button', { name }).click()
    await page.locator('.statebar').waitFor()
    return page
  }
  const onDuty = async (name: RegExp): Promise<Page> => {
    const page = await deskOf(name)
    await page.getByRole('button', { name: 'Log on' }).click()
    await page.getByText('Ready. The next call comes here by itself.').waitFor()
    return page
  }
  const calls = () => product.engine.figures().liveCalls
  const write = (desk: Page, number: string) => desk.getByRole('textbox', { name: 'Number' }).fill(number)
  /** Pressed, and answered by the server with this code; the sentence stands under the field, and only there. */
  const isRefused = async (desk: Page, button: string, code: string): Promise<void> => {
    const [status, sentence] = written(code)
    const answered = desk.waitForResponse((response) => response.request().method() === 'POST')
    await desk.locator('.outbound').getByRole('button', { name: button, exact: true }).click()
    const answer = await answered
    expect([answer.status(), ((await answer.json()) as { readonly code: string }).code]).toEqual([status, code])
    await desk.locator('.outbound form').getByRole('alert').filter({ hasText: sentence }).waitFor()
    expect(await desk.getByRole('alert').count()).toBe(1)
  }

  it.each([
    ['nonsense', 'twelve', 'number.invalid'],
    ['too short', '12', 'number.invalid'],
    ['our own number', '08-465 004 00', 'number.own'],
    ['barred by its beginning', BARRED, 'number.prefix'],
    ['another country', '+49 30 901820', 'number.country'],
    ['premium', '0939 100 20 30', 'number.premium'],
    ['shared cost', '0771-23 45 67', 'number.sharedCost'],
  ])('a number that is %s', async (_, number, code) => {
    const desk = await onDuty(/Anna/)
    await write(desk, number)
    await isRefused(desk, 'Call', code)
    expect(await desk.getByRole('textbox', { name: 'Number' }).getAttribute('aria-invalid')).toBe('true')
    expect([calls(), await desk.getByText('Ready. The next call comes here by itself.').isVisible()]).toEqual([0, true])
  })

  it('over the limits: so many at one time, so many to one number in a day', async () => {
    product.network.phone(CUSTOMER).whenCalled({ ringsMs: 60_000 })
    const [anna, bo] = [await onDuty(/Anna/), await onDuty(/Bo/)]
    await write(anna, CUSTOMER)
    await anna.getByRole('button', { name: 'Call', exact: true }).click()
    await anna.getByText('ringing at the other end').waitFor()
    await write(bo, OTHER)
    await isRefused(bo, 'Call', 'outbound.liveMax')
    expect(calls()).toBe(1)
    await anna.keyboard.press('h')
    await anna.getByText('Ready. The next call comes here by itself.').waitFor()
    await write(anna, CUSTOMER)
    await isRefused(anna, 'Call', 'outbound.perNumber')
    expect(calls()).toBe(0)
  })

  it('logged off nobody can press Call', async () => {
    const desk = await deskOf(/Anna/)
    await write(desk, CUSTOMER)
    await desk.getByText('Log on to call.').waitFor()
    expect(await desk.getByRole('button', { name: 'Call', exact: true }).isDisabled()).toBe(true)
  })

  it('in a conversation: a barred number; and oneself is not to be found', async () => {
    const desk = await onDuty(/Anna/)
    const line = product.network.call(CUSTOMER, LINE)
    line?.onAnswer(() => line.press('1'))
    await desk.getByRole('button', { name: 'Answer', exact: true }).click()
    await desk.getByText('In conversation').waitFor()
    for (const button of ['Consult', 'Transfer']) {
      await write(desk, '0939 100 20 30')
      await isRefused(desk, button, 'number.premium')
    }
    // Oneself is not even found; who asks the server for it is refused (tests/http-talk.test.ts).
    await desk.locator('.outbound input[role=combobox]').fill('anna')
    await desk.getByText('Nothing found for “anna”').waitFor()
    expect(await desk.getByRole('option', { name: /Anna Lindqvist/ }).count()).toBe(0)
    await desk.getByText('In conversation').waitFor()
  })
})
