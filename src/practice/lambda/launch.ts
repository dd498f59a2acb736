// POST /instance-operations/launch: what can be asked for, and what becomes of it.
import { chanceAt } from '../random.ts';
import { objects, requiredText, text, texts, type Body } from './fields.ts';
import { hasImage } from './images.ts';
import { findType } from './instanceTypes.ts';
import { Refusal } from './problems.ts';
import { findRegion, type Region } from './regions.ts';
import { rentalSpecOf } from './rental.ts';
import { newId, type Instance, type Lambda, type Mount, type SshKey } from './state.ts';

/** Market milliseconds, before the boot scale, until a launch shows in a list. */
const lagMs = 6000;

/** Makes the instance. `phantom`: answers as if, and makes nothing. Throws a Refusal. */
export function launch(lambda: Lambda, body: Body, phantom: boolean): Instance {
  const { world, stock } = lambda;
  const now = world.agenda.settle();
  const wish = wishOf(lambda, body);
  if (world.faults.hit('no-credit', 'lambda')) throw new Refusal('global/account-inactive');
  const site = stock.site(wish.type, wish.region);
  const gone = world.faults.hit('no-capacity', 'lambda') || world.faults.hit('offer-gone', 'lambda');
  if (gone || site === undefined || stock.occupancy.free(site, now) === 0) throw new Refusal('instance-operations/launch/insufficient-capacity');
  const id = newId(lambda);
  const lag = world.bootScale * lagMs * chanceAt(world.seed, id, 'lag');
  const instance: Instance = {
    ...wish, id, site,
    cents: Math.round(wish.type.cents * (world.faults.hit('price-higher', 'lambda') ? 1.5 : 1)),
    visibleAt: now + Math.round(lag),
    terminating: false,
    billed: false,
    rental: null,
  };
  if (phantom) return instance;
  stock.occupancy.take(site, 1, now);
  lambda.instances.set(id, instance);
  lambda.audit.note('instance', 'launched', id);
  instance.rental = world.rentals.create(rentalSpecOf(lambda, instance));
  return instance;
}

function wishOf(lambda: Lambda, body: Body) {
  const regionName = requiredText(body, 'region_name');
  const typeName = requiredText(body, 'instance_type_name');
  const sshKey = keyOf(lambda, texts(body, 'ssh_key_names'));
  const hostname = text(body, 'hostname', /^[a-z0-9][0-9a-z-]{0,62}$/);
  const name = text(body, 'name', /^[\s\S]{0,64}$/);
  const tags = objects(body, 'tags').map((tag) => ({ key: requiredText(tag, 'key', /^[a-z][a-z0-9-:]{1,54}$/), value: requiredText(tag, 'value', /^[\s\S]{0,128}$/) }));
  text(body, 'user_data');
  const region = findRegion(regionName) ?? missing(`region ${regionName}`);
  const type = findType(typeName) ?? missing(`instance type ${typeName}`);
  const [image] = body['image'] === undefined ? [] : objects({ image: [body['image']] }, 'image');
  if (image !== undefined && !hasImage(region, type, text(image, 'id'), text(image, 'family'))) missing('image');
  return { type, region, sshKey, hostname, name, tags, mounts: mountsOf(lambda, body, region) };
}

function missing(what: string): never {
  throw new Refusal('global/object-does-not-exist', `The ${what} does not exist.`);
}

function keyOf({ sshKeys }: Lambda, names: readonly string[]): SshKey {
  const [name] = names;
  if (name === undefined || names.length > 1) throw new Refusal('global/invalid-parameters', 'Invalid request data: exactly one SSH key must be specified.');
  return [...sshKeys.values()].find((key) => key.name === name) ?? missing(`SSH key ${name}`);
}

function mountsOf({ filesystems }: Lambda, body: Body, region: Region): Mount[] {
  const all = [...filesystems.values()];
  const wished = objects(body, 'file_system_mounts').map((mount): Mount => {
    const path = requiredText(mount, 'mount_point', /^(\/home|\/lambda\/nfs|\/data)[/a-zA-Z0-9-]*$/);
    const id = requiredText(mount, 'file_system_id');
    return { path, filesystem: all.find((each) => each.id === id) ?? missing(`filesystem ${id}`) };
  });
  const named = texts(body, 'file_system_names').map((name): Mount => {
    const filesystem = all.find((each) => each.name === name) ?? missing(`filesystem ${name}`);
    return { filesystem, path: `/lambda/nfs/${name}` };
  });
  const mounts = [...wished, ...named.filter(({ filesystem }) => !wished.some((mount) => mount.filesystem === filesystem))];
  if (mounts.some(({ filesystem }) => filesystem.region !== region)) throw new Refusal('instance-operations/launch/file-system-in-wrong-region');
  return mounts;
}
