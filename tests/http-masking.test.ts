/** Numbers masked for some roles: in lists, single calls, exports, the stream and searches alike; whole for everybody else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { masked } from '#adapters/http/masking.ts'
import { Call, CallPage } from '#wire/calls.ts'
import { PersonSummary } from '#wire/persons.ts'
import { Dialled } from '#wire/requests.ts'
import { type Bed, openBed } from './http/bed.ts'
import { listen } from './http/listen.ts'

const SUPPORT = '+46846500400'
const CALLER = '+46701740671'
const MASKED = '+46•••••••71'
let bed: Bed
let callId: string
beforeAll(async () => {
  bed = await openBed({ maskedFor: ['agent', 'supervisor'] })
  await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'loggedOn' })
  bed.network.call(CALLER, SUPPORT)
  callId = (await bed.until(() => bed.engine.agent('anna')?.matter)).callId
  await bed.ask('anna', 'POST', `calls/${callId}/answer`)
  await bed.until(() => bed.engine.agent('anna')?.matter?.phase === 'talking')
  await bed.settled()
  await bed.directory.create({ name: 'Kim', company: null, numbers: [{ number: CALLER, label: null }], fields: {} }, { id: 'kim', at: 1 })
})
afterAll(() => bed.close())

test('a masked number keeps its beginning and its last two digits', () => {
  expect([masked(CALLER), masked('90510'), masked('+4612345678901')]).toEqual([MASKED, '905•10', '+46•••••••••01'])
})

describe.each(['anna', 'lena'])('%s', (who) => {
  test('sees calls with masked numbers, and our own line whole', async () => {
    const call = (await bed.ask(who, 'GET', `calls/${callId}`)).as(Call)
    expect(call).toMatchObject({ callerNumber: MASKED, from: MASKED, to: SUPPORT })
    expect(call.legs.find(({ party }) => party === 'customer')?.number).toBe(MASKED)
    for (const accept of ['application/json', 'text/csv', 'application/x-ndjson']) {
      const { text } = await bed.ask(who, 'GET', 'calls', undefined, { accept })
      expect([accept, text.includes(MASKED), text.includes(CALLER.slice(3))]).toEqual([accept, true, false])
    }
    const agents = await bed.ask(who, 'GET', 'agents')
    expect([agents.text.includes(MASKED), agents.text.includes(CALLER.slice(3))]).toEqual([true, false])
  })

  test('is told no more by the stream', async () => {
    const page = await listen(bed, who)
    await page.first(({ type }) => type === 'snapshot')
    const heard = JSON.stringify(page.heard)
    expect([heard.includes(MASKED), heard.includes(CALLER.slice(3))]).toEqual([true, false])
    page.close()
  })

  test('finds a call by the whole number, not by a part of it', async () => {
    const whole = await bed.ask(who, 'GET', `calls?number=${encodeURIComponent('070-174 06 71')}`)
    expect(whole.as(CallPage).items).toHaveLength(1)
    for (const [part, how] of [
      ['70174', 'inside'],
      ['0701', 'prefix'],
      ['671', 'suffix'],
      ['17406', ''],
    ]) {
      const answer = await bed.ask(who, 'GET', `calls?number=${part}${how === '' ? '' : `&numberMatch=${how}`}`)
      expect([part, answer.status, answer.code]).toEqual([part, 403, 'number.masked'])
    }
  })

  test('finds whom to call in the directory', async () => {
    expect((await bed.ask(who, 'GET', 'directory?q=kim')).text).toContain(CALLER)
  })
})

test('who sees no number calls again by the call, and by none that is not there to be seen', async () => {
  const dial = (to: string) => bed.ask('bo', 'POST', 'calls', { agentId: 'bo', to })
  await bed.ask('bo', 'PUT', 'agents/bo/state', { state: 'loggedOn' })
  expect((await dial(`call:${callId}`)).code).toBe('call.unknown')
  expect((await dial('call:nothing')).code).toBe('call.unknown')
  const { callId: first } = (await dial('+46730000672')).as(Dialled)
  await bed.ask('bo', 'POST', `calls/${first}/cancel`)
  await bed.until(() => bed.engine.agent('bo')?.matter === null)
  await bed.settled()
  const again = await dial(`call:${first}`)
  const { callId: second } = again.as(Dialled)
  expect(again.text).not.toContain('0000672')
  const [one, other] = [await bed.ask('admin', 'GET', `calls/${first}`), await bed.ask('admin', 'GET', `calls/${second}`)]
  expect(other.as(Call).to).toBe(one.as(Call).to)
  expect(other.as(Call).to).toBe('+46730000672')
  await bed.ask('bo', 'POST', `calls/${second}/cancel`)
})

test('an administrator sees all of it whole', async () => {
  expect((await bed.ask('admin', 'GET', `calls/${callId}`)).as(Call)).toMatchObject({ callerNumber: CALLER, from: CALLER })
  expect((await bed.ask('admin', 'GET', 'calls?number=17406')).as(CallPage).items).toHaveLength(1)
  expect((await bed.ask('admin', 'POST', 'persons/find', { number: CALLER })).as(PersonSummary).number).toBe(CALLER)
})
