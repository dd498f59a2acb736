import type { Call } from '../../domain/http.ts';
import { usd } from '../../domain/money.ts';
import type { Account } from '../../domain/provider.ts';
import { parseWith } from '../http/read.ts';
import { plainText } from '../http/plainText.ts';
import { compact } from './compact.ts';
import { accepted } from './problems.ts';
import { user } from './schemas/user.ts';

/** Also the test of a key. */
export const readAccount = (): Call<Account> => ({
  method: 'GET',
  path: '/api/v0/users/current',
  key: 'required',
  pace: { name: 'vast.user', gapMs: 1_100 },
  retry: 'safe',
  read: (answer) => {
    const { id, credit, username, fullname, email } = parseWith(user, accepted(answer));
    return { balance: usd(credit), ...compact({ id: id?.toString(), name: plainText(username ?? fullname ?? email ?? '', 80) || undefined }) };
  },
});
