import assert from 'node:assert/strict';
import { usd, usdPerHour, zeroRate } from '../../../../src/domain/money.ts';
import type { CapEvent } from '../../../../src/services/guard.ts';
import { destroyConsent, rebootConsent, startConsent, stopConsent } from '../../../../src/ui/instances/confirmations.ts';
import { capNote, endNote, warnNote } from '../../../../src/ui/instances/guardNotes.ts';
import { limitsForStart } from '../../../../src/ui/instances/limitsForStart.ts';
import { announceReady, readyNote } from '../../../../src/ui/readyNote.ts';
import { RecordingEditor } from '../support/recordingEditor.ts';
import { ScriptedDialogs } from '../support/scriptedDialogs.ts';
import { english } from '../support/english.ts';
import { foreign, hourMs, launch, machine, minuteMs, now, purse, ready } from '../support/machines.ts';

describe('before a machine is stopped', () => {
  it('is said what ends, what is kept and what that costs', () => {
    const { title, detail } = stopConsent(machine(), english);
    assert.equal(title, 'Stop sdxl-lora?');
    assert.match(detail, /What runs on it ends\.\n\nIts 40 GB disk is kept and goes on costing \$0\.020\/h \(\$14\.60 a month\) until you destroy it\./);
    assert.match(detail, /free GPU on the same host, which is not promised/);
  });

  it('is said what a stop on RunPod loses, and what an interruptible one takes', () => {
    assert.match(stopConsent(machine({ provider: 'runpod' }), english).detail, /Only what lies in \/workspace survives/);
    assert.doesNotMatch(stopConsent(machine(), english).detail, /workspace/);
    assert.match(stopConsent(machine({ kind: 'interruptible' }), english).detail, /a bid that wins/);
    assert.match(stopConsent(machine({ rates: { ...machine().rates, stopped: zeroRate } }), english).detail, /Stopped, it costs nothing\./);
  });

  it('is said that it is somebody else’s', () => {
    assert.match(stopConsent(foreign(), english).detail, /^It was not rented here: make sure that nobody else needs it\./);
    assert.match(destroyConsent(foreign(), true, english).detail, /^It was not rented here/);
  });
});

describe('before a machine is destroyed', () => {
  it('is said what is lost, and what keeping it would cost', () => {
    assert.deepEqual(destroyConsent(machine(), true, english), {
      title: 'Destroy sdxl-lora?',
      detail: 'Everything on its 40 GB disk is lost for good.\n\nStopping instead keeps the disk for $0.020/h ($14.60 a month).\n\nIt has cost $1.24 so far.',
    });
  });

  it('is no stop offered where there is none', () => {
    assert.doesNotMatch(destroyConsent(machine({ state: 'stopped' }), false, english).detail, /Stopping instead/);
    assert.match(destroyConsent(foreign({ diskGb: 0 }), true, english).detail, /Everything on its disk is lost/);
  });
});

describe('every question about a machine', () => {
  it('cannot be rewritten by what a host calls things', () => {
    const evil = foreign({ name: 'x\n\nStop costs nothing', gpu: 'RTX\u2028\nFree', state: 'stopped' });
    for (const { title, detail } of [stopConsent(evil, english), destroyConsent(evil, true, english), startConsent(evil, launch().quote.limits, { now, purse: purse(), selfStop: true, practice: false }, english), rebootConsent(evil, english)]) {
      assert.doesNotMatch(title, /[\n\u2028]/);
      assert.doesNotMatch(detail, /\u2028|\nFree|\nStop costs/);
    }
  });
});

describe('before a machine is started or rebooted', () => {
  it('is named the price and what ends it', () => {
    const { title, detail } = startConsent(machine({ state: 'stopped' }), launch().quote.limits, { now, purse: purse(), selfStop: true, practice: true }, english);
    assert.equal(title, 'Start sdxl-lora for $0.33/h?');
    assert.match(detail, /^This is the practice market.*1× RTX 4090, all in\. It has cost \$1\.24 so far\..*It stops by itself at 18:40 or at \$5\.00\. A guard on the machine sees to it/s);
    const bare = startConsent(machine({ state: 'stopped' }), launch().quote.limits, { now, purse: purse(), practice: true, selfStop: false }, english);
    assert.match(bare.detail, /Not protected: at Vast\.ai a machine of this image cannot stop itself\. The editor stops it at 18:40/);
    assert.match(rebootConsent(machine(), english).detail, /What runs on it ends\. It goes on costing \$0\.33\/h\./);
  });

  it('are limits renewed only when they would end it at once', () => {
    const usual = { budget: usd(5), leaseHours: 8 };
    const roomy = { budget: usd(5), leaseEndsAt: now + hourMs };
    assert.deepEqual(limitsForStart(roomy, usd(1), usual, now), roomy);
    assert.deepEqual(limitsForStart({ ...roomy, leaseEndsAt: now + minuteMs }, usd(1), usual, now), { budget: usd(5), leaseEndsAt: now + 8 * hourMs });
    assert.deepEqual(limitsForStart(roomy, usd(5.2), usual, now), { budget: usd(10.2), leaseEndsAt: now + hourMs });
    const idle = { ...roomy, idleMs: 30 * minuteMs, atLimit: 'destroy' } as const;
    assert.deepEqual(limitsForStart(idle, usd(5.2), usual, now), { ...idle, budget: usd(10.2) }, 'what else was agreed to stays');
    assert.deepEqual(limitsForStart(undefined, usd(2), usual, now), { budget: usd(7), leaseEndsAt: now + 8 * hourMs });
  });
});

