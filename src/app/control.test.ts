import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askControl, type Controls, NotRunning, serveControl } from './control.ts'

let folder: string
let served: { close(): Promise<void> } | null = null
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'samtal-control-'))
})
afterEach(async () => {
  await served?.close()
  served = null
  rmSync(folder, { recursive: true })
})
const serve = async (controls: Controls): Promise<void> => {
  served = await serveControl(folder, controls)
}

describe('the running process, asked by a command', () => {
  test('tells how far it is, as often as it comes further, and answers once', async () => {
    await serve({
      count: async (line, tell) => {
        for (let done = 1; done <= Number(line); done++) tell({ done })
        return { ok: true, line }
      },
    })
    const told: object[] = []
    expect(await askControl(folder, { name: 'count', line: '3', working: (progress) => told.push(progress) })).toEqual({
      ok: true,
      line: '3',
    })
    expect(told).toEqual([{ done: 1 }, { done: 2 }, { done: 3 }])
  })

  test('tells why it failed', async () => {
    await serve({ fail: () => Promise.reject(new Error('the disk is full')) })
    expect(await askControl(folder, { name: 'fail' })).toEqual({ ok: false, refused: 'the disk is full' })
  })

  test('where it ends before it answers, that is said; where none runs, that', async () => {
    await serve({})
    await expect(askControl(folder, { name: 'nothing' })).rejects.toThrow('the running process ended before it answered')
    await served?.close()
    served = null
    await expect(askControl(folder, { name: 'nothing' })).rejects.toThrow(NotRunning)
  })
})
