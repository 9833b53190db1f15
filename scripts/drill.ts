/**
 * `npm run drill`: what is too long for `npm test`. Kills the engine amid calls on a real Asterisk, and holds what came of it against
 * the logs of the network; kills Asterisk itself; offers more calls than may be. Ends with 1 where anything was lost.
 *
 *     npm run drill -- --kills 25 --seed 1
 *     npm run drill -- --only overload
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { drill, drillSwitch, table } from '../tests/drill/drill.ts'
import { type OverloadPlan, overload, shown } from '../tests/drill/overload.ts'

const PARTS = ['kills', 'switch', 'overload'] as const
const USAGE = `Usage: npm run drill                           all of it
       npm run drill -- --only kills --kills 25 --seed 1   so many kills; the seed decides at which instants
       npm run drill -- --only switch                      Asterisk itself killed, three times
       npm run drill -- --only overload                    three times 40 calls a second for a minute, beside 50 conversations
`
const OVERLOAD: OverloadPlan = { callsPerSecondMax: 40, seconds: 60, conversations: 50 }
const SWITCH_KILLS = 3
const MENU_MS_MAX = 1_000
const LOST_SHARE_MAX = 0.01

const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function kills(count: number, seed: string): Promise<boolean> {
  const drilled = await drill({ kills: count, seed }, say)
  say(`\n${table(drilled)}`)
  return drilled.faults.length === 0
}

async function switchKilled(): Promise<boolean> {
  const { faults } = await drillSwitch(SWITCH_KILLS, say)
  for (const fault of faults) say(`FAULT: ${fault}`)
  return faults.length === 0
}

async function tooMany(): Promise<boolean> {
  const found = await overload(OVERLOAD, say)
  say(shown(found))
  const { otherwise, talking, counted, refused, heardNothing, menuMsP95, packetsLostShare } = found
  const isWhole = otherwise === 0 && talking === OVERLOAD.conversations && counted === refused && heardNothing === 0
  return isWhole && menuMsP95 < MENU_MS_MAX && packetsLostShare < LOST_SHARE_MAX
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '25' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true },
      help: { type: 'boolean' },
    },
  })
  const count = Number(values.kills)
  const parts = values.only ?? PARTS
  const isKnown = parts.every((part) => (PARTS as readonly string[]).includes(part))
  if (values.help === true || !isKnown || !(Number.isInteger(count) && count > 0)) {
    process.stdout.write(USAGE)
    return values.help === true ? 0 : 2
  }
  const missed: string[] = []
  if (parts.includes('kills') && !(await kills(count, values.seed))) missed.push('kills')
  if (parts.includes('switch') && !(await switchKilled())) missed.push('switch')
  if (parts.includes('overload') && !(await tooMany())) missed.push('overload')
  say(missed.length === 0 ? 'nothing lost' : `NOT MET: ${missed.join(', ')}`)
  return missed.length === 0 ? 0 : 1
}

process.exitCode = await main()
process.exit()
