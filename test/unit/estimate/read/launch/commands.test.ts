import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commandOf, type Command } from '../../../../../src/estimate/read/launch/command.ts';
import { chooseCommand } from '../../../../../src/estimate/read/launch/chooseCommand.ts';
import { findCommands, typedArguments } from '../../../../../src/estimate/read/launch/findCommands.ts';
import { processesOf } from '../../../../../src/estimate/read/launch/launchFacts.ts';
import { shellStatements } from '../../../../../src/estimate/read/launch/shell.ts';
import { numberOf, scalarOf, type Value } from '../../../../../src/estimate/read/python/value.ts';
import { parsers } from '../support.ts';

const one = (text: string, path = 'run.sh'): Command => findCommands({ path, text }, parsers)[0] ?? assert.fail(`no command in ${text}`);
const plain = (values: ReadonlyMap<string, Value>): Record<string, unknown> => Object.fromEntries([...values].map(([key, value]) => [key, value.kind === 'list' ? value.items.map(scalarOf) : scalarOf(value)]));
const lineOf = (command: Command, flag: string): number | undefined => command.flags.get(flag)?.at.line;

describe('shell text', () => {
  it('is split into words with their lines, through quotes, strokes and comments', () => {
    const [first, second, ...rest] = shellStatements("a 'b c' \\\n  --d=\"e\nf\" # g\nh;i\\ j && k | l\n# m\n");
    assert.deepEqual(first?.words.map(({ text, line }) => [text, line]), [['a', 1], ['b c', 1], ['--d=e\nf', 2]]);
    assert.deepEqual(second?.words.map(({ text, line }) => [text, line]), [['h', 4]]);
    assert.deepEqual(rest.map(({ words }) => words.map(({ text }) => text)), [['i j'], ['k'], ['l']]);
  });

  it('knows variables, their defaults and products, and what only a shell knows', () => {
    const text = "export N=4\nM=$((N * 2))\nX=1 go $N ${M} ${U:-7} $U '$N' \"$N-$M\" $(nvidia-smi -L | wc -l) $1";
    const [statement] = shellStatements(text);
    assert.deepEqual(statement?.words.map(({ text: word, open }) => [word, open]), [['go', false], ['4', false], ['8', false], ['7', false], ['$U', true], ['$N', false], ['4-8', false], ['$(nvidia-smi -L | wc -l)', true], ['$1', true]]);
    assert.equal(statement.environment.get('X'), '1');
  });

  it('never throws and keeps lines in order', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', ' ', '\n', '\\', '\\\n', '"', "'", '$', '$(', '$((', ')', '${', '}', '#', ';', '&', '|', '=', '--x', 'N=1', '`')).map((all) => all.join('')), (text) => {
      const lines = shellStatements(text).flatMap(({ words }) => words.map(({ line }) => line));
      assert.deepEqual(lines, lines.toSorted((a, b) => a - b));
    }));
  });
});

