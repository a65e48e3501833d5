// The console: a peer's commands typed on the page, with history (arrow keys), completion (Tab) and output to copy.

import type { Signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type ConsoleLine, lineText } from '../../model/console-line.ts';
import type { PageConsole } from '../../model/page-console.ts';
import { consoleWords } from '../../text/words/en/console.ts';
import { Card } from '../card.tsx';
import { CopyButton } from '../copy-button.tsx';

/** So near to its end, the output follows what is printed, pixels. */
const NEAR_END_PX = 40;

interface ConsoleProps {
  readonly model: PageConsole;
  /** What is being typed. */
  readonly line: Signal<string>;
}

export function ConsoleView({ model, line }: ConsoleProps) {
  const words = consoleWords();
  return (
    <Card id="console" title={words.title} note={words.note}>
      <Output model={model} />
      <CommandLine model={model} line={line} />
      <div class="actions">
        <CopyButton text={() => model.text} label={words.copyAll} />
        <button type="button" class="small quiet" onClick={() => model.clear()}>
          {words.clear}
        </button>
        {model.isRunning.value ? (
          <button type="button" class="small quiet" onClick={() => model.stop()}>
            {words.stop}
          </button>
        ) : null}
      </div>
    </Card>
  );
}

/** A table among the events scrolls like an answer's. */
function Line({ line }: { readonly line: ConsoleLine }) {
  const text = lineText(line);
  return (
    <div class={`console-${line.kind}${text.includes('\n') ? ' console-table' : ''}`}>
      {text}
      {'\n'}
    </div>
  );
}

function Output({ model }: { readonly model: PageConsole }) {
  const output = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const shown = useRef(0);
  const lines = model.lines.value;
  useLayoutEffect(() => {
    // Who enters a command wants to see its answer, wherever the output was scrolled to.
    const isAsked = lines.some(({ number, kind }) => number > shown.current && kind === 'command');
    shown.current = lines.at(-1)?.number ?? 0;
    if (output.current !== null && (isAtEnd.current || isAsked)) output.current.scrollTop = output.current.scrollHeight;
  }, [lines]);
  const scrolled = ({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: Event & ScrollTarget): void => {
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  };
  return (
    <div
      class="console-output"
      id="console-output"
      ref={output}
      role="log"
      aria-label={consoleWords().output}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      onScroll={scrolled}
    >
      {lines.map((line) => (
        <Line key={line.number} line={line} />
      ))}
    </div>
  );
}

interface ScrollTarget {
  readonly currentTarget: Pick<Element, 'scrollTop' | 'scrollHeight' | 'clientHeight'>;
}

function CommandLine({ model, line }: ConsoleProps) {
  const words = consoleWords();
  const enter = (event: Event): void => {
    event.preventDefault();
    if (model.isRunning.peek()) return;
    const entered = line.value;
    line.value = '';
    void model.run(entered);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      line.value = model.history.move(event.key === 'ArrowUp' ? -1 : 1, line.value);
    } else if (event.key === 'Tab' && line.value !== '') {
      line.value = model.complete(line.value);
    } else return; // an empty line lets Tab go on to what comes next on the page
    event.preventDefault();
  };
  return (
    <form class="one-line console-line" onSubmit={enter}>
      <label for="console-input">{words.command}</label>
      <input
        id="console-input"
        type="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        value={line.value}
        onInput={(event) => {
          line.value = event.currentTarget.value;
        }}
        onKeyDown={press}
      />
      <button type="submit" disabled={model.isRunning.value}>
        {words.run}
      </button>
    </form>
  );
}
