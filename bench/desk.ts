/**
 * The desk on a real Asterisk, in Chromium, with sipp as the telephone network: from the click on Call to the destination's INVITE, from
 * the destination's answer to who talks with whom, from a change in the engine to the page, and how large the first load is. Each
 * call is dialled in the outbound tab, answered outside, and hung up there. Everything is on one machine, by one clock.
 *
 *     npm run bench -- --only desk
 *     node bench/desk.ts --calls 5 --runs 1
 */
import { execFileSync } from 'node:child_process'
import { loadavg } from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import type { Call } from '#wire/calls.ts'
import { asteriskBinary, chromiumBinary, sippBinary } from '../scripts/fetch-tools.ts'
import { type Centre, type Desk, openCentre } from '../tests/asterisk/centre.ts'
import { until } from '../tests/asterisk/until.ts'
import { pageWatch, type Watched, watchBridges, watched, watchLoad } from './desk-watch.ts'
import { conditions, type Figure, percentile, print } from './figures.ts'

const NUMBER = '+46701740607'
const [AGENT_TONE, FAR_TONE] = [620, 440]
const TALKS_MS = 1_200

/** Of each call, or each change, of a run; milliseconds. */
interface Run {
  readonly toInvite: number[]
  /** Click → the browser has its INVITE. */
  readonly toBrowser: number[]
  /** The browser's 200 OK → INVITE to the destination. */
  readonly fromBrowser: number[]
  /** The two together: what is ours of `toInvite`. */
  readonly ours: number[]
  /** The browser's own: its INVITE read → its 200 OK written. */
  readonly browser: number[]
  readonly toBridge: number[]
  readonly toVoice: number[]
  readonly toPage: number[]
}

const measureCall = async ({ centre, desk, joined }: Parties, run: Run): Promise<void> => {
  const { page } = desk
  const { carrier } = centre
  const before = [carrier.lines.length, joined.length] as const
  await page.getByRole('textbox', { name: 'Number' }).fill(NUMBER)
  await page.getByRole('button', { name: 'Call', exact: true }).click()
  const line = await carrier.rung(NUMBER, before[0]).catch(async (error: unknown) => {
    throw new Error(`${String(error)}; the desk says: ${await page.locator('main').textContent()}`)
  })
  await until('it is over', () => line.state === 'over')
  await page.getByText('Ready. The next call comes here by itself.').waitFor()
  const { clicked, invited, accepted, shown } = await watched(page)
  const at = (what: string): number => line.log.find((message) => message.what === what && message.of === 'INVITE')?.at ?? Number.NaN
  run.toInvite.push(at('INVITE') - clicked)
  run.toBrowser.push(invited - clicked)
  run.fromBrowser.push(at('INVITE') - accepted)
  run.ours.push(invited - clicked + (at('INVITE') - accepted))
  run.browser.push(accepted - invited)
  run.toBridge.push((joined.slice(before[1]).find((instant) => instant >= at('200') - 1) ?? Number.NaN) - at('200'))
  run.toVoice.push((line.speech?.firstHeard(AGENT_TONE, at('200')) ?? Number.NaN) - at('200'))
  run.toPage.push(...(await reactions(centre, shown)))
}

/** From the instants of the call's facts to the page that shows what they made of it: the agent connecting, in conversation, ready again. */
const reactions = async (centre: Centre, shown: Watched['shown']): Promise<readonly number[]> => {
  const { items } = await centre.api<{ readonly items: readonly Call[] }>('/calls?limit=1')
  const [call] = items
  const talk = call?.events.find(({ kind }) => kind === 'conversation')
  const wanted: readonly (readonly [string | null | undefined, RegExp])[] = [
    [call?.startedAt, /^Connecting/],
    [talk?.startedAt, /In conversation$/],
    [call?.endedAt, /^Ready/],
  ]
  return wanted.map(([instant, state]) => {
    const from = instant == null ? Number.POSITIVE_INFINITY : Date.parse(instant)
    // An instant is a whole millisecond, the page's clock has fractions of it.
    return (shown.find((one) => one.at > from - 1 && state.test(one.state))?.at ?? Number.NaN) - from
  })
}

interface Parties {
  readonly centre: Centre
  readonly desk: Desk
  readonly joined: readonly number[]
}

/** Of three runs: the median of each one's p95. */
const p95 = (runs: readonly Run[], of: (run: Run) => readonly number[]): number =>
  percentile(
    runs.map((run) => percentile(of(run), 0.95)),
    0.5,
  )
