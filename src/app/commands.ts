/** Every command: its words for the help, and where it is. The rest of it is loaded when it is run. */
import { ROLES } from '#wire/session.ts'
import { type Command, dataOption, jsonOption } from './command.ts'

const serve: Command = {
  name: 'serve',
  words: '',
  summary:
    'Run a contact centre. One solution file describes it; the environment says where: ASTERISK_BIN (Samtal runs that Asterisk) or ASTERISK_FOLDER or ARI_URL, ARI_USER, ARI_PASSWORD (one that runs), else TELEPHONY=simulated; SAMTAL_HOSTS, TRUSTED_PROXIES; OIDC_ISSUER and more for sign-in with accounts people have already.',
  example: 'samtal serve --solution centre.json',
  options: {
    solution: { type: 'string', value: 'FILE', help: 'The solution file' },
    data: dataOption,
    host: { type: 'string', value: 'ADDRESS', help: 'Where to listen. Default: 127.0.0.1' },
    port: { type: 'string', value: 'PORT', help: 'Default: $PORT, else 4080' },
  },
  wordsMin: 0,
  wordsMax: 0,
  run: async (given, output) => (await import('./commands/serve.ts')).run(given, output),
}

const reload: Command = {
  name: 'reload',
  words: '',
  summary:
    'Let the running process read its solution file again. New calls are handled by it, calls in progress by the old one; refused, the old one stays.',
  example: 'samtal reload --data /var/lib/samtal',
  options: { data: dataOption, json: jsonOption },
  wordsMin: 0,
  wordsMax: 0,
  run: async (given, output) => (await import('./commands/reload.ts')).run(given, output),
}

const asteriskConfig: Command = {
  name: 'asterisk-config',
  words: '',
  summary:
    'Write what Asterisk needs for a solution: trunks, agents’ phones, dialplan, leg log, music, prompts. Passwords of trunks come from the environment or files; what the solution asks and Asterisk cannot serve is refused with line and field. May be run again: secrets are kept.',
  example: 'CARRIER_PASSWORD=… samtal asterisk-config --solution centre.json --out /srv/asterisk',
  options: {
    solution: { type: 'string', value: 'FILE', help: 'The solution file' },
    out: { type: 'string', value: 'FOLDER', help: 'The folder of that Asterisk: configuration, logs, secrets' },
    json: jsonOption,
  },
  wordsMin: 0,
  wordsMax: 0,
  run: async (given, output) => (await import('./commands/asterisk-config.ts')).run(given, output),
}

const play: Command = {
  name: 'play',
  words: 'FILE',
  summary:
    'Play a scenario through the real engine in virtual time and show the archive of its calls. Exit code 1 where it differs from what the file expects.',
  example: 'samtal play scenarios/A2.json',
  options: { json: jsonOption },
  wordsMin: 1,
  wordsMax: 1,
  run: async (given, output) => (await import('./commands/play.ts')).run(given, output),
}

const exportCalls: Command = {
  name: 'export',
  words: '',
  summary:
    'Write calls of the archive as CSV or NDJSON, newest first; or with --campaign its contacts and what came of them, in the order of the list. The process may run meanwhile.',
  example: 'samtal export --queue support --from 2026-11-01T00:00:00Z --out november.csv',
  options: {
    format: { type: 'string', value: 'FORMAT', help: 'csv (default) or ndjson' },
    out: { type: 'string', value: 'FILE', help: 'Default: standard output' },
    from: { type: 'string', value: 'TIME', help: 'Started at or after, as 2026-11-01T00:00:00Z' },
    to: { type: 'string', value: 'TIME', help: 'Started before' },
    number: { type: 'string', value: 'NUMBER', help: 'Any way of writing it' },
    queue: { type: 'string', value: 'IDS', help: 'With commas' },
    agent: { type: 'string', value: 'IDS', help: 'With commas' },
    direction: { type: 'string', value: 'WORDS', help: 'inbound, outbound, internal' },
    result: { type: 'string', value: 'WORDS', help: 'As answered,abandoned' },
    kind: { type: 'string', value: 'WORDS', help: 'Kinds of event it contains' },
    campaign: { type: 'string', value: 'ID', help: 'The contacts of this campaign, with their results, instead of calls' },
    data: dataOption,
    json: { type: 'boolean', help: 'The same as --format ndjson' },
  },
  wordsMin: 0,
  wordsMax: 0,
  run: async (given, output) => (await import('./commands/export.ts')).run(given, output),
}

