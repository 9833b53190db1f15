/**
 * Every code a caller may meet, with its HTTP status and its sentence in English and Swedish. docs/refusals.md shows the same list;
 * a test holds the two together, and against what the rules refuse.
 */

import { accountEdge } from './account-refusals.ts'
import { campaignEdge, campaignRules } from './campaign-refusals.ts'
import type { RefusalText } from './refusal-text.ts'

const text = (status: RefusalText['status'], en: string, sv: string): RefusalText => ({ status, en, sv })

/** What the rules refuse: `noun.reason`. */
const rules = {
  'agent.inCall': text(
    409,
    'The agent is in a call, or a phone is ringing for one: not before it is over.',
    'Agenten är i ett samtal, eller så ringer en telefon för ett: inte förrän det är över.',
  ),
  'agent.loggedOff': text(409, 'The agent is logged off: log on first.', 'Agenten är utloggad: logga in först.'),
  'agent.loggedOn': text(409, 'The agent is logged on already.', 'Agenten är redan inloggad.'),
  'agent.notInCall': text(
    409,
    'The agent is in no call: nothing has to be let go.',
    'Agenten är inte i något samtal: det finns inget att släppa.',
  ),
  'agent.notInWrapUp': text(409, 'There is no wrap-up to extend.', 'Det finns inget efterarbete att förlänga.'),
  'agent.pauseReason': text(422, 'That reason is not in the list of the solution.', 'Den orsaken finns inte i lösningens lista.'),
  'agent.ready': text(409, 'The agent is ready already.', 'Agenten är redan redo.'),
  'agent.talking': text(
    409,
    'The agent talks with somebody just now: setting him free would end that conversation.',
    'Agenten talar med någon just nu: att frigöra hen skulle avsluta det samtalet.',
  ),
  'agent.unknown': text(404, 'There is no such agent.', 'Det finns ingen sådan agent.'),
  'agent.unreachable': text(
    409,
    "The agent's phone cannot be reached: the state comes back with the phone.",
    'Agentens telefon kan inte nås: läget kommer tillbaka med telefonen.',
  ),
  'alarm.unknown': text(
    404,
    'There is no such alarm, or it has been cleared already.',
    'Det finns inget sådant larm, eller så är det redan kvitterat.',
  ),
  'call.notYours': text(409, 'The agent is not in this call any more.', 'Agenten är inte längre i det här samtalet.'),
  'callee.notFree': text(
    409,
    'The colleague cannot take a call just now: only who is ready or paused can be called.',
    'Kollegan kan inte ta emot samtal nu: bara den som är redo eller har paus kan ringas.',
  ),
  'callee.queue': text(422, 'A queue can be called only from a conversation.', 'En kö kan bara ringas från ett samtal.'),
  'callee.self': text(422, 'One cannot call oneself.', 'Man kan inte ringa sig själv.'),
  'callee.unknown': text(404, 'There is no such colleague or queue.', 'Det finns ingen sådan kollega eller kö.'),
  'callerId.unknown': text(422, 'That number is not one you may show.', 'Det numret är inte ett som du får visa.'),
  'number.country': text(422, 'Numbers of that country are barred here.', 'Nummer i det landet är spärrade här.'),
  'number.emergency': text(
    422,
    'An emergency number is called by an agent at the desk and by nothing else, and not where it has been switched off.',
    'Ett nödnummer rings av en agent vid sin arbetsplats och av inget annat, och inte där det har stängts av.',
  ),
  'number.invalid': text(422, 'That is not a number one can call.', 'Det är inget nummer som går att ringa.'),
  'number.own': text(422, 'That is one of our own numbers.', 'Det är ett av våra egna nummer.'),
  'number.prefix': text(422, 'Numbers that begin like this are barred here.', 'Nummer som börjar så här är spärrade här.'),
  'number.premium': text(
    422,
    'Premium-rate numbers are barred here. An administrator can allow them.',
    'Betalnummer är spärrade här. En administratör kan tillåta dem.',
  ),
  'number.sharedCost': text(
    422,
    'Shared-cost numbers are barred here. An administrator can allow them.',
    'Nummer med delad kostnad är spärrade här. En administratör kan tillåta dem.',
  ),
  'outbound.liveMax': text(
    429,
    'As many outbound calls as may be are going on already: try again in a while.',
    'Det pågår redan så många utgående samtal som det får: försök igen om en stund.',
  ),
  'outbound.liveMaxPerAgent': text(
    429,
    'As many outbound calls of one agent as may be are going on already: try again when one is over.',
    'En agent har redan så många utgående samtal igång som det får: försök igen när ett är slut.',
  ),
  'outbound.perNumber': text(
    429,
    'That number has been called as often today as it may be.',
    'Det numret har ringts så många gånger i dag som det får.',
  ),
  'switch.away': text(503, 'The telephone switch cannot be reached just now.', 'Telefonväxeln kan inte nås just nu.'),
  'callback.askFor': text(
    422,
    'This number is a switchboard: say by name or extension whom to ask for.',
    'Numret är en växel: ange namn eller anknytning på den vi ska fråga efter.',
  ),
  'callback.barred': text(422, 'This number cannot be called back.', 'Det numret kan vi inte ringa upp.'),
  'callback.full': text(409, 'The queue holds as many callbacks as it may.', 'Kön har redan så många återuppringningar som den får ha.'),
  'callback.hastened': text(
    409,
    'This callback has been put first in its queue already; the next free agent makes it.',
    'Återuppringningen är redan satt först i kön; nästa lediga agent ringer den.',
  ),
  'callback.inAttempt': text(
    409,
    "The callback is being made just now: the customer's phone is ringing, or he has answered.",
    'Återuppringningen görs just nu: kundens telefon ringer, eller så har kunden svarat.',
  ),
  'callback.noVoicemail': text(
    409,
    'There is no answered attempt of a callback to mark as voicemail, or its queue does not retry those.',
    'Det finns inget besvarat försök att markera som röstbrevlåda, eller så ringer kön inte om sådana.',
  ),
  'callback.notBefore': text(
    422,
    'The time must be in the future, before the order is given up.',
    'Tiden måste ligga framåt, innan beställningen ges upp.',
  ),
  'callback.notOffered': text(422, 'This queue takes no callbacks.', 'Den här kön tar inte emot återuppringningar.'),
  'callback.notWaiting': text(
    409,
    'The callback is not waiting: it is being made, in a pause, or over.',
    'Återuppringningen väntar inte: den görs, har paus eller är över.',
  ),
  'callback.unknown': text(
    404,
    'There is no such callback, or it is over.',
    'Det finns ingen sådan återuppringning, eller så är den över.',
  ),
  'entry.ofAgent': text(
    409,
    'An agent asked for this, and only the agent takes it back.',
    'En agent har begärt det här, och bara agenten tar tillbaka det.',
  ),
  'entry.unknown': text(404, 'Nobody with this id waits in the queue any more.', 'Ingen med det id:t väntar längre i kön.'),
  'offer.gone': text(
    409,
    'The offer is gone: answered, withdrawn, or given to somebody else.',
    'Erbjudandet är borta: besvarat, återtaget eller givet till någon annan.',
  ),
  'engine.bug': text(
    500,
    'The rules met something they do not know; the call is set aside.',
    'Reglerna mötte något okänt; samtalet är lagt åt sidan.',
  ),
  'engine.stopped': text(503, 'The engine is stopping or cannot write just now.', 'Motorn stannar eller kan inte skriva just nu.'),
  'phone.answerByHand': text(409, 'This phone is answered by hand.', 'Den här telefonen besvaras för hand.'),
  'talk.held': text(409, 'The other party is on hold already.', 'Den andra parten är redan parkerad.'),
  'talk.inConsult': text(409, 'A consult is going on already: end it first.', 'En konsultation pågår redan: avsluta den först.'),
  'talk.muted': text(409, 'The microphone is muted already.', 'Mikrofonen är redan avstängd.'),
  'talk.noConsult': text(409, 'There is no consult in this call.', 'Ingen konsultation pågår i samtalet.'),
  'talk.notHeld': text(409, 'The other party is not on hold.', 'Den andra parten är inte parkerad.'),
  'talk.notMuted': text(409, 'The microphone is not muted.', 'Mikrofonen är inte avstängd.'),
  'talk.notTalking': text(
    409,
    'Nobody is on the line to do this with yet, or any more.',
    'Ingen är på linjen ännu, eller längre, att göra det med.',
  ),
  'solution.promised': text(
    409,
    'Somebody was promised a call for later than calls would be kept.',
    'Någon har lovats ett samtal längre fram än samtal då skulle bevaras.',
  ),
  'solution.queueInUse': text(409, 'A queue that people wait in cannot be taken away.', 'En kö som någon väntar i kan inte tas bort.'),
  'queue.closed': text(409, 'That queue is closed now.', 'Den kön är stängd nu.'),
  'queue.full': text(409, 'As many callers wait in that queue as may.', 'I den kön väntar så många som får.'),
  'queue.noAgents': text(409, 'Nobody serves that queue just now.', 'Ingen betjänar den kön just nu.'),
  'talk.colleague': text(
    409,
    'This can be done only in a conversation with somebody outside.',
    'Det går bara i ett samtal med någon utanför.',
  ),
  'queue.unknown': text(404, 'There is no such queue.', 'Det finns ingen sådan kö.'),
} as const

