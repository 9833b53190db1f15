/** What a private Asterisk plays, by its own account. */
import { WebSocket } from 'ws'
import type { Instance } from '#adapters/asterisk/instance.ts'

interface Played {
  /** Every file Asterisk itself says that it plays, in order. */
  readonly names: string[]
  /** The same, of one channel. */
  on(channel: string): readonly string[]
  close(): void
}

export const observePlayed = async (instance: Instance): Promise<Played> => {
  const names: string[] = []
  const channels: string[] = []
  const query = new URLSearchParams({ app: 'observer', subscribeAll: 'true', api_key: `${instance.user}:${instance.password}` })
  const socket = new WebSocket(`${instance.ariUrl.replace('http', 'ws')}/events?${query}`)
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as {
      readonly type: string
      readonly playback?: { readonly media_uri: string; readonly target_uri: string }
    }
    if (event.type !== 'PlaybackStarted') return
    names.push((event.playback?.media_uri ?? '').split('/').at(-1) ?? '')
    channels.push(event.playback?.target_uri.replace('channel:', '') ?? '')
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return { names, on: (channel) => names.filter((_, index) => channels[index] === channel), close: () => socket.close() }
}
