/** A copy of the tree as it stands, changes that are not committed included; what was installed is shared. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Gone when `use` is done. */
export async function inACopy<T>(root: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'samtal-guard-'))
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    for (const file of listed.split('\0').filter((name) => !['', 'node_modules'].includes(name) && existsSync(path.join(root, name)))) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
      copyFileSync(path.join(root, file), path.join(folder, file))
    }
    const installed = path.join(folder, 'node_modules')
    if (!existsSync(installed)) symlinkSync(path.join(root, 'node_modules'), installed)
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
