// How the page looks and speaks, in English.

import { wordsOf } from '../spoken.ts';

export const SETTINGS = {
  title: 'Language and colours',
  language: 'Language',
  languageOfBrowser: 'as the browser',
  colours: 'Colours',
  light: 'light',
  dark: 'dark',
  system: 'as the system',
};

export type SettingsWords = typeof SETTINGS;
export const settingsWords = wordsOf('settings', SETTINGS);
