/** Microphone, speaker and ringer, chosen apart and remembered by this browser; how loud it is; a beep. */

export type Role = 'microphone' | 'speaker' | 'ringer'
const stored = (role: Role) => `samtal.sound.${role}`

/** The device's id; empty: the system's own choice. */
export const chosen = (role: Role): string => localStorage.getItem(stored(role)) ?? ''
export const choose = (role: Role, deviceId: string): void => localStorage.setItem(stored(role), deviceId)

/** Asks for the microphone chosen, or for any where that one is gone. Rejects where there is none, or it may not be used. */
export async function openMicrophone(): Promise<MediaStream> {
  const deviceId = chosen('microphone')
  const wanted = deviceId === '' ? true : { deviceId: { ideal: deviceId } }
  return navigator.mediaDevices.getUserMedia({ audio: wanted, video: false })
}

export async function devicesFor(role: Role): Promise<readonly MediaDeviceInfo[]> {
  const kind = role === 'microphone' ? 'audioinput' : 'audiooutput'
  return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === kind && device.deviceId !== 'default')
}

interface Sink {
  readonly setSinkId?: (deviceId: string) => Promise<void>
}

/** Some browsers cannot choose where sound goes: then it goes where the system says. */
export async function toSpeaker(element: HTMLAudioElement | AudioContext, role: Role): Promise<void> {
  await (element as unknown as Sink).setSinkId?.(chosen(role))
}

/** Loudness of a stream, 0–1, looked at `EVERY_MS`; returns how to stop. */
const EVERY_MS = 80
export function meter(stream: MediaStream, heard: (level: number) => void): () => void {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples)
    const loud = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length)
    // From −60 dB, as good as silent, to −10 dB, loud speech.
    heard(Math.max(0, Math.min(1, (20 * Math.log10(loud + 1e-9) + 60) / 50)))
  }, EVERY_MS)
  return () => {
    clearInterval(timer)
    void context.close()
  }
}

const BEEP_S = 0.15

/** Two short tones: a call is on the line. */
export async function beep(role: Role): Promise<void> {
  const context = new AudioContext()
  await toSpeaker(context, role)
  const volume = context.createGain()
  volume.gain.value = 0.2
  volume.connect(context.destination)
  for (const [i, hertz] of [660, 880].entries()) {
    const tone = context.createOscillator()
    tone.frequency.value = hertz
    tone.connect(volume)
    tone.start(context.currentTime + i * BEEP_S)
    tone.stop(context.currentTime + (i + 1) * BEEP_S)
    if (i === 1) tone.onended = () => void context.close()
  }
}

/** What the microphone takes up comes back a second later from the speaker; returns how to stop. */
export async function echo(stream: MediaStream): Promise<() => void> {
  const context = new AudioContext()
  await toSpeaker(context, 'speaker')
  const delay = context.createDelay(2)
  delay.delayTime.value = 1
  context.createMediaStreamSource(stream).connect(delay)
  delay.connect(context.destination)
  return () => void context.close()
}
