import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isRefused } from '../kernel/kernel.ts'
import { answers, tableOf } from '../kernel/table.support.ts'
import { type Command, decide, ENTER, EXTENSION, evolve, type Fact, initial, type Shape, type State } from './menu.ts'

const entered = (menuId: string, what: State['what'], then: State['then'] = null): State =>
  initial({ type: 'menu.entered', callId: 'c1', menuId, what, then }, 10_000, 'c1.3')
const heard = (menu: State): State => evolve(menu, { type: 'prompt.finished', callId: 'c1', silentAt: 20_000 }, 'c1.4')

/** A menu with the choices 1 and 2, three tries, five seconds of patience. */
const plain: Shape = { choices: ['1', '2'], triesMax: 3, silenceMs: 5_000, deafMs: 0 }
const choosing: Shape = { choices: ['1', '*'], triesMax: 3, silenceMs: 5_000, deafMs: 0, keyingChoice: '2' }
const confirming: Shape = { choices: ['1', '*'], triesMax: 3, silenceMs: 5_000, deafMs: 500 }
const keying: Shape = { choices: [], triesMax: 3, silenceMs: null, deafMs: 0 }

const menu = entered('main', 'menu')
const choose = entered('callback.choose', 'ordering')
const message = entered('closed', 'message', { queue: 'support' })
const lastWords = entered('closed', 'message')

const states = {
  'menu, playing': menu,
  'menu, listening': heard(menu),
  'ordering, playing': choose,
  'ordering, listening': heard(choose),
  'message, leads on': message,
  'message, then the end': lastWords,
} satisfies Record<
  `${Exclude<State['what'], 'message'>}, ${State['phase']}` | `${Extract<State['what'], 'message'>}, ${'leads on' | 'then the end'}`,
  State
>
const types = {
  press: [
    ['press 1', { type: 'press', digit: '1' }],
    ['press 9', { type: 'press', digit: '9' }],
  ],
  finish: [['finish', { type: 'finish' }]],
  silence: [['silence', { type: 'silence' }]],
  enter: [
    ['enter good', { type: 'enter', usable: true }],
    ['enter bad', { type: 'enter', usable: false }],
  ],
  withdraw: [['withdraw', { type: 'withdraw', how: 'hungUp' }]],
} satisfies Record<Command['type'], readonly (readonly [string, Command])[]>
const commands: Readonly<Record<string, Command>> = Object.fromEntries(Object.values(types).flat())

const shapeOf = (state: State): Shape => (state.what === 'ordering' ? choosing : plain)
const told = (state: State, command: Command, shape: Shape, at = 12_000): readonly Fact[] => {
  const decision = decide(state, command, shape, 'c1', at)
  if (isRefused(decision)) throw new Error('a menu refuses nothing')
  return decision
}

describe('a stay in a menu', () => {
  it('answers every command in every state', () => {
    expect(answers(states, commands, (state, command) => decide(state, command, shapeOf(state), 'c1', 12_000))).toEqual(
      tableOf(`
                              | press 1   | press 9       | finish          | silence       | enter good | enter bad     | withdraw
        menu, playing         | menu.left | menu.repeated | prompt.finished | –             | bug        | bug           | menu.left
        menu, listening       | menu.left | menu.repeated | –               | menu.repeated | bug        | bug           | menu.left
        ordering, playing     | menu.left | menu.repeated | prompt.finished | –             | menu.left  | menu.repeated | menu.left
        ordering, listening   | menu.left | menu.repeated | –               | menu.repeated | menu.left  | menu.repeated | menu.left
        message, leads on     | menu.left | menu.left     | menu.left       | –             | bug        | bug           | menu.left
        message, then the end | –         | –             | menu.left       | –             | bug        | bug           | menu.left
      `),
    )
  })
})

const script = fc.array(
  fc.oneof(
    fc.constantFrom('0', '1', '2', '9', '*', '#').map((digit): Command => ({ type: 'press', digit })),
    fc.constantFrom<Command>({ type: 'finish' }, { type: 'silence' }),
  ),
  { minLength: 40, maxLength: 80 },
)

describe('whatever is pressed, and whenever', () => {
  it('a menu is left at most once, after at most as many wrong digits and silences as it has tries, and repeats count up', () => {
    fc.assert(
      fc.property(script, fc.integer({ min: 1, max: 5 }), (commands, triesMax) => {
        const shape = { ...plain, triesMax }
        let state: State = menu
        let failures = 0
        for (const command of commands) {
          const [fact, ...more] = told(state, command, shape)
          expect(more).toEqual([])
          if (fact === undefined) continue
          if (fact.type === 'menu.left') {
            expect(fact.how).toBe(failures + 1 === triesMax && fact.choice === undefined ? 'gaveUp' : 'choice')
            return
          }
          if (fact.type === 'menu.repeated') failures += 1
          if (fact.type === 'menu.repeated') expect(fact.tries).toBe(failures)
          expect(failures).toBeLessThan(triesMax)
          if (fact.type !== 'menu.entered') state = evolve(state, fact, 'c1.9')
        }
      }),
    )
  })
})

