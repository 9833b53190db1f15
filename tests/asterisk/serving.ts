/** `samtal serve` as a process of its own, seen from the outside: what it says, and its API. */
import type { ChildProcess } from 'node:child_process'
import type { LiveState, StreamMessage } from '#wire/live.ts'
import { until } from './until.ts'

/** A few seconds of work; on a machine with as many programs as it likes, many times that. */
const SERVES_MS_MAX = 60_000
const TELLS_MS_MAX = 20_000

/** Waits until it serves; fails with what it said where it ended instead. Returns what it has said so far, whenever asked. */
export async function untilServing(child: ChildProcess): Promise<() => string> {
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text) => {
      said += String(text)
    })
  await until(
    'it serves',
    () => {
      if (child.exitCode !== null) throw new Error(said)
      return said.includes('http://')
    },
    SERVES_MS_MAX,
  )
  return () => said
}

export interface Api {
  /** `body`: an object as JSON, a text as a table. Nothing where nothing is answered. */
  ask<T>(method: string, path: string, body?: object | string): Promise<T>
  /** Of whoever signed in last. */
  cookie(): string
}

/** The API on a port of this machine, asked as our own pages do. */
export function apiOn(port: number): Api {
  let cookie = ''
  return {
    ask: async <T>(method: string, path: string, body?: object | string) => {
      const type = typeof body === 'string' ? 'text/csv' : 'application/json'
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
        method,
        headers: { cookie, 'x-samtal': '1', ...(body === undefined ? {} : { 'content-type': type }) },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
      cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
      return (answer.status === 204 ? undefined : await answer.json()) as T
    },
    cookie: () => cookie,
  }
}

/** The whole live picture, as a page is told it first. */
export async function liveOf(port: number, cookie: string): Promise<LiveState> {
  const ended = new AbortController()
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(TELLS_MS_MAX)])
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/stream`, { headers: { cookie, 'x-samtal': '1' }, signal })
  let text = ''
  try {
    for await (const piece of answer.body ?? []) {
      text += Buffer.from(piece).toString()
      const data = /^data: (.*)$/m.exec(text)?.[1]
      if (data === undefined || !text.includes('\n\n', text.indexOf('data: '))) continue
      const message = JSON.parse(data) as StreamMessage
      if (message.type === 'snapshot') return message.live
    }
  } finally {
    ended.abort()
  }
  throw new Error(`no live picture: ${text}`)
}
