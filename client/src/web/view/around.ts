// What is drawn round the places and not needed at once: loaded right behind the page.

import { Given } from './given-view.tsx';
import { Failed, Notices, Waiting } from './news-view.tsx';
import { Settings } from './settings.tsx';

export const AROUND = { Failed, Given, Notices, Waiting, Settings } as const;
