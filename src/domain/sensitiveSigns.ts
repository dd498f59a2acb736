/**
 * What makes a workspace look as if its work were sensitive. Nobody can know: a private repository on GitHub looks like
 * a public one. So it is evidence for a question, never a verdict.
 */
export interface WorkspaceFacts {
  /** The text of `.git/config`, where there is one. */
  readonly gitConfig?: string | undefined;
  /** Names of the files in its top folder that hold an environment, or might. */
  readonly files: readonly string[];
}

export type SensitiveSign =
  | { readonly is: 'privateRemote'; readonly host: string }
  | { readonly is: 'companyAddress'; readonly domain: string }
  | { readonly is: 'envFile'; readonly name: string };

/** Hosts where everybody has their public work. */
const publicHosts = [
  'github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org', 'git.sr.ht', 'sr.ht', 'huggingface.co', 'hf.co', 'gitee.com', 'notabug.org', 'sourceforge.net', 'gitlab.freedesktop.org', 'salsa.debian.org',
];
/** Where anybody gets an address. */
const commonDomains = [
  'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'yahoo.com', 'icloud.com', 'me.com', 'mac.com', 'aol.com', 'proton.me', 'protonmail.com', 'pm.me', 'tutanota.com', 'tuta.io',
  'fastmail.com', 'hey.com', 'zoho.com', 'gmx.com', 'gmx.de', 'gmx.net', 'web.de', 't-online.de', 'posteo.de', 'mailbox.org', 'mail.ru', 'yandex.ru', 'yandex.com', 'qq.com', '163.com', '126.com', 'naver.com',
  'users.noreply.github.com', 'users.noreply.gitlab.com', 'noreply.codeberg.org',
];

/** `.env`, `.env.local`, and not what is there to be copied from. */
const isEnvironment = (name: string): boolean => /^\.env(?:\.[\w.-]+)?$/.test(name) && !/\.(?:example|sample|template|dist|defaults?)$/i.test(name);

export function sensitiveSigns({ gitConfig = '', files }: WorkspaceFacts): SensitiveSign[] {
  const settings = gitSettings(gitConfig);
  const hosts = new Set(settings.flatMap(({ section, key, value }) => (/^remote\b/.test(section) && key === 'url' ? (hostOf(value) ?? []) : [])));
  const domains = new Set(settings.flatMap(({ section, key, value }) => (section === 'user' && key === 'email' ? (domainOf(value) ?? []) : [])));
  return [
    ...[...hosts].filter((host) => !isPublic(host)).map((host): SensitiveSign => ({ is: 'privateRemote', host })),
    ...[...domains].filter((domain) => !commonDomains.some((common) => domain === common || domain.endsWith(`.${common}`))).map((domain): SensitiveSign => ({ is: 'companyAddress', domain })),
    ...files.filter(isEnvironment).slice(0, 1).map((name): SensitiveSign => ({ is: 'envFile', name })),
  ];
}

/** People who have two accounts at one host call it `github.com-work` in their SSH configuration. */
const isPublic = (host: string): boolean => publicHosts.some((known) => host === known || host.endsWith(`.${known}`) || host.startsWith(`${known}-`));

interface GitSetting {
  readonly section: string;
  readonly key: string;
  readonly value: string;
}

function gitSettings(text: string): GitSetting[] {
  let section = '';
  return text.split('\n').flatMap((line) => {
    const [, name] = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line) ?? [];
    if (name !== undefined) section = name.toLowerCase();
    const [, key, value] = /^\s*(\w[\w-]*)\s*=\s*"?([^"#;]*?)"?\s*(?:[#;].*)?$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [{ section, key: key.toLowerCase(), value }];
  });
}

/** Of `https://token@host/path`, `git@host:path` and `ssh://host:22/path`; undefined for a path of this computer. */
function hostOf(url: string): string | undefined {
  const [, written] = /^[a-z][a-z+.-]*:\/\/(?:[^@/]*@)?([\w.-]+)/i.exec(url) ?? /^(?:[^@/\s:]+@)?([\w.-]{2,}):(?!\/\/)/.exec(url) ?? [];
  const host = written?.toLowerCase();
  return host === undefined || host === 'localhost' || host === '127.0.0.1' || /^file:/i.test(url) ? undefined : host;
}

/** Undefined for what nobody could write to, such as the name of a machine. */
const domainOf = (address: string): string | undefined => /^[^@\s]+@((?:[\w-]+\.)+(?!local$|localdomain$|invalid$)[a-z]{2,})$/i.exec(address)?.[1]?.toLowerCase();