describe('the story of a stay', () => {
  it('a digit interrupts the prompt: the choice is taken while it plays', () => {
    expect(told(menu, { type: 'press', digit: '2' }, plain)).toEqual([
      { type: 'menu.left', callId: 'c1', menuId: 'main', how: 'choice', choice: '2' },
    ])
  })

  it('silence counts from the end of the prompt', () => {
    expect(told(menu, { type: 'finish' }, plain, 30_000)).toEqual([{ type: 'prompt.finished', callId: 'c1', silentAt: 35_000 }])
  })

  it('the third wrong digit or silence is the way out', () => {
    const second = { ...heard(menu), tries: 2 }
    expect(told(second, { type: 'silence' }, plain)).toEqual([{ type: 'menu.left', callId: 'c1', menuId: 'main', how: 'gaveUp' }])
    expect(told({ ...heard(menu), tries: 1 }, { type: 'press', digit: '9' }, plain)).toEqual([
      { type: 'menu.repeated', callId: 'c1', why: 'wrong', tries: 2 },
    ])
  })

  it('a digit typed ahead is thrown away before a confirmation', () => {
    const readBack = entered('callback.readBack', 'ordering')
    expect(told(readBack, { type: 'press', digit: '1' }, confirming, 10_000)).toEqual([])
    expect(told(readBack, { type: 'press', digit: '1' }, confirming, 10_499)).toEqual([])
    expect(told(readBack, { type: 'press', digit: '1' }, confirming, 10_500)).toMatchObject([{ how: 'choice', choice: '1' }])
  })

  it('2 for another number: keyed in within the same stay, with three tries of its own', () => {
    const tried = { ...heard(choose), tries: 2 }
    expect(told(tried, { type: 'press', digit: '2' }, choosing)).toEqual([{ type: 'menu.keyingStarted', callId: 'c1' }])
    expect(evolve(tried, { type: 'menu.keyingStarted', callId: 'c1' }, 'c1.7')).toMatchObject({
      menuId: ENTER,
      phase: 'playing',
      tries: 0,
      enteredAt: 10_000,
      playId: 'c1.7',
    })
  })

  it('while a number is keyed in, digits and silence are judged elsewhere', () => {
    const enter = entered(ENTER, 'ordering')
    expect(told(enter, { type: 'press', digit: '7' }, keying)).toEqual([])
    expect(told(enter, { type: 'finish' }, keying)).toEqual([{ type: 'prompt.finished', callId: 'c1', silentAt: null }])
  })

  it('a number that cannot be called: asked again, and out the third time', () => {
    const enter = entered(ENTER, 'ordering')
    expect(told(enter, { type: 'enter', usable: false }, keying)).toMatchObject([{ type: 'menu.repeated', why: 'wrong', tries: 1 }])
    expect(told({ ...enter, tries: 2 }, { type: 'enter', usable: false }, keying)).toMatchObject([{ type: 'menu.left', how: 'gaveUp' }])
    expect(told(enter, { type: 'enter', usable: true }, keying)).toMatchObject([{ type: 'menu.left', how: 'entered' }])
  })

  it('a switchboard’s number, chosen or keyed in: the extension is keyed in within the same stay, with three tries of its own', () => {
    const shape = { ...choosing, extensionChoice: { digit: '1', personId: 'p1' } }
    const tried = { ...heard(choose), tries: 2 }
    const asked = { type: 'menu.extensionAsked', callId: 'c1', personId: 'p1' } as const
    expect(told(tried, { type: 'press', digit: '1' }, shape)).toEqual([asked])
    expect(told(entered(ENTER, 'ordering'), { type: 'enter', usable: true, behind: 'p1' }, keying)).toEqual([asked])
    expect(told(entered(ENTER, 'ordering'), { type: 'enter', usable: false, behind: 'p1' }, keying)).toMatchObject([{ why: 'wrong' }])
    expect(evolve(tried, asked, 'c1.7')).toMatchObject({
      menuId: EXTENSION,
      personId: 'p1',
      phase: 'playing',
      tries: 0,
      enteredAt: 10_000,
      playId: 'c1.7',
    })
  })

  it('hung up in it', () => {
    expect(told(menu, { type: 'withdraw', how: 'hungUp' }, plain)).toEqual([
      { type: 'menu.left', callId: 'c1', menuId: 'main', how: 'hungUp' },
    ])
  })
})
