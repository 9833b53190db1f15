/** A command of `samtal`: what it is for, its options, what it does. Help is made from this, so what is not here is not in it. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { Failure } from './failure.ts'

export interface Option {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in the help, as `FILE`. */
  readonly value?: string
  /** May be given several times. */
  readonly multiple?: true
  readonly help: string
}

export interface Given {
  readonly text: (name: string) => string | undefined
  /** Of an option that may be given several times. */
  readonly all: (name: string) => readonly string[]
  readonly flag: (name: string) => boolean
  readonly words: readonly string[]
}

/** Where a command writes. */
export interface Output {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly terminal: boolean
}

export interface Command {
  readonly name: string
  /** Left out of the list of `samtal --help`: what `npm start` runs. */
  readonly hidden?: true
  readonly words: string
  readonly summary: string
  readonly example: string
  readonly options: Readonly<Record<string, Option>>
  readonly wordsMin: number
  readonly wordsMax: number
  /** The exit code. */
  readonly run: (given: Given, output: Output) => Promise<0 | 1>
}

export const dataOption: Option = { type: 'string', value: 'DIR', help: 'The data folder. Default: $SAMTAL_DATA, else ./data' }
export const jsonOption: Option = { type: 'boolean', help: 'Answer as JSON' }
const helpOption: Option = { type: 'boolean', help: 'This text' }

export function helpOf(command: Command): string {
  const options = Object.entries({ ...command.options, help: helpOption }).map(
    ([name, { value, help }]) => [`--${name}${value === undefined ? '' : ` ${value}`}`, help] as const,
  )
  const width = Math.max(...options.map(([name]) => name.length))
  return `samtal ${command.name}${command.words === '' ? '' : ` ${command.words}`}

${command.summary}

${options.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`).join('\n')}

Example:
  ${command.example}
`
}

export function generalHelp(commands: readonly Command[]): string {
  const shown = commands.filter((command) => command.hidden !== true)
  const width = Math.max(...shown.map(({ name, words }) => name.length + words.length + 1))
  return `samtal COMMAND

${shown.map(({ name, words, summary }) => `  ${`${name} ${words}`.padEnd(width)}  ${summary.split('. ')[0]}`).join('\n')}

samtal COMMAND --help says more. Exit codes: 0 done, 1 failed, 2 used wrongly.
`
}

/** Reads the arguments of a command. Throws `Failure` with exit code 2 where they are not as its help says. */
export function readArguments(command: Command, args: readonly string[]): Given | 'help' {
  const options: ParseArgsConfig['options'] = { help: { type: 'boolean' } }
  for (const [name, { type, multiple = false }] of Object.entries(command.options)) options[name] = { type, multiple }
  const wrongly = (message: string) => new Failure(`${message}; see samtal ${command.name} --help`, { exitCode: 2 })
  let parsed: { values: Record<string, unknown>; positionals: string[] }
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw wrongly(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error))
  }
  if (parsed.values['help'] === true) return 'help'
  const words = parsed.positionals
  if (words.length < command.wordsMin || words.length > command.wordsMax) throw wrongly(`expected ${command.words || 'no words'}`)
  return {
    text: (name) => (typeof parsed.values[name] === 'string' ? parsed.values[name] : undefined),
    all: (name) => {
      const values = parsed.values[name]
      return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : []
    },
    flag: (name) => parsed.values[name] === true,
    words,
  }
}
