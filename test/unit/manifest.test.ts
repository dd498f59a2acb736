import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { commandIds } from '../../src/ui/commandIds.ts';
import { contextValues } from '../../src/ui/contextKeys.ts';
import { contextOf } from '../../src/ui/instances/instanceContext.ts';
import { limitBounds, settingDefaults } from '../../src/ui/settings.ts';
import { portRow } from '../../src/ui/ports/portWords.ts';
import { publicOrigins } from '../../src/wiring.ts';
import { english } from './ui/support/english.ts';
import { foreign, machine } from './ui/support/machines.ts';

interface Entry {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}
interface Property {
  readonly type: string;
  readonly default: unknown;
  readonly scope: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
}
interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly markdown: string };
  readonly completionEvents: readonly string[];
}

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const text = read('package.json');
const manifest = JSON.parse(text);
const nls: Record<string, string> = JSON.parse(read('package.nls.json'));
const { contributes } = manifest;
const commands: readonly { command: string; title: string; category: string; icon: string; enablement?: string }[] = contributes.commands;
const menus: Readonly<Record<string, readonly Entry[]>> = contributes.menus;
const properties: Record<string, Property> = Object.assign({}, ...contributes.configuration.map((part: { properties: object }) => part.properties));
const views: readonly { id: string }[] = contributes.views.gpuRental;
const steps: readonly Step[] = contributes.walkthroughs[0].steps;
const clauses: readonly string[] = [
  ...Object.values(menus).flat().flatMap(({ when }) => when ?? []),
  ...commands.flatMap(({ enablement }) => enablement ?? []),
  ...contributes.viewsWelcome.map(({ when }: { when: string }) => when),
  ...steps.flatMap(({ completionEvents }) => completionEvents.flatMap((event) => (event.startsWith('onContext:') ? event.slice('onContext:'.length) : []))),
];
/** What the editor itself tells of the file in front. */
const ofTheEditor = /^(?:explorerResourceIsFolder|resourceScheme == file|resourceLangId (?:== [a-z]+|=~ \/.+\/)|resourceFilename =~ \/.+\/i|notebookType == jupyter-notebook)$/;
const linksIn = (source: string): string[] => [...source.matchAll(/\]\(command:([^)]*)\)/g)].map(([, command = '']) => command);

