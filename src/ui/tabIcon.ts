import * as vscode from 'vscode';

/** What a panel's tab bears: unlike an icon of the activity bar, it is drawn in its own colours. */
export const tabIcon = (extension: vscode.Uri): { readonly light: vscode.Uri; readonly dark: vscode.Uri } => ({
  light: vscode.Uri.joinPath(extension, 'media', 'sidebar.svg'),
  dark: vscode.Uri.joinPath(extension, 'media', 'sidebar-dark.svg'),
});
