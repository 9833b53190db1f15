/** `node scripts/schemas.ts`: writes the published JSON Schemas from the types in src/wire. tests/schemas.test.ts holds them fresh. */
import { writeFile } from 'node:fs/promises'
import { ScenarioFile } from '#wire/scenario.ts'
import { SolutionFile } from '#wire/solution.ts'

const text = (id: string, schema: object): string =>
  `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: id, ...schema }, null, 2)}\n`

/** File name in docs/schema, and what stands in it. */
export const schemas: Readonly<Record<string, string>> = {
  'solution.schema.json': text('https://samtal.example/schema/solution.schema.json', SolutionFile),
  'scenario.schema.json': text('https://samtal.example/schema/scenario.schema.json', ScenarioFile),
}

export const schemaFolder = new URL('../docs/schema/', import.meta.url)

if (import.meta.main) for (const [file, content] of Object.entries(schemas)) await writeFile(new URL(file, schemaFolder), content)
