// What is drawn round the places and not needed at once: loaded right behind the page.

import { GivenView } from './given-view.tsx';
import { Failed, Notices, Waiting } from './news-view.tsx';
import { Settings } from './settings.tsx';

export const AROUND = { Failed, GivenView, Notices, Waiting, Settings } as const;
