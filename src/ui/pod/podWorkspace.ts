/** The machine's shell, as package.json calls it. */
const profile = 'GPU Rental';

/**
 * A new terminal is one of the machine. A panel that is open when a window begins would begin with one more, beside those
 * that come back from there.
 */
const settings = {
  'terminal.integrated.hideOnStartup': 'whenEmpty',
  ...Object.fromEntries(['linux', 'osx', 'windows'].map((system) => [`terminal.integrated.defaultProfile.${system}`, profile])),
};

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
