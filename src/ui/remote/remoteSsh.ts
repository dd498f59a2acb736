/** Which extension opens a window over SSH; products differ, and each has its own. */
export const remoteSshIds = [
  'jeanp413.open-remote-ssh',
  'codeium.windsurf-remote-openssh',
  'anysphere.remote-ssh',
  'ms-vscode-remote.remote-ssh',
  'google.antigravity-remote-openssh',
] as const;
export type RemoteSshId = (typeof remoteSshIds)[number];

export const findRemoteSsh = (isInstalled: (id: string) => boolean): RemoteSshId | undefined => remoteSshIds.find(isInstalled);

/** Microsoft's own refuses to run in anything but Microsoft's builds. */
export const remoteSshFor = (uriScheme: string): RemoteSshId =>
  uriScheme === 'vscode' || uriScheme === 'vscode-insiders' ? 'ms-vscode-remote.remote-ssh' : 'jeanp413.open-remote-ssh';
