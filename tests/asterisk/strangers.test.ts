/** Who is let in from the network, on a real Asterisk: a trunk's calls from its addresses, a phone with its password, and nobody else. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Instance, startInstance } from '#adapters/asterisk/instance.ts'
import { asteriskBinary } from '../../scripts/fetch-tools.ts'
import { freePort, noAsterisk, onLoopback, ours } from './network.ts'

const suite = 'strangers at a real Asterisk'
/** Where the trunk's calls come from, and where nobody we know is. */
const PROVIDER = '127.0.0.9'
const ELSEWHERE = '127.0.0.8'

describe.skipIf(noAsterisk(suite))(suite, () => {
  let folder: string
  let instance: Instance
  let sipPort: number

  beforeAll(async () => {
    const asterisk = asteriskBinary()
    if (asterisk.path === null) throw new Error(asterisk.reason)
    folder = mkdtempSync(join(tmpdir(), 'samtal-strangers-'))
    const place = await onLoopback(join(folder, 'asterisk'), asterisk.path)
    sipPort = place.sipPort
    const account = { user: 'customer', password: 'of the trunk', register: false }
    instance = await startInstance(asterisk.path, {
      ...place,
      trunks: [
        { name: 'provider', host: PROVIDER, port: await freePort() },
        { name: 'secured', host: PROVIDER, port: await freePort(), addresses: ['127.0.0.10'], account },
      ],
      phones: [
        { account: 'anna', password: 'of anna', kind: 'sip' },
        { account: 'bo', password: 'of bo', kind: 'web' },
      ],
      emergency: { numbers: ['112'], trunk: 'provider', callerId: null },
    })
  })
  afterAll(async () => {
    await instance.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** What is answered to a call that says it is from this name, sent from this address; `100 Trying` alone says nothing yet. */
  async function called(address: string, name: string, to: string): Promise<string> {
    const socket = createSocket('udp4')
    socket.bind(0, address)
    await once(socket, 'listening')
    const { port } = socket.address()
    const tag = `${name}${port}`
    const invite = [
      `INVITE sip:${to}@127.0.0.1:${sipPort} SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${tag};rport`,
      `From: <sip:${name}@127.0.0.1>;tag=${tag}`,
      `To: <sip:${to}@127.0.0.1>`,
      `Call-ID: ${tag}@${address}`,
      'CSeq: 1 INVITE',
      `Contact: <sip:${name}@${address}:${port}>`,
      'Max-Forwards: 70',
      'Content-Length: 0',
    ]
    try {
      const answered = new Promise<string>((resolve) =>
        socket.on('message', (data) => {
          const status = /^SIP\/2\.0 (\d+)/.exec(String(data))?.[1] ?? ''
          if (status !== '100') resolve(status)
        }),
      )
      socket.send([...invite, '', ''].join('\r\n'), sipPort, '127.0.0.1')
      return await answered
    } finally {
      socket.close()
    }
  }

  test('the trunk’s own address is let in, whoever its calls are from', async () => {
    for (const name of ['+46701234567', 'anonymous']) expect([name, await called(PROVIDER, name, ours)]).toEqual([name, '180'])
  })

  test.each(['+46701234567', 'anonymous', 'provider', 'secured', 'customer', 'anna', 'bo', 'phones'])(
    'from elsewhere nobody is, by no name: %s',
    async (name) => {
      for (const to of [ours, '112']) expect([to, await called(ELSEWHERE, name, to)]).toEqual([to, '401'])
    },
  )
})
