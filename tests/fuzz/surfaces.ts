/** Every surface beside the API, by the name it is asked for. */
import { readdirSync, readFileSync } from 'node:fs'
import { readPlaces } from '#app/solution/places.ts'
import {
  directoryReader,
  eventsReader,
  legLogReader,
  listReader,
  numbersReader,
  type Reader,
  scenarioReader,
  solutionReader,
} from './readers.ts'

const root = new URL('../../', import.meta.url)
/** With comments, as people write them. */
const jsonIn = (file: URL): unknown => readPlaces(readFileSync(file, 'utf8')).value

const scenarios = readdirSync(new URL('scenarios/', root))
  .filter((file) => file.endsWith('.json'))
  .slice(0, 30)
  .map((file) => jsonIn(new URL(`scenarios/${file}`, root)))

const solutions = readdirSync(new URL('demo/', root))
  .filter((file) => /^solution.*\.jsonc?$/.test(file))
  .map((file) => jsonIn(new URL(`demo/${file}`, root)))

export const surfaces: Readonly<Record<string, Reader>> = {
  lists: listReader,
  numbers: numbersReader,
  directory: directoryReader,
  solution: solutionReader(solutions),
  scenario: scenarioReader(scenarios),
  events: eventsReader,
  legLog: legLogReader,
}
