import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { readSolution } from './solution.ts'

const personOf = (number: string) => `line-${number.slice(-2)}`
const read = (text: string, more: object = {}) => readSolution(text, { personOf, ...more })
const errors = (text: string, more: object = {}) => {
  const result = read(text, more)
  return 'errors' in result ? result.errors : []
}
const solution = (text: string, more: object = {}) => {
  const result = read(text, more)
  if ('errors' in result) throw new Error(JSON.stringify(result.errors))
  return result
}

describe('a small file, with every default filled in', () => {
  const {
    solution: s,
    lines,
    hours,
  } = solution(`{
    // comments are allowed
    "name": "Ateljén",
    "numbers": { "+46846500400": { "menu": "main" } },
    "menus": { "main": { "prompt": "welcome", "choices": { "1": { "queue": "support" } } } },
    "hours": { "office": { "mon-fri": ["08:00-17:00"] } },
    "queues": { "support": { "hours": "office", "wrapUpSeconds": 2.5, "callback": { "attempts": 3 } } },
    "agents": { "anna": { "skills": { "swedish": 2 } } },
    "prompts": { "callback.ordered": 0 },
  }`)
  test('seconds in the file are milliseconds inside', () => expect(s.queues['support']?.wrapUpMs).toBe(2500))
  test('what is left out has the value the specification names', () => {
    expect(s.queues['support']?.callback).toMatchObject({
      attemptsMax: 3,
      pauseMs: 30_000,
      ringMs: 30_000,
      giveUp: 'nextDay',
      webOrderMs: 259_200_000,
    })
    expect(s.queues['support']).toMatchObject({ handlingMs: 180_000, hours: 'office', waitMsMax: null })
    expect(s).toMatchObject({
      zone: 'Europe/Stockholm',
      country: 'SE',
      callsPerSecondMax: 40,
      offersMissedMax: 3,
      notPlayed: ['callback.ordered'],
    })
    expect(s.outbound).toMatchObject({ ringMs: 30_000, liveMax: 100, liveMaxPerAgent: 10, perNumberADay: 20, emergencyCalls: true })
  })
  test('calls are kept for a year, contacts of an ended campaign for three months, the audit log for two years', () => {
    expect(s.retention).toEqual({ callsMonths: 12, contactsMonths: 3, auditMonths: 24 })
    expect(s.queues['support']?.retentionMonths).toBeNull()
    const own = '"retention": { "callsMonths": 6, "contactsOfEndedCampaignMonths": 1, "auditMonths": 36 }'
    const { retention, queues } = solution(`{ "name": "x", "numbers": {}, ${own}, "queues": { "q": { "retentionMonths": 36 } } }`).solution
    expect([retention, queues['q']?.retentionMonths]).toEqual([{ callsMonths: 6, contactsMonths: 1, auditMonths: 36 }, 36])
  })
  test('an agent’s place is one of our numbers', () => {
    const file = (place: string): string =>
      `{ "name": "x", "numbers": { "+46846500401": { "hangUp": true } }, "agents": { "bo": { "emergencyCallerId": "${place}" } } }`
    expect(solution(file('+46846500401')).solution.agents['bo']?.emergencyCallerId).toBe('line-01')
    expect(errors(file('+46846500402'))).toMatchObject([{ field: 'agents.bo.emergencyCallerId', message: 'is not among our numbers' }])
  })
  test('limits that are set hold instead', () => {
    const limits = '"limits": { "outboundLiveMax": 7, "outboundLiveMaxPerAgent": 2, "callsToOneNumberADay": 3 }'
    const own = '"outbound": { "ringSeconds": 20, "emergencyCalls": "off" }'
    const { outbound } = solution(`{ "name": "x", "numbers": {}, ${limits}, ${own} }`).solution
    expect(outbound).toMatchObject({ ringMs: 20_000, liveMax: 7, liveMaxPerAgent: 2, perNumberADay: 3, emergencyCalls: false })
  })
  test('a number is a person id, and nothing but the list of lines says which number it is', () => {
    expect(lines).toEqual([{ personId: 'line-00', number: '+46846500400', name: 'Ateljén' }])
    expect(s.lines['line-00']).toMatchObject({ target: { menu: 'main' }, language: 'sv' })
  })
  test('an agent without a phone has one in the browser', () => {
    expect(s.agents['anna']).toEqual({
      id: 'anna',
      name: 'anna',
      skills: { swedish: 2 },
      profile: null,
      phone: { kind: 'desk', account: 'anna' },
      wrapUpMs: 0,
    })
  })
  test('a menu without a name is called by its id', () => {
    expect(s.menus['main']?.name).toBe('main')
    const named = '{ "name": "x", "numbers": {}, "menus": { "main": { "name": "Huvudmeny", "prompt": "p", "choices": {} } } }'
    expect(solution(named).solution.menus['main']?.name).toBe('Huvudmeny')
  })
  test('a number marked as a switchboard is read as one, no other is', () => {
    const { numbers } = solution('{ "name": "x", "numbers": {}, "switchboards": ["+46846500490"] }')
    expect(['08-465 004 90', '08-465 004 91'].map((number) => numbers.read(number).switchboard)).toEqual([true, undefined])
  })
  test('hours are handed on as written', () => expect(hours['office']).toEqual({ 'mon-fri': ['08:00-17:00'] }))
})

