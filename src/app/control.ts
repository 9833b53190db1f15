/** How a command reaches the running process on the same data folder: a Unix socket that only its owner can open. */
import { createHash } from 'node:crypto'
import { chmod, rm } from 'node:fs/promises'
import { createConnection, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Failure } from './failure.ts'
import type { FileError } from './solution/places.ts'

export interface Reloaded {
  readonly ok: boolean
  readonly version?: string
  /** Why the old solution stays: faults of the file, or one sentence. */
  readonly errors?: readonly FileError[]
  readonly file?: string
  readonly refused?: string
}

/** The longest path a socket may have on Linux and macOS. */
const SOCKET_PATH_MAX = 100
const ANSWER_MS_MAX = 120_000

function socketPath(dataFolder: string): string {
  const inFolder = path.join(dataFolder, 'control.sock')
  if (inFolder.length <= SOCKET_PATH_MAX) return inFolder
  return path.join(tmpdir(), `samtal-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 24)}.sock`)
}

/** What can be asked, by its name; what comes with it is one line of text. The answer is JSON. */
export type Controls = Readonly<Record<string, (line: string) => Promise<{ readonly ok: boolean }>>>

/** Serves for as long as the process lives. The data folder is held, so a socket found there is nobody's. */
export async function serveControl(dataFolder: string, controls: Controls): Promise<{ close(): Promise<void> }> {
  const at = socketPath(dataFolder)
  await rm(at, { force: true })
  const server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', (data) => {
      const [name = '', ...words] = data.toString('utf8').trim().split(' ')
      const control = controls[name]
      if (control === undefined) {
        socket.destroy()
        return
      }
      control(words.join(' ')).then(
        (answer) => socket.end(`${JSON.stringify(answer)}\n`),
        (error: unknown) =>
          socket.end(`${JSON.stringify({ ok: false, refused: error instanceof Error ? error.message : String(error) })}\n`),
      )
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(at, resolve)
  })
  await chmod(at, 0o600)
  return {
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await rm(at, { force: true })
    },
  }
}

/** Nothing runs on the data folder, or nothing that answers. */
export class NotRunning extends Failure {}

/** Asks the running process. Throws `NotRunning` where none does. */
export function askControl<T>(dataFolder: string, name: string, line = ''): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(socketPath(dataFolder), () => socket.write(`${name} ${line}\n`))
    let text = ''
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error('no answer in time')))
    socket.on('data', (data) => {
      text += data.toString('utf8')
    })
    socket.on('end', () => resolve(JSON.parse(text) as T))
    socket.on('error', (error) => reject(new NotRunning(`no Samtal runs on the data folder ${dataFolder} (${error.message})`)))
  })
}

/** Asks the running process to read its solution file again. */
export const askReload = (dataFolder: string): Promise<Reloaded> => askControl<Reloaded>(dataFolder, 'reload')
