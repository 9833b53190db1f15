/**
 * One stay in a menu, in a prompt asking for digits, or in a message.
 *
 * none ──enter──▶ playing ──finish──▶ listening ──choose──▶ left
 *                  ▲  │                │  │
 *                  │  ├──choose────────┼──┼──▶ left
 *                  └──┴─wrong, silent──┘  └──gave up──▶ left
 * A message: playing ──finish──▶ left.
 */
import type { MenuFact } from '../facts.ts'
import { Bug, type CallId, type Decision, type LegId, type MenuId, type Ms, type PersonId } from '../kernel/kernel.ts'
import type { Target } from '../solution/solution.ts'

export type Fact = Extract<
  MenuFact,
  { type: 'menu.entered' | 'prompt.finished' | 'menu.keyingStarted' | 'menu.extensionAsked' | 'menu.repeated' | 'menu.left' }
>

export interface State {
  readonly menuId: MenuId
  readonly what: 'menu' | 'ordering' | 'message'
  readonly then: Target | null
  readonly personId: PersonId | null
  /** That number is a switchboard's; and where the extension keyed in is kept. */
  readonly switchboard: boolean
  readonly noteId: string | null
  /** Empty: the customer alone hears it. */
  readonly legs: readonly LegId[]
  readonly phase: 'playing' | 'listening'
  readonly tries: number
  readonly enteredAt: Ms
  /** What the network calls the prompt that plays now: from the call and the position of the fact that began it. */
  readonly playId: string
}

/** The prompt that asks for a number; entered at once, or from `callback.choose` without leaving it. */
export const ENTER = 'callback.enter'
/** The prompt that asks for an extension; entered at once, or without leaving the stay in which the number was chosen or keyed in. */
export const EXTENSION = 'callback.extension'

export interface Shape {
  readonly choices: readonly string[]
  readonly triesMax: number
  /** null: silence is judged elsewhere (digits being collected into a number). */
  readonly silenceMs: Ms | null
  /** The choice that leads to keying in a number within this stay. */
  readonly keyingChoice?: string
  /** The choice that takes a switchboard's number, and leads to keying in an extension within this stay. */
  readonly extensionChoice?: { readonly digit: string; readonly personId: PersonId }
  /** Digits sooner than this after the start are thrown away: a confirmation may not be given before it was heard. */
  readonly deafMs: Ms
}

export type Command =
  | { readonly type: 'press'; readonly digit: string }
  | { readonly type: 'finish' }
  | { readonly type: 'silence' }
  /** A number or an extension was keyed in: usable, or not. `behind`: the number is this switchboard's, and an extension is still wanted. */
  | { readonly type: 'enter'; readonly usable: boolean; readonly behind?: PersonId }
  | { readonly type: 'withdraw'; readonly how: 'hungUp' | 'withdrawn' }
export type Refusal = never

export function decide(menu: State, command: Command, shape: Shape, callId: CallId, at: Ms): Decision<Fact, Refusal> {
  const left = (how: Extract<Fact, { type: 'menu.left' }>['how'], choice?: string): readonly Fact[] => [
    { type: 'menu.left', callId, menuId: menu.menuId, how, ...(choice === undefined ? {} : { choice }) },
  ]
  const again = (why: 'silence' | 'wrong'): readonly Fact[] =>
    menu.tries + 1 >= shape.triesMax ? left('gaveUp') : [{ type: 'menu.repeated', callId, why, tries: menu.tries + 1 }]
  switch (command.type) {
    case 'press':
      if (menu.what === 'message') return menu.then === null ? [] : left('skipped')
      if (at < menu.enteredAt + shape.deafMs) return []
      if (shape.silenceMs === null) return []
      if (command.digit === shape.keyingChoice) return [{ type: 'menu.keyingStarted', callId }]
      if (command.digit === shape.extensionChoice?.digit)
        return [{ type: 'menu.extensionAsked', callId, personId: shape.extensionChoice.personId }]
      return shape.choices.includes(command.digit) ? left('choice', command.digit) : again('wrong')
    case 'finish':
      if (menu.what === 'message') return left('finished')
      if (menu.phase === 'listening') return []
      return [{ type: 'prompt.finished', callId, silentAt: shape.silenceMs === null ? null : at + shape.silenceMs }]
    case 'silence':
      return menu.phase === 'listening' && menu.what !== 'message' ? again('silence') : []
    case 'enter':
      if (menu.what !== 'ordering') throw new Bug(`a number keyed in where none was asked for, in call ${callId}`)
      if (!command.usable) return again('wrong')
      return command.behind === undefined ? left('entered') : [{ type: 'menu.extensionAsked', callId, personId: command.behind }]
    case 'withdraw':
      return left(command.how)
  }
}

export const initial = (fact: Extract<Fact, { type: 'menu.entered' }>, at: Ms, playId: string): State => ({
  menuId: fact.menuId,
  what: fact.what,
  then: fact.then ?? null,
  personId: fact.personId ?? null,
  switchboard: fact.switchboard ?? false,
  noteId: fact.noteId ?? null,
  legs: fact.legs ?? [],
  phase: 'playing',
  tries: 0,
  enteredAt: at,
  playId,
})

export function evolve(menu: State, fact: Exclude<Fact, { type: 'menu.entered' | 'menu.left' }>, playId: string): State {
  switch (fact.type) {
    case 'prompt.finished':
      return { ...menu, phase: 'listening' }
    case 'menu.keyingStarted':
      return { ...menu, menuId: ENTER, phase: 'playing', tries: 0, playId }
    case 'menu.extensionAsked':
      return { ...menu, menuId: EXTENSION, personId: fact.personId, phase: 'playing', tries: 0, playId }
    case 'menu.repeated':
      return { ...menu, phase: 'playing', tries: fact.tries, playId }
  }
}
