/**
 * The configuration Asterisk needs to serve us, as text: trunks, agents' phones, the ARI account, a dialplan with a way out after the
 * application, the leg log, music. `writeConfig` puts it into a folder that a private instance (`instance.ts`) or an installed one reads.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modules } from './modules.ts'

/** A line to the telephone network. */
export interface TrunkConfig {
  /** Asterisk's name of it. */
  readonly name: string
  /** The solution's; left out: the same. */
  readonly id?: string
  readonly host: string
  readonly port: number
  readonly transport?: 'udp' | 'tcp' | 'tls'
  /** Speech is encrypted, with keys told by SIP (RFC 4568). */
  readonly srtp?: boolean
  /** Addresses and networks its calls come from; left out: its host. */
  readonly addresses?: readonly string[]
  /** Given: calls out are authenticated with it. */
  readonly account?: { readonly user: string; readonly password: string; readonly register: boolean }
  /** How often it is asked whether it is there; left out: never. One that does not answer takes no calls, so the next trunk is tried at once. */
  readonly qualifySeconds?: number
}

/** An agent's phone. `contact`: a fixed address (`sip:anna@10.0.0.7:5060`) in place of registration; `web`: a phone in a browser. */
export interface PhoneConfig {
  readonly account: string
  readonly password: string
  readonly kind: 'sip' | 'web'
  readonly contact?: string
  /** What an emergency number keyed on it is shown, where that is another number than the others'. */
  readonly emergencyCallerId?: string
}

export interface AsteriskConfig {
  /** Where everything of this instance lies: `etc`, `log`, `run`, `spool`. */
  readonly folder: string
  /** Address SIP and RTP are bound to, and the one ARI listens at. */
  readonly sipAddress: string
  readonly httpAddress: string
  readonly httpPort: number
  readonly sipPort: number
  readonly rtpPorts: { readonly from: number; readonly to: number }
  /** For trunks over TLS. `authorities`: a file of those whose word counts; `certificate`: ours, for whoever connects to us. */
  readonly tls?: {
    readonly port: number
    readonly authorities: string
    readonly certificate: { readonly file: string; readonly keyFile: string } | null
  }
  /** Our address as trunks and browsers see it, where a router stands between. */
  readonly externalAddress?: string
  /** A server that tells which address browsers see, as `stun.example.net:3478`. */
  readonly stun?: string
  readonly app: string
  readonly ariUser: string
  readonly ariPassword: string
  readonly trunks: readonly TrunkConfig[]
  readonly phones: readonly PhoneConfig[]
  /** What a phone's own keypad may dial even while the application is away; left out: nothing. `trunk`: Asterisk's name of it. */
  readonly emergency?: { readonly numbers: readonly string[]; readonly trunk: string; readonly callerId: string | null }
  /** The folder of prompts by language. */
  readonly promptsFolder: string
  /** What is said where the application stays away. */
  readonly language: string
  /** Music by name: a folder of sound files. `default` is needed. */
  readonly music: Readonly<Record<string, string>>
  /** Where Asterisk's modules and data lie when it is not installed in the system's own folders. */
  readonly moduleFolder?: string
  readonly dataFolder?: string
}

/** The leg log of an instance, for `AsteriskOptions.celFile`. */
export const celFileOf = (folder: string): string => join(folder, 'log', 'cel-custom', 'legs.csv')

/** How often a call tries to enter the application while that is away, half a second apart, before it hears a message. */
const entriesMax = 40

type Section = readonly [name: string, lines: Readonly<Record<string, string | number>> | readonly string[]]

/** A semicolon would begin a comment. A value must hold no line break: whoever makes the configuration sees to that. */
const escaped = (value: string | number): string => String(value).replaceAll(';', '\\;')

const ini = (...sections: readonly Section[]): string =>
  sections
    .map(([name, lines]) => {
      const body = Array.isArray(lines) ? lines : Object.entries(lines).map(([key, value]) => `${key}=${escaped(value)}`)
      return `[${name}]\n${body.map((line: string) => `${line}\n`).join('')}`
    })
    .join('\n')

const asterisk = (config: AsteriskConfig): string => {
  const at = (...parts: readonly string[]): string => join(config.folder, ...parts)
  return ini(
    [
      'directories',
      {
        astetcdir: at('etc'),
        astcachedir: at('cache'),
        astvarlibdir: at('lib'),
        astdbdir: at('db'),
        astkeydir: at('keys'),
        astagidir: at('lib'),
        astspooldir: at('spool'),
        astrundir: at('run'),
        astlogdir: at('log'),
        ...(config.moduleFolder === undefined ? {} : { astmoddir: config.moduleFolder }),
        ...(config.dataFolder === undefined ? {} : { astdatadir: config.dataFolder }),
      },
    ],
    // The system's name begins every id Asterisk mints, so that a leg's id is unique beside ours.
    ['options', { systemname: 'line', verbose: 1, debug: 0, nocolor: 'yes', hideconnect: 'yes', maxfiles: 60_000 }],
  )
}

