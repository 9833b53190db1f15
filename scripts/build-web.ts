/** Builds the browser application into `dist/web`, where the HTTP server reads it. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = dirname(dirname(fileURLToPath(import.meta.url)))
/** What the HTTP server serves as the application's pages. */
export const webFolder = join(project, 'dist/web')

const newest = (path: string): number => {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

const isStale = (): boolean => {
  const built = join(webFolder, 'index.html')
  if (!existsSync(built)) return true
  return Math.max(newest(join(project, 'web')), newest(join(project, 'vite.config.ts'))) > statSync(built).mtimeMs
}

/** Makes `dist/web` true to `web`. Does nothing when it already is; a build takes a few seconds. */
export async function buildWeb(): Promise<void> {
  if (!isStale()) return
  const { build } = await import('vite')
  // As it is delivered, also where a test is the first to need it: there the environment says `test`, and React would come as for development.
  const { NODE_ENV: before } = process.env
  process.env['NODE_ENV'] = 'production'
  try {
    await build({ configFile: join(project, 'vite.config.ts'), root: join(project, 'web'), logLevel: 'error' })
  } finally {
    if (before === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = before
  }
}

if (import.meta.main) await buildWeb()
