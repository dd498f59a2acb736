import * as vscode from 'vscode';

export interface SharedServer {
  readonly id: string;
  readonly label: string;
  readonly url: string;
  readonly token?: string;
}

interface JupyterServer {
  readonly id: string;
  readonly label: string;
  readonly connectionInformation: { readonly baseUrl: vscode.Uri; readonly token?: string };
}

/** Of what the Jupyter extension exports, the part that is used here. */
interface JupyterApi {
  createJupyterServerCollection(id: string, label: string, provider: {
    readonly onDidChangeServers: vscode.Event<void>;
    provideJupyterServers(): JupyterServer[];
    resolveJupyterServer(server: Pick<JupyterServer, 'id'>): JupyterServer | undefined;
  }): { dispose(): void };
}

/**
 * Servers on machines, offered where a notebook's kernel is chosen. It asks for nothing until a server is shared, so
 * that the Jupyter extension is not woken by ours; where there is none, nothing is offered.
 */
export class JupyterServers {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #servers = new Map<string, SharedServer>();
  #collection: Promise<{ dispose(): void } | undefined> | undefined;

  /** Whether it is offered now. */
  async share(server: SharedServer): Promise<boolean> {
    this.#servers.set(server.id, server);
    const collection = await (this.#collection ??= this.#offer());
    if (collection === undefined) this.#collection = undefined;
    this.#changed.fire();
    return collection !== undefined;
  }

  /** What leads nowhere any more is not offered. */
  keepOnly(lives: (id: string) => boolean): void {
    const before = this.#servers.size;
    for (const id of [...this.#servers.keys()]) if (!lives(id)) this.#servers.delete(id);
    if (this.#servers.size !== before) this.#changed.fire();
  }

  async #offer(): Promise<{ dispose(): void } | undefined> {
    const extension = vscode.extensions.getExtension<unknown>('ms-toolsai.jupyter');
    const api = extension === undefined ? undefined : await Promise.resolve(extension.activate()).catch(() => undefined);
    if (!isJupyterApi(api)) return undefined;
    return api.createJupyterServerCollection('gpuRental', 'GPU Rental', {
      onDidChangeServers: this.#changed.event,
      provideJupyterServers: () => [...this.#servers.values()].map(connectionOf),
      resolveJupyterServer: ({ id }) => {
        const server = this.#servers.get(id);
        return server && connectionOf(server);
      },
    });
  }

  dispose(): void {
    void this.#collection?.then((collection) => collection?.dispose());
    this.#changed.dispose();
  }
}

const isJupyterApi = (api: unknown): api is JupyterApi =>
  typeof api === 'object' && api !== null && 'createJupyterServerCollection' in api && typeof api.createJupyterServerCollection === 'function';

const connectionOf = ({ id, label, url, token }: SharedServer): JupyterServer => ({
  id, label,
  connectionInformation: { baseUrl: vscode.Uri.parse(url, true), ...(token === undefined ? {} : { token }) },
});