/** A line that brings no sound for so long is given up; one that the far end has put on hold, for so long. calls.md 7 */
export const SILENT_SECONDS = { talking: 60, onHold: 900 } as const
const rtpLimits = { rtp_timeout: SILENT_SECONDS.talking, rtp_timeout_hold: SILENT_SECONDS.onHold }
/** A join must send no re-INVITE (`send_connected_line`, `direct_media`); digits are taken in one way per leg (`auto_info`). */
const anyEndpoint = { type: 'endpoint', disallow: 'all', direct_media: 'no', send_connected_line: 'no', ...rtpLimits }

/** A provider that is slow to say that it is there would else be called by nobody until it is asked the next time. */
const QUALIFY_TIMEOUT_SECONDS = 10

const trunkSections = (trunk: TrunkConfig): readonly Section[] => {
  const { name, account, transport = 'udp' } = trunk
  const uri = `sip:${trunk.host}:${trunk.port}${transport === 'udp' ? '' : `;transport=${transport}`}`
  return [
    [
      name,
      {
        ...anyEndpoint,
        allow: 'ulaw,alaw',
        transport,
        // Left to itself Asterisk also takes for the trunk whoever names it in From, from any address and without a password.
        identify_by: 'ip',
        context: `from-${name}`,
        dtmf_mode: 'auto_info',
        trust_id_inbound: 'yes',
        send_pai: 'yes',
        timers: 'yes',
        timers_min_se: 90,
        timers_sess_expires: 600,
        aors: name,
        ...(trunk.srtp === true ? { media_encryption: 'sdes' } : {}),
        ...(account === undefined ? {} : { outbound_auth: name, from_user: account.user }),
      },
    ],
    [name, { type: 'aor', contact: uri, qualify_frequency: trunk.qualifySeconds ?? 0, qualify_timeout: QUALIFY_TIMEOUT_SECONDS }],
    [`${name}-identify`, { type: 'identify', endpoint: name, match: (trunk.addresses ?? [trunk.host]).join(',') }],
    ...(account === undefined
      ? []
      : [[name, { type: 'auth', auth_type: 'userpass', username: account.user, password: account.password }] as const]),
    ...(account?.register === true
      ? [
          [
            `${name}-registration`,
            {
              type: 'registration',
              transport,
              outbound_auth: name,
              server_uri: uri,
              client_uri: `sip:${account.user}@${trunk.host}`,
              contact_user: account.user,
              retry_interval: 30,
              forbidden_retry_interval: 60,
              fatal_retry_interval: 60,
              max_retries: 1_000_000,
            },
          ] as const,
        ]
      : []),
  ]
}

/**
 * A registered phone is asked every 5 s whether it is there, and has 3 s to answer: so one that is gone is known to be within 15 s
 * (calls.md 1), with room for whoever asks Asterisk about it.
 */
const registered = { max_contacts: 1, remove_existing: 'yes', qualify_frequency: 5, qualify_timeout: 3 }
/** A browser whose network is gone closes nothing: the sooner that is known, the shorter its customer hears silence. */
const registeredWeb = { ...registered, qualify_frequency: 3 }

/** Answered where its messages come from, whatever address it believes it has. */
const behindRouter = { rewrite_contact: 'yes', rtp_symmetric: 'yes' }

/** A phone at a place of its own reaches emergency numbers by steps of its own. */
const contextOf = ({ account, emergencyCallerId }: PhoneConfig): string =>
  emergencyCallerId === undefined ? 'phones' : `phones-${account}`

const phoneSections = (phone: PhoneConfig): readonly Section[] => {
  const { account } = phone
  const kind =
    phone.kind === 'web'
      ? { webrtc: 'yes', dtls_auto_generate_cert: 'yes', allow: 'opus,ulaw' }
      : { transport: 'udp', dtmf_mode: 'auto_info', allow: 'ulaw,alaw', ...(phone.contact === undefined ? behindRouter : {}) }
  const reached = phone.kind === 'web' ? registeredWeb : registered
  const address = phone.contact === undefined ? reached : { contact: phone.contact, qualify_frequency: 0 }
  return [
    [account, { ...anyEndpoint, ...kind, context: contextOf(phone), auth: account, aors: account }],
    [account, { type: 'auth', auth_type: 'userpass', username: account, password: phone.password }],
    [account, { type: 'aor', ...address }],
  ]
}

