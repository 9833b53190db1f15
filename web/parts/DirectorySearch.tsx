/**
 * Finding whom to call: a field with a list under it, as WAI-ARIA's combobox. Typing finds; arrow keys move, Enter chooses, Esc closes.
 * A number typed can be chosen as it is.
 */
import { type KeyboardEvent, useId, useState } from 'react'
import { type Choice, choicesOf, type Picked } from '../state/directory.ts'
import { useNumbers, useText } from '../text/intl.tsx'
import { Standing, useDirectory } from './directory.tsx'
import { Icon } from './Icon.tsx'
import { useSession } from './session.tsx'

export type { Picked } from '../state/directory.ts'

const SHOWN = 20
const ALL: readonly Picked['kind'][] = ['number', 'agent', 'queue']

function ChoiceRow({ choice }: { choice: Choice }) {
  const { t } = useText()
  const numbers = useNumbers()
  const { item, picked, label } = choice
  if (item === null) return <b className="num">{t('directory.dial', { number: picked.kind === 'number' ? picked.number : '' })}</b>
  if (item.kind !== 'contact') {
    return (
      <>
        <b className="grow clip">{item.name}</b>
        <Standing item={item} />
      </>
    )
  }
  return (
    <>
      <span className="grow clip">
        <b>{item.name}</b> {item.company !== null && <span className="muted s">{item.company}</span>}
      </span>
      <span className="num nowrap">
        {label !== null && <span className="faint s">{label} </span>}
        {picked.kind === 'number' ? numbers(picked.number) : ''}
      </span>
    </>
  )
}

function Options(props: {
  id: string
  choices: readonly Choice[]
  at: number
  optionId: (index: number) => string
  pick: (choice: Choice) => void
}) {
  const { t } = useText()
  return (
    <div id={props.id} role="listbox" aria-label={t('directory.find.options')} className="popup find-list">
      {props.choices.map((choice, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys, and the focus.
        <div
          key={choice.key}
          id={props.optionId(index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === props.at}
          className={index === props.at ? 'found-row sel' : 'found-row'}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => props.pick(choice)}
        >
          <ChoiceRow choice={choice} />
        </div>
      ))}
    </div>
  )
}

export function DirectorySearch(props: {
  /** Called with what was chosen; the field is emptied. */
  onPick: (picked: Picked) => void
  /** What may be chosen. Default: numbers, colleagues and queues. */
  kinds?: readonly Picked['kind'][]
  label?: string
}) {
  const { t } = useText()
  const session = useSession()
  const [typed, setTyped] = useState('')
  const [isOpen, setOpen] = useState(false)
  /** By key: what is found changes under it. */
  const [marked, setMarked] = useState<string | null>(null)
  const list = useId()
  const { items, found, q } = useDirectory(typed, SHOWN, isOpen && typed.trim() !== '')
  const kinds = props.kinds ?? ALL
  const choices = typed.trim() === '' ? [] : choicesOf(items, { typed, self: session.agentId, kinds })
  const at = choices.findIndex(({ key }) => key === marked)
  /** What is found so far may be of what was typed before: Enter takes it only where somebody has moved to it. */
  const isOfTyped = q === typed.trim() && found.isSuccess && !found.isPlaceholderData
  const isShown = isOpen && choices.length > 0
  const isNothing = isOpen && choices.length === 0 && q !== '' && isOfTyped
  const optionId = (index: number): string => `${list}-${index}`
  const pick = (choice: Choice): void => {
    props.onPick(choice.picked)
    setTyped('')
    setOpen(false)
    setMarked(null)
  }
  const mark = (index: number): void => setMarked(choices[index]?.key ?? null)
  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    const only = choices.length === 1 ? choices[0] : undefined
    const chosen = choices[at] ?? (isOfTyped || only?.item === null ? only : undefined)
    if (event.key === 'Escape' && isOpen) setOpen(false)
    else if (event.key === 'Enter' && isShown && chosen !== undefined) pick(chosen)
    else if (event.key === 'ArrowDown' && choices.length > 0) mark(isShown ? (at + 1) % choices.length : 0)
    else if (event.key === 'ArrowUp' && isShown) mark(at <= 0 ? choices.length - 1 : at - 1)
    else return
    if (event.key === 'ArrowDown') setOpen(true)
    event.preventDefault()
  }
  return (
    <div className="find-combo">
      <span className="field">
        <Icon name="find" />
        <input
          role="combobox"
          aria-label={props.label ?? t('directory.find.label')}
          aria-expanded={isShown}
          aria-controls={isShown ? list : undefined}
          aria-autocomplete="list"
          aria-activedescendant={isShown && at >= 0 ? optionId(at) : undefined}
          autoComplete="off"
          placeholder={t('directory.find')}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setOpen(true)
            setMarked(null)
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKey}
        />
      </span>
      {isShown && <Options id={list} choices={choices} at={at} optionId={optionId} pick={pick} />}
      <span className="said" role="status">
        {isNothing ? t('directory.none', { q }) : found.error !== null && isOpen ? t('error.offline') : ''}
      </span>
    </div>
  )
}
