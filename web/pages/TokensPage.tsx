/** What programs sign in with: made with scopes and an end, shown once, withdrawn. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Token } from '#wire/tokens.ts'
import { AdminHead, SecretShown, sentenceOf } from '../admin/Head.tsx'
import { adminApi } from '../admin-api.ts'
import { CardTable } from '../parts/CardTable.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { useNow, useTitle } from '../parts/hooks.ts'
import { Icon } from '../parts/Icon.tsx'
import { Notice, Trouble } from '../parts/Notice.tsx'
import { useIsHere, useOnce } from '../parts/once.ts'
import { administrates, useSession } from '../parts/session.tsx'
import { msOf } from '../state/shown.ts'
import { endOf } from '../state/zone.ts'
import { useText, useTimes } from '../text/intl.tsx'

type Scope = Token['scopes'][number]

/** Every one there is, in the order of the form: the type lets none be left out. */
const SCOPES = Object.keys({
  'calls.read': true,
  'calls.dial': true,
  'callbacks.order': true,
  'campaigns.read': true,
  'campaigns.write': true,
  'contacts.read': true,
  'contacts.import': true,
  'doNotCall.read': true,
  'doNotCall.write': true,
  'directory.read': true,
  'metrics.read': true,
} satisfies Record<Scope, true>) as readonly Scope[]