describe('command lines', () => {
  it('are launcher, program and flags', () => {
    const command = one('CUDA_VISIBLE_DEVICES=0,1 accelerate launch --multi_gpu --num_processes 2 --mixed_precision=bf16 \\\n  src/train.py --lr 1e-4 --flag \\\n  --sizes 1 2 -3 --name=None data.json\n');
    assert.equal(command.launcher, 'accelerate');
    assert.equal(command.program, 'src/train.py');
    assert.deepEqual(plain(command.launch), { multi_gpu: true, num_processes: 2, mixed_precision: 'bf16' });
    assert.deepEqual(plain(command.flags), { lr: 0.0001, flag: true, sizes: [1, 2, -3], name: null });
    assert.deepEqual(command.positional.map(scalarOf), ['data.json']);
    assert.deepEqual([lineOf(command, 'lr'), lineOf(command, 'sizes')], [2, 3]);
    assert.equal(command.environment.get('CUDA_VISIBLE_DEVICES'), '0,1');
  });

  const launches: readonly (readonly [text: string, program: string, processes: number | undefined])[] = [
    ['torchrun --nproc_per_node=4 --nnodes=2 train.py', 'train.py', 8],
    ['torchrun --nproc_per_node=auto train.py', 'train.py', undefined],
    ['python -m torch.distributed.launch --nproc_per_node 2 train.py', 'train.py', 2],
    ['python3 -m torch.distributed.run --nproc-per-node 2 -m pkg.train', 'pkg.train', 2],
    ['deepspeed --num_gpus=8 train.py', 'train.py', 8],
    ['deepspeed --include localhost:0,2,3 train.py', 'train.py', 3],
    ['accelerate launch -m axolotl.cli.train x.yml', 'axolotl.cli.train', undefined],
    ['composer -n 8 train/train.py x.yaml', 'train/train.py', 8],
    ['nohup python -u train.py > log 2>&1 &', 'train.py', undefined],
    ['srun --gres=gpu:4 python train.py', 'train.py', undefined],
    ['uv run python train.py', 'train.py', undefined],
    ['torchrun --nproc_per_node=$GPUS train.py', 'train.py', undefined],
  ];
  for (const [text, program, processes] of launches) {
    it(text, () => {
      const command = one(text);
      assert.equal(command.program, program);
      assert.equal(numberOf(processesOf(command)), processes);
    });
  }

  it('are not everything that stands in a shell file', () => {
    assert.deepEqual(findCommands({ path: 'run.sh', text: 'cd x\npip install torch\necho "python train.py"\nmkdir -p out\n' }, parsers), []);
    assert.equal(commandOf({ words: [], environment: new Map() }, 'x.sh'), undefined);
  });

  describe('stand', () => {
    it('in the fences of a README, on its lines', () => {
      const text = '# Title\npython train.py is our script.\n```python\npython = 1\n```\n\n```bash\n$ python train.py \\\n    --epochs 3\n```\n';
      const commands = findCommands({ path: 'README.md', text }, parsers);
      assert.deepEqual(commands.map(({ line, program }) => [line, program]), [[8, 'train.py']]);
      assert.equal(lineOf(commands[0] ?? assert.fail(), 'epochs'), 9);
    });

    it('in comments and docstrings of a script', () => {
      const commands = findCommands({ path: 'x.py', text: '"""\nTo run:\n$ python x.py --a 1\n"""\nimport os\n# torchrun --nproc_per_node=2 x.py \\\n#   --b 2\nprint("python x.py")\n' }, parsers);
      assert.deepEqual(commands.map(({ line, launcher, flags }) => [line, launcher, plain(flags)]), [[3, 'python', { a: 1 }], [6, 'torchrun', { b: 2 }]]);
    });

    it('in tasks and launch configurations', () => {
      const tasks = one('{"tasks": [\n  // train\n  {"label": "t",\n   "command": "torchrun --nproc_per_node=2 train.py",\n   "args": ["--epochs", "5"]}]}', '.vscode/tasks.json');
      assert.deepEqual([tasks.line, tasks.program, plain(tasks.flags), numberOf(processesOf(tasks))], [4, 'train.py', { epochs: 5 }, 2]);
      const launch = one('{"configurations": [{\n  "program": "${workspaceFolder}/train.py",\n  "args": ["--epochs",\n    "5"], "env": {"WORLD_SIZE": "1"}}]}', '.vscode/launch.json');
      assert.deepEqual([launch.program, plain(launch.flags), lineOf(launch, 'epochs'), launch.environment.get('WORLD_SIZE')], ['train.py', { epochs: 5 }, 4, '1']);
      const module = one('{"configurations": [{"module": "torch.distributed.run", "args": ["--nproc_per_node", "4", "train.py", "--epochs=2"]}]}', '.vscode/launch.json');
      assert.deepEqual([module.program, numberOf(processesOf(module)), plain(module.flags)], ['train.py', 4, { epochs: 2 }]);
    });

    it('in what a person types', () => {
      const { flags, positional } = typedArguments('--epochs 3 --name "a b" key=2 last.py');
      assert.deepEqual(plain(flags), { epochs: 3, name: 'a b', key: 2 });
      assert.deepEqual(positional.map(scalarOf), ['last.py']);
      assert.equal(flags.get('epochs')?.at.source, 'user');
    });
  });

  it('are chosen by the script they start, the nearest first', () => {
    const script = { path: 'src/train.py', text: 'x = 1' };
    const readme = { path: 'README.md', text: '```\npython other.py --n 0\npython src/train.py --n 1\npython train.py --n 2\n```' };
    const shell = { path: 'go.sh', text: 'python prepare.py --n 8\npython -m src.train --n 3\n' };
    const n = (command: Command | undefined) => scalarOf(command?.flags.get('n'));
    assert.equal(n(chooseCommand(script, [readme], parsers)), 1);
    assert.equal(n(chooseCommand(script, [readme, shell], parsers)), 3);
    assert.equal(chooseCommand({ path: 'eval.py', text: '' }, [readme, shell], parsers), undefined);
    const docstring = (lines: string) => ({ path: 'train.py', text: `"""\n${lines}"""\n` });
    assert.equal(n(chooseCommand(docstring('python train.py --n 5\n'), [], parsers)), 5);
    assert.equal(chooseCommand(docstring('python train.py --n 5\npython train.py --n 6\n'), [], parsers), undefined);
  });
});
