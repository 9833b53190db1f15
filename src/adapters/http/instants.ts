/** What an instant of a request may be. */
import type { FastifyServerOptions } from 'fastify'

type Ajv = Parameters<NonNullable<NonNullable<FastifyServerOptions['ajv']>['onCreate']>>[0]

/**
 * RFC 3339 knows leap seconds (`23:59:60Z`), which no clock of ours has: read, they are no instant at all. So `date-time` is what is written
 * so and can be read, in every body and query alike.
 */
export function holdToInstants(ajv: Ajv): void {
  const known = ajv.formats['date-time']
  const isWritten = typeof known === 'object' && 'validate' in known ? known.validate : undefined
  if (typeof isWritten !== 'function') throw new Error('the format date-time is not known')
  ajv.addFormat('date-time', (text: string) => (isWritten as (text: string) => unknown)(text) === true && Number.isFinite(Date.parse(text)))
}
