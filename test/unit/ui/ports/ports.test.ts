import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RentError } from '../../../../src/domain/errors.ts';
import { Forwards } from '../../../../src/services/forwards.ts';
import { chooseOpen, forwardPort, openPort, copyPort, type PortDeps } from '../../../../src/ui/ports/portFlows.ts';
import { addressOf, listenerChoices, portIn, portOfNode, portRow } from '../../../../src/ui/ports/portWords.ts';
import { isLoopback, openJupyter, openTensorboard, type WebToolDeps } from '../../../../src/ui/ports/webToolFlows.ts';
import type { SharedServer } from '../../../../src/ui/ports/jupyterServers.ts';
import { FakeClock } from '../../../fakes/fakeClock.ts';
import { FakeLog } from '../../../fakes/fakeLog.ts';
import { FakeMachineLink } from '../../../fakes/fakeMachineLink.ts';
import { english } from '../support/english.ts';
import { machine, now } from '../support/machines.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs, type Answer } from '../support/scriptedDialogs.ts';

const alias = 'gpu-rental-abcdef-01';
const said = (...lines: string[]): string => lines.map((line) => `gpu-rental:${line}`).join('\n');
const table = said('table', 'tcp 0100007F:C350 1', 'tcp 00000000:C351 2', 'tcp 00000000:0016 3', 'owner 1 10', 'program 10 jupyter-lab', 'owner 2 11', 'program 11 mysqld', 'owner 3 12', 'program 12 sshd', 'end');
const token = '5ec2e7'.repeat(8);

const links = { vast: { keysUrl: 'k', billingUrl: 'b' }, runpod: { keysUrl: 'k', billingUrl: 'b' }, lambda: { keysUrl: 'k', billingUrl: 'b' } };

function bench(...answers: Answer[]) {
  const link = new FakeMachineLink(alias);
  const dialogs = new ScriptedDialogs(...answers);
  const editor = new RecordingEditor();
  const log = new FakeLog();
  const forwards = new Forwards({ links: { of: () => link }, log });
  const shared: SharedServer[] = [];
  const texts: string[] = [];
  const pages: (() => Promise<void>)[] = [];
  const offered = { jupyter: false };
  const instance = machine();
  const deps: PortDeps & WebToolDeps = {
    machines: { of: () => link }, forwards, dialogs, editor, log, voice: english, fleet: { instances: [instance] }, now: () => now, links, clock: new FakeClock(), folders: ['/workspace'],
    share: async (server) => {
      shared.push(server);
      return offered.jupyter;
    },
    showText: async (_, text) => void texts.push(text),
    remember: (_, open) => void pages.push(open),
  };
  return { link, dialogs, editor, log, forwards, deps, instance, shared, texts, pages, offered };
}

