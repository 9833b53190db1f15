/**
 * The programs that only tests and prompt making need: Asterisk, sipp, Chromium, espeak-ng. Fetched from Debian's archive without
 * root (`apt-get download` with a private state, then `dpkg-deb`), unpacked into a cache of our own, never installed.
 *
 *     node scripts/fetch-tools.ts              what `npm test` needs: chromium, asterisk, sipp
 *     node scripts/fetch-tools.ts espeak-ng    what `scripts/make-prompts.ts` needs
 *     node scripts/fetch-tools.ts --own        also where this machine has its own
 *
 * The cache is SAMTAL_CACHE, else XDG_CACHE_HOME/samtal, else ~/.cache/samtal: outside the tree, shared by all clones.
 * A program named by ASTERISK_BIN, SIPP_BIN, CHROMIUM_BIN or ESPEAK_BIN is used as it is; then the cache's; then the machine's own.
 */
import { execFile } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

/** A program's path, or why there is none. */
export type Tool = { readonly path: string } | { readonly path: null; readonly reason: string }

export type ToolName = 'asterisk' | 'sipp' | 'chromium' | 'espeak-ng'

interface Recipe {
  /** Overrides everything else. */
  readonly env: string
  readonly packages: readonly string[]
  /** `sid`: Debian unstable with its own loader and C library, for what the machine's release lacks. `own`: the machine's release, for what does not run under a foreign loader. */
  readonly suite: 'sid' | 'own'
  /** Inside the unpacked folder. */
  readonly program: string
  /** The same program where the machine has it installed. Asterisk's own copy is preferred: tests run on one version. */
  readonly installed: readonly string[]
  /** Further lines of the wrapper script. */
  readonly exports?: (prefix: string) => readonly string[]
}

const recipes: Readonly<Record<ToolName, Recipe>> = {
  asterisk: {
    env: 'ASTERISK_BIN',
    packages: ['asterisk', 'asterisk-core-sounds-en-gsm', 'asterisk-moh-opsound-gsm'],
    suite: 'sid',
    program: 'usr/sbin/asterisk',
    installed: [],
  },
  sipp: { env: 'SIPP_BIN', packages: ['sip-tester'], suite: 'sid', program: 'usr/bin/sipp', installed: ['sipp'] },
  chromium: {
    env: 'CHROMIUM_BIN',
    packages: ['chromium', 'chromium-common', 'fontconfig-config', 'fonts-dejavu-core', 'fonts-liberation'],
    suite: 'own',
    program: 'usr/lib/chromium/chromium',
    installed: ['chromium', 'chromium-browser', 'google-chrome'],
    exports: (prefix) => [`export FONTCONFIG_FILE="${prefix}/fonts.conf"`],
  },
  'espeak-ng': {
    env: 'ESPEAK_BIN',
    packages: ['espeak-ng', 'espeak-ng-data'],
    suite: 'sid',
    program: 'usr/bin/espeak-ng',
    installed: ['espeak-ng'],
    exports: (prefix) => [`export ESPEAK_DATA_PATH="${prefix}/usr/lib/${triplet()}"`],
  },
}

/** Bounds, in milliseconds: reading an index, downloading a closure (Chromium is 110 MB), unpacking one. */
const limitMs = { index: 120_000, download: 420_000, unpack: 180_000, other: 60_000 }

/** Packages whose content is of no use outside an installed system. */
const leaveOut =
  /^(adduser|passwd|debconf|cdebconf|perl-base|dpkg|tar|init-system-helpers|login.*|libpam.*|mawk|base-.*|ucf|sensible-utils|dbus.*|systemd.*)$/

const exec = promisify(execFile)
const run = async (program: string, args: readonly string[], timeoutMs: number, env: NodeJS.ProcessEnv = process.env, cwd?: string) =>
  (await exec(program, [...args], { timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 64e6, env, ...(cwd ? { cwd } : {}) })).stdout

const triplet = (): string => (process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu')
const loader = (): string => (process.arch === 'arm64' ? 'ld-linux-aarch64.so.1' : 'ld-linux-x86-64.so.2')

export const cacheFolder = (): string =>
  process.env['SAMTAL_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'samtal')

const executable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false
    throw error
  }
}