describe('manifest', () => {
  it('declares every command with title, category and icon, and no other', () => {
    assert.deepEqual(commands.map(({ command }) => command).toSorted(), [...commandIds].toSorted());
    for (const { command, title, category, icon } of commands) {
      assert.equal(title, `%command.${command.slice('gpuRental.'.length)}%`);
      assert.equal(category, '%category%');
      assert.match(icon, /^\$\([a-z-]+\)$/);
    }
  });

  it('uses every text and lacks none', () => {
    const used = [...text.matchAll(/"%([^"%]+)%"/g)].map(([, key = '']) => key);
    assert.deepEqual([...new Set(used)].toSorted(), Object.keys(nls).toSorted());
    for (const [key, value] of Object.entries(nls)) assert.ok(value.trim() !== '' && !value.includes('!'), key);
  });

  it('asks only for context that the interface sets', () => {
    const known = new Map<string, readonly unknown[]>(Object.entries(contextValues));
    for (const clause of clauses) {
      for (const term of clause.split(/ && | \|\| /)) {
        const [, view] = term.match(/^view == (\S+)$/) ?? [];
        if (view !== undefined) assert.ok(views.some(({ id }) => id === view), term);
        if (view !== undefined || term.startsWith('viewItem =~ ') || term === 'false' || ofTheEditor.test(term)) continue;
        const [, not, key = '', value] = term.match(/^(!)?(gpuRental\.\w+)(?: [=!]= (\w+))?$/) ?? [];
        const values = known.get(key);
        assert.ok(values, `${term} in ${clause}`);
        if (value !== undefined) assert.ok(values.includes(value), term);
        else if (not === undefined) assert.equal(typeof values[0], 'boolean', `${term} would be true for every value`);
      }
    }
  });

  it('offers deeds only where the tree says that they can be done', () => {
    const contexts = (['starting', 'ready', 'stopping', 'stopped', 'ending', 'failed', 'unknown'] as const)
      .flatMap((state) => [contextOf(machine({ state })), contextOf(machine({ state, kind: 'interruptible' })), contextOf(foreign({ state }))])
      .concat(portRow({ alias: 'a', remotePort: 8888, localPort: 8888 }, english).context ?? '');
    const items = (menus['view/item/context'] ?? []).filter(({ command, when }) => when?.includes('gpuRental.instances') && !command.startsWith('gpuRental.run.'));
    assert.ok(items.length >= 12);
    for (const { when = '' } of items) {
      const pattern = when.match(/viewItem =~ \/(.*)\//)?.[1] ?? '';
      assert.ok(contexts.some((context) => new RegExp(pattern).test(context)), `nothing matches ${pattern}`);
      assert.ok(!contexts.every((context) => new RegExp(pattern).test(context)) || /can-(logs|console|destroy)/.test(pattern), `everything matches ${pattern}`);
    }
    const runs = ['instance ready can-open', 'run live can-reach', 'run live', 'run over can-reach', 'run over', 'detail'];
    const offered = (command: string): readonly string[] => runs.filter((context) => (menus['view/item/context'] ?? [])
      .some(({ command: one, when = '' }) => one === `gpuRental.run.${command}` && new RegExp(when.match(/viewItem =~ \/(.*)\//)?.[1] ?? '').test(context)));
    assert.deepEqual(['showLog', 'stop', 'download', 'again', 'afterwards'].map(offered), [runs.slice(1, 5), [runs[1]], [runs[1], runs[3]], [runs[1], runs[3]], [runs[1], runs[3]]]);
    const renting = (menus['view/item/context'] ?? []).filter(({ command }) => command === 'gpuRental.offer.rent');
    for (const { when = '' } of renting) {
      const pattern = new RegExp(when.match(/viewItem =~ \/(.*)\//)?.[1] ?? '');
      assert.deepEqual(['offer', 'offer has-host', 'group', 'more', 'summary', 'signIn'].map((item) => pattern.test(item)), [true, true, false, false, false, false]);
    }
  });

  it('offers an estimate where somebody trains, once for each file', () => {
    const clauses = (menus['editor/title'] ?? []).filter(({ command }) => command === 'gpuRental.estimate.open').map(({ when = '' }) => when);
    const pattern = (clause: string, key: string): RegExp | undefined => {
      const [, source, flags] = new RegExp(`${key} =~ /(.*?)/(i?)(?: && |$)`).exec(clause) ?? [];
      return source === undefined ? undefined : new RegExp(source, flags);
    };
    const shown = (language: string, name: string): number => clauses.filter((clause) =>
      clause.includes(`resourceLangId == ${language}`) || (pattern(clause, 'resourceLangId')?.test(language) && pattern(clause, 'resourceFilename')?.test(name))).length;
    for (const [language, name] of [['python', 'anything.py'], ['yaml', 'Llama3-SFT.yml'], ['toml', 'sdxl_lora.toml'], ['json', 'ds_train.json'], ['jsonc', 'finetune.jsonc'], ['shellscript', 'run_train.sh']] as const) {
      assert.equal(shown(language, name), 1, name);
    }
    for (const [language, name] of [['yaml', 'compose.yaml'], ['json', 'package.json'], ['typescript', 'train.ts'], ['shellscript', 'deploy.sh']] as const) assert.equal(shown(language, name), 0, name);
    assert.deepEqual(menus['notebook/toolbar']?.map(({ command }) => command), ['gpuRental.estimate.open', 'gpuRental.run.file']);
  });

  it('refers only to commands that exist', () => {
    const known = new Set<string>([...commandIds, ...views.map(({ id }) => `${id}.focus`)]);
    for (const [menu, entries] of Object.entries(menus)) for (const { command } of entries) assert.ok(known.has(command), `${command} in ${menu}`);
    for (const [key, value] of Object.entries(nls)) for (const command of linksIn(value)) assert.ok(known.has(command), `${command} in ${key}`);
    for (const { completionEvents } of steps) for (const event of completionEvents) if (event.startsWith('onCommand:')) assert.ok(known.has(event.slice('onCommand:'.length)), event);
  });

  it('keeps what needs a tree out of the palette, and everything else in it', () => {
    const hidden = (menus['commandPalette'] ?? []).filter(({ when }) => when === 'false').map(({ command }) => command);
    assert.deepEqual(hidden, ['gpuRental.offer.estimate', 'gpuRental.offer.copy', 'gpuRental.offer.openConsole', 'gpuRental.offer.hideHost']);
    const inMenus = new Set(Object.entries(menus).filter(([menu]) => menu !== 'commandPalette').flatMap(([, entries]) => entries.map(({ command }) => command)));
    for (const command of hidden) assert.ok(inMenus.has(command), `${command} can be reached nowhere`);
  });

  it('never hides a way to end cost before the extension has run', () => {
    for (const { command, enablement = '' } of commands) {
      if (!['gpuRental.instance.stop', 'gpuRental.instance.destroy', 'gpuRental.instances.refresh'].includes(command)) continue;
      for (const term of enablement.split(' && ')) assert.match(term, /^$|^!|!=/, `${term} is false while the key is unset`);
    }
  });

  it('declares the settings as the code reads them', () => {
    assert.deepEqual(Object.fromEntries(Object.entries(properties).map(([id, { default: value }]) => [id, value]).toSorted()), Object.fromEntries(Object.entries(settingDefaults).toSorted()));
    for (const [name, { least, most }] of Object.entries(limitBounds)) {
      const property = properties[`gpuRental.limits.${name}`];
      assert.deepEqual([property?.minimum, property?.maximum], [least, most], name);
    }
    assert.deepEqual(properties['gpuRental.openIn']?.enum, ['newWindow', 'currentWindow']);
    for (const [provider, origin] of Object.entries(publicOrigins)) assert.equal(properties[`gpuRental.endpoints.${provider}`]?.default, origin);
  });

  it('lets no project set what spends money, redirects traffic or sends files', () => {
    const { 'gpuRental.sensitiveWork': sensitive, ...others } = properties;
    for (const [id, { scope }] of Object.entries(others)) assert.equal(scope, 'application', id);
    // A project may narrow what is rented for it, and one that is not trusted says nothing of it.
    assert.deepEqual([sensitive?.scope, sensitive?.enum], ['window', ['ask', 'on', 'off']]);
  });

  it('starts with nothing but the folder of a machine, and works in every workspace', () => {
    assert.deepEqual(manifest.activationEvents, ['onFileSystem:gpu-pod']);
    assert.deepEqual(manifest.capabilities, { untrustedWorkspaces: { supported: true, restrictedConfigurations: ['gpuRental.sensitiveWork'] }, virtualWorkspaces: true });
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
    assert.equal(manifest.engines.vscode, '^1.105.0');
    assert.ok(!('extensionDependencies' in manifest) && !('extensionPack' in manifest));
  });

  it('writes a text for every state of an empty list', () => {
    for (const key of ['gpuRental.offers', 'gpuRental.instances'] as const) {
      const told = contributes.viewsWelcome.filter(({ view }: { view: string }) => view === key).map(({ when }: { when: string }) => when).join('\n');
      for (const state of contextValues[key]) if (state !== 'some') assert.ok(told.includes(`${key} == ${state}`), `${key} ${state}`);
      assert.ok(told.includes(`!${key}`), 'before the first');
    }
  });

  it('walks through in five steps at most, each with its page', () => {
    assert.ok(steps.length <= 5);
    for (const { id, media, description } of steps) {
      assert.ok(existsSync(new URL(media.markdown, root)), media.markdown);
      assert.equal(linksIn(nls[description.slice(1, -1)] ?? '').length, 1, `${id} has one thing to do`);
    }
  });

  it('has the pictures it names', () => {
    const png = readFileSync(new URL(manifest.icon, root));
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [128, 128]);
    const svg = read(contributes.viewsContainers.activitybar[0].icon);
    assert.match(svg, /viewBox="0 0 24 24"/);
    assert.equal(new Set(svg.match(/#[0-9a-f]{3,6}\b/gi)).size, 1, 'one colour');
    // A tab draws it in its own colours, and the ink of paper cannot be seen at night.
    const dark = read('media/sidebar-dark.svg');
    assert.equal(dark.replaceAll(/#[0-9a-f]{3,6}\b/gi, '#000'), svg, 'the same drawing in the dark');
    assert.deepEqual([...new Set(dark.match(/#[0-9a-f]{3,6}\b/gi))], ['#c5c5c5']);
  });
});
