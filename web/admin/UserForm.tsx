/** An account, made or changed: who it is, what it may do, and of which queues or campaigns. */
import { type FormEvent, useState } from 'react'
import type { Session } from '#wire/session.ts'
import type { CreateUser, User } from '#wire/users.ts'
import { adminApi } from '../admin-api.ts'
import { Refused } from '../api.ts'
import { isOvertaken, type Met, ReadAgain, useDraft, WasReadAgain } from '../parts/again.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { useIsHere, useOnce } from '../parts/once.ts'
import { useNames, useSession } from '../parts/session.tsx'
import { useText } from '../text/intl.tsx'
import { sentenceOf } from './Head.tsx'

const ROLES = ['agent', 'supervisor', 'campaignManager', 'administrator'] as const

/** What a role can be held to: a supervisor to queues, a campaign manager to campaigns. */
function placesFor(role: Session['role'], { queues, campaigns = [] }: Session['solution']) {
  if (role === 'supervisor') return [...queues.filter(({ id }) => id !== 'outbound'), ...campaigns]
  return role === 'campaignManager' ? campaigns : []
}

interface Written extends CreateUser {
  /** Of the account that was read; null: a new one. */
  readonly revision: number | null
  readonly agentId: string | null
  readonly queues: string[] | null
}

type Draft = Omit<Written, 'revision'>

const startOf = (user: User | null): Draft => ({
  id: user?.id ?? '',
  name: user?.name ?? '',
  role: user?.role ?? 'agent',
  agentId: user?.agentId ?? null,
  queues: user?.queues ?? null,
})

function Places({
  value,
  places,
  onChange,
}: {
  value: Draft
  places: ReturnType<typeof placesFor>
  onChange: (queues: string[] | null) => void
}) {
  const { t } = useText()
  if (places.length === 0) return null
  const { queues } = value
  const toggle = (id: string): void => onChange(queues?.includes(id) ? queues.filter((one) => one !== id) : [...(queues ?? []), id])
  return (
    <fieldset className="places">
      <legend>{t(value.role === 'supervisor' ? 'users.places.supervisor' : 'users.places.campaignManager')}</legend>
      <label className="check">
        <input type="checkbox" checked={queues === null} onChange={() => onChange(queues === null ? [] : null)} />
        {t('users.places.all')}
      </label>
      {queues !== null &&
        places.map(({ id, name }) => (
          <label key={id} className="check">
            <input type="checkbox" checked={queues.includes(id)} onChange={() => toggle(id)} />
            {name}
          </label>
        ))}
    </fieldset>
  )
}

interface Wrong {
  readonly sentence: string
  readonly field: string | undefined
  /** Somebody else has changed the account meanwhile. */
  readonly isOvertaken: boolean
}

/** Reads an account again, into words: what somebody else has changed of what was changed here too. */
function useReadAgain(id: string, rebase: (now: User) => readonly (keyof Draft)[]): () => Promise<readonly Met[]> {
  const { t } = useText()
  const names = useNames()
  const { solution } = useSession()
  const placeName = (place: string): string => solution.campaigns?.find((one) => one.id === place)?.name ?? names.queue(place)
  const LABELS = { id: 'users.id', name: 'users.name', role: 'users.role', agentId: 'users.agent', queues: 'users.col.places' } as const
  const lineOf = (field: keyof Draft, { id: own, name, role, agentId, queues }: User): string =>
    ({
      id: own,
      name,
      role: t(`role.${role}`),
      agentId: agentId === null ? t('users.agent.none') : names.agent(agentId),
      queues: queues === null ? t('users.places.all') : queues.map(placeName).join(', ') || t('users.places.none'),
    })[field]
  return async () => {
    const now = (await adminApi.users()).items.find((one) => one.id === id)
    if (now === undefined) throw new Error(t('users.gone'))
    return rebase(now).map((field) => ({ label: t(LABELS[field]), theirs: lineOf(field, now) }))
  }
}

/** `user`: as it is when the form opens; null, a new one. */
export function UserForm({ user, onClose, save }: { user: User | null; onClose: () => void; save: (written: Written) => Promise<void> }) {
  const { t } = useText()
  const { solution } = useSession()
  const { base, draft: value, setDraft: setValue, rebase } = useDraft(user, startOf)
  const [met, setMet] = useState<readonly Met[] | null>(null)
  const [wrong, setWrong] = useState<Wrong | null>(null)
  const readAgain = useReadAgain(value.id, rebase)
  const once = useOnce()
  const isHere = useIsHere()
  const set = (change: Partial<Draft>): void => setValue({ ...value, ...change })
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    setMet(null)
    const failed = (error: unknown): void =>
      setWrong({
        sentence: sentenceOf(error),
        field: error instanceof Refused ? error.field : undefined,
        isOvertaken: isOvertaken(error),
      })
    const written = { ...value, name: value.name.trim() || value.id, revision: base?.revision ?? null }
    once(() => save(written).then(() => isHere() && onClose(), failed))
  }
  const invalid = (field: string) => (wrong?.field === field ? { 'aria-invalid': true, 'aria-describedby': 'user-wrong' } : {})
  return (
    <Dialog title={user === null ? t('users.add') : t('users.change.title', { name: user.name })} onClose={onClose}>
      <form className="col g3 admin-form" onSubmit={onSubmit}>
        <label>
          {t('users.id')}
          <input
            className="input"
            required
            maxLength={100}
            pattern="[\p{L}\p{N}._@\-]+"
            autoComplete="off"
            readOnly={user !== null}
            {...invalid('id')}
            value={value.id}
            onChange={(event) => set({ id: event.target.value })}
          />
        </label>
        <label>
          {t('users.name')}
          <input
            className="input"
            maxLength={100}
            {...invalid('name')}
            value={value.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        </label>
        <label>
          {t('users.role')}
          <select
            className="input"
            value={value.role}
            onChange={(event) => set({ role: event.target.value as User['role'], queues: null })}
          >
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t(`role.${role}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('users.agent')}
          <select
            className="input"
            {...invalid('agentId')}
            value={value.agentId ?? ''}
            onChange={(event) => set({ agentId: event.target.value || null })}
          >
            <option value="">{t('users.agent.none')}</option>
            {solution.agents.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Places value={value} places={placesFor(value.role, solution)} onChange={(queues) => set({ queues })} />
        {wrong !== null && (
          <p id="user-wrong" className="trouble s" role="alert">
            {wrong.sentence}
          </p>
        )}
        {wrong?.isOvertaken === true && (
          <ReadAgain
            read={readAgain}
            onRead={(both) => {
              setWrong(null)
              setMet(both)
            }}
          />
        )}
        {met !== null && <WasReadAgain met={met} />}
        {user !== null && <p className="muted s">{t('users.change.text')}</p>}
        <div className="row end">
          <button type="button" className="btn lg" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className="btn lg pri">
            {t(user === null ? 'users.add.do' : 'users.change.do')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
