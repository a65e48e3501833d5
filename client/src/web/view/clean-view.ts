// All that the page draws passes here: texts of strangers, such as the types and names of files or the reasons that others
// gave, are cleaned, whichever view shows them and however they came to it (text/clean-text.ts).

import { options } from 'preact';
import { cleanText } from '../../text/clean-text.ts';

/** What the user types is the user's. */
const UNCLEANED_ATTRIBUTES: ReadonlySet<string> = new Set(['value']);
/** A text of its own in which a line ends: layout, of the page's making. */
const LINE_BREAK = '\n';

/** To be called once, before anything is drawn. */
export function cleanWhatIsDrawn(): void {
  const next = options.vnode;
  options.vnode = (vnode) => {
    cleanNode(vnode);
    next?.(vnode);
  };
}

function cleanNode(node: { type: unknown; props: unknown }): void {
  const { type, props } = node;
  // A text; what is neither text nor element is a component of the page's own.
  if (type === null && typeof props === 'string' && props !== LINE_BREAK) node.props = cleanText(props);
  if (typeof type === 'string' && typeof props === 'object' && props !== null) node.props = cleanAttributes(props);
}

function cleanAttributes(attributes: object): object {
  const clean = Object.entries(attributes).map(([name, value]) => {
    // Texts between tags come by themselves.
    const isText = typeof value === 'string' && name !== 'children' && !UNCLEANED_ATTRIBUTES.has(name);
    return [name, isText ? cleanText(value) : value];
  });
  return Object.fromEntries(clean);
}
