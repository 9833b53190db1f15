/**
 * What no file of a room may say: core's ban on time, chance and waiting; the length of a file; and the names of the machine it was
 * written on.
 */
import path from 'node:path'

/** The text with comments and the contents of strings blanked out, so that only code is left. Lines stay where they were. */
export function codeOf(text: string): string {
  const blank = (piece: string): string => piece.replace(/[^\n]/g, ' ')
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[=(,:[!&|?{};]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/[a-z]*/g,
    // A template keeps what it computes: `${…}` is code.
    (piece) => (piece.startsWith('`') ? piece.replace(/(^`|\})[^`]*?(?=\$\{|`$)/g, blank) : blank(piece)),
  )
}

const BANNED: Readonly<Record<string, RegExp>> = {
  Date: /(?<![.\w$])Date\b(?!\s*\??:)/,
  crypto: /(?<![.\w$])crypto\b(?!\s*\??:)/,
  'Math.random': /\bMath\s*\.\s*random\b/,
  async: /(?<![.\w$])async\b(?!\s*\??:)/,
  await: /(?<![.\w$])await\b/,
  Promise: /(?<![.\w$])Promise\b/,
  timers: /(?<![.\w$])(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/,
  process: /(?<![.\w$])process\b(?!\s*\??:)/,
  fetch: /(?<![.\w$])fetch\b(?!\s*\??:)/,
  console: /(?<![.\w$])console\b(?!\s*\??:)/,
  performance: /(?<![.\w$])performance\b(?!\s*\??:)/,
  globalThis: /\bglobalThis\b/,
  'the machine’s locale': /\bIntl\b|\.toLocale\w*\(|\.localeCompare\(/,
}

/** What of the outside world a file of core reaches for: time, ids and chance are fields of an input there. */
export function bannedInCore(file: string, text: string): readonly string[] {
  if (!file.startsWith('src/core/') || file.endsWith('.test.ts')) return []
  return codeOf(text)
    .split('\n')
    .flatMap((line, index) =>
      Object.entries(BANNED).flatMap(([name, pattern]) => (pattern.test(line) ? [`${file}:${index + 1}: core knows no ${name}`] : [])),
    )
}

export const LINES_MAX = 400

const MEASURED = /\.(?:tsx?|mjs|css|sh)$/

export function tooLong(file: string, text: string): readonly string[] {
  const lines = text.split('\n').length - 1
  return MEASURED.test(file) && lines > LINES_MAX ? [`${file}: ${lines} lines, at most ${LINES_MAX}; what could be read alone?`] : []
}

/** Folders that exist on one machine only. */
const MACHINE = /(?<![\w.~$}/-])\/(?:home|Users|root|work|workspace|mnt)\/[\w.-]+/
const UPWARD = /(?<![\w./])(?:\.\.\/)+[\w@][\w./-]*/g
/** Files whose relative paths start elsewhere than where they stand. */
const BASES: Readonly<Record<string, string>> = { 'vite.config.ts': 'web' }
/** Hosts that are nobody's but one company's. */
const HOST = /\b[\w-]*(?:artifactory|registry|proxy|mirror)[\w-]*(?:\.[\w-]+)+\.(?:internal|local|corp|lan)\b/i

/** Sentences about words that only mean something on the machine the file was written on, or that lead out of the project. */
export function foreignWords(file: string, text: string): readonly string[] {
  return text.split('\n').flatMap((line, index) => {
    const place = `${file}:${index + 1}`
    const found: string[] = []
    const machine = MACHINE.exec(line)
    if (machine) found.push(`${place}: ${machine[0]} is a path of one machine`)
    const host = HOST.exec(line)
    if (host) found.push(`${place}: ${host[0]} is a host of one network`)
    for (const [upward] of line.matchAll(UPWARD)) {
      if (path.posix.join(BASES[file] ?? path.posix.dirname(file), upward).startsWith('..'))
        found.push(`${place}: ${upward} leads out of the project`)
    }
    return found
  })
}
