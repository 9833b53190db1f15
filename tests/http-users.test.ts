/** Accounts of people over HTTP, and the audit log as administrators read it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Session } from '#wire/session.ts'
import { AuditPage, User, Users, UserWithPassword } from '#wire/users.ts'
import { type Bed, openBed } from './http/bed.ts'
import { listen } from './http/listen.ts'

let bed: Bed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())
const admin = (method: 'GET' | 'POST' | 'PATCH', url: string, body?: unknown, headers?: Record<string, string>) =>
  bed.ask('admin', method, url, body, headers)
const signIn = async (user: string, password: string) => bed.ask(null, 'POST', 'session', { user, password })

describe('an account', () => {
  test('is made with a password shown once, that signs in to be changed', async () => {
    const made = (await admin('POST', 'users', { id: 'Nora', name: ' Nora N ', role: 'supervisor', queues: ['sales'] })).as(
      UserWithPassword,
    )
    expect(made).toMatchObject({
      id: 'Nora',
      name: 'Nora N',
      role: 'supervisor',
      queues: ['sales'],
      disabledAt: null,
      linked: false,
      signedInAt: null,
    })
    const session = await signIn('nora', made.password)
    expect(session.as(Session)).toMatchObject({ user: 'Nora', mustChangePassword: true, solution: { queues: [{ id: 'sales' }] } })
    const listed = await admin('GET', 'users')
    expect(listed.text).not.toContain(made.password)
    const nora = listed.as(Users).items.find(({ id }) => id === 'Nora')
    expect(nora?.signedInAt).not.toBeNull()
    expect(Date.parse(nora?.temporaryUntil ?? '')).toBeGreaterThan(Date.now() + 2 * 86_400_000)
    expect(JSON.stringify(bed.audit.rows)).not.toContain(made.password)
  })
  test.each([
    [{ id: 'anna', name: 'A', role: 'agent' }, 409, 'user.taken', 'id'],
    [{ id: 'ANNA', name: 'A', role: 'agent' }, 409, 'user.taken', 'id'],
    [{ id: 'x', name: 'X', role: 'agent', agentId: 'nobody' }, 422, 'user.agent', 'agentId'],
    [{ id: 'x', name: 'X', role: 'supervisor', queues: ['nowhere'] }, 422, 'user.queues', 'queues'],
    [{ id: 'x', name: 'X', role: 'campaignManager', queues: ['support'] }, 422, 'user.queues', 'queues'],
    [{ id: 'two words', name: 'X', role: 'agent' }, 400, 'request.invalid', 'id'],
    [{ id: 'x', name: ' ', role: 'agent' }, 400, 'request.invalid', 'name'],
    [{ id: 'x', name: 'X', role: 'king' }, 400, 'request.invalid', 'role'],
  ])('%j is refused', async (body, status, code, field) => {
    expect((await admin('POST', 'users', body)).json).toMatchObject({ status, code, field })
  })
  test('is changed; other rights sign it out at once, its open page too', async () => {
    const page = await listen(bed, 'sara')
    await page.first(({ type }) => type === 'snapshot')
    expect((await admin('PATCH', 'users/sara', { name: 'Sara Ström' })).as(User).name).toBe('Sara Ström')
    expect((await bed.ask('sara', 'GET', 'session')).as(Session).name).toBe('Sara Ström')
    expect((await admin('PATCH', 'users/SARA', { queues: null, agentId: 'saga' })).as(User)).toMatchObject({
      id: 'sara',
      queues: null,
      agentId: 'saga',
    })
    await page.ended
    expect((await bed.ask('sara', 'GET', 'session')).code).toBe('session.required')
    expect((await admin('PATCH', 'users/nobody', { name: 'N' })).code).toBe('user.unknown')
    expect((await admin('PATCH', 'users/sara', {})).code).toBe('request.invalid')
  })
  test('is written whole by a form: another name signs nobody out, a queue less does', async () => {
    const rights = { role: 'supervisor', agentId: null, queues: ['sales', 'support'] } as const
    await bed.accounts.addUser({ ...rights, name: 'olle', displayName: 'Olle', passwordHash: 'x' })
    const page = await listen(bed, 'olle')
    await page.first(({ type }) => type === 'snapshot')
    const renamed = (await admin('PATCH', 'users/olle', { ...rights, name: 'Olle Ö', queues: ['support', 'sales'], revision: 1 })).as(User)
    expect((await bed.ask('olle', 'GET', 'session')).as(Session).name).toBe('Olle Ö')
    const told = page.first((message) => message.type === 'agent' && message.agent.id === 'saga')
    await bed.ask('lena', 'PUT', 'agents/saga/state', { state: 'loggedOn' })
    expect(await Promise.race([told.then(() => 'goes on'), page.ended.then(() => 'ended')])).toBe('goes on')
    const pages = async () => /^samtal_stream_pages (\d+)/m.exec((await bed.ask(null, 'GET', '/metrics')).text)?.[1]
    expect(await pages()).toBe('1')
    await admin('PATCH', 'users/olle', { ...rights, name: 'Olle Ö', queues: ['sales'], revision: renamed.revision })
    // At once, and not only when it is looked whether sessions live.
    expect(await pages()).toBe('0')
    await page.ended
    expect((await bed.ask('olle', 'GET', 'session')).code).toBe('session.required')
  })
  test('is disabled at once and enabled again; given a password; signed out everywhere', async () => {
    const cookie = await bed.signedIn('bo')
    expect((await admin('POST', 'users/bo/disable')).as(User).disabledAt).not.toBeNull()
    expect((await bed.ask(null, 'GET', 'session', undefined, { cookie })).code).toBe('session.required')
    expect((await signIn('bo', 'correct horse battery')).code).toBe('session.refused')
    expect((await admin('POST', 'users/bo/enable')).as(User).disabledAt).toBeNull()
    const { password } = (await admin('POST', 'users/bo/password')).as(UserWithPassword)
    expect((await signIn('bo', 'correct horse battery')).code).toBe('session.refused')
    expect((await signIn('bo', password)).as(Session).mustChangePassword).toBe(true)
    expect((await admin('POST', 'users/bo/sign-out')).json).toEqual({ ended: 1 })
  })
  test('of the last administrator stays one, and can sign in', async () => {
    for (const [url, body] of [
      ['users/admin/disable', undefined],
      ['users/admin', { role: 'agent' }],
    ] as const)
      expect((await admin(body === undefined ? 'POST' : 'PATCH', url, body)).code).toBe('user.lastAdministrator')
    expect((await admin('GET', 'session')).as(Session).role).toBe('administrator')
  })
  test('made, changed and disabled, it is told in the log', () => {
    const told = bed.audit.rows
      .filter(({ on }) => on.some(({ kind, id }) => kind === 'user' && id.toLowerCase() === 'bo'))
      .map(({ what }) => what)
    for (const what of ['user.disabled', 'user.enabled', 'user.passwordReset', 'user.signedOut']) expect(told).toContain(what)
    const refused = bed.audit.rows.filter(({ outcome }) => outcome === 'user.lastAdministrator').map(({ what }) => what)
    expect(refused.sort()).toEqual(['user.changed', 'user.disabled'])
  })
})

describe('the audit log', () => {
  const read = async (query = '') => (await admin('GET', `audit?${query}`)).as(AuditPage)
  test('is read newest first, page after page, and tells of being read', async () => {
    const first = await read('limit=3')
    expect(first.items).toHaveLength(3)
    const second = await read(`limit=3&after=${first.next}`)
    expect(Math.max(...second.items.map(({ seq }) => seq))).toBeLessThan(Math.min(...first.items.map(({ seq }) => seq)))
    const [latest] = (await read('limit=1')).items
    expect(latest).toMatchObject({ what: 'audit.read', by: 'user', who: 'admin', name: 'Adam A', address: '127.0.0.1', outcome: 'done' })
  })
  test.each([
    ['who=admin&what=user', ({ who, what }: AuditPage['items'][number]) => who === 'admin' && what.startsWith('user.')],
    ['what=user.added', ({ what }: AuditPage['items'][number]) => what === 'user.added'],
    ['on=user:bo', ({ on }: AuditPage['items'][number]) => on.some(({ kind, id }) => kind === 'user' && id === 'bo')],
    ['outcome=refused', ({ outcome }: AuditPage['items'][number]) => outcome !== 'done'],
  ])('is searched: %s', async (query, holds) => {
    const { items } = await read(query)
    expect(items.length).toBeGreaterThan(0)
    expect(items.filter((item) => !holds(item))).toEqual([])
  })
  test('in a time there was nothing of, nothing', async () => {
    expect((await read('to=2020-01-01T00:00:00Z')).items).toEqual([])
    expect((await read('from=2099-01-01T00:00:00Z')).items).toEqual([])
  })
  test.each(['what=DROP%20TABLE', 'on=user', 'after=x', 'outcome=maybe', 'limit=0'])('not by %s', async (query) =>
    expect((await admin('GET', `audit?${query}`)).code).toBe('request.invalid'),
  )
  test('is exported whole, no cell of it a formula, and that is told', async () => {
    await bed.audit.write({
      at: Date.now(),
      by: 'commandLine',
      who: '=cmd',
      address: null,
      what: 'user.added',
      on: [],
      outcome: 'done',
      details: {},
    })
    const csv = await admin('GET', 'audit', undefined, { accept: 'text/csv' })
    const lines = csv.text.trimEnd().split('\r\n')
    expect(lines[0]).toBe('seq,at,by,who,name,address,what,on,outcome,details')
    expect(lines.length).toBeGreaterThan(10)
    expect(csv.text).toContain(",'=cmd,")
    expect(csv.headers['content-disposition']).toBe('attachment; filename="audit.csv"')
    const [latest] = (await read('what=audit.exported')).items
    expect(latest).toMatchObject({ details: { as: 'text/csv' } })
    const ndjson = await admin('GET', 'audit?what=audit.exported', undefined, { accept: 'application/x-ndjson' })
    expect(JSON.parse(ndjson.text.split('\n')[0] ?? '')).toMatchObject({ what: 'audit.exported', who: 'admin' })
  })
})
