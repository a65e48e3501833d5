// How the page looks and speaks, in German.

import type { SettingsWords } from '../en/settings.ts';

export const settingsWords: SettingsWords = {
  title: 'Sprache und Farben',
  language: 'Sprache',
  languageOfBrowser: 'wie der Browser',
  colours: 'Farben',
  light: 'hell',
  dark: 'dunkel',
  system: 'wie das System',
};
