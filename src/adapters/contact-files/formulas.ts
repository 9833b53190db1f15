/**
 * OWASP, CSV Injection: what a spreadsheet would take for a formula begins with an apostrophe, which it does not show. So does what follows a
 * semicolon, for where the decimal sign is a comma (Sweden) a spreadsheet parts cells there, whatever is quoted.
 */
const FORMULA = /^(?= *[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?= *[=+\-@＝＋－＠])/gu
const GUARDED = /^'(?= *[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])'(?= *[=+\-@＝＋－＠])/gu

export const guarded = (cell: string): string => cell.replaceAll(FORMULA, "'")

/** What was meant: a spreadsheet shows `'+46…` as `+46…`, and our own exports write it so. */
export const unguarded = (cell: string): string => (cell.includes("'") ? cell.replaceAll(GUARDED, '') : cell)
