/** What is refused, in the words people read. */
import { refusals } from '#wire/refusals.ts'

export const sentenceOf = (code: string): string => refusals[code]?.en ?? code

/** With the field it stands in, for whoever mends a file. */
export const refusedText = ({ refused, field }: { readonly refused: string; readonly field?: string }): string =>
  `${sentenceOf(refused)} (${field ?? refused})`
