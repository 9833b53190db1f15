/** A schema's faults as sentences for people, each at its field. */
import type { TSchema } from 'typebox'
import type { Validator } from 'typebox/compile'
import type { FileError, Path, Places } from './places.ts'

interface Fault {
  readonly keyword: string
  readonly instancePath: string
  readonly params: object
}

/** More than this help nobody: mend some and read again. */
const FAULTS_MAX = 20

const TYPES: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object { … }',
  array: 'a list [ … ]',
  null: 'null',
}

const steps = (pointer: string, value: unknown): Path => {
  let at = value
  return pointer
    .split('/')
    .slice(1)
    .map((raw) => {
      const step = raw.replaceAll('~1', '/').replaceAll('~0', '~')
      const key = Array.isArray(at) ? Number(step) : step
      at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined
      return key
    })
}

const shown = (value: unknown): string =>
  Array.isArray(value) ? value.map((one) => JSON.stringify(one)).join(', ') : JSON.stringify(value)

/** The sentence of one fault; null where another fault at the same place says it better. */
function sentence({ keyword, params }: Fault): string | null {
  const of = (name: string): unknown => Reflect.get(params, name)
  switch (keyword) {
    case 'type':
      return `should be ${[of('type')]
        .flat()
        .map((type) => TYPES[String(type)] ?? String(type))
        .join(' or ')}`
    case 'minimum':
    case 'exclusiveMinimum':
      return `should be ${shown(of('limit'))} or more`
    case 'maximum':
    case 'exclusiveMaximum':
      return `should be ${shown(of('limit'))} or less`
    case 'enum':
      return `should be one of ${shown(of('allowedValues'))}`
    case 'const':
      return `should be ${shown(of('allowedValue'))}`
    case 'pattern':
      return `is not written as it should be (${shown(of('pattern'))})`
    case 'minLength':
      return 'should not be empty'
    case 'maxLength':
      return `should have ${shown(of('limit'))} characters at most`
    case 'minItems':
    case 'minProperties':
      return `should have ${shown(of('limit'))} or more in it`
    case 'maxItems':
    case 'maxProperties':
      return `should have ${shown(of('limit'))} at most in it`
    case 'anyOf':
    case 'boolean':
    case 'additionalProperties':
    case 'required':
      return null
    default:
      return `is not as it should be (${keyword})`
  }
}

/** Every fault the schema finds in a value that stands under `under` in the file. */
export function schemaFaults<T extends TSchema>(
  check: Validator<Record<never, never>, T>,
  value: unknown,
  places: Places,
  under: Path,
): FileError[] {
  const found: FileError[] = []
  const said = new Set<string>()
  const add = (path: Path, message: string, name = false) => {
    const fault = places.fault([...under, ...path], message, name)
    if (said.has(fault.field) || found.length >= FAULTS_MAX) return
    said.add(fault.field)
    found.push(fault)
  }
  for (const fault of check.Errors(value)) {
    const path = steps(fault.instancePath, value)
    const list = (name: string): string[] => [Reflect.get(fault.params, name)].flat().map(String)
    if (fault.keyword === 'required') for (const name of list('requiredProperties')) add([...path, name], `"${name}" is missing`)
    else if (fault.keyword === 'additionalProperties') {
      for (const name of list('additionalProperties')) add([...path, name], `"${name}" is not known here`, true)
    } else {
      const message = sentence(fault)
      if (message !== null) add(path, message)
    }
  }
  return found.sort((a, b) => a.line - b.line || a.column - b.column)
}
