/** The command line: finds the command, reads its words, and turns what comes of it into an exit code. */
import { setFlagsFromString } from 'node:v8'
import { sqliteCode } from '#adapters/sqlite/rpc.ts'
import { PortError } from '#ports/errors.ts'
import { generalHelp, helpOf, type Output, readArguments } from './command.ts'
import { commands } from './commands.ts'
import { Failure } from './failure.ts'
import { systemFault } from './folders.ts'

// The engine's thread has more room for what lives a turn (`bin/samtal.mjs`); every other one what V8 gives by itself, or
// what it is begun with: they are many.
setFlagsFromString('--max-semi-space-size=0')

const output: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
}

async function main(args: readonly string[]): Promise<0 | 1 | 2> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const text = generalHelp(commands)
    if (name !== undefined) output.out(text)
    else output.err(text)
    return name === undefined ? 2 : 0
  }
  const command = commands.find((one) => one.name === name)
  if (command === undefined) throw new Failure(`there is no command ${name}; see samtal --help`, { exitCode: 2 })
  const given = readArguments(command, rest)
  if (given !== 'help') return command.run(given, output)
  output.out(helpOf(command))
  return 0
}

/** These go on without anybody who reads what they say; to the others he has what he wanted, as `head` does. */
const OUTLIVE_THEIR_READER = ['serve', 'demo']
process.stdout.on('error', (error) => {
  if (Reflect.get(error, 'code') !== 'EPIPE') throw error
  if (!OUTLIVE_THEIR_READER.includes(process.argv[2] ?? '')) process.exit()
})

/** A fault of the machine in its own line; one of the program with where it was. */
function lineOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof PortError) return error.message
  const code = sqliteCode(error)
  return systemFault(error) ?? (code.startsWith('SQLITE_') ? `${error.message} (${code})` : (error.stack ?? error.message))
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
  process.stderr.write(`samtal: ${lineOf(error)}\n`)
  process.exit(1)
}
