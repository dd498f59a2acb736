/** What listens on a machine, and what it probably is. */

export interface Listener {
  readonly port: number;
  /** Only programs on the machine reach it: the usual case, and no reason against forwarding. */
  readonly onlyLocal: boolean;
  /** As the machine's kernel calls the program; unknown for programs of other users. */
  readonly program?: string;
  /** The beginning of its command line. It may hold secrets: it is looked at and never shown or kept. */
  readonly command?: string;
}

/** By what it was started as: the surer sign. */
const byCommand: readonly (readonly [RegExp, string])[] = [
  [/\bjupyter[-_ ]?lab\b/i, 'JupyterLab'],
  [/\bjupyter\b/i, 'Jupyter'],
  [/\btensorboard\b/i, 'TensorBoard'],
  [/\bcomfyui\b|\bcomfy\b/i, 'ComfyUI'],
  [/\bstable-diffusion-webui\b|\blaunch_webui\b/i, 'Stable Diffusion WebUI'],
  [/\bcode-server\b|\bopenvscode-server\b/i, 'code-server'],
  [/\bvllm\b/i, 'vLLM'],
  [/\bollama\b/i, 'Ollama'],
  [/\btext-generation-(?:webui|launcher|server)\b/i, 'Text generation'],
  [/\bstreamlit\b/i, 'Streamlit'],
  [/\bgradio\b/i, 'Gradio'],
  [/\bmlflow\b/i, 'MLflow'],
  [/\bray(?:::|\b.*\bdashboard)/i, 'Ray'],
  [/\bwandb\b/i, 'W&B'],
];

/** By where it usually listens: good enough for a name where the program says nothing. */
const byPort: ReadonlyMap<number, string> = new Map([
  [3000, 'Web app'],
  [5000, 'MLflow'],
  [6006, 'TensorBoard'],
  [7860, 'Gradio'],
  [7861, 'Gradio'],
  [8000, 'vLLM'],
  [8080, 'code-server'],
  [8188, 'ComfyUI'],
  [8265, 'Ray'],
  [8501, 'Streamlit'],
  [8888, 'Jupyter'],
  [9090, 'InvokeAI'],
  [11434, 'Ollama'],
]);

/** A program that may be anything. */
const general = /^(?:python[\d.]*|pt_main_thread|node|uvicorn|gunicorn|java|ruby|sh|bash)$/i;

/**
 * How a port is called: by its program, else by its number, which is a guess. Kernels and helpers of Jupyter listen
 * too, on ports that nobody opens: they come without the name.
 */
export function toolName({ port, program, command }: Pick<Listener, 'port' | 'program' | 'command'>): string | undefined {
  const said = `${program ?? ''} ${command ?? ''}`;
  if (/\bipykernel_launcher\b/.test(said)) return undefined;
  const known = byCommand.find(([sign]) => sign.test(said))?.[1];
  if (known !== undefined) return known;
  const usual = byPort.get(port);
  if (usual !== undefined && (program === undefined || general.test(program))) return usual;
  return program;
}

/** Whether that name is of something with a page to look at. */
export const isKnownTool = (listener: Listener): boolean => {
  const name = toolName(listener);
  return name !== undefined && name !== listener.program;
};
