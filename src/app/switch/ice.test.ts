import { expect, test } from 'vitest'
import { iceServers, iceSettings } from './ice.ts'

test('nothing set: browsers ask nobody', () => expect(iceServers(iceSettings({}))).toEqual([]))

test('STUN alone, and TURN over UDP and TCP with its account', () => {
  expect(iceServers(iceSettings({ STUN_SERVER: 'stun.example.net' }))).toEqual([{ urls: 'stun:stun.example.net' }])
  const turn = { TURN_SERVER: 'turn.example.net:3478', TURN_USER: 'samtal', TURN_PASSWORD: 'secret' }
  expect(iceServers(iceSettings(turn))).toEqual([
    { urls: 'turn:turn.example.net:3478?transport=udp', username: 'samtal', credential: 'secret' },
    { urls: 'turn:turn.example.net:3478?transport=tcp', username: 'samtal', credential: 'secret' },
  ])
})
