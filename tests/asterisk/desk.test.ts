/**
 * The desk itself in a real browser on a real Asterisk: signed in through the sign-in page, its phone registered over our own
 * server, an own call dialled in the outbound tab and answered outside; who hears whom is told by tones.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildWeb } from '../../scripts/build-web.ts'
import { asteriskBinary, chromiumBinary } from '../../scripts/fetch-tools.ts'
import { freePort, noBrowser, ours } from './network.ts'
import { type Outgoing, People } from './people.ts'
import { listeningScript, microphoneFile } from './softphone.ts'
import { until } from './until.ts'

const samtal = join(import.meta.dirname, '../../bin/samtal.mjs')
const password = 'a long enough password'
const CUSTOMER = '+46701740612'
const AGENT_TONE = 1970

const suite = 'the desk on a real Asterisk'

describe.skipIf(noBrowser(suite))(suite, () => {
  let folder: string
  let people: People
  let serving: ChildProcess
  let browser: Browser
  let page: Page
  let address = ''
  const sipPort = { value: 0 }

  const program = (args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess =>
    spawn(process.execPath, [samtal, ...args], { cwd: folder, env: { ...process.env, ...env } })
  const done = (child: ChildProcess, input: string) =>
    new Promise((resolve) => {
      child.once('exit', resolve)
      child.stdin?.end(`${input}\n`)
    })
  /** For a second on end. */
  const steadily = async (what: string, so: () => boolean | Promise<boolean>): Promise<void> => {
    let since = performance.now()
    await until(what, async () => {
      if (!(await so())) since = performance.now()
      return performance.now() - since > 1_000
    })
  }
  const deskHears = (tone: number) =>
    steadily(`the desk hears ${tone} Hz`, async () => Math.abs(Number(await page.evaluate('listening.hears')) - tone) < 12)
  const lineHears = (line: Outgoing['line'], ...tones: readonly number[]) =>
    steadily(`the customer hears ${tones.join(' ')}`, () => `${line.speech.hearsNow()}` === `${tones}`)
  const lineUp = () => until('the line is up', () => [...people.lines.values()].find(({ state }) => state === 'up'))

  beforeAll(async () => {
    await buildWeb()
    folder = mkdtempSync(join(tmpdir(), 'samtal-desk-'))
    people = await People.open(() => sipPort.value)
    const port = await freePort()
    sipPort.value = await freePort()
    const rtpFrom = 20_000 + 2 * (sipPort.value % 10_000)
    const file = {
      name: 'Desk',
      numbers: { [ours]: { queue: 'support' } },
      queues: { support: { name: 'Support' } },
      agents: { anna: { name: 'Anna' } },
      trunks: { carrier: { host: '127.0.0.1', port: people.port } },
    }
    writeFileSync(join(folder, 'centre.json'), JSON.stringify(file))
    const asterisk = asteriskBinary()
    const chrome = chromiumBinary()
    if (asterisk.path === null || chrome.path === null) throw new Error('looked for before')
    const env = {
      PORT: String(port),
      ASTERISK_BIN: asterisk.path,
      SIP_ADDRESS: '127.0.0.1',
      SIP_PORT: String(sipPort.value),
      ASTERISK_HTTP_PORT: String(await freePort()),
      RTP_PORTS: `${rtpFrom}-${rtpFrom + 400}`,
    }
    await done(program(['user', 'add', 'anna'], env), password)
    serving = program(['serve', '--solution', 'centre.json'], env)
    let said = ''
    for (const stream of [serving.stdout, serving.stderr])
      stream?.on('data', (text) => {
        said += String(text)
      })
    await until('it serves', () => {
      if (serving.exitCode !== null) throw new Error(said)
      return said.includes('http://')
    })
    address = `http://127.0.0.1:${port}`
    browser = await chromium.launch({
      executablePath: chrome.path,
      args: [
        '--no-sandbox',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${microphoneFile(folder, AGENT_TONE)}`,
        '--autoplay-policy=no-user-gesture-required',
      ],
    })
    page = await (await browser.newContext({ locale: 'en-GB', permissions: ['microphone'] })).newPage()
    await page.addInitScript(listeningScript)
    await page.goto(`${address}/desk`)
    await page.getByLabel('User name').fill('anna')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('.statebar').waitFor()
  }, 90_000)
  afterAll(async () => {
    await browser?.close()
    const gone = new Promise((resolve) => serving.once('exit', resolve))
    serving.kill('SIGTERM')
    await gone
    people.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('the phone registers over our own server, and the light says that it can be reached', async () => {
    await page.getByRole('button', { name: 'Log on' }).click()
    await page.getByText('Phone can be reached').waitFor()
    await page.getByText('Ready. The next call comes here by itself.').waitFor()
  })

  test('an own call: the phone answers by itself, the number rings, both hear each other; mute, hold, hang-up', async () => {
    people.does(CUSTOMER, { answersAfterMs: 500 })
    await page.getByRole('textbox', { name: 'Number' }).fill('070-174 06 12')
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByText('In conversation').waitFor()
    const line = await lineUp()
    await deskHears(line.speech.tone)
    await lineHears(line, AGENT_TONE)
    await page.keyboard.press('m')
    await lineHears(line)
    await deskHears(line.speech.tone)
    await page.keyboard.press('m')
    await lineHears(line, AGENT_TONE)
    await page.keyboard.press('p')
    await page.getByText('On hold').waitFor()
    await steadily('silence at the desk', async () => Number(await page.evaluate('listening.hears')) === 0)
    await page.keyboard.press('p')
    await deskHears(line.speech.tone)
    await page.keyboard.press('h')
    await page.getByText('Ready. The next call comes here by itself.').waitFor()
    await until('the line is over', () => line.state === 'over')
  })

  test('a number that is busy is said to be', async () => {
    people.does(CUSTOMER, { busy: true })
    await page.getByRole('textbox', { name: 'Number' }).fill(CUSTOMER)
    await page.keyboard.press('Enter')
    await page.getByText('070-174 06 12 is busy.').waitFor()
  })

  test('a caller is answered in the browser by itself', async () => {
    const call = await people.call('+46701234567', ours)
    await page.getByText('In conversation').waitFor()
    await deskHears(call.line.speech.tone)
    call.hangUp()
    await page.getByText('Ready. The next call comes here by itself.').waitFor()
  })

  test('a second page mirrors the phone, and has it when the first is closed', async () => {
    const other = await page.context().newPage()
    await other.goto(`${address}/desk`)
    await other.getByText('The phone is in another tab.').waitFor()
    await other.getByText('Phone can be reached').waitFor()
    await page.close()
    await other.getByRole('button', { name: 'Sound' }).waitFor()
    await other.getByText('Phone can be reached').waitFor()
    page = other
    expect(await other.getByText('The phone is in another tab.').count()).toBe(0)
  })
})
