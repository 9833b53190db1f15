/**
 * Many ends of speech (RTP, RFC 3550) on a thread of their own, so that what else the test does costs no packet: each sends a packet
 * every 20 ms to wherever it hears from, and counts what comes. A new source (SSRC) at an end is told with its instant.
 */
import { createSocket, type Socket } from 'node:dgram'
import { parentPort, workerData } from 'node:worker_threads'

export interface VoicesWanted {
  readonly ends: number
  /** The first of them speak; the others only listen. */
  readonly speakers: number
}

export interface VoicesTold {
  readonly sent: number
  /** By those who speak. */
  readonly received: number
  /** When an end first heard somebody new: its port, and milliseconds since 1970. */
  readonly begins: readonly (readonly [port: number, at: number])[]
}

const PACKET_MS = 20
const SAMPLES = 160
const PCMU_SILENCE = 0xff

interface End {
  readonly socket: Socket
  readonly port: number
  target: number
  source: number
  sequence: number
}

const { ends: count, speakers } = workerData as VoicesWanted
const ends: End[] = []
let [sent, received] = [0, 0]
let begins: (readonly [number, number])[] = []

const open = async (isSpeaker: boolean): Promise<End> => {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 262_144 })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const end: End = { socket, port: socket.address().port, target: 0, source: -1, sequence: 0 }
  socket.on('message', (packet, from) => {
    if (packet.length < 12 || ((packet[1] ?? 0) & 0x7f) !== 0) return
    if (isSpeaker) received += 1
    end.target = from.port
    const source = packet.readUInt32BE(8)
    if (source === end.source) return
    end.source = source
    begins.push([end.port, Date.now()])
  })
  return end
}

const speak = (end: End): void => {
  if (end.target === 0) return
  const packet = Buffer.alloc(12 + SAMPLES, PCMU_SILENCE)
  packet.writeUInt16BE(0x8000, 0)
  packet.writeUInt16BE(end.sequence & 0xffff, 2)
  packet.writeUInt32BE((end.sequence * SAMPLES) >>> 0, 4)
  packet.writeUInt32BE(end.port, 8)
  end.sequence += 1
  sent += 1
  end.socket.send(packet, end.target, '127.0.0.1')
}

for (let index = 0; index < count; index += 1) ends.push(await open(index < speakers))
const began = performance.now()
let rounds = 0
const timer = setInterval(() => {
  for (; rounds * PACKET_MS <= performance.now() - began; rounds += 1) for (const end of ends.slice(0, speakers)) speak(end)
}, PACKET_MS / 2)

parentPort?.on('message', (asked: 'count' | 'close') => {
  if (asked === 'close') {
    clearInterval(timer)
    for (const { socket } of ends) socket.close()
    parentPort?.close()
    return
  }
  const told: VoicesTold = { sent, received, begins }
  ;[sent, received, begins] = [0, 0, []]
  parentPort?.postMessage(told)
})
parentPort?.postMessage(ends.map(({ port }) => port))
