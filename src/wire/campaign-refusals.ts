/** Refusals about campaigns, their contacts, files and tokens. */
import type { RefusalText } from './refusal-text.ts'

const text = (status: RefusalText['status'], en: string, sv: string): RefusalText => ({ status, en, sv })

/** What the rules refuse. */
export const campaignRules = {
  'campaign.unknown': text(404, 'There is no such campaign.', 'Det finns ingen sådan kampanj.'),
  'campaign.idTaken': text(409, 'A queue or a campaign has that id already.', 'En kö eller kampanj har redan det id:t.'),
  'campaign.changed': text(
    409,
    'Somebody else has written this campaign anew meanwhile: read it again.',
    'Någon annan har skrivit om kampanjen under tiden: läs in den igen.',
  ),
  'campaign.settings': text(422, 'That setting is out of bounds.', 'Den inställningen ligger utanför det tillåtna.'),
  'campaign.silentReason': text(
    422,
    'The message for silent calls is switched off only with a reason.',
    'Meddelandet vid tysta samtal stängs bara av med en orsak.',
  ),
  'campaign.running': text(409, 'The campaign is running: pause or stop it first.', 'Kampanjen är igång: pausa eller stoppa den först.'),
  'campaign.notRunning': text(409, 'The campaign is not running.', 'Kampanjen är inte igång.'),
  'campaign.notStarted': text(409, 'The campaign has not been started, or it is over.', 'Kampanjen är inte startad, eller så är den slut.'),
  'campaign.startsAt': text(422, 'Set a time in the future at which the campaign begins.', 'Ange en tid framåt då kampanjen ska börja.'),
  'campaign.inUse': text(409, 'Calls of the campaign are still going on.', 'Det pågår fortfarande samtal i kampanjen.'),
  'card.gone': text(
    409,
    'The card is gone: called, taken away, or given to somebody else.',
    'Kortet är borta: uppringt, återtaget eller givet till någon annan.',
  ),
  'contact.onALine': text(
    409,
    'The contact is on a line with us just now: wait until it is free.',
    'Kontakten är på en linje hos oss just nu: vänta tills den är ledig.',
  ),
  'contact.notTalked': text(
    409,
    'That can be said of a contact one has talked with.',
    'Det går att säga om en kontakt som man har talat med.',
  ),
  'contact.outlives': text(
    422,
    'Nobody is promised a call for later than calls are kept.',
    'Ingen kan lovas ett samtal längre fram än samtal bevaras.',
  ),
  'contact.alone': text(
    422,
    'One agent has a contact for himself from 1 minute to 7 days; anyone’s has no such time.',
    'En agent har en kontakt för sig själv i 1 minut till 7 dygn; den som vem som helst ringer har ingen sådan tid.',
  ),
  'contact.callsAt': text(422, 'The time must be in the future.', 'Tiden måste ligga framåt.'),
  'contact.topics': text(422, 'That topic is not in the list of the campaign.', 'Det ämnet finns inte i kampanjens lista.'),
  'entry.ofCampaign': text(409, 'This contact is being called just now.', 'Kontakten rings upp just nu.'),
} as const

/** What the edge refuses before the rules see it. */
export const campaignEdge = {
  'campaign.country': text(
    422,
    'There is no such country, or its numbers are not known.',
    'Landet finns inte, eller dess nummer är okända.',
  ),
  'campaign.neverOpen': text(422, 'With these hours nobody is ever called.', 'Med de här tiderna rings aldrig någon.'),
  'campaign.skill': text(422, 'No agent has that skill.', 'Ingen agent har den kompetensen.'),
  'campaign.window': text(422, 'From comes before to, on a day that exists.', 'Från kommer före till, på en dag som finns.'),
  'campaign.wouldRevive': text(
    409,
    'Contacts that are finished would be called again: say whether they shall (revive).',
    'Kontakter som är klara skulle ringas igen: ange om de ska det (revive).',
  ),
  'import.called': text(
    409,
    'Somebody of this import has been called: it cannot be undone any more.',
    'Någon i den här importen har ringts: den kan inte ångras längre.',
  ),
  'doNotCall.unknown': text(404, 'There is no such row in the do-not-call list.', 'Det finns ingen sådan rad i spärrlistan.'),
  'import.file': text(
    422,
    'The file cannot be read, so nothing of it was imported. Where and why:',
    'Filen går inte att läsa, så inget i den importerades. Var och varför:',
  ),
  'import.notConfirmed': text(
    409,
    'This import was not confirmed: there is nothing to undo.',
    'Importen är inte bekräftad: det finns inget att ångra.',
  ),
  'import.notReady': text(
    409,
    'This import is not ready: its file is being read, was not read to its end, or was given up.',
    'Importen är inte klar: filen läses, lästes inte till slut eller gavs upp.',
  ),
  'import.tooMany': text(429, 'Files are being read already: try again in a while.', 'Filer läses redan: försök igen om en stund.'),
  'import.unknown': text(404, 'There is no such import.', 'Det finns ingen sådan import.'),
  'pace.busy': text(
    429,
    'A shift is being worked out already: try again in a while.',
    'Ett pass räknas redan ut: försök igen om en stund.',
  ),
  'token.endsAt': text(422, 'A token ends in the future, at most two years ahead.', 'En token slutar framåt i tiden, högst två år bort.'),
  'token.made': text(
    409,
    'Under that key a token was made already; its secret was shown then and is kept nowhere. Withdraw it if the secret is lost, and make another.',
    'Under den nyckeln har en token redan skapats; dess hemlighet visades då och finns ingenstans kvar. Dra in den om hemligheten är borta, och skapa en ny.',
  ),
  'token.refused': text(401, 'This token is not known, was withdrawn, or has ended.', 'Token är okänd, återtagen eller slut.'),
  'token.scope': text(403, 'This is not in the scope of the token.', 'Det här ingår inte i vad token får göra.'),
  'token.unknown': text(404, 'There is no such token that still stands.', 'Det finns ingen sådan token som gäller.'),
} as const
