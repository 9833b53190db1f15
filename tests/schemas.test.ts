import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { schemaFolder, schemas } from '../scripts/schemas.ts'

test.each(Object.keys(schemas))('docs/schema/%s is what the types say; else: node scripts/schemas.ts', async (file) => {
  expect(await readFile(new URL(file, schemaFolder), 'utf8')).toBe(schemas[file])
})