describe('what the guard says', () => {
  const counted = usd(4.24);
  const say = (verdict: 'warn' | 'end', because: 'budget' | 'lease', step?: 50 | 80) =>
    warnNote({ instance: machine({ burn: usdPerHour(0.33) }), counted, judgement: { verdict, because, ...(step === undefined ? {} : { step }) } }, now, english);

  it('warns of each limit with its own way on', () => {
    assert.deepEqual([say('warn', 'lease').text, say('warn', 'lease').buttons.map(({ id }) => id)], ['sdxl-lora is stopped at 18:40, when its lease ends.', ['extend', 'stop', 'destroy']]);
    const { level, text, buttons } = say('warn', 'budget', 80);
    assert.deepEqual([level, text, buttons.map(({ id }) => id)], ['warning', 'sdxl-lora has used $4.24 of its $5.00. The rest lasts 2 h 18 m; then it is stopped.', ['raise', 'stop', 'destroy']]);
    assert.equal(say('fine' as 'warn', 'budget', 50).level, 'info');
  });

  it('is loud when a machine could not be stopped', () => {
    const note = say('end', 'budget');
    assert.equal(note.level, 'error');
    assert.match(note.text, /past its limit and Vast\.ai has not stopped it: it costs \$0\.33\/h/);
  });

  it('says why it stopped one, and what goes on', () => {
    const note = endNote({ instance: machine(), counted, judgement: { verdict: 'end', because: 'lease' } }, english);
    assert.equal(note.text, 'sdxl-lora was stopped because its lease ended. Its disk goes on costing $0.020/h ($14.60 a month).');
    assert.match(endNote({ instance: machine(), counted, judgement: { verdict: 'end', because: 'budget' } }, english).text, /its budget is used up/);
  });
});

describe('what is said of a cap', () => {
  const use = { kind: 'month' as const, limit: usd(20), since: now, counted: usd(16.1) };
  const event = (change: Partial<CapEvent> = {}): CapEvent => ({ use, step: 80, stopped: [], failed: [], ...change });

  it('is how much of it is used, and how long the rest lasts', () => {
    const { level, text, buttons } = capNote(event(), usdPerHour(0.5), english);
    assert.deepEqual([level, text], ['warning', '$16.10 of this month’s $20.00 is used. The rest lasts 7 h 48 m; then all your machines are stopped, or destroyed where that was agreed.']);
    assert.deepEqual(buttons.map(({ id }) => id), ['raiseCap', 'stop', 'spend']);
    assert.match(capNote(event({ step: 50, use: { ...use, kind: 'session' } }), zeroRate, english).text, /^\$16\.10 of this session’s \$20\.00 is used\. Past it all/);
  });

  it('is what was stopped because of it, and what goes on costing', () => {
    const { text, level } = capNote(event({ step: 100, stopped: [machine(), machine({ name: 'eval' })] }), zeroRate, english);
    assert.deepEqual([level, text], ['warning', 'This month’s $20.00 is used up. Stopped because of it: sdxl-lora, eval. Stopped, they go on costing $0.040/h ($29.20 a month).']);
    const stuck = capNote(event({ step: 100, failed: [machine()] }), zeroRate, english);
    assert.deepEqual([stuck.level, stuck.text], ['error', 'This month’s $20.00 is used up. Not stopped yet, and asked again and again: sdxl-lora.']);
  });
});

describe('when a machine is ready', () => {
  it('is said what it costs and when it stops', () => {
    assert.equal(readyNote(ready(), now, english).text, 'sdxl-lora is ready for $0.33/h; it is stopped at 18:40 or at $5.00.');
    assert.match(readyNote(ready({ launch: launch({ name: '' }) }), now, english).text, /^1× RTX 4090 is ready/);
    const cheated = readyNote(ready({ report: { ...ready().report, gpus: ['NVIDIA GeForce RTX 3060'] } }), now, english);
    assert.match(cheated.text, /\$5\.00\. Its driver names NVIDIA GeForce RTX 3060, and RTX 4090 was advertised\.$/);
    assert.deepEqual([cheated.level, cheated.buttons.map(({ id }) => id)], ['warning', ['workspace', 'terminal', 'destroy']]);
  });

  it('opens as the person likes, or not at all', async () => {
    for (const [press, done] of [['workspace', ['run gpuRental.instance.openWorkspace vast:77']], ['terminal', ['run gpuRental.instance.openTerminal vast:77']], [undefined, []]] as const) {
      const dialogs = new ScriptedDialogs();
      const editor = new RecordingEditor();
      if (press !== undefined) dialogs.onNotes.push({ text: /is ready/, press });
      await announceReady({ dialogs, editor, now: () => now, voice: english }, ready());
      assert.deepEqual(editor.done, done);
    }
  });
});
