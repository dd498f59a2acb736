/**
 * A terminal panel that is open when a window begins would begin with a shell of this computer, beside those that come
 * back from the machine. A default profile of ours would do more, but with one in this file a browser opens no folder.
 */
const settings = { 'terminal.integrated.hideOnStartup': 'whenEmpty' };

/** The workspace file of a machine's folder. What a person set in the one `before` stays. */
export const podWorkspace = (uri: string, name: string, before = ''): string =>
  `${JSON.stringify({ folders: [{ uri, name }], settings: { ...settings, ...settingsIn(before) } }, null, 2)}\n`;

function settingsIn(text: string): object {
  try {
    const { settings: found } = JSON.parse(text) as { readonly settings?: unknown };
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}
