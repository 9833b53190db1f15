/** The way of browsers' phones to a switch on another machine, whose address is encrypted: what it is trusted for, and what it then carries. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PhoneWay } from '#adapters/http/deps.ts'
import { phoneWay } from '#app/switch/phones.ts'
import { until } from './asterisk/until.ts'
import { type Bed, openBed } from './http/bed.ts'
import { certificateFor } from './http/certificate.ts'
import { DIES, HANDSHAKE, openPhoneSwitch, PhoneClient, type PhoneSwitch, said, TALK_BYTES, TALKS_ON } from './http/phone.ts'

const trusted = certificateFor('localhost', '127.0.0.1')
const before = getCACertificates('default')
let far: PhoneSwitch
let stranger: PhoneSwitch
let misnamed: PhoneSwitch
let way: PhoneWay
let bed: Bed
let port: number
let ariUrl = ''
const clients: PhoneClient[] = []

beforeAll(async () => {
  const other = certificateFor('pbx.example')
  // As `NODE_EXTRA_CA_CERTS` does for a program of its own.
  setDefaultCACertificates([...before, trusted.cert, other.cert])
  far = await openPhoneSwitch(trusted)
  stranger = await openPhoneSwitch(certificateFor('localhost', '127.0.0.1'))
  misnamed = await openPhoneSwitch(other)
  way = phoneWay(() => ariUrl)
  bed = await openBed({ phoneWay: way, hosts: ['samtal.example'] })
  port = Number(new URL(await bed.http.listen({ host: '127.0.0.1', port: 0 })).port)
})
afterAll(async () => {
  for (const client of clients) client.close()
  way.close()
  await bed.close()
  for (const one of [far, stranger, misnamed]) await one.close()
  setDefaultCACertificates(before)
})

const asks = async (url: string): Promise<PhoneClient> => {
  ariUrl = url
  const client = new PhoneClient(port, { headers: { host: 'samtal.example', ...HANDSHAKE, cookie: await bed.signedIn('anna') } })
  clients.push(client)
  return client
}
const opens = async (url: string): Promise<PhoneClient> => {
  const client = await asks(url)
  expect((await client.answer()).status).toBe(101)
  return client
}

describe('a switch that shows who it is', () => {
  test.each([
    ['by its name, which it is asked by', 'localhost', 'localhost'],
    // RFC 6066, 3: an address is no server name.
    ['by its address', '127.0.0.1', false],
  ])('%s is taken, and says back what it is told', async (_, host, askedBy) => {
    const client = await opens(`https://${host}:${far.port}/ari`)
    client.send(said('REGISTER sip:samtal.invalid SIP/2.0'))
    expect((await client.hears('REGISTER')).text).toBe('REGISTER sip:samtal.invalid SIP/2.0')
    expect(far.serverNames.at(-1)).toBe(askedBy)
    client.close()
    await client.isGone()
  })
  test('is heard to the last byte by a browser that takes nothing for a while', async () => {
    const client = await opens(far.ariUrl)
    const told = far.messages()
    client.goDeaf()
    client.send(said(TALKS_ON))
    let left = Number.POSITIVE_INFINITY
    const isFull = (): boolean => {
      const before = left
      left = [...far.open].reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0)
      return far.messages() > told && left < TALK_BYTES && left === before
    }
    await until('every line between is full', isFull, 20_000, 100)
    client.listen()
    await client.hasTaken(TALK_BYTES)
    client.send(said('THE END'))
    const { text } = await client.hears('THE END')
    expect(text.replace('THE END', '')).toMatch(/^x+$/)
    expect(text.length).toBeGreaterThan(TALK_BYTES)
    client.close()
  })
  test('and goes away is told of', async () => {
    const client = await opens(far.ariUrl)
    client.send(said(DIES))
    expect((await client.isClosed()).closed).toEqual({ code: 1011, reason: 'the switch is away' })
  })
})

describe('a switch that does not', () => {
  const isRefused = async (url: string): Promise<void> => {
    const open = way.count()
    const client = await asks(url)
    expect(JSON.parse((await client.answer()).body)).toMatchObject({ status: 503, code: 'switch.away' })
    expect(way.count()).toBe(open)
  }

  test('for want of an authority anybody knows is told nothing', async () => {
    await isRefused(stranger.ariUrl)
    expect(stranger.asked).toEqual([])
  })
  test('for it has another’s name is told nothing', async () => {
    await isRefused(misnamed.ariUrl)
    expect(misnamed.asked).toEqual([])
  })
  test('for it never says who it is is given up, and let go of', async () => {
    const silent = createServer((socket) => socket.on('error', () => socket.destroy()).resume()).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const taken = once(silent, 'connection')
    await isRefused(`https://127.0.0.1:${(silent.address() as AddressInfo).port}/ari`)
    const [socket] = (await taken) as [Socket]
    await until('it is let go of', () => socket.destroyed)
    await new Promise((resolve) => silent.close(resolve))
  })
  test('for it speaks unencrypted is told nothing', async () => {
    const got: string[] = []
    const plain = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      socket.on('data', (bytes) => {
        got.push(bytes.toString('latin1'))
        socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n')
      })
    }).listen(0, '127.0.0.1')
    await once(plain, 'listening')
    await isRefused(`https://127.0.0.1:${(plain.address() as AddressInfo).port}/ari`)
    expect(got.length).toBeGreaterThan(0)
    expect(got.join('')).not.toMatch(/GET|websocket/i)
    await new Promise((resolve) => plain.close(resolve))
  })
})
