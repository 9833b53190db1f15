/** Every file of `scenarios/` is played, and the archive must tell of it what the file says, to the millisecond. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { playScenario, readScenario, type ScenarioRead } from '#app/play.ts'

const folder = path.resolve(import.meta.dirname, '../scenarios')
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))

function read(file: string): ScenarioRead {
  const scenario = readScenario(readFileSync(path.join(folder, file), 'utf8'))
  if ('errors' in scenario) throw new Error(`${file}: ${JSON.stringify(scenario.errors)}`)
  return scenario
}

const numbered = (letter: string, last: number): readonly string[] => Array.from({ length: last }, (_, index) => `${letter}${index + 1}`)

describe('the scenario files', () => {
  it('hold the cases of the specification and more', () => {
    const names = files.map((file) => file.replace('.json', ''))
    const lettered = [...numbered('A', 8), ...numbered('B', 7), ...numbered('C', 2), ...numbered('D', 10), 'E1', ...numbered('F', 14)]
    expect(names).toEqual(expect.arrayContaining(lettered))
    expect(names.length).toBeGreaterThanOrEqual(lettered.length + 12)
  })

  it.each(files)('%s', async (file) => {
    const one = read(file)
    expect(one.scenario.why ?? '').not.toBe('')
    expect(one.scenario.expect?.calls.length ?? 0).toBeGreaterThan(0)
    const said: string[] = []
    const played = await playScenario(one, (line) => said.push(line))
    expect([...played.differences, ...said]).toEqual([])
  })
})

it('a supervisor’s deed about one of several callbacks of a number is left undone, and the story says so', async () => {
  const orders = ['Eva', 'Kim'].map((name) => ({ at: 0, queue: 'support', name }))
  const scenario = readScenario(
    JSON.stringify({
      name: 'x',
      settings: { switchboards: ['+46846500490'], queues: { support: { callback: {} } } },
      people: { '+46846500490': { orders } },
      supervisors: { sam: { does: [{ at: 10, do: 'deleteCallback', number: '+46846500490' }] } },
      expect: { calls: [] },
    }),
  )
  if ('errors' in scenario) throw new Error(JSON.stringify(scenario.errors))
  const said: string[] = []
  const played = await playScenario(scenario, (line) => said.push(line))
  expect([...played.differences, ...said]).toContainEqual(
    expect.stringContaining('has 2 callbacks waiting, and which is meant cannot be told'),
  )
})

describe('a scenario file with an error', () => {
  const faults = (text: string): readonly string[] => {
    const scenario = readScenario(text)
    return 'errors' in scenario ? scenario.errors.map((error) => `${error.line}:${error.column} ${error.field}: ${error.message}`) : []
  }

  it('names line and field', () => {
    expect(faults('{ "name": "x",\n  "settings": {},\n  "people": { "+46701234567": { "whenCalled": [ { "rigns": 5 } ] } } }')).toEqual([
      '3:51 people.+46701234567.whenCalled.0.rigns: "rigns" is not known here',
    ])
    expect(faults('{ "name": "x",\n  "settings": {\n    "queues": { "support": { "ringAgentSeconds": "long" } } } }')).toEqual([
      expect.stringMatching(/^3:\d+ settings\.queues\.support\.ringAgentSeconds: should be a number/),
    ])
  })

  it('says where it is no JSON', () => {
    expect(faults('{ "name": "x",\n  "settings" {} }')).toEqual([expect.stringMatching(/^2:/)])
  })

  it('knows a number that is not ours, a queue or trunk that is not there, and a press without a time', () => {
    const text = `{ "name": "x", "settings": { "numbers": { "+46850000000": { "hangUp": true } } },
      "people": { "+46701234567": {
        "calls": [ { "at": 0, "to": "+46850000009", "presses": [ { "digits": "1" } ] } ],
        "orders": [ { "at": 0, "queue": "support" } ] } },
      "network": [ { "at": 0, "for": 5, "fault": "trunkDown", "trunk": "main" },
        { "at": 0, "for": 5, "fault": "trunkDown", "trunk": "spare" } ] }`
    expect(faults(text)).toEqual([
      expect.stringMatching(/^3:\d+ people\.\+46701234567\.calls\.0\.to: /),
      expect.stringMatching(/^3:\d+ people\.\+46701234567\.calls\.0\.presses\.0: exactly one/),
      expect.stringMatching(/^4:\d+ people\.\+46701234567\.orders\.0\.queue: /),
      expect.stringMatching(/^6:\d+ network\.1\.trunk: no trunk spare/),
    ])
  })

  it('knows what an agent’s deed needs, who is there, and calls no emergency number', () => {
    const one = (deed: string): readonly string[] =>
      faults(`{ "name": "x", "settings": {}, "agents": { "anna": { "does": [ ${deed} ] } } }`).map((line) => line.replace(/^\S+ \S+ /, ''))
    expect(one('{ "at": 0, "do": "dial" }')).toEqual(['dial says to whom'])
    expect(one('{ "at": 0, "do": "dial", "to": "112" }')).toEqual(['a scenario never calls an emergency number'])
    expect(one('{ "at": 0, "do": "dial", "to": "112", "refused": "number.emergency" }')).toEqual([
      'a scenario never calls an emergency number',
    ])
    expect(one('{ "at": 0, "do": "dial", "to": "agent:bo" }')).toEqual(['no agent bo is in the settings'])
    expect(one('{ "at": 0, "do": "dial", "to": "agent:bo", "refused": "callee.unknown" }')).toEqual([])
    expect(one('{ "at": 0, "do": "cancel", "to": "+46701234567" }')).toEqual(['to goes with dial, consult, transfer'])
    expect(one('{ "at": 0, "do": "dial", "to": "+46701234567" }')).toEqual([])
  })

  it('lets nobody do two things when called, nor talk without an answer', () => {
    const one = (reaction: string): string => `{ "name": "x", "settings": {}, "agents": { "anna": { "whenCalled": [ ${reaction} ] } } }`
    expect(faults(one('{ "rings": 5, "busyAfter": 1 }'))).toHaveLength(1)
    expect(faults(one('{ "rings": 5, "talks": 1 }'))).toHaveLength(1)
    expect(faults(one('{ "talks": 1 }'))).toHaveLength(1)
    expect(faults(one('{ "voicemailAfter": 5, "talks": 1 }'))).toEqual([])
  })
})