const prefixOf = (name: ToolName): string => join(cacheFolder(), name)
const wrapperOf = (name: ToolName): string => join(prefixOf(name), 'bin', name)

const installed = (name: ToolName): string | undefined =>
  recipes[name].installed
    .flatMap((program) => (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program)))
    .find(executable)

/** Looks, and fetches nothing. */
const look = (name: ToolName): Tool => {
  const named = process.env[recipes[name].env]
  if (named !== undefined && named !== '')
    return executable(named) ? { path: named } : { path: null, reason: `${recipes[name].env} names no program: ${named}` }
  const path = executable(wrapperOf(name)) ? wrapperOf(name) : installed(name)
  return path === undefined
    ? { path: null, reason: `${name} is not in ${prefixOf(name)}; fetch it with: node scripts/fetch-tools.ts ${name}` }
    : { path }
}

export const asteriskBinary = (): Tool => look('asterisk')
export const sippBinary = (): Tool => look('sipp')
export const chromiumBinary = (): Tool => look('chromium')
export const espeakBinary = (): Tool => look('espeak-ng')
/** Where the fetched Asterisk's modules, sounds and music lie; undefined for one that is installed. */
export const asteriskPrefix = (): string | undefined => {
  const tool = asteriskBinary()
  return tool.path === wrapperOf('asterisk') ? prefixOf('asterisk') : undefined
}

const debianMirror = async (): Promise<string> => {
  const named = process.env['DEBIAN_MIRROR']
  if (named !== undefined && named !== '') return named
  const targets = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)'], limitMs.other)
  const mirror = targets.split('\n').find((line) => line !== '' && !line.includes('security'))
  return mirror ?? 'http://deb.debian.org/debian'
}

/** A private apt: its own lists, cache and idea of what is installed. */
const privateApt = async (work: string, suite: Recipe['suite']): Promise<NodeJS.ProcessEnv> => {
  for (const folder of ['lists/partial', 'cache/archives/partial', 'etc/preferences.d', 'etc/trusted.gpg.d', 'etc/apt.conf.d'])
    mkdirSync(join(work, folder), { recursive: true })
  const lines = [
    `Dir::State "${work}"; Dir::State::lists "${work}/lists"; Dir::Cache "${work}/cache";`,
    'APT::Install-Recommends "false"; Acquire::Languages "none"; Debug::NoLocking "true"; APT::Sandbox::User "";',
    'Acquire::Check-Valid-Until "false"; Acquire::Retries "3"; Acquire::http::Timeout "20";',
  ]
  if (suite === 'sid') {
    writeFileSync(join(work, 'status'), '')
    const signed = '/usr/share/keyrings/debian-archive-keyring.gpg'
    writeFileSync(join(work, 'sources.list'), `deb [signed-by=${signed}] ${await debianMirror()} sid main\n`)
    lines.push(`Dir::State::status "${work}/status"; Dir::Etc "${work}/etc";`)
    lines.push(`Dir::Etc::sourcelist "${work}/sources.list"; Dir::Etc::sourceparts "-";`)
  } else lines.push('Dir::State::status "/var/lib/dpkg/status";')
  writeFileSync(join(work, 'apt.conf'), `${lines.join('\n')}\n`)
  return { ...process.env, APT_CONFIG: join(work, 'apt.conf'), LC_ALL: 'C' }
}

/** The packages and all they need that is not there, downloaded and unpacked into `prefix`. */
const unpackClosure = async (recipe: Recipe, prefix: string): Promise<void> => {
  const work = join(prefix, '.apt')
  const env = await privateApt(work, recipe.suite)
  await run('apt-get', ['-qq', 'update'], limitMs.index, env)
  const plan = await run('apt-get', ['-s', 'install', '--reinstall', ...recipe.packages], limitMs.other, env)
  const names = [...plan.matchAll(/^Inst (\S+)/gm)].flatMap((match) => match[1] ?? []).filter((name) => !leaveOut.test(name))
  const archives = join(work, 'cache/archives')
  await run('apt-get', ['-qq', 'download', ...names], limitMs.download, env, archives)
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb')))
    await run(
      'sh',
      [
        '-c',
        'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink --no-same-owner --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale --exclude=./var --exclude=./run',
        'sh',
        join(archives, file),
        prefix,
      ],
      limitMs.unpack,
    )
  rmSync(work, { recursive: true })
}

