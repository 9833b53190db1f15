/**
 * `npm test`: the gate, then what needs a real Asterisk, a real browser and a real disk. Fetches what is missing of them, where the
 * machine can, without root. By reckoning 15 minutes on two idle cores: as long as Asterisk's suite waits for telephones, and the gate before it.
 * The last lines name what failed and why, and count everything; with `CI=true` a skipped test is a failure.
 */
import process from 'node:process'
import { check } from './check.ts'
import { run, runAll, scratch, show, sum, vitest } from './steps.ts'

const ci = process.env['CI'] === 'true'

const gate = await check()

console.log('\nFetching what the tests need (Asterisk, sipp, Chromium), once')
const fetched = await run({ name: 'tools', command: ['node', 'scripts/fetch-tools.ts'], loud: true })
if (!fetched.ok) console.log('Not everything could be had: the suites that need it are skipped, and named below.')

// Two suites at once would build them twice, each under the other's feet.
const pages = await run({ name: 'pages', command: ['node', 'scripts/build-web.ts'] })

const suites = await scratch((folder) =>
  runAll(
    // The longest first: its telephones mostly wait, and leave the cores to one of the others at a time.
    ['asterisk', 'browser', 'program', 'stores'].map((project) => vitest(project, folder, { loud: true })),
    2,
  ),
)
show([pages, ...suites])

const { passed, failed, failures, skipped } = sum([...gate, pages, ...suites])
if (skipped.length > 0) {
  console.log(`\n!! SKIPPED, so not proved${ci ? ' (with CI=true that is a failure)' : ''}:`)
  for (const name of skipped) console.log(`!!   ${name}`)
}
if (failures.length > 0) {
  console.log('\n!! FAILED:')
  for (const failure of failures) console.log(`!!   ${failure}`)
}
process.exitCode = failed > 0 || (ci && skipped.length > 0) ? 1 : 0
console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`)
