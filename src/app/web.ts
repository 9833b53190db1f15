/** The browser application, built from its source in a clone of the project. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { Failure } from './failure.ts'

const project = path.resolve(import.meta.dirname, '../..')
export const webFolder = path.join(project, 'dist/web')

/** Whether there are pages to serve, of whatever age. */
export const hasWeb = (): boolean => existsSync(path.join(webFolder, 'index.html'))

/** Makes the browser application from its source where that is newer; says nothing unless it fails. */
export function buildWeb(): Promise<void> {
  const script = path.join(project, 'scripts/build-web.ts')
  if (!existsSync(script)) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], { cwd: project, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (data: Buffer) => {
      said = (said + data.toString('utf8')).slice(-2000)
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0 || hasWeb()) resolve()
      else reject(new Failure(`the web application could not be built: ${said.trim().split('\n').at(-1) ?? ''}`))
    })
  })
}
