/** A whole contact centre as it runs: `samtal serve` with an Asterisk of its own, people with telephones at the end of its trunk, and desks in real browsers. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { buildWeb } from '../../scripts/build-web.ts'
import { asteriskBinary, chromiumBinary } from '../../scripts/fetch-tools.ts'
import { freePort, ours } from './network.ts'
import { People } from './people.ts'
import { untilServing } from './serving.ts'
import { microphoneFile } from './softphone.ts'
import { tones } from './sound.ts'

const samtal = join(import.meta.dirname, '../../bin/samtal.mjs')
const password = 'a long enough password'

/** What browsers do to a voice takes a steady tone for noise; and which of the tones a page hears is asked of what it plays. */
const ears = `
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
navigator.mediaDevices.getUserMedia = (wanted) =>
  ask({ ...wanted, audio: { ...(wanted.audio === true ? {} : wanted.audio), echoCancellation: false, noiseSuppression: false, autoGainControl: false } })
const Connection = globalThis.RTCPeerConnection
const tones = ${JSON.stringify(tones)}
globalThis.hears = () => []
globalThis.RTCPeerConnection = class extends Connection {
  constructor(...args) {
    super(...args)
    this.addEventListener('track', ({ track }) => {
      const context = new AudioContext()
      const analyser = context.createAnalyser()
      analyser.fftSize = 8192
      analyser.smoothingTimeConstant = 0
      context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
      const bins = new Float32Array(analyser.frequencyBinCount)
      globalThis.hears = () => {
        analyser.getFloatFrequencyData(bins)
        const at = (hertz) => Math.round((hertz * analyser.fftSize) / context.sampleRate)
        return tones.filter((tone) => Math.max(...bins.slice(at(tone) - 1, at(tone) + 2)) > -50)
      }
      track.addEventListener('ended', () => { globalThis.hears = () => [] })
    })
  }
}
`

export interface Desk {
  readonly page: Page
  readonly tone: number
  /** The tones it hears now. */
  hears(): Promise<readonly number[]>
}

export interface Centre {
  readonly people: People
  /** Signs in through the sign-in page, and logs on. */
  desk(name: string, tone: number): Promise<Desk>
  api<T>(path: string): Promise<T>
  close(): Promise<void>
}

const file = (trunkPort: number): object => ({
  name: 'Test',
  numbers: { [ours]: { queue: 'support' } },
  queues: { support: { name: 'Support', callback: {} } },
  agents: { anna: { name: 'Anna' }, bo: { name: 'Bo' } },
  trunks: { carrier: { host: '127.0.0.1', port: trunkPort } },
  outbound: { ringSeconds: 15 },
})

const ended = async (child: ChildProcess, input: string): Promise<void> => {
  child.stdin?.end(input)
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`ended with ${code}`)
}

async function serve(folder: string, port: number, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const run = (...args: readonly string[]): ChildProcess => spawn(process.execPath, [samtal, ...args], { cwd: folder, env })
  for (const name of ['anna', 'bo']) await ended(run('user', 'add', name), `${password}\n`)
  const child = run('serve', '--solution', 'centre.json', '--port', String(port))
  await untilServing(child)
  return child
}

async function openDesk(browser: Browser, address: string, name: string, tone: number): Promise<Desk> {
  const context = await browser.newContext({ locale: 'en-GB', permissions: ['microphone'] })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await page.addInitScript(ears)
  await page.goto(`${address}/desk`)
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Log on' }).click()
  await page.getByText('Ready. The next call comes here by itself.').waitFor()
  await page.getByText('Phone can be reached').waitFor()
  return { page, tone, hears: async () => page.evaluate<readonly number[]>('hears()') }
}

export const openCentre = async (): Promise<Centre> => {
  const [asterisk, chrome] = [asteriskBinary(), chromiumBinary()]
  if (asterisk.path === null || chrome.path === null) throw new Error('Asterisk or Chromium is not here')
  await buildWeb()
  const folder = mkdtempSync(join(tmpdir(), 'samtal-centre-'))
  const [port, sipPort] = [await freePort(), await freePort()]
  const people = await People.open(() => sipPort)
  writeFileSync(join(folder, 'centre.json'), JSON.stringify(file(people.port)))
  const rtpFrom = 20_000 + 2 * (sipPort % 10_000)
  const child = await serve(folder, port, {
    PATH: process.env['PATH'],
    ASTERISK_BIN: asterisk.path,
    SIP_ADDRESS: '127.0.0.1',
    SIP_PORT: String(sipPort),
    ASTERISK_HTTP_PORT: String(await freePort()),
    RTP_PORTS: `${rtpFrom}-${rtpFrom + 400}`,
  })
  const browsers: Browser[] = []
  const desks: Desk[] = []
  const address = `http://127.0.0.1:${port}`
  return {
    people,
    desk: async (name, tone) => {
      const own = join(folder, name)
      mkdirSync(own)
      const microphone = `--use-file-for-fake-audio-capture=${microphoneFile(own, tone)}`
      const fake = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', microphone]
      const browser = await chromium.launch({
        executablePath: chrome.path,
        args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', ...fake],
      })
      browsers.push(browser)
      const desk = await openDesk(browser, address, name, tone)
      desks.push(desk)
      return desk
    },
    api: async <T>(path: string) => {
      const text = await desks[0]?.page.evaluate<string>(`fetch('/api/v1${path}').then((answer) => answer.text())`)
      return JSON.parse(text ?? '') as T
    },
    close: async () => {
      for (const browser of browsers) await browser.close()
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
      people.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