describe('ports of a machine', () => {
  it('are chosen among what listens, what has a page first and the way in not at all', async () => {
    const { deps, instance, link, dialogs, editor, forwards } = bench({ choose: /JupyterLab/ });
    link.answer = () => ({ stdout: table, stderr: '', code: 0 });
    dialogs.onNotes.push({ text: /Port 50000 of sdxl-lora is at localhost:/, press: 'open' });
    await forwardPort(deps, instance);
    assert.deepEqual(dialogs.picks[0]?.choices.map(({ label }) => label), ['50000 · JupyterLab', '50001 · mysqld', 'Another port…']);
    const [port] = forwards.of(alias);
    assert.deepEqual(editor.done, [`open http://127.0.0.1:${port?.localPort}`]);
    assert.deepEqual(portRow(port ?? assert.fail(), english), { key: 'port-50000', name: 'Port 50000', figure: `localhost:${port?.localPort} · JupyterLab`, icon: { codicon: 'plug' }, context: 'port' });
    forwards.dispose();
  });

  it('can be typed, also when the machine cannot tell what listens', async () => {
    const { deps, instance, link, dialogs, forwards } = bench({ type: '50002' });
    link.answer = () => ({ stdout: '', stderr: '', code: 0 });
    await forwardPort(deps, instance);
    assert.match(dialogs.asked.flatMap((one) => (one.is === 'input' ? one.input.prompt : [])).join(), /does not tell/);
    assert.deepEqual(forwards.of(alias).map(({ remotePort }) => remotePort), [50_002]);
    forwards.dispose();
  });

  it('are not asked for twice of a machine that is away', async () => {
    const { deps, instance, link, dialogs, forwards } = bench();
    link.lose(new RentError('sshUnreachable'));
    await forwardPort(deps, instance);
    assert.equal(dialogs.notes.length, 1);
    assert.equal(dialogs.notes[0]?.level, 'error');
    assert.deepEqual(forwards.all, []);
  });

  it('are named by the row they were invoked on, else there is one, else a person picks', async () => {
    const { deps, forwards, dialogs } = bench({ choose: /^50004/ });
    assert.equal(await chooseOpen(deps, undefined), undefined);
    assert.match(dialogs.notes[0]?.text ?? '', /No port/);
    const first = await forwards.open(alias, 50_003);
    assert.equal(await chooseOpen(deps, undefined), first);
    const second = await forwards.open(alias, 50_004);
    assert.equal(await chooseOpen(deps, undefined), second);
    assert.equal(await chooseOpen(deps, 'instance/vast:77/port-50003'), first);
    assert.equal(await chooseOpen(deps, 'instance/vast:78/port-50003'), undefined);
    forwards.dispose();
  });

  it('are opened and copied at the address that leads to them from where the person is', async () => {
    const { deps, editor, forwards } = bench();
    editor.external = async (url) => url.replace('http://127.0.0.1:', 'https://workbench.example/proxy/');
    const port = await forwards.open(alias, 50_005);
    await openPort(deps, port);
    await copyPort(deps, port);
    assert.deepEqual(editor.done, [`open https://workbench.example/proxy/${port.localPort}`, `copy https://workbench.example/proxy/${port.localPort}`]);
    forwards.dispose();
  });

  it('are read strictly, and a program’s name is a line of plain text', () => {
    for (const text of ['', '0', '65536', '-1', '1.5', 'x', '8888x', '1e3']) assert.equal(portIn(text), undefined, text);
    assert.equal(portIn(' 8888 '), 8888);
    assert.equal(portOfNode('instance/vast:1/port-8888'), 8888);
    assert.equal(portOfNode('instance/vast:1/gpu'), undefined);
    assert.equal(addressOf({ localPort: 8888 }, '/lab', true), 'https://127.0.0.1:8888/lab');
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), (program) => {
      for (const { label, description = '' } of listenerChoices([{ port: 4711, onlyLocal: true, program, command: `x --token ${token}` }], [], english)) {
        assert.doesNotMatch(label + description, /\p{Cc}|\p{Cf}|\$\(|\]\(/u);
        assert.ok(!(label + description).includes(token) && label.length < 60);
      }
    }));
  });
});

const jupyterFile = said(`server ${JSON.stringify({ pid: 7, port: 50_010, base_url: '/', token, root_dir: '/workspace' })}`);

