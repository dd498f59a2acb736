/** Where an imported module would lie in the workspace. Nothing is looked for outside of it. */
import { joinedPath } from './paths.ts';

/** Paths to try, the likeliest first, for `config`, `..train_utils`, `project.models.unet`, as `from` names it. */
export function modulePaths(name: string, from: string, script: string): readonly string[] {
  const [, dots = '', rest = ''] = /^(\.*)([\w.]*)$/.exec(name) ?? [];
  const inner = rest.replaceAll('.', '/');
  if (dots === '' && (inner === '' || isInstalled(rest))) return [];
  const up = '../'.repeat(Math.max(0, dots.length - 1));
  const folders = dots === '' ? rootsOf(script, from) : [joinedPath(folderOf(from), up === '' ? '.' : up)];
  return folders.flatMap((folder) => {
    if (folder === undefined) return [];
    const base = joinedPath(folder, inner === '' ? '.' : inner);
    if (base === undefined) return [];
    return inner === '' ? [joinedPath(base, '__init__.py') ?? ''] : [`${base}.py`, `${base}/__init__.py`];
  });
}

/** Where Python would look: beside the script that is started, above it, in the workspace, and beside the file itself. */
function rootsOf(script: string, from: string): readonly string[] {
  const folder = folderOf(script);
  return [...new Set([folder, joinedPath(folder, '..'), '', 'src', folderOf(from)].filter((one) => one !== undefined))];
}

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');

/** What comes with Python or from a package index is never a file of the workspace, and is not looked for. */
const installed = new Set([
  'torch', 'torchvision', 'torchaudio', 'transformers', 'datasets', 'accelerate', 'peft', 'trl', 'diffusers', 'tokenizers', 'huggingface_hub', 'safetensors', 'bitsandbytes', 'deepspeed', 'lightning',
  'pytorch_lightning', 'timm', 'ultralytics', 'unsloth', 'vllm', 'sglang', 'numpy', 'pandas', 'scipy', 'sklearn', 'matplotlib', 'PIL', 'cv2', 'tqdm', 'wandb', 'tensorboard', 'tiktoken', 'einops', 'yaml',
  'omegaconf', 'hydra', 'fire', 'click', 'tyro', 'tensorflow', 'keras', 'jax', 'flax', 'triton', 'xformers', 'evaluate', 'sentence_transformers', 'albumentations', 'requests', 'rich', 'psutil',
  'os', 'sys', 're', 'io', 'math', 'time', 'json', 'random', 'argparse', 'logging', 'pathlib', 'typing', 'dataclasses', 'functools', 'itertools', 'collections', 'contextlib', 'copy', 'glob', 'shutil',
  'subprocess', 'datetime', 'pickle', 'struct', 'inspect', 'warnings', 'enum', 'abc', 'csv', 'gc', 'socket', 'signal', 'threading', 'multiprocessing', 'tempfile', 'traceback', 'types', 'platform', '__future__',
]);
const isInstalled = (name: string): boolean => installed.has(name.split('.')[0] ?? '');