/** A script that starts the program with its own libraries. Under a foreign loader nothing is exported, so that its children keep the machine's. */
const wrapper = (name: ToolName, prefix: string): string => {
  const recipe = recipes[name]
  const libraries = ['', '/pulseaudio', '/nss', '/blas', '/lapack'].map((folder) => `${prefix}/usr/lib/${triplet()}${folder}`).join(':')
  const program = `${prefix}/${recipe.program}`
  const start =
    recipe.suite === 'sid'
      ? `exec "${prefix}/usr/lib/${triplet()}/${loader()}" --argv0 ${name} --library-path "${libraries}" "${program}" "$@"`
      : `export LD_LIBRARY_PATH="${libraries}:${prefix}/lib/${triplet()}"\nexec "${program}" "$@"`
  return `#!/bin/sh\n${(recipe.exports?.(prefix) ?? []).map((line) => `${line}\n`).join('')}${start}\n`
}

const fonts = (prefix: string): string =>
  `<?xml version="1.0"?><fontconfig><dir>${prefix}/usr/share/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${prefix}/fontcache</cachedir></fontconfig>\n`

/** Unpacks beside and renames at the end, so that half a program is never found and two at once do no harm. */
const fetchTool = async (name: ToolName): Promise<string> => {
  if (executable(wrapperOf(name))) return wrapperOf(name)
  const prefix = prefixOf(name)
  const beside = `${prefix}.${process.pid}`
  mkdirSync(join(beside, 'bin'), { recursive: true })
  try {
    await unpackClosure(recipes[name], beside)
    if (name === 'chromium') writeFileSync(join(beside, 'fonts.conf'), fonts(prefix))
    writeFileSync(join(beside, 'bin', name), wrapper(name, prefix))
    chmodSync(join(beside, 'bin', name), 0o755)
    if (!executable(wrapperOf(name))) {
      rmSync(prefix, { recursive: true, force: true })
      renameSync(beside, prefix)
    }
  } finally {
    if (existsSync(beside)) rmSync(beside, { recursive: true, force: true })
  }
  const version = name === 'asterisk' ? '-V' : name === 'sipp' ? '-v' : '--version'
  await run(wrapperOf(name), [version], limitMs.other).catch((error: unknown) => {
    // sipp prints its version and leaves with 99.
    if (!(error instanceof Error && 'code' in error && error.code === 99)) throw error
  })
  return wrapperOf(name)
}

const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? `${error.message}\n${'stderr' in error ? String(error.stderr) : ''}` : String(error)
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 3)
    .join(' | ')
    .slice(0, 400)
}

/** Has each tool there, by fetching it where it is not. */
export const ensureTools = async (names: readonly ToolName[], options: { own?: boolean } = {}): Promise<ReadonlyMap<ToolName, Tool>> => {
  const found = new Map<ToolName, Tool>()
  for (const name of names) {
    const there = look(name)
    const keep = there.path !== null && (options.own !== true || there.path === wrapperOf(name))
    try {
      found.set(name, keep ? there : { path: await fetchTool(name) })
    } catch (error) {
      found.set(name, there.path === null ? { path: null, reason: `could not be fetched: ${reasonOf(error)}` } : there)
    }
  }
  return found
}

if (import.meta.main) {
  const asked = process.argv.slice(2)
  const known = Object.keys(recipes)
  const names = asked.filter((word): word is ToolName => known.includes(word))
  const wrong = asked.filter((word) => word !== '--own' && !known.includes(word))
  if (wrong.length > 0) {
    process.stderr.write(`fetch-tools: not a tool: ${wrong.join(', ')}. Tools: ${known.join(', ')}\n`)
    process.exit(2)
  }
  const tools = await ensureTools(names.length > 0 ? names : ['chromium', 'asterisk', 'sipp'], { own: asked.includes('--own') })
  for (const [name, tool] of tools) process.stdout.write(`${name}: ${tool.path ?? `NOT THERE, ${tool.reason}`}\n`)
  if ([...tools.values()].some((tool) => tool.path === null)) process.exitCode = 1
}
