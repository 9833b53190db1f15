/** The log: JSON lines on standard error in production, plain warnings in the demonstration. Holds no numbers of people and no secrets. */
import pino from 'pino'
import type { Log } from '#adapters/http/deps.ts'
import { cleanFields, cleanText } from './log-words.ts'

export function productionLog(): Log {
  const logger = pino({ base: null }, pino.destination({ dest: 2, sync: true }))
  return (level, message, fields = {}) => logger[level](cleanFields(fields) as object, cleanText(message))
}

/** Nothing noisy: what somebody should see to. */
export const plainLog: Log = (level, message, fields) => {
  if (level === 'info') return
  process.stderr.write(`samtal: ${cleanText(message)}${fields === undefined ? '' : ` ${JSON.stringify(cleanFields(fields))}`}\n`)
}
