export interface PanelPage {
  readonly language: string;
  readonly title: string;
  readonly script: string;
  readonly style: string;
  /** Where the editor serves the two from. */
  readonly source: string;
  readonly nonce: string;
}

/** The page of a webview that loads one script and one style sheet of ours, and nothing else from anywhere. */
export function panelHtml({ language, title, script, style, source, nonce }: PanelPage): string {
  const policy = ["default-src 'none'", `style-src ${source}`, `script-src 'nonce-${nonce}'`, "base-uri 'none'", "form-action 'none'"].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${attribute(title)}</title>
<link rel="stylesheet" href="${attribute(style)}">
</head>
<body>
<script type="module" nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</body>
</html>`;
}

const attribute = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
