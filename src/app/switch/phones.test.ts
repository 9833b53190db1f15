/** The way of browsers' phones to the switch: whom it lets through, and what it hands on. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, createServer as createSwitch, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tunnelPhones } from './phones.ts'

const portOf = (server: Server): number => {
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

describe('a websocket', () => {
  const asked: string[] = []
  const far = createSwitch((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', (data) => {
      asked.push(data.toString())
      socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n')
    })
  })
  const near = createServer()
  const tunnel = tunnelPhones(
    near,
    () => `http://127.0.0.1:${portOf(far)}/ari`,
    async ({ cookie }) => cookie === 'samtal=anna',
  )
  beforeAll(async () => {
    for (const server of [far, near]) {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
    }
  })
  afterAll(() => {
    tunnel.close()
    near.close()
    far.close()
  })

  const open = async (path: string, headers: Readonly<Record<string, string>>): Promise<string> => {
    const socket = connect({ port: portOf(near), host: '127.0.0.1' })
    const all = { Host: 'samtal.example', Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Key': 'x', ...headers }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
    socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    const [data] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    return data.toString().split('\r\n')[0] ?? ''
  }
  const anna = { Cookie: 'samtal=anna' }

  test.each([
    ['of an agent with a phone goes through', '/phone', { ...anna, Origin: 'https://samtal.example' }, '101 Switching Protocols'],
    ['of a program without a site goes through', '/phone', anna, '101 Switching Protocols'],
    ['of nobody is refused', '/phone', { Origin: 'https://samtal.example' }, '401 Unauthorized'],
    ['that another site opens in her name is refused', '/phone', { ...anna, Origin: 'https://evil.example' }, '403 Forbidden'],
    ['that an opaque page opens is refused', '/phone', { ...anna, Origin: 'null' }, '403 Forbidden'],
    ['to anything else is refused', '/ari/events', anna, '404 Not Found'],
  ])('%s', async (_, path, headers, status) => {
    expect(await open(path, headers)).toBe(`HTTP/1.1 ${status}`)
  })
  test('tells the switch nothing of who asks', () => {
    expect(asked).toHaveLength(2)
    for (const text of asked) expect(text).not.toMatch(/cookie|samtal=|origin/i)
  })
})