/** Whoever a certificate names is who we meant to call, by the word of an authority: without that TLS would hide calls from nobody. */
const tlsLines = ({ authorities, certificate }: NonNullable<AsteriskConfig['tls']>) => ({
  method: 'tlsv1_2',
  verify_server: 'yes',
  ca_list_file: authorities,
  ...(certificate === null ? {} : { cert_file: certificate.file, priv_key_file: certificate.keyFile }),
})

const transport = (config: AsteriskConfig, protocol: 'udp' | 'tcp' | 'tls'): Section => [
  protocol,
  {
    type: 'transport',
    protocol,
    bind: `${config.sipAddress}:${protocol === 'tls' ? (config.tls?.port ?? 5061) : config.sipPort}`,
    ...(protocol === 'tls' && config.tls !== undefined ? tlsLines(config.tls) : {}),
    ...(config.externalAddress === undefined
      ? {}
      : {
          external_media_address: config.externalAddress,
          external_signaling_address: config.externalAddress,
          local_net: '127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16',
        }),
  },
]

/** Browsers are offered the external address beside our own, where that is known: bound to every address, Asterisk has to ask. */
const rtp = ({ rtpPorts, stun, externalAddress, sipAddress }: AsteriskConfig): string => {
  const general = {
    rtpstart: rtpPorts.from,
    rtpend: rtpPorts.to,
    icesupport: 'yes',
    strictrtp: 'yes',
    ...(stun === undefined ? {} : { stunaddr: stun }),
  }
  const outside = externalAddress === undefined || sipAddress === '0.0.0.0' ? null : `${externalAddress},include_local_address`
  return ini(['general', general], ...(outside === null ? [] : [['ice_host_candidates', [`${sipAddress} => ${outside}`]] as const]))
}

const pjsip = (config: AsteriskConfig): string =>
  ini(
    ['global', { type: 'global', user_agent: 'Samtal', endpoint_identifier_order: 'username,ip', max_initial_qualify_time: 1 }],
    transport(config, 'udp'),
    ...(['tcp', 'tls'] as const).flatMap((over) =>
      config.trunks.some((trunk) => trunk.transport === over) ? [transport(config, over)] : [],
    ),
    ['ws', { type: 'transport', protocol: 'ws', bind: config.httpAddress }],
    ...config.trunks.flatMap(trunkSections),
    ...config.phones.flatMap(phoneSections),
  )

/**
 * A call waits outside, ringing, while the application is away; for good, it hears a message. `STASISSTATUS` FAILED: the application
 * was not there; SUCCESS: it had the call, which is over then.
 */
const trunkContext = (config: AsteriskConfig, trunk: TrunkConfig): string => {
  const steps = [
    'exten => _[+0-9].,1,Set(TRIES=0)',
    `same => n(enter),Stasis(${config.app},inbound,${trunk.id ?? trunk.name},\${EXTEN},\${CALLERID(pres)})`,
    `same => n,GotoIf($["\${STASISSTATUS}" = "SUCCESS"]?over)`,
    `same => n,Set(TRIES=$[\${TRIES} + 1])`,
    `same => n,GotoIf($[\${TRIES} > ${entriesMax}]?sorry)`,
    'same => n,Ringing()',
    'same => n,Wait(0.5)',
    'same => n,Goto(enter)',
    'same => n(sorry),Answer()',
    `same => n,Playback(${join(config.promptsFolder, config.language, 'sorry')})`,
    'same => n(over),Hangup()',
  ]
  // Who registers is called by the name of the account: the number called stands in the To header then.
  const { account } = trunk
  const registered = [
    `exten => ${account?.user},1,Set(TO=\${PJSIP_HEADER(read,To)})`,
    `same => n,Set(TO=\${CUT(TO,@,1)})`,
    `same => n,Goto(enter-${trunk.name},\${CUT(TO,:,2)},1)`,
  ]
  const coming = [...(account?.register === true ? registered : []), `exten => _[+0-9].,1,Goto(enter-${trunk.name},\${EXTEN},1)`]
  return `[from-${trunk.name}]\n${coming.join('\n')}\n\n[enter-${trunk.name}]\n${steps.join('\n')}\n`
}

/**
 * Agents' calls are made from the desk, by the application. A phone's own keypad reaches emergency numbers and nothing else: as
 * dialled, over the route for them, whether the application is there or not.
 */
