/** After everything: a customer calls, waits, is seen by whoever may see him, and hangs up. */
import { callOf } from '#core/facts.ts'
import { Call } from '#wire/calls.ts'
import { AuditPage } from '#wire/users.ts'
import type { Asked } from '../http/bed.ts'
import type { Round } from './round.ts'

const SUPPORT = '+46846500400'
const CUSTOMER = '+46701740650'
const PATIENCE_MS = 10_000

const late = (what: string): Promise<string> =>
  new Promise((resolve) => {
    setTimeout(() => resolve(`${what} within ${PATIENCE_MS / 1_000} s`), PATIENCE_MS).unref()
  })

/** null: all was well. */
export async function goodCall(round: Round): Promise<string | null> {
  const { bed } = round.world
  await round.signInAgain()
  const { length: before } = bed.store.facts
  const line = bed.network.call(CUSTOMER, SUPPORT)
  if (line === undefined) return 'the customer is on the phone already'
  const newest = () => bed.store.facts.slice(before)
  const began = bed.until(() => newest().find(({ fact }) => fact.type === 'call.started' && callOf(fact) !== undefined))
  const started = await Promise.race([began, late('no call began')])
  if (typeof started === 'string') return started
  const callId = callOf(started.fact) ?? ''
  line.hangUp()
  const ended = bed.until(() => newest().find(({ fact }) => fact.type === 'call.ended' && callOf(fact) === callId))
  const over = await Promise.race([ended, late('the call did not end')])
  if (typeof over === 'string') return over
  await bed.settled()
  const live = await bed.ask(null, 'GET', '/health/ready')
  if (live.status !== 200) return `not ready: ${live.text}`
  const audit = await bed.ask(null, 'GET', 'audit?limit=200', undefined, as(round, 'admin'))
  if (isShown(audit) && audit.as(AuditPage).items.length === 0) return 'nothing was audited'
  const shown = await bed.ask(null, 'GET', `calls/${callId}`, undefined, as(round, 'lena'))
  return isShown(shown) && shown.as(Call).id !== callId ? `another call is shown: ${shown.text}` : null
}

const as = ({ askers }: Round, name: string): Record<string, string> => ({ ...askers.find((asker) => asker.name === name)?.headers })

/** An administrator has been asked to take rights away, too. */
const isShown = ({ status }: Asked): boolean => status !== 401 && status !== 403 && status !== 404
