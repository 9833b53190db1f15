/** What a private Asterisk plays, by its own account. */
import { WebSocket } from 'ws'
import type { Instance } from '#adapters/asterisk/instance.ts'

/** Every file Asterisk itself says that it plays, in order. */
export const observePlayed = async (instance: Instance): Promise<{ readonly names: string[]; close(): void }> => {
  const names: string[] = []
  const query = new URLSearchParams({ app: 'observer', subscribeAll: 'true', api_key: `${instance.user}:${instance.password}` })
  const socket = new WebSocket(`${instance.ariUrl.replace('http', 'ws')}/events?${query}`)
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as { readonly type: string; readonly playback?: { readonly media_uri: string } }
    if (event.type === 'PlaybackStarted') names.push((event.playback?.media_uri ?? '').split('/').at(-1) ?? '')
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return { names, close: () => socket.close() }
}