/** What the edge refuses before the rules see it. */
const edge = {
  'request.invalid': text(400, 'The request is not as it should be.', 'Begäran är inte som den ska.'),
  'request.malformed': text(400, 'The body cannot be read as JSON.', 'Innehållet går inte att läsa som JSON.'),
  'request.http': text(400, 'What came cannot be read as an HTTP request.', 'Det som kom går inte att läsa som en HTTP-begäran.'),
  'request.headers': text(431, 'The headers of the request are too large.', 'Begärans huvuden är för stora.'),
  'request.late': text(408, 'The request did not come to its end in time.', 'Begäran kom inte till sitt slut i tid.'),
  'request.number': text(
    400,
    'Give at least three digits of the number, five to find them inside it.',
    'Ange minst tre siffror av numret, fem för att hitta dem inuti det.',
  ),
  'request.tooLarge': text(413, 'The request is too large.', 'Begäran är för stor.'),
  'request.mediaType': text(415, 'Send JSON.', 'Skicka JSON.'),
  'request.notAcceptable': text(406, 'There is JSON, CSV and NDJSON.', 'Det finns JSON, CSV och NDJSON.'),
  'request.unknown': text(404, 'There is nothing at this address.', 'Det finns inget på den här adressen.'),
  'request.host': text(421, 'This host name is not one of ours.', 'Det värdnamnet är inte vårt.'),
  'request.forged': text(403, 'The request does not come from our own pages.', 'Begäran kommer inte från våra egna sidor.'),
  'request.idempotencyKey': text(422, 'This key was used for another request.', 'Nyckeln har använts till en annan begäran.'),
  'audit.unavailable': text(
    503,
    'The audit log cannot be written just now, so nothing is shown or changed; try again.',
    'Granskningsloggen går inte att skriva just nu, så inget visas eller ändras; försök igen.',
  ),
  'call.noNumber': text(
    409,
    'No number is known of that call: withheld, or erased.',
    'Inget nummer är känt i det samtalet: dolt eller raderat.',
  ),
  'call.unknown': text(404, 'There is no such call.', 'Det finns inget sådant samtal.'),
  'contact.changed': text(
    409,
    'Somebody else has changed this contact meanwhile: look at it again.',
    'Någon annan har ändrat kontakten under tiden: titta på den igen.',
  ),
  'contact.number': text(422, 'This is no telephone number.', 'Det är inget telefonnummer.'),
  'contact.unknown': text(404, 'There is no such contact.', 'Det finns ingen sådan kontakt.'),
  'contacts.faulty': text(
    422,
    'The file has faults, so nothing of it was imported. By line and column:',
    'Filen har fel, så inget i den importerades. Rad och kolumn:',
  ),
  'contacts.full': text(409, 'The directory holds as many contacts as it may.', 'Katalogen har så många kontakter som den får ha.'),
  'number.masked': text(
    403,
    'Numbers are masked for your role: look for a whole number.',
    'Nummer är maskerade för din roll: sök på ett helt nummer.',
  ),
  'person.emergency': text(422, 'An emergency number is nobody’s.', 'Ett nödnummer är ingens.'),
  'person.ourNumber': text(
    409,
    'This number stands in the solution file: a line of ours, an agent’s phone, a list. Take it out there first.',
    'Numret står i lösningsfilen: en av våra linjer, en agents telefon, en lista. Ta bort det där först.',
  ),
  'person.unknown': text(404, 'Nothing is kept of whoever has this number.', 'Inget är sparat om den som har det här numret.'),
  'stream.tooMany': text(429, 'Too many pages are open: close one.', 'För många sidor är öppna: stäng någon.'),
  'server.failed': text(500, 'Something went wrong here; it has been logged.', 'Något gick fel hos oss; det är noterat.'),
  'server.unavailable': text(503, 'This cannot be done just now; try again.', 'Det går inte just nu; försök igen.'),
} as const

export type RefusalCode =
  | keyof typeof rules
  | keyof typeof edge
  | keyof typeof campaignRules
  | keyof typeof campaignEdge
  | keyof typeof accountEdge
export const refusals: Readonly<Record<string, RefusalText>> = { ...rules, ...campaignRules, ...edge, ...accountEdge, ...campaignEdge }
