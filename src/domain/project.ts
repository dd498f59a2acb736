/** What is known of the project in the window, as far as a machine needs it to begin. */
import type { DataPlace, Direction } from './dataStore.ts';

export interface Project {
  readonly name: string;
  readonly code?: GitPlace;
  readonly data: readonly DataRoute[];
  readonly environment?: { readonly kind: EnvironmentKind; readonly file: string };
  /** As one would type it in the project's folder. */
  readonly command?: string;
}

export interface GitPlace {
  /** Without a name or a password in it. */
  readonly url: string;
  readonly commit: string;
  /** Whether the remote is known to have the commit. */
  readonly pushed: boolean;
}

export interface DataRoute {
  readonly place: DataPlace;
  readonly direction: Direction;
  /** Absolute on a machine, or below the project's folder. */
  readonly folder: string;
}

export type EnvironmentKind = 'uv' | 'requirements' | 'pyproject' | 'conda';

/** In the order in which they count when there are several. */
export const environmentFiles: readonly { readonly file: string; readonly kind: EnvironmentKind }[] = [
  { file: 'uv.lock', kind: 'uv' },
  { file: 'requirements.txt', kind: 'requirements' },
  { file: 'pyproject.toml', kind: 'pyproject' },
  { file: 'environment.yml', kind: 'conda' },
  { file: 'environment.yaml', kind: 'conda' },
];
