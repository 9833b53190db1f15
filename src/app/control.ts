/** How a command reaches the running process on the same data folder: a Unix socket that only its owner can open. */
import { createHash } from 'node:crypto'
import { chmod, rm } from 'node:fs/promises'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
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
/** Who asks hears something so often while it is worked on, and gives up where nothing comes for so long. */
const WORKING_EVERY_MS = 10_000
const SILENT_MS_MAX = 120_000

function socketPath(dataFolder: string): string {
  const inFolder = path.join(dataFolder, 'control.sock')
  if (inFolder.length <= SOCKET_PATH_MAX) return inFolder
  return path.join(tmpdir(), `samtal-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 24)}.sock`)
}

/** What can be asked, by its name; what comes with it is one line of text. The answer is JSON; `tell`: how far it has come. */
export type Controls = Readonly<Record<string, (line: string, tell: (progress: object) => void) => Promise<{ readonly ok: boolean }>>>

/** Before the answer there are lines of these. */
interface Working {
  readonly working: object
}

function answer(socket: Socket, control: Controls[string], line: string): void {
  let working: Working = { working: {} }
  const say = () => void (socket.writable && socket.write(`${JSON.stringify(working)}\n`))
  const timer = setInterval(say, WORKING_EVERY_MS)
  control(line, (progress) => {
    working = { working: progress }
    say()
  })
    .catch((error: unknown) => ({ ok: false, refused: error instanceof Error ? error.message : String(error) }))
    .then((told) => {
      clearInterval(timer)
      socket.end(`${JSON.stringify(told)}\n`)
    })
}

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
      answer(socket, control, words.join(' '))
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

export interface Question {
  readonly name: string
  readonly line?: string
  /** How far the running process has come with it, now and then. */
  readonly working?: (progress: object) => void
}

/** Asks the running process, however long it works on it. Throws `NotRunning` where none does, `Failure` where it ended before it answered. */
export function askControl<T>(dataFolder: string, { name, line = '', working = () => undefined }: Question): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(socketPath(dataFolder), () => socket.write(`${name} ${line}\n`))
    let answered: T | null = null
    let text = ''
    const hear = (line: string): void => {
      const said = JSON.parse(line) as T | Working
      if (typeof said === 'object' && said !== null && 'working' in said) working(said.working)
      else answered = said as T
    }
    socket.setEncoding('utf8')
    socket.on('data', (more) => {
      const lines = (text + more).split('\n')
      text = lines.pop() ?? ''
      for (const line of lines) hear(line)
    })
    socket.on('end', () => (answered === null ? reject(new Failure('the running process ended before it answered')) : resolve(answered)))
    socket.setTimeout(SILENT_MS_MAX, () => socket.destroy(new Error('no answer in time')))
    socket.on('error', (error) => reject(new NotRunning(`no Samtal runs on the data folder ${dataFolder} (${error.message})`)))
  })
}

/** Asks the running process to read its solution file again. */
export const askReload = (dataFolder: string): Promise<Reloaded> => askControl<Reloaded>(dataFolder, { name: 'reload' })
