import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { writeConfig } from '#adapters/asterisk/config.ts'
import type { Command } from '../command.ts'
import { Failure, faultLines } from '../failure.ts'
import { recordedPrompts } from '../play.ts'
import { readSolution } from '../solution.ts'
import { prepareFolder } from '../switch/folder.ts'
import { switchPlan } from '../switch/plan.ts'
import { switchSettings } from '../switch/settings.ts'

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

export const run: Command['run'] = async (given, { out }) => {
  const [file, folder] = [given.text('solution'), given.text('out')]
  if (file === undefined) throw new Failure('which solution? give --solution FILE', { exitCode: 2 })
  if (folder === undefined) throw new Failure('where to? give --out FOLDER', { exitCode: 2 })
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
  const prompts = [...new Set(Object.values(recordedPrompts()).flatMap((names) => Object.keys(names)))]
  const read = readSolution(text, { personOf: (number) => number, prompts })
  if ('errors' in read) throw new Failure(`${file} is not taken:\n${faultLines(file, read.errors)}`, { errors: read.errors })
  const settings = switchSettings(process.env)
  const plan = switchPlan(read, process.env, settings)
  if ('errors' in plan)
    throw new Failure(`${file} cannot be served by Asterisk:\n${faultLines(file, plan.errors)}`, { errors: plan.errors })
  const place = path.resolve(folder)
  const { config } = prepareFolder(place, plan, settings)
  writeConfig(config)
  const start = `${settings.binary ?? 'asterisk'} -f -C ${path.join(place, 'etc/asterisk.conf')}`
  const facts = {
    ok: true,
    folder: place,
    trunks: plan.trunks.map(({ id }) => id),
    phones: plan.phones.map(({ account }) => account),
    start,
  }
  if (given.flag('json')) out(`${JSON.stringify(facts)}\n`)
  else {
    const what = `${counted(plan.trunks.length, 'trunk')}, ${counted(plan.phones.length, 'phone')}`
    out(`Asterisk’s configuration for ${what} is in ${place}. Start Asterisk, then Samtal:\n`)
    out(`  ${start}\n  ASTERISK_FOLDER=${place} samtal serve --solution ${file}\n`)
  }
  return 0
}
