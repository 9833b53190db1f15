/** A whole contact centre as it runs: `samtal serve` with an Asterisk of its own, telephones that sipp plays at the end of its trunk, and desks in real browsers. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { buildWeb } from '../../scripts/build-web.ts'
import { asteriskBinary, chromiumBinary } from '../../scripts/fetch-tools.ts'
import { Carrier } from './carrier.ts'
import { freePort, ours } from './network.ts'
import type { DeskNetwork } from './outage.ts'
import { type Api, apiOn, untilServing } from './serving.ts'
import type { Far } from './sipp.ts'
import { microphoneFile } from './softphone.ts'
import { type Ear, earOf, type Heard, ringingTone, tones } from './sound.ts'
import { until } from './until.ts'

const samtal = join(import.meta.dirname, '../../bin/samtal.mjs')
const password = 'a long enough password'
const BOSS = 'boss'

/**
 * Into every page, before its own scripts: leaves the microphone's tone as it is, for what browsers do to a voice takes it for noise; and
 * keeps what the page heard in the last seconds, by its spectrum (Blackman window of 0.34 s, bins 3 Hz apart: 425 and 440 Hz are two).
 * A tone arrives at -28 dB, music with parts far over -60.
 */
const ears = `
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
navigator.mediaDevices.getUserMedia = (wanted) =>
  ask({ ...wanted, audio: { ...(wanted.audio === true ? {} : wanted.audio), echoCancellation: false, noiseSuppression: false, autoGainControl: false } })
const Connection = globalThis.RTCPeerConnection
const tones = ${JSON.stringify(tones)}
const ringing = ${ringingTone}
globalThis.heard = { pieces: [], onTheLine: false }
const listen = (track) => {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 16384
  analyser.smoothingTimeConstant = 0
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
  const bins = new Float32Array(analyser.frequencyBinCount)
  const width = context.sampleRate / analyser.fftSize
  const loudest = (from, to) => Math.max(...bins.slice(Math.round(from / width), Math.round(to / width) + 1))
  const pieces = []
  globalThis.heard = { pieces, onTheLine: true }
  const mine = globalThis.heard
  const timer = setInterval(() => {
    if (track.readyState === 'ended') {
      mine.onTheLine = false
      clearInterval(timer)
      void context.close()
      return
    }
    analyser.getFloatFrequencyData(bins)
    const found = tones.filter((tone) => loudest(tone - 3, tone + 3) > -50)
    const rings = loudest(ringing - 3, ringing + 3) > -50
    for (const known of [...found, ...(rings ? [ringing] : [])]) bins.fill(-200, Math.round((known - 25) / width), Math.round((known + 25) / width) + 1)
    pieces.push({ at: Date.now(), tones: found, ringing: rings, other: loudest(200, 3000) > -60 })
    pieces.splice(0, pieces.length - 200)
  }, 50)
}
globalThis.RTCPeerConnection = class extends Connection {
  constructor(...args) {
    super(...args)
    this.addEventListener('track', ({ track }) => listen(track))
  }
}
`

export interface Desk {
  readonly page: Page
  readonly tone: number | null
  /** What it hears now; null: it is not on the line. */
  hears(): Promise<Ear | null>
}

/** `script`: into the page, before its own. `network`: one the test can take away, in place of the machine's own. */
interface DeskHow {
  readonly script?: string
  readonly network?: DeskNetwork
}

export interface Centre {
  /** Where it runs, and its address for browsers. */
  readonly folder: string
  readonly address: string
  readonly port: number
  readonly carrier: Carrier
  /** Signs in through the sign-in page, and logs on. `tone`: of the microphone; null: the agent's phone is another one. */
  desk(name: string, tone: number | null, how?: DeskHow): Promise<Desk>
  api<T>(path: string): Promise<T>
  /** Asks as somebody who may do everything. */
  readonly boss: Api['ask']
  close(): Promise<void>
}

/** Carl’s, who answers by hand. */
export const slowPhone = '+46701740609'

const file = (trunkPort: number): object => ({
  name: 'Test',
  numbers: { [ours]: { queue: 'support' } },
  queues: { support: { name: 'Support', callback: {} } },
  agents: { anna: { name: 'Anna' }, bo: { name: 'Bo' }, carl: { name: 'Carl', queues: [], phone: { number: slowPhone } } },
  trunks: { carrier: { host: '127.0.0.1', port: trunkPort } },
  outbound: { ringSeconds: 15 },
  limits: { callsToOneNumberADay: 1_000 },
})