const p50 = (runs: readonly Run[], of: (run: Run) => readonly number[]): number => percentile(runs.flatMap(of), 0.5)

const rows = (runs: readonly Run[], firstLoad: number): readonly Figure[] => {
  const both = (name: string, of: (run: Run) => readonly number[], atMost?: number): readonly Figure[] => [
    { name: `${name}, p95`, value: p95(runs, of), unit: 'ms', ...(atMost === undefined ? {} : { aim: { atMost } }) },
    { name: `${' '.repeat(name.search(/\S/) + 2)}median`, value: p50(runs, of), unit: 'ms' },
  ]
  return [
    ...both('click on Call → INVITE to the destination', (run) => run.toInvite, 900),
    ...both('  of it ours, both ways', (run) => run.ours, 80),
    ...both('    click → INVITE to the browser', (run) => run.toBrowser),
    ...both('    its 200 OK → INVITE to the destination', (run) => run.fromBrowser),
    ...both('  of it the browser’s answer', (run) => run.browser),
    ...both('destination’s 200 OK → both in one bridge', (run) => run.toBridge, 100),
    ...both('destination’s 200 OK → hears the agent', (run) => run.toVoice, 100),
    ...both('fact in the engine → the page shows it', (run) => run.toPage, 100),
    { name: 'first load of the desk, gzipped', value: firstLoad / 1000, unit: 'KB', aim: { atMost: 300 } },
    { name: 'calls measured', value: runs.reduce((sum, run) => sum + run.toInvite.filter(Number.isFinite).length, 0), unit: 'calls' },
  ]
}

const versionOf = (path: string | null, flag: string): string => {
  try {
    return path === null ? 'not here' : (execFileSync(path, [flag], { encoding: 'utf8' }).match(/\d+(\.\d+)+/)?.[0] ?? 'unknown')
  } catch (error) {
    // sipp prints its version and leaves with 99.
    return error instanceof Error && 'stdout' in error ? (String(error.stdout).match(/\d+(\.\d+)+/)?.[0] ?? 'unknown') : 'unknown'
  }
}

const load = (): string => loadavg()[0]?.toFixed(2) ?? ''

const firstLoadOf = async (centre: Centre, desk: Desk): Promise<number> => {
  const page = await desk.page.context().newPage()
  const bytes = watchLoad(page)
  await page.goto(`${centre.address}/desk`)
  await page.locator('.statebar').waitFor()
  await page.waitForLoadState('networkidle')
  const all = await bytes()
  await page.close()
  return all
}

const { values } = parseArgs({ options: { calls: { type: 'string', default: '20' }, runs: { type: 'string', default: '3' } } })
const [asterisk, chromium, sipp] = [asteriskBinary(), chromiumBinary(), sippBinary()]
const missing = [asterisk, chromium, sipp].flatMap((tool) => (tool.path === null ? [tool.reason] : []))
if (missing.length > 0) {
  console.error(`not measured: ${missing.join('; ')}`)
  process.exit(1)
}
const before = load()
const centre = await openCentre({ [NUMBER]: { answersAfterMs: 300, talksMs: TALKS_MS } }, { [NUMBER]: FAR_TONE })
try {
  const bridges = await watchBridges(centre.folder)
  const desk = await centre.desk('anna', AGENT_TONE, { script: pageWatch })
  const firstLoad = await firstLoadOf(centre, desk)
  const parties = { centre, desk, joined: bridges.joined }
  const empty = (): Run => ({ toInvite: [], toBrowser: [], fromBrowser: [], ours: [], browser: [], toBridge: [], toVoice: [], toPage: [] })
  // The first call of a page also fetches and compiles what later ones have.
  await measureCall(parties, empty())
  const runs: Run[] = []
  for (let round = 0; round < Number(values.runs); round += 1) {
    const run = empty()
    for (let call = 0; call < Number(values.calls); call += 1) await measureCall(parties, run)
    runs.push(run)
  }
  bridges.close()
  console.log(
    conditions({
      Asterisk: versionOf(asterisk.path, '-V'),
      Chromium: versionOf(chromium.path, '--version'),
      sipp: versionOf(sipp.path, '-v'),
      runs: runs.length,
      'calls each': values.calls,
      'load before and after': `${before} and ${load()}`,
    }),
  )
  process.exitCode = print(rows(runs, firstLoad)) ? 0 : 1
} finally {
  await centre.close()
}
