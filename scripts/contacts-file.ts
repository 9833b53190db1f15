/**
 * `npm run contacts-file`: a list of made-up people on standard output, for trying imports with.
 *
 *     npm run --silent contacts-file -- --rows 1000000 --columns 12 --seed 1 > file.csv
 */
import { once } from 'node:events'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { COLUMNS_MIN, contactsFile } from '#sim/contacts-file.ts'

const USAGE = `Usage: npm run --silent contacts-file -- --rows 1000000 --columns 12 --seed 1 > file.csv
       --bad 0.05         share of rows that are bad
       --delimiter ';'    between the cells
`

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000' },
    columns: { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    bad: { type: 'string', default: '0.05' },
    delimiter: { type: 'string', default: ';' },
    help: { type: 'boolean' },
  },
})
const asked = {
  ...{ rows: Number(values.rows), columns: Number(values.columns), seed: Number(values.seed), bad: Number(values.bad) },
  delimiter: values.delimiter,
}
const isSound =
  [asked.rows, asked.columns, asked.seed].every((value) => Number.isInteger(value) && value >= 0) &&
  asked.columns >= COLUMNS_MIN &&
  asked.bad >= 0 &&
  asked.bad <= 1 &&
  asked.delimiter.length === 1
if (values.help === true || !isSound) {
  process.stderr.write(USAGE)
  process.exitCode = values.help === true ? 0 : 2
} else {
  for (const piece of contactsFile(asked)) if (!process.stdout.write(piece)) await once(process.stdout, 'drain')
}