describe('JupyterLab with one click', () => {
  it('opens the one that runs with its token, which goes no further than this computer', async () => {
    const { deps, instance, link, editor, forwards, log, dialogs, pages } = bench();
    link.answer = () => ({ stdout: jupyterFile, stderr: '', code: 0 });
    await openJupyter(deps, instance);
    const [port] = forwards.of(alias);
    assert.deepEqual(editor.done, [`open http://127.0.0.1:${port?.localPort}/lab?token=${token}`]);
    assert.ok(!JSON.stringify([log, dialogs.asked, forwards.all]).includes(token));
    await pages[0]?.();
    assert.equal(editor.done.length, 2, 'the same again from its row');
    forwards.dispose();
  });

  it('puts the token into no address that leaves this computer', async () => {
    const { deps, instance, link, editor, dialogs, forwards } = bench();
    link.answer = () => ({ stdout: jupyterFile, stderr: '', code: 0 });
    editor.external = async (url) => url.replace(/^http:\/\/127\.0\.0\.1:\d+/, 'https://workbench.example/proxy');
    await openJupyter(deps, instance);
    assert.deepEqual(editor.done, [`copy ${token}`, 'open https://workbench.example/proxy/lab']);
    assert.match(dialogs.notes[0]?.text ?? '', /clipboard/);
    forwards.dispose();
  });

  it('is handed to the Jupyter extension where there is one', async () => {
    const { deps, instance, link, editor, shared, dialogs, forwards, offered } = bench();
    offered.jupyter = true;
    link.answer = () => ({ stdout: jupyterFile, stderr: '', code: 0 });
    await openJupyter(deps, instance);
    assert.deepEqual(shared, [{ id: `${alias}/50010`, label: 'sdxl-lora · RTX 4090', url: `http://127.0.0.1:${forwards.of(alias)[0]?.localPort}/`, token }]);
    assert.deepEqual([editor.done, dialogs.notes[0]?.buttons.map(({ id }) => id)], [[], ['open']]);
    forwards.dispose();
  });

  it('is installed only when a person says so, with what it takes said before', async () => {
    const { deps, instance, link, dialogs, forwards } = bench({ press: undefined });
    link.answer = (script) => ({ stdout: script.includes('nohup') ? said('missing') : '', stderr: '', code: 0 });
    await openJupyter(deps, instance);
    assert.equal(dialogs.questions[0]?.title, 'Install JupyterLab on sdxl-lora?');
    assert.match(dialogs.questions[0]?.detail ?? '', /about 50 MB to download and 220 MB on the disk/);
    assert.ok(!link.scripts.some((script) => script.includes('pip install')));
    assert.deepEqual(forwards.all, []);
  });

  it('is started again once it is installed', async () => {
    const { deps, instance, link, editor, forwards } = bench({ press: 'install' });
    let there = false;
    link.answer = (script) => {
      if (script.includes('pip install')) there = true;
      return { stdout: script.includes('nohup') ? said(there ? 'started 7' : 'missing') : script.includes('kill -0') ? jupyterFile : '', stderr: '', code: 0 };
    };
    await openJupyter(deps, instance);
    assert.match(editor.done.join(), /\/lab\?token=/);
    forwards.dispose();
  });

  it('says why it did not start', async () => {
    const { deps, instance, link, dialogs, texts } = bench();
    link.answer = (script) => ({ stdout: script.includes('nohup') ? said('started 7') : script.includes('kill -0') ? said('gone', 'log no module named tornado') : '', stderr: '', code: 0 });
    dialogs.onNotes.push({ text: /did not start/, press: 'log' });
    await openJupyter(deps, instance);
    assert.deepEqual(texts, ['no module named tornado']);
  });

  it('knows which addresses stay on this computer', () => {
    for (const url of ['http://127.0.0.1:1/x', 'http://localhost:8888/lab', 'http://[::1]:1/', 'http://127.1.2.3/']) assert.equal(isLoopback(url), true, url);
    for (const url of ['https://workbench.example/', 'http://127.0.0.1.example/', 'http://localhost.example/', 'http://10.0.0.1/', 'http://0.0.0.0:1/']) assert.equal(isLoopback(url), false, url);
  });
});

describe('TensorBoard with one click', () => {
  const file = said(`server ${JSON.stringify({ pid: 7, port: 50_011, logdir: '/workspace/runs', path_prefix: '' })}`);

  it('opens the one that runs', async () => {
    const { deps, instance, link, editor, forwards } = bench();
    link.answer = () => ({ stdout: file, stderr: '', code: 0 });
    await openTensorboard(deps, instance);
    assert.deepEqual(editor.done, [`open http://127.0.0.1:${forwards.of(alias)[0]?.localPort}/`]);
    forwards.dispose();
  });

  it('is started for the runs that are chosen', async () => {
    const { deps, instance, link, dialogs, editor, forwards } = bench({ choose: /^\/workspace\/runs 2 runs/ });
    link.answer = (script) => ({
      stdout: script.includes('tfevents') ? said('events /workspace/runs/a/events.out.tfevents.1', 'events /workspace/runs/b/events.out.tfevents.2') : script.includes('nohup') ? said('started 7') : script.includes('kill -0') ? file : '',
      stderr: '', code: 0,
    });
    await openTensorboard(deps, instance);
    assert.deepEqual(dialogs.picks[0]?.choices.map(({ label }) => label), ['/workspace/runs', '/workspace/runs/a', '/workspace/runs/b', 'Another folder…']);
    assert.ok(link.scripts.some((script) => script.includes("--logdir '/workspace/runs'")));
    assert.equal(editor.done.length, 1);
    forwards.dispose();
  });

  it('asks for the folder where no run is found, and stops when nobody says one', async () => {
    const { deps, instance, link, dialogs } = bench({ type: undefined });
    link.answer = () => ({ stdout: '', stderr: '', code: 0 });
    await openTensorboard(deps, instance);
    assert.ok(dialogs.asked.some((one) => one.is === 'input' && one.input.value === '/workspace/runs'));
    assert.ok(!link.scripts.some((script) => script.includes('nohup')));
  });
});
