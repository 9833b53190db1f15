/** Everybody who has an account: made, changed, given a new password, signed out, kept out. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { User } from '#wire/users.ts'
import { AdminHead, SecretShown, sentenceOf } from '../admin/Head.tsx'
import { UserForm } from '../admin/UserForm.tsx'
import { adminApi } from '../admin-api.ts'
import { CardTable } from '../parts/CardTable.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { useIsHere, useOnce } from '../parts/once.ts'
import { Popup } from '../parts/Popup.tsx'
import { administrates, useNames, useSession } from '../parts/session.tsx'
import { msOf } from '../state/shown.ts'
import { useText, useTimes } from '../text/intl.tsx'

/** What can be done to an account; each is asked about before it is done. */
const DEEDS = ['password', 'signOut', 'disable', 'enable'] as const
type Deed = (typeof DEEDS)[number]

const deedsFor = (user: User): readonly Deed[] => DEEDS.filter((deed) => deed !== (user.disabledAt === null ? 'enable' : 'disable'))

interface Doing {
  readonly user: User
  readonly deed: Deed
}

interface AskProps {
  readonly doing: Doing
  readonly onClose: () => void
  readonly onDone: (said: string) => void
  /** Told this once, also to whoever has closed the question meanwhile: the password before is no longer good. */
  readonly onPassword: (said: string, password: string) => void
}

function Ask({ doing, onClose, onDone, onPassword }: AskProps) {
  const { t } = useText()
  const times = useTimes()
  const { user, deed } = doing
  const [wrong, setWrong] = useState<string | null>(null)
  const once = useOnce()
  const isHere = useIsHere()
  /** Gives how to tell that it is done. */
  const act = async (): Promise<() => void> => {
    if (deed === 'password') {
      const { password } = await adminApi.resetPassword(user.id)
      return () => onPassword(t('users.password.done', { name: user.name }), password)
    }
    if (deed === 'signOut') {
      const { ended } = await adminApi.signOut(user.id)
      return () => onDone(t('users.signOut.done', { name: user.name, count: ended, n: times.count(ended) }))
    }
    await adminApi[deed](user.id)
    return () => onDone(t(`users.${deed}.done`, { name: user.name }))
  }
  const done = (tell: () => void): void => {
    if (isHere()) onClose()
    tell()
  }
  return (
    <Dialog title={t(`users.${deed}.title`, { name: user.name })} onClose={onClose}>
      <div className="col g3">
        <p>{t(`users.${deed}.text`)}</p>
        {wrong !== null && (
          <p className="trouble" role="alert">
            {wrong}
          </p>
        )}
        <div className="row end">
          <button type="button" className="btn lg" onClick={onClose}>
            {t('cancel')}
          </button>
          <button
            type="button"
            className={deed === 'enable' ? 'btn lg pri' : 'btn lg dan'}
            onClick={() => once(() => act().then(done, (error: unknown) => setWrong(sentenceOf(error))))}
          >
            {t(`users.${deed}`)}
          </button>
        </div>
      </div>
    </Dialog>
  )
}

function Standing({ user }: { user: User }) {
  const { t } = useText()
  const times = useTimes()
  if (user.disabledAt !== null) return <span className="badge del">{t('users.disabled')}</span>
  if (user.temporaryUntil !== null)
    return <span className="badge">{t('users.temporaryUntil', { date: times.shortDate(msOf(user.temporaryUntil)) })}</span>
  return <span className="muted">{t(user.linked ? 'users.linked' : 'users.active')}</span>
}

