/**
 * Steps of the gates: each a program of its own, run a few at a time, its output kept and shown only where it failed.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { stripVTControlCharacters } from 'node:util'

export const root = path.resolve(import.meta.dirname, '..')

export interface Step {
  readonly name: string
  /** A program of `node_modules/.bin`, or `node`, and what it is given. */
  readonly command: readonly [string, ...string[]]
  /** Steps that write vitest's JSON report to this file are counted test by test; others count as one. */
  readonly report?: string
  /** Shows the output while it runs, for what takes minutes. */
  readonly loud?: boolean
}

export interface Count {
  readonly passed: number
  readonly failed: number
  /** What failed and the first line of why, to be found in a record that keeps only the end. */
  readonly failures: readonly string[]
  /** Full names, with the file. */
  readonly skipped: readonly string[]
}

export interface Outcome {
  readonly step: Step
  readonly ok: boolean
  readonly ms: number
  readonly output: string
  readonly count: Count
}

/** Longest a step may take before it is ended as failed: three times what it ever took. */
const STEP_MS_MAX = 40 * 60_000

const env = { ...process.env, PATH: `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env['PATH'] ?? ''}` }

/** Vitest on one of its projects; the report goes to a folder of `scratch`. */
export const vitest = (project: string, folder: string, options: { readonly loud?: boolean } = {}): Step => {
  const report = path.join(folder, `${project}.json`)
  return {
    name: `tests: ${project}`,
    command: ['vitest', 'run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    report,
    ...options,
  }
}

/** A folder for reports, gone when `use` is done. */
export async function scratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'samtal-check-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    /** Why the file could not be read. */
    readonly message?: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages?: readonly string[] | null
    }[]
  }[]
}

/** The first line that says something. */
const firstLine = (text: string | undefined): string =>
  stripVTControlCharacters(text ?? '')
    .split('\n')
    .find((line) => /\w/.test(line))
    ?.trim() ?? 'no reason given'

/** Counts a report of vitest. A file that could not even be read counts as one failure. */
export function counted(report: Report): Count {
  const files = report.testResults.map((file) => ({ ...file, path: path.relative(root, file.name) }))
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, name: `${file.path}: ${test.fullName}` })))
  const broken = tests.filter((test) => test.status === 'failed')
  const unread = files.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'))
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: broken.length + unread.length,
    failures: [
      ...broken.map(({ name, failureMessages }) => `${name}: ${firstLine(failureMessages?.[0])}`),
      ...unread.map((file) => `${file.path}: ${firstLine(file.message)}`),
    ],
    skipped: tests.filter((test) => test.status !== 'passed' && test.status !== 'failed').map((test) => test.name),
  }
}

/** What a step counts for. One that failed counts as failed at least once, whatever its report says; one without a test ran nothing. */
function count(step: Step, ok: boolean, output: string): Count {
  const whole = { passed: 0, failed: 1, failures: [`${step.name}: ${firstLine(output)}`], skipped: [] }
  if (step.report === undefined) return ok ? { passed: 1, failed: 0, failures: [], skipped: [] } : whole
  let found: Count
  try {
    found = counted(JSON.parse(readFileSync(step.report, 'utf8')))
  } catch (error) {
    return { ...whole, failures: [`${step.name}: no report (${error instanceof Error ? error.message : error})`] }
  }
  if (ok || found.failed > 0) return found
  const said = output.split('\n').find((line) => /^\W*\w*Error\b/.test(stripVTControlCharacters(line)))
  return { ...found, failed: 1, failures: [`${step.name}: no test failed, but it ended badly: ${firstLine(said)}`] }
}

export function run(step: Step): Promise<Outcome> {
  const startedAt = performance.now()
  const [program, ...args] = step.command
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env, timeout: STEP_MS_MAX, killSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'pipe'] })
    const pieces: Buffer[] = []
    const keep = (piece: Buffer): void => {
      pieces.push(piece)
      if (step.loud) process.stdout.write(piece)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const finish = (ok: boolean): void => {
      const output = Buffer.concat(pieces).toString()
      resolve({ step, ok, ms: performance.now() - startedAt, output, count: count(step, ok, output) })
    }
    child.on('error', (error) => {
      pieces.push(Buffer.from(`${program}: ${error.message}\n`))
      finish(false)
    })
    child.on('close', (code) => finish(code === 0))
  })
}

/** Runs all, `width` at a time, in the order given; the outcomes come back in that order. */
export async function runAll(steps: readonly Step[], width: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < steps.length) {
      const index = next++
      const step = steps[index]
      if (step) outcomes[index] = await run(step)
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  return outcomes
}

/** A line per step, and the whole output of those that failed. */
export function show(outcomes: readonly Outcome[]): void {
  for (const { step, ok, output } of outcomes) if (!ok && !step.loud) console.log(`\n── ${step.name} ──\n${output.trimEnd()}`)
  const width = Math.max(...outcomes.map(({ step }) => step.name.length))
  console.log()
  for (const { step, ok, ms, count } of outcomes) {
    const tests = step.report === undefined ? '' : `  ${count.passed} passed, ${count.failed} failed, ${count.skipped.length} skipped`
    console.log(`${ok ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(width)}  ${(ms / 1000).toFixed(1).padStart(6)} s${tests}`)
  }
}

export const sum = (outcomes: readonly Outcome[]): Count => ({
  passed: outcomes.reduce((all, { count }) => all + count.passed, 0),
  failed: outcomes.reduce((all, { count }) => all + count.failed, 0),
  failures: outcomes.flatMap(({ count }) => count.failures),
  skipped: outcomes.flatMap(({ count }) => count.skipped),
})
