/** Two people write one campaign or one account over HTTP: whoever read it before the other wrote is told, and loses nobody's work. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Campaign } from '#wire/campaigns.ts'
import { User, Users } from '#wire/users.ts'
import { type Bed, openBed } from './http/bed.ts'
import { ALWAYS, makeCampaign } from './http/lists.ts'

let bed: Bed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

describe('a campaign', () => {
  const read = async (id: string) => (await bed.ask('maja', 'GET', `campaigns/${id}`)).as(Campaign)
  const write = (id: string, { settings, revision }: Pick<Campaign, 'settings' | 'revision'>, change: object) =>
    bed.ask('admin', 'PUT', `campaigns/${id}`, { ...settings, ...change, revision })

  test('read before somebody else wrote it is not written over, and is when it was read again', async () => {
    const seen = await makeCampaign(bed, { id: 'spring', name: 'Spring' })
    expect((await bed.ask('maja', 'PUT', 'campaigns/spring', { ...seen.settings, attempts: 5, revision: seen.revision })).status).toBe(200)
    const refused = await write('spring', seen, { wrapUpSeconds: 40 })
    expect(refused.json).toMatchObject({ status: 409, code: 'campaign.changed', field: 'revision' })
    expect((await read('spring')).settings).toMatchObject({ attempts: 5, wrapUpSeconds: 30 })
    const again = await read('spring')
    expect((await write('spring', again, { wrapUpSeconds: 40 })).as(Campaign).settings).toMatchObject({ attempts: 5, wrapUpSeconds: 40 })
  })

  test('a start set at an hour meanwhile is not lost either', async () => {
    const seen = await makeCampaign(bed, { id: 'hour', name: 'Hour' })
    await bed.ask('maja', 'POST', 'campaigns/hour/schedule', { startsAt: '2099-01-01T08:00:00.000Z' })
    expect((await write('hour', seen, { name: 'Hours' })).code).toBe('campaign.changed')
    expect((await read('hour')).live).toMatchObject({ state: 'scheduled', startsAt: '2099-01-01T08:00:00.000Z' })
  })

  test('how it stands is no part of it: started meanwhile, or written as it was, it is written', async () => {
    const seen = await makeCampaign(bed, { id: 'stands', name: 'Stands' })
    await bed.ask('maja', 'PUT', 'campaigns/stands', seen.settings)
    await bed.ask('maja', 'POST', 'campaigns/stands/start')
    expect((await write('stands', seen, { name: 'Stood' })).status).toBe(200)
    await bed.ask('maja', 'POST', 'campaigns/stands/stop')
  })

  test('of two who write at the same instant one is told', async () => {
    const seen = await makeCampaign(bed, { id: 'instant', name: 'Instant' })
    const both = await Promise.all([5, 6].map((attempts) => write('instant', seen, { attempts })))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const kept = both.find(({ status }) => status === 200)?.as(Campaign).settings.attempts
    expect((await read('instant')).settings.attempts).toBe(kept)
  })

  test('a program that says nothing of what it read writes as before', async () => {
    await makeCampaign(bed, { id: 'program', name: 'Program' })
    await bed.ask('maja', 'PUT', 'campaigns/program', { name: 'First', mode: 'preview', hours: ALWAYS })
    expect((await bed.ask('admin', 'PUT', 'campaigns/program', { name: 'Last', mode: 'preview', hours: ALWAYS })).status).toBe(200)
    expect((await read('program')).settings.name).toBe('Last')
  })
})

describe('an account', () => {
  const read = async (id: string) => {
    const found = (await bed.ask('admin', 'GET', 'users')).as(Users).items.find((user) => user.id === id)
    if (found === undefined) throw new Error(`no account ${id}`)
    return found
  }
  const change = (id: string, body: object) => bed.ask('admin', 'PATCH', `users/${id}`, body)

  test('read before somebody else changed it keeps its rights, and is changed when it was read again', async () => {
    const seen = await read('bo')
    expect((await change('bo', { role: 'supervisor', queues: ['sales'], revision: seen.revision })).status).toBe(200)
    const refused = await change('bo', { name: 'Bo B', role: 'agent', queues: null, revision: seen.revision })
    expect(refused.json).toMatchObject({ status: 409, code: 'user.changed', field: 'revision' })
    const now = await read('bo')
    expect(now).toMatchObject({ role: 'supervisor', queues: ['sales'], name: seen.name })
    expect((await change('bo', { name: 'Bo B', revision: now.revision })).as(User)).toMatchObject({ name: 'Bo B', role: 'supervisor' })
    const told = bed.audit.rows.filter(({ what }) => what === 'user.changed').map(({ outcome, details }) => [outcome, details['fields']])
    expect(told).toEqual([
      ['done', ['role', 'queues']],
      ['user.changed', ['name', 'role', 'queues']],
      ['done', ['name']],
    ])
  })

  test('signed in, disabled and enabled meanwhile it is still what was read; without a revision it is changed as before', async () => {
    const seen = await read('anna')
    await bed.signedIn('anna')
    await bed.ask('admin', 'POST', 'users/anna/disable')
    await bed.ask('admin', 'POST', 'users/anna/enable')
    expect((await change('anna', { name: 'Anna A', revision: seen.revision })).status).toBe(200)
    expect((await change('anna', { name: 'Anna' })).as(User).name).toBe('Anna')
  })
})
