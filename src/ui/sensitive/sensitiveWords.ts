import type { SensitiveSign } from '../../domain/sensitiveSigns.ts';
import { plain } from '../escape.ts';
import { paragraphs, type Consent } from '../rent/consent.ts';
import type { Translate } from '../voice.ts';

/** What the owner of a machine on a marketplace can see: as it stands in SECURITY.md. */
export const ownerWords = (t: Translate): string => [
  t('On a marketplace a private host is a stranger’s computer. Its owner can read and change everything on it: files, memory, environment, what you type and see in an SSH session there, and tokens that you put there.'),
  t('SSH ends on that computer, so nothing done there is hidden from its owner. A datacentre is answered for by the provider.'),
].join(' ');

export const sensitiveQuestion = (signs: readonly SensitiveSign[], t: Translate): Consent => ({
  title: t('Is the work in this workspace sensitive?'),
  detail: paragraphs(
    t('It looks as if it could be: {0}.', signs.map((sign) => signWords(sign, t)).join('; ')),
    ownerWords(t),
    t('With datacentres only, this workspace shows and rents nothing else. You are asked once.'),
  ),
});

function signWords(sign: SensitiveSign, t: Translate): string {
  switch (sign.is) {
    case 'privateRemote':
      return t('its remote is at {0}', plain(sign.host, 60));
    case 'companyAddress':
      return t('it is committed to with an address at {0}', plain(sign.domain, 60));
    case 'envFile':
      return t('{0} lies in it', plain(sign.name, 40));
  }
}

export const refusal = (t: Translate): Consent => ({
  title: t('This workspace rents from datacentres only.'),
  detail: paragraphs(t('Sensitive work is done in it, and this offer is a private host.'), ownerWords(t)),
});
