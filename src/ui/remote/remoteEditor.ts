/** What handing a machine over needs of the editor. */
export interface RemoteEditor {
  readonly uriScheme: string;
  /** A browser cannot open an SSH window, whatever is installed. */
  readonly isWeb: boolean;
  readonly home: string;
  isInstalled(extensionId: string): boolean;
  install(extensionId: string): Promise<void>;
  setting(id: string): unknown;
  /** For the user, not for a workspace. Rejects where settings cannot be written or do not exist. */
  updateSetting(id: string, value: unknown): Promise<void>;
  openFolder(authority: string, path: string, newWindow: boolean): Promise<void>;
}

/** What the SSH side has and does, handed in. */
export interface SshFacts {
  readonly hostFile: string;
  /** The line that makes our hosts known to the user's own configuration. */
  readonly includeLine: string;
  /** `ssh …`, to paste into any shell. */
  command(alias: string): string;
  /** Puts the line into that file; throws `sshConfig`. */
  connectUserConfig(path: string): Promise<unknown>;
}
