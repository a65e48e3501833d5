// How the page speaks and looks: a button in the head, and what opens below it.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { COLOURS, type Colours, chooseColours, chosenColours } from '../colours.ts';
import { chooseLanguage, chosenLanguage, LANGUAGE_NAMES } from '../language-choice.ts';
import { CODES } from '../text/languages.ts';
import { settingsWords } from '../text/words/en/settings.ts';

export function Settings() {
  const words = settingsWords();
  const isOpen = useSignal(false);
  const all = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen.value) return undefined;
    const watch = new AbortController();
    const leave = ({ target }: Event): void => {
      if (target instanceof Node && all.current?.contains(target) !== true) isOpen.value = false;
    };
    const press = ({ key }: KeyboardEvent): void => {
      if (key !== 'Escape') return;
      isOpen.value = false;
      button.current?.focus();
    };
    window.addEventListener('pointerdown', leave, watch);
    window.addEventListener('focusin', leave, watch);
    window.addEventListener('keydown', press, watch);
    return () => watch.abort();
  }, [isOpen.value, isOpen]);
  return (
    <div class="settings" ref={all}>
      <button
        type="button"
        class="quiet settings-button"
        ref={button}
        aria-label={words.title}
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM3.5 9h17M3.5 15h17M12 3c-5 5-5 13 0 18c5-5 5-13 0-18" />
        </svg>
      </button>
      {isOpen.value ? (
        <div class="settings-menu card">
          <LanguageChoice />
          <ColoursChoice />
        </div>
      ) : null}
    </div>
  );
}

function LanguageChoice() {
  const words = settingsWords();
  return (
    <Choice
      id="language"
      label={words.language}
      value={chosenLanguage.value ?? ''}
      choose={(value) => chooseLanguage(CODES.find((code) => code === value))}
    >
      <option value="">{words.languageOfBrowser}</option>
      {CODES.map((code) => (
        <option key={code} value={code} lang={code}>
          {LANGUAGE_NAMES[code]}
        </option>
      ))}
    </Choice>
  );
}

function ColoursChoice() {
  const words = settingsWords();
  return (
    <Choice
      id="colours"
      label={words.colours}
      value={chosenColours.value ?? ''}
      choose={(value) => chooseColours(COLOURS.find((colours: Colours) => colours === value))}
    >
      <option value="">{words.system}</option>
      {COLOURS.map((colours) => (
        <option key={colours} value={colours}>
          {words[colours]}
        </option>
      ))}
    </Choice>
  );
}

interface ChoiceProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly choose: (value: string) => void;
  readonly children: ComponentChildren;
}

function Choice({ id, label, value, choose, children }: ChoiceProps) {
  return (
    <label for={id}>
      {label}
      <select id={id} value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {children}
      </select>
    </label>
  );
}
