/** The log: JSON lines on standard error in production, plain warnings in the demonstration. Holds no numbers of people. */
import pino from 'pino'
import type { Log } from '#adapters/http/deps.ts'

export function productionLog(): Log {
  const logger = pino({ base: null }, pino.destination({ dest: 2, sync: true }))
  return (level, message, fields = {}) => logger[level](fields, message)
}

/** Nothing noisy: what somebody should see to. */
export const plainLog: Log = (level, message, fields) => {
  if (level !== 'info') process.stderr.write(`samtal: ${message}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}\n`)
}
