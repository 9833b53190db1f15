/** A page's end of the stream, over a real connection. */
import { once } from 'node:events'
import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import type { StreamMessage } from '#wire/live.ts'
import type { Bed } from './bed.ts'

export interface Listener {
  /** Every message so far, in order. */
  readonly heard: readonly StreamMessage[]
  readonly status: number
  readonly ended: Promise<void>
  /** The first message, past or to come, of which this holds. */
  first(is: (message: StreamMessage) => boolean): Promise<StreamMessage>
  close(): void
}

const addresses = new WeakMap<Bed, Promise<string>>()

export async function listen(bed: Bed, user: string, headers: Record<string, string> = {}): Promise<Listener> {
  const address = addresses.get(bed) ?? bed.http.listen({ host: '127.0.0.1', port: 0 })
  addresses.set(bed, address)
  const cookie = await bed.signedIn(user)
  const request: ClientRequest = get(`${await address}/api/v1/stream`, { headers: { cookie, ...headers }, agent: false })
  const [answer] = (await once(request, 'response')) as [IncomingMessage]
  const heard: StreamMessage[] = []
  const waiting: { readonly is: (message: StreamMessage) => boolean; readonly resolve: (message: StreamMessage) => void }[] = []
  let text = ''
  answer.setEncoding('utf8')
  answer.on('data', (chunk: string) => {
    text += chunk
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      const data = lines.find((line) => line.startsWith('data: '))
      if (data === undefined) continue
      const message = JSON.parse(data.slice(6)) as StreamMessage
      if (lines[0] !== `id: ${message.seq}`) throw new Error(`${lines[0]} before message ${message.seq}`)
      heard.push(message)
      for (const one of waiting) if (one.is(message)) one.resolve(message)
    }
  })
  const ended = new Promise<void>((resolve) => {
    answer.on('close', resolve)
    answer.on('error', () => resolve())
  })
  return {
    heard,
    ended,
    status: answer.statusCode ?? 0,
    first: (is) =>
      new Promise((resolve) => {
        const had = heard.find(is)
        if (had === undefined) waiting.push({ is, resolve })
        else resolve(had)
      }),
    close: () => request.destroy(),
  }
}