describe('the settings of a scenario', () => {
  const scenario = '{ "name": "x",\n "settings": { "queues": { "support": {} } },\n "agents": {} }'
  test('need nothing, and agents may be added', () => {
    expect(Object.keys(solution(scenario, { under: ['settings'], agents: ['anna'] }).solution.agents)).toEqual(['anna'])
    expect(solution('{}', { under: ['settings'] }).solution.queues).toEqual({})
  })
  test('an error has its place in the whole file', () => {
    expect(
      errors('{\n "settings": {\n  "queues": { "support": { "callback": { "ringSeconds": 3 } } } } }', { under: ['settings'] }),
    ).toEqual([{ line: 3, column: 57, field: 'settings.queues.support.callback.ringSeconds', message: 'should be 15 or more' }])
  })
})

const file = (rest: string) => `{ "name": "x", "numbers": {},\n${rest} }`
const one = (rest: string, more: object = {}) => {
  const [error] = errors(file(rest), more)
  return error === undefined ? undefined : [error.line, error.field, error.message]
}

describe('what is wrong is told by line and field', () => {
  test.each<[string, [number, string, string]]>([
    ['"queues": { "a b": {} }', [2, 'queues.a b', '"a b" is not known here']],
    ['"queues": {},\n"queus": {}', [3, 'queus', '"queus" is not known here']],
    ['"queues": { "q": {} }, "menus": { "m": { "prompt": "welcome" } }', [2, 'menus.m.choices', '"choices" is missing']],
    ['"queues": { "q": { "slaSeconds": "soon" } }', [2, 'queues.q.slaSeconds', 'should be a number']],
    ['"queues": { "q": { "callback": { "ringSeconds": 14 } } }', [2, 'queues.q.callback.ringSeconds', 'should be 15 or more']],
    ['"queues": { "q": { "callback": { "attempts": 4 } } }', [2, 'queues.q.callback.attempts', 'should be 3 or less']],
    ['"queues": { "q": { "callback": { "attempts": 0 } } }', [2, 'queues.q.callback.attempts', 'should be 1 or more']],
    ['"queues": { "q": { "hours": "office" } }', [2, 'queues.q.hours', 'there are no hours "office"']],
    ['"queues": { "q": {},\n"q": {} }', [3, 'queues.q', 'this name stands here twice']],
    ['"queues": { "q": { "exits": { "full": { "queue": "r" } } } }', [2, 'queues.q.exits.full.queue', 'there is no queue "r"']],
    [
      '"queues": { "q": { "exits": { "full": { "queue": "r" } } },\n"r": { "exits": { "noAgents": { "queue": "q" } } } }',
      [2, 'queues.q.exits.full', 'leads back to queue "q" without ever waiting'],
    ],
    ['"menus": { "m": { "prompt": "p", "choices": { "1": { "menu": "n" } } } }', [2, 'menus.m.choices.1.menu', 'there is no menu "n"']],
    [
      '"queues": { "q": {} }, "menus": { "m": { "prompt": "p", "choices": { "1": { "queue": "q", "hangUp": true } } } }',
      [2, 'menus.m.choices.1', 'should lead to exactly one of menu, queue, hours, message, hangUp, not to queue and hangUp'],
    ],
    [
      '"hours": { "o": { "mon": ["17:00-08:00"] } }',
      [2, 'hours.o.mon.0', 'should end after it begins; past midnight is written as two days'],
    ],
    ['"hours": { "o": { "holidays": { "2026-02-30": [] } } }', [2, 'hours.o.holidays.2026-02-30', 'is no date']],
    ['"zone": "Europe/Stokholm"', [2, 'zone', '"Europe/Stokholm" is no time zone']],
    ['"agents": { "a": { "queues": ["q"] } }', [2, 'agents.a.queues.0', 'there is no queue "q"']],
    ['"agents": { "a": { "phone": { "number": "112" } } }', [2, 'agents.a.phone.number', 'is an emergency number']],
    ['"queues": { "q": { "callback": { "callerId": "+46846500400" } } }', [2, 'queues.q.callback.callerId', 'is not among our numbers']],
    ['"queues": { "q": { "skill": "x" } }, "agents": { "a": { "skills": {} } }', [2, 'queues.q.skill', 'no agent has the skill "x"']],
    ['"switchboards": ["+46112"]', [2, 'switchboards.0', 'is an emergency number']],
    ['"switchboards": ["+461234567"]', [2, 'switchboards.0', 'is no telephone number']],
    ['"switchboards": ["+460846500490"]', [2, 'switchboards.0', 'should be written +46846500490']],
    ['"switchboards": ["1177"], "limits": { "shortNumbers": ["1177"] }', [2, 'switchboards.0', 'is no telephone number']],
    ['"switchboards": ["08-46500490"]', [2, 'switchboards.0', 'should be written +46846500490']],
    ['"switchboards": ["+46846500490",\n"+46846500490"]', [3, 'switchboards.1', 'stands here twice']],
    ['"menus": { "m": { "name": "", "prompt": "p", "choices": {} } }', [2, 'menus.m.name', 'should not be empty']],
    ['"retention": { "callsMonths": 0 }', [2, 'retention.callsMonths', 'should be 1 or more']],
    ['"retention": { "callsMonths": -1 }', [2, 'retention.callsMonths', 'should be 1 or more']],
    ['"retention": { "callsMonths": 1.5 }', [2, 'retention.callsMonths', 'should be a whole number']],
    ['"retention": { "callsMonths": "ever" }', [2, 'retention.callsMonths', 'should be a whole number']],
    ['"retention": { "auditMonths": 121 }', [2, 'retention.auditMonths', 'should be 120 or less']],
    ['"retention": { "contactsOfEndedCampaignMonths": 0 }', [2, 'retention.contactsOfEndedCampaignMonths', 'should be 1 or more']],
    ['"retention": { "calls": 12 }', [2, 'retention.calls', '"calls" is not known here']],
    ['"queues": { "q": { "retentionMonths": 0 } }', [2, 'queues.q.retentionMonths', 'should be 1 or more']],
    [
      '"retention": { "auditMonths": 11 }',
      [2, 'retention.auditMonths', 'is shorter than calls are kept (12 months): the audit log outlives the calls'],
    ],
    [
      '"retention": { "callsMonths": 36 }',
      [
        2,
        'retention.callsMonths',
        'is longer than the audit log is kept, which outlives the calls: set retention.auditMonths to 36 or more',
      ],
    ],
    [
      '"retention": { "auditMonths": 24 },\n"queues": { "q": { "retentionMonths": 36 } }',
      [2, 'retention.auditMonths', 'is shorter than calls are kept (36 months): the audit log outlives the calls'],
    ],
    [
      '"queues": { "q": { "retentionMonths": 36 } }',
      [
        2,
        'queues.q.retentionMonths',
        'is longer than the audit log is kept, which outlives the calls: set retention.auditMonths to 36 or more',
      ],
    ],
    [
      '"retention": { "callsMonths": 1 },\n"queues": { "q": { "callback": { "webOrderHours": 720 } } }',
      [
        2,
        'retention.callsMonths',
        'is shorter than a callback in queue "q" may be promised for (720 hours): a promise is kept with its call',
      ],
    ],
    [
      '"queues": { "q": { "callback": { "webOrderHours": 720 },\n"retentionMonths": 1 } }',
      [
        3,
        'queues.q.retentionMonths',
        'is shorter than a callback in queue "q" may be promised for (720 hours): a promise is kept with its call',
      ],
    ],
    ['"queues": {', [2, '', 'a closing brace } is missing']],
  ])('%s', (rest, expected) => expect(one(rest)).toEqual(expected))

  test('a prompt that is neither recorded nor given a length', () => {
    const menu = '"menus": { "m": { "prompt": "velcome", "choices": {} } }'
    expect(one(menu, { prompts: ['welcome'] })).toEqual([2, 'menus.m.prompt', 'there is no prompt "velcome"'])
    expect(one(`${menu}, "prompts": { "velcome": 3 }`, { prompts: ['welcome'] })).toBeUndefined()
  })
  test('a number of ours that is an emergency number', () => {
    expect(errors('{ "name": "x",\n"numbers": { "+46112": { "hangUp": true } } }')[0]).toEqual({
      line: 2,
      column: 14,
      field: 'numbers.+46112',
      message: 'is an emergency number',
    })
  })
  test('a switchboard that is a number of our own', () => {
    expect(errors('{ "name": "x",\n"numbers": { "+46846500400": { "hangUp": true } },\n"switchboards": ["+46846500400"] }')[0]).toEqual({
      line: 3,
      column: 18,
      field: 'switchboards.0',
      message: 'is a number of our own',
    })
  })
  test('a file nested without end is refused before it is walked', () => {
    expect(errors('['.repeat(100_000))[0]?.message).toBe('nested more than 64 deep')
  })
  test.each(['', '7', '[]', 'null', '"x"', '{', '{"name":'])('%s is refused', (text) => expect(errors(text)).not.toEqual([]))
})

test('the demonstration is such a file: three queues, callbacks of three attempts, eight agents, and eight who call for campaigns', async () => {
  const text = await readFile(new URL('../../demo/solution.json', import.meta.url), 'utf8')
  const manifest = JSON.parse(await readFile(new URL('../../prompts/manifest.json', import.meta.url), 'utf8'))
  const { solution: demo, lines } = solution(text, { prompts: Object.keys(manifest.sv) })
  expect(Object.keys(demo.queues)).toEqual(['support', 'sales', 'billing'])
  expect(Object.values(demo.queues).map((queue) => queue.callback?.attemptsMax)).toEqual([3, 3, 3])
  const campaigns = Object.values(demo.agents).filter(({ profile }) => profile?.length === 0)
  expect([Object.keys(demo.agents).length, campaigns.length]).toEqual([16, 8])
  expect(lines.map((line) => line.number)).toEqual(['+46846500400', '+46846500401', '+46846500402'])
})