function CreateForm({ onClose, onMade }: { onClose: () => void; onMade: (name: string, secret: string) => void }) {
  const { t } = useText()
  const { solution } = useSession()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly string[]>([])
  const [lastDay, setLastDay] = useState('')
  const [wrong, setWrong] = useState<string | null>(null)
  const once = useOnce()
  const isHere = useIsHere()
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    if (scopes.length === 0) {
      setWrong(t('tokens.noScope'))
      return
    }
    const ends = endOf(lastDay, solution.zone)
    const asked = { name: name.trim(), scopes, ...(ends !== null && { endsAt: new Date(ends).toISOString() }) }
    const made = ({ secret }: { readonly secret: string }): void => {
      if (isHere()) onClose()
      onMade(asked.name, secret)
    }
    once(() => adminApi.createToken(asked).then(made, (error: unknown) => setWrong(sentenceOf(error))))
  }
  const toggle = (scope: string): void => setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope])
  return (
    <Dialog title={t('tokens.add')} onClose={onClose}>
      <form className="col g3 admin-form" onSubmit={onSubmit}>
        <label>
          {t('tokens.name')}
          <input
            className="input"
            required
            maxLength={100}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <fieldset className="places">
          <legend>{t('tokens.scopes')}</legend>
          {SCOPES.map((scope) => (
            <label key={scope} className="check">
              <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} />
              {t(`tokens.scope.${scope}`)}
            </label>
          ))}
        </fieldset>
        <label>
          {t('tokens.lastDay')}
          <input className="input" type="date" value={lastDay} onChange={(event) => setLastDay(event.target.value)} />
        </label>
        {wrong !== null && (
          <p className="trouble s" role="alert">
            {wrong}
          </p>
        )}
        <div className="row end">
          <button type="button" className="btn lg" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className="btn lg pri">
            {t('tokens.add.do')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function Withdraw({ token, onClose, onDone }: { token: Token; onClose: () => void; onDone: (said: string) => void }) {
  const { t } = useText()
  const [wrong, setWrong] = useState<string | null>(null)
  const once = useOnce()
  const isHere = useIsHere()
  const withdrawn = (): void => {
    if (isHere()) onClose()
    onDone(t('tokens.withdraw.done', { name: token.name }))
  }
  const act = (): void => once(() => adminApi.withdrawToken(token.id).then(withdrawn, (error: unknown) => setWrong(sentenceOf(error))))
  return (
    <Dialog title={t('tokens.withdraw.title', { name: token.name })} onClose={onClose}>
      <p>{t('tokens.withdraw.text')}</p>
      {wrong !== null && (
        <p className="trouble" role="alert">
          {wrong}
        </p>
      )}
      <div className="row end">
        <button type="button" className="btn lg" onClick={onClose}>
          {t('cancel')}
        </button>
        <button type="button" className="btn lg dan" onClick={act}>
          {t('tokens.withdraw')}
        </button>
      </div>
    </Dialog>
  )
}

function Standing({ token, now }: { token: Token; now: number }) {
  const { t } = useText()
  if (token.withdrawnAt !== null) return <span className="badge del">{t('tokens.withdrawn')}</span>
  return msOf(token.endsAt) <= now ? (
    <span className="badge del">{t('tokens.ended')}</span>
  ) : (
    <span className="muted">{t('tokens.active')}</span>
  )
}

const HEADS = ['name', 'scopes', 'standing', 'endsAt', 'usedAt', 'createdBy'] as const

function Table({ tokens, onWithdraw }: { tokens: readonly Token[]; onWithdraw: (token: Token) => void }) {
  const { t } = useText()
  const times = useTimes()
  const now = useNow(60_000)
  return (
    <CardTable of="tokens" labelledBy="admin-title" heads={HEADS} acts={t('tokens.withdraw')}>
      {tokens.map((token) => (
        <tr key={token.id}>
          <th scope="row">{token.name}</th>
          <td className="muted what">{token.scopes.map((scope) => t(`tokens.scope.${scope}`)).join(', ')}</td>
          <td className="nowrap standing">
            <Standing token={token} now={now} />
          </td>
          <td className="num nowrap" data-label={t('tokens.col.endsAt')}>
            {times.shortDate(msOf(token.endsAt))}
          </td>
          <td className="num nowrap muted" data-label={t('tokens.col.usedAt')}>
            {token.usedAt === null ? t('tokens.never') : times.shortDate(msOf(token.usedAt))}
          </td>
          <td className="muted" data-label={t('tokens.col.createdBy')}>
            {token.createdBy}
          </td>
          <td className="r acts">
            {token.withdrawnAt === null && msOf(token.endsAt) > now && (
              <button type="button" className="btn" onClick={() => onWithdraw(token)}>
                {t('tokens.withdraw')}
                <span className="vh"> {token.name}</span>
              </button>
            )}
          </td>
        </tr>
      ))}
    </CardTable>
  )
}

export function TokensPage() {
  const { t } = useText()
  const client = useQueryClient()
  const isAllowed = administrates(useSession())
  const found = useQuery({ queryKey: ['tokens'], queryFn: adminApi.tokens, enabled: isAllowed })
  const [isAdding, setAdding] = useState(false)
  const [made, setMade] = useState<{ readonly name: string; readonly secret: string } | null>(null)
  const [withdrawing, setWithdrawing] = useState<Token | null>(null)
  const [said, setSaid] = useState('')
  useTitle(t('admin.tokens'))
  if (!isAllowed) return <Notice alone>{t('state.forbidden')}</Notice>
  const changed = (sentence: string): void => {
    setSaid(sentence)
    void client.invalidateQueries({ queryKey: ['tokens'] })
  }
  return (
    <>
      <AdminHead title={t('admin.tokens')} sub={t('tokens.sub')} said={said}>
        <button type="button" className="btn pri tall" onClick={() => setAdding(true)}>
          <Icon name="plus" /> {t('tokens.add')}
        </button>
      </AdminHead>
      {found.error !== null && <Trouble error={found.error} retry={() => void found.refetch()} />}
      {found.data === undefined && found.error === null && <Notice busy>{t('state.loading')}</Notice>}
      {found.data?.items.length === 0 && (
        <section className="card">
          <Notice>{t('tokens.none')}</Notice>
        </section>
      )}
      {found.data !== undefined && found.data.items.length > 0 && <Table tokens={found.data.items} onWithdraw={setWithdrawing} />}
      {isAdding && (
        <CreateForm
          onClose={() => setAdding(false)}
          onMade={(name, secret) => {
            changed(t('tokens.add.done', { name }))
            setMade({ name, secret })
          }}
        />
      )}
      {made !== null && (
        <Dialog title={t('tokens.add.done', { name: made.name })} onClose={() => setMade(null)}>
          <div className="col g3">
            <SecretShown label={t('tokens.secret')} secret={made.secret} hint={t('tokens.secret.hint')} />
            <div className="row end">
              <button type="button" className="btn lg" onClick={() => setMade(null)}>
                {t('close')}
              </button>
            </div>
          </div>
        </Dialog>
      )}
      {withdrawing !== null && <Withdraw token={withdrawing} onClose={() => setWithdrawing(null)} onDone={changed} />}
    </>
  )
}
