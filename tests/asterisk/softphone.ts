/**
 * A phone in a real browser: Chromium with JsSIP, which answers by itself, speaks a tone of its own (a file in place of the
 * microphone), and says which tone it hears.
 */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { chromiumBinary } from '../../scripts/fetch-tools.ts'
import { loudness } from './sound.ts'

const pageScript = `
import JsSIP from 'jssip'
const state = { registered: false, calls: 0, hears: 0, codec: '' }
globalThis.phone = state
globalThis.begin = (ws, account, password) => {
  const ua = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(ws)], uri: 'sip:' + account + '@samtal.invalid', password, session_timers: false,
  })
  ua.on('registered', () => { state.registered = true })
  ua.on('newRTCSession', ({ session, originator }) => {
    if (originator !== 'remote') return
    state.calls += 1
    session.on('ended', () => { state.calls -= 1 })
    session.on('failed', () => { state.calls -= 1 })
    session.on('peerconnection', ({ peerconnection }) => peerconnection.addEventListener('track', ({ track }) => listen(track)))
    // What a browser does to a voice would take a steady tone for noise.
    const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
    session.answer({ mediaConstraints: { audio, video: false }, pcConfig: { iceServers: [] } })
  })
  ua.start()
}
/* A received track is silent until an element plays it. */
const listen = (track) => {
  const stream = new MediaStream([track])
  const element = document.createElement('audio')
  element.autoplay = true
  element.srcObject = stream
  document.body.append(element)
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 8192
  context.createMediaStreamSource(stream).connect(analyser)
  const bins = new Float32Array(analyser.frequencyBinCount)
  setInterval(() => {
    analyser.getFloatFrequencyData(bins)
    let loudest = 0
    for (let at = 1; at < bins.length; at++) if (bins[at] > bins[loudest]) loudest = at
    state.hears = bins[loudest] > -50 ? (loudest * context.sampleRate) / analyser.fftSize : 0
  }, 50)
}
`

const hertz = 48_000

/** RFC 2361: 16-bit PCM, ten seconds of one tone: a whole number of its periods, so that it loops without a click. */
const toneFile = (tone: number): Buffer => {
  const samples = Buffer.alloc(hertz * 10 * 2)
  for (let at = 0; at < hertz * 10; at++) samples.writeInt16LE(Math.round(loudness * Math.sin((2 * Math.PI * tone * at) / hertz)), at * 2)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(hertz, 24)
  head.writeUInt32LE(hertz * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.length, 40)
  return Buffer.concat([head, samples])
}

/** A microphone of this tone, as Chromium takes it: the file's path. */
export const microphoneFile = (folder: string, tone: number): string => {
  const microphone = join(folder, 'microphone.wav')
  writeFileSync(microphone, toneFile(tone))
  return microphone
}

/** Into a page of ours, before its own scripts: listens along, and leaves the tone of the microphone as it is. */
export const listeningScript = `
const listening = { hears: 0 }
globalThis.listening = listening
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
navigator.mediaDevices.getUserMedia = ({ audio }) =>
  open({ audio: { ...(audio === true ? {} : audio), echoCancellation: false, noiseSuppression: false, autoGainControl: false } })
const listen = (track) => {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  analyser.fftSize = 8192
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
  const bins = new Float32Array(analyser.frequencyBinCount)
  const timer = setInterval(() => {
    analyser.getFloatFrequencyData(bins)
    let loudest = 0
    for (let at = 1; at < bins.length; at++) if (bins[at] > bins[loudest]) loudest = at
    listening.hears = bins[loudest] > -50 ? (loudest * context.sampleRate) / analyser.fftSize : 0
    if (track.readyState === 'ended') clearInterval(timer)
  }, 50)
}
const Connection = globalThis.RTCPeerConnection
globalThis.RTCPeerConnection = class extends Connection {
  constructor(...how) {
    super(...how)
    this.addEventListener('track', ({ track }) => listen(track))
  }
}
`

const script = async (folder: string): Promise<string> => {
  const entry = join(folder, 'phone.js')
  writeFileSync(entry, pageScript)
  const root = join(import.meta.dirname, '../..')
  const built = await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { jssip: join(root, 'node_modules/jssip') } },
    build: { write: false, lib: { entry, formats: ['iife'], name: 'softphone' } },
  })
  const [output] = [built].flat()
  return output !== undefined && 'output' in output ? output.output[0].code : ''
}

export interface Softphone {
  readonly tone: number
  calls(): Promise<number>
  /** The loudest frequency it hears now, in hertz; 0: silence. */
  hears(): Promise<number>
  close(): Promise<void>
}

export const openSoftphone = async (
  folder: string,
  { ws, account, password, tone }: { readonly ws: string; readonly account: string; readonly password: string; readonly tone: number },
): Promise<Softphone> => {
  const program = chromiumBinary()
  if (program.path === null) throw new Error(program.reason)
  const microphone = microphoneFile(folder, tone)
  const browser: Browser = await chromium.launch({
    executablePath: program.path,
    args: [
      '--no-sandbox',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}`,
      '--autoplay-policy=no-user-gesture-required',
    ],
  })
  const page: Page = await browser.newPage()
  const code = await script(folder)
  // A page of this machine itself: browsers let it use the microphone, and open websockets to this machine.
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html><body></body>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await page.goto(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`)
  await page.addScriptTag({ content: code })
  await page.evaluate(`begin(${JSON.stringify(ws)}, ${JSON.stringify(account)}, ${JSON.stringify(password)})`)
  await page.waitForFunction('phone.registered')
  return {
    tone,
    calls: async () => Number(await page.evaluate('phone.calls')),
    hears: async () => Number(await page.evaluate('phone.hears')),
    close: async () => {
      server.close()
      await browser.close()
    },
  }
}
