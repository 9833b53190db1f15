/** The keys of the desk, and the list of them that `?` opens. */
import { Dialog } from '../parts/Dialog.tsx'
import type { Act } from '../state/desk.ts'
import type { MessageId } from '../text/en.ts'
import { useText } from '../text/intl.tsx'

interface Shortcut {
  readonly key: string
  /** Of these, the one that can be done just now. */
  readonly acts: readonly Exclude<Act, 'pause'>[]
  readonly text: MessageId
}

export const SHORTCUTS: readonly Shortcut[] = [
  { key: 'a', acts: ['answer'], text: 'desk.shortcuts.answer' },
  { key: 'x', acts: ['reject'], text: 'desk.shortcuts.reject' },
  { key: 'h', acts: ['hangUp'], text: 'desk.shortcuts.hangUp' },
  { key: 'k', acts: ['cancel'], text: 'desk.shortcuts.cancel' },
  { key: 'm', acts: ['mute', 'unmute'], text: 'desk.shortcuts.mute' },
  { key: 'p', acts: ['hold', 'resume'], text: 'desk.shortcuts.hold' },
  { key: 'd', acts: ['digits'], text: 'desk.shortcuts.digits' },
  { key: 'c', acts: ['consult'], text: 'desk.shortcuts.consult' },
  { key: 's', acts: ['swap'], text: 'desk.shortcuts.swap' },
  { key: 't', acts: ['giveAway'], text: 'desk.shortcuts.giveAway' },
  { key: 'j', acts: ['conference'], text: 'desk.shortcuts.conference' },
  { key: 'b', acts: ['endConsult'], text: 'desk.shortcuts.back' },
  { key: 'r', acts: ['logOn', 'return', 'readyNow', 'ready', 'stayOn'], text: 'desk.shortcuts.ready' },
  { key: 'e', acts: ['extend'], text: 'desk.shortcuts.extend' },
]
export const TO_FIELD = 'n'

export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useText()
  const rows: readonly (readonly [string, MessageId])[] = [
    ...SHORTCUTS.map(({ key, text }) => [key.toUpperCase(), text] as const),
    [TO_FIELD.toUpperCase(), 'desk.shortcuts.number'],
    ['?', 'desk.shortcuts.help'],
  ]
  return (
    <Dialog title={t('desk.shortcuts')} onClose={onClose}>
      <dl className="shortcuts">
        {rows.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <div className="row end">
        <button type="button" className="btn lg" onClick={onClose}>
          {t('close')}
        </button>
      </div>
    </Dialog>
  )
}
