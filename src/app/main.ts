/** The command line: finds the command, reads its words, and turns what comes of it into an exit code. */
import { PortError } from '#ports/errors.ts'
import { type Command, generalHelp, helpOf, type Output, readArguments } from './command.ts'
import { Failure } from './failure.ts'

type Loaded = () => Promise<Command>

/** Each is loaded when it is needed, so that a short one is not kept waiting by the long ones' packages. */
const loaders: Readonly<Record<string, Loaded>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  reload: async () => (await import('./commands/reload.ts')).reload,
  play: async () => (await import('./commands/play.ts')).play,
  export: async () => (await import('./commands/export.ts')).exportCalls,
  'rebuild-archive': async () => (await import('./commands/rebuild-archive.ts')).rebuildArchive,
  user: async () => (await import('./commands/user.ts')).user,
  demo: async () => (await import('./commands/demo.ts')).demo,
}

const output: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
}

async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const text = generalHelp(await Promise.all(Object.values(loaders).map((load) => load())))
    if (name !== undefined) output.out(text)
    else output.err(text)
    return name === undefined ? 2 : 0
  }
  const load = Object.hasOwn(loaders, name) ? loaders[name] : undefined
  if (load === undefined) throw new Failure(`there is no command ${name}; see samtal --help`, { exitCode: 2 })
  const command = await load()
  const given = readArguments(command, rest)
  if (given !== 'help') return command.run(given, output)
  output.out(helpOf(command))
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
  // What a command began it has closed; a thread or a timer that is left must not keep the process.
  if (process.exitCode !== undefined) process.stdout.write('', () => process.exit())
} catch (error) {
  if (error instanceof Failure) {
    const json = process.argv.includes('--json') && error.errors.length > 0
    process.stderr.write(json ? `${JSON.stringify({ ok: false, errors: error.errors })}\n` : `samtal: ${error.message}\n`)
    process.exit(error.exitCode)
  }
  const text = error instanceof PortError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`samtal: ${text}\n`)
  process.exit(1)
}