const erase: Command = {
  name: 'erase',
  words: 'NUMBER',
  summary:
    'Forget whoever has this number, at once or when the call under way is over: name, number, notes, contacts in lists, entries of the directory. Open callbacks are withdrawn; calls stay, without the person; whoever is on a do-not-call list is not called all the same. Afterwards every file of the data folder is searched for the number. Whether the process runs or not.',
  example: 'samtal erase 070-174 06 12',
  options: { yes: { type: 'boolean', help: 'Do not ask' }, data: dataOption, json: jsonOption },
  wordsMin: 1,
  wordsMax: 6,
  run: async (given, output) => (await import('./commands/erase.ts')).run(given, output),
}

const exportPerson: Command = {
  name: 'export-person',
  words: 'NUMBER',
  summary:
    'Write everything that is kept of whoever has this number, and of nobody else in the same calls: for a person who asks for it. Whether the process runs or not.',
  example: 'samtal export-person 070-174 06 12 --json --out copy.json',
  options: {
    out: { type: 'string', value: 'FILE', help: 'Default: standard output' },
    data: dataOption,
    json: { type: 'boolean', help: 'As JSON; else to be read' },
  },
  wordsMin: 1,
  wordsMax: 6,
  run: async (given, output) => (await import('./commands/export-person.ts')).run(given, output),
}

const retention: Command = {
  name: 'retention',
  words: '',
  summary:
    'Let leave what has outlived its retention, as happens by itself every night: calls, contacts of campaigns that ended, entries of the audit log. With --dry-run only tell what would leave. Whether the process runs or not.',
  example: 'samtal retention --dry-run',
  options: { 'dry-run': { type: 'boolean', help: 'Only tell what would leave' }, data: dataOption, json: jsonOption },
  wordsMin: 0,
  wordsMax: 0,
  run: async (given, output) => (await import('./commands/retention.ts')).run(given, output),
}

const rebuildArchive: Command = {
  name: 'rebuild-archive',
  words: '',
  summary: 'Drop the archive and make it anew from the journal: the same bytes. Nothing may run on the data folder meanwhile.',
  example: 'samtal rebuild-archive --data /var/lib/samtal',
  options: { data: dataOption, json: jsonOption },
  wordsMin: 0,
  wordsMax: 0,
  run: async (given, output) => (await import('./commands/rebuild-archive.ts')).run(given, output),
}

const checkJournal: Command = {
  name: 'check-journal',
  words: '',
  summary:
    'Prove that journal, snapshots and archive agree: every byte that means something is read and held against its sums, the facts are replayed, the archive is made anew beside the one there and compared; of the other databases SQLite says whether pages and indexes are whole. Tells the first disagreement, with exit code 1. The process may run meanwhile.',
  example: 'samtal check-journal --data /var/lib/samtal',
  options: { data: dataOption, json: jsonOption },
  wordsMin: 0,
  wordsMax: 0,
  run: async (given, output) => (await import('./commands/check-journal.ts')).run(given, output),
}

const backup: Command = {
  name: 'backup',
  words: '',
  summary:
    'Copy everything that cannot be made anew, as one moment left it, into a folder with a manifest. The process may run meanwhile, and does not wait. It holds numbers, the key of persons and the secrets of accounts: only its owner can read it.',
  example: 'samtal backup --out /backups/samtal-2026-11-25',
  options: { out: { type: 'string', value: 'FOLDER', help: 'Made by this; outside the data folder' }, data: dataOption, json: jsonOption },
  wordsMin: 0,
  wordsMax: 0,
  run: async (given, output) => (await import('./commands/backup.ts')).run(given, output),
}

