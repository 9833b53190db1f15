/**
 * Tables in tests: every state against every command, drawn as text, so that a machine is seen whole.
 * A cell holds the types of the facts, joined by ` + `; `✗ code` for a refusal; `–` for nothing, lawfully; `bug` for what cannot happen.
 */
import { Bug, type Decision, isRefused } from './kernel.ts'

export type Table = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Reads a drawn table: the first line names the columns, the first cell of each further line its row. */
export function tableOf(text: string): Table {
  const lines = text
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length > 1)
  const [header, ...rows] = lines
  const table: Record<string, Record<string, string>> = {}
  for (const [name = '', ...cells] of rows) {
    if (name in table) throw new Bug(`two rows are called ${name}`)
    if (cells.length !== (header?.length ?? 0) - 1) throw new Bug(`row ${name} has ${cells.length} cells`)
    table[name] = Object.fromEntries(cells.map((cell, index) => [header?.[index + 1] ?? '', cell]))
  }
  return table
}

/** What the rules say to every command in every state, in the same form. `short` is left out of every cell. */
export function answers<S, C>(
  states: Readonly<Record<string, S>>,
  commands: Readonly<Record<string, C>>,
  decide: (state: S, command: C) => Decision<{ readonly type: string }, string>,
  short = '',
): Table {
  const row = (state: S): Record<string, string> =>
    Object.fromEntries(Object.entries(commands).map(([name, command]) => [name, told(() => decide(state, command)).replaceAll(short, '')]))
  return Object.fromEntries(Object.entries(states).map(([name, state]) => [name, row(state)]))
}

function told(decide: () => Decision<{ readonly type: string }, string>): string {
  try {
    const decision = decide()
    if (isRefused(decision)) return `✗ ${decision.refused}`
    return decision.length === 0 ? '–' : decision.map((fact) => fact.type).join(' + ')
  } catch (error) {
    if (error instanceof Bug) return 'bug'
    throw error
  }
}
