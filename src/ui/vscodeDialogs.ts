import * as vscode from 'vscode';
import { goBack, type Button, type Choice, type Dialogs, type Input, type Pick } from './dialogs.ts';
import { whenItLasts } from './whenItLasts.ts';

interface Shown<B extends string> extends vscode.MessageItem {
  readonly id: B;
}

const shown = <B extends string>(buttons: readonly Button<B>[]): Shown<B>[] => buttons.map(({ id, label }) => ({ id, title: label }));

/** The real dialogs, and nothing but the editor's own. */
export const vscodeDialogs: Dialogs = {
  async confirm(question) {
    const show = question.grave ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    return (await show(question.title, { modal: true, detail: question.detail }, ...shown(question.buttons)))?.id;
  },

  async notify(note) {
    const show = {
      info: vscode.window.showInformationMessage,
      warning: vscode.window.showWarningMessage,
      error: vscode.window.showErrorMessage,
    }[note.level];
    return (await show(note.text, ...shown(note.buttons)))?.id;
  },

  pick: (pick) => new Promise((resolve) => openPick(pick, resolve)),

  async input(input: Input) {
    return vscode.window.showInputBox({
      title: input.title,
      prompt: input.prompt,
      password: input.secret === true,
      ignoreFocusOut: true,
      validateInput: input.refuse,
      ...(input.value === undefined ? {} : { value: input.value }),
      ...(input.goesOn === true && input.value !== undefined ? { valueSelection: [input.value.length, input.value.length] } : {}),
      ...(input.placeholder === undefined ? {} : { placeHolder: input.placeholder }),
    });
  },

  async save({ title, name, kind, text }) {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const to = await vscode.window.showSaveDialog({
      title, filters: { [kind.toUpperCase()]: [kind] }, ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    });
    if (to === undefined) return undefined;
    await vscode.workspace.fs.writeFile(to, new TextEncoder().encode(text));
    return to.toString();
  },

  async progress(title, cancellable, task) {
    const stop = new AbortController();
    let latest: string | undefined;
    let drawn: vscode.Progress<{ message?: string }> | undefined;
    const running = task((message) => {
      latest = message;
      drawn?.report({ message });
    }, stop.signal);
    return whenItLasts(running, () => void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable },
      (progress, token) => {
        token.onCancellationRequested(() => stop.abort());
        drawn = progress;
        if (latest !== undefined) progress.report({ message: latest });
        // How it ends is told to whoever asked for it.
        return running.then(() => undefined, () => undefined);
      },
    ));
  },
};

interface Row<T> extends vscode.QuickPickItem {
  readonly choice?: Choice<T>;
}

function openPick<T>(pick: Pick<T>, resolve: (value: T | typeof goBack | undefined) => void): void {
  const list = vscode.window.createQuickPick<Row<T>>();
  list.title = pick.title;
  list.placeholder = pick.placeholder;
  list.matchOnDescription = true;
  list.items = pick.choices.flatMap((choice) => [...separator<T>(choice), toRow(choice)]);
  const current = list.items.filter((row) => row.choice?.current === true);
  // An empty list would take away the first row, which Enter picks.
  if (current.length > 0) list.activeItems = current;
  if (pick.withBack) list.buttons = [vscode.QuickInputButtons.Back];
  list.onDidTriggerButton(() => finish(goBack));
  list.onDidAccept(() => finish(list.activeItems[0]?.choice?.value));
  list.onDidHide(() => {
    resolve(undefined);
    list.dispose();
  });
  const finish = (value: T | typeof goBack | undefined): void => {
    // The first answer counts; hiding resolves too, after it.
    resolve(value);
    list.hide();
  };
  list.show();
}

const separator = <T>({ section }: Choice<T>): Row<T>[] =>
  section === undefined ? [] : [{ label: section, kind: vscode.QuickPickItemKind.Separator }];

const toRow = <T>(choice: Choice<T>): Row<T> => ({
  label: choice.label,
  choice,
  ...(choice.description === undefined ? {} : { description: choice.description }),
  ...(choice.detail === undefined ? {} : { detail: choice.detail }),
});
