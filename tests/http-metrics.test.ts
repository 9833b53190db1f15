/** Calls that were not let in are counted for whoever looks at the figures, by why. */
import { expect, test } from 'vitest'
import { openBed } from './http/bed.ts'

test('a call over the limit counts as refused for being too many, and not for the journal', async () => {
  const bed = await openBed({ limits: { liveCallsMax: 1 } })
  try {
    const refused = async () =>
      (await bed.ask(null, 'GET', '/metrics')).text.split('\n').filter((line) => line.startsWith('samtal_calls_refused_total{'))
    await bed.ask('anna', 'PUT', 'agents/anna/state', { state: 'loggedOn' })
    bed.network.call('+46701740621', '+46846500400')
    await bed.until(() => bed.engine.agent('anna')?.matter)
    expect(await refused()).toEqual(['samtal_calls_refused_total{reason="overload"} 0', 'samtal_calls_refused_total{reason="unwritten"} 0'])
    for (const last of [2, 3]) bed.network.call(`+4670174062${last}`, '+46846500400')
    await bed.settled()
    await expect
      .poll(refused)
      .toEqual(['samtal_calls_refused_total{reason="overload"} 2', 'samtal_calls_refused_total{reason="unwritten"} 0'])
    expect(bed.many('call.started')).toBe(1)
  } finally {
    await bed.close()
  }
})