interface Reach {
  readonly ariUrl: string
  readonly user: string
  readonly password: string
}

/** How the Asterisk of a centre in this folder is asked beside the program. */
export const reachIn = (folder: string): Reach => JSON.parse(readFileSync(join(folder, 'data/asterisk/samtal.json'), 'utf8')) as Reach

/** Asterisk asks the trunk whether it is there as it starts; until it has answered, no call goes out over it. */
const trunkIsThere = async (folder: string): Promise<boolean> => {
  const { ariUrl, user, password } = reachIn(folder)
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const answer = await fetch(`${ariUrl}/endpoints/PJSIP/carrier`, { headers: { authorization } })
  return answer.ok && ((await answer.json()) as { readonly state: string }).state === 'online'
}

const ended = async (child: ChildProcess, input: string): Promise<void> => {
  child.stdin?.end(input)
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`ended with ${code}`)
}

async function serve(folder: string, port: number, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const run = (...args: readonly string[]): ChildProcess => spawn(process.execPath, [samtal, ...args], { cwd: folder, env })
  for (const name of ['anna', 'bo', 'carl']) await ended(run('user', 'add', name), `${password}\n`)
  await ended(run('user', 'add', BOSS, '--role', 'administrator'), `${password}\n`)
  const child = run('serve', '--solution', 'centre.json', '--port', String(port))
  await untilServing(child)
  return child
}

async function openDesk(browser: Browser, direct: string, name: string, tone: number | null, how: DeskHow): Promise<Desk> {
  const { network, script = network?.script } = how
  const context = await browser.newContext({ locale: 'en-GB', permissions: ['microphone'] })
  await network?.attach(context)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await page.addInitScript(ears)
  if (script !== undefined) await page.addInitScript(script)
  await page.goto(`${network?.address ?? direct}/desk`)
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Log on' }).click()
  await page.getByText('Ready. The next call comes here by itself.').waitFor()
  if (tone !== null) await page.getByText('Phone can be reached').waitFor()
  return {
    page,
    tone,
    hears: async () => {
      const { pieces, onTheLine } = await page.evaluate<{ readonly pieces: readonly Heard[]; readonly onTheLine: boolean }>('heard')
      return onTheLine ? earOf(pieces) : null
    },
  }
}

/** `far`, `tones`: the telephones outside, and what each says. */
export const openCentre = async (far: Readonly<Record<string, Far>>, voices: Readonly<Record<string, number>>): Promise<Centre> => {
  const [asterisk, chrome] = [asteriskBinary(), chromiumBinary()]
  if (asterisk.path === null || chrome.path === null) throw new Error('Asterisk or Chromium is not here')
  await buildWeb()
  const folder = mkdtempSync(join(tmpdir(), 'samtal-centre-'))
  const [port, sipPort] = [await freePort(), await freePort()]
  const carrier = await Carrier.open(folder, () => sipPort, far, voices)
  writeFileSync(join(folder, 'centre.json'), JSON.stringify(file(carrier.port)))
  const rtpFrom = 20_000 + 2 * (sipPort % 10_000)
  const child = await serve(folder, port, {
    PATH: process.env['PATH'],
    ASTERISK_BIN: asterisk.path,
    SIP_ADDRESS: '127.0.0.1',
    SIP_PORT: String(sipPort),
    ASTERISK_HTTP_PORT: String(await freePort()),
    RTP_PORTS: `${rtpFrom}-${rtpFrom + 400}`,
  })
  await until('the trunk is there', () => trunkIsThere(folder), 45_000)
  const browsers: Browser[] = []
  const desks: Desk[] = []
  const address = `http://127.0.0.1:${port}`
  const boss = apiOn(port)
  await boss.ask('POST', '/session', { user: BOSS, password })
  return {
    folder,
    address,
    port,
    carrier,
    boss: boss.ask,
    desk: async (name, tone, how = {}) => {
      const own = join(folder, name)
      mkdirSync(own)
      const microphone = `--use-file-for-fake-audio-capture=${microphoneFile(own, tone ?? tones[0])}`
      const fake = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', microphone]
      const browser = await chromium.launch({
        executablePath: chrome.path,
        args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', ...fake],
      })
      browsers.push(browser)
      const desk = await openDesk(browser, address, name, tone, how)
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
      carrier.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