const restore: Command = {
  name: 'restore',
  words: 'BACKUP',
  summary:
    'Make a backup the data folder again. It is read whole first and held against its manifest; whoever was erased since, here or by --erasures, is forgotten in it; the archive is made anew; then the files are exchanged. Nothing may run on the data folder meanwhile.',
  example: 'samtal restore /backups/samtal-2026-11-25 --data /var/lib/samtal',
  options: {
    replace: { type: 'boolean', help: 'Take the place of the data that are there; what came after the backup is lost' },
    erasures: { type: 'string', value: 'FILE', help: 'An erasures.list kept beside the backups, where the data folder is lost' },
    data: dataOption,
    json: jsonOption,
  },
  wordsMin: 1,
  wordsMax: 1,
  run: async (given, output) => (await import('./commands/restore.ts')).run(given, output),
}

const user: Command = {
  name: 'user',
  words: 'add|passwd|disable|enable NAME',
  summary:
    'Make an account, give one a new password, or let one sign in no more, and again. The password is asked for, or read from standard input. A new one, and disabling, end the account’s sessions at once.',
  example: 'samtal user add lena --role supervisor --queues support,sales',
  options: {
    role: { type: 'string', value: 'ROLE', help: `add: ${ROLES.join(', ')}. Default: agent` },
    agent: { type: 'string', value: 'ID', help: 'add: the agent of the solution this account works as. Default for agents: NAME' },
    queues: { type: 'string', value: 'IDS', help: 'add: a supervisor’s queues, a campaign manager’s campaigns, with commas. Default: all' },
    'display-name': { type: 'string', value: 'TEXT', help: 'add: as others see it. Default: NAME' },
    data: dataOption,
    json: jsonOption,
  },
  wordsMin: 2,
  wordsMax: 2,
  run: async (given, output) => (await import('./commands/user.ts')).run(given, output),
}

const contacts: Command = {
  name: 'contacts',
  words: 'import|export FILE',
  summary:
    'Contacts of the directory from a file (CSV, vCard 3.0 and 4.0), whole or not at all, and into one. Faults are told by line and column. The process may run meanwhile.',
  example: 'samtal contacts import customers.csv --dry-run',
  options: {
    'dry-run': { type: 'boolean', help: 'import: only tell what would come of it' },
    'skip-faulty': { type: 'boolean', help: 'import: the good rows, where others have faults; else none' },
    format: { type: 'string', value: 'FORMAT', help: 'csv or vcard. Default: told from the file' },
    encoding: { type: 'string', value: 'NAME', help: 'import: as windows-1252. Default: told from the file' },
    delimiter: { type: 'string', value: 'CHARACTER', help: 'import: between the cells. Default: told from the file' },
    columns: {
      type: 'string',
      value: 'LIST',
      help: 'import: what each column is, as name,company,number,field,skip (also given, middle, family, label, id). Default: told from the headings',
    },
    solution: { type: 'string', value: 'FILE', help: 'import: how numbers are read. Default: the solution last in force' },
    data: dataOption,
    json: jsonOption,
  },
  wordsMin: 2,
  wordsMax: 2,
  run: async (given, output) => (await import('./commands/contacts.ts')).run(given, output),
}

