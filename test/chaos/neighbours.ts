/** What the account holds besides our rentals: other people's machines, and those of another installation. */
import { offerKey, type Offer } from '../../src/domain/offer.ts';
import type { Provider } from '../../src/practice/faults.ts';
import type { Arrival } from '../../src/practice/httpServer.ts';
import type { Bazaar } from './bazaar.ts';

const labels = ['my-training', 'gpu-rental-ffffff-00000000000000000000000000'];

/** Each takes one of the offers; where one is refused, or there is none, there is no neighbour. */
export async function rentForeign(bazaar: Bazaar, offers: readonly Offer[], count: number): Promise<void> {
  for (const [index, label] of labels.slice(0, count).entries()) {
    const offer = offers.at(-1 - index);
    if (offer === undefined) continue;
    const { provider } = offer;
    const headers = { authorization: `Bearer ${bazaar.keys[provider]}`, 'user-agent': 'neighbour/1' };
    await bazaar.ask(provider, { ...create[provider](offer, label), headers, ip: '10.0.0.9' });
  }
}

const create: Readonly<Record<Provider, (offer: Offer, label: string) => Pick<Arrival, 'method' | 'url'> & { readonly body: string }>> = {
  vast: ({ id }, label) => ({
    method: 'PUT', url: `/api/v0/asks/${offerKey(id)}/`,
    body: JSON.stringify({ label, image: 'pytorch/pytorch', disk: 20, runtype: 'ssh' }),
  }),
  runpod: (_, label) => ({
    method: 'POST', url: '/v2/pods',
    body: JSON.stringify({ name: label, image: 'runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404', gpu: { id: 'NVIDIA GeForce RTX 4090', count: 1 }, cloud: 'SECURE', disk: 20, ports: ['22/tcp'] }),
  }),
  lambda: ({ id }, label) => ({
    method: 'POST', url: '/api/v1/instance-operations/launch',
    body: JSON.stringify({ name: label, instance_type_name: offerKey(id).split('~')[0], region_name: offerKey(id).split('~')[1], ssh_key_names: ['theirs'] }),
  }),
};
