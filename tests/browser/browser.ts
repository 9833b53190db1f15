/** A real Chromium for the browser tests; without one a suite says so by name and is skipped. */
import axe, { type AxeResults } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { chromiumBinary } from '../../scripts/fetch-tools.ts'

const tool = chromiumBinary()
export const hasChromium = tool.path !== null
/** Named in the suite's title when it is skipped. */
export const whyNot = tool.path === null ? ` (skipped: ${tool.reason})` : ''

/** Microphones and speakers of Chromium's own: two of each beside the usual one, the microphones beeping. Nobody is asked. */
export const FAKE_DEVICES = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream']

/** `args`: beside those a machine without a screen needs. */
export const launch = (args: readonly string[] = []): Promise<Browser> => {
  if (tool.path === null) throw new Error(tool.reason)
  return chromium.launch({ executablePath: tool.path, args: ['--no-sandbox', ...args] })
}

export interface Opened {
  readonly page: Page
  /** What the page complained of: errors in the console and thrown ones. */
  readonly complaints: string[]
}

export const open = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Opened> => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1366, height: 860 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}

/** What scrolls sideways: the page itself and the cards of its tables, by what they are called; empty where all of it has room. */
export const sidewaysOn = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`[document.documentElement, ...document.querySelectorAll('.card.scroll')]
    .filter((one) => one.scrollWidth > one.clientWidth)
    .map((one) => one.getAttribute('aria-labelledby') ?? one.tagName)`)

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The name a screen reader gives what has the focus. */
export const focusedName = (page: Page): Promise<string> =>
  page.evaluate<string>(`document.activeElement?.getAttribute('aria-label') ?? ''`)

/** What axe finds against WCAG 2.2 A and AA, one line each: empty when the page is clean. */
export const axeOn = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe.source)
  const options = JSON.stringify({ runOnly: { type: 'tag', values: STANDARDS } })
  const found = await page.evaluate<AxeResults>(`axe.run(${options})`)
  return found.violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)}`))
}
