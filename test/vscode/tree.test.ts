import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { buildOffers } from '../../src/ui/offers/offersModel.ts';
import { offersSource } from '../../src/ui/offers/offersSource.ts';
import { RowTree } from '../../src/ui/tree.ts';
import { offer } from '../fakes/offers.ts';
import { english } from '../unit/ui/support/english.ts';

const offers = [offer({ reliability: 0.9, details: { hostId: '9' } })];
const model = buildOffers({
  view: { filter: { diskGb: 40 }, offers, dropped: 0, more: false, loading: false, readAt: Date.now(), stale: false, errors: [] },
  sort: 'price', hidden: new Set(), signedIn: false,
});

describe('a tree in the editor', () => {
  const tree = new RowTree(offersSource(() => model, () => Date.now(), english));
  after(() => tree.dispose());

  it('gives lines with icons, contexts and words for a screen reader', () => {
    const group = tree.getTreeItem('group/RTX 4090|24');
    assert.equal(group.collapsibleState, vscode.TreeItemCollapsibleState.Collapsed);
    const item = tree.getTreeItem('offer/vast:1001');
    assert.deepEqual([item.id, item.label, item.contextValue, item.collapsibleState], ['offer/vast:1001', '$0.33/h  1× 24 GB', 'offer has-host', vscode.TreeItemCollapsibleState.None]);
    assert.match(item.accessibilityInformation?.label ?? '', /all in, with 40 GB of disk/);
    assert.ok(item.iconPath instanceof vscode.ThemeIcon && item.iconPath.color instanceof vscode.ThemeColor);
    assert.equal(item.tooltip, undefined, 'a tooltip is made when it is asked for');
  });

  it('makes the tooltip on demand, and trusts nothing in it', async () => {
    const { tooltip } = await tree.resolveTreeItem(tree.getTreeItem('offer/vast:1001'), 'offer/vast:1001');
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.ok(tooltip.isTrusted !== true && tooltip.supportHtml !== true && tooltip.supportThemeIcons !== true);
    assert.match(tooltip.value, /Norway/);
  });

  it('runs our own command where a line is a way in', () => {
    assert.equal(tree.getTreeItem('signIn').command?.command, 'gpuRental.account.signIn');
    assert.equal(tree.getTreeItem('offer/vast:1001').command, undefined);
  });

  it('draws everything, some or nothing', () => {
    const drawn: unknown[] = [];
    const listener = tree.onDidChangeTreeData((nodes) => drawn.push(nodes));
    tree.redraw([]);
    tree.redraw(['summary']);
    tree.redraw(undefined);
    listener.dispose();
    assert.deepEqual(drawn, [['summary'], undefined]);
  });
});
