/** A trunk over TLS with encrypted speech, on a real Asterisk: the provider is a TLS server of ours, known by a certificate or not. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAsterisk } from '#adapters/asterisk/asterisk.ts'
import { type Instance, startInstance } from '#adapters/asterisk/instance.ts'
import type { TelephonyEvent } from '#ports/telephony.ts'
import { asteriskBinary } from '../../scripts/fetch-tools.ts'
import { freePort, noAsterisk, onLoopback, promptsFolder } from './network.ts'
import { until } from './until.ts'

const suite = 'a trunk over TLS on a real Asterisk'
/** What makes certificates. */
const noOpenssl = (): boolean => {
  const missing = spawnSync('openssl', ['version']).status !== 0
  if (missing) process.stderr.write(`SKIPPED: ${suite}; openssl is not here\n`)
  return missing
}

/** A provider's SIP server: answers OPTIONS, is busy for everybody else, and keeps what it was sent. */
const provider = async (key: Buffer, cert: Buffer): Promise<{ server: Server; port: number; got: string[] }> => {
  const got: string[] = []
  const server = createServer({ key, cert }, (socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (data) => {
      const text = String(data)
      got.push(text)
      const method = text.split(' ')[0]
      if (method === 'ACK') return
      const back = text.split('\r\n').filter((line) => /^(Via|From|Call-ID|CSeq):/i.test(line))
      const status = method === 'OPTIONS' ? '200 OK' : '486 Busy Here'
      socket.write([`SIP/2.0 ${status}`, ...back, `${/^To:.*$/im.exec(text)?.[0]};tag=there`, 'Content-Length: 0', '', ''].join('\r\n'))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { server, got, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

describe.skipIf(noAsterisk(suite) || noOpenssl())(suite, () => {
  let folder: string
  let instance: Instance
  let known: Awaited<ReturnType<typeof provider>>
  let stranger: Awaited<ReturnType<typeof provider>>
  let tlsPort: number

  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const authority = (name: string) =>
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '30',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
    )
  const certificate = (name: string, by: string) => {
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', `${name}.key`, '-out', `${name}.csr`)
    writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1')
    const signed = ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial', '-days', '30', '-extfile', 'names']
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signed)
  }
  const read = (name: string): Buffer => readFileSync(join(folder, name))

  beforeAll(async () => {
    const asterisk = asteriskBinary()
    if (asterisk.path === null) throw new Error(asterisk.reason)
    folder = mkdtempSync(join(tmpdir(), 'samtal-tls-'))
    for (const name of ['trusted', 'unknown']) authority(name)
    certificate('known', 'trusted')
    certificate('stranger', 'unknown')
    known = await provider(read('known.key'), read('known.pem'))
    stranger = await provider(read('stranger.key'), read('stranger.pem'))
    tlsPort = await freePort()
    const trunk = { host: '127.0.0.1', transport: 'tls', srtp: true, qualifySeconds: 1 } as const
    instance = await startInstance(asterisk.path, {
      ...(await onLoopback(join(folder, 'asterisk'), asterisk.path)),
      trunks: [
        { name: 'secure', ...trunk, port: known.port, addresses: ['127.0.0.1'] },
        { name: 'stranger', ...trunk, port: stranger.port, addresses: ['127.0.0.9'] },
      ],
      phones: [],
      tls: {
        port: tlsPort,
        authorities: join(folder, 'trusted.pem'),
        certificate: { file: join(folder, 'known.pem'), keyFile: join(folder, 'known.key') },
      },
    })
  })
  afterAll(async () => {
    await instance.stop()
    known.server.close()
    stranger.server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a provider with a certificate by an authority of ours is asked whether it is there; one without is told nothing', async () => {
    await until('the provider is asked twice', () => known.got.filter((text) => text.startsWith('OPTIONS ')).length >= 2)
    expect(stranger.got).toEqual([])
  })

  test('a provider reaches us, and we prove who we are', async () => {
    const socket = connect({ host: '127.0.0.1', port: tlsPort, ca: read('trusted.pem'), servername: 'localhost' })
    let answer = ''
    socket.on('data', (data) => {
      answer += String(data)
    })
    const about = ['Via: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bKx', 'From: <sip:x@localhost>;tag=x', 'To: <sip:localhost>', 'Call-ID: x']
    socket.once('secureConnect', () =>
      socket.write(
        ['OPTIONS sip:localhost SIP/2.0', ...about, 'CSeq: 1 OPTIONS', 'Max-Forwards: 70', 'Content-Length: 0', '', ''].join('\r\n'),
      ),
    )
    await until('it is answered', () => answer.startsWith('SIP/2.0 '))
    expect(socket.authorized).toBe(true)
    socket.destroy()
  })

  test('a number is rung over it, with keys for the speech', async () => {
    const events: TelephonyEvent[] = []
    const telephony = createAsterisk({
      ariUrl: instance.ariUrl,
      user: instance.user,
      password: instance.password,
      app: instance.app,
      trunk: () => 'secure',
      phone: () => undefined,
      promptsFolder,
    })
    await telephony.start((event) => events.push(event))
    telephony.send({ type: 'leg.ring', callId: 'c1', legId: 'l1', to: { number: '+46701234567' }, callerId: null, ringMsMax: 5_000 })
    await until('it is busy', () => events.some((event) => event.type === 'leg.ended' && event.outcome === 'busy'))
    const invite = known.got.find((text) => text.startsWith('INVITE ')) ?? ''
    expect(invite).toMatch(/m=audio \d+ RTP\/SAVP /)
    expect(invite).toContain('a=crypto:')
    await telephony.stop()
  })
})