const phonesContexts = ({ emergency, phones }: AsteriskConfig): string => {
  const steps = (number: string, trunk: string, callerId: string | null): readonly string[] => [
    callerId === null ? `exten => ${number},1,NoOp()` : `exten => ${number},1,Set(CALLERID(num)=${callerId})`,
    `same => n,Dial(PJSIP/${number}@${trunk})`,
    'same => n,Hangup()',
  ]
  const context = (name: string, callerId: string | null): string => {
    const urgent = emergency === undefined ? [] : emergency.numbers.flatMap((number) => steps(number, emergency.trunk, callerId))
    return `[${name}]\n${[...urgent, 'exten => _[+0-9].,1,Hangup(21)'].join('\n')}\n`
  }
  const elsewhere = phones.flatMap((phone) =>
    phone.emergencyCallerId === undefined ? [] : context(contextOf(phone), phone.emergencyCallerId),
  )
  return [context('phones', emergency?.callerId ?? null), ...elsewhere].join('\n')
}

const dialplan = (config: AsteriskConfig): string =>
  ['[general]\nstatic=yes\nwriteprotect=yes\n', ...config.trunks.map((trunk) => trunkContext(config, trunk)), phonesContexts(config)].join(
    '\n',
  )

/** Every file of `etc`, by name. */
export const configFiles = (config: AsteriskConfig): Readonly<Record<string, string>> => ({
  'asterisk.conf': asterisk(config),
  'modules.conf': ini(['modules', ['autoload=no', ...modules.map((name) => `load = ${name}.so`)]]),
  'logger.conf': ini(
    ['general', { dateformat: '%F %T.%3q', appendhostname: 'no', queue_log: 'no' }],
    ['logfiles', { 'messages.log': 'notice,warning,error' }],
  ),
  'http.conf': ini([
    'general',
    {
      enabled: 'yes',
      bindaddr: config.httpAddress,
      bindport: config.httpPort,
      sessionlimit: 2000,
      session_inactivity: 30_000,
      session_keep_alive: 15_000,
    },
  ]),
  // `channelvars` come with every channel in every answer: what a leg found after a restart was rung for.
  'ari.conf': ini(
    ['general', { enabled: 'yes', pretty: 'no', websocket_write_timeout: 1000, channelvars: 'SAMTAL_TO' }],
    [config.ariUser, { type: 'user', read_only: 'no', password: config.ariPassword, password_format: 'plain' }],
  ),
  'stasis.conf': ini(['declined_message_types', ['decline=ast_channel_varset_type']]),
  'rtp.conf': rtp(config),
  'pjsip.conf': pjsip(config),
  'extensions.conf': dialplan(config),
  'musiconhold.conf': ini(...Object.entries(config.music).map(([name, folder]): Section => [name, { mode: 'files', directory: folder }])),
  // The leg log: event, time (seconds since 1970), our leg's id, cause. No number, no name. Written also while the application is away.
  'cel.conf': ini(['general', { enable: 'yes', events: 'CHAN_START,ANSWER,HANGUP,CHAN_END' }]),
  'cel_custom.conf': ini(['mappings', [`legs.csv => \${eventtype},\${eventtime},\${CHANNEL(uniqueid)},\${eventextra}`]]),
  'cdr.conf': ini(['general', { enable: 'no' }]),
  'features.conf': ini(['general', []], ['featuremap', []]),
  'ccss.conf': ini(['general', []]),
  'udptl.conf': ini(['general', []]),
  'acl.conf': '',
  'manager.conf': '',
  'websocket_client.conf': '',
  'chan_websocket.conf': '',
  'indications.conf': ini(
    ['general', { country: 'se' }],
    [
      'se',
      {
        description: 'Sweden',
        ringcadence: '1000,5000',
        dial: '425',
        busy: '425/250,0/250',
        ring: '425/1000,0/5000',
        congestion: '425/250,0/750',
      },
    ],
  ),
  'pjproject.conf': ini(['startup', { log_level: 2 }]),
  'codecs.conf': ini(['plc', { genericplc: 'true' }]),
})

/** Makes the folders (without `log/cel-custom` no leg log is written) and writes every file. */
export const writeConfig = (config: AsteriskConfig): void => {
  for (const name of ['etc', 'run', 'log/cel-custom', 'db', 'lib', 'keys/keys', 'spool/tmp', 'spool/outgoing', 'cache'])
    mkdirSync(join(config.folder, name), { recursive: true })
  for (const [name, text] of Object.entries(configFiles(config))) writeFileSync(join(config.folder, 'etc', name), text, { mode: 0o600 })
}
