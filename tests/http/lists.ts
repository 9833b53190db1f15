/** Campaigns with contacts, made over HTTP as their owners make them. */
import { Campaign } from '#wire/campaigns.ts'
import { CampaignImport } from '#wire/contacts.ts'
import type { Asked, Bed } from './bed.ts'

const ALL_DAY = ['00:00-24:00']
/** Nobody has to wait for office hours. */
export const ALWAYS = {
  days: { mon: ALL_DAY, tue: ALL_DAY, wed: ALL_DAY, thu: ALL_DAY, fri: ALL_DAY, sat: ALL_DAY, sun: ALL_DAY },
  holidays: {},
}

export const makeCampaign = async (bed: Bed, body: Readonly<Record<string, unknown>>): Promise<Campaign> =>
  (await bed.ask('maja', 'POST', 'campaigns', { mode: 'preview', hours: ALWAYS, ...body })).as(Campaign)

export const upload = (
  bed: Bed,
  user: string | null,
  url: string,
  csv: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Asked> => bed.ask(user, 'POST', url, csv, { 'content-type': 'text/csv', ...headers })

/** A file with these rows, confirmed. */
export async function load(bed: Bed, campaignId: string, csv: string): Promise<CampaignImport> {
  const read = (await upload(bed, 'maja', `campaigns/${campaignId}/imports?fileName=list.csv`, csv)).as(CampaignImport)
  return (await bed.ask('maja', 'POST', `campaigns/${campaignId}/imports/${read.id}/confirm`)).as(CampaignImport)
}
