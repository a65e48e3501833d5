import { type ComponentChild, Fragment, h, render } from 'preact';
import { beforeAll, expect, test } from 'vitest';
import { cleanWhatIsDrawn } from '../../src/web/view/clean-view.ts';

/** As much of a document as drawing needs. */
class FakeNode {
  readonly childNodes: FakeNode[] = [];
  readonly attributes: Record<string, string> = {};
  readonly style = {};
  readonly nodeType = 1;
  readonly namespaceURI = 'http://www.w3.org/1999/xhtml';
  readonly ownerDocument = fakeDocument;
  readonly nodeName: string;
  data: unknown;
  parentNode: FakeNode | null = null;

  constructor(nodeName: string, data?: unknown) {
    this.nodeName = nodeName;
    this.data = data;
  }

  get firstChild(): FakeNode | null {
    return this.childNodes[0] ?? null;
  }

  get nextSibling(): FakeNode | null {
    const siblings = this.parentNode?.childNodes ?? [];
    return siblings[siblings.indexOf(this) + 1] ?? null;
  }

  insertBefore(node: FakeNode, next: FakeNode | null): FakeNode {
    node.parentNode = this;
    this.childNodes.splice(next === null ? this.childNodes.length : this.childNodes.indexOf(next), 0, node);
    return node;
  }

  appendChild(node: FakeNode): FakeNode {
    return this.insertBefore(node, null);
  }

  removeChild(node: FakeNode): FakeNode {
    this.childNodes.splice(this.childNodes.indexOf(node), 1);
    return node;
  }

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }

  /** All texts in it. */
  get texts(): readonly unknown[] {
    return this.nodeName === '#text' ? [this.data] : this.childNodes.flatMap((child) => child.texts);
  }
}

const fakeDocument = {
  createElementNS: (_: string, name: string): FakeNode => new FakeNode(name),
  createTextNode: (text: string): FakeNode => new FakeNode('#text', text),
};

beforeAll(() => cleanWhatIsDrawn());

function drawn(tree: ComponentChild): FakeNode {
  const root = new FakeNode('div');
  render(tree, root);
  return root;
}

test('no text is drawn as it came from a stranger, in whatever element or component', () => {
  const Shown = ({ text }: { text: string }) => h(Fragment, null, 'type ', text);
  const root = drawn(h('p', null, 'photo\u202egnp.exe', ['\u001b[2J', 7], h(Shown, { text: 'a\u200bb' })));
  expect(root.texts).toEqual(['photo\\u202egnp.exe', '\\u001b[2J', 7, 'type ', 'a\\u200bb']);
});

test('nor an attribute, but what a user types', () => {
  const root = drawn(h('input', { title: 'a\u0085b', 'aria-label': 'Cancel \u202e', value: 'a\u200db' }));
  const [input] = root.childNodes;
  expect({ ...input?.attributes, ...input }).toMatchObject({
    title: 'a\\u0085b',
    'aria-label': 'Cancel \\u202e',
    value: 'a\u200db',
  });
});

test('a line break by itself is the page’s', () => {
  expect(drawn(h('div', null, 'one\ntwo', '\n')).texts).toEqual(['one\\u000atwo', '\n']);
});
