import { createInterface } from 'node:readline/promises'
import { askPerson } from '../ask-person.ts'
import type { Command, Output } from '../command.ts'
import { dataFolderOf, refuseDatabase } from '../config.ts'
import { Failure } from '../failure.ts'
import type { ErasedAnswer } from '../person-controls.ts'

const MB = 1_000_000

function say({ forgotten, scrubbed }: Extract<ErasedAnswer, { ok: true }>, { out, err }: Output): void {
  const { status, open, calls, withdrawn, contacts, listings, directory, notes } = forgotten
  out(
    status === 'erased'
      ? 'Erased.\n'
      : `${open.length === 1 ? 'A call' : `${open.length} calls`} with this number: it is erased when that is over (${open.join(', ')}).\n`,
  )
  out(`  calls, which stay without the person: ${calls}\n`)
  if (withdrawn > 0) out(`  callbacks withdrawn: ${withdrawn}\n`)
  if (notes > 0) out(`  notes deleted: ${notes}\n`)
  if (contacts > 0) out(`  contacts taken out of lists: ${contacts}\n`)
  if (directory.removed > 0) out(`  contacts deleted from the directory: ${directory.removed}\n`)
  if (directory.changed > 0) out(`  contacts of the directory that keep other numbers: ${directory.changed}; look at them\n`)
  if (listings > 0) out('  on a do-not-call list: stays there by a hash, and is not called\n')
  if (status === 'whenOver') return
  if (scrubbed === null) err('samtal: the files could not be searched; see the log\n')
  else if (scrubbed.left.length > 0) err(`samtal: the number is still in ${scrubbed.left.join(', ')}\n`)
  else out(`  searched ${scrubbed.files} files, ${(scrubbed.bytes / MB).toFixed(1)} MB: found nowhere\n`)
}

export const run: Command['run'] = async (given, output) => {
  refuseDatabase(process.env)
  const number = given.words.join(' ')
  if (!given.flag('yes') && output.terminal && !given.flag('json')) {
    const asking = createInterface({ input: process.stdin, output: process.stderr })
    const answer = await asking.question(`Forget whoever has ${number}? It cannot be undone. Type the number again: `)
    asking.close()
    if (answer.replaceAll(/\D/g, '') !== number.replaceAll(/\D/g, '')) throw new Failure('nothing was erased')
  }
  const answer = await askPerson<ErasedAnswer>(dataFolderOf(given, process.env), 'erase', number, output)
  if (given.flag('json')) output.out(`${JSON.stringify(answer)}\n`)
  else if (answer.ok) say(answer, output)
  else output.err(`samtal: ${answer.refused}\n`)
  return answer.ok && (answer.scrubbed?.left.length ?? 1) === 0 ? 0 : answer.ok && answer.forgotten.status === 'whenOver' ? 0 : 1
}
