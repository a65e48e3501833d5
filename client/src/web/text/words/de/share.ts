// Share, as it is before anything has been shared, in German.

import type { ShareWords } from '../en/share.ts';

export const shareWords: ShareWords = {
  label: 'Dateien teilen',
  more: 'Weitere Dateien teilen',
  dropHow: 'Zieh Dateien oder Ordner irgendwohin, füge sie ein, oder {choose}',
  choose: 'wähle sie aus',
  promise: 'Hier verschlüsselt. Andere Tabs bewahren sie auf, du kannst deinen also schließen.',
  publicPromise:
    'Jeder in diesem Ring findet sie unter ihrem Namen. Andere Tabs bewahren sie auf, du kannst deinen also schließen.',
  folder: '{choose}, geteilt als ein Link',
  chooseFolder: 'Wähle einen Ordner',
  left: 'Dieser Tab hat den Ring verlassen: Tritt wieder bei, um Dateien zu teilen.',
  joinAgain: 'Wieder beitreten',
  chooseLabel: 'Dateien auswählen',
};
