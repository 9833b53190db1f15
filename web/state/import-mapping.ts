/** What the columns of a file are, while it is being said. Pure. */
import type { ImportLook, ImportMapping } from '#wire/contacts.ts'
import { CONTACT_FIELDS } from './campaigns.ts'

type Field = (typeof CONTACT_FIELDS)[number]
/** `own`: a column of the list's own; `skip`: not kept. */
export type Role = Field | 'own' | 'skip'

/** What they probably are, by their headings or as it was said the last time. */
export function rolesOf({ columns, mapping }: Pick<ImportLook, 'columns' | 'mapping'>): readonly Role[] {
  return columns.map((column) => {
    const field = CONTACT_FIELDS.find((one) => mapping[one] === column)
    if (field !== undefined) return field
    return mapping.skip?.includes(column) === true ? 'skip' : 'own'
  })
}

export type MappingWrong = { readonly wrong: 'noPhone' } | { readonly wrong: 'twice'; readonly field: Field }

export function mappingOf(columns: readonly string[], roles: readonly Role[]): ImportMapping | MappingWrong {
  const of = (role: Role): string[] => columns.filter((_, index) => roles[index] === role)
  for (const field of CONTACT_FIELDS) if (of(field).length > 1) return { wrong: 'twice', field }
  const [phone] = of('phone')
  if (phone === undefined) return { wrong: 'noPhone' }
  const skip = of('skip')
  return {
    ...Object.fromEntries(CONTACT_FIELDS.flatMap((field) => of(field).map((column) => [field, column]))),
    phone,
    ...(skip.length > 0 && { skip }),
  }
}
