// What is given to the page as a whole, before and while there is somebody to take it.

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Given, type Receiver } from '../../src/web/given.ts';

/** As much of a drop or a paste as is looked at. */
class Gift extends Event {
  readonly dataTransfer;
  readonly clipboardData;
  constructor(type: string, { files = [], text = '' }: { readonly files?: readonly File[]; readonly text?: string }) {
    super(type, { cancelable: true });
    this.dataTransfer = { types: files.length > 0 ? ['Files'] : ['text/plain'], files, items: [] };
    this.clipboardData = { files, getData: () => text };
  }
}

class Taken implements Receiver {
  readonly all: string[] = [];
  take(files: readonly File[]): void {
    this.all.push(...files.map(({ name }) => name));
  }
  takeFolders(): void {
    this.all.push('folders');
  }
  takeText(text: string): void {
    this.all.push(`text ${text}`);
  }
  hover(isOver: boolean): void {
    this.all.push(isOver ? 'over' : 'out');
  }
}

// Where something is pasted into is asked of the page's elements.
beforeAll(() => void vi.stubGlobal('Element', class {}));
afterAll(() => vi.unstubAllGlobals());

const A = new File(['a'], 'a.txt');
const B = new File(['b'], 'b.txt');

describe('what is given to the page', () => {
  test('before there is somebody to take it waits, and is not opened in the page’s place', () => {
    const page = new EventTarget();
    const given = new Given(page as Window);
    const drop = new Gift('drop', { files: [A] });
    page.dispatchEvent(drop);
    page.dispatchEvent(new Gift('paste', { text: 'hello' }));
    expect(drop.defaultPrevented).toBe(true);
    const taken = new Taken();
    given.receivedBy(taken);
    expect(taken.all).toEqual(['a.txt', 'text hello']);
    page.dispatchEvent(new Gift('drop', { files: [B] }));
    expect(taken.all).toEqual(['a.txt', 'text hello', 'out', 'b.txt']);
  });

  test('is given once: not again to who takes it after that', () => {
    const page = new EventTarget();
    const given = new Given(page as Window);
    page.dispatchEvent(new Gift('drop', { files: [A] }));
    given.receivedBy(new Taken())();
    page.dispatchEvent(new Gift('drop', { files: [B] }));
    const later = new Taken();
    given.receivedBy(later);
    expect(later.all).toEqual(['b.txt']);
  });

  test('of text that is dragged, and of a paste of spaces, nothing is taken', () => {
    const page = new EventTarget();
    const taken = new Taken();
    new Given(page as Window).receivedBy(taken);
    const drop = new Gift('drop', { text: 'words' });
    page.dispatchEvent(drop);
    page.dispatchEvent(new Gift('paste', { text: ' \n' }));
    expect(drop.defaultPrevented).toBe(false);
    expect(taken.all).toEqual(['out']);
  });
});
