import assert from 'node:assert/strict';
import { isKnownTool, toolName } from '../../../src/domain/listening.ts';

describe('what listens', () => {
  it('is called by its program, whatever its port', () => {
    for (const [port, program, command, name] of [
      [9999, 'jupyter-lab', '/usr/bin/python3 /usr/local/bin/jupyter-lab --port=9999', 'JupyterLab'],
      [8888, 'jupyter-noteboo', 'python /opt/conda/bin/jupyter-notebook', 'Jupyter'],
      [6007, 'python3', 'python3 /usr/local/bin/tensorboard --logdir runs', 'TensorBoard'],
      [8000, 'python', 'python /workspace/ComfyUI/main.py --listen', 'ComfyUI'],
      [7860, 'python', 'python -m vllm.entrypoints.openai.api_server', 'vLLM'],
      [1234, 'ollama', 'ollama serve', 'Ollama'],
    ] as const) assert.equal(toolName({ port, program, command }), name);
  });

  it('is called by its port when the program may be anything', () => {
    assert.equal(toolName({ port: 8188 }), 'ComfyUI');
    assert.equal(toolName({ port: 7860, program: 'python3.11', command: 'python3.11 app.py' }), 'Gradio');
    assert.equal(toolName({ port: 8888, program: 'nginx', command: 'nginx: master process' }), 'nginx');
    assert.equal(toolName({ port: 4711, program: 'python', command: 'python serve.py' }), 'python');
    assert.equal(toolName({ port: 4711 }), undefined);
  });

  it('tells what has a page from what has none', () => {
    assert.equal(isKnownTool({ port: 6006, onlyLocal: true }), true);
    assert.equal(isKnownTool({ port: 3306, onlyLocal: true, program: 'mysqld' }), false);
    const kernel = { port: 40123, onlyLocal: true, program: 'python3', command: 'python3 -m ipykernel_launcher -f /root/.local/share/jupyter/runtime/kernel-1.json' };
    assert.equal(isKnownTool(kernel), false);
  });
});