function Row({ user, onChange, onAsk }: { user: User; onChange: () => void; onAsk: (deed: Deed) => void }) {
  const { t } = useText()
  const times = useTimes()
  const names = useNames()
  const { solution } = useSession()
  const placeName = (id: string): string => solution.campaigns?.find((one) => one.id === id)?.name ?? names.queue(id)
  return (
    <tr>
      <th scope="row">
        {user.name} <span className="faint s">{user.id}</span>
      </th>
      <td className="what">{t(`role.${user.role}`)}</td>
      <td className={user.queues === null ? 'muted none' : 'muted'} data-label={t('users.col.places')}>
        {user.queues === null ? '–' : user.queues.map(placeName).join(', ') || t('users.places.none')}
      </td>
      <td className={user.agentId === null ? 'muted none' : 'muted'} data-label={t('users.col.agent')}>
        {user.agentId === null ? '–' : names.agent(user.agentId)}
      </td>
      <td className="standing">
        <Standing user={user} />
      </td>
      <td className="num nowrap muted" data-label={t('users.col.signedIn')}>
        {user.signedInAt === null ? t('users.never') : times.shortDate(msOf(user.signedInAt))}
      </td>
      <td className="r nowrap acts">
        <span className="row g2 end">
          <button type="button" className="btn" onClick={onChange}>
            {t('users.change')}
            <span className="vh"> {user.name}</span>
          </button>
          <Popup
            className="btn"
            right
            over
            label={
              <>
                {t('users.more')}
                <span className="vh"> {user.name}</span> <Icon name="down" />
              </>
            }
          >
            {(close) => (
              <div className="options">
                {deedsFor(user).map((deed) => (
                  <button
                    key={deed}
                    type="button"
                    className="btn ghost left"
                    onClick={() => {
                      close()
                      onAsk(deed)
                    }}
                  >
                    {t(`users.${deed}`)}
                  </button>
                ))}
              </div>
            )}
          </Popup>
        </span>
      </td>
    </tr>
  )
}

const HEADS = ['name', 'role', 'places', 'agent', 'standing', 'signedIn'] as const

function Table({ users, onChange, onAsk }: { users: readonly User[]; onChange: (user: User) => void; onAsk: (doing: Doing) => void }) {
  const { t } = useText()
  return (
    <CardTable of="users" labelledBy="admin-title" heads={HEADS} acts={t('users.more')}>
      {users.map((user) => (
        <Row key={user.id} user={user} onChange={() => onChange(user)} onAsk={(deed) => onAsk({ user, deed })} />
      ))}
    </CardTable>
  )
}

export function UsersPage() {
  const { t } = useText()
  const session = useSession()
  const client = useQueryClient()
  const isAllowed = administrates(session)
  const found = useQuery({ queryKey: ['users'], queryFn: adminApi.users, enabled: isAllowed })
  const [editing, setEditing] = useState<User | 'new' | null>(null)
  const [doing, setDoing] = useState<Doing | null>(null)
  const [made, setMade] = useState<{ readonly title: string; readonly password: string } | null>(null)
  const [said, setSaid] = useState('')
  useTitle(t('admin.users'))
  if (!isAllowed) return <Notice alone>{t('state.forbidden')}</Notice>
  const done = (sentence: string): void => {
    setSaid(sentence)
    void client.invalidateQueries({ queryKey: ['users'] })
  }
  const passwordMade = (title: string, password: string): void => {
    done(title)
    setMade({ title, password })
  }
  return (
    <>
      <AdminHead title={t('admin.users')} sub={t('users.sub')} said={said}>
        <button type="button" className="btn pri tall" onClick={() => setEditing('new')}>
          <Icon name="plus" /> {t('users.add')}
        </button>
      </AdminHead>
      {found.error !== null && <Trouble error={found.error} retry={() => void found.refetch()} />}
      {found.data === undefined && found.error === null && <Notice busy>{t('state.loading')}</Notice>}
      {found.data !== undefined && <Table users={found.data.items} onChange={setEditing} onAsk={setDoing} />}
      {editing !== null && (
        <UserForm
          user={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          save={async ({ id, revision, ...written }) => {
            if (revision !== null) {
              await adminApi.changeUser(id, { ...written, revision })
              return done(t('users.change.done', { name: written.name }))
            }
            const { name, password } = await adminApi.createUser({ id, ...written })
            passwordMade(t('users.add.done', { name }), password)
          }}
        />
      )}
      {doing !== null && <Ask doing={doing} onClose={() => setDoing(null)} onDone={done} onPassword={passwordMade} />}
      {made !== null && (
        <Dialog title={made.title} onClose={() => setMade(null)}>
          <div className="col g3">
            <SecretShown label={t('users.temporary')} secret={made.password} hint={t('users.temporary.hint')} />
            <div className="row end">
              <button type="button" className="btn lg" onClick={() => setMade(null)}>
                {t('close')}
              </button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  )
}