const importContacts: Command = {
  name: 'import-contacts',
  words: 'CAMPAIGN FILE',
  summary:
    'A list of contacts (CSV of any size, delimiter and encoding) into a campaign of the running process, with a token that may import contacts in SAMTAL_TOKEN. It is read and judged first; nobody is called before it is confirmed, and a list that was confirmed before is the same again.',
  example: 'SAMTAL_TOKEN=samtal_… samtal import-contacts spring customers.csv --map Mobil=phone --faults bad-rows.csv',
  options: {
    'dry-run': { type: 'boolean', help: 'Only tell what would come of it' },
    yes: { type: 'boolean', help: 'Confirm without asking' },
    replace: { type: 'boolean', help: 'Instead of the contacts that are there, save those under way; else beside them' },
    map: {
      ...{ type: 'string', value: 'COLUMN=NAME', multiple: true },
      help: 'What a column is: phone, phone2, externalId, name, zone, language, from, to, fromTime, toTime. Default: by its heading',
    },
    skip: { type: 'string', value: 'COLUMN', multiple: true, help: 'Do not keep this column' },
    faults: { type: 'string', value: 'FILE', help: 'Write the rows that are not taken there, each with its reason, as CSV' },
    encoding: { type: 'string', value: 'NAME', help: 'As windows-1252. Default: told from the file' },
    delimiter: { type: 'string', value: 'CHARACTER', help: 'Between the cells. Default: told from the file' },
    url: { type: 'string', value: 'URL', help: 'Of the process. Default: $SAMTAL_URL, else http://127.0.0.1:4080' },
    json: jsonOption,
  },
  wordsMin: 2,
  wordsMax: 2,
  run: async (given, output) => (await import('./commands/import-contacts.ts')).run(given, output),
}

const pace: Command = {
  name: 'pace',
  words: '',
  summary:
    'A shift of a made-up campaign in virtual time, through the real engine: how many calls, how many of them silent, how much agents talk. The figures are read from its archive. Nobody is called.',
  example: 'samtal pace --agents 30 --answer-rate 0.3 --hours 8 --compare',
  options: {
    agents: { type: 'string', value: 'N', help: '1 to 300. Default: 30' },
    'answer-rate': { type: 'string', value: 'SHARE', help: 'Of calls that a person answers. Default: 0.3' },
    hours: { type: 'string', value: 'HOURS', help: '0.25 to 12. Default: 8' },
    mode: { type: 'string', value: 'MODE', help: 'progressive, power or predictive (default)' },
    compare: { type: 'boolean', help: 'All modes side by side' },
    talk: { type: 'string', value: 'SECONDS', help: 'Mean. Default: 180' },
    'wrap-up': { type: 'string', value: 'SECONDS', help: 'Mean. Default: 30' },
    ratio: { type: 'string', value: 'NUMBER', help: 'power: calls per idle agent, 1 to 6. Default: 1.5' },
    'silent-target': { type: 'string', value: 'SHARE', help: 'Of answered contacts that may be silent calls in a day. Default: 0.03' },
    'silent-after': { type: 'string', value: 'SECONDS', help: 'From the answer until an agent must be there. Default: 2' },
    ring: { type: 'string', value: 'SECONDS', help: 'How long a contact is rung. Default: 30' },
    seed: { type: 'string', value: 'N', help: 'The same seed, the same shift. Default: 1' },
    json: jsonOption,
  },
  wordsMin: 0,
  wordsMax: 0,
  run: async (given, output) => (await import('./commands/pace.ts')).run(given, output),
}

const demo: Command = {
  name: 'demo',
  hidden: true,
  words: '',
  summary: 'Run the demonstration: a made-up company on a simulated telephone network, with a day of calls behind it.',
  example: 'npm start',
  options: { data: dataOption, port: { type: 'string', value: 'PORT', help: 'Default: $PORT, else 4080' } },
  wordsMin: 0,
  wordsMax: 0,
  run: async (given, output) => (await import('./commands/demo.ts')).run(given, output),
}

export const commands: readonly Command[] = [
  serve,
  reload,
  asteriskConfig,
  play,
  exportCalls,
  erase,
  exportPerson,
  retention,
  rebuildArchive,
  checkJournal,
  backup,
  restore,
  user,
  contacts,
  importContacts,
  pace,
  demo,
]
