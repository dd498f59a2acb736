import { formatRate, formatUsd, sumRates } from '../../domain/money.ts';
import { providerIds, type ProviderId } from '../../domain/offer.ts';
import type { Accounts } from '../../services/accounts.ts';
import type { Fleet } from '../../services/fleet.ts';
import { goBack } from '../dialogs.ts';
import { reportError, type ReportDeps } from '../report.ts';

export interface SignInDeps extends ReportDeps {
  readonly accounts: Pick<Accounts, 'signedIn' | 'signIn' | 'signOut'>;
  readonly fleet: Pick<Fleet, 'instances'>;
}

/** True when the person is signed in at the end. The key is tested before it is kept. */
export async function signIn(deps: SignInDeps, asked?: ProviderId): Promise<boolean> {
  const { dialogs, editor, links, voice } = deps;
  const { t } = voice;
  const provider = asked ?? (await chooseProvider(deps, t('Sign in'), providerIds));
  if (provider === undefined) return false;
  const name = voice.nameOf(provider);
  const way = await dialogs.pick({
    title: t('Sign in to {0}', name),
    placeholder: t('The key stays in this computer’s secret storage and goes to {0} alone', name),
    choices: [
      { label: t('Paste an API key'), value: 'paste' as const },
      { label: t('Make an API key'), description: links[provider].keysUrl, value: 'make' as const },
    ],
  });
  if (way === undefined || way === goBack) return false;
  if (way === 'make') await editor.openExternal(links[provider].keysUrl);
  const key = await dialogs.input({
    title: t('Sign in to {0}', name),
    prompt: t('API key of {0}', name),
    secret: true,
    refuse: (text) => (/^\S+$/.test(text.trim()) ? undefined : t('A key is one word')),
  });
  return key === undefined ? false : tryKey(deps, provider, key.trim());
}

async function tryKey(deps: SignInDeps, provider: ProviderId, key: string): Promise<boolean> {
  const { accounts, dialogs, voice } = deps;
  const { t, nameOf } = voice;
  try {
    const { balance } = await dialogs.progress(t('Testing the key at {0}', nameOf(provider)), true, (_, signal) =>
      accounts.signIn(provider, key, signal),
    );
    const text = balance === undefined ? t('Signed in to {0}.', nameOf(provider)) : t('Signed in to {0}; its balance is {1}.', nameOf(provider), formatUsd(balance));
    // The flow that asked goes on at once; the note stays as long as it likes.
    void dialogs.notify({ level: 'info', text, buttons: [] });
    return true;
  } catch (error) {
    await reportError(deps, error, { provider, retry: async () => void (await tryKey(deps, provider, key)) });
    return accounts.signedIn(provider);
  }
}

/** Machines go on costing when nobody here can see them, so that is said first. */
export async function signOut(deps: SignInDeps, asked?: ProviderId): Promise<void> {
  const { accounts, dialogs, fleet, voice } = deps;
  const { t } = voice;
  const provider = asked ?? (await chooseProvider(deps, t('Sign out'), providerIds.filter((id) => accounts.signedIn(id))));
  if (provider === undefined) return;
  const billing = fleet.instances.filter((instance) => instance.provider === provider && instance.burn > 0);
  if (billing.length > 0) {
    const answer = await dialogs.confirm({
      title: t('Sign out of {0}?', voice.nameOf(provider)),
      detail: t(
        'Machines there go on costing {0}, and nothing here can see, stop or limit them any more.',
        formatRate(sumRates(billing.map((instance) => instance.burn))),
      ),
      buttons: [{ id: 'out', label: t('Sign out') }],
      grave: true,
    });
    if (answer !== 'out') return;
  }
  await accounts.signOut(provider);
}

async function chooseProvider({ accounts, dialogs, voice }: SignInDeps, title: string, providers: readonly ProviderId[]): Promise<ProviderId | undefined> {
  const { t, nameOf } = voice;
  if (providers.length === 0) {
    await dialogs.notify({ level: 'info', text: t('Nobody is signed in.'), buttons: [] });
    return undefined;
  }
  const chosen = await dialogs.pick({
    title,
    placeholder: t('Which provider?'),
    choices: providers.map((value) => ({ label: nameOf(value), value, ...(accounts.signedIn(value) ? { description: t('signed in') } : {}) })),
  });
  return chosen === goBack ? undefined : chosen;
}
